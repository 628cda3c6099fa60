//! The Monte Carlo engine: many runs of a model, tallied as they go by.
//!
//! Takes a [`Model`]; gives an [`Ensemble`] of integer counts and exact sums. Runs go through the years in
//! tiles of 128 in lock-step; a block of tiles is the unit of parallel work. The common world of a few blocks
//! (prices, the region) is drawn first, then towns take their turns with it. Every draw is keyed by what it
//! is, and tallies merge by adding integers, so the result is the same, bit for bit, for any number of
//! threads, any subset of towns or scenarios and any vector level.

mod binning;
mod ensemble;
mod layout;
mod level;
mod observe;
mod pilot;
mod prices;
mod record;
mod split;
mod sums;
mod tally;
mod tile;
mod town;
mod votes;
mod world;

pub use ensemble::{Ensemble, Histogram, RawPart, TownEnsemble};
pub use level::Level;
pub use prices::log_prices;
pub use record::{Item, Selected, Trajectory, TrajectoryYear, record, replay};
pub use split::PART_NAMES;

use rayon::prelude::*;

use crate::model::{ClosedForm, Model};
use layout::Layout;
use tally::{Tallier, Tally};
use town::{BLOCK, BLOCK_TILES, Scratch, TownBlock};
use world::{FillWorld, World};

/// Blocks whose world is held at a time: enough to keep all threads busy, few enough to stay small.
const SUPERBLOCK: usize = 4;

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
    match rayon::ThreadPoolBuilder::new().num_threads(effort.threads).build() {
        Ok(pool) => pool.install(|| run_here(model, effort, progress)),
        // No threads to be had: the caller's will do.
        Err(_) => run_here(model, effort, progress),
    }
}

fn run_here(model: &Model, effort: Effort, progress: &(dyn Fn(u64) + Sync)) -> Ensemble {
    let layouts: Vec<Layout> = model
        .towns
        .par_iter()
        .map(|town| Layout::plan(model, town, &ClosedForm::link_moments(model, town)))
        .collect();
    let towns = model.towns.len();
    let shares = (2 * rayon::current_num_threads()).div_ceil(towns).clamp(1, SUPERBLOCK);
    let mut tasks: Vec<Task> = (0..shares * towns)
        .map(|k| {
            let layout = &layouts[k / shares];
            Task { town: k / shares, share: k % shares, layout, tally: Tally::new(model, layout) }
        })
        .collect();
    let mut worlds: Vec<World> = (0..SUPERBLOCK).map(|_| World::new(model, BLOCK_TILES)).collect();
    let block = BLOCK as u64;
    let blocks = effort.runs.div_ceil(block);
    for start in (0..blocks).step_by(SUPERBLOCK) {
        let count = (blocks - start).min(SUPERBLOCK as u64) as usize;
        worlds[..count].par_iter_mut().enumerate().for_each(|(b, world)| {
            let first_run = (start + b as u64) * block;
            effort.level.run(FillWorld { world, model, first_run, tiles: BLOCK_TILES });
        });
        tasks.par_iter_mut().for_each(|task| {
            let town = &model.towns[task.town];
            let scratch = &mut Scratch::new(model, town);
            let observer = &mut Tallier::new(model, town, task.layout, &mut task.tally);
            for b in (task.share..count).step_by(shares) {
                let first_run = (start + b as u64) * block;
                let runs = (effort.runs - first_run).min(block) as usize;
                let (world, scratch, observer) = (&worlds[b], &mut *scratch, &mut *observer);
                effort.level.run(TownBlock { model, town, world, first_run, runs, scratch, observer });
            }
        });
        progress(((start + count as u64) * block).min(effort.runs));
    }
    let mut tallies: Vec<Tally> = Vec::with_capacity(towns);
    for task in tasks {
        if task.share == 0 {
            tallies.push(task.tally);
        } else if let Some(into) = tallies.last_mut() {
            into.merge(&task.tally);
        }
    }
    Ensemble::new(effort.runs, layouts, tallies)
}
