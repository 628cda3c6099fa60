//! Saltelli's design.

use super::sequence::{TooManyDimensions, sobol_points};
use crate::explore::Points;
use crate::explore::factor::Group;

/// Saltelli's design of n blocks in the unit cube (Saltelli 2002, doi:10.1016/S0010-4655(02)00280-1). Two points
/// A and B, halves of a Sobol point of twice the dimensions, make a block of rows
///
/// - A,
/// - A with the factors of group k from B, for each group: `AB_k`,
/// - with `second_order`, B with the factors of group k from A, for each group: `BA_k`,
/// - B,
///
/// so that there are n (g + 2) rows, or n (2 g + 2), for g groups; this is the order of SALib. Without a seed the
/// points are the plain Sobol points. Indices are most exact if n is a power of two.
///
/// # Errors
/// [`TooManyDimensions`].
///
/// # Examples
/// ```
/// use boljam::explore::{factor::Group, sobol::saltelli};
/// let single = |k: usize| Group { name: k.to_string(), members: vec![k] };
/// let points = saltelli(64, &[single(0), single(1), single(2)], true, Some(0))?;
/// assert_eq!(points.len(), 64 * (2 * 3 + 2));
/// # Ok::<(), boljam::explore::sobol::TooManyDimensions>(())
/// ```
pub fn saltelli(
    n: usize,
    groups: &[Group],
    second_order: bool,
    seed: Option<u64>,
) -> Result<Points, TooManyDimensions> {
    let factors: usize = groups.iter().map(|group| group.members.len()).sum();
    let base = sobol_points(n, 2 * factors, seed)?;
    let rows = if second_order { 2 * groups.len() + 2 } else { groups.len() + 2 };
    let mut values = Vec::with_capacity(n * rows * factors);
    for both in base.rows() {
        let (a, b) = both.split_at(factors);
        values.extend_from_slice(a);
        cross(&mut values, groups, a, b);
        if second_order {
            cross(&mut values, groups, b, a);
        }
        values.extend_from_slice(b);
    }
    Ok(Points::new(factors, values))
}

/// The first block of rows, from 1, that is none of a [`saltelli`] design of these groups, if there is one: points of a
/// file may have been sorted, or be those of another design.
pub fn foreign_block(points: &Points, groups: &[Group], second_order: bool) -> Option<usize> {
    let block = if second_order { 2 * groups.len() + 2 } else { groups.len() + 2 };
    (0..points.len() / block)
        .find(|number| {
            let row = |k: usize| points.row(number * block + k);
            let (a, b) = (row(0), row(block - 1));
            let mut wanted = Vec::new();
            cross(&mut wanted, groups, a, b);
            if second_order {
                cross(&mut wanted, groups, b, a);
            }
            !(1..block - 1).flat_map(row).eq(&wanted)
        })
        .map(|number| number + 1)
}

/// A row for each group: one point with the factors of the group from the other.
fn cross(values: &mut Vec<f64>, groups: &[Group], into: &[f64], from: &[f64]) {
    for group in groups {
        let start = values.len();
        values.extend_from_slice(into);
        for member in &group.members {
            values[start + member] = from[*member];
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_out_of_place_is_found() {
        let single = |k: usize| Group { name: k.to_string(), members: vec![k] };
        let groups = [single(0), single(1)];
        for second in [true, false] {
            let points = saltelli(8, &groups, second, Some(0)).unwrap();
            assert_eq!(foreign_block(&points, &groups, second), None);
            assert_eq!(foreign_block(&points, &groups, !second), Some(1));
            let mut values: Vec<f64> = points.rows().flatten().copied().collect();
            let block = points.len() / 8;
            values.swap(2 * (3 * block + 1), 2 * (3 * block + 2));
            assert_eq!(foreign_block(&Points::new(2, values), &groups, second), Some(4));
        }
    }
}
