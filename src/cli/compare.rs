//! `boljam compare`: what an edited plan or parameter changes, run by run.

use std::path::{Path, PathBuf};

use clap::Args;

use super::assess::FormatName;
use super::language::LangArgument;
use super::{BadInput, note_build, print, progress};
use crate::analyse::compare::{self, Side, Wanted};
use crate::archive::{self, Recipe};
use crate::model::{Model, Quantity, places};
use crate::report::assessment::Format;
use crate::report::comparison::Comparison;
use crate::report::input_changes::input_changes;
use crate::report::names::Names;

/// Compare two result folders.
#[derive(Debug, Args)]
#[command(after_help = "\
Both cases are run again from the inputs kept in their folders, on the same draws, so that a difference is \
that of the edit and not of luck. Where the seeds differ this cannot be: the error is then that of independent \
runs, and small effects drown in it.

Examples:
  boljam compare results edited
  boljam compare results edited --quantities wage,budget
  boljam compare results stressed --year 2028 --towns temirtau --scenarios inertial
  boljam compare results edited --format csv > effect.csv")]
pub(super) struct Arguments {
    /// First result folder
    #[arg(value_name = "DIR1")]
    a: PathBuf,
    /// Second result folder
    #[arg(value_name = "DIR2")]
    b: PathBuf,
    /// How to write it
    #[arg(long, value_enum, default_value = "table")]
    format: FormatName,
    /// Quantities to compare, by id, joined by commas (default: those compared with the reference); shares of
    /// the lead and outcomes are always compared
    #[arg(long, value_delimiter = ',', value_name = "A,B")]
    quantities: Vec<String>,
    /// Towns to compare, by id, joined by commas (default: those of both)
    #[arg(long, value_delimiter = ',', value_name = "A,B")]
    towns: Vec<String>,
    /// Scenarios to compare, by id, joined by commas (default: those of both)
    #[arg(long, value_delimiter = ',', value_name = "A,B")]
    scenarios: Vec<String>,
    /// Year to compare (default: the last one of both)
    #[arg(long, value_parser = super::count::year)]
    year: Option<i32>,
    #[command(flatten)]
    lang: LangArgument,
}

/// What a result folder was made from, its case compiled.
struct Folder {
    name: String,
    recipe: Recipe,
    model: Model,
}

impl Folder {
    fn read(path: &Path) -> anyhow::Result<Self> {
        let archived = archive::open(path)?;
        note_build(&archived);
        let (name, recipe) = (path.display().to_string(), archived.recipe);
        Ok(Self { name, model: Model::compile(&recipe.case, &recipe.options)?, recipe })
    }
}

/// `boljam compare`.
pub(super) fn compare(arguments: &Arguments) -> anyhow::Result<()> {
    let (a, b) = (Folder::read(&arguments.a)?, Folder::read(&arguments.b)?);
    places("quantity", &arguments.quantities, a.model.quantities.iter().map(|q| q.id.as_str()))?;
    places("town", &arguments.towns, a.recipe.case.towns.iter().map(|t| t.id.as_str()))?;
    places("scenario", &arguments.scenarios, a.recipe.case.scenarios.iter().map(|s| s.id.as_str()))?;
    let asked = &arguments.quantities;
    let quantity = |q: &Quantity| if asked.is_empty() { q.paired } else { asked.contains(&q.id) };
    let is_asked = |ids: &[String], id: &str| ids.is_empty() || ids.iter().any(|asked| asked == id);
    let future = |town: &str, scenario: &str| {
        is_asked(&arguments.towns, town) && is_asked(&arguments.scenarios, scenario)
    };
    let wanted = Wanted { quantity: &quantity, future: &future };
    let sides = [&a, &b].map(|f| Side { case: &f.recipe.case, model: &f.model });
    compare::in_common(&sides[0], &sides[1]).map_err(|nothing| BadInput(nothing.to_string()))?;
    let year = year(arguments.year, &a, &b)?;
    let runs = a.recipe.manifest.runs.min(b.recipe.manifest.runs);
    let bar = progress::bar(runs);
    let tell = |done| bar.set_position(done);
    let differences = compare::compare(&sides[0], &sides[1], year, &wanted, runs, &tell);
    bar.finish_and_clear();
    let mut differing = a.recipe.manifest.differences(&b.recipe.manifest);
    differing.extend(input_changes(&a.recipe.case.files, &b.recipe.case.files));
    let comparison = Comparison {
        names: [&a, &b].map(|f| f.name.clone()),
        year,
        runs,
        paired: a.recipe.manifest.seed == b.recipe.manifest.seed,
        changes: differing,
        differences: &differences,
    };
    print(&match arguments.format.format() {
        Format::Table => comparison.table(Names { case: &a.recipe.case, text: &arguments.lang.text() }),
        Format::Csv => comparison.csv(),
        Format::Json => serde_json::to_string_pretty(&differences)? + "\n",
    })
}

/// The year asked for, or the last one, if both were run to it.
fn year(asked: Option<i32>, a: &Folder, b: &Folder) -> Result<i32, BadInput> {
    let first = a.recipe.case.base_year.max(b.recipe.case.base_year);
    let last = a.recipe.options.horizon.min(b.recipe.options.horizon);
    let year = asked.unwrap_or(last);
    if (first..=last).contains(&year) {
        Ok(year)
    } else {
        Err(BadInput(format!("--year {year}: both folders have the years from {first} to {last}")))
    }
}
