//! From a histogram to a [`Distribution`]: each number with its Monte Carlo error and its interval.

use statrs::distribution::{Binomial, DiscreteCDF};

use super::interval::{TAIL, Z};
use super::results::{Distribution, Estimate, Mark, QUANTILES};
use crate::engine::{Histogram, Quantiles};

/// A mean is normal enough for its interval when n > 25 G^2, G the skewness (Cochran 1977, Sampling Techniques,
/// 3rd edition, section 2.15): 95 % intervals then miss at most 6 %.
const COCHRAN: f64 = 25.0;
/// Fewer runs than these make a standard deviation: (sum of squares)^2 / sum of fourth powers, the number of runs that
/// would have made it if all had lain equally far from the mean.
const FEW: f64 = 100.0;

/// Ranks between which the quantiles of so many runs lie with 95 % confidence.
///
/// The number of runs below a quantile of probability p is binomial, whatever the distribution: the order statistics
/// of ranks l and u hold the quantile between them unless fewer than l or at least u runs lie below, each of which
/// comes with a probability of at most 2.5 % (David and Nagaraja 2003, Order Statistics, 3rd edition, section 7.1).
/// With few runs there is no such rank for an outer quantile: none of 367 is low enough for 1 %.
#[derive(Debug, Clone)]
pub(super) struct Ranks {
    runs: u64,
    of: [[Option<u64>; 2]; QUANTILES.len()],
}

impl Ranks {
    pub(super) fn of(runs: u64) -> Self {
        Self { runs, of: QUANTILES.map(|p| ranks(p, runs)) }
    }

    /// The two ranks of a quantile of [`QUANTILES`]; none where no run is far enough out.
    pub(super) fn quantile(&self, k: usize) -> [Option<u64>; 2] {
        self.of[k]
    }

    pub(super) fn runs(&self) -> u64 {
        self.runs
    }
}

fn ranks(p: f64, runs: u64) -> [Option<u64>; 2] {
    let Ok(below) = Binomial::new(p, runs) else { return [None; 2] };
    let (low, high) = (below.inverse_cdf(TAIL), below.inverse_cdf(1.0 - TAIL) + 1);
    [Some(low).filter(|rank| *rank > 0), Some(high).filter(|rank| *rank <= runs)]
}

/// Summarises a histogram; `ranks` are those of all runs.
pub(super) fn distribution(histogram: &Histogram<'_>, ranks: &Ranks) -> Distribution {
    let of_defined;
    let ranks = if ranks.runs == histogram.runs {
        ranks
    } else {
        of_defined = Ranks::of(histogram.runs);
        &of_defined
    };
    let ready = histogram.quantiles();
    Distribution {
        mean: Estimate {
            mark: mean_mark(histogram),
            ..Estimate::mean(histogram.mean, histogram.sd, histogram.runs)
        },
        mean_cv: None,
        sd: sd(histogram),
        min: histogram.min,
        max: histogram.max,
        quantiles: std::array::from_fn(|k| quantile(&ready, histogram.runs, QUANTILES[k], ranks.of[k])),
        bins: histogram.bins(),
    }
}

/// A quantile: its mcse is half the distance between the quantiles one standard error of its rank,
/// sqrt(p (1 - p) / n), below and above.
fn quantile(ready: &Quantiles<'_>, runs: u64, p: f64, ranks: [Option<u64>; 2]) -> Estimate {
    let (value, is_bound) = ready.at(p);
    let step = (p * (1.0 - p) / runs as f64).sqrt();
    let width = ready.at(p + step).0 - ready.at(p - step).0;
    let read = ready.around(p, ranks);
    let mark = match (is_bound, read.spans_gap) {
        (true, _) => Some(Mark::Bound),
        (_, true) => Some(Mark::Gap),
        _ => None,
    };
    // The quantile is interpolated, and a rank beside it may be read a hair further in.
    let ends = (read.low.min(value), read.high.max(value));
    Estimate { ends: Some(ends), mark, ..Estimate::new(value, 0.5 * width) }
}

/// True where the mean owes too much to a few runs for its interval.
fn mean_mark(histogram: &Histogram<'_>) -> Option<Mark> {
    let skewness = histogram.shape?.skewness;
    (histogram.runs as f64 <= COCHRAN * skewness * skewness).then_some(Mark::Few)
}

/// A standard deviation s. Of the variance s^2 of n independent values of any distribution with kurtosis b the
/// variance is s^4 (b - (n - 3)/(n - 1))/n, so that mcse(s) = s sqrt((b - (n - 3)/(n - 1))/n)/2. Its interval is
/// Bonett's (2006, doi:10.1016/j.csda.2004.10.003), symmetric for ln s: with c = n/(n - z) and z = 1.96, ln s^2 lies
/// within z c sqrt((b - (n - 3)/n)/(n - 1)) of ln(c s^2); the kurtosis is about the mean.
fn sd(histogram: &Histogram<'_>) -> Estimate {
    let (s, n) = (histogram.sd, histogram.runs as f64);
    let Some(shape) = histogram.shape else {
        let is_flat = s == 0.0;
        let mark = (!is_flat && s.is_finite()).then_some(Mark::Unknown);
        return Estimate { mark, ..Estimate::new(s, if is_flat { 0.0 } else { f64::NAN }) };
    };
    let b = shape.kurtosis;
    let mcse = 0.5 * s * ((b - (n - 3.0) / (n - 1.0)).max(0.0) / n).sqrt();
    let c = n / (n - Z);
    let arm = 0.5 * Z * c * ((b - (n - 3.0) / n) / (n - 1.0)).sqrt();
    let ends = (n > 3.0).then(|| (c.sqrt() * s * (-arm).exp(), c.sqrt() * s * arm.exp()));
    let mark = (n / b < FEW).then_some(Mark::Few);
    Estimate { ends, mark, ..Estimate::new(s, mcse) }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// By the binomial law itself: the ranks hold the quantile in at least 95 of 100 samples, the next ones do not.
    #[test]
    fn ranks_are_the_narrowest_that_hold_the_quantile() {
        for (p, n) in [(0.01, 2000), (0.5, 2000), (0.95, 400), (0.975, 10_000)] {
            let [Some(low), Some(high)] = ranks(p, n) else { panic!("{p} of {n}") };
            let below = Binomial::new(p, n).unwrap();
            let missed_low = |rank: u64| if rank == 0 { 0.0 } else { below.cdf(rank - 1) };
            let missed_high = |rank: u64| below.sf(rank - 1);
            assert!(missed_low(low) <= TAIL && missed_low(low + 1) > TAIL, "{p} of {n}: {low}");
            assert!(missed_high(high) <= TAIL && missed_high(high - 1) > TAIL, "{p} of {n}: {high}");
        }
        // Published (Conover 1999, Practical Nonparametric Statistics, 3rd edition, section 3.2, and tables of the sign
        // test): the median of 20 lies between the 6th and the 15th with 95.9 %.
        assert_eq!(ranks(0.5, 20), [Some(6), Some(15)]);
        assert_eq!((ranks(0.01, 367)[0], ranks(0.01, 368)[0]), (None, Some(1)));
        assert_eq!(ranks(0.5, 3), [None, None]);
    }
}
