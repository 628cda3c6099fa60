//! Correlation of two series and its interval.

use super::moments::Z95;

/// Pearson's correlation; none where there are fewer than three pairs or one of the two does not vary.
pub fn pearson(pairs: &[(f64, f64)]) -> Option<f64> {
    let n = pairs.len() as f64;
    let (x, y) = (pairs.iter().map(|p| p.0).sum::<f64>() / n, pairs.iter().map(|p| p.1).sum::<f64>() / n);
    let sum = |f: &dyn Fn(f64, f64) -> f64| pairs.iter().map(|p| f(p.0 - x, p.1 - y)).sum::<f64>();
    let size = (sum(&|u, _| u * u) * sum(&|_, v| v * v)).sqrt();
    (pairs.len() >= 3 && size > 0.0).then(|| (sum(&|u, v| u * v) / size).clamp(-1.0, 1.0))
}

/// 95 % interval of a correlation of n pairs by Fisher's transformation, atanh r +- 1.96/sqrt(n - 3); none of
/// three pairs or fewer.
pub fn fisher_interval(r: f64, n: usize) -> Option<(f64, f64)> {
    let half = Z95 / (n.checked_sub(3).filter(|m| *m > 0)? as f64).sqrt();
    Some(((r.atanh() - half).tanh(), (r.atanh() + half).tanh()))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Fisher (1921): r = 0.6 of 28 pairs has atanh 0.6931 and the interval tanh(0.6931 -+ 0.3920).
    #[test]
    fn the_interval_of_a_correlation_is_fishers() {
        let (low, high) = fisher_interval(0.6, 28).unwrap();
        assert!((low - 0.29237).abs() < 1e-5 && (high - 0.79510).abs() < 1e-5, "{low} {high}");
        assert_eq!(fisher_interval(0.6, 3), None);
        let line: Vec<(f64, f64)> = (0..9).map(|k| (f64::from(k), 3.0 - 2.0 * f64::from(k))).collect();
        assert!((pearson(&line).unwrap() + 1.0).abs() < 1e-15);
        assert_eq!(pearson(&line[..2]), None);
        assert_eq!(pearson(&[(1.0, 2.0); 5]), None);
    }
}
