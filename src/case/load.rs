//! From files to a checked case: the order of reading, and what all parts of it share.

mod chronicle;
mod consistency;
mod dynamics;
mod evaluation;
mod headline;
mod method;
mod prices;
mod scenarios;
mod towns;
mod transition;

use std::collections::BTreeMap;

use toml::Table;

use super::csv_reader::{CsvTable, is_id};
use super::fault::Faults;
use super::setting::{self, Setting};
use super::source::Source;
use super::toml_reader::Node;
use super::{Assumption, Case, InputFile, Name, Notice, PanelValue, PlanShape, PrintedValue};

/// So many rows or tables of one kind are no case, and checking them would take for ever.
pub(super) const MANY: usize = 201;
/// Names that no scenario can have.
const RESERVED: [&str; 13] = [
    "case",
    "method",
    "prices",
    "event",
    "label",
    "label_kk",
    "label_ru",
    "towns",
    "once",
    "trigger_price_below",
    "trigger_multiplier",
    "effect",
    "basis",
];

/// What every part of the loader works with.
pub(super) struct Loader<'a> {
    source: &'a Source,
    settings: &'a [Setting],
    faults: Faults,
    /// Faults of whole files: missing, not readable, rows or columns lost.
    broken: Faults,
    assumptions: Vec<Assumption>,
    notices: Vec<Notice>,
}

impl Loader<'_> {
    /// A TOML file as a table, settings applied; empty where it cannot be read.
    fn toml(&mut self, name: &str) -> Table {
        let Some(text) = self.source.files.get(name) else {
            self.broken.add(name, "", format!("is missing from {}", self.source.origin));
            return Table::new();
        };
        match text.parse::<Table>() {
            Ok(mut table) => {
                setting::apply_to_toml(name, &mut table, self.settings, &mut self.faults);
                table
            }
            Err(error) => {
                self.broken.add(name, "", error.to_string().trim_end().to_owned());
                Table::new()
            }
        }
    }

    /// A CSV file as a table, settings applied, keys checked to be unique, assumptions noted.
    fn csv(&mut self, name: &str, keys: &[&str], columns: &[&str]) -> CsvTable {
        let Some(text) = self.source.files.get(name) else {
            self.broken.add(name, "", format!("is missing from {}", self.source.origin));
            return CsvTable { file: name.to_owned(), ..CsvTable::default() };
        };
        let mut table = CsvTable::parse(name, text, columns, &mut self.broken);
        // A table of entities, one a row: what follows grows with the square of their number.
        if let ([_], count @ MANY..) = (keys, table.rows.len()) {
            self.broken.add(name, "", format!("{count} rows are not allowed (fewer than {MANY})"));
            table.rows.clear();
        }
        setting::apply_to_csv(&mut table, keys, self.settings, &mut self.faults);
        table.check_unique(keys, &mut self.faults);
        for row in table.iter().filter(|r| r.text("basis").contains("assumption")) {
            let is_value = |c: &&&str| !keys.contains(c) && row.text(c).parse::<f64>().is_ok();
            let values = columns.iter().filter(is_value).map(|c| format!("{c} {}", row.text(c)));
            self.assumptions.push(Assumption {
                file: name.to_owned(),
                item: keys.iter().map(|k| row.text(k)).collect::<Vec<_>>().join(", "),
                value: values.collect::<Vec<_>>().join(", "),
                basis: row.text("basis").to_owned(),
            });
        }
        table
    }

    /// Notes the `[assumptions]` of a TOML file.
    fn toml_assumptions(&mut self, node: &Node<'_>, table: &Table) {
        if !node.has("assumptions") {
            return;
        }
        let Some(assumptions) = node.node("assumptions", &mut self.faults) else { return };
        for (item, basis) in assumptions.entries() {
            let value = table.get(item).map_or_else(String::new, ToString::to_string);
            let basis = basis.as_str().map_or_else(|| basis.to_string(), str::to_owned);
            self.assumptions.push(Assumption {
                file: node.file.to_owned(),
                item: item.clone(),
                value,
                basis,
            });
        }
    }
}

/// What case.toml says.
struct Head {
    id: String,
    region: super::Name,
    base_year: i32,
    horizon: i32,
    seed: u64,
    plan_correlation: f64,
    plan_shape: PlanShape,
    scenario_ids: Vec<String>,
    reference: String,
    stress_ids: Vec<String>,
}

