//! What a comparison says first: whether the choice changes, and where the headline's rate and the outcomes move most.

use std::collections::BTreeMap;

use super::names::Names;
use super::words::{number, percent};
use crate::analyse::Estimate;
use crate::analyse::compare::Difference;

/// So many futures are named; of the others only the number is told.
const NAMED: usize = 3;

/// The sentences: one of the choice, one of the rate and of the persons that the case tells first, one of each outcome.
/// What moves by less than twice its error, or not in the digits that are printed, is not told.
pub(super) fn what_changed(
    differences: &[Difference],
    (year, runs): (&str, u64),
    names: Names<'_>,
) -> Vec<String> {
    let headline = &names.case.method.headline;
    let told = [&headline.rate, &headline.people].into_iter().flatten();
    let mut said = vec![choice(differences, year, names)];
    said.extend(told.filter_map(|id| most(differences, id, names)));
    said.extend(
        names
            .case
            .method
            .first_passages
            .iter()
            .filter_map(|o| outcome(differences, &o.id, (year, runs), names)),
    );
    said
}

/// The largest difference of a quantity that is beyond twice its error.
fn largest<'a>(differences: &'a [Difference], quantity: &str) -> Option<&'a Difference> {
    let firm = differences.iter().filter(|d| d.quantity == quantity && d.mean.abs() > 2.0 * d.mcse);
    firm.max_by(|a, b| a.mean.abs().total_cmp(&b.mean.abs()))
}

/// A future: a town under a scenario.
fn future(d: &Difference, names: Names<'_>) -> String {
    let values = [("town", names.town(&d.town)), ("scenario", names.scenario(&d.scenario))];
    names.text.fill("compare.future", &values)
}

/// In which futures another scenario has most of the lead.
fn choice(differences: &[Difference], year: &str, names: Names<'_>) -> String {
    let text = names.text;
    let mut futures: BTreeMap<(&str, &str), Vec<(&str, &Difference)>> = BTreeMap::new();
    for d in differences {
        if let Some(candidate) = d.quantity.strip_prefix("lead.") {
            futures.entry((&d.town, &d.scenario)).or_default().push((candidate, d));
        }
    }
    let most = |leads: &[(&str, &Difference)], of: fn(&Difference) -> f64| {
        leads
            .iter()
            .enumerate()
            .max_by(|(i, a), (j, b)| of(a.1).total_cmp(&of(b.1)).then(j.cmp(i)))
            .map(|l| l.0)
    };
    let mut turned = Vec::new();
    for leads in futures.values() {
        let (Some(a), Some(b)) = (most(leads, |d| d.mean_a), most(leads, |d| d.mean_b)) else { continue };
        if a != b {
            let values = [
                ("future", future(leads[a].1, names)),
                ("before", names.scenario(leads[a].0).to_owned()),
                ("after", names.scenario(leads[b].0).to_owned()),
            ];
            turned.push(text.fill("compare.turned", &values));
        }
    }
    let count = futures.len().to_string();
    if turned.is_empty() {
        return text.fill("compare.choice_same", &[("count", count.as_str()), ("year", year)]);
    }
    let turns = turned.len();
    let mut list = turned;
    list.truncate(NAMED);
    if turns > NAMED {
        list.push(text.fill("compare.more", &[("count", (turns - NAMED).to_string())]));
    }
    let values = [
        ("turned", turns.to_string()),
        ("count", count),
        ("year", year.to_owned()),
        ("list", list.join("; ")),
    ];
    text.fill("compare.choice", &values)
}

/// Where a quantity moves most.
fn most(differences: &[Difference], quantity: &str, names: Names<'_>) -> Option<String> {
    let d = largest(differences, quantity)?;
    let [before, after] = [d.median_a?, d.median_b?].map(|median| number(names.text, median));
    if before == after {
        return None;
    }
    let values = [
        ("quantity", names.compared(&d.quantity)),
        ("future", future(d, names)),
        ("before", before),
        ("after", after),
    ];
    Some(names.text.fill("compare.most", &values))
}

/// Where the probability of an outcome moves most.
fn outcome(
    differences: &[Difference],
    id: &str,
    (year, runs): (&str, u64),
    names: Names<'_>,
) -> Option<String> {
    let d = largest(differences, &format!("outcome.{id}"))?;
    let share = |mean: f64| percent(names.text, Estimate::share(mean * runs as f64, runs));
    let values = [
        ("outcome", names.outcome(id).to_owned()),
        ("future", future(d, names)),
        ("year", year.to_owned()),
        ("before", share(d.mean_a)),
        ("after", share(d.mean_b)),
    ];
    Some(names.text.fill("compare.outcome", &values))
}
