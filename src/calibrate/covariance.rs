//! Covariance of a driver's deviations over towns and years, under the model's own transition.

use nalgebra::DMatrix;

use crate::model::DeviationLaw;

/// Doublings after which every transition with a spectral radius that a float can tell from 1 has died out.
const DOUBLINGS: usize = 60;
/// What no longer counts.
const NOTHING: f64 = 1e-17;

/// A town's law with the powers F, F^2, F^4, .. of its transition, down to nothing.
pub(super) struct Powers<'a> {
    law: &'a DeviationLaw,
    doubled: Vec<DMatrix<f64>>,
}

impl<'a> Powers<'a> {
    pub(super) fn of(law: &'a DeviationLaw) -> Self {
        let mut doubled = vec![law.transition.clone()];
        while doubled.len() < DOUBLINGS && doubled[doubled.len() - 1].amax() > NOTHING {
            let last = &doubled[doubled.len() - 1];
            doubled.push(last * last);
        }
        Self { law, doubled }
    }
}

/// The stationary covariance of two towns' deviations: P = F P G' + Q, by doubling (Smith 1968,
/// doi:10.1137/0116017): with P_0 = Q the sum of the first 2^k terms is P_(k+1) = P_k + F^(2^k) P_k G^(2^k)'.
fn stationary(f: &[DMatrix<f64>], g: &[DMatrix<f64>], noise: &DMatrix<f64>) -> DMatrix<f64> {
    let mut sum = noise.clone();
    let mut half = sum.clone();
    let mut more = sum.clone();
    let mut turned = sum.clone();
    for (f, g) in f.iter().zip(g) {
        half.gemm(1.0, f, &sum, 0.0);
        g.transpose_to(&mut turned);
        more.gemm(1.0, &half, &turned, 0.0);
        sum += &more;
        if more.amax() <= NOTHING * sum.amax() {
            break;
        }
    }
    sum
}

/// Covariances of one driver between two towns, or of a town with itself, by the years between:
/// Cov(d_k\[t + h\], d_l\[t\]) = F_k^h P_kl.
pub(super) struct Lags {
    first_later: Vec<f64>,
    second_later: Vec<f64>,
}

impl Lags {
    /// Up to `longest` years apart. `place` is the driver's among those of the laws.
    pub(super) fn new(first: &Powers<'_>, second: &Powers<'_>, place: usize, longest: usize) -> Self {
        let same = std::ptr::eq(first, second);
        let noise = if same { &first.law.noise } else { &first.law.region_noise };
        let stationary = stationary(&first.doubled, &second.doubled, noise);
        let mut later = stationary.column(place).clone_owned();
        let mut earlier = stationary.row(place).transpose();
        let (mut first_later, mut second_later) = (vec![later[place]], vec![earlier[place]]);
        for _ in 0..longest {
            later = &first.law.transition * later;
            earlier = &second.law.transition * earlier;
            first_later.push(later[place]);
            second_later.push(earlier[place]);
        }
        Self { first_later, second_later }
    }

    /// Covariance of the first town's deviation in a year with the second's in another.
    pub(super) fn at(&self, first_year: i32, second_year: i32) -> f64 {
        let apart = (first_year - second_year).unsigned_abs() as usize;
        if first_year >= second_year { self.first_later[apart] } else { self.second_later[apart] }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Added up term by term, a thousand of them.
    #[test]
    fn doubling_gives_the_sum() {
        let f = DMatrix::from_row_slice(2, 2, &[0.9, 0.1, 0.0, 0.5]);
        let g = DMatrix::from_row_slice(2, 2, &[0.8, 0.0, -0.2, 0.6]);
        let noise = DMatrix::from_row_slice(2, 2, &[1.0, 0.3, 0.3, 2.0]);
        let (mut sum, mut term) = (noise.clone(), noise.clone());
        for _ in 0..1000 {
            term = &f * term * g.transpose();
            sum += &term;
        }
        let law = |transition: &DMatrix<f64>| DeviationLaw {
            transition: transition.clone(),
            price: nalgebra::DVector::zeros(2),
            exposure: nalgebra::DVector::zeros(2),
            noise: noise.clone(),
            region_noise: noise.clone(),
        };
        let (first, second) = (law(&f), law(&g));
        let (first, second) = (Powers::of(&first), Powers::of(&second));
        let found = stationary(&first.doubled, &second.doubled, &noise);
        assert!((found - &sum).amax() < 1e-12 * sum.amax());
        // The first town's second driver two years after the second town's.
        let lags = Lags::new(&first, &second, 1, 2);
        assert!((lags.at(2003, 2001) - (&f * &f * &sum)[(1, 1)]).abs() < 1e-12);
        assert!((lags.at(2001, 2003) - (&sum * (&g * &g).transpose())[(1, 1)]).abs() < 1e-12);
    }
}
