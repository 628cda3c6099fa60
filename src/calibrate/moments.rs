//! Moments of a sample.

/// Half the width of a 95 % interval in standard errors of a normal.
pub(super) const Z95: f64 = 1.959_963_984_540_054;

/// Arithmetic mean.
pub(super) fn mean(x: &[f64]) -> f64 {
    x.iter().sum::<f64>() / x.len() as f64
}

/// Variance around the mean, by n - 1.
pub(super) fn variance(x: &[f64]) -> f64 {
    let m = mean(x);
    x.iter().map(|v| (v - m).powi(2)).sum::<f64>() / (x.len() as f64 - 1.0)
}
