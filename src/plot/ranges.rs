//! Ranges of axes: one rule for how much white stands around what is shown.

use crate::analyse::ScaleClass;

/// The lowest and the highest of some values, of which those that are undefined do not count; 0 and 1 of none.
pub(super) fn ends(values: impl IntoIterator<Item = f64>) -> (f64, f64) {
    let finite = values.into_iter().filter(|v| v.is_finite());
    let (low, high) = finite.fold((f64::MAX, f64::MIN), |(l, h), v| (l.min(v), h.max(v)));
    if low <= high { (low, high) } else { (0.0, 1.0) }
}

/// A range that holds these values with a margin, a part of its width, and does not fall below zero where no value
/// does. What hardly varies is not blown up: of an index it shows at least three tenths of its scale, of anything
/// that does not vary at all a tenth of its value.
pub(super) fn around(
    values: impl IntoIterator<Item = f64>,
    classes: &[ScaleClass],
    margin: f64,
) -> (f64, f64) {
    let (low, high) = ends(values);
    let (low, high) = widen(low, high, classes);
    let span = high - low;
    let floor = if low >= 0.0 { 0.0 } else { f64::MIN };
    ((low - margin * span).max(floor), high + margin * span)
}

fn widen(low: f64, high: f64, classes: &[ScaleClass]) -> (f64, f64) {
    let least = classes.last().map_or(0.1 * high.abs().max(1e-9), |c| 0.3 * c.upper);
    if high - low >= least || classes.is_empty() && high > low {
        return (low, high);
    }
    let middle = 0.5 * (low + high);
    (middle - 0.5 * least, middle + 0.5 * least)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_undefined_has_no_part_in_a_range() {
        assert_eq!(ends([3.0, f64::NAN, 1.0, f64::INFINITY]), (1.0, 3.0));
        assert_eq!(ends([f64::NAN]), (0.0, 1.0));
    }

    #[test]
    fn a_range_has_its_margin_and_keeps_above_zero() {
        assert_eq!(around([10.0, 20.0], &[], 0.1), (9.0, 21.0));
        assert_eq!(around([0.5, 20.5], &[], 0.1), (0.0, 22.5));
        assert_eq!(around([-1.0, 9.0], &[], 0.1), (-2.0, 10.0));
        // A tenth of what does not vary.
        assert_eq!(around([10.0, 10.0], &[], 0.0), (9.5, 10.5));
    }
}
