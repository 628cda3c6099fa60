//! Two cases compared run by run: on the same draws, if their seeds agree.

use serde::Serialize;

use super::results::Estimate;
use crate::case::{Better, Case};
use crate::engine::{self, RunValue, Selected};
use crate::model::{Model, Quantity};

/// One of the two things compared.
#[derive(Debug, Clone, Copy)]
pub struct Side<'a> {
    /// Its case.
    pub case: &'a Case,
    /// The case compiled.
    pub model: &'a Model,
}

/// The effect on one quantity in one town, under one scenario, at the horizon.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Difference {
    /// Town id.
    pub town: String,
    /// Scenario id.
    pub scenario: String,
    /// The year.
    pub year: i32,
    /// Quantity id, `lead.<scenario>` for a candidate's share of the lead, or `outcome.<id>` for an outcome reached by
    /// the end of the year (1 or 0 a run).
    pub quantity: String,
    /// Median of the first; none for a share of the lead or an outcome.
    pub median_a: Option<f64>,
    /// Median of the second.
    pub median_b: Option<f64>,
    /// Mean of the first: of a share of the lead that share, of an outcome its probability.
    pub mean_a: f64,
    /// Mean of the second.
    pub mean_b: f64,
    /// Mean of second less first, run by run.
    pub mean: f64,
    /// Its Monte Carlo standard error.
    pub mcse: f64,
    /// Probability that the second is better, ties counting half; none where neither direction is better, or
    /// where the two do not go through the same draws.
    pub better: Option<f64>,
    /// Its Monte Carlo standard error.
    pub better_mcse: Option<f64>,
}

/// Two results that cannot be compared, with what each of them has.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("no {what} in common: the first has {}, the second {}", first.join(", "), second.join(", "))]
pub struct NothingInCommon {
    /// `town`, `scenario` or `year`.
    pub what: &'static str,
    /// What the first has.
    pub first: Vec<String>,
    /// What the second has.
    pub second: Vec<String>,
}

/// Says whether two results have a town, a scenario and a year in common.
///
/// # Errors
/// [`NothingInCommon`] with both lists of the first of these that they do not.
pub fn in_common(a: &Side<'_>, b: &Side<'_>) -> Result<(), NothingInCommon> {
    let towns =
        |side: &Side<'_>| side.model.towns.iter().map(|law| side.case.towns[law.index].id.clone()).collect();
    let scenarios = |side: &Side<'_>| {
        side.model.options.scenarios.iter().map(|s| side.case.scenarios[*s].id.clone()).collect()
    };
    let years = |side: &Side<'_>| side.model.years.iter().map(i32::to_string).collect();
    let check = |what, first: Vec<String>, second: Vec<String>| {
        if first.iter().any(|id| second.contains(id)) {
            Ok(())
        } else {
            Err(NothingInCommon { what, first, second })
        }
    };
    check("town", towns(a), towns(b))?;
    check("scenario", scenarios(a), scenarios(b))?;
    check("year", years(a), years(b))
}

/// What is compared: its name, its better direction, and where it is on each side.
struct Pair {
    town: String,
    scenario: String,
    quantity: String,
    better: Better,
    a: Selected,
    b: Selected,
}

/// Sums over runs of one pair.
#[derive(Debug, Clone, Copy, Default)]
struct Sums {
    first: f64,
    second: f64,
    difference: f64,
    square: f64,
    points: f64,
}

/// Runs that are taken at a time: a number that bounds memory.
const CHUNK: u64 = 4096;
/// With more runs than this medians are those of the first so many.
const MEDIAN_RUNS: u64 = 20_000;

/// What is to be compared.
pub struct Wanted<'a> {
    /// Quantities; shares of the lead and outcomes are always compared.
    pub quantity: &'a dyn Fn(&Quantity) -> bool,
    /// Towns and scenarios, by id.
    pub future: &'a dyn Fn(&str, &str) -> bool,
}

