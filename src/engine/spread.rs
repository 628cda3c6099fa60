//! The spread of the quantities alone: what is kept of runs that are only measured against others.

use std::ops::Range;

use super::ensemble::{NotAdjacent, joined};
use super::observer::{Observer, View};
use super::sums::{Moments, Partial};
use super::tally_plan::{SumsPlan, SumsPlans};
use super::tile::Value;

/// Sums of the quantities over a range of runs.
#[derive(Debug, Clone)]
pub struct Spread {
    pub(super) runs: Range<u64>,
    pub(super) plans: SumsPlans,
    /// Sums of each cell and track, one list a town.
    pub(super) moments: Vec<Vec<Moments>>,
}

impl SumsPlan {
    /// Sums of each cell and track over no runs.
    pub(super) fn no_moments(&self) -> Vec<Moments> {
        vec![Moments::EMPTY; self.gauges.len()]
    }
}

impl Spread {
    /// No runs yet; the first will be `first`.
    pub fn empty(plans: &SumsPlans, first: u64) -> Self {
        let moments = plans.0.iter().map(SumsPlan::no_moments).collect();
        Self { runs: first..first, plans: plans.clone(), moments }
    }

    /// First run and end.
    pub fn range(&self) -> Range<u64> {
        self.runs.clone()
    }

    /// Standard deviation of a quantity; places as in [`super::TownEnsemble`].
    pub fn sd(&self, town: usize, t: usize, path: usize, quantity: usize) -> f64 {
        let SumsPlan { tracks, gauges } = &self.plans.0[town];
        let Some(track) = tracks.track_of[quantity] else { return 0.0 };
        let place = tracks.cell(t, path) * tracks.len() + track;
        let runs = self.runs.end - self.runs.start;
        self.moments[town][place].mean_sd(gauges[place], runs).1
    }

    /// Adds the runs that follow.
    ///
    /// # Errors
    /// [`NotAdjacent`] when `next` does not begin where this ends.
    pub fn append(&mut self, next: &Self) -> Result<(), NotAdjacent> {
        self.runs = joined(&self.runs, &next.runs)?;
        for (into, from) in self.moments.iter_mut().flatten().zip(next.moments.iter().flatten()) {
            into.merge(from);
        }
        Ok(())
    }
}

/// Equal when the runs and all sums are.
impl PartialEq for Spread {
    fn eq(&self, other: &Self) -> bool {
        self.runs == other.runs && self.moments == other.moments
    }
}

/// The observer that sums the quantities and nothing else.
pub(super) struct Summer<'a> {
    plan: &'a SumsPlan,
    moments: &'a mut [Moments],
    /// Sums of the block at hand.
    partials: Vec<Partial>,
}

impl<'a> Summer<'a> {
    pub(super) fn new(plan: &'a SumsPlan, moments: &'a mut [Moments]) -> Self {
        Self { plan, moments, partials: vec![Partial::EMPTY; plan.tracks.len()] }
    }
}

impl Observer for Summer<'_> {
    #[inline(always)]
    fn begin(&mut self, _t: usize, _path: usize) {
        self.partials.fill(Partial::EMPTY);
    }

    #[inline(always)]
    fn tile(&mut self, t: usize, path: usize, _tile: usize, view: &View<'_>) {
        let SumsPlan { tracks, gauges } = self.plan;
        let gauges = &gauges[tracks.cell(t, path) * tracks.len()..];
        for (track, (partial, gauge)) in self.partials.iter_mut().zip(gauges).enumerate() {
            if let Value::Each(row) = view.value(tracks.operand(track)) {
                partial.add(row, view.runs, gauge.centre);
            }
        }
    }

    #[inline(always)]
    fn end(&mut self, t: usize, path: usize) {
        let SumsPlan { tracks, gauges } = self.plan;
        let first = tracks.cell(t, path) * tracks.len();
        for (k, partial) in self.partials.iter().enumerate() {
            self.moments[first + k].add(partial, gauges[first + k]);
        }
    }
}
