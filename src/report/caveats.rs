//! The title of a report, what is to be known before any number, and what the numbers do not know.

use super::delivered;
use super::words::{notices, trial, undefined};
use crate::analyse::{Results, by_grade};
use crate::case::{Case, PriceProcess};
use crate::text::Text;

/// What is to be known before any number: too few runs, a price stress, parts of the uncertainty.
pub(crate) fn laid_on(results: &Results, text: &Text) -> Vec<String> {
    let setup = &results.setup;
    let trial = setup.is_trial().then(|| trial(setup.runs, text));
    let stress =
        setup.stress_name.iter().map(|name| text.fill("report.stress", &[("stress", text.name(name))]));
    let part = (setup.uncertainty != "all")
        .then(|| text.fill("report.uncertainty", &[("what", &text.uncertainty(&setup.uncertainty))]));
    trial.into_iter().chain(stress).chain(part).collect()
}

/// What the numbers do not know.
pub(crate) fn caveats(case: &Case, results: &Results, text: &Text) -> Vec<String> {
    let incomplete = results.towns.iter().filter(|t| !t.complete);
    let incomplete: Vec<String> = incomplete.map(|t| text.name(&t.name).to_owned()).collect();
    let count = case.assumptions.len().to_string();
    let base = results.setup.years.first().map_or_else(String::new, i32::to_string);
    let mut items = vec![text.fill("caveats.assumptions", &[("count", &count)])];
    items.extend(delivered::sentences(case, text));
    if !incomplete.is_empty() {
        items.push(text.fill("caveats.missing", &[("towns", &text.list(&incomplete))]));
    }
    let values = [("base", base.as_str()), ("region", text.name(&results.setup.region))];
    for key in ["caveats.alone", "caveats.borders", "caveats.observed", "caveats.illusion"] {
        items.push(text.fill(key, &values));
    }
    items.extend(known_events(results, text));
    if let PriceProcess::Mixture { .. } = case.prices.process {
        items.push(text.get("caveats.prices").to_owned());
    }
    items.push(tested(results, text));
    items.extend(["caveats.means", "caveats.error"].map(|key| text.get(key).to_owned()));
    items.extend(notices(case, None, text));
    items.extend(undefined(results, text));
    items
}

/// Up to when events are not drawn but known; none where all are drawn.
fn known_events(results: &Results, text: &Text) -> Option<String> {
    let setup = &results.setup;
    let first = setup.years.first()? + 1;
    let last = setup.known_until.filter(|last| *last >= first)?;
    let key = if last == first { "report.known_one" } else { "report.known" };
    Some(text.fill(key, &[("first", first.to_string()), ("last", last.to_string())]))
}

/// What the backtest said, quantities by grade.
fn tested(results: &Results, text: &Text) -> String {
    let all: Vec<usize> = (0..results.quantities.len()).collect();
    let parts = by_grade(&results.verdicts, &all).into_iter().map(|(grade, quantities)| {
        let names: Vec<&str> =
            quantities.into_iter().map(|q| text.name(&results.quantities[q].label)).collect();
        format!("{} – {}", text.get(grade.key()), names.join(", "))
    });
    let parts: Vec<String> = parts.collect();
    if parts.is_empty() {
        return text.get("caveats.untested").to_owned();
    }
    text.fill("caveats.tested", &[("grades", &parts.join("; "))])
}

/// The title of the report: the region, how many futures were run, the years.
pub(crate) fn title(results: &Results, text: &Text) -> String {
    let count = results.towns.first().map_or(0, |town| town.scenarios.len());
    let year = |year: Option<&i32>| year.map_or_else(String::new, i32::to_string);
    let values = [
        ("region", text.name(&results.setup.region).to_owned()),
        ("count", count.to_string()),
        ("first", year(results.setup.years.first())),
        ("last", year(results.setup.years.last())),
    ];
    text.fill(if count == 1 { "report.title_one" } else { "report.title" }, &values)
}
