//! Benchmarks of the engine's parts on the shipped case, at each vector level: normals, links, the step
//! without tallies, sums without counting, the whole. `cargo bench --bench engine`.
//!
//! A town-scenario-year (tsy) is the unit of work: one run of the shipped case is 8 x 4 x 15 = 480 tsy.
//! Criterion's throughput is in tsy a second, so its times can be compared. Read the ratios of one
//! invocation: the machine decides the rest. benches/scaling.rs tells how the whole grows.

// A benchmark that cannot begin may stop.
#![allow(clippy::expect_used)]

use std::hint::black_box;
use std::ops::ControlFlow;
use std::time::Duration;

use boljam::case::{Case, Link, Source};
use boljam::engine::{self, Effort, RunValue, Selected, Spread, TallyPlans, VectorLevel};
use boljam::math;
use boljam::model::{Model, Options};
use boljam::random;
use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};

const RUNS: u64 = 8192;
/// Runs side by side in the floors, as in the engine.
const TILE: usize = 128;

fn model(towns: Option<Vec<usize>>) -> Model {
    let case = Case::load(&Source::embedded(), &[]).expect("the embedded case is good");
    let all = Options::of(&case);
    let options = Options { towns: towns.unwrap_or_else(|| all.towns.clone()), ..all };
    Model::compile(&case, &options).expect("its options fit")
}

fn tsy(model: &Model) -> u64 {
    (model.towns.len() * model.towns[0].paths.len() * model.years.len()) as u64
}

/// A year of a town and a tile of runs: its innovations, drawn once for all scenarios.
struct Normals<'a> {
    words: &'a [u64],
    rows: &'a mut [[f64; TILE]],
}

impl pulp::NullaryFnOnce for Normals<'_> {
    type Output = ();

    #[inline(always)]
    fn call(self) {
        for (pair, words) in self.rows.as_chunks_mut::<2>().0.iter_mut().zip(self.words.as_chunks::<TILE>().0)
        {
            let [a, b] = pair;
            for p in 0..TILE {
                (a[p], b[p]) = math::normal_pair(words[p]);
            }
        }
    }
}

/// The links of a year of a town and a scenario.
struct Links<'a> {
    kinds: &'a [Link],
    rows: &'a [[f64; TILE]],
    values: &'a mut [[f64; TILE]],
}

impl pulp::NullaryFnOnce for Links<'_> {
    type Output = ();

    #[inline(always)]
    fn call(self) {
        for ((link, z), x) in self.kinds.iter().zip(self.rows).zip(self.values) {
            match link {
                Link::Log => {
                    for p in 0..TILE {
                        x[p] = math::exp(z[p]);
                    }
                }
                Link::Logit => {
                    for p in 0..TILE {
                        x[p] = math::logistic_percent(z[p]);
                    }
                }
                Link::Identity => *x = *z,
            }
        }
    }
}

fn at_level(level: VectorLevel, work: impl pulp::NullaryFnOnce<Output = ()>) {
    #[cfg(target_arch = "x86_64")]
    match level {
        VectorLevel::Avx512 => {
            if let Some(token) = pulp::x86::V4::try_new() {
                return token.vectorize(work);
            }
        }
        VectorLevel::Avx2 => {
            if let Some(token) = pulp::x86::V3::try_new() {
                return token.vectorize(work);
            }
        }
        VectorLevel::Baseline => {}
    }
    work.call();
}

/// What no engine can do without.
fn floors(c: &mut Criterion) {
    let model = model(None);
    let scenarios = model.options.scenarios.len();
    let words: Vec<u64> =
        (0..TILE * model.links.len()).map(|k| random::step(random::initial_state(1, k as u64)).0).collect();
    let mut rows = vec![[0.0; TILE]; model.links.len().next_multiple_of(2)];
    let mut values = rows.clone();
    let mut group = c.benchmark_group("floors");
    for level in VectorLevel::available() {
        group.throughput(Throughput::Elements((TILE * scenarios) as u64));
        group.bench_function(BenchmarkId::new("normals", level.name()), |b| {
            b.iter(|| {
                at_level(level, Normals { words: black_box(&words), rows: &mut rows });
                black_box(&mut rows);
            });
        });
        group.throughput(Throughput::Elements(TILE as u64));
        group.bench_function(BenchmarkId::new("links", level.name()), |b| {
            b.iter(|| {
                at_level(level, Links { kinds: &model.links, rows: black_box(&rows), values: &mut values });
                black_box(&mut values);
            });
        });
    }
    group.finish();
}

/// The step alone: a block of one town under all scenarios through all years, its world and start included.
fn step(c: &mut Criterion) {
    let model = model(Some(vec![6]));
    let selected = [Selected { town: 0, path: 0, t: 1, value: RunValue::Quantity(0) }];
    let mut group = c.benchmark_group("step");
    group.throughput(Throughput::Elements(engine::BLOCK_RUNS * tsy(&model)));
    group.bench_function(BenchmarkId::new("a block of one town", VectorLevel::best().name()), |b| {
        b.iter(|| {
            let mut sum = 0.0;
            engine::record(&model, &selected, 0..engine::BLOCK_RUNS, &mut |_, columns| sum += columns[0][0]);
            black_box(sum)
        });
    });
    group.finish();
}

/// All towns on one thread: with sums alone and with everything that is counted. The difference is what
/// histograms, votes, pairs and outcomes cost. Planning, which does not grow with runs, is left out.
fn aggregation(c: &mut Criterion) {
    let model = model(None);
    let layouts = TallyPlans::plan(&model);
    let sums = layouts.plan_sums(&model, &model);
    let on = |_| ControlFlow::Continue(());
    let mut group = c.benchmark_group("aggregation");
    group.sample_size(10).measurement_time(Duration::from_secs(8));
    group.throughput(Throughput::Elements(RUNS * tsy(&model)));
    for level in VectorLevel::available() {
        group.bench_function(BenchmarkId::new("sums", level.name()), |b| {
            b.iter(|| {
                let run = || engine::go_on_with_spread(&model, Spread::empty(&sums, 0), level, RUNS, &on);
                black_box(engine::with_threads(1, run)).range()
            });
        });
        group.bench_function(BenchmarkId::new("everything", level.name()), |b| {
            b.iter(|| {
                let run = || engine::go_on(&model, engine::Ensemble::empty(&layouts, 0), level, RUNS, &on);
                black_box(engine::with_threads(1, run)).runs()
            });
        });
    }
    group.finish();
}

/// What a user waits for: planning, running, on one thread and on two.
fn whole_case(c: &mut Criterion) {
    let model = model(None);
    let mut group = c.benchmark_group("whole case");
    group.sample_size(10).measurement_time(Duration::from_secs(8));
    group.throughput(Throughput::Elements(RUNS * tsy(&model)));
    for level in VectorLevel::available() {
        for threads in [1, 2] {
            let effort = Effort { runs: RUNS, threads, level };
            group.bench_function(BenchmarkId::new(format!("threads {threads}"), level.name()), |b| {
                b.iter(|| black_box(engine::run(&model, effort, &|_| {})).runs());
            });
        }
    }
    group.bench_function("planning", |b| b.iter(|| black_box(TallyPlans::plan(&model))));
    group.finish();
}

criterion_group!(benches, floors, step, aggregation, whole_case);
criterion_main!(benches);
