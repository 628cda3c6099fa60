//! How towns move: drivers.csv, correlations.csv, `cross_impacts.csv`, region.csv, events.csv.

use super::super::csv_reader::{Cells, CsvTable};
use super::super::fault::Faults;
use super::super::toml_reader::{check_names, parse_formula};
use super::super::{CrossImpact, Driver, Effect, Event, Link, RegionIndex, Scaling, Town, Trigger};
use super::method::{BETTER, Draft, label};
use super::{Head, Loader};
use crate::formula::Formula;
use crate::math;

/// What these files hold.
#[derive(Default)]
pub(super) struct Dynamics {
    pub(super) drivers: Vec<Driver>,
    pub(super) correlation: Vec<Vec<f64>>,
    pub(super) cross_impacts: Vec<CrossImpact>,
    pub(super) region_indices: Vec<RegionIndex>,
    pub(super) events: Vec<Event>,
}

pub(super) fn read(loader: &mut Loader<'_>, method: &Draft, towns: &[Town], head: &Head) -> Dynamics {
    let drivers = read_drivers(loader, method, towns);
    let ids: Vec<String> = drivers.iter().map(|d| d.id.clone()).collect();
    Dynamics {
        correlation: read_correlations(loader, "correlations.csv", &ids),
        cross_impacts: read_cross_impacts(loader, &ids),
        region_indices: read_region(loader, head.base_year),
        events: read_events(loader, method, towns, &ids, head),
        drivers,
    }
}

const DRIVER_COLUMNS: [&str; 17] = [
    "driver",
    "label",
    "label_kk",
    "label_ru",
    "unit",
    "link",
    "sigma",
    "persistence",
    "price_exposure",
    "exposure_scale",
    "regional_share",
    "better",
    "base",
    "history",
    "deflate",
    "paired",
    "basis",
];

fn read_drivers(loader: &mut Loader<'_>, method: &Draft, towns: &[Town]) -> Vec<Driver> {
    let table = loader.csv("drivers.csv", &["driver"], &DRIVER_COLUMNS);
    let faults = &mut loader.faults;
    let links = [("log", Link::Log), ("logit", Link::Logit), ("identity", Link::Identity)];
    // `own` and `none` both leave the elasticity as it stands; `none` says that there is none to scale.
    let scales = [("own", Scaling::Unit), ("mono", Scaling::Mono), ("none", Scaling::Unit)];
    let symbols = method.symbols();
    let mut drivers: Vec<Driver> = Vec::new();
    for row in table.iter() {
        let base = parse_formula(&table.file, &row.place("base"), row.text("base"), faults);
        if row.text("base").is_empty() {
            row.refuse("base", "a formula of sub-indicators and base levels", faults);
        }
        let driver = Driver {
            id: row.new_id("driver", faults),
            label: label(row.text("label"), row.text("label_kk"), row.text("label_ru")),
            unit: row.text("unit").to_owned(),
            link: row.choice("link", &links, faults),
            sigma: row.number("sigma", 0.0, 100.0, faults),
            persistence: row.number("persistence", 0.0, 1.0, faults),
            price_exposure: row.number("price_exposure", -10.0, 10.0, faults),
            exposure_scale: row.choice("exposure_scale", &scales, faults),
            regional_share: row.number("regional_share", 0.0, 1.0, faults),
            better: row.choice("better", &BETTER, faults),
            base: base.unwrap_or_else(|| Formula::constant(0.0)),
            history: parse_formula(&table.file, &row.place("history"), row.text("history"), faults),
            deflate: row.choice("deflate", &[("no", false), ("yes", true)], faults),
            paired: row.choice("paired", &[("no", false), ("yes", true)], faults),
            basis: row.text("basis").to_owned(),
        };
        check_base(&table, row, &driver, &symbols, towns, faults);
        drivers.push(driver);
    }
    if drivers.is_empty() {
        faults.add("drivers.csv", "", "the case needs at least one driver");
    }
    drivers.sort_by(|a, b| a.id.cmp(&b.id));
    drivers
}

/// The base formula must be known and give every town a value that the link allows.
fn check_base(
    table: &CsvTable,
    row: Cells<'_>,
    driver: &Driver,
    symbols: &[String],
    towns: &[Town],
    faults: &mut Faults,
) {
    let before = faults.0.len();
    let mut levels: Vec<&String> = towns.iter().flat_map(|t| t.levels.keys()).collect();
    levels.sort();
    levels.dedup();
    let allowed: Vec<String> = symbols.iter().chain(levels).cloned().collect();
    check_names(&table.file, &row.place("base"), &driver.base, &allowed, faults);
    for name in driver.base.names().into_iter().filter(|n| allowed.iter().any(|a| a == n)) {
        let lacks = |t: &&Town| !symbols.iter().any(|s| s == name) && !t.levels.contains_key(name);
        for town in towns.iter().filter(lacks) {
            faults.add(
                "base_levels.csv",
                "",
                format!("{name} of {} is missing ({} needs it)", town.id, driver.id),
            );
        }
    }
    if faults.0.len() > before {
        return;
    }
    for town in towns {
        let allowed = match driver.link {
            Link::Log => "a base value from 0 up",
            Link::Logit => "a base value from 0 to 100",
            Link::Identity => "a finite base value",
        };
        let fits = |value: &f64| match driver.link {
            Link::Log => *value >= 0.0 && value.is_finite(),
            Link::Logit => (0.0..=100.0).contains(value),
            Link::Identity => value.is_finite(),
        };
        // A value that could not be read (NaN) is a fault of its own file.
        let values = super::towns::base_values(town, driver, symbols);
        if let Some(value) = values.into_iter().find(|v| !fits(v) && !v.is_nan()) {
            let place = format!("{} for {}", row.place("base"), town.id);
            faults.refuse(&table.file, place, value, allowed);
        }
    }
}

