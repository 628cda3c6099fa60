//! Regional sensitivity: factors whose values differ where the response behaves and where it does not.

use rayon::prelude::*;

use super::order;
use crate::explore::interval::{Interval, multiplicities};

/// How far the two distributions of a factor lie apart.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Regional {
    /// Kolmogorov-Smirnov distance, 0 to 1.
    pub distance: Interval,
    /// Probability of such a distance if the factor did not matter.
    pub p: f64,
}

/// Regional sensitivity of each column of `x` (Hornberger and Spear 1981; Saltelli et al. 2008, The Primer, chapter 5):
/// rows are split into those that behave and those that do not, and d = max over x of |F(x | behaves) - F(x | not)|.
/// The p-value is that of Kolmogorov's limit, with Stephens's correction for small samples (1970).
///
/// Rows are whole: failed ones are to be left out before. Intervals are from bootstraps of rows. Where all or none
/// behave, d is 0 and p is 1.
///
/// # Examples
/// ```
/// use boljam::explore::given::regional;
/// let x: Vec<f64> = (0..200).map(f64::from).collect();
/// let behaves: Vec<bool> = x.iter().map(|x| *x >= 150.0).collect();
/// assert_eq!(regional(&[x], &behaves, 0, 0)[0].distance.value, 1.0);
/// ```
pub fn regional(x: &[Vec<f64>], behaves: &[bool], resamples: usize, seed: u64) -> Vec<Regional> {
    let columns: Vec<_> = x.iter().map(|x| (x, order(x))).collect();
    let of = |weights: &[u32]| -> Vec<f64> {
        columns.iter().map(|(x, by_x)| distance(x, by_x, behaves, weights)).collect()
    };
    let main = of(&vec![1; behaves.len()]);
    let drawn: Vec<Vec<f64>> = (0..resamples)
        .into_par_iter()
        .map(|b| of(&multiplicities(behaves.len(), seed, "regional", b)))
        .collect();
    let inside = behaves.iter().filter(|b| **b).count() as f64;
    let outside = behaves.len() as f64 - inside;
    let one = |(factor, d): (usize, &f64)| Regional {
        distance: if resamples == 0 {
            Interval::without(*d)
        } else {
            let drawn: Vec<f64> = drawn.iter().map(|drawn| drawn[factor]).collect();
            // A distance lies between 0 and 1, and so does its interval.
            let Interval { value, low, high } = Interval::normal(*d, &drawn);
            Interval { value, low: low.max(0.0), high: high.min(1.0) }
        },
        p: kolmogorov(*d, inside * outside / (inside + outside)),
    };
    main.iter().enumerate().map(one).collect()
}

fn distance(x: &[f64], by_x: &[usize], behaves: &[bool], weights: &[u32]) -> f64 {
    let mut sizes = [0_u32; 2];
    (0..x.len()).for_each(|row| sizes[usize::from(behaves[row])] += weights[row]);
    if sizes.contains(&0) {
        return 0.0;
    }
    let mut below = [0_u32; 2];
    let mut largest = 0.0_f64;
    for (place, row) in by_x.iter().enumerate() {
        below[usize::from(behaves[*row])] += weights[*row];
        if by_x.get(place + 1).is_none_or(|next| x[*next] != x[*row]) {
            let f = [0, 1].map(|k| f64::from(below[k]) / f64::from(sizes[k]));
            largest = largest.max((f[1] - f[0]).abs());
        }
    }
    largest
}

/// Probability that Kolmogorov's statistic is beyond d, for n the harmonic half mean of the two sizes.
fn kolmogorov(d: f64, n: f64) -> f64 {
    let lambda = (n.sqrt() + 0.12 + 0.11 / n.sqrt()) * d;
    // Below this the sum below has not converged, and the probability is 1 to twelve digits.
    if lambda.is_nan() || lambda < 0.2 {
        return 1.0;
    }
    let term = |k: i32| (-2.0 * (f64::from(k) * lambda).powi(2)).exp() * if k % 2 == 1 { 1.0 } else { -1.0 };
    (2.0 * (1..100).map(term).sum::<f64>()).clamp(0.0, 1.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantiles_of_kolmogorov_are_those_of_the_tables() {
        // Smirnov 1948: 10 %, 5 %, 1 %; half a unit of the last place of lambda is 2.5e-5 in p at most.
        for (lambda, p) in [(1.2238, 0.1), (1.3581, 0.05), (1.6276, 0.01)] {
            let n = 1e12_f64;
            assert!((kolmogorov(lambda / n.sqrt(), n) - p).abs() < 3e-5);
        }
    }

    #[test]
    fn distances_count_ties_once() {
        let x = vec![1.0, 1.0, 2.0, 2.0];
        let found = regional(std::slice::from_ref(&x), &[true, false, true, false], 0, 0);
        assert_eq!((found[0].distance.value, found[0].p), (0.0, 1.0));
        let found = regional(&[x], &[true, true, true, false], 50, 0);
        assert!((found[0].distance.value - 2.0 / 3.0).abs() < 1e-12);
        assert_eq!(regional(&[vec![1.0, 2.0]], &[true, true], 5, 0)[0].distance.value, 0.0);
    }
}
