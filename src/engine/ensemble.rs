//! The ensemble: what a set of runs left behind, and how to read it.

use std::ops::Range;

use super::control_variates::{ControlSums, Controls};
use super::histogram::Histogram;
use super::joint_counts::Shape;
use super::tally::Tally;
use super::tally_plan::{TallyPlan, TallyPlans};
use crate::model::Operand;

/// Runs of a model, tallied.
#[derive(Debug, Clone)]
pub struct Ensemble {
    /// First run and end.
    pub(super) runs: Range<u64>,
    pub(super) plans: TallyPlans,
    /// One a town.
    pub(super) tallies: Vec<Tally>,
    /// Runs by how many towns have reached an outcome: a table of [`Shape`].
    pub(super) joint: Vec<u64>,
    /// Sums of the control variates of each town.
    pub(super) controls: Vec<ControlSums>,
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
    plan: &'a TallyPlan,
    tally: &'a Tally,
    controls: &'a ControlSums,
}

/// A mean and a standard deviation.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct MeanSd {
    /// Mean over runs.
    pub mean: f64,
    /// Standard deviation over runs.
    pub sd: f64,
}

impl Ensemble {
    /// No runs yet; the first will be `first`, a multiple of [`super::BLOCK_RUNS`].
    pub fn empty(plans: &TallyPlans, first: u64) -> Self {
        let tallies = plans.0.iter().map(Tally::new).collect();
        let joint = Shape::of(plans).table();
        let controls = no_controls(plans);
        Self { runs: first..first, plans: plans.clone(), tallies, joint, controls }
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
        let (plan, tally) = (&self.plans.0[town], &self.tallies[town]);
        TownEnsemble { runs: self.runs(), plan, tally, controls: &self.controls[town] }
    }

    /// Runs in which 0, 1, .. of the towns have reached an outcome by year t.
    pub fn together(&self, t: usize, path: usize, outcome: usize) -> &[u64] {
        &self.joint[Shape::of(&self.plans).year(t, path, outcome)]
    }

    /// Adds the runs that follow; both were tallied by the same plans.
    ///
    /// # Errors
    /// [`NotAdjacent`] when `next` does not begin where this ends.
    pub fn append(&mut self, next: &Self) -> Result<(), NotAdjacent> {
        self.runs = joined(&self.runs, &next.runs)?;
        self.tallies.iter_mut().zip(&next.tallies).for_each(|(into, from)| into.merge(from));
        self.joint.iter_mut().zip(&next.joint).for_each(|(sum, n)| *sum += n);
        for (into, from) in self.controls.iter_mut().flatten().zip(next.controls.iter().flatten()) {
            *into = into.saturating_add(*from);
        }
        Ok(())
    }
}

/// Equal when the runs and all tallies are; plans follow from the case.
impl PartialEq for Ensemble {
    fn eq(&self, other: &Self) -> bool {
        self.runs == other.runs
            && self.tallies == other.tallies
            && self.joint == other.joint
            && self.controls == other.controls
    }
}

/// Sums of the control variates of each town over no runs.
pub(super) fn no_controls(plans: &TallyPlans) -> Vec<ControlSums> {
    plans.0.iter().map(|plan| Controls::sums(&plan.controls)).collect()
}

pub(super) fn joined(first: &Range<u64>, second: &Range<u64>) -> Result<Range<u64>, NotAdjacent> {
    if first.end == second.start {
        Ok(first.start..second.end)
    } else {
        Err(NotAdjacent { first: first.clone(), second: second.clone() })
    }
}

