//! The ensemble on disk and in parts: the bytes are a function of the runs alone.

use std::ops::ControlFlow;

use boljam::analyse::{QUANTILES, Study};
use boljam::case::{Case, Source};
use boljam::engine::{
    self, Effort, Ensemble, Ensembles, RunValue, Selected, Spread, TallyPlans, VectorLevel,
};
use boljam::model::{Change, Model, Options, RunScenario, RunTown};

const KEY: engine::Key = [3; 32];

fn case() -> Case {
    Case::load(&Source::embedded(), &[]).unwrap()
}

/// Three towns, of which one misses inputs, to 2027.
fn options(case: &Case) -> Options {
    let towns = ["abai", "karazhal", "temirtau"].map(|id| case.town(id).unwrap()).to_vec();
    Options { towns, horizon: 2027, ..Options::of(case) }
}

fn go_on(study: &Study<'_>, so_far: Ensembles, threads: usize, level: VectorLevel, end: u64) -> Ensembles {
    engine::with_threads(threads, || study.go_on(so_far, level, end, &|_, _| ControlFlow::Continue(())))
}

#[test]
fn threads_levels_and_stops_leave_the_same_bytes() {
    let case = case();
    let study = Study::new(&case, &options(&case)).unwrap();
    let runs = 6000;
    let one = go_on(&study, study.begin(0), 1, VectorLevel::Baseline, runs).encode(&KEY);
    // More threads than towns split a town's blocks into groups.
    for threads in 2..=8 {
        assert!(
            go_on(&study, study.begin(0), threads, VectorLevel::best(), runs).encode(&KEY) == one,
            "{threads}"
        );
    }
    for level in VectorLevel::available() {
        assert!(go_on(&study, study.begin(0), 2, level, runs).encode(&KEY) == one, "{}", level.name());
    }
    // Stopped after every few blocks, written and read each time.
    let mut so_far = study.begin(0);
    let mut stops = 0;
    loop {
        so_far = study.go_on(so_far, VectorLevel::best(), runs, &|_, _| ControlFlow::Break(()));
        let bytes = so_far.encode(&KEY);
        if bytes == one {
            break;
        }
        so_far = study.decode(&bytes, &KEY).unwrap();
        stops += 1;
    }
    assert!(stops > 3, "{stops}");
}

#[test]
fn parts_join_to_the_whole() {
    let case = case();
    let study = Study::new(&case, &options(&case)).unwrap();
    let runs = 5000;
    let whole = go_on(&study, study.begin(0), 2, VectorLevel::best(), runs);
    let bounds = [0, 512, 3072, runs];
    let mut parts = bounds.windows(2).map(|w| go_on(&study, study.begin(w[0]), 2, VectorLevel::best(), w[1]));
    let mut joined = parts.next().unwrap();
    for part in parts {
        assert!(part.clone().append(&joined).is_err());
        joined.append(&part).unwrap();
    }
    assert!(joined == whole && joined.encode(&KEY) == whole.encode(&KEY));
    assert_eq!(format!("{:?}", study.summarise(&joined)), format!("{:?}", study.summarise(&whole)));
}

/// Counted anew from single runs replayed alone, and held against the towns' own first passages.
#[test]
fn towns_that_reach_an_outcome_together_are_those_of_the_single_runs() {
    let case = case();
    let options = Options { horizon: 2030, ..options(&case) };
    let study = Study::new(&case, &options).unwrap();
    let runs = 600;
    let ensemble = go_on(&study, study.begin(0), 3, VectorLevel::best(), runs).main;
    let model = study.model();
    let (years, path) = (model.years.len(), 2);
    for outcome in 0..model.first_passages.len() {
        let mut counts = vec![vec![0_u64; 4]; years];
        for run in 0..runs {
            let first = |town| {
                let trajectory = engine::replay(model, RunTown(town), RunScenario(path), run);
                trajectory.years.iter().position(|year| year.reached.contains(&outcome))
            };
            let firsts: Vec<Option<usize>> = (0..3).map(first).collect();
            for (t, counts) in counts.iter_mut().enumerate() {
                counts[firsts.iter().filter(|first| first.is_some_and(|year| year <= t)).count()] += 1;
            }
        }
        for (t, counts) in counts.iter().enumerate() {
            assert_eq!(ensemble.together(t, path, outcome), counts, "{outcome} {t}");
            let reached: u64 = (0..3)
                .flat_map(|town| (0..=t).map(move |s| (town, s)))
                .map(|(town, s)| ensemble.town(town).reached(s, path, outcome))
                .sum();
            assert_eq!(counts.iter().zip(0..).map(|(n, k)| n * k).sum::<u64>(), reached);
        }
    }
    let distress = &study.summarise(&go_on(&study, study.begin(0), 3, VectorLevel::best(), runs)).together;
    assert_eq!(distress.len(), 4 * model.first_passages.len());
    // Several towns do come into distress in one run: the counts are not all of none or one.
    assert!(distress.iter().any(|joint| joint.years.last().unwrap().at_least[2].value > 0.01));
}

