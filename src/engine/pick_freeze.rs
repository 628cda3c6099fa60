//! A pick-freeze design: the same runs again with one source of variance at a time drawn anew.
//!
//! Two samples A and B draw everything independently; A_i is A with source i as in B. All scenarios of a run are
//! made of the same draws, so that a weighted mean over scenarios is exact in every run. With f_s the quantity under
//! scenario s and g = sum of w_s f_s the sums kept are those of
//!
//! ```text
//! f_s(A), f_s(B), f_s(A)^2 + f_s(B)^2;   g(A), g(B), g(A)^2 + g(B)^2
//! for each source:  g(B) (g(A_i) - g(A)),   g(A_i) - g(A),   sum of w_s (f_s(A) - f_s(A_i))^2 / 2
//! ```
//!
//! Runs are added up within a block in their order, and blocks in theirs, so that the result is the same, bit for bit,
//! for any number of threads.

use rayon::prelude::*;

use super::observer::{Observer, View};
use super::tile::{BLOCK, BLOCK_TILES, TILE, TileRow, Value};
use super::town::TownBlock;
use super::town_state::TownBuffers;
use super::tracks::quantity_operands;
use super::vector_level::VectorLevel;
use super::world::{FillWorld, World};
use crate::model::{Model, Operand, TownLaw, VarianceSource};

/// The samples and what is asked of them.
#[derive(Debug)]
pub struct PickFreeze<'a> {
    /// Sample A.
    pub model: &'a Model,
    /// Seed of sample B; A's is the model's own.
    pub other_seed: u64,
    /// Sources that are drawn anew one at a time; together all that are drawn.
    pub sources: Vec<VarianceSource>,
    /// Weight of each scenario of the options; they add up to 1.
    pub weights: Vec<f64>,
    /// Quantities, by their places in [`Model::quantities`].
    pub quantities: Vec<usize>,
}

/// Sums over some runs of one quantity in one town and year, relative to a centre near its mean.
#[derive(Debug, Clone, PartialEq)]
pub struct PairSums {
    /// Runs in which the quantity is defined under every scenario in A and B.
    pub runs: u64,
    /// What is taken off each value before it is added up.
    pub centre: f64,
    /// f_s(A) and f_s(B) of each scenario.
    pub scenario: Vec<[f64; 2]>,
    /// f_s(A)^2 + f_s(B)^2 of each scenario.
    pub scenario_squares: Vec<f64>,
    /// g(A) and g(B).
    pub mean: [f64; 2],
    /// g(A)^2 + g(B)^2.
    pub mean_squares: f64,
    /// Of each source.
    pub sources: Vec<SourceSums>,
}

/// What is kept of a source.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct SourceSums {
    /// Runs in which the quantity is defined in A, B and A_i.
    pub runs: u64,
    /// g(B) (g(A_i) - g(A)).
    pub product: f64,
    /// g(A_i) - g(A).
    pub difference: f64,
    /// Sum of w_s (f_s(A) - f_s(A_i))^2 / 2.
    pub half_squares: f64,
}

impl PairSums {
    /// Sums over no runs.
    pub fn none(centre: f64, scenarios: usize, sources: usize) -> Self {
        Self {
            runs: 0,
            centre,
            scenario: vec![[0.0; 2]; scenarios],
            scenario_squares: vec![0.0; scenarios],
            mean: [0.0; 2],
            mean_squares: 0.0,
            sources: vec![SourceSums::default(); sources],
        }
    }

    /// Adds a run, its values under each scenario in A and B.
    #[inline(always)]
    pub fn add_pair(&mut self, weights: &[f64], a: impl Fn(usize) -> f64, b: impl Fn(usize) -> f64) {
        let (ga, gb) = (mean(weights, &a) - self.centre, mean(weights, &b) - self.centre);
        if !(ga.is_finite() && gb.is_finite()) {
            return;
        }
        self.runs += 1;
        self.mean[0] += ga;
        self.mean[1] += gb;
        self.mean_squares += ga * ga + gb * gb;
        for path in 0..weights.len() {
            let (fa, fb) = (a(path) - self.centre, b(path) - self.centre);
            self.scenario[path][0] += fa;
            self.scenario[path][1] += fb;
            self.scenario_squares[path] += fa * fa + fb * fb;
        }
    }

