//! What was seen since the base year: outcomes that forecasts are held against, never fitted to.

/// One figure seen since the base year (observed.csv).
#[derive(Debug, Clone, PartialEq)]
pub struct ObservedValue {
    /// Place of the town in the case; none for the region.
    pub town: Option<usize>,
    /// The year it is about; a year before the base year has no effect.
    pub year: i32,
    /// A quantity of the town (driver, composite, tracked sub-indicator, population, count of persons), an indicator
    /// of the panel that is the whole history of a driver, or an index of the region.
    pub quantity: String,
    /// The value, in `unit`.
    pub value: f64,
    /// Its unit.
    pub unit: String,
    /// Who says so.
    pub source: String,
    /// What a reader must know of it.
    pub note: String,
    /// How it can be set beside a forecast.
    pub comparable: Comparable,
}

/// How an observed value can be set beside a forecast.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Comparable {
    /// As it stands: same unit, same borders as the model's.
    Yes,
    /// Only its ratio to the value of the same series in the base year.
    Growth,
    /// Not at all: it is listed, neither drawn nor scored.
    No,
}

impl Comparable {
    /// As the file writes it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Yes => "yes",
            Self::Growth => "growth",
            Self::No => "no",
        }
    }
}
