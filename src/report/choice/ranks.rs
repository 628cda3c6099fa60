//! Rank acceptability, central weights and confidence factors.

use serde::Serialize;

use super::{factors, group_name, json, town};
use crate::case::Case;
use crate::experiment::choice::Acceptability;
use crate::report::assessment::Format;
use crate::report::grid::Grid;
use crate::report::records::Records;
use crate::text::Text;

#[derive(Debug, Serialize)]
struct Row<'a> {
    town: &'a str,
    factors: &'static str,
    scenario: &'a str,
    item: String,
    value: f64,
    low: Option<f64>,
    high: Option<f64>,
}

/// Per town, what was drawn and scenario: `rank.1` .. (probability of that rank), `weight.<symbol>` (central weights) and
/// `confidence`: columns town, factors, scenario, item, value, low, high. `symbols` are those of the weights.
pub fn render(case: &Case, all: &[Acceptability], symbols: &[String], format: Format, text: &Text) -> String {
    match format {
        Format::Table => table(case, all, symbols, text),
        Format::Csv => {
            let mut records = Records::new(&["town", "factors", "scenario", "item", "value", "low", "high"]);
            for row in rows(case, all, symbols) {
                let (low, high) = (row.low.unwrap_or(f64::NAN), row.high.unwrap_or(f64::NAN));
                records.row(
                    &[row.town, row.factors, row.scenario, &row.item],
                    &[&row.value, &low, &high],
                    &[],
                );
            }
            records.finish()
        }
        Format::Json => json(&rows(case, all, symbols)),
    }
}

fn rows<'a>(case: &'a Case, all: &'a [Acceptability], symbols: &[String]) -> Vec<Row<'a>> {
    let mut rows = Vec::new();
    for a in all {
        for (s, of) in a.scenarios.iter().enumerate() {
            let mut add = |item: String, value: f64, ends: Option<(f64, f64)>| {
                rows.push(Row {
                    town: &a.town,
                    factors: factors(a.group),
                    scenario: &case.scenarios[s].id,
                    item,
                    value,
                    low: ends.map(|e| e.0),
                    high: ends.map(|e| e.1),
                });
            };
            for (rank, (value, low, high)) in of.ranks.iter().enumerate() {
                add(format!("rank.{}", rank + 1), *value, Some((*low, *high)));
            }
            for (symbol, weight) in symbols.iter().zip(&of.central_weights) {
                add(format!("weight.{symbol}"), *weight, None);
            }
            if let Some((value, low, high)) = of.confidence {
                add("confidence".to_owned(), value, Some((low, high)));
            }
        }
    }
    rows
}

fn table(case: &Case, all: &[Acceptability], symbols: &[String], text: &Text) -> String {
    let mut out = format!("{}\n", text.get("choice.ranks_title"));
    // A table for each town: a row for each scenario under all that is uncertain, and under weights alone.
    for a in
        all.iter().filter(|a| a.scenarios.iter().any(|s| !s.central_weights.is_empty()) || a.group.is_none())
    {
        let head = format!("{}, {}", town(case, &a.town, text), group_name(a.group, text));
        let ranks =
            (1..=a.scenarios.len()).map(|rank| text.fill("choice.rank", &[("rank", rank.to_string())]));
        let has_weights = a.scenarios.iter().any(|s| !s.central_weights.is_empty());
        let weights = symbols.iter().filter(|_| has_weights).cloned();
        let confidence = has_weights.then(|| text.get("choice.confidence").to_owned());
        let header = std::iter::once(head).chain(ranks).chain(confidence).chain(weights);
        let mut grid = Grid::new(header.collect()).right();
        for (s, of) in a.scenarios.iter().enumerate() {
            let share = |(value, low, high): &(f64, f64, f64)| text.share(*value, (*low, *high));
            let name = text.name(&case.scenarios[s].name).to_owned();
            let confidence = has_weights.then(|| of.confidence.map_or_else(|| "-".to_owned(), |c| share(&c)));
            let weights = symbols.iter().enumerate().filter(|_| has_weights);
            let weights = weights.map(|(k, _)| {
                of.central_weights.get(k).map_or_else(|| "-".to_owned(), |w| text.number(*w, 2))
            });
            grid.row(
                std::iter::once(name)
                    .chain(of.ranks.iter().map(share))
                    .chain(confidence)
                    .chain(weights)
                    .collect(),
            );
        }
        out.push('\n');
        out.push_str(&grid.render());
    }
    out
}
