//! How commodities move along that a stress does not name: by their conditional expectation.
//!
//! With S the covariance of a year's price innovations, S_ij = r_ij (w s_i s_j + (1 - w) v_i v_j), s and v the sds of the
//! walk and of the reverting branch and w the walk's probability, and l the named shocks to the log prices of a year,
//!
//! ```text
//! E[others | named = l] = S_on S_nn^-1 l
//! ```
//!
//! Innovations are Student-t with one scale for all, an elliptical law, whose conditional expectation is that of the normal
//! law (Fang, Kotz and Ng 1990, Symmetric Multivariate and Related Distributions, theorem 2.18). It is linear, so that what
//! moves along has the course of what is named: each named shock carries its part to the others.

use nalgebra::{DMatrix, DVector};

use crate::case::{Case, PriceProcess, PriceShock, Stress};

/// A commodity that moves along.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Companion {
    /// The commodity.
    pub commodity: usize,
    /// Its change where the named ones change most, as a change of the price.
    pub change: f64,
}

/// Covariance of a year's innovations.
fn covariance(case: &Case) -> DMatrix<f64> {
    let walk = match case.prices.process {
        PriceProcess::Mixture { walk } => walk,
        PriceProcess::MeanReversion => 0.0,
        PriceProcess::RandomWalk | PriceProcess::Fixed(_) => 1.0,
    };
    let n = case.commodities.len();
    DMatrix::from_fn(n, n, |i, j| {
        let (a, b) = (&case.commodities[i], &case.commodities[j]);
        let both = walk * a.sd_walk * b.sd_walk + (1.0 - walk) * a.sd_reverting * b.sd_reverting;
        case.prices.correlation[i][j] * both
    })
}

/// S_on S_nn^-1: what a unit of each named log shock makes of the others: `[other][named]`. None where the named ones hang
/// together so closely that the question has no answer.
fn slopes(covariance: &DMatrix<f64>, named: &[usize], others: &[usize]) -> Option<DMatrix<f64>> {
    let within = DMatrix::from_fn(named.len(), named.len(), |i, j| covariance[(named[i], named[j])]);
    let between = DMatrix::from_fn(others.len(), named.len(), |i, j| covariance[(others[i], named[j])]);
    Some(between * within.try_inverse()?)
}

