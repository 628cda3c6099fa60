//! Towns: case.toml, assessment.csv, missing.csv, `base_levels.csv`.

use std::collections::BTreeMap;

use super::super::fault::Faults;
use super::super::id;
use super::super::toml_reader::Node;
use super::super::{Driver, Input, Method, Notice, Town};
use super::loader::Loader;
use super::method::Draft;
use super::mix;

pub(super) fn read(
    loader: &mut Loader<'_>,
    top: &Node<'_>,
    commodities: &[String],
    method: &Draft,
) -> Vec<Town> {
    let mut towns: Vec<Town> = Vec::new();
    for node in top.nodes("town", &mut loader.faults) {
        let faults = &mut loader.faults;
        let id = node.new_id("id", faults);
        if towns.iter().any(|t| t.id == id) {
            faults.add(node.file, node.place("id"), format!("'{id}' stands twice"));
        }
        let before = faults.0.len();
        let mix = mix::read(&node, commodities, faults);
        let sum: f64 = mix.iter().sum();
        if faults.0.len() == before && (sum - 1.0).abs() > 1e-6 {
            faults.refuse(
                node.file,
                node.place("mix"),
                format!("a sum of {sum}"),
                "weights that add up to 1",
            );
        }
        let basis = node.text("mix_basis", faults);
        if basis.contains("assumption") {
            let weights = commodities.iter().zip(&mix).filter(|(_, w)| **w > 0.0);
            let value = weights.map(|(c, w)| format!("{c} {w}")).collect::<Vec<_>>().join(", ");
            let file = node.file.to_owned();
            loader.assumptions.push(super::super::Assumption {
                file,
                item: format!("{id}, price mix"),
                value,
                basis,
            });
        }
        let faults = &mut loader.faults;
        node.text("source", faults);
        towns.push(Town {
            name: node.name("name", faults),
            tile: read_tile(&node, &towns, faults),
            enterprise: node.name("enterprise", faults),
            specialisation: node.name("specialisation", faults),
            mix,
            inputs: Vec::new(),
            levels: BTreeMap::new(),
            id,
        });
        node.finish(faults);
    }
    if towns.is_empty() {
        loader.faults.add(top.file, "town", "the case needs at least one [[town]]");
    }
    towns.sort_by(|a, b| a.id.cmp(&b.id));
    read_inputs(loader, &mut towns, &method.symbols());
    read_levels(loader, &mut towns, &method.symbols());
    towns
}

/// The town's place on the table-map, which no other town has.
fn read_tile(node: &Node<'_>, towns: &[Town], faults: &mut Faults) -> Option<(u32, u32)> {
    if !node.has("tile") {
        return None;
    }
    let tile = node.numbers("tile", faults);
    let whole = |x: &f64| x.fract() == 0.0 && (1.0..=12.0).contains(x);
    let tile = match tile.as_slice() {
        [] => return None, // A fault already.
        [column, row] if whole(column) && whole(row) => (*column as u32, *row as u32),
        _ => {
            let allowed = "[column from the west, row from the north], whole numbers from 1 to 12";
            faults.refuse(node.file, node.place("tile"), format!("{tile:?}"), allowed);
            return None;
        }
    };
    if let Some(other) = towns.iter().find(|t| t.tile == Some(tile)) {
        faults.add(node.file, node.place("tile"), format!("is where {} stands", other.id));
    }
    Some(tile)
}

/// Every town needs every sub-indicator once, in one of the two files.
fn read_inputs(loader: &mut Loader<'_>, towns: &mut [Town], symbols: &[String]) {
    let ids: Vec<String> = towns.iter().map(|t| t.id.clone()).collect();
    let mut inputs: Vec<Vec<Option<Input>>> = vec![vec![None; symbols.len()]; towns.len()];
    let columns = ["town", "symbol", "value", "numerator", "denominator", "source", "note"];
    let printed = loader.csv("assessment.csv", &["town", "symbol"], &columns);
    for row in printed.iter() {
        let faults = &mut loader.faults;
        let (town, symbol) = (row.id("town", &ids, faults), row.id("symbol", symbols, faults));
        let value = row.number("value", -1e9, 1e9, faults);
        let numerator = row.optional("numerator", -1e12, 1e12, faults);
        let denominator = row.optional("denominator", 1e-9, 1e12, faults);
        if numerator.is_some() != denominator.is_some() {
            row.refuse("numerator", "numerator and denominator together or neither", faults);
        }
        if let (Some(t), Some(s)) = (town, symbol) {
            inputs[t][s] = Some(Input::Printed {
                value,
                fraction: numerator.zip(denominator),
                source: row.text("source").to_owned(),
                note: row.text("note").to_owned(),
            });
        }
    }
    let columns = ["town", "symbol", "low", "mode", "high", "basis"];
    let missing = loader.csv("missing.csv", &["town", "symbol"], &columns);
    for row in missing.iter() {
        let faults = &mut loader.faults;
        let (town, symbol) = (row.id("town", &ids, faults), row.id("symbol", symbols, faults));
        let [low, mode, high] = ["low", "mode", "high"].map(|c| row.number(c, -1e9, 1e9, faults));
        if low > mode || mode > high {
            row.refuse("mode", &format!("a number between low {low} and high {high}"), faults);
        }
        if let (Some(t), Some(s)) = (town, symbol) {
            if inputs[t][s].is_some() {
                row.refuse("symbol", "one that assessment.csv does not give for this town", faults);
            }
            inputs[t][s] = Some(Input::Missing { low, mode, high, basis: row.text("basis").to_owned() });
        }
    }
    for (town, row) in towns.iter_mut().zip(inputs) {
        let lost = symbols.iter().zip(&row).filter(|(_, input)| input.is_none());
        let lost: Vec<&str> = lost.map(|(symbol, _)| symbol.as_str()).collect();
        if !lost.is_empty() {
            let verb = if lost.len() == 1 { "is" } else { "are" };
            let message =
                format!("{} of {} {verb} neither here nor in missing.csv", lost.join(", "), town.id);
            loader.faults.add("assessment.csv", "", message);
        }
        let stand_in =
            || Input::Printed { value: 0.0, fraction: None, source: String::new(), note: String::new() };
        town.inputs.extend(row.into_iter().map(|input| input.unwrap_or_else(stand_in)));
    }
}

