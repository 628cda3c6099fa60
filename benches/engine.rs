//! Benchmarks of the engine on the shipped case: the whole case at each vector level and at one and two
//! threads, and the floor of drawing normals and applying links. `cargo bench --bench engine`.
//!
//! A town-scenario-year (tsy) is the unit of work: one run of the shipped case is 8 x 4 x 15 = 480 tsy.
//! Criterion's throughput is in tsy a second. Read the ratios of one invocation: the machine decides the rest.

// A benchmark that cannot begin may stop.
#![allow(clippy::expect_used)]

use std::hint::black_box;
use std::time::Duration;

use boljam::case::{Case, Source};
use boljam::engine::{self, Effort, Item, Level, Selected};
use boljam::math;
use boljam::model::{Model, Options};
use boljam::random::Stream;
use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};

const RUNS: u64 = 8192;

fn model() -> Model {
    let case = Case::load(&Source::embedded(), &[]).expect("the embedded case is good");
    Model::compile(&case, &Options::of(&case)).expect("its options fit")
}

fn tsy(model: &Model) -> u64 {
    (model.towns.len() * model.towns[0].paths.len() * model.years.len()) as u64
}

fn whole_case(c: &mut Criterion) {
    let model = model();
    let mut group = c.benchmark_group("whole case");
    group.sample_size(10).measurement_time(Duration::from_secs(8));
    group.throughput(Throughput::Elements(RUNS * tsy(&model)));
    for level in Level::available() {
        let effort = Effort { runs: RUNS, threads: 1, level };
        group.bench_function(BenchmarkId::new("one thread", level.name()), |b| {
            b.iter(|| black_box(engine::run(&model, effort, &|_| {})).runs());
        });
    }
    let effort = Effort { runs: RUNS, threads: 2, level: Level::best() };
    group.bench_function(BenchmarkId::new("two threads", Level::best().name()), |b| {
        b.iter(|| black_box(engine::run(&model, effort, &|_| {})).runs());
    });
    group.finish();
}

/// The step alone: one block of 512 runs of one town under all scenarios through all years, its world
/// included, without tallies.
fn step(c: &mut Criterion) {
    let case = Case::load(&Source::embedded(), &[]).expect("the embedded case is good");
    let options = Options { towns: vec![6], ..Options::of(&case) };
    let model = Model::compile(&case, &options).expect("its options fit");
    let selected = [Selected { town: 0, path: 0, t: 1, item: Item::Quantity(0) }];
    let mut group = c.benchmark_group("step");
    group.throughput(Throughput::Elements(512 * tsy(&model)));
    group.bench_function("a block of one town", |b| {
        b.iter(|| {
            let mut sum = 0.0;
            engine::record(&model, &selected, 0..512, &mut |_, columns| sum += columns[0][0]);
            black_box(sum)
        });
    });
    group.finish();
}

/// Twice as many runs, years or towns should take twice as long (less what every run of the program pays).
fn scaling(c: &mut Criterion) {
    let case = Case::load(&Source::embedded(), &[]).expect("the embedded case is good");
    let mut group = c.benchmark_group("scaling");
    group.sample_size(10).measurement_time(Duration::from_secs(4));
    let mut bench = |name: &str, options: &Options, runs: u64| {
        let model = Model::compile(&case, options).expect("its options fit");
        group.throughput(Throughput::Elements(runs * tsy(&model)));
        let effort = Effort { runs, threads: 1, level: Level::best() };
        group.bench_function(name, |b| b.iter(|| black_box(engine::run(&model, effort, &|_| {})).runs()));
    };
    let all = Options::of(&case);
    bench("4096 runs", &all, 4096);
    bench("16384 runs", &all, 16384);
    bench("two towns", &Options { towns: vec![1, 6], ..all.clone() }, RUNS);
    bench("four towns", &Options { towns: vec![0, 1, 2, 6], ..all.clone() }, RUNS);
    bench("7 years", &Options { horizon: 2028, ..all.clone() }, RUNS);
    bench("28 years", &Options { horizon: 2049, ..all }, RUNS);
    group.finish();
}

/// What no engine can do without: 18 normals and 18 links a tsy, scalar and in a loop.
fn floor(c: &mut Criterion) {
    let mut group = c.benchmark_group("floor");
    group.throughput(Throughput::Elements(1024));
    let mut stream = Stream::new(1, 0);
    let words: Vec<u64> = (0..1024).map(|_| stream.word()).collect();
    let x: Vec<f64> = words.iter().map(|w| math::normal_pair(*w).0).collect();
    group.bench_function("normal pair", |b| {
        b.iter(|| black_box(&words).iter().map(|w| math::normal_pair(*w).0).sum::<f64>());
    });
    group.bench_function("exp", |b| b.iter(|| black_box(&x).iter().map(|v| math::exp(*v)).sum::<f64>()));
    group.bench_function("ln", |b| {
        b.iter(|| black_box(&x).iter().map(|v| math::ln(v.abs() + 0.1)).sum::<f64>());
    });
    group.finish();
}

criterion_group!(benches, step, whole_case, scaling, floor);
criterion_main!(benches);
