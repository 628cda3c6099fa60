//! Reversion of a log price to a level: z\[t\] = z\[t-1\] - rho (z\[t-1\] - mu) + e\[t\].
//!
//! phi = 1 - rho by least squares of the changes on the level. In small samples it lies below the truth by about
//! (1 + 3 phi)/n (Kendall 1954, doi:10.1093/biomet/41.3-4.403), so that reversion looks faster than it is;
//! solving phi_ols = phi - (1 + 3 phi)/n gives phi = (n phi_ols + 1)/(n - 3).

use super::moments::{Z95, mean};

/// A price whose logarithm moves by less a year does not vary.
const LEAST_SD: f64 = 1e-9;

/// A fitted reversion.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Reversion {
    /// Number of changes.
    pub changes: usize,
    /// rho by least squares.
    pub raw: f64,
    /// Its standard error.
    pub raw_se: f64,
    /// rho with Kendall's correction, not below 0.
    pub rate: f64,
    /// Its standard error: that of least squares times n/(n - 3).
    pub rate_se: f64,
    /// Half-life in years, ln 2 / -ln(1 - rho); infinite for rho = 0.
    pub half_life: f64,
    /// Its 95 % interval, from that of rho.
    pub half_life_interval: (f64, f64),
    /// mu, the log of the level.
    pub level: f64,
    /// Its standard error, s/(rho sqrt n) by least squares.
    pub level_se: f64,
    /// s, the standard deviation of e, by n - 2.
    pub sd: f64,
    /// Dickey and Fuller's t of rho against a walk, with a constant.
    pub t: f64,
    /// The value below which 5 % of these t lie for a walk: -2.8621 - 2.738/n - 8.36/n^2 (MacKinnon 2010).
    pub critical: f64,
}

impl Reversion {
    /// True where a random walk is rejected at 5 %.
    pub fn is_firm(&self) -> bool {
        self.t < self.critical
    }
}

/// Half-life of a rate a year.
fn half_life(rate: f64) -> f64 {
    if rate >= 1.0 {
        0.0
    } else if rate <= 0.0 {
        f64::INFINITY
    } else {
        -std::f64::consts::LN_2 / (1.0 - rate).ln()
    }
}

/// Fits a reversion to log prices a year apart; none of fewer than six, or where they do not vary.
pub fn reversion(z: &[f64]) -> Option<Reversion> {
    let changes = z.len().checked_sub(1).filter(|n| *n > 4)?;
    let n = changes as f64;
    let x = &z[..changes];
    let y: Vec<f64> = z.windows(2).map(|w| w[1] - w[0]).collect();
    let (mx, my) = (mean(x), mean(&y));
    let sxx: f64 = x.iter().map(|v| (v - mx).powi(2)).sum();
    let sxy: f64 = x.iter().zip(&y).map(|(v, w)| (v - mx) * (w - my)).sum();
    let slope = sxy / sxx;
    let residual = |(v, w): (&f64, &f64)| w - my - slope * (v - mx);
    let sd = (x.iter().zip(&y).map(residual).map(|e| e * e).sum::<f64>() / (n - 2.0)).sqrt();
    let raw_se = sd / sxx.sqrt();
    // What rounding leaves of a constant is no movement.
    if !(sxx > 0.0 && sd > LEAST_SD) {
        return None;
    }
    let raw = -slope;
    let rate = (1.0 - (n * (1.0 - raw) + 1.0) / (n - 3.0)).clamp(0.0, 1.0);
    let rate_se = raw_se * n / (n - 3.0);
    // A level that nothing returns to is not defined: the mean, with the spread of the prices.
    let spread = (sxx / (n - 1.0)).sqrt();
    let (level, level_se) =
        if raw > 0.0 { (mx + my / raw, (sd / (raw * n.sqrt())).min(spread)) } else { (mean(z), spread) };
    Some(Reversion {
        changes,
        raw,
        raw_se,
        rate,
        rate_se,
        half_life: half_life(rate),
        half_life_interval: (half_life(rate + Z95 * rate_se), half_life(rate - Z95 * rate_se)),
        level,
        level_se,
        sd,
        t: slope / raw_se,
        critical: -2.8621 - 2.738 / n - 8.36 / (n * n),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand::SeedableRng;
    use rand_distr::{Distribution, StudentT};

    fn path(rng: &mut rand::rngs::Xoshiro256PlusPlus, rate: f64, years: usize) -> Vec<f64> {
        let t5 = StudentT::new(5.0).unwrap();
        let mut z = 8.0;
        let mut step = || {
            let e: f64 = t5.sample(rng);
            z += -rate * (z - 8.0) + 0.3 * e / (5.0_f64 / 3.0).sqrt();
            z
        };
        (0..50).for_each(|_| {
            step();
        });
        (0..years).map(|_| step()).collect()
    }

    /// 2000 histories of 60 years with fat tails: the corrected rate is right on average where the raw one is not,
    /// its interval covers, s is right, the level is right and covered.
    #[test]
    fn known_parameters_are_recovered_with_intervals_that_cover() {
        const PATHS: usize = 2000;
        let mut rng = rand::rngs::Xoshiro256PlusPlus::seed_from_u64(11);
        for truth in [0.2, 0.4] {
            let fits: Vec<Reversion> =
                (0..PATHS).map(|_| reversion(&path(&mut rng, truth, 60)).unwrap()).collect();
            let average = |f: &dyn Fn(&Reversion) -> f64| fits.iter().map(f).sum::<f64>() / PATHS as f64;
            let share =
                |f: &dyn Fn(&Reversion) -> bool| fits.iter().filter(|r| f(r)).count() as f64 / PATHS as f64;
            let (raw, rate) = (average(&|r| r.raw) - truth, average(&|r| r.rate) - truth);
            assert!(raw > 0.03 && rate.abs() < 0.25 * raw, "{truth}: bias {raw} before, {rate} after");
            let covered = share(&|r| (r.rate - truth).abs() < Z95 * r.rate_se);
            assert!((0.92..0.98).contains(&covered), "{truth}: rate covered in {covered}");
            let half_life = -2.0_f64.ln() / (1.0 - truth).ln();
            let inside =
                share(&|r| r.half_life_interval.0 <= half_life && half_life <= r.half_life_interval.1);
            assert!((0.92..0.98).contains(&inside), "{truth}: half-life covered in {inside}");
            assert!((average(&|r| r.sd) - 0.3).abs() < 0.01, "{}", average(&|r| r.sd));
            assert!((average(&|r| r.level) - 8.0).abs() < 0.02, "{}", average(&|r| r.level));
        }
    }

    /// The size of the unit-root test: of walks about 5 % are called firm.
    #[test]
    fn a_walk_is_called_a_reversion_as_often_as_stated() {
        let mut rng = rand::rngs::Xoshiro256PlusPlus::seed_from_u64(12);
        let firm = (0..4000).filter(|_| reversion(&path(&mut rng, 0.0, 60)).unwrap().is_firm()).count();
        assert!((0.035..0.07).contains(&(firm as f64 / 4000.0)), "{firm} of 4000");
    }

    #[test]
    fn what_does_not_vary_has_no_reversion() {
        assert_eq!(reversion(&[1.0; 30]), None);
        let rounding: Vec<f64> =
            (0..30).map(|k| (1.0 + f64::from(k)).ln() + (1.0 / (1.0 + f64::from(k))).ln()).collect();
        assert_eq!(reversion(&rounding), None);
        assert_eq!(reversion(&[1.0, 2.0, 1.5, 1.2, 1.1]), None);
    }
}
