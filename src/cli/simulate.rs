//! Making runs: progress, checkpoints, signals, and the end where figures are precise enough.

use std::ops::ControlFlow;
use std::path::Path;
use std::time::{Duration, Instant};

use super::failure::Interrupted;
use super::precision::Goal;
use super::progress;
use super::signal::Watch;
use crate::analyse::Study;
use crate::case::Case;
use crate::engine::{Ensembles, VectorLevel};
use crate::report::folder::{CHECKPOINT, Staging};
use crate::report::manifest::{Manifest, Stopped};

/// Precision is looked at after so many runs, twice as many, and so on: fixed numbers, which do not depend on
/// how fast or how parallel the machine is.
const FIRST_LOOK: u64 = 16_384;

/// What to run, and where to put checkpoints.
pub(super) struct Simulation<'a> {
    pub(super) case: &'a Case,
    pub(super) study: &'a Study<'a>,
    pub(super) manifest: &'a Manifest,
    pub(super) staging: &'a Staging,
    /// Time between checkpoints.
    pub(super) interval: Duration,
    /// The place of the result, for the hint how to go on.
    pub(super) place: &'a Path,
    /// Figures that may end the runs.
    pub(super) goals: &'a [Goal],
}

impl Simulation<'_> {
    /// Makes the runs from where `so_far` ends to `end`, or to where all goals are met. Gives the ensembles, and
    /// how the goals came out.
    pub(super) fn run(
        &self,
        mut so_far: Ensembles,
        end: u64,
    ) -> anyhow::Result<(Ensembles, Option<Stopped>)> {
        let first = so_far.main.range().start;
        let bar = progress::bar(end - first);
        let watch = Watch::begin();
        let show = |done: u64, total: u64| {
            // Towns with missing inputs are run twice: the bar counts the runs that were asked for.
            let share = u128::from(done) * u128::from(end - first) / u128::from(total.max(1));
            bar.set_position(share as u64);
        };
        let mut last = end;
        for look in self.looks(so_far.main.range().end, end) {
            let go_on =
                |so_far, tell: &Tell| self.study.go_on_main(so_far, VectorLevel::best(), look, end, tell);
            so_far = self.advance(so_far, &watch, &show, &go_on, &|e| e.main.range().end >= look)?;
            if self.goals.iter().all(|goal| goal.is_met(self.study, &so_far)) {
                last = look;
                break;
            }
        }
        let go_on = |so_far, tell: &Tell| self.study.go_on(so_far, VectorLevel::best(), last, tell);
        so_far = self.advance(so_far, &watch, &show, &go_on, &|e| e.is_complete(last))?;
        bar.finish_and_clear();
        let errors: Vec<f64> = self.goals.iter().map(|goal| goal.error(self.study, &so_far)).collect();
        let stopped = (!self.goals.is_empty()).then(|| Stopped {
            at_most: end,
            precise: self.goals.iter().zip(&errors).all(|(goal, error)| *error <= goal.error),
            errors,
        });
        Ok((so_far, stopped))
    }

    /// Numbers of runs, not below `done` and below `end`, after which the goals are looked at.
    fn looks(&self, done: u64, end: u64) -> impl Iterator<Item = u64> {
        let wanted = !self.goals.is_empty();
        let doubled = std::iter::successors(Some(FIRST_LOOK), |n| n.checked_mul(2));
        doubled.take_while(move |n| wanted && *n < end).skip_while(move |n| *n < done)
    }

    /// Goes on until `is_done`, with a checkpoint at intervals and when a signal asks for the end.
    fn advance(
        &self,
        mut so_far: Ensembles,
        watch: &Watch,
        show: &(dyn Fn(u64, u64) + Sync),
        go_on: &dyn Fn(Ensembles, &Tell) -> Ensembles,
        is_done: &dyn Fn(&Ensembles) -> bool,
    ) -> anyhow::Result<Ensembles> {
        loop {
            let begun = Instant::now();
            let tell = |done: u64, total: u64| {
                show(done, total);
                if watch.asked() || begun.elapsed() >= self.interval {
                    ControlFlow::Break(())
                } else {
                    ControlFlow::Continue(())
                }
            };
            so_far = go_on(so_far, &tell);
            if is_done(&so_far) {
                return Ok(so_far);
            }
            self.checkpoint(&so_far)?;
            if watch.asked() {
                let range = so_far.main.range();
                let force = if self.place.exists() { " --force" } else { "" };
                let command = format!("boljam run --resume {}{force}", self.place.display());
                let done = range.end - range.start;
                return Err(Interrupted { done, runs: self.manifest.runs, command }.into());
            }
        }
    }

    /// Writes what is needed to go on: inputs and options the first time, the ensembles each time.
    fn checkpoint(&self, so_far: &Ensembles) -> anyhow::Result<()> {
        if !self.staging.resume().join(CHECKPOINT).is_file() {
            for file in &self.case.files {
                self.staging.write_checkpoint(&format!("inputs/{}", file.name), file.text.as_bytes())?;
            }
            self.staging.write_checkpoint("manifest.json", self.manifest.to_json().as_bytes())?;
        }
        Ok(self.staging.write_checkpoint(CHECKPOINT, &so_far.encode(&self.manifest.key()))?)
    }
}

/// What is told of progress: runs done, of how many; and answers whether to go on.
type Tell<'a> = dyn Fn(u64, u64) -> ControlFlow<()> + Sync + 'a;
