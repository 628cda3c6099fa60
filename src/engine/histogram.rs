//! The distribution of one thing over all runs, and how to read it.

use super::binning::{Axis, BINS, Binning};
use super::bins::Bins;
use super::higher_moments::StandardisedMoments;

/// The distribution of one thing over all runs in which it is defined.
#[derive(Debug, Clone)]
pub struct Histogram<'a> {
    /// Number of these runs.
    pub runs: u64,
    /// Mean.
    pub mean: f64,
    /// Standard deviation, n - 1 in the denominator.
    pub sd: f64,
    /// Skewness and kurtosis; none where nothing varies, and where their sums went beyond their range.
    pub shape: Option<StandardisedMoments>,
    /// Smallest value, exact.
    pub min: f64,
    /// Largest value, exact.
    pub max: f64,
    /// Counts and what the bins stand for; none for a constant.
    pub(super) counts: Option<(&'a [u32; BINS], &'a Binning)>,
}

/// How far into a bin, as a share of its width, the counts from its lower edge reach `target`; `counts` are those of
/// the bin and its two neighbours.
///
/// The cumulative count is the cubic through the bin's edges whose slope at an edge is the harmonic mean of the
/// two bins that meet there, which keeps it monotone (Fritsch and Butland 1984, doi:10.1137/0905021). Its error falls
/// with a higher power of the bin's width than that of a straight line, which assumes that runs lie evenly.
fn within_bin([before, count, after]: [f64; 3], target: f64) -> f64 {
    if count <= 0.0 {
        return 0.0;
    }
    let slope = |a: f64, b: f64| if a + b > 0.0 { 2.0 * a * b / (a + b) } else { 0.0 };
    let (low, high) = (slope(before, count), slope(count, after));
    let reached = |s: f64| s * (low + s * (3.0 * count - 2.0 * low - high + s * (low + high - 2.0 * count)));
    // Halving: the cubic is monotone, but may be flat at an edge.
    let (mut from, mut to) = (0.0, 1.0);
    for _ in 0..52 {
        let middle = 0.5 * (from + to);
        if reached(middle) < target { from = middle } else { to = middle }
    }
    0.5 * (from + to)
}

impl Histogram<'_> {
    /// Of what is defined in no run.
    pub(super) const NOTHING: Self = Self {
        runs: 0,
        mean: f64::NAN,
        sd: f64::NAN,
        shape: None,
        min: f64::NAN,
        max: f64::NAN,
        counts: None,
    };

    /// The value that a share `probability` of the runs does not exceed: see [`Quantiles::at`].
    pub fn quantile(&self, probability: f64) -> (f64, bool) {
        self.quantiles().at(probability)
    }

    /// Makes the histogram ready for being asked for many quantiles.
    pub fn quantiles(&self) -> Quantiles<'_> {
        let mut reached = 0;
        let add = |n: &u32| {
            reached += u64::from(*n);
            reached as f64
        };
        Quantiles {
            histogram: self,
            reached: self.counts.map_or_else(Vec::new, |c| c.0.iter().map(add).collect()),
        }
    }

    /// Bins from the first to the last one that holds a run.
    pub fn bins(&self) -> Bins {
        let ends = [self.min, self.max];
        match self.counts {
            _ if self.runs == 0 => [].into_iter().collect(),
            Some((counts, binning)) if matches!(binning.axis, Axis::Counted(_)) => {
                Bins::of(counts, binning, ends)
            }
            Some((counts, binning)) if self.min < self.max && binning.width > 0.0 => {
                Bins::of(counts, binning, ends)
            }
            _ => Bins::one(ends, self.runs),
        }
    }
}

/// Where two order statistics lie.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RankInterval {
    /// Not above the lower of the two; minus infinity where there is none.
    pub low: f64,
    /// Not below the upper of the two; infinity where there is none.
    pub high: f64,
    /// True where a stretch of bins without a run is longer than half the way between them, or one of the two is more
    /// than four times as far from the quantile as the other and a bin: a gap of the distribution, or a valley.
    pub spans_gap: bool,
}

/// A histogram and its cumulative counts.
#[derive(Debug)]
pub struct Quantiles<'a> {
    histogram: &'a Histogram<'a>,
    /// Runs up to and in each bin.
    reached: Vec<f64>,
}

