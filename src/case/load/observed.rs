//! What was seen since the base year: observed.csv.

use super::super::csv_reader::Cells;
use super::super::fault::Faults;
use super::super::{Comparable, Driver, Link, Method, ObservedValue, PanelValue, SubIndicatorKind, Town};
use super::dynamics::Dynamics;
use super::loader::Loader;

/// The file, which a case need not have.
const FILE: &str = "observed.csv";
const COLUMNS: [&str; 8] = ["town", "year", "quantity", "value", "unit", "source", "note", "comparable"];
const KEYS: [&str; 3] = ["town", "year", "quantity"];

/// What the rows are checked against.
pub(super) struct Known<'a> {
    pub(super) base_year: i32,
    pub(super) towns: &'a [Town],
    pub(super) dynamics: &'a Dynamics,
    pub(super) method: &'a Method,
    pub(super) panel: &'a [PanelValue],
    pub(super) consumer_prices: &'a [(i32, f64)],
}

/// Reads what was seen, in order of town (the region last), quantity and year; none where the case has no such file.
pub(super) fn read(loader: &mut Loader<'_>, known: &Known<'_>) -> Vec<ObservedValue> {
    if !loader.source.files.contains_key(FILE) {
        return Vec::new();
    }
    let table = loader.csv(FILE, &KEYS, &COLUMNS);
    let faults = &mut loader.faults;
    let rows: Vec<Row<'_>> = table.iter().map(|row| read_row(row, known, faults)).collect();
    for row in &rows {
        check_growth(row, &rows, known, faults);
    }
    let mut values: Vec<ObservedValue> = rows.into_iter().map(|row| row.value).collect();
    let place = |v: &ObservedValue| v.town.unwrap_or(known.towns.len());
    values.sort_by(|a, b| (place(a), &a.quantity, a.year).cmp(&(place(b), &b.quantity, b.year)));
    values
}

/// A row, what its quantity stands for, and its value.
struct Row<'a> {
    cells: Cells<'a>,
    meant: Option<Meant<'a>>,
    value: ObservedValue,
}

