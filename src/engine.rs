//! The Monte Carlo engine: many runs of a model, tallied as they go by.
//!
//! Takes a [`Model`]; gives an [`Ensemble`] of integer counts and exact sums. Runs go through the years in
//! tiles of 128 in lock-step; a block of tiles is the unit of parallel work. The common world of a few blocks
//! (prices, the region) is drawn first, then towns take their turns with it. Every draw is keyed by what it
//! is, and tallies merge by adding integers, so the result is the same, bit for bit, for any number of
//! threads, any subset of towns or scenarios and any vector level.

mod binning;
mod control;
mod ensemble;
mod layout;
mod level;
mod observe;
mod pilot;
mod prices;
mod record;
mod split;
mod store;
mod sums;
mod tally;
mod tile;
mod together;
mod town;
mod votes;
mod world;

pub use ensemble::{Ensemble, Histogram, NotAdjacent, RawPart, Spread, TownEnsemble};
pub use layout::Layouts;
pub use level::Level;
pub use prices::log_prices;
pub use record::{Item, Selected, Trajectory, TrajectoryYear, record, replay};
pub use split::PART_NAMES;
pub use store::{Ensembles, Key, StoreError};

use std::ops::ControlFlow;

use rayon::prelude::*;

use crate::model::Model;
use control::{ControlSums, Controlling, Controls, Walks};
use layout::Layout;
use tally::{Tallier, Tally};
use tile::Row;
use together::{Count, FirstYears, Noting, Shape};
use town::{BLOCK, BLOCK_TILES, Scratch, TownBlock};
use world::{FillWorld, World};

/// Blocks whose world is held at a time: enough to keep all threads busy, few enough to stay small.
const SUPERBLOCK: usize = 4;

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
    pub level: Level,
}

impl Effort {
    /// So many runs, with all cores and the best vector level.
    pub fn runs(runs: u64) -> Self {
        Self { runs, threads: 0, level: Level::best() }
    }
}

/// A share of a town's blocks, and what came of them.
struct Task<'a> {
    town: usize,
    share: usize,
    layout: &'a Layout,
    tally: Tally,
    scratch: Scratch,
    /// First years of the blocks at hand, block after block, and room to note them.
    firsts: Vec<FirstYears>,
    rows: Vec<[Row; BLOCK_TILES]>,
    /// Sums of the control variates.
    controls: ControlSums,
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
        let empty = Ensemble::empty(&Layouts::plan(model), 0);
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

/// Adds the runs up to `end` to an ensemble, with the threads it is called with. `progress` is told up to
/// which run all are done, and can end the work there by [`ControlFlow::Break`].
pub fn go_on(
    model: &Model,
    so_far: Ensemble,
    level: Level,
    end: u64,
    progress: &(dyn Fn(u64) -> ControlFlow<()> + Sync),
) -> Ensemble {
    let Ensemble { runs, layouts, tallies, mut together, controls: mut control_sums } = so_far;
    let shape = Shape::of(&layouts);
    let towns = model.towns.len();
    let shares = (2 * rayon::current_num_threads()).div_ceil(towns).clamp(1, SUPERBLOCK);
    let mut so_far = tallies.into_iter();
    let mut tasks: Vec<Task> = (0..shares * towns)
        .map(|k| {
            let (town, share, layout) = (k / shares, k % shares, &layouts.0[k / shares]);
            let tally = if share == 0 { so_far.next() } else { None };
            let tally = tally.unwrap_or_else(|| Tally::new(layout));
            let firsts = vec![[0; BLOCK]; shape.firsts() * SUPERBLOCK.div_ceil(shares)];
            let rows = vec![[Row::ZERO; BLOCK_TILES]; shape.firsts()];
            let scratch = Scratch::new(model, &model.towns[town]);
            let controls = layout.controls.as_ref().map_or_else(Vec::new, Controls::sums);
            Task { town, share, layout, tally, scratch, firsts, rows, controls }
        })
        .collect();
    let mut worlds: Vec<World> = (0..SUPERBLOCK).map(|_| World::new(model, BLOCK_TILES)).collect();
    let mut tables: Vec<Vec<u64>> = vec![shape.table(); SUPERBLOCK];
    let mut done = runs.end;
    while done < end {
        let start = done;
        let count = (end - start).div_ceil(BLOCK_RUNS).min(SUPERBLOCK as u64) as usize;
        let first_run = |b: usize| start + b as u64 * BLOCK_RUNS;
        let runs_of = |b: usize| (end - first_run(b)).min(BLOCK_RUNS) as usize;
        worlds[..count].par_iter_mut().enumerate().for_each(|(b, world)| {
            level.run(FillWorld { world, model, first_run: first_run(b), tiles: BLOCK_TILES });
        });
        tasks.par_iter_mut().for_each(|task| {
            let town = &model.towns[task.town];
            let scratch = &mut task.scratch;
            let inner = Tallier::new(model, town, task.layout, &mut task.tally);
            let (firsts, rows) = (&mut task.firsts[..], &mut task.rows[..]);
            let (last_year, outcomes) = (model.years.len() - 1, shape.outcomes);
            let noting = &mut Noting { inner, firsts, at: 0, rows, last_year, outcomes };
            let mut walks = task.layout.controls.as_ref().map(Walks::new);
            for (k, b) in (task.share..count).step_by(shares).enumerate() {
                noting.at = k * shape.firsts();
                let (world, scratch, inner) = (&worlds[b], &mut *scratch, &mut *noting);
                let (first_run, runs) = (first_run(b), runs_of(b));
                let (Some(controls), Some(walks)) = (&task.layout.controls, &mut walks) else {
                    level.run(TownBlock { model, town, world, first_run, runs, scratch, observer: inner });
                    continue;
                };
                let sums = &mut task.controls;
                let observer = &mut Controlling { inner, model, law: town, controls, walks, sums };
                level.run(TownBlock { model, town, world, first_run, runs, scratch, observer });
            }
        });
        tables[..count].par_iter_mut().enumerate().for_each(|(b, table)| {
            let of_block = tasks.iter().filter(|task| task.share == b % shares);
            let towns: Vec<&[FirstYears]> =
                of_block.map(|task| &task.firsts[b / shares * shape.firsts()..]).collect();
            level.run(Count { shape, runs: runs_of(b), towns: &towns, table });
        });
        done = (start + count as u64 * BLOCK_RUNS).min(end);
        if progress(done).is_break() {
            break;
        }
    }
    let mut tallies: Vec<Tally> = Vec::with_capacity(towns);
    for task in tasks {
        control_sums[task.town].iter_mut().zip(&task.controls).for_each(|(sum, n)| *sum += n);
        if task.share == 0 {
            tallies.push(task.tally);
        } else if let Some(into) = tallies.last_mut() {
            into.merge(&task.tally);
        }
    }
    for table in tables {
        together.iter_mut().zip(table).for_each(|(sum, n)| *sum += n);
    }
    Ensemble { runs: runs.start..done, layouts, tallies, together, controls: control_sums }
}

/// The same for the spread alone.
pub fn go_on_with_spread(
    model: &Model,
    mut so_far: Spread,
    level: Level,
    end: u64,
    progress: &(dyn Fn(u64) -> ControlFlow<()> + Sync),
) -> Spread {
    let empty = Ensemble::empty(&so_far.layouts, so_far.runs.end);
    so_far.add(&go_on(model, empty, level, end, progress).spread());
    so_far
}
