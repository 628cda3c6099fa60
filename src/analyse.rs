//! From an ensemble to findings: estimates with their Monte Carlo errors.
//!
//! Takes a case and options; [`study`] runs what is needed and gives [`Results`], the one thing that reports
//! and pictures are made from.

pub mod backtest;
mod cell;
pub mod compare;
mod estimate;
mod evidence;
mod explain;
mod history;
mod prices;
mod ranking;
mod results;
mod study;
mod summarise;
mod target;

pub use evidence::{Sureness, leader, likeliest_class, so_far};
pub use explain::{ClassChange, class_changes, classes};
pub use ranking::{Ranked, ranking};
pub use results::{
    Bin, Cell, CommodityPrices, Distribution, Estimate, KnownEvent, MEDIAN, Paired, PriceFan, PriceYear,
    Prices, QUANTILES, Quantity, QuantityKind, Results, ScaleClass, ScaledComposite, ScenarioResults, Setup,
    Split, Together, TogetherYear, TownResults, UndefinedQuantity,
};

pub use study::{Study, study};
pub use target::{Target, UnknownTarget};
