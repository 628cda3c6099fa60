//! One town through the years: a block of runs, all scenarios, tile by tile.
//!
//! Per year: the innovations of each tile are drawn once, for all scenarios. Per scenario and tile: events,
//! deviation, link scale, values, population, outcomes, first passages; then the observer looks.

mod start;
mod step;

use super::level::Job;
use super::observe::{Observer, View};
use super::tile::{Banks, Row, TILE, TileStream, Words};
use super::world::World;
use crate::model::{Model, Operand, TownLaw};
use start::{start_tile, start_year};
use step::step;

/// Tiles in a block: the unit of parallel work and of exact summation.
pub(crate) const BLOCK_TILES: usize = 4;
/// Runs in a block.
pub(crate) const BLOCK: usize = BLOCK_TILES * TILE;

/// Everything a town needs while a block of runs goes by. Allocated once a task, reused for every block.
///
/// The paths of a block are its bulk and should fit the second-level cache, since each year goes through all
/// of them: a row is kept only for what the case makes move.
#[derive(Debug)]
pub(crate) struct Scratch {
    words: Words,
    normals: Vec<Row>,
    /// Values and link-scale values of the drivers.
    values: Vec<Row>,
    links: Vec<Row>,
    results: Vec<Row>,
    growth: Vec<Row>,
    tiles: Vec<TileState>,
}

/// What the scenarios of a tile share, and the state of each.
#[derive(Debug)]
struct TileState {
    noise: TileStream,
    events: Vec<TileStream>,
    /// Sub-indicators and drivers in the base year, where runs differ.
    base: Vec<Row>,
    /// Base-year link of each driver of which runs differ in the base year.
    base_link: Vec<Option<Box<Row>>>,
    /// Innovations of this year.
    innovations: Vec<Row>,
    /// Uniform number of each event, this year, and the smallest of them.
    uniforms: Vec<Row>,
    lowest: Vec<f64>,
    /// Price level of the town's mix.
    price: Row,
    paths: Vec<PathState>,
}

/// State of one scenario in one tile.
#[derive(Debug)]
pub(crate) struct PathState {
    /// Delta: the plan's shift of each driver, with its error.
    pub(crate) shift: Vec<Row>,
    /// d: deviation of each driver.
    pub(crate) deviation: Vec<Row>,
    /// y + S of each driver that cross-impacts read, last year's until the year's values are made.
    departure: Vec<Option<Box<Row>>>,
    /// S: lasting steps of each driver that an event can move for good.
    pub(crate) steps: Vec<Option<Box<Row>>>,
    /// Switches, then the population.
    pub(crate) state: Vec<Row>,
    /// 1 where an event happens this year.
    pub(crate) events: Vec<Row>,
    /// False for an event that happens in no run this year.
    active: Vec<bool>,
    /// 1 where an event has happened so far.
    pub(crate) happened: Vec<Row>,
    /// Years in a row that a first-passage condition has held.
    streak: Vec<Row>,
    /// 1 where the outcome is first reached this year.
    pub(crate) reached: Vec<Row>,
    /// 1 where it was reached before or can no longer be.
    closed: Vec<Row>,
}

