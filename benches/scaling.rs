//! How the cost of a run of the shipped case grows: with runs, threads, towns, drivers, scenarios and years it
//! should be linear, so that the time for one town-scenario-year stays. `cargo bench --bench scaling`.
//!
//! Planning (a pilot of 4096 runs) is left out, since it does not grow with runs. For drivers, the case is
//! given more of them, which nothing reads: the time for one driver of one town-scenario-year is to stay.

// A benchmark that cannot begin may stop.
#![allow(clippy::expect_used)]

use std::fmt::Write;
use std::hint::black_box;
use std::ops::ControlFlow;
use std::time::Duration;

use boljam::case::{Case, Source};
use boljam::engine::{self, Ensemble, TallyPlans, VectorLevel};
use boljam::model::{Model, Options};
use criterion::measurement::WallTime;
use criterion::{BenchmarkGroup, Criterion, Throughput, criterion_group, criterion_main};

const RUNS: u64 = 4096;

/// The shipped case with so many more drivers.
fn case(more: usize) -> Case {
    let mut source = Source::embedded();
    let (mut drivers, mut plan) = (String::new(), String::from("[plan]\n"));
    for k in 0..more {
        writeln!(
            drivers,
            "more_{k},driver {k},драйвер {k},драйвер {k},percent,log,0.10,0.80,0.10,own,0.20,higher,50,,no,made up"
        )
        .expect("a string takes all");
        writeln!(plan, "more_{k} = {{ by = 2035, multiple = 1.1, sd = 0.1 }}").expect("a string takes all");
    }
    for (name, text) in &mut source.files {
        if name == "drivers.csv" {
            text.push_str(&drivers);
        } else if text.contains("[plan]\n") {
            *text = text.replacen("[plan]\n", &plan, 1);
        }
    }
    Case::load(&source, &[]).expect("the case is good")
}

/// Runs a model; `width` is how many things each town-scenario-year is made of.
fn bench(
    group: &mut BenchmarkGroup<'_, WallTime>,
    name: &str,
    case: &Case,
    options: &Options,
    runs: u64,
    threads: usize,
    width: usize,
) {
    let model = Model::compile(case, options).expect("its options fit");
    let layouts = TallyPlans::plan(&model);
    let cells = model.towns.len() * model.towns[0].paths.len() * model.years.len();
    group.throughput(Throughput::Elements(runs * (cells * width) as u64));
    group.bench_function(name, |b| {
        b.iter(|| {
            let run = || {
                let empty = Ensemble::empty(&layouts, 0);
                engine::go_on(&model, empty, VectorLevel::best(), runs, &|_| ControlFlow::Continue(()))
            };
            black_box(engine::with_threads(threads, run)).runs()
        });
    });
}

fn scaling(c: &mut Criterion) {
    let shipped = case(0);
    let all = Options::of(&shipped);
    let mut group = c.benchmark_group("scaling");
    group.sample_size(10).measurement_time(Duration::from_secs(4));
    let mut on = |name: &str, options: &Options, runs: u64, threads: usize| {
        bench(&mut group, name, &shipped, options, runs, threads, 1);
    };
    for runs in [RUNS, 4 * RUNS, 16 * RUNS] {
        on(&format!("runs/{runs}"), &all, runs, 1);
    }
    for threads in [1, 2] {
        on(&format!("threads/{threads}"), &all, 4 * RUNS, threads);
    }
    for towns in [vec![6], vec![1, 6], vec![0, 1, 2, 6]] {
        on(&format!("towns/{}", towns.len()), &Options { towns, ..all.clone() }, RUNS, 1);
    }
    for scenarios in [vec![0, 3], vec![0, 1, 2, 3]] {
        on(&format!("scenarios/{}", scenarios.len()), &Options { scenarios, ..all.clone() }, RUNS, 1);
    }
    for years in [7, 14, 28] {
        let options = Options { horizon: shipped.base_year + years, ..all.clone() };
        on(&format!("years/{years}"), &options, RUNS, 1);
    }
    group.finish();
}

fn drivers(c: &mut Criterion) {
    let mut group = c.benchmark_group("scaling");
    group.sample_size(10).measurement_time(Duration::from_secs(4));
    for more in [0, 18] {
        let case = case(more);
        let width = case.drivers.len();
        bench(&mut group, &format!("drivers/{width}"), &case, &Options::of(&case), RUNS, 1, width);
    }
    group.finish();
}

criterion_group!(benches, scaling, drivers);
criterion_main!(benches);
