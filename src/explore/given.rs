//! Sensitivity from given data: any sample of factors and responses, such as a Latin hypercube or kept runs.

pub mod delta;
mod kernel;
pub mod pawn;
pub mod regional;

pub use delta::{Delta, delta};
pub use pawn::{Pawn, pawn};
pub use regional::{Regional, regional};

/// Rows counted so many times each: a sample, or a resample of it.
struct Weighted<'a> {
    weights: &'a [u32],
}

impl Weighted<'_> {
    /// The quantile of a column, linear between the order statistics around (n - 1) q.
    fn quantile(&self, x: &[f64], by_x: &[usize], q: f64) -> f64 {
        let n: u32 = self.weights.iter().sum();
        if n == 0 {
            return f64::NAN;
        }
        let place = (q * f64::from(n - 1)).clamp(0.0, f64::from(n - 1));
        let (low, high) = (self.nth(x, by_x, place.floor() as u32), self.nth(x, by_x, place.ceil() as u32));
        let t = place - place.floor();
        // From the nearer end, as NumPy does, so that the same bits come out.
        if t < 0.5 { low + (high - low) * t } else { high - (high - low) * (1.0 - t) }
    }

    /// The order statistic with this number, from 0.
    fn nth(&self, x: &[f64], by_x: &[usize], number: u32) -> f64 {
        let mut seen = 0;
        let found = by_x.iter().find(|row| {
            seen += self.weights[**row];
            seen > number
        });
        found.map_or(f64::NAN, |row| x[*row])
    }
}

/// Places of values in ascending order; equal ones in the order of their places.
pub(crate) fn order(x: &[f64]) -> Vec<usize> {
    let mut places: Vec<usize> = (0..x.len()).collect();
    places.sort_by(|a, b| x[*a].total_cmp(&x[*b]));
    places
}

/// Rows of a sample in which neither a factor nor the response failed, as columns and responses.
#[derive(Debug, Clone, PartialEq)]
pub struct Complete {
    /// Columns of the factors.
    pub x: Vec<Vec<f64>>,
    /// Responses.
    pub y: Vec<f64>,
    /// Rows left out.
    pub failed: usize,
}

/// Leaves out rows in which a factor or the response is not a finite number.
///
/// # Examples
/// ```
/// let kept = boljam::explore::given::complete(&[vec![1.0, 2.0, 3.0]], &[0.5, f64::NAN, 0.7]);
/// assert_eq!((kept.x[0].as_slice(), kept.failed), ([1.0, 3.0].as_slice(), 1));
/// ```
pub fn complete(x: &[Vec<f64>], y: &[f64]) -> Complete {
    let is_whole = |row: usize| !super::failed(y[row]) && x.iter().all(|x| !super::failed(x[row]));
    let rows: Vec<usize> = (0..y.len()).filter(|row| is_whole(*row)).collect();
    let take = |x: &[f64]| rows.iter().map(|row| x[*row]).collect::<Vec<_>>();
    Complete { x: x.iter().map(|x| take(x)).collect(), y: take(y), failed: y.len() - rows.len() }
}
