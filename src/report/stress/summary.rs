//! The short table of a stress test: a row a town and scenario.

use serde::Serialize;

use crate::analyse::Estimate;
use crate::case::Case;
use crate::experiment::stress::{Course, ItemKind, StressTest};
use crate::model::{Quantity, QuantityKind};
use crate::report::assessment::Format;
use crate::report::grid::Grid;
use crate::report::records::Records;
use crate::text::Text;

/// A town under a scenario under a stress, in short.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Row {
    /// The stress.
    pub stress: String,
    /// The town.
    pub town: String,
    /// The scenario.
    pub scenario: String,
    /// What the number is.
    pub measure: String,
    /// The number; none where there is none.
    pub value: Option<f64>,
    /// Lower end of its 95 % interval.
    pub low: Option<f64>,
    /// Upper end of it.
    pub high: Option<f64>,
}

/// Places of the quantities that are told first, among those whose course is told: what the share is a share of, which
/// prices move at once; people, rate, index.
pub(super) fn told(case: &Case, test: &StressTest) -> Vec<usize> {
    let headline = &case.method.headline;
    let part = &case.drivers[case.method.share_split.part].id;
    let ids = [Some(part), headline.people.as_ref(), headline.rate.as_ref(), headline.index.as_ref()];
    ids.into_iter().flatten().filter_map(|id| test.quantity(id)).collect()
}

/// The short table, for people or as rows.
pub fn summary(case: &Case, test: &StressTest, format: Format, text: &Text) -> String {
    match format {
        Format::Table => {
            (0..test.stressed.len()).map(|k| table(case, test, k, text)).collect::<Vec<_>>().join("\n")
        }
        Format::Csv => {
            let mut records =
                Records::new(&["stress", "town", "scenario", "measure", "value", "low", "high"]);
            for row in rows(case, test) {
                let number = |x: Option<f64>| x.unwrap_or(f64::NAN);
                let numbers = [number(row.value), number(row.low), number(row.high)];
                records.row(
                    &[&row.stress, &row.town, &row.scenario, &row.measure],
                    &[&numbers[0], &numbers[1], &numbers[2]],
                    &[],
                );
            }
            records.finish()
        }
        Format::Json => serde_json::to_string_pretty(&rows(case, test)).unwrap_or_default() + "\n",
    }
}

/// The numbers of the short table.
pub fn rows(case: &Case, test: &StressTest) -> Vec<Row> {
    let last = test.years.len() - 1;
    let mut rows = Vec::new();
    for stressed in &test.stressed {
        for (t, (town, _)) in test.towns.iter().enumerate() {
            for (s, (scenario, _)) in test.scenarios.iter().enumerate() {
                let mut add = |measure: String, e: Option<Estimate>| {
                    let finite = |x: f64| x.is_finite().then_some(x);
                    let ends = e.map(Estimate::interval);
                    rows.push(Row {
                        stress: stressed.stress.id.clone(),
                        town: town.clone(),
                        scenario: scenario.clone(),
                        measure,
                        value: e.and_then(|e| finite(e.value)),
                        low: ends.and_then(|ends| finite(ends.0)),
                        high: ends.and_then(|ends| finite(ends.1)),
                    });
                };
                for q in told(case, test) {
                    let (id, course) = (&test.quantities[q].id, &stressed.courses[t][s][q]);
                    add(format!("{id}.peak"), course.peak.map(|(_, e)| e));
                    let year = course.peak.map(|(t, _)| Estimate::exact(f64::from(test.years[t])));
                    add(format!("{id}.peak_year"), year);
                    add(format!("{id}.back"), course.recovery.quantile(0.5).map(Estimate::exact));
                    add(format!("{id}.not_back"), course.recovery.share_not_back());
                }
                for (item, effect) in test.items.iter().zip(&stressed.effects[t][s][last]) {
                    if matches!(item.kind, ItemKind::Outcome(_) | ItemKind::Lead(_)) {
                        add(format!("{}.base", item.id), Some(effect.base));
                        add(format!("{}.stressed", item.id), Some(effect.stressed));
                    }
                }
            }
        }
    }
    rows
}