/// The stress with what moves along, and a line for each commodity that does, in the case's order. A stress that names no
/// price, or all of them, stays as it is.
pub fn with_companions(case: &Case, stress: &Stress, years: (i32, i32)) -> (Stress, Vec<Companion>) {
    let named = stress.commodities();
    let others: Vec<usize> = (0..case.commodities.len()).filter(|c| !named.contains(c)).collect();
    let mut all = stress.clone();
    if named.is_empty() || others.is_empty() {
        return (all, Vec::new());
    }
    let Some(slopes) = slopes(&covariance(case), &named, &others) else { return (all, Vec::new()) };
    for shock in &stress.shocks {
        let from = named.iter().position(|c| *c == shock.commodity).unwrap_or(0);
        for (k, other) in others.iter().enumerate() {
            let slope = slopes[(k, from)];
            let moved = |change: f64| (slope * (1.0 + change).ln()).exp_m1();
            let path = shock.path.iter().map(|x| moved(*x)).collect();
            all.shocks.push(PriceShock {
                commodity: *other,
                change: moved(shock.change),
                path,
                ..shock.clone()
            });
        }
    }
    // Told at the year in which the named ones are furthest from where they were.
    let total =
        |year: i32| DVector::from_iterator(named.len(), named.iter().map(|c| stress.log_price(*c, year)));
    let year = (years.0..=years.1).fold((years.0, -1.0), |best, year| {
        let size = total(year).norm();
        if size > best.1 { (year, size) } else { best }
    });
    let moved = slopes * total(year.0);
    let told = others
        .iter()
        .zip(moved.iter())
        .map(|(commodity, log)| Companion { commodity: *commodity, change: log.exp_m1() });
    let told = told.filter(|companion| companion.change != 0.0).collect();
    all.shocks.retain(|shock| shock.change != 0.0 || shock.path.iter().any(|x| *x != 0.0));
    (all, told)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::case::Source;
    use crate::engine::log_prices;
    use crate::model::{Model, Options};

    /// One named commodity: the slope is r s_o / s_n. Two: against the formula for two regressors.
    #[test]
    fn slopes_are_those_of_the_conditional_normal_law() {
        let sd = [0.3, 0.2, 0.5];
        let r = [[1.0, 0.6, 0.4], [0.6, 1.0, -0.2], [0.4, -0.2, 1.0]];
        let covariance = DMatrix::from_fn(3, 3, |i, j| r[i][j] * sd[i] * sd[j]);
        let one = slopes(&covariance, &[0], &[1, 2]).unwrap();
        assert!(
            (one[(0, 0)] - 0.6 * 0.2 / 0.3).abs() < 1e-12 && (one[(1, 0)] - 0.4 * 0.5 / 0.3).abs() < 1e-12
        );
        let two = slopes(&covariance, &[0, 1], &[2]).unwrap();
        let beta = |own: f64, other: f64, between: f64, sd: f64| {
            0.5 / sd * (own - other * between) / (1.0 - between * between)
        };
        assert!((two[(0, 0)] - beta(0.4, -0.2, 0.6, 0.3)).abs() < 1e-12);
        assert!((two[(0, 1)] - beta(-0.2, 0.4, 0.6, 0.2)).abs() < 1e-12);
    }

    /// Against the engine: the regression of one commodity's first drawn year on another's over the runs.
    #[test]
    fn what_moves_along_is_what_the_runs_do() {
        let mut case = Case::load(&Source::embedded(), &[]).unwrap();
        let copper = case.commodities.iter().position(|c| c.id == "copper").unwrap();
        let stress = Stress::parse(&case, 2035, "copper=-40%@2027").unwrap();
        let (all, told) = with_companions(&case, &stress, (2022, 2035));
        assert_eq!((told.len(), all.shocks.len()), (5, 6));
        case.prices.process = PriceProcess::RandomWalk;
        let (_, told) = with_companions(&case, &stress, (2022, 2035));
        let model = Model::compile(&case, &Options::of(&case)).unwrap();
        let prices = log_prices(&model, 0..40_000);
        // The first year after the last observed price.
        let t = 5;
        let mean = |x: &[f64]| x.iter().sum::<f64>() / x.len() as f64;
        let x = &prices[copper][t];
        for companion in &told {
            let y = &prices[companion.commodity][t];
            let (mx, my) = (mean(x), mean(y));
            let xx: f64 = x.iter().map(|x| (x - mx).powi(2)).sum();
            let xy: f64 = x.iter().zip(y).map(|(x, y)| (x - mx) * (y - my)).sum();
            let slope = companion.change.ln_1p() / 0.6_f64.ln();
            let yy: f64 = y.iter().map(|y| (y - my).powi(2)).sum();
            // The error of a slope, doubled for fat tails.
            let error = 2.0 * ((yy / xx - (xy / xx).powi(2)) / 40_000.0).sqrt();
            assert!(
                (xy / xx - slope).abs() < 4.5 * error,
                "{}: {} for {slope}",
                case.commodities[companion.commodity].id,
                xy / xx
            );
        }
    }

    #[test]
    fn all_named_or_none_stay_as_they_are() {
        let case = Case::load(&Source::embedded(), &[]).unwrap();
        for text in [
            "event.accident@2028",
            "coal=-9%@2028+copper=-9%@2028+iron_ore=-9%@2028+lead=-9%@2028+steel=-9%@2028+zinc=-9%@2028",
        ] {
            let stress = Stress::parse(&case, 2035, text).unwrap();
            assert_eq!(with_companions(&case, &stress, (2022, 2035)), (stress, Vec::new()));
        }
    }
}
