//! Loading cases, choosing towns and scenarios; `boljam check`.

use std::path::{Path, PathBuf};

use clap::Args;

use super::language::LangArgument;
use super::{BadInput, print};
use crate::case::{Case, Setting, Source};
use crate::model::{Options, Uncertainty};
use crate::report::words;

/// Check a case.
#[derive(Debug, Args)]
#[command(after_help = "Example: boljam check mycase")]
pub(super) struct CheckArguments {
    /// Case folder
    case: PathBuf,
    #[command(flatten)]
    lang: LangArgument,
}

/// The case and the options that several commands have in common.
#[derive(Debug, Args)]
pub(super) struct CaseArguments {
    /// Case folder (default: the Karaganda case, which is part of the program)
    pub(super) case: Option<PathBuf>,
    /// Override a value of the case, such as drivers.unemployment.sigma=0.1; can be repeated
    #[arg(long = "set", value_name = "KEY=VALUE")]
    pub(super) set: Vec<String>,
    /// Seed (default: the case's)
    #[arg(long)]
    pub(super) seed: Option<u64>,
    /// Last year (default: the case's)
    #[arg(long, value_name = "YEAR")]
    pub(super) horizon: Option<i32>,
    /// Towns, by id, joined by commas (default: all)
    #[arg(long, value_delimiter = ',')]
    pub(super) towns: Vec<String>,
    /// Scenarios, by id, joined by commas (default: all)
    #[arg(long, value_delimiter = ',')]
    pub(super) scenarios: Vec<String>,
    /// What is drawn: all, none, or plan, inputs, shocks joined by +
    #[arg(long, default_value = "all")]
    pub(super) uncertainty: String,
    /// Price stress of the case to lay on, by id
    #[arg(long)]
    pub(super) stress: Option<String>,
}

/// Loads a folder, or the embedded case.
pub(super) fn load(folder: Option<&Path>, settings: &[String]) -> anyhow::Result<Case> {
    let source = match folder {
        Some(folder) => Source::folder(folder)?,
        None => Source::embedded(),
    };
    let parse = |s: &String| Setting::parse(s).map_err(|e| BadInput(format!("--set {e}")));
    let settings = settings.iter().map(parse).collect::<Result<Vec<_>, _>>()?;
    Ok(Case::load(&source, &settings)?)
}

impl CaseArguments {
    /// Loads the case and turns the arguments into options.
    pub(super) fn load(&self) -> anyhow::Result<(Case, Options)> {
        let case = load(self.case.as_deref(), &self.set)?;
        let select = Options::select(&case, &self.towns, &self.scenarios, self.stress.as_deref())?;
        let unknown = || {
            let asked = &self.uncertainty;
            BadInput(format!("--uncertainty {asked}: all, none, or plan, inputs, shocks joined by +"))
        };
        let options = Options {
            seed: self.seed.unwrap_or(case.seed),
            horizon: self.horizon.unwrap_or(case.horizon),
            uncertainty: Uncertainty::parse(&self.uncertainty).ok_or_else(unknown)?,
            ..select
        };
        let (first, last) = (case.base_year + 1, case.base_year + 200);
        if !(first..=last).contains(&options.horizon) {
            let horizon = options.horizon;
            return Err(BadInput(format!("--horizon {horizon}: a year from {first} to {last}")).into());
        }
        Ok((case, options))
    }
}

/// `boljam check`.
pub(super) fn check(arguments: &CheckArguments) -> anyhow::Result<()> {
    let case = load(Some(&arguments.case), &[])?;
    let text = arguments.lang.text();
    let count = |n: usize| n.to_string();
    let (towns, scenarios) = (count(case.towns.len()), count(case.scenarios.len()));
    let (drivers, commodities) = (count(case.drivers.len()), count(case.commodities.len()));
    let values = [
        ("case", case.id.as_str()),
        ("towns", &towns),
        ("scenarios", &scenarios),
        ("drivers", &drivers),
        ("commodities", &commodities),
    ];
    let mut out = text.fill("check.good", &values) + "\n";
    for notice in words::notices(&case, None, &text) {
        out.push_str(&notice);
        out.push('\n');
    }
    print(&out)
}
