//! What every part of the loader works with: files read, faults and notices noted.

use std::collections::{BTreeMap, BTreeSet};

use toml::{Table, Value};

use super::super::csv_reader::CsvTable;
use super::super::fault::Faults;
use super::super::setting::{self, Setting};
use super::super::source::Source;
use super::super::toml_lines::TomlLines;
use super::super::toml_reader::{MANY, Node, check_texts};
use super::super::{Assumption, Notice};

/// What every part of the loader works with.
pub(super) struct Loader<'a> {
    pub(super) source: &'a Source,
    pub(super) settings: &'a [Setting],
    pub(super) faults: Faults,
    /// Faults of whole files: missing, not readable, rows or columns lost.
    pub(super) broken: Faults,
    pub(super) assumptions: Vec<Assumption>,
    pub(super) notices: Vec<Notice>,
    /// Files that were asked for.
    pub(super) read: BTreeSet<String>,
    /// Where the keys of the TOML files stand.
    pub(super) lines: BTreeMap<String, TomlLines>,
}

impl<'a> Loader<'a> {
    /// Before anything is read.
    pub(super) fn new(source: &'a Source, settings: &'a [Setting]) -> Self {
        let (faults, broken, assumptions, notices, read, lines) = Default::default();
        Self { source, settings, faults, broken, assumptions, notices, read, lines }
    }

    /// A TOML file as a table, settings applied; empty where it cannot be read.
    pub(super) fn toml(&mut self, name: &str) -> Table {
        self.read.insert(name.to_owned());
        let Some(text) = self.source.files.get(name) else {
            self.broken.add(name, "", format!("is missing from {}", self.source.origin));
            return Table::new();
        };
        match text.parse::<Table>() {
            Ok(mut table) => {
                self.lines.insert(name.to_owned(), TomlLines::of(text));
                setting::apply_to_toml(name, &mut table, self.settings, &mut self.faults);
                let value = Value::Table(table);
                check_texts(name, "", &value, &mut self.faults);
                let Value::Table(table) = value else { return Table::new() };
                table
            }
            Err(error) => {
                let mut message = error.to_string().trim_end().to_owned();
                let line = error.span().map_or("", |span| line_at(text, span.start));
                if let Some(comma) = decimal_comma(line) {
                    message =
                        format!("{message} (a decimal comma? {}, not {comma})", comma.replace(',', "."));
                }
                self.broken.add(name, "", message);
                Table::new()
            }
        }
    }

    /// A CSV file as a table, settings applied, keys checked to be unique, assumptions noted.
    pub(super) fn csv(&mut self, name: &str, keys: &[&str], columns: &[&str]) -> CsvTable {
        self.read.insert(name.to_owned());
        let Some(text) = self.source.files.get(name) else {
            self.broken.add(name, "", format!("is missing from {}", self.source.origin));
            return CsvTable { file: name.to_owned(), ..CsvTable::default() };
        };
        let mut table = CsvTable::parse(name, text, columns, &mut self.broken);
        // A table of entities, one a row: what follows grows with the square of their number.
        if let ([_], count @ MANY..) = (keys, table.rows.len()) {
            self.broken.add(name, "", format!("{count} rows are not allowed (fewer than {MANY})"));
            table.rows.clear();
        }
        self.settle(&mut table, keys);
        for row in table.iter().filter(|r| r.text("basis").contains("assumption")) {
            let is_value = |c: &&&str| !keys.contains(c) && row.text(c).parse::<f64>().is_ok();
            let values = columns.iter().filter(is_value).map(|c| format!("{c} {}", row.text(c)));
            self.assumptions.push(Assumption {
                file: name.to_owned(),
                item: keys.iter().map(|k| row.text(k)).collect::<Vec<_>>().join(", "),
                value: values.collect::<Vec<_>>().join(", "),
                basis: row.text("basis").to_owned(),
            });
        }
        table
    }

    /// A CSV file of draws, of which there may be thousands, numbered by one column.
    pub(super) fn csv_of_draws(&mut self, name: &str, key: &str, columns: &[&str]) -> CsvTable {
        self.read.insert(name.to_owned());
        let text = self.source.files.get(name).map_or("", String::as_str);
        let mut table = CsvTable::parse(name, text, columns, &mut self.broken);
        self.settle(&mut table, &[key]);
        table
    }

    /// Applies settings to a table and checks its texts and keys.
    fn settle(&mut self, table: &mut CsvTable, keys: &[&str]) {
        setting::apply_to_csv(table, keys, self.settings, &mut self.faults);
        table.check_texts(&mut self.faults);
        table.check_unique(keys, &mut self.faults);
    }

    /// Notes the `[assumptions]` of a TOML file.
    pub(super) fn toml_assumptions(&mut self, node: &Node<'_>, table: &Table) {
        if !node.has("assumptions") {
            return;
        }
        let Some(assumptions) = node.node("assumptions", &mut self.faults) else { return };
        for (item, basis) in assumptions.entries() {
            let known = self.lines.get(node.file).is_some_and(|lines| lines.names(item));
            let place = assumptions.place(item);
            if !known {
                let allowed = "a key of this file, or the id of one of its tables";
                self.faults.refuse(node.file, place.clone(), format!("'{item}'"), allowed);
            }
            let Some(basis) = basis.as_str().filter(|text| !text.trim().is_empty()) else {
                self.faults.refuse(node.file, place, basis, "a text that says why");
                continue;
            };
            let value = table.get(item).map_or_else(String::new, ToString::to_string);
            let basis = basis.to_owned();
            self.assumptions.push(Assumption {
                file: node.file.to_owned(),
                item: item.clone(),
                value,
                basis,
            });
        }
    }
}

/// The line in which a byte stands.
fn line_at(text: &str, byte: usize) -> &str {
    let byte = byte.min(text.len());
    let start = text.as_bytes()[..byte].iter().rposition(|b| *b == b'\n').map_or(0, |k| k + 1);
    text[start..].lines().next().unwrap_or("")
}

/// The first number with a decimal comma of a line outside its comment: digits on both sides, no space.
fn decimal_comma(line: &str) -> Option<&str> {
    let line = line.split('#').next().unwrap_or("");
    let digit = |c: char| c.is_ascii_digit();
    line.match_indices(',').find_map(|(at, _)| {
        let start = line[..at].rfind(|c| !digit(c)).map_or(0, |k| k + 1);
        let end = line[at + 1..].find(|c| !digit(c)).map_or(line.len(), |k| at + 1 + k);
        (start < at && at + 1 < end).then(|| &line[start..end])
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decimal_commas_of_a_line_are_found() {
        assert_eq!(decimal_comma("x = { multiple = 2,80, sd = 0.2 }"), Some("2,80"));
        assert_eq!(decimal_comma("x = [1, 2] # 3,4"), None);
        assert_eq!(line_at("a\nbc\nd", 3), "bc");
        assert_eq!(line_at("", 7), "");
    }
}
