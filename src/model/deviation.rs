//! The step of a town's deviations: d\[t\] = F d\[t-1\] + g x\[t-1\] + e\[t\], for the closed form and for the fit.

use nalgebra::{DMatrix, DVector};

use super::noise::NoiseLaw;
use super::path::{self, YearLaw};
use super::town::TownLaw;
use crate::case::Case;

/// One year's step of a town's deviations. Rows and columns are drivers.
#[derive(Debug, Clone)]
pub struct DeviationLaw {
    /// F = Phi + (I - Phi) C.
    pub transition: DMatrix<f64>,
    /// g = (I - Phi) C B: what last year's price level adds through cross-impacts.
    pub price: DVector<f64>,
    /// B of this year, the direct exposure.
    pub exposure: DVector<f64>,
    /// Covariance of e.
    pub noise: DMatrix<f64>,
    /// Covariance of the part of e that all towns share.
    pub region_noise: DMatrix<f64>,
}

impl DeviationLaw {
    /// The step from one year to the next; drivers that stay at the edge of their range take no noise.
    pub(super) fn new(noise: &NoiseLaw, frozen: &[bool], last: &YearLaw, year: &YearLaw) -> Self {
        let n = frozen.len();
        let mut transition = DMatrix::zeros(n, n);
        let mut price = DVector::zeros(n);
        let alive = |i: usize| f64::from(u8::from(!frozen[i]));
        for i in 0..n {
            transition[(i, i)] = noise.persistence[i];
            for (j, k) in &year.cross[i] {
                transition[(i, *j)] += k;
                price[i] += k * last.exposure[*j];
            }
        }
        let region = |i: usize, j: usize| noise.region_sd[i] * noise.region_sd[j];
        let both = |i: usize, j: usize| region(i, j) + noise.town_sd[i] * noise.town_sd[j];
        let covariance = |part: &dyn Fn(usize, usize) -> f64| {
            DMatrix::from_fn(n, n, |i, j| alive(i) * alive(j) * part(i, j) * noise.correlation[(i, j)])
        };
        Self {
            transition,
            price,
            exposure: DVector::from_column_slice(&year.exposure),
            noise: covariance(&both),
            region_noise: covariance(&region),
        }
    }

    /// The law of the years before the base year, when no plan had begun: the mono-profile degree is that of the base
    /// year. Sigma, persistence, exposure and regional share are those of `case`, whatever the town was compiled from.
    pub fn before_plans(case: &Case, noise: &NoiseLaw, town: &TownLaw) -> Self {
        let noise = noise.with_parameters(&case.drivers);
        let base = &town.paths[0].years[0];
        let year = YearLaw {
            reached: Vec::new(),
            exposure: path::exposures(case, &town.frozen, base.mono),
            cross: path::cross_impacts(case, &town.frozen, base.mono),
            mono: base.mono,
        };
        Self::new(&noise, &town.frozen, &year, &year)
    }

    /// The law of some drivers alone, ascending; none of the others may act on them.
    #[must_use]
    pub fn of(&self, drivers: &[usize]) -> Self {
        let part = |matrix: &DMatrix<f64>| matrix.select_rows(drivers).select_columns(drivers);
        Self {
            transition: part(&self.transition),
            price: self.price.select_rows(drivers),
            exposure: self.exposure.select_rows(drivers),
            noise: part(&self.noise),
            region_noise: part(&self.region_noise),
        }
    }
}
