//! Commodities, their observed prices and the process that carries them on.

use super::Name;

/// A commodity with a world price (price_history.csv, `price_process.csv`).
#[derive(Debug, Clone)]
pub struct Commodity {
    /// Identifier (`copper`).
    pub id: String,
    /// Its name.
    pub name: Name,
    /// Unit of its price.
    pub unit: String,
    /// Observed years in order, without gaps, the base year among them.
    pub observed: Vec<ObservedPrice>,
    /// Yearly reversion rate rho of the log real price.
    pub reversion: f64,
    /// Innovation sd of the mean-reverting branch, log per year.
    pub sd_reverting: f64,
    /// Innovation sd of the random-walk branch, log per year.
    pub sd_walk: f64,
    /// Long-run real price mu.
    pub level: f64,
    /// Standard error of ln mu.
    pub level_se: f64,
    /// Where its numbers come from.
    pub basis: String,
}

impl Commodity {
    /// The observed price of a year, if there is one.
    pub fn price(&self, year: i32) -> Option<ObservedPrice> {
        self.observed.iter().find(|o| o.year == year).copied()
    }
}

/// Real price of one year.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ObservedPrice {
    /// The year.
    pub year: i32,
    /// Annual average.
    pub average: f64,
    /// December.
    pub december: f64,
}

/// How prices go on after the last observed year.
#[derive(Debug, Clone, PartialEq)]
pub enum PriceProcess {
    /// One of the two branches, drawn once a run for all commodities: the random walk with this probability.
    Mixture {
        /// Probability of the random-walk branch.
        walk: f64,
    },
    /// The random-walk branch alone.
    RandomWalk,
    /// The mean-reverting branch alone.
    MeanReversion,
    /// Given real annual averages, from the year after the base year: `path[commodity][year]`, observed
    /// years included; the last value holds on.
    Fixed(Vec<Vec<f64>>),
}

/// Everything about prices that commodities share (prices.toml).
#[derive(Debug, Clone)]
pub struct PriceModel {
    /// How prices go on.
    pub process: PriceProcess,
    /// Yearly inflation that the driftless nominal walk loses in real terms (0.025).
    pub inflation: f64,
    /// Degrees of freedom of the Student-t innovations; 5 is the only value the engine draws.
    pub degrees_of_freedom: u32,
    /// Floor of chi-squared/3, which keeps the moments of the price itself finite.
    pub scale_floor: f64,
    /// Correlation of the innovations, in the order of the commodities.
    pub correlation: Vec<Vec<f64>>,
}
