//! What only several files together can show: names that collide, histories without data, formulas that do
//! not give the base year's values, and which faults follow from a file that could not be read.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use super::super::fault::{Fault, Faults};
use super::super::setting::Setting;
use super::super::toml_lines::TomlLines;
use super::super::{
    Commodity, Driver, Method, Name, Notice, PanelValue, PrintedValue, SubIndicatorKind, Town,
};
use super::dynamics::Dynamics;
use super::head::{Head, LOST_BASE_YEAR};
use super::loader::Loader;
use super::panel::PanelRow;
use super::{evaluation, towns};

/// Files whose rows cannot be judged while another file is broken: their ids or values come from it.
const RESTS_ON: [(&str, &[&str]); 9] = [
    (
        "method.toml",
        &[
            "assessment.csv",
            "missing.csv",
            "base_levels.csv",
            "drivers.csv",
            "events.csv",
            "limits.csv",
            "observed.csv",
        ],
    ),
    ("assessment.csv", &["drivers.csv", "missing.csv", "method.toml"]),
    ("missing.csv", &["assessment.csv", "drivers.csv", "method.toml"]),
    ("base_levels.csv", &["drivers.csv", "method.toml"]),
    (
        "drivers.csv",
        &[
            "correlations.csv",
            "cross_impacts.csv",
            "events.csv",
            "limits.csv",
            "method.toml",
            "observed.csv",
            "posterior.csv",
        ],
    ),
    ("cross_impacts.csv", &["posterior.csv"]),
    ("region.csv", &["method.toml", "observed.csv"]),
    ("events.csv", &["method.toml"]),
    ("panel.csv", &["drivers.csv", "calibration.toml", "observed.csv"]),
];

/// All faults in order. Those that only follow from a broken file would bury it, and are left out.
pub(super) fn all_faults(
    mut faults: Faults,
    broken: Faults,
    lines: &BTreeMap<String, TomlLines>,
    settings: &[Setting],
) -> Faults {
    let is_broken = |file: &str| broken.0.iter().any(|f| f.file == file);
    let follows = |file: &str| {
        let rests = RESTS_ON.iter().any(|(on, files)| is_broken(on) && files.contains(&file));
        rests || (is_broken("drivers.csv") && is_scenario(file)) || is_broken(file)
    };
    faults.0.retain(|fault| !follows(&fault.file));
    // Where the base year is lost, its stand-in is in nobody's file.
    let stands_in = |fault: &Fault| {
        let words = [format!("base year {LOST_BASE_YEAR}"), format!(" for {LOST_BASE_YEAR},")];
        words.iter().any(|words| fault.message.contains(words))
    };
    faults.0.retain(|fault| !stands_in(fault));
    faults.0.extend(broken.0);
    faults.join_slips();
    for fault in &mut faults.0 {
        if !settings.iter().any(|s| s.is_at(&fault.file, &fault.place)) {
            fault.line = lines.get(&fault.file).and_then(|lines| lines.nearest(&fault.place));
        }
    }
    faults.sort();
    faults
}

/// True for the files whose plans name drivers.
fn is_scenario(file: &str) -> bool {
    let toml = Path::new(file).extension().is_some_and(|e| e == "toml");
    toml && !file.starts_with("stress/") && !["case.toml", "prices.toml"].contains(&file)
}

/// Histories are formulas of panel indicators, and money needs consumer prices.
pub(super) fn check_histories(
    drivers: &[Driver],
    panel: &[PanelRow],
    consumer_prices: &[(i32, f64)],
    head: &Head,
    faults: &mut Faults,
) {
    let mut known: Vec<&str> = panel.iter().map(|v| v.1.indicator.as_str()).collect();
    known.sort_unstable();
    known.dedup();
    for driver in drivers {
        let Some(history) = &driver.history else { continue };
        for name in history.names().into_iter().filter(|n| !known.contains(n)) {
            let message =
                format!("'{name}' in the formula is no indicator of panel.csv ({})", known.join(", "));
            faults.add("drivers.csv", format!("{}, history", driver.id), message);
        }
        if driver.deflate && !consumer_prices.iter().any(|(year, _)| *year == head.base_year) {
            let message = format!(
                "no index of the base year {}, which the history of {} needs",
                head.base_year, driver.id
            );
            faults.add("consumer_prices.csv", "", message);
        }
    }
}

