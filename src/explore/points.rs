//! Points: rows of values, one column a factor.

/// A matrix of points, a row a point.
///
/// # Examples
/// ```
/// use boljam::explore::Points;
/// let points = Points::new(2, vec![0.0, 1.0, 0.5, 0.5]);
/// assert_eq!(points.len(), 2);
/// assert_eq!(points.row(1), [0.5, 0.5]);
/// assert_eq!(points.column(1), [1.0, 0.5]);
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Points {
    columns: usize,
    values: Vec<f64>,
}

impl Points {
    /// Points with so many columns, row after row; values that make no whole row at the end are dropped.
    pub fn new(columns: usize, mut values: Vec<f64>) -> Self {
        values.truncate(values.len().checked_div(columns).unwrap_or(0) * columns);
        Self { columns, values }
    }

    /// How many points.
    pub fn len(&self) -> usize {
        self.values.len().checked_div(self.columns).unwrap_or(0)
    }

    /// True if there is no point.
    pub fn is_empty(&self) -> bool {
        self.values.is_empty()
    }

    /// How many columns.
    pub fn columns(&self) -> usize {
        self.columns
    }

    /// The point with this number, from 0.
    ///
    /// # Panics
    /// Beyond the last point.
    pub fn row(&self, row: usize) -> &[f64] {
        &self.values[row * self.columns..(row + 1) * self.columns]
    }

    /// The points in order.
    pub fn rows(&self) -> impl Iterator<Item = &[f64]> {
        self.values.chunks_exact(self.columns.max(1))
    }

    /// A column, copied out.
    pub fn column(&self, column: usize) -> Vec<f64> {
        self.rows().map(|row| row[column]).collect()
    }
}
