//! Sobol indices from the responses to a Saltelli design.

use rayon::prelude::*;

use crate::explore::failed;
use crate::explore::interval::{Interval, multiplicities, variance};

/// The Sobol indices of a response.
#[derive(Debug, Clone, PartialEq)]
pub struct Indices {
    /// First-order index of each group: the share of the variance that it explains alone.
    pub first: Vec<Interval>,
    /// Total index of each group: the share that it has a part in.
    pub total: Vec<Interval>,
    /// Second-order indices of pairs j < k: what both explain together beyond what each does alone.
    pub second: Vec<(usize, usize, Interval)>,
    /// Rows whose response failed.
    pub failed: usize,
    /// Blocks of the design that are left out because a row of them failed.
    pub blocks_left_out: usize,
    /// Blocks that the indices rest on.
    pub blocks: usize,
}

/// Responses that are not those of such a design.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{rows} rows are not a design of blocks of {block} rows ({groups} groups{})", if *.second { ", second order" } else { "" })]
pub struct WrongLength {
    rows: usize,
    block: usize,
    groups: usize,
    second: bool,
}

/// Sobol indices of `y`, the responses to [`saltelli`](super::saltelli)'s design of so many groups, in its order.
///
/// With f(A), f(B), f(AB_j), f(BA_j) the responses of a block, standardised by mean and standard deviation of all
/// rows, means over the blocks and V the variance of f(A) and f(B) together:
///
/// - S1_j = mean(f(B) (f(AB_j) - f(A))) / V (Saltelli et al. 2010, doi:10.1016/j.cpc.2009.09.018, table 2 (b)),
/// - ST_j = mean((f(A) - f(AB_j))^2) / (2 V) (Jansen 1999, doi:10.1016/S0010-4655(98)00154-4; table 2 (f)),
/// - S2_jk = mean(f(BA_j) f(AB_k) - f(A) f(B)) / V - S1_j - S1_k (Saltelli 2002,
///   doi:10.1016/S0010-4655(02)00280-1).
///
/// Intervals come from `resamples` bootstraps of whole blocks (0: none). A block with a failed row (not a finite
/// number) is left out. A response that does not vary gives zeros.
///
/// # Errors
/// [`WrongLength`].
///
/// # Examples
/// ```
/// use boljam::explore::{factor::Group, sobol};
/// let single = |k: usize| Group { name: k.to_string(), members: vec![k] };
/// let points = sobol::saltelli(1024, &[single(0), single(1)], false, Some(0)).unwrap();
/// let y: Vec<f64> = points.rows().map(|x| 2.0 * x[0] + x[1]).collect();
/// let indices = sobol::indices(&y, 2, false, 100, 0)?;
/// assert!((indices.first[0].value - 0.8).abs() < 0.01);
/// # Ok::<(), sobol::indices::WrongLength>(())
/// ```
pub fn indices(
    y: &[f64],
    groups: usize,
    second_order: bool,
    resamples: usize,
    seed: u64,
) -> Result<Indices, WrongLength> {
    let block = if second_order { 2 * groups + 2 } else { groups + 2 };
    if y.is_empty() || !y.len().is_multiple_of(block) {
        return Err(WrongLength { rows: y.len(), block, groups, second: second_order });
    }
    let kept: Vec<f64> =
        y.chunks_exact(block).filter(|b| !b.iter().any(|y| failed(*y))).flatten().copied().collect();
    let terms = Terms::new(&kept, groups, second_order);
    let estimates = terms.estimates(None);
    let drawn: Vec<Vec<f64>> = (0..resamples)
        .into_par_iter()
        .map(|b| terms.estimates(Some(&multiplicities(terms.blocks, seed, "sobol", b))))
        .collect();
    let interval = |place: usize| {
        let of_resamples: Vec<f64> = drawn.iter().map(|d| d[place]).collect();
        match resamples {
            0 => Interval::without(estimates[place]),
            _ => Interval::normal(estimates[place], &of_resamples),
        }
    };
    let pairs = pairs(groups).filter(|_| second_order);
    Ok(Indices {
        first: (0..groups).map(interval).collect(),
        total: (groups..2 * groups).map(interval).collect(),
        second: pairs.enumerate().map(|(p, (j, k))| (j, k, interval(2 * groups + p))).collect(),
        failed: y.iter().filter(|y| failed(**y)).count(),
        blocks_left_out: y.len() / block - terms.blocks,
        blocks: terms.blocks,
    })
}

/// Pairs j < k in order.
fn pairs(groups: usize) -> impl Iterator<Item = (usize, usize)> {
    (0..groups).flat_map(move |j| (j + 1..groups).map(move |k| (j, k)))
}

