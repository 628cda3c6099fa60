//! A sensitivity study of the futures: 2,560 points of 2,048 runs of one town under one scenario, every factor of the
//! shipped case. `cargo bench --bench futures` prints the processor time of a tenth of it, on one thread, and what the
//! whole would take: `points,runs,seconds,seconds_of_2560`.

// A benchmark that cannot begin may stop.
#![allow(clippy::expect_used)]

use std::hint::black_box;

use boljam::analyse::{Batches, Study};
use boljam::case::{Case, Source};
use boljam::engine;
use boljam::experiment::futures::{Factors, evaluate, lean, outputs};
use boljam::explore::latin_hypercube;
use boljam::model::Options;

const POINTS: usize = 256;
const WHOLE: f64 = 2560.0;
const BATCHES: Batches = Batches { count: 4, runs: 512 };

/// Seconds of processor time of this process so far; none where /proc does not tell.
fn cpu_seconds() -> Option<f64> {
    let stat = std::fs::read_to_string("/proc/self/stat").ok()?;
    let fields: Vec<&str> = stat.rsplit(')').next()?.split_whitespace().collect();
    let ticks = |k: usize| fields.get(k)?.parse::<f64>().ok();
    Some((ticks(11)? + ticks(12)?) / 100.0)
}

fn main() {
    engine::with_threads(1, || {
        let case = Case::load(&Source::embedded(), &[]).expect("the embedded case is good");
        let options = Options::select(&case, &["balkhash"], &["inertial"], None).expect("it has them");
        let lean = lean(&case, false);
        let study = Study::new(&lean, &options).expect("its options fit");
        let factors = Factors::choose(&case, &options, &[]).expect("it has factors");
        let points = factors.values(&latin_hypercube(POINTS, factors.axes.len(), 0), (0.0, 1.0));
        println!("points,runs,seconds,seconds_of_2560");
        for name in ["balkhash.inertial.2035.TDea.mean", "balkhash.inertial.2035.TDea"] {
            let outputs = outputs(name, &case, &study).expect("it is known");
            let before = cpu_seconds().expect("a system with /proc");
            black_box(evaluate(&study, &factors, &points, &outputs, BATCHES, &|_, _| {}));
            let seconds = cpu_seconds().expect("a system with /proc") - before;
            let runs = BATCHES.count as u64 * BATCHES.runs;
            println!("{POINTS},{runs},{seconds:.2},{:.1}", seconds * WHOLE / POINTS as f64);
        }
    });
}
