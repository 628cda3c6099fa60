//! Tables as CSV: every row through one writer, which quotes what needs it, and which spreadsheets can open
//! without taking a name for a formula.

use std::fmt::{Display, Write as _};

use crate::text::is_formula;

/// A table that is being written.
pub(crate) struct Records {
    writer: csv::Writer<Vec<u8>>,
    cell: String,
}

impl Records {
    /// A table with this header.
    pub(crate) fn new(header: &[&str]) -> Self {
        let mut records = Self { writer: csv::Writer::from_writer(Vec::new()), cell: String::new() };
        records.row(header, &[], &[]);
        records
    }

    /// A row: texts, then numbers as they read back, then texts.
    pub(crate) fn row(&mut self, texts: &[&str], numbers: &[&dyn Display], more: &[&str]) {
        // Writing to memory cannot fail; a row of another length than the header would, and there is none.
        for text in texts {
            self.text(text);
        }
        for number in numbers {
            self.cell.clear();
            let _ = write!(self.cell, "{number}");
            // What is undefined has no number: an empty cell.
            if matches!(self.cell.as_str(), "NaN" | "inf" | "-inf") {
                self.cell.clear();
            }
            let _ = self.writer.write_field(&self.cell);
        }
        for text in more {
            self.text(text);
        }
        let _ = self.writer.write_record(None::<&[u8]>);
    }

    fn text(&mut self, text: &str) {
        let _ = if is_formula(text) {
            self.writer.write_field(format!("'{text}"))
        } else {
            self.writer.write_field(text)
        };
    }

    /// The table as text.
    pub(crate) fn finish(self) -> String {
        let bytes = self.writer.into_inner().unwrap_or_default();
        String::from_utf8_lossy(&bytes).into_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_quoted_where_needed_and_no_name_is_a_formula() {
        let mut records = Records::new(&["id", "name", "value", "unit"]);
        records.row(&["a,b", "say \"so\""], &[&-1.5], &["=1+1"]);
        records.row(&["-1.5", "@home"], &[&f64::NAN], &["- none"]);
        let text = records.finish();
        assert_eq!(text, "id,name,value,unit\n\"a,b\",\"say \"\"so\"\"\",-1.5,'=1+1\n-1.5,'@home,,'- none\n");
        let mut reader = csv::Reader::from_reader(text.as_bytes());
        let rows: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
        assert_eq!(rows[0].iter().collect::<Vec<_>>(), ["a,b", "say \"so\"", "-1.5", "'=1+1"]);
    }
}
