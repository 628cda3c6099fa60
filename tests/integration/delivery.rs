//! Delivery: what a scenario is at a share of 0, 1 and between, and how the shares of runs and towns are spread.

use boljam::analyse::Study;
use boljam::case::{Case, Delivery, LimitSpan, Setting, Source};
use boljam::engine::{self, RunValue, Selected, VectorLevel};
use boljam::experiment::delivery::{What, how_much_must_succeed};
use boljam::experiment::distress::{Without, sources_of_distress};
use boljam::experiment::limits::limits_kept;
use boljam::formula::Formula;
use boljam::model::{Model, Options, Origin, RunScenario, RunTown, Uncertainty};
use statrs::distribution::{Beta, ContinuousCDF, Normal};

fn case() -> Case {
    Case::load(&Source::embedded(), &[]).unwrap()
}

fn with_delivery(mut case: Case, delivery: Delivery) -> Case {
    for s in (0..case.scenarios.len()).filter(|s| *s != case.reference) {
        case.scenarios[s].delivery = delivery;
    }
    case
}

/// Runs of every town and scenario with this delivery are those of the reference, to the last bit, events included.
fn hold_reference(case: Case, delivery: Delivery) {
    let case = with_delivery(case, delivery);
    let model = Model::compile(&case, &Options::of(&case)).unwrap();
    for town in 0..case.towns.len() {
        for run in [0, 77, 4_321] {
            let paths = engine::replay_paths(&model, RunTown(town), run);
            for (s, path) in paths.iter().enumerate() {
                assert_eq!(path.years, paths[case.reference].years, "town {town}, scenario {s}, run {run}");
            }
        }
    }
}

#[test]
fn a_scenario_of_which_nothing_is_delivered_is_the_reference_run_by_run() {
    hold_reference(case(), Delivery::fixed(0.0));
    // As well where its plan would build up over other years.
    let mut other = case();
    for plan in
        other.scenarios.iter_mut().flat_map(|s| s.plan.iter_mut().flat_map(|p| p.iter_mut().step_by(2)))
    {
        plan.by -= 4;
    }
    hold_reference(other, Delivery::fixed(0.0));
    // Nor does it matter what would be delivered after the horizon.
    hold_reference(case(), Delivery { late: 14, ..Delivery::WHOLE });
}

/// A plan that is just not whole is the whole one to rounding: what is written in full stays as it was.
#[test]
fn nearly_all_of_a_plan_is_nearly_the_plan() {
    let whole = with_delivery(case(), Delivery::WHOLE);
    let nearly = with_delivery(case(), Delivery::fixed(1.0 - 1e-12));
    let models = [&whole, &nearly].map(|case| Model::compile(case, &Options::of(case)).unwrap());
    for (town, scenario) in [(0, 1), (3, 2), (6, 3)] {
        let [a, b] = models.each_ref().map(|m| engine::replay(m, RunTown(town), RunScenario(scenario), 19));
        for (a, b) in a.years.iter().zip(&b.years) {
            for (x, y) in a.links.iter().zip(&b.links) {
                assert!((x - y).abs() < 1e-9 * x.abs().max(1.0), "{x} {y}");
            }
        }
    }
}

/// Share of the plan of each run, read back from a driver whose plan is all that moves.
fn shares(case: &Case, town: usize, path: usize, runs: u64) -> Vec<f64> {
    let options =
        Options { uncertainty: Uncertainty { plan: true, ..Uncertainty::NONE }, ..Options::of(case) };
    let model = Model::compile(case, &options).unwrap();
    let driver = case.drivers.iter().position(|d| d.id == "culture").unwrap();
    let t = model.years.len() - 1;
    let selected = [Selected { town, path, t, value: RunValue::Link(driver) }];
    let mut column: Vec<f64> = Vec::new();
    engine::record(&model, &selected, 0..runs, &mut |_, block| column.extend(&block[0]));
    let plan = |s: usize| case.scenarios[s].plan[town][driver].shift;
    let (own, reference) = (plan(path), plan(case.reference));
    let start = model.towns[town].base_link[driver];
    column.iter().map(|z| (z - start - reference) / (own - reference)).collect()
}

/// A culture that no other driver moves, so that its plan is all there is.
fn plain() -> Case {
    let mut case = with_delivery(case(), Delivery { mean: 0.7, sd: 0.2, ..Delivery::WHOLE });
    case.delivery_correlation = 0.5;
    case.cross_impacts.clear();
    for plan in case.scenarios.iter_mut().flat_map(|s| s.plan.iter_mut().flatten()) {
        plan.sd = 0.0;
    }
    case
}

