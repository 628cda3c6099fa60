//! Outcomes of several towns in the same run: how many of them have reached each outcome by each year.
//!
//! A town's task notes the year in which each run of a block first reaches an outcome; when all towns have gone
//! through the block, runs are counted by the number of towns that have got there.

use super::observer::{Observer, View};
use super::tally_plan::{TallyPlan, TallyPlans};
use super::tile::{BLOCK, BLOCK_TILES, TILE, TileRow};
use super::vector_level::Job;

/// For each run of a block the year t in which it first reaches an outcome, 0 for never (the base year does
/// not count).
pub(crate) type FirstYears = [u8; BLOCK];

/// What the counts of a set of towns are counts of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Shape {
    paths: usize,
    pub(crate) outcomes: usize,
    years: usize,
    towns: usize,
}

impl Shape {
    pub(crate) fn of(plans: &TallyPlans) -> Self {
        let [paths, outcomes, years] = plans
            .0
            .first()
            .map_or([0; 3], |TallyPlan { tracks, .. }| [tracks.paths, tracks.outcomes, tracks.years]);
        Self { paths, outcomes, years, towns: plans.0.len() }
    }

    /// Number of first years that a town's block has.
    pub(crate) fn firsts(self) -> usize {
        self.paths * self.outcomes
    }

    /// A table of no runs.
    pub(crate) fn table(self) -> Vec<u64> {
        vec![0; self.firsts() * self.years * (self.towns + 1)]
    }

    /// Where the counts of a year lie in the table: runs in which 0, 1, .. towns have reached the outcome.
    pub(crate) fn year(self, t: usize, path: usize, outcome: usize) -> std::ops::Range<usize> {
        let width = self.towns + 1;
        let first = ((path * self.outcomes + outcome) * self.years + t) * width;
        first..first + width
    }
}

/// The observer that notes first years.
pub(crate) struct Noting<'a> {
    pub(crate) shape: Shape,
    /// To be filled: block by block, path by path, outcome by outcome.
    pub(crate) firsts: &'a mut [FirstYears],
    /// Where the first years of this block begin.
    pub(crate) at: usize,
    /// The same as tiles go by.
    pub(crate) rows: &'a mut [[TileRow; BLOCK_TILES]],
}

impl Observer for Noting<'_> {
    #[inline(always)]
    fn block(&mut self, place: usize) {
        self.at = place * self.shape.firsts();
    }

    #[inline(always)]
    fn tile(&mut self, t: usize, path: usize, tile: usize, view: &View<'_>) {
        let outcomes = self.shape.outcomes;
        let year = t as f64;
        for (first, reached) in self.rows[path * outcomes..][..outcomes].iter_mut().zip(&view.state.reached) {
            let first = &mut first[tile].0;
            if t == 0 {
                *first = [0.0; TILE];
            }
            // 1 in one year at most.
            for p in 0..TILE {
                first[p] += year * reached.0[p];
            }
        }
    }

    #[inline(always)]
    fn end(&mut self, t: usize, path: usize) {
        if t + 1 < self.shape.years {
            return;
        }
        let outcomes = self.shape.outcomes;
        let firsts = &mut self.firsts[self.at + path * outcomes..][..outcomes];
        for (years, rows) in firsts.iter_mut().zip(&self.rows[path * outcomes..]) {
            for (year, row) in years.as_chunks_mut::<TILE>().0.iter_mut().zip(rows) {
                for p in 0..TILE {
                    year[p] = row.0[p] as u8;
                }
            }
        }
    }
}

/// Counts the runs of a block by how many towns have reached each outcome.
pub(crate) struct Count<'a> {
    pub(crate) shape: Shape,
    pub(crate) runs: usize,
    /// First years of each town.
    pub(crate) towns: &'a [&'a [FirstYears]],
    pub(crate) table: &'a mut [u64],
}

impl Job for Count<'_> {
    #[inline(always)]
    fn run(self) {
        let Self { shape, runs, towns, table } = self;
        let width = shape.towns + 1;
        for (k, years) in table.chunks_mut(shape.years * width).enumerate() {
            let mut reached = [0_u8; BLOCK];
            for (t, counts) in years.chunks_mut(width).enumerate() {
                for firsts in towns.iter().filter(|_| t > 0) {
                    for p in 0..BLOCK {
                        reached[p] += u8::from(firsts[k][p] == t as u8);
                    }
                }
                for n in &reached[..runs] {
                    counts[usize::from(*n)] += 1;
                }
            }
        }
    }
}
