//! Towns ranked by resilience.
//!
//! A town is as resilient as it is unlikely to meet the conditions of the last resort by the horizon under the
//! worst of its scenarios. The worst, because plans are assumptions: no town shall rank high for a plan that
//! nobody has carried out yet, and the order shall not hang on which scenario is the reference.

use super::evidence::so_far;
use super::results::{Estimate, Results};

/// A town's place.
#[derive(Debug, Clone, PartialEq)]
pub struct Ranked {
    /// Place of the town in [`Results::towns`].
    pub town: usize,
    /// The first and the last of the ranks that it shares with towns from which the runs do not tell it apart;
    /// rank 1 is the most resilient.
    pub ranks: (usize, usize),
    /// Probability of never meeting the conditions by the horizon, under each of its scenarios.
    pub never: Vec<Estimate>,
    /// Place of the worst of these.
    pub worst: usize,
}

impl Ranked {
    /// The probability by which it is ranked.
    pub fn least(&self) -> Estimate {
        self.never[self.worst]
    }
}

/// The towns from the most to the least resilient; none where the method names no last resort.
///
/// Towns share ranks as long as they lie within twice the error of the difference to the first of them. The
/// error takes towns as independent; they share their world, so that it is rather too large, and too many
/// share a rank rather than too few.
pub fn ranking(results: &Results) -> Vec<Ranked> {
    let Some(outcome) = results.last_resort else { return Vec::new() };
    let town = |town: usize| {
        let never = |first: &Vec<Estimate>| {
            let came = so_far(first, results.setup.runs).pop().unwrap_or_default();
            came.complement()
        };
        let scenarios = &results.towns[town].scenarios;
        let never: Vec<Estimate> = scenarios.iter().map(|s| never(&s.first_passage[outcome])).collect();
        let worst = (0..never.len()).fold(0, |w, s| if never[s].value < never[w].value { s } else { w });
        Ranked { town, ranks: (0, 0), never, worst }
    };
    let mut towns: Vec<Ranked> = (0..results.towns.len()).map(town).collect();
    // Stable: equal towns stay in the order of their ids.
    towns.sort_by(|a, b| b.least().value.total_cmp(&a.least().value));
    let mut first = 0;
    while first < towns.len() {
        let best = towns[first].least();
        let told_apart = |other: &Ranked| {
            let error = best.mcse.hypot(other.least().mcse);
            best.value - other.least().value > 2.0 * error
        };
        let group = towns[first..].iter().position(told_apart).unwrap_or(towns.len() - first);
        for ranked in &mut towns[first..first + group] {
            ranked.ranks = (first + 1, first + group);
        }
        first += group;
    }
    towns
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::case::{Case, Source};
    use crate::engine::Effort;
    use crate::model::Options;

    /// Small results with made-up counts of distress in place of the last outcome's: `[town][scenario]`.
    fn results(runs: u64, counts: &[[u64; 2]]) -> Results {
        let case = Case::load(&Source::embedded(), &[]).unwrap();
        let towns = (0..counts.len()).collect();
        let options = Options { towns, scenarios: vec![0, 1], horizon: 2023, ..Options::of(&case) };
        let mut results = crate::analyse::study(&case, &options, Effort::runs(64), &|_, _| {}).unwrap();
        results.setup.runs = runs;
        let outcome = results.last_resort.unwrap();
        for (town, counts) in results.towns.iter_mut().zip(counts) {
            for (scenario, count) in town.scenarios.iter_mut().zip(counts) {
                scenario.first_passage[outcome] =
                    [0, *count].map(|n| Estimate::share(n as f64, runs)).to_vec();
            }
        }
        results
    }

    #[test]
    fn the_worst_scenario_of_each_town_decides() {
        // The first is the best under its second scenario, and yet the last.
        let ranked = ranking(&results(10_000, &[[900, 1], [100, 300], [600, 500]]));
        let places: Vec<(usize, (usize, usize), usize)> =
            ranked.iter().map(|r| (r.town, r.ranks, r.worst)).collect();
        assert_eq!(places, [(1, (1, 1), 1), (2, (2, 2), 0), (0, (3, 3), 0)]);
        assert!((ranked[0].least().value - 0.97).abs() < 1e-12);
    }

    /// 300 and 340 of 10,000 differ by 0.4 percentage points; twice the error of that difference is 0.50.
    #[test]
    fn towns_that_the_runs_do_not_tell_apart_share_their_ranks() {
        let counts = [[340, 0], [300, 0], [400, 0], [420, 0]];
        let ranked = ranking(&results(10_000, &counts));
        let places: Vec<(usize, (usize, usize))> = ranked.iter().map(|r| (r.town, r.ranks)).collect();
        assert_eq!(places, [(1, (1, 2)), (0, (1, 2)), (2, (3, 4)), (3, (3, 4))]);
        // A hundred times as many runs settle it.
        let ranked = ranking(&results(1_000_000, &counts.map(|c| [100 * c[0], 0])));
        assert!(ranked.iter().enumerate().all(|(k, r)| r.ranks == (k + 1, k + 1)));
    }
}
