//! Scenarios: what a future plans for each driver.

use super::{Delivery, Name};

/// How a plan states its shift.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PlanKind {
    /// On a log driver: times so much.
    Multiple,
    /// On a logit driver: the odds times so much.
    Odds,
    /// On an identity driver: plus so much.
    Add,
}

/// The sentence 'driver times 2.8 by 2035'.
#[derive(Debug, Clone, PartialEq)]
pub struct PlanEntry {
    /// How the value is meant.
    pub kind: PlanKind,
    /// The value as written.
    pub value: f64,
    /// Mean shift on the link scale: ln(value), or the value itself for [`PlanKind::Add`].
    pub shift: f64,
    /// Sd of the shift on the link scale.
    pub sd: f64,
    /// Last year without any of the shift.
    pub start: i32,
    /// Year in which the whole shift is reached.
    pub by: i32,
    /// What it costs, in a unit of the case's own, where the case says so.
    pub cost: Option<f64>,
}

/// One of the case's futures.
#[derive(Debug, Clone)]
pub struct Scenario {
    /// Identifier (`diversification`).
    pub id: String,
    /// Its name.
    pub name: Name,
    /// What it means, in a sentence or two.
    pub summary: Name,
    /// Plan of each driver in each town: `plan[town][driver]`.
    pub plan: Vec<Vec<PlanEntry>>,
    /// How much of it comes about.
    pub delivery: Delivery,
}

/// How a plan's shift builds up between its start and its year.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PlanShape {
    /// A straight line.
    Linear,
    /// 3 s^2 - 2 s^3: slow at both ends.
    Smoothstep,
}

impl PlanShape {
    /// Share of the shift reached in `year`: 0 up to `start`, 1 from `by` on.
    pub fn share(self, start: i32, by: i32, year: i32) -> f64 {
        if year >= by {
            return 1.0;
        }
        let s = (f64::from(year - start) / f64::from(by - start)).clamp(0.0, 1.0);
        match self {
            Self::Linear => s,
            Self::Smoothstep => s * s * (3.0 - 2.0 * s),
        }
    }
}
