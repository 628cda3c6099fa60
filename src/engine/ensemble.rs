//! The ensemble: what a set of runs left behind, and how to read it.

use super::binning::{Axis, BINS, Binning};
use std::ops::Range;

use super::control::{ControlSums, Controls};
use super::layout::{Layout, Layouts};
use super::sums::Moments;
use super::tally::Tally;
use super::together::Shape;
use crate::model::Operand;

/// Runs of a model, tallied.
#[derive(Debug, Clone)]
pub struct Ensemble {
    /// First run and end.
    pub(super) runs: Range<u64>,
    pub(super) layouts: Layouts,
    /// One a town.
    pub(super) tallies: Vec<Tally>,
    /// Runs by how many towns have reached an outcome: a table of [`Shape`].
    pub(super) together: Vec<u64>,
    /// Sums of the control variates of each town.
    pub(super) controls: Vec<ControlSums>,
}

/// The spread of the quantities alone: what is left of an ensemble that is only measured against another.
#[derive(Debug, Clone)]
pub struct Spread {
    pub(super) runs: Range<u64>,
    pub(super) layouts: Layouts,
    /// Sums of each cell and track, one list a town.
    pub(super) moments: Vec<Vec<Moments>>,
}

/// Two parts of an ensemble that cannot be joined, because the second does not begin where the first ends.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("runs {first:?} cannot be joined with runs {second:?}")]
pub struct NotAdjacent {
    /// Runs of the first part.
    pub first: Range<u64>,
    /// Runs of the second.
    pub second: Range<u64>,
}

/// One town of an ensemble. Years are counted from 0, the base year; paths are places in the options'
/// scenarios; quantities are places in [`crate::model::Model::quantities`].
#[derive(Debug, Clone, Copy)]
pub struct TownEnsemble<'a> {
    runs: u64,
    layout: &'a Layout,
    tally: &'a Tally,
    controls: &'a ControlSums,
}

/// The distribution of one thing over all runs.
#[derive(Debug, Clone)]
pub struct Histogram<'a> {
    /// Number of runs.
    pub runs: u64,
    /// Mean.
    pub mean: f64,
    /// Standard deviation, n - 1 in the denominator.
    pub sd: f64,
    /// Smallest value, exact.
    pub min: f64,
    /// Largest value, exact.
    pub max: f64,
    /// Counts and what the bins stand for; none for a constant.
    counts: Option<(&'a [u32; BINS], &'a Binning)>,
}

/// A mean and a standard deviation.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RawPart {
    /// Mean over runs.
    pub mean: f64,
    /// Standard deviation over runs.
    pub sd: f64,
}

impl Ensemble {
    /// No runs yet; the first will be `first`, a multiple of [`super::BLOCK_RUNS`].
    pub fn empty(layouts: &Layouts, first: u64) -> Self {
        let tallies = layouts.0.iter().map(Tally::new).collect();
        let together = Shape::of(layouts).table();
        let controls = no_controls(layouts);
        Self { runs: first..first, layouts: layouts.clone(), tallies, together, controls }
    }

    /// Number of runs.
    pub fn runs(&self) -> u64 {
        self.runs.end - self.runs.start
    }

    /// First run and end.
    pub fn range(&self) -> Range<u64> {
        self.runs.clone()
    }

    /// A town, by its place in the options.
    pub fn town(&self, town: usize) -> TownEnsemble<'_> {
        let (layout, tally) = (&self.layouts.0[town], &self.tallies[town]);
        TownEnsemble { runs: self.runs(), layout, tally, controls: &self.controls[town] }
    }

    /// Runs in which 0, 1, .. of the towns have reached an outcome by year t.
    pub fn together(&self, t: usize, path: usize, outcome: usize) -> &[u64] {
        &self.together[Shape::of(&self.layouts).year(t, path, outcome)]
    }

    /// Adds the runs that follow; both were tallied by the same layouts.
    ///
    /// # Errors
    /// [`NotAdjacent`] when `next` does not begin where this ends.
    pub fn append(&mut self, next: &Self) -> Result<(), NotAdjacent> {
        self.runs = joined(&self.runs, &next.runs)?;
        self.tallies.iter_mut().zip(&next.tallies).for_each(|(into, from)| into.merge(from));
        self.together.iter_mut().zip(&next.together).for_each(|(sum, n)| *sum += n);
        for (into, from) in self.controls.iter_mut().flatten().zip(next.controls.iter().flatten()) {
            *into = into.saturating_add(*from);
        }
        Ok(())
    }

    /// The spread alone.
    pub fn spread(&self) -> Spread {
        let quantities = |(layout, tally): (&Layout, &Tally)| {
            let cells = tally.moments.chunks(layout.sums());
            cells.flat_map(|cell| &cell[..layout.tracks.len()]).copied().collect()
        };
        let moments = self.layouts.0.iter().zip(&self.tallies).map(quantities).collect();
        Spread { runs: self.runs.clone(), layouts: self.layouts.clone(), moments }
    }
}

