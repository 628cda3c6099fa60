//! Single runs: columns of chosen values, a row a run, and the replay of one run in full.

use std::ops::Range;

use rayon::prelude::*;

use super::observer::{Observer, View};
use super::recorder::{Recorder, Selected};
use super::tile::{BLOCK, BLOCK_TILES, TileRow};
use super::town::TownBlock;
use super::town_state::TownBuffers;
use super::vector_level::VectorLevel;
use super::world::{FillWorld, World};
use crate::model::{Model, Operand, RunScenario, RunTown, TownLaw};

/// Blocks that are worked on at a time.
const AT_A_TIME: u64 = 8;

/// Gives the selected values of every run of a range, in order of runs: `sink(first_run, columns)` with one
/// column a selected value, a block of runs at a time. The values are those that [`super::run`] tallies.
pub fn record(
    model: &Model,
    selected: &[Selected],
    runs: Range<u64>,
    sink: &mut dyn FnMut(u64, &[Vec<f64>]),
) {
    let block = BLOCK as u64;
    let mut start = runs.start;
    while start < runs.end {
        let end = runs.end.min(start + AT_A_TIME * block);
        let firsts: Vec<u64> = (start..end).step_by(BLOCK).collect();
        let blocks: Vec<Vec<Vec<f64>>> = firsts
            .par_iter()
            .map(|first| record_block(model, selected, *first, (end - first).min(block) as usize))
            .collect();
        for (first, columns) in firsts.iter().zip(&blocks) {
            sink(*first, columns);
        }
        start = end;
    }
}

fn record_block(model: &Model, selected: &[Selected], first: u64, runs: usize) -> Vec<Vec<f64>> {
    let mut columns = vec![Vec::with_capacity(runs); selected.len()];
    let level = VectorLevel::best();
    let mut world = World::new(model, BLOCK_TILES);
    level.run(FillWorld { world: &mut world, model, first_run: first, tiles: BLOCK_TILES });
    for (place, town) in model.towns.iter().enumerate() {
        if selected.iter().all(|s| s.town != place) {
            continue;
        }
        let mut recorder = Recorder::new(model, place, selected, &mut columns);
        let (world, buffers, observer) = (&world, &mut TownBuffers::new(model, town), &mut recorder);
        TownBlock { model, town, world, first_run: first, runs, buffers, observer }.run(level);
    }
    columns
}

/// One run of one town under one scenario, in full.
#[derive(Debug, Clone, PartialEq)]
pub struct Trajectory {
    /// Number of the run.
    pub run: u64,
    /// Share of the scenario's plan that is delivered; 1 where it is all of it.
    pub delivered: f64,
    /// A year each, the base year first.
    pub years: Vec<TrajectoryYear>,
}

/// One year of a trajectory. Vectors are in the order of the case or of its method.
#[derive(Debug, Clone, PartialEq)]
pub struct TrajectoryYear {
    /// ln P\[t\] - ln P\[0\] of each commodity.
    pub log_prices: Vec<f64>,
    /// The town's price level x.
    pub price_level: f64,
    /// Value of each driver.
    pub drivers: Vec<f64>,
    /// Each driver on the link scale; of no meaning for one that stays at the edge of its range.
    pub links: Vec<f64>,
    /// Value of each sub-indicator.
    pub sub_indicators: Vec<f64>,
    /// Value of each composite, intermediate ones included.
    pub composites: Vec<f64>,
    /// Population.
    pub population: f64,
    /// Each count of persons.
    pub persons: Vec<f64>,
    /// Events of this year, by their index in the case.
    pub events: Vec<usize>,
    /// Outcomes first reached this year, by their index in the method.
    pub reached: Vec<usize>,
}

/// Replays one run.
///
/// # Panics
/// When so many towns or scenarios are not run.
///
/// # Examples
/// ```
/// use boljam::{case::{Case, Source}, engine, model::{Model, Options}};
/// let case = Case::load(&Source::embedded(), &[])?;
/// let options = Options::select(&case, &["temirtau"], &["inertial"], None)?;
/// let (town, scenario) = (options.town(&case, "temirtau")?, options.scenario(&case, "inertial")?);
/// let trajectory = engine::replay(&Model::compile(&case, &options)?, town, scenario, 17);
/// assert_eq!(trajectory.years.len(), 15);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn replay(model: &Model, town: RunTown, scenario: RunScenario, run: u64) -> Trajectory {
    replay_paths(model, town, run).swap_remove(scenario.0)
}

/// Replays one run of a town under each scenario of the options.
///
/// # Panics
/// When the town is not run.
pub fn replay_paths(model: &Model, town: RunTown, run: u64) -> Vec<Trajectory> {
    let law = &model.towns[town.0];
    let mut world = World::new(model, BLOCK_TILES);
    let mut replayer =
        Replayer { law, paths: vec![Trajectory { run, delivered: 1.0, years: Vec::new() }; law.paths.len()] };
    VectorLevel::Baseline.run(FillWorld { world: &mut world, model, first_run: run, tiles: 1 });
    let (world, buffers, observer) = (&world, &mut TownBuffers::new(model, law), &mut replayer);
    let (town, first_run, runs) = (law, run, 1);
    TownBlock { model, town, world, first_run, runs, buffers, observer }.run(VectorLevel::Baseline);
    replayer.paths
}

struct Replayer<'a> {
    law: &'a TownLaw,
    paths: Vec<Trajectory>,
}

impl Observer for Replayer<'_> {
    fn tile(&mut self, _t: usize, path: usize, _tile: usize, view: &View<'_>) {
        let outcome = &self.law.outcome;
        let all = |operands: &[Operand]| operands.iter().map(|o| view.value(*o).at(0)).collect::<Vec<f64>>();
        let happens = |rows: &[TileRow]| {
            rows.iter().enumerate().filter(|(_, r)| r.0[0] > 0.0).map(|(k, _)| k).collect::<Vec<usize>>()
        };
        self.paths[path].delivered = view.state.share.as_ref().map_or(1.0, |share| share.0[0]);
        self.paths[path].years.push(TrajectoryYear {
            log_prices: view.prices.iter().map(|r| r.0[0]).collect(),
            price_level: view.price.0[0],
            drivers: view.values.iter().map(|r| r.0[0]).collect(),
            links: view.links.iter().map(|r| r.0[0]).collect(),
            sub_indicators: all(&outcome.sub_indicators),
            composites: all(&outcome.composites),
            population: view.state.state[self.law.switches.len()].0[0],
            persons: all(&outcome.persons),
            events: happens(&view.state.events).into_iter().map(|k| self.law.events[k].index).collect(),
            reached: happens(&view.state.reached),
        });
    }
}
