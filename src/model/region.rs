//! The region's indices: ln R[t] = tau[t] Delta + B xbar[t] + d[t], d[t] = phi d[t-1] + sigma w[t].

use super::options::Options;
use crate::case::{Case, PlanShape};
use crate::random;

/// The region's indices. Vectors are over indices in the case's order.
#[derive(Debug, Clone)]
pub struct RegionLaw {
    /// Key of the noise.
    pub key: u64,
    /// Key of the plan errors: the same, unless one of the two is drawn anew.
    pub plan_key: u64,
    /// Weight of each commodity in xbar.
    pub mix: Vec<(usize, f64)>,
    /// Mean plan shift, `planned[t][index]`, t = 0 the base year: tau\[t\] times the mean of Delta.
    pub planned: Vec<Vec<f64>>,
    /// tau\[t\], `reached[t][index]`.
    pub reached: Vec<Vec<f64>>,
    /// Sd of Delta; 0 when not drawn.
    pub shift_sd: Vec<f64>,
    /// Sd of the yearly noise; 0 when not drawn.
    pub sigma: Vec<f64>,
    /// Persistence.
    pub persistence: Vec<f64>,
    /// Elasticity B.
    pub price_exposure: Vec<f64>,
}

impl RegionLaw {
    pub(super) fn compile(case: &Case, options: &Options, years: &[i32]) -> Self {
        let indices = &case.region_indices;
        let share = |shape: PlanShape, year: i32| {
            indices.iter().map(|r| shape.share(r.start, r.by, year)).collect::<Vec<f64>>()
        };
        let reached: Vec<Vec<f64>> = years.iter().map(|&y| share(case.plan_shape, y)).collect();
        let planned = reached.iter().map(|row| row.iter().zip(indices).map(|(s, r)| s * r.shift).collect());
        let drawn = |on: bool| f64::from(u8::from(on));
        Self {
            key: Self::key(options.seed),
            plan_key: Self::key(options.seed),
            mix: sparse_mix(&case.region_mix),
            planned: planned.collect(),
            reached,
            shift_sd: indices.iter().map(|r| drawn(options.uncertainty.plan) * r.shift_sd).collect(),
            sigma: indices.iter().map(|r| drawn(options.uncertainty.shocks) * r.sigma).collect(),
            persistence: indices.iter().map(|r| r.persistence).collect(),
            price_exposure: indices.iter().map(|r| r.price_exposure).collect(),
        }
    }

    /// Key of plan errors and noise under a seed.
    pub(super) fn key(seed: u64) -> u64 {
        random::key(seed, "region", "indices")
    }
}

/// The commodities with a weight.
pub(super) fn sparse_mix(weights: &[f64]) -> Vec<(usize, f64)> {
    weights.iter().copied().enumerate().filter(|(_, w)| *w != 0.0).collect()
}
