//! Columns of a sample, and boxes in them.

use crate::explore::given::order;

/// A factor of a sample.
#[derive(Debug, Clone, PartialEq)]
pub enum Column {
    /// Numbers, each finite.
    Numbers(Vec<f64>),
    /// Categories, as places in a list of so many levels.
    Categories {
        /// The level of each row.
        codes: Vec<u32>,
        /// How many levels.
        levels: usize,
    },
}

impl Column {
    /// The rows with these places.
    #[must_use]
    pub fn take(&self, rows: &[usize]) -> Self {
        match self {
            Self::Numbers(x) => Self::Numbers(rows.iter().map(|row| x[*row]).collect()),
            Self::Categories { codes, levels } => {
                Self::Categories { codes: rows.iter().map(|row| codes[*row]).collect(), levels: *levels }
            }
        }
    }

    /// What holds all of it.
    pub(super) fn whole(&self) -> Bounds {
        match self {
            Self::Numbers(x) => Bounds::Range {
                from: x.iter().copied().fold(f64::INFINITY, f64::min),
                to: x.iter().copied().fold(f64::NEG_INFINITY, f64::max),
            },
            Self::Categories { levels, .. } => Bounds::Levels(vec![true; *levels]),
        }
    }

    /// Rows in ascending order; by level for categories.
    pub(super) fn order(&self) -> Vec<usize> {
        match self {
            Self::Numbers(x) => order(x),
            Self::Categories { codes, .. } => {
                let mut rows: Vec<usize> = (0..codes.len()).collect();
                rows.sort_by_key(|row| codes[*row]);
                rows
            }
        }
    }
}

/// A side of a box.
#[derive(Debug, Clone, PartialEq)]
pub enum Bounds {
    /// Both ends belong to it.
    Range {
        /// Lower end.
        from: f64,
        /// Upper end.
        to: f64,
    },
    /// Which levels belong to it.
    Levels(Vec<bool>),
}

/// A side of a box that leaves out something.
#[derive(Debug, Clone, PartialEq)]
pub struct Restriction {
    /// Place of the factor.
    pub factor: usize,
    /// The whole side.
    pub bounds: Bounds,
    /// Quasi-p-value of the lower end (of the levels, for categories): the probability to find as many rows of
    /// interest in the box if it were no denser than without this end. Nothing where the end restricts nothing.
    pub p_from: Option<f64>,
    /// The same of the upper end.
    pub p_to: Option<f64>,
}

impl Restriction {
    /// The larger quasi-p-value of its ends, if there are any.
    pub fn p(&self) -> Option<f64> {
        match (self.p_from, self.p_to) {
            (Some(a), Some(b)) => Some(a.max(b)),
            (a, b) => a.or(b),
        }
    }
}
