//! Falls of two commodities at once: where a condition comes about, and the most plausible such pair.
//!
//! p is run on a grid of both falls, in steps of a tenth down to -90 %, all under the same draws. Where p meets a level lies
//! between neighbours by straight lines along the sides of the grid's squares, and within a square by the straight line
//! between the places on its sides. The most plausible pair is the place on that line with the smallest distance in
//! standard deviations of the price law (the design point of first-order reliability, Hasofer and Lind 1974); its error is
//! told by the pairs of the levels 1.96 sqrt(p(1 - p)/n) below and above.

use super::plausible::distance;
use super::reverse::{MOST, ReverseDesign, Z, shares, stress};
use crate::analyse::Estimate;
use crate::case::{Case, Stress};
use crate::engine::VectorLevel;
use crate::model::Model;

/// Steps of the grid.
const STEPS: usize = 9;
/// Places that are tried on the line within a square.
const PLACES: usize = 16;

/// One town and scenario, places in the options, and two commodities of the case.
#[derive(Debug, Clone, PartialEq)]
pub struct Surface {
    /// The town.
    pub town: usize,
    /// The scenario.
    pub scenario: usize,
    /// The commodities.
    pub commodities: [usize; 2],
    /// Falls of either, ascending from 0.
    pub falls: Vec<f64>,
    /// Share of runs in which the condition holds: `[fall of the first][fall of the second]`.
    pub shares: Vec<Vec<Estimate>>,
    /// The most plausible pair; none where it holds without, or no pair brings it about.
    pub joint: Option<Joint>,
}

/// A pair of falls.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Joint {
    /// The falls.
    pub falls: [f64; 2],
    /// Their distance in standard deviations of the price law.
    pub distance: f64,
    /// The falls at the lower and the upper end of what the runs leave open; none where no pair of the grid is there.
    pub ends: [Option<[f64; 2]>; 2],
}

/// Asks a model about two commodities.
pub fn break_even(
    case: &Case,
    model: &Model,
    design: &ReverseDesign<'_>,
    commodities: [usize; 2],
    level: VectorLevel,
) -> Vec<Surface> {
    let falls: Vec<f64> = (0..=STEPS).map(|k| MOST * k as f64 / STEPS as f64).collect();
    let pairs = || falls.iter().flat_map(|a| falls.iter().map(move |b| [*a, *b]));
    let both = |[a, b]: [f64; 2]| stress(design, &[(commodities[0], a), (commodities[1], b)]);
    let stresses: Vec<Stress> = pairs().map(both).collect();
    let shares = shares(case, model, design, &stresses, level);
    let unit = Metric::new(model, design, commodities);
    let of = |((town, scenario), shares): ((usize, usize), Vec<Estimate>)| {
        let shares: Vec<Vec<Estimate>> = shares[1..].chunks(falls.len()).map(<[Estimate]>::to_vec).collect();
        let asked = design.condition.share;
        let half = Z * (asked * (1.0 - asked) / design.runs as f64).sqrt();
        let nearest = |level: f64| unit.as_ref().and_then(|unit| nearest(&falls, &shares, level, unit));
        let joint = nearest(asked).filter(|_| shares[0][0].value < asked).map(|(falls, distance)| {
            let ends = [-half, half].map(|step| nearest(asked + step).map(|found| found.0));
            Joint { falls, distance, ends }
        });
        Surface { town, scenario, commodities, falls: falls.clone(), shares, joint }
    };
    shares.into_iter().map(of).collect()
}

/// The square of the distance as a form of the two log falls, from its values at three pairs.
#[derive(Debug, Clone, Copy)]
struct Metric {
    own: [f64; 2],
    both: f64,
}

impl Metric {
    fn new(model: &Model, design: &ReverseDesign<'_>, [a, b]: [usize; 2]) -> Option<Self> {
        // A unit of log price.
        let unit = 1.0 - (-1.0_f64).exp();
        let square = |falls: &[(usize, f64)]| distance(model, &stress(design, falls)).map(|d| d * d);
        let own = [square(&[(a, unit)])?, square(&[(b, unit)])?];
        Some(Self { own, both: square(&[(a, unit), (b, unit)])? - own[0] - own[1] })
    }

    fn distance(&self, falls: [f64; 2]) -> f64 {
        let [x, y] = falls.map(|fall| (1.0 - fall).ln());
        (self.own[0] * x * x + self.own[1] * y * y + self.both * x * y).max(0.0).sqrt()
    }
}

