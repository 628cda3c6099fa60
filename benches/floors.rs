//! What no engine can do without, beside the engine itself, on the shipped case and one thread: drawing the
//! normals of a run, applying the links, counting into histograms. Prints CSV, one line for each thing and
//! vector level: `what,level,tsy,cpu_seconds,wall_seconds`, tsy being town-scenario-years (480 a run). `start` is
//! what the engine pays once, however many runs follow: the closed form and the pilot that place histograms.
//! `cargo bench --bench floors`; benches/peers/run.py puts the lines beside other programs.

// A benchmark that cannot begin may stop.
#![allow(clippy::expect_used)]
// The array is on the heap at once; only an unoptimised build has it on the stack.
#![allow(clippy::large_stack_arrays)]

use std::hint::black_box;
use std::time::Instant;

use boljam::case::{Case, Link, Source};
use boljam::engine::{self, Effort, VectorLevel};
use boljam::math;
use boljam::model::{Model, Operand, Options, QuantityKind};
use boljam::random;

const TILE: usize = 128;
/// Tiles of a block: histograms are filled a block at a time.
const TILES: usize = 4;
const BINS: usize = 512;
/// Rows of normals at hand: one for each driver of the shipped case.
const ROWS: usize = 18;
/// Runs of a floor and of the whole engine: about a second each at the highest level.
const FLOOR_RUNS: u64 = 65_536;
const ENGINE_RUNS: u64 = 32_768;

type Row = [f64; TILE];

/// How much of everything a run of the case needs.
struct Needs {
    towns: usize,
    years: usize,
    scenarios: usize,
    links: Vec<Link>,
    /// Normals of a run that towns share, of a town, and of a town and year.
    world: usize,
    plans: usize,
    innovations: usize,
    /// Indices of the region.
    indices: usize,
    /// Increments of a cell: quantities that vary, and pairs.
    increments: usize,
    pairs: usize,
}

impl Needs {
    fn of(model: &Model) -> Self {
        let (towns, years, scenarios) = (model.towns.len(), model.years.len(), model.options.scenarios.len());
        let (drivers, indices, commodities) =
            (model.links.len(), model.region.sigma.len(), model.prices.commodities());
        let varies = |kind: QuantityKind| match kind {
            QuantityKind::Composite(k) => {
                let constant = |t: &&boljam::model::TownLaw| {
                    matches!(t.outcome.composites[model.scales[k].0], Operand::Constant(_))
                };
                2 * model.towns.iter().filter(constant).count() <= towns
            }
            _ => true,
        };
        let kept = |paired: bool| {
            model.quantities.iter().filter(|q| varies(q.kind) && (q.paired || !paired)).count()
        };
        Self {
            towns,
            years,
            scenarios,
            links: model.links.clone(),
            world: commodities + indices + (years - 1) * (2 * commodities + 1 + drivers + indices),
            plans: drivers * (1 + scenarios),
            innovations: drivers,
            indices,
            increments: kept(false),
            pairs: kept(true),
        }
    }

    fn tsy(&self) -> u64 {
        (self.towns * self.years * self.scenarios) as u64
    }
}

/// How far a floor goes.
#[derive(Clone, Copy, PartialEq, PartialOrd)]
enum Floor {
    Normals,
    Links,
    Histogram,
}

/// The floor of some blocks of runs. Everything is inlined into each vector level.
struct Work<'a> {
    needs: &'a Needs,
    floor: Floor,
    blocks: u64,
}

impl pulp::NullaryFnOnce for Work<'_> {
    type Output = ();

    #[inline(always)]
    fn call(self) {
        self.run();
    }
}

/// Streams of a tile, stepped together.
struct Streams([[u64; TILE]; 4]);

impl Streams {
    #[inline(always)]
    fn new(key: u64, first_run: u64) -> Self {
        let mut state = [[0; TILE]; 4];
        for p in 0..TILE {
            let start = random::initial_state(key, first_run + p as u64);
            for w in 0..4 {
                state[w][p] = start[w];
            }
        }
        Self(state)
    }

    #[inline(always)]
    fn normals(&mut self, rows: &mut [Row]) {
        let [a, b, c, d] = &mut self.0;
        let mut words = [0; TILE];
        for pair in rows.chunks_mut(2) {
            for p in 0..TILE {
                let (word, state) = random::step([a[p], b[p], c[p], d[p]]);
                words[p] = word;
                [a[p], b[p], c[p], d[p]] = state;
            }
            if let [x, y] = pair {
                for p in 0..TILE {
                    (x[p], y[p]) = math::normal_pair(words[p]);
                }
            } else if let [x] = pair {
                for p in 0..TILE {
                    x[p] = math::normal_pair(words[p]).0;
                }
            }
        }
    }
}

