//! What `boljam stress` is asked.

use std::path::{Path, PathBuf};

use clap::Args;

use crate::case::{Case, Stress};
use crate::cli::BadInput;
use crate::cli::assess::FormatName;
use crate::cli::case::CaseArguments;
use crate::cli::language::LangArgument;
use crate::experiment::stress::{Companion, plausibility, with_companions};
use crate::model::{Model, Options};
use crate::report::stress::Asked;

/// Runs for the tail probability, at most.
const TAIL_RUNS: u64 = 20_000;

/// Lay shocks on the same runs and tell what they do.
#[derive(Debug, Args)]
#[command(after_help = "\
A shock in one line: COMMODITY=CHANGE%@YEAR[:years=N][:fade=HALF_LIFE], plan.DRIVER=CHANGE%@YEAR.., event.ID@YEAR; + joins. \
Commodities that are not named move along by the correlations of the price law, unless --alone. The folder holds \
effects.csv, recovery.csv, tail.csv, worst_runs.csv, plausibility.csv, shocks.csv, stress.md and pictures (docs/stress.md).

Examples:
  boljam stress --shock 'copper=-40%@2027:years=2:fade=3'
  boljam stress --shock 'copper=-40%@2027+coal=-20%@2028' --shock event.accident@2028 --out stressed
  boljam stress --stress copper_1997 --stress bust_2011+pandemic_2020 --towns balkhash,temirtau --out busts
  boljam stress mycase --stress my_stress.toml --alone --format csv > short.csv
  boljam stress --shock 'plan.investment=-30%@2028:years=3' --lang kk --out cut
  boljam stress --reverse 'distress = 1 in 20%' --with copper,coal --out falls
  boljam stress --reverse 'balkhash.lead != innovative' --course 2028:years=3")]
pub(in crate::cli) struct Arguments {
    /// Case folder (default: the Karaganda case, which is part of the program)
    pub(super) case: Option<PathBuf>,
    /// A shock in one line; can be repeated, side by side
    #[arg(long = "shock", value_name = "SHOCK")]
    pub(super) shocks: Vec<String>,
    /// A stress of the case by id, or a file like those in stress/; + joins; can be repeated, side by side
    #[arg(long = "stress", value_name = "ID|FILE")]
    pub(super) stresses: Vec<String>,
    /// Find the smallest fall that brings a condition about, per town and scenario:
    /// [town.][scenario.][year.]quantity op value [and|or ..] [in p%] (half of the runs if it does not say)
    #[arg(long, value_name = "CONDITION", conflicts_with_all = ["shocks", "stresses"])]
    pub(super) reverse: Option<String>,
    /// Commodities whose fall is tried, each by itself, joined by commas (default: the largest of each town's mix)
    #[arg(long, value_name = "LIST", value_delimiter = ',', requires = "reverse")]
    pub(super) with: Vec<String>,
    /// When the falls of --reverse come, as in a shock: YEAR[:years=N][:fade=H]
    /// (default: from the year after the first that is drawn, for two years, fading with a half-life of three)
    #[arg(long, value_name = "COURSE", requires = "reverse")]
    pub(super) course: Option<String>,
    /// Leave commodities that are not named as they are
    #[arg(long)]
    pub(super) alone: bool,
    /// Folder to write
    #[arg(long, value_name = "DIR")]
    pub(super) out: Option<PathBuf>,
    /// Replace an earlier result there
    #[arg(long)]
    pub(super) force: bool,
    /// Runs with each stress, and as many without (default: 10,000; with --reverse 1,024 of each size)
    #[arg(long, value_parser = super::super::count::count(2..=100_000_000))]
    pub(super) runs: Option<u64>,
    /// How the short table is printed
    #[arg(long, value_enum, default_value = "table")]
    pub(super) format: FormatName,
    /// Override a value of the case, such as drivers.unemployment.sigma=0.1; can be repeated
    #[arg(long = "set", value_name = "KEY=VALUE")]
    pub(super) set: Vec<String>,
    /// Seed (default: the case's)
    #[arg(long)]
    pub(super) seed: Option<u64>,
    /// Last year (default: the case's)
    #[arg(long, value_name = "YEAR", value_parser = super::super::count::year)]
    pub(super) horizon: Option<i32>,
    /// Towns, by id, joined by commas (default: all)
    #[arg(long, value_delimiter = ',')]
    pub(super) towns: Vec<String>,
    /// Scenarios, by id, joined by commas (default: all)
    #[arg(long, value_delimiter = ',')]
    pub(super) scenarios: Vec<String>,
    /// What is drawn: none, all (plan+inputs+shocks), all+parameters, or some of these four joined by +
    #[arg(long, default_value = "all")]
    pub(super) uncertainty: String,
    /// Look ahead from the end of what the case knows (known) or from the base year (base)
    #[arg(long, value_name = "base|known")]
    pub(super) from: Option<String>,
    /// Number of threads (default: one a core)
    #[arg(long, value_parser = clap::value_parser!(u16).range(1..=1024))]
    pub(super) threads: Option<u16>,
    #[command(flatten)]
    pub(super) lang: LangArgument,
}

