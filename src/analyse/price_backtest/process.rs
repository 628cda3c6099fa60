//! The processes that are scored, fitted on years up to an origin, and their draws.
//!
//! With z the log of the real December price, e and u of variance 1 with one scale a year (a Student-t of five degrees
//! of freedom, as everywhere), s the sd of innovations:
//!
//! ```text
//! walk:            z' = z + s e
//! reversion:       z' = z - rho (z - mu) + s e,   mu ~ Normal(its estimate, its error)
//! mixture:         one of the two, with even odds
//! reversion with jumps:  reversion with normal e, and with probability p a year a jump ~ Normal(m, v)
//! block bootstrap: z' = z + d, ln P = z' - d/2 + w: (d, w) of history in blocks of three years, the mean of d taken off
//! all but the last: ln P = (z + z')/2 + s u / sqrt(12)
//! ```

use crate::calibrate::{Reversion, reversion};
use crate::random::Stream;

/// Years that are drawn.
pub(super) const HORIZON: usize = 10;
/// Length of the blocks of the bootstrap, in years.
const BLOCK: usize = 3;
/// Innovations beyond so many robust standard deviations (1.4826 times the median of their sizes) are jumps.
const JUMP: f64 = 2.5;
/// Even odds of walk and reversion in the mixture.
const WALK: f64 = 0.5;
/// Floor of the scale, as in prices.toml of the shipped case.
const FLOOR: f64 = 0.05;

/// A process that prices may follow.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Process {
    /// Random walk without drift.
    Walk,
    /// Return to a level.
    Reversion,
    /// One of the two, with even odds.
    Mixture,
    /// Return to a level, with jumps.
    Jumps,
    /// History's changes again, in blocks of three years.
    Bootstrap,
}

impl Process {
    /// Every process; the first is what others are measured against.
    pub const ALL: [Self; 5] = [Self::Walk, Self::Reversion, Self::Mixture, Self::Jumps, Self::Bootstrap];

    /// Identifier.
    pub fn id(self) -> &'static str {
        match self {
            Self::Walk => "random_walk",
            Self::Reversion => "mean_reversion",
            Self::Mixture => "mixture",
            Self::Jumps => "reversion_with_jumps",
            Self::Bootstrap => "block_bootstrap",
        }
    }
}

/// Everything that is fitted at an origin.
#[derive(Debug)]
pub(super) struct Fitted {
    start: f64,
    sd_walk: f64,
    reversion: Reversion,
    jumps: Jumps,
    /// (change of the December, less its mean; deviation of the average from the midpoint) of each year.
    history: Vec<(f64, f64)>,
    /// Width of the kernel that smooths the bootstrap's density: Silverman's for one year's outcome.
    kernel: f64,
}

#[derive(Debug, Clone, Copy)]
struct Jumps {
    probability: f64,
    mean: f64,
    sd: f64,
    /// Sd of the other innovations.
    calm: f64,
}

impl Fitted {
    /// Fits to log annual averages and Decembers up to the origin; none where they do not vary.
    pub(super) fn new(average: &[f64], december: &[f64]) -> Option<Self> {
        let reversion = reversion(december)?;
        let changes: Vec<f64> = december.windows(2).map(|w| w[1] - w[0]).collect();
        let n = changes.len() as f64;
        let mean = changes.iter().sum::<f64>() / n;
        let deviation = |k: usize| average[k + 1] - 0.5 * (december[k] + december[k + 1]);
        let history: Vec<(f64, f64)> =
            changes.iter().enumerate().map(|(k, d)| (d - mean, deviation(k))).collect();
        let sd_walk = (changes.iter().map(|d| d * d).sum::<f64>() / n).sqrt();
        let pull = |w: &[f64]| w[1] - w[0] + reversion.rate * (w[0] - reversion.level);
        Some(Self {
            start: *december.last()?,
            jumps: Jumps::fit(&december.windows(2).map(pull).collect::<Vec<f64>>()),
            kernel: 0.9 * sd_walk / 3.0_f64.sqrt() * n.powf(-0.2),
            sd_walk,
            reversion,
            history,
        })
    }

