//! Coefficients of control variates: for each quantity a regression on the controls that it can depend on.
//!
//! A quantity reads some drivers, and these by cross-impacts the departures of others. Only their innovations,
//! the plan errors of those it reads itself, the inputs below it and the price level can move it; any other
//! control would add nothing but noise to the coefficients. The normal equations of all quantities of a cell
//! are cut from one matrix, whose blocks are summed where they change: controls of a year once for all
//! scenarios, plan errors once for all years.

use nalgebra::{DMatrix, DVector};

use super::control_variates::{Controls, Walks};
use super::observer::View;
use super::tile::{BLOCK, BLOCK_TILES, TILE, TileRow, Value};
use super::tracks::Tracks;
use crate::model::{Bank, Model, Operand, TownLaw};

/// Blocks of the pilot that the coefficients are from.
pub(crate) const FIT_BLOCKS: usize = 2;
/// Their runs.
const FIT_RUNS: usize = FIT_BLOCKS * BLOCK;
/// Lanes of a sum: few enough that four sums fit the registers of every vector level.
const LANES: usize = 8;
/// Rows whose products with one other are summed together, so that this one is loaded once.
const TOGETHER: usize = 4;

/// Coefficients of one quantity in one cell, in the order of the cell's controls; empty where they are of no use.
#[derive(Debug, Clone, Default)]
pub(crate) struct Fit {
    pub(crate) coefficients: Vec<f64>,
    /// Standard deviation that is left.
    pub(crate) residual_sd: f64,
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

/// Adds up the normal equations of all cells.
pub(crate) struct Regression {
    walks: Walks,
    /// Controls that each quantity can depend on, ascending.
    relevant: Vec<Vec<usize>>,
    /// Controls of the year, price level first, tile by tile.
    year: Vec<TileRow>,
    /// Plan errors, path by path, tile by tile.
    plans: Vec<TileRow>,
    /// Drawn inputs, tile by tile.
    inputs: Vec<TileRow>,
    sums: Sums,
    size: Size,
}

/// Products and sums over runs.
struct Sums {
    /// Sums of the controls of each year, each path, of the inputs.
    of_year: Vec<f64>,
    of_plans: Vec<f64>,
    of_inputs: Vec<f64>,
    /// Products within them and between them.
    year_year: Vec<f64>,
    year_inputs: Vec<f64>,
    plans_plans: Vec<f64>,
    plans_inputs: Vec<f64>,
    inputs_inputs: Vec<f64>,
    /// `[cell]`: year by plans.
    year_plans: Vec<f64>,
    /// `[cell]`: each quantity with its relevant controls, then its sum and its sum of squares.
    quantities: Vec<f64>,
}

/// How many controls of each kind there are.
#[derive(Debug, Clone, Copy)]
struct Size {
    year: usize,
    plans: usize,
    inputs: usize,
    paths: usize,
    /// Sums that a cell keeps of its quantities.
    quantities: usize,
}

impl Regression {
    pub(crate) fn new(model: &Model, law: &TownLaw, controls: &Controls, tracks: &Tracks) -> Self {
        let relevant: Vec<Vec<usize>> =
            (0..tracks.len()).map(|k| relevant(model, law, controls, tracks.operand(k))).collect();
        let size = Size {
            year: 1 + controls.drivers.len(),
            plans: controls.drivers.len(),
            inputs: controls.inputs.len(),
            paths: controls.paths,
            quantities: relevant.iter().map(|r| r.len() + 2).sum(),
        };
        let (years, cells) = (controls.years, controls.years * controls.paths);
        let Size { year: a, plans: p, inputs: m, paths, quantities } = size;
        let zeros = |n: usize| vec![0.0; n];
        Self {
            walks: Walks::new(controls),
            relevant,
            year: TileRow::zeros(BLOCK_TILES * a),
            plans: TileRow::zeros(paths * BLOCK_TILES * p),
            inputs: TileRow::zeros(BLOCK_TILES * m),
            sums: Sums {
                of_year: zeros(years * a),
                of_plans: zeros(paths * p),
                of_inputs: zeros(m),
                year_year: zeros(years * a * a),
                year_inputs: zeros(years * a * m),
                plans_plans: zeros(paths * p * p),
                plans_inputs: zeros(paths * p * m),
                inputs_inputs: zeros(m * m),
                year_plans: zeros(cells * a * p),
                quantities: zeros(cells * quantities),
            },
            size,
        }
    }

