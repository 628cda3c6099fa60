//! How deep each run falls, and when it is back.
//!
//! With D\[t\] the difference of a quantity with and without the stress in a run and s = 1 where lower is better, else -1,
//! the harm is s D\[t\]; what has no better side is counted by its fall. From the first year of the stress on
//!
//! ```text
//! deepest  = max over t of s D[t], in year p; a run in which that is not above 0 is untouched
//! back     = first t > p from which on s D <= deepest / 10 up to the horizon, told as t - p years
//! cumulated = sum over t of D[t]
//! ```
//!
//! A run that is never back so far is *not back*: its years are not known, and quantiles that fall among such runs are none.

use crate::analyse::Estimate;
use crate::case::Better;
use crate::engine::{Noted, PairedBlock};

/// What is left of the harm when a run counts as back.
const LEFT: f64 = 0.1;
/// Harm below this share of the value is rounding.
const ROUNDING: f64 = 1e-9;

/// The course of a quantity in a town under a scenario.
#[derive(Debug, Clone, PartialEq)]
pub struct Course {
    /// Place of the year in which the mean difference harms most, and that difference; none where it never does harm.
    pub peak: Option<(usize, Estimate)>,
    /// Mean over runs of what is deepest in each, as a difference: its sign is that of the harm. Untouched runs count as 0.
    pub deepest: Estimate,
    /// When runs are back.
    pub recovery: Recovery,
    /// Mean over runs of the sum of differences over all years.
    pub cumulated: Estimate,
}

/// When runs are back.
#[derive(Debug, Clone, PartialEq)]
pub struct Recovery {
    /// Runs that are back after just so many years from their deepest one.
    pub years: Vec<u64>,
    /// Runs that are not back by the horizon.
    pub not_back: u64,
    /// Runs that the stress does no harm.
    pub untouched: u64,
}

impl Recovery {
    /// Runs that are harmed.
    pub fn harmed(&self) -> u64 {
        self.years.iter().sum::<u64>() + self.not_back
    }

    /// Share of the harmed runs that are not back by the horizon; none where no run is harmed.
    pub fn share_not_back(&self) -> Option<Estimate> {
        let harmed = self.harmed();
        (harmed > 0).then(|| Estimate::share(self.not_back as f64, harmed))
    }

    /// The quantile of p of years among harmed runs, as an order statistic; none where it is beyond the horizon.
    pub fn quantile(&self, p: f64) -> Option<f64> {
        self.at_rank((p * self.harmed() as f64).ceil().max(1.0))
    }

    /// Order statistics around the quantile of p that hold it in 95 of 100 (normal approximation of the ranks); an end
    /// beyond the horizon is none.
    pub fn interval(&self, p: f64) -> (Option<f64>, Option<f64>) {
        let n = self.harmed() as f64;
        let half = 1.96 * (n * p * (1.0 - p)).sqrt();
        (self.at_rank((n * p - half).floor().max(1.0)), self.at_rank((n * p + half).ceil().max(1.0) + 1.0))
    }

    fn at_rank(&self, rank: f64) -> Option<f64> {
        let mut below = 0;
        self.years
            .iter()
            .position(|count| {
                below += count;
                below as f64 >= rank
            })
            .map(|years| years as f64)
    }
}

/// Sums over runs.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct CourseSums {
    runs: u64,
    deepest: [f64; 2],
    cumulated: [f64; 2],
    recovery: Recovery,
}

impl CourseSums {
    pub(super) fn none(years: usize) -> Self {
        let recovery = Recovery { years: vec![0; years], not_back: 0, untouched: 0 };
        Self { runs: 0, deepest: [0.0; 2], cumulated: [0.0; 2], recovery }
    }

    pub(super) fn add(&mut self, other: &Self) {
        self.runs += other.runs;
        for k in 0..2 {
            self.deepest[k] += other.deepest[k];
            self.cumulated[k] += other.cumulated[k];
        }
        let (into, from) = (&mut self.recovery, &other.recovery);
        into.years.iter_mut().zip(&from.years).for_each(|(a, b)| *a += b);
        into.not_back += from.not_back;
        into.untouched += from.untouched;
    }

    /// Adds a run: its differences year by year, harm positive, and a size beside which rounding is told.
    fn add_run(&mut self, harm: &[f64], start: usize, scale: f64, sign: f64) {
        if harm.iter().any(|x| !x.is_finite()) {
            return;
        }
        self.runs += 1;
        let sum = sign * harm.iter().sum::<f64>();
        self.cumulated[0] += sum;
        self.cumulated[1] += sum * sum;
        let (mut deepest, mut year) = (ROUNDING * scale, None);
        for (t, x) in harm.iter().enumerate().skip(start) {
            if *x > deepest {
                (deepest, year) = (*x, Some(t));
            }
        }
        let Some(year) = year else {
            self.recovery.untouched += 1;
            return;
        };
        self.deepest[0] += sign * deepest;
        self.deepest[1] += deepest * deepest;
        // From the last year with more than is left.
        let last = harm.iter().rposition(|x| *x > LEFT * deepest).unwrap_or(year);
        if last + 1 < harm.len() {
            self.recovery.years[last + 1 - year] += 1;
        } else {
            self.recovery.not_back += 1;
        }
    }

