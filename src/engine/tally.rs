//! The tally of a town: counts and exact sums of everything that is kept, merged by adding integers.

use super::binning::BINS;
use super::higher_moments::HigherMoments;
use super::sums::Moments;
use super::tally_plan::TallyPlan;

/// Everything counted for one town.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Tally {
    /// Histogram of each cell and track.
    pub(crate) counts: Vec<[u32; BINS]>,
    /// Sums of each cell: tracks, then parts of the split.
    pub(crate) moments: Vec<Moments>,
    /// Sums of higher powers of each cell and track.
    pub(crate) higher: Vec<HigherMoments>,
    /// Runs above each class bound, by cell.
    pub(crate) above: Vec<u64>,
    /// Runs by margin and set of leaders, by cell.
    pub(crate) leaders: Vec<u64>,
    /// Votes of each candidate squared and summed over runs, by cell.
    pub(crate) vote_squares: Vec<u64>,
    /// Runs that first reach each outcome, by cell.
    pub(crate) reached: Vec<u64>,
    /// Histogram and sums of paired differences, by cell.
    pub(crate) pair_counts: Vec<[u32; BINS]>,
    pub(crate) pair_moments: Vec<Moments>,
    pub(crate) pair_higher: Vec<HigherMoments>,
    /// Runs in which the pair is better, and as good.
    pub(crate) better: Vec<[u64; 2]>,
    /// Runs in which the condition of each outcome is undefined, by cell.
    pub(crate) unknown: Vec<u64>,
    /// First run in which each track, then the condition of each outcome is undefined, and the cell.
    pub(crate) first_undefined: Vec<FirstRun>,
}

/// (run, cell); [`NEVER`] where there is none.
pub(crate) type FirstRun = [u64; 2];

/// No run at all.
pub(crate) const NEVER: FirstRun = [u64::MAX; 2];

impl Tally {
    pub(crate) fn new(plan: &TallyPlan) -> Self {
        let tracks = &plan.tracks;
        let cells = tracks.cells();
        let pairs = if tracks.reference.is_some() { cells * tracks.pairs.len() } else { 0 };
        Self {
            counts: vec![[0; BINS]; cells * tracks.len()],
            moments: vec![Moments::EMPTY; cells * tracks.sums()],
            higher: vec![HigherMoments::EMPTY; cells * tracks.len()],
            above: vec![0; cells * tracks.ballot.bounds],
            leaders: vec![0; cells * tracks.ballot.outcomes()],
            vote_squares: vec![0; cells * tracks.ballot.candidates],
            reached: vec![0; cells * tracks.outcomes],
            pair_counts: vec![[0; BINS]; pairs],
            pair_moments: vec![Moments::EMPTY; pairs],
            pair_higher: vec![HigherMoments::EMPTY; pairs],
            better: vec![[0; 2]; pairs],
            unknown: vec![0; cells * tracks.outcomes],
            first_undefined: vec![NEVER; tracks.len() + tracks.outcomes],
        }
    }

    /// Adds another tally of the same plan.
    pub(crate) fn merge(&mut self, other: &Self) {
        let add = |into: &mut [u64], from: &[u64]| into.iter_mut().zip(from).for_each(|(a, b)| *a += b);
        let add_bins = |into: &mut [[u32; BINS]], from: &[[u32; BINS]]| {
            for (a, b) in into.as_flattened_mut().iter_mut().zip(from.as_flattened()) {
                *a += b;
            }
        };
        let add_sums = |into: &mut [Moments], from: &[Moments]| {
            into.iter_mut().zip(from).for_each(|(a, b)| a.merge(b));
        };
        let add_higher = |into: &mut [HigherMoments], from: &[HigherMoments]| {
            into.iter_mut().zip(from).for_each(|(a, b)| a.merge(b));
        };
        add_bins(&mut self.counts, &other.counts);
        add_bins(&mut self.pair_counts, &other.pair_counts);
        add_sums(&mut self.moments, &other.moments);
        add_sums(&mut self.pair_moments, &other.pair_moments);
        add_higher(&mut self.higher, &other.higher);
        add_higher(&mut self.pair_higher, &other.pair_higher);
        add(&mut self.above, &other.above);
        add(&mut self.leaders, &other.leaders);
        add(&mut self.vote_squares, &other.vote_squares);
        add(&mut self.reached, &other.reached);
        add(&mut self.unknown, &other.unknown);
        for (first, other) in self.first_undefined.iter_mut().zip(&other.first_undefined) {
            *first = (*first).min(*other);
        }
        add(self.better.as_flattened_mut(), other.better.as_flattened());
    }
}