/// How far quantiles of histograms are from exact order statistics, beside the Monte Carlo error of their rank:
/// quantity, probability, error of the rank, Monte Carlo error of the rank.
fn rank_errors(runs: u64) -> Vec<(String, f64, f64, f64)> {
    let case = case();
    let (towns, scenarios) = (vec![case.town("temirtau").unwrap()], vec![3]);
    let options = Options { towns, scenarios, ..Options::of(&case) };
    let model = Model::compile(&case, &options).unwrap();
    let ensemble = engine::run(&model, Effort::runs(runs), &|_| {});
    let t = model.years.len() - 1;
    let mut errors = Vec::new();
    for id in ["unemployment", "enterprise_output", "net_migration", "TDea", "unemployed"] {
        let q = model.quantities.iter().position(|q| q.id == id).unwrap();
        let selected = [Selected { town: 0, path: 0, t, value: RunValue::Quantity(q) }];
        let mut values: Vec<f64> = Vec::with_capacity(runs as usize);
        engine::record(&model, &selected, 0..runs, &mut |_, block| values.extend(&block[0]));
        values.sort_unstable_by(f64::total_cmp);
        let histogram = ensemble.town(0).quantity(t, 0, q);
        for p in QUANTILES {
            let (value, open) = histogram.quantile(p);
            assert!(!open, "{id} {p}");
            let rank = values.partition_point(|x| *x <= value) as f64 / runs as f64;
            errors.push((id.to_owned(), p, (rank - p).abs(), (p * (1.0 - p) / runs as f64).sqrt()));
        }
    }
    errors
}

#[test]
fn quantiles_of_histograms_err_less_than_luck_does() {
    for (id, p, error, luck) in rank_errors(200_000) {
        assert!(error < luck, "{id} {p}: {error} {luck}");
    }
}

/// The table of docs/performance.md, at ten million runs:
/// `cargo test --release --test integration ten_million -- --ignored --nocapture`.
#[test]
#[ignore = "a minute"]
fn quantiles_of_histograms_err_less_than_luck_does_at_ten_million_runs() {
    for runs in [10_000, 100_000, 1_000_000, 10_000_000] {
        let errors = rank_errors(runs);
        for (id, p, error, luck) in &errors {
            println!("{runs},{id},{p},{error:e},{luck:e},{:.3}", error / luck);
        }
        assert!(errors.iter().all(|(.., error, luck)| error < luck));
    }
}

/// Means by control variates over other seeds: they scatter as their errors say, around what a long run finds.
#[test]
fn controlled_means_are_unbiased_and_their_errors_right() {
    let case = case();
    let towns = ["abai", "temirtau"].map(|id| case.town(id).unwrap()).to_vec();
    let options = |seed| Options { seed, towns: towns.clone(), horizon: 2030, ..Options::of(&case) };
    let model = |seed| Model::compile(&case, &options(seed)).unwrap();
    let first = model(0);
    let layouts = TallyPlans::plan(&first);
    let run = |seed, runs| {
        let model = model(seed);
        let go_on = |_| ControlFlow::Continue(());
        engine::go_on(&model, Ensemble::empty(&layouts, 0), VectorLevel::best(), runs, &go_on)
    };
    let (seeds, runs, t) = (60, 1024, first.years.len() - 1);
    let long = run(1000, 300_000);
    let ensembles: Vec<Ensemble> = (1..=seeds).map(|seed| run(seed, runs)).collect();
    let (mut shares, mut scatters) = (Vec::new(), Vec::new());
    for (town, path) in [(0, 0), (0, 3), (1, 0), (1, 3)] {
        for (q, quantity) in first.quantities.iter().enumerate() {
            let of = |e: &Ensemble| e.town(town).controlled_mean(t, path, q);
            let Some(expected) = of(&long) else { continue };
            let plain = long.town(town).quantity(t, path, q);
            let error = expected.sd / (runs as f64).sqrt();
            let means: Vec<f64> = ensembles.iter().map(|e| of(e).unwrap().mean).collect();
            let grand = means.iter().sum::<f64>() / seeds as f64;
            let scatter =
                means.iter().map(|m| (m - grand).powi(2)).sum::<f64>() / (seeds - 1) as f64 / error.powi(2);
            // Against the plain mean of the long run, which owes nothing to the controls.
            let allowed = (error / (seeds as f64).sqrt()).hypot(plain.sd / (plain.runs as f64).sqrt());
            let id = &quantity.id;
            assert!((grand - plain.mean).abs() < 4.5 * allowed, "{id} {town} {path}: {grand} {}", plain.mean);
            // Chi-squared with 59 degrees of freedom, 4.5 sd wide, and room for heavy tails.
            let share = (expected.sd / plain.sd).powi(2);
            println!("{},{path},{id},{share:.3},{scatter:.2}", first.towns[town].index);
            shares.push(share);
            // What is linear in the controls is known but for rounding, whose error is a bound.
            if share < 1e-6 {
                assert!(scatter < 1.0, "{id} {town} {path}: scatter {scatter}");
                continue;
            }
            assert!((0.3..2.2).contains(&scatter), "{id} {town} {path}: scatter {scatter}");
            scatters.push(scatter);
        }
    }
    let mean = |x: &[f64]| x.iter().sum::<f64>() / x.len() as f64;
    println!("variance left {:.3}, scatter {:.3}, of {}", mean(&shares), mean(&scatters), shares.len());
    assert!(shares.len() > 80 && mean(&shares) < 0.5, "{}", mean(&shares));
    assert!((mean(&scatters) - 1.0).abs() < 0.15, "{}", mean(&scatters));
}

