//! The one rule for comparing a value with a bound.
//!
//! Values go through sums, products, roots, logarithms and exponentials, which leave an error of some 1e-14 of
//! their size; the decimals that people write end long before 1e-9. A value is therefore above a bound when it
//! exceeds it by more than 1e-9 max(1, |bound|): what stands on a bound in decimals stands on it here, however it was
//! computed. Classes of the method and all comparisons in formulas follow this rule (docs/method.md).

/// What a value must exceed a bound by, as a share of max(1, |bound|).
pub const TOLERANCE: f64 = 1e-9;

/// The threshold of a bound: a value above it is above the bound.
#[inline(always)]
pub fn raised(bound: f64) -> f64 {
    let size = bound.abs();
    bound + TOLERANCE * if size > 1.0 { size } else { 1.0 }
}

/// True when a value is above a bound; an undefined value is above none.
///
/// # Examples
/// ```
/// use boljam::formula::exceeds;
/// assert!(!exceeds(0.1 + 0.2, 0.3)); // 0.30000000000000004
/// assert!(exceeds(0.300001, 0.3));
/// ```
#[inline(always)]
pub fn exceeds(value: f64, bound: f64) -> bool {
    value > raised(bound)
}
