//! The law of prices: observed years, then one of two branches drawn once a run for all commodities.
//!
//! With z the log of the real December price, e a scaled Student-t innovation and u the deviation within the year:
//!
//! ```text
//! walk:       z[t] = z[t-1] - ln(1 + inflation)       + s_walk e[t]
//! reverting:  z[t] = z[t-1] - rho (z[t-1] - ln mu)    + s_rev  e[t]     ln mu ~ Normal(ln level, se)
//! average:    ln P[t] = (z[t-1] + z[t]) / 2 + s / sqrt(12) u[t]
//! (e, u) = (g, h) / sqrt(max(q, floor)),  g, h normal with the correlation matrix,  q = chi-squared(5) / 3
//! ```
//!
//! q is one number a year for all commodities. (z[t-1] + z[t]) / 2 + s u / sqrt(12) is the average of a
//! Brownian bridge from z[t-1] to z[t] whose variance is that of the year, s^2 / q: the same scale and the same
//! correlations within the year as over it.

use nalgebra::DMatrix;

use super::options::Options;
use crate::case::{Case, PriceProcess};
use crate::math;
use crate::random;

/// Prices as the engine needs them. Vectors over commodities are in the case's order.
#[derive(Debug, Clone)]
pub struct PriceLaw {
    /// Key of the yearly draws.
    pub key: u64,
    /// Key of what is drawn once a run: the branch and mu. It is the same, unless one of the two is drawn anew.
    pub model_key: u64,
    /// ln of the real annual price of the base year.
    pub ln_base: Vec<f64>,
    /// ln P\[t\] - ln P\[0\] of the years that are given, `given[t - 1][commodity]`, before any stress.
    pub given: Vec<Vec<f64>>,
    /// z at the end of the last given year: ln of the December price.
    pub start: Vec<f64>,
    /// ln(1 + inflation), what the walk loses a year.
    pub drift: f64,
    /// Reversion rate rho.
    pub reversion: Vec<f64>,
    /// Innovation sd of the walk; 0 when not drawn.
    pub sd_walk: Vec<f64>,
    /// Innovation sd of the reverting branch; 0 when not drawn.
    pub sd_reverting: Vec<f64>,
    /// ln of the long-run level at its estimate.
    pub ln_level: Vec<f64>,
    /// Sd of ln mu over runs; 0 when not drawn.
    pub level_se: Vec<f64>,
    /// Weight of the walk.
    pub branch: Branch,
    /// Floor of q.
    pub floor: f64,
    /// Lower Cholesky factor of the correlations, `factor[i][j]`, j <= i.
    pub factor: Vec<Vec<f64>>,
    /// Correlations themselves.
    pub correlation: DMatrix<f64>,
    /// Stress added to ln P\[t\], `stress[t - 1][commodity]`.
    pub stress: Vec<Vec<f64>>,
}

/// How a run mixes the two branches.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Branch {
    /// Walk with this probability, else reverting; drawn once a run.
    Drawn(f64),
    /// ln P is this share of the walk's plus the rest of the reverting one's, with the same innovations.
    /// Neither end is an average: 1 is the walk, 0 the reverting branch.
    Fixed(f64),
}

impl Branch {
    /// The weights of the walk that occur, with their probabilities.
    pub fn cases(self) -> Vec<(f64, f64)> {
        match self {
            Self::Drawn(walk) => vec![(1.0, walk), (0.0, 1.0 - walk)],
            Self::Fixed(weight) => vec![(weight, 1.0)],
        }
    }
}

