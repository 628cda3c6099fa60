//! What the outputs are at every point.

use std::sync::atomic::{AtomicUsize, Ordering};

use rayon::prelude::*;

use super::factors::Factors;
use super::output::Output;
use crate::analyse::{Asked, Batches, Study, Target};
use crate::case::{Adjustable, Case};
use crate::engine::VectorLevel;
use crate::explore::Points;
use crate::model::Change;

/// What the outputs are at every point.
#[derive(Debug, Clone, PartialEq)]
pub struct Responses {
    /// By output, then by point, from all runs; NaN where the point makes no case or the figure is not defined.
    pub all: Vec<Vec<f64>>,
    /// By output, then by batch, then by point, from all runs but those of the batch.
    pub without: Vec<Vec<Vec<f64>>>,
}

/// A case without what runs do not read, so that thousands of variants of it are cheap.
#[must_use]
pub fn lean(case: &Case, parameters_drawn: bool) -> Case {
    let mut lean = case.clone();
    lean.files.clear();
    lean.panel.clear();
    lean.printed.clear();
    lean.observed.clear();
    lean.assumptions.clear();
    lean.notices.clear();
    lean.limits.clear();
    lean.names.clear();
    lean.factors = crate::case::CaseFactors::default();
    if !parameters_drawn {
        lean.posterior = None;
    }
    lean
}

/// Asks the study at every point (a row a point, a column a factor), with the threads it is called with.
/// `progress(done, total)` counts points.
pub fn evaluate(
    study: &Study<'_>,
    factors: &Factors,
    points: &Points,
    outputs: &[Output],
    batches: Batches,
    progress: &(dyn Fn(usize, usize) + Sync),
) -> Responses {
    let done = AtomicUsize::new(0);
    let targets: Vec<Target> =
        outputs.iter().flat_map(|o| std::iter::once(o.targets.0).chain(o.targets.1)).collect();
    let asked: Vec<Vec<Asked>> = (0..points.len())
        .into_par_iter()
        .map(|point| {
            let values = factors.factors.iter().map(|f| f.what).zip(points.row(point).iter().copied());
            let sets: Vec<(Adjustable, f64)> = values.collect();
            let asked = at(study, factors.case(), &sets, outputs, &targets, batches);
            progress(done.fetch_add(1, Ordering::Relaxed) + 1, points.len());
            asked
        })
        .collect();
    let of = |output: usize, value: &dyn Fn(&Asked) -> f64| asked.iter().map(|a| value(&a[output])).collect();
    Responses {
        all: (0..outputs.len()).map(|o| of(o, &|a| a.all)).collect(),
        without: (0..outputs.len())
            .map(|o| (0..batches.count).map(|b| of(o, &|a| a.without[b])).collect())
            .collect(),
    }
}

/// The outputs with some numbers of the case set.
pub(super) fn at(
    study: &Study<'_>,
    case: &Case,
    sets: &[(Adjustable, f64)],
    outputs: &[Output],
    targets: &[Target],
    batches: Batches,
) -> Vec<Asked> {
    let failed = || Asked { all: f64::NAN, without: vec![f64::NAN; batches.count] };
    let inside = |(what, x): &(Adjustable, f64)| {
        let (low, high) = what.range(case);
        (low..=high).contains(x)
    };
    if !sets.iter().all(inside) {
        return outputs.iter().map(|_| failed()).collect();
    }
    // Switches come last: what they take away, no number brings back.
    let mut sets = sets.to_vec();
    sets.sort_by_key(|set| set.0);
    let changes: Vec<Change> = sets.iter().map(|(what, x)| Change::Set(*what, *x)).collect();
    let variant = study.vary(&changes);
    if !variant.case().is_sound() {
        return outputs.iter().map(|_| failed()).collect();
    }
    let mut found = variant.ask(targets, VectorLevel::best(), batches).into_iter();
    let mut next = || found.next().unwrap_or_else(failed);
    let of = |output: &Output| {
        let mut own = next();
        if output.targets.1.is_some() {
            let other = next();
            own.all -= other.all;
            own.without.iter_mut().zip(&other.without).for_each(|(a, b)| *a -= b);
        }
        own
    };
    outputs.iter().map(of).collect()
}
