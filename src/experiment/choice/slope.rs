//! Enclosures with enclosures of slopes: how steep a formula can be within a box.

use crate::formula::Operator;

use super::enclosure::Enclosure;
use super::number::Quantity;

/// A value and its slope along each variable, by forward differentiation (Moore, Kearfott and Cloud 2009, chapter 6).
///
/// Slopes hold where the value is defined; a corner of the smaller, the larger and comparisons may have any slope
/// between those of its sides.
#[derive(Debug, Clone)]
pub(super) struct Sloped {
    pub(super) value: Enclosure,
    /// Empty for what depends on no variable.
    pub(super) slopes: Vec<Enclosure>,
}

impl Sloped {
    pub(super) fn of(value: Enclosure) -> Self {
        Self { value, slopes: Vec::new() }
    }

    /// Variable `place` of so many.
    pub(super) fn variable(value: Enclosure, place: usize, count: usize) -> Self {
        let slopes = (0..count).map(|k| Enclosure::constant(f64::from(u8::from(k == place)))).collect();
        Self { value, slopes }
    }

    pub(super) fn slope(&self, place: usize) -> Enclosure {
        self.slopes.get(place).copied().unwrap_or(ZERO)
    }

    /// Slopes of a function of one: times its own slope.
    fn chain(&self, value: Enclosure, own: Enclosure) -> Self {
        Self { value, slopes: self.slopes.iter().map(|slope| times(*slope, own)).collect() }
    }

    fn both(a: &Self, b: &Self, value: Enclosure, f: impl Fn(Enclosure, Enclosure) -> Enclosure) -> Self {
        let count = a.slopes.len().max(b.slopes.len());
        Self { value, slopes: (0..count).map(|k| f(a.slope(k), b.slope(k))).collect() }
    }
}

const ZERO: Enclosure = Enclosure { low: 0.0, high: 0.0, may_fail: false };
const ANY: Enclosure = Enclosure { low: f64::NEG_INFINITY, high: f64::INFINITY, may_fail: true };

/// A product in which 0 times what has no bound is 0.
fn times(a: Enclosure, b: Enclosure) -> Enclosure {
    if a == ZERO || b == ZERO {
        return ZERO;
    }
    let product = Enclosure::binary(Operator::Multiply, &a, &b);
    if product.may_fail || product.fails() { ANY } else { product }
}

fn plus(a: Enclosure, b: Enclosure) -> Enclosure {
    // Not the sum of formulas, which takes a small one for 0.
    Enclosure::between(a.low + b.low, a.high + b.high)
}

fn minus(a: Enclosure) -> Enclosure {
    Enclosure::between(-a.high, -a.low)
}

fn hull(a: Enclosure, b: Enclosure) -> Enclosure {
    Enclosure::between(a.low.min(b.low), a.high.max(b.high))
}

impl Quantity for Sloped {
    fn constant(x: f64) -> Self {
        Self::of(Enclosure::constant(x))
    }

    fn sqrt(&self) -> Self {
        let value = self.value.sqrt();
        // 1 / (2 sqrt x): the steeper the smaller; without bound at 0.
        let own = Enclosure::between(
            0.5 / value.high,
            if value.low > 0.0 { 0.5 / value.low } else { f64::INFINITY },
        );
        self.chain(value, own)
    }

    fn binary(operator: Operator, a: &Self, b: &Self) -> Self {
        let value = Enclosure::binary(operator, &a.value, &b.value);
        match operator {
            Operator::Add => Self::both(a, b, value, plus),
            Operator::Subtract => Self::both(a, b, value, |da, db| plus(da, minus(db))),
            Operator::Multiply => {
                Self::both(a, b, value, |da, db| plus(times(da, b.value), times(db, a.value)))
            }
            Operator::Divide => {
                let square = times(b.value, b.value);
                Self::both(a, b, value, |da, db| {
                    let top = plus(times(da, b.value), minus(times(db, a.value)));
                    if top == ZERO { ZERO } else { Enclosure::binary(Operator::Divide, &top, &square) }
                })
            }
            Operator::Min | Operator::Max => Self::both(a, b, value, hull),
            // A step: flat where it is the same throughout.
            Operator::Less | Operator::LessOrEqual => {
                let flat = value.low == value.high;
                Self::both(a, b, value, |_, _| if flat { ZERO } else { ANY })
            }
        }
    }

    fn scaled(&self, factor: f64) -> Self {
        self.chain(self.value.scaled(factor), Enclosure::constant(factor))
    }

    fn power(&self, exponent: f64) -> Self {
        let value = self.value.power(exponent);
        if exponent == 1.0 {
            return self.clone();
        }
        if value.fails() || exponent == 0.0 {
            return Self { value, slopes: vec![ZERO; self.slopes.len()] };
        }
        let at = |x: f64| if x > 0.0 { exponent * x.powf(exponent - 1.0) } else { f64::INFINITY };
        let ends = (at(self.value.low.max(0.0)), at(self.value.high));
        // x^(k - 1) falls for k below 1 and rises above; at 0 it is without bound or 0.
        let own = if exponent < 1.0 {
            Enclosure::between(ends.1, ends.0)
        } else {
            let low = if self.value.low > 0.0 { ends.0 } else { 0.0 };
            Enclosure::between(low, if ends.1.is_finite() { ends.1 } else { 0.0 })
        };
        self.chain(value, Enclosure::between(own.low * (1.0 - 1e-12), own.high * (1.0 + 1e-12)))
    }
}

#[cfg(test)]
mod tests {
    use super::super::tree::Tree;
    use super::*;
    use crate::formula::Formula;
    use crate::random::Stream;

    #[test]
    fn chords_within_a_box_are_no_steeper_than_its_slopes() {
        let mut stream = Stream::new(3, 1);
        for text in ["sqrt(a * b)", "mean(a, b, c) / (a + 1)", "sqrt(a + c) * b", "min(a, b) - max(b, c) / a"]
        {
            let formula = Formula::parse(text).unwrap();
            let known = ["a", "b", "c"];
            let tree = Tree::new(formula.expr(), &|name| known.iter().position(|k| *k == name)).unwrap();
            for _ in 0..300 {
                let boxes: Vec<Enclosure> = (0..3)
                    .map(|_| {
                        let low = 0.2 + stream.uniform() * 8.0;
                        Enclosure::between(low, low + stream.uniform())
                    })
                    .collect();
                let variables: Vec<Sloped> =
                    boxes.iter().enumerate().map(|(k, b)| Sloped::variable(*b, k, 3)).collect();
                let all = tree.value(&variables);
                let inside = |stream: &mut Stream| -> Vec<f64> {
                    boxes.iter().map(|b| b.low + (b.high - b.low) * stream.uniform()).collect()
                };
                let x = inside(&mut stream);
                for k in 0..3 {
                    let mut y = x.clone();
                    y[k] = inside(&mut stream)[k];
                    if (x[k] - y[k]).abs() < 1e-3 {
                        continue;
                    }
                    let chord = (tree.value(&x) - tree.value(&y)) / (x[k] - y[k]);
                    let slope = all.slope(k);
                    assert!(
                        slope.low - 1e-9 <= chord && chord <= slope.high + 1e-9,
                        "{text} {k} {chord} {slope:?}"
                    );
                }
            }
        }
    }
}
