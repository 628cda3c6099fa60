//! What is kept of runs, in words: names of things, and sides of boxes.

use super::stories::{Apart, Story};
use crate::analyse::{RunColumn, RunThing};
use crate::case::{Case, Link};
use crate::engine::RunValue;
use crate::model::Model;
use crate::text::Text;

/// What a thing is called.
pub fn thing(text: &Text, case: &Case, model: &Model, of: &RunThing) -> String {
    let named = |key: &str, name: &str| text.fill(key, &[("name", name)]);
    let driver = |i: usize| text.name(&case.drivers[i].label);
    let scenario = |s: usize| text.name(&case.scenarios[s].name);
    match of.value {
        RunValue::Quantity(q) => {
            let quantity = &model.quantities[q];
            let label = text.name(&quantity.label);
            // A symbol is what people who know the method look for.
            if quantity.unit == "index" { format!("{label} ({})", quantity.id) } else { label.to_owned() }
        }
        RunValue::Link(i) => driver(i).to_owned(),
        RunValue::SubIndicator(i) => text.name(&case.method.sub_indicators[i].label).to_owned(),
        RunValue::Lead(s) => named("thing.lead", scenario(s)),
        RunValue::Votes(s) => named("thing.votes", scenario(s)),
        RunValue::Leaders => text.get("thing.leaders").to_owned(),
        RunValue::LogPrice(c) => text.name(&case.commodities[c].name).to_owned(),
        RunValue::Region(r) => {
            // Indices have no names; those that drivers refer to are called like them.
            let id = &case.region_indices[r].id;
            let driver = case.drivers.iter().find(|d| d.id == *id);
            named("thing.region", driver.map_or(id, |d| text.name(&d.label)))
        }
        RunValue::Input(i) => named("thing.input", text.name(&case.method.sub_indicators[i].label)),
        RunValue::Plan(i) => named("thing.plan", driver(i)),
        RunValue::Chance(i) => named("thing.chance", driver(i)),
        RunValue::Delivered => text.get("thing.delivered").to_owned(),
        RunValue::Happened(e) => text.name(&case.events[e].label).to_owned(),
        RunValue::Reached(k) => text.name(&case.method.first_passages[k].label).to_owned(),
        RunValue::Parameter(i, which) => {
            text.fill("thing.parameter", &[("name", driver(i)), ("parameter", which.name())])
        }
    }
}

/// The same with its year, where it has one that matters.
pub fn column(text: &Text, case: &Case, model: &Model, of: &RunColumn) -> String {
    let name = thing(text, case, model, &of.thing);
    match of.year {
        Some(year) => format!("{name}, {year}"),
        None => name,
    }
}

/// A number of a thing with its unit; a price as its change since the base year.
pub fn number(text: &Text, case: &Case, model: &Model, of: &RunThing, value: f64) -> String {
    let digits = text.readable(value);
    match of.value {
        RunValue::Quantity(q) => {
            let quantity = &model.quantities[q];
            match quantity.unit.as_str() {
                "index" => digits,
                "percent" => text.percent_of(&digits),
                unit => format!("{digits} {}", text.unit(unit, quantity.unit_name.as_ref())),
            }
        }
        RunValue::Input(_) | RunValue::SubIndicator(_) => match of.unit.as_str() {
            "percent" => text.percent_of(&digits),
            unit => format!("{digits} {}", text.unit(unit, case.names.get(unit))),
        },
        RunValue::Delivered | RunValue::Lead(_) => text.percent_of(&text.number(100.0 * value, 0)),
        RunValue::Plan(i) | RunValue::Chance(i) => match (case.drivers[i].link, of.value) {
            (Link::Log, RunValue::Plan(_)) => text.fill("thing.times", &[("x", text.number(value, 2))]),
            (Link::Log, _) => text.fill("thing.factor", &[("x", text.number(value, 2))]),
            (Link::Logit, _) => text.fill("thing.odds", &[("x", text.number(value, 2))]),
            (Link::Identity, _) => {
                let sign = if value > 0.0 { "+" } else { "" };
                format!("{sign}{digits} {}", text.unit(&of.unit, case.names.get(&of.unit)))
            }
        },
        RunValue::LogPrice(c) => {
            let change = signed_percent(text, value / model.prices.ln_base[c].exp() - 1.0);
            text.fill("thing.price", &[("x", change), ("year", case.base_year.to_string())])
        }
        RunValue::Happened(_) | RunValue::Reached(_) if value == 0.0 || value == 1.0 => {
            text.get(if value > 0.5 { "thing.yes" } else { "thing.no" }).to_owned()
        }
        RunValue::Region(_) | RunValue::Parameter(..) => text.number(value, 2),
        _ => digits,
    }
}

