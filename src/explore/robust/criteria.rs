//! Criteria of robustness.

/// Performances of alternatives in the same runs, larger being better: `performance[a][r]`.
///
/// McPhail et al. (2018, doi:10.1002/2017EF000649) compare these criteria and give their sources.
///
/// # Examples
/// ```
/// use boljam::explore::robust::{Criteria, Criterion};
/// // A safe one, and one that wins more often and loses once.
/// let performance = [vec![3.0, 3.0, 3.0, 3.0], vec![5.0, 5.0, 5.0, 0.0]];
/// let criteria = Criteria { performance: &performance };
/// assert_eq!(criteria.values(Criterion::Wald), [3.0, 0.0]);
/// assert_eq!(criteria.values(Criterion::Laplace), [3.0, 3.75]);
/// assert_eq!(criteria.values(Criterion::MaxRegret), [2.0, 3.0]);
/// assert_eq!(criteria.ranks(Criterion::MaxRegret), [1.0, 2.0]);
/// ```
#[derive(Debug, Clone, Copy)]
pub struct Criteria<'a> {
    /// A row an alternative, as long as there are runs, and each finite.
    pub performance: &'a [Vec<f64>],
}

/// What is asked of an alternative over all runs.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Criterion {
    /// Largest regret (Savage 1951); smaller is better. Regret is what the best alternative of a run does better.
    MaxRegret,
    /// 90th percentile of the regret; smaller is better.
    P90Regret,
    /// The worst performance (Wald 1950).
    Wald,
    /// a times the best plus 1 - a times the worst performance (Hurwicz 1951), a the optimism.
    Hurwicz(f64),
    /// Mean performance (Laplace).
    Laplace,
    /// Share of the runs in which the alternative is the best one (Starr 1963); those that tie share the run.
    Starr,
    /// Mean less so many standard deviations (with n), Markowitz's trade-off (1952) in the unit of the performance.
    MeanVariance(f64),
    /// Share of the runs in which the performance is at least this (Simon 1956).
    Satisficing(f64),
}

impl Criterion {
    /// Whether a smaller value is the better one.
    pub fn is_cost(self) -> bool {
        matches!(self, Self::MaxRegret | Self::P90Regret)
    }
}

impl Criteria<'_> {
    /// The value of each alternative; NaN where there are no runs.
    pub fn values(&self, criterion: Criterion) -> Vec<f64> {
        let of_rows =
            |f: &dyn Fn(&[f64]) -> f64| self.performance.iter().map(|row| f(row)).collect::<Vec<_>>();
        let share = |row: &[f64], holds: &dyn Fn(f64) -> bool| {
            row.iter().filter(|x| holds(**x)).count() as f64 / row.len() as f64
        };
        match criterion {
            Criterion::MaxRegret => regrets(self.performance).iter().map(|r| largest(r)).collect(),
            Criterion::P90Regret => regrets(self.performance).iter().map(|r| quantile(r, 0.9)).collect(),
            Criterion::Wald => of_rows(&smallest),
            Criterion::Hurwicz(a) => of_rows(&|row| a * largest(row) + (1.0 - a) * smallest(row)),
            Criterion::Laplace => of_rows(&mean),
            Criterion::Starr => self.domains(),
            Criterion::MeanVariance(many) => of_rows(&|row| mean(row) - many * sd(row)),
            Criterion::Satisficing(level) => of_rows(&|row| share(row, &|x| x >= level)),
        }
    }

    /// Ranks of the alternatives by a criterion, 1 the best; those that tie have the mean of their ranks.
    pub fn ranks(&self, criterion: Criterion) -> Vec<f64> {
        let sign = if criterion.is_cost() { 1.0 } else { -1.0 };
        super::ranks(&self.values(criterion).iter().map(|v| sign * v).collect::<Vec<_>>())
    }

    /// Monte Carlo error of each value, from batches of runs: the standard error of the values of 20 equal parts. NaN
    /// below 40 runs. For the extremes (Wald, largest regret) it tells the spread between parts of a twentieth, not an
    /// error of the extreme, which no sample bounds.
    pub fn mcse(&self, criterion: Criterion) -> Vec<f64> {
        const BATCHES: usize = 20;
        let runs = self.performance.first().map_or(0, Vec::len);
        if runs < 2 * BATCHES {
            return vec![f64::NAN; self.performance.len()];
        }
        let size = runs / BATCHES;
        let of_batch = |b: usize| {
            let part: Vec<Vec<f64>> =
                self.performance.iter().map(|row| row[b * size..(b + 1) * size].to_vec()).collect();
            Criteria { performance: &part }.values(criterion)
        };
        let batches: Vec<Vec<f64>> = (0..BATCHES).map(of_batch).collect();
        let error = |a: usize| {
            let values: Vec<f64> = batches.iter().map(|values| values[a]).collect();
            sd(&values) / ((BATCHES - 1) as f64).sqrt()
        };
        (0..self.performance.len()).map(error).collect()
    }

    fn domains(&self) -> Vec<f64> {
        let runs = self.performance.first().map_or(0, Vec::len);
        let mut domains = vec![0.0; self.performance.len()];
        for run in 0..runs {
            let best = self.performance.iter().map(|row| row[run]).fold(f64::NEG_INFINITY, f64::max);
            let winners: Vec<usize> =
                (0..domains.len()).filter(|a| self.performance[*a][run] == best).collect();
            for a in &winners {
                domains[*a] += 1.0 / winners.len() as f64;
            }
        }
        domains.into_iter().map(|d| d / runs as f64).collect()
    }
}

