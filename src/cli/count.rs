//! Counts and years as people type them.

use std::ops::RangeInclusive;

/// A parser of counts in a range: `10000`, `10_000`, `1e6`.
///
/// # Errors
/// What is allowed, where it is no whole number or outside the range.
pub(super) fn count(range: RangeInclusive<u64>) -> impl Fn(&str) -> Result<u64, String> + Clone {
    move |text| {
        let digits: String = text.chars().filter(|c| *c != '_').collect();
        let whole = |x: f64| (x.fract() == 0.0 && (0.0..=1e15).contains(&x)).then_some(x as u64);
        let number = digits.parse::<u64>().ok().or_else(|| digits.parse().ok().and_then(whole));
        number.filter(|n| range.contains(n)).ok_or_else(|| {
            format!("a whole number from {} to {}, such as 20000 or 2e4", range.start(), range.end())
        })
    }
}

/// A year, of which each command says the range.
///
/// # Errors
/// What is allowed, where it is no whole number.
pub(super) fn year(text: &str) -> Result<i32, String> {
    text.parse().map_err(|_| "a year, such as 2035".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_are_read_as_people_write_them() {
        let runs = count(2..=1_000_000);
        for (text, expected) in [("2", 2), ("1e6", 1_000_000), ("10_000", 10_000), ("1.5e3", 1500)] {
            assert_eq!(runs(text), Ok(expected), "{text}");
        }
        for text in ["1", "1e7", "1.5", "-3", "1e300", "nan", "inf", "", "many", "1e-3"] {
            assert_eq!(runs(text).unwrap_err(), "a whole number from 2 to 1000000, such as 20000 or 2e4");
        }
    }

    #[test]
    fn years_are_whole_numbers() {
        assert_eq!(year("2035"), Ok(2035));
        for text in ["abc", "1e300", "2035.5", ""] {
            assert!(year(text).is_err(), "{text}");
        }
    }
}
