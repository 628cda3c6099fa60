//! Drivers of a town, indices of the region, and how drivers act on one another.

use super::{Better, Name};
use crate::formula::Formula;
use crate::math;

/// Scale on which a driver moves: z = g(x).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Link {
    /// z = ln x.
    Log,
    /// z = ln(x / (100 - x)), x in percent.
    Logit,
    /// z = x.
    Identity,
}

impl Link {
    /// z = g(x); meaningful only inside the range of x.
    pub fn apply(self, x: f64) -> f64 {
        match self {
            Self::Log => math::ln(x),
            Self::Logit => math::logit_percent(x),
            Self::Identity => x,
        }
    }

    /// True when a driver cannot leave this base value: 0 on a log scale, 0 or 100 on a logit one.
    #[inline(always)]
    pub fn is_edge(self, x: f64) -> bool {
        match self {
            Self::Log => x <= 0.0,
            Self::Logit => x <= 0.0 || x >= 100.0,
            Self::Identity => false,
        }
    }

    /// x with g(x) = z.
    pub fn invert(self, z: f64) -> f64 {
        match self {
            Self::Log => math::exp(z),
            Self::Logit => math::logistic_percent(z),
            Self::Identity => z,
        }
    }
}

/// What multiplies an elasticity or a cross-impact.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scaling {
    /// Nothing.
    Unit,
    /// The planned mono-profile degree of the town, scenario and year.
    Mono,
}

/// A moving part of a town (drivers.csv).
#[derive(Debug, Clone)]
pub struct Driver {
    /// Identifier (`other_output`).
    pub id: String,
    /// What it is.
    pub label: Name,
    /// Its unit.
    pub unit: String,
    /// The scale it moves on.
    pub link: Link,
    /// Sd of the yearly innovation on the link scale.
    pub sigma: f64,
    /// Partial-adjustment persistence phi, 0..1.
    pub persistence: f64,
    /// Elasticity to the price level of the town's mix.
    pub price_exposure: f64,
    /// What multiplies the elasticity.
    pub exposure_scale: Scaling,
    /// Share of the innovation's variance that all towns have in common, 0..1.
    pub regional_share: f64,
    /// The better direction.
    pub better: Better,
    /// Base-year value from sub-indicators (`TDe1 * TDm1 / 100`) and base levels (`unemployment`).
    pub base: Formula,
    /// Observed history from indicators of the panel, where it has them.
    pub history: Option<Formula>,
    /// True when that history is money, to be deflated by consumer prices.
    pub deflate: bool,
    /// True when its differences to the reference scenario are kept, run by run.
    pub paired: bool,
    /// Where its numbers come from.
    pub basis: String,
}

impl Driver {
    /// Correlation of the two drivers' innovations in a town for a listed correlation r. Each innovation is
    /// sqrt(rho) of a regional and sqrt(1 - rho) of a local normal, and only parts of one kind correlate:
    /// r (sqrt(rho_i rho_j) + sqrt((1 - rho_i)(1 - rho_j))), which is r where the regional shares rho are alike.
    pub fn town_correlation(&self, other: &Self, listed: f64) -> f64 {
        let (i, j) = (self.regional_share, other.regional_share);
        if i == j { listed } else { listed * ((i * j).sqrt() + ((1.0 - i) * (1.0 - j)).sqrt()) }
    }
}

/// An index of the region, 1 in the base year, on the log scale (region.csv).
#[derive(Debug, Clone)]
pub struct RegionIndex {
    /// Identifier; formulas call it `region.<id>`.
    pub id: String,
    /// Planned shift ln(multiple), mean.
    pub shift: f64,
    /// Sd of the planned shift.
    pub shift_sd: f64,
    /// First year of the plan (shift 0).
    pub start: i32,
    /// Year in which the whole shift is reached.
    pub by: i32,
    /// Sd of the yearly innovation.
    pub sigma: f64,
    /// Persistence.
    pub persistence: f64,
    /// Elasticity to the region's price level.
    pub price_exposure: f64,
    /// Where its numbers come from.
    pub basis: String,
}

/// Long-run effect of one driver's departure from plan on another (`cross_impacts.csv`).
#[derive(Debug, Clone, PartialEq)]
pub struct CrossImpact {
    /// Index of the acting driver.
    pub from: usize,
    /// Index of the driver acted on.
    pub to: usize,
    /// Effect on the link scale of a lasting unit departure on the link scale.
    pub effect: f64,
    /// What multiplies it.
    pub scale: Scaling,
    /// Where the number comes from.
    pub basis: String,
}
