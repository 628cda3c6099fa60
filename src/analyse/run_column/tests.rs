//! Tests of what is kept of single runs.

use super::*;
use crate::case::{Delivery, Source};
use crate::engine::record;
use crate::model::Options;

fn values(model: &Model, columns: &[RunColumn], runs: u64) -> Vec<Vec<f64>> {
    let selected: Vec<Selected> = columns.iter().map(|c| c.selected).collect();
    let mut all = vec![Vec::new(); columns.len()];
    record(model, &selected, 0..runs, &mut |_, block| {
        for ((all, new), column) in all.iter_mut().zip(block).zip(columns) {
            all.extend(new.iter().map(|x| column.thing.scale.apply(*x)));
        }
    });
    all
}

#[test]
fn what_is_kept_is_what_a_replay_of_the_run_shows() {
    let case = Case::load(&Source::embedded(), &[]).unwrap();
    let options =
        Options::select(&case, &["satpayev", "temirtau"], &["inertial", "diversification"], None).unwrap();
    let model = Model::compile(&case, &Options { horizon: 2030, ..options }).unwrap();
    let words: Vec<String> =
        ["TDe1@2030", "votes@2030", "outcomes@2030", "events@2030", "price.copper@2028", "population@2030"]
            .map(str::to_owned)
            .to_vec();
    let columns = RunColumn::parse(&words, &case, &model).unwrap();
    // Runs of more than one tile.
    let found = values(&model, &columns, 200);
    let mut compared = 0;
    for run in [0, 131, 199] {
        for town in 0..2 {
            let paths = crate::engine::replay_paths(&model, RunTown(town), run);
            for (path, trajectory) in paths.iter().enumerate() {
                let last = &trajectory.years[9];
                let happened: Vec<usize> =
                    trajectory.years.iter().flat_map(|y| y.events.iter().copied()).collect();
                let reached: Vec<usize> =
                    trajectory.years.iter().flat_map(|y| y.reached.iter().copied()).collect();
                let classes = crate::analyse::classes(&case, last);
                let votes = crate::assess::votes(&case.method, &classes, case.scenarios.len());
                for (column, values) in columns.iter().zip(&found) {
                    let at = (column.selected.town, column.selected.path);
                    if column.thing.of == ThingOf::Scenario && at != (town, path) {
                        continue;
                    }
                    let expected = match column.thing.value {
                        RunValue::Quantity(q) if model.quantities[q].id == "population" => last.population,
                        RunValue::Quantity(_) | RunValue::SubIndicator(_) => last.sub_indicators[0],
                        RunValue::Votes(s) => f64::from(votes[s]),
                        RunValue::Reached(k) => f64::from(u8::from(reached.contains(&k))),
                        RunValue::Happened(e) => f64::from(u8::from(happened.contains(&e))),
                        RunValue::LogPrice(c) => {
                            (model.prices.ln_base[c] + trajectory.years[7].log_prices[c]).exp()
                        }
                        other => panic!("{other:?}"),
                    };
                    let value = values[run as usize];
                    if column.thing.name == "TDe1" {
                        let place =
                            case.method.sub_indicators.iter().position(|s| s.symbol == "TDe1").unwrap();
                        assert_eq!(value, last.sub_indicators[place]);
                    } else {
                        assert!(
                            (value - expected).abs() <= 1e-12 * expected.abs(),
                            "{column:?}: {value} {expected}"
                        );
                    }
                    compared += 1;
                }
            }
        }
    }
    assert!(compared > 140, "{compared}");
}

#[test]
fn plans_and_inputs_have_the_moments_of_their_laws() {
    let mut case = Case::load(&Source::embedded(), &[]).unwrap();
    // A plan of which a part comes about has another law.
    case.scenarios[3].delivery = Delivery::WHOLE;
    let options = Options::select(&case, &["satpayev"], &["diversification"], None).unwrap();
    let model = Model::compile(&case, &Options { horizon: 2025, ..options }).unwrap();
    let columns = drawn_columns(&case, &model, RunTown(0), 0, 4);
    let found = values(&model, &columns, 20_000);
    let law = &model.towns[0];
    let mut seen = [0; 3];
    for (column, values) in columns.iter().zip(&found) {
        let n = values.len() as f64;
        let moments = |x: &dyn Fn(f64) -> f64| {
            let mean = values.iter().map(|v| x(*v)).sum::<f64>() / n;
            let variance = values.iter().map(|v| (x(*v) - mean).powi(2)).sum::<f64>() / n;
            (mean, variance.sqrt())
        };
        let near = |(mean, sd): (f64, f64), expected: (f64, f64)| {
            let error = expected.1 / n.sqrt();
            assert!((mean - expected.0).abs() <= 4.5 * error + 1e-12, "{column:?}: {mean} {expected:?}");
            assert!((sd - expected.1).abs() <= 6.0 * error + 1e-12, "{column:?}: {sd} {expected:?}");
        };
        match column.thing.value {
            RunValue::Plan(i) => {
                let (mean, sd) = (law.paths[0].shift[i], law.paths[0].shift_sd[i]);
                let ln = |v: f64| if column.thing.scale == Scale::Exp { v.ln() } else { v };
                near(moments(&ln), (mean, sd));
                seen[0] += 1;
            }
            RunValue::Input(i) => {
                let InputLaw::Triangular { low, mode, high } = law.inputs[i] else { continue };
                let (a, b, c) = (low, high, mode);
                let variance = (a * a + b * b + c * c - a * b - a * c - b * c) / 18.0;
                near(moments(&|v| v), ((a + b + c) / 3.0, variance.sqrt()));
                seen[1] += 1;
            }
            RunValue::Chance(i) => {
                // An autoregression that begins at 0: variance sigma^2 (1 - phi^2t) / (1 - phi^2).
                let d = &case.drivers[i];
                let phi2 = d.persistence * d.persistence;
                let variance = d.sigma * d.sigma * (0..4).map(|k| phi2.powi(k)).sum::<f64>();
                let ln = |v: f64| if column.thing.scale == Scale::Exp { v.ln() } else { v };
                near(moments(&ln), (0.0, variance.sqrt()));
                seen[2] += 1;
            }
            _ => {}
        }
    }
    assert!(seen.iter().all(|n| *n > 1), "{seen:?}");
}

#[test]
fn words_that_say_nothing_are_told() {
    let case = Case::load(&Source::embedded(), &[]).unwrap();
    let options = Options::select(&case, &["temirtau"], &["inertial"], None).unwrap();
    let model = Model::compile(&case, &options).unwrap();
    let fault = |word: &str| RunColumn::parse(&[word.to_owned()], &case, &model).unwrap_err().to_string();
    assert!(fault("luck@2030").contains("no quantity 'luck'"));
    assert!(fault("wage").contains("wage@2035"));
    assert!(fault("wage@1999").contains("2021 to 2035"));
    assert!(fault("plan.wage@2030").contains("drawn once"));
    assert!(fault("parameters").contains("nothing of it is drawn"));
    // Temirtau prints all its inputs.
    assert!(fault("inputs").contains("nothing of it is drawn"));
}
