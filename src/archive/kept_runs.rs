//! runs.csv: chosen values of every run, a row a run; `runs_columns.csv`, what its columns are.

use std::path::Path;

use super::error::ArchiveError;
use super::folder::Staging;
use super::folder_error::FolderError;
use crate::analyse::{RunColumn, ThingOf};
use crate::case::Case;
use crate::engine::{self, RunValue, Selected};
use crate::model::Model;
use crate::report::kept;

/// Names of the files.
const FILE: &str = "runs.csv";
const DICTIONARY: &str = "runs_columns.csv";

/// Columns of runs.csv.
#[derive(Debug, Clone, Default)]
pub struct Columns {
    kept: Vec<RunColumn>,
    names: Vec<String>,
    /// Ids of the candidate scenarios.
    scenarios: Vec<String>,
    dictionary: String,
}

impl Columns {
    /// Reads `TDea@2035`, `lead.balanced@2030`, `price.copper@2025`, `plan.wage`, `drawn@2035`. What differs between
    /// towns and scenarios is a column for each that is run, `town.scenario.TDea@2035`; a price is one column, in the
    /// commodity's unit, which its name states: `price.copper@2025[usd_per_tonne]`.
    ///
    /// # Errors
    /// [`ArchiveError::Unknown`] naming what is unknown and what is known.
    pub fn parse(words: &[String], case: &Case, model: &Model) -> Result<Self, ArchiveError> {
        let columns =
            RunColumn::parse(words, case, model).map_err(|e| ArchiveError::Unknown(e.to_string()))?;
        let names: Vec<String> = columns.iter().map(|column| column.name(case, model)).collect();
        let mut dictionary = kept::Dictionary::new();
        for (column, name) in columns.iter().zip(&names) {
            let town = (column.thing.of != ThingOf::Run)
                .then(|| case.towns[model.options.towns[column.selected.town]].id.as_str());
            let scenario = (column.thing.of == ThingOf::Scenario)
                .then(|| case.scenarios[model.options.scenarios[column.selected.path]].id.as_str());
            dictionary.column(name, column, town, scenario);
        }
        Ok(Self {
            kept: columns,
            names,
            scenarios: case.scenarios.iter().map(|s| s.id.clone()).collect(),
            dictionary: dictionary.finish(),
        })
    }

    /// Makes the runs once more and streams the kept values to runs.csv; writes nothing where none are asked for.
    pub(super) fn write(&self, staging: &Staging, model: &Model, runs: u64) -> Result<(), FolderError> {
        if self.kept.is_empty() {
            return Ok(());
        }
        staging.write(DICTIONARY, &self.dictionary)?;
        staging.stream(FILE, |path| self.write_to(path, model, runs))
    }

    fn write_to(&self, path: &Path, model: &Model, runs: u64) -> Result<(), FolderError> {
        let at = |cause: csv::Error| FolderError::Io { path: path.to_owned(), cause: cause.into() };
        let mut writer = csv::Writer::from_path(path).map_err(at)?;
        let mut outcome =
            writer.write_record(std::iter::once("run").chain(self.names.iter().map(String::as_str)));
        let selected: Vec<Selected> = self.kept.iter().map(|column| column.selected).collect();
        let mut record = csv::StringRecord::new();
        engine::record(model, &selected, 0..runs, &mut |first, columns| {
            for k in 0..columns[0].len() {
                record.clear();
                record.push_field(&(first + k as u64).to_string());
                for (values, column) in columns.iter().zip(&self.kept) {
                    record.push_field(&self.cell(column, values[k]));
                }
                if outcome.is_ok() {
                    outcome = writer.write_record(&record);
                }
            }
        });
        outcome.and_then(|()| Ok(writer.flush()?)).map_err(at)
    }

    /// A cell; empty for what is undefined.
    fn cell(&self, column: &RunColumn, recorded: f64) -> String {
        let value = column.thing.scale.apply(recorded);
        match column.thing.value {
            _ if !value.is_finite() => String::new(),
            RunValue::Leaders => leaders(value, &self.scenarios),
            _ => value.to_string(),
        }
    }
}

/// Ids of the scenarios of a set, those that tie joined by a bar.
fn leaders(set: f64, scenarios: &[String]) -> String {
    let set = set as u64;
    let among = scenarios.iter().enumerate().filter(|(s, _)| set >> s & 1 == 1);
    among.map(|(_, id)| id.as_str()).collect::<Vec<_>>().join("|")
}