    /// Adds a run to the sums of a source, its values under each scenario in A, B and A_i.
    #[inline(always)]
    pub fn add_source(
        &mut self,
        source: usize,
        weights: &[f64],
        a: impl Fn(usize) -> f64,
        b: impl Fn(usize) -> f64,
        picked: impl Fn(usize) -> f64,
    ) {
        let (ga, gb, gi) = (mean(weights, &a), mean(weights, &b), mean(weights, &picked));
        if !(ga.is_finite() && gb.is_finite() && gi.is_finite()) {
            return;
        }
        let sums = &mut self.sources[source];
        sums.runs += 1;
        sums.product += (gb - self.centre) * (gi - ga);
        sums.difference += gi - ga;
        for (path, weight) in weights.iter().enumerate() {
            let moved = a(path) - picked(path);
            sums.half_squares += weight * 0.5 * moved * moved;
        }
    }

    /// Adds the sums of other runs.
    pub fn add(&mut self, other: &Self) {
        self.runs += other.runs;
        for (a, b) in self.scenario.iter_mut().flatten().zip(other.scenario.iter().flatten()) {
            *a += b;
        }
        for (a, b) in self.scenario_squares.iter_mut().zip(&other.scenario_squares) {
            *a += b;
        }
        self.mean[0] += other.mean[0];
        self.mean[1] += other.mean[1];
        self.mean_squares += other.mean_squares;
        for (a, b) in self.sources.iter_mut().zip(&other.sources) {
            a.runs += b.runs;
            a.product += b.product;
            a.difference += b.difference;
            a.half_squares += b.half_squares;
        }
    }
}

/// Weighted mean over scenarios.
#[inline(always)]
fn mean(weights: &[f64], f: &impl Fn(usize) -> f64) -> f64 {
    weights.iter().enumerate().map(|(path, weight)| weight * f(path)).sum()
}

/// Sums of each town, batch, year and quantity: `[town][batch][t * quantities + quantity]`.
pub type BatchSums = Vec<Vec<Vec<PairSums>>>;

impl PickFreeze<'_> {
    /// Makes `batches` batches of `blocks` blocks of 512 runs each, with the threads it is called with. `progress`
    /// is told the number of blocks done.
    pub fn run(
        &self,
        batches: usize,
        blocks: usize,
        level: VectorLevel,
        progress: &(dyn Fn(u64) + Sync),
    ) -> BatchSums {
        let b = self.model.reseeded(self.other_seed);
        let picked: Vec<Model> =
            self.sources.iter().map(|source| self.model.redrawn(*source, self.other_seed)).collect();
        let samples: Vec<&Model> = [self.model, &b].into_iter().chain(&picked).collect();
        let towns = self.model.towns.len();
        let plans: Vec<Asked> = self.model.towns.iter().map(|town| Asked::new(self, town)).collect();
        let none = |town: usize| plans[town].no_sums(self);
        let mut sums: BatchSums = (0..towns).map(|town| vec![none(town); batches]).collect();
        // Enough blocks at a time to keep all threads busy.
        let at_a_time = (2 * rayon::current_num_threads()).div_ceil(towns).clamp(1, 4);
        let count = batches * blocks;
        let mut worlds: Vec<World> =
            (0..at_a_time * samples.len()).map(|_| World::new(self.model, BLOCK_TILES)).collect();
        for first in (0..count).step_by(at_a_time) {
            let turn = at_a_time.min(count - first);
            worlds[..turn * samples.len()].par_iter_mut().enumerate().for_each(|(k, world)| {
                let (block, model) = (first + k / samples.len(), samples[k % samples.len()]);
                let first_run = (block * BLOCK) as u64;
                level.run(FillWorld { world, model, first_run, tiles: BLOCK_TILES });
            });
            let jobs: Vec<(usize, usize)> =
                (0..turn).flat_map(|k| (0..towns).map(move |town| (k, town))).collect();
            let done: Vec<Vec<PairSums>> = jobs
                .par_iter()
                .map(|(k, town)| {
                    let worlds = &worlds[k * samples.len()..][..samples.len()];
                    let first_run = ((first + k) * BLOCK) as u64;
                    self.block(&samples, worlds, *town, first_run, &plans[*town], level)
                })
                .collect();
            for ((k, town), block) in jobs.into_iter().zip(&done) {
                let batch = &mut sums[town][(first + k) / blocks];
                batch.iter_mut().zip(block).for_each(|(into, from)| into.add(from));
            }
            progress((first + turn) as u64);
        }
        sums
    }

    /// The sums of a town's block.
    fn block(
        &self,
        samples: &[&Model],
        worlds: &[World],
        place: usize,
        first_run: u64,
        asked: &Asked,
        level: VectorLevel,
    ) -> Vec<PairSums> {
        let mut sums = asked.no_sums(self);
        let mut buffers = TownBuffers::new(self.model, &self.model.towns[place]);
        let mut look = |sample: usize, values: &mut Vec<TileRow>| {
            let (model, world) = (samples[sample], &worlds[sample]);
            let town = &model.towns[place];
            let mut observer = Recorder { asked, values };
            let (buffers, observer) = (&mut buffers, &mut observer);
            TownBlock { model, town, world, first_run, runs: BLOCK, buffers, observer }.run(level);
        };
        let room = || TileRow::zeros(asked.rows * BLOCK_TILES);
        let (mut a, mut b, mut picked) = (room(), room(), room());
        look(0, &mut a);
        look(1, &mut b);
        for (cell, sums) in sums.iter_mut().enumerate() {
            let (a, b) = (asked.runs(cell, &a), asked.runs(cell, &b));
            for run in 0..BLOCK {
                sums.add_pair(&self.weights, |path| a.at(run, path), |path| b.at(run, path));
            }
        }
        for (k, source) in self.sources.iter().enumerate() {
            // What is not drawn here would only repeat A.
            if !source.is_drawn(self.model, &self.model.towns[place]) {
                continue;
            }
            look(2 + k, &mut picked);
            for (cell, sums) in sums.iter_mut().enumerate() {
                let [a, b, picked] = [&a, &b, &picked].map(|values| asked.runs(cell, values));
                for run in 0..BLOCK {
                    let (a, b) = (|path| a.at(run, path), |path| b.at(run, path));
                    sums.add_source(k, &self.weights, a, b, |path| picked.at(run, path));
                }
            }
        }
        sums
    }
}

