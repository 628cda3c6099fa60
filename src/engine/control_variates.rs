//! Control variates: things drawn in the same runs whose means are known exactly.
//!
//! By luck the price level of some runs lies a little above its mean, or their innovations do; what a quantity
//! owes to that can be taken off. With u the controls, centred at their exact means, and b coefficients that
//! do not depend on the runs,
//!
//! ```text
//! mean_cv = mean(q) - sum_k b[k] mean(u[k])        E mean_cv = E mean(q), whatever b is
//! ```
//!
//! The controls of a town in year t: its price level x; for each driver the sum a\[t\] = phi a\[t-1\] + e of its
//! innovations (events and cross-impacts left out, so that its mean is 0) and the error of its plan; each input
//! that is drawn. The coefficients are those of a regression over a pilot with a seed of its own, so they are a
//! function of the case, and unbiasedness is exact. The error is that of the pilot's residuals.

use super::observer::{Observer, View};
use super::sums::on_grid;
use super::tile::{BLOCK_TILES, TILE, TileRow, Value};
use crate::assess::InputLaw;
use crate::model::{Bank, ClosedForm, Model, Operand, TownLaw};

/// Sums of the controls are counted in units of 2^-40.
const GRID: f64 = 1_099_511_627_776.0;
/// Lanes of a sum.
const LANES: usize = 16;

/// The controls of a town, in order: price level, innovations of each driver, plan errors of each driver,
/// drawn inputs.
#[derive(Debug, Clone)]
pub(crate) struct Controls {
    /// Mean of the price level in each year.
    pub(crate) price: Vec<f64>,
    /// Drivers that are not frozen.
    pub(super) drivers: Vec<usize>,
    /// Drawn inputs and their means.
    pub(super) inputs: Vec<(usize, f64)>,
    /// The path that comes first in each year.
    pub(super) first_path: usize,
    pub(super) years: usize,
    pub(super) paths: usize,
}

/// Sums of the controls over runs, as integers: year by year price and innovations; path by path plan errors;
/// inputs.
pub(crate) type ControlSums = Vec<i128>;

impl Controls {
    pub(crate) fn new(model: &Model, town: &TownLaw) -> Self {
        let mean = |law: &InputLaw| match *law {
            InputLaw::Constant(_) => None,
            InputLaw::Triangular { low, mode, high } => Some((low + mode + high) / 3.0),
            InputLaw::Switch(probability) => Some(100.0 * probability),
        };
        let inputs = town.inputs.iter().enumerate();
        Self {
            price: ClosedForm::mean_price_level(model, town),
            drivers: (0..town.frozen.len()).filter(|i| !town.frozen[*i]).collect(),
            inputs: inputs.filter_map(|(i, law)| mean(law).map(|mean| (i, mean))).collect(),
            first_path: model.reference.unwrap_or(0),
            years: model.years.len(),
            paths: town.paths.len(),
        }
    }

    /// Sums over no runs.
    pub(crate) fn sums(&self) -> ControlSums {
        let n = self.drivers.len();
        vec![0; self.years * (1 + n) + self.paths * n + self.inputs.len()]
    }

    /// Where the sums of a cell's controls lie, in order.
    fn places(&self, t: usize, path: usize) -> impl Iterator<Item = usize> {
        let n = self.drivers.len();
        let (plans, inputs) = (self.years * (1 + n), self.years * (1 + n) + self.paths * n);
        let year = t * (1 + n)..(t + 1) * (1 + n);
        year.chain(plans + path * n..plans + (path + 1) * n).chain(inputs..inputs + self.inputs.len())
    }

    /// What luck added to the mean of a quantity over so many runs.
    pub(crate) fn luck(
        &self,
        coefficients: &[f64],
        sums: &ControlSums,
        t: usize,
        path: usize,
        runs: u64,
    ) -> f64 {
        let mean = |place: usize| sums[place] as f64 / GRID / runs as f64;
        self.places(t, path).zip(coefficients).map(|(place, b)| b * mean(place)).sum()
    }
}

/// The innovations' sums a of a block.
pub(crate) struct Walks(pub(super) Vec<[TileRow; BLOCK_TILES]>);

impl Walks {
    pub(crate) fn new(controls: &Controls) -> Self {
        Self(vec![[TileRow::ZERO; BLOCK_TILES]; controls.drivers.len()])
    }

    /// Takes a tile on to year t.
    #[inline(always)]
    pub(super) fn advance(
        &mut self,
        controls: &Controls,
        model: &Model,
        t: usize,
        tile: usize,
        view: &View<'_>,
    ) {
        for (walk, &i) in self.0.iter_mut().zip(&controls.drivers) {
            let walk = &mut walk[tile].0;
            if t == 0 {
                *walk = [0.0; TILE];
                continue;
            }
            let e = &view.innovations[i].0;
            if let Some(phi) = view.parameters.persistence(i) {
                // Given its parameters the sum has mean 0 in every run, so it has mean 0 over runs.
                for p in 0..TILE {
                    walk[p] = phi.0[p] * walk[p] + e[p];
                }
            } else {
                let phi = model.noise.persistence[i];
                for p in 0..TILE {
                    walk[p] = phi * walk[p] + e[p];
                }
            }
        }
    }
}

/// The observer that sums controls.
pub(crate) struct Controlling<'a> {
    pub(crate) model: &'a Model,
    pub(crate) law: &'a TownLaw,
    pub(crate) controls: &'a Controls,
    pub(crate) walks: Walks,
    pub(crate) sums: &'a mut ControlSums,
}

impl Observer for Controlling<'_> {
    #[inline(always)]
    fn tile(&mut self, t: usize, path: usize, tile: usize, view: &View<'_>) {
        let Self { model, law, controls, walks, sums, .. } = self;
        let n = controls.drivers.len();
        let plans = controls.years * (1 + n);
        if t == 0 {
            for (k, &i) in controls.drivers.iter().enumerate() {
                let mean = law.paths[path].mean_shift(i);
                sums[plans + path * n + k] += sum(&view.state.shift[i], view.runs, mean);
            }
        }
        if path != controls.first_path {
            return;
        }
        walks.advance(controls, model, t, tile, view);
        if t == 0 {
            let inputs = plans + controls.paths * n;
            for (k, (input, mean)) in controls.inputs.iter().enumerate() {
                if let Value::Each(row) = view.value(Operand::Row(Bank::Base, *input)) {
                    sums[inputs + k] += sum(row, view.runs, *mean);
                }
            }
            return;
        }
        let year = &mut sums[t * (1 + n)..][..=n];
        year[0] += sum(view.price, view.runs, controls.price[t]);
        for (total, walk) in year[1..].iter_mut().zip(&walks.0) {
            *total += sum(&walk[tile], view.runs, 0.0);
        }
    }
}

/// Sum over the runs of a tile that count, relative to a centre, in fixed lanes, on the grid.
#[inline(always)]
fn sum(row: &TileRow, runs: usize, centre: f64) -> i128 {
    let mut lanes = [0.0; LANES];
    if runs == TILE {
        for x in row.0.as_chunks::<LANES>().0 {
            for l in 0..LANES {
                lanes[l] += x[l] - centre;
            }
        }
    } else {
        for (p, x) in row.0[..runs].iter().enumerate() {
            lanes[p % LANES] += x - centre;
        }
    }
    on_grid(fold(lanes) * GRID)
}

#[inline(always)]
fn fold<const N: usize>(mut lanes: [f64; N]) -> f64 {
    let mut half = N / 2;
    while half > 0 {
        for l in 0..half {
            lanes[l] += lanes[l + half];
        }
        half /= 2;
    }
    lanes[0]
}
