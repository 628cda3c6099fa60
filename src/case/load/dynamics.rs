//! How towns move: drivers.csv, correlations.csv, `cross_impacts.csv`, region.csv, events.csv.

use super::super::csv_reader::{Cells, CsvTable};
use super::super::fault::Faults;
use super::super::toml_reader::{check_names, parse_formula};
use super::super::{CrossImpact, Driver, Event, Link, Notice, RegionIndex, Scaling, Town};
use super::head::Head;
use super::loader::Loader;
use super::method::{BETTER, Draft};
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

impl Dynamics {
    /// Says which listed correlations the regional shares take too much from.
    pub(super) fn note_shares(&self, notices: &mut Vec<Notice>) {
        for (j, b) in self.drivers.iter().enumerate() {
            for (i, a) in self.drivers[..j].iter().enumerate() {
                let listed = self.correlation[i][j];
                let realised = a.town_correlation(b, listed);
                if (listed - realised).abs() >= Notice::MATERIAL {
                    notices.push(Notice::SharesDiffer { a: a.id.clone(), b: b.id.clone(), listed, realised });
                }
            }
        }
    }
}

pub(super) fn read(loader: &mut Loader<'_>, method: &Draft, towns: &[Town], head: &Head) -> Dynamics {
    let drivers = read_drivers(loader, method, towns);
    let ids: Vec<String> = drivers.iter().map(|d| d.id.clone()).collect();
    Dynamics {
        correlation: super::correlations::read(loader, "correlations.csv", &ids),
        cross_impacts: read_cross_impacts(loader, &ids),
        region_indices: read_region(loader, head.base_year),
        events: super::events::read(loader, method, towns, &ids, head),
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
            label: row.name("label", faults),
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