/// A correlation matrix from its entries off the diagonal, checked to be positive definite.
pub(super) fn read_correlations(loader: &mut Loader<'_>, file: &str, ids: &[String]) -> Vec<Vec<f64>> {
    let table = loader.csv(file, &["a", "b"], &["a", "b", "correlation", "basis"]);
    let faults = &mut loader.faults;
    let n = ids.len();
    let mut matrix = vec![vec![0.0; n]; n];
    for (i, row) in matrix.iter_mut().enumerate() {
        row[i] = 1.0;
    }
    let before = faults.0.len();
    let mut seen = vec![vec![false; n]; n];
    for row in table.iter() {
        let (a, b) = (row.id("a", ids, faults), row.id("b", ids, faults));
        let value = row.number("correlation", -1.0, 1.0, faults);
        let (Some(a), Some(b)) = (a, b) else { continue };
        if a == b {
            row.refuse("b", "another one than a", faults);
        } else if seen[b][a] {
            row.refuse("b", "each pair once", faults);
        }
        seen[a][b] = true;
        matrix[a][b] = value;
        matrix[b][a] = value;
    }
    if faults.0.len() == before {
        check_positive_definite(file, &matrix, ids, faults);
    }
    matrix
}

/// Names the first id whose correlations do not fit those of the ids before it.
fn check_positive_definite(file: &str, matrix: &[Vec<f64>], ids: &[String], faults: &mut Faults) {
    let part = |k: usize| nalgebra::DMatrix::from_fn(k, k, |i, j| matrix[i][j]);
    let Some(k) = (1..=ids.len()).find(|k| part(*k).cholesky().is_none()) else { return };
    let partners: Vec<String> = (0..ids.len())
        .filter(|j| *j != k - 1 && matrix[k - 1][*j] != 0.0)
        .map(|j| format!("{} {}", ids[j], matrix[k - 1][j]))
        .collect();
    let message = format!(
        "the correlations are not positive definite: those of {} ({}) do not fit together with the others",
        ids[k - 1],
        partners.join(", ")
    );
    faults.add(file, "", message);
}

fn read_cross_impacts(loader: &mut Loader<'_>, ids: &[String]) -> Vec<CrossImpact> {
    let columns = ["from", "to", "long_run_effect", "scale", "basis"];
    let table = loader.csv("cross_impacts.csv", &["from", "to"], &columns);
    let faults = &mut loader.faults;
    let mut impacts = Vec::new();
    for row in table.iter() {
        let (from, to) = (row.id("from", ids, faults), row.id("to", ids, faults));
        let effect = row.number("long_run_effect", -1000.0, 1000.0, faults);
        let scale = row.choice("scale", &[("none", Scaling::Unit), ("mono", Scaling::Mono)], faults);
        let (Some(from), Some(to)) = (from, to) else { continue };
        if from == to {
            row.refuse("to", "another driver; a driver's own memory is its persistence", faults);
        }
        impacts.push(CrossImpact { from, to, effect, scale, basis: row.text("basis").to_owned() });
    }
    impacts.sort_by_key(|c| (c.to, c.from));
    impacts
}

fn read_region(loader: &mut Loader<'_>, base_year: i32) -> Vec<RegionIndex> {
    let columns = ["index", "multiple", "by", "sd", "sigma", "persistence", "price_exposure", "basis"];
    let table = loader.csv("region.csv", &["index"], &columns);
    let faults = &mut loader.faults;
    let mut indices: Vec<RegionIndex> = Vec::new();
    for row in table.iter() {
        let by = row.year("by", faults);
        if by <= base_year {
            row.refuse("by", &format!("a year after the base year {base_year}"), faults);
        }
        indices.push(RegionIndex {
            id: row.new_id("index", faults),
            shift: math::ln(row.number("multiple", 1e-6, 1e6, faults)),
            shift_sd: row.number("sd", 0.0, 100.0, faults),
            start: base_year,
            by,
            sigma: row.number("sigma", 0.0, 100.0, faults),
            persistence: row.number("persistence", 0.0, 0.999_999, faults),
            price_exposure: row.number("price_exposure", -10.0, 10.0, faults),
            basis: row.text("basis").to_owned(),
        });
    }
    indices.sort_by(|a, b| a.id.cmp(&b.id));
    indices
}

fn read_events(
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
            label: label(row.text("label"), row.text("label_kk"), row.text("label_ru")),
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
                let is_switch = |i: &usize| {
                    matches!(method.sub_indicators[*i].kind, super::super::SubIndicatorKind::Switch)
                };
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
