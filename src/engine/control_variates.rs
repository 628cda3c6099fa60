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

use nalgebra::{DMatrix, DVector};

use super::observer::{Observer, View};
use super::sums::on_grid;
use super::tile::{BLOCK_TILES, TILE, TileRow, Value};
use crate::assess::InputLaw;
use crate::model::{Bank, ClosedForm, Model, Operand, TownLaw};

/// Sums of the controls are counted in units of 2^-40.
const GRID: f64 = 1_099_511_627_776.0;
/// Runs of the pilot that the coefficients are from.
pub(crate) const FIT_RUNS: usize = 2048;
/// Lanes of a sum.
const LANES: usize = 16;

/// The controls of a town, in order: price level, innovations of each driver, plan errors of each driver,
/// drawn inputs.
#[derive(Debug, Clone)]
pub(crate) struct Controls {
    /// Mean of the price level in each year.
    pub(crate) price: Vec<f64>,
    /// Drivers that are not frozen.
    drivers: Vec<usize>,
    /// Drawn inputs and their means.
    inputs: Vec<(usize, f64)>,
    /// The path that comes first in each year.
    first_path: usize,
    years: usize,
    paths: usize,
}

/// Coefficients of one quantity in one cell; empty where controls are of no use.
#[derive(Debug, Clone, Default)]
pub(crate) struct Fit {
    coefficients: Vec<f64>,
    /// Standard deviation that is left.
    pub(crate) residual_sd: f64,
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

    /// Number of controls of a cell.
    pub(crate) fn count(&self) -> usize {
        1 + 2 * self.drivers.len() + self.inputs.len()
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
    pub(crate) fn luck(&self, fit: &Fit, sums: &ControlSums, t: usize, path: usize, runs: u64) -> f64 {
        let mean = |place: usize| sums[place] as f64 / GRID / runs as f64;
        self.places(t, path).zip(&fit.coefficients).map(|(place, b)| b * mean(place)).sum()
    }
}

/// The innovations' sums a of a block.
pub(crate) struct Walks(Vec<[TileRow; BLOCK_TILES]>);

impl Walks {
    pub(crate) fn new(controls: &Controls) -> Self {
        Self(vec![[TileRow::ZERO; BLOCK_TILES]; controls.drivers.len()])
    }

