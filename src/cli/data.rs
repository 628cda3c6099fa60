//! Reading tables and factors that commands take as files.

use std::path::Path;

use super::BadInput;
use crate::explore::read::{self, Fault};
use crate::explore::table::{Cells, Table};
use crate::explore::{Factors, Points};

/// Faults beyond so many are only counted.
const TOLD: usize = 20;

/// A table from a file.
pub(super) fn table(path: &Path) -> Result<Table, BadInput> {
    Table::parse(&text(path)?).map_err(|faults| refuse(path, &faults))
}

/// Factors from a file.
pub(super) fn factors(path: &Path) -> Result<Factors, BadInput> {
    read::factors(&text(path)?).map_err(|faults| refuse(path, &faults))
}

/// Of runs that boljam kept, the columns that were drawn, as the dictionary beside them says; nothing for other tables.
pub(super) fn drawn(path: &Path) -> Result<Option<Vec<String>>, BadInput> {
    let dictionary = path.with_file_name("runs_columns.csv");
    if path.file_name().is_none_or(|name| name != "runs.csv") || !dictionary.exists() {
        return Ok(None);
    }
    let known = table(&dictionary)?;
    let words = |name: &str| match known.column(name) {
        Ok(Cells::Words { codes, levels }) => {
            Ok(codes.iter().map(|code| levels[*code as usize].clone()).collect::<Vec<String>>())
        }
        Ok(Cells::Numbers(_)) => Err(refuse(&dictionary, &[Fault::new(name, "words are needed")])),
        Err(fault) => Err(refuse(&dictionary, &[fault])),
    };
    let (columns, roles) = (words("column")?, words("role")?);
    let drawn = columns.into_iter().zip(roles).filter(|(_, role)| role == "drawn").map(|(column, _)| column);
    let drawn: Vec<String> = drawn.collect();
    if drawn.is_empty() {
        let file = path.display();
        return Err(BadInput(format!(
            "{file}: nothing that is drawn was kept (run again with --keep-runs drawn@YEAR, or name columns with --factors)"
        )));
    }
    Ok(Some(drawn))
}

/// Faults of a file, all in one.
pub(super) fn refuse(path: &Path, faults: &[Fault]) -> BadInput {
    let file = path.display();
    let mut lines: Vec<String> = faults.iter().take(TOLD).map(|fault| format!("{file}: {fault}")).collect();
    if faults.len() > TOLD {
        lines.push(format!("{file}: and {} more", faults.len() - TOLD));
    }
    match lines.as_slice() {
        [one] => BadInput(one.clone()),
        _ => BadInput(format!("{} faults\n  {}", faults.len(), lines.join("\n  "))),
    }
}

fn text(path: &Path) -> Result<String, BadInput> {
    std::fs::read_to_string(path).map_err(|error| BadInput(format!("{}: {error}", path.display())))
}

/// The columns of these names as points; every name without a column of numbers is a fault.
pub(super) fn points(table: &Table, names: &[&str]) -> Result<Points, Vec<Fault>> {
    let mut faults = Vec::new();
    let mut columns = Vec::new();
    for name in names {
        match table.numbers(name) {
            Ok(values) => columns.push(values),
            Err(fault) => faults.push(fault),
        }
    }
    if !faults.is_empty() {
        return Err(faults);
    }
    let values = (0..table.rows()).flat_map(|row| columns.iter().map(move |column| column[row])).collect();
    Ok(Points::new(names.len(), values))
}
