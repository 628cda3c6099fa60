//! runs.csv: chosen values of every run, a row a run.

use std::path::Path;

use super::error::ArchiveError;
use super::folder::Staging;
use super::folder_error::FolderError;
use crate::case::Case;
use crate::engine::{self, RunValue, Selected};
use crate::model::Model;

/// Name of the file.
const FILE: &str = "runs.csv";

/// Columns of runs.csv.
#[derive(Debug, Clone, Default)]
pub struct Columns(Vec<Column>);

#[derive(Debug, Clone)]
struct Column {
    name: String,
    selected: Selected,
    /// Of a price: ln of its base year's, to which the run's log ratio is added.
    ln_base: Option<f64>,
}

impl Columns {
    /// Reads `TDea@2035`, `lead.balanced@2030`, `price.copper@2025`. What differs between towns and scenarios is a
    /// column for each that is run, `town.scenario.TDea@2035`; a price is one column, in the commodity's unit, which
    /// its name states: `price.copper@2025[usd_per_tonne]`.
    ///
    /// # Errors
    /// [`ArchiveError::Unknown`] naming what is unknown and what is known.
    pub fn parse(words: &[String], case: &Case, model: &Model) -> Result<Self, ArchiveError> {
        let known = known(case, model);
        let mut columns = Vec::new();
        for word in words {
            let bad = |message: String| ArchiveError::Unknown(format!("{word}: {message}"));
            let (id, year) =
                word.split_once('@').ok_or_else(|| bad("quantity@year, such as TDea@2035".to_owned()))?;
            let value = known.iter().find(|(name, _)| name == id).map(|(_, value)| *value);
            let value = value.ok_or_else(|| {
                let names: Vec<&str> = known.iter().map(|(name, _)| name.as_str()).collect();
                bad(format!("no quantity '{id}' (known: {})", names.join(", ")))
            })?;
            let t = year.parse().ok().and_then(|y: i32| model.years.iter().position(|k| *k == y));
            let t = t.ok_or_else(|| {
                let (first, last) = (case.base_year, model.options.horizon);
                bad(format!("a year from {first} to {last}"))
            })?;
            if let RunValue::LogPrice(c) = value {
                let name = format!("{word}[{}]", case.commodities[c].unit);
                let selected = Selected { town: 0, path: 0, t, value };
                columns.push(Column { name, selected, ln_base: Some(model.prices.ln_base[c]) });
                continue;
            }
            for (town, law) in model.towns.iter().enumerate() {
                for (path, scenario) in model.options.scenarios.iter().enumerate() {
                    let name =
                        format!("{}.{}.{word}", case.towns[law.index].id, case.scenarios[*scenario].id);
                    columns.push(Column { name, selected: Selected { town, path, t, value }, ln_base: None });
                }
            }
        }
        Ok(Self(columns))
    }

    /// Makes the runs once more and streams the kept values to runs.csv; writes nothing where none are asked for.
    pub(super) fn write(&self, staging: &Staging, model: &Model, runs: u64) -> Result<(), FolderError> {
        if self.0.is_empty() {
            return Ok(());
        }
        staging.stream(FILE, |path| self.write_to(path, model, runs))
    }

    fn write_to(&self, path: &Path, model: &Model, runs: u64) -> Result<(), FolderError> {
        let at = |cause: csv::Error| FolderError::Io { path: path.to_owned(), cause: cause.into() };
        let mut writer = csv::Writer::from_path(path).map_err(at)?;
        let names = self.0.iter().map(|column| column.name.as_str());
        let mut outcome = writer.write_record(std::iter::once("run").chain(names));
        let selected: Vec<Selected> = self.0.iter().map(|column| column.selected).collect();
        let mut record = csv::StringRecord::new();
        engine::record(model, &selected, 0..runs, &mut |first, columns| {
            for k in 0..columns[0].len() {
                record.clear();
                record.push_field(&(first + k as u64).to_string());
                for (values, column) in columns.iter().zip(&self.0) {
                    let value = column.ln_base.map_or(values[k], |ln_base| (ln_base + values[k]).exp());
                    // A cell of what is undefined is empty.
                    let text = if value.is_finite() { value.to_string() } else { String::new() };
                    record.push_field(&text);
                }
                if outcome.is_ok() {
                    outcome = writer.write_record(&record);
                }
            }
        });
        outcome.and_then(|()| Ok(writer.flush()?)).map_err(at)
    }
}

/// Everything that can be kept, by name.
fn known(case: &Case, model: &Model) -> Vec<(String, RunValue)> {
    let quantities = model.quantities.iter().enumerate().map(|(q, x)| (x.id.clone(), RunValue::Quantity(q)));
    let leads = case.scenarios.iter().enumerate().map(|(s, x)| (format!("lead.{}", x.id), RunValue::Lead(s)));
    let prices =
        case.commodities.iter().enumerate().map(|(c, x)| (format!("price.{}", x.id), RunValue::LogPrice(c)));
    quantities.chain(leads).chain(prices).collect()
}
