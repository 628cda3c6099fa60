//! What delivery makes of a path: the reference's plan, and of the way from it to the scenario's a share.
//!
//! ```text
//! plan[t] = tau_ref[t] Delta_ref + s (tau[t - late] Delta - tau_ref[t - late] Delta_ref)
//! ```
//!
//! Delta and Delta_ref have the plan errors that they have where either is run alone. Where both build up over the same
//! years and nothing is late this is tau[t] (Delta_ref + s (Delta - Delta_ref)).

use crate::case::{Case, Scenario};

/// The reference's plan of a town and the share that a scenario delivers. Vectors are over drivers.
#[derive(Debug, Clone)]
pub struct PathDelivery {
    /// Key of the reference's plan errors.
    pub reference_key: u64,
    /// Mean of the reference's Delta.
    pub reference_shift: Vec<f64>,
    /// Sd of it; 0 when not drawn.
    pub reference_sd: Vec<f64>,
    /// True for a driver whose plan builds up over other years than the reference's, or late.
    pub apart: Vec<bool>,
    /// Mean and variance of s.
    pub share: (f64, f64),
    /// Largest s.
    pub most: f64,
    /// Years by which what is delivered comes late.
    pub late: usize,
}

/// Mean and variance of a driver's plan in a year, and how far its mean moves with s.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct PlanMoments {
    pub(super) mean: f64,
    pub(super) variance: f64,
    /// d mean / d s; products of these times Var s are the covariances between drivers.
    pub(super) slope: f64,
}

impl PathDelivery {
    /// What the scenario's delivery makes of a town's plan; none where the plan comes about as it is written.
    pub(super) fn compile(
        case: &Case,
        scenario: &Scenario,
        town: usize,
        share: (f64, f64),
        alive: &dyn Fn(usize) -> f64,
        drawn: f64,
    ) -> Self {
        let (reference, own) = (&case.scenarios[case.reference].plan[town], &scenario.plan[town]);
        let late = scenario.delivery.late;
        let apart = own.iter().zip(reference).map(|(p, r)| late > 0 || (p.start, p.by) != (r.start, r.by));
        Self {
            reference_key: 0,
            reference_shift: reference.iter().enumerate().map(|(i, p)| alive(i) * p.shift).collect(),
            reference_sd: reference.iter().enumerate().map(|(i, p)| alive(i) * drawn * p.sd).collect(),
            apart: apart.collect(),
            share,
            most: scenario.delivery.max.max(scenario.delivery.mean),
            late: late as usize,
        }
    }
}

/// Mean of a driver's plan in a year from its tau and those of the reference.
pub(super) fn planned(
    shift: &[f64],
    delivery: Option<&PathDelivery>,
    reached: &[f64],
    reference_reached: &[[f64; 2]],
    i: usize,
) -> f64 {
    let Some(d) = delivery else { return reached[i] * shift[i] };
    let ([now, late], s, reference) = (reference_reached[i], d.share.0, d.reference_shift[i]);
    if d.apart[i] {
        reached[i] * (s * shift[i]) + (now * reference + late * (-s * reference))
    } else {
        reached[i] * ((1.0 - s) * reference + s * shift[i])
    }
}
