//! Where an axis has its marks: the drawing library's key points, and the decimals they need.

use plotters::coord::ranged1d::Ranged;
use plotters::coord::types::{RangedCoordf64, RangedCoordi32};

/// The most marks of an axis of numbers.
const MOST: usize = 6;
/// Pixels that a year takes on its axis, with its distance to the next.
const YEAR: i32 = 52;

/// A range that an axis can have: finite, and wider than rounding.
pub(super) fn sound((low, high): (f64, f64)) -> (f64, f64) {
    let size = low.abs().max(high.abs());
    match high - low {
        span if span.is_finite() && span > 1e-9 * size => (low, high),
        span if span.is_finite() => (low - 0.1 * size.max(1e-6), high + 0.1 * size.max(1e-6)),
        _ => (0.0, 1.0),
    }
}

/// Three to six round numbers between two values, and the decimals they need.
pub(super) fn ticks(low: f64, high: f64) -> (Vec<f64>, usize) {
    let (low, high) = sound((low, high));
    let points = RangedCoordf64::from(low..high).key_points(MOST);
    let step = points.windows(2).map(|w| w[1] - w[0]).fold(high - low, f64::min);
    let decimals = (0..6).find(|d| {
        let scaled = step * 10.0_f64.powi(*d);
        (scaled - scaled.round()).abs() < 1e-6 * scaled
    });
    (points, decimals.unwrap_or(2) as usize)
}

/// Years that are written below an axis so wide, in pixels.
pub(super) fn year_ticks(first: i32, last: i32, width: i32) -> Vec<i32> {
    RangedCoordi32::from(first..last).key_points((width / YEAR).max(2) as usize)
}

/// Three to seven round numbers between two positive values whose ratio matters: 1, 2 and 5 times powers of ten;
/// steps of [`ticks`] where they are too close for that. (The library's begin at the first power of ten, which of
/// 1,500 to 22,000 leaves one.)
pub(super) fn log_ticks(low: f64, high: f64) -> Vec<f64> {
    let powers = low.log10().floor() as i32..=high.log10().ceil() as i32;
    let all = |steps: &[f64]| -> Vec<f64> {
        let values = powers.clone().flat_map(|p| steps.iter().map(move |s| s * 10.0_f64.powi(p)));
        values.filter(|v| (low..=high).contains(v)).collect()
    };
    match all(&[1.0, 2.0, 5.0]) {
        few if few.len() < 3 => ticks(low, high).0,
        many if many.len() > 7 => all(&[1.0]),
        some => some,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ticks_are_round_and_inside() {
        assert_eq!(ticks(0.0, 100.0), (vec![0.0, 20.0, 40.0, 60.0, 80.0, 100.0], 0));
        let (values, decimals) = ticks(3.1, 3.9);
        assert_eq!(decimals, 1);
        assert!(values.iter().all(|v| (3.1..=3.9).contains(v)) && values.len() >= 3);
        // What an axis cannot have has one all the same.
        assert!(ticks(2.0, 2.0).0.iter().all(|v| (1.7..2.3).contains(v)));
        assert!(ticks(f64::NAN, 1.0).0.len() >= 3 && ticks(0.0, f64::INFINITY).0.len() >= 3);
    }

    #[test]
    fn years_have_room() {
        assert_eq!(year_ticks(2021, 2035, 315), [2025, 2030, 2035]);
        assert_eq!(year_ticks(2021, 2035, 650).len(), 7);
        assert_eq!(year_ticks(2021, 2022, 650), [2021, 2022]);
    }

    #[test]
    fn ticks_of_ratios_are_ones_twos_and_fives() {
        assert_eq!(log_ticks(1500.0, 22_000.0), [2000.0, 5000.0, 10_000.0, 20_000.0]);
        assert_eq!(log_ticks(0.5, 4e6).len(), 7);
        let close = log_ticks(210.0, 390.0);
        assert!(close.len() >= 3 && close.iter().all(|v| (210.0..=390.0).contains(v)), "{close:?}");
    }
}
