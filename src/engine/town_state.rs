//! What a town needs while a block of runs goes by: buffers, and the state of each tile and scenario.

use super::tile::{BLOCK_TILES, TILE, TileRow, TileStream, Words};
use crate::model::{Model, PathLaw, TownLaw};

/// Everything a town needs while a block of runs goes by. Allocated once a task, reused for every block.
///
/// The paths of a block are its bulk and should fit the second-level cache, since each year goes through all
/// of them: a row is kept only for what the case makes move.
#[derive(Debug)]
pub(crate) struct TownBuffers {
    pub(super) words: Words,
    pub(super) normals: Vec<TileRow>,
    /// Delta of the reference scenario, where some scenario is not delivered in full.
    pub(super) reference: Vec<TileRow>,
    /// Values and link-scale values of the drivers.
    pub(super) values: Vec<TileRow>,
    pub(super) links: Vec<TileRow>,
    pub(super) results: Vec<TileRow>,
    pub(super) growth: Vec<TileRow>,
    pub(super) tiles: Vec<TileState>,
}

/// What the scenarios of a tile share, and the state of each.
#[derive(Debug)]
pub(super) struct TileState {
    pub(super) noise: TileStream,
    pub(super) events: Vec<TileStream>,
    /// Sub-indicators and drivers in the base year, where runs differ.
    pub(super) base: Vec<TileRow>,
    /// Base-year link of each driver of which runs differ in the base year.
    pub(super) base_link: Vec<Option<Box<TileRow>>>,
    /// Innovations of this year.
    pub(super) innovations: Vec<TileRow>,
    /// Uniform number of each event, this year, and the smallest of them.
    pub(super) uniforms: Vec<TileRow>,
    pub(super) lowest: Vec<f64>,
    /// Price level of the town's mix.
    pub(super) price: TileRow,
    pub(super) paths: Vec<PathState>,
}

/// State of one scenario in one tile.
#[derive(Debug)]
pub(crate) struct PathState {
    /// What the year's tau multiplies of each driver: Delta, the plan's shift with its error, or what is delivered.
    pub(crate) shift: Vec<TileRow>,
    /// What is delivered of the plan, where that is not all of it.
    pub(crate) share: Option<Box<TileRow>>,
    /// What the reference's two tau multiply, for each driver whose plan is apart from the reference's.
    pub(crate) rest: Vec<Option<Box<[TileRow; 2]>>>,
    /// d: deviation of each driver.
    pub(crate) deviation: Vec<TileRow>,
    /// y + S of each driver that cross-impacts read, last year's until the year's values are made.
    pub(super) departure: Vec<Option<Box<TileRow>>>,
    /// S: lasting steps of each driver that an event can move for good.
    pub(crate) steps: Vec<Option<Box<TileRow>>>,
    /// Switches, then the population.
    pub(crate) state: Vec<TileRow>,
    /// 1 where an event happens this year.
    pub(crate) events: Vec<TileRow>,
    /// False for an event that happens in no run this year.
    pub(super) active: Vec<bool>,
    /// 1 where an event has happened so far.
    pub(crate) happened: Vec<TileRow>,
    /// Years in a row that a first-passage condition has held.
    pub(super) streak: Vec<TileRow>,
    /// 1 where the outcome is first reached this year.
    pub(crate) reached: Vec<TileRow>,
    /// 1 where it was reached before or can no longer be.
    pub(super) closed: Vec<TileRow>,
}

impl PathState {
    fn new(model: &Model, town: &TownLaw, law: &PathLaw) -> Self {
        let n = model.links.len();
        let rows = TileRow::zeros;
        let outcomes = model.first_passages.len();
        let sources = |i: usize| town.paths.iter().any(|path| path.reads(i));
        let some = |needed: bool| needed.then(|| Box::new(TileRow::ZERO));
        Self {
            shift: rows(n),
            share: some(law.delivery.is_some()),
            rest: match &law.delivery {
                Some(d) => d.apart.iter().map(|a| a.then(|| Box::new([TileRow::ZERO; 2]))).collect(),
                None => vec![None; n],
            },
            deviation: rows(n),
            departure: (0..n).map(|i| some(sources(i))).collect(),
            steps: town.has_steps.iter().map(|has| some(*has)).collect(),
            state: rows(town.switches.len() + 1),
            events: rows(town.events.len()),
            active: vec![true; town.events.len()],
            happened: rows(town.events.len()),
            streak: rows(outcomes),
            reached: rows(outcomes),
            closed: rows(outcomes),
        }
    }

    pub(super) fn reset(&mut self) {
        for rows in [&mut self.deviation, &mut self.happened, &mut self.events] {
            rows.fill(TileRow::ZERO);
        }
        for rows in [&mut self.streak, &mut self.reached, &mut self.closed] {
            rows.fill(TileRow::ZERO);
        }
        for row in self.departure.iter_mut().chain(&mut self.steps).flatten() {
            **row = TileRow::ZERO;
        }
    }
}

impl TownBuffers {
    pub(crate) fn new(model: &Model, town: &TownLaw) -> Self {
        let n = model.links.len();
        let inputs = town.inputs.len();
        let tile = || TileState {
            noise: TileStream::EMPTY,
            events: vec![TileStream::EMPTY; town.events.len()],
            base: TileRow::zeros(if town.is_uncertain() { inputs + n } else { 0 }),
            base_link: (0..n).map(|i| town.is_drawn(i).then(|| Box::new(TileRow::ZERO))).collect(),
            innovations: TileRow::zeros(n),
            uniforms: TileRow::zeros(town.events.len()),
            lowest: vec![0.0; town.events.len()],
            price: TileRow::ZERO,
            paths: town.paths.iter().map(|law| PathState::new(model, town, law)).collect(),
        };
        Self {
            words: Words([0; TILE]),
            normals: TileRow::zeros(n),
            reference: TileRow::zeros(if town.paths.iter().any(|p| p.delivery.is_some()) { n } else { 0 }),
            // A frozen driver keeps its value; nothing writes to it again.
            values: town.base.iter().map(|base| TileRow([*base; TILE])).collect(),
            links: TileRow::zeros(n),
            results: TileRow::zeros(
                town.outcome.program.operations.len().max(town.base_program.operations.len()),
            ),
            growth: TileRow::zeros(town.outcome.growth.program.operations.len()),
            tiles: (0..BLOCK_TILES).map(|_| tile()).collect(),
        }
    }
}
