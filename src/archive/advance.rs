//! Making runs: checkpoints, the end where somebody asks for it, and the end where figures are precise enough.

use std::ops::ControlFlow;

use super::error::ArchiveError;
use super::folder::{ENSEMBLE, Staging};
use super::manifest::Stopped;
use super::recipe::Recipe;
use crate::analyse::{Goal, Study};
use crate::engine::{Ensembles, VectorLevel};

/// Precision is looked at after so many runs, twice as many, and so on: fixed numbers, which do not depend on
/// how fast or how parallel the machine is.
const FIRST_LOOK: u64 = 16_384;

/// What the caller wishes after some more runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wish {
    /// More runs.
    GoOn,
    /// A checkpoint, then more runs.
    Checkpoint,
    /// A checkpoint, and the end.
    Stop,
}

/// Runs that have been made.
#[derive(Debug)]
pub struct Made {
    /// The runs.
    pub ensembles: Ensembles,
    /// How the goals came out; none where there were none.
    pub stopped: Option<Stopped>,
}

/// What to run, where checkpoints go, and who is asked and told in the meantime.
pub struct Advance<'a> {
    /// What the result is made from.
    pub recipe: &'a Recipe,
    /// The recipe's study.
    pub study: &'a Study<'a>,
    /// The folder under construction, beside which checkpoints are kept.
    pub staging: &'a Staging,
    /// Figures that may end the runs.
    pub goals: &'a [Goal],
    /// Is told how many runs are done, of how many.
    pub progress: &'a (dyn Fn(u64, u64) + Sync),
    /// Is asked after every few blocks of runs.
    pub wish: &'a (dyn Fn() -> Wish + Sync),
}

impl Advance<'_> {
    /// Makes the runs from where `so_far` ends to `end`, or to where all goals are met. Gives the ensembles, and
    /// how the goals came out.
    ///
    /// # Errors
    /// [`ArchiveError::Stopped`] when the caller wished it, [`ArchiveError::Folder`] when a checkpoint cannot be
    /// written.
    pub fn to(&self, mut so_far: Ensembles, end: u64) -> Result<Made, ArchiveError> {
        let asked = end - so_far.main.range().start;
        let show = |done: u64, total: u64| {
            // Towns with missing inputs are run twice: told are the runs that were asked for.
            let share = u128::from(done) * u128::from(asked) / u128::from(total.max(1));
            (self.progress)(share as u64, asked);
        };
        let mut last = end;
        for look in self.looks(so_far.main.range().end, end) {
            let go_on =
                |so_far, tell: &Tell| self.study.go_on_main(so_far, VectorLevel::best(), look, end, tell);
            so_far = self.with_checkpoints(so_far, &show, &go_on, &|e| e.main.range().end >= look)?;
            if self.goals.iter().all(|goal| goal.is_met(self.study, &so_far)) {
                last = look;
                break;
            }
        }
        let go_on = |so_far, tell: &Tell| self.study.go_on(so_far, VectorLevel::best(), last, tell);
        so_far = self.with_checkpoints(so_far, &show, &go_on, &|e| e.is_complete(last))?;
        let errors: Vec<f64> = self.goals.iter().map(|goal| goal.mcse(self.study, &so_far)).collect();
        let stopped = (!self.goals.is_empty()).then(|| Stopped {
            at_most: end,
            precise: self.goals.iter().zip(&errors).all(|(goal, mcse)| *mcse <= goal.most),
            errors,
        });
        Ok(Made { ensembles: so_far, stopped })
    }

    /// Numbers of runs, not below `done` and below `end`, after which the goals are looked at.
    fn looks(&self, done: u64, end: u64) -> impl Iterator<Item = u64> {
        let wanted = !self.goals.is_empty();
        let doubled = std::iter::successors(Some(FIRST_LOOK), |n| n.checked_mul(2));
        doubled.take_while(move |n| wanted && *n < end).skip_while(move |n| *n < done)
    }

    /// Goes on until `is_done`, with a checkpoint whenever one is wished.
    fn with_checkpoints(
        &self,
        mut so_far: Ensembles,
        show: &(dyn Fn(u64, u64) + Sync),
        go_on: &dyn Fn(Ensembles, &Tell) -> Ensembles,
        is_done: &dyn Fn(&Ensembles) -> bool,
    ) -> Result<Ensembles, ArchiveError> {
        loop {
            let tell = |done: u64, total: u64| {
                show(done, total);
                match (self.wish)() {
                    Wish::GoOn => ControlFlow::Continue(()),
                    Wish::Checkpoint | Wish::Stop => ControlFlow::Break(()),
                }
            };
            so_far = go_on(so_far, &tell);
            if is_done(&so_far) {
                return Ok(so_far);
            }
            self.checkpoint(&so_far)?;
            if (self.wish)() == Wish::Stop {
                let range = so_far.main.range();
                let (done, runs) = (range.end - range.start, self.recipe.manifest.runs);
                return Err(ArchiveError::Stopped { done, runs });
            }
        }
    }

    /// Writes what is needed to go on: inputs and options the first time, the ensembles each time.
    fn checkpoint(&self, so_far: &Ensembles) -> Result<(), ArchiveError> {
        let Recipe { case, manifest, .. } = self.recipe;
        if !self.staging.resume().join(ENSEMBLE).is_file() {
            for file in &case.files {
                self.staging.write_checkpoint(&format!("inputs/{}", file.name), file.text.as_bytes())?;
            }
            self.staging.write_checkpoint("manifest.json", manifest.to_json().as_bytes())?;
        }
        Ok(self.staging.write_checkpoint(ENSEMBLE, &so_far.encode(&manifest.key()))?)
    }
}

/// What is told of progress: runs done, of how many; and answers whether to go on.
type Tell<'a> = dyn Fn(u64, u64) -> ControlFlow<()> + Sync + 'a;
