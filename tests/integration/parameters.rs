//! Drawn parameters: given its draw a run is that of the case with these values; over runs the closed form mixes.

use boljam::case::{Case, Parameter, Posterior, Source};
use boljam::engine::{self, Effort, RunValue, Selected};
use boljam::model::{Change, ClosedForm, Model, Options, RunScenario, RunTown, Uncertainty};
use boljam::random::{Stream, key};

/// The shipped case without events, and with draws of parameters of the drivers named.
fn case(draws: u64, drivers: &[&str]) -> Case {
    let mut case = Case::load(&Source::embedded(), &[]).unwrap();
    case.known_until = None;
    for event in &mut case.events {
        event.probability.fill(0.0);
    }
    let named = (0..case.drivers.len()).filter(|i| drivers.contains(&case.drivers[*i].id.as_str()));
    let columns: Vec<(usize, Parameter)> =
        named.flat_map(|i| Parameter::ALL.map(|parameter| (i, parameter))).collect();
    let value = |draw: u64, place: usize, (driver, parameter): (usize, Parameter)| {
        let u = Stream::new(key(9, "test", &place.to_string()), draw).uniform();
        match parameter {
            Parameter::Sigma => case.drivers[driver].sigma * (0.5 + u),
            Parameter::Persistence => 0.95 * u,
            Parameter::PriceExposure => case.drivers[driver].price_exposure + 0.6 * (u - 0.5),
            Parameter::RegionalShare => u,
        }
    };
    let row = |draw| columns.iter().enumerate().map(|(k, column)| value(draw, k, *column)).collect();
    let draws = (0..draws).map(row).collect();
    case.posterior = Some(Posterior { columns, draws });
    case
}

/// The case's options, with parameters drawn.
fn drawn(case: &Case) -> Options {
    Options { uncertainty: Uncertainty { parameters: true, ..Uncertainty::ALL }, ..Options::of(case) }
}

const SOME: [&str; 4] = ["enterprise_output", "unemployment", "wage", "investment"];

/// The changes that give a case the values of a draw.
fn changes(case: &Case, draw: usize) -> Vec<Change> {
    let posterior = case.posterior.as_ref().unwrap();
    let change = |((driver, parameter), x): (&(usize, Parameter), &f64)| match parameter {
        Parameter::Sigma => Change::Sigma(*driver, *x),
        Parameter::Persistence => Change::Persistence(*driver, *x),
        Parameter::PriceExposure => Change::PriceExposure(*driver, *x),
        Parameter::RegionalShare => Change::RegionalShare(*driver, *x),
    };
    posterior.columns.iter().zip(&posterior.draws[draw]).map(change).collect()
}

#[test]
fn a_model_at_a_draw_is_that_of_the_case_with_its_values() {
    let case = case(5, &SOME);
    let model = Model::compile(&case, &drawn(&case)).unwrap();
    for draw in 0..5 {
        let (_, varied) = model.vary(&case, &changes(&case, draw));
        assert!(varied.parameters.is_none(), "what is given is drawn no more");
        assert_eq!(format!("{:?}", model.at_draw(draw)), format!("{varied:?}"));
    }
    assert_ne!(format!("{:?}", model.at_draw(0)), format!("{:?}", model.at_draw(1)));
}

/// A run takes one row, in all towns and scenarios, and is then the run of the model at that row.
#[test]
fn a_run_is_that_of_the_model_at_its_draw() {
    let case = case(3, &SOME);
    let model = Model::compile(&case, &drawn(&case)).unwrap();
    let fixed: Vec<Model> = (0..3).map(|draw| model.at_draw(draw)).collect();
    let mut taken = [0; 3];
    for run in 0..24 {
        let u = Stream::new(key(case.seed, "drivers", "parameters"), run).uniform();
        let draw = (3.0 * u) as usize;
        taken[draw] += 1;
        for town in [0, 4, 6] {
            let (ours, theirs) = (
                engine::replay_paths(&model, RunTown(town), run),
                engine::replay_paths(&fixed[draw], RunTown(town), run),
            );
            for (a, b) in ours.iter().zip(&theirs).flat_map(|(a, b)| a.years.iter().zip(&b.years)) {
                for (x, y) in a.links.iter().zip(&b.links) {
                    assert!((x - y).abs() < 1e-11, "run {run}, town {town}: {x} and {y}");
                }
            }
        }
    }
    assert!(taken.iter().all(|n| *n > 0), "{taken:?}");
}

fn columns(model: &Model, selected: &[Selected], runs: u64) -> Vec<Vec<f64>> {
    let mut all = vec![Vec::new(); selected.len()];
    engine::record(model, selected, 0..runs, &mut |_, block| {
        all.iter_mut().zip(block).for_each(|(into, column)| into.extend(column));
    });
    all
}

