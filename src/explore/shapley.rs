//! Shapley effects: shares of the variance that add up to one, for correlated factors too.

mod neighbours;

use rayon::prelude::*;

use super::interval::{Interval, below, multiplicities};
use crate::random::{Stream, key};

/// Up to so many factors every subset of them is taken; beyond, those along random permutations.
const EXACT: usize = 12;
/// Random permutations for more factors.
const PERMUTATIONS: usize = 256;
/// Rows around which the response's conditional variance is estimated, at most.
const CENTRES: usize = 1000;

/// Shapley effects of so many factors for a value of each subset of them, which is given as bits: the mean over
/// all orders of the factors of what each adds to those before it (Shapley 1953; Owen 2014,
/// doi:10.1137/130936233), phi_i = 1/d sum over u without i of (v(u + i) - v(u)) / C(d - 1, |u|).
///
/// # Examples
/// ```
/// let of = |subset: u32| f64::from(subset.count_ones()).powi(2);
/// assert_eq!(boljam::explore::shapley::of_values(3, &of), [3.0, 3.0, 3.0]);
/// ```
///
/// # Panics
/// For more than 31 factors.
pub fn of_values(factors: usize, value: &dyn Fn(u32) -> f64) -> Vec<f64> {
    let values: Vec<f64> = (0..1_u32 << factors).map(value).collect();
    let weight = weights(factors);
    let mut effects = vec![0.0; factors];
    for subset in 0..values.len() {
        for (i, effect) in effects.iter_mut().enumerate().filter(|(i, _)| subset >> i & 1 == 0) {
            *effect += weight[subset.count_ones() as usize] * (values[subset | 1 << i] - values[subset]);
        }
    }
    effects
}

/// 1 / (d C(d - 1, s)) for s = 0 .. d - 1.
fn weights(factors: usize) -> Vec<f64> {
    let mut weights = vec![1.0 / factors as f64];
    for s in 1..factors {
        weights.push(weights[s - 1] * s as f64 / (factors - s) as f64);
    }
    weights
}

/// Shapley effects of `y` for the columns of `x`, from the given data alone (Song, Nelson and Staum 2016,
/// doi:10.1137/15M1048070; Broto, Bachoc and Depecker 2020, doi:10.1137/18M1234631).
///
/// The value of a subset u is Var(E(y | x_u)) = Var(y) - E(Var(y | x_u)). The conditional variance at a row is that
/// of y over the row and its two nearest neighbours in the ranks of x_u (ties: the next rows), and its mean is taken
/// over at most 1000 rows. All factors together explain y whole: the effects add up to 1, and what a model's own noise
/// adds is shared among them. Up to 12 factors every subset is taken, beyond that those of 256 random orders.
///
/// Rows are whole: failed ones are to be left out before. Intervals are from bootstraps of the rows at which the
/// conditional variance is taken; the bias of the neighbours, which falls with the number of rows, is not in them. A
/// response that does not vary gives zeros.
///
/// # Examples
/// ```
/// use boljam::explore::{latin_hypercube, shapley};
/// let points = latin_hypercube(1000, 2, 0);
/// let y: Vec<f64> = points.rows().map(|x| 2.0 * x[0] + x[1]).collect();
/// let effects = shapley::shapley(&[points.column(0), points.column(1)], &y, 100, 0);
/// assert!((effects[0].value - 0.8).abs() < 0.05);
/// assert!((effects[0].value + effects[1].value - 1.0).abs() < 1e-12);
/// ```
pub fn shapley(x: &[Vec<f64>], y: &[f64], resamples: usize, seed: u64) -> Vec<Interval> {
    let (n, factors) = (y.len(), x.len());
    let mean = y.iter().sum::<f64>() / n as f64;
    let varies = y.iter().any(|v| *v != y[0]);
    if factors == 0 || n < 2 || !varies {
        let end = if resamples == 0 { f64::NAN } else { 0.0 };
        return vec![Interval { value: 0.0, low: end, high: end }; factors];
    }
    let ranks: Vec<Vec<f64>> = x.iter().map(|x| neighbours::ranks(x)).collect();
    let centres: Vec<usize> = (0..n.min(CENTRES)).map(|c| c * n / n.min(CENTRES)).collect();
    let orders = if factors > EXACT { permutations(factors, seed) } else { Vec::new() };
    // Each centre's own effects: they are linear in the conditional variances.
    let own: Vec<Vec<f64>> = centres
        .par_iter()
        .map(|centre| {
            let whole = (y[*centre] - mean) * (y[*centre] - mean);
            let local = neighbours::Local::new(&ranks, y, *centre);
            if orders.is_empty() {
                every_subset(&local, factors, whole)
            } else {
                along(&local, &orders, whole)
            }
        })
        .collect();
    let of = |weights: &[u32]| -> Vec<f64> {
        let mut sums = vec![0.0; factors];
        for (effects, weight) in own.iter().zip(weights) {
            sums.iter_mut().zip(effects).for_each(|(sum, e)| *sum += f64::from(*weight) * e);
        }
        let total: f64 = sums.iter().sum();
        sums.into_iter().map(|sum| if total > 0.0 { sum / total } else { 0.0 }).collect()
    };
    let main = of(&vec![1; own.len()]);
    let drawn: Vec<Vec<f64>> =
        (0..resamples).map(|b| of(&multiplicities(own.len(), seed, "shapley", b))).collect();
    let one = |(i, value): (usize, &f64)| match resamples {
        0 => Interval::without(*value),
        _ => Interval::normal(*value, &drawn.iter().map(|d| d[i]).collect::<Vec<_>>()),
    };
    main.iter().enumerate().map(one).collect()
}

