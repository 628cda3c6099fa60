//! Reading CSV tables cell by cell, noting every fault instead of stopping at the first.

use super::fault::Faults;

/// A table: named columns, rows with their line in the file.
#[derive(Debug, Clone, Default)]
pub(super) struct CsvTable {
    pub(super) file: String,
    pub(super) columns: Vec<String>,
    pub(super) rows: Vec<CsvRow>,
}

/// A row of a table.
#[derive(Debug, Clone)]
pub(super) struct CsvRow {
    pub(super) line: u64,
    pub(super) cells: Vec<String>,
}

impl CsvTable {
    /// Parses a file whose header must be exactly these columns, in any order.
    pub(super) fn parse(file: &str, text: &str, wanted: &[&str], faults: &mut Faults) -> Self {
        let mut reader =
            csv::ReaderBuilder::new().flexible(true).trim(csv::Trim::All).from_reader(text.as_bytes());
        let mut table = Self { file: file.to_owned(), ..Self::default() };
        match reader.headers() {
            Ok(header) => table.columns = header.iter().map(str::to_owned).collect(),
            Err(error) => faults.add(file, "line 1", format!("no header: {error}")),
        }
        if let [one] = table.columns.as_slice()
            && let Some(sign) = [';', '\t'].into_iter().find(|sign| one.contains(*sign))
        {
            // What spreadsheets write where the comma is the decimal sign.
            let message = format!("cells are separated by {sign:?}; commas are needed, and decimal points");
            faults.add(file, "line 1", message);
            return Self { file: table.file, ..Self::default() };
        }
        for column in wanted.iter().filter(|w| !table.columns.iter().any(|c| c == *w)) {
            faults.add(file, "line 1", format!("column '{column}' is missing"));
        }
        for (k, column) in table.columns.iter().enumerate() {
            if !wanted.contains(&column.as_str()) {
                let known = wanted.join(", ");
                faults.add(file, "line 1", format!("unknown column '{column}' (known here: {known})"));
            } else if table.columns[..k].contains(column) {
                faults.add(file, "line 1", format!("column '{column}' stands twice"));
            }
        }
        // Without its columns every row would be a fault.
        if wanted.iter().any(|w| !table.columns.iter().any(|c| c == w)) {
            return table;
        }
        for record in reader.records() {
            match record {
                Ok(record) => {
                    let line = record.position().map_or(0, csv::Position::line);
                    if record.len() != table.columns.len() {
                        let (found, expected) = (record.len(), table.columns.len());
                        faults.add(
                            file,
                            format!("line {line}"),
                            format!("{found} cells instead of {expected}"),
                        );
                        continue;
                    }
                    table.rows.push(CsvRow { line, cells: record.iter().map(str::to_owned).collect() });
                }
                Err(error) => faults.add(file, "", format!("cannot be read: {error}")),
            }
        }
        table
    }

    /// Notes rows whose key cells repeat those of an earlier row.
    pub(super) fn check_unique(&self, keys: &[&str], faults: &mut Faults) {
        let mut seen: Vec<(Vec<&str>, u64)> = Vec::new();
        for row in self.iter() {
            let key: Vec<&str> = keys.iter().map(|k| row.text(k)).collect();
            seen.push((key, row.row.line));
        }
        seen.sort();
        for pair in seen.windows(2).filter(|p| p[0].0 == p[1].0) {
            let what = pair[0].0.join(", ");
            faults.add(
                &self.file,
                format!("line {}", pair[1].1),
                format!("'{what}' stands in line {} already", pair[0].1),
            );
        }
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = Cells<'_>> {
        self.rows.iter().map(move |row| Cells { table: self, row })
    }
}

/// A row, with the names of its columns.
#[derive(Clone, Copy)]
pub(super) struct Cells<'a> {
    table: &'a CsvTable,
    pub(super) row: &'a CsvRow,
}

impl<'a> Cells<'a> {
    /// A cell as it stands; empty where the column is missing.
    pub(super) fn text(&self, column: &str) -> &'a str {
        let place = self.table.columns.iter().position(|c| c == column);
        place.and_then(|k| self.row.cells.get(k)).map_or("", String::as_str)
    }

    /// The file's name.
    pub(super) fn file(&self) -> &'a str {
        &self.table.file
    }

    pub(super) fn place(&self, column: &str) -> String {
        format!("line {}, {column}", self.row.line)
    }

    pub(super) fn refuse(&self, column: &str, allowed: &str, faults: &mut Faults) {
        let value = self.text(column);
        faults.refuse(&self.table.file, self.place(column), format!("'{value}'"), allowed);
    }

    /// A finite number in a range; NaN where there is a fault, which later checks pass over.
    pub(super) fn number(&self, column: &str, low: f64, high: f64, faults: &mut Faults) -> f64 {
        match self.text(column).parse::<f64>() {
            Ok(x) if x.is_finite() && x >= low && x <= high => x,
            _ => {
                self.refuse(column, &format!("a number from {low} to {high}"), faults);
                f64::NAN
            }
        }
    }

    /// A number, or nothing for an empty cell.
    pub(super) fn optional(&self, column: &str, low: f64, high: f64, faults: &mut Faults) -> Option<f64> {
        (!self.text(column).is_empty()).then(|| self.number(column, low, high, faults))
    }

    pub(super) fn year(&self, column: &str, faults: &mut Faults) -> i32 {
        let year = self.text(column).parse::<i32>().ok().filter(|y| (1000..=3000).contains(y));
        year.unwrap_or_else(|| {
            self.refuse(column, "a year from 1000 to 3000", faults);
            0
        })
    }

    /// One of a few words; the first of them where there is a fault.
    pub(super) fn choice<T: Copy>(&self, column: &str, words: &[(&str, T)], faults: &mut Faults) -> T {
        if let Some((_, value)) = words.iter().find(|w| w.0 == self.text(column)) {
            return *value;
        }
        self.refuse(column, &words.iter().map(|w| w.0).collect::<Vec<_>>().join(", "), faults);
        words[0].1
    }

    /// Place of an id in a list of ids.
    pub(super) fn id(&self, column: &str, ids: &[String], faults: &mut Faults) -> Option<usize> {
        let found = ids.iter().position(|id| id == self.text(column));
        if found.is_none() {
            self.refuse(column, &format!("known: {}", ids.join(", ")), faults);
        }
        found
    }

    /// An id of its own: lower-case letters, digits and underscores, not empty.
    pub(super) fn new_id(&self, column: &str, faults: &mut Faults) -> String {
        let id = self.text(column);
        if !is_id(id) {
            self.refuse(column, "an id of letters, digits and underscores, starting with a letter", faults);
        }
        id.to_owned()
    }
}

/// True for a name that formulas and file names can carry.
pub(super) fn is_id(text: &str) -> bool {
    text.chars().next().is_some_and(|c| c.is_ascii_alphabetic())
        && text.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
        && !matches!(text, "and" | "or" | "population")
}
