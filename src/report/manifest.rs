//! manifest.json: everything that is needed to make the same numbers again.

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::case::Case;

/// Format of result folders; it changes when their files do.
pub const FORMAT: u32 = 1;

/// What a result folder was made from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// [`FORMAT`] of the folder.
    pub format: u32,
    /// Version of the program.
    pub version: String,
    /// Git commit of the program, or `unknown`.
    pub git: String,
    /// Identifier of the case.
    pub case: String,
    /// Number of runs.
    pub runs: u64,
    /// Seed.
    pub seed: u64,
    /// Last simulated year.
    pub horizon: i32,
    /// Towns that were run.
    pub towns: Vec<String>,
    /// Scenarios that were run.
    pub scenarios: Vec<String>,
    /// What was drawn: `all`, `none`, or parts joined by `+`.
    pub uncertainty: String,
    /// Price stress that was laid on.
    pub stress: Option<String>,
    /// Values that were overridden, as given to `--set`.
    pub settings: Vec<String>,
    /// SHA-256 of each input file.
    pub inputs: Vec<InputHash>,
}

/// An input file and its hash.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct InputHash {
    /// Name inside the case folder.
    pub file: String,
    /// SHA-256 of its bytes, in hexadecimal.
    pub sha256: String,
}

/// Hashes of a case's files.
pub fn input_hashes(case: &Case) -> Vec<InputHash> {
    let hex = |text: &str| Sha256::digest(text.as_bytes()).iter().map(|b| format!("{b:02x}")).collect();
    case.files.iter().map(|f| InputHash { file: f.name.clone(), sha256: hex(&f.text) }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::case::Source;

    #[test]
    fn hashes_are_sha256() {
        let mut case = Case::load(&Source::embedded(), &[]).unwrap();
        case.files.truncate(1);
        case.files[0].text = "abc".to_owned();
        // The test vector of FIPS 180-2.
        let expected = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        assert_eq!(input_hashes(&case)[0].sha256, expected);
    }
}
