//! `--keep-runs`: chosen values of every run, a row a run.

use std::fmt::Write as _;
use std::fs::File;
use std::io::{BufWriter, Write as _};
use std::path::Path;

use anyhow::Context;

use super::BadInput;
use crate::case::Case;
use crate::engine::{self, RunValue, Selected};
use crate::model::{Model, Options};

/// Columns of runs.csv: name and what is kept.
pub(super) type Kept = Vec<(String, Selected)>;

/// Reads `TDea@2035`, `lead.balanced@2030`, `price.copper@2025`: each is a column for every town and
/// scenario that is run. A price is given over that of the base year.
pub(super) fn parse(asked: &[String], case: &Case, options: &Options) -> anyhow::Result<Kept> {
    let model = Model::compile(case, options)?;
    let known = known(case, &model);
    let mut columns = Vec::new();
    for word in asked {
        let bad = |message: String| BadInput(format!("--keep-runs {word}: {message}"));
        let (id, year) =
            word.split_once('@').ok_or_else(|| bad("quantity@year, such as TDea@2035".to_owned()))?;
        let value = known.iter().find(|(name, _)| name == id).map(|(_, value)| *value);
        let value = value.ok_or_else(|| {
            let names: Vec<&str> = known.iter().map(|(name, _)| name.as_str()).collect();
            bad(format!("no quantity '{id}' (known: {})", names.join(", ")))
        })?;
        let (first, last) = (case.base_year, options.horizon);
        let t = year.parse().ok().and_then(|y: i32| model.years.iter().position(|k| *k == y));
        let t = t.ok_or_else(|| bad(format!("a year from {first} to {last}")))?;
        for (town, law) in model.towns.iter().enumerate() {
            for (path, scenario) in options.scenarios.iter().enumerate() {
                let name = format!("{}.{}.{word}", case.towns[law.index].id, case.scenarios[*scenario].id);
                columns.push((name, Selected { town, path, t, value }));
            }
        }
    }
    Ok(columns)
}

/// Everything that can be kept, by name.
fn known(case: &Case, model: &Model) -> Vec<(String, RunValue)> {
    let quantities = model.quantities.iter().enumerate().map(|(q, x)| (x.id.clone(), RunValue::Quantity(q)));
    let leads = case.scenarios.iter().enumerate().map(|(s, x)| (format!("lead.{}", x.id), RunValue::Lead(s)));
    let prices =
        case.commodities.iter().enumerate().map(|(c, x)| (format!("price.{}", x.id), RunValue::LogPrice(c)));
    quantities.chain(leads).chain(prices).collect()
}

/// Streams the kept values to a file, a row a run; writes nothing where none are asked for.
pub(super) fn write(
    path: &Path,
    case: &Case,
    options: &Options,
    runs: u64,
    kept: &Kept,
) -> anyhow::Result<()> {
    if kept.is_empty() {
        return Ok(());
    }
    let model = Model::compile(case, options)?;
    let mut file = BufWriter::new(File::create(path).with_context(|| path.display().to_string())?);
    let names: Vec<&str> = kept.iter().map(|k| k.0.as_str()).collect();
    let mut outcome = writeln!(file, "run,{}", names.join(","));
    let selected: Vec<Selected> = kept.iter().map(|k| k.1).collect();
    let mut line = String::new();
    engine::record(&model, &selected, 0..runs, &mut |first, columns| {
        for k in 0..columns[0].len() {
            line.clear();
            let _ = write!(line, "{}", first + k as u64);
            for (column, selected) in columns.iter().zip(&selected) {
                let value = match selected.value {
                    RunValue::LogPrice(_) => column[k].exp(),
                    _ => column[k],
                };
                // A cell of what is undefined is empty.
                let _ = if value.is_finite() { write!(line, ",{value}") } else { write!(line, ",") };
            }
            if outcome.is_ok() {
                outcome = writeln!(file, "{line}");
            }
        }
    });
    outcome.and_then(|()| file.flush()).with_context(|| path.display().to_string())
}
