//! `boljam compare`: what an edited plan or parameter changes, run by run.

use std::path::{Path, PathBuf};

use clap::Args;

use super::assess::FormatName;
use super::case::choose;
use super::language::LangArgument;
use super::saved::Saved;
use super::{BadInput, print, progress};
use crate::analyse::compare::{self, Side};
use crate::model::{Model, Quantity};
use crate::report::assessment::Format;
use crate::report::comparison::Comparison;
use crate::report::input_changes::input_changes;
use crate::report::manifest::Manifest;
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
  boljam compare results stressed --year 2028
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
    /// the lead are always compared
    #[arg(long, value_delimiter = ',', value_name = "A,B")]
    quantities: Vec<String>,
    /// Year to compare (default: the last one of both)
    #[arg(long)]
    year: Option<i32>,
    #[command(flatten)]
    lang: LangArgument,
}

/// A result folder and its case, compiled.
struct Folder {
    saved: Saved,
    model: Model,
}

impl Folder {
    fn read(path: &Path) -> anyhow::Result<Self> {
        let saved = Saved::open(path)?;
        saved.note_version();
        Ok(Self { model: Model::compile(&saved.case, &saved.options)?, saved })
    }
}

/// `boljam compare`.
pub(super) fn compare(arguments: &Arguments) -> anyhow::Result<()> {
    let (a, b) = (Folder::read(&arguments.a)?, Folder::read(&arguments.b)?);
    let known: Vec<&str> = a.model.quantities.iter().map(|q| q.id.as_str()).collect();
    choose("quantity", &arguments.quantities, &known)?;
    let asked = &arguments.quantities;
    let wanted = |q: &Quantity| if asked.is_empty() { q.paired } else { asked.contains(&q.id) };
    let sides = [&a, &b].map(|f| Side { case: &f.saved.case, model: &f.model });
    compare::in_common(&sides[0], &sides[1]).map_err(|nothing| BadInput(nothing.to_string()))?;
    let year = year(arguments.year, &a, &b)?;
    let runs = a.saved.manifest.runs.min(b.saved.manifest.runs);
    let bar = progress::bar(runs);
    let tell = |done| bar.set_position(done);
    let differences = compare::compare(&sides[0], &sides[1], year, &wanted, runs, &tell);
    bar.finish_and_clear();
    let comparison = Comparison {
        names: [&a, &b].map(|f| f.saved.path.display().to_string()),
        year,
        runs,
        paired: a.saved.manifest.seed == b.saved.manifest.seed,
        changes: changed(&a, &b),
        differences: &differences,
    };
    print(&match arguments.format.format() {
        Format::Table => comparison.table(Names { case: &a.saved.case, text: &arguments.lang.text() }),
        Format::Csv => comparison.csv(),
        Format::Json => serde_json::to_string_pretty(&differences)? + "\n",
    })
}

/// The year asked for, or the last one, if both were run to it.
fn year(asked: Option<i32>, a: &Folder, b: &Folder) -> Result<i32, BadInput> {
    let first = a.saved.case.base_year.max(b.saved.case.base_year);
    let last = a.saved.manifest.horizon.min(b.saved.manifest.horizon);
    let year = asked.unwrap_or(last);
    if (first..=last).contains(&year) {
        Ok(year)
    } else {
        Err(BadInput(format!("--year {year}: both folders have the years from {first} to {last}")))
    }
}

/// How options, settings and input files differ, a line each.
fn changed(a: &Folder, b: &Folder) -> Vec<String> {
    let options = |m: &Manifest| {
        [
            ("runs", m.runs.to_string()),
            ("seed", m.seed.to_string()),
            ("horizon", m.horizon.to_string()),
            ("towns", m.towns.join(",")),
            ("scenarios", m.scenarios.join(",")),
            ("uncertainty", m.uncertainty.clone()),
            ("stress", m.stress.clone().unwrap_or_else(|| "none".to_owned())),
        ]
    };
    let mut said = Vec::new();
    for ((name, was), (_, is)) in options(&a.saved.manifest).iter().zip(&options(&b.saved.manifest)) {
        if was != is {
            said.extend([format!("- --{name} {was}"), format!("+ --{name} {is}")]);
        }
    }
    for (sign, these, others) in
        [('-', &a.saved.manifest, &b.saved.manifest), ('+', &b.saved.manifest, &a.saved.manifest)]
    {
        let only = these.settings.iter().filter(|s| !others.settings.contains(s));
        said.extend(only.map(|s| format!("{sign} --set {s}")));
    }
    said.extend(input_changes(&a.saved.case.files, &b.saved.case.files));
    said
}
