//! How far a share of runs can be trusted: one interval, valid for every number of runs.

use statrs::function::gamma::ln_gamma;

/// Chance of missing on each side: 95 % in all.
pub(super) const TAIL: f64 = 0.025;
/// 97.5 % quantile of the normal law.
pub(super) const Z: f64 = 1.959_963_984_540_054;
/// Shares of the lead count in parts of a run, and their sum is a float: less than any such part, more than rounding.
const ROUNDING: f64 = 1e-4;
/// Newton steps; four or five are enough from the start below.
const STEPS: usize = 60;

/// The interval of Clopper and Pearson (1934, Biometrika 26, 404) for a share of `runs` independent runs: whatever
/// the true share is, at least 95 of 100 seeds give an interval that holds it.
///
/// A run counts as 0 or 1, or as a part where a lead is shared or two futures tie. The sum of parts is rounded away
/// from each end before it is taken for a count: down for the lower end, up for the upper one. A sum of values
/// between 0 and 1 spreads less than a count with the same mean, so that its tails beyond the rounded value are no
/// heavier; the tests verify it by enumeration for halves and for the parts of four candidates. With 10,000 runs
/// the rounding widens the interval by less than 0.01 points.
///
/// # Examples
/// ```
/// use boljam::analyse::share_interval;
/// let (low, high) = share_interval(1.0, 20);
/// assert!((low - 0.025_f64.powf(1.0 / 20.0)).abs() < 1e-12 && high == 1.0);
/// assert_eq!(share_interval(0.5, 0), (0.0, 1.0));
/// ```
pub fn share_interval(share: f64, runs: u64) -> (f64, f64) {
    let n = runs as f64;
    let whole = |sum: f64| (sum + ROUNDING).floor().clamp(0.0, n);
    (lower(whole(share * n), n), 1.0 - lower(whole(n - share * n), n))
}

/// The p at which k or more of n come with probability [`TAIL`]; 0 for k = 0.
///
/// Newton's method for ln P(X >= k) as a function of ln p, whose slope is k P(X = k) / P(X >= k). The function is
/// concave, so that the steps come from below after the first and cannot run away.
fn lower(k: f64, n: f64) -> f64 {
    if k <= 0.0 {
        return 0.0;
    }
    let choose = ln_gamma(n + 1.0) - ln_gamma(k + 1.0) - ln_gamma(n - k + 1.0);
    // Wilson's lower end (1927) is near by.
    let middle = k + 0.5 * Z * Z;
    let mut p = (middle - Z * (k * (n - k) / n + 0.25 * Z * Z).sqrt()) / (n + Z * Z);
    for _ in 0..STEPS {
        let tail_over_first = tail_over_first(k, n, p);
        let rest = if n > k { (n - k) * (-p).ln_1p() } else { 0.0 };
        let ln_tail = choose + k * p.ln() + rest + tail_over_first.ln();
        let step = (TAIL.ln() - ln_tail) * tail_over_first / k;
        p = (p * step.exp()).min(1.0 - f64::EPSILON);
        if step.abs() < 1e-13 {
            break;
        }
    }
    p
}

/// P(X >= k) / P(X = k): 1 + r(k) + r(k) r(k + 1) + .., r(j) = (n - j) / (j + 1) p / (1 - p).
fn tail_over_first(k: f64, n: f64, p: f64) -> f64 {
    let odds = p / (1.0 - p);
    let (mut sum, mut term, mut j) = (1.0, 1.0, k);
    while j < n {
        term *= (n - j) / (j + 1.0) * odds;
        sum += term;
        j += 1.0;
        if term < 1e-17 * sum {
            break;
        }
    }
    sum
}

#[cfg(test)]
mod tests {
    use super::*;
    use statrs::distribution::{Binomial, DiscreteCDF};

    /// Law of the sum of n runs, each of which counts `parts` units with the probabilities given.
    fn sums(parts: &[(usize, f64)], n: usize) -> Vec<f64> {
        let largest = parts.iter().map(|p| p.0).max().unwrap();
        let mut law = vec![1.0];
        for _ in 0..n {
            let mut next = vec![0.0; law.len() + largest];
            for (units, p) in parts.iter().filter(|part| part.1 > 0.0) {
                for (k, weight) in law.iter().enumerate() {
                    next[k + units] += weight * p;
                }
            }
            law = next;
        }
        law
    }

    /// Probability that the interval holds the mean: by enumeration, `unit` units to the run.
    fn coverage(parts: &[(usize, f64)], n: usize, unit: usize, intervals: &[(f64, f64)]) -> f64 {
        let mean = parts.iter().map(|(units, p)| *units as f64 * p).sum::<f64>() / unit as f64;
        let held = sums(parts, n);
        let held = held.iter().zip(intervals).filter(|(_, (low, high))| {
            // On the bound itself the mean counts as held.
            *low <= mean + 1e-12 && mean <= high + 1e-12
        });
        held.map(|(p, _)| p).sum()
    }

