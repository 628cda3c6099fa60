//! `boljam new`: a copy of the shipped case or of another one, or the skeleton of a new one.

use std::fs;
use std::path::{Path, PathBuf};

use clap::Args;

use super::count::year;
use super::language::LangArgument;
use super::{BadInput, print};
use crate::archive::Staging;
use crate::case::{NewCase, Source, todo};
use crate::text::Language;

/// Write a case to start from: a copy of the Karaganda case, of another one, or a new one of your own towns.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  boljam new mycase                       a copy of the shipped case, to edit and to run\n  \
        boljam new plan_b --from mycase         a copy of another case\n  \
        boljam new north --towns rudnik,zavod --commodities nickel,copper --base-year 2023 --horizon 2040\n  \
        boljam check north --todo               what is to be filled in, line by line"
)]
pub(super) struct Arguments {
    /// New folder
    folder: PathBuf,
    /// Copy this case instead of the shipped one
    #[arg(
        long, value_name = "CASE",
        conflicts_with_all = ["towns", "commodities", "scenarios", "base_year", "horizon", "lang"]
    )]
    from: Option<PathBuf>,
    /// A new case of these towns: ids joined by commas
    #[arg(long, value_name = "ID,..", value_delimiter = ',')]
    towns: Vec<String>,
    /// Commodities that they live by, by id: coal, copper, iron_ore, lead, steel and zinc come with their prices
    #[arg(long, value_name = "ID,..", value_delimiter = ',')]
    commodities: Vec<String>,
    /// Futures, by id, from the least to the most ambitious (default: inertial,balanced,innovative,diversification)
    #[arg(long, value_name = "ID,..", value_delimiter = ',')]
    scenarios: Vec<String>,
    /// Last year of your data (default: the last year of the shipped prices)
    #[arg(long, value_name = "YEAR")]
    base_year: Option<String>,
    /// Last year to simulate (default: 15 years after the base year)
    #[arg(long, value_name = "YEAR")]
    horizon: Option<String>,
    #[command(flatten)]
    lang: LangArgument,
}

/// `boljam new`.
pub(super) fn new(arguments: &Arguments) -> anyhow::Result<()> {
    let folder = &arguments.folder;
    let taken = fs::read_dir(folder).map_or(folder.exists(), |mut entries| entries.next().is_some());
    if taken {
        return Err(BadInput(format!("{} exists and is not empty", folder.display())).into());
    }
    let source = match &arguments.from {
        Some(case) => other(case)?,
        None if arguments.is_plain() && arguments.lang.language() == Language::En => Source::embedded(),
        None => Source::skeleton(&arguments.request()?).map_err(|faults| report(&faults))?,
    };
    let staging = Staging::new(folder, false)?;
    for (name, text) in &source.files {
        staging.write(name, text)?;
    }
    staging.publish()?;
    let (count, name) = (source.files.len(), folder.display());
    let todo = todo(&source).len();
    let next = match plan(&source) {
        Some(plan) if todo == 0 => {
            format!("Edit a plan, such as {name}/{plan}, then: boljam run {name} --out edited")
        }
        _ if todo == 0 => format!("Edit it, then: boljam run {name} --out edited"),
        _ => format!(
            "{todo} places to fill in: boljam check {name} --todo\nIt runs as it is: boljam run {name} --out first"
        ),
    };
    print(&format!("{count} files in {name}\n{next}\n"))
}

impl Arguments {
    /// True where nothing is asked for but a copy of the shipped case.
    fn is_plain(&self) -> bool {
        let lists = [&self.towns, &self.commodities, &self.scenarios];
        lists.into_iter().all(Vec::is_empty) && self.base_year.is_none() && self.horizon.is_none()
    }

    /// What the options ask for; every fault of theirs at once.
    fn request(&self) -> anyhow::Result<NewCase> {
        let mut faults = Vec::new();
        let mut read = |option: &str, text: Option<&str>, usual: i32| {
            let Some(text) = text else { return usual };
            year(text).unwrap_or_else(|allowed| {
                faults.push(format!("{option} {}: {allowed}", text.escape_debug()));
                usual
            })
        };
        let base_year = read("--base-year", self.base_year.as_deref(), NewCase::base_years().1);
        let horizon = read("--horizon", self.horizon.as_deref(), NewCase::usual_horizon(base_year));
        let usual = NewCase::of(&[], &[]);
        let scenarios = if self.scenarios.is_empty() { usual.scenarios } else { self.scenarios.clone() };
        let request = NewCase {
            id: NewCase::id_of(&self.folder.file_name().unwrap_or_default().to_string_lossy()),
            towns: self.towns.clone(),
            commodities: self.commodities.clone(),
            scenarios,
            base_year,
            horizon,
            language: self.lang.language(),
        };
        faults.extend(request.faults());
        if faults.is_empty() { Ok(request) } else { Err(report(&faults)) }
    }
}

/// One report of every fault.
fn report(faults: &[String]) -> anyhow::Error {
    BadInput(faults.join("\n  ")).into()
}

/// The files of another case, whatever they say.
fn other(case: &Path) -> anyhow::Result<Source> {
    if !case.join("case.toml").is_file() {
        return Err(
            BadInput(format!("--from {}: no case folder (no case.toml in it)", case.display())).into()
        );
    }
    Ok(Source::folder(case)?)
}

/// A plan that can be edited: the last future's, in the order of case.toml.
fn plan(source: &Source) -> Option<String> {
    let case: toml::Table = source.files.get("case.toml")?.parse().ok()?;
    let last = case.get("scenarios")?.as_array()?.last()?.as_str()?;
    Some(format!("{last}.toml")).filter(|file| source.files.contains_key(file))
}
