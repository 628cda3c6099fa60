//! Why a class changed in a replayed run: which sub-indicator moved the composite most.

use crate::case::{Case, class_of};
use crate::engine::{Trajectory, TrajectoryYear};

/// A composite that changed its class from one year to the next.
#[derive(Debug, Clone, PartialEq)]
pub struct ClassChange {
    /// Place of the year in the trajectory.
    pub t: usize,
    /// Index of the composite in the method.
    pub composite: usize,
    /// Class before and after, as indices into the scale.
    pub classes: (usize, usize),
    /// The sub-indicator whose move alone changes the composite most in the way it changed, and by how much.
    pub cause: Option<(usize, f64)>,
}

/// Class of each composite in a year; none for one without a scale, and for one that is undefined.
pub fn classes(case: &Case, year: &TrajectoryYear) -> Vec<Option<usize>> {
    let composites = case.method.composites.iter().zip(&year.composites);
    composites.map(|(c, value)| c.scale.as_deref().and_then(|scale| class_of(scale, *value))).collect()
}

/// Every change of class along a trajectory.
pub fn class_changes(case: &Case, trajectory: &Trajectory) -> Vec<ClassChange> {
    let mut changes = Vec::new();
    for (t, pair) in trajectory.years.windows(2).enumerate() {
        let (before, after) = (classes(case, &pair[0]), classes(case, &pair[1]));
        for (composite, (old, new)) in before.into_iter().zip(after).enumerate() {
            let (Some(old), Some(new)) = (old, new) else { continue };
            if old != new {
                let cause = cause(case, composite, &pair[0], &pair[1]);
                changes.push(ClassChange { t: t + 1, composite, classes: (old, new), cause });
            }
        }
    }
    changes
}

/// Moves one sub-indicator at a time from last year's value to this year's, the others staying.
fn cause(
    case: &Case,
    composite: usize,
    before: &TrajectoryYear,
    after: &TrajectoryYear,
) -> Option<(usize, f64)> {
    let symbols = &case.method.sub_indicators;
    let moved = |i: usize| {
        let mut inputs = before.sub_indicators.clone();
        inputs[i] = after.sub_indicators[i];
        value(case, composite, &inputs) - value(case, composite, &before.sub_indicators)
    };
    let effects = (0..symbols.len()).map(|i| (i, moved(i)));
    let direction = (after.composites[composite] - before.composites[composite]).signum();
    let along = effects.filter(|(_, by)| direction * by > 0.0);
    along.max_by(|a, b| (direction * a.1).total_cmp(&(direction * b.1)))
}

/// A composite from sub-indicators, by way of earlier composites.
fn value(case: &Case, composite: usize, inputs: &[f64]) -> f64 {
    let method = &case.method;
    method.composites[composite].formula.eval(&|name| {
        method.sub_indicators.iter().position(|s| s.symbol == name).map_or_else(
            || {
                method.composites[..composite]
                    .iter()
                    .position(|c| c.symbol == name)
                    .map_or(f64::NAN, |c| value(case, c, inputs))
            },
            |i| inputs[i],
        )
    })
}
