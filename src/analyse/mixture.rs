//! A mixture of normals as a forecast: distribution, quantiles and scores in closed form.

use statrs::distribution::{Continuous, ContinuousCDF, Normal};

/// A mixture of normals; one normal is a mixture of one.
#[derive(Debug, Clone, PartialEq)]
pub struct Mixture {
    /// Weight, mean and sd (above 0) of each; the weights add up to 1.
    components: Vec<(f64, f64, f64)>,
}

impl Mixture {
    /// One normal.
    pub fn normal(mean: f64, sd: f64) -> Self {
        Self { components: vec![(1.0, mean, sd)] }
    }

    /// Several: (weight, mean, sd) each.
    pub fn new(components: Vec<(f64, f64, f64)>) -> Self {
        Self { components }
    }

    /// True where every sd is above 0 and every number is finite: only then there is a density.
    pub fn is_proper(&self) -> bool {
        let proper =
            |(w, m, s): &(f64, f64, f64)| w.is_finite() && m.is_finite() && s.is_finite() && *s > 0.0;
        !self.components.is_empty() && self.components.iter().all(proper)
    }

    /// Mean.
    pub fn mean(&self) -> f64 {
        self.components.iter().map(|(w, m, _)| w * m).sum()
    }

    /// Standard deviation.
    pub fn sd(&self) -> f64 {
        let square: f64 = self.components.iter().map(|(w, m, s)| w * (s * s + m * m)).sum();
        (square - self.mean().powi(2)).max(0.0).sqrt()
    }

    /// Probability of an outcome of `x` or less: the probability integral transform of an outcome.
    pub fn cdf(&self, x: f64) -> f64 {
        let standard = Normal::standard();
        self.components.iter().map(|(w, m, s)| w * standard.cdf((x - m) / s)).sum()
    }

    /// The value that is not exceeded with this probability, by bisection.
    pub fn quantile(&self, probability: f64) -> f64 {
        let end = |sign: f64| {
            let ends = self.components.iter().map(|(_, m, s)| sign * (m + sign * 40.0 * s));
            sign * ends.fold(f64::NEG_INFINITY, f64::max)
        };
        let (mut low, mut high) = (end(-1.0), end(1.0));
        for _ in 0..200 {
            let middle = 0.5 * (low + high);
            if self.cdf(middle) < probability {
                low = middle;
            } else {
                high = middle;
            }
        }
        0.5 * (low + high)
    }

    /// CRPS at an outcome y, with A(m, s) = E|X| of a normal X (Grimit, Gneiting, Berrocal and Johnson 2006,
    /// doi:10.1256/qj.05.235): sum_i w_i A(y - m_i, s_i) - 1/2 sum_ij w_i w_j A(m_i - m_j, sqrt(s_i^2 + s_j^2)).
    pub fn crps(&self, outcome: f64) -> f64 {
        let miss: f64 = self.components.iter().map(|(w, m, s)| w * mean_size(outcome - m, *s)).sum();
        let pair = |(w, m, s): &(f64, f64, f64)| {
            let others = self.components.iter();
            w * others.map(|(v, n, t)| v * mean_size(m - n, s.hypot(*t))).sum::<f64>()
        };
        miss - 0.5 * self.components.iter().map(pair).sum::<f64>()
    }

    /// Log score at an outcome, -ln of the density: smaller is better.
    pub fn log_score(&self, outcome: f64) -> f64 {
        let term = |(w, m, s): &(f64, f64, f64)| w.ln() - 0.5 * ((outcome - m) / s).powi(2) - s.ln();
        let most = self.components.iter().map(term).fold(f64::NEG_INFINITY, f64::max);
        let sum: f64 = self.components.iter().map(|c| (term(c) - most).exp()).sum();
        0.5 * (2.0 * std::f64::consts::PI).ln() - most - sum.ln()
    }
}

/// E|X| of a normal with this mean and sd: m (2 Phi(m/s) - 1) + 2 s phi(m/s).
fn mean_size(mean: f64, sd: f64) -> f64 {
    let (standard, u) = (Normal::standard(), mean / sd);
    mean * (2.0 * standard.cdf(u) - 1.0) + 2.0 * sd * standard.pdf(u)
}

#[cfg(test)]
mod tests {
    use super::super::score::{crps_normal, log_density};
    use super::*;

    /// One normal is the normal of `score`; at its centre the CRPS is (sqrt 2 - 1)/sqrt(pi), and the log score of a
    /// standard normal at 0 is ln(2 pi)/2.
    #[test]
    fn one_normal_has_the_published_scores() {
        let standard = Mixture::normal(0.0, 1.0);
        let pi = std::f64::consts::PI;
        assert!((standard.crps(0.0) - (2.0_f64.sqrt() - 1.0) / pi.sqrt()).abs() < 1e-12);
        assert!((standard.log_score(0.0) - 0.5 * (2.0 * pi).ln()).abs() < 1e-12);
        for (mean, sd, y) in [(0.0, 1.0, 1.3), (2.0, 0.3, 1.0), (-1.0, 4.0, 9.0)] {
            let normal = Mixture::normal(mean, sd);
            assert!((normal.crps(y) - crps_normal(mean, sd, y)).abs() < 1e-12);
            assert!((normal.log_score(y) + log_density(&[(mean, sd)], y)).abs() < 1e-12);
            assert!((normal.quantile(0.975) - (mean + 1.959_963_984_540_054 * sd)).abs() < 1e-9);
        }
    }

    /// CRPS = integral of (F(x) - 1{x >= y})^2, here by the trapezoidal rule, of a mixture of two far apart.
    #[test]
    fn the_crps_of_a_mixture_is_its_integral() {
        let mixture = Mixture::new(vec![(0.3, -1.0, 0.4), (0.7, 2.0, 1.0)]);
        for y in [-2.0, 0.5, 2.5] {
            let step = 1e-3;
            let integral: f64 = (-12_000..12_000)
                .map(|k| {
                    let x = f64::from(k) * step;
                    let f = mixture.cdf(x);
                    step * if x < y { f * f } else { (1.0 - f) * (1.0 - f) }
                })
                .sum();
            assert!((mixture.crps(y) - integral).abs() < 2e-3, "{y}: {integral}");
        }
        assert!((mixture.cdf(mixture.quantile(0.1)) - 0.1).abs() < 1e-12);
        assert!((mixture.mean() - 1.1).abs() < 1e-12);
        // Law of total variance.
        let variance: f64 = 0.3 * 0.16 + 0.7 + 0.3 * 0.7 * 9.0;
        assert!((mixture.sd() - variance.sqrt()).abs() < 1e-12);
        assert!(mixture.is_proper() && !Mixture::normal(0.0, 0.0).is_proper());
    }
}
