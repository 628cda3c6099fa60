//! The assessment as text: tables that read like Tables 19-26 of the source, tidy CSV, JSON.

mod tables;

use serde::Serialize;

use super::records::Records;
use crate::assess::{Assessment, CompositeSpread, Estimate, Spread, TownAssessment};
use crate::case::{Composite, Input, SubIndicator};
use crate::text::Text;

/// How to write a table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Format {
    /// For the terminal (default).
    #[default]
    Table,
    /// Comma-separated, one value a row.
    Csv,
    /// The same records as a JSON array.
    Json,
}

/// Writes an assessment.
///
/// CSV and JSON have one record for each value: town, variant, item, value, class, unit. Items of every town
/// are the symbols of sub-indicators and composites (`TDm1`, `TDea`; composites with their class),
/// `votes.<scenario>`, `lead.<scenario>` (share of the lead), `leading` (ids joined by `+`) and `margin`. For
/// a town with missing inputs an uncertain sub-indicator's value is its mode, with `.low` and `.high` beside
/// it;
/// composites, votes, lead and margin are means over draws, with `.mcse` (Monte Carlo standard error) beside
/// them, and `TDea.sd`, `TDea.p5`, `TDea.p50`, `TDea.p95`, `class.TDea.<class>` (probability),
/// `alone.<scenario>` and `among.<scenario>` (probability of leading alone, of being among the leaders) are
/// added; its class is the most probable one, and `leading` has the largest share of the lead. Where draws leave a
/// composite undefined, `class.TDea.undefined` and `lead.undefined` stand beside the others. A cell of what is
/// undefined is empty.
pub fn render(assessment: &Assessment, format: Format, text: &Text) -> String {
    match format {
        Format::Table => tables::tables(assessment, text),
        Format::Csv => csv(&HEADER, records(assessment).into_iter().map(Record::cells)),
        Format::Json => {
            // Records of text and finite or null numbers always have a JSON form.
            serde_json::to_string_pretty(&records(assessment))
                .map_or_else(|_| String::new(), |text| text + "\n")
        }
    }
}

/// A table as CSV text.
pub(super) fn csv(header: &[&str], rows: impl Iterator<Item = Vec<String>>) -> String {
    let mut records = Records::new(header);
    for row in rows {
        records.row(&row.iter().map(String::as_str).collect::<Vec<_>>(), &[], &[]);
    }
    records.finish()
}

const HEADER: [&str; 6] = ["town", "variant", "item", "value", "class", "unit"];

/// One value of an assessment.
#[derive(Debug, Clone, Serialize)]
struct Record {
    town: String,
    variant: String,
    item: String,
    value: Value,
    class: Option<String>,
    unit: String,
}

#[derive(Debug, Clone, Serialize)]
#[serde(untagged)]
enum Value {
    Number(f64),
    Text(String),
}

impl Record {
    fn cells(self) -> Vec<String> {
        let value = match self.value {
            // What is undefined has no number.
            Value::Number(x) if !x.is_finite() => String::new(),
            Value::Number(x) => x.to_string(),
            Value::Text(text) => text,
        };
        vec![self.town, self.variant, self.item, value, self.class.unwrap_or_default(), self.unit]
    }
}

/// The variant with the readings that are not the method's first (`printed-inputs/TDm=complement`).
fn variant_name(assessment: &Assessment) -> String {
    let readings = assessment.readings.iter().map(|(composite, name)| format!("/{composite}={name}"));
    format!("{}{}", assessment.variant, readings.collect::<String>())
}

fn records(assessment: &Assessment) -> Vec<Record> {
    let variant = variant_name(assessment);
    let mut records = Vec::new();
    for town in &assessment.towns {
        let mut push = |item: &str, value: Value, class: Option<String>, unit: &str| {
            records.push(Record {
                town: town.id.clone(),
                variant: variant.clone(),
                item: item.to_owned(),
                value,
                class,
                unit: unit.to_owned(),
            });
        };
        for (k, sub_indicator) in assessment.method.sub_indicators.iter().enumerate() {
            let SubIndicator { symbol, unit, .. } = sub_indicator;
            push(symbol, Value::Number(town.score.sub_indicators[k]), None, unit);
            if let Input::Missing { low, high, .. } = &town.inputs[k]
                && low < high
            {
                push(&format!("{symbol}.low"), Value::Number(*low), None, unit);
                push(&format!("{symbol}.high"), Value::Number(*high), None, unit);
            }
        }
        match &town.spread {
            None => records_of_score(assessment, town, &mut push),
            Some(spread) => records_of_spread(assessment, spread, &mut push),
        }
    }
    records
}

