//! Regret by factor: where what is drawn is low, and where it is high.

use crate::analyse::{Estimate, RunColumn, ThingOf};

/// A class of runs: those in which something that is drawn lies in a range.
#[derive(Debug, Clone, PartialEq)]
pub struct FactorClass {
    /// The range that its runs have, both ends among them.
    pub range: (f64, f64),
    /// How many runs.
    pub runs: usize,
    /// Mean regret of each scenario in it.
    pub regret: Vec<Estimate>,
}

/// Regret where a factor is low and where it is high.
#[derive(Debug, Clone, PartialEq)]
pub struct FactorRegret {
    /// What is drawn.
    pub column: RunColumn,
    /// The scenario whose draw it is, by its place in the options; nothing where all have it in common.
    pub path: Option<usize>,
    /// The lowest third of the runs, the middle and the highest; for what has two values, one class each.
    pub classes: Vec<FactorClass>,
}

impl FactorRegret {
    /// Of which scenario the mean regret differs most between the classes, and by how much.
    pub fn largest_difference(&self) -> (usize, f64) {
        let (Some(first), Some(last)) = (self.classes.first(), self.classes.last()) else { return (0, 0.0) };
        let differences = first.regret.iter().zip(&last.regret).map(|(a, b)| b.value - a.value);
        let of = |(s, _): &(usize, f64)| self.path.is_none_or(|path| path == *s);
        let larger = |best: (usize, f64), next: (usize, f64)| {
            if next.1.abs() > best.1.abs() { next } else { best }
        };
        differences.enumerate().filter(of).fold((self.path.unwrap_or(0), 0.0), larger)
    }
}

/// Classes of runs by a factor and the mean regret in each; nothing for a factor that is the same in all runs.
pub(super) fn by_factor(
    column: RunColumn,
    path: usize,
    values: &[f64],
    regret: &[Vec<f64>],
) -> Option<FactorRegret> {
    let mut order: Vec<usize> = (0..values.len()).filter(|run| values[*run].is_finite()).collect();
    order.sort_by(|a, b| values[*a].total_cmp(&values[*b]));
    let (first, last) = (*order.first()?, *order.last()?);
    let (low, high) = (values[first], values[last]);
    if low == high {
        return None;
    }
    let has_two = order.iter().all(|run| values[*run] == low || values[*run] == high);
    let ends = if has_two {
        vec![order.partition_point(|run| values[*run] == low), order.len()]
    } else {
        vec![order.len() / 3, order.len() - order.len() / 3, order.len()]
    };
    let mut start = 0;
    let mut classes = Vec::new();
    for end in ends {
        let runs = &order[start..end];
        start = end;
        if runs.is_empty() {
            continue;
        }
        let of = |regret: &Vec<f64>| {
            let n = runs.len() as f64;
            let mean = runs.iter().map(|run| regret[*run]).sum::<f64>() / n;
            let squares = runs.iter().map(|run| (regret[*run] - mean).powi(2)).sum::<f64>();
            Estimate::mean(mean, (squares / (n - 1.0).max(1.0)).sqrt(), runs.len() as u64)
        };
        classes.push(FactorClass {
            range: (values[runs[0]], values[runs[runs.len() - 1]]),
            runs: runs.len(),
            regret: regret.iter().map(of).collect(),
        });
    }
    let path = (column.thing.of == ThingOf::Scenario).then_some(path);
    Some(FactorRegret { column, path, classes })
}
