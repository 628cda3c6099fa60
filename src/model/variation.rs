//! Variations of a model: what a change to a case moves is compiled anew, the rest stays as it is.
//!
//! | change | compiled anew |
//! |---|---|
//! | a plan | the paths of that town and scenario; of all scenarios where it is the reference's |
//! | delivery | the paths of that scenario |
//! | correlation of plan errors | nothing |
//! | sigma, regional share | innovations; it is drawn no more |
//! | persistence | innovations, all paths (the speed of cross-impacts hangs on it); it is drawn no more |
//! | price exposure | all paths; it is drawn no more |
//! | a cross-impact | all paths |
//! | plan of a region's index | the region, all paths (the planned mono-profile degree reads it) |
//! | a long-run price | prices, events (whose triggers are set against it) |
//! | a stress | prices, events, all paths |
//! | volatility, reversion, probability of the walk, price shocks | prices |
//! | probability of an event | events |
//! | inflation, the price process | prices |
//! | correlations of innovations | innovations |
//! | the formula of a composite | the towns |
//! | seed | keys alone |
//!
//! Formulas and base values never move, so programs stay. A varied model is the model of the varied case, to the
//! last bit.

use super::compile::{Model, deliveries};
use super::noise::NoiseLaw;
use super::options::Options;
use super::parameters::ParameterLaw;
use super::path;
use super::prices::PriceLaw;
use super::region::RegionLaw;
use super::town::TownLaw;
use super::town_base::TownBase;
use crate::case::{Adjustable, Case, Delivery, Parameter, PriceProcess, PriceShock, RegionNumber, Stress};

/// One change. Towns, scenarios, drivers, commodities and events are places in the case.
#[derive(Debug, Clone, PartialEq)]
pub enum Change {
    /// Mean shift of a plan by its year, on the link scale, and its sd.
    Plan {
        /// The town.
        town: usize,
        /// The scenario.
        scenario: usize,
        /// The driver.
        driver: usize,
        /// Mean of Delta.
        shift: f64,
        /// Sd of Delta.
        sd: f64,
    },
    /// What a scenario delivers of its plan, in time or late; nothing where it is the reference.
    Delivery(usize, Delivery),
    /// Correlation of plan errors between scenarios.
    PlanCorrelation(f64),
    /// Innovation sd of a driver, link scale: (driver, sigma).
    Sigma(usize, f64),
    /// Persistence phi of a driver: (driver, phi).
    Persistence(usize, f64),
    /// Share of a driver's innovation variance that towns have in common: (driver, share).
    RegionalShare(usize, f64),
    /// Elasticity of a driver to the town's price level, before any scaling: (driver, B).
    PriceExposure(usize, f64),
    /// Long-run effect of a cross-impact: (place among the case's, effect).
    CrossImpact(usize, f64),
    /// Mean shift and sd of a region index's plan: (index, shift, sd).
    RegionPlan(usize, f64, f64),
    /// Long-run real level of a price: (commodity, level).
    PriceLevel(usize, f64),
    /// Innovation sd of the walk and of the reverting branch: (commodity, walk, reverting).
    PriceVolatility(usize, f64, f64),
    /// Reversion rate rho a year: (commodity, rho).
    PriceReversion(usize, f64),
    /// Probability that prices walk at random, where the process is the mixture; nothing elsewhere.
    WalkProbability(f64),
    /// Price shocks in place of the stress that is laid on; none takes it off.
    Shocks(Vec<PriceShock>),
    /// A stress in place of the one that is laid on.
    Stress(Stress),
    /// Yearly probability of an event under a scenario: (event, scenario, probability).
    EventProbability(usize, usize, f64),
    /// A number or a switch of the case.
    Set(Adjustable, f64),
    /// Seed of every draw.
    Seed(u64),
}

/// What is to be compiled anew: any of these, or several.
#[allow(clippy::struct_excessive_bools)]
#[derive(Debug, Clone, Copy, Default)]
struct Moved {
    prices: bool,
    region: bool,
    noise: bool,
    events: bool,
    all_paths: bool,
    towns: bool,
}

