//! How fat the tails of innovations are: the degrees of freedom of a Student-t, by maximum likelihood.

use statrs::distribution::{Continuous, StudentsT};

/// Degrees of freedom that are tried; the last stands for the normal.
const FEWEST: f64 = 2.1;
const MOST: f64 = 100.0;
const STEPS: u32 = 120;
/// Half the 95 % quantile of chi-squared with one degree of freedom: the fall of the log likelihood at the ends of
/// the profile interval.
const FALL: f64 = 1.920_729;

/// Fitted degrees of freedom.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Tails {
    /// Degrees of freedom; 100 stands for a normal.
    pub degrees: f64,
    /// Their 95 % interval by the profile likelihood; 2.1 and 100 are the ends of what is tried.
    pub interval: (f64, f64),
    /// Number of innovations.
    pub count: usize,
}

/// Fits one number of degrees of freedom to series of innovations, each with a scale of its own.
pub fn tails(series: &[Vec<f64>]) -> Option<Tails> {
    let series: Vec<&Vec<f64>> = series.iter().filter(|s| s.iter().any(|x| *x != 0.0)).collect();
    let count = series.iter().map(|s| s.len()).sum();
    let degrees = |k: u32| FEWEST * (MOST / FEWEST).powf(f64::from(k) / f64::from(STEPS));
    let likelihood = |nu: f64| series.iter().map(|s| profile(s, nu)).sum::<f64>();
    let profile: Vec<(f64, f64)> = (0..=STEPS).map(|k| (degrees(k), likelihood(degrees(k)))).collect();
    let best = profile.iter().copied().max_by(|a, b| a.1.total_cmp(&b.1)).filter(|_| count > 0)?;
    let inside = || profile.iter().filter(|p| best.1 - p.1 <= FALL).map(|p| p.0);
    let interval = (inside().next().unwrap_or(best.0), inside().next_back().unwrap_or(best.0));
    Some(Tails { degrees: best.0, interval, count })
}

/// Log likelihood at the best scale, which is a fixed point of s^2 = mean((nu + 1) x^2 / (nu + x^2/s^2)).
fn profile(x: &[f64], nu: f64) -> f64 {
    let n = x.len() as f64;
    let mut s2 = x.iter().map(|v| v * v).sum::<f64>() / n;
    for _ in 0..60 {
        s2 = x.iter().map(|v| (nu + 1.0) * v * v / (nu + v * v / s2)).sum::<f64>() / n;
    }
    StudentsT::new(0.0, s2.sqrt(), nu).map_or(f64::NEG_INFINITY, |t| x.iter().map(|v| t.ln_pdf(*v)).sum())
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand::SeedableRng;
    use rand_distr::{Distribution, StudentT};

    #[test]
    fn known_degrees_of_freedom_are_recovered_and_covered() {
        let mut rng = rand::rngs::Xoshiro256PlusPlus::seed_from_u64(21);
        let t5 = StudentT::new(5.0).unwrap();
        let mut draw =
            |n: usize, scale: f64| (0..n).map(|_| scale * t5.sample(&mut rng)).collect::<Vec<f64>>();
        let covered = (0..120)
            .filter(|_| {
                let found = tails(&[draw(100, 0.2), draw(100, 0.4), draw(100, 1.0)]).unwrap();
                found.interval.0 <= 5.0 && 5.0 <= found.interval.1
            })
            .count();
        assert!(covered >= 106, "{covered} of 120");
        let many = tails(&[draw(20_000, 0.3)]).unwrap();
        assert!((many.degrees - 5.0).abs() < 0.5 && many.interval.1 - many.interval.0 < 1.5, "{many:?}");
        assert_eq!(tails(&[vec![0.0; 9]]), None);
    }
}
