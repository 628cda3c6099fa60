//! Events: events.csv.

use super::super::csv_reader::Cells;
use super::super::fault::Faults;
use super::super::{Effect, Event, SubIndicatorKind, Town, Trigger};
use super::head::Head;
use super::loader::Loader;
use super::method::Draft;

pub(super) fn read(
    loader: &mut Loader<'_>,
    method: &Draft,
    towns: &[Town],
    drivers: &[String],
    head: &Head,
) -> Vec<Event> {
    let mut columns = vec!["event", "label", "label_kk", "label_ru", "towns"];
    columns.extend(head.scenario_ids.iter().map(String::as_str));
    columns.extend(["once", "trigger_price_below", "trigger_multiplier", "effect", "basis"]);
    let table = loader.csv("events.csv", &["event"], &columns);
    let faults = &mut loader.faults;
    let switches: Vec<String> = method.sub_indicators.iter().map(|s| s.symbol.clone()).collect();
    let mut events: Vec<Event> = Vec::new();
    for row in table.iter() {
        let below = row.optional("trigger_price_below", 1e-6, 1e6, faults);
        let multiplier = row.optional("trigger_multiplier", 0.0, 1e6, faults);
        if below.is_some() != multiplier.is_some() {
            row.refuse("trigger_multiplier", "given together with trigger_price_below", faults);
        }
        let trigger =
            below.zip(multiplier).map(|(price_below, multiplier)| Trigger { price_below, multiplier });
        events.push(Event {
            id: row.new_id("event", faults),
            label: row.name("label", faults),
            towns: read_towns(row, towns, faults),
            probability: head.scenario_ids.iter().map(|s| row.number(s, 0.0, 1.0, faults)).collect(),
            once: row.choice("once", &[("no", false), ("yes", true)], faults),
            trigger,
            effects: read_effects(row, method, drivers, &switches, faults),
            basis: row.text("basis").to_owned(),
        });
    }
    events.sort_by(|a, b| a.id.cmp(&b.id));
    events
}

/// Ids of towns or `all`, as one flag a town.
pub(super) fn read_towns(row: Cells<'_>, towns: &[Town], faults: &mut Faults) -> Vec<bool> {
    let words: Vec<&str> = row.text("towns").split_whitespace().collect();
    if words == ["all"] {
        return vec![true; towns.len()];
    }
    for word in words.iter().filter(|w| !towns.iter().any(|t| t.id == **w)) {
        let known = towns.iter().map(|t| t.id.as_str()).collect::<Vec<_>>().join(", ");
        let place = row.place("towns");
        faults.refuse(row.file(), place, format!("'{word}'"), &format!("all, or towns: {known}"));
    }
    towns.iter().map(|t| words.contains(&t.id.as_str())).collect()
}

/// `plan DRIVER SHIFT`, `shock DRIVER SHIFT` or `switch SYMBOL 0|100`, several joined by `;`.
fn read_effects(
    row: Cells<'_>,
    method: &Draft,
    drivers: &[String],
    symbols: &[String],
    faults: &mut Faults,
) -> Vec<Effect> {
    let mut effects = Vec::new();
    for part in row.text("effect").split(';').map(str::trim) {
        let words: Vec<&str> = part.split_whitespace().collect();
        let effect = match words.as_slice() {
            [kind @ ("plan" | "shock"), driver, shift] => {
                let driver = drivers.iter().position(|d| d == driver);
                let shift = shift.parse::<f64>().ok().filter(|s| s.is_finite() && s.abs() <= 100.0);
                driver.zip(shift).map(|(driver, shift)| {
                    if *kind == "plan" {
                        Effect::Plan { driver, shift }
                    } else {
                        Effect::Shock { driver, shift }
                    }
                })
            }
            ["switch", symbol, value @ ("0" | "100")] => {
                let place = symbols.iter().position(|s| s == symbol);
                let is_switch =
                    |i: &usize| matches!(method.sub_indicators[*i].kind, SubIndicatorKind::Switch);
                place
                    .filter(is_switch)
                    .map(|sub_indicator| Effect::Switch { sub_indicator, on: *value == "100" })
            }
            _ => None,
        };
        match effect {
            Some(effect) => effects.push(effect),
            None => faults.refuse(
                "events.csv",
                row.place("effect"),
                format!("'{part}'"),
                "'plan DRIVER SHIFT', 'shock DRIVER SHIFT' or 'switch SWITCH 0|100', joined by ';'",
            ),
        }
    }
    effects
}
