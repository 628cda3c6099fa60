//! Estimation from data: what a table of prices says about trend, volatility, reversion, tails and falls, and what
//! the panel says of the drivers' parameters.
//!
//! [`fit_panel`] takes a [`Case`](crate::case::Case) whose calibration.toml states how far its parameters may be off, and
//! gives a [`PanelFit`]: draws of their posterior, driver by driver. [`check_panel`] has the engine make panels with them.
//!
//! Takes a [`PriceTable`](crate::case::PriceTable) and, where prices are nominal, a [`Deflator`]; gives a
//! [`PriceFit`] a series, or the flaw that forbids one. Formulas and their sources stand at each estimator; what they
//! say about real series is in docs/prices.md; what the panel says is in docs/calibration.md.

mod annual;
mod checks;
mod convergence;
mod correlation;
mod covariance;
mod driver_fit;
mod falls;
mod marginal;
mod moments;
mod panel_fit;
mod price_fit;
mod price_response;
mod prior;
mod replicate;
mod reversion;
mod scope;
#[cfg(test)]
mod self_check;
mod series;
mod slice;
mod summary;
mod tails;

pub use annual::{AnnualPrices, Deflator};
pub use checks::{Check, Statistic, check_panel};
pub use convergence::{Convergence, LARGEST_RHAT, LEAST_ESS_A_CHAIN};
pub use correlation::{fisher_interval, pearson};
pub use driver_fit::{Draw, DriverFit, Effort, Watched};
pub use falls::{Fall, LEAST_FALL, falls};
pub use panel_fit::{CalibrateError, DRAWS, PanelFit, fit_panel};
pub use price_fit::{DatedFall, FittedSeries, PriceFit, PriceFits, PricePair, Trend, fit_prices};
pub use prior::{DriverPrior, from_scale, to_scale};
pub use reversion::{Reversion, reversion};
pub use series::{LeftOut, Observation, Omission, TownSeries};
pub use summary::{INFORMS, ParameterSummary, Range, TownSummary, TrendSummary};
pub use tails::{Tails, tails};