    /// Intervals of every sum of n runs in parts of a run.
    fn intervals(n: usize, unit: usize) -> Vec<(f64, f64)> {
        (0..=n * unit).map(|s| share_interval(s as f64 / (n * unit) as f64, n as u64)).collect()
    }

    #[test]
    fn the_ends_are_those_of_the_binomial_law() {
        for (k, n) in [(1, 2), (3, 20), (17, 20), (150, 200), (9_999, 10_000), (31, 10_000)] {
            let (low, high) = share_interval(k as f64 / n as f64, n);
            let at = |p: f64| Binomial::new(p, n).unwrap();
            assert!((at(low).sf(k - 1) / TAIL - 1.0).abs() < 1e-8, "{k} of {n}: {low}");
            assert!((at(high).cdf(k) / TAIL - 1.0).abs() < 1e-8, "{k} of {n}: {high}");
        }
        // In closed form: all of n.
        for n in [1_u64, 2, 200, 10_000, 10_000_000] {
            let (low, high) = share_interval(1.0, n);
            assert!((low - TAIL.powf(1.0 / n as f64)).abs() < 1e-12 && high == 1.0, "{n}");
            let (low, high) = share_interval(0.0, n);
            assert!(low == 0.0 && (high - (1.0 - TAIL.powf(1.0 / n as f64))).abs() < 1e-12, "{n}");
        }
    }

    #[test]
    fn shares_of_0_and_1_are_held_in_95_of_100_for_every_p() {
        for n in [1, 2, 3, 20, 200] {
            let intervals = intervals(n, 1);
            for k in 0..=2000 {
                let p = k as f64 / 2000.0;
                let held = coverage(&[(0, 1.0 - p), (1, p)], n, 1, &intervals);
                assert!(held >= 0.95, "n {n}, p {p}: {held}");
            }
        }
    }

    #[test]
    fn shares_with_halves_are_held_in_95_of_100_whatever_is_tied() {
        for (n, steps) in [(2, 100), (20, 50), (200, 25)] {
            let intervals = intervals(n, 2);
            for one in 0..=steps {
                for half in 0..=steps - one {
                    let [p, q] = [one, half].map(|k| k as f64 / steps as f64);
                    let held = coverage(&[(0, 1.0 - p - q), (1, q), (2, p)], n, 2, &intervals);
                    assert!(held >= 0.95, "n {n}, 1 with {p}, 1/2 with {q}: {held}");
                }
            }
        }
    }

    #[test]
    fn shares_of_a_lead_among_four_are_held_in_95_of_100() {
        // Twelfths: a lead alone, or shared by two, three or four.
        type Add<'a> = dyn FnMut(&[(usize, f64)]) + 'a;
        let laws = |steps: usize, add: &mut Add<'_>| {
            for a in 0..=steps {
                for b in 0..=steps - a {
                    for c in 0..=steps - a - b {
                        for d in 0..=steps - a - b - c {
                            let p = |k: usize| k as f64 / steps as f64;
                            let none = steps - a - b - c - d;
                            add(&[(0, p(none)), (3, p(a)), (4, p(b)), (6, p(c)), (12, p(d))]);
                        }
                    }
                }
            }
        };
        for (n, steps) in [(2, 12), (20, 8)] {
            let intervals = intervals(n, 12);
            laws(steps, &mut |law| {
                let held = coverage(law, n, 12, &intervals);
                assert!(held >= 0.95, "n {n}, {law:?}: {held}");
            });
        }
        // Two values each, the laws that spread most for their mean, on a finer grid.
        for n in [20, 200] {
            let intervals = intervals(n, 12);
            for (low, high) in [(0, 3), (0, 4), (0, 6), (3, 12), (4, 12), (6, 12), (3, 4), (4, 6)] {
                for k in 0..=40 {
                    let p = k as f64 / 40.0;
                    let held = coverage(&[(low, 1.0 - p), (high, p)], n, 12, &intervals);
                    assert!(held >= 0.95, "n {n}, {high}/12 with {p}, else {low}/12: {held}");
                }
            }
        }
    }

    #[test]
    fn more_successes_never_lower_an_end() {
        for n in [2, 20, 200] {
            let ends = intervals(n, 12);
            assert!(ends.windows(2).all(|w| w[0].0 <= w[1].0 && w[0].1 <= w[1].1), "{n}");
        }
    }

    #[test]
    fn many_runs_are_not_widened() {
        // Half-width over that of the normal law.
        for share in [0.5, 0.1, 0.9123] {
            let (low, high) = share_interval(share, 10_000);
            let normal = 2.0 * Z * (share * (1.0 - share) / 10_000_f64).sqrt();
            assert!((high - low) / normal < 1.025, "{share}: {}", (high - low) / normal);
        }
    }
}
