//! The likelihood of a driver's panel, with everything linear integrated out exactly.
//!
//! The observation of town k in year t, on the link scale, is
//!
//! ```text
//! z_k[t] = L_k + b (t - base year) + y_k[t] + u_k[t]        y: the model's departure, u: error of observation
//! y_k[t] = B_k x_k[t] + d_k[t],   B_k = B + eta_k,   eta_k ~ Normal(0, spread^2)
//! ```
//!
//! with d by the model's own transition ([`DeviationLaw::before_plans`]: cross-impacts and the correlation between
//! towns through the region included), stationary before the first year, and x from the observed prices. Level L of
//! each town (and of each part of a series with a declared break) and trend b are flat, B is normal about the case's
//! value. Given persistence phi, sigma, regional share rho and the spread of exposures all this is Gaussian: with V the
//! covariance of d + u, X the regressors, Lambda and m the prior precision and mean of their coefficients,
//!
//! ```text
//! A = X'V^-1 X + Lambda,   a = X'V^-1 z + Lambda m
//! -2 ln p(z) = ln|V| + ln|A| - ln|Lambda| + z'V^-1 z + m'Lambda m - a'A^-1 a + constant
//! coefficients | z ~ Normal(A^-1 a, A^-1)
//! ```
//!
//! (Lambda's flat rows left out of its determinant: restricted likelihood, Harville 1974, doi:10.1093/biomet/61.2.383).
//! Drivers are fitted one by one: those that act on the driver enter with the case's parameters, as a source of noise
//! and of price response; what their own series say of a common year is not used.

use nalgebra::{Cholesky, DMatrix, DVector, Dyn};

use super::covariance::{Lags, Powers};
use super::price_response::{exposed_alone, first_price_year, price_level, response};
use super::scope::acting_on;
use super::series::TownSeries;
use crate::case::{Case, Parameter};
use crate::math;
use crate::model::{DeviationLaw, Model};

/// What a coefficient of the regression is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Coefficient {
    /// Level of a part of a series: place of the series, number of the part.
    Level(usize, usize),
    /// Change a year.
    Trend,
    /// Exposure B that towns have in common.
    Exposure,
    /// What a series' own exposure adds.
    OwnExposure(usize),
}

/// The parameters on which the covariance hangs.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Scales {
    pub(super) sigma: f64,
    pub(super) persistence: f64,
    pub(super) regional_share: f64,
    /// Sd of exposures between towns.
    pub(super) spread: f64,
}

/// The panel of one driver and what it is held against.
pub(super) struct Target<'a> {
    model: &'a Model,
    /// The case without its texts; the driver's parameters vary in it.
    case: Case,
    driver: usize,
    /// The driver and all that act on it, ascending.
    scope: Vec<usize>,
    /// The driver's place among them.
    place: usize,
    series: &'a [TownSeries],
    /// (series, year) of each observation.
    points: Vec<(usize, i32)>,
    z: DVector<f64>,
    variance: Vec<f64>,
    /// First year of prices, and the price level of each series' town from then on.
    first_year: i32,
    price: Vec<Vec<f64>>,
    pub(super) columns: Vec<Coefficient>,
    /// Prior mean and sd of B where it is fitted.
    exposure: Option<(f64, f64)>,
    /// The case's B.
    kept_exposure: f64,
}

/// With a spread so many times as large towns have nothing in common.
const UNPOOLED: f64 = 1e3;

/// What of the price exposure is fitted.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum ExposureFit {
    /// Nothing: it is the case's.
    Kept,
    /// One of all towns, with this prior mean and sd.
    Common(f64, f64),
    /// The same, and each town's own difference.
    ByTown(f64, f64),
}

/// The likelihood at one point, and the coefficients given it.
pub(super) struct Marginal {
    /// ln p(z) but for a constant.
    pub(super) log_likelihood: f64,
    /// Mean of the coefficients.
    pub(super) mean: DVector<f64>,
    /// Cholesky factor of their precision A.
    precision: Cholesky<f64, Dyn>,
}

impl Marginal {
    /// A draw of the coefficients from standard normals: mean + L'^-1 normals, L L' = A.
    pub(super) fn draw(&self, normals: &DVector<f64>) -> DVector<f64> {
        let shift = self.precision.l_dirty().tr_solve_lower_triangular(normals);
        &self.mean + shift.unwrap_or_else(|| DVector::zeros(normals.len()))
    }
}