impl Arguments {
    pub(super) fn runs(&self) -> u64 {
        self.runs.unwrap_or(if self.reverse.is_some() { 1024 } else { 10_000 })
    }

    /// What other commands have, without a stress on both sides.
    pub(super) fn case_arguments(&self) -> CaseArguments {
        CaseArguments {
            case: self.case.clone(),
            set: self.set.clone(),
            seed: self.seed,
            horizon: self.horizon,
            towns: self.towns.clone(),
            scenarios: self.scenarios.clone(),
            uncertainty: self.uncertainty.clone(),
            from: self.from.clone(),
            stress: None,
        }
    }

    /// The stresses that are asked for; every fault of them in one report.
    pub(super) fn asked(&self, case: &Case, options: &Options) -> Result<Vec<Stress>, BadInput> {
        let mut faults = Vec::new();
        let mut stresses = Vec::new();
        for text in &self.shocks {
            match Stress::parse(case, options.horizon, text) {
                Ok(stress) => stresses.push(stress),
                Err(bad) => faults.extend(bad.0.into_iter().map(|fault| format!("--shock {fault}"))),
            }
        }
        for word in &self.stresses {
            let mut parts = Vec::new();
            for part in word.split('+') {
                match named(case, part.trim()) {
                    Ok(stress) => parts.push(stress),
                    Err(messages) => faults.extend(messages),
                }
            }
            let stress = if parts.len() == 1 { parts.remove(0) } else { Stress::join(&parts) };
            let (first, last) = (case.base_year + 1, options.horizon);
            if !parts.is_empty() && !stress.acts_between(first, last) {
                faults.push(format!("--stress {word}: changes nothing from {first} to the horizon {last}"));
            }
            stresses.push(stress);
        }
        if stresses.is_empty() && faults.is_empty() {
            let known: Vec<&str> = case.stresses.iter().map(|s| s.id.as_str()).collect();
            let known = known.join(", ");
            faults.push(format!(
                "no stress: --shock SHOCK or --stress ID|FILE (stresses of the case: {known})"
            ));
        }
        for (k, stress) in stresses.iter().enumerate() {
            if stresses[..k].iter().any(|other| other.id == stress.id) {
                faults.push(format!("'{}' is asked for twice", stress.id));
            }
        }
        match faults.as_slice() {
            [] => Ok(stresses),
            [one] => Err(BadInput(one.clone())),
            many => Err(BadInput(format!("{} faults\n  {}", many.len(), many.join("\n  ")))),
        }
    }

    /// A stress with what moves along, unless nothing is to.
    pub(super) fn along(&self, case: &Case, options: &Options, stress: &Stress) -> (Stress, Vec<Companion>) {
        if self.alone {
            return (stress.clone(), Vec::new());
        }
        with_companions(case, stress, (case.base_year + 1, options.horizon))
    }

    pub(super) fn prepare(&self, (case, model): (&Case, &Model), stress: &Stress) -> Asked {
        let companions = self.along(case, &model.options, stress).1;
        let plausibility = plausibility(case, model, stress, self.runs().min(TAIL_RUNS));
        Asked { stress: stress.clone(), companions, plausibility }
    }
}

/// A stress of the case, or a file.
fn named(case: &Case, word: &str) -> Result<Stress, Vec<String>> {
    if let Some(stress) = case.stresses.iter().find(|s| s.id == word) {
        return Ok(stress.clone());
    }
    let path = Path::new(word);
    if path.extension().is_none_or(|e| e != "toml") {
        let known: Vec<&str> = case.stresses.iter().map(|s| s.id.as_str()).collect();
        let known = known.join(", ");
        return Err(vec![format!(
            "--stress: no stress '{word}' in the case (known: {known}; or a .toml file)"
        )]);
    }
    let text = std::fs::read_to_string(path).map_err(|error| vec![format!("--stress {word}: {error}")])?;
    let id = path.file_stem().map_or_else(|| word.to_owned(), |stem| stem.to_string_lossy().into_owned());
    Stress::read(case, word, &id, &text).map_err(|faults| faults.0.iter().map(ToString::to_string).collect())
}
