//! Towns: names, price mix, assessment inputs, base levels.

use std::collections::BTreeMap;

use super::Name;

/// A single-industry town.
#[derive(Debug, Clone)]
pub struct Town {
    /// Identifier (`temirtau`).
    pub id: String,
    /// Its name.
    pub name: Name,
    /// Its place on a table-map of the region: (column from the west, row from the north), from 1; rough
    /// geography, for pictures only.
    pub tile: Option<(u32, u32)>,
    /// Its city-forming enterprise.
    pub enterprise: Name,
    /// What the enterprise does.
    pub specialisation: Name,
    /// Weight of each commodity of the case (same order) in the town's price level; they add up to 1.
    pub mix: Vec<f64>,
    /// Base-year value of each sub-indicator of the method (same order).
    pub inputs: Vec<Input>,
    /// Other base-year levels by name (`unemployment`, `population`, `population_growth`).
    pub levels: BTreeMap<String, f64>,
}

/// A base-year value of a sub-indicator.
#[derive(Debug, Clone, PartialEq)]
pub enum Input {
    /// Printed in the source.
    Printed {
        /// The printed value.
        value: f64,
        /// The fraction (numerator, denominator) it was computed from, where the source prints it.
        fraction: Option<(f64, f64)>,
        /// Table of the source.
        source: String,
        /// What is odd about it.
        note: String,
    },
    /// Not in the source: drawn once per run, triangular (or, for a switch, 100 with probability
    /// (low + mode + high)/300).
    Missing {
        /// Lowest value.
        low: f64,
        /// Most likely value.
        mode: f64,
        /// Highest value.
        high: f64,
        /// Why these three.
        basis: String,
    },
}

impl Input {
    /// The printed value, or the mode of a missing one.
    pub fn best(&self) -> f64 {
        match self {
            Self::Printed { value, .. } => *value,
            Self::Missing { mode, .. } => *mode,
        }
    }

    /// True when runs draw different values.
    pub fn is_uncertain(&self) -> bool {
        matches!(self, Self::Missing { low, high, .. } if low < high)
    }
}

impl Town {
    /// True when every input is printed in the source.
    pub fn is_complete(&self) -> bool {
        self.inputs.iter().all(|input| matches!(input, Input::Printed { .. }))
    }
}