#[test]
fn shares_follow_the_beta_law_and_towns_have_a_part_in_common() {
    const RUNS: u64 = 20_000;
    let case = plain();
    let towns = [0, 6].map(|town| shares(&case, town, 3, RUNS));
    let oracle = Beta::new(2.975, 1.275).unwrap();
    let n = RUNS as f64;
    for shares in &towns {
        let mut sorted = shares.clone();
        sorted.sort_by(f64::total_cmp);
        let distance = sorted
            .iter()
            .enumerate()
            .map(|(k, s)| (oracle.cdf(*s) - (k as f64 + 0.5) / n).abs())
            .fold(0.0, f64::max);
        // One in a thousand seeds is further off.
        assert!(distance * n.sqrt() < 1.95, "Kolmogorov-Smirnov {}", distance * n.sqrt());
    }
    let normal = Normal::new(0.0, 1.0).unwrap();
    let score = |s: &f64| normal.inverse_cdf(oracle.cdf(*s).clamp(1e-12, 1.0 - 1e-12));
    let [a, b] = towns.each_ref().map(|shares| shares.iter().map(score).collect::<Vec<f64>>());
    let correlation = a.iter().zip(&b).map(|(x, y)| x * y).sum::<f64>() / n;
    assert!((correlation - 0.5).abs() < 4.0 * (1.25 / n).sqrt(), "{correlation}");
}

/// One number a run and town: scenarios differ by what they make of it, not by luck.
#[test]
fn all_scenarios_of_a_run_deliver_by_the_same_number() {
    let mut case = plain();
    let same = [1, 2].map(|path| shares(&case, 4, path, 1000));
    assert!(same[0].iter().zip(&same[1]).all(|(a, b)| (a - b).abs() < 1e-9));
    case.scenarios[2].delivery = Delivery { mean: 0.4, sd: 0.2, ..Delivery::WHOLE };
    let other = shares(&case, 4, 2, 1000);
    let mut order: Vec<usize> = (0..1000).collect();
    order.sort_by(|i, j| same[0][*i].total_cmp(&same[0][*j]));
    assert!(order.windows(2).all(|w| other[w[0]] <= other[w[1]] + 1e-9));
    assert!(other.iter().zip(&same[0]).all(|(low, high)| low < high));
}

/// Late is as the difference to the reference was so many years ago.
#[test]
fn what_is_late_comes_as_many_years_later() {
    let mut case = plain();
    let delivered = |case: &Case| {
        let options = Options { uncertainty: Uncertainty::NONE, ..Options::of(case) };
        let model = Model::compile(case, &options).unwrap();
        [case.reference, 3].map(|s| engine::replay(&model, RunTown(6), RunScenario(s), 0).years)
    };
    let [reference, in_time] = delivered(&case);
    case.scenarios[3].delivery.late = 4;
    let [_, late] = delivered(&case);
    let driver = case.drivers.iter().position(|d| d.id == "culture").unwrap();
    for t in 4..late.len() {
        let gap =
            |years: &[engine::TrajectoryYear], t: usize| years[t].links[driver] - reference[t].links[driver];
        assert!((gap(&late, t) - gap(&in_time, t - 4)).abs() < 1e-12);
    }
}

