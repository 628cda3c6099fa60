//! manifest.json: everything that is needed to make the same numbers again.

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use std::fs;
use std::path::Path;

use super::belongings::sha256;
use super::error::ArchiveError;
use super::shard::Shard;
use crate::analyse::UndefinedQuantity;
use crate::case::Case;
use crate::model::{Options, Origin};
use crate::report::provenance::{FileHash, Provenance};
use crate::text::{Language, Text};

/// Format of result folders; it changes when their files do.
pub const FORMAT: u32 = 3;

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
    /// From where it looks ahead: `base` or `known`.
    #[serde(default = "from_base", skip_serializing_if = "is_base")]
    pub from: String,
    /// Price stress that was laid on.
    pub stress: Option<String>,
    /// Values that were overridden, as given to `--set`.
    pub settings: Vec<String>,
    /// What was kept of every run, as given to `--keep-runs`.
    pub keep_runs: Vec<String>,
    /// Language of the report and the figures: `en`, `kk`, `ru`.
    pub language: String,
    /// SHA-256 of each input file.
    pub inputs: Vec<FileHash>,
    /// SHA-256 of each file that boljam wrote into the folder, but for this one: only these it ever replaces.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub files: Vec<FileHash>,
}

/// What a manifest that does not say looked ahead from.
fn from_base() -> String {
    Origin::Base.name().to_owned()
}

fn is_base(from: &str) -> bool {
    from == Origin::Base.name()
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

impl Manifest {
    /// The manifest of so many runs of a case, in English; `settings` as they were given.
    pub fn new(case: &Case, options: &Options, settings: &[String], runs: u64) -> Self {
        Self {
            format: FORMAT,
            version: env!("CARGO_PKG_VERSION").to_owned(),
            git: env!("BOLJAM_GIT").to_owned(),
            case: case.id.clone(),
            runs,
            precision: Vec::new(),
            stopped: None,
            undefined: Vec::new(),
            shard: None,
            seed: options.seed,
            horizon: options.horizon,
            towns: options.towns.iter().map(|t| case.towns[*t].id.clone()).collect(),
            scenarios: options.scenarios.iter().map(|s| case.scenarios[*s].id.clone()).collect(),
            uncertainty: options.uncertainty.name(),
            from: options.origin.name().to_owned(),
            stress: options.stress.map(|s| case.stresses[s].id.clone()),
            settings: settings.to_vec(),
            keep_runs: Vec::new(),
            language: "en".to_owned(),
            inputs: input_hashes(case),
            files: Vec::new(),
        }
    }

    /// Reads the manifest of a folder.
    ///
    /// # Errors
    /// [`ArchiveError::Unsound`] when there is none, or one of another format.
    pub fn read(folder: &Path) -> Result<Self, ArchiveError> {
        let path = folder.join("manifest.json");
        let bad = |message: String| ArchiveError::unsound(&path, message);
        let json = fs::read_to_string(&path).map_err(|e| match e.kind() {
            _ if !folder.exists() => ArchiveError::unsound(folder, "no such folder".to_owned()),
            std::io::ErrorKind::NotFound => bad("is not there: this is no result folder".to_owned()),
            _ => bad(e.to_string()),
        })?;
        check_format(&json).map_err(bad)?;
        serde_json::from_str(&json).map_err(|e| bad(e.to_string()))
    }

    /// The catalogue of its language; English for a language that is not known.
    pub fn text(&self) -> Text {
        let known = Language::ALL.into_iter().find(|language| language.code() == self.language);
        Text::of(known.unwrap_or(Language::En))
    }

    /// What a report says of how the result was made.
    pub fn provenance(&self) -> Provenance {
        Provenance {
            version: self.version.clone(),
            git: self.git.clone(),
            command: self.command("inputs", "../again"),
            seed: self.seed,
            runs: self.runs,
            inputs: self.inputs.clone(),
        }
    }

    /// How the options and settings of another result differ, a line each: `-` these, `+` the other's.
    pub fn differences(&self, other: &Self) -> Vec<String> {
        let options = |m: &Self| {
            [
                ("runs", m.runs.to_string()),
                ("seed", m.seed.to_string()),
                ("horizon", m.horizon.to_string()),
                ("towns", m.towns.join(",")),
                ("scenarios", m.scenarios.join(",")),
                ("uncertainty", m.uncertainty.clone()),
                ("from", m.from.clone()),
                ("stress", m.stress.clone().unwrap_or_else(|| "none".to_owned())),
            ]
        };
        let mut said = Vec::new();
        for ((name, was), (_, is)) in options(self).iter().zip(&options(other)) {
            if was != is {
                said.extend([format!("- --{name} {was}"), format!("+ --{name} {is}")]);
            }
        }
        for (sign, these, others) in [('-', self, other), ('+', other, self)] {
            let only = these.settings.iter().filter(|s| !others.settings.contains(s));
            said.extend(only.map(|s| format!("{sign} --set {s}")));
        }
        said
    }

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
            ("from", self.from.clone()),
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
            files: Vec::new(),
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

/// Looks at the format before anything else: the fields of another format are other fields.
fn check_format(json: &str) -> Result<(), String> {
    #[derive(serde::Deserialize)]
    struct Head {
        format: u32,
    }
    let Head { format } = serde_json::from_str(json).map_err(|e| e.to_string())?;
    if format == FORMAT {
        Ok(())
    } else {
        Err(format!("format {format}, but this program reads format {FORMAT}; run it again"))
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
        from: "known".to_owned(),
        stress: None,
        settings: vec!["drivers.wage.sigma=0.1".to_owned()],
        keep_runs: Vec::new(),
        language: "en".to_owned(),
        inputs: vec![FileHash { file: "case.toml".to_owned(), sha256: "ba78".to_owned() }],
        files: Vec::new(),
    }
}

/// Hashes of a case's files.
pub fn input_hashes(case: &Case) -> Vec<FileHash> {
    let hash = |text: &str| sha256(text.as_bytes());
    case.files.iter().map(|f| FileHash { file: f.name.clone(), sha256: hash(&f.text) }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

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
             --uncertainty all --from known --stress crash --set drivers.wage.sigma=0.1 --set 'method.TDea.label=it'\\''s' \
             --out again"
        );
    }
}
