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
    /// Ends of the 95 % interval where they are known better than as so many standard errors: of quantiles, by the
    /// ranks of the runs, and of standard deviations. An end beyond all runs is infinite.
    pub ends: Option<(f64, f64)>,
    /// What a reader of the number should know.
    pub mark: Option<Mark>,
}

/// What a reader of an estimate should know.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mark {
    /// A quantile in an end bin of the histogram, with values from beyond it: a bound rather than an estimate.
    Bound,
    /// A quantile whose interval spans a gap or a valley of the distribution: which side it falls on is left to chance.
    Gap,
    /// A mean or a standard deviation that a few runs make: the error itself is known badly, and may be too small.
    Few,
    /// A standard deviation whose fourth powers went beyond 128 bits: no error is known.
    Unknown,
}

impl Mark {
    /// As tables write it.
    pub fn id(self) -> &'static str {
        match self {
            Self::Bound => "bound",
            Self::Gap => "gap",
            Self::Few => "few",
            Self::Unknown => "unknown",
        }
    }
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
