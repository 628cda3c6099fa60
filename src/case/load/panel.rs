//! Observed history: panel.csv and `consumer_prices.csv`.

use super::super::PanelValue;
use super::super::csv_reader::Cells;
use super::loader::Loader;

/// A value of the panel and the line it stands in.
pub(super) type PanelRow = (u64, PanelValue);

/// Reads the panel's values; an empty cell is a value that is missing.
pub(super) fn read(loader: &mut Loader<'_>, towns: &[String]) -> Vec<PanelRow> {
    let columns = ["town", "year", "indicator", "value", "unit", "source", "note"];
    let table = loader.csv("panel.csv", &["town", "year", "indicator", "source"], &columns);
    let faults = &mut loader.faults;
    let mut rows = Vec::new();
    for row in table.iter() {
        check_town(row, towns, faults);
        let year = row.year("year", faults);
        if row.text("value").is_empty() {
            continue;
        }
        let value = PanelValue {
            town: row.text("town").to_owned(),
            year,
            indicator: row.text("indicator").to_owned(),
            value: row.number("value", -1e15, 1e15, faults),
            unit: row.text("unit").to_owned(),
            source: row.text("source").to_owned(),
            note: row.text("note").to_owned(),
        };
        rows.push((row.row.line, value));
    }
    rows
}

/// Notes a town that is neither one of the case nor `region`.
pub(super) fn check_town(row: Cells<'_>, towns: &[String], faults: &mut super::super::fault::Faults) {
    if row.text("town") != "region" && !towns.iter().any(|t| t == row.text("town")) {
        row.refuse("town", &format!("known: region, {}", towns.join(", ")), faults);
    }
}

/// Consumer prices by year.
pub(super) fn read_consumer_prices(loader: &mut Loader<'_>) -> Vec<(i32, f64)> {
    let columns = ["year", "index", "inflation_percent", "source"];
    let table = loader.csv("consumer_prices.csv", &["year"], &columns);
    let faults = &mut loader.faults;
    table.iter().map(|row| (row.year("year", faults), row.number("index", 1e-9, 1e15, faults))).collect()
}
