//! The law of delivery: the share s of a plan that a run of a town delivers.
//!
//! s = Q(Phi(z)): Q the quantile function of a Beta law on 0..max with the mean and sd that the case gives, z a
//! standard normal of the run and town, sqrt(r) of it common to the region (a Gaussian copula). Q(Phi(.)) is made once,
//! as a table over z, and read by straight lines between its entries. The table is made of + - * / sqrt and of
//! [`math`]'s exp and ln alone, so that its bits do not depend on the machine.

use crate::case::Delivery;
use crate::math;

/// Entries of the table to a unit of z.
const STEPS: f64 = 64.0;
/// The table reaches from -END to END; a z beyond it is taken as that end (one run in 10^15).
const END: f64 = 8.0;
/// Terms of a continued fraction at most: enough for an sd of a thousandth.
const TERMS: usize = 20_000;

/// How the share of a scenario is drawn.
#[derive(Debug, Clone, PartialEq)]
pub enum DeliveryLaw {
    /// The same share in every run.
    Fixed(f64),
    /// Drawn: Q(Phi(z)) at z = -END, -END + 1/STEPS, ..
    Drawn {
        /// The table.
        quantiles: Vec<f64>,
        /// Mean of s.
        mean: f64,
        /// Variance of s.
        variance: f64,
    },
}

impl DeliveryLaw {
    /// The law of a scenario; its mean where it is not drawn.
    pub fn new(delivery: &Delivery, drawn: bool) -> Self {
        let Delivery { mean, sd, max, .. } = *delivery;
        if sd == 0.0 || !drawn {
            return Self::Fixed(mean);
        }
        let (m, v) = (mean / max, (sd / max) * (sd / max));
        let precision = m * (1.0 - m) / v - 1.0;
        let (a, b) = (m * precision, (1.0 - m) * precision);
        let half = (END * STEPS) as usize;
        let scores = || (0..=half).map(|k| -(k as f64) / STEPS);
        // Each half is a lower tail of its own: of s below the median, of max - s above it.
        let below = lower_quantiles(a, b, scores());
        let above = lower_quantiles(b, a, scores());
        let upper = above.iter().skip(1).map(|y| max * (1.0 - y));
        let quantiles = below.iter().rev().map(|x| max * x).chain(upper).collect();
        Self::Drawn { quantiles, mean, variance: sd * sd }
    }

    /// Mean of s.
    pub fn mean(&self) -> f64 {
        match self {
            Self::Fixed(share) => *share,
            Self::Drawn { mean, .. } => *mean,
        }
    }

    /// Variance of s.
    pub fn variance(&self) -> f64 {
        match self {
            Self::Fixed(_) => 0.0,
            Self::Drawn { variance, .. } => *variance,
        }
    }

    /// The share at a normal score: never falling in z.
    #[inline(always)]
    pub fn share(&self, z: f64) -> f64 {
        match self {
            Self::Fixed(share) => *share,
            Self::Drawn { quantiles, .. } => {
                let place = ((z + END) * STEPS).clamp(0.0, (quantiles.len() - 2) as f64);
                let k = (place as usize).min(quantiles.len() - 2);
                let part = place - k as f64;
                quantiles[k] + part * (quantiles[k + 1] - quantiles[k])
            }
        }
    }
}

/// x with I_x(a, b) = Phi(z), for falling z <= 0.
fn lower_quantiles(a: f64, b: f64, scores: impl Iterator<Item = f64>) -> Vec<f64> {
    let beta = IncompleteBeta::new(a, b);
    // Newton's method for ln I as a function of ln x, from the last solution on, kept between two bounds.
    let mut ln_x = math::ln(a / (a + b));
    scores
        .map(|z| {
            let ln_p = ln_lower_tail(z);
            let (mut low, mut high) = (-690.0, 0.0);
            for _ in 0..200 {
                let (ln_i, slope) = beta.ln_and_slope(ln_x);
                let gap = ln_p - ln_i;
                if gap > 0.0 {
                    low = ln_x;
                } else {
                    high = ln_x;
                }
                let newton = ln_x + gap / slope;
                let next = if newton > low && newton < high { newton } else { 0.5 * (low + high) };
                let step = (next - ln_x).abs();
                ln_x = next;
                if step < 1e-14 || high - low < 1e-14 {
                    break;
                }
            }
            math::exp(ln_x)
        })
        .collect()
}

/// I_x(a, b), the distribution function of the Beta law.
struct IncompleteBeta {
    a: f64,
    b: f64,
    /// ln B(a, b).
    ln_beta: f64,
}

impl IncompleteBeta {
    /// B(a, b) is what both tails add up to at the point where both continued fractions are short.
    fn new(a: f64, b: f64) -> Self {
        let x = (a + 1.0) / (a + b + 2.0);
        let common = a * math::ln(x) + b * math::ln(1.0 - x);
        let tails = fraction(a, b, x) / a + fraction(b, a, 1.0 - x) / b;
        Self { a, b, ln_beta: common + math::ln(tails) }
    }

    /// ln I and d ln I / d ln x = x f(x) / I at x.
    fn ln_and_slope(&self, ln_x: f64) -> (f64, f64) {
        let Self { a, b, ln_beta } = *self;
        let x = math::exp(ln_x).min(1.0 - 1e-16);
        let rest = 1.0 - x;
        let ln_front = a * ln_x + b * math::ln(rest) - ln_beta;
        let ln_i = if x < (a + 1.0) / (a + b + 2.0) {
            ln_front + math::ln(fraction(a, b, x) / a)
        } else {
            let upper = math::exp(ln_front) * fraction(b, a, rest) / b;
            math::ln((1.0 - upper).max(1e-300))
        };
        (ln_i, math::exp(ln_front - ln_i) / rest)
    }
}

