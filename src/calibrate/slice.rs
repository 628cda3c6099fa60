//! Elliptical slice sampling (Murray, Adams and MacKay 2010): a sampler for a standard normal prior times a likelihood,
//! with nothing to tune, and so nothing to freeze.
//!
//! From a point u and a draw v of the prior it moves along the ellipse u cos a + v sin a to a point whose likelihood is
//! above a level drawn under that of u; the arc shrinks towards u until one is found. Each step leaves the posterior as
//! it is, and a step is never rejected. (<https://proceedings.mlr.press/v9/murray10a.html>)

use crate::math;
use crate::random::Stream;

/// Shrinkings of the arc after which the point stays: by then the arc is shorter than a float can tell.
const SHRINKINGS: usize = 100;

/// A chain.
pub(super) struct Chain {
    stream: Stream,
    /// Where it is.
    pub(super) point: Vec<f64>,
    log_likelihood: f64,
    spare: Option<f64>,
}

impl Chain {
    /// Starts at a draw of the prior that has a likelihood.
    pub(super) fn start(
        dimensions: usize,
        stream: Stream,
        log_likelihood: &mut dyn FnMut(&[f64]) -> Option<f64>,
    ) -> Option<Self> {
        let mut chain = Self { stream, point: Vec::new(), log_likelihood: f64::NEG_INFINITY, spare: None };
        for _ in 0..SHRINKINGS {
            let point: Vec<f64> = (0..dimensions).map(|_| chain.normal()).collect();
            if let Some(value) = log_likelihood(&point) {
                (chain.point, chain.log_likelihood) = (point, value);
                return Some(chain);
            }
        }
        None
    }

    /// The next standard normal of the chain's stream.
    pub(super) fn normal(&mut self) -> f64 {
        if let Some(spare) = self.spare.take() {
            return spare;
        }
        let (now, later) = self.stream.normal_pair();
        self.spare = Some(later);
        now
    }

    /// One step.
    pub(super) fn step(&mut self, log_likelihood: &mut dyn FnMut(&[f64]) -> Option<f64>) {
        let other: Vec<f64> = (0..self.point.len()).map(|_| self.normal()).collect();
        let level = self.log_likelihood + math::ln(self.stream.uniform());
        let mut angle = std::f64::consts::TAU * self.stream.uniform();
        let (mut low, mut high) = (angle - std::f64::consts::TAU, angle);
        for _ in 0..SHRINKINGS {
            let (sine, cosine) = angle.sin_cos();
            let point: Vec<f64> = self.point.iter().zip(&other).map(|(u, v)| u * cosine + v * sine).collect();
            match log_likelihood(&point) {
                Some(value) if value > level => {
                    (self.point, self.log_likelihood) = (point, value);
                    return;
                }
                _ if angle < 0.0 => low = angle,
                _ => high = angle,
            }
            angle = low + (high - low) * self.stream.uniform();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::key;

    /// A normal prior and one observation of a sum with variance s^2: the posterior is normal, with mean z / (s^2 + 2)
    /// for each part, variance 1 - 1 / (s^2 + 2) and correlation -1 / (s^2 + 1).
    #[test]
    fn a_normal_posterior_in_closed_form() {
        let (z, s2) = (1.5, 0.25);
        let mut likelihood = |u: &[f64]| Some(-0.5 * (z - u[0] - u[1]).powi(2) / s2);
        let stream = Stream::new(key(1, "slice", "test"), 0);
        let mut chain = Chain::start(2, stream, &mut likelihood).unwrap();
        let draws: Vec<Vec<f64>> = (0..40_000)
            .map(|_| {
                chain.step(&mut likelihood);
                chain.point.clone()
            })
            .collect();
        let mean = |f: &dyn Fn(&Vec<f64>) -> f64| draws.iter().map(f).sum::<f64>() / draws.len() as f64;
        let expected = z / (s2 + 2.0);
        for k in 0..2 {
            assert!((mean(&|u| u[k]) - expected).abs() < 0.03, "{}", mean(&|u| u[k]));
            let variance = mean(&|u| (u[k] - expected).powi(2));
            assert!((variance - (1.0 - 1.0 / (s2 + 2.0))).abs() < 0.03, "{variance}");
        }
        let covariance = mean(&|u| (u[0] - expected) * (u[1] - expected));
        assert!((covariance + 1.0 / (s2 + 2.0)).abs() < 0.03, "{covariance}");
    }
}