/// The table of one stress.
pub(super) fn table(case: &Case, test: &StressTest, k: usize, text: &Text) -> String {
    let stressed = &test.stressed[k];
    let last = test.years.len() - 1;
    let year = test.years[last].to_string();
    let told = told(case, test);
    let distress = case.method.first_passages.iter().position(|f| f.last_resort);
    let distress =
        distress.and_then(|k| test.items.iter().position(|item| item.kind == ItemKind::Outcome(k)));
    let mut header: Vec<String> = ["table.town", "table.path"].map(|key| text.get(key).to_owned()).to_vec();
    header.extend(told.iter().map(|q| name(text, &test.quantities[*q])));
    header.push(text.get("stress.back").to_owned());
    header.push(text.fill("stress.distress", &[("year", &year)]));
    header.push(text.fill("table.leader", &[("year", &year)]));
    let mut grid = Grid::new(header).right();
    for (t, (_, town)) in test.towns.iter().enumerate() {
        for (s, (_, scenario)) in test.scenarios.iter().enumerate() {
            let (courses, effects) = (&stressed.courses[t][s], &stressed.effects[t][s][last]);
            let mut row = vec![text.name(town).to_owned(), text.name(scenario).to_owned()];
            row.extend(told.iter().map(|q| peak(test, &courses[*q], text)));
            row.push(told.first().map_or_else(String::new, |q| back(&courses[*q], &year, text)));
            row.push(distress.map_or_else(String::new, |k| {
                let effect = &effects[k];
                format!("{} > {}", effect.base.percent_short(text), effect.stressed.percent_short(text))
            }));
            let lead = |f: &dyn Fn(usize) -> Estimate| {
                let candidates = test.items.iter().enumerate().filter_map(|(k, item)| match item.kind {
                    ItemKind::Lead(candidate) => Some((candidate, f(k))),
                    _ => None,
                });
                let best = candidates.fold(None::<(usize, Estimate)>, |best, (c, e)| match best {
                    Some((_, most)) if most.value >= e.value => best,
                    _ => Some((c, e)),
                });
                best.map_or_else(String::new, |(c, e)| {
                    format!("{} {}", text.name(&case.scenarios[c].name), e.percent_short(text))
                })
            };
            let (without, with) = (lead(&|k| effects[k].base), lead(&|k| effects[k].stressed));
            row.push(format!("{without} > {with}"));
            grid.row(row);
        }
    }
    let title = text.fill(
        "stress.title",
        &[
            ("stress", text.name(&stressed.stress.name).to_owned()),
            ("runs", text.number(test.runs as f64, 0)),
        ],
    );
    format!("{title}\n\n{}\n{}\n", grid.render(), text.fill("stress.note", &[("year", &year)]))
}

/// A quantity's name, short where it is an index.
pub(super) fn name(text: &Text, quantity: &Quantity) -> String {
    match quantity.kind {
        QuantityKind::Composite(_) => quantity.id.clone(),
        _ => text.name(&quantity.label).to_owned(),
    }
}

/// The largest mean difference and its year.
pub(super) fn peak(test: &StressTest, course: &Course, text: &Text) -> String {
    match course.peak {
        Some((t, e)) => format!("{} ({})", text.difference(e.value, 1.96 * e.mcse), test.years[t]),
        None => text.get("stress.no_harm").to_owned(),
    }
}

/// When runs are back.
pub(super) fn back(course: &Course, year: &str, text: &Text) -> String {
    let Some(not_back) = course.recovery.share_not_back() else {
        return text.get("stress.no_harm").to_owned();
    };
    let share = not_back.percent_short(text);
    match course.recovery.quantile(0.5) {
        Some(years) => {
            let years = text.counted("years", years as u64);
            text.fill("stress.back_after", &[("years", years.as_str()), ("share", &share), ("year", year)])
        }
        None => text.fill("stress.not_back", &[("share", share.as_str()), ("year", year)]),
    }
}
