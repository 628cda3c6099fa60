//! A pilot of 4096 runs with a seed of its own, which tells where bins and gauges must lie.

use rayon::prelude::*;

use super::binning::{Axis, Binning};
use super::control_fit::{FIT_BLOCKS, Fit, Regression};
use super::control_variates::Controls;
use super::observer::{Observer, View};
use super::share_decomposition;
use super::sums::Partial;
use super::tile::{BLOCK, BLOCK_TILES, TILE, TileRow, Value};
use super::town::TownBlock;
use super::town_state::TownBuffers;
use super::tracks::Tracks;
use super::vector_level::VectorLevel;
use super::world::{FillWorld, World};
use crate::model::{Model, TownLaw};

/// Runs of the pilot.
const PILOT_RUNS: usize = 4096;
/// Seed of every pilot.
pub(crate) const SEED: u64 = 4096;

/// What the pilot saw of one thing.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Seen {
    pub(crate) mean: f64,
    pub(crate) sd: f64,
    pub(crate) min: f64,
    pub(crate) max: f64,
    sum: f64,
    squares: f64,
    /// Values that were not finite and are in none of the above.
    undefined: u64,
}

impl Seen {
    const NOTHING: Self = Self {
        mean: 0.0,
        sd: 0.0,
        min: f64::INFINITY,
        max: f64::NEG_INFINITY,
        sum: 0.0,
        squares: 0.0,
        undefined: 0,
    };

    /// Adds the sums of a block.
    #[inline(always)]
    fn add(&mut self, block: &Partial) {
        let (sum, squares, min, max) = block.fold();
        self.sum += sum;
        self.squares += squares;
        self.undefined += block.undefined();
        self.min = if min < self.min { min } else { self.min };
        self.max = if max > self.max { max } else { self.max };
    }

    fn finish(&mut self, runs: u64) {
        if self.undefined >= runs || self.min > self.max {
            (self.min, self.max) = (0.0, 0.0);
            return;
        }
        let n = (runs - self.undefined) as f64;
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

/// What a pilot has told of a town.
pub(crate) struct Pilot {
    /// What was seen of each cell.
    pub(crate) cells: Vec<PilotCell>,
    /// Coefficients of control variates, `[cell][track]`.
    pub(crate) fits: Vec<Fit>,
}

/// The worlds of the pilot's runs, which all towns share.
pub(crate) fn worlds(model: &Model) -> Vec<World> {
    let draw = |block: usize| {
        let mut world = World::new(model, BLOCK_TILES);
        let first_run = (block * BLOCK) as u64;
        VectorLevel::best().run(FillWorld { world: &mut world, model, first_run, tiles: BLOCK_TILES });
        world
    };
    (0..PILOT_RUNS / BLOCK).into_par_iter().map(draw).collect()
}

/// Runs the pilot of a town in these worlds.
pub(crate) fn run(
    model: &Model,
    law: &TownLaw,
    tracks: &Tracks,
    controls: &Controls,
    worlds: &[World],
) -> Pilot {
    let cell = PilotCell::new(tracks.len(), share_decomposition::PARTS, tracks.pairs.len());
    let mut look = Lookout {
        model,
        law,
        tracks,
        controls,
        partials: vec![Partial::EMPTY; cell.tracks.len()],
        parts: vec![Partial::EMPTY; cell.parts.len()],
        pairs: vec![Partial::EMPTY; cell.pairs.len()],
        cells: vec![cell; tracks.cells()],
        reference: TileRow::zeros(BLOCK_TILES * tracks.pairs.len()),
        rows: TileRow::zeros(share_decomposition::PARTS),
        difference: TileRow::ZERO,
        regression: Regression::new(model, law, controls, tracks),
        fitting: true,
    };
    let mut buffers = TownBuffers::new(model, law);
    for (block, world) in worlds.iter().enumerate() {
        let first_run = (block * BLOCK) as u64;
        look.fitting = block < FIT_BLOCKS;
        let (buffers, observer) = (&mut buffers, &mut look);
        let block = TownBlock { model, town: law, world, first_run, runs: BLOCK, buffers, observer };
        block.run(VectorLevel::best());
    }
    for cell in &mut look.cells {
        cell.seen().for_each(|seen| seen.finish(PILOT_RUNS as u64));
    }
    Pilot { cells: look.cells, fits: look.regression.fits() }
}

/// The observer that sees what a pilot is for.
struct Lookout<'a> {
    model: &'a Model,
    law: &'a TownLaw,
    tracks: &'a Tracks,
    controls: &'a Controls,
    cells: Vec<PilotCell>,
    /// Sums of the block at hand.
    partials: Vec<Partial>,
    parts: Vec<Partial>,
    pairs: Vec<Partial>,
    /// Paired quantities under the reference scenario, this year, tile by tile.
    reference: Vec<TileRow>,
    /// Parts of the split and a paired difference, of one tile.
    rows: Vec<TileRow>,
    difference: TileRow,
    regression: Regression,
    /// True while runs go into the regression.
    fitting: bool,
}

impl Lookout<'_> {
    fn all_partials(&mut self) -> impl Iterator<Item = &mut Partial> {
        self.partials.iter_mut().chain(&mut self.parts).chain(&mut self.pairs)
    }
}

impl Observer for Lookout<'_> {
    #[inline(always)]
    fn begin(&mut self, _t: usize, _path: usize) {
        self.all_partials().for_each(|partial| *partial = Partial::EMPTY);
    }

    #[inline(always)]
    fn tile(&mut self, t: usize, path: usize, tile: usize, view: &View<'_>) {
        let Self { tracks, .. } = self;
        let row = |track: usize| match view.value(tracks.operand(track)) {
            Value::Each(row) => Some(row),
            Value::Same(_) => None,
        };
        for (track, partial) in self.partials.iter_mut().enumerate() {
            if let Some(row) = row(track) {
                partial.add(row, TILE, 0.0);
            }
        }
        if self.fitting {
            let rows = (0..tracks.len()).filter_map(row);
            self.regression.add(self.controls, (self.model, self.law), (t, path, tile), view, rows);
        }
        if self.tracks.splits {
            share_decomposition::split(self.model, self.law, view, &mut self.rows);
            for (partial, row) in self.parts.iter_mut().zip(&self.rows) {
                partial.add(row, TILE, 0.0);
            }
        }
        let pairs = self.tracks.pairs.len();
        let reference = &mut self.reference[tile * pairs..][..pairs];
        for (k, (q, _)) in self.tracks.pairs.iter().enumerate() {
            let Value::Each(row) = view.value(self.tracks.operands[*q]) else { continue };
            if self.tracks.reference == Some(path) {
                reference[k] = *row;
            } else if self.tracks.reference.is_some() {
                for p in 0..TILE {
                    self.difference.0[p] = row.0[p] - reference[k].0[p];
                }
                self.pairs[k].add(&self.difference, TILE, 0.0);
            }
        }
    }

    #[inline(always)]
    fn end(&mut self, t: usize, path: usize) {
        let cell = &mut self.cells[self.tracks.cell(t, path)];
        for (seen, partial) in cell.tracks.iter_mut().zip(&self.partials) {
            seen.add(partial);
        }
        if self.tracks.splits {
            for (seen, partial) in cell.parts.iter_mut().zip(&self.parts) {
                seen.add(partial);
            }
        }
        if self.tracks.reference.is_some_and(|reference| reference != path) {
            for (seen, partial) in cell.pairs.iter_mut().zip(&self.pairs) {
                seen.add(partial);
            }
        }
    }
}
