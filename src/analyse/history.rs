//! Observed history of the drivers, on the model's scale.

use crate::case::{Case, Town};
use crate::formula::Formula;
use crate::model::{Quantity, QuantityKind};

/// Observed values of a quantity up to the base year, rescaled so that the base year equals the base level;
/// money is divided by consumer prices first. Empty where the panel lacks the quantity or its base year.
pub(super) fn history(case: &Case, town: &Town, quantity: &Quantity, base_level: f64) -> Vec<(i32, f64)> {
    let QuantityKind::Driver(i) = quantity.kind else { return Vec::new() };
    let driver = &case.drivers[i];
    let Some(formula) = &driver.history else { return Vec::new() };
    let mut years: Vec<i32> = case.panel.iter().filter(|v| v.town == town.id).map(|v| v.year).collect();
    years.sort_unstable();
    years.dedup();
    let value = |year: i32| {
        let raw = observed(case, town, formula, year)?;
        if !driver.deflate {
            return Some(raw);
        }
        let prices = case.consumer_prices.iter().find(|(y, _)| *y == year)?.1;
        Some(raw / prices)
    };
    let Some(base) = value(case.base_year).filter(|v| *v != 0.0 && v.is_finite()) else { return Vec::new() };
    let scaled = |year: i32| value(year).map(|v| (year, v * base_level / base));
    years
        .into_iter()
        .filter(|y| *y <= case.base_year)
        .filter_map(scaled)
        .filter(|p| p.1.is_finite())
        .collect()
}

/// A formula of the panel's indicators in one year; none where one is missing.
fn observed(case: &Case, town: &Town, formula: &Formula, year: i32) -> Option<f64> {
    let find = |name: &str| {
        case.panel
            .iter()
            .find(|v| v.town == town.id && v.year == year && v.indicator == name)
            .map(|v| v.value)
    };
    let complete = formula.names().iter().all(|name| find(name).is_some());
    complete.then(|| formula.eval(&|name| find(name).unwrap_or(f64::NAN)))
}
