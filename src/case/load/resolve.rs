//! The method once drivers, indices of the region and events are known: what its names stand for.

use super::super::fault::Faults;
use super::super::toml_reader::check_names;
use super::super::{Input, Link, Method, ShareSplit, SubIndicator, SubIndicatorKind, Town};
use super::dynamics::Dynamics;
use super::loader::Loader;
use super::method::{Draft, FILE};

/// Resolves what depends on drivers, region indices and events.
pub(super) fn resolve(
    loader: &mut Loader<'_>,
    draft: Draft,
    dynamics: &Dynamics,
    towns: &[Town],
) -> Option<Method> {
    let faults = &mut loader.faults;
    let symbols = draft.symbols();
    let drivers: Vec<String> = dynamics.drivers.iter().map(|d| d.id.clone()).collect();
    let base = drivers.iter().chain(&symbols).map(|n| format!("base.{n}"));
    let region = dynamics.region_indices.iter().map(|r| format!("region.{}", r.id));
    let year: Vec<String> = drivers.iter().cloned().chain(region).chain(base).collect();
    let with = |more: &[String]| [year.as_slice(), more].concat();
    for s in &draft.sub_indicators {
        if let SubIndicatorKind::Formula(formula) = &s.kind {
            check_names(FILE, &format!("sub_indicator.{}.formula", s.symbol), formula, &year, faults);
        }
    }
    if let Some(formula) = &draft.population_growth {
        check_names(FILE, "population_growth", formula, &year, faults);
    }
    let composites: Vec<String> = draft.composites.iter().map(|c| c.symbol.clone()).collect();
    let all = with(&[symbols.clone(), composites, vec!["population".to_owned()]].concat());
    for p in &draft.persons {
        check_names(FILE, &format!("persons.{}.formula", p.id), &p.formula, &all, faults);
    }
    let mut first_passages = Vec::new();
    for (mut outcome, unless) in draft.first_passages {
        let place = format!("first_passage.{}", outcome.id);
        check_names(FILE, &format!("{place}.condition"), &outcome.condition, &all, faults);
        if let Some(event) = unless {
            outcome.unless_event = dynamics.events.iter().position(|e| e.id == event);
            if outcome.unless_event.is_none() {
                let known = dynamics.events.iter().map(|e| e.id.as_str()).collect::<Vec<_>>().join(", ");
                let place = format!("{place}.unless_event");
                faults.refuse(FILE, place, format!("'{event}'"), &format!("known: {known}"));
            }
        }
        first_passages.push(outcome);
    }
    let indices = (draft.composites.as_slice(), draft.sub_indicators.as_slice());
    super::headline::check(FILE, &draft.headline, indices, &draft.persons, &dynamics.drivers, faults);
    check_inputs(&draft.sub_indicators, towns, faults);
    let place = |key: &str, id: &str, ids: &[String], faults: &mut Faults| {
        let found = ids.iter().position(|i| i == id);
        if found.is_none() {
            let known = format!("known: {}", ids.join(", "));
            faults.refuse(FILE, format!("share_split.{key}"), format!("'{id}'"), &known);
        }
        found
    };
    let [share, part, rest] = &draft.share_split;
    let share = place("share", share, &symbols, faults);
    let part = place("part", part, &drivers, faults);
    let rest = place("rest", rest, &drivers, faults);
    for (key, driver) in [("part", part), ("rest", rest)] {
        if driver.is_some_and(|i| dynamics.drivers[i].link != Link::Log) {
            faults.add(FILE, format!("share_split.{key}"), "must be a driver with the log link");
        }
    }
    Some(Method {
        levels: draft.levels,
        sub_indicators: draft.sub_indicators,
        composites: draft.composites,
        mono_degree: draft.mono_degree?,
        population_growth: draft.population_growth?,
        persons: draft.persons,
        first_passages,
        share_split: ShareSplit { share: share?, part: part?, rest: rest? },
        headline: draft.headline,
        monotown: draft.monotown,
    })
}

/// Every town has a base value of each sub-indicator, inside its range.
fn check_inputs(sub_indicators: &[SubIndicator], towns: &[Town], faults: &mut Faults) {
    for town in towns {
        for (s, input) in sub_indicators.iter().zip(&town.inputs) {
            let (file, values): (_, Vec<(f64, &str)>) = match input {
                Input::Printed { value, fraction, .. } => {
                    let percent = fraction.map(|(numerator, denominator)| 100.0 * numerator / denominator);
                    let values = [Some((*value, "")), percent.map(|p| (p, ", numerator over denominator"))];
                    ("assessment.csv", values.into_iter().flatten().collect())
                }
                Input::Missing { low, mode, high, .. } => {
                    ("missing.csv", vec![(*low, ", low"), (*mode, ", mode"), (*high, ", high")])
                }
            };
            let switch = matches!(s.kind, SubIndicatorKind::Switch);
            for (value, what) in values.into_iter().filter(|v| !v.0.is_nan()) {
                let place = format!("{}, {}{what}", town.id, s.symbol);
                if switch && value != 0.0 && value != 100.0 {
                    faults.refuse(file, place, value, "0 or 100");
                } else if !switch && !(s.range.0..=s.range.1).contains(&value) {
                    faults.refuse(
                        file,
                        place,
                        value,
                        &format!("a number from {} to {}", s.range.0, s.range.1),
                    );
                }
            }
        }
    }
}
