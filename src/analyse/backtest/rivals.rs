//! Who forecasts: the model as shipped, the model with innovations that know no year after the origin, and rivals that
//! anybody could use.
//!
//! Rivals are fitted on the n yearly changes d of all towns up to the origin, on the link scale; h years ahead of z:
//!
//! ```text
//! no change:             z,                          s^2
//! random walk:           z,                          s^2 h
//! drift:                 z + h m,                    v^2 (h + h^2/n)           m the mean change
//! damped trend:          z + m D,                    v^2 (h + D^2/n)           D = 0.8 + .. + 0.8^h
//! pooled AR(1):          a + b z, h times,           u^2 (1 + b^2 + .. + b^(2h-2))   b in 0..1, least squares
//! random walk, prices:   z + c dx,                   w^2 (h + dx^2/sum dx^2)   dx the change of the price level
//! ```
//!
//! Each variance is the sum of squared residuals over n - k - 2, k the number of coefficients: the mean of the variance
//! given the residuals under Jeffreys' prior, so that a spread fitted on few changes is wider. The damped trend's 0.8 is
//! the lower end of what is usual (Gardner and McKenzie 1985, doi:10.1287/mnsc.31.10.1237); few years cannot tell it.

use super::terms::LEAST_CHANGES;
use crate::analyse::mixture::Mixture;

/// Who forecasts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Forecaster {
    /// The model with the case's own numbers.
    Model,
    /// The model with each driver's sigma from the changes up to the origin.
    Blind,
    /// It stays, give or take a year's change.
    NoChange,
    /// Random walk without drift.
    Walk,
    /// Random walk with the towns' mean change.
    Drift,
    /// The mean change, which dies away.
    Damped,
    /// First-order autoregression, one for all towns.
    Autoregression,
    /// Random walk that moves with prices, where these are known.
    PricedWalk,
}

impl Forecaster {
    /// All of them.
    pub const ALL: [Self; 8] = [
        Self::Model,
        Self::Blind,
        Self::NoChange,
        Self::Walk,
        Self::Drift,
        Self::Damped,
        Self::Autoregression,
        Self::PricedWalk,
    ];
    /// Place in [`Forecaster::ALL`] of the first rival.
    pub(super) const FIRST_RIVAL: usize = 2;

    /// Identifier.
    pub fn id(self) -> &'static str {
        match self {
            Self::Model => "model",
            Self::Blind => "model_blind",
            Self::NoChange => "no_change",
            Self::Walk => "random_walk",
            Self::Drift => "drift",
            Self::Damped => "damped_trend",
            Self::Autoregression => "pooled_ar1",
            Self::PricedWalk => "random_walk_prices",
        }
    }
}

/// One year's change of a town.
#[derive(Debug, Clone, Copy)]
pub(super) struct Change {
    pub(super) from: f64,
    pub(super) to: f64,
    /// Change of the town's log price level; 0 where it is not known.
    pub(super) price: f64,
}

/// What damps the trend.
const DAMPING: f64 = 0.8;

/// The rivals of one origin.
#[derive(Debug, Clone, Copy)]
pub(super) struct Rivals {
    count: f64,
    /// s^2 of the walk.
    square: f64,
    /// Mean change and the variance around it.
    trend: (f64, f64),
    /// a, b and the variance around them.
    autoregression: (f64, f64, f64),
    /// c, its variance around, and the sum of dx^2.
    priced: (f64, f64, f64),
}

impl Rivals {
    /// Fits them; none of fewer than [`LEAST_CHANGES`] changes or where nothing changes.
    pub(super) fn fit(changes: &[Change]) -> Option<Self> {
        let n = changes.len() as f64;
        if changes.len() < LEAST_CHANGES {
            return None;
        }
        let sum = |f: &dyn Fn(&Change) -> f64| changes.iter().map(f).sum::<f64>();
        // The mean of the variance given residuals: n - k - 2 is at least 1, as LEAST_CHANGES is 5.
        let variance = |coefficients: f64, residual: &dyn Fn(&Change) -> f64| {
            sum(&|c| residual(c).powi(2)) / (n - coefficients - 2.0)
        };
        let square = variance(0.0, &|c| c.to - c.from);
        let mean = sum(&|c| c.to - c.from) / n;
        let (from, to) = (sum(&|c| c.from) / n, sum(&|c| c.to) / n);
        let spread = sum(&|c| (c.from - from).powi(2));
        let common = sum(&|c| (c.from - from) * (c.to - to));
        let slope = if spread > 0.0 { (common / spread).clamp(0.0, 1.0) } else { 1.0 };
        let constant = to - slope * from;
        let moves = sum(&|c| c.price * c.price);
        let answer = if moves > 0.0 { sum(&|c| c.price * (c.to - c.from)) / moves } else { 0.0 };
        let fitted = Self {
            count: n,
            square,
            trend: (mean, variance(1.0, &|c| c.to - c.from - mean)),
            autoregression: (constant, slope, variance(2.0, &|c| c.to - constant - slope * c.from)),
            priced: (answer, variance(1.0, &|c| c.to - c.from - answer * c.price), moves),
        };
        let variances = [square, fitted.trend.1, fitted.autoregression.2, fitted.priced.1];
        variances.iter().all(|v| *v > 0.0).then_some(fitted)
    }