/// Equal when the runs and all tallies are; layouts follow from the case.
impl PartialEq for Ensemble {
    fn eq(&self, other: &Self) -> bool {
        self.runs == other.runs
            && self.tallies == other.tallies
            && self.together == other.together
            && self.controls == other.controls
    }
}

impl Spread {
    /// No runs yet; the first will be `first`.
    pub fn empty(layouts: &Layouts, first: u64) -> Self {
        Ensemble::empty(layouts, first).spread()
    }

    /// First run and end.
    pub fn range(&self) -> Range<u64> {
        self.runs.clone()
    }

    /// Standard deviation of a quantity; places as in [`TownEnsemble`].
    pub fn sd(&self, town: usize, t: usize, path: usize, quantity: usize) -> f64 {
        let layout = &self.layouts.0[town];
        let Some(track) = layout.track_of[quantity] else { return 0.0 };
        let cell = layout.cell(t, path);
        let gauge = layout.gauges[cell * layout.sums() + track];
        let runs = self.runs.end - self.runs.start;
        self.moments[town][cell * layout.tracks.len() + track].mean_sd(gauge, runs).1
    }

    /// Adds the runs that follow.
    ///
    /// # Errors
    /// [`NotAdjacent`] when `next` does not begin where this ends.
    pub fn append(&mut self, next: &Self) -> Result<(), NotAdjacent> {
        joined(&self.runs, &next.runs)?;
        self.add(next);
        Ok(())
    }

    /// Adds the runs that follow.
    pub(super) fn add(&mut self, next: &Self) {
        self.runs.end = next.runs.end;
        for (into, from) in self.moments.iter_mut().flatten().zip(next.moments.iter().flatten()) {
            into.merge(from);
        }
    }
}

/// Equal when the runs and all sums are.
impl PartialEq for Spread {
    fn eq(&self, other: &Self) -> bool {
        self.runs == other.runs && self.moments == other.moments
    }
}

/// Sums of the control variates of each town over no runs.
pub(super) fn no_controls(layouts: &Layouts) -> Vec<ControlSums> {
    let sums = |layout: &Layout| layout.controls.as_ref().map_or_else(Vec::new, Controls::sums);
    layouts.0.iter().map(sums).collect()
}

fn joined(first: &Range<u64>, second: &Range<u64>) -> Result<Range<u64>, NotAdjacent> {
    if first.end == second.start {
        Ok(first.start..second.end)
    } else {
        Err(NotAdjacent { first: first.clone(), second: second.clone() })
    }
}