impl Work<'_> {
    #[inline(always)]
    fn run(self) {
        let Self { needs, floor, blocks } = self;
        let mut rows = vec![[[0.0; TILE]; ROWS]; TILES];
        let mut values = vec![[0.0; TILE]; needs.links.len().max(needs.indices)];
        let mut bins = [[0_u16; TILE]; TILES];
        let cells = needs.years * needs.scenarios;
        let mut histograms = if floor == Floor::Histogram {
            vec![[0_u32; BINS]; needs.towns * cells * (needs.increments + needs.pairs)]
        } else {
            Vec::new()
        };
        for block in 0..blocks {
            let first = block * (TILE * TILES) as u64;
            let mut streams: Vec<Streams> =
                (0..TILES).map(|tile| Streams::new(7, first + (tile * TILE) as u64)).collect();
            draw(&mut streams, &mut rows, needs.world);
            if floor >= Floor::Links {
                for _ in 0..TILES * (needs.years - 1) {
                    exponentials(&rows[0][..needs.indices], &mut values);
                }
            }
            for town in 0..needs.towns {
                draw(&mut streams, &mut rows, needs.plans);
                for year in 0..needs.years {
                    if year > 0 {
                        draw(&mut streams, &mut rows, needs.innovations);
                    }
                    for scenario in 0..needs.scenarios {
                        if floor >= Floor::Links {
                            for rows in &rows {
                                links(&needs.links, rows, &mut values);
                                black_box(&mut values);
                            }
                        }
                        if floor == Floor::Histogram {
                            let pairs = if scenario == 0 { 0 } else { needs.pairs };
                            let cell = (town * cells + year * needs.scenarios + scenario)
                                * (needs.increments + needs.pairs);
                            for k in 0..needs.increments + pairs {
                                for (tile, rows) in rows.iter().enumerate() {
                                    positions(&rows[k % ROWS], &mut bins[tile]);
                                }
                                count(&bins, &mut histograms[cell + k]);
                            }
                        }
                    }
                }
            }
        }
        black_box(&histograms);
    }
}

/// Draws so many normals for each run of a block.
#[inline(always)]
fn draw(streams: &mut [Streams], rows: &mut [[Row; ROWS]], normals: usize) {
    for (streams, rows) in streams.iter_mut().zip(rows) {
        let mut left = normals;
        while left > 0 {
            let some = left.min(ROWS);
            streams.normals(&mut rows[..some]);
            black_box(&mut *rows);
            left -= some;
        }
    }
}

#[inline(always)]
fn exponentials(rows: &[Row], values: &mut [Row]) {
    for (x, z) in values.iter_mut().zip(rows) {
        for p in 0..TILE {
            x[p] = math::exp(z[p]);
        }
    }
    black_box(values);
}

#[inline(always)]
fn links(links: &[Link], rows: &[Row], values: &mut [Row]) {
    for ((link, z), x) in links.iter().zip(rows).zip(values) {
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

/// Bins of standard normals over 6.5 standard deviations to either side.
#[inline(always)]
fn positions(x: &Row, bins: &mut [u16; TILE]) {
    for p in 0..TILE {
        let v = (x[p] + 6.5) * (BINS as f64 / 13.0);
        let v = if v > 0.0 { v } else { 0.0 };
        let v = if v < BINS as f64 - 0.5 { v } else { BINS as f64 - 0.5 };
        bins[p] = math::floor_index(v) as u16;
    }
}

#[inline(always)]
fn count(bins: &[[u16; TILE]; TILES], counts: &mut [u32; BINS]) {
    for chunk in bins.as_flattened().as_chunks::<8>().0 {
        for bin in chunk {
            counts[usize::from(*bin) & (BINS - 1)] += 1;
        }
    }
}

fn at_level(level: VectorLevel, work: Work<'_>) {
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
    work.run();
}

/// Seconds of processor time of this process so far; none where /proc does not tell.
fn cpu_seconds() -> Option<f64> {
    // The 14th and 15th field, user and system time in hundredths; the second field may hold spaces.
    let stat = std::fs::read_to_string("/proc/self/stat").ok()?;
    let fields: Vec<&str> = stat.rsplit(')').next()?.split_whitespace().collect();
    let ticks = |k: usize| fields.get(k)?.parse::<f64>().ok();
    Some((ticks(11)? + ticks(12)?) / 100.0)
}

fn measure(what: &str, level: VectorLevel, tsy: u64, work: impl FnOnce()) {
    let (cpu, wall) = (cpu_seconds(), Instant::now());
    work();
    let wall = wall.elapsed().as_secs_f64();
    let cpu = cpu_seconds().zip(cpu).map_or(wall, |(after, before)| after - before);
    println!("{what},{},{tsy},{cpu},{wall}", level.name());
}

fn main() {
    let case = Case::load(&Source::embedded(), &[]).expect("the embedded case is good");
    let model = Model::compile(&case, &Options::of(&case)).expect("its options fit");
    let needs = Needs::of(&model);
    println!("what,level,tsy,cpu_seconds,wall_seconds");
    for level in VectorLevel::available() {
        for (what, floor) in
            [("normals", Floor::Normals), ("links", Floor::Links), ("histogram", Floor::Histogram)]
        {
            let blocks = FLOOR_RUNS / (TILE * TILES) as u64;
            let work = Work { needs: &needs, floor, blocks };
            measure(what, level, FLOOR_RUNS * needs.tsy(), || at_level(level, work));
        }
        for (what, runs) in [("start", 1), ("engine", ENGINE_RUNS)] {
            measure(what, level, runs * needs.tsy(), || {
                black_box(engine::run(&model, Effort { runs, threads: 1, level }, &|_| {}));
            });
        }
    }
}