impl Quantiles<'_> {
    /// The value that a share `probability` of the runs does not exceed, by monotone cubic interpolation of the
    /// counts on the histogram's axis (Fritsch and Butland 1984, doi:10.1137/0905021), and whether it is only a
    /// bound: true where it lies in an end bin that also holds values from beyond the edge.
    pub fn at(&self, probability: f64) -> (f64, bool) {
        let Histogram { runs, mean, min, max, counts, .. } = *self.histogram;
        let Some((counts, binning)) = counts else { return (mean, false) };
        if min >= max {
            return (min, false);
        }
        let target = (probability * runs as f64).clamp(0.0, runs as f64);
        // The first bin that holds a run and reaches the target.
        let mut bin = self.reached.partition_point(|n| *n < target || *n == 0.0).min(BINS - 1);
        while counts[bin] == 0 && bin > 0 {
            bin -= 1;
        }
        let below = self.reached[bin] - f64::from(counts[bin]);
        if let Axis::Counted(values) = &binning.axis {
            return (values.iter().find(|v| v.0 == bin).map_or(min, |v| v.1), false);
        }
        let neighbour = |k: Option<usize>| k.and_then(|k| counts.get(k)).map_or(0.0, |c| f64::from(*c));
        let (before, after) = (neighbour(bin.checked_sub(1)), neighbour(Some(bin + 1)));
        let share = within_bin([before, f64::from(counts[bin]), after], target - below);
        let position = binning.low + binning.width * (bin as f64 + share);
        let low_end = bin == 0 && min < binning.edge(0);
        let high_end = bin == BINS - 1 && max > binning.edge(BINS);
        (binning.natural(position).clamp(min, max), low_end || high_end || binning.width == 0.0)
    }
}

impl Quantiles<'_> {
    /// Where the order statistics of two ranks beside a quantile lie, counted from 1; none stands for the end of the
    /// line.
    ///
    /// Where runs lie evenly, an end is read within its bin, by the cubic of [`Quantiles::at`]: bins are a fortieth of
    /// a standard deviation wide, which with many runs is as much as the interval. Where they do not, because a
    /// neighbour is empty or the bin holds more than three times as many, nothing is known of where in the bin the
    /// runs lie, and the end is the edge of the bin on the outer side.
    pub fn around(&self, probability: f64, [low, high]: [Option<u64>; 2]) -> RankInterval {
        let Histogram { mean, min, max, counts, .. } = *self.histogram;
        let everywhere = |x: f64| RankInterval {
            low: low.map_or(f64::NEG_INFINITY, |_| x),
            high: high.map_or(f64::INFINITY, |_| x),
            spans_gap: false,
        };
        let Some((counts, _)) = counts else { return everywhere(mean) };
        if min >= max {
            return everywhere(min);
        }
        let low = low.map(|rank| self.order_statistic(rank, false));
        let high = high.map(|rank| self.order_statistic(rank, true));
        let first = low.map_or_else(|| counts.iter().position(|n| *n > 0).unwrap_or(0), |low| low.0);
        let last = high.map_or_else(|| counts.iter().rposition(|n| *n > 0).unwrap_or(0), |high| high.0);
        let target = probability * self.histogram.runs as f64;
        let middle = self.reached.partition_point(|n| *n < target || *n == 0.0).clamp(first, last.max(first));
        let arms = [low.map(|_| middle - first), high.map(|_| last.max(first) - middle)];
        let is_lopsided = matches!(arms, [Some(a), Some(b)] if a.max(b) > 4 * (a.min(b) + 1));
        // The longest stretch of empty bins between two that hold runs.
        let (mut empty, mut longest) = (0, 0);
        for n in &counts[first.min(last)..=last] {
            empty = if *n == 0 { empty + 1 } else { 0 };
            longest = longest.max(empty);
        }
        RankInterval {
            low: low.map_or(f64::NEG_INFINITY, |low| low.1),
            high: high.map_or(f64::INFINITY, |high| high.1),
            spans_gap: is_lopsided || (longest > 1 && 2 * longest > last - first),
        }
    }

    /// The bin of an order statistic, and its place there: as read, or the bin's edge on the outer side.
    fn order_statistic(&self, rank: u64, upwards: bool) -> (usize, f64) {
        let Histogram { min, max, counts, .. } = *self.histogram;
        let Some((counts, binning)) = counts else { return (0, min) };
        let bin = self.reached.partition_point(|n| *n < rank as f64).min(BINS - 1);
        if let Axis::Counted(values) = &binning.axis {
            return (bin, values.iter().find(|v| v.0 == bin).map_or(min, |v| v.1));
        }
        let is_end = bin == 0 || bin == BINS - 1 || binning.width == 0.0;
        let place = if !is_end && 3 * counts[bin - 1].min(counts[bin + 1]) >= counts[bin] {
            let below = self.reached[bin] - f64::from(counts[bin]);
            let around = [counts[bin - 1], counts[bin], counts[bin + 1]].map(f64::from);
            let share = within_bin(around, rank as f64 - 0.5 - below);
            binning.natural(binning.low + binning.width * (bin as f64 + share))
        } else if upwards {
            if bin == BINS - 1 || binning.width == 0.0 { max } else { binning.edge(bin + 1) }
        } else if bin == 0 {
            min
        } else {
            binning.edge(bin)
        };
        (bin, place.clamp(min, max))
    }
}

