//! A box on the way.

use crate::explore::discover::Restriction;

/// A box on the way.
#[derive(Debug, Clone, PartialEq)]
pub struct Step {
    /// Rows in the box.
    pub rows: usize,
    /// Rows of interest in the box.
    pub of_interest: usize,
    /// Share of all rows of interest that lie in the box.
    pub coverage: f64,
    /// Share of the box that is of interest.
    pub density: f64,
    /// Share of all rows that lie in the box.
    pub mass: f64,
    /// The sides that leave out something, in the order of the factors.
    pub restrictions: Vec<Restriction>,
}

impl Step {
    /// Monte Carlo error of the coverage, that of a share of the rows of interest.
    pub fn coverage_mcse(&self) -> f64 {
        if self.of_interest == 0 {
            return 0.0;
        }
        (self.coverage * (1.0 - self.coverage) / (self.of_interest as f64 / self.coverage)).sqrt()
    }

    /// Monte Carlo error of the density, that of a share of the rows in the box.
    pub fn density_mcse(&self) -> f64 {
        (self.density * (1.0 - self.density) / self.rows.max(1) as f64).sqrt()
    }
}