#[test]
fn delivery_is_checked_with_every_fault_in_one_report() {
    let files = |edits: &[(&str, &str)]| {
        let mut source = Source::embedded();
        for (file, line) in edits {
            let text = source.files.get_mut(*file).unwrap();
            // The file's own delivery goes: a table before the plan.
            let own = text.find("[delivery]").map(|from| (from, text.find("\n[plan]\n").unwrap() + 1));
            let kept =
                own.map_or_else(|| text.clone(), |(from, to)| format!("{}{}", &text[..from], &text[to..]));
            let kept = kept.lines().filter(|l| !l.starts_with("delivery_correlation"));
            *text = format!("{line}\n{}", kept.collect::<Vec<_>>().join("\n"));
        }
        Case::load(&source, &[]).map(|case| case.scenarios.iter().map(|s| s.delivery).collect::<Vec<_>>())
    };
    let correlation = ("case.toml", "delivery_correlation = 0.5");
    let read = files(&[
        correlation,
        ("balanced.toml", "late = 2"),
        ("innovative.toml", "delivery = { mean = 0.6, sd = 0.2 }"),
        ("diversification.toml", "delivery = { mean = 1.0, sd = 0.1, max = 1.2 }\nlate = 1"),
    ]);
    assert_eq!(
        read.unwrap(),
        [
            Delivery::WHOLE,
            Delivery { late: 2, ..Delivery::WHOLE },
            Delivery { mean: 0.6, sd: 0.2, max: 1.0, late: 0 },
            Delivery { mean: 1.0, sd: 0.1, max: 1.2, late: 1 },
        ]
    );
    let faults = files(&[
        correlation,
        ("inertial.toml", "delivery = { mean = 0.6, sd = 0.2 }\nlate = 1"),
        ("balanced.toml", "delivery = { mean = 1.6, sd = 0.2 }"),
        ("innovative.toml", "delivery = { mean = 0.6, sd = 0.6 }"),
        ("diversification.toml", "delivery = { mean = 0.6, sd = 0.1, least = 0 }\nlate = -1"),
    ]);
    let report = faults.unwrap_err().to_string();
    for told in [
        "inertial.toml: line 1, delivery: has no place in the reference's file",
        "inertial.toml: line 2, late: has no place in the reference's file",
        "balanced.toml: line 1, delivery.mean: 1.6 is not allowed (a number from 0 to 1)",
        "innovative.toml: line 1, delivery.sd: 0.6 is not allowed (0, or from 0.001 to 0.99 sqrt(mean (max - mean)) = 0.485)",
        "diversification.toml: line 1, delivery.least: unknown key (known here: basis, max, mean, sd)",
        "diversification.toml: line 2, late: -1 is not allowed (a whole number from 0 to 100)",
    ] {
        assert!(report.contains(told), "'{told}' is not in\n{report}");
    }
    let uncommon = files(&[
        ("case.toml", "# nothing in common"),
        ("balanced.toml", "delivery = { mean = 0.6, sd = 0.2 }"),
    ]);
    assert!(uncommon.unwrap_err().to_string().contains("delivery_correlation: is needed in case.toml"));
}

/// A workshop turns it as it turns a plan.
#[test]
fn delivery_can_be_set() {
    let setting = Setting::parse("diversification.late=3").unwrap();
    let case = Case::load(&Source::embedded(), &[setting]).unwrap();
    assert_eq!(case.scenarios[3].delivery.late, 3);
}

/// At 0 a scenario is the reference, at 1 its whole plan, as a study of that case has it; between them the lead changes
/// hands as the turns say.
#[test]
fn how_much_must_succeed_goes_from_the_reference_to_the_whole_plan() {
    const RUNS: u64 = 1024;
    let case = case();
    let towns = vec![case.town("temirtau").unwrap(), case.town("zhezkazgan").unwrap()];
    let options = Options { towns, ..Options::of(&case) };
    let study = Study::new(&case, &options).unwrap();
    let level = VectorLevel::best();
    let needs = how_much_must_succeed(&case, &study, (10, RUNS), level, &|_, _| {});
    assert_eq!(needs.len(), 2 * 3);
    let whole = with_delivery(case.clone(), Delivery::WHOLE);
    let whole_study = Study::new(&whole, &options).unwrap();
    let answers = whole_study.survey(&[], level, RUNS);
    let t = study.model().years.len() - 1;
    for (k, need) in needs.iter().enumerate() {
        let (town, path) = (k / 3, 1 + k % 3);
        assert_eq!((need.town, need.scenario), (options.towns[town], path));
        let (first, last) = (&need.curve[0], &need.curve[10]);
        let (reference, full) = (answers.cell(town, t, case.reference), answers.cell(town, t, path));
        assert_eq!(first.lead, reference.lead);
        assert_eq!(first.lead_on_reference.unwrap().value, 0.0);
        assert_eq!((&last.lead, last.distress), (&full.lead, Some(full.reached[1])));
        for turn in need.turns.iter().filter(|turn| matches!(turn.what, What::Choice(..))) {
            let What::Choice(below, above) = turn.what else { continue };
            let lead = |share: f64, s: usize| need.curve[(share * 10.0) as usize].lead[s].value;
            assert!(lead(turn.share, below) >= lead(turn.share, above), "{turn:?}");
            assert!(lead(turn.share + 0.1, above) >= lead(turn.share + 0.1, below), "{turn:?}");
            assert!(turn.low <= turn.share && turn.share <= turn.high);
        }
    }
    assert!(needs.iter().any(|need| need.turns.iter().any(|t| matches!(t.what, What::Choice(..)))));
}

