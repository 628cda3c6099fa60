//! How sure the choice of today is: tables, CSV and JSON of `boljam choice`.

pub mod flips;
pub mod ranks;

use serde::Serialize;

use super::assessment::Format;
use super::grid::Grid;
use super::indices::IndexRow;
use super::records::Records;
use crate::case::Case;
use crate::experiment::choice::{Acceptability, DecidingIndices, Group, Output};
use crate::text::Text;

/// As tables write what was drawn.
pub(super) fn factors(group: Option<Group>) -> &'static str {
    group.map_or("all", Group::id)
}

/// What was drawn, for people.
pub fn group_name(group: Option<Group>, text: &Text) -> String {
    text.get(&format!("choice.{}", factors(group))).to_owned()
}

/// Ids of scenarios, joined by `+`.
pub(super) fn ids(case: &Case, scenarios: &[usize]) -> String {
    scenarios.iter().map(|s| case.scenarios[*s].id.as_str()).collect::<Vec<_>>().join("+")
}

/// Names of scenarios as a list; nobody where there is none.
pub fn names(case: &Case, scenarios: &[usize], text: &Text) -> String {
    if scenarios.is_empty() {
        return text.get("choice.nobody").to_owned();
    }
    let names: Vec<String> =
        scenarios.iter().map(|s| text.name(&case.scenarios[*s].name).to_owned()).collect();
    text.list(&names)
}

/// Name of a town.
pub(super) fn town<'c>(case: &'c Case, id: &'c str, text: &'c Text) -> &'c str {
    case.town(id).map_or(id, |t| text.name(&case.towns[t].name))
}

/// Rows as JSON; numbers and texts always have a form.
pub(super) fn json<T: Serialize>(rows: &[T]) -> String {
    serde_json::to_string_pretty(rows).map_or_else(|_| String::new(), |text| text + "\n")
}

/// A row of the table of acceptability.
#[derive(Debug, Clone, Serialize)]
struct Row<'a> {
    town: &'a str,
    factors: &'static str,
    scenario: &'a str,
    probability: f64,
    low: f64,
    high: f64,
    rank: usize,
    margin: f64,
}

/// The probability that each scenario leads, with its interval, its rank by it, and by how many votes it is ahead of
/// the best other one on average: columns town, factors, scenario, probability, low, high, rank, margin.
pub fn render(case: &Case, all: &[Acceptability], format: Format, text: &Text) -> String {
    let rows = all.iter().flat_map(|a| {
        a.scenarios.iter().enumerate().map(move |(s, of)| Row {
            town: &a.town,
            factors: factors(a.group),
            scenario: &case.scenarios[s].id,
            probability: of.probability,
            low: of.low,
            high: of.high,
            rank: of.rank,
            margin: of.margin,
        })
    });
    match format {
        Format::Table => table(case, all, text),
        Format::Csv => {
            let header = ["town", "factors", "scenario", "probability", "low", "high", "rank", "margin"];
            let mut records = Records::new(&header);
            for row in rows {
                let texts = [row.town, row.factors, row.scenario];
                records.row(&texts, &[&row.probability, &row.low, &row.high, &row.rank, &row.margin], &[]);
            }
            records.finish()
        }
        Format::Json => json(&rows.collect::<Vec<_>>()),
    }
}

fn table(case: &Case, all: &[Acceptability], text: &Text) -> String {
    let mut out = String::new();
    if let Some(first) = all.first() {
        out.push_str(&text.fill("choice.title", &[("draws", text.number(first.draws as f64, 0))]));
        out.push('\n');
    }
    for of_town in all.chunk_by(|a, b| a.town == b.town) {
        let name = town(case, &of_town[0].town, text).to_owned();
        let scenarios = case.scenarios.iter().map(|s| text.name(&s.name).to_owned());
        let header = std::iter::once(name).chain(scenarios).chain([text.get("choice.margin").to_owned()]);
        let mut grid = Grid::new(header.collect()).right();
        for a in of_town {
            let share = |s: &crate::experiment::choice::ScenarioAcceptability| {
                text.share(s.probability, (s.low, s.high))
            };
            let first = a.scenarios.iter().find(|s| s.rank == 1).map_or(0.0, |s| s.margin);
            let row = std::iter::once(group_name(a.group, text)).chain(a.scenarios.iter().map(share));
            grid.row(row.chain([text.number(first, 2)]).collect());
        }
        out.push('\n');
        out.push_str(&grid.render());
    }
    out.push('\n');
    out.push_str(text.get("choice.note"));
    out.push('\n');
    out
}

/// Indices of who leads and of the margin, as rows: output `town.scenario` or `town.margin`.
pub fn index_rows(case: &Case, all: &[DecidingIndices]) -> Vec<IndexRow> {
    let of = |found: &DecidingIndices| {
        let output = match found.output {
            Output::Leads(s) => format!("{}.{}", found.town, case.scenarios[s].id),
            Output::Margin => format!("{}.margin", found.town),
        };
        let kinds = [("S1", &found.indices.first), ("ST", &found.indices.total)];
        let rows = kinds.into_iter().flat_map(|(kind, values)| {
            found.names.iter().zip(values).map(move |(name, interval)| (name.clone(), kind, *interval))
        });
        rows.map(|(name, kind, interval)| IndexRow::new(&output, &name, kind, interval)).collect::<Vec<_>>()
    };
    all.iter().flat_map(of).collect()
}
