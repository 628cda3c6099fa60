//! Interval arithmetic: what a formula can give while its arguments stay within intervals.
//!
//! The operations of floating-point numbers are monotone: a larger argument never gives a smaller rounded result. An
//! operation on the ends of intervals therefore encloses what the program computes for every number between, to the
//! last bit, and nothing has to be rounded outwards (Moore, Kearfott and Cloud 2009, doi:10.1137/1.9780898717716).

use crate::formula::{Operator, exceeds};

use super::number::Quantity;

/// What the exponential and the logarithm of this program may lack of being monotone, as a share.
const POWER_SLACK: f64 = 1e-14;

/// All values between two ends, and whether there may be none.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Enclosure {
    pub(super) low: f64,
    pub(super) high: f64,
    /// True when some arguments give no value.
    pub(super) may_fail: bool,
}

/// Nothing is known.
const ANYTHING: Enclosure = Enclosure { low: f64::NEG_INFINITY, high: f64::INFINITY, may_fail: true };

impl Enclosure {
    pub(super) fn between(low: f64, high: f64) -> Self {
        Self { low, high, may_fail: low.is_nan() || high.is_nan() }
    }

    /// True when no arguments give a value.
    pub(super) fn fails(&self) -> bool {
        self.low.is_nan()
    }

    fn nothing() -> Self {
        Self { low: f64::NAN, high: f64::NAN, may_fail: true }
    }

    /// The hull of the corners, to which some may fail.
    fn hull(corners: &[f64], may_fail: bool) -> Self {
        let whole = corners.iter().filter(|x| !x.is_nan());
        let (low, high) =
            whole.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), x| (low.min(*x), high.max(*x)));
        if low > high {
            return Self::nothing();
        }
        Self { low, high, may_fail: may_fail || corners.iter().any(|x| x.is_nan()) }
    }

    /// The class among these ascending bounds, none for what has no value.
    ///
    /// # Errors
    /// [`Mixed`] where it is not the same for all values.
    pub(super) fn class(&self, bounds: &[f64]) -> Result<Option<usize>, Mixed> {
        if self.fails() {
            return Ok(None);
        }
        if self.may_fail || !self.low.is_finite() || !self.high.is_finite() {
            return Err(Mixed);
        }
        let class = |x: f64| bounds.iter().filter(|bound| exceeds(x, **bound)).count();
        if class(self.low) == class(self.high) { Ok(Some(class(self.low))) } else { Err(Mixed) }
    }
}

/// Not all values are in one class.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Mixed;

impl Quantity for Enclosure {
    fn constant(x: f64) -> Self {
        Self::between(x, x)
    }

    fn sqrt(&self) -> Self {
        if self.fails() || self.high < 0.0 {
            return Self::nothing();
        }
        let may_fail = self.may_fail || self.low < 0.0;
        Self { low: self.low.max(0.0).sqrt(), high: self.high.sqrt(), may_fail }
    }

    fn binary(operator: Operator, a: &Self, b: &Self) -> Self {
        if a.fails() || b.fails() {
            return Self::nothing();
        }
        let may_fail = a.may_fail || b.may_fail;
        if [a, b].iter().any(|side| !side.low.is_finite() || !side.high.is_finite()) {
            return ANYTHING;
        }
        if operator == Operator::Divide && b.low <= 0.0 && b.high >= 0.0 {
            if b.low == 0.0 && b.high == 0.0 {
                return Self::nothing();
            }
            return ANYTHING;
        }
        let corner = |x: f64, y: f64| operator.apply(x, y);
        let corners =
            [corner(a.low, b.low), corner(a.low, b.high), corner(a.high, b.low), corner(a.high, b.high)];
        Self::hull(&corners, may_fail)
    }

    fn scaled(&self, factor: f64) -> Self {
        Self { low: self.low * factor, high: self.high * factor, may_fail: self.may_fail }
    }

    fn power(&self, exponent: f64) -> Self {
        if exponent == 1.0 {
            return *self;
        }
        if self.fails() || self.high < 0.0 {
            return Self::nothing();
        }
        let may_fail = self.may_fail || self.low < 0.0;
        let (low, high) = (self.low.max(0.0).power(exponent), self.high.power(exponent));
        Self { low: low * (1.0 - POWER_SLACK), high: high * (1.0 + POWER_SLACK), may_fail }
    }
}

#[cfg(test)]
mod tests {
    use super::super::tree::Tree;
    use super::*;
    use crate::formula::Formula;
    use crate::random::Stream;

    /// Values at random points of random intervals lie within what encloses them, undefined ones included.
    #[test]
    fn what_is_computed_lies_within_what_encloses_it() {
        let texts = [
            "sqrt(a * b) - c",
            "mean(a, b, c) / (a - b)",
            "sqrt(a - b) + min(a, c) * max(b, c)",
            "(a < b) + (a <= c) * b",
            "a * b / c - sqrt(c)",
        ];
        let mut stream = Stream::new(7, 0);
        for text in texts {
            let formula = Formula::parse(text).unwrap();
            let known = ["a", "b", "c"];
            let tree = Tree::new(formula.expr(), &|name| known.iter().position(|k| *k == name)).unwrap();
            for _ in 0..500 {
                let boxes: Vec<Enclosure> = (0..3)
                    .map(|_| {
                        let low = (stream.uniform() * 8.0 - 3.0).round();
                        Enclosure::between(low, low + stream.uniform() * 2.0)
                    })
                    .collect();
                let all = tree.value(&boxes);
                for _ in 0..20 {
                    let x: Vec<f64> =
                        boxes.iter().map(|b| b.low + (b.high - b.low) * stream.uniform()).collect();
                    let value = tree.value(&x);
                    if value.is_nan() {
                        assert!(all.may_fail, "{text} {boxes:?}");
                    } else {
                        assert!(all.low <= value && value <= all.high, "{text} {boxes:?} {x:?} {value}");
                    }
                }
            }
        }
    }
}
