//! Sobol points.

use super::scramble::scramble;
use crate::explore::Points;
use crate::random::key;

/// Most dimensions of a Sobol sequence here; a Saltelli design takes two for each factor.
pub const MAX_DIMENSIONS: usize = 2048;

/// More dimensions than there are direction numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "a Sobol sequence of {0} dimensions (at most {MAX_DIMENSIONS}, two for each factor of a Saltelli design)"
)]
pub struct TooManyDimensions(pub usize);

/// Bits of a coordinate.
const BITS: usize = 32;
/// 2^-32.
const UNIT: f64 = 1.0 / 4_294_967_296.0;

/// The first n points of the Sobol sequence in [0, 1)^dimensions, with the direction numbers of Joe and Kuo
/// (2008, doi:10.1137/070709359, new-joe-kuo-6) and in the order of Antonov and Saleev (1979), which are those
/// of SciPy's `qmc.Sobol`.
///
/// With a seed they are scrambled by nested uniform permutations of the bits (Owen 1995,
/// doi:10.1007/978-1-4612-2552-2_19), whose flips are hashes of seed, dimension and leading bits: every point is
/// then uniform, and the net keeps its balance. Without, the first point is the origin.
///
/// # Errors
/// [`TooManyDimensions`].
///
/// # Examples
/// ```
/// use boljam::explore::sobol::sobol_points;
/// let points = sobol_points(4, 2, None)?;
/// assert_eq!(points.row(1), [0.5, 0.5]);
/// assert_eq!(points.row(2), [0.75, 0.25]);
/// # Ok::<(), boljam::explore::sobol::TooManyDimensions>(())
/// ```
pub fn sobol_points(n: usize, dimensions: usize, seed: Option<u64>) -> Result<Points, TooManyDimensions> {
    if dimensions > MAX_DIMENSIONS {
        return Err(TooManyDimensions(dimensions));
    }
    let mut values = vec![0.0; n * dimensions];
    for (dimension, directions) in directions().take(dimensions).enumerate() {
        let key = seed.map(|seed| key(seed, &dimension.to_string(), "owen scramble"));
        let mut word = 0_u32;
        for row in 0..n {
            if row > 0 {
                word ^= directions[(row - 1).trailing_ones() as usize % BITS];
            }
            values[row * dimensions + dimension] = match key {
                // Half a step keeps it off 0, where an unbounded law has no value.
                Some(key) => (f64::from(scramble(word, key)) + 0.5) * UNIT,
                None => f64::from(word) * UNIT,
            };
        }
    }
    Ok(Points::new(dimensions, values))
}

/// The direction numbers of each dimension, the first being van der Corput's.
fn directions() -> impl Iterator<Item = [u32; BITS]> {
    let first = std::array::from_fn(|k| 1 << (BITS - 1 - k));
    std::iter::once(first).chain(include_str!("joe_kuo.txt").lines().map(direction_numbers))
}

/// v_k = m_k 2^(32-k), and from the degree s of the polynomial on, whose inner coefficients are a_1 .. a_(s-1),
/// v_k = a_1 v_(k-1) ^ .. ^ a_(s-1) v_(k-s+1) ^ v_(k-s) ^ (v_(k-s) >> s).
fn direction_numbers(line: &str) -> [u32; BITS] {
    // The table is part of the program and holds numbers alone (tested below).
    let mut numbers = line.split(' ').map(|word| word.parse::<u32>().unwrap_or_default());
    let coefficients = numbers.next().unwrap_or_default();
    let initial: Vec<u32> = numbers.collect();
    let degree = initial.len();
    let mut v = [0; BITS];
    for k in 0..BITS {
        v[k] = if k < degree {
            initial[k] << (BITS - 1 - k)
        } else {
            let own = v[k - degree] ^ (v[k - degree] >> degree);
            let taps = (1..degree).filter(|i| coefficients >> (degree - 1 - i) & 1 == 1);
            taps.fold(own, |word, i| word ^ v[k - i])
        };
    }
    v
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_whole() {
        let lines: Vec<Vec<u32>> = include_str!("joe_kuo.txt")
            .lines()
            .map(|line| line.split(' ').map(|word| word.parse().unwrap()).collect())
            .collect();
        assert_eq!(lines.len(), MAX_DIMENSIONS - 1);
        for line in lines {
            for (k, m) in line[1..].iter().enumerate() {
                assert!(m % 2 == 1 && *m < 2 << k, "{line:?}");
            }
        }
        assert!(sobol_points(1, MAX_DIMENSIONS, None).is_ok());
        assert_eq!(sobol_points(1, 2049, None), Err(TooManyDimensions(2049)));
    }

    /// Each of the 2^k equal slices of each dimension, and each cell of 2^i x 2^(k-i), i = 1 .. k-1, of the first
    /// two, holds exactly one of 2^k points: a (0, k, 2)-net.
    fn assert_balanced(points: &Points, k: u32) {
        let n = 1_usize << k;
        for column in 0..points.columns() {
            let mut slices: Vec<usize> =
                points.column(column).iter().map(|u| (u * n as f64) as usize).collect();
            slices.sort_unstable();
            assert!(slices.into_iter().eq(0..n), "column {column}");
        }
        for i in 1..k {
            let (wide, high) = (1_usize << i, 1_usize << (k - i));
            let cell = |row: &[f64]| (row[0] * wide as f64) as usize * high + (row[1] * high as f64) as usize;
            let mut cells: Vec<usize> = points.rows().map(cell).collect();
            cells.sort_unstable();
            assert!(cells.into_iter().eq(0..n), "{wide} x {high}");
        }
    }

    #[test]
    fn points_are_balanced_plain_and_scrambled() {
        assert_balanced(&sobol_points(256, 7, None).unwrap(), 8);
        for seed in [0, 1, 77] {
            assert_balanced(&sobol_points(256, 7, Some(seed)).unwrap(), 8);
        }
    }

    #[test]
    fn seeds_and_dimensions_scramble_in_their_own_ways() {
        let points = |seed| sobol_points(64, 3, Some(seed)).unwrap();
        assert_ne!(points(0), points(1));
        assert_eq!(points(0), points(0));
        let first = points(5).row(0).to_vec();
        assert!(first[0] != first[1] && first[1] != first[2]);
        // A prefix of more points, and of more dimensions.
        let more = sobol_points(128, 5, Some(5)).unwrap();
        assert_eq!(more.row(63)[..3], *points(5).row(63));
    }
}