impl<'a> Target<'a> {
    /// The panel of a driver; its series are not empty.
    pub(super) fn new(
        case: &Case,
        model: &'a Model,
        driver: usize,
        series: &'a [TownSeries],
        exposure: ExposureFit,
    ) -> Self {
        let mut case = case.clone();
        // What is large and of no use here.
        case.files.clear();
        case.panel.clear();
        let scope = acting_on(&case, driver);
        let points: Vec<(usize, i32)> = series
            .iter()
            .enumerate()
            .flat_map(|(k, s)| s.observations.iter().map(move |o| (k, o.year)))
            .collect();
        let observations = || series.iter().flat_map(|s| &s.observations);
        let first = observations().map(|o| o.year).min().unwrap_or(case.base_year);
        let last = observations().map(|o| o.year).max().unwrap_or(case.base_year);
        let first_year = first_price_year(&case, series, first);
        let price =
            series.iter().map(|s| (first_year..=last).map(|y| price_level(&case, s.town, y)).collect());
        let mut columns = Vec::new();
        for (k, s) in series.iter().enumerate() {
            let mut segments: Vec<usize> = s.observations.iter().map(|o| s.segment(o.year)).collect();
            segments.dedup();
            columns.extend(segments.into_iter().map(|segment| Coefficient::Level(k, segment)));
        }
        columns.push(Coefficient::Trend);
        let prior = match exposure {
            ExposureFit::Kept => None,
            ExposureFit::Common(mean, sd) | ExposureFit::ByTown(mean, sd) => Some((mean, sd)),
        };
        if prior.is_some() {
            columns.push(Coefficient::Exposure);
        }
        if matches!(exposure, ExposureFit::ByTown(..)) {
            columns.extend((0..series.len()).map(Coefficient::OwnExposure));
        }
        Self {
            model,
            driver,
            place: scope.iter().position(|i| *i == driver).unwrap_or(0),
            scope,
            series,
            z: DVector::from_iterator(points.len(), observations().map(|o| o.link)),
            variance: observations().map(|o| o.variance).collect(),
            points,
            first_year,
            price: price.collect(),
            columns,
            exposure: prior,
            kept_exposure: Parameter::PriceExposure.of(&case.drivers[driver]),
            case,
        }
    }

    /// Observations beyond the number of levels and the trend: without some of them nothing can be fitted.
    pub(super) fn degrees_of_freedom(&self) -> usize {
        let flat = self.columns.iter().filter(|c| self.precision_of(**c, 1.0).is_none()).count();
        self.points.len().saturating_sub(flat)
    }

    /// Laws of the towns of the series, of the drivers in scope, at an exposure B of the driver.
    fn laws(&mut self, scales: Scales, exposure: f64) -> Vec<DeviationLaw> {
        let driver = &mut self.case.drivers[self.driver];
        driver.sigma = scales.sigma;
        driver.persistence = scales.persistence;
        driver.regional_share = scales.regional_share;
        driver.price_exposure = exposure;
        let towns = self.series.iter().map(|s| &self.model.towns[s.town]);
        DeviationLaw::before_plans(&self.case, &self.model.noise, towns, &self.scope)
    }

    /// The likelihood; none where it cannot be computed.
    pub(super) fn marginal(&mut self, scales: Scales) -> Option<Marginal> {
        // Everything is linear in the exposure: with B = 1 the response is that of the others and that to B.
        let laws = self.laws(scales, if self.exposure.is_some() { 1.0 } else { self.kept_exposure });
        let covariance = self.covariance(&laws);
        let mut offset = self.responses(&laws);
        let mut unit = DVector::zeros(self.points.len());
        if self.exposure.is_some() {
            let own: Vec<DeviationLaw> = laws.iter().map(|law| exposed_alone(law, self.place)).collect();
            unit = self.responses(&own);
            offset -= &unit;
        }
        let z = &self.z - offset;
        let x = self.regressors(&unit);
        let factor = covariance.cholesky()?;
        let l = factor.l_dirty();
        let (white_x, white_z) = (l.solve_lower_triangular(&x)?, l.solve_lower_triangular(&z)?);
        let mut a = white_x.tr_mul(&white_x);
        let mut b = white_x.tr_mul(&white_z);
        let mut quadratic = white_z.norm_squared();
        let mut log_prior = 0.0;
        for (k, column) in self.columns.iter().enumerate() {
            let Some((mean, precision)) = self.precision_of(*column, scales.spread) else { continue };
            a[(k, k)] += precision;
            b[k] += precision * mean;
            quadratic += precision * mean * mean;
            log_prior += math::ln(precision);
        }
        let precision = a.cholesky()?;
        let mean = precision.solve(&b);
        let log_determinant = |l: &DMatrix<f64>| 2.0 * l.diagonal().iter().map(|d| math::ln(*d)).sum::<f64>();
        let twice =
            log_determinant(l) + log_determinant(precision.l_dirty()) - log_prior + quadratic - b.dot(&mean);
        let log_likelihood = Some(-0.5 * twice).filter(|v| v.is_finite())?;
        Some(Marginal { log_likelihood, mean, precision })
    }

