//! The Monte Carlo engine: many runs of a model, tallied as they go by.
//!
//! Takes a [`Model`]; gives an [`Ensemble`] of integer counts and exact sums. Runs go through the years in
//! tiles of 128 in lock-step; a block of tiles is the unit of parallel work. The common world of a few blocks
//! (prices, the region) is drawn first, then towns take their turns with it. Every draw is keyed by what it
//! is, and tallies merge by adding integers, so the result is the same, bit for bit, for any number of
//! threads, any subset of towns or scenarios and any vector level.

mod ballot;
mod bin_counts;
mod binning;
mod bins;
mod control_fit;
mod control_variates;
mod drawn_parameters;
mod ensemble;
mod higher_moments;
mod histogram;
mod joint_counts;
mod observer;
mod paired;
mod pick_freeze;
mod pilot;
mod price_runs;
mod recorder;
mod schedule;
mod share_decomposition;
mod single_runs;
mod spread;
mod store;
mod sums;
mod survey;
mod tallier;
mod tally;
mod tally_plan;
mod tile;
mod town;
mod town_state;
mod tracks;
mod vector_level;
mod world;

pub use bins::{Bin, Bins};
pub use ensemble::{Ensemble, MeanSd, NotAdjacent, TownEnsemble};
pub use higher_moments::StandardisedMoments;
pub use histogram::{Histogram, Quantiles, RankInterval};
pub use paired::{Noted, Paired, PairedBlock};
pub use pick_freeze::{BatchSums, PairSums, PickFreeze, SourceSums};
pub use price_runs::log_prices;
pub use recorder::{RunValue, Selected};
pub use share_decomposition::PART_NAMES;
pub use single_runs::{Trajectory, TrajectoryYear, record, replay, replay_paths};
pub use spread::Spread;
pub use store::{Ensembles, Key, StoreError};
pub use survey::{Survey, survey, survey_range};
pub use tally_plan::{SumsPlans, TallyPlans};
pub use vector_level::VectorLevel;

use std::ops::ControlFlow;

use rayon::prelude::*;

use crate::model::{Model, TownLaw};
use control_variates::{ControlSums, Controlling, Controls, Walks};
use joint_counts::{Count, FirstYears, Noting, Shape};
use observer::Observer;
use schedule::{AT_A_TIME, Keep, Shares, Turn};
use spread::Summer;
use sums::Moments;
use tallier::Tallier;
use tally::Tally;
use tally_plan::{SumsPlan, TallyPlan};
use tile::{BLOCK, BLOCK_TILES, TileRow};

/// Runs in a block: parts of an ensemble begin at a multiple of it.
pub const BLOCK_RUNS: u64 = BLOCK as u64;

/// How to run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Effort {
    /// Number of runs.
    pub runs: u64,
    /// Number of threads; 0 for one a core.
    pub threads: usize,
    /// Vector level.
    pub level: VectorLevel,
}

impl Effort {
    /// So many runs, with all cores and the best vector level.
    pub fn runs(runs: u64) -> Self {
        Self { runs, threads: 0, level: VectorLevel::best() }
    }
}

/// Runs a model. `progress` is told the number of runs done so far, from any thread, after every few blocks.
///
/// # Examples
/// ```no_run
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use boljam::{case::{Case, Source}, engine, model::{Model, Options}};
/// let case = Case::load(&Source::embedded(), &[])?;
/// let model = Model::compile(&case, &Options::of(&case))?;
/// let ensemble = engine::run(&model, engine::Effort::runs(10_000), &|_| {});
/// assert_eq!(ensemble.runs(), 10_000);
/// # Ok(())
/// # }
/// ```
pub fn run(model: &Model, effort: Effort, progress: &(dyn Fn(u64) + Sync)) -> Ensemble {
    with_threads(effort.threads, || {
        let empty = Ensemble::empty(&TallyPlans::plan(model), 0);
        go_on(model, empty, effort.level, effort.runs, &|done| {
            progress(done);
            ControlFlow::Continue(())
        })
    })
}

/// Does some work with a number of threads of its own; 0 for one a core.
pub fn with_threads<T: Send>(threads: usize, work: impl FnOnce() -> T + Send) -> T {
    match rayon::ThreadPoolBuilder::new().num_threads(threads).build() {
        Ok(pool) => pool.install(work),
        // No threads to be had: the caller's will do.
        Err(_) => work(),
    }
}

