//! A pilot of 4096 runs with a seed of its own ([`Model::pilot`]), which tells where bins and gauges must lie.

use rayon::prelude::*;

use super::binning::{Axis, Binning};
use super::control::{FIT_RUNS, Fit, Regression};
use super::layout::Layout;
use super::level::Level;
use super::observe::{Observer, View};
use super::split;
use super::sums::Partial;
use super::tile::{Row, TILE, Value};
use super::town::{BLOCK, BLOCK_TILES, Scratch, TownBlock};
use super::world::{FillWorld, World};
use crate::model::{Model, TownLaw};

/// Runs of the pilot.
const PILOT_RUNS: usize = 4096;
/// What the pilot saw of one thing.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Seen {
    pub(crate) mean: f64,
    pub(crate) sd: f64,
    pub(crate) min: f64,
    pub(crate) max: f64,
    sum: f64,
    squares: f64,
}

impl Seen {
    const NOTHING: Self =
        Self { mean: 0.0, sd: 0.0, min: f64::INFINITY, max: f64::NEG_INFINITY, sum: 0.0, squares: 0.0 };

    /// Adds the sums of a block.
    #[inline(always)]
    fn add(&mut self, block: &Partial) {
        let (sum, squares, min, max) = block.fold();
        self.sum += sum;
        self.squares += squares;
        self.min = if min < self.min { min } else { self.min };
        self.max = if max > self.max { max } else { self.max };
    }

    fn finish(&mut self, n: f64) {
        self.mean = self.sum / n;
        let variance = (self.squares / n - self.mean * self.mean).max(0.0);
        // Cancellation may eat the variance of a value that is large beside its spread.
        self.sd = variance.sqrt().max((self.max - self.min) / 16.0);
    }

    /// Bins that hold what was seen with a wide margin; one bin where nothing varied.
    pub(crate) fn bins(&self) -> Binning {
        if self.min >= self.max {
            return Binning::between(self.min, self.min, Axis::Natural);
        }
        let mut low = (self.mean - 6.5 * self.sd).min(self.min - 0.5 * self.sd);
        let high = (self.mean + 6.5 * self.sd).max(self.max + 1.5 * self.sd);
        // What was never negative in 4096 runs and lies near zero is a share, an index or a count.
        if self.min >= 0.0 && low < 0.0 {
            low = 0.0;
        }
        Binning::between(low, high, Axis::Natural).busy_around(self.mean)
    }
}

/// What the pilot saw in one year and scenario.
#[derive(Debug, Clone)]
pub(crate) struct PilotCell {
    pub(crate) tracks: Vec<Seen>,
    pub(crate) parts: Vec<Seen>,
    pub(crate) pairs: Vec<Seen>,
}

impl PilotCell {
    pub(crate) fn new(tracks: usize, parts: usize, pairs: usize) -> Self {
        let seen = |n| vec![Seen::NOTHING; n];
        Self { tracks: seen(tracks), parts: seen(parts), pairs: seen(pairs) }
    }

    fn seen(&mut self) -> impl Iterator<Item = &mut Seen> {
        self.tracks.iter_mut().chain(&mut self.parts).chain(&mut self.pairs)
    }
}

/// The worlds of the pilot's runs, which all towns share.
pub(crate) fn worlds(model: &Model) -> Vec<World> {
    let model = model.pilot.as_deref().unwrap_or(model);
    let draw = |block: usize| {
        let mut world = World::new(model, BLOCK_TILES);
        let first_run = (block * BLOCK) as u64;
        Level::best().run(FillWorld { world: &mut world, model, first_run, tiles: BLOCK_TILES });
        world
    };
    (0..PILOT_RUNS / BLOCK).into_par_iter().map(draw).collect()
}

