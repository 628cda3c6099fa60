//! The same runs under two models: the values of both side by side, block after block.
//!
//! Every draw is keyed by what it is, so that a run has the same world under both but for what differs between the
//! models: differences are paired. Values of a block are held only while they are looked at; what comes of them is
//! handed over block by block in order, so that the result is the same for any number of threads.

use std::ops::Range;
use std::sync::{Mutex, PoisonError};

use rayon::prelude::*;

use super::ballot::Ballot;
use super::observer::{Observer, View};
use super::tile::{BLOCK, BLOCK_TILES, TILE, TileRow, Value};
use super::town::TownBlock;
use super::town_state::TownBuffers;
use super::tracks::quantity_operands;
use super::vector_level::VectorLevel;
use super::world::{FillWorld, World};
use crate::model::{Model, Operand};

/// A model, others that differ from it in what happens, and what is looked at.
#[derive(Debug)]
pub struct Paired<'a> {
    /// What the others are compared with.
    pub base: &'a Model,
    /// The others: the same towns, scenarios and years.
    pub others: &'a [Model],
    /// Quantities, by their places in [`Model::quantities`].
    pub quantities: &'a [usize],
}

/// Values of one town in a block of runs under two models.
#[derive(Debug, Clone, Copy)]
pub struct PairedBlock<'a> {
    layout: &'a Layout,
    base: &'a [TileRow],
    other: &'a [TileRow],
    /// Number of runs.
    pub runs: usize,
}

/// What is noted of a run in a town, scenario and year.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Noted {
    /// A quantity, by its place among those that are looked at.
    Quantity(usize),
    /// The set of leaders, a bit a candidate; NaN where a composite is undefined.
    Leaders,
    /// Votes, a byte a candidate, as the bits of the number.
    Votes,
    /// 1 where an outcome is first reached in the year.
    Reached(usize),
}

/// Where values lie: `[t][path][column][tile]`.
#[derive(Debug)]
struct Layout {
    years: usize,
    paths: usize,
    quantities: usize,
    outcomes: usize,
}

impl Layout {
    fn columns(&self) -> usize {
        self.quantities + 2 + self.outcomes
    }

    fn rows(&self) -> usize {
        self.years * self.paths * self.columns() * BLOCK_TILES
    }

    fn row(&self, t: usize, path: usize, column: usize) -> usize {
        ((t * self.paths + path) * self.columns() + column) * BLOCK_TILES
    }
}

impl<'a> PairedBlock<'a> {
    /// Values under the base model and under the other one: a slice a tile, a number a run.
    pub fn tiles(
        &self,
        t: usize,
        path: usize,
        noted: Noted,
    ) -> impl Iterator<Item = (&'a [f64], &'a [f64])> + 'a {
        let column = match noted {
            Noted::Quantity(k) => k,
            Noted::Leaders => self.layout.quantities,
            Noted::Votes => self.layout.quantities + 1,
            Noted::Reached(k) => self.layout.quantities + 2 + k,
        };
        let (row, runs) = (self.layout.row(t, path, column), self.runs);
        let rows = self.base[row..].iter().zip(&self.other[row..]).take(runs.div_ceil(TILE)).enumerate();
        rows.map(move |(tile, (base, other))| {
            let count = (runs - tile * TILE).min(TILE);
            (&base.0[..count], &other.0[..count])
        })
    }
}

