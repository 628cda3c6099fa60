//! Tails: value at risk and expected shortfall of a quantity in the last year, with their errors.
//!
//! With the worse side down (else the sign is turned), F the law of X over runs and q its quantile of the level a,
//!
//! ```text
//! VaR = q,   ES = E[X | X <= q] = (1/a) integral from 0 to a of the quantile function
//! ES of n runs: mean of the worst n a runs, the last of them in part
//! mcse(ES) = sd of (q + min(X - q, 0)/a) / sqrt(n)        the influence function (Acerbi and Tasche 2002)
//! ```
//!
//! The interval of VaR is that of order statistics, of the ranks n a -+ 1.96 sqrt(n a (1 - a)).

use crate::analyse::Estimate;

/// Levels that are told.
pub const LEVELS: [f64; 2] = [0.05, 0.01];
/// Runs of which single values are held, at most: memory does not grow with more.
pub(super) const HELD: u64 = 16_384;
/// Worst runs that are named, at most.
const NAMED: usize = 20;

/// The tail of a quantity in one town and scenario, the last year.
#[derive(Debug, Clone, PartialEq)]
pub struct Tail {
    /// Level of each, as in [`LEVELS`]: value at risk and expected shortfall, without and with the stress.
    pub levels: Vec<TailLevel>,
    /// The worst one per cent of the runs with the stress, the worst first: (run, value without, value with).
    pub worst: Vec<(u64, f64, f64)>,
}

/// A level of a tail: without the stress, with it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TailLevel {
    /// The level.
    pub level: f64,
    /// Value at risk.
    pub value_at_risk: [Estimate; 2],
    /// Expected shortfall.
    pub shortfall: [Estimate; 2],
}

/// The tail of runs 0, 1, ..: (without, with) each; `sign` is 1 where less is worse, -1 where more is.
pub(super) fn tail(runs: &[(f64, f64)], sign: f64) -> Tail {
    let side = |with: usize| -> Vec<f64> {
        let of = |run: &(f64, f64)| sign * if with == 0 { run.0 } else { run.1 };
        let mut values: Vec<f64> = runs.iter().map(of).filter(|x| x.is_finite()).collect();
        values.sort_by(f64::total_cmp);
        values
    };
    let sides = [side(0), side(1)];
    let level = |level: f64| TailLevel {
        level,
        value_at_risk: [0, 1].map(|with| value_at_risk(&sides[with], level, sign)),
        shortfall: [0, 1].map(|with| shortfall(&sides[with], level, sign)),
    };
    let mut order: Vec<usize> = (0..runs.len()).filter(|run| runs[*run].1.is_finite()).collect();
    order.sort_by(|a, b| (sign * runs[*a].1).total_cmp(&(sign * runs[*b].1)).then(a.cmp(b)));
    order.truncate(runs.len().div_ceil(100).min(NAMED));
    Tail {
        levels: LEVELS.map(level).to_vec(),
        worst: order.into_iter().map(|run| (run as u64, runs[run].0, runs[run].1)).collect(),
    }
}

/// The value at a rank from 1 of sorted values.
fn at(sorted: &[f64], rank: f64) -> f64 {
    let place = (rank.max(1.0) as usize).min(sorted.len());
    sorted.get(place.saturating_sub(1)).copied().unwrap_or(f64::NAN)
}

fn value_at_risk(sorted: &[f64], level: f64, sign: f64) -> Estimate {
    let n = sorted.len() as f64;
    let half = 1.96 * (n * level * (1.0 - level)).sqrt();
    let q = at(sorted, (n * level).ceil());
    let (a, b) = (at(sorted, (n * level - half).floor()), at(sorted, (n * level + half).ceil() + 1.0));
    let ends = if sign < 0.0 { (-b, -a) } else { (a, b) };
    Estimate { ends: Some(ends), ..Estimate::new(sign * q, (b - a) / (2.0 * 1.96)) }
}

fn shortfall(sorted: &[f64], level: f64, sign: f64) -> Estimate {
    let n = sorted.len() as f64;
    if sorted.is_empty() {
        return Estimate::new(f64::NAN, f64::NAN);
    }
    let q = at(sorted, (n * level).ceil());
    // The mean of q + min(X - q, 0)/a is the shortfall itself.
    let influence = |x: &f64| q + (x - q).min(0.0) / level;
    let mean = sorted.iter().map(influence).sum::<f64>() / n;
    let variance = sorted.iter().map(|x| (influence(x) - mean).powi(2)).sum::<f64>() / (n - 1.0);
    Estimate::mean(sign * mean, variance.sqrt(), sorted.len() as u64)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::{Stream, key};
    use statrs::distribution::{ContinuousCDF, Normal};

    /// Of a lognormal: VaR = exp(m + s z), ES = exp(m + s^2/2) Phi(z - s)/a, z the normal quantile of a.
    #[test]
    fn the_tail_of_a_lognormal_is_that_of_the_closed_form() {
        let (m, s) = (1.0, 0.4);
        let mut stream = Stream::new(key(5, "tail", "test"), 0);
        let runs: Vec<(f64, f64)> = (0..16_384)
            .map(|_| {
                let (a, b) = stream.normal_pair();
                ((m + s * a).exp(), (m + s * b).exp())
            })
            .collect();
        let normal = Normal::new(0.0, 1.0).unwrap();
        for (tail, upper) in [(tail(&runs, 1.0), false), (tail(&runs, -1.0), true)] {
            for of in &tail.levels {
                let z = normal.inverse_cdf(of.level);
                let (var, es) = if upper {
                    // The upper tail: exp(m + s^2/2) Phi(s + z)/a.
                    ((m - s * z).exp(), (m + s * s / 2.0).exp() * normal.cdf(s + z) / of.level)
                } else {
                    ((m + s * z).exp(), (m + s * s / 2.0).exp() * normal.cdf(z - s) / of.level)
                };
                for with in 0..2 {
                    let (found, short) = (of.value_at_risk[with], of.shortfall[with]);
                    assert!((found.value - var).abs() < 4.5 * found.mcse, "{found:?} for {var}");
                    assert!((short.value - es).abs() < 4.5 * short.mcse, "{short:?} for {es}");
                    assert!(short.mcse < 0.05 * es, "{short:?}");
                }
            }
            assert_eq!(tail.worst.len(), 20);
        }
    }

    /// The shortfall of few runs, by hand; and its worst run.
    #[test]
    fn few_runs_have_the_tail_that_is_counted_by_hand() {
        let runs: Vec<(f64, f64)> = (1..=100).map(|k| (f64::from(k), f64::from(k) - 0.5)).collect();
        let found = tail(&runs, 1.0);
        assert_eq!(found.levels[0].value_at_risk[0].value, 5.0);
        assert!((found.levels[0].shortfall[0].value - 3.0).abs() < 1e-12);
        assert!((found.levels[0].shortfall[1].value - 2.5).abs() < 1e-12);
        assert_eq!(found.worst, [(0, 1.0, 0.5)]);
    }
}
