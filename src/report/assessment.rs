//! The assessment as tables that read like those of the source, as tidy CSV, or as JSON.

use std::fmt::Write as _;

use serde::Serialize;

use super::grid::Grid;
use crate::assess::{Assessment, TownAssessment};
use crate::case::{Case, Composite, Input};
use crate::text::Text;

/// How a table is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// For people.
    Table,
    /// Tidy CSV.
    Csv,
    /// JSON records, the same as the CSV rows.
    Json,
}

/// One row of the tidy form.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Record {
    /// Town id.
    pub town: String,
    /// Variant.
    pub variant: String,
    /// Item: a symbol (`TDm1`, `TDm`), `votes.<scenario>`, `leading`, `margin`; for towns with missing inputs
    /// also `probability.<symbol>.<class>`, `lead.<scenario>` and each with `.mcse`.
    pub item: String,
    /// Value.
    pub value: String,
    /// Class of a composite.
    pub class: String,
    /// Unit.
    pub unit: String,
}

/// Writes an assessment.
pub fn render(case: &Case, assessment: &Assessment, format: Format, text: &Text) -> String {
    match format {
        Format::Table => table(case, assessment, text),
        Format::Csv => csv(&records(case, assessment)),
        // Plain strings always serialise.
        Format::Json => serde_json::to_string_pretty(&records(case, assessment)).unwrap_or_default() + "\n",
    }
}

/// The tidy rows, towns in the case's order.
pub fn records(case: &Case, assessment: &Assessment) -> Vec<Record> {
    let mut rows = Vec::new();
    for town in &assessment.towns {
        let mut add = |item: String, value: String, class: &str, unit: &str| {
            rows.push(Record {
                town: case.towns[town.town].id.clone(),
                variant: assessment.variant.id().to_owned(),
                item,
                value,
                class: class.to_owned(),
                unit: unit.to_owned(),
            });
        };
        for (s, value) in case.method.sub_indicators.iter().zip(&town.sub_indicators) {
            add(s.symbol.clone(), value.to_string(), "", &s.unit);
        }
        for (k, c) in case.method.composites.iter().enumerate() {
            add(
                c.symbol.clone(),
                town.composites[k].to_string(),
                class_id(case, c, town.classes[k]),
                "index",
            );
        }
        for (s, votes) in case.scenarios.iter().zip(&town.verdict.votes) {
            add(format!("votes.{}", s.id), votes.to_string(), "", "votes");
        }
        add("leading".to_owned(), leaders(case, town), "", "scenarios");
        add("margin".to_owned(), town.verdict.margin.to_string(), "", "votes");
        let Some(uncertain) = &town.uncertain else { continue };
        for ((_, c, classes), shares) in case.method.scaled().zip(&uncertain.classes) {
            for (class, share) in classes.iter().zip(shares) {
                let item = format!("probability.{}.{}", c.symbol, case.method.levels[class.level].id);
                add(format!("{item}.mcse"), share.mcse.to_string(), "", "probability");
                add(item, share.share.to_string(), "", "probability");
            }
        }
        for (s, share) in case.scenarios.iter().zip(&uncertain.lead) {
            add(format!("lead.{}", s.id), share.share.to_string(), "", "share");
            add(format!("lead.{}.mcse", s.id), share.mcse.to_string(), "", "share");
        }
    }
    rows
}

fn csv(rows: &[Record]) -> String {
    let mut out = "town,variant,item,value,class,unit\n".to_owned();
    for r in rows {
        let _ = writeln!(out, "{},{},{},{},{},{}", r.town, r.variant, r.item, r.value, r.class, r.unit);
    }
    out
}

fn class_id<'a>(case: &'a Case, composite: &Composite, class: Option<usize>) -> &'a str {
    let scale = composite.scale.as_deref().unwrap_or_default();
    class.and_then(|c| scale.get(c)).map_or("", |c| case.method.levels[c.level].id.as_str())
}

fn leaders(case: &Case, town: &TownAssessment) -> String {
    town.verdict.leaders.iter().map(|s| case.scenarios[*s].id.as_str()).collect::<Vec<_>>().join(" ")
}

/// Up to two decimals, as many as are needed.
fn short(text: &Text, value: f64) -> String {
    let rounded = text.number(value, 2);
    let trimmed = rounded.trim_end_matches('0').trim_end_matches('.');
    if rounded.contains('.') { trimmed.to_owned() } else { rounded }
}

