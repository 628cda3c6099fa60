//! A slow scalar oracle: the engine's runs are those of a plain re-implementation of docs/model.md, to rounding.

mod scalar;

use std::path::Path;

use boljam::case::{Case, Delivery, Parameter, Posterior, Source};
use boljam::engine::{self, RunValue, Selected};
use boljam::model::{Model, Options, Origin, QuantityKind, RunScenario, RunTown, Uncertainty};
use boljam::random::{Stream, key};
use scalar::{Oracle, Year};

/// Largest relative difference: a few thousand roundings, and exp of sums of some tens.
const TOLERANCE: f64 = 1e-11;

fn same(what: &str, engine: &[f64], oracle: &[f64]) {
    assert_eq!(engine.len(), oracle.len(), "{what}");
    for (k, (a, b)) in engine.iter().zip(oracle).enumerate() {
        assert!((a - b).abs() <= TOLERANCE * a.abs().max(b.abs()).max(1.0), "{what}, place {k}: {a} and {b}");
    }
}

fn northland() -> Case {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases/northland");
    Case::load(&Source::folder(&folder).unwrap(), &[]).unwrap()
}

/// Replays of some runs of every town and scenario agree with the oracle in every value of every year.
fn hold_replays(case: &Case, options: &Options, runs: &[u64]) {
    let model = Model::compile(case, options).unwrap();
    for town in 0..case.towns.len() {
        for scenario in 0..case.scenarios.len() {
            let oracle = Oracle::new(case, options, town, scenario);
            for run in runs {
                let (ours, theirs) =
                    (engine::replay(&model, RunTown(town), RunScenario(scenario), *run), oracle.run(*run));
                assert_eq!(ours.years.len(), theirs.len());
                for (t, (a, b)) in ours.years.iter().zip(&theirs).enumerate() {
                    let at =
                        |what: &str| format!("{what}, town {town}, scenario {scenario}, run {run}, year {t}");
                    same(&at("log price"), &a.log_prices, &b.log_prices);
                    same(&at("price level"), &[a.price_level], &[b.price_level]);
                    same(&at("link"), &a.links, &b.links);
                    same(&at("driver"), &a.drivers, &b.drivers);
                    same(&at("sub-indicator"), &a.sub_indicators, &b.sub_indicators);
                    same(&at("composite"), &a.composites, &b.composites);
                    same(&at("population"), &[a.population], &[b.population]);
                    same(&at("persons"), &a.persons, &b.persons);
                    assert_eq!(
                        (&a.events, &a.reached),
                        (&b.events, &b.reached),
                        "{}",
                        at("events, outcomes")
                    );
                }
            }
        }
    }
}

#[test]
fn replays_of_the_shipped_case_are_the_oracles() {
    let case = Case::load(&Source::embedded(), &[]).unwrap();
    hold_replays(&case, &Options::of(&case), &[0, 1, 127, 128, 4095, 1_000_003, u64::MAX / 3]);
    hold_replays(&case, &Options { origin: Origin::Base, ..Options::of(&case) }, &[0, 7, 640]);
}

#[test]
fn replays_of_another_case_are_the_oracles() {
    let case = northland();
    hold_replays(&case, &Options { seed: 7, ..Options::of(&case) }, &[0, 5, 511, 512, 99_999]);
}

/// Every kind of delivery: drawn, drawn beyond the whole, fixed, late, and plans that build up over other years than
/// the reference's.
fn delivered(mut case: Case) -> Case {
    let kinds = [
        Delivery { mean: 0.7, sd: 0.2, ..Delivery::WHOLE },
        Delivery { mean: 0.9, sd: 0.2, max: 1.2, late: 3 },
        Delivery { late: 1, ..Delivery::fixed(0.4) },
    ];
    case.delivery_correlation = 0.3;
    for s in (0..case.scenarios.len()).filter(|s| *s != case.reference) {
        case.scenarios[s].delivery = kinds[s % kinds.len()];
    }
    for (k, plan) in case.scenarios.iter_mut().flat_map(|s| s.plan.iter_mut().flatten()).enumerate() {
        // Three in four as they are.
        if k % 4 == 0 {
            plan.start += 2;
        }
    }
    case
}

#[test]
fn replays_of_plans_that_are_delivered_in_part_are_the_oracles() {
    for case in [Case::load(&Source::embedded(), &[]).unwrap(), northland()].map(delivered) {
        hold_replays(&case, &Options::of(&case), &[0, 5, 511, 99_999]);
    }
}

#[test]
fn replays_under_a_stress_and_each_price_process_are_the_oracles() {
    for (stress, process) in [(0, "mean_reversion"), (3, "random_walk"), (2, "mixture")] {
        let setting = boljam::case::Setting::parse(&format!("prices.process={process}")).unwrap();
        let case = Case::load(&Source::embedded(), &[setting]).unwrap();
        hold_replays(&case, &Options { stress: Some(stress), ..Options::of(&case) }, &[3, 40]);
    }
}

