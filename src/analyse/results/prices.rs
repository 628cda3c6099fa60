//! Prices of the commodities: observed and simulated.

use super::distribution::{Estimate, QUANTILES};
use crate::case::Name;

/// Prices of the commodities: observed and simulated.
#[derive(Debug, Clone, Default)]
pub struct Prices {
    /// Number of runs that the simulated prices are from: the first of the ensemble, which are sorted.
    pub runs: u64,
    /// Years after the base year whose prices are observed or given, and do not vary.
    pub given: usize,
    /// The commodities, sorted by id.
    pub commodities: Vec<CommodityPrices>,
    /// Every pair of them, in their order.
    pub correlations: Vec<PriceCorrelation>,
}

/// How the yearly changes of two prices (of ln annual averages) go together.
#[derive(Debug, Clone, PartialEq)]
pub struct PriceCorrelation {
    /// Identifier of the first commodity.
    pub a: String,
    /// Identifier of the second commodity.
    pub b: String,
    /// The case's correlation, that of the innovations.
    pub listed: f64,
    /// Correlation over runs, exactly ([`crate::model::PriceLaw::change_correlation`]); none where no price is drawn.
    pub realised: Option<f64>,
    /// Correlation over the observed years in which both changed; none of fewer than three or of a constant.
    pub history: Option<f64>,
    /// Its 95 % interval, as if the changes were independent and normal.
    pub history_interval: Option<(f64, f64)>,
    /// Number of those changes.
    pub history_changes: usize,
}

/// Prices of one commodity: real annual averages in its unit.
#[derive(Debug, Clone)]
pub struct CommodityPrices {
    /// Identifier.
    pub id: String,
    /// Name.
    pub name: Name,
    /// Unit, as files write it.
    pub unit: String,
    /// Unit as people read it, where the case names it.
    pub unit_name: Option<Name>,
    /// Observed annual averages: (year, price).
    pub observed: Vec<(i32, f64)>,
    /// The long-run level to which the reverting branch returns, at its estimate; none without that branch.
    pub level: Option<f64>,
    /// Towns whose enterprise lives on it: (id, name, weight in the town's mix).
    pub towns: Vec<(String, Name, f64)>,
    /// What a stress multiplies the price by, a year each; 1 where none is laid on.
    pub stress: Vec<f64>,
    /// All runs, stress included.
    pub all: PriceFan,
    /// All runs taken along the random walk; none where the process has no two branches to draw.
    pub walk: Option<PriceFan>,
    /// All runs taken along the branch that returns to the long-run level.
    pub reverting: Option<PriceFan>,
}

/// Distribution of a price in each year, as [`super::Setup::years`].
pub type PriceFan = Vec<PriceYear>;

/// Distribution of a price in one year.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PriceYear {
    /// Quantiles at [`QUANTILES`]: order statistics of the sorted runs.
    pub quantiles: [Estimate; QUANTILES.len()],
}