#[cfg(test)]
mod tests {
    use super::super::binning::{Axis, BINS, Binning};
    use super::{Histogram, within_bin};

    /// Counts in bins of width 1 from 0.
    fn ranks(counts: &[(usize, u32)], p: f64, ranks: [Option<u64>; 2]) -> (f64, f64, bool) {
        let mut all = [0; BINS];
        for (bin, n) in counts {
            all[*bin] = *n;
        }
        let runs = counts.iter().map(|c| u64::from(c.1)).sum();
        let binning = Binning::between(0.0, BINS as f64, Axis::Natural);
        let (min, max) = (counts[0].0 as f64 + 0.25, counts[counts.len() - 1].0 as f64 + 0.75);
        let histogram =
            Histogram { runs, mean: 0.0, sd: 1.0, shape: None, min, max, counts: Some((&all, &binning)) };
        let read = histogram.quantiles().around(p, ranks);
        (read.low, read.high, read.spans_gap)
    }

    #[test]
    fn ends_are_read_within_even_bins_and_outwards_beside_a_gap() {
        let even: Vec<(usize, u32)> = (100..120).map(|bin| (bin, 10)).collect();
        let (low, high, gap) = ranks(&even, 0.5, [Some(56), Some(145)]);
        assert!((low - 105.55).abs() < 1e-9 && (high - 114.45).abs() < 1e-9 && !gap, "{low} {high}");
        // Two humps, sixty bins apart.
        let humps = [(10, 40), (11, 40), (12, 20), (72, 30), (73, 40), (74, 30)];
        assert_eq!(ranks(&humps, 0.5, [Some(95), Some(106)]), (12.0, 73.0, true));
        assert_eq!(ranks(&humps, 0.55, [Some(101), Some(125)]), (72.0, 73.0, false));
        // A valley, thinly filled: the quantile is on one side, the interval reaches to the other.
        let mut valley: Vec<(usize, u32)> = (20..50).map(|bin| (bin, 1)).collect();
        valley.splice(0..0, (15..20).map(|bin| (bin, 20)));
        valley.extend((50..60).map(|bin| (bin, 90)));
        let (low, high, gap) = ranks(&valley, 0.095, [Some(80), Some(118)]);
        assert!(gap && (18.0..20.0).contains(&low) && (37.0..39.0).contains(&high), "{low} {high}");
        // An atom: nothing is known of where in its bin it lies.
        assert_eq!(ranks(&[(10, 5), (11, 90), (12, 5)], 0.5, [Some(40), Some(60)]), (11.0, 12.0, false));
        // Too few runs for an end, and the ends of all runs.
        let (low, high, _) = ranks(&humps, 0.5, [None, None]);
        assert_eq!((low, high), (f64::NEG_INFINITY, f64::INFINITY));
        assert_eq!(ranks(&humps, 0.5, [Some(1), Some(200)]), (10.25, 74.75, true));
    }

    #[test]
    fn a_bin_is_read_by_a_monotone_cubic() {
        // Even bins: a straight line.
        assert!((within_bin([8.0, 8.0, 8.0], 2.0) - 0.25).abs() < 1e-12);
        // Counts of the exponential density e^-x in bins of width 0.4: the exact place is -ln(1 - share).
        let edge = |k: i32| (-0.4 * f64::from(k)).exp();
        let counts = [1, 2, 3].map(|k| 1e6 * (edge(k) - edge(k + 1)));
        for share in [0.1, 0.5, 0.9] {
            let exact = -(1.0 - share * (1.0 - edge(1))).ln() / 0.4;
            let (cubic, line) = (within_bin(counts, share * counts[1]), share);
            assert!((cubic - exact).abs() < 0.15 * (line - exact).abs(), "{share}: {cubic} {exact}");
        }
        // Empty neighbours and ends.
        assert!((within_bin([0.0, 5.0, 0.0], 2.5) - 0.5).abs() < 1e-12);
        assert!(within_bin([1.0, 5.0, 2.0], 0.0) < 1e-9 && within_bin([1.0, 5.0, 2.0], 5.0) > 1.0 - 1e-9);
        assert_eq!(within_bin([3.0, 0.0, 3.0], 1.0), 0.0);
        let steps: Vec<f64> = (0..=10).map(|k| within_bin([900.0, 5.0, 1.0], 0.5 * f64::from(k))).collect();
        assert!(steps.windows(2).all(|w| w[0] <= w[1]), "{steps:?}");
    }
}
