//! Nonsense: in how many runs a condition is broken that the case says runs keep.

use crate::case::{Case, Limit, LimitSpan};
use crate::engine::{self, RunValue, Selected};
use crate::model::{Change, Model, ModelError, Options, Origin, Uncertainty};

/// Years of the long run.
const LONG: i32 = 50;

/// How a limit is kept in a town under a scenario, places in the case.
#[derive(Debug, Clone, PartialEq)]
pub struct Kept {
    /// The limit.
    pub limit: usize,
    /// The town.
    pub town: usize,
    /// The scenario; the reference in the long run, whose plan is taken away.
    pub scenario: usize,
    /// Runs that break it in some year.
    pub broken: u64,
    /// Of so many.
    pub runs: u64,
    /// The first of them: run and year.
    pub first: Option<(u64, i32)>,
}

impl Kept {
    /// True when no more runs break it than may.
    pub fn is_kept(&self, limit: &Limit) -> bool {
        self.broken as f64 * 100.0 <= limit.most * self.runs as f64
    }
}

/// Holds the runs of the options' towns against every limit of the case.
///
/// # Errors
/// [`ModelError`] when the options do not fit the case.
pub fn limits_kept(case: &Case, options: &Options, runs: u64) -> Result<Vec<Kept>, ModelError> {
    let mut kept = Vec::new();
    for town in &options.towns {
        for span in [LimitSpan::Run, LimitSpan::LongRun] {
            let limits: Vec<usize> =
                (0..case.limits.len()).filter(|l| case.limits[*l].span == span).collect();
            if limits.is_empty() {
                continue;
            }
            let model = match span {
                LimitSpan::Run => Model::compile(case, &Options { towns: vec![*town], ..options.clone() })?,
                LimitSpan::LongRun => alone(case, options, *town)?,
            };
            kept.extend(held(case, &model, &limits, runs));
        }
    }
    kept.sort_by_key(|k| (k.limit, k.town, k.scenario));
    Ok(kept)
}

/// A town that is left alone for long: no plan, no event.
fn alone(case: &Case, options: &Options, town: usize) -> Result<Model, ModelError> {
    let scenario = case.reference;
    // What is not known of the base year is no part of the dynamics.
    let uncertainty = Uncertainty { inputs: false, ..options.uncertainty };
    let options = Options {
        uncertainty,
        towns: vec![town],
        scenarios: vec![scenario],
        horizon: case.base_year + LONG,
        stress: None,
        origin: Origin::Base,
        ..options.clone()
    };
    let none = |driver| Change::Plan { town, scenario, driver, shift: 0.0, sd: 0.0 };
    let plans = (0..case.drivers.len()).map(none);
    let events = (0..case.events.len()).map(|event| Change::EventProbability(event, scenario, 0.0));
    let changes: Vec<Change> = plans.chain(events).collect();
    Ok(Model::compile(case, &options)?.vary(case, &changes).1)
}

/// Counts the runs of a model of one town.
fn held(case: &Case, model: &Model, limits: &[usize], runs: u64) -> Vec<Kept> {
    let (paths, years) = (model.options.scenarios.len(), model.years.len());
    let law = &model.towns[0];
    let mut names: Vec<&str> = limits.iter().flat_map(|l| case.limits[*l].condition.names()).collect();
    names.retain(|name| !name.starts_with("base."));
    names.sort_unstable();
    names.dedup();
    let places: Vec<usize> =
        names.iter().filter_map(|name| model.quantities.iter().position(|q| q.id == *name)).collect();
    let mut selected = Vec::new();
    for path in 0..paths {
        for t in 1..years {
            let of = |q: &usize| Selected { town: 0, path, t, value: RunValue::Quantity(*q) };
            selected.extend(places.iter().map(of));
        }
    }
    let town = model.options.towns[0];
    let mut kept: Vec<Kept> = (0..paths)
        .flat_map(|path| limits.iter().map(move |limit| (model.options.scenarios[path], *limit)))
        .map(|(scenario, limit)| Kept { limit, town, scenario, broken: 0, runs, first: None })
        .collect();
    engine::record(model, &selected, 0..runs, &mut |first, columns| {
        let count = columns.first().map_or(0, Vec::len);
        for run in 0..count {
            for path in 0..paths {
                let own = &mut kept[path * limits.len()..][..limits.len()];
                for kept in own {
                    let condition = &case.limits[kept.limit].condition;
                    let broken = (1..years).find(|t| {
                        let column = (path * (years - 1) + t - 1) * names.len();
                        let value = |name: &str| {
                            if let Some(driver) = name.strip_prefix("base.") {
                                let place = case.drivers.iter().position(|d| d.id == driver);
                                return place.map_or(f64::NAN, |i| law.base[i]);
                            }
                            let place = names.iter().position(|n| *n == name);
                            place.map_or(f64::NAN, |k| columns[column + k][run])
                        };
                        // What is undefined breaks it too.
                        let x = condition.eval(&value);
                        x.is_nan() || x <= 0.0
                    });
                    if let Some(t) = broken {
                        kept.broken += 1;
                        kept.first = kept.first.or(Some((first + run as u64, model.years[t])));
                    }
                }
            }
        }
    });
    kept
}
