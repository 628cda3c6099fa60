//! Intervals of estimates, by the bootstrap.

use super::law::standard_normal;

/// An estimate between the ends of its 95 % interval.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Interval {
    /// The estimate.
    pub value: f64,
    /// Lower end; NaN where no interval was asked for.
    pub low: f64,
    /// Upper end; NaN where no interval was asked for.
    pub high: f64,
}

impl Interval {
    /// The estimate, and 1.96 standard deviations of its resamples to either side (Efron and Tibshirani 1993,
    /// the normal interval, which SALib gives too: with a hundred resamples their 2.5 % quantiles are rough).
    pub(crate) fn normal(value: f64, resamples: &[f64]) -> Self {
        let half = standard_normal(0.975) * sd(resamples);
        Self { value, low: value - half, high: value + half }
    }

    /// An estimate alone.
    pub fn without(value: f64) -> Self {
        Self { value, low: f64::NAN, high: f64::NAN }
    }
}

/// Standard deviation with n - 1; NaN for fewer than two numbers.
pub(crate) fn sd(x: &[f64]) -> f64 {
    if x.len() < 2 {
        return f64::NAN;
    }
    let mean = mean(x);
    (x.iter().map(|v| (v - mean) * (v - mean)).sum::<f64>() / (x.len() - 1) as f64).sqrt()
}

/// The mean; NaN of nothing.
pub(crate) fn mean(x: &[f64]) -> f64 {
    x.iter().sum::<f64>() / x.len() as f64
}

/// Variance with n, and the mean.
pub(crate) fn variance(x: &[f64]) -> (f64, f64) {
    let mean = mean(x);
    (x.iter().map(|v| (v - mean) * (v - mean)).sum::<f64>() / x.len() as f64, mean)
}

/// How often each of n things is drawn in a resample of n with replacement.
pub(crate) fn multiplicities(n: usize, seed: u64, subject: &str, resample: usize) -> Vec<u32> {
    let mut stream =
        crate::random::Stream::new(crate::random::key(seed, subject, "resample"), resample as u64);
    let mut counts = vec![0; n];
    for _ in 0..n {
        counts[below(&mut stream, n)] += 1;
    }
    counts
}

/// A whole number below n, n < 2^32 (multiply and shift; its bias is below n / 2^64).
pub(crate) fn below(stream: &mut crate::random::Stream, n: usize) -> usize {
    ((u128::from(stream.word()) * n as u128) >> 64) as usize
}
