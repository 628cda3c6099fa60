//! The smallest joint change of sub-indicators that takes one composite over a bound: branch and bound.

use std::cmp::Ordering;
use std::collections::BinaryHeap;

use super::enclosure::Enclosure;
use super::relax::{self, Norm};
use super::slope::Sloped;
use super::tree::Tree;
use super::uncertain::Uncertain;
use crate::formula::Operator;

/// Best found and bound are brought within this, in errors.
const GAP: f64 = 4e-7;
/// Boxes that are looked at for two or three variables, and for more.
const FEW: usize = 400_000;
const MANY: usize = 3_000;
/// Steps of the search that starts it.
const STEPS: usize = 40;

/// How near a composite is to a bound.
#[derive(Debug, Clone)]
pub(super) struct Reach {
    /// The smallest change that was found, in errors, one for each variable; none below the limit.
    pub(super) change: Option<Vec<f64>>,
    /// No change smaller than this does it.
    pub(super) bound: f64,
}

/// What is to be reached: a composite's value up to a bound from below, or down to it from above.
pub(super) struct Goal<'a> {
    uncertain: &'a Uncertain<'a>,
    norm: Norm,
    /// Places of the sub-indicators that may change.
    variables: Vec<usize>,
    composite: usize,
    /// Its formula without roots and divisors around it, which are monotone, and the bound likewise.
    tree: &'a Tree,
    target: f64,
    /// 1 upwards, -1 downwards.
    sign: f64,
}

/// Part of the orthant in which the signs of the changes are `sides`: sizes of changes between two corners.
#[derive(Debug, Clone)]
struct Node {
    sides: Vec<f64>,
    low: Vec<f64>,
    high: Vec<f64>,
    bound: f64,
}

impl PartialEq for Node {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}
impl Eq for Node {}
impl PartialOrd for Node {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}
impl Ord for Node {
    /// The smallest bound first out of the heap.
    fn cmp(&self, other: &Self) -> Ordering {
        other.bound.total_cmp(&self.bound)
    }
}

impl<'a> Goal<'a> {
    pub(super) fn new(
        uncertain: &'a Uncertain<'a>,
        norm: Norm,
        variables: Vec<usize>,
        composite: usize,
        (bound, up): (f64, bool),
    ) -> Self {
        let reading = uncertain.base.readings.get(composite).copied().unwrap_or(0);
        let mut tree = &uncertain.rules.formulas[composite][reading];
        let mut target = bound;
        loop {
            match tree {
                Tree::Sqrt(x) if target >= 0.0 => {
                    target *= target;
                    tree = x;
                }
                Tree::Binary(Operator::Divide, x, by) if matches!(**by, Tree::Number(n) if n > 0.0) => {
                    let Tree::Number(n) = **by else { break };
                    target *= n;
                    tree = x;
                }
                _ => break,
            }
        }
        Self { uncertain, norm, variables, composite, tree, target, sign: if up { 1.0 } else { -1.0 } }
    }

    /// The goal of a composite that is a root losing its value: what is under the root at 0. None for any other formula,
    /// and where what is under the root may itself have no value within so much of every variable.
    pub(super) fn undefined(
        uncertain: &'a Uncertain<'a>,
        norm: Norm,
        variables: Vec<usize>,
        composite: usize,
        most: f64,
    ) -> Option<Self> {
        let reading = uncertain.base.readings.get(composite).copied().unwrap_or(0);
        let Tree::Sqrt(tree) = &uncertain.rules.formulas[composite][reading] else { return None };
        let goal = Self { uncertain, norm, variables, composite, tree, target: 0.0, sign: -1.0 };
        let inside = goal.inside(&|k| (-goal.room(k, -1.0, most), goal.room(k, 1.0, most)));
        (!inside.value.may_fail).then_some(goal)
    }

    /// How far the goal is missed after changes; from 0 down it is reached.
    fn need(&self, change: &[f64]) -> f64 {
        let mut inputs = self.uncertain.base.inputs.clone();
        for (place, z) in self.variables.iter().zip(change) {
            inputs[*place] += z * self.uncertain.errors[*place];
        }
        let values = self.uncertain.rules.first_values(inputs, &self.uncertain.base.readings, self.composite);
        let missed = self.sign * (self.target - self.tree.value(&values));
        if missed.is_nan() { f64::INFINITY } else { missed }
    }