impl Paired<'_> {
    /// Makes runs, with the threads it is called with. `work(town, other, values)` looks at a block of one town under
    /// one of the others; `merge` is given what came of it, `[town][other]`, block by block in order, and the number of
    /// runs done.
    pub fn run<T: Send>(
        &self,
        runs: Range<u64>,
        level: VectorLevel,
        work: &(dyn Fn(usize, usize, PairedBlock<'_>) -> T + Sync),
        merge: &mut dyn FnMut(Vec<Vec<T>>, u64),
    ) {
        let towns = self.base.towns.len();
        let models: Vec<&Model> = std::iter::once(self.base).chain(self.others).collect();
        let layout = Layout {
            years: self.base.years.len(),
            paths: self.base.options.scenarios.len(),
            quantities: self.quantities.len(),
            outcomes: self.base.first_passages.len(),
        };
        // Values are large: as many of them as there are threads.
        let room: Vec<Mutex<[Vec<TileRow>; 2]>> = (0..rayon::current_num_threads())
            .map(|_| Mutex::new([TileRow::zeros(layout.rows()), TileRow::zeros(layout.rows())]))
            .collect();
        let at_a_time = (2 * rayon::current_num_threads()).div_ceil(towns).clamp(1, 4);
        let mut worlds: Vec<World> =
            (0..at_a_time * models.len()).map(|_| World::new(self.base, BLOCK_TILES)).collect();
        let firsts: Vec<u64> = runs.clone().step_by(BLOCK).collect();
        for turn in firsts.chunks(at_a_time) {
            worlds[..turn.len() * models.len()].par_iter_mut().enumerate().for_each(|(k, world)| {
                let (first_run, model) = (turn[k / models.len()], models[k % models.len()]);
                level.run(FillWorld { world, model, first_run, tiles: BLOCK_TILES });
            });
            let jobs: Vec<(usize, usize)> =
                (0..turn.len()).flat_map(|k| (0..towns).map(move |town| (k, town))).collect();
            let done: Vec<Vec<T>> = jobs
                .par_iter()
                .map(|&(k, town)| {
                    let (first_run, worlds) = (turn[k], &worlds[k * models.len()..][..models.len()]);
                    let count = (runs.end - first_run).min(BLOCK as u64) as usize;
                    let place = rayon::current_thread_index().unwrap_or(0) % room.len();
                    let mut values = room[place].lock().unwrap_or_else(PoisonError::into_inner);
                    let [base, other] = &mut *values;
                    let mut buffers = TownBuffers::new(self.base, &self.base.towns[town]);
                    let mut look = |sample: usize, values: &mut [TileRow]| {
                        let (model, world) = (models[sample], &worlds[sample]);
                        let law = &model.towns[town];
                        let all = quantity_operands(model, law);
                        let mut observer = Recorder {
                            layout: &layout,
                            operands: self.quantities.iter().map(|q| all[*q]).collect(),
                            ballot: Ballot::new(model, law),
                            above: Vec::new(),
                            values,
                        };
                        observer.above.resize(observer.ballot.bounds, 0);
                        let (buffers, observer) = (&mut buffers, &mut observer);
                        TownBlock { model, town: law, world, first_run, runs: count, buffers, observer }
                            .run(level);
                    };
                    look(0, base);
                    let of = |k: usize| {
                        look(1 + k, other);
                        work(town, k, PairedBlock { layout: &layout, base, other, runs: count })
                    };
                    (0..self.others.len()).map(of).collect()
                })
                .collect();
            let mut done = done.into_iter();
            for first in turn {
                merge(done.by_ref().take(towns).collect(), runs.end.min(first + BLOCK as u64) - runs.start);
            }
        }
    }
}

/// The observer that writes down what is looked at.
struct Recorder<'a> {
    layout: &'a Layout,
    operands: Vec<Operand>,
    ballot: Ballot,
    above: Vec<u64>,
    values: &'a mut [TileRow],
}

impl Observer for Recorder<'_> {
    fn tile(&mut self, t: usize, path: usize, tile: usize, view: &View<'_>) {
        let Self { layout, operands, ballot, above, values } = self;
        let at = |column: usize| layout.row(t, path, column) + tile;
        for (k, operand) in operands.iter().enumerate() {
            match view.value(*operand) {
                Value::Same(x) => values[at(k)].0.fill(x),
                Value::Each(row) => values[at(k)] = *row,
            }
        }
        let (mut votes, mut leaders) = ([0; TILE], [0; TILE]);
        let all_defined = ballot.count(view, above, &mut votes);
        ballot.leaders(&votes, &mut leaders);
        let mask = (1_u16 << ballot.candidates) - 1;
        values[at(layout.quantities)].0 = leaders.map(|set| f64::from(set & mask));
        if !all_defined {
            let undefined = ballot.undefined(view);
            let row = &mut values[at(layout.quantities)].0;
            row.iter_mut().zip(undefined).filter(|(_, u)| *u).for_each(|(x, _)| *x = f64::NAN);
        }
        values[at(layout.quantities + 1)].0 = votes.map(f64::from_bits);
        for (k, row) in view.state.reached.iter().enumerate() {
            values[at(layout.quantities + 2 + k)] = *row;
        }
    }
}
