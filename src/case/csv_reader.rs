//! Reading CSV tables cell by cell, noting every fault instead of stopping at the first.

use super::fault::Faults;
use super::{Name, id};

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
    /// Parses a file whose header must be exactly these columns, in any order; those of translations may be left out.
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
        let is_lost =
            |wanted: &&&str| !table.columns.iter().any(|c| c == **wanted) && !is_translation(wanted);
        for column in wanted.iter().filter(is_lost) {
            let message = format!("column '{column}' is missing");
            faults.missing(file, "line 1", ("line 1", column), message);
        }
        for (k, column) in table.columns.iter().enumerate() {
            if !wanted.contains(&column.as_str()) {
                let known = wanted.join(", ");
                let message = format!("unknown column '{column}' (known here: {known})");
                faults.unknown(file, "line 1", ("line 1", column), message);
            } else if table.columns[..k].contains(column) {
                faults.add(file, "line 1", format!("column '{column}' stands twice"));
            }
        }
        // Without its columns every row would be a fault.
        if wanted.iter().any(|w| is_lost(&w)) {
            return table;
        }
        let mut place = (0, 1);
        for record in reader.records() {
            match record {
                Ok(record) => {
                    let byte = record.position().map_or(0, csv::Position::byte) as usize;
                    place = line_after(text, place, byte);
                    let line = place.1;
                    if record.len() != table.columns.len() {
                        let (found, expected) = (record.len(), table.columns.len());
                        let comma = decimal_comma(&record)
                            .filter(|_| found > expected)
                            .map_or_else(String::new, |(with, point)| {
                                format!(" (a decimal comma? {point}, not {with})")
                            });
                        faults.add(
                            file,
                            format!("line {line}"),
                            format!("{found} cells instead of {expected}{comma}"),
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

    /// Notes cells with characters that no text may hold.
    pub(super) fn check_texts(&self, faults: &mut Faults) {
        for row in self.iter() {
            for (column, cell) in self.columns.iter().zip(&row.row.cells) {
                if cell.contains(id::is_control) {
                    faults.refuse(&self.file, row.place(column), format!("{cell:?}"), id::ONE_LINE);
                }
            }
        }
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
                let point = self.text(column).replacen(',', ".", 1);
                let comma = self.text(column).contains(',') && point.parse::<f64>().is_ok();
                let point = if comma { format!("; use a point: {point}") } else { String::new() };
                self.refuse(column, &format!("a number from {low} to {high}{point}"), faults);
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

    /// An id of its own.
    pub(super) fn new_id(&self, column: &str, faults: &mut Faults) -> String {
        let text = self.text(column);
        if let Some(allowed) = id::objection(text) {
            self.refuse(column, allowed, faults);
        }
        text.to_owned()
    }

    /// A label: the column, and translations in those with `_kk` and `_ru` after its name, which may be empty.
    pub(super) fn name(&self, column: &str, faults: &mut Faults) -> Name {
        if self.text(column).is_empty() {
            self.refuse(column, "a text that is not empty", faults);
        }
        let text = |end: &str| {
            let translated = self.text(&format!("{column}{end}"));
            if translated.is_empty() { self.text(column) } else { translated }.to_owned()
        };
        Name { en: text(""), kk: text("_kk"), ru: text("_ru") }
    }
}

/// True for the columns of labels in Kazakh and Russian, which fall back on the label without an ending.
fn is_translation(column: &str) -> bool {
    column.ends_with("_kk") || column.ends_with("_ru")
}

/// The first two neighbouring cells that read like a number with a decimal comma, so written and with a point.
fn decimal_comma(record: &csv::StringRecord) -> Option<(String, String)> {
    let digits = |cell: &str| !cell.is_empty() && cell.bytes().all(|b| b.is_ascii_digit());
    let cells: Vec<&str> = record.iter().collect();
    cells.windows(2).find_map(|pair| {
        let [whole, part] = pair else { return None };
        let fits = digits(whole.trim_start_matches('-')) && digits(part);
        fits.then(|| (format!("{whole},{part}"), format!("{whole}.{part}")))
    })
}

/// Byte and line (from 1) of the first row that starts at a byte or after it, from those of a row before. A line
/// ends with a line feed, a carriage return or both.
fn line_after(text: &str, (mut at, mut line): (usize, u64), byte: usize) -> (usize, u64) {
    let bytes = text.as_bytes();
    let is_break = |k: usize| bytes.get(k).is_some_and(|b| matches!(b, b'\n' | b'\r'));
    while at < byte || is_break(at) {
        let ends = is_break(at) && !(bytes[at] == b'\r' && bytes.get(at + 1) == Some(&b'\n'));
        line += u64::from(ends);
        at += 1;
    }
    (at, line)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decimal_commas_are_named() {
        let said = |text: &str| {
            let mut faults = Faults::default();
            let table = CsvTable::parse("x.csv", text, &["a", "b"], &mut faults);
            for row in table.iter() {
                row.number("b", 0.0, 1.0, &mut faults);
            }
            faults.0.first().map_or_else(String::new, ToString::to_string)
        };
        assert_eq!(
            said("a,b\nx,-0,12\n"),
            "x.csv: line 2: 3 cells instead of 2 (a decimal comma? -0.12, not -0,12)"
        );
        assert_eq!(
            said("a,b\nx,\"0,12\"\n"),
            "x.csv: line 2, b: '0,12' is not allowed (a number from 0 to 1; use a point: 0.12)"
        );
        // Nothing is guessed where cells are no digits, or too few.
        assert_eq!(said("a,b\nx,y,0.5\n"), "x.csv: line 2: 3 cells instead of 2");
        assert_eq!(said("a,b\n12\n"), "x.csv: line 2: 1 cells instead of 2");
        assert_eq!(said("a,b\nx,0.5\n"), "");
    }

    #[test]
    fn rows_have_the_lines_that_an_editor_shows() {
        for end in ["\n", "\r\n", "\r"] {
            let text = ["a,b", "1,2", "\"one", "two\",3", "", "4,5", ""].join(end);
            let mut faults = Faults::default();
            let table = CsvTable::parse("x.csv", &text, &["a", "b"], &mut faults);
            assert_eq!(table.rows.iter().map(|r| r.line).collect::<Vec<_>>(), [2, 3, 6], "{end:?}");
        }
    }
}
