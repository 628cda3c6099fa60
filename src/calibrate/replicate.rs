//! Panels made by the engine: what the model could have shown in the years and towns that were observed.
//!
//! The case is set back to the first year of its price history, so that what it starts from is forgotten when the panel
//! begins; plans and events are taken off, prices are those observed. The engine then runs through the years of the
//! panel as it does through those of a forecast.

use super::price_response::price_level;
use super::prior::from_scale;
use super::series::TownSeries;
use crate::case::{Case, Parameter, Scaling};
use crate::engine;
use crate::model::{Change, Model, ModelError, Options, RunScenario, RunTown, Uncertainty};
use crate::random::{Stream, key};

/// Makes panels.
pub(super) struct Replicator {
    /// Set back, without plans, events and texts.
    case: Case,
    model: Model,
    /// Base year of the case as it is.
    base_year: i32,
}

/// What one run moves every driver by since its start: `[town][t][driver]`, link scale.
pub(super) type Departures = Vec<Vec<Vec<f64>>>;

impl Replicator {
    /// For a case with prices of at least a year before its base year.
    pub(super) fn new(case: &Case, seed: u64) -> Result<Self, ModelError> {
        let base_year = case.base_year;
        let first = case.commodities.iter().filter_map(|c| c.observed.first()).map(|o| o.year).max();
        let mut case = case.clone();
        case.base_year = first.map_or(base_year - 1, |year| year.min(base_year - 1));
        case.files.clear();
        case.panel.clear();
        case.events.clear();
        case.stresses.clear();
        for entry in case.scenarios.iter_mut().flat_map(|s| s.plan.iter_mut().flatten()) {
            (entry.shift, entry.sd) = (0.0, 0.0);
        }
        for index in &mut case.region_indices {
            (index.shift, index.shift_sd) = (0.0, 0.0);
        }
        let uncertainty = Uncertainty { shocks: true, ..Uncertainty::NONE };
        let options = Options {
            seed,
            horizon: base_year,
            scenarios: vec![case.reference],
            uncertainty,
            ..Options::of(&case)
        };
        let model = Model::compile(&case, &options)?;
        Ok(Self { case, model, base_year })
    }

    /// One run with these parameters of each driver, in the order of [`Parameter::ALL`].
    pub(super) fn run(&self, parameters: &[[f64; 4]], run: u64) -> Departures {
        let mut changes = Vec::new();
        for (driver, [sigma, persistence, exposure, share]) in parameters.iter().enumerate() {
            changes.extend([
                Change::Sigma(driver, *sigma),
                Change::Persistence(driver, *persistence),
                Change::PriceExposure(driver, *exposure),
                Change::RegionalShare(driver, *share),
            ]);
        }
        let (_, model) = self.model.vary(&self.case, &changes);
        let town = |k: usize| {
            let years = engine::replay(&model, RunTown(k), RunScenario(0), run).years;
            let start = years[0].links.clone();
            years.into_iter().map(|y| y.links.iter().zip(&start).map(|(z, s)| z - s).collect()).collect()
        };
        (0..model.towns.len()).map(town).collect()
    }

    /// A panel of a driver with the years and errors of observation of a real one. Levels are 0, the trend is `trend`
    /// a year, and what towns' exposures differ by is drawn with sd `spread`.
    pub(super) fn panel(
        &self,
        departures: &Departures,
        driver: usize,
        real: &[TownSeries],
        (trend, spread): (f64, f64),
        run: u64,
    ) -> Vec<TownSeries> {
        let seed = self.model.options.seed;
        let id = &self.case.drivers[driver].id;
        let mut panel = real.to_vec();
        for series in &mut panel {
            let subject = format!("{id}/{}", self.case.towns[series.town].id);
            let mut stream = Stream::new(key(seed, &subject, "replicate"), run);
            let own = spread * stream.normal_pair().0 * self.scaling(driver, series.town);
            for o in &mut series.observations {
                let t = (o.year - self.case.base_year) as usize;
                let error = o.variance.sqrt() * stream.normal_pair().0;
                let price = price_level(&self.case, series.town, o.year);
                let drift = trend * f64::from(o.year - self.base_year);
                o.link = departures[series.town][t][driver] + own * price + drift + error;
            }
        }
        panel
    }

    /// What multiplies an exposure in a town.
    fn scaling(&self, driver: usize, town: usize) -> f64 {
        match self.case.drivers[driver].exposure_scale {
            Scaling::Unit => 1.0,
            Scaling::Mono => self.model.towns[town].paths[0].years[0].mono,
        }
    }
}

/// Parameters of a driver from standard normal steps of its prior.
pub(super) fn of_prior(prior: &super::prior::DriverPrior, stream: &mut Stream) -> ([f64; 4], f64) {
    let mut step = || stream.normal_pair().0;
    let values = Parameter::ALL.map(|p| match prior.on_scale(p) {
        Some((mean, sd)) => from_scale(p, mean + sd * step()),
        None => prior.at(p, 0.0),
    });
    (values, if prior.spread > 0.0 { prior.spread_at(step()) } else { 0.0 })
}