/// Mean and variance of every driver over runs are those of the mixture: the mean of the variances given a draw
/// and the variance of the means given a draw.
#[test]
fn moments_over_runs_are_those_of_the_mixture() {
    const RUNS: u64 = 20_000;
    let case = case(40, &SOME);
    let towns = ["saran", "temirtau", "zhezkazgan"];
    let options = Options {
        uncertainty: drawn(&case).uncertainty,
        ..Options::select(&case, &towns, &["inertial", "diversification"], None).unwrap()
    };
    let model = Model::compile(&case, &options).unwrap();
    let at_mean =
        Model::compile(&case, &Options { uncertainty: Uncertainty::ALL, ..options.clone() }).unwrap();
    let (mut compared, mut large, mut wider) = (0, 0, 0);
    for (place, town) in model.towns.iter().enumerate() {
        for (path, law) in town.paths.iter().enumerate() {
            let form = ClosedForm::new(&model, town, law);
            let narrow = ClosedForm::new(&at_mean, &at_mean.towns[place], &at_mean.towns[place].paths[path]);
            let years = [1, 2, 5, 9, 14];
            let drivers = (0..model.links.len()).filter(|i| !town.frozen[*i]);
            let cells = drivers.flat_map(|i| years.map(|t| (i, t)));
            let select = |(i, t)| Selected { town: place, path, t, value: RunValue::Link(i) };
            let selected: Vec<Selected> = cells.map(select).collect();
            for (s, x) in selected.iter().zip(columns(&model, &selected, RUNS)) {
                let RunValue::Link(driver) = s.value else { continue };
                let normal = form.over_branches(s.t);
                let (expected, variance) = (normal.mean[driver], normal.covariance[(driver, driver)]);
                let n = RUNS as f64;
                let mean = x.iter().sum::<f64>() / n;
                let central = |p: i32| x.iter().map(|v| (v - mean).powi(p)).sum::<f64>() / n;
                let (second, fourth) = (central(2), central(4));
                let z_mean = (mean - expected) / (variance / n).sqrt();
                let z_variance = (second - variance) / ((fourth - second * second) / n).sqrt();
                for (what, z) in [("mean", z_mean), ("variance", z_variance)] {
                    let name = &case.drivers[driver].id;
                    assert!(z.abs() < 5.2, "{what} of {name} in {}, year {}: {z:.1}", town.id, s.t);
                    compared += 1;
                    large += usize::from(z.abs() > 2.6);
                }
                let fixed = narrow.over_branches(s.t).covariance[(driver, driver)];
                wider += usize::from(variance > 1.05 * fixed);
            }
        }
    }
    assert!(compared > 900 && large * 25 < compared, "{large} of {compared} beyond 2.6 standard errors");
    // The mixture is no repetition of the closed form at the case's values.
    assert!(wider > 50, "{wider}");
}

/// What is not known and what is chance can be drawn apart: with shocks off, runs that take one draw are alike.
#[test]
fn parameters_alone_give_as_many_futures_as_draws() {
    let case = case(4, &SOME);
    let uncertainty = Uncertainty::parse("parameters").unwrap();
    let model = Model::compile(&case, &Options { uncertainty, ..Options::of(&case) }).unwrap();
    let wage = case.drivers.iter().position(|d| d.id == "wage").unwrap();
    let select = Selected { town: 6, path: 0, t: 14, value: RunValue::Link(wage) };
    let mut values = columns(&model, &[select], 600).remove(0);
    values.sort_by(f64::total_cmp);
    values.dedup();
    assert_eq!(values.len(), 4, "{values:?}");
}

/// The same numbers for any threads, and for a subset of towns.
#[test]
fn threads_and_other_towns_change_nothing() {
    let case = case(50, &SOME);
    let all = Model::compile(&case, &drawn(&case)).unwrap();
    let run = |model: &Model, threads| engine::run(model, Effort { threads, ..Effort::runs(1500) }, &|_| {});
    let (one, three) = (run(&all, 1), run(&all, 3));
    assert!(one == three);
    let options = Options {
        uncertainty: drawn(&case).uncertainty,
        ..Options::select(&case, &["temirtau"], &[] as &[&str], None).unwrap()
    };
    let alone = Model::compile(&case, &options).unwrap();
    let place = case.town("temirtau").unwrap();
    let path = RunScenario(2);
    for number in [0, 130, 700] {
        let (a, b) = (
            engine::replay(&all, RunTown(place), path, number),
            engine::replay(&alone, RunTown(0), path, number),
        );
        assert_eq!(a, b);
    }
}