impl PathState {
    fn new(model: &Model, town: &TownLaw) -> Self {
        let n = model.links.len();
        let rows = Row::zeros;
        let outcomes = model.first_passages.len();
        let sources = |i: usize| town.paths.iter().any(|path| path.reads(i));
        let some = |needed: bool| needed.then(|| Box::new(Row::ZERO));
        Self {
            shift: rows(n),
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

    fn reset(&mut self) {
        for rows in [&mut self.deviation, &mut self.happened, &mut self.events] {
            rows.fill(Row::ZERO);
        }
        for rows in [&mut self.streak, &mut self.reached, &mut self.closed] {
            rows.fill(Row::ZERO);
        }
        for row in self.departure.iter_mut().chain(&mut self.steps).flatten() {
            **row = Row::ZERO;
        }
    }
}

impl Scratch {
    pub(crate) fn new(model: &Model, town: &TownLaw) -> Self {
        let n = model.links.len();
        let inputs = town.inputs.len();
        let tile = || TileState {
            noise: TileStream::EMPTY,
            events: vec![TileStream::EMPTY; town.events.len()],
            base: Row::zeros(if town.is_uncertain() { inputs + n } else { 0 }),
            base_link: (0..n).map(|i| town.is_drawn(i).then(|| Box::new(Row::ZERO))).collect(),
            innovations: Row::zeros(n),
            uniforms: Row::zeros(town.events.len()),
            lowest: vec![0.0; town.events.len()],
            price: Row::ZERO,
            paths: town.paths.iter().map(|_| PathState::new(model, town)).collect(),
        };
        Self {
            words: Words([0; TILE]),
            normals: Row::zeros(n),
            // A frozen driver keeps its value; nothing writes to it again.
            values: town.base.iter().map(|base| Row([*base; TILE])).collect(),
            links: Row::zeros(n),
            results: Row::zeros(
                town.outcome.program.operations.len().max(town.base_program.operations.len()),
            ),
            growth: Row::zeros(town.outcome.growth.program.operations.len()),
            tiles: (0..BLOCK_TILES).map(|_| tile()).collect(),
        }
    }
}

/// A block of runs of one town: at most [`BLOCK`] of them, from `first_run` on.
pub(crate) struct TownBlock<'a, O> {
    pub(crate) model: &'a Model,
    pub(crate) town: &'a TownLaw,
    pub(crate) world: &'a World,
    pub(crate) first_run: u64,
    pub(crate) runs: usize,
    pub(crate) scratch: &'a mut Scratch,
    pub(crate) observer: &'a mut O,
}

impl<O: Observer> Job for TownBlock<'_, O> {
    /// Takes the block through all years and shows each tile of each year and scenario to the observer. The
    /// reference scenario comes first, so that others can be compared with it.
    #[inline(always)]
    fn run(self) {
        let Self { model, town, world, first_run, runs, scratch, observer } = self;
        let tiles = runs.div_ceil(TILE);
        for tile in 0..tiles {
            start_tile(model, town, first_run + (tile * TILE) as u64, scratch, tile);
        }
        let reference = model.reference.unwrap_or(0);
        let order = std::iter::once(reference).chain((0..town.paths.len()).filter(|p| *p != reference));
        for t in 0..model.years.len() {
            for tile in 0..tiles {
                start_year(model, town, world, scratch, tile, t);
            }
            for path in order.clone() {
                observer.begin(t, path);
                for tile in 0..tiles {
                    step(model, town, world, scratch, tile, path, t);
                    let state = &scratch.tiles[tile];
                    let view = View {
                        values: &scratch.values,
                        links: &scratch.links,
                        banks: Banks([
                            &scratch.values,
                            world.indices(tile, t),
                            &state.base,
                            &state.paths[path].state,
                        ]),
                        results: &scratch.results,
                        innovations: &state.innovations,
                        base_link: &state.base_link,
                        prices: world.prices(tile, t),
                        price: &state.price,
                        state: &state.paths[path],
                        year: &town.paths[path].years[t],
                        runs: (runs - tile * TILE).min(TILE),
                    };
                    observer.tile(t, path, tile, &view);
                }
                observer.end(t, path);
            }
        }
    }
}

/// Operands of the quantities of a town, in the order of [`Model::quantities`].
pub(crate) fn quantity_operands(model: &Model, town: &TownLaw) -> Vec<Operand> {
    use crate::model::{Bank, QuantityKind};
    let outcome = &town.outcome;
    let operand = |kind: QuantityKind| match kind {
        QuantityKind::Composite(k) => outcome.composites[model.scales[k].0],
        QuantityKind::Driver(i) if town.frozen[i] => Operand::Constant(town.base[i]),
        QuantityKind::Driver(i) => Operand::Row(Bank::Driver, i),
        QuantityKind::SubIndicator(i) => outcome.sub_indicators[i],
        QuantityKind::Population => Operand::Row(Bank::State, town.switches.len()),
        QuantityKind::Persons(i) => outcome.persons[i],
    };
    model.quantities.iter().map(|q| operand(q.kind)).collect()
}