/// Where the values that are asked of a town lie.
struct Asked {
    operands: Vec<Operand>,
    /// Value of each in the base year, which the sums are relative to.
    centres: Vec<f64>,
    paths: usize,
    years: usize,
    /// Rows of a tile.
    rows: usize,
}

/// Values of one quantity and year, of all scenarios and runs of a block.
#[derive(Clone, Copy)]
struct Runs<'a> {
    values: &'a [TileRow],
}

impl Runs<'_> {
    #[inline(always)]
    fn at(self, run: usize, path: usize) -> f64 {
        self.values[path * BLOCK_TILES + run / TILE].0[run % TILE]
    }
}

impl Asked {
    fn new(design: &PickFreeze<'_>, town: &TownLaw) -> Self {
        let all = quantity_operands(design.model, town);
        let operands: Vec<Operand> = design.quantities.iter().map(|q| all[*q]).collect();
        let centre = |operand: &Operand| {
            let x = town.at_base(*operand);
            if x.is_finite() { x } else { 0.0 }
        };
        let (paths, years) = (town.paths.len(), design.model.years.len());
        let centres = operands.iter().map(centre).collect();
        Self { centres, paths, years, rows: years * operands.len() * paths, operands }
    }

    /// Sums of each year and quantity over no runs.
    fn no_sums(&self, design: &PickFreeze<'_>) -> Vec<PairSums> {
        let none = |centre: &f64| PairSums::none(*centre, self.paths, design.sources.len());
        (0..self.years).flat_map(|_| self.centres.iter().map(none)).collect()
    }

    /// The values of one year and quantity.
    fn runs<'a>(&self, cell: usize, values: &'a [TileRow]) -> Runs<'a> {
        let width = self.paths * BLOCK_TILES;
        Runs { values: &values[cell * width..][..width] }
    }
}

/// The observer that writes down what is asked.
struct Recorder<'a> {
    asked: &'a Asked,
    values: &'a mut [TileRow],
}

impl Observer for Recorder<'_> {
    fn tile(&mut self, t: usize, path: usize, tile: usize, view: &View<'_>) {
        let Asked { operands, paths, .. } = self.asked;
        for (k, operand) in operands.iter().enumerate() {
            let cell = t * operands.len() + k;
            let row = &mut self.values[(cell * paths + path) * BLOCK_TILES + tile];
            match view.value(*operand) {
                Value::Same(x) => row.0.fill(x),
                Value::Each(values) => *row = *values,
            }
        }
    }
}
