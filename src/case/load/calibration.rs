//! How the dynamics are fitted to the panel: calibration.toml.

use toml::{Table, Value};

use super::super::fault::Faults;
use super::super::toml_reader::Node;
use super::super::{Assumption, Calibration, Driver, Parameter, SeriesBreak};
use super::loader::Loader;
use super::panel::PanelRow;

/// The file, which a case need not have.
const FILE: &str = "calibration.toml";
/// Largest prior sd.
const LARGEST: f64 = 10.0;

/// Reads the file; none where the case has no such file.
pub(super) fn read(
    loader: &mut Loader<'_>,
    drivers: &[Driver],
    towns: &[String],
    panel: &[PanelRow],
) -> Option<Calibration> {
    loader.source.files.get(FILE)?;
    let table = loader.toml(FILE);
    let top = Node::new(FILE, String::new(), &table);
    loader.toml_assumptions(&top, &table);
    let faults = &mut loader.faults;
    let mut strengths = [0.0; 4];
    let mut town_spread = 0.0;
    if let Some(prior) = top.node("prior", faults) {
        strengths = ["sigma", "persistence", "price_exposure", "regional_share"]
            .map(|key| prior.number(key, 0.0, LARGEST, faults));
        town_spread = prior.number("town_spread", 0.0, LARGEST, faults);
        prior.finish(faults);
    }
    let mut calibration = Calibration {
        priors: drivers.iter().map(|d| by_default(d, strengths)).collect(),
        town_spread,
        trials: vec![None; drivers.len()],
        breaks: Vec::new(),
    };
    if top.has("driver")
        && let Some(own) = top.node("driver", faults)
    {
        for (id, value) in own.entries() {
            read_driver(&own, (id, value), drivers, panel, &mut calibration, faults);
        }
    }
    let mut assumed = Vec::new();
    for node in top.nodes("break", faults) {
        read_break(&node, towns, panel, (&mut calibration.breaks, &mut assumed), faults);
    }
    top.finish(faults);
    loader.assumptions.extend(assumed);
    Some(calibration)
}

/// What a driver's prior is where it has none of its own. Where the case's value is an end of its range there is
/// nothing to vary about, and a driver without exposure to prices has none to fit.
fn by_default(driver: &Driver, strengths: [f64; 4]) -> [Option<f64>; 4] {
    let mut priors = [None; 4];
    for (k, parameter) in Parameter::ALL.into_iter().enumerate() {
        let moves = is_free(driver, parameter)
            && (parameter != Parameter::PriceExposure || driver.price_exposure != 0.0);
        priors[k] = Some(strengths[k]).filter(|sd| moves && *sd > 0.0);
    }
    priors
}

/// False where the case's value is an end of the scale on which the prior is normal.
fn is_free(driver: &Driver, parameter: Parameter) -> bool {
    let value = parameter.of(driver);
    match parameter {
        Parameter::Sigma => value > 0.0,
        Parameter::Persistence | Parameter::RegionalShare => value > 0.0 && value < 1.0,
        Parameter::PriceExposure => true,
    }
}

/// `[driver.ID]`: prior sds and trials of its own.
fn read_driver(
    own: &Node<'_>,
    (id, value): (&str, &Value),
    drivers: &[Driver],
    panel: &[PanelRow],
    calibration: &mut Calibration,
    faults: &mut Faults,
) {
    let known = || drivers.iter().map(|d| d.id.as_str()).collect::<Vec<_>>().join(", ");
    let Some(driver) = drivers.iter().position(|d| d.id == id) else {
        return faults.refuse(FILE, own.place(id), format!("'{id}'"), &format!("known: {}", known()));
    };
    let Value::Table(table) = value else {
        return faults.refuse(FILE, own.place(id), value, "a table");
    };
    let table: &Table = table;
    let node = Node::new(FILE, own.place(id), table);
    let keys = ["sigma", "persistence", "price_exposure", "regional_share"];
    for (k, (key, parameter)) in keys.into_iter().zip(Parameter::ALL).enumerate() {
        if node.has(key) {
            let sd = node.number(key, 0.0, LARGEST, faults);
            let moves = sd > 0.0 && is_free(&drivers[driver], parameter);
            calibration.priors[driver][k] = Some(sd).filter(|_| moves);
        }
    }
    if node.has("trials") {
        let indicator = node.text("trials", faults);
        let history = drivers[driver].history.as_ref();
        if !history.is_some_and(|h| h.names().iter().any(|name| *name == indicator)) {
            let allowed = "an indicator in the driver's history";
            faults.refuse(FILE, node.place("trials"), format!("'{indicator}'"), allowed);
        } else if !panel.iter().any(|row| row.1.indicator == indicator) {
            faults.refuse(FILE, node.place("trials"), format!("'{indicator}'"), "an indicator of panel.csv");
        }
        calibration.trials[driver] = Some(indicator);
    }
    node.finish(faults);
}

/// `[[break]]`.
fn read_break(
    node: &Node<'_>,
    towns: &[String],
    panel: &[PanelRow],
    (breaks, assumed): (&mut Vec<SeriesBreak>, &mut Vec<Assumption>),
    faults: &mut Faults,
) {
    let (town, indicator) = (node.text("town", faults), node.text("indicator", faults));
    let year = node.integer("year", 1000, 3000, faults) as i32;
    let basis = node.filled("basis", faults);
    node.finish(faults);
    if basis.contains("assumption") {
        let (file, item, value) =
            (FILE.to_owned(), format!("{town}, {indicator}"), format!("break in {year}"));
        assumed.push(Assumption { file, item, value, basis: basis.clone() });
    }
    let Some(place) = towns.iter().position(|t| *t == town) else {
        let known = format!("known: {}", towns.join(", "));
        return faults.refuse(FILE, node.place("town"), format!("'{town}'"), &known);
    };
    // A panel may lack the town or the years: then there is nothing to break.
    if !panel.iter().any(|row| row.1.indicator == indicator) {
        let allowed = "an indicator of panel.csv";
        return faults.refuse(FILE, node.place("indicator"), format!("'{indicator}'"), allowed);
    }
    breaks.push(SeriesBreak { town: place, indicator, year, basis });
}