/// One table a composite that has a scale, with everything it is computed from; then the votes.
fn table(case: &Case, assessment: &Assessment, text: &Text) -> String {
    let values = [("variant", assessment.variant.id()), ("tdm", assessment.tdm.id())];
    let mut out = format!("{}\n", text.fill("assess.title", &values));
    for (k, composite, scale) in case.method.scaled() {
        let bounds = scale
            .iter()
            .map(|c| format!("{} to {}", text.name(&case.method.levels[c.level].name), c.upper))
            .collect::<Vec<_>>();
        let _ =
            writeln!(out, "\n{} ({}): {}", text.name(&composite.label), composite.symbol, bounds.join(", "));
        let (inputs, steps) = ingredients(case, k);
        let symbol = |c: &usize| case.method.composites[*c].symbol.clone();
        let mut header = vec![text.get("table.town").to_owned()];
        header.extend(inputs.iter().map(|i| case.method.sub_indicators[*i].symbol.clone()));
        header.extend(steps.iter().map(symbol));
        header.extend([composite.symbol.clone(), text.get("assess.class").to_owned()]);
        let mut grid = Grid::new(header);
        for town in &assessment.towns {
            let mut row = vec![text.name(&case.towns[town.town].name).to_owned()];
            row.extend(inputs.iter().map(|&i| {
                let missing =
                    matches!(case.towns[town.town].inputs[i], Input::Missing { low, high, .. } if low < high);
                format!("{}{}", if missing { "~" } else { "" }, short(text, town.sub_indicators[i]))
            }));
            row.extend(steps.iter().map(|&c| short(text, town.composites[c])));
            row.push(short(text, town.composites[k]));
            row.push(level_name(case, composite, town.classes[k], text).to_owned());
            grid.row(row);
        }
        out.push_str(&grid.render());
    }
    out.push_str(&votes(case, assessment, text));
    out.push_str(&missing(case, assessment, text));
    out
}

fn level_name<'a>(case: &'a Case, composite: &Composite, class: Option<usize>, text: &Text) -> &'a str {
    let scale = composite.scale.as_deref().unwrap_or_default();
    class.and_then(|c| scale.get(c)).map_or("", |c| text.name(&case.method.levels[c.level].name))
}

/// Sub-indicators and intermediate composites that a composite is computed from.
fn ingredients(case: &Case, composite: usize) -> (Vec<usize>, Vec<usize>) {
    let (mut inputs, mut steps) = (Vec::new(), Vec::new());
    for name in case.method.composites[composite].formula.names() {
        if let Some(i) = case.method.sub_indicators.iter().position(|s| s.symbol == name) {
            inputs.push(i);
        } else if let Some(c) = case.method.composites[..composite].iter().position(|c| c.symbol == name) {
            let (more, deeper) = ingredients(case, c);
            inputs.extend(more);
            steps.extend(deeper);
            steps.push(c);
        }
    }
    (inputs, steps)
}

fn votes(case: &Case, assessment: &Assessment, text: &Text) -> String {
    let mut header = vec![text.get("table.town").to_owned()];
    header.extend(case.scenarios.iter().map(|s| text.name(&s.name).to_owned()));
    header.extend([text.get("assess.leading").to_owned(), text.get("assess.margin").to_owned()]);
    let mut grid = Grid::new(header);
    for town in &assessment.towns {
        let mut row = vec![text.name(&case.towns[town.town].name).to_owned()];
        row.extend(town.verdict.votes.iter().map(u32::to_string));
        let names: Vec<&str> =
            town.verdict.leaders.iter().map(|s| text.name(&case.scenarios[*s].name)).collect();
        row.extend([names.join(" + "), town.verdict.margin.to_string()]);
        grid.row(row);
    }
    format!("\n{}\n{}", text.get("assess.votes"), grid.render())
}

/// Share of the lead of towns with missing inputs.
fn missing(case: &Case, assessment: &Assessment, text: &Text) -> String {
    let drawn: Vec<_> = assessment.towns.iter().filter_map(|t| Some((t, t.uncertain.as_ref()?))).collect();
    let Some((_, first)) = drawn.first() else { return String::new() };
    let mut header = vec![text.get("assess.lead").to_owned()];
    header.extend(case.scenarios.iter().map(|s| text.name(&s.name).to_owned()));
    let mut grid = Grid::new(header);
    for (town, uncertain) in &drawn {
        let mut row = vec![text.name(&case.towns[town.town].name).to_owned()];
        let share = |s: &crate::assess::ClassShare| format!("{:.3} ± {:.3}", s.share, s.mcse);
        row.extend(uncertain.lead.iter().map(share));
        grid.row(row);
    }
    let draws = text.number(first.draws as f64, 0);
    format!("\n{}\n{}", text.fill("assess.missing", &[("draws", &draws)]), grid.render())
}