/// Where p meets a level within each square of the grid: the ends of a straight line each.
pub(super) fn contour(falls: &[f64], shares: &[Vec<f64>], level: f64) -> Vec<[[f64; 2]; 2]> {
    let mut lines = Vec::new();
    for i in 1..falls.len() {
        for j in 1..falls.len() {
            let corner = |di: usize, dj: usize| {
                let (a, b) = (i - 1 + di, j - 1 + dj);
                ([falls[a], falls[b]], shares[a][b] - level)
            };
            let corners = [corner(0, 0), corner(1, 0), corner(1, 1), corner(0, 1)];
            let side = |k: usize| {
                let ((p, a), (q, b)) = (corners[k], corners[(k + 1) % 4]);
                ((a >= 0.0) != (b >= 0.0)).then(|| {
                    let part = a / (a - b);
                    [p[0] + part * (q[0] - p[0]), p[1] + part * (q[1] - p[1])]
                })
            };
            let met: Vec<[f64; 2]> = (0..4).filter_map(side).collect();
            lines.extend(met.chunks_exact(2).map(|pair| [pair[0], pair[1]]));
        }
    }
    lines
}

/// The pair with the smallest distance at which p meets a level.
fn nearest(falls: &[f64], shares: &[Vec<Estimate>], level: f64, metric: &Metric) -> Option<([f64; 2], f64)> {
    let values: Vec<Vec<f64>> = shares.iter().map(|row| row.iter().map(|e| e.value).collect()).collect();
    let places = contour(falls, &values, level).into_iter().flat_map(|[p, q]| {
        (0..=PLACES).map(move |k| {
            let part = k as f64 / PLACES as f64;
            [p[0] + part * (q[0] - p[0]), p[1] + part * (q[1] - p[1])]
        })
    });
    places.map(|falls| (falls, metric.distance(falls))).min_by(|a, b| a.1.total_cmp(&b.1))
}

impl Surface {
    /// Where the share of runs meets a level: the ends of straight lines, falls of the first and the second.
    pub fn contour(&self, level: f64) -> Vec<[[f64; 2]; 2]> {
        let values: Vec<Vec<f64>> =
            self.shares.iter().map(|row| row.iter().map(|e| e.value).collect()).collect();
        contour(&self.falls, &values, level)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A linear limit state k'x = -c in log falls x with the form x'Mx: the design point is x = -c M^-1 k / (k'M^-1 k), its
    /// distance c / sqrt(k'M^-1 k).
    #[test]
    fn a_linear_limit_state_has_the_design_point_of_the_closed_form() {
        let falls: Vec<f64> = (0..=9).map(|k| 0.1 * f64::from(k)).collect();
        let (k, c) = ([0.8, 0.5], 0.6);
        let metric = Metric { own: [6.0, 4.0], both: -3.0 };
        let value = |a: f64, b: f64| 0.5 - (c + k[0] * (1.0 - a).ln() + k[1] * (1.0 - b).ln());
        let shares: Vec<Vec<Estimate>> =
            falls.iter().map(|a| falls.iter().map(|b| Estimate::exact(value(*a, *b))).collect()).collect();
        let (found, distance) = nearest(&falls, &shares, 0.5, &metric).unwrap();
        // M = [[6, -1.5], [-1.5, 4]].
        let det = 6.0 * 4.0 - 1.5 * 1.5;
        let inverse = [(4.0 * k[0] + 1.5 * k[1]) / det, (1.5 * k[0] + 6.0 * k[1]) / det];
        let size = k[0] * inverse[0] + k[1] * inverse[1];
        let expected = inverse.map(|x| 1.0 - (-c * x / size).exp());
        // Straight lines between falls a tenth apart; along the limit state the distance is flat near its least.
        assert!((distance - c / size.sqrt()).abs() < 0.02 * distance, "{distance} for {}", c / size.sqrt());
        for (found, expected) in found.iter().zip(expected) {
            assert!((found - expected).abs() < 0.08, "{found} for {expected}");
        }
        let off = c + k[0] * (1.0 - found[0]).ln() + k[1] * (1.0 - found[1]).ln();
        assert!(off.abs() < 0.02, "{off}");
        assert!(nearest(&falls, &shares, 9.0, &metric).is_none());
    }
}
