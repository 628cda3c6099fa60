//! `boljam compare`: what an edited plan or parameter changes, run by run.

use std::path::{Path, PathBuf};

use clap::Args;

use super::assess::FormatName;
use super::case::{choose, load};
use super::language::LangArgument;
use super::{BadInput, print, progress};
use crate::analyse::compare::{self, Side};
use crate::case::Case;
use crate::model::{Model, Options, Quantity, Uncertainty};
use crate::report::assessment::Format;
use crate::report::changes::changes;
use crate::report::comparison::Comparison;
use crate::report::manifest::{FORMAT, Manifest};

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
    /// Quantities to compare, by id, joined by commas (default: indices, unemployment, persons); shares of
    /// the lead are always compared
    #[arg(long, value_delimiter = ',', value_name = "A,B")]
    quantities: Vec<String>,
    /// Year to compare (default: the last one of both)
    #[arg(long)]
    year: Option<i32>,
    #[command(flatten)]
    lang: LangArgument,
}

/// A result folder, read back.
struct Folder {
    path: PathBuf,
    manifest: Manifest,
    case: Case,
    model: Model,
}

/// `boljam compare`.
pub(super) fn compare(arguments: &Arguments) -> anyhow::Result<()> {
    let (a, b) = (read(&arguments.a)?, read(&arguments.b)?);
    note_versions(&[&a, &b]);
    let known: Vec<&str> = a.model.quantities.iter().map(|q| q.id.as_str()).collect();
    choose("quantity", &arguments.quantities, &known)?;
    let asked = &arguments.quantities;
    let wanted = |q: &Quantity| if asked.is_empty() { q.paired } else { asked.contains(&q.id) };
    let year = year(arguments.year, &a, &b)?;
    let runs = a.manifest.runs.min(b.manifest.runs);
    let bar = progress::bar(runs);
    let tell = |done| bar.set_position(done);
    let sides = [&a, &b].map(|f| Side { case: &f.case, model: &f.model });
    let differences = compare::compare(&sides[0], &sides[1], year, &wanted, runs, &tell);
    bar.finish_and_clear();
    let comparison = Comparison {
        names: [&a, &b].map(|f| f.path.display().to_string()),
        year,
        runs,
        paired: a.manifest.seed == b.manifest.seed,
        changes: changed(&a, &b),
        differences: &differences,
    };
    print(&match arguments.format.format() {
        Format::Table => comparison.table(&arguments.lang.text()),
        Format::Csv => comparison.csv(),
        Format::Json => serde_json::to_string_pretty(&differences)? + "\n",
    })
}

/// The year asked for, or the last one, if both were run to it.
fn year(asked: Option<i32>, a: &Folder, b: &Folder) -> Result<i32, BadInput> {
    let first = a.case.base_year.max(b.case.base_year);
    let last = a.manifest.horizon.min(b.manifest.horizon);
    let year = asked.unwrap_or(last);
    if (first..=last).contains(&year) {
        Ok(year)
    } else {
        Err(BadInput(format!("--year {year}: both folders have the years from {first} to {last}")))
    }
}

/// Reads a result folder: its manifest, the case in its `inputs`, the options it was run with.
fn read(folder: &Path) -> anyhow::Result<Folder> {
    let path = folder.join("manifest.json");
    let bad = |message: String| BadInput(format!("{}: {message}", path.display()));
    let json = std::fs::read_to_string(&path).map_err(|e| bad(format!("{e} (is it a result folder?)")))?;
    let manifest: Manifest = serde_json::from_str(&json).map_err(|e| bad(e.to_string()))?;
    if manifest.format != FORMAT {
        let found = manifest.format;
        return Err(
            bad(format!("format {found}, but this program reads format {FORMAT}; run it again")).into()
        );
    }
    let case = load(Some(&folder.join("inputs")), &manifest.settings)?;
    let towns: Vec<&str> = case.towns.iter().map(|t| t.id.as_str()).collect();
    let scenarios: Vec<&str> = case.scenarios.iter().map(|s| s.id.as_str()).collect();
    let stresses: Vec<&str> = case.stresses.iter().map(|s| s.id.as_str()).collect();
    let stress = manifest.stress.as_ref().map(|id| choose("stress", std::slice::from_ref(id), &stresses));
    let unknown = || bad(format!("no uncertainty '{}'", manifest.uncertainty));
    let options = Options {
        seed: manifest.seed,
        horizon: manifest.horizon,
        towns: choose("town", &manifest.towns, &towns)?,
        scenarios: choose("scenario", &manifest.scenarios, &scenarios)?,
        uncertainty: Uncertainty::parse(&manifest.uncertainty).ok_or_else(unknown)?,
        stress: stress.transpose()?.and_then(|places| places.first().copied()),
    };
    let model = Model::compile(&case, &options)?;
    Ok(Folder { path: folder.to_owned(), manifest, case, model })
}

/// Folders that another version wrote are run again by this one, and may not give what their tables say.
fn note_versions(folders: &[&Folder]) {
    for folder in folders.iter().filter(|f| !f.manifest.is_of_this_program()) {
        let Manifest { version, git, .. } = &folder.manifest;
        eprintln!(
            "note: {} was written by boljam {version} ({git}); this is another build, whose numbers may differ",
            folder.path.display()
        );
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
    for ((name, was), (_, is)) in options(&a.manifest).iter().zip(&options(&b.manifest)) {
        if was != is {
            said.extend([format!("- --{name} {was}"), format!("+ --{name} {is}")]);
        }
    }
    for (sign, these, others) in [('-', &a.manifest, &b.manifest), ('+', &b.manifest, &a.manifest)] {
        let only = these.settings.iter().filter(|s| !others.settings.contains(s));
        said.extend(only.map(|s| format!("{sign} --set {s}")));
    }
    said.extend(changes(&a.case.files, &b.case.files));
    said
}