    /// The formula, with its slopes, within a box of changes.
    fn inside(&self, between: &dyn Fn(usize) -> (f64, f64)) -> Sloped {
        let base = &self.uncertain.base;
        let count = self.variables.len();
        let mut inputs: Vec<Sloped> =
            base.inputs.iter().map(|x| Sloped::of(Enclosure::between(*x, *x))).collect();
        for (k, place) in self.variables.iter().enumerate() {
            let (a, b) = between(k);
            let error = self.uncertain.errors[*place];
            let ends = [a, b].map(|z| base.inputs[*place] + z * error);
            inputs[*place] = Sloped::variable(Enclosure::between(ends[0], ends[1]), k, count);
        }
        let values = self.uncertain.rules.first_values(inputs, &base.readings, self.composite);
        self.tree.value(&values)
    }

    /// Largest and smallest slope towards the goal along each variable within a box of changes.
    fn slopes(&self, between: &dyn Fn(usize) -> (f64, f64)) -> Vec<Enclosure> {
        let all = self.inside(between);
        let of = |k: usize| {
            let slope = all.slope(k);
            let times = self.sign * self.uncertain.errors[self.variables[k]];
            let (a, b) = (slope.low * times, slope.high * times);
            Enclosure::between(a.min(b), a.max(b))
        };
        (0..self.variables.len()).map(of).collect()
    }

    /// How far a variable can change to a side, in errors, and at most so far.
    fn room(&self, k: usize, side: f64, most: f64) -> f64 {
        let place = self.variables[k];
        let (low, high) = self.uncertain.ranges[place];
        let value = self.uncertain.base.inputs[place];
        let room = if side > 0.0 { high - value } else { value - low };
        (room.max(0.0) / self.uncertain.errors[place]).min(most)
    }

    /// The smallest change, looked for below a limit.
    pub(super) fn reach(&self, limit: f64) -> Reach {
        let n = self.variables.len();
        let mut best: Option<Vec<f64>> = None;
        let mut size = limit;
        let mut closed = f64::INFINITY;
        let mut heap = BinaryHeap::new();
        for sides in self.sides(limit) {
            let high = (0..n).map(|k| self.room(k, sides[k], limit)).collect();
            let node = Node { low: vec![0.0; n], high, bound: 0.0, sides };
            if let Some(found) = self.descend(&node).filter(|z| self.norm.of(z) < size) {
                size = self.norm.of(&found);
                best = Some(found);
            }
            heap.push(node);
        }
        let budget = if n <= 3 { FEW } else { MANY };
        for _ in 0..budget {
            let Some(node) = heap.pop() else { break };
            if node.bound >= size - GAP {
                closed = closed.min(node.bound);
                heap.clear();
                break;
            }
            let signed = |m: &[f64]| m.iter().zip(&node.sides).map(|(m, s)| m * s).collect::<Vec<f64>>();
            let need = self.need(&signed(&node.low));
            if need <= 0.0 {
                // The near corner does it, and nothing in the box is nearer.
                let corner = signed(&node.low);
                let distance = self.norm.of(&corner);
                closed = closed.min(distance);
                if distance < size {
                    size = distance;
                    best = Some(corner);
                }
                continue;
            }
            let slopes = self.slopes(&|k| {
                let (a, b) = (node.sides[k] * node.low[k], node.sides[k] * node.high[k]);
                (a.min(b), a.max(b))
            });
            let towards = |k: usize| if node.sides[k] > 0.0 { slopes[k].high } else { -slopes[k].low };
            let away = |k: usize| if node.sides[k] > 0.0 { slopes[k].low } else { -slopes[k].high };
            let steepest: Vec<f64> = (0..n).map(towards).collect();
            // An undefined corner says nothing about the rest of the box.
            let relaxed = if need.is_finite() {
                relax::nearest(self.norm, &node.low, &node.high, &steepest, need)
            } else {
                Some(node.low.clone())
            };
            let Some(point) = relaxed else { continue };
            let bound = node.bound.max(self.norm.of(&point));
            if let Some(found) = self.pushed(&node, &point).filter(|z| self.norm.of(z) < size) {
                size = self.norm.of(&found);
                best = Some(found);
            }
            if bound >= size - GAP {
                closed = closed.min(bound);
                continue;
            }
            let width = |k: usize| node.high[k] - node.low[k];
            let doubt = |k: usize| {
                let spread = towards(k) - away(k);
                if spread.is_finite() { spread * width(k) } else { 1e100 * width(k) }
            };
            let widest = (0..n).max_by(|a, b| doubt(*a).total_cmp(&doubt(*b)).then(b.cmp(a)));
            let Some(k) = widest.filter(|k| width(*k) > 1e-12) else {
                closed = closed.min(bound);
                continue;
            };
            let middle = f64::midpoint(node.low[k], node.high[k]);
            let (mut near, mut far) = (node.clone(), node);
            near.high[k] = middle;
            far.low[k] = middle;
            (near.bound, far.bound) = (bound, bound);
            heap.extend([near, far]);
        }
        let open = heap.iter().map(|node| node.bound).fold(f64::INFINITY, f64::min);
        let bound = closed.min(open);
        Reach { bound: if best.is_some() { bound.min(size) } else { bound }, change: best }
    }

