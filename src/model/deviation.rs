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
        let all: Vec<usize> = (0..frozen.len()).collect();
        Self::of(&all, noise, frozen, (last, year))
    }

    /// The same of some drivers, ascending, on which none of the others act.
    fn of(drivers: &[usize], noise: &NoiseLaw, frozen: &[bool], (last, year): (&YearLaw, &YearLaw)) -> Self {
        let n = drivers.len();
        let mut transition = DMatrix::zeros(n, n);
        let mut price = DVector::zeros(n);
        let alive = |i: usize| f64::from(u8::from(!frozen[i]));
        let (mut total, mut shared) = (DMatrix::zeros(n, n), DMatrix::zeros(n, n));
        for (row, &i) in drivers.iter().enumerate() {
            transition[(row, row)] = noise.persistence[i];
            for (j, k) in &year.cross[i] {
                if let Ok(column) = drivers.binary_search(j) {
                    transition[(row, column)] += k;
                    price[row] += k * last.exposure[*j];
                }
            }
            for (column, &j) in drivers.iter().enumerate() {
                let region = noise.region_sd[i] * noise.region_sd[j];
                let town = noise.town_sd[i] * noise.town_sd[j];
                let scale = alive(i) * alive(j);
                total[(row, column)] = scale * (region + town) * noise.correlation[(i, j)];
                shared[(row, column)] = scale * region * noise.correlation[(i, j)];
            }
        }
        Self {
            transition,
            price,
            exposure: DVector::from_iterator(n, drivers.iter().map(|i| year.exposure[*i])),
            noise: total,
            region_noise: shared,
        }
    }

    /// The laws of some towns in the years before the base year, when no plan had begun: the mono-profile degree is that
    /// of the base year. Sigma, persistence, exposure and regional share are those of `case`, whatever the towns were
    /// compiled from. Of some drivers, ascending, on which none of the others act.
    pub fn before_plans<'a>(
        case: &Case,
        noise: &NoiseLaw,
        towns: impl IntoIterator<Item = &'a TownLaw>,
        drivers: &[usize],
    ) -> Vec<Self> {
        let noise = noise.with_parameters(&case.drivers);
        let law = |town: &TownLaw| {
            let base = &town.paths[0].years[0];
            let year = YearLaw {
                exposure: path::exposures(case, &town.frozen, base.mono),
                cross: path::cross_impacts(case, &town.frozen, base.mono),
                ..base.clone()
            };
            Self::of(drivers, &noise, &town.frozen, (&year, &year))
        };
        towns.into_iter().map(law).collect()
    }
}