/// Compares what both sides have in common in a year of both: the quantities that are wanted, the shares of the lead
/// and the outcomes. With one seed on both sides run k meets run k of the same world; with two seeds the
/// worlds are independent, and so is the error.
pub fn compare(
    a: &Side<'_>,
    b: &Side<'_>,
    year: i32,
    wanted: &Wanted<'_>,
    runs: u64,
    progress: &dyn Fn(u64),
) -> Vec<Difference> {
    let same_world = a.model.options.seed == b.model.options.seed;
    let pairs = pairs(a, b, year, wanted);
    let mut sums = vec![Sums::default(); pairs.len()];
    let mut heads: Vec<[Vec<f64>; 2]> = vec![[Vec::new(), Vec::new()]; pairs.len()];
    let columns = |side: &Side<'_>, selected: &[Selected], from: u64, to: u64| {
        let mut all: Vec<Vec<f64>> = vec![Vec::new(); selected.len()];
        engine::record(side.model, selected, from..to, &mut |_, block| {
            all.iter_mut().zip(block).for_each(|(into, column)| into.extend(column));
        });
        all
    };
    let (select_a, select_b): (Vec<Selected>, Vec<Selected>) = pairs.iter().map(|p| (p.a, p.b)).unzip();
    for from in (0..runs).step_by(CHUNK as usize) {
        let to = runs.min(from + CHUNK);
        let (in_a, in_b) = (columns(a, &select_a, from, to), columns(b, &select_b, from, to));
        for (k, pair) in pairs.iter().enumerate() {
            for (x, y) in in_a[k].iter().zip(&in_b[k]) {
                sums[k].add(*x, *y, pair.better);
            }
            if from < MEDIAN_RUNS {
                heads[k][0].extend(&in_a[k]);
                heads[k][1].extend(&in_b[k]);
            }
        }
        progress(to);
    }
    let mut differences: Vec<Difference> = pairs
        .iter()
        .zip(&sums)
        .zip(&mut heads)
        .map(|((p, s), [x, y])| p.difference(s, year, runs, x, y))
        .collect();
    if !same_world {
        for d in &mut differences {
            (d.better, d.better_mcse) = (None, None);
        }
    }
    differences
}

impl Sums {
    fn add(&mut self, x: f64, y: f64, better: Better) {
        let difference = y - x;
        self.first += x;
        self.second += y;
        self.difference += difference;
        self.square += difference * difference;
        let signed = if better == Better::Lower { -difference } else { difference };
        self.points += if signed > 0.0 {
            1.0
        } else if signed == 0.0 {
            0.5
        } else {
            0.0
        };
    }
}

impl Pair {
    fn difference(&self, sums: &Sums, year: i32, runs: u64, a: &mut [f64], b: &mut [f64]) -> Difference {
        let n = runs as f64;
        let mean = sums.difference / n;
        let variance = (sums.square / n - mean * mean).max(0.0);
        let is_share = ["lead.", "outcome."].iter().any(|kind| self.quantity.starts_with(kind));
        let better = (self.better != Better::Neither).then(|| Estimate::share(sums.points, runs));
        Difference {
            town: self.town.clone(),
            scenario: self.scenario.clone(),
            year,
            quantity: self.quantity.clone(),
            median_a: (!is_share).then(|| median(a)),
            median_b: (!is_share).then(|| median(b)),
            mean_a: sums.first / n,
            mean_b: sums.second / n,
            mean,
            mcse: (variance / n).sqrt(),
            better: better.map(|e| e.value),
            better_mcse: better.map(|e| e.mcse),
        }
    }
}

fn median(values: &mut [f64]) -> f64 {
    values.sort_by(f64::total_cmp);
    let n = values.len();
    if n == 0 { f64::NAN } else { 0.5 * (values[(n - 1) / 2] + values[n / 2]) }
}