/// Reads and checks a case.
pub(super) fn load(source: &Source, settings: &[Setting]) -> Result<Case, Faults> {
    let (faults, broken, assumptions, notices) = Default::default();
    let mut loader = Loader { source, settings, faults, broken, assumptions, notices };
    let table = loader.toml("case.toml");
    if table.is_empty() {
        // Nothing else can be read without it.
        return Err(consistency::all_faults(loader.faults, loader.broken));
    }
    let top = Node::new("case.toml", String::new(), &table);
    let head = read_head(&mut loader, &top, &table);
    let (commodities, prices) = prices::read(&mut loader, &top, head.base_year);
    let commodity_ids: Vec<String> = commodities.iter().map(|c| c.id.clone()).collect();
    let region_mix = read_region_mix(&mut loader, &top, &commodity_ids);
    let names = read_names(&mut loader, &top);
    let method = method::read(&mut loader, &head.scenario_ids);
    let towns = towns::read(&mut loader, &top, &commodity_ids, &method);
    top.finish(&mut loader.faults);
    let town_ids: Vec<String> = towns.iter().map(|t| t.id.clone()).collect();
    let dynamics = dynamics::read(&mut loader, &method, &towns, &head);
    let scenarios = scenarios::read(&mut loader, &head, &town_ids, &dynamics.drivers);
    let method = method::finish(&mut loader, method, &dynamics, &towns);
    transition::check(&dynamics, &mut loader.faults);
    let stresses = prices::read_stresses(&mut loader, &head.stress_ids, &commodity_ids);
    let panel = read_panel(&mut loader, &town_ids);
    let chronicle = chronicle::read(&mut loader, &towns);
    let consumer_prices = read_consumer_prices(&mut loader);
    let printed = read_printed(&mut loader, &town_ids);
    let files: Vec<&str> = source.files.keys().map(String::as_str).collect();
    setting::check_files(settings, &files, &mut loader.faults);
    consistency::check_histories(&dynamics.drivers, &panel, &consumer_prices, &head, &mut loader.faults);
    if let Some(method) = &method {
        if loader.broken.0.is_empty() {
            let units = (dynamics.drivers.as_slice(), method, commodities.as_slice());
            consistency::check_unused_names(&names, units, (&panel, &printed), &mut loader.faults);
        }
        consistency::check_base_year(&towns, &dynamics, method, &mut loader);
    }
    let Loader { faults, broken, assumptions, mut notices, .. } = loader;
    let faults = consistency::all_faults(faults, broken);
    let (Some(method), true) = (method, faults.0.is_empty()) else { return Err(faults) };
    towns::note_edges(&towns, &dynamics.drivers, &method, &mut notices);
    let files = source.files.iter().map(|(name, text)| InputFile { name: name.clone(), text: text.clone() });
    let mut case = Case {
        reference: head.scenario_ids.iter().position(|s| *s == head.reference).unwrap_or(0),
        id: head.id,
        region: head.region,
        base_year: head.base_year,
        horizon: head.horizon,
        seed: head.seed,
        plan_correlation: head.plan_correlation,
        plan_shape: head.plan_shape,
        towns,
        scenarios,
        drivers: dynamics.drivers,
        correlation: dynamics.correlation,
        cross_impacts: dynamics.cross_impacts,
        region_indices: dynamics.region_indices,
        region_mix,
        events: dynamics.events,
        commodities,
        prices,
        stresses,
        method,
        panel,
        chronicle,
        consumer_prices,
        printed,
        names,
        assumptions,
        notices,
        files: files.collect(),
    };
    let undefined = evaluation::notices(&case);
    case.notices.extend(undefined);
    Ok(case)
}

/// Names for people of units and indicators; the table may be left out.
fn read_names(loader: &mut Loader<'_>, top: &Node<'_>) -> BTreeMap<String, Name> {
    if !top.has("names") {
        return BTreeMap::new();
    }
    top.node("names", &mut loader.faults).map_or_else(BTreeMap::new, |n| n.names(&mut loader.faults))
}

fn read_head(loader: &mut Loader<'_>, top: &Node<'_>, table: &Table) -> Head {
    loader.toml_assumptions(top, table);
    let faults = &mut loader.faults;
    let id = top.text("id", faults);
    if !is_id(&id) {
        faults.refuse(top.file, "id", format!("'{id}'"), "an id of letters, digits and underscores");
    }
    let base_year = top.integer("base_year", 1000, 3000, faults) as i32;
    let horizon = top.integer("horizon", 1000, 3000, faults) as i32;
    if horizon <= base_year || horizon > base_year + 200 {
        let allowed = format!("a year after the base year {base_year}, at most 200 years on");
        faults.refuse(top.file, "horizon", horizon, &allowed);
    }
    let region = top.node("region", faults).map(|r| r.name("name", faults));
    let scenario_ids = read_ids(top, "scenarios", faults);
    if scenario_ids.is_empty() || scenario_ids.len() > 8 {
        let count = scenario_ids.len();
        faults.refuse(top.file, "scenarios", format!("a list of {count}"), "1 to 8 scenarios");
    }
    let reference = top.text("reference", faults);
    if !scenario_ids.contains(&reference) {
        let known = format!("one of the scenarios: {}", scenario_ids.join(", "));
        faults.refuse(top.file, "reference", format!("'{reference}'"), &known);
    }
    let shapes = [("linear", PlanShape::Linear), ("smoothstep", PlanShape::Smoothstep)];
    Head {
        id,
        region: region.unwrap_or_else(|| super::Name {
            en: String::new(),
            kk: String::new(),
            ru: String::new(),
        }),
        base_year,
        horizon,
        seed: top.integer("seed", 0, i64::MAX, faults) as u64,
        plan_correlation: top.number("plan_correlation", 0.0, 1.0, faults),
        plan_shape: top.choice("plan_shape", &shapes, faults),
        scenario_ids,
        reference,
        stress_ids: if top.has("stresses") { read_ids(top, "stresses", faults) } else { Vec::new() },
    }
}

