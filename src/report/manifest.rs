//! manifest.json: everything that is needed to make the same numbers again.

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::analyse::UndefinedQuantity;
use crate::case::Case;

/// Format of result folders; it changes when their files do.
pub const FORMAT: u32 = 2;

/// What a result folder was made from.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
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
    /// Number of runs; of the whole ensemble where the folder holds a shard of it.
    pub runs: u64,
    /// Figures whose errors were to end the runs, as given to `--precision`.
    pub precision: Vec<String>,
    /// How that came out; none where no precision was asked for.
    pub stopped: Option<Stopped>,
    /// What was undefined in some of the runs.
    #[serde(default)]
    pub undefined: Vec<UndefinedRuns>,
    /// The part of the ensemble that the folder holds; none for all of it.
    pub shard: Option<Shard>,
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
    /// What was kept of every run, as given to `--keep-runs`.
    pub keep_runs: Vec<String>,
    /// Language of the report and the figures: `en`, `kk`, `ru`.
    pub language: String,
    /// SHA-256 of each input file.
    pub inputs: Vec<InputHash>,
}

/// Where and why the runs ended.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Stopped {
    /// Largest number of runs that was allowed.
    pub at_most: u64,
    /// True when every error was small enough, false when the runs ended before.
    pub precise: bool,
    /// Monte Carlo standard error of each figure at the end.
    pub errors: Vec<f64>,
}

/// A quantity, or the condition of an outcome, that was undefined in some of the runs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct UndefinedRuns {
    /// Identifier of the town.
    pub town: String,
    /// Identifier of the quantity or of the outcome.
    pub quantity: String,
    /// In how many cases, over runs, years and scenarios; 0 where a sum went beyond its range.
    pub cases: u64,
    /// How many cases there are in all.
    pub of: u64,
    /// Where it happened first: run, scenario and year.
    pub first: Option<(u64, String, i32)>,
}

impl From<&UndefinedQuantity> for UndefinedRuns {
    fn from(undefined: &UndefinedQuantity) -> Self {
        let UndefinedQuantity { town, quantity, cases, of, first } = undefined.clone();
        Self { town, quantity, cases, of, first }
    }
}

/// One of several parts of an ensemble.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Shard {
    /// Number of the part, from 1.
    pub number: u64,
    /// Number of parts.
    pub of: u64,
}

impl std::fmt::Display for Shard {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "{}/{}", self.number, self.of)
    }
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

impl Manifest {
    /// The command that makes the result again from a case folder.
    pub fn command(&self, case: &str, out: &str) -> String {
        let mut words = vec!["boljam run".to_owned(), quoted(case)];
        let options = [
            ("runs", self.stopped.as_ref().map_or(self.runs, |s| s.at_most).to_string()),
            ("seed", self.seed.to_string()),
            ("horizon", self.horizon.to_string()),
            ("towns", self.towns.join(",")),
            ("scenarios", self.scenarios.join(",")),
            ("uncertainty", self.uncertainty.clone()),
        ];
        let stress = self.stress.iter().map(|s| ("stress", s.clone()));
        let set = self.settings.iter().map(|s| ("set", s.clone()));
        let precision = self.precision.iter().map(|p| ("precision", p.clone()));
        let shard = self.shard.iter().map(|s| ("shard", s.to_string()));
        let keep = (!self.keep_runs.is_empty()).then(|| ("keep-runs", self.keep_runs.join(",")));
        let language = (self.language != "en").then(|| ("lang", self.language.clone()));
        let more = stress.chain(set).chain(precision).chain(shard).chain(keep).chain(language);
        for (option, value) in options.into_iter().chain(more) {
            words.push(format!("--{option} {}", quoted(&value)));
        }
        words.push(format!("--out {}", quoted(out)));
        words.join(" ")
    }

    /// The text of manifest.json.
    pub fn to_json(&self) -> String {
        // Plain data always serialises.
        serde_json::to_string_pretty(self).unwrap_or_default() + "\n"
    }