/// What a name of the file stands for.
#[derive(Clone, Copy)]
enum Meant<'a> {
    Driver(&'a Driver),
    /// An indicator of the panel and the driver whose history it is.
    Indicator(&'a Driver),
    /// Anything else that a town has, with its unit where it has one.
    Other(&'a str),
    RegionIndex,
}

fn meant<'a>(row: Cells<'_>, town: bool, known: &Known<'a>, faults: &mut Faults) -> Option<Meant<'a>> {
    let (name, drivers) = (row.text("quantity"), &known.dynamics.drivers);
    let mut ids: Vec<(&str, Meant<'_>)> = Vec::new();
    if town {
        let alone = |d: &'a Driver| {
            let name = d.history.as_ref().and_then(|h| match h.names().as_slice() {
                [one] => known.panel.iter().find(|v| v.indicator == *one),
                _ => None,
            })?;
            Some((name.indicator.as_str(), Meant::Indicator(d)))
        };
        ids.extend(drivers.iter().map(|d| (d.id.as_str(), Meant::Driver(d))));
        let tracked =
            |s: &&super::super::SubIndicator| s.tracked && matches!(s.kind, SubIndicatorKind::Formula(_));
        let sub_indicators = known.method.sub_indicators.iter().filter(tracked);
        ids.extend(sub_indicators.map(|s| (s.symbol.as_str(), Meant::Other(&s.unit))));
        ids.extend(known.method.scaled().map(|(_, c, _)| (c.symbol.as_str(), Meant::Other("index"))));
        ids.extend(known.method.persons.iter().map(|p| (p.id.as_str(), Meant::Other("persons"))));
        ids.push(("population", Meant::Other("persons")));
        ids.extend(drivers.iter().filter_map(alone));
    } else {
        ids.extend(known.dynamics.region_indices.iter().map(|r| (r.id.as_str(), Meant::RegionIndex)));
    }
    let found = ids.iter().find(|(id, _)| *id == name).map(|(_, meant)| *meant);
    if found.is_none() {
        let ids: Vec<&str> = ids.iter().map(|(id, _)| *id).collect();
        row.refuse("quantity", &format!("known: {}", ids.join(", ")), faults);
    }
    found
}

fn read_row<'a>(row: Cells<'a>, known: &Known<'a>, faults: &mut Faults) -> Row<'a> {
    let town = known.towns.iter().position(|t| t.id == row.text("town"));
    let ids: Vec<String> = known.towns.iter().map(|t| t.id.clone()).collect();
    super::panel::check_town(row, &ids, faults);
    let year = row.year("year", faults);
    for (column, what) in [("unit", "a unit"), ("source", "who says so")] {
        if row.text(column).is_empty() {
            row.refuse(column, what, faults);
        }
    }
    let words = [Comparable::Yes, Comparable::Growth, Comparable::No].map(|c| (c.name(), c));
    let comparable = row.choice("comparable", &words, faults);
    let meant = meant(row, town.is_some(), known, faults);
    let (low, high) = match meant {
        _ if comparable == Comparable::No => (-1e15, 1e15),
        Some(Meant::Driver(d) | Meant::Indicator(d)) if d.link == Link::Identity => (-1e15, 1e15),
        Some(Meant::Driver(d)) if d.link == Link::Logit && comparable == Comparable::Yes => {
            (1e-9, 100.0 - 1e-9)
        }
        Some(Meant::Other(_)) if comparable == Comparable::Yes => (-1e15, 1e15),
        _ => (1e-9, 1e15),
    };
    let value = row.number("value", low, high, faults);
    check_unit(row, meant, comparable, faults);
    if let Some(Meant::Indicator(d)) = meant
        && comparable != Comparable::No
        && d.deflate
        && !known.consumer_prices.iter().any(|(y, _)| *y == year)
    {
        let name = row.text("quantity");
        let allowed = format!("consumer_prices.csv needs {year} to deflate {name}; or comparable no");
        row.refuse("year", &allowed, faults);
    }
    let value = ObservedValue {
        town,
        year,
        quantity: row.text("quantity").to_owned(),
        value,
        unit: row.text("unit").to_owned(),
        source: row.text("source").to_owned(),
        note: row.text("note").to_owned(),
        comparable,
    };
    Row { cells: row, meant, value }
}

/// A value that is compared as it stands has the model's unit; a rate that can be negative has no growth.
fn check_unit(row: Cells<'_>, meant: Option<Meant<'_>>, comparable: Comparable, faults: &mut Faults) {
    let unit = match meant {
        Some(Meant::Driver(d)) => d.unit.as_str(),
        Some(Meant::Other(unit)) => unit,
        _ => return,
    };
    if comparable == Comparable::Yes && row.text("unit") != unit {
        row.refuse("unit", &format!("the model's '{unit}', or comparable growth or no"), faults);
    }
    if let Some(Meant::Driver(d)) = meant
        && comparable == Comparable::Growth
        && d.link == Link::Identity
    {
        row.refuse("comparable", &format!("yes, no: {} can be negative and has no growth", d.id), faults);
    }
}

/// A growth needs the same series in the base year; an indicator has it in the panel.
fn check_growth(row: &Row<'_>, rows: &[Row<'_>], known: &Known<'_>, faults: &mut Faults) {
    let (Row { cells, value, .. }, base) = (row, known.base_year);
    let same = |v: &ObservedValue| v.town == value.town && v.quantity == value.quantity;
    let in_file = || {
        let at_base = |v: &ObservedValue| v.year == base && v.comparable == Comparable::Growth;
        rows.iter().any(|other| same(&other.value) && at_base(&other.value))
    };
    let in_panel = || {
        let town = value.town.map(|t| &known.towns[t].id);
        let of_town = |v: &&PanelValue| Some(&v.town) == town && v.indicator == value.quantity;
        known.panel.iter().filter(of_town).any(|v| v.year == base)
    };
    match (value.comparable, row.meant) {
        (Comparable::Growth, Some(_)) if value.year > base && !in_file() => {
            let allowed =
                format!("growth needs a row of the same town and quantity for {base}, also 'growth'");
            cells.refuse("comparable", &allowed, faults);
        }
        (Comparable::Yes, Some(Meant::Indicator(_))) if !in_panel() => {
            cells.refuse(
                "comparable",
                &format!("panel.csv needs the town's value of {base} for yes"),
                faults,
            );
        }
        _ => {}
    }
}