impl Change {
    fn apply(&self, case: &mut Case, options: &mut Options) {
        match *self {
            Self::Plan { town, scenario, driver, shift, sd } => {
                let entry = &mut case.scenarios[scenario].plan[town][driver];
                (entry.shift, entry.sd) = (shift, sd);
            }
            Self::Delivery(scenario, delivery) => case.scenarios[scenario].delivery = delivery,
            Self::PlanCorrelation(x) => case.plan_correlation = x,
            Self::Sigma(driver, x) => {
                case.drivers[driver].sigma = x;
                fix(case, driver, Parameter::Sigma);
            }
            Self::Persistence(driver, x) => {
                case.drivers[driver].persistence = x;
                fix(case, driver, Parameter::Persistence);
            }
            Self::RegionalShare(driver, x) => {
                case.drivers[driver].regional_share = x;
                fix(case, driver, Parameter::RegionalShare);
            }
            Self::PriceExposure(driver, x) => {
                case.drivers[driver].price_exposure = x;
                fix(case, driver, Parameter::PriceExposure);
            }
            Self::CrossImpact(place, x) => case.cross_impacts[place].effect = x,
            Self::RegionPlan(index, shift, sd) => {
                let index = &mut case.region_indices[index];
                (index.shift, index.shift_sd) = (shift, sd);
            }
            Self::PriceLevel(commodity, x) => case.commodities[commodity].level = x,
            Self::PriceVolatility(commodity, walk, reverting) => {
                let commodity = &mut case.commodities[commodity];
                (commodity.sd_walk, commodity.sd_reverting) = (walk, reverting);
            }
            Self::PriceReversion(commodity, x) => case.commodities[commodity].reversion = x,
            Self::WalkProbability(x) => {
                if let PriceProcess::Mixture { walk } = &mut case.prices.process {
                    *walk = x;
                }
            }
            Self::Shocks(ref shocks) => {
                let name = case.region.clone();
                let stress = Stress {
                    id: "varied".to_owned(),
                    name,
                    shocks: shocks.clone(),
                    events: Vec::new(),
                    plans: Vec::new(),
                    basis: String::new(),
                };
                options.stress = (!shocks.is_empty()).then_some(case.stresses.len());
                case.stresses.push(stress);
            }
            Self::Stress(ref stress) => {
                options.stress = Some(case.stresses.len());
                case.stresses.push(stress.clone());
            }
            Self::EventProbability(event, scenario, x) => case.events[event].probability[scenario] = x,
            Self::Set(what, x) => what.set(case, x),
            Self::Seed(seed) => options.seed = seed,
        }
    }

    fn note(&self, moved: &mut Moved) {
        match self {
            Self::Plan { .. } | Self::Delivery(..) | Self::PlanCorrelation(_) | Self::Seed(_) => {}
            Self::Sigma(..) | Self::RegionalShare(..) => moved.noise = true,
            Self::Persistence(..) => (moved.noise, moved.all_paths) = (true, true),
            Self::PriceExposure(..) | Self::CrossImpact(..) => moved.all_paths = true,
            Self::RegionPlan(..) => (moved.region, moved.all_paths) = (true, true),
            Self::PriceLevel(..) => (moved.prices, moved.events) = (true, true),
            Self::PriceVolatility(..)
            | Self::PriceReversion(..)
            | Self::WalkProbability(_)
            | Self::Shocks(_) => moved.prices = true,
            Self::EventProbability(..) => moved.events = true,
            Self::Stress(_) => (moved.prices, moved.events, moved.all_paths) = (true, true, true),
            Self::Set(what, _) => moved.note(*what),
        }
    }

    /// True when it moves the path of a town under a scenario, and not all of them.
    fn moves_path(&self, case: &Case, town: usize, scenario: usize) -> bool {
        let of = |s: usize| s == scenario || s == case.reference;
        match *self {
            Self::Plan { town: t, scenario: s, .. } => t == town && of(s),
            Self::Set(Adjustable::PlanSize(s, _) | Adjustable::PlanSd(s, _), _) => of(s),
            Self::Delivery(s, _) | Self::Set(Adjustable::DeliveryMean(s) | Adjustable::DeliverySd(s), _) => {
                s == scenario
            }
            _ => false,
        }
    }
}