/// Everything that is kept of a town: counts, first years, control variates.
struct Everything<'a> {
    plan: &'a TallyPlan,
    shape: Shape,
    tally: Tally,
    /// First years of the blocks at hand, block after block, and room to note them.
    firsts: Vec<FirstYears>,
    rows: Vec<[TileRow; BLOCK_TILES]>,
    controls: ControlSums,
}

impl Keep for Everything<'_> {
    fn observer<'a>(&'a mut self, model: &'a Model, law: &'a TownLaw) -> impl Observer + 'a {
        let Self { plan, shape, tally, firsts, rows, controls: sums } = self;
        let controls = &plan.controls;
        (
            Tallier::new(model, law, plan, tally),
            (
                Noting { shape: *shape, firsts, rows, at: 0 },
                Controlling { model, law, controls, walks: Walks::new(controls), sums },
            ),
        )
    }
}

/// Adds the runs up to `end` to an ensemble, with the threads it is called with. `progress` is told up to
/// which run all are done, and can end the work there by [`ControlFlow::Break`].
pub fn go_on(
    model: &Model,
    so_far: Ensemble,
    level: VectorLevel,
    end: u64,
    progress: &(dyn Fn(u64) -> ControlFlow<()> + Sync),
) -> Ensemble {
    let Ensemble { runs, plans, tallies, mut joint, controls: mut control_sums } = so_far;
    let shape = Shape::of(&plans);
    let each = Shares::<Everything<'_>>::number(model);
    let mut so_far = tallies.into_iter();
    let mut shares = Shares::new(model, |town, share| {
        let plan = &plans.0[town];
        let tally = if share == 0 { so_far.next() } else { None };
        Everything {
            plan,
            shape,
            tally: tally.unwrap_or_else(|| Tally::new(plan)),
            firsts: vec![[0; BLOCK]; shape.firsts() * AT_A_TIME.div_ceil(each)],
            rows: vec![[TileRow::ZERO; BLOCK_TILES]; shape.firsts()],
            controls: Controls::sums(&plan.controls),
        }
    });
    let mut tables: Vec<Vec<u64>> = vec![shape.table(); AT_A_TIME];
    let done = shares.run(level, runs.end..end, |shares, turn: Turn| {
        tables[..turn.blocks()].par_iter_mut().enumerate().for_each(|(b, table)| {
            let firsts = |(kept, before): (&'_ Everything<'_>, usize)| before * kept.shape.firsts();
            let towns: Vec<&[FirstYears]> =
                shares.with_block(b).map(|(kept, before)| &kept.firsts[firsts((kept, before))..]).collect();
            level.run(Count { shape, runs: turn.runs_of(b), towns: &towns, table });
        });
        progress(turn.runs.end)
    });
    let mut tallies: Vec<Tally> = Vec::with_capacity(model.towns.len());
    for (town, kept) in shares.into_kept() {
        control_sums[town].iter_mut().zip(&kept.controls).for_each(|(sum, n)| *sum += n);
        match tallies.get_mut(town) {
            Some(into) => into.merge(&kept.tally),
            None => tallies.push(kept.tally),
        }
    }
    for table in tables {
        joint.iter_mut().zip(table).for_each(|(sum, n)| *sum += n);
    }
    Ensemble { runs: runs.start..done, plans, tallies, joint, controls: control_sums }
}

/// The sums alone that are kept of a town.
struct SumsAlone<'a> {
    plan: &'a SumsPlan,
    moments: Vec<Moments>,
}

impl Keep for SumsAlone<'_> {
    fn observer<'a>(&'a mut self, _model: &'a Model, _law: &'a TownLaw) -> impl Observer + 'a {
        Summer::new(self.plan, &mut self.moments)
    }
}

/// The same for the spread alone.
pub fn go_on_with_spread(
    model: &Model,
    mut so_far: Spread,
    level: VectorLevel,
    end: u64,
    progress: &(dyn Fn(u64) -> ControlFlow<()> + Sync),
) -> Spread {
    let plans = so_far.plans.clone();
    let mut shares = Shares::new(model, |town, _| {
        let plan = &plans.0[town];
        SumsAlone { plan, moments: plan.no_moments() }
    });
    so_far.runs.end = shares.run(level, so_far.runs.end..end, |_, turn| progress(turn.runs.end));
    for (town, kept) in shares.into_kept() {
        so_far.moments[town].iter_mut().zip(&kept.moments).for_each(|(into, from)| into.merge(from));
    }
    so_far
}
