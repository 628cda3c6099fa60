//! Inputs that the source does not print: how one is drawn.

use crate::case::Method;
use crate::case::{Input, SubIndicatorKind, Town};
use crate::random::{self, Stream};

/// How a base-year input is drawn.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum InputLaw {
    /// The same in every draw.
    Constant(f64),
    /// Triangular.
    Triangular {
        /// Lowest value.
        low: f64,
        /// Most likely value.
        mode: f64,
        /// Highest value.
        high: f64,
    },
    /// 100 with this probability, else 0.
    Switch(f64),
}

/// Probability that a switch of which three opinions are known (0 or 100 each) stands at 100:
/// (low + mode + high) / 300.
pub fn switch_probability(low: f64, mode: f64, high: f64) -> f64 {
    (low + mode + high) / 300.0
}

impl InputLaw {
    /// The law of an input of a sub-indicator of this kind.
    pub fn of(input: &Input, kind: &SubIndicatorKind) -> Self {
        match (input, kind) {
            (Input::Printed { value, .. }, _) => Self::Constant(*value),
            (Input::Missing { low, high, .. }, _) if low == high => Self::Constant(*low),
            (Input::Missing { low, mode, high, .. }, SubIndicatorKind::Switch) => {
                Self::Switch(switch_probability(*low, *mode, *high))
            }
            (Input::Missing { low, mode, high, .. }, SubIndicatorKind::Formula(_)) => {
                Self::Triangular { low: *low, mode: *mode, high: *high }
            }
        }
    }

    /// The laws of all inputs of a town, in the order of the method's sub-indicators.
    pub fn of_town(town: &Town, method: &Method) -> Vec<Self> {
        town.inputs.iter().zip(&method.sub_indicators).map(|(i, s)| Self::of(i, &s.kind)).collect()
    }

    /// Smallest and largest value.
    pub fn ends(self) -> (f64, f64) {
        match self {
            Self::Constant(x) => (x, x),
            Self::Triangular { low, high, .. } => (low, high),
            Self::Switch(_) => (0.0, 100.0),
        }
    }

    /// The value that one uniform number in (0, 1) stands for (the inverse of the distribution function).
    #[inline(always)]
    pub fn at(self, u: f64) -> f64 {
        match self {
            Self::Constant(x) => x,
            Self::Triangular { low, mode, high } => random::triangular(low, mode, high, u),
            Self::Switch(probability) if u < probability => 100.0,
            Self::Switch(_) => 0.0,
        }
    }
}

/// Draw `run` of a town's inputs: one word of its stream for each sub-indicator, drawn or not, so that a
/// value keeps its draw when another one becomes known.
pub(super) fn draw(laws: &[InputLaw], key: u64, run: u64) -> Vec<f64> {
    let mut stream = Stream::new(key, run);
    laws.iter().map(|law| law.at(stream.uniform())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand_distr::Distribution;

    const TRIANGLES: [(f64, f64, f64); 4] =
        [(70.0, 82.0, 95.0), (0.0, 0.0, 1.0), (-3.0, -1.0, 1.0), (20.9, 21.0, 21.0)];

    fn sample(law: InputLaw, n: u64) -> Vec<f64> {
        let key = random::key(11, "a town", "inputs");
        (0..n).map(|run| draw(&[law], key, run)[0]).collect()
    }

    /// Two-sample Kolmogorov-Smirnov statistic.
    fn distance(mut a: Vec<f64>, mut b: Vec<f64>) -> f64 {
        a.sort_by(f64::total_cmp);
        b.sort_by(f64::total_cmp);
        let (mut i, mut j, mut largest) = (0, 0, 0.0_f64);
        while i < a.len() && j < b.len() {
            if a[i] <= b[j] {
                i += 1;
            } else {
                j += 1;
            }
            largest = largest.max((i as f64 / a.len() as f64 - j as f64 / b.len() as f64).abs());
        }
        largest
    }

    #[test]
    fn triangular_inputs_have_the_moments_of_the_closed_form() {
        for (low, mode, high) in TRIANGLES {
            let x = sample(InputLaw::Triangular { low, mode, high }, 40_000);
            let n = x.len() as f64;
            let mean = x.iter().sum::<f64>() / n;
            let variance = x.iter().map(|v| (v - mean).powi(2)).sum::<f64>() / n;
            let expected = (low + mode + high) / 3.0;
            let squares = low * low + mode * mode + high * high - low * mode - low * high - mode * high;
            let expected_variance = squares / 18.0;
            // The fourth moment of a triangular is 2.4 variances squared.
            assert!((mean - expected).abs() < 4.0 * (expected_variance / n).sqrt(), "mean {mean}");
            let error = expected_variance * (1.4 / n).sqrt();
            assert!((variance - expected_variance).abs() < 4.0 * error, "variance {variance}");
        }
    }

    #[test]
    fn triangular_inputs_are_distributed_as_those_of_rand_distr() {
        for (low, mode, high) in TRIANGLES {
            let ours = sample(InputLaw::Triangular { low, mode, high }, 20_000);
            let oracle = rand_distr::Triangular::new(low, high, mode).unwrap();
            let mut stream = Stream::new(random::key(5, "oracle", "inputs"), 0);
            let theirs: Vec<f64> = (0..20_000).map(|_| oracle.sample(&mut stream)).collect();
            // 1.63 is the 1 % point of the Kolmogorov distribution.
            assert!(distance(ours, theirs) * 100.0 < 1.63);
        }
    }

    #[test]
    fn the_inverse_meets_the_distribution_function() {
        // F(mode) = (mode - low) / (high - low), F(low) = 0, F(high) = 1.
        let law = InputLaw::Triangular { low: 2.0, mode: 3.0, high: 6.0 };
        assert!((law.at(0.25) - 3.0).abs() < 1e-12);
        assert!((law.at(1e-18) - 2.0).abs() < 1e-8);
        assert!((law.at(1.0 - 1e-16) - 6.0).abs() < 1e-7);
        // Above the mode 1 - F = (high - x)^2 / ((high - low)(high - mode)): at x = 4.5 it is 2.25 / 12.
        assert!((law.at(1.0 - 2.25 / 12.0) - 4.5).abs() < 1e-12);
    }

    #[test]
    fn a_switch_stands_with_the_mean_of_its_three_opinions() {
        assert_eq!(switch_probability(0.0, 0.0, 100.0), 1.0 / 3.0);
        let x = sample(InputLaw::Switch(1.0 / 3.0), 30_000);
        assert!(x.iter().all(|v| *v == 0.0 || *v == 100.0));
        let share = x.iter().filter(|v| **v == 100.0).count() as f64 / 30_000.0;
        assert!((share - 1.0 / 3.0).abs() < 4.0 * (2.0 / 9.0 / 30_000.0_f64).sqrt());
    }

    #[test]
    fn equal_bounds_are_a_constant_and_printed_inputs_do_not_vary() {
        let missing = |low, mode, high| Input::Missing { low, mode, high, basis: String::new() };
        assert_eq!(
            InputLaw::of(&missing(100.0, 100.0, 100.0), &SubIndicatorKind::Switch),
            InputLaw::Constant(100.0)
        );
        assert_eq!(
            InputLaw::of(&missing(0.0, 0.0, 100.0), &SubIndicatorKind::Switch),
            InputLaw::Switch(1.0 / 3.0)
        );
        let printed =
            Input::Printed { value: 7.0, fraction: None, source: String::new(), note: String::new() };
        assert_eq!(InputLaw::of(&printed, &SubIndicatorKind::Switch), InputLaw::Constant(7.0));
    }
}