impl Moved {
    fn note(&mut self, what: Adjustable) {
        match what {
            Adjustable::Driver(_, Parameter::Sigma | Parameter::RegionalShare)
            | Adjustable::Correlation(..) => {
                self.noise = true;
            }
            Adjustable::Driver(_, Parameter::Persistence) | Adjustable::Persistence => {
                (self.noise, self.all_paths) = (true, true);
            }
            Adjustable::Driver(_, Parameter::PriceExposure)
            | Adjustable::CrossImpact(_)
            | Adjustable::CrossImpacts => self.all_paths = true,
            Adjustable::EventProbability(..)
            | Adjustable::EventEffect(..)
            | Adjustable::TriggerPrice(_)
            | Adjustable::TriggerMultiplier(_) => self.events = true,
            Adjustable::Region(_, RegionNumber::Multiple) => (self.region, self.all_paths) = (true, true),
            Adjustable::Region(..) => self.region = true,
            Adjustable::Price(..) => (self.prices, self.events) = (true, true),
            Adjustable::Walk | Adjustable::Inflation | Adjustable::PriceProcess => self.prices = true,
            Adjustable::Formula(_) => self.towns = true,
            Adjustable::PlanCorrelation
            | Adjustable::DeliveryCorrelation
            | Adjustable::DeliveryMean(_)
            | Adjustable::DeliverySd(_)
            | Adjustable::PlanSize(..)
            | Adjustable::PlanSd(..) => {}
        }
    }
}

/// A parameter that is given is drawn no more.
fn fix(case: &mut Case, driver: usize, parameter: Parameter) {
    if let Some(posterior) = &mut case.posterior {
        posterior.fix(driver, parameter);
    }
}

