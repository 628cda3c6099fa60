//! The ensemble on disk and in parts: the bytes are a function of the runs alone.

use std::ops::ControlFlow;

use boljam::analyse::Study;
use boljam::case::{Case, Source};
use boljam::engine::{self, Ensembles, Level};
use boljam::model::Options;

const KEY: engine::Key = [3; 32];

fn case() -> Case {
    Case::load(&Source::embedded(), &[]).unwrap()
}

/// Three towns, of which one misses inputs, to 2027.
fn options(case: &Case) -> Options {
    let towns = ["abai", "karazhal", "temirtau"].map(|id| case.town(id).unwrap()).to_vec();
    Options { towns, horizon: 2027, ..Options::of(case) }
}

fn go_on(study: &Study<'_>, so_far: Ensembles, threads: usize, level: Level, end: u64) -> Ensembles {
    engine::with_threads(threads, || study.go_on(so_far, level, end, &|_, _| ControlFlow::Continue(())))
}

#[test]
fn threads_levels_and_stops_leave_the_same_bytes() {
    let case = case();
    let study = Study::new(&case, &options(&case)).unwrap();
    let runs = 6000;
    let one = go_on(&study, study.begin(0), 1, Level::Baseline, runs).encode(&KEY);
    // More threads than towns split a town's blocks into groups.
    for threads in 2..=8 {
        assert!(go_on(&study, study.begin(0), threads, Level::best(), runs).encode(&KEY) == one, "{threads}");
    }
    for level in Level::available() {
        assert!(go_on(&study, study.begin(0), 2, level, runs).encode(&KEY) == one, "{}", level.name());
    }
    // Stopped after every few blocks, written and read each time.
    let mut so_far = study.begin(0);
    let mut stops = 0;
    loop {
        so_far = study.go_on(so_far, Level::best(), runs, &|_, _| ControlFlow::Break(()));
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
    let whole = go_on(&study, study.begin(0), 2, Level::best(), runs);
    let bounds = [0, 512, 3072, runs];
    let mut parts = bounds.windows(2).map(|w| go_on(&study, study.begin(w[0]), 2, Level::best(), w[1]));
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
    let ensemble = go_on(&study, study.begin(0), 3, Level::best(), runs).main;
    let model = study.model();
    let (years, path) = (model.years.len(), 2);
    for outcome in 0..model.first_passages.len() {
        let mut counts = vec![vec![0_u64; 4]; years];
        for run in 0..runs {
            let first = |town| {
                let trajectory = engine::replay(model, town, path, run);
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
    let distress = &study.summarise(&go_on(&study, study.begin(0), 3, Level::best(), runs)).together;
    assert_eq!(distress.len(), 4 * model.first_passages.len());
    // Several towns do come into distress in one run: the counts are not all of none or one.
    assert!(distress.iter().any(|joint| joint.years.last().unwrap().at_least[2].value > 0.01));
}
