//! What makes runs differ, source by source, and the same model with one source drawn anew.

use super::compile::{Model, delivery_key};
use super::delivery::DeliveryLaw;
use super::noise::NoiseLaw;
use super::parameters::ParameterLaw;
use super::prices::{Branch, PriceLaw};
use super::region::RegionLaw;
use super::town::TownLaw;

/// A source of the variance between runs of one scenario. The sources are independent of each other, and together
/// they are all that is drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum VarianceSource {
    /// Share of the plans that is delivered.
    Delivery,
    /// Errors of the plans, of towns and of the region's indices.
    PlanError,
    /// Parameters of the drivers.
    Parameters,
    /// How prices move in the long run: the branch and the long-run levels.
    PriceModel,
    /// What prices do from year to year.
    PriceChance,
    /// Events.
    Events,
    /// Innovations of the drivers and of the region's indices.
    Innovations,
    /// Missing inputs.
    Inputs,
}

impl VarianceSource {
    /// All of them, what is decided first before what only time will tell.
    pub const ALL: [Self; 8] = [
        Self::Delivery,
        Self::PlanError,
        Self::Parameters,
        Self::PriceModel,
        Self::PriceChance,
        Self::Events,
        Self::Innovations,
        Self::Inputs,
    ];

    /// Its id in tables.
    pub fn name(self) -> &'static str {
        match self {
            Self::Delivery => "delivery",
            Self::PlanError => "plan_error",
            Self::Parameters => "parameters",
            Self::PriceModel => "price_model",
            Self::PriceChance => "price_chance",
            Self::Events => "events",
            Self::Innovations => "innovations",
            Self::Inputs => "inputs",
        }
    }

    /// True when something of the source is drawn that can matter to a town of the model.
    pub fn is_drawn(self, model: &Model, town: &TownLaw) -> bool {
        let any = |x: &[f64]| x.iter().any(|x| *x > 0.0);
        let prices = &model.prices;
        let free = prices.given.len() + 1 < model.years.len();
        match self {
            Self::Delivery => {
                model.deliveries.iter().flatten().any(|law| matches!(law, DeliveryLaw::Drawn { .. }))
            }
            Self::PlanError => {
                any(&model.region.shift_sd) || town.paths.iter().any(|path| any(&path.shift_sd))
            }
            Self::Parameters => model.parameters.is_some(),
            Self::PriceModel => {
                let drawn = matches!(prices.branch, Branch::Drawn(walk) if walk > 0.0 && walk < 1.0);
                let reverts = prices.branch != Branch::Fixed(1.0) && prices.branch != Branch::Drawn(1.0);
                free && (drawn || (reverts && any(&prices.level_se)))
            }
            Self::PriceChance => free && (any(&prices.sd_walk) || any(&prices.sd_reverting)),
            Self::Events => {
                let possible = |p: &f64| *p > 0.0;
                town.events.iter().any(|e| possible(&e.reference) || e.probability.iter().any(possible))
            }
            Self::Innovations => {
                let drawn = model.parameters.iter().flat_map(|law| law.town_sd.iter().chain(&law.region_sd));
                let noise = &model.noise;
                any(&noise.town_sd)
                    || any(&noise.region_sd)
                    || any(&model.region.sigma)
                    || drawn.flatten().any(|values| any(values))
            }
            Self::Inputs => town.is_uncertain(),
        }
    }
}

impl Model {
    /// The same model with one source drawn under another seed: the same laws, and all other draws as they were.
    #[must_use]
    pub fn redrawn(&self, source: VarianceSource, seed: u64) -> Self {
        let mut model = self.clone();
        let other = |town: &TownLaw| {
            let mut other = town.clone();
            other.reseed(seed);
            other
        };
        match source {
            VarianceSource::Delivery => model.delivery_key = delivery_key(seed),
            VarianceSource::PlanError => model.region.plan_key = RegionLaw::key(seed),
            VarianceSource::Parameters => {
                if let Some(law) = &mut model.parameters {
                    law.key = ParameterLaw::key(seed);
                }
            }
            VarianceSource::PriceModel => model.prices.model_key = PriceLaw::key(seed),
            VarianceSource::PriceChance => model.prices.key = PriceLaw::key(seed),
            VarianceSource::Innovations => {
                model.noise.region_key = NoiseLaw::key(seed);
                model.region.key = RegionLaw::key(seed);
            }
            VarianceSource::Events | VarianceSource::Inputs => {}
        }
        for town in &mut model.towns {
            let other = other(town);
            match source {
                VarianceSource::Delivery => town.delivery_key = other.delivery_key,
                VarianceSource::PlanError => {
                    town.plan_key = other.plan_key;
                    for (path, other) in town.paths.iter_mut().zip(other.paths) {
                        path.plan_key = other.plan_key;
                        path.delivery = other.delivery;
                    }
                }
                VarianceSource::Events => {
                    for (event, other) in town.events.iter_mut().zip(other.events) {
                        event.key = other.key;
                    }
                }
                VarianceSource::Innovations => town.noise_key = other.noise_key,
                VarianceSource::Inputs => town.inputs_key = other.inputs_key,
                VarianceSource::Parameters | VarianceSource::PriceModel | VarianceSource::PriceChance => {}
            }
        }
        model
    }
}

#[cfg(test)]
mod tests {
    use super::super::options::{Options, Uncertainty};
    use super::*;
    use crate::case::{Case, Delivery, Parameter, Posterior, Source};

    /// Drawing all sources anew, one after the other, is drawing everything anew: no key is left out, and none is
    /// moved by two of them.
    #[test]
    fn the_sources_are_all_that_is_drawn() {
        let mut case = Case::load(&Source::embedded(), &[]).unwrap();
        case.scenarios[3].delivery = Delivery { mean: 0.7, sd: 0.2, ..Delivery::WHOLE };
        let columns = vec![(0, Parameter::Sigma)];
        case.posterior = Some(Posterior { columns, draws: vec![vec![0.1], vec![0.2]] });
        let uncertainty = Uncertainty { parameters: true, ..Uncertainty::ALL };
        let model = Model::compile(&case, &Options { uncertainty, ..Options::of(&case) }).unwrap();
        let seeds = [7, case.seed].map(|seed| format!(" seed: {seed},"));
        let print =
            |model: &Model| seeds.iter().fold(format!("{model:?}"), |all, seed| all.replace(seed, ""));
        let mut moving = model.clone();
        for source in VarianceSource::ALL {
            assert!(model.towns.iter().any(|town| source.is_drawn(&model, town)), "{source:?}");
            let next = moving.redrawn(source, 7);
            assert_ne!(print(&next), print(&moving), "{source:?}");
            // Once more moves nothing.
            assert_eq!(print(&next.redrawn(source, 7)), print(&next));
            moving = next;
        }
        assert_eq!(print(&moving), print(&model.reseeded(7)));
    }
}
