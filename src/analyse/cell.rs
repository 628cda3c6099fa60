//! One town, scenario and year: distributions, class probabilities, votes, lead.

use super::describe::{Ranks, distribution};
use super::results::{Cell, Distribution, Estimate, QuantityKind};
use crate::assess::lead_parts;
use crate::engine::TownEnsemble;
use crate::model::Model;

/// Summarises a cell; `ranks` are those of all runs.
pub(super) fn cell(model: &Model, town: TownEnsemble<'_>, ranks: &Ranks, t: usize, path: usize) -> Cell {
    let runs = ranks.runs();
    let quantity = |q: usize| {
        let controlled = town.controlled_mean(t, path, q);
        let found = distribution(&town.quantity(t, path, q), ranks);
        let mean_cv =
            controlled.map(|c| Estimate { mark: found.mean.mark, ..Estimate::mean(c.mean, c.sd, runs) });
        Distribution { mean_cv, ..found }
    };
    let quantities = (0..model.quantities.len()).map(quantity).collect();
    let composites: Vec<usize> = (0..model.scales.len()).map(|k| composite_quantity(model, k)).collect();
    let undefined: Vec<u64> = composites.iter().map(|q| town.undefined(t, path, *q)).collect();
    let classes = class_counts(model, town.above(t, path), runs, &undefined);
    let votes = votes(model, &classes, town.vote_squares(t, path), runs);
    let lead = Leaders::new(town.leaders(t, path), model.candidates, runs);
    let candidates = 0..model.candidates;
    Cell {
        quantities,
        classes: classes
            .iter()
            .map(|c| c.iter().map(|n| Estimate::share(*n as f64, runs)).collect())
            .collect(),
        undefined: undefined.iter().map(|n| share_of_cases(*n, runs)).collect(),
        votes,
        no_lead: share_of_cases(runs - lead.defined(), runs),
        lead: candidates.clone().map(|s| lead.share(s)).collect(),
        lead_alone: candidates.clone().map(|s| lead.alone(s)).collect(),
        lead_among: candidates.map(|s| lead.among(s)).collect(),
        margin: lead.margin(),
    }
}

/// A share of runs; what has never happened is certain not to have.
fn share_of_cases(n: u64, runs: u64) -> Estimate {
    if n == 0 { Estimate::exact(0.0) } else { Estimate::share(n as f64, runs) }
}

/// The quantity that is a scaled composite.
fn composite_quantity(model: &Model, scale: usize) -> usize {
    let is_it = |kind: QuantityKind| matches!(kind, QuantityKind::Composite(k) if k == scale);
    model.quantities.iter().position(|q| is_it(q.kind)).unwrap_or(0)
}

/// Runs in each class of each scaled composite, from the runs above each bound and those in which it is undefined.
pub(super) fn class_counts(model: &Model, above: &[u64], runs: u64, undefined: &[u64]) -> Vec<Vec<u64>> {
    let mut next = above.iter();
    let scales = model.scales.iter().zip(undefined).map(|((_, classes), undefined)| {
        let mut counts = Vec::with_capacity(classes.len());
        let mut at_least = runs - undefined;
        for count in next.by_ref().take(classes.len() - 1) {
            counts.push(at_least - count);
            at_least = *count;
        }
        counts.push(at_least);
        counts
    });
    scales.collect()
}

/// Mean votes for each candidate: the sum over composites of the share of runs in a class that speaks for
/// it. With V the votes of a run, mcse = sqrt((mean V^2 - (mean V)^2)/(n - 1)), from counts alone: composites vote
/// together or against each other, and both are in V.
pub(super) fn votes(model: &Model, counts: &[Vec<u64>], squares: &[u64], runs: u64) -> Vec<Estimate> {
    let n = runs as f64;
    let mean_for = |candidate: usize| {
        let mut votes = 0;
        for ((_, classes), counts) in model.scales.iter().zip(counts) {
            let speaking = classes.iter().zip(counts).filter(|(class, _)| class.votes[candidate]);
            votes += speaking.map(|(_, n)| *n).sum::<u64>();
        }
        let mean = votes as f64 / n;
        // n sum V^2 - (sum V)^2, as integers: 0 exactly where all runs vote alike.
        let [runs, squared, votes] = [runs, squares[candidate], votes].map(u128::from);
        let spread = (runs * squared).saturating_sub(votes * votes);
        Estimate::new(mean, (spread as f64 / (n * n) / (n - 1.0).max(1.0)).sqrt())
    };
    (0..model.candidates).map(mean_for).collect()
}