    /// What the sums say, given the mean differences year by year.
    pub(super) fn course(&self, differences: &[Estimate], start: usize, better: Better, runs: u64) -> Course {
        let sign = harm_sign(better);
        let harmful = differences.iter().enumerate().skip(start).filter(|(_, d)| sign * d.value > 0.0);
        let peak = harmful.fold(None::<(usize, Estimate)>, |peak, (t, d)| match peak {
            Some((_, most)) if sign * most.value >= sign * d.value => peak,
            _ => Some((t, *d)),
        });
        let n = self.runs as f64;
        let mean = |[sum, squares]: [f64; 2]| {
            let variance = (squares - sum * sum / n) / (n - 1.0);
            Estimate::mean(sum / n, variance.max(0.0).sqrt(), self.runs)
        };
        debug_assert!(self.runs <= runs);
        Course {
            peak,
            deepest: mean(self.deepest),
            cumulated: mean(self.cumulated),
            recovery: self.recovery.clone(),
        }
    }
}

/// 1 where more is worse.
fn harm_sign(better: Better) -> f64 {
    if better == Better::Lower { 1.0 } else { -1.0 }
}

/// Adds the runs of a block for one quantity, by its place among those that are looked at, under one scenario.
pub(super) fn follow(
    block: &PairedBlock<'_>,
    (path, quantity): (usize, usize),
    (start, years): (usize, usize),
    better: Better,
    sums: &mut CourseSums,
) {
    let sign = harm_sign(better);
    let mut harm = vec![0.0; block.runs * years];
    let mut scale = vec![0.0; block.runs];
    for t in 0..years {
        let values = block.tiles(t, path, Noted::Quantity(quantity));
        let pairs = values.flat_map(|(base, stressed)| base.iter().zip(stressed));
        for (run, (base, stressed)) in pairs.enumerate() {
            harm[run * years + t] = sign * (stressed - base);
            scale[run] = base.abs().max(scale[run]);
        }
    }
    for (harm, scale) in harm.chunks(years).zip(&scale) {
        sums.add_run(harm, start, *scale, sign);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn after(runs: &[&[f64]], start: usize) -> CourseSums {
        let mut sums = CourseSums::none(runs[0].len());
        for harm in runs {
            sums.add_run(harm, start, 1.0, -1.0);
        }
        sums
    }

    #[test]
    fn a_run_is_back_when_nine_tenths_are_for_good() {
        // Deepest in year 2, a tenth is left in year 4, which is no more than a tenth.
        assert_eq!(after(&[&[0.0, 1.0, 4.0, 1.0, 0.4, 0.0]], 1).recovery.years, [0, 0, 1, 0, 0, 0]);
        // A second fall counts: back for good in year 5.
        assert_eq!(after(&[&[0.0, 4.0, 0.0, 0.0, 1.0, 0.1]], 1).recovery.years, [0, 0, 0, 0, 1, 0]);
        // Half of it is left: not back. What never falls is untouched; a gain does not count as a fall.
        let sums = after(&[&[0.0, 4.0, 2.0], &[0.0, 0.0, 0.0], &[0.0, -3.0, -1.0]], 1);
        assert_eq!((sums.recovery.not_back, sums.recovery.untouched, sums.recovery.harmed()), (1, 2, 1));
    }

    #[test]
    fn means_and_quantiles_are_those_of_the_runs() {
        let sums = after(&[&[0.0, 4.0, 0.0, 0.0], &[0.0, 2.0, 1.0, 0.0], &[0.0, 2.0, 2.0, 1.0]], 1);
        let course = sums.course(
            &[
                Estimate::exact(0.0),
                Estimate::exact(-8.0 / 3.0),
                Estimate::exact(-1.0),
                Estimate::exact(-1.0 / 3.0),
            ],
            1,
            Better::Higher,
            3,
        );
        assert_eq!(course.peak.map(|(t, d)| (t, d.value)), Some((1, -8.0 / 3.0)));
        assert_eq!((course.deepest.value, course.cumulated.value), (-8.0 / 3.0, -4.0));
        // Deepest 4, 2, 2: sd sqrt(4/3); sums 4, 3, 5: sd 1.
        assert!((course.deepest.mcse - (4.0_f64 / 9.0).sqrt()).abs() < 1e-12);
        assert!((course.cumulated.mcse - (1.0_f64 / 3.0).sqrt()).abs() < 1e-12);
        assert_eq!((course.recovery.quantile(0.5), course.recovery.quantile(0.9)), (Some(2.0), None));
        assert_eq!(course.recovery.share_not_back().unwrap().value, 1.0 / 3.0);
    }
}
