//! How a result was made, as its reports say it.

use serde::{Deserialize, Serialize};

/// What a reader needs to make the result again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Provenance {
    /// Version of the program.
    pub version: String,
    /// Git commit of the program, or `unknown`.
    pub git: String,
    /// The command that makes the result again, from within its folder.
    pub command: String,
    /// Seed.
    pub seed: u64,
    /// Number of runs.
    pub runs: u64,
    /// SHA-256 of each input file.
    pub inputs: Vec<FileHash>,
}

/// A file and its hash.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FileHash {
    /// Name inside its folder, with forward slashes.
    pub file: String,
    /// SHA-256 of its bytes, in hexadecimal.
    pub sha256: String,
}

/// A provenance made up for tests.
#[cfg(test)]
pub(crate) fn example() -> Provenance {
    Provenance {
        version: "0.1.0".to_owned(),
        git: "unknown".to_owned(),
        command: "boljam run inputs --set drivers.wage.sigma=0.1 --out ../again".to_owned(),
        seed: 7,
        runs: 1000,
        inputs: vec![FileHash { file: "case.toml".to_owned(), sha256: "ba78".to_owned() }],
    }
}