    /// Adds a whole tile; the rows of the quantities come in the order of the tracks.
    #[inline(always)]
    pub(crate) fn add<'v>(
        &mut self,
        controls: &Controls,
        (model, law): (&Model, &TownLaw),
        (t, path, tile): (usize, usize, usize),
        view: &View<'_>,
        quantities: impl Iterator<Item = &'v TileRow>,
    ) {
        let Self { walks, relevant, year, plans, inputs, sums, size } = self;
        let Size { year: a, plans: p, inputs: m, paths, quantities: width } = *size;
        let year = &mut year[tile * a..][..a];
        let inputs = &mut inputs[tile * m..][..m];
        let plans = &mut plans[(path * BLOCK_TILES + tile) * p..][..p];
        if path == controls.first_path {
            walks.advance(controls, model, t, tile, view);
            centre(view.price, controls.price[t], &mut year[0]);
            for (row, walk) in year[1..].iter_mut().zip(&walks.0) {
                *row = walk[tile];
            }
            if t == 0 {
                for (row, (input, mean)) in inputs.iter_mut().zip(&controls.inputs) {
                    match view.value(Operand::Row(Bank::Base, *input)) {
                        Value::Each(x) => centre(x, *mean, row),
                        Value::Same(_) => *row = TileRow::ZERO,
                    }
                }
                add_sums(inputs, &mut sums.of_inputs);
                add_products(inputs, inputs, &mut sums.inputs_inputs);
            }
            add_sums(year, &mut sums.of_year[t * a..]);
            add_products(year, year, &mut sums.year_year[t * a * a..]);
            add_products(year, inputs, &mut sums.year_inputs[t * a * m..]);
        }
        if t == 0 {
            for (row, &i) in plans.iter_mut().zip(&controls.drivers) {
                centre(&view.state.shift[i], law.paths[path].mean_shift(i), row);
            }
            add_sums(plans, &mut sums.of_plans[path * p..]);
            add_products(plans, plans, &mut sums.plans_plans[path * p * p..]);
            add_products(plans, inputs, &mut sums.plans_inputs[path * p * m..]);
        }
        let cell = t * paths + path;
        add_products(year, plans, &mut sums.year_plans[cell * a * p..]);
        let mut out = &mut sums.quantities[cell * width..][..width];
        for (row, relevant) in quantities.zip(relevant.iter()) {
            let (own, rest) = out.split_at_mut(relevant.len() + 2);
            out = rest;
            let (products, moments) = own.split_at_mut(relevant.len());
            let control = |k: usize| match k {
                k if k < a => &year[k],
                k if k < a + p => &plans[k - a],
                k => &inputs[k - a - p],
            };
            let (fours, few) = relevant.as_chunks::<TOGETHER>();
            let (sums, few_sums) = products.as_chunks_mut::<TOGETHER>();
            for (four, sums) in fours.iter().zip(sums) {
                add_dots(row, four.map(control), sums);
            }
            for (k, sum) in few.iter().zip(few_sums) {
                add_dots(row, [control(*k)], std::array::from_mut(sum));
            }
            moments[0] += total(row);
            add_dots(row, [row], std::array::from_mut(&mut moments[1]));
        }
    }

    /// Solves for the coefficients, `[cell][quantity]`.
    pub(crate) fn fits(&self) -> Vec<Fit> {
        let cells = self.sums.quantities.len().checked_div(self.size.quantities).unwrap_or(0);
        (0..cells).flat_map(|cell| self.cell(cell)).collect()
    }

