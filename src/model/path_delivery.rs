//! What delivery makes of a path: the reference's plan, and of the way from it to the scenario's a share.
//!
//! ```text
//! plan[t] = tau_ref[t] Delta_ref + s (tau[t - late] Delta - tau_ref[t - late] Delta_ref)
//! ```
//!
//! Delta and Delta_ref have the plan errors that they have where either is run alone. Where both build up over the same
//! years and nothing is late this is tau[t] (Delta_ref + s (Delta - Delta_ref)).

use super::path::PathLaw;
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

impl PathLaw {
    /// Mean of what the year's tau multiplies of a driver: Delta itself, or what is delivered of it.
    pub fn mean_shift(&self, driver: usize) -> f64 {
        match &self.delivery {
            None => self.shift[driver],
            Some(d) => {
                let (own, s) = (self.shift[driver], d.share.0);
                if d.apart[driver] { s * own } else { (1.0 - s) * d.reference_shift[driver] + s * own }
            }
        }
    }

    /// Mean of a driver's plan in year t, on the link scale.
    pub fn planned(&self, t: usize, driver: usize) -> f64 {
        let year = &self.years[t];
        planned(&self.shift, self.delivery.as_ref(), &year.reached, &year.reference_reached, driver)
    }

    /// Moments of a driver's plan in year t, r the correlation of plan errors. s is independent of both Delta:
    ///
    /// ```text
    /// R = tau_ref Delta_ref, D = tau Delta - tau_late Delta_ref, m = E s, v = Var s
    /// Var(R + s D) = Var R + 2 m Cov(R, D) + (m^2 + v) Var D + v (E D)^2
    /// ```
    pub(super) fn plan_moments(&self, t: usize, driver: usize, r: f64) -> PlanMoments {
        let (i, year) = (driver, &self.years[t]);
        let (tau, sd) = (year.reached[i], self.shift_sd[i]);
        let Some(d) = &self.delivery else {
            return PlanMoments { mean: tau * self.shift[i], variance: (tau * sd).powi(2), slope: 0.0 };
        };
        let [now, late] = year.reference_reached[i];
        let (reference, reference_sd) = (d.reference_shift[i], d.reference_sd[i]);
        let (m, v) = d.share;
        let slope = tau * self.shift[i] - late * reference;
        let var_r = (now * reference_sd).powi(2);
        let var_d =
            (tau * sd).powi(2) + (late * reference_sd).powi(2) - 2.0 * tau * late * r * sd * reference_sd;
        let between = now * reference_sd * (tau * r * sd - late * reference_sd);
        PlanMoments {
            mean: now * reference + m * slope,
            variance: var_r + 2.0 * m * between + (m * m + v) * var_d + v * slope * slope,
            slope,
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
