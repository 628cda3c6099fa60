//! Plain text tables for the terminal.

/// A table whose columns are as wide as their widest cell.
#[derive(Debug, Clone)]
pub struct Grid {
    rows: Vec<Vec<String>>,
    /// True when all columns but the first stand to the right, words as well.
    right: bool,
}

impl Grid {
    /// A table with these column heads.
    pub fn new(header: Vec<String>) -> Self {
        Self { rows: vec![header], right: false }
    }

    /// Columns of numbers with words among them: all but the first to the right.
    #[must_use]
    pub fn right(self) -> Self {
        Self { right: true, ..self }
    }

    /// Adds a row.
    pub fn row(&mut self, cells: Vec<String>) {
        self.rows.push(cells);
    }

    /// The table: numbers to the right, words to the left, two blanks between.
    pub fn render(&self) -> String {
        let columns = self.rows.iter().map(Vec::len).max().unwrap_or(0);
        let width = |c: usize| {
            self.rows.iter().filter_map(|r| r.get(c)).map(|s| s.chars().count()).max().unwrap_or(0)
        };
        let widths: Vec<usize> = (0..columns).map(width).collect();
        let mut out = String::new();
        for row in &self.rows {
            let cell = |(column, (text, width)): (usize, (&String, &usize))| {
                let pad = " ".repeat(width - text.chars().count());
                let number = text
                    .starts_with(|c: char| c.is_ascii_digit() || matches!(c, '-' | '~' | '+' | '<' | '>'));
                if number || (self.right && column > 0) {
                    format!("{pad}{text}")
                } else {
                    format!("{text}{pad}")
                }
            };
            let line = row.iter().zip(&widths).enumerate().map(cell).collect::<Vec<_>>().join("  ");
            out.push_str(line.trim_end());
            out.push('\n');
        }
        out
    }
}