/// A variant's answers are those of a study of the varied case, to the last bit; its counts are those of the
/// whole tally, its means the same but for rounding.
#[test]
fn a_variant_answers_like_a_study_made_anew() {
    let case = case();
    let study = Study::new(&case, &options(&case)).unwrap();
    let quantities: Vec<usize> = (0..study.model().quantities.len()).step_by(3).collect();
    let (level, runs, town) = (VectorLevel::best(), 1300, case.town("karazhal").unwrap());
    let changes = [
        Change::Plan { town, scenario: 3, driver: 1, shift: 0.9, sd: 0.3 },
        Change::Sigma(0, 0.3),
        Change::PriceLevel(0, 4000.0),
    ];
    let variant = study.vary(&changes);
    let answers = variant.survey(&quantities, level, runs);
    let fresh = Study::new(variant.case(), &variant.model().options).unwrap();
    let anew = fresh.survey(&quantities, VectorLevel::Baseline, runs);
    assert!(answers.counts() == anew.counts());
    let unchanged = study.survey(&quantities, level, runs);
    assert!(answers.counts() != unchanged.counts());
    let ensembles = fresh.go_on(fresh.begin(0), level, runs, &|_, _| ControlFlow::Continue(()));
    let results = fresh.summarise(&ensembles);
    for (place, town) in results.towns.iter().enumerate() {
        for (path, scenario) in town.scenarios.iter().enumerate() {
            for (t, whole) in scenario.years.iter().enumerate() {
                let cell = answers.cell(place, t, path);
                assert_eq!(
                    (&cell.classes, &cell.lead, &cell.votes),
                    (&whole.classes, &whole.lead, &whole.votes)
                );
                for (q, (mean, sd)) in quantities.iter().zip(&cell.quantities) {
                    let d = &whole.quantities[*q];
                    let near =
                        |a: f64, b: f64| (a - b).abs() <= 1e-9 * (d.sd.value + 1e-6 * d.mean.value.abs());
                    let id = &results.quantities[*q].id;
                    assert!(near(mean.value, d.mean.value), "{id} {t}: {mean:?} {:?}", d.mean);
                    assert!(
                        (sd - d.sd.value).abs() <= 1e-6 * d.sd.value.max(1e-9),
                        "{id} {t}: {sd} {:?}",
                        d.sd
                    );
                }
            }
        }
    }
}

#[test]
fn sums_alone_are_those_of_the_whole() {
    let case = case();
    let model = Model::compile(&case, &options(&case)).unwrap();
    let whole = TallyPlans::plan(&model);
    let sums = whole.plan_sums(&model, &model);
    let (runs, on) = (1300, |_| ControlFlow::Continue(()));
    let everything = engine::go_on(&model, Ensemble::empty(&whole, 0), VectorLevel::best(), runs, &on);
    let alone = engine::go_on_with_spread(&model, Spread::empty(&sums, 0), VectorLevel::Baseline, runs, &on);
    for town in 0..model.towns.len() {
        for (t, path) in [(0, 0), (1, 1), (6, 0)] {
            for q in 0..model.quantities.len() {
                assert_eq!(alone.sd(town, t, path, q), everything.town(town).quantity(t, path, q).sd);
            }
        }
    }
    assert!(alone.sd(0, 6, 0, 0) > 0.0);
}
