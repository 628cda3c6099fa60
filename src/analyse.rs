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
mod interval;
mod prices;
mod ranking;
mod results;
mod summarise;
mod target;

pub use evidence::{Sureness, by_construction, leader, leaders, likeliest_class, likeliest_classes, so_far};
pub use explain::{ClassChange, class_changes, classes};
pub use interval::share_interval;
pub use ranking::{Ranked, ranking};
pub use results::{
    Bin, Cell, CommodityPrices, Distribution, Estimate, HeadlinePlaces, KnownEvent, MEDIAN, Paired, PriceFan,
    PriceYear, Prices, QUANTILES, Quantity, QuantityKind, Results, ScaleClass, ScaledComposite,
    ScenarioResults, Setup, Split, TRIAL_RUNS, Together, TogetherYear, TownResults,
};

pub use target::{Target, UnknownTarget};

use std::ops::ControlFlow;

use crate::case::{Case, PriceProcess};
use crate::engine::{self, Effort, Ensemble, Ensembles, Key, Layouts, Level, Spread, StoreError, Trajectory};
use crate::model::{Model, ModelError, Options, Uncertainty};

/// Runs a case and summarises it. `progress(done, total)` is told how many runs are done.
///
/// # Errors
/// [`ModelError`] when the options do not fit the case.
pub fn study(
    case: &Case,
    options: &Options,
    effort: Effort,
    progress: &(dyn Fn(u64, u64) + Sync),
) -> Result<Results, ModelError> {
    engine::with_threads(effort.threads, || {
        let study = Study::new(case, options)?;
        let ensembles = study.go_on(study.begin(0), effort.level, effort.runs, &|done, total| {
            progress(done, total);
            ControlFlow::Continue(())
        });
        Ok(study.summarise(&ensembles))
    })
}

/// A case made ready to be run or, where it has been run, to be summarised: the model itself; where inputs
/// are missing the same towns with inputs at their best, which tells how much of the spread they are; the
/// plan without chance.
#[derive(Debug)]
pub struct Study<'a> {
    case: &'a Case,
    main: Prepared,
    /// None where no input is drawn.
    at_best: Option<Prepared>,
    plans: Vec<Vec<Trajectory>>,
}

/// A model and where its tallies lie.
#[derive(Debug)]
struct Prepared {
    model: Model,
    layouts: Layouts,
}

impl Prepared {
    fn new(case: &Case, options: &Options, plan: impl Fn(&Model) -> Layouts) -> Result<Self, ModelError> {
        let model = Model::compile(case, options)?;
        Ok(Self { layouts: plan(&model), model })
    }
}

impl<'a> Study<'a> {
    /// Makes a case ready.
    ///
    /// # Errors
    /// [`ModelError`] when the options do not fit the case.
    pub fn new(case: &'a Case, options: &Options) -> Result<Self, ModelError> {
        let main = Prepared::new(case, options, Layouts::plan)?;
        let towns: Vec<usize> =
            main.model.towns.iter().filter(|t| t.is_uncertain()).map(|t| t.index).collect();
        let uncertainty = Uncertainty { inputs: false, ..options.uncertainty };
        let at_best = (!towns.is_empty()).then(|| Options { towns, uncertainty, ..options.clone() });
        let sums = |part: &Model| main.layouts.plan_sums(&main.model, part);
        Ok(Self {
            case,
            at_best: at_best.map(|options| Prepared::new(case, &options, sums)).transpose()?,
            plans: plans(case, options)?,
            main,
        })
    }

    /// The model.
    pub fn model(&self) -> &Model {
        &self.main.model
    }

    /// Nothing run yet; the first run will be `first`, a multiple of [`engine::BLOCK_RUNS`].
    pub fn begin(&self, first: u64) -> Ensembles {
        let at_best = self.at_best.as_ref().map(|prepared| Spread::empty(&prepared.layouts, first));
        Ensembles { main: Ensemble::empty(&self.main.layouts, first), at_best }
    }

    /// Adds the runs up to `end`, with the threads it is called with. `progress(done, total)` counts the runs
    /// of both ensembles, and can end the work there by [`ControlFlow::Break`].
    pub fn go_on(
        &self,
        so_far: Ensembles,
        level: Level,
        end: u64,
        progress: &(dyn Fn(u64, u64) -> ControlFlow<()> + Sync),
    ) -> Ensembles {
        let first = so_far.main.range().start;
        let count = end.saturating_sub(first);
        let Ensembles { main, at_best } = self.go_on_main(so_far, level, end, end, progress);
        let complete = main.range().end >= end;
        let at_best = match (at_best, &self.at_best) {
            (Some(spread), Some(Prepared { model, .. })) if complete => {
                let tell = |done: u64| progress(count + done - first, 2 * count);
                Some(engine::go_on_with_spread(model, spread, level, end, &tell))
            }
            (spread, _) => spread,
        };
        Ensembles { main, at_best }
    }

    /// Adds the runs up to `look` to the main ensemble alone; `end` is where both may end.
    pub fn go_on_main(
        &self,
        so_far: Ensembles,
        level: Level,
        look: u64,
        end: u64,
        progress: &(dyn Fn(u64, u64) -> ControlFlow<()> + Sync),
    ) -> Ensembles {
        let first = so_far.main.range().start;
        let total = end.saturating_sub(first) * if self.at_best.is_some() { 2 } else { 1 };
        let tell = |done: u64| progress(done - first, total);
        Ensembles { main: engine::go_on(&self.main.model, so_far.main, level, look, &tell), ..so_far }
    }

    /// A figure by its name: see [`Target`].
    ///
    /// # Errors
    /// [`UnknownTarget`] naming what is unknown and what is known.
    pub fn target(&self, name: &str) -> Result<Target, UnknownTarget> {
        target::parse(name, self.case, &self.main.model)
    }

    /// The estimate of a figure in these ensembles.
    pub fn estimate(&self, ensembles: &Ensembles, target: Target) -> Estimate {
        target.estimate(&self.main.model, &ensembles.main)
    }

    /// Reads what [`Ensembles::encode`] wrote for this case and these options.
    ///
    /// # Errors
    /// [`StoreError`] for anything else.
    pub fn decode(&self, bytes: &[u8], key: &Key) -> Result<Ensembles, StoreError> {
        let at_best = self.at_best.as_ref().map(|prepared| &prepared.layouts);
        Ensembles::decode(bytes, key, &self.main.layouts, at_best)
    }

    /// What the ensembles say.
    pub fn summarise(&self, ensembles: &Ensembles) -> Results {
        let at_best = self.at_best.as_ref().zip(ensembles.at_best.as_ref());
        summarise::summarise(&summarise::Parts {
            case: self.case,
            model: &self.main.model,
            ensemble: &ensembles.main,
            at_best: at_best.map(|(prepared, spread)| (spread, prepared.model.options.towns.as_slice())),
            plans: &self.plans,
        })
    }
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
