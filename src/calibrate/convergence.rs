//! Have the chains converged? Rank-normalised split R-hat and effective sample sizes of Vehtari, Gelman, Simpson,
//! Carpenter and Buerkner (2021, doi:10.1214/20-BA1221).
//!
//! Every chain is split in two. Draws are replaced by normal scores of their ranks, Phi^-1((r - 3/8) / (S + 1/4));
//! R-hat is the larger of that of the draws and that of their distances from the median. The effective sample size is
//! S / tau with tau from the autocorrelations over chains by Geyer's initial monotone sequence; *bulk* is that of the
//! normal scores, *tail* the smaller one of the indicators of the outer 5 % at either end.

use statrs::distribution::{ContinuousCDF, Normal};

/// Largest R-hat of chains that have converged.
pub const LARGEST_RHAT: f64 = 1.01;
/// Smallest effective sample size, of bulk and of tail, a chain.
pub const LEAST_ESS_A_CHAIN: f64 = 100.0;

/// What tells whether the draws of one number can be used.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Convergence {
    /// Rank-normalised split R-hat.
    pub rhat: f64,
    /// Effective sample size in the bulk.
    pub bulk: f64,
    /// Effective sample size in the tails.
    pub tail: f64,
}

impl Convergence {
    /// Of chains of one length, `chains[chain][draw]`. None where there is nothing to tell: too few draws, or all alike.
    pub fn of(chains: &[Vec<f64>]) -> Option<Self> {
        let half = chains.iter().map(Vec::len).min()? / 2;
        if half < 4 {
            return None;
        }
        let halves: Vec<&[f64]> = chains.iter().flat_map(|c| [&c[..half], &c[c.len() - half..]]).collect();
        let all: Vec<f64> = halves.concat();
        let mut sorted = all.clone();
        sorted.sort_by(f64::total_cmp);
        if sorted[0] == sorted[sorted.len() - 1] {
            return None;
        }
        let quantile = |p: f64| sorted[((p * sorted.len() as f64) as usize).min(sorted.len() - 1)];
        let split = |values: &[f64]| values.chunks(half).map(<[f64]>::to_vec).collect::<Vec<_>>();
        let scores = split(&normal_scores(&all));
        let median = quantile(0.5);
        let folded: Vec<f64> = all.iter().map(|x| (x - median).abs()).collect();
        let outer = |q: f64| {
            let indicators: Vec<f64> = all.iter().map(|x| f64::from(u8::from(*x <= q))).collect();
            effective_size(&split(&indicators))
        };
        Some(Self {
            rhat: rhat(&scores).max(rhat(&split(&normal_scores(&folded)))),
            bulk: effective_size(&scores),
            tail: outer(quantile(0.05)).min(outer(quantile(0.95))),
        })
    }

    /// True where the draws can be used.
    pub fn holds(&self, chains: usize) -> bool {
        let least = LEAST_ESS_A_CHAIN * chains as f64;
        self.rhat <= LARGEST_RHAT && self.bulk >= least && self.tail >= least
    }
}

/// Normal scores of ranks; equal values share the mean of their ranks.
fn normal_scores(values: &[f64]) -> Vec<f64> {
    let standard = Normal::standard();
    let mut order: Vec<usize> = (0..values.len()).collect();
    order.sort_by(|a, b| values[*a].total_cmp(&values[*b]).then(a.cmp(b)));
    let mut scores = vec![0.0; values.len()];
    let mut start = 0;
    while start < order.len() {
        let equal = order[start..].iter().take_while(|k| values[**k] == values[order[start]]).count();
        let rank = start as f64 + 0.5 * (equal as f64 + 1.0);
        let score = standard.inverse_cdf((rank - 0.375) / (values.len() as f64 + 0.25));
        order[start..start + equal].iter().for_each(|k| scores[*k] = score);
        start += equal;
    }
    scores
}

fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len() as f64
}

fn variance(values: &[f64]) -> f64 {
    let mean = mean(values);
    values.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / (values.len() as f64 - 1.0)
}

/// Mean variance within chains, and the variance that both estimate where chains agree.
fn variances(chains: &[Vec<f64>]) -> (f64, f64) {
    let n = chains[0].len() as f64;
    let within = mean(&chains.iter().map(|c| variance(c)).collect::<Vec<_>>());
    let between = variance(&chains.iter().map(|c| mean(c)).collect::<Vec<_>>());
    (within, (n - 1.0) / n * within + between)
}