impl<'a> TownEnsemble<'a> {
    /// Distribution of a quantity.
    pub fn quantity(&self, t: usize, path: usize, quantity: usize) -> Histogram<'a> {
        let cell = self.plan.tracks.cell(t, path);
        let Some(track) = self.plan.tracks.track_of[quantity] else {
            let x = match self.plan.tracks.operands[quantity] {
                Operand::Constant(x) => x,
                _ => f64::NAN,
            };
            if !x.is_finite() {
                return Histogram::NOTHING;
            }
            return Histogram {
                runs: self.runs,
                mean: x,
                sd: 0.0,
                shape: None,
                min: x,
                max: x,
                counts: None,
            };
        };
        let sums = cell * self.plan.tracks.sums() + track;
        let bins = cell * self.plan.tracks.len() + track;
        let moments = &self.tally.moments[sums];
        let (mean, sd) = moments.mean_sd(self.plan.gauges[sums], self.runs);
        let runs = self.runs - moments.undefined;
        if runs == 0 {
            return Histogram::NOTHING;
        }
        let counts = Some((&self.tally.counts[bins], &self.plan.binnings[bins]));
        let shape = self.tally.higher[bins].shape(moments, self.runs);
        Histogram { runs, mean, sd, shape, min: moments.min, max: moments.max, counts }
    }

    /// Runs in which a quantity is undefined.
    pub fn undefined(&self, t: usize, path: usize, quantity: usize) -> u64 {
        self.runs - self.quantity(t, path, quantity).runs
    }

    /// Runs in which the condition of an outcome is undefined.
    pub fn unknown(&self, t: usize, path: usize, outcome: usize) -> u64 {
        self.tally.unknown[self.plan.tracks.cell(t, path) * self.plan.tracks.outcomes + outcome]
    }

    /// The first run in which a quantity is undefined, with year and path.
    pub fn first_undefined(&self, quantity: usize) -> Option<(u64, usize, usize)> {
        self.first(self.plan.tracks.track_of[quantity]?)
    }

    /// The first run in which the condition of an outcome is undefined, with year and path.
    pub fn first_unknown(&self, outcome: usize) -> Option<(u64, usize, usize)> {
        self.first(self.plan.tracks.len() + outcome)
    }

    fn first(&self, place: usize) -> Option<(u64, usize, usize)> {
        let [run, cell] = self.tally.first_undefined[place];
        let (cell, paths) = (usize::try_from(cell).ok()?, self.plan.tracks.paths);
        (run != u64::MAX).then_some((run, cell / paths, cell % paths))
    }

    /// True when a sum of the quantity went beyond its range in some year and scenario.
    pub fn is_saturated(&self, quantity: usize) -> bool {
        let Some(track) = self.plan.tracks.track_of[quantity] else { return false };
        self.tally.moments.chunks(self.plan.tracks.sums()).any(|cell| cell[track].saturated > 0)
    }

    /// The mean of a quantity with control variates taken off, and the standard deviation that is left; none
    /// for a constant, and where no control varies.
    pub fn controlled_mean(&self, t: usize, path: usize, quantity: usize) -> Option<MeanSd> {
        let track = self.plan.tracks.track_of[quantity]?;
        let fit = &self.plan.fits[self.plan.tracks.cell(t, path) * self.plan.tracks.len() + track];
        let plain = self.quantity(t, path, quantity);
        if !fit.is_useful() || plain.min == plain.max {
            return None;
        }
        // Controls have known means over all runs, not over those in which the quantity is defined.
        if plain.runs < self.runs {
            return None;
        }
        let luck = self.plan.controls.luck(&fit.coefficients, self.controls, t, path, self.runs);
        let mean = plain.mean - luck;
        (mean.is_finite() && fit.residual_sd.is_finite()).then_some(MeanSd { mean, sd: fit.residual_sd })
    }

    /// Quantities of which paired differences are kept, if the reference scenario was run.
    pub fn pairs(&self) -> Vec<usize> {
        self.plan.tracks.pairs.iter().map(|p| p.0).filter(|_| self.plan.tracks.reference.is_some()).collect()
    }

    /// Distribution of the difference to the reference scenario of the k-th paired quantity.
    pub fn pair(&self, t: usize, path: usize, k: usize) -> Histogram<'a> {
        let place = self.plan.tracks.cell(t, path) * self.plan.tracks.pairs.len() + k;
        let moments = &self.tally.pair_moments[place];
        let (mean, sd) = moments.mean_sd(self.plan.pair_gauges[place], self.runs);
        let runs = self.runs - moments.undefined;
        if runs == 0 {
            return Histogram::NOTHING;
        }
        let counts = Some((&self.tally.pair_counts[place], &self.plan.pair_binnings[place]));
        let shape = self.tally.pair_higher[place].shape(moments, self.runs);
        Histogram { runs, mean, sd, shape, min: moments.min, max: moments.max, counts }
    }

    /// Runs in which the k-th paired quantity is better than under the reference scenario, and as good.
    pub fn better(&self, t: usize, path: usize, k: usize) -> (u64, u64) {
        let [wins, ties] =
            self.tally.better[self.plan.tracks.cell(t, path) * self.plan.tracks.pairs.len() + k];
        (wins, ties)
    }

    /// Runs above each class bound, composite after composite.
    pub fn above(&self, t: usize, path: usize) -> &'a [u64] {
        let bounds = self.plan.tracks.ballot.bounds;
        &self.tally.above[self.plan.tracks.cell(t, path) * bounds..][..bounds]
    }

    /// Runs by (margin << candidates | set of leaders).
    pub fn leaders(&self, t: usize, path: usize) -> &'a [u64] {
        let outcomes = self.plan.tracks.ballot.outcomes();
        &self.tally.leaders[self.plan.tracks.cell(t, path) * outcomes..][..outcomes]
    }

    /// Votes of each candidate squared and summed over runs.
    pub fn vote_squares(&self, t: usize, path: usize) -> &'a [u64] {
        let candidates = self.plan.tracks.ballot.candidates;
        &self.tally.vote_squares[self.plan.tracks.cell(t, path) * candidates..][..candidates]
    }

    /// Runs that first reach an outcome in a year.
    pub fn reached(&self, t: usize, path: usize, outcome: usize) -> u64 {
        let cells = self.plan.tracks.years * self.plan.tracks.paths;
        let outcomes = self.tally.reached.len() / cells;
        self.tally.reached[self.plan.tracks.cell(t, path) * outcomes + outcome]
    }

    /// Mean and sd of a part of the split, in the order of [`super::PART_NAMES`]; none where the share
    /// cannot be split.
    pub fn part(&self, t: usize, path: usize, part: usize) -> Option<MeanSd> {
        if !self.plan.tracks.splits {
            return None;
        }
        let place = self.plan.tracks.cell(t, path) * self.plan.tracks.sums() + self.plan.tracks.len() + part;
        let (mean, sd) = self.tally.moments[place].mean_sd(self.plan.gauges[place], self.runs);
        Some(MeanSd { mean, sd })
    }
}
