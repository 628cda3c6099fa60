//! Estimation from data: what a table of prices says about trend, volatility, reversion, tails and falls.
//!
//! Takes a [`PriceTable`](crate::case::PriceTable) and, where prices are nominal, a [`Deflator`]; gives a
//! [`PriceFit`] a series, or the flaw that forbids one. Formulas and their sources stand at each estimator; what they
//! say about real series is in docs/prices.md.

mod annual;
mod correlation;
mod falls;
mod moments;
mod price_fit;
mod reversion;
mod tails;

pub use annual::{AnnualPrices, Deflator};
pub use correlation::{fisher_interval, pearson};
pub use falls::{Fall, LEAST_FALL, falls};
pub use price_fit::{DatedFall, FittedSeries, PriceFit, PriceFits, PricePair, Trend, fit_prices};
pub use reversion::{Reversion, reversion};
pub use tails::{Tails, tails};
