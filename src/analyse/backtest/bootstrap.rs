//! How far a mean over forecasts can be trusted, when forecasts share towns and years.
//!
//! Towns and blocks of consecutive outcome years are drawn with replacement, each on its own, and a forecast counts as
//! often as its town times its year was drawn (the pigeonhole bootstrap, Owen 2007, doi:10.1214/07-AOAS122; blocks of years
//! after Künsch 1989, doi:10.1214/aos/1176347265, circular). What towns of a year have in common, what years of a town
//! have in common and the overlap of forecasts all stay in it. Blocks are the cube root of the number of years long.
//! The interval is mean +- t se sqrt(n/(n - 1)), se the sd of the repetitions, t the 97.5 % point of Student's with n - 1
//! degrees of freedom, n the smaller of the numbers of years and towns (years alone of one town): percentiles of few
//! draws are too close (Hesterberg 2015, doi:10.1080/00031305.2015.1089789). With three years it is wide, and means to.

use statrs::distribution::{ContinuousCDF, StudentsT};

use crate::random::{Stream, key};

/// Repetitions.
const REPETITIONS: u64 = 1999;
/// Chance of missing on each side: 95 % in all.
const TAIL: f64 = 0.025;

/// A value of a forecast, with what it shares with others.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Value {
    pub(super) town: usize,
    /// Year of the outcome.
    pub(super) year: i32,
    pub(super) x: f64,
}

/// A mean and its 95 % interval.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Interval {
    /// The mean.
    pub mean: f64,
    /// Lower end.
    pub low: f64,
    /// Upper end.
    pub high: f64,
}

/// The mean of some values and its interval; `name` and `seed` key the draws. None of no values or of one year only.
pub(super) fn interval(values: &[Value], seed: u64, name: &str) -> Option<Interval> {
    let places = |of: &dyn Fn(&Value) -> i64| {
        let mut all: Vec<i64> = values.iter().map(of).collect();
        all.sort_unstable();
        all.dedup();
        let place = |v: &Value| all.iter().position(|x| *x == of(v)).unwrap_or(0);
        (values.iter().map(place).collect::<Vec<usize>>(), all.len())
    };
    let (town, towns) = places(&|v| v.town as i64);
    let (year, years) = places(&|v| i64::from(v.year));
    if years < 2 {
        return None;
    }
    let length = (years as f64).cbrt().ceil() as usize;
    let stream = key(seed, name, "backtest bootstrap");
    let mean = |run: u64| {
        let mut draws = Stream::new(stream, run);
        let mut below = |n: usize| ((draws.uniform() * n as f64) as usize).min(n - 1);
        let (mut of_town, mut of_year) = (vec![0.0; towns], vec![0.0; years]);
        for _ in 0..towns {
            of_town[below(towns)] += 1.0;
        }
        for first in (0..years).step_by(length) {
            let start = below(years);
            for k in 0..length.min(years - first) {
                of_year[(start + k) % years] += 1.0;
            }
        }
        let (mut sum, mut weights) = (0.0, 0.0);
        for (k, v) in values.iter().enumerate() {
            let weight = of_town[town[k]] * of_year[year[k]];
            sum += weight * v.x;
            weights += weight;
        }
        (weights > 0.0).then(|| sum / weights)
    };
    let means: Vec<f64> = (0..REPETITIONS).filter_map(mean).collect();
    let of = |all: &mut dyn Iterator<Item = f64>, count: usize| all.sum::<f64>() / count as f64;
    let middle = of(&mut means.iter().copied(), means.len());
    let se = of(&mut means.iter().map(|m| (m - middle).powi(2)), means.len()).sqrt();
    let n = if towns > 1 { towns.min(years) } else { years } as f64;
    let t = StudentsT::new(0.0, 1.0, n - 1.0).ok()?.inverse_cdf(1.0 - TAIL);
    let arm = t * se * (n / (n - 1.0)).sqrt();
    let mean = of(&mut values.iter().map(|v| v.x), values.len());
    (!means.is_empty()).then_some(Interval { mean, low: mean - arm, high: mean + arm })
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand::SeedableRng;
    use rand_distr::{Distribution, StandardNormal};

    /// Values with something common to a town, to a year, and neither: the interval holds the mean, 0, in some 95 of 100
    /// panels or more (wide side), of three years too, where an interval of independent values holds it in six of ten.
    #[test]
    fn the_interval_holds_what_it_should() {
        for (towns, years) in [(10, 12), (8, 3)] {
            let (inside, naive) = held(towns, years);
            assert!(100 * inside >= 92 * PANELS, "{towns}, {years}: {inside} of {PANELS}");
            assert!(100 * naive < 70 * PANELS, "{towns}, {years}: {naive} of {PANELS}");
        }
    }

    const PANELS: u64 = 300;

    /// In how many panels the interval, and that of independent values, hold the mean.
    fn held(towns: usize, years: usize) -> (u64, u64) {
        let mut rng = rand::rngs::Xoshiro256PlusPlus::seed_from_u64(5);
        let mut normal = || -> f64 { StandardNormal.sample(&mut rng) };
        let (mut inside, mut naive) = (0, 0);
        for panel in 0..PANELS {
            let towns: Vec<f64> = (0..towns).map(|_| normal()).collect();
            let years: Vec<f64> = (0..years).map(|_| normal()).collect();
            let cells = towns
                .iter()
                .enumerate()
                .flat_map(|(t, a)| years.iter().enumerate().map(move |(y, b)| (t, y, a + b)));
            let values: Vec<Value> =
                cells.map(|(town, y, x)| Value { town, year: y as i32, x: x + normal() }).collect();
            let found = interval(&values, panel, "test").unwrap();
            inside += u64::from(found.low <= 0.0 && 0.0 <= found.high);
            let n = values.len() as f64;
            let sd = (values.iter().map(|v| (v.x - found.mean).powi(2)).sum::<f64>() / n).sqrt();
            naive += u64::from(found.mean.abs() < 1.96 * sd / n.sqrt());
        }
        (inside, naive)
    }

    #[test]
    fn one_year_has_no_interval_and_one_seed_one_result() {
        let values: Vec<Value> =
            (0..12).map(|k| Value { town: k % 4, year: 2000 + (k / 4) as i32, x: k as f64 }).collect();
        assert_eq!(interval(&values[..4], 1, "a"), None);
        assert_eq!(interval(&values, 1, "a"), interval(&values, 1, "a"));
        assert_ne!(interval(&values, 1, "a"), interval(&values, 2, "a"));
        assert_eq!(interval(&values, 1, "a").unwrap().mean, 5.5);
    }
}
