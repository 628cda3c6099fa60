//! The whole panel fitted, driver by driver.

use rayon::prelude::*;

use super::driver_fit::{DriverFit, Effort, from_prior, sample, target};
use super::prior::{DriverPrior, place};
use super::series::{LeftOut, series};
use crate::case::{Calibration, Case, Parameter, Posterior};
use crate::model::{Model, ModelError, Options, Uncertainty};

/// Draws that are handed on: of each chain as many, evenly apart.
pub const DRAWS: usize = 400;

/// Why nothing was fitted.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum CalibrateError {
    /// The case does not say how.
    #[error("the case has no calibration.toml: it says how far the parameters may be off")]
    NoCalibration,
    /// The case's own options do not fit it.
    #[error(transparent)]
    Model(#[from] ModelError),
    /// The likelihood of a driver cannot be computed anywhere near its prior.
    #[error("{0}: the panel has no likelihood under any draw of the prior")]
    NoLikelihood(String),
}

/// What the panel says of every driver.
#[derive(Debug, Clone, PartialEq)]
pub struct PanelFit {
    /// In the order of the case.
    pub drivers: Vec<DriverFit>,
    /// Values that were not used.
    pub left_out: Vec<LeftOut>,
    /// How much was sampled.
    pub effort: Effort,
    /// Seed of the draws.
    pub seed: u64,
}

/// Five significant digits: more say nothing, and a file of draws is read by people too.
fn rounded(value: f64) -> f64 {
    format!("{value:.4e}").parse().unwrap_or(value)
}

/// The model that the panel is held against: inputs at their modes, no plan, the innovations alone drawn.
pub(super) fn bare_model(case: &Case) -> Result<Model, ModelError> {
    let uncertainty = Uncertainty { shocks: true, ..Uncertainty::NONE };
    Model::compile(case, &Options { uncertainty, scenarios: vec![case.reference], ..Options::of(case) })
}

/// Fits every driver that the panel has a series of; the others keep their priors.
///
/// # Errors
/// [`CalibrateError`].
pub fn fit_panel(case: &Case, effort: Effort, seed: u64) -> Result<PanelFit, CalibrateError> {
    let calibration = case.calibration.as_ref().ok_or(CalibrateError::NoCalibration)?;
    let model = bare_model(case)?;
    let fits: Vec<Result<(DriverFit, Vec<LeftOut>), CalibrateError>> = (0..case.drivers.len())
        .into_par_iter()
        .map(|driver| fit_driver(case, &model, calibration, driver, effort, seed))
        .collect();
    let (mut drivers, mut left_out) = (Vec::new(), Vec::new());
    for fit in fits {
        let (driver, left) = fit?;
        drivers.push(driver);
        left_out.extend(left);
    }
    Ok(PanelFit { drivers, left_out, effort, seed })
}

fn fit_driver(
    case: &Case,
    model: &Model,
    calibration: &Calibration,
    driver: usize,
    effort: Effort,
    seed: u64,
) -> Result<(DriverFit, Vec<LeftOut>), CalibrateError> {
    let prior = DriverPrior::new(&case.drivers[driver], driver, calibration);
    let (series, left_out) = series(case, model, driver);
    if target(case, model, driver, &prior, &series).is_none() {
        return Ok((from_prior(case, driver, prior, effort.chains * effort.kept, seed), left_out));
    }
    let fit = sample(case, model, driver, (&prior, &series), effort, seed);
    let fit = fit.ok_or_else(|| CalibrateError::NoLikelihood(case.drivers[driver].id.clone()))?;
    Ok((fit, left_out))
}

impl PanelFit {
    /// The draws that are handed on, as posterior.csv has them: parameters that are fitted or have a prior. A draw under
    /// which deviations would not die out is rejected.
    pub fn posterior(&self, case: &Case) -> Posterior {
        let mut columns = Vec::new();
        for fit in &self.drivers {
            columns.extend(fit.prior.fitted().map(|parameter| (fit.driver, parameter)));
        }
        let value = |row: usize, (driver, parameter): (usize, Parameter)| {
            let fit = &self.drivers[driver];
            let step = fit.draws.len() / DRAWS.min(fit.draws.len()).max(1);
            rounded(fit.draws[row * step].values[place(parameter)])
        };
        let phi = |row: usize, driver: usize| {
            let column = columns.iter().find(|c| **c == (driver, Parameter::Persistence));
            column.map_or(case.drivers[driver].persistence, |c| value(row, *c))
        };
        let rows = self.drivers.iter().map(|f| f.draws.len()).min().unwrap_or(0).min(DRAWS);
        let stable = |row: &usize| case.spectral_radius(&|driver| phi(*row, driver)) < 1.0;
        let draws =
            (0..rows).filter(stable).map(|row| columns.iter().map(|c| value(row, *c)).collect()).collect();
        Posterior { columns, draws }
    }

    /// Drivers whose chains have not converged, with what was watched.
    pub fn not_converged(&self) -> Vec<(usize, super::Watched, super::Convergence)> {
        let bad = |fit: &DriverFit| {
            let bad = fit.convergence.iter().filter(|(_, c)| !c.holds(fit.chains));
            bad.map(|(watched, c)| (fit.driver, *watched, *c)).collect::<Vec<_>>()
        };
        self.drivers.iter().flat_map(bad).collect()
    }
}