fn rhat(chains: &[Vec<f64>]) -> f64 {
    let (within, total) = variances(chains);
    (total / within).sqrt()
}

/// S / tau, at most S log10 S.
fn effective_size(chains: &[Vec<f64>]) -> f64 {
    let n = chains[0].len();
    let draws = (n * chains.len()) as f64;
    let (within, total) = variances(chains);
    if total <= 0.0 {
        return draws;
    }
    let means: Vec<f64> = chains.iter().map(|c| mean(c)).collect();
    let autocovariance = |lag: usize| {
        let of = |(c, m): (&Vec<f64>, &f64)| {
            (0..n - lag).map(|t| (c[t] - m) * (c[t + lag] - m)).sum::<f64>() / n as f64
        };
        mean(&chains.iter().zip(&means).map(of).collect::<Vec<_>>())
    };
    let unbiased = n as f64 / (n as f64 - 1.0);
    let correlation = |lag: usize| 1.0 - (within - autocovariance(lag) * unbiased) / total;
    // Sums of pairs of autocorrelations are positive and fall, but for noise.
    let mut sum = 0.0;
    let mut least = f64::INFINITY;
    for pair in 0..n / 2 {
        let first = if pair == 0 { 1.0 } else { correlation(2 * pair) };
        let both = first + correlation(2 * pair + 1);
        if both <= 0.0 {
            break;
        }
        least = least.min(both);
        sum += least;
    }
    let tau = (2.0 * sum - 1.0).max(1.0 / draws.log10());
    draws / tau
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::{Stream, key};

    /// Chains x[t] = a x[t-1] + e[t] about a level.
    fn chains(a: f64, levels: &[f64], n: usize) -> Vec<Vec<f64>> {
        let chain = |(k, level): (usize, &f64)| {
            let mut stream = Stream::new(key(5, "chains", "test"), k as u64);
            let mut x = 0.0;
            (0..n)
                .map(|_| {
                    x = a * x + stream.normal_pair().0;
                    level + x
                })
                .collect()
        };
        levels.iter().enumerate().map(chain).collect()
    }

    /// An autoregressive chain of coefficient a is worth (1 - a) / (1 + a) independent draws each.
    #[test]
    fn the_effective_size_of_an_autoregression() {
        for a in [0.0, 0.5, 0.9] {
            let found = Convergence::of(&chains(a, &[0.0; 4], 20_000)).unwrap();
            let expected = 80_000.0 * (1.0 - a) / (1.0 + a);
            assert!((found.bulk / expected - 1.0).abs() < 0.1, "{a}: {} for {expected}", found.bulk);
            assert!(found.tail > 0.8 * expected, "{a}: {}", found.tail);
            assert!((found.rhat - 1.0).abs() < 0.003 && found.holds(4), "{a}: {}", found.rhat);
        }
    }

    /// Chains about different levels, or of different spread, have not converged.
    #[test]
    fn chains_that_disagree_are_told() {
        let apart = Convergence::of(&chains(0.0, &[0.0, 0.0, 0.0, 1.0], 1000)).unwrap();
        assert!(apart.rhat > 1.05 && !apart.holds(4), "{}", apart.rhat);
        let mut spread = chains(0.0, &[0.0; 4], 1000);
        spread[2].iter_mut().for_each(|x| *x *= 3.0);
        let spread = Convergence::of(&spread).unwrap();
        assert!(spread.rhat > 1.05, "{}", spread.rhat);
        assert_eq!(Convergence::of(&[vec![1.0; 100], vec![1.0; 100]]), None);
    }

    /// Two chains drift in opposite directions: the means agree, the halves do not.
    #[test]
    fn a_drift_is_told() {
        let mut drifting = chains(0.0, &[0.0; 2], 1000);
        for (k, chain) in drifting.iter_mut().enumerate() {
            let sign = if k == 0 { 1.0 } else { -1.0 };
            chain.iter_mut().enumerate().for_each(|(t, x)| *x += sign * 0.004 * (t as f64 - 500.0));
        }
        assert!(Convergence::of(&drifting).unwrap().rhat > 1.05);
    }
}
