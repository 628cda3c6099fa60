//! Priors of a driver's parameters: normal about the case's value, each on its own scale.

use crate::case::{Calibration, Driver, Parameter};
use crate::math;

/// Sd of ln of the spread of exposures between towns: within a factor of four either way, with 95 %.
const LN_SPREAD_SD: f64 = 0.7;

/// Place of a parameter in [`Parameter::ALL`], the order of every list of four.
pub(super) fn place(parameter: Parameter) -> usize {
    parameter as usize
}

/// z of a parameter on the scale on which its prior is normal: ln sigma, logit phi, B, logit rho.
pub fn to_scale(parameter: Parameter, value: f64) -> f64 {
    match parameter {
        Parameter::Sigma => math::ln(value),
        Parameter::Persistence | Parameter::RegionalShare => math::logit_percent(100.0 * value),
        Parameter::PriceExposure => value,
    }
}

/// The parameter of a z, inside the range that drivers.csv allows.
pub fn from_scale(parameter: Parameter, z: f64) -> f64 {
    let value = match parameter {
        Parameter::Sigma => math::exp(z),
        Parameter::Persistence | Parameter::RegionalShare => math::logistic_percent(z) / 100.0,
        Parameter::PriceExposure => z,
    };
    let (low, high) = parameter.range();
    value.clamp(low, high)
}

/// Prior of one driver.
#[derive(Debug, Clone, PartialEq)]
pub struct DriverPrior {
    /// The case's values, in the order of [`Parameter::ALL`].
    pub values: [f64; 4],
    /// Prior sds on the scale of each; none where the case's value is kept.
    pub sds: [Option<f64>; 4],
    /// Median of the spread of exposures between towns; 0 where exposures are not fitted or do not differ.
    pub spread: f64,
}

impl DriverPrior {
    /// The prior of a driver by its place in the case.
    pub fn new(driver: &Driver, place: usize, calibration: &Calibration) -> Self {
        let sds = Parameter::ALL.map(|p| calibration.prior(place, p));
        let spread = calibration.town_spread * sds[2].unwrap_or(0.0);
        Self { values: Parameter::ALL.map(|p| p.of(driver)), sds, spread }
    }

    /// Parameters that are fitted.
    pub fn fitted(&self) -> impl Iterator<Item = Parameter> {
        Parameter::ALL.into_iter().zip(self.sds).filter(|(_, sd)| sd.is_some()).map(|(p, _)| p)
    }

    /// Mean and sd of a parameter on its scale; none where it is kept.
    pub fn on_scale(&self, parameter: Parameter) -> Option<(f64, f64)> {
        let place = place(parameter);
        Some((to_scale(parameter, self.values[place]), self.sds[place]?))
    }

    /// The value of a parameter a standard normal step from its median; the case's where it is kept.
    pub fn at(&self, parameter: Parameter, step: f64) -> f64 {
        let kept = self.values[place(parameter)];
        self.on_scale(parameter).map_or(kept, |(mean, sd)| from_scale(parameter, mean + sd * step))
    }

    /// The spread of exposures between towns a standard normal step from its median.
    pub fn spread_at(&self, step: f64) -> f64 {
        self.spread * math::exp(LN_SPREAD_SD * step)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scales_are_undone_and_places_are_those_of_the_list() {
        for (k, parameter) in Parameter::ALL.into_iter().enumerate() {
            assert_eq!(place(parameter), k);
            assert!((from_scale(parameter, to_scale(parameter, 0.37)) - 0.37).abs() < 1e-14);
        }
        // ln sigma, and logits of shares.
        assert!((to_scale(Parameter::Sigma, 0.2) - 0.2_f64.ln()).abs() < 1e-14);
        assert!((to_scale(Parameter::Persistence, 0.9) - 9.0_f64.ln()).abs() < 1e-14);
    }
}
