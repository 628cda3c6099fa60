//! Events: steps, shocks and switches that happen by chance.

use super::Name;

/// Something that may happen in a year (events.csv).
#[derive(Debug, Clone)]
pub struct Event {
    /// Identifier (`accident`).
    pub id: String,
    /// What it is.
    pub label: Name,
    /// One flag a town of the case: can it happen there?
    pub towns: Vec<bool>,
    /// Yearly probability under each scenario of the case (same order).
    pub probability: Vec<f64>,
    /// True when it happens at most once a run.
    pub once: bool,
    /// What makes it likelier.
    pub trigger: Option<Trigger>,
    /// What it does.
    pub effects: Vec<Effect>,
    /// Where its numbers come from.
    pub basis: String,
}

/// While the price level of the town's mix is below `price_below` of its long-run level mu, the event's
/// probability is multiplied.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Trigger {
    /// Fraction of mu.
    pub price_below: f64,
    /// Factor on the probability.
    pub multiplier: f64,
}

/// What an event does.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Effect {
    /// Moves the plan of a driver for good, by so much on the link scale.
    Plan {
        /// Index of the driver.
        driver: usize,
        /// Shift on the link scale.
        shift: f64,
    },
    /// Enters the innovation of that year, by so much on the link scale.
    Shock {
        /// Index of the driver.
        driver: usize,
        /// Shift on the link scale.
        shift: f64,
    },
    /// Sets a switch.
    Switch {
        /// Index of the sub-indicator.
        sub_indicator: usize,
        /// 100 if true, 0 if not.
        on: bool,
    },
}
