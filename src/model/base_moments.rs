//! Mean and covariance of the drivers' base values on the link scale, where inputs are drawn: by quadrature
//! of the inputs' own distributions, no normal approximation.

use nalgebra::{DMatrix, DVector};

use super::compile::Model;
use super::town::TownLaw;
use crate::assess::InputLaw;
use crate::case::Link;

/// Nodes of the Gauss-Legendre rule on each of a triangle's two sides.
const NODES: usize = 12;
/// With more inputs than this in one product, fewer nodes must do.
const FINE_INPUTS: usize = 3;

/// Mean vector and covariance matrix of z\[0\].
pub(super) fn base_moments(model: &Model, town: &TownLaw) -> (DVector<f64>, DMatrix<f64>) {
    let n = model.links.len();
    let mut mean = DVector::from_column_slice(&town.base_link);
    let mut covariance = DMatrix::zeros(n, n);
    let leaves: Vec<Vec<usize>> = town
        .base_values
        .iter()
        .map(|v| town.base_program.leaves(*v).into_iter().map(|leaf| leaf.1).collect())
        .collect();
    let drawn = |i: usize| !town.frozen[i] && !leaves[i].is_empty();
    let link_value = |i: usize, value_of: InputValues<'_>| {
        let x = town.base_program.scalar(town.base_values[i], &|_, k| value_of(k));
        match model.links[i] {
            Link::Identity => x,
            link => link.apply(x),
        }
    };
    for i in (0..n).filter(|i| drawn(*i)) {
        mean[i] = expect(town, &leaves[i], &|v| link_value(i, v));
    }
    for i in (0..n).filter(|i| drawn(*i)) {
        for j in (0..=i).filter(|j| drawn(*j) && leaves[*j].iter().any(|l| leaves[i].contains(l))) {
            let mut inputs = [leaves[i].clone(), leaves[j].clone()].concat();
            inputs.sort_unstable();
            inputs.dedup();
            let product = |v: InputValues<'_>| (link_value(i, v) - mean[i]) * (link_value(j, v) - mean[j]);
            covariance[(i, j)] = expect(town, &inputs, &product);
            covariance[(j, i)] = covariance[(i, j)];
        }
    }
    (mean, covariance)
}

/// The value of each input, by its index.
type InputValues<'a> = &'a dyn Fn(usize) -> f64;