/// The continued fraction F with I_x(a, b) = x^a (1 - x)^b F / (a B(a, b)) (DLMF 8.17.22), by Lentz's method.
fn fraction(a: f64, b: f64, x: f64) -> f64 {
    const TINY: f64 = 1e-300;
    let floor = |x: f64| if x.abs() < TINY { TINY } else { x };
    let mut c = 1.0;
    let mut d = 1.0 / floor(1.0 - (a + b) * x / (a + 1.0));
    let mut value = d;
    for m in 1..TERMS {
        let m = m as f64;
        let even = m * (b - m) * x / ((a + 2.0 * m - 1.0) * (a + 2.0 * m));
        let odd = -(a + m) * (a + b + m) * x / ((a + 2.0 * m) * (a + 2.0 * m + 1.0));
        let mut change = 1.0;
        for term in [even, odd] {
            d = 1.0 / floor(1.0 + term * d);
            c = floor(1.0 + term / c);
            change = c * d;
            value *= change;
        }
        if (change - 1.0).abs() < 1e-15 {
            break;
        }
    }
    value
}

/// ln Phi(z) for z <= 0: by the series of Phi about 0, far out by its continued fraction (DLMF 7.9.3).
fn ln_lower_tail(z: f64) -> f64 {
    let x = -z;
    let ln_density = -0.5 * x * x - 0.5 * math::ln(2.0 * std::f64::consts::PI);
    if x < 3.0 {
        let (mut term, mut sum, mut n) = (x, x, 1.0);
        while term > 1e-18 * sum {
            n += 2.0;
            term *= x * x / n;
            sum += term;
        }
        return math::ln(0.5 - math::exp(ln_density) * sum);
    }
    let below = (1..=100).rev().fold(x, |rest, k| x + f64::from(k) / rest);
    ln_density - math::ln(below)
}

#[cfg(test)]
mod tests {
    use super::*;
    use statrs::distribution::{Beta, ContinuousCDF, Normal};

    const LAWS: [(f64, f64, f64); 6] = [
        (0.7, 0.2, 1.0),
        (0.9, 0.15, 1.2),
        (0.5, 0.45, 1.0),
        (0.95, 0.04, 1.0),
        (0.3, 0.25, 1.0),
        (0.6, 0.001, 1.0),
    ];

    fn law((mean, sd, max): (f64, f64, f64)) -> DeliveryLaw {
        DeliveryLaw::new(&Delivery { mean, sd, max, late: 0 }, true)
    }

    /// Each entry inverts the distribution functions of another library.
    #[test]
    fn the_table_is_the_quantile_function_of_a_beta_law_with_that_mean_and_sd() {
        let normal = Normal::new(0.0, 1.0).unwrap();
        for (mean, sd, max) in LAWS {
            let (m, v) = (mean / max, (sd / max).powi(2));
            let precision = m * (1.0 - m) / v - 1.0;
            let oracle = Beta::new(m * precision, (1.0 - m) * precision).unwrap();
            let law = law((mean, sd, max));
            for k in -48..=48 {
                let z = f64::from(k) / 8.0;
                let share = law.share(z) / max;
                let (found, wanted) = if z <= 0.0 {
                    (oracle.cdf(share), normal.cdf(z))
                } else {
                    (oracle.sf(share), normal.sf(z))
                };
                // Near 1 the share itself has no more digits than these.
                let digits = oracle_density(&oracle, share) * 4e-16;
                assert!(
                    (found / wanted - 1.0).abs() < 1e-6 + digits / wanted,
                    "{mean} {sd} {max} at {z}: {found} {wanted}"
                );
            }
        }
    }

    fn oracle_density(oracle: &Beta, x: f64) -> f64 {
        use statrs::distribution::Continuous;
        if x <= 0.0 || x >= 1.0 { f64::INFINITY } else { oracle.pdf(x) }
    }

    /// Straight lines between the entries move mean and sd by less than any Monte Carlo error can show.
    #[test]
    fn what_is_read_from_the_table_has_the_mean_and_sd() {
        for (mean, sd, max) in LAWS {
            let law = law((mean, sd, max));
            let step = 1.0 / 1000.0;
            let (mut total, mut first, mut second) = (0.0, 0.0, 0.0);
            for k in -8000..=8000 {
                let z = f64::from(k) * step;
                let weight = (-0.5 * z * z).exp();
                let s = law.share(z);
                assert!((0.0..=max).contains(&s));
                total += weight;
                first += weight * s;
                second += weight * (s - mean) * (s - mean);
            }
            assert!((first / total - mean).abs() < 3e-6, "{mean} {sd}: {}", first / total - mean);
            assert!(
                ((second / total).sqrt() / sd - 1.0).abs() < 1e-4,
                "{mean} {sd}: {}",
                (second / total).sqrt()
            );
        }
    }

    #[test]
    fn the_lower_tail_is_the_normal_laws() {
        let normal = Normal::new(0.0, 1.0).unwrap();
        for k in 0..=64 {
            let z = -f64::from(k) / 8.0;
            assert!((ln_lower_tail(z) - normal.cdf(z).ln()).abs() < 1e-9, "{z}");
        }
    }

    #[test]
    fn a_share_without_spread_is_the_same_in_every_run() {
        let fixed = DeliveryLaw::new(&Delivery::fixed(0.4), true);
        assert_eq!((fixed.share(-3.0), fixed.share(3.0), fixed.variance()), (0.4, 0.4, 0.0));
        let undrawn = DeliveryLaw::new(&Delivery { mean: 0.7, sd: 0.2, ..Delivery::WHOLE }, false);
        assert_eq!(undrawn, DeliveryLaw::Fixed(0.7));
    }
}
