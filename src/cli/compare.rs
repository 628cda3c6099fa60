//! `boljam compare`: what an edited plan or parameter changes, run by run.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use anyhow::Context;
use clap::Args;

use super::assess::FormatName;
use super::case::load;
use super::{BadInput, print, progress};
use crate::analyse::compare::{Difference, Side, paired};
use crate::case::Case;
use crate::model::{Model, Options, Uncertainty};
use crate::report::assessment::Format;
use crate::report::grid::Grid;
use crate::report::manifest::Manifest;
use crate::text::{Language, Text};

/// Compare two result folders.
#[derive(Debug, Args)]
#[command(
    after_help = "Both cases are run again from the inputs kept in their folders, on the same draws, so \
    that each run is compared with itself.\n\nExample: boljam compare results edited"
)]
pub(super) struct Arguments {
    /// First result folder
    a: PathBuf,
    /// Second result folder
    b: PathBuf,
    /// How to write it
    #[arg(long, value_enum, default_value = "table")]
    format: FormatName,
}

/// A result folder, read back.
struct Folder {
    manifest: Manifest,
    case: Case,
    options: Options,
}

/// `boljam compare`.
pub(super) fn compare(arguments: &Arguments) -> anyhow::Result<()> {
    let (a, b) = (read(&arguments.a)?, read(&arguments.b)?);
    let (one, two) = (&a.manifest, &b.manifest);
    if (one.seed, one.runs, one.horizon) != (two.seed, two.runs, two.horizon) {
        let say = |m: &Manifest| format!("seed {}, {} runs, horizon {}", m.seed, m.runs, m.horizon);
        let message = format!(
            "the folders cannot be compared run by run: {} has {}; {} has {}. Run one of them again with the other's.",
            arguments.a.display(),
            say(one),
            arguments.b.display(),
            say(two)
        );
        return Err(BadInput(message).into());
    }
    let (model_a, model_b) = (Model::compile(&a.case, &a.options)?, Model::compile(&b.case, &b.options)?);
    let bar = progress::bar(one.runs);
    let side_a = Side { case: &a.case, model: &model_a };
    let side_b = Side { case: &b.case, model: &model_b };
    let differences = paired(&side_a, &side_b, one.runs, &|done| bar.set_position(done));
    bar.finish_and_clear();
    let text = Text::of(Language::En);
    match arguments.format.format() {
        Format::Table => print(&table(&a, &b, &differences, &text, arguments)),
        Format::Csv => print(&csv(&differences)),
        Format::Json => print(&(serde_json::to_string_pretty(&differences)? + "\n")),
    }
}

fn read(folder: &Path) -> anyhow::Result<Folder> {
    let path = folder.join("manifest.json");
    let json = std::fs::read_to_string(&path)
        .map_err(|e| BadInput(format!("{}: {e} (is it a result folder?)", path.display())))?;
    let manifest: Manifest = serde_json::from_str(&json).with_context(|| path.display().to_string())?;
    let case = load(Some(&folder.join("inputs")), &manifest.settings)?;
    let mut options = Options::of(&case);
    options.seed = manifest.seed;
    options.horizon = manifest.horizon;
    options.towns = manifest.towns.iter().filter_map(|id| case.town(id)).collect();
    options.scenarios = manifest.scenarios.iter().filter_map(|id| case.scenario(id)).collect();
    options.uncertainty = Uncertainty::parse(&manifest.uncertainty).unwrap_or(Uncertainty::ALL);
    options.stress = manifest.stress.as_ref().and_then(|id| case.stresses.iter().position(|s| s.id == *id));
    Ok(Folder { manifest, case, options })
}

/// Input files that differ, and settings and stresses.
fn changed(a: &Manifest, b: &Manifest) -> Vec<String> {
    let hash = |m: &Manifest, file: &str| m.inputs.iter().find(|i| i.file == file).map(|i| i.sha256.clone());
    let mut files: Vec<&String> = a.inputs.iter().chain(&b.inputs).map(|i| &i.file).collect();
    files.sort();
    files.dedup();
    let mut changed: Vec<String> = files.into_iter().filter(|f| hash(a, f) != hash(b, f)).cloned().collect();
    for (name, m, other) in [("A", a, b), ("B", b, a)] {
        changed.extend(
            m.settings.iter().filter(|s| !other.settings.contains(s)).map(|s| format!("{name} --set {s}")),
        );
        changed.extend(
            m.stress.iter().filter(|_| m.stress != other.stress).map(|s| format!("{name} --stress {s}")),
        );
        if m.uncertainty != other.uncertainty {
            changed.push(format!("{name} --uncertainty {}", m.uncertainty));
        }
    }
    changed
}

fn table(a: &Folder, b: &Folder, differences: &[Difference], text: &Text, arguments: &Arguments) -> String {
    let (name_a, name_b) = (arguments.a.display().to_string(), arguments.b.display().to_string());
    let year = a.manifest.horizon.to_string();
    let values = [("a", name_a.as_str()), ("b", name_b.as_str()), ("year", &year)];
    let mut out = text.fill("compare.title", &values);
    let _ = writeln!(out, " ({})", text.get("compare.paired"));
    let changed = changed(&a.manifest, &b.manifest).join(", ");
    let key = if changed.is_empty() { "compare.none" } else { "compare.files" };
    let _ = writeln!(out, "{}\n", text.fill(key, &[("files", &changed)]));
    let head = ["table.town", "table.path", "compare.quantity", "compare.median_a", "compare.median_b"];
    let head = head.iter().chain(&["compare.difference", "compare.error", "compare.better"]);
    let mut grid = Grid::new(head.map(|k| text.get(k).to_owned()).collect());
    let moved = |d: &&Difference| d.mean.abs() > 2.0 * d.mcse && d.mean != 0.0;
    for d in differences.iter().filter(moved) {
        let number = |x: Option<f64>| {
            x.map_or_else(String::new, |x| text.number(x, if x.abs() < 1000.0 { 2 } else { 0 }))
        };
        grid.row(vec![
            d.town.clone(),
            d.scenario.clone(),
            d.quantity.clone(),
            number(d.median_a),
            number(d.median_b),
            text.number(d.mean, 3),
            text.number(d.mcse, 3),
            d.better.map_or_else(String::new, |p| text.percent(p)),
        ]);
    }
    out.push_str(&grid.render());
    let still = differences.len() - differences.iter().filter(moved).count();
    let (still, all) = (still.to_string(), differences.len().to_string());
    let _ = writeln!(out, "\n{}", text.fill("compare.still", &[("still", &still), ("all", &all)]));
    out
}

fn csv(differences: &[Difference]) -> String {
    let mut out = "town,scenario,year,quantity,median_a,median_b,mean_difference,mcse,probability_b_better\n"
        .to_owned();
    let optional = |x: Option<f64>| x.map_or_else(String::new, |x| x.to_string());
    for d in differences {
        let _ = writeln!(
            out,
            "{},{},{},{},{},{},{},{},{}",
            d.town,
            d.scenario,
            d.year,
            d.quantity,
            optional(d.median_a),
            optional(d.median_b),
            d.mean,
            d.mcse,
            optional(d.better)
        );
    }
    out
}