    /// Exposure of each series' town with its error, as if towns had nothing in common; none where it is not fitted by town.
    pub(super) fn exposures_alone(&mut self, scales: Scales) -> Option<Vec<(f64, f64)>> {
        let place = |wanted: Coefficient| self.columns.iter().position(|c| *c == wanted);
        let common = place(Coefficient::Exposure)?;
        let own = (0..self.series.len()).map(|k| place(Coefficient::OwnExposure(k)));
        let own: Vec<usize> = own.collect::<Option<_>>()?;
        let unpooled = Scales { spread: UNPOOLED * scales.spread, ..scales };
        let marginal = self.marginal(unpooled)?;
        let covariance = marginal.precision.inverse();
        let of = |k: usize| {
            let variance = covariance[(common, common)] + covariance[(k, k)] + 2.0 * covariance[(common, k)];
            (marginal.mean[common] + marginal.mean[k], variance.max(0.0).sqrt())
        };
        Some(own.into_iter().map(of).collect())
    }

    /// Prior mean and precision of a coefficient; none where it is flat.
    fn precision_of(&self, column: Coefficient, spread: f64) -> Option<(f64, f64)> {
        let (mean, sd) = self.exposure?;
        match column {
            Coefficient::Level(..) | Coefficient::Trend => None,
            Coefficient::Exposure => Some((mean, 1.0 / (sd * sd))),
            Coefficient::OwnExposure(_) => Some((0.0, 1.0 / (spread * spread))),
        }
    }

    /// Covariance of deviations and errors of observation.
    fn covariance(&self, laws: &[DeviationLaw]) -> DMatrix<f64> {
        let years = self.points.iter().map(|p| p.1);
        let (first, last) = (years.clone().min().unwrap_or(0), years.max().unwrap_or(0));
        let longest = (last - first).unsigned_abs() as usize;
        let powers: Vec<Powers<'_>> = laws.iter().map(Powers::of).collect();
        let mut lags = Vec::with_capacity(laws.len() * (laws.len() + 1) / 2);
        for k in 0..laws.len() {
            for l in 0..=k {
                lags.push(Lags::new(&powers[k], &powers[l], self.place, longest));
            }
        }
        let mut covariance = DMatrix::zeros(self.points.len(), self.points.len());
        for (i, (k, year)) in self.points.iter().enumerate() {
            for (j, (l, other)) in self.points[..=i].iter().enumerate() {
                // Observations stand series by series, so that l <= k.
                let value = lags[k * (k + 1) / 2 + l].at(*year, *other);
                covariance[(i, j)] = value;
                covariance[(j, i)] = value;
            }
            covariance[(i, i)] += self.variance[i];
        }
        covariance
    }

    /// The response y to the observed prices, at every observation; before the first year of prices they had been
    /// as in it.
    fn responses(&self, laws: &[DeviationLaw]) -> DVector<f64> {
        let paths: Vec<Vec<f64>> =
            laws.iter().zip(&self.price).map(|(law, levels)| response(law, self.place, levels)).collect();
        let at = |(k, year): &(usize, i32)| paths[*k][(year - self.first_year) as usize];
        DVector::from_iterator(self.points.len(), self.points.iter().map(at))
    }

    fn regressors(&self, unit_response: &DVector<f64>) -> DMatrix<f64> {
        let base_year = self.case.base_year;
        DMatrix::from_fn(self.points.len(), self.columns.len(), |i, column| {
            let (k, year) = self.points[i];
            let is = |condition: bool| f64::from(u8::from(condition));
            match self.columns[column] {
                Coefficient::Level(series, segment) => {
                    is(series == k && self.series[k].segment(year) == segment)
                }
                Coefficient::Trend => f64::from(year - base_year),
                Coefficient::Exposure => unit_response[i],
                Coefficient::OwnExposure(series) => is(series == k) * unit_response[i],
            }
        })
    }
}

#[cfg(test)]
mod tests;