/// Runs by set of leaders and margin.
pub(super) struct Leaders<'a> {
    table: &'a [u64],
    candidates: usize,
    runs: u64,
}

impl<'a> Leaders<'a> {
    pub(super) fn new(table: &'a [u64], candidates: usize, runs: u64) -> Self {
        Self { table, candidates, runs }
    }

    /// (set of leaders, margin, number of runs).
    fn entries(&self) -> impl Iterator<Item = (usize, usize, u64)> {
        let mask = (1 << self.candidates) - 1;
        self.table.iter().enumerate().map(move |(k, n)| (k & mask, k >> self.candidates, *n))
    }

    /// A lead shared by k candidates gives each 1/k; counted in parts of the least common multiple of
    /// 1..=candidates (twelfths for four), so that the sum is one of integers.
    pub(super) fn share(&self, candidate: usize) -> Estimate {
        let parts = lead_parts(self.candidates);
        let mut sum = 0_u64;
        let mut squares = 0.0;
        for (set, _, n) in self.entries().filter(|(set, ..)| set >> candidate & 1 == 1) {
            let part = parts / u64::from(set.count_ones());
            sum += n * part;
            squares += n as f64 * (part as f64 / parts as f64).powi(2);
        }
        let n = self.runs as f64;
        let mean = sum as f64 / (parts as f64 * n);
        let floor = Estimate::share(mean * n, self.runs).mcse;
        let sd = (squares / n - mean * mean).max(0.0).sqrt();
        let mcse = sd / n.sqrt();
        Estimate { runs: self.runs, ..Estimate::new(mean, if mcse > 0.0 { mcse } else { floor }) }
    }

    fn alone(&self, candidate: usize) -> Estimate {
        let count: u64 = self.entries().filter(|(set, ..)| *set == 1 << candidate).map(|e| e.2).sum();
        Estimate::share(count as f64, self.runs)
    }

    fn among(&self, candidate: usize) -> Estimate {
        let count: u64 = self.entries().filter(|(set, ..)| set >> candidate & 1 == 1).map(|e| e.2).sum();
        Estimate::share(count as f64, self.runs)
    }

    /// Runs that have a lead.
    fn defined(&self) -> u64 {
        self.table.iter().sum()
    }

    fn margin(&self) -> Estimate {
        let n = self.defined() as f64;
        let moment = |p: i32| self.entries().map(|(_, m, c)| (m as f64).powi(p) * c as f64).sum::<f64>() / n;
        let mean = moment(1);
        Estimate::mean(mean, (moment(2) - mean * mean).max(0.0).sqrt(), self.defined())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shared_leads_are_split_and_add_up_to_one() {
        // Three candidates: 50 runs candidate 0 alone (margin 2), 30 runs a tie of 0 and 1, 20 of all.
        let mut table = vec![0; 4 << 3];
        table[(2 << 3) | 0b001] = 50;
        table[0b011] = 30;
        table[0b111] = 20;
        let leaders = Leaders::new(&table, 3, 100);
        let shares: Vec<f64> = (0..3).map(|s| leaders.share(s).value).collect();
        assert!((shares[0] - (50.0 + 15.0 + 20.0 / 3.0) / 100.0).abs() < 1e-15);
        assert!((shares.iter().sum::<f64>() - 1.0).abs() < 1e-15);
        assert_eq!(leaders.alone(0).value, 0.5);
        assert_eq!(leaders.among(1).value, 0.5);
        assert_eq!(leaders.margin().value, 1.0);
    }
}