type Push<'a> = &'a mut dyn FnMut(&str, Value, Option<String>, &str);

const INDEX: &str = "index";
const VOTES: &str = "votes";
const SHARE: &str = "share of the lead";
const PROBABILITY: &str = "probability";
const SCENARIO: &str = "scenario";
/// What stands beside classes and leads where a composite has no value.
const UNDEFINED: &str = "undefined";

fn records_of_score(assessment: &Assessment, town: &TownAssessment, push: Push<'_>) {
    let score = &town.score;
    for (c, composite) in assessment.method.composites.iter().enumerate() {
        let class = score.classes[c].map(|class| class_name(assessment, composite, class));
        push(&composite.symbol, Value::Number(score.composites[c]), class, INDEX);
    }
    let whole: u64 = score.lead.parts.iter().sum();
    for (s, (id, _)) in assessment.scenarios.iter().enumerate() {
        push(&format!("votes.{id}"), Value::Number(f64::from(score.votes[s])), None, VOTES);
    }
    for (s, (id, _)) in assessment.scenarios.iter().enumerate() {
        let share = score.lead.parts[s] as f64 / (whole as f64).max(1.0);
        push(&format!("lead.{id}"), Value::Number(share), None, SHARE);
    }
    let leaders = score.lead.leaders.iter().map(|s| assessment.scenarios[*s].0.as_str());
    push("leading", Value::Text(leaders.collect::<Vec<_>>().join("+")), None, SCENARIO);
    push("margin", Value::Number(f64::from(score.lead.margin)), None, VOTES);
}

fn records_of_spread(assessment: &Assessment, spread: &Spread, push: Push<'_>) {
    let mut estimate = |item: &str, estimate: Estimate, class: Option<String>, unit: &str| {
        push(item, Value::Number(estimate.value), class, unit);
        push(&format!("{item}.mcse"), Value::Number(estimate.error), None, unit);
    };
    for (composite, values) in assessment.method.composites.iter().zip(&spread.composites) {
        let symbol = &composite.symbol;
        estimate(symbol, values.mean, most_probable(assessment, composite, values), INDEX);
        for (class, probability) in values.classes.iter().enumerate() {
            let name = class_name(assessment, composite, class);
            estimate(&format!("class.{symbol}.{name}"), *probability, Some(name), PROBABILITY);
        }
        if values.undefined.value > 0.0 {
            estimate(&format!("class.{symbol}.{UNDEFINED}"), values.undefined, None, PROBABILITY);
        }
    }
    for ((id, _), scenario) in assessment.scenarios.iter().zip(&spread.scenarios) {
        estimate(&format!("votes.{id}"), scenario.votes, None, VOTES);
        estimate(&format!("lead.{id}"), scenario.lead, None, SHARE);
        estimate(&format!("alone.{id}"), scenario.alone, None, PROBABILITY);
        estimate(&format!("among.{id}"), scenario.among, None, PROBABILITY);
    }
    if spread.no_lead.value > 0.0 {
        estimate(&format!("lead.{UNDEFINED}"), spread.no_lead, None, SHARE);
    }
    estimate("margin", spread.margin, None, VOTES);
    for (composite, values) in assessment.method.composites.iter().zip(&spread.composites) {
        let symbol = &composite.symbol;
        push(&format!("{symbol}.sd"), Value::Number(values.sd), None, INDEX);
        for (name, value) in ["p5", "p50", "p95"].iter().zip(values.quantiles) {
            push(&format!("{symbol}.{name}"), Value::Number(value), None, INDEX);
        }
    }
    push("leading", Value::Text(likeliest_leader(assessment, spread)), None, SCENARIO);
}

fn class_name(assessment: &Assessment, composite: &Composite, class: usize) -> String {
    let class = composite.scale.as_ref().and_then(|scale| scale.get(class));
    class.map_or_else(String::new, |class| assessment.method.levels[class.level].id.clone())
}

fn most_probable(assessment: &Assessment, composite: &Composite, values: &CompositeSpread) -> Option<String> {
    let classes = values.classes.iter().enumerate();
    let best = classes.max_by(|a, b| a.1.value.total_cmp(&b.1.value))?;
    Some(class_name(assessment, composite, best.0))
}

/// The scenario with the largest share of the lead.
fn likeliest_leader(assessment: &Assessment, spread: &Spread) -> String {
    let scenarios = assessment.scenarios.iter().zip(&spread.scenarios);
    let best = scenarios.max_by(|a, b| a.1.lead.value.total_cmp(&b.1.lead.value));
    best.map_or_else(String::new, |((id, _), _)| id.clone())
}
