//! One town through the years: a block of runs, all scenarios, tile by tile.
//!
//! Per year: the innovations of each tile are drawn once, for all scenarios. Per scenario and tile: events,
//! deviation, link scale, values, population, outcomes, first passages; then the observer looks.

mod start;
mod step;

use super::observer::{Observer, View};
use super::tile::{Banks, TILE};
use super::town_state::TownBuffers;
use super::vector_level::Job;
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

impl<O: Observer> Job for TownBlock<'_, O> {
    /// Takes the block through all years and shows each tile of each year and scenario to the observer. The
    /// reference scenario comes first, so that others can be compared with it.
    #[inline(always)]
    fn run(self) {
        let Self { model, town, world, first_run, runs, buffers, observer } = self;
        let tiles = runs.div_ceil(TILE);
        for tile in 0..tiles {
            start_tile(model, town, first_run + (tile * TILE) as u64, buffers, tile);
        }
        let reference = model.reference.unwrap_or(0);
        let order = std::iter::once(reference).chain((0..town.paths.len()).filter(|p| *p != reference));
        for t in 0..model.years.len() {
            for tile in 0..tiles {
                start_year(model, town, world, buffers, tile, t);
            }
            for path in order.clone() {
                observer.begin(t, path);
                for tile in 0..tiles {
                    step(model, town, world, buffers, tile, path, t);
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
                        state: &state.paths[path],
                        year: &town.paths[path].years[t],
                        first_run: first_run + (tile * TILE) as u64,
                        runs: (runs - tile * TILE).min(TILE),
                    };
                    observer.tile(t, path, tile, &view);
                }
                observer.end(t, path);
            }
        }
    }
}
