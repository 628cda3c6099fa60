//! Printed numbers stand for intervals: 4.9 is anything that rounds to it.

/// A number as printed, with the half unit of its last decimal place.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Stated {
    pub(super) value: f64,
    pub(super) half: f64,
}

impl Stated {
    /// Reads a printed number ("7.6", "+0.8"); none when it is none.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let value: f64 = text.trim().parse().ok().filter(|x: &f64| x.is_finite())?;
        let decimals = text.trim().split_once('.').map_or(0, |(_, decimals)| decimals.len());
        Some(Self { value, half: 0.5 * 10_f64.powi(-(decimals.min(300) as i32)) })
    }

    /// A number whose decimals are those of its shortest form.
    pub(super) fn of(value: f64) -> Self {
        Self::parse(&value.to_string()).unwrap_or(Self { value, half: 0.0 })
    }

    /// A count or a switch: no rounding.
    pub(super) fn exact(value: f64) -> Self {
        Self { value, half: 0.0 }
    }

    /// True when `x` rounds to the printed number. (A hair of slack: 0.05 has no exact binary form.)
    pub(super) fn rounds(self, x: f64) -> bool {
        (x - self.value).abs() <= self.half * (1.0 + 1e-9)
    }

    /// True when `x` is less than one unit of the last place away: cut off, or rounded the wrong way.
    pub(super) fn is_near(self, x: f64) -> bool {
        (x - self.value).abs() < 2.0 * self.half * (1.0 + 1e-9)
    }

    /// Smallest and largest number that it stands for.
    pub(super) fn interval(self) -> (f64, f64) {
        (self.value - self.half, self.value + self.half)
    }
}

/// True when two intervals have a number in common.
pub(super) fn overlap(a: (f64, f64), b: (f64, f64)) -> bool {
    a.0 <= b.1 && b.0 <= a.1
}

/// Smallest and largest value of a function over the corners of a box; the function must be monotonic in
/// each of its arguments, as sums, products and quotients of positive numbers are.
pub(super) fn over_corners(intervals: &[(f64, f64)], f: &dyn Fn(&[f64]) -> f64) -> (f64, f64) {
    // Twelve arguments make 4096 corners; no identity of a case comes near.
    let sides = intervals.len().min(12);
    let corner = |bits: usize| -> f64 {
        let pick =
            |(i, side): (usize, &(f64, f64))| if i < sides && bits >> i & 1 == 1 { side.1 } else { side.0 };
        f(&intervals.iter().enumerate().map(pick).collect::<Vec<f64>>())
    };
    let values = (0..1_usize << sides).map(corner);
    values.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), x| (low.min(x), high.max(x)))
}

/// A computed number for people: about four digits.
pub(super) fn show(x: f64) -> String {
    let decimals = match x.abs() {
        size if size >= 1000.0 => 0,
        size if size >= 100.0 => 1,
        _ => 2,
    };
    let text = format!("{x:.decimals$}");
    if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.').to_owned() } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_printed_number_stands_for_what_rounds_to_it() {
        let printed = Stated::parse("7.6").unwrap();
        assert!(printed.rounds(7.55) && printed.rounds(7.64) && !printed.rounds(7.68));
        assert!(printed.is_near(7.68) && !printed.is_near(7.71));
        assert_eq!(Stated::of(53.0).interval(), (52.5, 53.5));
        assert_eq!(Stated::parse("+0.8").unwrap().value, 0.8);
        assert!(Stated::parse("average").is_none() && Stated::parse("NaN").is_none());
    }

    #[test]
    fn corners_bound_products_and_quotients() {
        let (low, high) = over_corners(&[(4.0, 6.0), (1.0, 2.0)], &|x| x[0] / x[1]);
        assert_eq!((low, high), (2.0, 6.0));
    }

    #[test]
    fn numbers_are_shown_with_about_four_digits() {
        assert_eq!(
            [1325.9, 967_684.0, 100.66, 15.825, 0.2, 50.0].map(show),
            ["1326", "967684", "100.7", "15.82", "0.2", "50"]
        );
    }
}