fn pairs(a: &Side<'_>, b: &Side<'_>, year: i32, wanted: &Wanted<'_>) -> Vec<Pair> {
    let place = |side: &Side<'_>| side.model.years.iter().position(|y| *y == year);
    let Some((t_a, t_b)) = place(a).zip(place(b)) else { return Vec::new() };
    let mut pairs = Vec::new();
    for (town_a, law) in a.model.towns.iter().enumerate() {
        let id = &a.case.towns[law.index].id;
        let Some(town_b) = b.model.towns.iter().position(|l| b.case.towns[l.index].id == *id) else {
            continue;
        };
        for (path_a, s) in a.model.options.scenarios.iter().enumerate() {
            let scenario = &a.case.scenarios[*s].id;
            let same = |k: &usize| b.case.scenarios[*k].id == *scenario;
            let Some(path_b) = b.model.options.scenarios.iter().position(same) else { continue };
            if !(wanted.future)(id, scenario) {
                continue;
            }
            let mut add = |quantity: String, better: Better, x: RunValue, y: RunValue| {
                let a = Selected { town: town_a, path: path_a, t: t_a, value: x };
                let b = Selected { town: town_b, path: path_b, t: t_b, value: y };
                pairs.push(Pair { town: id.clone(), scenario: scenario.clone(), quantity, better, a, b });
            };
            for (q, quantity) in a.model.quantities.iter().enumerate().filter(|(_, q)| (wanted.quantity)(q)) {
                if let Some(r) = b.model.quantities.iter().position(|other| other.id == quantity.id) {
                    add(quantity.id.clone(), quantity.better, RunValue::Quantity(q), RunValue::Quantity(r));
                }
            }
            for (k, candidate) in a.case.scenarios.iter().enumerate() {
                if let Some(l) = b.case.scenario(&candidate.id) {
                    add(
                        format!("lead.{}", candidate.id),
                        Better::Neither,
                        RunValue::Lead(k),
                        RunValue::Lead(l),
                    );
                }
            }
            let reached = &b.case.method.first_passages;
            for (k, outcome) in a.case.method.first_passages.iter().enumerate() {
                if let Some(l) = reached.iter().position(|other| other.id == outcome.id) {
                    let name = format!("outcome.{}", outcome.id);
                    add(name, Better::Neither, RunValue::Reached(k), RunValue::Reached(l));
                }
            }
        }
    }
    pairs
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::case::{Setting, Source};
    use crate::model::Options;

    fn case(settings: &[&str]) -> Case {
        let settings: Vec<Setting> = settings.iter().map(|s| Setting::parse(s).unwrap()).collect();
        Case::load(&Source::embedded(), &settings).unwrap()
    }

    /// Temirtau with unemployment alone, against the shipped case to 2025.
    fn compare_with(edited: &Case, seed: u64, horizon: i32) -> Vec<Difference> {
        let shipped = case(&[]);
        let model = |case: &Case, seed, horizon| {
            let towns = vec![case.town("temirtau").unwrap()];
            Model::compile(case, &Options { seed, horizon, towns, ..Options::of(case) }).unwrap()
        };
        let (a, b) = (model(&shipped, shipped.seed, 2025), model(edited, seed, horizon));
        let (a, b) = (Side { case: &shipped, model: &a }, Side { case: edited, model: &b });
        let wanted = Wanted { quantity: &|q| q.id == "unemployment", future: &|_, _| true };
        compare(&a, &b, 2025, &wanted, 5000, &|_| {})
    }

    #[test]
    fn an_edited_plan_changes_its_own_scenario_and_nothing_else() {
        let edited = case(&["diversification.unemployment.odds=0.5"]);
        let differences = compare_with(&edited, edited.seed, 2025);
        assert_eq!(differences.len(), 4 * (1 + 4 + edited.method.first_passages.len()));
        for d in &differences {
            assert!((d.mean_b - d.mean_a - d.mean).abs() < 1e-9, "{d:?}");
        }
        for d in differences.iter().filter(|d| d.scenario != "diversification") {
            assert_eq!((d.mean, d.mcse), (0.0, 0.0), "{d:?}");
        }
        let edit =
            differences.iter().find(|d| d.scenario == "diversification" && d.quantity == "unemployment");
        let edit = edit.unwrap();
        assert!(edit.mean < 0.0 && edit.better == Some(1.0), "{edit:?}");
        // The same world on both sides: the error is far below that of independent runs.
        assert!(edit.mcse < 0.02 * -edit.mean, "{edit:?}");
    }

    #[test]
    fn other_seeds_give_no_pairs_and_a_larger_error() {
        let edited = case(&["diversification.unemployment.odds=0.5"]);
        let same = compare_with(&edited, edited.seed, 2025);
        let other = compare_with(&edited, edited.seed + 1, 2025);
        for (same, other) in same.iter().zip(&other).filter(|(d, _)| d.quantity == "unemployment") {
            assert_eq!(other.better, None);
            assert!(other.mcse > 2.0 * same.mcse, "{other:?}");
            assert!((other.mean - same.mean).abs() < 4.0 * other.mcse, "{other:?} {same:?}");
        }
    }

    #[test]
    fn what_has_nothing_in_common_is_not_compared() {
        let shipped = case(&[]);
        let model = |town: &str, scenario: &str| {
            let towns = vec![shipped.town(town).unwrap()];
            let scenarios = vec![shipped.scenario(scenario).unwrap()];
            Model::compile(&shipped, &Options { towns, scenarios, ..Options::of(&shipped) }).unwrap()
        };
        let common = |a: &Model, b: &Model| {
            in_common(&Side { case: &shipped, model: a }, &Side { case: &shipped, model: b })
        };
        let a = model("temirtau", "inertial");
        assert_eq!(common(&a, &a), Ok(()));
        assert_eq!(
            common(&a, &model("abai", "inertial")).unwrap_err().to_string(),
            "no town in common: the first has temirtau, the second abai"
        );
        assert_eq!(
            common(&a, &model("temirtau", "diversification")).unwrap_err().to_string(),
            "no scenario in common: the first has inertial, the second diversification"
        );
    }

    #[test]
    fn a_longer_run_agrees_with_a_shorter_one_in_the_years_of_both() {
        let shipped = case(&[]);
        let differences = compare_with(&shipped, shipped.seed, 2030);
        assert!(differences.iter().all(|d| d.year == 2025 && d.mean == 0.0));
    }
}
