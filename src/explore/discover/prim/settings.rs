//! How PRIM goes about it.

/// How PRIM goes about it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Settings {
    /// Share of the box that a peel takes away, about.
    pub peel: f64,
    /// Share of what lies beyond a side that a paste gives back, about.
    pub paste: f64,
    /// Smallest share of all rows that a box may hold.
    pub mass_min: f64,
}

impl Default for Settings {
    /// The values of EMA Workbench: 0.05 each.
    fn default() -> Self {
        Self { peel: 0.05, paste: 0.05, mass_min: 0.05 }
    }
}