    fn cell(&self, cell: usize) -> Vec<Fit> {
        let Size { year: a, plans: p, inputs: m, paths, quantities: width } = self.size;
        let (sums, n) = (&self.sums, FIT_RUNS as f64);
        let (t, path, controls) = (cell / paths, cell % paths, a + p + m);
        let mean: Vec<f64> = sums.of_year[t * a..][..a]
            .iter()
            .chain(&sums.of_plans[path * p..][..p])
            .chain(&sums.of_inputs)
            .map(|sum| sum / n)
            .collect();
        // i <= j, in the order year, plans, inputs.
        let product = |i: usize, j: usize| match (i, j) {
            _ if j < a => sums.year_year[(t * a + i) * a + j],
            _ if i < a && j < a + p => sums.year_plans[(cell * a + i) * p + j - a],
            _ if i < a => sums.year_inputs[(t * a + i) * m + j - a - p],
            _ if j < a + p => sums.plans_plans[(path * p + i - a) * p + j - a],
            _ if i < a + p => sums.plans_inputs[(path * p + i - a) * m + j - a - p],
            _ => sums.inputs_inputs[(i - a - p) * m + j - a - p],
        };
        let covariance = |i: usize, j: usize| product(i.min(j), i.max(j)) / n - mean[i] * mean[j];
        let sd: Vec<f64> = (0..controls).map(|i| covariance(i, i).max(0.0).sqrt()).collect();
        let mut out = &sums.quantities[cell * width..][..width];
        let fit = |relevant: &Vec<usize>| {
            let (own, rest) = out.split_at(relevant.len() + 2);
            out = rest;
            let (products, [sum, squares]) = own.split_at(relevant.len()) else { return Fit::default() };
            let average = sum / n;
            let variance = (squares / n - average * average).max(0.0);
            // Controls that do not vary here are left out: (control, covariance with the quantity over its sd).
            let useful: Vec<(usize, f64)> = relevant
                .iter()
                .zip(products)
                .filter(|(i, _)| sd[**i] > 1e-10)
                .map(|(i, product)| (*i, (product / n - mean[*i] * average) / sd[*i]))
                .collect();
            let correlation = DMatrix::from_fn(useful.len(), useful.len(), |x, y| {
                let (i, j) = (useful[x].0, useful[y].0);
                if i == j { 1.0 } else { covariance(i, j) / (sd[i] * sd[j]) }
            });
            let Some(factor) = correlation.cholesky().filter(|_| !useful.is_empty()) else {
                return Fit::plain(variance);
            };
            let cross = DVector::from_iterator(useful.len(), useful.iter().map(|(_, x)| *x));
            let solved = factor.solve(&cross);
            let left = variance - solved.dot(&cross);
            if !(variance > 0.0 && left.is_finite() && left < variance) {
                return Fit::plain(variance);
            }
            let mut coefficients = vec![0.0; controls];
            for ((i, _), b) in useful.iter().zip(solved.iter()) {
                coefficients[*i] = steady(b / sd[*i]);
            }
            // Fitted to the pilot, the residuals are too small there by 1 - k/n, and elsewhere larger by 1 + k/n.
            let k = useful.len() as f64;
            let inflation = n / (n - k - 1.0) * (1.0 + k / n);
            // Below this share the difference of sums is rounding.
            let left = (left * inflation).max(1e-12 * variance);
            Fit { coefficients, residual_sd: steady(left.sqrt()) }
        };
        self.relevant.iter().map(fit).collect()
    }
}

