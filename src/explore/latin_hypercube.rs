//! Latin hypercube sampling.

use super::Points;
use super::interval::below;
use crate::random::{Stream, key};

/// A Latin hypercube of n points in so many dimensions of the unit cube: each of the n strata of each
/// dimension holds one point, at a uniform place, and the strata are paired at random (McKay, Beckman and
/// Conover 1979, doi:10.2307/1268522).
///
/// # Examples
/// ```
/// let points = boljam::explore::latin_hypercube(8, 2, 0);
/// let mut strata: Vec<u32> = points.column(1).iter().map(|u| (u * 8.0) as u32).collect();
/// strata.sort();
/// assert_eq!(strata, [0, 1, 2, 3, 4, 5, 6, 7]);
/// ```
pub fn latin_hypercube(n: usize, dimensions: usize, seed: u64) -> Points {
    let mut values = vec![0.0; n * dimensions];
    let key = key(seed, "", "latin hypercube");
    for dimension in 0..dimensions {
        let mut stream = Stream::new(key, dimension as u64);
        let mut strata: Vec<usize> = (0..n).collect();
        for k in (1..n).rev() {
            strata.swap(k, below(&mut stream, k + 1));
        }
        for (row, stratum) in strata.into_iter().enumerate() {
            values[row * dimensions + dimension] = (stratum as f64 + stream.uniform()) / n as f64;
        }
    }
    Points::new(dimensions, values)
}
