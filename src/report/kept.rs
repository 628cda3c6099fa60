//! `runs_columns.csv`: what the columns of runs.csv are.

use super::records::Records;
use crate::analyse::RunColumn;
use crate::engine::RunValue;

/// The dictionary, being written.
pub(crate) struct Dictionary(Records);

impl Dictionary {
    /// With the row of the run's number.
    pub(crate) fn new() -> Self {
        let mut records =
            Records::new(&["column", "role", "town", "scenario", "year", "quantity", "unit", "meaning"]);
        records.row(&["run", "run", "", "", "", "", "", "number of the run, from 0"], &[], &[]);
        Self(records)
    }

    /// Adds a column with the ids of its town and scenario, where it has them.
    pub(crate) fn column(
        &mut self,
        name: &str,
        column: &RunColumn,
        town: Option<&str>,
        scenario: Option<&str>,
    ) {
        let thing = &column.thing;
        let role = if thing.is_drawn { "drawn" } else { "result" };
        let year = column.year.map_or_else(String::new, |year| year.to_string());
        let texts = [
            name,
            role,
            town.unwrap_or_default(),
            scenario.unwrap_or_default(),
            &year,
            &thing.name,
            &thing.unit,
            meaning(thing.value),
        ];
        self.0.row(&texts, &[], &[]);
    }

    /// The table.
    pub(crate) fn finish(self) -> String {
        self.0.finish()
    }
}

fn meaning(value: RunValue) -> &'static str {
    match value {
        RunValue::Quantity(_) | RunValue::SubIndicator(_) | RunValue::Link(_) => "value in the year",
        RunValue::Lead(_) => "share of the lead: 1/k if it is among k leaders",
        RunValue::Leaders => "who leads; those that tie are joined by |",
        RunValue::Votes(_) => "votes in the year",
        RunValue::LogPrice(_) => "mean price of the year",
        RunValue::Input(_) => "value in the base year, drawn because the source does not print it",
        RunValue::Plan(_) => "what the plan brings in full, with its error and without what is not delivered",
        RunValue::Delivered => "share of the plan that is delivered",
        RunValue::Happened(_) => "1 if the event has happened by the end of the year",
        RunValue::Reached(_) => "1 if the outcome has been reached by the end of the year",
        RunValue::Parameter(..) => "parameter of the driver",
        RunValue::Region(_) => "index of the region",
        RunValue::Chance(_) => "what yearly innovations alone have made of the driver by the year",
    }
}