/// A centre's effects from all subsets: those of the value -Var(y | x_u), where that of no factor is `whole` and that
/// of all is 0.
fn every_subset(local: &neighbours::Local<'_>, factors: usize, whole: f64) -> Vec<f64> {
    let mut variances = vec![0.0; 1 << factors];
    variances[0] = whole;
    local.descend(0, 0, &vec![0.0; local.rows()], &mut variances);
    variances[(1 << factors) - 1] = 0.0;
    of_values(factors, &|subset| -variances[subset as usize])
}

/// A centre's effects along some orders of the factors.
fn along(local: &neighbours::Local<'_>, orders: &[Vec<usize>], whole: f64) -> Vec<f64> {
    let mut effects = vec![0.0; orders[0].len()];
    let share = 1.0 / orders.len() as f64;
    for order in orders {
        let mut distances = vec![0.0; local.rows()];
        let mut before = whole;
        for (place, factor) in order.iter().enumerate() {
            let after = if place + 1 == order.len() {
                0.0
            } else {
                local.add(*factor, &mut distances);
                local.variance(&distances)
            };
            effects[*factor] += share * (before - after);
            before = after;
        }
    }
    effects
}

/// Random orders, each followed by its reverse, which makes the mean over them less uncertain.
fn permutations(factors: usize, seed: u64) -> Vec<Vec<usize>> {
    let key = key(seed, "", "shapley order");
    let order = |number: usize| {
        let mut stream = Stream::new(key, number as u64);
        let mut order: Vec<usize> = (0..factors).collect();
        for k in (1..factors).rev() {
            order.swap(k, below(&mut stream, k + 1));
        }
        let reverse = order.iter().rev().copied().collect();
        [order, reverse]
    };
    (0..PERMUTATIONS / 2).flat_map(order).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::{Stream, key};
    use nalgebra::{DMatrix, DVector};

    /// Var(E(y | x_u)) of y = b.x with x normal: b' S_.u S_uu^-1 S_u. b.
    fn explained(b: &DVector<f64>, s: &DMatrix<f64>, subset: u32) -> f64 {
        let u: Vec<usize> = (0..b.len()).filter(|i| subset >> i & 1 == 1).collect();
        if u.is_empty() {
            return 0.0;
        }
        let across = s.select_rows(&u) * b;
        let within = s.select_rows(&u).select_columns(&u);
        (across.transpose() * within.try_inverse().unwrap() * &across)[0]
    }

    fn covariance(sd: [f64; 3], rho: f64) -> DMatrix<f64> {
        let mut s = DMatrix::from_diagonal(&DVector::from_iterator(3, sd.iter().map(|s| s * s)));
        s[(1, 2)] = rho * sd[1] * sd[2];
        s[(2, 1)] = s[(1, 2)];
        s
    }

    #[test]
    fn effects_of_a_correlated_linear_model_are_those_in_closed_form() {
        // Iooss and Prieur 2019, doi:10.1615/Int.J.UncertaintyQuantification.2019028372, section 4.2: three normal
        // factors, the last two correlated.
        let (b, sd, rho) = ([1.0, 2.0, -1.5], [1.0, 0.5, 2.0], 0.7);
        let (beta, s) = (DVector::from_row_slice(&b), covariance(sd, rho));
        let v: Vec<f64> = b.iter().zip(sd).map(|(b, sd)| (b * sd) * (b * sd)).collect();
        let cross = rho * b[1] * b[2] * sd[1] * sd[2];
        let half = rho * rho / 2.0;
        let closed = [v[0], v[1] + cross + half * (v[2] - v[1]), v[2] + cross + half * (v[1] - v[2])];
        let total: f64 = closed.iter().sum();
        for (found, closed) in of_values(3, &|u| explained(&beta, &s, u)).iter().zip(closed) {
            assert!((found - closed).abs() < 1e-12);
        }
        // And from data.
        let mut stream = Stream::new(key(3, "shapley", "test"), 0);
        let mut x = vec![Vec::new(); 3];
        for _ in 0..8000 {
            let ((z1, z2), (z3, _)) = (stream.normal_pair(), stream.normal_pair());
            x[0].push(sd[0] * z1);
            x[1].push(sd[1] * z2);
            x[2].push(sd[2] * (rho * z2 + (1.0 - rho * rho).sqrt() * z3));
        }
        let y: Vec<f64> = (0..8000).map(|r| (0..3).map(|k| b[k] * x[k][r]).sum()).collect();
        for (found, closed) in shapley(&x, &y, 200, 0).iter().zip(closed) {
            // Three half widths: 99.9999 %; the bias of the neighbours is smaller than that here.
            let half = (found.high - found.low) / 2.0;
            assert!((found.value - closed / total).abs() < 3.0 * half, "{found:?} {}", closed / total);
            assert!(half < 0.04, "{found:?}");
        }
    }

    #[test]
    fn orders_give_what_subsets_give() {
        let points = crate::explore::latin_hypercube(300, 4, 0);
        let columns: Vec<Vec<f64>> = (0..4).map(|k| points.column(k)).collect();
        let y: Vec<f64> = points.rows().map(|x| x[0] + 2.0 * x[1] * x[2]).collect();
        let ranks: Vec<Vec<f64>> = columns.iter().map(|x| neighbours::ranks(x)).collect();
        // All 24 orders of four.
        let mut orders = vec![vec![]];
        for _ in 0..4 {
            let longer = |o: &Vec<usize>| {
                (0..4).filter(|k| !o.contains(k)).map(|k| [o.clone(), vec![k]].concat()).collect::<Vec<_>>()
            };
            orders = orders.iter().flat_map(longer).collect();
        }
        for centre in [0, 17, 299] {
            let local = neighbours::Local::new(&ranks, &y, centre);
            let (a, b) = (every_subset(&local, 4, 0.3), along(&local, &orders, 0.3));
            assert!(a.iter().zip(&b).all(|(a, b)| (a - b).abs() < 1e-12), "{a:?} {b:?}");
        }
    }

    #[test]
    fn many_factors_go_along_random_orders() {
        let points = crate::explore::latin_hypercube(400, 14, 0);
        let columns: Vec<Vec<f64>> = (0..14).map(|k| points.column(k)).collect();
        let y = columns[3].clone();
        let found = shapley(&columns, &y, 0, 0);
        assert!((found.iter().map(|i| i.value).sum::<f64>() - 1.0).abs() < 1e-9);
        assert!((0..14).all(|k| k == 3 || found[k].value < 0.3 * found[3].value));
        let flat = shapley(&columns, &[1.0; 400], 5, 0);
        assert!(flat.iter().all(|i| i.value == 0.0 && i.high == 0.0));
    }
}