    /// Draws one path: of each year the normal that it ends with, (mean, sd), and a value of that normal.
    pub(super) fn draw(
        &self,
        process: Process,
        stream: &mut Stream,
        components: &mut [Vec<(f64, f64)>],
        draws: &mut [Vec<f64>],
    ) {
        let mut step = |h: usize, (mean, sd): (f64, f64), value: f64| {
            components[h].push((mean, sd));
            draws[h].push(value);
        };
        // Every process takes the same words of a stream, so that luck is common to all.
        let uniform = stream.uniform();
        let (error, _) = stream.normal_pair();
        let mut z = self.start;
        if process == Process::Bootstrap {
            let mut place = 0;
            for h in 0..HORIZON {
                let (u, (noise, _)) = (stream.uniform(), stream.normal_pair());
                place = if h % BLOCK == 0 { (u * self.history.len() as f64) as usize } else { place + 1 };
                let (change, deviation) = self.history[place % self.history.len()];
                let mean = z + 0.5 * change + deviation;
                step(h, (mean, self.kernel), mean + self.kernel * noise);
                z += change;
            }
            return;
        }
        let walks = process == Process::Walk || (process == Process::Mixture && uniform < WALK);
        let rate = if walks { 0.0 } else { self.reversion.rate };
        let level = self.reversion.level + self.reversion.level_se * error;
        let with_jumps = process == Process::Jumps;
        let sd = if walks {
            self.sd_walk
        } else if with_jumps {
            self.jumps.calm
        } else {
            self.reversion.sd
        };
        for h in 0..HORIZON {
            let (e, u) = stream.normal_pair();
            let (scale, jump) = (scale(stream), self.jumps.draw(stream));
            let (s, jump) = if with_jumps { (sd, jump) } else { (sd * scale, 0.0) };
            // Without e and u; half of a jump is in the average of its year.
            let end = z - rate * (z - level) + jump;
            let centre = 0.5 * (z + end);
            step(h, (centre, s / 3.0_f64.sqrt()), centre + 0.5 * s * e + s * u / 12.0_f64.sqrt());
            z = end + s * e;
        }
    }
}

/// Root of the year's variance: 1/sqrt(max(chi-squared(5)/3, floor)).
fn scale(stream: &mut Stream) -> f64 {
    let (a, b, (n, _)) = (stream.uniform(), stream.uniform(), stream.normal_pair());
    1.0 / ((-2.0 * (a * b).ln() + n * n) / 3.0).max(FLOOR).sqrt()
}

impl Jumps {
    fn fit(innovations: &[f64]) -> Self {
        let mut sizes: Vec<f64> = innovations.iter().map(|e| e.abs()).collect();
        sizes.sort_by(f64::total_cmp);
        let bound = JUMP * 1.4826 * sizes[sizes.len() / 2];
        let (large, calm): (Vec<f64>, Vec<f64>) = innovations.iter().partition(|e| e.abs() > bound);
        let rms = |x: &[f64]| (x.iter().map(|v| v * v).sum::<f64>() / x.len().max(1) as f64).sqrt();
        let n = large.len() as f64;
        let mean = if large.is_empty() { 0.0 } else { large.iter().sum::<f64>() / n };
        let spread = large.iter().map(|v| (v - mean).powi(2)).sum::<f64>() / n.max(1.0);
        Self {
            probability: n / innovations.len() as f64,
            mean,
            // One jump alone has no spread: as wide as it is long.
            sd: if large.len() < 2 { mean.abs() } else { spread.sqrt() },
            calm: rms(&calm),
        }
    }

    /// A jump or 0; always the same number of draws.
    fn draw(self, stream: &mut Stream) -> f64 {
        let (u, (w, _)) = (stream.uniform(), stream.normal_pair());
        if u < self.probability { self.mean + self.sd * w } else { 0.0 }
    }
}
