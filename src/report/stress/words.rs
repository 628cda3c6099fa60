//! What a stress is, what moves along and how plausible it is, in words.

use crate::case::{Case, Stress};
use crate::experiment::stress::{Companion, Falls, Plausibility};
use crate::text::Text;

/// So many years are told one by one.
const TOLD: usize = 8;

/// A stress as it was asked for, and what is known of it before it is run.
#[derive(Debug, Clone)]
pub struct Asked {
    /// As asked.
    pub stress: Stress,
    /// What moves along.
    pub companions: Vec<Companion>,
    /// How plausible it is.
    pub plausibility: Plausibility,
}

/// What a stress is and how plausible, a line each: what is shown before it is run.
pub fn before(case: &Case, asked: &Asked, text: &Text) -> Vec<String> {
    let mut lines = vec![format!("{}: {}", text.name(&asked.stress.name), what(case, &asked.stress, text))];
    if !asked.companions.is_empty() {
        let one = |companion: &Companion| {
            let commodity = text.name(&case.commodities[companion.commodity].name);
            format!("{commodity} {}", change(text, companion.change))
        };
        let list = text.list(&asked.companions.iter().map(one).collect::<Vec<_>>());
        lines.push(text.fill("stress.along", &[("list", list)]));
    }
    let Plausibility { distance, dimensions, tail, history } = &asked.plausibility;
    match (distance, tail) {
        (Some(distance), Some(tail)) => {
            let values = [
                ("distance", text.number(*distance, 1)),
                ("count", dimensions.to_string()),
                ("tail", tail.percent_told(text)),
            ];
            lines.push(text.fill("stress.distance", &values));
        }
        _ if !asked.stress.shocks.is_empty() => lines.push(text.get("stress.no_distance").to_owned()),
        _ => {}
    }
    lines.extend(history.iter().map(|falls| fell(case, falls, text)));
    lines
}

fn fell(case: &Case, falls: &Falls, text: &Text) -> String {
    let (share, low, high) = falls.share();
    let years = |years: &[i32]| {
        let list: Vec<String> = years.iter().map(i32::to_string).collect();
        match list.len() {
            0 => text.get("stress.never").to_owned(),
            1..=TOLD => list.join(", "),
            many => text.counted("times", many as u64),
        }
    };
    let values = [
        ("commodity", text.name(&case.commodities[falls.commodity].name).to_owned()),
        ("change", change(text, falls.change)),
        ("years", falls.years.to_string()),
        ("first", falls.span.0.to_string()),
        ("count", falls.in_a_year.len().to_string()),
        ("share", text.share(share, (low, high))),
        ("list", years(&falls.in_a_year)),
        ("three", years(&falls.in_three_years)),
    ];
    text.fill("stress.falls", &values)
}

/// Its parts in words.
fn what(case: &Case, stress: &Stress, text: &Text) -> String {
    let fade = |half_life: Option<f64>, path: &[f64]| match half_life {
        Some(half) => text.fill("stress.fades", &[("half", text.readable(half))]),
        None if path.last() == Some(&0.0) => String::new(),
        None => text.get("stress.stays").to_owned(),
    };
    let course = |name: &str, (size, start, years): (f64, i32, i32), half_life, path: &[f64]| {
        let ends =
            path.split_last().is_some_and(|(last, rest)| *last == 0.0 && rest.iter().all(|x| *x == size));
        let values = [
            ("name", name.to_owned()),
            ("change", change(text, size)),
            ("changes", path.iter().map(|x| change(text, *x)).collect::<Vec<_>>().join(", ")),
            ("year", start.to_string()),
            ("years", text.counted("years", (years - i32::from(ends)) as u64)),
            ("fade", fade(half_life, path)),
        ];
        text.fill(if path.is_empty() || ends { "stress.shock" } else { "stress.path" }, &values)
    };
    let shocks = stress.shocks.iter().map(|shock| {
        let name = text.name(&case.commodities[shock.commodity].name);
        course(name, (shock.change, shock.start, shock.years), shock.half_life, &shock.path)
    });
    let events = stress.events.iter().map(|forced| {
        let name = text.name(&case.events[forced.event].label).to_owned();
        text.fill("stress.event", &[("name", name), ("year", forced.year.to_string())])
    });
    let plans = stress.plans.iter().map(|plan| {
        let name = text.name(&case.drivers[plan.driver].label);
        let name = text.fill("stress.plan", &[("name", name)]);
        course(&name, (plan.change, plan.start, plan.years), plan.half_life, &plan.path)
    });
    shocks.chain(events).chain(plans).collect::<Vec<_>>().join("; ") + "."
}

/// A change of a price in percent, with its sign.
pub(super) fn change(text: &Text, change: f64) -> String {
    let percent = 100.0 * change;
    let number = text.number(percent, usize::from(percent.abs() < 0.95));
    text.percent_of(&if change > 0.0 { format!("+{number}") } else { number })
}
