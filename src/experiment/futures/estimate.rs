//! Indices with the errors of both the points and the runs.

use super::evaluate::Responses;
use crate::explore::Interval;
use crate::explore::analysis::{Analysed, Analysis, Index};

/// Two-sided 95 %.
const Z: f64 = 1.96;

/// The indices of an output.
#[derive(Debug, Clone, PartialEq)]
pub struct Estimated {
    /// With intervals that have the noise of the runs in them.
    pub analysed: Analysed,
    /// The part that the noise of the runs has in the variance of the estimate of the largest index, 0 to 1.
    pub noise: f64,
}

/// The indices of every output.
///
/// # Errors
/// A sentence of [`Analysis::of`].
pub fn estimate(analysis: &Analysis<'_>, responses: &Responses) -> Result<Vec<Estimated>, String> {
    responses.all.iter().zip(&responses.without).map(|(all, without)| one(analysis, all, without)).collect()
}

fn one(analysis: &Analysis<'_>, all: &[f64], without: &[Vec<f64>]) -> Result<Estimated, String> {
    let mut analysed = analysis.of(all)?;
    let quiet = Analysis { resamples: 0, ..*analysis };
    let others = without.iter().map(|y| quiet.of(y)).collect::<Result<Vec<_>, _>>()?;
    let (mut noise, mut largest) = (0.0, f64::NEG_INFINITY);
    for (place, index) in analysed.indices.iter_mut().enumerate() {
        let values: Vec<f64> = others.iter().map(|other| other.indices[place].estimate.value).collect();
        let part = widen(index, &values);
        if index.estimate.value.abs() > largest {
            (noise, largest) = (part, index.estimate.value.abs());
        }
    }
    Ok(Estimated { analysed, noise })
}

/// Puts the noise of the runs into the interval; gives its part in the variance.
fn widen(index: &mut Index, without: &[f64]) -> f64 {
    let Interval { value, low, high } = index.estimate;
    let of_runs = jackknife(without);
    if !of_runs.is_finite() || !low.is_finite() {
        return 0.0;
    }
    let of_points = (high - low) / (2.0 * Z);
    let both = (of_points * of_points + of_runs * of_runs).sqrt();
    index.estimate = Interval { value, low: value - Z * both, high: value + Z * both };
    if both > 0.0 { (of_runs / both).powi(2) } else { 0.0 }
}

/// Standard error of the delete-one jackknife.
pub(super) fn jackknife(without: &[f64]) -> f64 {
    let n = without.len() as f64;
    let mean = without.iter().sum::<f64>() / n;
    ((n - 1.0) / n * without.iter().map(|x| (x - mean) * (x - mean)).sum::<f64>()).sqrt()
}

/// A change with the interval that the runs leave open.
pub(super) fn with_runs(value: f64, without: &[f64]) -> Interval {
    let half = Z * jackknife(without);
    Interval { value, low: value - half, high: value + half }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The jackknife of a mean is its standard error.
    #[test]
    fn the_jackknife_of_a_mean_is_its_standard_error() {
        let x: [f64; 5] = [1.0, 4.0, 2.0, 8.0, 5.0];
        let without: Vec<f64> = (0..5).map(|k| (20.0 - x[k]) / 4.0).collect();
        let variance = x.iter().map(|v| (v - 4.0) * (v - 4.0)).sum::<f64>() / 4.0;
        assert!((jackknife(&without) - (variance / 5.0).sqrt()).abs() < 1e-12);
    }

    #[test]
    fn an_interval_holds_the_noise_of_points_and_runs() {
        let of = |low, high| Index {
            factor: "a".to_owned(),
            factor2: None,
            index: "S1",
            estimate: Interval { value: 0.5, low, high },
        };
        let mut index = of(0.5 - 1.96 * 0.03, 0.5 + 1.96 * 0.03);
        // Two batches a and b: the jackknife is |a - b| / 2.
        let part = widen(&mut index, &[0.46, 0.54]);
        assert!((index.estimate.high - (0.5 + 1.96 * 0.05)).abs() < 1e-12, "{index:?}");
        assert!((part - 0.64).abs() < 1e-9);
        let mut none = of(f64::NAN, f64::NAN);
        assert_eq!(widen(&mut none, &[0.4, 0.6]), 0.0);
        assert!(none.estimate.low.is_nan());
    }
}