/// Controls, by their place among those of a cell, that a quantity can depend on.
fn relevant(model: &Model, law: &TownLaw, controls: &Controls, operand: Operand) -> Vec<usize> {
    let mut leaves = law.outcome.program.leaves(operand);
    // What reads the population reads all that makes it grow.
    if leaves.contains(&(Bank::State, law.switches.len())) {
        leaves.extend(law.outcome.growth.program.leaves(law.outcome.growth.value));
    }
    let drivers = model.links.len();
    let mut reads = vec![false; drivers];
    let mut inputs = vec![false; law.inputs.len()];
    let base = |driver: usize, inputs: &mut Vec<bool>| {
        law.base_program.leaves(law.base_values[driver]).into_iter().for_each(|(_, k)| inputs[k] = true);
    };
    for (bank, k) in leaves {
        match bank {
            Bank::Driver => {
                reads[k] = true;
                base(k, &mut inputs);
            }
            Bank::Base if k < law.inputs.len() => inputs[k] = true,
            Bank::Base => base(k - law.inputs.len(), &mut inputs),
            Bank::State => {
                if let Some(switch) = law.switches.get(k) {
                    inputs[*switch] = true;
                }
            }
            Bank::Region => {}
        }
    }
    let mut moved = reads.clone();
    let impacts =
        || law.paths.iter().flat_map(|path| &path.years).flat_map(|year| year.cross.iter().enumerate());
    for _ in 0..drivers {
        for (to, row) in impacts() {
            if moved[to] {
                for (from, _) in row {
                    moved[*from] = true;
                }
            }
        }
    }
    let n = controls.drivers.len();
    let of = |flags: &[bool], first: usize| -> Vec<usize> {
        let places = controls.drivers.iter().enumerate();
        places.filter(|(_, i)| flags[**i]).map(|(k, _)| first + k).collect()
    };
    let drawn = controls.inputs.iter().enumerate();
    let drawn = drawn.filter(|(_, (i, _))| inputs[*i]).map(|(k, _)| 1 + 2 * n + k);
    std::iter::once(0).chain(of(&moved, 1)).chain(of(&reads, 1 + n)).chain(drawn).collect()
}

/// A number in single precision: the matrix library's last bits differ between machines, and what is printed
/// must not. Any coefficient near the best serves.
fn steady(x: f64) -> f64 {
    f64::from(x as f32)
}

#[inline(always)]
fn centre(row: &TileRow, mean: f64, out: &mut TileRow) {
    for p in 0..TILE {
        out.0[p] = row.0[p] - mean;
    }
}

/// Adds the products of each row with each column, summed over the tile: `out[row][column]`.
#[inline(always)]
fn add_products(rows: &[TileRow], columns: &[TileRow], out: &mut [f64]) {
    if columns.is_empty() {
        return;
    }
    for (row, out) in rows.iter().zip(out.chunks_mut(columns.len())) {
        let (fours, few) = columns.as_chunks::<TOGETHER>();
        let (sums, few_sums) = out.as_chunks_mut::<TOGETHER>();
        for (four, sums) in fours.iter().zip(sums) {
            add_dots(row, four.each_ref(), sums);
        }
        for (column, sum) in few.iter().zip(few_sums) {
            add_dots(row, [column], std::array::from_mut(sum));
        }
    }
}

/// Adds the products of a row with N others, summed over the tile in fixed lanes.
#[inline(always)]
fn add_dots<const N: usize>(row: &TileRow, others: [&TileRow; N], sums: &mut [f64; N]) {
    let (row, _) = row.0.as_chunks::<LANES>();
    let others = others.map(|other| other.0.as_chunks::<LANES>().0);
    let mut lanes = [[0.0; LANES]; N];
    for (k, x) in row.iter().enumerate() {
        for c in 0..N {
            let y = &others[c][k];
            for l in 0..LANES {
                lanes[c][l] += x[l] * y[l];
            }
        }
    }
    for c in 0..N {
        sums[c] += fold(lanes[c]);
    }
}

#[inline(always)]
fn add_sums(rows: &[TileRow], sums: &mut [f64]) {
    for (row, sum) in rows.iter().zip(sums) {
        *sum += total(row);
    }
}

/// Sum over a tile in fixed lanes.
#[inline(always)]
fn total(row: &TileRow) -> f64 {
    let mut lanes = [0.0; LANES];
    for x in row.0.as_chunks::<LANES>().0 {
        for l in 0..LANES {
            lanes[l] += x[l];
        }
    }
    fold(lanes)
}

#[inline(always)]
fn fold(mut lanes: [f64; LANES]) -> f64 {
    let mut half = LANES / 2;
    while half > 0 {
        for l in 0..half {
            lanes[l] += lanes[l + half];
        }
        half /= 2;
    }
    lanes[0]
}
