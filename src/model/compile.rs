//! The whole model: a case and what to run of it, as laws and programs.

use super::delivery::DeliveryLaw;
use super::noise::NoiseLaw;
use super::options::Options;
use super::parameters::ParameterLaw;
use super::prices::PriceLaw;
use super::quantity::{Quantity, quantities};
use super::region::RegionLaw;
use super::town::TownLaw;
use crate::case::{Case, Class, FirstPassage, Link, ShareSplit};
use crate::random;

/// A case compiled for a run.
#[derive(Debug, Clone)]
pub struct Model {
    /// What is run.
    pub options: Options,
    /// Years, the base year first.
    pub years: Vec<i32>,
    /// Correlation of plan errors between scenarios.
    pub plan_correlation: f64,
    /// Share of its plan that each scenario of the options delivers; none where that is all of it.
    pub deliveries: Vec<Option<DeliveryLaw>>,
    /// Correlation of the normal scores of delivery between towns.
    pub delivery_correlation: f64,
    /// Key of the part of delivery that towns have in common.
    pub delivery_key: u64,
    /// Prices.
    pub prices: PriceLaw,
    /// Indices of the region.
    pub region: RegionLaw,
    /// Innovations.
    pub noise: NoiseLaw,
    /// Parameters that are drawn; none where the case has no draws of them, or they are not asked for.
    pub parameters: Option<ParameterLaw>,
    /// Link of each driver.
    pub links: Vec<Link>,
    /// Towns of the options, in that order.
    pub towns: Vec<TownLaw>,
    /// Quantities whose distributions are kept.
    pub quantities: Vec<Quantity>,
    /// Composites that have a scale: (index in the method, classes).
    pub scales: Vec<(usize, Vec<Class>)>,
    /// Number of scenarios of the case, the candidates of the vote.
    pub candidates: usize,
    /// Outcomes whose first year counts.
    pub first_passages: Vec<FirstPassage>,
    /// The share whose change is split.
    pub share_split: ShareSplit,
    /// Place of the reference scenario among the options' scenarios.
    pub reference: Option<usize>,
}

/// Why options do not fit a case.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ModelError {
    /// The horizon is not after the base year, or absurdly far.
    #[error("horizon {horizon}: it must lie between {first} and {last}")]
    Horizon {
        /// As asked.
        horizon: i32,
        /// First allowed year.
        first: i32,
        /// Last allowed year.
        last: i32,
    },
    /// No town or no scenario was chosen, or one that the case does not have.
    #[error("{what}: choose at least one of the {count} that the case has, each once, in order")]
    Choice {
        /// `towns` or `scenarios`.
        what: &'static str,
        /// How many there are.
        count: usize,
    },
}

/// Longest span of years that can be run.
const MAX_YEARS: i32 = 200;

impl Model {
    /// Compiles a case.
    ///
    /// # Errors
    /// [`ModelError`] when the options' horizon, towns or scenarios do not fit the case.
    pub fn compile(case: &Case, options: &Options) -> Result<Self, ModelError> {
        check(case, options)?;
        let years: Vec<i32> = (case.base_year..=options.horizon).collect();
        let towns = options.towns.iter().map(|&t| TownLaw::compile(case, options, &years, t)).collect();
        let scales = case.method.scaled().map(|(i, _, classes)| (i, classes.to_vec())).collect();
        Ok(Self {
            prices: PriceLaw::compile(case, options, &years),
            region: RegionLaw::compile(case, options, &years),
            noise: NoiseLaw::compile(case, options),
            parameters: ParameterLaw::compile(case, options),
            links: case.drivers.iter().map(|d| d.link).collect(),
            quantities: quantities(case),
            candidates: case.scenarios.len(),
            first_passages: case.method.first_passages.clone(),
            share_split: case.method.share_split,
            reference: options.scenarios.iter().position(|&s| s == case.reference),
            plan_correlation: case.plan_correlation,
            deliveries: deliveries(case, options),
            delivery_correlation: case.delivery_correlation,
            delivery_key: delivery_key(options.seed),
            options: options.clone(),
            years,
            towns,
            scales,
        })
    }

    /// The same model under another seed: the same laws, other draws.
    #[must_use]
    pub fn reseeded(&self, seed: u64) -> Self {
        let mut model = self.clone();
        model.options.seed = seed;
        model.delivery_key = delivery_key(seed);
        (model.prices.key, model.prices.model_key) = (PriceLaw::key(seed), PriceLaw::key(seed));
        (model.region.key, model.region.plan_key) = (RegionLaw::key(seed), RegionLaw::key(seed));
        model.noise.region_key = NoiseLaw::key(seed);
        if let Some(law) = &mut model.parameters {
            law.key = ParameterLaw::key(seed);
        }
        for town in &mut model.towns {
            town.reseed(seed);
        }
        model
    }
}

/// The law of each scenario's share. The reference has none.
pub(super) fn deliveries(case: &Case, options: &Options) -> Vec<Option<DeliveryLaw>> {
    let law = |s: usize| {
        let delivery = &case.scenarios[s].delivery;
        (s != case.reference && !delivery.is_whole())
            .then(|| DeliveryLaw::new(delivery, options.uncertainty.plan))
    };
    options.scenarios.iter().map(|s| law(*s)).collect()
}

/// Key of the part of delivery that towns have in common.
pub(super) fn delivery_key(seed: u64) -> u64 {
    random::key(seed, "region", "delivery")
}

fn check(case: &Case, options: &Options) -> Result<(), ModelError> {
    let (first, last) = (case.base_year + 1, case.base_year + MAX_YEARS);
    if !(first..=last).contains(&options.horizon) {
        return Err(ModelError::Horizon { horizon: options.horizon, first, last });
    }
    let fits = |chosen: &[usize], count: usize| {
        !chosen.is_empty() && chosen.windows(2).all(|w| w[0] < w[1]) && chosen.iter().all(|i| *i < count)
    };
    for (what, chosen, count) in
        [("towns", &options.towns, case.towns.len()), ("scenarios", &options.scenarios, case.scenarios.len())]
    {
        if !fits(chosen, count) {
            return Err(ModelError::Choice { what, count });
        }
    }
    Ok(())
}
