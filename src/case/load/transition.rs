//! The transition must be stable: with the planned mono-profile degree anywhere in 0..1 the spectral radius
//! of Phi + (I - Phi) C(mono) is below 1, else deviations would grow without end.

use nalgebra::DMatrix;

use super::super::fault::Faults;
use super::super::{Case, Scaling};
use super::dynamics::Dynamics;
use crate::math;

/// Steps of the mono-profile degree that are tried.
const STEPS: usize = 20;

pub(super) fn check(dynamics: &Dynamics, faults: &mut Faults) {
    for component in components(dynamics) {
        let phi = |i: usize| dynamics.drivers[i].persistence;
        let worst = worst_of(dynamics, &component, &phi);
        if worst.0 < 1.0 {
            continue;
        }
        let inside = |i: usize| component.contains(&i);
        let id = |i: usize| dynamics.drivers[i].id.as_str();
        let entries: Vec<String> = dynamics
            .cross_impacts
            .iter()
            .filter(|c| inside(c.from) && inside(c.to))
            .map(|c| format!("{} -> {} {}", id(c.from), id(c.to), c.effect))
            .chain(
                component
                    .iter()
                    .map(|&i| format!("persistence of {} {}", id(i), dynamics.drivers[i].persistence)),
            )
            .collect();
        let message = format!(
            "deviations never die out (spectral radius {:.3} at mono-profile degree {}, must be below 1): {}",
            worst.0,
            worst.1,
            entries.join(", ")
        );
        faults.add("cross_impacts.csv", "", message);
    }
}

/// Largest spectral radius with other persistences, and the mono-profile degree that it comes with.
pub(super) fn worst(dynamics: &Dynamics, phi: &dyn Fn(usize) -> f64) -> (f64, f64) {
    let all = components(dynamics).into_iter().map(|component| worst_of(dynamics, &component, phi));
    all.fold((0.0, 0.0), larger)
}

impl Case {
    /// Largest spectral radius of the transition over all mono-profile degrees, with other persistences, by driver.
    /// Below 1 deviations die out.
    ///
    /// # Examples
    /// ```
    /// use boljam::case::{Case, Source};
    /// let case = Case::load(&Source::embedded(), &[])?;
    /// assert!(case.spectral_radius(&|driver| case.drivers[driver].persistence) < 1.0);
    /// # Ok::<(), boljam::case::Faults>(())
    /// ```
    pub fn spectral_radius(&self, persistence: &dyn Fn(usize) -> f64) -> f64 {
        let (drivers, cross_impacts) = (self.drivers.clone(), self.cross_impacts.clone());
        worst(&Dynamics { drivers, cross_impacts, ..Dynamics::default() }, persistence).0
    }
}

fn larger(a: (f64, f64), b: (f64, f64)) -> (f64, f64) {
    if b.0 > a.0 { b } else { a }
}

/// The same of one diagonal block.
fn worst_of(dynamics: &Dynamics, component: &[usize], phi: &dyn Fn(usize) -> f64) -> (f64, f64) {
    if let [alone] = component {
        // What could not be read (NaN) is a fault of its own file.
        return larger((0.0, 0.0), (phi(*alone).abs(), 0.0));
    }
    let degrees = (0..=STEPS).map(|k| k as f64 / STEPS as f64);
    degrees.map(|mono| (radius(dynamics, component, phi, mono), mono)).fold((0.0, 0.0), larger)
}

fn radius(dynamics: &Dynamics, component: &[usize], phi: &dyn Fn(usize) -> f64, mono: f64) -> f64 {
    let n = component.len();
    let phi = |i: usize| phi(component[i]);
    let effect = |to: usize, from: usize| -> f64 {
        let entry =
            dynamics.cross_impacts.iter().find(|c| c.to == component[to] && c.from == component[from]);
        entry.map_or(0.0, |c| match c.scale {
            Scaling::Unit => c.effect,
            Scaling::Mono => c.effect * mono,
        })
    };
    let matrix =
        DMatrix::from_fn(n, n, |i, j| (1.0 - phi(i)) * effect(i, j) + if i == j { phi(i) } else { 0.0 });
    spectral_radius(matrix)
}

/// Largest modulus of an eigenvalue.
fn spectral_radius(matrix: DMatrix<f64>) -> f64 {
    // QR steps without limit can stall, for instance on circles of equal effects.
    let steps = 100 * matrix.nrows();
    match nalgebra::linalg::Schur::try_new(matrix.clone(), f64::EPSILON, steps) {
        Some(schur) => schur.complex_eigenvalues().iter().map(|z| z.norm()).fold(0.0, f64::max),
        None => gelfand(matrix),
    }
}

/// Gelfand's limit of `|M^k|^(1/k)`, which is the spectral radius, at k = 2^60 by squaring.
fn gelfand(mut power: DMatrix<f64>) -> f64 {
    let (mut ln_radius, mut weight) = (0.0, 1.0);
    for _ in 0..60 {
        let norm = power.norm();
        if norm == 0.0 {
            return 0.0;
        }
        ln_radius += weight * math::ln(norm);
        power /= norm;
        power = &power * &power;
        weight /= 2.0;
    }
    math::exp(ln_radius)
}

/// Sets of drivers that act on one another in a circle (or alone): the diagonal blocks of the transition.
fn components(dynamics: &Dynamics) -> Vec<Vec<usize>> {
    let n = dynamics.drivers.len();
    let mut reach = vec![vec![false; n]; n];
    for (i, row) in reach.iter_mut().enumerate() {
        row[i] = true;
    }
    for c in &dynamics.cross_impacts {
        reach[c.from][c.to] = true;
    }
    for k in 0..n {
        for i in 0..n {
            for j in 0..n {
                reach[i][j] |= reach[i][k] && reach[k][j];
            }
        }
    }
    let circle = |i: usize| (0..n).filter(|&j| reach[i][j] && reach[j][i]).collect::<Vec<usize>>();
    let mut all: Vec<Vec<usize>> = (0..n).map(circle).collect();
    all.sort();
    all.dedup();
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_ways_to_the_spectral_radius_agree() {
        let circle =
            |n: usize, size: f64| DMatrix::from_fn(n, n, |i, j| if (i + 1) % n == j { size } else { 0.0 });
        let dense = DMatrix::from_fn(4, 4, |i, j| f64::from(u8::from(i == j)) / 2.0 - 0.1 * (i * j) as f64);
        let cases = [
            (circle(3, 1.0), 1.0),
            (circle(4, 0.9), 0.9),
            (DMatrix::from_row_slice(2, 2, &[0.6, -0.6, 0.6, 0.6]), 0.6 * 2.0_f64.sqrt()),
            (DMatrix::from_row_slice(2, 2, &[0.0, 3.0, 0.0, 0.0]), 0.0),
            // 1/2 and 1/2 - 0.1 (0 + 1 + 4 + 9) = -0.9.
            (dense, 0.9),
        ];
        for (matrix, expected) in cases {
            for radius in [spectral_radius(matrix.clone()), gelfand(matrix.clone())] {
                assert!((radius - expected).abs() < 1e-7, "{radius} for {expected} of {matrix}");
            }
        }
    }
}
