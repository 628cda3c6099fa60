//! A pilot of 4096 runs with a seed of its own ([`Model::pilot`]), which tells where bins and gauges must lie.

use super::binning::{Axis, Binning};
use super::control::{FIT_RUNS, Fit, Regression};
use super::layout::Layout;
use super::level::Level;
use super::observe::{Observer, View};
use super::split;
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
    min: f64,
    max: f64,
    sum: f64,
    squares: f64,
}

impl Seen {
    const NOTHING: Self =
        Self { mean: 0.0, sd: 0.0, min: f64::INFINITY, max: f64::NEG_INFINITY, sum: 0.0, squares: 0.0 };

    fn add(&mut self, values: &[f64]) {
        for x in values {
            self.sum += x;
            self.squares += x * x;
            self.min = self.min.min(*x);
            self.max = self.max.max(*x);
        }
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
        Binning::between(low, high, Axis::Natural)
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
}

/// Runs the pilot of a town: what was seen of each cell, and the coefficients of control variates if these are
/// wanted, `[cell][track]`.
pub(crate) fn run(model: &Model, law: &TownLaw, layout: &Layout) -> (Vec<PilotCell>, Vec<Fit>) {
    let model = model.pilot.as_deref().unwrap_or(model);
    let law = model.towns.iter().find(|t| t.index == law.index).unwrap_or(law);
    let mut pilot = Pilot {
        model,
        law,
        layout,
        cells: layout.pilot_cells(),
        reference: Row::zeros(BLOCK_TILES * layout.pairs.len()),
        parts: Row::zeros(split::PARTS),
        regression: layout.controls.as_ref().map(|c| Regression::new(c, layout.tracks.len())),
        fitting: true,
    };
    let level = Level::best();
    let mut world = World::new(model, BLOCK_TILES);
    let mut scratch = Scratch::new(model, law);
    for block in 0..PILOT_RUNS / BLOCK {
        let first_run = (block * BLOCK) as u64;
        pilot.fitting = block < FIT_RUNS / BLOCK;
        level.run(FillWorld { world: &mut world, model, first_run, tiles: BLOCK_TILES });
        let (world, scratch, observer) = (&world, &mut scratch, &mut pilot);
        level.run(TownBlock { model, town: law, world, first_run, runs: BLOCK, scratch, observer });
    }
    for cell in &mut pilot.cells {
        for seen in cell.tracks.iter_mut().chain(&mut cell.parts).chain(&mut cell.pairs) {
            seen.finish(PILOT_RUNS as f64);
        }
    }
    let fits = pilot.regression.map_or_else(Vec::new, |regression| regression.fits());
    (pilot.cells, fits)
}

struct Pilot<'a> {
    model: &'a Model,
    law: &'a TownLaw,
    layout: &'a Layout,
    cells: Vec<PilotCell>,
    /// Paired quantities under the reference scenario, this year, tile by tile.
    reference: Vec<Row>,
    parts: Vec<Row>,
    regression: Option<Regression>,
    /// True while runs go into the regression.
    fitting: bool,
}

impl Observer for Pilot<'_> {
    #[inline(always)]
    fn tile(&mut self, t: usize, path: usize, tile: usize, view: &View<'_>) {
        let cell = &mut self.cells[self.layout.cell(t, path)];
        for (seen, &q) in cell.tracks.iter_mut().zip(&self.layout.tracks) {
            if let Value::Each(row) = view.value(self.layout.operands[q]) {
                seen.add(&row.0);
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
            split::split(self.model.share_split, self.law, view, &mut self.parts);
            for (seen, row) in cell.parts.iter_mut().zip(&self.parts) {
                seen.add(&row.0);
            }
        }
        let pairs = self.layout.pairs.len();
        let reference = &mut self.reference[tile * pairs..][..pairs];
        for (k, (q, _)) in self.layout.pairs.iter().enumerate() {
            let Value::Each(row) = view.value(self.layout.operands[*q]) else { continue };
            if self.layout.reference == Some(path) {
                reference[k] = *row;
            } else if self.layout.reference.is_some() {
                let difference: [f64; TILE] = std::array::from_fn(|p| row.0[p] - reference[k].0[p]);
                cell.pairs[k].add(&difference);
            }
        }
    }
}
