//! Results of one town: a cell a scenario and year, and what goes with it.

use super::distribution::{Distribution, Estimate, Paired};
use crate::case::Name;

/// Results of one town.
#[derive(Debug, Clone)]
pub struct TownResults {
    /// Identifier.
    pub id: String,
    /// Name.
    pub name: Name,
    /// True when every base-year input is printed in the source.
    pub complete: bool,
    /// The scenarios that were run, in the case's order.
    pub scenarios: Vec<ScenarioResults>,
    /// Known events of the town, in order of year; no part of the model.
    pub chronicle: Vec<KnownEvent>,
    /// Place of the town on the case's table-map (column from the west, row from the north, from 1), if
    /// every town of the case has one.
    pub tile: Option<(u32, u32)>,
    /// Observed history, rescaled so that the base year equals the base level: per quantity, (year, value).
    pub history: Vec<Vec<(i32, f64)>>,
    /// What was seen since the base year and can be compared, which no number of the model was fitted to: per quantity,
    /// (year, value).
    pub observed: Vec<Vec<(i32, f64)>>,
}

/// Something that is known to have happened to a town.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownEvent {
    /// Identifier.
    pub id: String,
    /// The year, which may lie before the base year or after it.
    pub year: i32,
    /// What happened.
    pub label: Name,
    /// Who says so.
    pub source: String,
}

/// Results of one town under one scenario.
#[derive(Debug, Clone)]
pub struct ScenarioResults {
    /// Identifier.
    pub id: String,
    /// Name.
    pub name: Name,
    /// One cell a year, as [`super::Setup::years`].
    pub years: Vec<Cell>,
    /// The plan without chance, per quantity and year: inputs at their mode, prices of the base year, mean
    /// plans, no noise, no events. Quantities in the order of [`super::Results::quantities`].
    pub plan: Vec<Vec<f64>>,
    /// Paired differences to the reference scenario; none for the reference itself or when it was not run.
    pub paired: Option<Vec<Vec<Paired>>>,
    /// Per outcome and year: probability that it happens first in that year.
    pub first_passage: Vec<Vec<Estimate>>,
    /// Split of the change of the share since the base year, a year each.
    pub split: Vec<Split>,
    /// Change since the base year that comes from prices already observed, per driver and year, on the
    /// link scale; exact, from the closed form.
    pub observed_prices: Vec<Vec<f64>>,
    /// Change since the base year of the mean that comes from all price moves, observed and expected, per
    /// driver and year, on the link scale; exact, from the closed form.
    pub all_prices: Vec<Vec<f64>>,
    /// Share of the variance that comes from inputs the source does not print, per quantity and year:
    /// 1 - Var(inputs at mode) / Var(all); none when the town's inputs are complete or were not drawn.
    pub input_share: Option<Vec<Vec<f64>>>,
}

/// One town, scenario and year.
#[derive(Debug, Clone)]
pub struct Cell {
    /// Distribution of each quantity.
    pub quantities: Vec<Distribution>,
    /// Probability of each class of each scaled composite.
    pub classes: Vec<Vec<Estimate>>,
    /// Probability that each scaled composite is undefined; with its classes it adds up to 1.
    pub undefined: Vec<Estimate>,
    /// Mean number of votes for each candidate scenario.
    pub votes: Vec<Estimate>,
    /// Each candidate's share of the lead; ties are shared, and with [`Cell::no_lead`] the shares add up to 1.
    pub lead: Vec<Estimate>,
    /// Probability that some composite is undefined, so that nobody leads.
    pub no_lead: Estimate,
    /// Probability that the candidate leads alone.
    pub lead_alone: Vec<Estimate>,
    /// Probability that the candidate is among the leaders.
    pub lead_among: Vec<Estimate>,
    /// Mean margin: best less second-best number of votes, over the runs that have a lead.
    pub margin: Estimate,
}

/// What moved the mono-profile share since the base year: means over runs, in percentage points (mean of
/// the two orders), and on the exact logit scale.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Split {
    /// Change of the share, percentage points.
    pub change: Estimate,
    /// Part due to the enterprise's own output, percentage points.
    pub enterprise: Estimate,
    /// Part due to other output growing (which lowers the share), percentage points.
    pub other: Estimate,
    /// Change of the logit of the share.
    pub logit_change: Estimate,
    /// Parts of it due to the enterprise: plan, price level, events, deviation.
    pub logit_plan: Estimate,
    /// Price level.
    pub logit_price: Estimate,
    /// Events.
    pub logit_events: Estimate,
    /// Deviation from the plan: noise and cross-impacts.
    pub logit_deviation: Estimate,
    /// Less the change of ln other output.
    pub logit_other: Estimate,
}