/// Without a source distress is what a study of the case without it says.
#[test]
fn distress_without_a_source_is_that_of_the_case_without_it() {
    const RUNS: u64 = 1024;
    let case = case();
    let options = Options {
        towns: vec![case.town("shakhtinsk").unwrap()],
        scenarios: vec![0, 3],
        ..Options::of(&case)
    };
    let level = VectorLevel::best();
    let study = Study::new(&case, &options).unwrap();
    let found = sources_of_distress(&case, &study, RUNS, level, &|_, _| {});
    let of = |case: &Case, path: usize| {
        let study = Study::new(case, &options).unwrap();
        study.survey(&[], level, RUNS).cell(0, study.model().years.len() - 1, path).reached[1]
    };
    let mut eventless = case.clone();
    for event in &mut eventless.events {
        event.probability.fill(0.0);
    }
    let mut priceless = case.clone();
    for driver in &mut priceless.drivers {
        driver.price_exposure = 0.0;
    }
    for (path, distress) in found.iter().enumerate() {
        let at = |source: Without| distress.without[Without::ALL.iter().position(|s| *s == source).unwrap()];
        assert_eq!(at(Without::Nothing), of(&case, path));
        assert_eq!(at(Without::Events), of(&eventless, path));
        assert_eq!(at(Without::Prices), of(&priceless, path));
        assert!(at(Without::Prices).value < at(Without::Nothing).value);
    }
}

/// The shipped case keeps what it says it keeps; a condition that is broken is counted run by run.
#[test]
fn limits_are_kept_and_what_breaks_one_is_counted() {
    const RUNS: u64 = 300;
    let mut case = case();
    let options = Options {
        towns: vec![case.town("saran").unwrap(), case.town("temirtau").unwrap()],
        ..Options::of(&case)
    };
    assert!(case.limits.len() > case.drivers.len() / 2);
    for kept in limits_kept(&case, &options, RUNS).unwrap() {
        let limit = &case.limits[kept.limit];
        assert!(kept.is_kept(limit), "{}: {kept:?}", limit.id);
    }
    case.limits.truncate(1);
    case.limits[0].span = LimitSpan::Run;
    case.limits[0].condition = Formula::parse("unemployment <= 2 * base.unemployment").unwrap();
    let model = Model::compile(&case, &options).unwrap();
    let driver = case.drivers.iter().position(|d| d.id == "unemployment").unwrap();
    let found = limits_kept(&case, &options, RUNS).unwrap();
    assert_eq!(found.len(), 2 * 4);
    let mut seen = 0;
    for (k, kept) in found.iter().enumerate() {
        let (town, path) = (RunTown(k / 4), k % 4);
        let bound = 2.0 * model.towns[k / 4].base[driver];
        let breaks = |run: u64| {
            let years = engine::replay_paths(&model, town, run).swap_remove(path).years;
            years.iter().skip(1).position(|y| y.drivers[driver] > bound).map(|t| (run, model.years[t + 1]))
        };
        let broken: Vec<(u64, i32)> = (0..RUNS).filter_map(breaks).collect();
        assert_eq!((kept.broken, kept.first), (broken.len() as u64, broken.first().copied()));
        seen += kept.broken;
    }
    assert!(seen > 0);
}

/// Up to the last known year the events of the chronicle happen, in every run and under every scenario, and no others;
/// from the base year they are chance.
#[test]
fn known_years_have_the_events_of_the_chronicle_and_no_others() {
    let case = case();
    assert_eq!(case.known_until, Some(2025));
    let accident = case.events.iter().position(|e| e.id == "accident").unwrap();
    let known = Model::compile(&case, &Options::of(&case)).unwrap();
    let base = Model::compile(&case, &Options { origin: Origin::Base, ..Options::of(&case) }).unwrap();
    let mut by_chance = 0;
    for (place, town) in case.towns.iter().enumerate() {
        let struck = ["abai", "saran", "shakhtinsk"].contains(&town.id.as_str());
        for run in (0..600).step_by(60) {
            let paths = engine::replay_paths(&known, RunTown(place), run);
            for path in &paths {
                for (t, year) in path.years.iter().enumerate().take(5) {
                    let expected = if struck && t == 2 { vec![accident] } else { Vec::new() };
                    assert_eq!(year.events, expected, "{}, run {run}, year {t}", town.id);
                }
            }
            let paths = engine::replay_paths(&base, RunTown(place), run);
            by_chance += paths[0].years.iter().take(5).map(|y| y.events.len()).sum::<usize>();
        }
    }
    assert!(by_chance > 0);
}