/// Every result has a name of its own, and every formula gives the base year what the inputs say.
pub(super) fn check_base_year(towns: &[Town], dynamics: &Dynamics, method: &Method, loader: &mut Loader<'_>) {
    check_names(dynamics, method, &mut loader.faults);
    let symbols: Vec<String> = method.sub_indicators.iter().map(|s| s.symbol.clone()).collect();
    for town in towns {
        // An input out of its range is a fault of its own file.
        let inside = |i: usize| {
            let (low, high) = method.sub_indicators[i].range;
            Some(town.inputs[i].best()).filter(|value| (low..=high).contains(value))
        };
        let input = |name: &str| symbols.iter().position(|s| s == name).and_then(inside);
        let mono = method.mono_degree.eval(&|name| input(name).unwrap_or(f64::NAN));
        if !(0.0..=1.0).contains(&mono) && !mono.is_nan() {
            let place = format!("mono_degree for {}", town.id);
            loader.faults.refuse("method.toml", place, mono, "a degree from 0 to 1");
        }
    }
    for (k, s) in method.sub_indicators.iter().enumerate() {
        let SubIndicatorKind::Formula(formula) = &s.kind else { continue };
        for town in towns {
            let value = |name: &str| base_year_value(town, dynamics, &symbols, name);
            // A value that could not be read (NaN) is a fault of its own file.
            if formula.names().into_iter().any(|name| value(name).is_nan()) {
                continue;
            }
            let (computed, given) = (formula.eval(&value), town.inputs[k].best());
            if computed.is_finite() && (computed - given).abs() > 1e-6 * given.abs().max(1.0) {
                let (town, symbol) = (town.id.clone(), s.symbol.clone());
                loader.notices.push(Notice::FormulaDiffers { town, symbol, given, computed });
            }
        }
    }
    let mut undefined: BTreeMap<String, Vec<(&str, String)>> = BTreeMap::new();
    for town in towns {
        let values = evaluation::base_values(town, &dynamics.drivers, &dynamics.region_indices, method);
        for formula in evaluation::undefined(method, values, true) {
            undefined.entry(formula.place).or_default().push((&town.id, formula.values));
        }
    }
    for (place, of) in undefined {
        let ids: Vec<&str> = of.iter().map(|(town, _)| *town).collect();
        let message = format!("gives no finite number in the base year for {} ({})", ids.join(", "), of[0].1);
        loader.faults.add("method.toml", place, message);
    }
}

/// A name that nothing bears may be a slip of the pen, or left over from an edit.
pub(super) fn check_unused_names(
    names: &BTreeMap<String, Name>,
    (drivers, method, commodities): (&[Driver], &Method, &[Commodity]),
    (panel, printed): (&[PanelValue], &[PrintedValue]),
    notices: &mut Vec<Notice>,
) {
    let units = drivers.iter().map(|d| d.unit.as_str()).chain(commodities.iter().map(|c| c.unit.as_str()));
    let units = units.chain(method.sub_indicators.iter().map(|s| s.unit.as_str()));
    let cited = printed.iter().map(|v| v.source.as_str());
    let borne: BTreeSet<&str> =
        units.chain(panel.iter().map(|v| v.indicator.as_str())).chain(cited).collect();
    for id in names.keys().filter(|id| !borne.contains(id.as_str())) {
        notices.push(Notice::Odd {
            file: "case.toml".to_owned(),
            place: format!("names.{id}"),
            what: "notice.unused_name",
            values: Vec::new(),
        });
    }
}

/// What a name of a sub-indicator's formula stands for in the base year.
fn base_year_value(town: &Town, dynamics: &Dynamics, symbols: &[String], name: &str) -> f64 {
    if name.starts_with("region.") {
        return 1.0;
    }
    let name = name.strip_prefix("base.").unwrap_or(name);
    let driver = dynamics.drivers.iter().find(|d| d.id == name);
    let input = || symbols.iter().position(|s| s == name).map(|i| town.inputs[i].best());
    driver.map(|d| towns::base_value(town, d, symbols)).or_else(input).unwrap_or(f64::NAN)
}

/// Tables of results name drivers, sub-indicators, composites and counts of persons in one column.
fn check_names(dynamics: &Dynamics, method: &Method, faults: &mut Faults) {
    let drivers = dynamics.drivers.iter().map(|d| ("a driver", "drivers.csv", d.id.as_str()));
    let symbols = method.sub_indicators.iter().map(|s| ("a sub-indicator", "method.toml", s.symbol.as_str()));
    let composites = method.composites.iter().map(|c| ("a composite", "method.toml", c.symbol.as_str()));
    let persons = method.persons.iter().map(|p| ("a count of persons", "method.toml", p.id.as_str()));
    let mut seen: Vec<(&str, &str)> = Vec::new();
    for (kind, file, id) in drivers.chain(symbols).chain(composites).chain(persons) {
        // Two of one kind are a fault already.
        if let Some((other, _)) = seen.iter().find(|(k, i)| *i == id && *k != kind) {
            faults.add(file, id, format!("is the name of {other} and of {kind}: each needs its own"));
        }
        seen.push((kind, id));
    }
}
