//! Whether half of the rows would have told the same.

use super::settings::Settings;
use super::step::Step;
use super::trajectory::{Prim, prim};
use crate::explore::discover::Column;
use crate::explore::interval::below;
use crate::random::{Stream, key};

/// For a factor, the share of the half samples whose own box of about the same coverage, or density, restricts it too
/// (Bryant and Lempert 2010).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Reproduced {
    /// Step of the trajectory.
    pub step: usize,
    /// Place of a factor that it restricts.
    pub factor: usize,
    /// By the box of the half sample whose coverage is nearest.
    pub at_coverage: f64,
    /// By the box whose density is nearest.
    pub at_density: f64,
}

impl Prim {
    /// How often half samples find the same: see [`Reproduced`]. Nothing comes of a trajectory without steps.
    pub fn reproduce(
        &self,
        columns: &[Column],
        of_interest: &[bool],
        settings: Settings,
        resamples: usize,
        seed: u64,
    ) -> Vec<Reproduced> {
        reproduce(self, columns, of_interest, settings, resamples, seed)
    }
}

fn reproduce(
    whole: &Prim,
    columns: &[Column],
    of_interest: &[bool],
    settings: Settings,
    resamples: usize,
    seed: u64,
) -> Vec<Reproduced> {
    let n = of_interest.len();
    let key = key(seed, "", "prim half sample");
    let half = |number: usize| {
        let mut stream = Stream::new(key, number as u64);
        let mut rows: Vec<usize> = (0..n).collect();
        for k in 0..n / 2 {
            rows.swap(k, k + below(&mut stream, n - k));
        }
        rows.truncate(n / 2);
        rows.sort_unstable();
        let taken: Vec<Column> = columns.iter().map(|c| c.take(&rows)).collect();
        let interest: Vec<bool> = rows.iter().map(|row| of_interest[*row]).collect();
        prim(&taken, &interest, settings)
    };
    let halves: Vec<Prim> = (0..resamples).map(half).collect();
    let share = |found: &dyn Fn(&Prim) -> bool| {
        halves.iter().filter(|half| found(half)).count() as f64 / resamples.max(1) as f64
    };
    let mut reproduced = Vec::new();
    for (number, step) in whole.steps.iter().enumerate() {
        for restriction in &step.restrictions {
            let factor = restriction.factor;
            let restricts = |half: &Prim, of: &dyn Fn(&Step) -> f64, value: f64| {
                let nearer = |a: usize, b: usize| {
                    (of(&half.steps[b]) - value).abs() < (of(&half.steps[a]) - value).abs()
                };
                let near = (0..half.steps.len()).fold(0, |a, b| if nearer(a, b) { b } else { a });
                half.steps.get(near).is_some_and(|s| s.restrictions.iter().any(|r| r.factor == factor))
            };
            reproduced.push(Reproduced {
                step: number,
                factor,
                at_coverage: share(&|half| restricts(half, &|s| s.coverage, step.coverage)),
                at_density: share(&|half| restricts(half, &|s| s.density, step.density)),
            });
        }
    }
    reproduced
}
