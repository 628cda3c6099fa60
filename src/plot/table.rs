//! The numbers behind a figure, as a table for those who cannot see it or want to quote it.

use crate::text::is_formula;

/// Headers and rows of text, formatted for the language; each row is as long as the headers.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Table {
    /// What the columns are.
    pub headers: Vec<String>,
    /// The rows.
    pub rows: Vec<Vec<String>>,
}

impl Table {
    /// A table without rows.
    pub fn new(headers: impl IntoIterator<Item = impl Into<String>>) -> Self {
        Self { headers: headers.into_iter().map(Into::into).collect(), rows: Vec::new() }
    }

    /// Adds a row.
    pub fn row(&mut self, cells: impl IntoIterator<Item = impl Into<String>>) {
        self.rows.push(cells.into_iter().map(Into::into).collect());
    }

    /// The table as CSV.
    ///
    /// # Examples
    /// ```
    /// use boljam::plot::Table;
    /// let mut table = Table::new(["town", "people"]);
    /// table.row(["Temirtau", "179,000"]);
    /// assert_eq!(table.csv(), "town,people\nTemirtau,\"179,000\"\n");
    /// ```
    pub fn csv(&self) -> String {
        let mut writer = csv::WriterBuilder::new().flexible(true).from_writer(Vec::new());
        for row in std::iter::once(&self.headers).chain(&self.rows) {
            let cell = |cell: &String| if is_formula(cell) { format!("'{cell}") } else { cell.clone() };
            // Writing to memory cannot fail.
            let _ = writer.write_record(row.iter().map(cell));
        }
        String::from_utf8_lossy(&writer.into_inner().unwrap_or_default()).into_owned()
    }
}