impl Model {
    /// This model, compiled from `case`, with changes made to both.
    ///
    /// # Panics
    /// When a change names a place that the case does not have.
    #[must_use]
    pub fn vary(&self, case: &Case, changes: &[Change]) -> (Case, Self) {
        let (mut case, mut options) = (case.clone(), self.options.clone());
        let mut moved = Moved::default();
        for change in changes {
            change.apply(&mut case, &mut options);
            change.note(&mut moved);
        }
        // A stress that goes takes with it what it did to events and plans.
        let gone = self.options.stress.map(|s| &case.stresses[s]);
        if options.stress != self.options.stress
            && gone.is_some_and(|s| !s.events.is_empty() || !s.plans.is_empty())
        {
            (moved.events, moved.all_paths) = (true, true);
        }
        let mut model = self.clone();
        model.plan_correlation = case.plan_correlation;
        model.delivery_correlation = case.delivery_correlation;
        model.parameters = ParameterLaw::compile(&case, &options);
        let delivered = |change: &Change| {
            let set =
                matches!(change, Change::Set(Adjustable::DeliveryMean(_) | Adjustable::DeliverySd(_), _));
            set || matches!(change, Change::Delivery(..))
        };
        if changes.iter().any(delivered) {
            model.deliveries = deliveries(&case, &options);
        }
        if moved.prices {
            model.prices = PriceLaw::compile(&case, &options, &model.years);
        }
        if moved.region {
            model.region = RegionLaw::compile(&case, &options, &model.years);
        }
        if moved.noise {
            model.noise = NoiseLaw::compile(&case, &options);
        }
        let planned =
            |town: usize, scenario: usize| changes.iter().any(|c| c.moves_path(&case, town, scenario));
        for law in &mut model.towns {
            if moved.events {
                law.compile_events(&case, &options);
            }
            let index = law.index;
            if moved.towns {
                *law = TownLaw::compile(&case, &options, &model.years, index);
                continue;
            }
            let mut base = None;
            for path in law.paths.iter_mut().filter(|p| moved.all_paths || planned(index, p.scenario)) {
                let base = base.get_or_insert_with(|| TownBase::new(&case, &options, index));
                *path = path::compile(&case, &options, &model.years, base, path.scenario);
            }
        }
        model.options = options.clone();
        (case, model.reseeded(options.seed))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::case::{ForcedEvent, PlanShock, Source};

    /// A varied model is the model of the varied case: every law, every number of it.
    /// Everything that can be set by name, one at a time and all at once.
    #[test]
    fn whatever_is_set_gives_the_model_of_the_case_that_has_it() {
        let mut case = Case::load(&Source::embedded(), &[]).unwrap();
        let towns = ["balkhash", "karazhal", "satpayev"];
        let options = Options::select(&case, &towns, &["balanced", "diversification"], None).unwrap();
        let options = Options { horizon: 2027, ..options };
        // Parameters that are drawn as well show whether one that is set no longer is.
        let driver = case.drivers.iter().position(|d| d.id == "wage").unwrap();
        let columns = Parameter::ALL.map(|p| (driver, p)).to_vec();
        let draws = vec![vec![0.05, 0.7, 0.1, 0.2], vec![0.06, 0.6, 0.2, 0.3]];
        case.posterior = Some(crate::case::Posterior { columns, draws });
        let options = Options {
            uncertainty: crate::model::Uncertainty { parameters: true, ..options.uncertainty },
            ..options
        };
        let model = Model::compile(&case, &options).unwrap();
        let print = |model: &Model| format!("{model:?}");
        let unchanged = print(&model);
        let all = case.adjustables();
        let mut changes = Vec::new();
        let mut still = Vec::new();
        for (what, name) in &all {
            let own = what.value(&case);
            let x = match what.words(&case).len() {
                0 => own * 0.9 + 0.0123,
                _ if own == 0.0 => 1.0,
                _ => 0.0,
            };
            let change = Change::Set(*what, x);
            let (varied_case, varied) = model.vary(&case, std::slice::from_ref(&change));
            let fresh = Model::compile(&varied_case, &varied.options).unwrap();
            assert!(print(&varied) == print(&fresh), "{name}");
            if print(&varied) == unchanged {
                still.push(name.as_str());
            }
            // Switches would hide what the numbers do.
            if what.words(&case).is_empty() {
                changes.push(change);
            }
        }
        let (varied_case, varied) = model.vary(&case, &changes);
        assert!(print(&varied) == print(&Model::compile(&varied_case, &varied.options).unwrap()));
        // Plans of scenarios that are not run, and events that none of these towns can have.
        let others = still.iter().filter(|name| !name.contains("innovative")).count();
        assert!(others < 5, "{still:?}");
    }

    #[test]
    fn what_moves_is_compiled_anew_and_the_rest_is_as_it_was() {
        let case = Case::load(&Source::embedded(), &[]).unwrap();
        let options = Options::of(&case);
        let model = Model::compile(&case, &options).unwrap();
        let shock = PriceShock {
            commodity: 0,
            change: 0.5,
            start: 2027,
            years: 2,
            half_life: Some(1.5),
            path: Vec::new(),
        };
        let stress = Stress {
            shocks: vec![shock.clone()],
            events: vec![ForcedEvent { event: 0, year: 2028 }],
            plans: vec![PlanShock {
                driver: 0,
                change: -0.3,
                start: 2028,
                years: 2,
                half_life: Some(1.0),
                path: Vec::new(),
            }],
            ..case.stresses[0].clone()
        };
        let changes = [
            Change::Plan { town: 2, scenario: 1, driver: 0, shift: 0.7, sd: 0.2 },
            Change::Delivery(1, Delivery { mean: 0.7, sd: 0.2, max: 1.1, late: 2 }),
            Change::PlanCorrelation(0.4),
            Change::Sigma(1, 0.3),
            Change::Persistence(0, 0.55),
            Change::RegionalShare(2, 0.9),
            Change::PriceExposure(0, 0.8),
            Change::CrossImpact(0, 0.33),
            Change::RegionPlan(0, 0.4, 0.1),
            Change::PriceLevel(0, 1234.5),
            Change::PriceVolatility(1, 0.4, 0.3),
            Change::PriceReversion(2, 0.3),
            Change::WalkProbability(0.9),
            Change::Shocks(vec![shock.clone()]),
            Change::Stress(stress),
            Change::EventProbability(0, 1, 0.2),
            Change::Seed(99),
        ];
        let print = |model: &Model| format!("{model:?}");
        let unchanged = print(&model);
        for change in &changes {
            let (varied_case, varied) = model.vary(&case, std::slice::from_ref(change));
            let fresh = Model::compile(&varied_case, &varied.options).unwrap();
            assert_eq!(print(&varied), print(&fresh), "{change:?}");
            assert_ne!(print(&varied), unchanged, "{change:?}");
        }
        let (varied_case, varied) = model.vary(&case, &changes);
        assert_eq!(print(&varied), print(&Model::compile(&varied_case, &varied.options).unwrap()));
        assert_eq!(print(&model.vary(&case, &[]).1), unchanged);
    }
}