    /// Hash of all that runs depend on, but for the program and how many there are: the same for the parts of
    /// one ensemble, and for nothing else.
    pub fn key(&self) -> [u8; 32] {
        let of_runs = Self {
            format: 0,
            version: String::new(),
            git: String::new(),
            runs: 0,
            precision: Vec::new(),
            stopped: None,
            undefined: Vec::new(),
            shard: None,
            keep_runs: Vec::new(),
            language: String::new(),
            ..self.clone()
        };
        // Plain data always serialises.
        Sha256::digest(serde_json::to_vec(&of_runs).unwrap_or_default()).into()
    }

    /// True when this very program wrote it.
    pub fn is_of_this_program(&self) -> bool {
        self.version == env!("CARGO_PKG_VERSION") && self.git == env!("BOLJAM_GIT")
    }
}

/// An argument as a shell reads it back.
fn quoted(argument: &str) -> String {
    let plain = |c: char| c.is_alphanumeric() || "._-=+,/:".contains(c);
    if argument.chars().all(plain) {
        argument.to_owned()
    } else {
        format!("'{}'", argument.replace('\'', "'\\''"))
    }
}

/// A manifest made up for tests.
#[cfg(test)]
pub(crate) fn example() -> Manifest {
    Manifest {
        format: FORMAT,
        version: "0.1.0".to_owned(),
        git: "unknown".to_owned(),
        case: "steppe".to_owned(),
        runs: 1000,
        precision: Vec::new(),
        stopped: None,
        undefined: Vec::new(),
        shard: None,
        seed: 7,
        horizon: 2035,
        towns: vec!["aksu".to_owned()],
        scenarios: vec!["steady".to_owned(), "bold".to_owned()],
        uncertainty: "all".to_owned(),
        stress: None,
        settings: vec!["drivers.wage.sigma=0.1".to_owned()],
        keep_runs: Vec::new(),
        language: "en".to_owned(),
        inputs: vec![InputHash { file: "case.toml".to_owned(), sha256: "ba78".to_owned() }],
    }
}

/// Hashes of a case's files.
pub fn input_hashes(case: &Case) -> Vec<InputHash> {
    let hex = |text: &str| {
        let digest = Sha256::digest(text.as_bytes());
        let digits = digest.iter().flat_map(|byte| [byte >> 4, byte & 15]);
        digits.filter_map(|digit| char::from_digit(digit.into(), 16)).collect()
    };
    case.files.iter().map(|f| InputHash { file: f.name.clone(), sha256: hex(&f.text) }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::case::Source;

    #[test]
    fn a_manifest_reads_back_as_it_was_written() {
        let json = serde_json::to_string_pretty(&example()).unwrap();
        assert_eq!(serde_json::from_str::<Manifest>(&json).unwrap(), example());
        let newer = json.replace("\"runs\"", "\"walks\"");
        assert!(serde_json::from_str::<Manifest>(&newer).is_err());
    }

    #[test]
    fn the_command_repeats_every_choice() {
        let mut manifest = example();
        manifest.settings.push("method.TDea.label=it's".to_owned());
        manifest.stress = Some("crash".to_owned());
        let precise = manifest.command("inputs", "again");
        manifest.precision = vec!["aksu.bold.2035.wage=0.5".to_owned()];
        manifest.stopped = Some(Stopped { at_most: 99_000, precise: true, errors: vec![0.4] });
        manifest.keep_runs = vec!["wage@2035".to_owned(), "lead.bold@2030".to_owned()];
        manifest.language = "kk".to_owned();
        let all = manifest.command("inputs", "again");
        assert!(all.contains("--runs 99000 ") && all.contains(" --precision aksu.bold.2035.wage=0.5 "));
        assert!(all.contains(" --keep-runs 'wage@2035,lead.bold@2030' --lang kk --out again"), "{all}");
        manifest = Manifest { settings: manifest.settings, stress: manifest.stress, ..example() };
        assert_eq!(manifest.command("inputs", "again"), precise);
        assert_eq!(
            manifest.command("inputs", "again"),
            "boljam run inputs --runs 1000 --seed 7 --horizon 2035 --towns aksu --scenarios steady,bold \
             --uncertainty all --stress crash --set drivers.wage.sigma=0.1 --set 'method.TDea.label=it'\\''s' \
             --out again"
        );
    }

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
