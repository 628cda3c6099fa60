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
mod summarise;

pub use evidence::{Sureness, leader, likeliest_class, so_far};
pub use explain::{ClassChange, class_changes, classes};
pub use ranking::{Ranked, ranking};
pub use results::{
    Bin, Cell, CommodityPrices, Distribution, Estimate, KnownEvent, MEDIAN, Paired, PriceFan, PriceYear,
    Prices, QUANTILES, Quantity, QuantityKind, Results, ScaleClass, ScaledComposite, ScenarioResults, Setup,
    Split, TownResults,
};

use crate::case::{Case, PriceProcess};
use crate::engine::{self, Effort, Trajectory};
use crate::model::{Model, ModelError, Options, Uncertainty};

/// Runs a case and summarises it: the ensemble itself; the same runs with missing inputs at their best,
/// where inputs are drawn, which tells how much of the spread they are; the plan without chance.
/// `progress(done, total)` is told how many runs are done.
///
/// # Errors
/// [`ModelError`] when the options do not fit the case.
pub fn study(
    case: &Case,
    options: &Options,
    effort: Effort,
    progress: &(dyn Fn(u64, u64) + Sync),
) -> Result<Results, ModelError> {
    let model = Model::compile(case, options)?;
    let drawn: Vec<usize> = model.towns.iter().filter(|t| t.is_uncertain()).map(|t| t.index).collect();
    let total = effort.runs * if drawn.is_empty() { 1 } else { 2 };
    let ensemble = engine::run(&model, effort, &|done| progress(done, total));
    let mut at_best = None;
    if !drawn.is_empty() {
        let fixed = Options {
            uncertainty: Uncertainty { inputs: false, ..options.uncertainty },
            towns: drawn.clone(),
            ..options.clone()
        };
        let fixed = Model::compile(case, &fixed)?;
        at_best = Some(engine::run(&fixed, effort, &|done| progress(effort.runs + done, total)));
    }
    let plans = plans(case, options)?;
    let parts = summarise::Parts {
        case,
        model: &model,
        ensemble: &ensemble,
        at_best: at_best.as_ref().map(|ensemble| (ensemble, drawn.as_slice())),
        plans: &plans,
    };
    Ok(summarise::summarise(&parts))
}

/// The plan of each town and scenario: nothing drawn, prices of the base year throughout.
fn plans(case: &Case, options: &Options) -> Result<Vec<Vec<Trajectory>>, ModelError> {
    let mut steady = case.clone();
    let base = |c: &crate::case::Commodity| {
        c.observed.iter().find(|o| o.year == case.base_year).map_or(1.0, |o| o.average)
    };
    steady.prices.process = PriceProcess::Fixed(case.commodities.iter().map(|c| vec![base(c)]).collect());
    let options = Options { uncertainty: Uncertainty::NONE, stress: None, ..options.clone() };
    let model = Model::compile(&steady, &options)?;
    let town = |place: usize| {
        let paths = 0..model.towns[place].paths.len();
        paths.map(|path| engine::replay(&model, place, path, 0)).collect()
    };
    Ok((0..model.towns.len()).map(town).collect())
}
