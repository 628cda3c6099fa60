//! What formulas are computed with: numbers, and what encloses numbers.

use crate::formula::Operator;
use crate::math;

/// Something that formulas can be computed with.
pub(super) trait Quantity: Clone {
    /// A constant.
    fn constant(x: f64) -> Self;
    /// Its square root.
    fn sqrt(&self) -> Self;
    /// Two into one.
    fn binary(operator: Operator, a: &Self, b: &Self) -> Self;
    /// So many times as much, `factor` from 0 up.
    fn scaled(&self, factor: f64) -> Self;
    /// To this power, from 0 up; undefined below 0.
    fn power(&self, exponent: f64) -> Self;
}

impl Quantity for f64 {
    fn constant(x: f64) -> Self {
        x
    }

    fn sqrt(&self) -> Self {
        f64::sqrt(*self)
    }

    fn binary(operator: Operator, a: &Self, b: &Self) -> Self {
        operator.apply(*a, *b)
    }

    fn scaled(&self, factor: f64) -> Self {
        self * factor
    }

    fn power(&self, exponent: f64) -> Self {
        match *self {
            x if exponent == 1.0 => x,
            x if x.is_nan() || x < 0.0 => f64::NAN,
            _ if exponent == 0.0 => 1.0,
            0.0 => 0.0,
            x => math::exp(exponent * math::ln(x)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn powers_are_those_of_the_standard_library_within_rounding() {
        for (x, k) in [(2.0, 0.5), (82.0, 1.4), (1e-3, 0.1), (49.0, 1.0)] {
            assert!((x.power(k) / f64::powf(x, k) - 1.0).abs() < 1e-14, "{x} {k}");
        }
        assert_eq!([0.0.power(0.7), 0.0.power(0.0), 3.0.power(0.0)], [0.0, 1.0, 1.0]);
        assert!((-1.0).power(0.5).is_nan() && (-1.0).power(1.0) == -1.0);
    }
}