    /// The sides to which changes can help: both where the slope has no one sign.
    fn sides(&self, limit: f64) -> Vec<Vec<f64>> {
        let slopes = self.slopes(&|k| (-self.room(k, -1.0, limit), self.room(k, 1.0, limit)));
        let mut all = vec![Vec::new()];
        for slope in slopes {
            let sides: &[f64] = match (slope.low >= 0.0, slope.high <= 0.0) {
                (true, _) => &[1.0],
                (_, true) => &[-1.0],
                _ => &[1.0, -1.0],
            };
            all = all
                .iter()
                .flat_map(|before: &Vec<f64>| sides.iter().map(|side| [&before[..], &[*side]].concat()))
                .collect();
        }
        all
    }

    /// A good change to begin with: from the point on the border to that nearest on the plane that touches there, and
    /// again (Hasofer and Lind 1974, Rackwitz and Fiessler 1978, doi:10.1016/0045-7949(78)90046-9).
    fn descend(&self, node: &Node) -> Option<Vec<f64>> {
        let n = self.variables.len();
        let mut best: Option<Vec<f64>> = None;
        let mut at = vec![0.0; n];
        for _ in 0..STEPS {
            let slopes = self.slopes(&|k| (at[k], at[k]));
            let along: Vec<f64> = (0..n).map(|k| slopes[k].low * node.sides[k]).collect();
            let back: f64 = (0..n).map(|k| along[k] * at[k].abs()).sum();
            let point = relax::nearest(
                self.norm,
                &node.low,
                &node.high,
                &along,
                (self.need(&at) + back).max(1e-300),
            )?;
            let Some(next) = self.pushed(node, &point) else { break };
            if best.as_ref().is_some_and(|b| self.norm.of(b) <= self.norm.of(&next) + 1e-12) {
                break;
            }
            at.clone_from(&next);
            best = Some(next);
        }
        best
    }

    /// The nearest change in the direction of a point that reaches the goal.
    fn pushed(&self, node: &Node, point: &[f64]) -> Option<Vec<f64>> {
        let rooms = (0..point.len()).filter(|k| point[*k] > 0.0);
        let most = rooms
            .map(|k| self.room(k, node.sides[k], f64::INFINITY) / point[k])
            .fold(f64::INFINITY, f64::min);
        let at = |s: f64| point.iter().zip(&node.sides).map(|(m, side)| s * m * side).collect::<Vec<f64>>();
        let (mut below, mut above) = (0.0, if most.is_finite() { most } else { return None });
        if self.need(&at(above)) > 0.0 {
            return None;
        }
        for _ in 0..80 {
            let middle = f64::midpoint(below, above);
            if self.need(&at(middle)) <= 0.0 { above = middle } else { below = middle }
        }
        Some(at(above))
    }
}
