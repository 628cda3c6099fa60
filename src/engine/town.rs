//! One town through the years: a block of runs, all scenarios, tile by tile.
//!
//! Per year: the innovations of each tile are drawn once, for all scenarios. Per scenario and tile: events,
//! deviation, link scale, values, population, outcomes, first passages; then the observer looks.

mod start;
mod step;

use super::observer::{Observer, View};
use super::tile::{Banks, TILE};
use super::town_state::TownBuffers;
use super::vector_level::{Job, VectorLevel};
use super::world::World;
use crate::model::{Model, TownLaw};
use start::{start_tile, start_year};
use step::step;

/// A block of runs of one town: at most [`super::tile::BLOCK`] of them, from `first_run` on.
pub(crate) struct TownBlock<'a, O> {
    pub(crate) model: &'a Model,
    pub(crate) town: &'a TownLaw,
    pub(crate) world: &'a World,
    pub(crate) first_run: u64,
    pub(crate) runs: usize,
    pub(crate) buffers: &'a mut TownBuffers,
    pub(crate) observer: &'a mut O,
}

impl<O: Observer> TownBlock<'_, O> {
    /// Takes the block through all years and shows each tile of each year and scenario to the observer. The
    /// reference scenario comes first, so that others can be compared with it.
    ///
    /// What steps a tile knows nothing of the observer: the compiler makes it once a vector level, and not once more
    /// for each observer.
    pub(crate) fn run(self, level: VectorLevel) {
        let Self { model, town, world, first_run, runs, buffers, observer } = self;
        let tiles = runs.div_ceil(TILE);
        level.run(Start { model, town, first_run, buffers, tiles });
        let reference = model.reference.unwrap_or(0);
        let order = std::iter::once(reference).chain((0..town.paths.len()).filter(|p| *p != reference));
        for t in 0..model.years.len() {
            level.run(StartYear { model, town, world, buffers, tiles, t });
            for path in order.clone() {
                level.run(Begin { observer, t, path });
                for tile in 0..tiles {
                    level.run(Step { model, town, world, buffers, tile, path, t });
                    let state = &buffers.tiles[tile];
                    let view = View {
                        values: &buffers.values,
                        links: &buffers.links,
                        banks: Banks([
                            &buffers.values,
                            world.indices(tile, t),
                            &state.base,
                            &state.paths[path].state,
                        ]),
                        results: &buffers.results,
                        innovations: &state.innovations,
                        base_link: &state.base_link,
                        prices: world.prices(tile, t),
                        price: &state.price,
                        parameters: world.parameters(tile),
                        state: &state.paths[path],
                        year: &town.paths[path].years[t],
                        first_run: first_run + (tile * TILE) as u64,
                        runs: (runs - tile * TILE).min(TILE),
                    };
                    level.run(Show { observer, t, path, tile, view: &view });
                }
                level.run(End { observer, t, path });
            }
        }
    }
}

/// The state of each tile before its first year.
struct Start<'a> {
    model: &'a Model,
    town: &'a TownLaw,
    first_run: u64,
    buffers: &'a mut TownBuffers,
    tiles: usize,
}

impl Job for Start<'_> {
    #[inline(always)]
    fn run(self) {
        for tile in 0..self.tiles {
            let first = self.first_run + (tile * TILE) as u64;
            start_tile(self.model, self.town, first, self.buffers, tile);
        }
    }
}

/// What a year brings to each tile, whatever the scenario.
struct StartYear<'a> {
    model: &'a Model,
    town: &'a TownLaw,
    world: &'a World,
    buffers: &'a mut TownBuffers,
    tiles: usize,
    t: usize,
}

impl Job for StartYear<'_> {
    #[inline(always)]
    fn run(self) {
        for tile in 0..self.tiles {
            start_year(self.model, self.town, self.world, self.buffers, tile, self.t);
        }
    }
}

/// A year of a tile under one scenario.
struct Step<'a> {
    model: &'a Model,
    town: &'a TownLaw,
    world: &'a World,
    buffers: &'a mut TownBuffers,
    tile: usize,
    path: usize,
    t: usize,
}

impl Job for Step<'_> {
    #[inline(always)]
    fn run(self) {
        step(self.model, self.town, self.world, self.buffers, self.tile, self.path, self.t);
    }
}

/// The observer before the tiles of a year and scenario.
struct Begin<'a, O> {
    observer: &'a mut O,
    t: usize,
    path: usize,
}

impl<O: Observer> Job for Begin<'_, O> {
    #[inline(always)]
    fn run(self) {
        self.observer.begin(self.t, self.path);
    }
}

/// The observer at a tile.
struct Show<'a, O> {
    observer: &'a mut O,
    t: usize,
    path: usize,
    tile: usize,
    view: &'a View<'a>,
}

impl<O: Observer> Job for Show<'_, O> {
    #[inline(always)]
    fn run(self) {
        self.observer.tile(self.t, self.path, self.tile, self.view);
    }
}

/// The observer after the tiles of a year and scenario.
struct End<'a, O> {
    observer: &'a mut O,
    t: usize,
    path: usize,
}

impl<O: Observer> Job for End<'_, O> {
    #[inline(always)]
    fn run(self) {
        self.observer.end(self.t, self.path);
    }
}
