//! Rows that several tables have.

use crate::analyse::{Distribution, Estimate, Mark, QUANTILES, Results, ScenarioResults, TownResults};
use crate::report::records::Records;

/// Names of the quantiles in tables, in the order of [`QUANTILES`]: the probability in per mille.
pub const QUANTILE_NAMES: [&str; QUANTILES.len()] =
    ["q010", "q025", "q050", "q100", "q250", "q500", "q750", "q900", "q950", "q975", "q990"];

/// Every town, scenario and year with its index.
pub(super) fn cells(results: &Results) -> impl Iterator<Item = (&TownResults, &ScenarioResults, usize, i32)> {
    results.towns.iter().flat_map(move |town| {
        town.scenarios.iter().flat_map(move |scenario| {
            results.setup.years.iter().enumerate().map(move |(t, year)| (town, scenario, t, *year))
        })
    })
}

/// Header of a table of estimates: what each is of, then [`estimate`]'s cells.
pub(super) fn header<'a>(key: &[&'a str]) -> Vec<&'a str> {
    key.iter().copied().chain(["value", "mcse", "low", "high", "unit", "mark"]).collect()
}

/// A row of an estimate: what it is of, its value, its error, the ends of its 95 % interval, its unit, its mark. What
/// is exact has no ends.
pub(super) fn estimate(rows: &mut Records, key: &[&str], estimate: Estimate, unit: &str) {
    let (low, high) = ends(estimate);
    let mark = estimate.mark.map_or("", Mark::id);
    rows.row(key, &[&estimate.value, &estimate.mcse, &low, &high], &[unit, mark]);
}

/// Ends of the interval; NaN, an empty cell, where there is none.
pub(super) fn ends(estimate: Estimate) -> (f64, f64) {
    let (low, high) = estimate.interval();
    if low == high { (f64::NAN, f64::NAN) } else { (low, high) }
}

pub(super) fn statistics(rows: &mut Records, key: &[&str; 4], distribution: &Distribution, unit: &str) {
    let [town, scenario, year, quantity] = *key;
    let mut add = |name: &str, e: Estimate| estimate(rows, &[town, scenario, year, quantity, name], e, unit);
    add("mean", distribution.mean);
    if let Some(mean) = distribution.mean_cv {
        add("mean_cv", mean);
    }
    add("sd", distribution.sd);
    add("min", Estimate::exact(distribution.min));
    add("max", Estimate::exact(distribution.max));
    for (name, quantile) in QUANTILE_NAMES.iter().zip(distribution.quantiles) {
        add(name, quantile);
    }
}