/// A posterior of some draws of every parameter of every driver, about the case's own values.
fn with_posterior(mut case: Case, draws: u64) -> Case {
    let columns = (0..case.drivers.len()).flat_map(|i| Parameter::ALL.map(|parameter| (i, parameter)));
    let columns: Vec<(usize, Parameter)> = columns.collect();
    let value = |draw: u64, place: usize, (driver, parameter): (usize, Parameter)| {
        let (own, (low, high)) = (parameter.of(&case.drivers[driver]), parameter.range());
        let u = Stream::new(key(1, "test", &place.to_string()), draw).uniform();
        let high = if parameter == Parameter::Persistence { 0.97 } else { high };
        (own * (0.5 + u) + 0.2 * (u - 0.5)).clamp(low, high)
    };
    let row = |draw| columns.iter().enumerate().map(|(k, column)| value(draw, k, *column)).collect();
    let draws = (0..draws).map(row).collect();
    case.posterior = Some(Posterior { columns, draws });
    case.known_until = None;
    case
}

#[test]
fn replays_with_drawn_parameters_are_the_oracles() {
    let case = with_posterior(Case::load(&Source::embedded(), &[]).unwrap(), 17);
    let uncertainty = Uncertainty { parameters: true, ..Uncertainty::ALL };
    hold_replays(&case, &Options { uncertainty, ..Options::of(&case) }, &[0, 1, 127, 512, 1_000_003]);
    hold_replays(
        &with_posterior(northland(), 5),
        &Options { seed: 7, uncertainty, ..Options::of(&northland()) },
        &[0, 5, 511],
    );
    // Unless asked for, the case's own values are taken.
    hold_replays(&case, &Options::of(&case), &[3]);
}

/// Shares of the lead, from the composites of the oracle, by Table 25 of the source.
fn leads(case: &Case, year: &Year) -> Vec<f64> {
    let mut votes = vec![0; case.scenarios.len()];
    for (composite, x) in case.method.composites.iter().zip(&year.composites) {
        let Some(scale) = &composite.scale else { continue };
        let class = scale.iter().find(|c| *x <= c.upper).unwrap_or_else(|| scale.last().unwrap());
        for (count, speaks) in votes.iter_mut().zip(&class.votes) {
            *count += usize::from(*speaks);
        }
    }
    let best = votes.iter().max().unwrap();
    let leaders = votes.iter().filter(|v| *v == best).count() as f64;
    votes.iter().map(|v| if v == best { 1.0 / leaders } else { 0.0 }).collect()
}

/// What `record` gives for many runs in a row, across tiles and blocks, agrees as well: every quantity and
/// every share of the lead.
#[test]
fn recorded_runs_of_the_shipped_case_are_the_oracles() {
    const RUNS: u64 = 520;
    let case = Case::load(&Source::embedded(), &[]).unwrap();
    let options = Options::of(&case);
    let model = Model::compile(&case, &options).unwrap();
    let t = model.years.len() - 1;
    for (town, scenario) in [(0, 3), (1, 0), (2, 1), (3, 2), (4, 3), (5, 0), (6, 3), (7, 2)] {
        let select = |value| Selected { town, path: scenario, t, value };
        let quantities = (0..model.quantities.len()).map(|q| select(RunValue::Quantity(q)));
        let selected: Vec<Selected> =
            quantities.chain((0..case.scenarios.len()).map(|s| select(RunValue::Lead(s)))).collect();
        let mut columns = vec![Vec::new(); selected.len()];
        engine::record(&model, &selected, 0..RUNS, &mut |_, block| {
            columns.iter_mut().zip(block).for_each(|(all, part)| all.extend_from_slice(part));
        });
        let oracle = Oracle::new(&case, &options, town, scenario);
        for run in 0..RUNS {
            let year = oracle.run(run).remove(t);
            let value = |kind: QuantityKind| match kind {
                QuantityKind::Composite(k) => year.composites[model.scales[k].0],
                QuantityKind::Driver(i) => year.drivers[i],
                QuantityKind::SubIndicator(i) => year.sub_indicators[i],
                QuantityKind::Population => year.population,
                QuantityKind::Persons(i) => year.persons[i],
            };
            let mut expected: Vec<f64> = model.quantities.iter().map(|q| value(q.kind)).collect();
            expected.extend(leads(&case, &year));
            let row: Vec<f64> = columns.iter().map(|c| c[run as usize]).collect();
            same(&format!("town {town}, scenario {scenario}, run {run}"), &row, &expected);
        }
    }
}
