//! Factors and outputs in words.

use super::output::Output;
use crate::analyse::QUANTILES;
use crate::case::{Adjustable, Case, Effect, PriceNumber, RegionNumber};
use crate::text::Text;

/// A factor or group in words: a group by the name that factors.toml gives it, groups that were joined by all of theirs.
pub fn factor(text: &Text, case: &Case, name: &str) -> String {
    let named = case.factors.groups.iter().find(|group| group.0 == name);
    if let Some((_, own)) = named {
        return text.name(own).to_owned();
    }
    if let Some((what, _)) = case.adjustables().into_iter().find(|(_, n)| n == name) {
        return number(text, case, what);
    }
    if let Some(drivers) = name.strip_prefix("drivers.") {
        let label =
            |id: &str| case.drivers.iter().find(|d| d.id == id).map(|d| text.name(&d.label).to_owned());
        if let Some(labels) = drivers.split('+').map(label).collect::<Option<Vec<String>>>() {
            return text.fill("factor.dynamics", &[("drivers", text.list(&labels))]);
        }
    }
    match name.split_once('+') {
        Some((first, rest)) => text.list(&[factor(text, case, first), factor(text, case, rest)]),
        None => name.to_owned(),
    }
}

fn number(text: &Text, case: &Case, what: Adjustable) -> String {
    let driver = |i: usize| text.name(&case.drivers[i].label);
    let of = |key: &str, thing: &str| text.fill(key, &[("thing", thing)]);
    let pair = |key: &str, a: &str, b: &str| text.fill(key, &[("a", a), ("b", b)]);
    let scenario = |s: usize| text.name(&case.scenarios[s].name);
    let plain = |key: &str| text.get(key).to_owned();
    match what {
        Adjustable::Driver(i, parameter) => of(&format!("factor.{}", parameter.name()), driver(i)),
        Adjustable::CrossImpact(k) => {
            let impact = &case.cross_impacts[k];
            pair("factor.link", driver(impact.from), driver(impact.to))
        }
        Adjustable::Correlation(i, j) => pair("factor.correlation", driver(i), driver(j)),
        Adjustable::EventProbability(k, s) => {
            pair("factor.event", text.name(&case.events[k].label), scenario(s))
        }
        Adjustable::EventEffect(k, e) => match case.events[k].effects[e] {
            Effect::Plan { driver: d, .. } | Effect::Shock { driver: d, .. } => {
                pair("factor.event_effect", text.name(&case.events[k].label), driver(d))
            }
            Effect::Switch { .. } => text.name(&case.events[k].label).to_owned(),
        },
        Adjustable::TriggerPrice(k) => of("factor.trigger_price", text.name(&case.events[k].label)),
        Adjustable::TriggerMultiplier(k) => of("factor.trigger_multiplier", text.name(&case.events[k].label)),
        Adjustable::Region(k, number) => {
            let thing = text.fill("factor.region", &[("index", &case.region_indices[k].id)]);
            let key = match number {
                RegionNumber::Multiple => "factor.size",
                RegionNumber::Sd => "factor.error",
                RegionNumber::Sigma => "factor.sigma",
                RegionNumber::Persistence => "factor.persistence",
                RegionNumber::PriceExposure => "factor.price_exposure",
            };
            of(key, &thing)
        }
        Adjustable::Price(k, number) => {
            let key = match number {
                PriceNumber::Level => "factor.level",
                PriceNumber::LevelSe => "factor.level_se",
                PriceNumber::Reversion => "factor.reversion",
                PriceNumber::SdWalk => "factor.sd_walk",
                PriceNumber::SdReverting => "factor.sd_reverting",
            };
            of(key, text.name(&case.commodities[k].name))
        }
        Adjustable::Walk => plain("factor.walk"),
        Adjustable::Inflation => plain("factor.inflation"),
        Adjustable::PlanCorrelation => plain("factor.plan_correlation"),
        Adjustable::DeliveryCorrelation => plain("factor.delivery_correlation"),
        Adjustable::DeliveryMean(s) => of("factor.delivery_mean", scenario(s)),
        Adjustable::DeliverySd(s) => of("factor.delivery_sd", scenario(s)),
        Adjustable::PlanSize(s, d) => pair("factor.plan_size", scenario(s), driver(d)),
        Adjustable::PlanSd(s, d) => pair("factor.plan_error", scenario(s), driver(d)),
        Adjustable::PriceProcess => plain("factor.process"),
        Adjustable::Formula(k) => of("factor.formula", &case.method.composites[k].symbol),
        Adjustable::Persistence => plain("factor.memory"),
        Adjustable::CrossImpacts => plain("factor.links"),
    }
}

/// An output in words, without its year: `Balkhash, Inertial: median of TDea`.
pub fn output(text: &Text, case: &Case, output: &Output) -> String {
    let (own, less) = output.scenarios;
    let name = |s: usize| text.name(&case.scenarios[s].name).to_owned();
    let scenarios = match less {
        Some(less) => text.fill("output.less", &[("a", name(own)), ("b", name(less))]),
        None => name(own),
    };
    let town = text.name(&case.towns[output.town].name).to_owned();
    format!("{town}, {scenarios}, {}", what(text, case, output))
}

/// What of a town: `median of TDea`.
fn what(text: &Text, case: &Case, output: &Output) -> String {
    let (quantity, detail) =
        output.what.split_once('.').map_or((output.what.as_str(), None), |(q, d)| (q, Some(d)));
    if let Some(s) = detail.and_then(|d| case.scenario(d)).filter(|_| ["lead", "votes"].contains(&quantity)) {
        let key = if quantity == "lead" { "output.lead" } else { "output.votes" };
        return text.fill(key, &[("scenario", text.name(&case.scenarios[s].name))]);
    }
    if let Some(outcome) = case.method.first_passages.iter().find(|f| f.id == quantity) {
        return text.fill("output.outcome", &[("outcome", text.name(&outcome.label))]);
    }
    let thing = match &output.quantity {
        Some(quantity) => crate::experiment::variance::quantity_short(text, quantity).to_owned(),
        None => quantity.to_owned(),
    };
    let level = detail.and_then(|d| case.method.levels.iter().find(|level| level.id == d));
    if let Some(level) = level {
        let class = text.name(&level.name);
        return text.fill("output.class", &[("thing", thing.as_str()), ("class", class)]);
    }
    let percent = QUANTILES.iter().find(|p| detail == Some(format!("q{:03.0}", **p * 1000.0).as_str()));
    match (detail, percent) {
        (Some("mean"), _) => text.fill("output.mean", &[("thing", thing)]),
        (Some("sd"), _) => text.fill("output.sd", &[("thing", thing)]),
        (_, Some(p)) if *p != 0.5 => {
            let percent = text.number(100.0 * p, usize::from((100.0 * p).fract() != 0.0));
            text.fill("output.quantile", &[("thing", thing), ("percent", percent)])
        }
        _ => text.fill("output.median", &[("thing", thing)]),
    }
}
