//! What a stress test costs beside two runs, and a reverse stress a cell. `cargo bench --bench stress`.
//!
//! Read the ratio of one invocation: the machine decides the rest. A stress of all towns may cost 1.15 times two runs.

// A benchmark that cannot begin may stop.
#![allow(clippy::expect_used)]

use std::time::{Duration, Instant};

use boljam::analyse::study;
use boljam::case::{Case, Source, Stress};
use boljam::engine::{Effort, VectorLevel};
use boljam::experiment::stress::{
    After, ReverseCourse, ReverseDesign, RunCondition, reverse_stress, stress_test,
};
use boljam::model::{Model, Options};

const RUNS: u64 = 8192;
const ROUNDS: usize = 5;

/// The shortest of some rounds.
fn shortest(mut work: impl FnMut()) -> Duration {
    let once = |work: &mut dyn FnMut()| {
        let begin = Instant::now();
        work();
        begin.elapsed()
    };
    (0..ROUNDS).map(|_| once(&mut work)).min().unwrap_or_default()
}

fn main() {
    let case = Case::load(&Source::embedded(), &[]).expect("the embedded case is good");
    let options = Options::of(&case);
    let stress = Stress::parse(&case, options.horizon, "copper=-40%@2027:years=2:fade=3").expect("a shock");
    let run = shortest(|| drop(study(&case, &options, Effort::runs(RUNS), &|_, _| {}).expect("it runs")));
    let stresses = [stress];
    let effort = (RUNS, VectorLevel::best());
    let test = shortest(|| drop(stress_test(&case, &options, &stresses, effort, &|_| {}).expect("it runs")));
    let ratio = test.as_secs_f64() / (2.0 * run.as_secs_f64());
    println!("one run {run:?}, a stress test {test:?}: {ratio:.2} of two runs");

    let model = Model::compile(&case, &options).expect("its options fit");
    let condition = RunCondition::parse(&case, &model, "distress = 1 in 20%").expect("a condition");
    let design = ReverseDesign {
        condition: &condition,
        commodities: &[1],
        course: ReverseCourse { start: 2027, years: 2, after: After::Fades(3.0) },
        alone: false,
        runs: 1024,
    };
    let cells = model.towns.len() * options.scenarios.len();
    let reverse = shortest(|| drop(reverse_stress(&case, &model, &design, VectorLevel::best(), &|_, _| {})));
    println!(
        "a reverse stress of one commodity {reverse:?}: {:?} a town and scenario",
        reverse / cells as u32
    );
}