/// Runs the pilot of a town in these worlds: what was seen of each cell, and the coefficients of control
/// variates if these are wanted, `[cell][track]`.
pub(crate) fn run(
    model: &Model,
    law: &TownLaw,
    layout: &Layout,
    worlds: &[World],
) -> (Vec<PilotCell>, Vec<Fit>) {
    let model = model.pilot.as_deref().unwrap_or(model);
    let law = model.towns.iter().find(|t| t.index == law.index).unwrap_or(law);
    let cell = &layout.pilot_cells()[0];
    let mut pilot = Pilot {
        model,
        law,
        layout,
        cells: layout.pilot_cells(),
        tracks: vec![Partial::EMPTY; cell.tracks.len()],
        parts: vec![Partial::EMPTY; cell.parts.len()],
        pairs: vec![Partial::EMPTY; cell.pairs.len()],
        reference: Row::zeros(BLOCK_TILES * layout.pairs.len()),
        rows: Row::zeros(split::PARTS),
        difference: Row::ZERO,
        regression: layout.controls.as_ref().map(|c| Regression::new(c, layout.tracks.len())),
        fitting: true,
    };
    let mut scratch = Scratch::new(model, law);
    for (block, world) in worlds.iter().enumerate() {
        let first_run = (block * BLOCK) as u64;
        pilot.fitting = block < FIT_RUNS / BLOCK;
        let (scratch, observer) = (&mut scratch, &mut pilot);
        Level::best().run(TownBlock { model, town: law, world, first_run, runs: BLOCK, scratch, observer });
    }
    for cell in &mut pilot.cells {
        cell.seen().for_each(|seen| seen.finish(PILOT_RUNS as f64));
    }
    let fits = pilot.regression.map_or_else(Vec::new, |regression| regression.fits());
    (pilot.cells, fits)
}

struct Pilot<'a> {
    model: &'a Model,
    law: &'a TownLaw,
    layout: &'a Layout,
    cells: Vec<PilotCell>,
    /// Sums of the block at hand.
    tracks: Vec<Partial>,
    parts: Vec<Partial>,
    pairs: Vec<Partial>,
    /// Paired quantities under the reference scenario, this year, tile by tile.
    reference: Vec<Row>,
    /// Parts of the split and a paired difference, of one tile.
    rows: Vec<Row>,
    difference: Row,
    regression: Option<Regression>,
    /// True while runs go into the regression.
    fitting: bool,
}

impl Pilot<'_> {
    fn partials(&mut self) -> impl Iterator<Item = &mut Partial> {
        self.tracks.iter_mut().chain(&mut self.parts).chain(&mut self.pairs)
    }
}

impl Observer for Pilot<'_> {
    #[inline(always)]
    fn begin(&mut self, _t: usize, _path: usize) {
        self.partials().for_each(|partial| *partial = Partial::EMPTY);
    }

    #[inline(always)]
    fn tile(&mut self, t: usize, path: usize, tile: usize, view: &View<'_>) {
        for (partial, &q) in self.tracks.iter_mut().zip(&self.layout.tracks) {
            if let Value::Each(row) = view.value(self.layout.operands[q]) {
                partial.add(row, TILE, 0.0);
            }
        }
        if let (Some(regression), Some(controls), true) =
            (&mut self.regression, &self.layout.controls, self.fitting)
        {
            let rows = self.layout.tracks.iter().filter_map(|q| match view.value(self.layout.operands[*q]) {
                Value::Each(row) => Some(row),
                Value::Same(_) => None,
            });
            regression.add(controls, (self.model, self.law), (t, path, tile), view, rows);
        }
        if self.layout.splits {
            split::split(self.model.share_split, self.law, view, &mut self.rows);
            for (partial, row) in self.parts.iter_mut().zip(&self.rows) {
                partial.add(row, TILE, 0.0);
            }
        }
        let pairs = self.layout.pairs.len();
        let reference = &mut self.reference[tile * pairs..][..pairs];
        for (k, (q, _)) in self.layout.pairs.iter().enumerate() {
            let Value::Each(row) = view.value(self.layout.operands[*q]) else { continue };
            if self.layout.reference == Some(path) {
                reference[k] = *row;
            } else if self.layout.reference.is_some() {
                for p in 0..TILE {
                    self.difference.0[p] = row.0[p] - reference[k].0[p];
                }
                self.pairs[k].add(&self.difference, TILE, 0.0);
            }
        }
    }

    #[inline(always)]
    fn end(&mut self, t: usize, path: usize) {
        let cell = &mut self.cells[self.layout.cell(t, path)];
        for (seen, partial) in cell.tracks.iter_mut().zip(&self.tracks) {
            seen.add(partial);
        }
        if self.layout.splits {
            for (seen, partial) in cell.parts.iter_mut().zip(&self.parts) {
                seen.add(partial);
            }
        }
        if self.layout.reference.is_some_and(|reference| reference != path) {
            for (seen, partial) in cell.pairs.iter_mut().zip(&self.pairs) {
                seen.add(partial);
            }
        }
    }
}
