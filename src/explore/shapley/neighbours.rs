//! Conditional variances at a row, from its nearest neighbours.

use crate::explore::given::order;

/// Ranks of a column over its length; equal values have the mean of their ranks.
pub(super) fn ranks(x: &[f64]) -> Vec<f64> {
    let by_x = order(x);
    let mut ranks = vec![0.0; x.len()];
    let mut start = 0;
    while start < by_x.len() {
        let end = (start..by_x.len()).find(|k| x[by_x[*k]] != x[by_x[start]]).unwrap_or(by_x.len());
        for row in &by_x[start..end] {
            ranks[*row] = (start + end) as f64 / 2.0 / x.len() as f64;
        }
        start = end;
    }
    ranks
}

/// A row, and the squared distances of the others from it in each factor.
pub(super) struct Local<'a> {
    /// A row a factor; the centre first, then those after it and round.
    squares: Vec<Vec<f64>>,
    y: &'a [f64],
    centre: usize,
}

impl<'a> Local<'a> {
    pub(super) fn new(ranks: &[Vec<f64>], y: &'a [f64], centre: usize) -> Self {
        let squares = |ranks: &Vec<f64>| {
            let from = ranks[centre];
            let around = ranks[centre..].iter().chain(&ranks[..centre]);
            around.map(|rank| (rank - from) * (rank - from)).collect()
        };
        Self { squares: ranks.iter().map(squares).collect(), y, centre }
    }

    pub(super) fn rows(&self) -> usize {
        self.y.len()
    }

    /// Adds the squared distances in a factor.
    pub(super) fn add(&self, factor: usize, distances: &mut [f64]) {
        distances.iter_mut().zip(&self.squares[factor]).for_each(|(sum, square)| *sum += square);
    }

    /// Variance (with n - 1) of y over the centre and its two nearest, given the squared distances.
    pub(super) fn variance(&self, distances: &[f64]) -> f64 {
        let mut nearest = [(f64::INFINITY, 0), (f64::INFINITY, 0)];
        for (place, distance) in distances.iter().enumerate().skip(1) {
            if *distance < nearest[1].0 {
                nearest[1] = (*distance, place);
                if nearest[1].0 < nearest[0].0 {
                    nearest.swap(0, 1);
                }
            }
        }
        let y = |place: usize| self.y[(self.centre + place) % self.y.len()];
        let near: Vec<f64> =
            std::iter::once(0).chain(nearest.iter().filter(|n| n.1 > 0).map(|n| n.1)).map(y).collect();
        let mean = near.iter().sum::<f64>() / near.len() as f64;
        near.iter().map(|y| (y - mean) * (y - mean)).sum::<f64>() / (near.len() - 1) as f64
    }

    /// Variances of all subsets that add factors from `next` on to this one, whose squared distances are given.
    pub(super) fn descend(&self, next: usize, subset: usize, distances: &[f64], variances: &mut [f64]) {
        for factor in next..self.squares.len() {
            let mut farther = distances.to_vec();
            self.add(factor, &mut farther);
            let with = subset | 1 << factor;
            variances[with] = self.variance(&farther);
            self.descend(factor + 1, with, &farther, variances);
        }
    }
}
