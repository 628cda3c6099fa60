//! Tables of any model: named columns of numbers or of words, from CSV.

mod meets;

use super::discover::Column;
use super::read::Fault;

/// A table.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Table {
    /// Names of the columns, each once.
    pub names: Vec<String>,
    /// The columns.
    pub cells: Vec<Cells>,
    /// The line in the file of each row.
    lines: Vec<u64>,
}

/// A column.
#[derive(Debug, Clone, PartialEq)]
pub enum Cells {
    /// Numbers; an empty cell is NaN.
    Numbers(Vec<f64>),
    /// Words, as places in a list of them.
    Words {
        /// Place of each row's word.
        codes: Vec<u32>,
        /// The words, sorted.
        levels: Vec<String>,
    },
}

impl Table {
    /// Reads comma-separated values with a header. A column is one of numbers if every cell that is not empty is one (NaN
    /// and inf are), else one of words.
    ///
    /// # Errors
    /// Every fault of the form: separators, names that stand twice, rows of another length.
    ///
    /// # Examples
    /// ```
    /// use boljam::explore::table::{Cells, Table};
    /// let table = Table::parse("x,town,y\n0.5,abai,\n0.7,saran,2\n").unwrap();
    /// assert_eq!(table.numbers("x").unwrap(), [0.5, 0.7]);
    /// assert!(table.numbers("y").unwrap()[0].is_nan());
    /// assert!(matches!(&table.cells[1], Cells::Words { levels, .. } if levels[1] == "saran"));
    /// ```
    pub fn parse(text: &str) -> Result<Self, Vec<Fault>> {
        let mut table = Self { names: header(text)?, ..Self::default() };
        let width = table.names.len();
        let mut numbers: Vec<Option<Vec<f64>>> = vec![Some(Vec::new()); width];
        let mut faults = Vec::new();
        let mut record = csv::StringRecord::new();
        let mut reader = reader(text);
        loop {
            match reader.read_record(&mut record) {
                Ok(false) => break,
                Ok(true) => {}
                Err(error) => {
                    faults.push(Fault::new("", format!("cannot be read: {error}")));
                    break;
                }
            }
            let line = record.position().map_or(0, csv::Position::line);
            if record.len() != width {
                let message = format!("{} cells instead of {width}", record.len());
                faults.push(Fault::new(format!("line {line}"), message));
                continue;
            }
            table.lines.push(line);
            for (cell, column) in record.iter().zip(&mut numbers) {
                let Some(values) = column else { continue };
                match number(cell) {
                    Some(value) => values.push(value),
                    None => *column = None,
                }
            }
        }
        if table.lines.is_empty() && faults.is_empty() {
            faults.push(Fault::new("", "no row below the header"));
        }
        if !faults.is_empty() {
            return Err(faults);
        }
        table.cells = numbers
            .into_iter()
            .enumerate()
            .map(|(place, values)| values.map_or_else(|| words(text, place), Cells::Numbers))
            .collect();
        Ok(table)
    }

    /// How many rows.
    pub fn rows(&self) -> usize {
        self.lines.len()
    }

    /// A column by name.
    ///
    /// # Errors
    /// A fault that lists the columns.
    pub fn column(&self, name: &str) -> Result<&Cells, Fault> {
        let place = self.names.iter().position(|n| n == name);
        place.map(|place| &self.cells[place]).ok_or_else(|| {
            Fault::new("line 1", format!("no column '{name}' (there are: {})", self.names.join(", ")))
        })
    }

    /// A column of numbers by name.
    ///
    /// # Errors
    /// A fault: there is no such column, or where its first cell stands that is no number.
    pub fn numbers(&self, name: &str) -> Result<&[f64], Fault> {
        match self.column(name)? {
            Cells::Numbers(values) => Ok(values),
            Cells::Words { codes, levels } => {
                let is_word = |code: &u32| number(&levels[*code as usize]).is_none();
                let row = codes.iter().position(is_word).unwrap_or(0);
                let word = &levels[codes[row] as usize];
                let place = format!("line {}, {name}", self.lines[row]);
                Err(Fault::new(
                    place,
                    format!("'{word}' is not allowed (a number, or nothing where the row failed)"),
                ))
            }
        }
    }
}

impl Cells {
    /// The column for discovery. Numbers may be NaN in it.
    pub fn to_column(&self) -> Column {
        match self {
            Self::Numbers(values) => Column::Numbers(values.clone()),
            Self::Words { codes, levels } => {
                Column::Categories { codes: codes.clone(), levels: levels.len() }
            }
        }
    }
}

fn reader(text: &str) -> csv::Reader<&[u8]> {
    csv::ReaderBuilder::new().flexible(true).trim(csv::Trim::All).from_reader(text.as_bytes())
}

/// A number, NaN for an empty cell; nothing for a word.
fn number(cell: &str) -> Option<f64> {
    if cell.is_empty() { Some(f64::NAN) } else { cell.parse().ok() }
}

fn header(text: &str) -> Result<Vec<String>, Vec<Fault>> {
    let mut reader = reader(text);
    let header =
        reader.headers().map_err(|error| vec![Fault::new("line 1", format!("no header: {error}"))])?;
    let names: Vec<String> = header.iter().map(str::to_owned).collect();
    if let [one] = names.as_slice()
        && let Some(sign) = [';', '\t'].into_iter().find(|sign| one.contains(*sign))
    {
        // What spreadsheets write where the comma is the decimal sign.
        let message = format!("cells are separated by {sign:?}; commas are needed, and decimal points");
        return Err(vec![Fault::new("line 1", message)]);
    }
    let mut faults = Vec::new();
    for (place, name) in names.iter().enumerate() {
        if name.is_empty() {
            faults.push(Fault::new("line 1", format!("column {} has no name", place + 1)));
        } else if names[..place].contains(name) {
            faults.push(Fault::new("line 1", format!("column '{name}' stands twice")));
        }
    }
    if faults.is_empty() { Ok(names) } else { Err(faults) }
}

/// A column once more, as words.
fn words(text: &str, place: usize) -> Cells {
    let mut reader = reader(text);
    let cells: Vec<String> =
        reader.records().flatten().filter_map(|record| record.get(place).map(str::to_owned)).collect();
    let mut levels = cells.clone();
    levels.sort_unstable();
    levels.dedup();
    let code = |cell: &String| levels.partition_point(|level| level < cell) as u32;
    Cells::Words { codes: cells.iter().map(code).collect(), levels }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn faults(text: &str) -> String {
        Table::parse(text).unwrap_err().iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
    }

    #[test]
    fn all_faults_of_the_form_are_told() {
        assert_eq!(
            faults("a;b\n1;2\n"),
            "line 1: cells are separated by ';'; commas are needed, and decimal points"
        );
        assert_eq!(faults("a,a,\n"), "line 1: column 'a' stands twice\nline 1: column 3 has no name");
        assert_eq!(
            faults("a,b\n1\n1,2\n3,4,5\n"),
            "line 2: 1 cells instead of 2\nline 4: 3 cells instead of 2"
        );
        assert_eq!(faults("a,b\n"), "no row below the header");
        assert!(Table::parse("").is_err());
    }

    #[test]
    fn a_word_among_numbers_is_told_with_its_line() {
        let table = Table::parse("x,y\n1,2\n1,oops\n1,3\n").unwrap();
        let fault = table.numbers("y").unwrap_err().to_string();
        assert_eq!(fault, "line 3, y: 'oops' is not allowed (a number, or nothing where the row failed)");
        assert!(table.numbers("z").unwrap_err().to_string().contains("there are: x, y"));
    }
}
