//! Distributions of factors, by their quantile functions.

use statrs::distribution::{ContinuousCDF, Normal};

use crate::random;

/// The distribution of a factor. Points of the unit cube become values of factors by [`Law::quantile`], so that
/// any design of the cube (Sobol, Latin hypercube, Morris) is one of the factors.
#[derive(Debug, Clone, PartialEq)]
pub enum Law {
    /// Equal chances between two bounds.
    Uniform {
        /// Lowest value.
        low: f64,
        /// Highest value.
        high: f64,
    },
    /// The logarithm is uniform; bounds above 0.
    LogUniform {
        /// Lowest value.
        low: f64,
        /// Highest value.
        high: f64,
    },
    /// Triangular, with the mode where it stands and not as a share of the width.
    Triangular {
        /// Lowest value.
        low: f64,
        /// Most probable value.
        mode: f64,
        /// Highest value.
        high: f64,
    },
    /// Normal.
    Normal {
        /// Mean.
        mean: f64,
        /// Standard deviation, above 0.
        sd: f64,
    },
    /// The logarithm is normal.
    LogNormal {
        /// Mean of the logarithm.
        mean: f64,
        /// Standard deviation of the logarithm, above 0.
        sd: f64,
    },
    /// One of a list, with these weights (positive, of any sum).
    Discrete {
        /// The values.
        values: Vec<f64>,
        /// The weight of each.
        weights: Vec<f64>,
    },
}

impl Law {
    /// The value below which lies the share `u` of the probability, 0 <= u <= 1. For a normal or lognormal law
    /// u = 0 and u = 1 give the ends of its range, which are infinite.
    ///
    /// # Examples
    /// ```
    /// use boljam::explore::Law;
    /// assert_eq!(Law::Uniform { low: 2.0, high: 4.0 }.quantile(0.25), 2.5);
    /// let two = Law::Discrete { values: vec![1.0, 9.0], weights: vec![3.0, 1.0] };
    /// assert_eq!([two.quantile(0.7), two.quantile(0.8)], [1.0, 9.0]);
    /// ```
    pub fn quantile(&self, u: f64) -> f64 {
        match self {
            Self::Uniform { low, high } => u * (high - low) + low,
            Self::LogUniform { low, high } => low * (high / low).powf(u),
            Self::Triangular { low, mode, high } => random::triangular(*low, *mode, *high, u),
            Self::Normal { mean, sd } => mean + sd * standard_normal(u),
            Self::LogNormal { mean, sd } => (mean + sd * standard_normal(u)).exp(),
            Self::Discrete { values, weights } => {
                let total: f64 = weights.iter().sum();
                let mut below = 0.0;
                let found = weights.iter().position(|weight| {
                    below += weight;
                    u * total < below
                });
                let last = values.len().saturating_sub(1);
                values.get(found.unwrap_or(last)).copied().unwrap_or(f64::NAN)
            }
        }
    }
}

/// The quantile of the standard normal distribution.
pub(crate) fn standard_normal(u: f64) -> f64 {
    Normal::standard().inverse_cdf(u)
}

#[cfg(test)]
mod tests {
    use super::*;
    use statrs::distribution::{LogNormal, Triangular};

    #[test]
    fn quantiles_invert_distribution_functions() {
        let log_normal = LogNormal::new(0.3, 0.8).unwrap();
        let triangular = Triangular::new(1.0, 5.0, 2.0).unwrap();
        let normal = Normal::new(3.0, 2.0).unwrap();
        for i in 1..100 {
            let u = f64::from(i) / 100.0;
            let near = |p: f64| assert!((p - u).abs() < 1e-9, "{p} {u}");
            near(log_normal.cdf(Law::LogNormal { mean: 0.3, sd: 0.8 }.quantile(u)));
            near(triangular.cdf(Law::Triangular { low: 1.0, mode: 2.0, high: 5.0 }.quantile(u)));
            near(normal.cdf(Law::Normal { mean: 3.0, sd: 2.0 }.quantile(u)));
            near(Law::LogUniform { low: 0.1, high: 10.0 }.quantile(u).log10() / 2.0 + 0.5);
        }
    }

    #[test]
    fn a_discrete_law_gives_each_value_its_share() {
        let law = Law::Discrete { values: vec![1.0, 2.0, 5.0], weights: vec![1.0, 2.0, 1.0] };
        let drawn: Vec<f64> = (0..8).map(|i| law.quantile((f64::from(i) + 0.5) / 8.0)).collect();
        assert_eq!(drawn, [1.0, 1.0, 2.0, 2.0, 2.0, 2.0, 5.0, 5.0]);
        assert_eq!([law.quantile(0.0), law.quantile(1.0)], [1.0, 5.0]);
    }
}
