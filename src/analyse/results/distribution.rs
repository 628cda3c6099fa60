//! Estimates with their Monte Carlo errors, and the distributions that they describe.

pub use crate::engine::{Bin, Bins};

/// Probabilities of the quantiles that every distribution reports.
pub const QUANTILES: [f64; 11] = [0.01, 0.025, 0.05, 0.10, 0.25, 0.50, 0.75, 0.90, 0.95, 0.975, 0.99];

/// Index of the median in [`QUANTILES`].
pub const MEDIAN: usize = 5;

/// An estimate and its Monte Carlo standard error, in the same unit.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Estimate {
    /// The estimate.
    pub value: f64,
    /// Its standard error over repetitions with other seeds.
    pub mcse: f64,
    /// Of a share the number of runs that it is a share of; 0 for anything else.
    pub runs: u64,
}

/// A distribution, summarised, over the runs in which the quantity is defined.
#[derive(Debug, Clone)]
pub struct Distribution {
    /// Mean.
    pub mean: Estimate,
    /// Mean by control variates: an estimate of the same, usually with a smaller error; none where there are
    /// no controls, and of differences.
    pub mean_cv: Option<Estimate>,
    /// Standard deviation.
    pub sd: Estimate,
    /// Smallest value of all runs.
    pub min: f64,
    /// Largest value of all runs.
    pub max: f64,
    /// Quantiles at [`QUANTILES`].
    pub quantiles: [Estimate; QUANTILES.len()],
    /// True where the quantile lies in an end bin, so that it is a bound rather than an estimate.
    pub open_ended: [bool; QUANTILES.len()],
    /// Histogram: empty bins at both ends are left out.
    pub bins: Bins,
}

impl Distribution {
    /// The median.
    pub fn median(&self) -> Estimate {
        self.quantiles[MEDIAN]
    }
}

/// Difference of a scenario to the reference scenario, run by run.
#[derive(Debug, Clone)]
pub struct Paired {
    /// Index into [`super::Results::quantities`].
    pub quantity: usize,
    /// Distribution of the difference.
    pub difference: Distribution,
    /// Probability of being better than the reference, ties counting half; none where neither direction is.
    pub better: Option<Estimate>,
}