impl PriceLaw {
    pub(super) fn compile(case: &Case, options: &Options, years: &[i32]) -> Self {
        let base = case.base_year;
        let real = |c: usize, year: i32| {
            // The loader sees to it that there is a price; a missing one must not count as 1.
            case.commodities[c].price(year).map_or(f64::NAN, |o| o.average)
        };
        let all = 0..case.commodities.len();
        let ln_base: Vec<f64> = all.clone().map(|c| math::ln(real(c, base))).collect();
        let last_year =
            case.commodities.iter().filter_map(|c| c.observed.last()).map(|o| o.year).min().unwrap_or(base);
        let mut given: Vec<Vec<f64>> = Vec::new();
        for &year in &years[1..] {
            let t = (year - base) as usize;
            let row: Vec<f64> = match &case.prices.process {
                PriceProcess::Fixed(path) => all
                    .clone()
                    .map(|c| {
                        path[c].get(t - 1).or(path[c].last()).map_or(f64::NAN, |p| math::ln(*p) - ln_base[c])
                    })
                    .collect(),
                _ if year <= last_year => all.clone().map(|c| math::ln(real(c, year)) - ln_base[c]).collect(),
                _ => break,
            };
            given.push(row);
        }
        let december = |c: usize| case.commodities[c].price(last_year).map_or(f64::NAN, |o| o.december);
        let drawn = options.uncertainty.plan;
        let shocks = f64::from(u8::from(options.uncertainty.shocks));
        let column = |f: &dyn Fn(&crate::case::Commodity) -> f64| case.commodities.iter().map(f).collect();
        let n = case.commodities.len();
        let correlation = DMatrix::from_fn(n, n, |i, j| case.prices.correlation[i][j]);
        let stress = |year: i32| {
            let mut row = vec![0.0; n];
            for shock in options.stress.iter().flat_map(|s| &case.stresses[*s].shocks) {
                row[shock.commodity] += shock.log_change(year);
            }
            row
        };
        Self {
            key: Self::key(options.seed),
            model_key: Self::key(options.seed),
            start: all.map(|c| math::ln(december(c))).collect(),
            given,
            drift: math::ln(1.0 + case.prices.inflation),
            reversion: column(&|c| c.reversion),
            sd_walk: column(&|c| shocks * c.sd_walk),
            sd_reverting: column(&|c| shocks * c.sd_reverting),
            ln_level: column(&|c| math::ln(c.level)),
            level_se: column(&|c| if drawn { c.level_se } else { 0.0 }),
            branch: match case.prices.process {
                PriceProcess::Mixture { walk } if drawn => Branch::Drawn(walk),
                PriceProcess::Mixture { walk } => Branch::Fixed(walk),
                PriceProcess::RandomWalk | PriceProcess::Fixed(_) => Branch::Fixed(1.0),
                PriceProcess::MeanReversion => Branch::Fixed(0.0),
            },
            floor: case.prices.scale_floor,
            factor: super::noise::cholesky_rows(&correlation),
            correlation,
            stress: years[1..].iter().map(|&y| stress(y)).collect(),
            ln_base,
        }
    }

    /// Key of the stream under a seed.
    pub(super) fn key(seed: u64) -> u64 {
        random::key(seed, "world", "prices")
    }

    /// Number of commodities.
    pub fn commodities(&self) -> usize {
        self.ln_base.len()
    }

    /// Var(e) = Var(u) = E[1 / max(q, floor)] with q = chi-squared(5)/3; 0.994014 for a floor of 0.05.
    ///
    /// E[1/q] = 1, less the integral over q < floor of (1/q - 1/floor) f(q), f the density of q, by Simpson.
    pub fn innovation_variance(&self) -> f64 {
        // chi-squared(5) density x^1.5 e^(-x/2) / (2^2.5 Gamma(2.5)), Gamma(2.5) = 3 sqrt(pi) / 4.
        let norm = 2.0_f64.powf(2.5) * 0.75 * std::f64::consts::PI.sqrt();
        let density = |q: f64| 3.0 * (3.0 * q).powf(1.5) * (-1.5 * q).exp() / norm;
        let excess = |q: f64| if q > 0.0 { (1.0 / q - 1.0 / self.floor) * density(q) } else { 0.0 };
        // In s = sqrt(q) the integrand is smooth at 0.
        let steps = 2000;
        let h = self.floor.sqrt() / f64::from(steps);
        let sum: f64 = (0..=steps)
            .map(|i| {
                let s = h * f64::from(i);
                let weight = if i == 0 || i == steps {
                    1.0
                } else if i % 2 == 1 {
                    4.0
                } else {
                    2.0
                };
                weight * 2.0 * s * excess(s * s)
            })
            .sum();
        1.0 - sum * h / 3.0
    }
}