/// Regrets: the best performance of each run less one's own.
pub fn regrets(performance: &[Vec<f64>]) -> Vec<Vec<f64>> {
    let runs = performance.first().map_or(0, Vec::len);
    let best: Vec<f64> = (0..runs)
        .map(|run| performance.iter().map(|row| row[run]).fold(f64::NEG_INFINITY, f64::max))
        .collect();
    performance.iter().map(|row| row.iter().zip(&best).map(|(x, best)| best - x).collect()).collect()
}

fn largest(x: &[f64]) -> f64 {
    x.iter().copied().fold(f64::NAN, f64::max)
}

fn smallest(x: &[f64]) -> f64 {
    x.iter().copied().fold(f64::NAN, f64::min)
}

fn mean(x: &[f64]) -> f64 {
    crate::explore::interval::mean(x)
}

fn sd(x: &[f64]) -> f64 {
    crate::explore::interval::variance(x).0.sqrt()
}

/// Linear between the order statistics around (n - 1) q.
fn quantile(x: &[f64], q: f64) -> f64 {
    let mut x = x.to_vec();
    x.sort_unstable_by(f64::total_cmp);
    let place = q * x.len().saturating_sub(1) as f64;
    let at = |k: f64| x.get(k as usize).copied().unwrap_or(f64::NAN);
    let (low, high) = (at(place.floor()), at(place.ceil()));
    low + (high - low) * place.fract()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn criteria_are_those_of_a_table_worked_by_hand() {
        let performance = [vec![8.0, 2.0, 5.0, 5.0], vec![6.0, 6.0, 5.0, 1.0], vec![0.0, 9.0, 4.0, 3.0]];
        let criteria = Criteria { performance: &performance };
        // Best of each run: 8, 9, 5, 5.
        assert_eq!(criteria.values(Criterion::MaxRegret), [7.0, 4.0, 8.0]);
        assert!((criteria.values(Criterion::P90Regret)[1] - 3.7).abs() < 1e-12);
        assert_eq!(criteria.values(Criterion::Wald), [2.0, 1.0, 0.0]);
        assert_eq!(criteria.values(Criterion::Hurwicz(0.25)), [3.5, 2.25, 2.25]);
        assert_eq!(criteria.values(Criterion::Laplace), [5.0, 4.5, 4.0]);
        // The third run is a tie of two.
        assert_eq!(criteria.values(Criterion::Starr), [0.625, 0.125, 0.25]);
        assert_eq!(criteria.values(Criterion::Satisficing(5.0)), [0.75, 0.75, 0.25]);
        let spread = criteria.values(Criterion::MeanVariance(1.0))[0];
        assert!((spread - (5.0 - 4.5_f64.sqrt())).abs() < 1e-12);
        assert_eq!(criteria.ranks(Criterion::Hurwicz(0.25)), [1.0, 2.5, 2.5]);
        assert_eq!(criteria.ranks(Criterion::MaxRegret), [2.0, 1.0, 3.0]);
    }

    #[test]
    fn the_error_of_a_mean_is_the_standard_error() {
        let mut stream = crate::random::Stream::new(crate::random::key(0, "robust", ""), 0);
        let performance = [(0..40_000).map(|_| stream.normal_pair().0).collect::<Vec<f64>>()];
        let found = Criteria { performance: &performance }.mcse(Criterion::Laplace)[0];
        // Of 20 batches: within a factor of 1.6 of 1/200 but for one time in ten thousand.
        assert!((0.005 / 1.7..0.005 * 1.7).contains(&found), "{found}");
        assert!(Criteria { performance: &[vec![1.0; 39]] }.mcse(Criterion::Wald)[0].is_nan());
    }
}