impl<'a> TownEnsemble<'a> {
    /// Distribution of a quantity.
    pub fn quantity(&self, t: usize, path: usize, quantity: usize) -> Histogram<'a> {
        let cell = self.layout.cell(t, path);
        let Some(track) = self.layout.track_of[quantity] else {
            let x = match self.layout.operands[quantity] {
                Operand::Constant(x) => x,
                _ => f64::NAN,
            };
            return Histogram { runs: self.runs, mean: x, sd: 0.0, min: x, max: x, counts: None };
        };
        let sums = cell * self.layout.sums() + track;
        let bins = cell * self.layout.tracks.len() + track;
        let moments = &self.tally.moments[sums];
        let (mean, sd) = moments.mean_sd(self.layout.gauges[sums], self.runs);
        let counts = Some((&self.tally.counts[bins], &self.layout.binnings[bins]));
        Histogram { runs: self.runs, mean, sd, min: moments.min, max: moments.max, counts }
    }

    /// The mean of a quantity with control variates taken off, and the standard deviation that is left; none
    /// for a constant, and where no control varies.
    pub fn controlled_mean(&self, t: usize, path: usize, quantity: usize) -> Option<RawPart> {
        let (controls, track) = (self.layout.controls.as_ref()?, self.layout.track_of[quantity]?);
        let fit = &self.layout.fits[self.layout.cell(t, path) * self.layout.tracks.len() + track];
        let plain = self.quantity(t, path, quantity);
        if !fit.is_useful() || plain.min == plain.max {
            return None;
        }
        let luck = controls.luck(fit, self.controls, t, path, self.runs);
        Some(RawPart { mean: plain.mean - luck, sd: fit.residual_sd })
    }

    /// Quantities of which paired differences are kept, if the reference scenario was run.
    pub fn pairs(&self) -> Vec<usize> {
        self.layout.pairs.iter().map(|p| p.0).filter(|_| self.layout.reference.is_some()).collect()
    }

    /// Distribution of the difference to the reference scenario of the k-th paired quantity.
    pub fn pair(&self, t: usize, path: usize, k: usize) -> Histogram<'a> {
        let place = self.layout.cell(t, path) * self.layout.pairs.len() + k;
        let moments = &self.tally.pair_moments[place];
        let (mean, sd) = moments.mean_sd(self.layout.pair_gauges[place], self.runs);
        let counts = Some((&self.tally.pair_counts[place], &self.layout.pair_binnings[place]));
        Histogram { runs: self.runs, mean, sd, min: moments.min, max: moments.max, counts }
    }

    /// Runs in which the k-th paired quantity is better than under the reference scenario, and as good.
    pub fn better(&self, t: usize, path: usize, k: usize) -> (u64, u64) {
        let [wins, ties] = self.tally.better[self.layout.cell(t, path) * self.layout.pairs.len() + k];
        (wins, ties)
    }

    /// Runs above each class bound, composite after composite.
    pub fn above(&self, t: usize, path: usize) -> &'a [u64] {
        let bounds = self.layout.ballot.bounds;
        &self.tally.above[self.layout.cell(t, path) * bounds..][..bounds]
    }

    /// Runs by (margin << candidates | set of leaders).
    pub fn leaders(&self, t: usize, path: usize) -> &'a [u64] {
        let outcomes = self.layout.ballot.outcomes();
        &self.tally.leaders[self.layout.cell(t, path) * outcomes..][..outcomes]
    }

    /// Runs that first reach an outcome in a year.
    pub fn reached(&self, t: usize, path: usize, outcome: usize) -> u64 {
        let cells = self.layout.years * self.layout.paths;
        let outcomes = self.tally.reached.len() / cells;
        self.tally.reached[self.layout.cell(t, path) * outcomes + outcome]
    }

    /// Mean and sd of a part of the split, in the order of [`super::PART_NAMES`]; none where the share
    /// cannot be split.
    pub fn part(&self, t: usize, path: usize, part: usize) -> Option<RawPart> {
        if !self.layout.splits {
            return None;
        }
        let place = self.layout.cell(t, path) * self.layout.sums() + self.layout.tracks.len() + part;
        let (mean, sd) = self.tally.moments[place].mean_sd(self.layout.gauges[place], self.runs);
        Some(RawPart { mean, sd })
    }
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
    /// The value that a share `probability` of the runs does not exceed, by monotone cubic interpolation of the
    /// counts on the histogram's axis (Fritsch and Butland 1984, doi:10.1137/0905021), and whether it is only a
    /// bound: true where it lies in an end bin that also holds values from beyond the edge.
    pub fn quantile(&self, probability: f64) -> (f64, bool) {
        let Some((counts, binning)) = self.counts else { return (self.mean, false) };
        if self.min >= self.max {
            return (self.min, false);
        }
        let target = (probability * self.runs as f64).clamp(0.0, self.runs as f64);
        let mut below = 0.0;
        let mut bin = 0;
        for (k, count) in counts.iter().enumerate().filter(|(_, c)| **c > 0) {
            bin = k;
            if below + f64::from(*count) >= target {
                break;
            }
            below += f64::from(*count);
        }
        if let Axis::Counted(values) = &binning.axis {
            return (values.iter().find(|v| v.0 == bin).map_or(self.min, |v| v.1), false);
        }
        let neighbour = |k: Option<usize>| k.and_then(|k| counts.get(k)).map_or(0.0, |c| f64::from(*c));
        let (before, after) = (neighbour(bin.checked_sub(1)), neighbour(Some(bin + 1)));
        let share = within_bin([before, f64::from(counts[bin]), after], target - below);
        let position = binning.low + binning.width * (bin as f64 + share);
        let low_end = bin == 0 && self.min < binning.edge(0);
        let high_end = bin == BINS - 1 && self.max > binning.edge(BINS);
        (binning.natural(position).clamp(self.min, self.max), low_end || high_end || binning.width == 0.0)
    }

    /// Bins from the first to the last one that holds a run: (lower edge, upper edge, count). A counted
    /// value has equal edges. The outermost edges are moved to the smallest and largest value where those
    /// lie beyond.
    pub fn bins(&self) -> Vec<(f64, f64, u64)> {
        let constant = vec![(self.min, self.max, self.runs)];
        let Some((counts, binning)) = self.counts else { return constant };
        if let Axis::Counted(values) = &binning.axis {
            let counted = values.iter().map(|(bin, v)| (*v, *v, u64::from(counts[*bin])));
            return counted.filter(|b| b.2 > 0).collect();
        }
        let first = counts.iter().position(|c| *c > 0);
        let last = counts.iter().rposition(|c| *c > 0);
        let (Some(first), Some(last)) = (first, last) else { return Vec::new() };
        if self.min >= self.max || binning.width == 0.0 {
            return constant;
        }
        (first..=last)
            .map(|k| {
                let low = if k == 0 { binning.edge(0).min(self.min) } else { binning.edge(k) };
                let high = if k == BINS - 1 { binning.edge(BINS).max(self.max) } else { binning.edge(k + 1) };
                (low, high, u64::from(counts[k]))
            })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::within_bin;

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