fn read_levels(loader: &mut Loader<'_>, towns: &mut [Town], symbols: &[String]) {
    let ids: Vec<String> = towns.iter().map(|t| t.id.clone()).collect();
    let table =
        loader.csv("base_levels.csv", &["town", "level"], &["town", "level", "value", "unit", "basis"]);
    let faults = &mut loader.faults;
    for row in table.iter() {
        let value = row.number("value", -1e12, 1e12, faults);
        let level = row.text("level");
        if level != "population"
            && let Some(allowed) = id::objection(level)
        {
            row.refuse("level", allowed, faults);
        }
        if symbols.iter().any(|s| s == level) {
            row.refuse("level", "another name: this one is a sub-indicator's symbol", faults);
        }
        if level == "population" && value <= 0.0 {
            row.refuse("value", "more than 0", faults);
        }
        if row.text("unit") == "percent" && !(0.0..=100.0).contains(&value) && !value.is_nan() {
            row.refuse("value", "a percentage from 0 to 100", faults);
        }
        if let Some(town) = row.id("town", &ids, faults) {
            towns[town].levels.insert(level.to_owned(), value);
        }
    }
    for town in towns.iter().filter(|t| !t.levels.contains_key("population")) {
        faults.add("base_levels.csv", "", format!("population of {} is missing", town.id));
    }
}

/// Says which drivers stay where they are, because their base value is the edge of their range.
pub(super) fn note_edges(towns: &[Town], drivers: &[Driver], method: &Method, notices: &mut Vec<Notice>) {
    for town in towns {
        for driver in drivers {
            let symbols: Vec<String> = method.sub_indicators.iter().map(|s| s.symbol.clone()).collect();
            let base = base_value(town, driver, &symbols);
            // A base value that is drawn leaves the edge unless it is there at every corner of its inputs.
            if base_values(town, driver, &symbols).iter().all(|x| driver.link.is_edge(*x)) {
                let (town, driver) = (town.id.clone(), driver.id.clone());
                notices.push(Notice::AtEdge { town, driver, base });
            }
        }
    }
}

/// Base value of a driver with inputs at their best.
pub(super) fn base_value(town: &Town, driver: &Driver, symbols: &[String]) -> f64 {
    base_value_with(town, driver, symbols, &|_, input| input.best())
}

/// Base values of a driver: with inputs at their best, then with the missing ones of its formula at their
/// lowest or highest, in every combination (of the first eight).
pub(super) fn base_values(town: &Town, driver: &Driver, symbols: &[String]) -> Vec<f64> {
    let uncertain =
        |name: &&str| symbols.iter().position(|s| s == name).is_some_and(|i| town.inputs[i].is_uncertain());
    let names: Vec<&str> = driver.base.names().into_iter().filter(uncertain).take(8).collect();
    let corner = |bits: usize| {
        base_value_with(town, driver, symbols, &|name, input| match (
            names.iter().position(|n| *n == name),
            input,
        ) {
            (Some(k), Input::Missing { low, high, .. }) => {
                if bits >> k & 1 == 0 {
                    *low
                } else {
                    *high
                }
            }
            _ => input.best(),
        })
    };
    std::iter::once(base_value(town, driver, symbols)).chain((0..1 << names.len()).map(corner)).collect()
}

fn base_value_with(
    town: &Town,
    driver: &Driver,
    symbols: &[String],
    pick: &dyn Fn(&str, &Input) -> f64,
) -> f64 {
    driver.base.eval(&|name| match symbols.iter().position(|s| s == name) {
        Some(i) => pick(name, &town.inputs[i]),
        None => town.levels.get(name).copied().unwrap_or(f64::NAN),
    })
}
