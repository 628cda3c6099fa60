//! What the source printed: printed.csv.

use super::super::PrintedValue;
use super::loader::Loader;
use super::panel::check_town;

pub(super) fn read(loader: &mut Loader<'_>, towns: &[String]) -> Vec<PrintedValue> {
    let columns = ["town", "item", "value", "source"];
    let table = loader.csv("printed.csv", &["town", "item", "source"], &columns);
    let faults = &mut loader.faults;
    let row = |row: super::super::csv_reader::Cells<'_>| {
        check_town(row, towns, faults);
        PrintedValue {
            town: row.text("town").to_owned(),
            item: row.text("item").to_owned(),
            value: row.text("value").to_owned(),
            source: row.text("source").to_owned(),
        }
    };
    table.iter().map(row).collect()
}
