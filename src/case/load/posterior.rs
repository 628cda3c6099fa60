//! Draws of the drivers' parameters: posterior.csv.

use super::super::fault::Faults;
use super::super::{Driver, Parameter, Posterior};
use super::dynamics::Dynamics;
use super::loader::Loader;
use super::transition;

/// The file, which a case need not have.
const FILE: &str = "posterior.csv";
/// Largest number of a draw.
const LARGEST: u32 = 1_000_000;

/// Reads the draws; none where the case has no such file. A parameter of drivers.csv that a setting gives is known
/// to whoever set it: its column is read and left out.
pub(super) fn read(loader: &mut Loader<'_>, dynamics: &Dynamics) -> Option<Posterior> {
    let text = loader.source.files.get(FILE)?;
    let header = header(text);
    let columns = columns(&header, &dynamics.drivers, &mut loader.faults);
    let others = header.iter().map(String::as_str).filter(|name| *name != "draw");
    let wanted: Vec<&str> = std::iter::once("draw").chain(others).collect();
    let table = loader.csv_of_draws(FILE, "draw", &wanted);
    let faults = &mut loader.faults;
    let mut rows: Vec<(u32, u64, Vec<f64>)> = Vec::new();
    for row in table.iter() {
        let number = row.text("draw").parse::<u32>().ok().filter(|n| *n <= LARGEST);
        if number.is_none() {
            row.refuse("draw", &format!("a number of its own from 0 to {LARGEST}"), faults);
        }
        let value = |((_, parameter), name): &((usize, Parameter), String)| {
            let (low, high) = parameter.range();
            row.number(name, low, high, faults)
        };
        let values = columns.iter().map(value).collect();
        rows.push((number.unwrap_or(0), row.row.line, values));
    }
    if rows.is_empty() && !columns.is_empty() {
        faults.add(FILE, "", "has no draws; a case without draws has no such file");
    }
    rows.sort_by_key(|row| (row.0, row.1));
    let columns: Vec<(usize, Parameter)> = columns.into_iter().map(|(column, _)| column).collect();
    refuse_unstable(dynamics, &columns, &rows, faults);
    let mut posterior = Posterior { columns, draws: rows.into_iter().map(|row| row.2).collect() };
    for setting in loader.settings.iter().filter(|setting| setting.file == "drivers") {
        if let [driver, field] = setting.path.as_slice() {
            let parameter = Parameter::ALL.into_iter().find(|p| p.name() == field);
            let driver = dynamics.drivers.iter().position(|d| d.id == *driver);
            if let (Some(driver), Some(parameter)) = (driver, parameter) {
                posterior.fix(driver, parameter);
            }
        }
    }
    Some(posterior)
}

/// Draws with which deviations would grow without end: one fault, for they are many when a cross-impact causes it.
/// Where the case's own persistences already do, that fault is told and says it all.
fn refuse_unstable(
    dynamics: &Dynamics,
    columns: &[(usize, Parameter)],
    rows: &[(u32, u64, Vec<f64>)],
    faults: &mut Faults,
) {
    if transition::worst(dynamics, &|i| dynamics.drivers[i].persistence).0 >= 1.0 {
        return;
    }
    let radius = |values: &[f64]| {
        let phi = |i: usize| {
            let place = columns.iter().position(|column| *column == (i, Parameter::Persistence));
            place.map_or(dynamics.drivers[i].persistence, |k| values[k])
        };
        transition::worst(dynamics, &phi)
    };
    let unstable: Vec<_> =
        rows.iter().map(|row| (row, radius(&row.2))).filter(|(_, (radius, _))| *radius >= 1.0).collect();
    let Some(((number, line, _), (radius, mono))) = unstable.first() else { return };
    let others = match unstable.len() - 1 {
        0 => String::new(),
        others => format!("; so with {others} more of {} draws", rows.len()),
    };
    let message = format!(
        "deviations never die out with the persistence of draw {number} (spectral radius {radius:.3} at \
         mono-profile degree {mono}, must be below 1){others}"
    );
    faults.add(FILE, format!("line {line}"), message);
}

/// The columns of the header that are `DRIVER.PARAMETER`, ascending, with their names; others are faults.
fn columns(header: &[String], drivers: &[Driver], faults: &mut Faults) -> Vec<((usize, Parameter), String)> {
    let known = |name: &str| {
        let (driver, parameter) = name.split_once('.')?;
        let parameter = Parameter::ALL.into_iter().find(|p| p.name() == parameter)?;
        Some((drivers.iter().position(|d| d.id == driver)?, parameter))
    };
    let parameters = Parameter::ALL.map(Parameter::name).join(", ");
    let form = format!("DRIVER.PARAMETER with a driver of drivers.csv and one of {parameters}");
    let mut columns: Vec<((usize, Parameter), String)> = Vec::new();
    for name in header.iter().filter(|name| *name != "draw") {
        match known(name) {
            Some(column) => columns.push((column, name.clone())),
            None => faults.add(FILE, "line 1", format!("unknown column '{name}' (known here: draw, {form})")),
        }
    }
    if header.iter().all(|name| name == "draw") {
        faults.add(FILE, "line 1", format!("needs a column {form}"));
    }
    // One that stands twice is a fault of the table.
    columns.sort();
    columns.dedup();
    columns
}

/// The first row.
fn header(text: &str) -> Vec<String> {
    let mut reader =
        csv::ReaderBuilder::new().flexible(true).trim(csv::Trim::All).from_reader(text.as_bytes());
    reader.headers().map_or_else(|_| Vec::new(), |header| header.iter().map(str::to_owned).collect())
}
