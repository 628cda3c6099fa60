//! From an ensemble to findings: estimates with their Monte Carlo errors.
//!
//! Takes a case and options; [`study`] runs what is needed and gives [`Results`], the one thing that reports
//! and pictures are made from.

mod ask;
pub mod backtest;
mod cell;
pub mod compare;
mod describe;
mod estimate;
mod evidence;
mod explain;
mod goal;
mod history;
mod interval;
pub mod mixture;
mod observed;
pub mod price_backtest;
mod price_correlation;
mod prices;
mod ranking;
mod results;
mod run_column;
pub mod score;
pub mod seen;
mod study;
mod summarise;
mod target;
mod variant;

pub use ask::{Asked, Batches};
pub use backtest::{Grade, Verdict, by_grade};
pub use evidence::{Sureness, by_construction, leader, leaders, likeliest_class, likeliest_classes, so_far};
pub use explain::{ClassChange, class_changes, classes};
pub use goal::{BadGoal, Goal};
pub use interval::share_interval;
pub use ranking::{Ranked, ranking};
pub use results::{
    Bin, Bins, Cell, CommodityPrices, Distribution, Estimate, HeadlinePlaces, KnownEvent, MEDIAN, Mark,
    Paired, PriceCorrelation, PriceFan, PriceYear, Prices, QUANTILES, Quantity, QuantityKind, Results,
    ScaleClass, ScaledComposite, ScenarioResults, Setup, Split, TRIAL_RUNS, Together, TogetherYear,
    TownResults, UndefinedQuantity,
};

pub use run_column::{RunColumn, RunThing, Scale, ThingOf, drawn_columns};
pub use study::{Study, study};
pub use target::{Target, UnknownTarget};
pub use variant::{Answers, SurveyCell, Variant};
