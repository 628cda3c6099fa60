//! What every part of the backtest speaks of.

/// Fewest yearly changes on which a spread is fitted.
pub const LEAST_CHANGES: usize = 5;
/// Parts into which the probability integral transform is counted.
pub const PIT_BINS: usize = 5;
/// The middle intervals that are scored.
pub const INTERVALS: [f64; 3] = [0.50, 0.80, 0.95];

/// What a forecast knows of the prices of the years ahead.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PricesUsed {
    /// Nothing: they are drawn from the origin.
    Drawn,
    /// All: they are those that came.
    Known,
}

impl PricesUsed {
    /// Both, the headline first.
    pub const ALL: [Self; 2] = [Self::Drawn, Self::Known];

    /// Identifier.
    pub fn id(self) -> &'static str {
        match self {
            Self::Drawn => "drawn",
            Self::Known => "known",
        }
    }
}

/// Why a driver is not scored, or only in part.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Gap {
    /// The case names no history.
    NoHistory,
    /// No town has a value of the base year and one before it.
    NoSeries,
    /// So many changes from one year to the next before the last year; [`LEAST_CHANGES`] are needed.
    FewChanges(usize),
    /// The history never changes, so that no spread can be fitted.
    NoChange,
    /// So many forecasts are left out, since a price of their years is missing.
    NoPrice(usize),
}
