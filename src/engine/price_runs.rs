//! Prices alone: what the worlds of the first runs draw for every commodity and year.

use std::ops::Range;

use rayon::prelude::*;

use super::tile::{BLOCK, BLOCK_TILES, TILE};
use super::vector_level::VectorLevel;
use super::world::{FillWorld, World};
use crate::model::Model;

/// ln P\[t\] - ln P\[0\] of every commodity in some runs: `[commodity][t][run]`, t = 0 the base year.
/// They are the prices that [`super::run`] works with, stress included. Memory is 8 bytes a value.
pub fn log_prices(model: &Model, runs: Range<u64>) -> Vec<Vec<Vec<f64>>> {
    let (commodities, years) = (model.prices.commodities(), model.years.len());
    let firsts: Vec<u64> = runs.clone().step_by(BLOCK).collect();
    let level = VectorLevel::best();
    let block = |first: &u64| {
        let count = (runs.end - first).min(BLOCK as u64) as usize;
        let mut world = World::new(model, BLOCK_TILES);
        level.run(FillWorld { world: &mut world, model, first_run: *first, tiles: BLOCK_TILES });
        let column = |c: usize, t: usize| {
            let value = |run: usize| world.prices(run / TILE, t)[c].0[run % TILE];
            // Nothing is drawn, nor written, for the base year.
            (0..count).map(|run| if t == 0 { 0.0 } else { value(run) }).collect::<Vec<f64>>()
        };
        (0..commodities).map(|c| (0..years).map(|t| column(c, t)).collect()).collect()
    };
    let blocks: Vec<Vec<Vec<Vec<f64>>>> = firsts.par_iter().map(block).collect();
    let join = |c: usize, t: usize| blocks.iter().flat_map(|b| b[c][t].iter().copied()).collect();
    (0..commodities).map(|c| (0..years).map(|t| join(c, t)).collect()).collect()
}