/// A list of ids, each once.
fn read_ids(top: &Node<'_>, key: &'static str, faults: &mut Faults) -> Vec<String> {
    let ids = top.texts(key, faults);
    for (k, id) in ids.iter().enumerate() {
        if !is_id(id) {
            faults.refuse(
                top.file,
                top.place(key),
                format!("'{id}'"),
                "an id of letters, digits and underscores",
            );
        }
        if ids[..k].contains(id) {
            faults.add(top.file, top.place(key), format!("'{id}' stands twice"));
        }
        if RESERVED.contains(&id.as_str()) {
            let allowed = "another id: a file or a column of events.csv has this name";
            faults.refuse(top.file, top.place(key), format!("'{id}'"), allowed);
        }
    }
    ids
}

/// Weights of commodities, scaled to add up to 1.
fn read_region_mix(loader: &mut Loader<'_>, top: &Node<'_>, commodities: &[String]) -> Vec<f64> {
    let faults = &mut loader.faults;
    let Some(region) = top.node("region", faults) else { return vec![0.0; commodities.len()] };
    region.has("name");
    let weights = read_mix(&region, commodities, faults);
    region.finish(faults);
    let sum: f64 = weights.iter().sum();
    weights.iter().map(|w| w / if sum > 0.0 { sum } else { 1.0 }).collect()
}

/// The `mix` of a table: a non-negative weight for some commodities.
fn read_mix(node: &Node<'_>, commodities: &[String], faults: &mut Faults) -> Vec<f64> {
    let mut weights = vec![0.0; commodities.len()];
    let Some(mix) = node.node("mix", faults) else { return weights };
    for (commodity, value) in mix.entries() {
        let weight = value.as_float().or_else(|| value.as_integer().map(|x| x as f64));
        match (commodities.iter().position(|c| c == commodity), weight) {
            (Some(c), Some(w)) if w.is_finite() && w >= 0.0 => weights[c] = w,
            (Some(_), _) => {
                faults.refuse(node.file, mix.place(commodity), value, "a number that is not negative");
            }
            (None, _) => {
                let known = commodities.join(", ");
                faults.add(node.file, mix.place(commodity), format!("unknown commodity (known: {known})"));
            }
        }
    }
    if weights.iter().sum::<f64>() <= 0.0 {
        faults.add(node.file, node.place("mix"), "has no weight above 0");
    }
    weights
}

fn read_panel(loader: &mut Loader<'_>, towns: &[String]) -> Vec<PanelValue> {
    let columns = ["town", "year", "indicator", "value", "unit", "source", "note"];
    let table = loader.csv("panel.csv", &["town", "year", "indicator", "source"], &columns);
    let faults = &mut loader.faults;
    let row = |row: super::csv_reader::Cells<'_>| {
        check_town(row, towns, faults);
        PanelValue {
            town: row.text("town").to_owned(),
            year: row.year("year", faults),
            indicator: row.text("indicator").to_owned(),
            value: row.number("value", -1e15, 1e15, faults),
            unit: row.text("unit").to_owned(),
            source: row.text("source").to_owned(),
            note: row.text("note").to_owned(),
        }
    };
    table.iter().map(row).collect()
}

/// Notes a town that is neither one of the case nor `region`.
fn check_town(row: super::csv_reader::Cells<'_>, towns: &[String], faults: &mut Faults) {
    if row.text("town") != "region" && !towns.iter().any(|t| t == row.text("town")) {
        row.refuse("town", &format!("known: region, {}", towns.join(", ")), faults);
    }
}

fn read_consumer_prices(loader: &mut Loader<'_>) -> Vec<(i32, f64)> {
    let columns = ["year", "index", "inflation_percent", "source"];
    let table = loader.csv("consumer_prices.csv", &["year"], &columns);
    let faults = &mut loader.faults;
    table.iter().map(|row| (row.year("year", faults), row.number("index", 1e-9, 1e15, faults))).collect()
}

fn read_printed(loader: &mut Loader<'_>, towns: &[String]) -> Vec<PrintedValue> {
    let columns = ["town", "item", "value", "source"];
    let table = loader.csv("printed.csv", &["town", "item", "source"], &columns);
    let faults = &mut loader.faults;
    let row = |row: super::csv_reader::Cells<'_>| {
        check_town(row, towns, faults);
        PrintedValue {
            town: row.text("town").to_owned(),
            item: row.text("item").to_owned(),
            value: row.text("value").to_owned(),
            source: row.text("source").to_owned(),
        }
    };
    table.iter().map(row).collect()
}
