//! Formulas tried out before any run: in the base year, where a plan ends, with a driver as far towards the ends of
//! its scale as its noise takes it, and with a missing input at its own ends. What gives no finite number in the base
//! year is a fault, elsewhere a notice: runs count it then.

use std::collections::BTreeMap;

use super::super::{Case, Driver, Input, Method, Notice, RegionIndex, SubIndicatorKind, Town};
use super::towns::base_value;
use crate::formula::Formula;

/// What the names of formulas stand for.
pub(super) type Values = BTreeMap<String, f64>;

/// A formula that gives no finite number although all that it is computed from are numbers.
pub(super) struct Undefined {
    /// The keys of the formula in method.toml.
    pub(super) place: String,
    /// The formula, and what its names stand for: `sqrt(a - b), a = 1, b = 2`.
    pub(super) values: String,
}

/// Standard deviations of a driver's noise to either side of its base value.
const WIDE: f64 = 6.5;

/// Base values of a town: levels, inputs at their best, drivers, indices of the region.
pub(super) fn base_values(
    town: &Town,
    drivers: &[Driver],
    indices: &[RegionIndex],
    method: &Method,
) -> Values {
    let symbols: Vec<String> = method.sub_indicators.iter().map(|s| s.symbol.clone()).collect();
    let mut values = Values::new();
    values.insert("population".to_owned(), town.levels.get("population").copied().unwrap_or(f64::NAN));
    for (symbol, input) in symbols.iter().zip(&town.inputs) {
        values.insert(symbol.clone(), input.best());
        values.insert(format!("base.{symbol}"), input.best());
    }
    for driver in drivers {
        let base = base_value(town, driver, &symbols);
        values.insert(driver.id.clone(), base);
        values.insert(format!("base.{}", driver.id), base);
    }
    values.extend(indices.iter().map(|r| (format!("region.{}", r.id), 1.0)));
    values
}

/// The formulas that are undefined at some values. Sub-indicators are computed from the drivers; where `assessed`
/// says so they keep the value of the assessment for what follows.
pub(super) fn undefined(method: &Method, mut values: Values, assessed: bool) -> Vec<Undefined> {
    let mut found = Vec::new();
    let mut attempt = |place: String, formula: &Formula, values: &Values| {
        let value_of = |name: &str| values.get(name).copied().unwrap_or(f64::NAN);
        let names = formula.names();
        let value = formula.eval(&value_of);
        if !value.is_finite() && names.iter().all(|name| value_of(name).is_finite()) {
            let names = names.iter().map(|name| format!(", {name} = {}", value_of(name)));
            found.push(Undefined { place, values: format!("{formula}{}", names.collect::<String>()) });
        }
        value
    };
    attempt("population_growth".to_owned(), &method.population_growth, &values);
    for s in &method.sub_indicators {
        let SubIndicatorKind::Formula(formula) = &s.kind else { continue };
        let value = attempt(format!("sub_indicator.{}.formula", s.symbol), formula, &values);
        if !assessed {
            values.insert(s.symbol.clone(), value);
        }
    }
    attempt("mono_degree".to_owned(), &method.mono_degree, &values);
    for c in &method.composites {
        let value = attempt(format!("composite.{}.formula", c.symbol), &c.formula, &values);
        for (name, formula) in &c.alternatives {
            attempt(format!("composite.{}.alternatives.{name}", c.symbol), formula, &values);
        }
        values.insert(c.symbol.clone(), value);
    }
    for p in &method.persons {
        attempt(format!("persons.{}.formula", p.id), &p.formula, &values);
    }
    for f in &method.first_passages {
        attempt(format!("first_passage.{}.condition", f.id), &f.condition, &values);
    }
    found
}

/// Notices of what is undefined where plans end and at the ends of scales, each formula once a town.
pub(super) fn notices(case: &Case) -> Vec<Notice> {
    let mut notices: Vec<Notice> = Vec::new();
    for (t, town) in case.towns.iter().enumerate() {
        let base = base_values(town, &case.drivers, &case.region_indices, &case.method);
        let mut known: Vec<String> = Vec::new();
        let mut add = |values: Values, scenario: Option<&str>, assessed: bool| {
            for Undefined { place, values } in undefined(&case.method, values, assessed) {
                if !known.contains(&place) {
                    known.push(place.clone());
                    let (town, scenario) = (town.id.clone(), scenario.map(str::to_owned));
                    notices.push(Notice::Undefined { town, scenario, place, values });
                }
            }
        };
        for scenario in &case.scenarios {
            let shifts = scenario.plan[t].iter().map(|entry| entry.shift);
            add(planned(case, &base, &shifts.collect::<Vec<_>>()), Some(&scenario.id), false);
        }
        for driver in &case.drivers {
            for end in ends(driver, base[&driver.id]) {
                let mut values = base.clone();
                values.insert(driver.id.clone(), end);
                add(values, None, false);
            }
        }
        for (s, input) in case.method.sub_indicators.iter().zip(&town.inputs) {
            let Input::Missing { low, high, .. } = input else { continue };
            for end in [low, high] {
                let mut values = base.clone();
                values.insert(s.symbol.clone(), *end);
                add(values, None, true);
            }
        }
    }
    notices
}

/// Values where all plans are reached: the mean plan, no noise, prices of the base year.
fn planned(case: &Case, base: &Values, shifts: &[f64]) -> Values {
    let mut values = base.clone();
    for (driver, shift) in case.drivers.iter().zip(shifts) {
        let start = base[&driver.id];
        if !driver.link.is_edge(start) {
            values.insert(driver.id.clone(), driver.link.invert(driver.link.apply(start) + shift));
        }
    }
    for index in &case.region_indices {
        values.insert(format!("region.{}", index.id), index.shift.exp());
    }
    values
}

/// How far a driver's own noise may take it towards the two ends of its scale. The very ends are no test: 0 % of the
/// people active is no town.
fn ends(driver: &Driver, base: f64) -> Vec<f64> {
    if driver.link.is_edge(base) {
        return Vec::new();
    }
    let sd = driver.sigma / (1.0 - driver.persistence * driver.persistence).max(0.01).sqrt();
    [-WIDE, WIDE].map(|z| driver.link.invert(driver.link.apply(base) + z * sd)).to_vec()
}
