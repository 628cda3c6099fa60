//! How the dynamics are fitted to the panel: what is thought of the parameters before, and how the panel is read.

use super::Parameter;

/// The strengths of the priors, and what the panel needs to be read (calibration.toml).
#[derive(Debug, Clone, PartialEq)]
pub struct Calibration {
    /// Prior sd of each driver's parameters, in the order of [`Parameter::ALL`], on the scale on which they are normal:
    /// ln sigma, logit phi, B, logit rho. None where the parameter keeps the case's value.
    pub priors: Vec<[Option<f64>; 4]>,
    /// How much towns differ in their price exposure: sd between towns over the prior sd of the exposure they have in
    /// common, at the median of its own prior.
    pub town_spread: f64,
    /// Indicator of the panel that counts of how many a driver's history is a share, by driver.
    pub trials: Vec<Option<String>>,
    /// Years from which a series has another level, for reasons that are none of the model's.
    pub breaks: Vec<SeriesBreak>,
}

impl Calibration {
    /// Prior sd of a driver's parameter; none where it keeps the case's value.
    pub fn prior(&self, driver: usize, parameter: Parameter) -> Option<f64> {
        let place = Parameter::ALL.iter().position(|p| *p == parameter)?;
        self.priors[driver][place]
    }
}

/// A declared break in a series of the panel: what is measured is not what was measured before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SeriesBreak {
    /// Place of the town.
    pub town: usize,
    /// Indicator of the panel.
    pub indicator: String,
    /// First year of the new level.
    pub year: i32,
    /// Why.
    pub basis: String,
}
