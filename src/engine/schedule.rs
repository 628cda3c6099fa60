//! Who works when: the only place with threads. The worlds of a few blocks are drawn first, then each town
//! takes its turn with them, in one share or, where there are more threads than towns, in several.

use std::ops::{ControlFlow, Range};

use rayon::prelude::*;

use super::observer::Observer;
use super::tile::{BLOCK, BLOCK_TILES};
use super::town::TownBlock;
use super::town_state::TownBuffers;
use super::vector_level::VectorLevel;
use super::world::{FillWorld, World};
use crate::model::{Model, TownLaw};

/// Blocks whose world is held at a time: enough to keep all threads busy, few enough to stay small.
pub(super) const AT_A_TIME: usize = 4;

/// What is kept of a town's runs, and who fills it.
pub(super) trait Keep: Send {
    /// An observer for some blocks of a town.
    fn observer<'a>(&'a mut self, model: &'a Model, law: &'a TownLaw) -> impl Observer + 'a;
}

/// A share of a town's blocks, and what comes of them: of the blocks at hand those whose number leaves the
/// rest `number` when divided by the number of shares.
pub(super) struct Share<'a, K> {
    law: &'a TownLaw,
    number: usize,
    buffers: TownBuffers,
    pub(super) kept: K,
}

/// The shares of all towns, town by town.
pub(super) struct Shares<'a, K> {
    model: &'a Model,
    /// Number of shares a town.
    pub(super) each: usize,
    all: Vec<Share<'a, K>>,
}

/// A few blocks that all towns have gone through.
#[derive(Debug, Clone)]
pub(super) struct Turn {
    /// Their runs.
    pub(super) runs: Range<u64>,
}

impl Turn {
    /// Number of blocks, the last of which may be cut short.
    pub(super) fn blocks(&self) -> usize {
        (self.runs.end - self.runs.start).div_ceil(BLOCK as u64) as usize
    }

    fn first_run(&self, block: usize) -> u64 {
        self.runs.start + (block * BLOCK) as u64
    }

    /// Number of runs of a block.
    pub(super) fn runs_of(&self, block: usize) -> usize {
        (self.runs.end - self.first_run(block)).min(BLOCK as u64) as usize
    }
}

impl<'a, K: Keep> Shares<'a, K> {
    /// Shares of every town, with something to keep runs in for each (town, share).
    pub(super) fn new(model: &'a Model, mut kept: impl FnMut(usize, usize) -> K) -> Self {
        let towns = model.towns.len();
        let each = Self::number(model);
        let share = |k: usize| {
            let (town, number) = (k / each, k % each);
            let law = &model.towns[town];
            Share { law, number, buffers: TownBuffers::new(model, law), kept: kept(town, number) }
        };
        Self { model, each, all: (0..each * towns).map(share).collect() }
    }

    /// Number of shares of a town with the threads it is called with.
    pub(super) fn number(model: &Model) -> usize {
        (2 * rayon::current_num_threads()).div_ceil(model.towns.len()).clamp(1, AT_A_TIME)
    }

    /// What is kept of those blocks of each town among which a block is, and how many of them come before it.
    pub(super) fn with_block(&self, block: usize) -> impl Iterator<Item = (&K, usize)> {
        let of_block = move |share: &&Share<'a, K>| share.number == block % self.each;
        self.all.iter().filter(of_block).map(move |share| (&share.kept, block / self.each))
    }

    /// Takes every town through some runs. After each turn `after` can end the work by [`ControlFlow::Break`].
    /// Gives the run up to which all are done.
    pub(super) fn run(
        &mut self,
        level: VectorLevel,
        runs: Range<u64>,
        mut after: impl FnMut(&Self, Turn) -> ControlFlow<()>,
    ) -> u64 {
        let (model, each) = (self.model, self.each);
        let mut worlds: Vec<World> = (0..AT_A_TIME).map(|_| World::new(model, BLOCK_TILES)).collect();
        let mut done = runs.start;
        while done < runs.end {
            let turn = Turn { runs: done..runs.end.min(done + (AT_A_TIME * BLOCK) as u64) };
            worlds[..turn.blocks()].par_iter_mut().enumerate().for_each(|(b, world)| {
                level.run(FillWorld { world, model, first_run: turn.first_run(b), tiles: BLOCK_TILES });
            });
            self.all.par_iter_mut().for_each(|share| {
                let Share { law, number, buffers, kept } = share;
                let town = *law;
                let mut observer = kept.observer(model, town);
                for (k, b) in (*number..turn.blocks()).step_by(each).enumerate() {
                    observer.block(k);
                    let (world, observer, buffers) = (&worlds[b], &mut observer, &mut *buffers);
                    let (first_run, runs) = (turn.first_run(b), turn.runs_of(b));
                    TownBlock { model, town, world, first_run, runs, buffers, observer }.run(level);
                }
            });
            done = turn.runs.end;
            if after(self, turn).is_break() {
                break;
            }
        }
        done
    }

    /// What was kept, share by share of each town in turn.
    pub(super) fn into_kept(self) -> impl Iterator<Item = (usize, K)> {
        let each = self.each;
        self.all.into_iter().enumerate().map(move |(k, share)| (k / each, share.kept))
    }
}