/// A side of a box in words; `from` and `to` are its own ends, both in it. Prices are told as changes since the base
/// year.
pub fn side(
    text: &Text,
    case: &Case,
    model: &Model,
    of: &RunColumn,
    (from, to): (Option<f64>, Option<f64>),
) -> String {
    let name = thing(text, case, model, &of.thing);
    let year = of.year.map_or_else(String::new, |year| year.to_string());
    if let RunValue::LogPrice(c) = of.thing.value {
        let base = model.prices.ln_base[c].exp();
        return price_side(text, &name, &year, (from.map(|x| x / base - 1.0), to.map(|x| x / base - 1.0)));
    }
    if matches!(of.thing.value, RunValue::Happened(_) | RunValue::Reached(_)) {
        let key = if from.is_some() { "thing.happens" } else { "thing.happens_not" };
        return text.fill(key, &[("name", name.as_str()), ("year", &year)]);
    }
    let number = |x: f64| number(text, case, model, &of.thing, x);
    match (from, to) {
        (Some(a), Some(b)) => {
            text.fill("thing.between", &[("what", &name), ("low", &number(a)), ("high", &number(b))])
        }
        (Some(a), None) => text.fill("thing.least", &[("what", &name), ("x", &number(a))]),
        (None, Some(b)) => text.fill("thing.most", &[("what", &name), ("x", &number(b))]),
        (None, None) => name,
    }
}

fn signed_percent(text: &Text, change: f64) -> String {
    let sign = if change < 0.0 { "-" } else { "+" };
    text.percent_of(&format!("{sign}{}", text.number(100.0 * change.abs(), 0)))
}

fn price_side(text: &Text, name: &str, year: &str, ends: (Option<f64>, Option<f64>)) -> String {
    let percent = |change: f64| text.percent_of(&text.number(100.0 * change.abs(), 0));
    let (key, change) = match ends {
        (Some(a), Some(b)) => {
            let values = [
                ("name", name),
                ("low", &signed_percent(text, a)),
                ("high", &signed_percent(text, b)),
                ("year", year),
            ];
            return text.fill("thing.price_between", &values);
        }
        (None, Some(b)) if b < 0.0 => ("thing.price_falls", b),
        (None, Some(b)) => ("thing.price_rises_most", b),
        (Some(a), None) if a < 0.0 => ("thing.price_falls_most", a),
        (Some(a), None) => ("thing.price_rises", a),
        (None, None) => return name.to_owned(),
    };
    text.fill(key, &[("name", name), ("x", &percent(change)), ("year", year)])
}

/// The letter of a story: A for the first.
pub fn letter(place: usize) -> String {
    char::from(b'A' + (place % 26) as u8).to_string()
}

/// What sets a story apart, in words: so many of its differences at most.
pub fn story(text: &Text, case: &Case, model: &Model, story: &Story, most: usize) -> String {
    let one = |apart: &Apart| {
        let of = &apart.column.thing;
        let is_event = matches!(of.value, RunValue::Happened(_) | RunValue::Reached(_));
        let told = |x: f64| {
            if is_event {
                text.percent_of(&text.number(100.0 * x, 0))
            } else {
                number(text, case, model, of, x)
            }
        };
        let values = [
            ("what", column(text, case, model, &apart.column)),
            ("inside", told(apart.inside)),
            ("outside", told(apart.outside)),
        ];
        let key = match (is_event, apart.difference > 0.0) {
            (true, _) => "stories.event",
            (false, true) => "stories.higher",
            (false, false) => "stories.lower",
        };
        text.fill(key, &values)
    };
    if story.apart.is_empty() {
        return text.get("stories.usual").to_owned();
    }
    story.apart.iter().take(most).map(one).collect::<Vec<_>>().join("; ")
}