/// What is summed over the blocks, a row a block: a resample is then one weighted sum of rows.
struct Terms {
    /// f(A) + f(B), f(A)^2 + f(B)^2, the terms of S1, of ST, of S2.
    rows: Vec<f64>,
    width: usize,
    blocks: usize,
    groups: usize,
    second_order: bool,
    constant: bool,
}

impl Terms {
    fn new(y: &[f64], groups: usize, second_order: bool) -> Self {
        let block = if second_order { 2 * groups + 2 } else { groups + 2 };
        let blocks = y.len() / block;
        let (variance, mean) = variance(y);
        let sd = variance.sqrt();
        let ends = || y.chunks_exact(block).flat_map(|b| [b[0], b[block - 1]]).map(|f| (f - mean) / sd);
        let (low, high) =
            ends().fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), f| (low.min(f), high.max(f)));
        // Written so that no blocks at all and a deviation of zero count as well.
        let varies = high - low > f64::EPSILON;
        let width = 2 + 2 * groups + if second_order { groups * groups.saturating_sub(1) / 2 } else { 0 };
        let mut rows = Vec::with_capacity(blocks * width);
        let mut f = vec![0.0; block];
        for values in y.chunks_exact(block) {
            for (f, value) in f.iter_mut().zip(values) {
                *f = (value - mean) / sd;
            }
            let (a, b) = (f[0], f[block - 1]);
            let (ab, ba) = f[1..block - 1].split_at(groups);
            rows.extend([a + b, a * a + b * b]);
            rows.extend(ab.iter().map(|ab| b * (ab - a)));
            rows.extend(ab.iter().map(|ab| (a - ab) * (a - ab)));
            if second_order {
                rows.extend(pairs(groups).map(|(j, k)| ba[j] * ab[k] - a * b));
            }
        }
        Self { rows, width, blocks, groups, second_order, constant: !varies }
    }

    /// S1, ST and S2 with each block counted so many times (once without weights).
    fn estimates(&self, weights: Option<&[u32]>) -> Vec<f64> {
        let groups = self.groups;
        let mut sums = vec![0.0; self.width];
        for (block, row) in self.rows.chunks_exact(self.width).enumerate() {
            let weight = weights.map_or(1.0, |w| f64::from(w[block]));
            if weight > 0.0 {
                sums.iter_mut().zip(row).for_each(|(sum, term)| *sum += weight * term);
            }
        }
        let n = self.blocks as f64;
        let mean = sums[0] / (2.0 * n);
        let variance = sums[1] / (2.0 * n) - mean * mean;
        if self.constant || variance.is_nan() || variance <= f64::EPSILON {
            return vec![0.0; self.width - 2];
        }
        let mut estimates: Vec<f64> = sums[2..].iter().map(|sum| sum / n / variance).collect();
        estimates[groups..2 * groups].iter_mut().for_each(|total| *total *= 0.5);
        if self.second_order {
            for (p, (j, k)) in pairs(groups).enumerate() {
                estimates[2 * groups + p] -= estimates[j] + estimates[k];
            }
        }
        estimates
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_response_that_does_not_vary_gives_zeros() {
        for y in [vec![3.5; 80], vec![0.1; 80]] {
            let found = indices(&y, 3, true, 20, 0).unwrap();
            assert!(found.first.iter().chain(&found.total).all(|i| i.value == 0.0 && i.low == 0.0));
            assert!(found.second.iter().all(|(_, _, i)| i.value == 0.0 && i.high == 0.0));
        }
    }

    #[test]
    fn failed_rows_are_counted_and_their_blocks_left_out() {
        let mut y: Vec<f64> = (0..500).map(|i| f64::from(i * i % 37)).collect();
        let clean = indices(&y[5..], 3, false, 0, 0).unwrap();
        y[2] = f64::NAN;
        y[4] = f64::INFINITY;
        let found = indices(&y, 3, false, 0, 0).unwrap();
        assert_eq!((found.failed, found.blocks_left_out, found.blocks), (2, 1, 99));
        assert_eq!(found.first[1].value, clean.first[1].value);
        let all = indices(&[f64::NAN; 10], 3, false, 10, 0).unwrap();
        assert_eq!((all.failed, all.blocks, all.first[0].value), (10, 0, 0.0));
    }

    #[test]
    fn a_design_of_another_size_is_refused() {
        let error = indices(&[0.0; 11], 3, false, 0, 0).unwrap_err();
        assert_eq!(error.to_string(), "11 rows are not a design of blocks of 5 rows (3 groups)");
    }
}
