//! Borgonovo's delta: how far the density of the response moves where a factor is known.

use rayon::prelude::*;

use super::kernel::{GRID, Grid, density};
use super::order;
use crate::explore::interval::{Interval, mean, multiplicities};

/// Delta of a factor.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Delta {
    /// 2 d - mean of the resamples' d, less biased (Plischke, Borgonovo and Smith 2013, eq. 30).
    pub corrected: Interval,
    /// d as estimated, biased upwards.
    pub uncorrected: f64,
}

/// Delta of `y` for each column of `x` (Borgonovo 2007, doi:10.1016/j.ress.2006.04.015), by classes of ranks
/// (Plischke, Borgonovo and Smith 2013, doi:10.1016/j.ejor.2012.11.047, eq. 26):
///
/// d = sum over classes m of n_m / (2 n) times the integral of |f(y) - f(y | m)|,
///
/// with M = min(ceil(n^(2 / (7 + tanh((1500 - n) / 500)))), 48) classes of equal size by rank of x, Gaussian kernel
/// densities with Silverman's bandwidth and trapezoids on 100 points over the range of y, as SALib has them. A class
/// in which y does not vary adds nothing. Rows are whole: failed ones are to be left out before. The resamples are
/// bootstraps of rows, the same for all factors; without them (0) the corrected value is the uncorrected one. A
/// response that does not vary gives zeros.
///
/// # Examples
/// ```
/// use boljam::explore::given::delta;
/// let x: Vec<f64> = (0..500).map(|i| f64::from(i) / 500.0).collect();
/// let noise: Vec<f64> = (0..500).map(|i| f64::from(i * 311 % 500)).collect();
/// let found = delta(&[x.clone(), noise], &x, 20, 0);
/// assert!(found[0].corrected.value > 0.6 && found[1].corrected.value < 0.2);
/// ```
pub fn delta(x: &[Vec<f64>], y: &[f64], resamples: usize, seed: u64) -> Vec<Delta> {
    let (low, high) = y.iter().fold((f64::INFINITY, f64::NEG_INFINITY), |(l, h), y| (l.min(*y), h.max(*y)));
    let sample = Sample {
        orders: x.iter().map(|x| order(x)).collect(),
        y,
        grid: Grid { low, step: (high - low) / (GRID - 1) as f64 },
        classes: classes(y.len()),
    };
    let main = sample.estimates(&vec![1; y.len()]);
    let drawn: Vec<Vec<f64>> = (0..resamples)
        .into_par_iter()
        .map(|b| sample.estimates(&multiplicities(y.len(), seed, "delta", b)))
        .collect();
    let one = |(factor, d): (usize, &f64)| {
        let corrected: Vec<f64> = drawn.iter().map(|drawn| 2.0 * d - drawn[factor]).collect();
        let corrected = match resamples {
            0 => Interval::without(*d),
            _ => Interval::normal(mean(&corrected), &corrected),
        };
        Delta { corrected, uncorrected: *d }
    };
    main.iter().enumerate().map(one).collect()
}

/// How many classes for so many rows.
fn classes(n: usize) -> usize {
    let n = n as f64;
    let exponent = 2.0 / (7.0 + ((1500.0 - n) / 500.0).tanh());
    n.powf(exponent).ceil().min(48.0) as usize
}

struct Sample<'a> {
    /// Rows in the order of each factor.
    orders: Vec<Vec<usize>>,
    y: &'a [f64],
    grid: Grid,
    classes: usize,
}

impl Sample<'_> {
    /// d of each factor with each row counted so many times.
    fn estimates(&self, weights: &[u32]) -> Vec<f64> {
        let rows: Vec<(f64, u32)> =
            self.y.iter().copied().zip(weights.iter().copied()).filter(|row| row.1 > 0).collect();
        match density(&rows, self.grid) {
            Some(all) => self.orders.iter().map(|order| self.estimate(order, weights, &all)).collect(),
            None => vec![0.0; self.orders.len()],
        }
    }

    fn estimate(&self, order: &[usize], weights: &[u32], all: &[f64; GRID]) -> f64 {
        let n = self.y.len();
        let width = n as f64 / self.classes as f64;
        let mut class: Vec<(f64, u32)> = Vec::new();
        let (mut number, mut rank, mut size) = (1, 0_usize, 0_u32);
        let mut sum = 0.0;
        let mut close = |class: &mut Vec<(f64, u32)>, size: &mut u32| {
            if let Some(within) = density(class, self.grid) {
                sum += f64::from(*size) / (2.0 * n as f64) * self.grid.distance(all, &within);
            }
            class.clear();
            *size = 0;
        };
        for row in order {
            let mut left = weights[*row];
            while left > 0 {
                // The last rank of a class is the whole part of its upper edge.
                let last = if number == self.classes { n } else { (width * number as f64) as usize };
                let taken = left.min((last - rank) as u32);
                if taken > 0 {
                    class.push((self.y[*row], taken));
                    rank += taken as usize;
                    size += taken;
                    left -= taken;
                }
                if rank == last && number < self.classes {
                    close(&mut class, &mut size);
                    number += 1;
                }
            }
        }
        close(&mut class, &mut size);
        sum
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_count_of_classes_is_that_of_the_paper() {
        // Plischke et al.: about n^(1/3) from thousands on, n^(1/4) below a thousand, 48 at most.
        assert_eq!([100, 500, 1500, 3000, 10_000, 1_000_000].map(classes), [4, 5, 9, 15, 22, 48]);
    }

    #[test]
    fn a_response_that_does_not_vary_gives_zeros() {
        let x: Vec<f64> = (0..100).map(f64::from).collect();
        let found = delta(&[x], &[2.0; 100], 10, 0);
        assert_eq!(
            (found[0].uncorrected, found[0].corrected.value, found[0].corrected.high),
            (0.0, 0.0, 0.0)
        );
    }
}
