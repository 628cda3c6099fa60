//! Stresses: stress/*.toml, and files of the same kind from elsewhere.

use toml::{Table, Value};

use super::super::fault::Faults;
use super::super::toml_reader::{Node, check_texts};
use super::super::{Case, Driver, Event, ForcedEvent, Link, PlanShock, PriceShock, Stress};
use super::loader::Loader;

/// What a stress can name.
#[derive(Clone, Copy)]
pub(super) struct Known<'a> {
    pub(super) commodities: &'a [String],
    pub(super) events: &'a [Event],
    pub(super) drivers: &'a [Driver],
}

pub(super) fn read(loader: &mut Loader<'_>, ids: &[String], known: Known<'_>) -> Vec<Stress> {
    let of = |id: &String| {
        let file = format!("stress/{id}.toml");
        let table = loader.toml(&file);
        read_one(&file, id, &table, known, &mut loader.faults)
    };
    ids.iter().map(of).collect()
}

impl Stress {
    /// Reads a stress from the text of a file that is no part of the case.
    ///
    /// # Errors
    /// [`Faults`]: every fault of the file.
    pub fn read(case: &Case, file: &str, id: &str, text: &str) -> Result<Self, Faults> {
        let mut faults = Faults::default();
        let table = match text.parse::<Table>() {
            Ok(table) => table,
            Err(error) => {
                faults.add(file, "", error.to_string().trim_end().to_owned());
                return Err(faults);
            }
        };
        let value = Value::Table(table);
        check_texts(file, "", &value, &mut faults);
        let Value::Table(table) = value else { return Err(faults) };
        let commodities: Vec<String> = case.commodities.iter().map(|c| c.id.clone()).collect();
        let known = Known { commodities: &commodities, events: &case.events, drivers: &case.drivers };
        let stress = read_one(file, id, &table, known, &mut faults);
        faults.sort();
        if faults.0.is_empty() { Ok(stress) } else { Err(faults) }
    }
}

fn read_one(file: &str, id: &str, table: &Table, known: Known<'_>, faults: &mut Faults) -> Stress {
    let top = Node::new(file, String::new(), table);
    let name = top.name("name", faults);
    let basis = top.text("basis", faults);
    let before = faults.0.len();
    let shocks = top.nodes("shock", faults);
    let events = top.nodes("event", faults);
    let plans = top.nodes("plan", faults);
    if shocks.is_empty() && events.is_empty() && plans.is_empty() && faults.0.len() == before {
        faults.add(file, "shock", "a stress needs at least one [[shock]], [[event]] or [[plan]]");
    }
    let stress = Stress {
        id: id.to_owned(),
        name,
        shocks: shocks.iter().filter_map(|n| read_shock(n, known, faults)).collect(),
        events: events.iter().filter_map(|n| read_event(n, known, faults)).collect(),
        plans: plans.iter().filter_map(|n| read_plan(n, known, faults)).collect(),
        basis,
    };
    top.finish(faults);
    stress
}

/// Place of the word of a key among those that are known.
fn named<'a>(
    node: &Node<'_>,
    key: &'static str,
    known: impl Iterator<Item = &'a str> + Clone,
    faults: &mut Faults,
) -> Option<usize> {
    let word = node.text(key, faults);
    let place = known.clone().position(|id| id == word);
    if place.is_none() {
        let known = format!("known: {}", known.collect::<Vec<_>>().join(", "));
        faults.refuse(node.file, node.place(key), format!("'{word}'"), &known);
    }
    place
}

fn half_life(node: &Node<'_>, faults: &mut Faults) -> Option<f64> {
    node.has("half_life").then(|| node.number("half_life", 0.01, 1000.0, faults))
}

fn read_shock(node: &Node<'_>, known: Known<'_>, faults: &mut Faults) -> Option<PriceShock> {
    let place = named(node, "commodity", known.commodities.iter().map(String::as_str), faults);
    let start = node.integer("start", 1000, 3000, faults) as i32;
    let path = if node.has("path") { node.numbers("path", faults) } else { Vec::new() };
    for change in path.iter().filter(|change| !(-0.99..=100.0).contains(*change)) {
        faults.refuse(node.file, node.place("path"), change, "numbers from -0.99 to 100");
    }
    let (change, years) = if node.has("path") {
        if path.is_empty() || path.len() > 200 {
            faults.refuse(
                node.file,
                node.place("path"),
                format!("a list of {}", path.len()),
                "1 to 200 numbers",
            );
        }
        let largest = path.iter().copied().fold(0.0, |a: f64, b| if b.abs() > a.abs() { b } else { a });
        (largest, path.len() as i32)
    } else {
        (node.number("change", -0.99, 100.0, faults), node.integer("years", 1, 200, faults) as i32)
    };
    let half_life = half_life(node, faults);
    node.finish(faults);
    place.map(|commodity| PriceShock { commodity, change, start, years, half_life, path })
}

fn read_event(node: &Node<'_>, known: Known<'_>, faults: &mut Faults) -> Option<ForcedEvent> {
    let place = named(node, "event", known.events.iter().map(|e| e.id.as_str()), faults);
    let year = node.integer("year", 1000, 3000, faults) as i32;
    node.finish(faults);
    place.map(|event| ForcedEvent { event, year })
}

fn read_plan(node: &Node<'_>, known: Known<'_>, faults: &mut Faults) -> Option<PlanShock> {
    let place = named(node, "driver", known.drivers.iter().map(|d| d.id.as_str()), faults);
    if let Some(driver) = place.filter(|driver| known.drivers[*driver].link == Link::Identity) {
        let id = format!("'{}'", known.drivers[driver].id);
        faults.refuse(node.file, node.place("driver"), id, "a driver on a log or logit scale");
    }
    let shock = PlanShock {
        driver: place.unwrap_or(0),
        change: node.number("change", -0.99, 100.0, faults),
        start: node.integer("start", 1000, 3000, faults) as i32,
        years: node.integer("years", 1, 200, faults) as i32,
        half_life: half_life(node, faults),
        path: Vec::new(),
    };
    node.finish(faults);
    place.map(|_| shock)
}