/// Expectation of a function of some inputs.
fn expect(town: &TownLaw, inputs: &[usize], f: &dyn Fn(InputValues<'_>) -> f64) -> f64 {
    let nodes = if inputs.len() <= FINE_INPUTS { NODES } else { 3 };
    let rules: Vec<Vec<(f64, f64)>> = inputs.iter().map(|k| rule(town.inputs[*k], nodes)).collect();
    let mut place = vec![0; inputs.len()];
    let mut sum = 0.0;
    loop {
        let weight: f64 = place.iter().zip(&rules).map(|(p, r)| r[*p].1).product();
        sum += weight
            * f(&|input| inputs.iter().position(|k| *k == input).map_or(0.0, |k| rules[k][place[k]].0));
        // Count through all combinations of nodes like a clock.
        let mut digit = 0;
        loop {
            if digit == place.len() {
                return sum;
            }
            place[digit] += 1;
            if place[digit] < rules[digit].len() {
                break;
            }
            place[digit] = 0;
            digit += 1;
        }
    }
}

/// Nodes and weights of a quadrature rule for an input's distribution.
fn rule(input: InputLaw, nodes: usize) -> Vec<(f64, f64)> {
    match input {
        InputLaw::Constant(x) => vec![(x, 1.0)],
        InputLaw::Switch(p) => vec![(0.0, 1.0 - p), (100.0, p)],
        InputLaw::Triangular { low, mode, high } => {
            let rising = (mode - low) / (high - low);
            // With the mode at an end the density does not vanish there, and a link may have no bound (ln 0): nodes
            // are drawn towards both ends by s = v^2 (3 - 2 v).
            let is_steep = mode == low || mode == high;
            let unit = gauss_legendre(if is_steep { 2 * nodes } else { nodes });
            let drawn = |(v, w): (f64, f64)| (v * v * (3.0 - 2.0 * v), 6.0 * v * (1.0 - v) * w);
            let unit: Vec<(f64, f64)> =
                unit.into_iter().map(|node| if is_steep { drawn(node) } else { node }).collect();
            // On a side of the triangle the density grows like s, s = 0 at the outer end.
            let side = |end: f64, share: f64| {
                unit.iter()
                    .map(move |(s, w)| (end + (mode - end) * s, share * 2.0 * s * w))
                    .collect::<Vec<_>>()
            };
            let both = [side(low, rising), side(high, 1.0 - rising)].concat();
            both.into_iter().filter(|(_, weight)| *weight > 0.0).collect()
        }
    }
}

/// Gauss-Legendre rule on 0..1 (Golub and Welsch 1969): eigenvalues of the Jacobi matrix of the Legendre
/// polynomials, weights from the first components of its eigenvectors.
fn gauss_legendre(n: usize) -> Vec<(f64, f64)> {
    let off = |k: usize| k as f64 / ((4 * k * k - 1) as f64).sqrt();
    let jacobi = DMatrix::from_fn(n, n, |i, j| if i.abs_diff(j) == 1 { off(i.max(j)) } else { 0.0 });
    let eigen = jacobi.symmetric_eigen();
    (0..n)
        .map(|k| {
            (0.5 * (1.0 + eigen.eigenvalues[k]), eigen.eigenvectors[(0, k)] * eigen.eigenvectors[(0, k)])
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// X = h (1 - sqrt V), V uniform, is triangular (0, 0, h): E ln X = ln h + E ln(1 - sqrt V) = ln h - 3/2 and, by
    /// the polygamma functions of Beta(1, 2), Var ln X = psi'(1) - psi'(3) = 5/4.
    #[test]
    fn a_mode_at_an_end_where_the_logarithm_has_no_bound() {
        let rule = rule(InputLaw::Triangular { low: 0.0, mode: 0.0, high: 10.0 }, NODES);
        let expect = |f: &dyn Fn(f64) -> f64| rule.iter().map(|(x, w)| w * f(*x)).sum::<f64>();
        assert!((expect(&|x| x) - 10.0 / 3.0).abs() < 1e-12);
        assert!((expect(&|x| x * x) - 100.0 / 6.0).abs() < 1e-11);
        let mean = expect(&f64::ln);
        assert!((mean - (10.0_f64.ln() - 1.5)).abs() < 1e-4, "{mean}");
        let variance = expect(&|x| (x.ln() - mean).powi(2));
        assert!((variance - 1.25).abs() < 1e-3, "{variance}");
        // The mirror image.
        let mirrored = super::rule(InputLaw::Triangular { low: 0.0, mode: 10.0, high: 10.0 }, NODES);
        let mean = mirrored.iter().map(|(x, w)| w * (10.0 - x).ln()).sum::<f64>();
        assert!((mean - (10.0_f64.ln() - 1.5)).abs() < 1e-4, "{mean}");
    }

    #[test]
    fn the_rule_integrates_polynomials_and_logarithms_over_a_triangle() {
        let rule = rule(InputLaw::Triangular { low: 1.0, mode: 2.0, high: 5.0 }, NODES);
        let expect = |f: &dyn Fn(f64) -> f64| rule.iter().map(|(x, w)| w * f(*x)).sum::<f64>();
        assert!((expect(&|_| 1.0) - 1.0).abs() < 1e-13);
        assert!((expect(&|x| x) - 8.0 / 3.0).abs() < 1e-13);
        // Variance (a^2 + b^2 + c^2 - ab - ac - bc) / 18.
        let variance = expect(&|x| x * x) - (8.0_f64 / 3.0).powi(2);
        assert!((variance - (1.0 + 25.0 + 4.0 - 5.0 - 2.0 - 10.0) / 18.0).abs() < 1e-12);
        // E ln x by the antiderivative of (x - a) ln x and (b - x) ln x.
        let rising = |x: f64| 2.0 / 4.0 * (x * x / 2.0 * x.ln() - x * x / 4.0 - (x * x.ln() - x));
        let falling = |x: f64| 2.0 / 12.0 * (5.0 * (x * x.ln() - x) - (x * x / 2.0 * x.ln() - x * x / 4.0));
        let exact = rising(2.0) - rising(1.0) + falling(5.0) - falling(2.0);
        assert!((expect(&f64::ln) - exact).abs() < 1e-9);
    }
}
