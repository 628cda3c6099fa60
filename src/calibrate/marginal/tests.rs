//! The likelihood against closed forms.

use super::super::panel_fit::bare_model;
use super::super::series::Observation;
use super::*;
use crate::case::Source;

/// The wear of fixed assets by itself: nothing acts on it.
fn alone() -> (Case, Model, usize) {
    let mut case = Case::load(&Source::embedded(), &[]).unwrap();
    case.cross_impacts.clear();
    let model = bare_model(&case).unwrap();
    let wear = case.drivers.iter().position(|d| d.id == "wear").unwrap();
    (case, model, wear)
}

fn series(z: &[f64], variance: f64) -> Vec<TownSeries> {
    let last = 2021 + 1 - z.len() as i32;
    let observation =
        |(k, z): (usize, &f64)| Observation { year: last + k as i32, value: f64::NAN, link: *z, variance };
    vec![TownSeries {
        town: 3,
        observations: z.iter().enumerate().map(observation).collect(),
        breaks: vec![],
    }]
}

fn scales(sigma: f64, persistence: f64) -> Scales {
    Scales { sigma, persistence, regional_share: 0.0, spread: 0.0 }
}

const Z: [f64; 9] = [0.3, 0.1, -0.2, 0.25, 0.6, 0.4, 0.9, 0.5, 0.2];

/// An autoregression has a tridiagonal precision, 1/sigma^2 times (1, 1 + phi^2, .., 1 + phi^2, 1) and -phi beside it,
/// and |V| = sigma^2n / (1 - phi^2). Level and trend are integrated by a fine grid.
#[test]
fn an_autoregression_in_closed_form() {
    let (case, model, wear) = alone();
    let panel = series(&Z, 0.0);
    let mut target = Target::new(&case, &model, wear, &panel, ExposureFit::Kept);
    let n = Z.len();
    let exact = |sigma: f64, phi: f64| {
        let log_density = |level: f64, trend: f64| {
            let r: Vec<f64> = (0..n).map(|k| Z[k] - level - trend * (k as f64 - (n as f64 - 1.0))).collect();
            let inner: f64 = r
                .iter()
                .enumerate()
                .map(|(k, r)| r * r * if k == 0 || k == n - 1 { 1.0 } else { 1.0 + phi * phi })
                .sum();
            let outer: f64 = r.windows(2).map(|w| -2.0 * phi * w[0] * w[1]).sum();
            -0.5 * (inner + outer) / (sigma * sigma) - n as f64 * sigma.ln() + 0.5 * (1.0 - phi * phi).ln()
        };
        let (mut sum, step) = (0.0, (0.02, 0.004));
        for i in -400..400 {
            for j in -400..400 {
                sum += log_density(f64::from(i) * step.0, f64::from(j) * step.1).exp();
            }
        }
        sum.ln()
    };
    let mut difference = None;
    for (sigma, phi) in [(0.3, 0.5), (0.2, 0.8), (0.5, 0.1)] {
        let found = target.marginal(scales(sigma, phi)).unwrap().log_likelihood;
        let constant = found - exact(sigma, phi);
        let first = *difference.get_or_insert(constant);
        assert!((constant - first).abs() < 1e-6, "{sigma} {phi}: {constant} for {first}");
    }
}

/// With persistence 1 and errors of observation it is the local level model: changes less their trend have variance
/// sigma^2 + 2 v and covariance -v with those beside them, whatever the level.
#[test]
fn a_local_level_in_closed_form() {
    let (case, model, wear) = alone();
    let v = 0.01;
    let panel = series(&Z, v);
    let mut target = Target::new(&case, &model, wear, &panel, ExposureFit::Kept);
    let n = Z.len() - 1;
    let changes = DVector::from_iterator(n, Z.windows(2).map(|w| w[1] - w[0]));
    let exact = |sigma: f64| {
        let covariance = DMatrix::from_fn(n, n, |i, j| match i.abs_diff(j) {
            0 => sigma * sigma + 2.0 * v,
            1 => -v,
            _ => 0.0,
        });
        let one = DVector::from_element(n, 1.0);
        let determinant = covariance.determinant();
        let inverse = covariance.try_inverse().unwrap();
        let information = (one.transpose() * &inverse * &one)[(0, 0)];
        let trend = (one.transpose() * &inverse * &changes)[(0, 0)] / information;
        let r = &changes - one * trend;
        (-0.5 * (determinant.ln() + information.ln() + (r.transpose() * inverse * &r)[(0, 0)]), trend)
    };
    let mut constants = Vec::new();
    for sigma in [0.1, 0.25, 0.6] {
        let found = target.marginal(scales(sigma, 1.0 - 1e-9)).unwrap();
        let (log_likelihood, trend) = exact(sigma);
        let place = target.columns.iter().position(|c| *c == Coefficient::Trend).unwrap();
        assert!((found.mean[place] - trend).abs() < 1e-4, "{} for {trend}", found.mean[place]);
        constants.push(found.log_likelihood - log_likelihood);
    }
    let spread = constants.iter().map(|c| (c - constants[0]).abs()).fold(0.0, f64::max);
    assert!(spread < 1e-4, "{constants:?}");
}