    /// The forecast `ahead` years from `start`, while the price level changes by `price`; none of the model's.
    pub(super) fn forecast(&self, by: Forecaster, start: f64, ahead: i32, price: f64) -> Option<Mixture> {
        let h = f64::from(ahead);
        let (mean, variance) = match by {
            Forecaster::Model | Forecaster::Blind => return None,
            Forecaster::NoChange => (start, self.square),
            Forecaster::Walk => (start, self.square * h),
            Forecaster::Drift => (start + h * self.trend.0, self.trend.1 * (h + h * h / self.count)),
            Forecaster::Damped => {
                let damped: f64 = (1..=ahead).map(|k| DAMPING.powi(k)).sum();
                (start + damped * self.trend.0, self.trend.1 * (h + damped * damped / self.count))
            }
            Forecaster::Autoregression => {
                let (constant, slope, variance) = self.autoregression;
                let mean = (0..ahead).fold(start, |z, _| constant + slope * z);
                (mean, variance * (0..ahead).map(|k| slope.powi(2 * k)).sum::<f64>())
            }
            Forecaster::PricedWalk => {
                let (answer, variance, moves) = self.priced;
                let uncertain = if moves > 0.0 { price * price / moves } else { 0.0 };
                (start + answer * price, variance * (h + uncertain))
            }
        };
        Some(Mixture::normal(mean, variance.sqrt()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn change(from: f64, to: f64, price: f64) -> Change {
        Change { from, to, price }
    }

    /// By hand: changes 1, 2, 1, 2, 4, 2 have mean 2; squares 30, around the mean 6.
    #[test]
    fn rivals_by_hand() {
        let d = [1.0, 2.0, 1.0, 2.0, 4.0, 2.0];
        let changes: Vec<Change> = d.iter().map(|d| change(0.0, *d, 0.5 * d)).collect();
        // With prices that explain everything there is no spread, and nothing to score.
        assert!(Rivals::fit(&changes).is_none());
        let changes: Vec<Change> =
            d.iter().enumerate().map(|(k, d)| change(k as f64, k as f64 + d, 1.0)).collect();
        let rivals = Rivals::fit(&changes).unwrap();
        let of = |by, ahead, price| {
            let forecast = rivals.forecast(by, 10.0, ahead, price).unwrap();
            (forecast.mean(), forecast.sd().powi(2))
        };
        let near = |(a, b): (f64, f64), (c, d): (f64, f64)| {
            assert!((a - c).abs() < 1e-9 && (b - d).abs() < 1e-9, "{a} {b} for {c} {d}");
        };
        near(of(Forecaster::NoChange, 3, 0.0), (10.0, 7.5));
        near(of(Forecaster::Walk, 3, 0.0), (10.0, 22.5));
        near(of(Forecaster::Drift, 3, 0.0), (16.0, 2.0 * (3.0 + 1.5)));
        near(of(Forecaster::Damped, 2, 0.0), (10.0 + 2.0 * 1.44, 2.0 * (2.0 + 1.44 * 1.44 / 6.0)));
        // With dx = 1 throughout the answer is the mean change, 2.
        near(of(Forecaster::PricedWalk, 1, 3.0), (16.0, 2.0 * (1.0 + 9.0 / 6.0)));
        // to = 1, 3, 3, 5, 8, 7 on from = 0..5: slope 45/35 beyond 1, so 1, and the constant 2.
        near(of(Forecaster::Autoregression, 2, 0.0), (14.0, 3.0 * 2.0));
        assert!(Rivals::fit(&changes[..4]).is_none());
    }

    /// The slope of to = 2 + z/2 with residuals of mean 0 that do not lean on z.
    #[test]
    fn an_autoregression_returns() {
        let changes: Vec<Change> =
            [(0.0, 1.0), (0.0, -1.0), (4.0, 1.0), (4.0, -1.0), (8.0, 1.0), (8.0, -1.0)]
                .map(|(z, e)| change(z, 2.0 + 0.5 * z + e, 0.0))
                .to_vec();
        let forecast =
            Rivals::fit(&changes).unwrap().forecast(Forecaster::Autoregression, 8.0, 2, 0.0).unwrap();
        assert!((forecast.mean() - 5.0).abs() < 1e-12 && (forecast.sd().powi(2) - 3.0 * 1.25).abs() < 1e-12);
    }
}
