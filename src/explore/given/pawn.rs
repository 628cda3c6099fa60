//! PAWN: how far the distribution of the response moves where a factor is held in a slice of its range.

use rayon::prelude::*;

use super::{Weighted, order};
use crate::explore::interval::{Interval, multiplicities};

/// The Kolmogorov-Smirnov distances of a factor's slices, summed up; the median is the usual index.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Pawn {
    /// Smallest distance.
    pub minimum: f64,
    /// Mean distance.
    pub mean: f64,
    /// Median distance.
    pub median: Interval,
    /// Largest distance.
    pub maximum: Interval,
    /// Standard deviation over the mean; 0 where the mean is.
    pub cv: f64,
    /// Standard deviation (with n).
    pub sd: f64,
}

/// PAWN indices of `y` for each column of `x` (Pianosi and Wagener 2018, doi:10.1016/j.envsoft.2018.07.019).
///
/// The range of a factor is cut at its quantiles i / slices, i = 0 .. slices (linear between order statistics); slice
/// i holds values from quantile i to below quantile i + 1. The distance of a slice is max over y of
/// |F(y | slice) - F(y)|. Empty slices do not count. Rows are whole: failed ones are to be left out before.
/// Intervals are from `resamples` bootstraps of rows (0: none).
///
/// # Examples
/// ```
/// use boljam::explore::given::pawn;
/// let x: Vec<f64> = (0..1000).map(|i| f64::from(i) / 1000.0).collect();
/// let noise: Vec<f64> = (0..1000).map(|i| f64::from(i * 619 % 1000)).collect();
/// let found = pawn(&[x.clone(), noise], &x, 10, 0, 0);
/// assert!(found[0].median.value > 0.5 && found[1].median.value < 0.2);
/// ```
pub fn pawn(x: &[Vec<f64>], y: &[f64], slices: usize, resamples: usize, seed: u64) -> Vec<Pawn> {
    let by_y = order(y);
    let columns: Vec<_> = x.iter().map(|x| (x, order(x))).collect();
    let of = |weights: &[u32]| -> Vec<Vec<f64>> {
        let rows = Weighted { weights };
        columns.iter().map(|(x, by_x)| distances(&rows, x, by_x, y, &by_y, slices)).collect()
    };
    let main = of(&vec![1; y.len()]);
    let drawn: Vec<Vec<[f64; 2]>> = (0..resamples)
        .into_par_iter()
        .map(|b| {
            let distances = of(&multiplicities(y.len(), seed, "pawn", b));
            distances.iter().map(|d| [median(d), d.iter().fold(0.0, |a: f64, b| a.max(*b))]).collect()
        })
        .collect();
    let sum_up = |(factor, distances): (usize, &Vec<f64>)| {
        let interval = |value: f64, what: usize| match resamples {
            0 => Interval::without(value),
            _ => Interval::normal(value, &drawn.iter().map(|d| d[factor][what]).collect::<Vec<_>>()),
        };
        let n = distances.len().max(1) as f64;
        let mean = distances.iter().sum::<f64>() / n;
        let sd = (distances.iter().map(|d| (d - mean) * (d - mean)).sum::<f64>() / n).sqrt();
        let maximum = distances.iter().fold(0.0, |a: f64, b| a.max(*b));
        Pawn {
            minimum: distances.iter().fold(maximum, |a, b| a.min(*b)),
            mean,
            median: interval(median(distances), 0),
            maximum: interval(maximum, 1),
            cv: if mean > 0.0 { sd / mean } else { 0.0 },
            sd,
        }
    };
    main.iter().enumerate().map(sum_up).collect()
}

/// The distance of each slice that is not empty.
fn distances(
    rows: &Weighted,
    x: &[f64],
    by_x: &[usize],
    y: &[f64],
    by_y: &[usize],
    slices: usize,
) -> Vec<f64> {
    let step = 1.0 / slices as f64;
    let edges: Vec<f64> = (0..=slices).map(|i| rows.quantile(x, by_x, i as f64 * step)).collect();
    // The slice of each row; one beyond the last for those in none, as the largest value.
    let mut slice_of = vec![slices; x.len()];
    let mut sizes = vec![0_u32; slices + 1];
    let mut slice = 0;
    for row in by_x.iter().copied().filter(|row| rows.weights[*row] > 0) {
        while slice < slices && x[row] >= edges[slice + 1] {
            slice += 1;
        }
        slice_of[row] = slice;
        sizes[slice] += rows.weights[row];
    }
    let shares: Vec<f64> = sizes.iter().map(|size| 1.0 / f64::from(*size)).collect();
    let all = 1.0 / f64::from(rows.weights.iter().sum::<u32>());
    let mut below = vec![0_u32; slices + 1];
    let mut largest = vec![0.0_f64; slices];
    let mut below_all = 0;
    for (place, row) in by_y.iter().enumerate() {
        below[slice_of[*row]] += rows.weights[*row];
        below_all += rows.weights[*row];
        let tied = by_y.get(place + 1).is_some_and(|next| y[*next] == y[*row]);
        if tied {
            continue;
        }
        let f = f64::from(below_all) * all;
        for ((largest, below), share) in largest.iter_mut().zip(&below).zip(&shares) {
            *largest = largest.max((f64::from(*below) * share - f).abs());
        }
    }
    largest.into_iter().zip(sizes).filter(|(_, size)| *size > 0).map(|(distance, _)| distance).collect()
}

fn median(x: &[f64]) -> f64 {
    let mut x = x.to_vec();
    x.sort_unstable_by(f64::total_cmp);
    match x.len() {
        0 => 0.0,
        n if n % 2 == 1 => x[n / 2],
        n => f64::midpoint(x[n / 2 - 1], x[n / 2]),
    }
}
