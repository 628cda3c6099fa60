//! The instant preview: quantiles from the closed form, without running anything.

use super::closed_form::{ClosedForm, Normal};
use super::compile::{Model, ModelError};
use super::options::Options;
use super::program::Bank;
use super::town::TownLaw;
use crate::case::Case;
use crate::math;
use crate::random::{self, Stream};
use nalgebra::{DMatrix, DVector};
use rand_distr::{Distribution, StandardNormal};

/// Draws of drivers and indices from which composites are computed.
const DRAWS: u64 = 4096;
/// Standard normal quantile of 90 %.
const Z90: f64 = 1.281_551_565_544_6;

/// A quantity in one town, scenario and year, from the closed form with events off. For a composite this is
/// approximate: the normal with the exact mean and covariance takes the place of the exact distribution.
#[derive(Debug, Clone, PartialEq)]
pub struct PreviewRow {
    /// Index of the town in the case.
    pub town: usize,
    /// Index of the scenario in the case.
    pub scenario: usize,
    /// The year.
    pub year: i32,
    /// Id of a driver, or symbol of a composite.
    pub quantity: String,
    /// Exact mean and sd on the link scale; none for a composite.
    pub link: Option<(f64, f64)>,
    /// Median and the bounds of the middle 80 %.
    pub median: f64,
    /// 10 % quantile.
    pub low: f64,
    /// 90 % quantile.
    pub high: f64,
}

/// Previews chosen years.
///
/// # Errors
/// [`ModelError`] when the options do not fit the case.
pub fn preview(case: &Case, options: &Options, years: &[i32]) -> Result<Vec<PreviewRow>, ModelError> {
    let model = Model::compile(case, options)?;
    let mut rows = Vec::new();
    for town in &model.towns {
        for path in &town.paths {
            let form = ClosedForm::new(&model, town, path);
            for (t, year) in model.years.iter().enumerate().filter(|(_, y)| years.contains(y)) {
                let row = |quantity: &str, link, [low, median, high]: [f64; 3]| PreviewRow {
                    town: town.index,
                    scenario: path.scenario,
                    year: *year,
                    quantity: quantity.to_owned(),
                    link,
                    median,
                    low,
                    high,
                };
                let normal = form.over_branches(t);
                for (i, driver) in case.drivers.iter().enumerate() {
                    let (mean, sd) = (normal.mean[i], normal.covariance[(i, i)].max(0.0).sqrt());
                    let value = |z: f64| {
                        if town.frozen[i] { town.base[i] } else { driver.link.invert(mean + z * sd) }
                    };
                    rows.push(row(&driver.id, Some((mean, sd)), [-Z90, 0.0, Z90].map(value)));
                }
                let draws = composite_draws(&model, town, &form, t);
                for ((c, _), sorted) in model.scales.iter().zip(draws) {
                    let at = |p: f64| sorted[((sorted.len() - 1) as f64 * p).round() as usize];
                    rows.push(row(&case.method.composites[*c].symbol, None, [0.1, 0.5, 0.9].map(at)));
                }
            }
        }
    }
    Ok(rows)
}

/// Sorted values of each scaled composite over the draws, spread over the price branches by their weights.
fn composite_draws(model: &Model, town: &TownLaw, form: &ClosedForm, t: usize) -> Vec<Vec<f64>> {
    let key = random::key(model.options.seed, "closed form", "preview");
    let mut values = vec![Vec::with_capacity(DRAWS as usize); model.scales.len()];
    let mut first = 0;
    for (probability, years) in &form.branches {
        let count = (probability * DRAWS as f64).round() as u64;
        let root = root(&years[t].covariance);
        for draw in first..first + count {
            let point = sample(&years[t], &root, &mut Stream::new(key, draw));
            let row = |bank: Bank, k: usize| match bank {
                Bank::Driver => model.links[k].invert(point[k]),
                Bank::Region => math::exp(point[model.links.len() + k]),
                Bank::Base => town.best(k),
                Bank::State => town.switches.get(k).map_or(town.population, |s| town.best(*s)),
            };
            for ((c, _), column) in model.scales.iter().zip(&mut values) {
                column.push(town.outcome.program.scalar(town.outcome.composites[*c], &row));
            }
        }
        first += count;
    }
    for column in &mut values {
        column.sort_by(f64::total_cmp);
    }
    values
}

/// A matrix R with R R' the covariance, by its eigenvectors, since it may be singular.
fn root(covariance: &DMatrix<f64>) -> DMatrix<f64> {
    let eigen = covariance.clone().symmetric_eigen();
    let scale = eigen.eigenvalues.map(|v| v.max(0.0).sqrt());
    &eigen.eigenvectors * DMatrix::from_diagonal(&scale)
}

/// A draw from the normal with this mean and R R' as covariance.
fn sample(normal: &Normal, root: &DMatrix<f64>, stream: &mut Stream) -> DVector<f64> {
    let eps = DVector::from_fn(normal.mean.len(), |_, _| StandardNormal.sample(stream));
    &normal.mean + root * eps
}
