//! Draws of what is not known about the drivers' parameters (posterior.csv).

use super::Driver;

/// A parameter of a driver that data can inform.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Parameter {
    /// Sd of the yearly innovation on the link scale, [`Driver::sigma`].
    Sigma,
    /// Persistence phi, [`Driver::persistence`].
    Persistence,
    /// Elasticity to the price level of the town's mix, [`Driver::price_exposure`].
    PriceExposure,
    /// Regional share rho, [`Driver::regional_share`].
    RegionalShare,
}

impl Parameter {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Sigma, Self::Persistence, Self::PriceExposure, Self::RegionalShare];

    /// Its column of drivers.csv, and what follows the driver in a column of posterior.csv.
    pub fn name(self) -> &'static str {
        match self {
            Self::Sigma => "sigma",
            Self::Persistence => "persistence",
            Self::PriceExposure => "price_exposure",
            Self::RegionalShare => "regional_share",
        }
    }

    /// Smallest and largest value that is allowed, as in drivers.csv.
    pub fn range(self) -> (f64, f64) {
        match self {
            Self::Sigma => (0.0, 100.0),
            Self::Persistence | Self::RegionalShare => (0.0, 1.0),
            Self::PriceExposure => (-10.0, 10.0),
        }
    }

    /// The case's value of a driver.
    pub fn of(self, driver: &Driver) -> f64 {
        match self {
            Self::Sigma => driver.sigma,
            Self::Persistence => driver.persistence,
            Self::PriceExposure => driver.price_exposure,
            Self::RegionalShare => driver.regional_share,
        }
    }
}

/// Draws from the joint distribution of parameters, each as likely as any other. A parameter that has no column
/// keeps the case's value in all of them.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Posterior {
    /// What each column is of: (place of the driver, parameter), ascending.
    pub columns: Vec<(usize, Parameter)>,
    /// One row a draw, in order of their numbers: a value for each column.
    pub draws: Vec<Vec<f64>>,
}

impl Posterior {
    /// The values of a parameter, draw by draw; none where it has no column.
    pub fn values(&self, driver: usize, parameter: Parameter) -> Option<Vec<f64>> {
        let place = self.columns.iter().position(|column| *column == (driver, parameter))?;
        Some(self.draws.iter().map(|row| row[place]).collect())
    }

    /// Takes a parameter out: it keeps the case's value.
    pub fn fix(&mut self, driver: usize, parameter: Parameter) {
        if let Some(place) = self.columns.iter().position(|column| *column == (driver, parameter)) {
            self.columns.remove(place);
            for row in &mut self.draws {
                row.remove(place);
            }
        }
    }
}
