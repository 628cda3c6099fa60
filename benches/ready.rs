//! What is made ready once, beside what is run: processor time, one thread, as ratios of one invocation.
//! `cargo bench --bench ready` prints CSV, the least and the middle of some repetitions: `what,least,median` in
//! seconds, then the ratios that matter.
//!
//! `study` makes the shipped case ready, `runs` is 10,000 runs of it; `fresh` makes a study of one town and
//! surveys it, `variant` varies one that stands and surveys that.

// A benchmark that cannot begin may stop.
#![allow(clippy::expect_used)]

use std::hint::black_box;
use std::ops::ControlFlow;

use boljam::analyse::Study;
use boljam::case::{Case, Source};
use boljam::engine::{self, VectorLevel};
use boljam::model::{Change, Options};

const REPETITIONS: usize = 7;
const RUNS: u64 = 10_000;
const SURVEY_RUNS: u64 = 2000;
/// Times that a short thing is done, since processor time is told in hundredths of a second.
const OFTEN: usize = 20;

/// Seconds of processor time of this process so far; none where /proc does not tell.
fn cpu_seconds() -> Option<f64> {
    // The 14th and 15th field, user and system time in hundredths; the second field may hold spaces.
    let stat = std::fs::read_to_string("/proc/self/stat").ok()?;
    let fields: Vec<&str> = stat.rsplit(')').next()?.split_whitespace().collect();
    let ticks = |k: usize| fields.get(k)?.parse::<f64>().ok();
    Some((ticks(11)? + ticks(12)?) / 100.0)
}

/// Prints and gives the median.
fn measure(what: &str, times: usize, mut work: impl FnMut()) -> f64 {
    let mut seconds: Vec<f64> = (0..REPETITIONS)
        .map(|_| {
            let before = cpu_seconds().expect("a system with /proc");
            (0..times).for_each(|_| work());
            (cpu_seconds().expect("a system with /proc") - before) / times as f64
        })
        .collect();
    seconds.sort_by(f64::total_cmp);
    println!("{what},{},{}", seconds[0], seconds[REPETITIONS / 2]);
    seconds[REPETITIONS / 2]
}

fn main() {
    engine::with_threads(1, || {
        let case = Case::load(&Source::embedded(), &[]).expect("the embedded case is good");
        let (options, level) = (Options::of(&case), VectorLevel::best());
        println!("what,least,median");
        let start = measure("study", 1, || {
            black_box(Study::new(&case, &options).expect("its options fit"));
        });
        let study = Study::new(&case, &options).expect("its options fit");
        let runs = measure("runs", 1, || {
            black_box(study.go_on_main(study.begin(0), level, RUNS, RUNS, &|_, _| ControlFlow::Continue(())));
        });
        let one = Options { towns: vec![6], ..options };
        let fresh = measure("fresh", 1, || {
            let study = Study::new(&case, &one).expect("its options fit");
            black_box(study.survey(&[0], level, SURVEY_RUNS).cell(0, 1, 0));
        });
        let study = Study::new(&case, &one).expect("its options fit");
        let change = [Change::Persistence(0, 0.7)];
        let vary = measure("vary", OFTEN, || {
            black_box(study.vary(&change));
        });
        let variant = measure("variant", OFTEN, || {
            black_box(study.vary(&change).survey(&[0], level, SURVEY_RUNS).cell(0, 1, 0));
        });
        println!("study over 10000 runs,{:.3}", start / runs);
        println!("variant over fresh,{:.3}", variant / fresh);
        println!("compiling over variant,{:.3}", vary / variant);
    });
}