    /// Takes a tile on to year t.
    #[inline(always)]
    fn advance(&mut self, controls: &Controls, model: &Model, t: usize, tile: usize, view: &View<'_>) {
        for (walk, &i) in self.0.iter_mut().zip(&controls.drivers) {
            let walk = &mut walk[tile].0;
            if t == 0 {
                *walk = [0.0; TILE];
                continue;
            }
            let (phi, e) = (model.noise.persistence[i], &view.innovations[i].0);
            for p in 0..TILE {
                walk[p] = phi * walk[p] + e[p];
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
                let mean = law.paths[path].shift[i];
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

/// Columns whose products with one row are summed together, so that the row is loaded once and the sums stay
/// in registers.
const COLUMNS: usize = 4;
/// Lanes of such a sum: few enough that the four sums fit the registers of every level.
const NARROW: usize = 8;

/// Adds the products of a row with each column, summed over a whole tile in fixed lanes.
#[inline(always)]
fn add_products(row: &TileRow, columns: &[TileRow], sums: &mut [f64]) {
    let (fours, rest) = columns.as_chunks::<COLUMNS>();
    let (four_sums, rest_sums) = sums.as_chunks_mut::<COLUMNS>();
    for (four, sums) in fours.iter().zip(four_sums) {
        let mut lanes = [[0.0; NARROW]; COLUMNS];
        for start in (0..TILE).step_by(NARROW) {
            for c in 0..COLUMNS {
                for l in 0..NARROW {
                    lanes[c][l] += row.0[start + l] * four[c].0[start + l];
                }
            }
        }
        for c in 0..COLUMNS {
            sums[c] += fold(lanes[c]);
        }
    }
    for (column, sum) in rest.iter().zip(rest_sums) {
        *sum += dot(row, column);
    }
}

/// Sum of products over a whole tile, in fixed lanes.
#[inline(always)]
fn dot(a: &TileRow, b: &TileRow) -> f64 {
    let mut lanes = [0.0; NARROW];
    for start in (0..TILE).step_by(NARROW) {
        for l in 0..NARROW {
            lanes[l] += a.0[start + l] * b.0[start + l];
        }
    }
    fold(lanes)
}

/// What a pilot sums up for the coefficients of a cell: products of each column with each control, where the
/// columns are the controls, the constant 1 and the quantities.
pub(crate) struct Regression {
    walks: Walks,
    /// The columns of a tile.
    rows: Vec<TileRow>,
    /// `[cell][control or constant][column]`.
    products: Vec<f64>,
    /// Sum of squares of each quantity, `[cell][quantity]`.
    squares: Vec<f64>,
    quantities: usize,
    controls: usize,
}

impl Regression {
    pub(crate) fn new(controls: &Controls, quantities: usize) -> Self {
        let (k, cells) = (controls.count(), controls.years * controls.paths);
        let columns = k + 1 + quantities;
        Self {
            walks: Walks::new(controls),
            rows: TileRow::zeros(columns),
            products: vec![0.0; cells * (k + 1) * columns],
            squares: vec![0.0; cells * quantities],
            quantities,
            controls: k,
        }
    }

    /// Adds a whole tile.
    #[inline(always)]
    pub(crate) fn add<'v>(
        &mut self,
        controls: &Controls,
        (model, law): (&Model, &TownLaw),
        (t, path, tile): (usize, usize, usize),
        view: &View<'_>,
        quantities: impl Iterator<Item = &'v TileRow>,
    ) {
        if path == controls.first_path {
            self.walks.advance(controls, model, t, tile, view);
        }
        let Self { walks, rows, products, squares, .. } = self;
        let mut next = rows.iter_mut();
        let mut put = |row: &TileRow, centre: f64| {
            if let Some(out) = next.next() {
                for p in 0..TILE {
                    out.0[p] = row.0[p] - centre;
                }
            }
        };
        put(view.price, controls.price[t]);
        walks.0.iter().for_each(|walk| put(&walk[tile], 0.0));
        controls.drivers.iter().for_each(|&i| put(&view.state.shift[i], law.paths[path].shift[i]));
        for (input, mean) in &controls.inputs {
            match view.value(Operand::Row(Bank::Base, *input)) {
                Value::Each(row) => put(row, *mean),
                Value::Same(_) => put(&TileRow::ZERO, 0.0),
            }
        }
        put(&TileRow([1.0; TILE]), 0.0);
        quantities.for_each(|row| put(row, 0.0));
        let (cell, columns) = (t * controls.paths + path, rows.len());
        let size = (self.controls + 1) * columns;
        for (k, products) in products[cell * size..][..size].chunks_mut(columns).enumerate() {
            add_products(&rows[k], &rows[k..], &mut products[k..]);
        }
        let quantities = &rows[self.controls + 1..];
        for (square, row) in squares[cell * self.quantities..].iter_mut().zip(quantities) {
            *square += dot(row, row);
        }
    }

    /// Solves for the coefficients, `[cell][quantity]`.
    pub(crate) fn fits(&self) -> Vec<Fit> {
        let cells = self.squares.len().checked_div(self.quantities).unwrap_or(0);
        (0..cells).flat_map(|cell| self.cell(cell)).collect()
    }

    fn cell(&self, cell: usize) -> Vec<Fit> {
        let (k, n) = (self.controls, FIT_RUNS as f64);
        let columns = k + 1 + self.quantities;
        let products = &self.products[cell * (k + 1) * columns..][..(k + 1) * columns];
        let mean = |column: usize| {
            // Controls stand before the constant, quantities after it.
            if column < k { products[column * columns + k] / n } else { products[k * columns + column] / n }
        };
        let covariance = |i: usize, j: usize| products[i * columns + j] / n - mean(i) * mean(j);
        // Controls that do not vary here are left out.
        let useful: Vec<usize> = (0..k).filter(|i| covariance(*i, *i) > 1e-20).collect();
        let sd: Vec<f64> = useful.iter().map(|i| covariance(*i, *i).sqrt()).collect();
        let correlation = DMatrix::from_fn(useful.len(), useful.len(), |a, b| {
            let (i, j) = (useful[a.min(b)], useful[a.max(b)]);
            if a == b { 1.0 } else { covariance(i, j) / (sd[a] * sd[b]) }
        });
        let Some(factor) = correlation.cholesky().filter(|_| !useful.is_empty()) else {
            return (0..self.quantities)
                .map(|q| Fit::plain(self.variance(cell, q, mean(k + 1 + q))))
                .collect();
        };
        let fit = |q: usize| {
            let column = k + 1 + q;
            let variance = self.variance(cell, q, mean(column));
            let cross = DVector::from_fn(useful.len(), |a, _| covariance(useful[a], column) / sd[a]);
            let solved = factor.solve(&cross);
            let left = variance - solved.dot(&cross);
            if !(variance > 0.0 && left.is_finite() && left < variance) {
                return Fit::plain(variance);
            }
            let mut coefficients = vec![0.0; k];
            for (a, i) in useful.iter().enumerate() {
                coefficients[*i] = steady(solved[a] / sd[a]);
            }
            // Fitted to the pilot, the residuals are too small there by 1 - p/n, and elsewhere larger by 1 + p/n.
            let p = useful.len() as f64;
            let inflation = n / (n - p - 1.0) * (1.0 + p / n);
            // Below this share the difference of sums is rounding.
            let left = (left * inflation).max(1e-12 * variance);
            Fit { coefficients, residual_sd: steady(left.sqrt()) }
        };
        (0..self.quantities).map(fit).collect()
    }

    fn variance(&self, cell: usize, q: usize, mean: f64) -> f64 {
        let n = FIT_RUNS as f64;
        (self.squares[cell * self.quantities + q] / n - mean * mean).max(0.0)
    }
}

/// A number in single precision: the matrix library's last bits differ between machines, and what is printed
/// must not. Any coefficient near the best serves.
fn steady(x: f64) -> f64 {
    f64::from(x as f32)
}

impl Fit {
    fn plain(variance: f64) -> Self {
        Self { coefficients: Vec::new(), residual_sd: variance.sqrt() }
    }

    /// True when there is something to take off.
    pub(crate) fn is_useful(&self) -> bool {
        !self.coefficients.is_empty()
    }
}
