//! How far the changes of annual average prices correlate in the runs, in closed form.
//!
//! The listed correlations are of innovations; what a reader of prices measures is ln P\[t\] - ln P\[t-1\].
//! With m the weight of the walk, a = 1 - rho, S = m `s_walk` + (1 - m) `s_rev`, L = m `s_walk` + (1 - m) a `s_rev`
//! and G = ln mu - z the gap of the reverting branch,
//!
//! ```text
//! change[t] = S/2 e[t] + L/2 e[t-1] + S/sqrt(12) (u[t] - u[t-1]) + (1 - m) (1 - a^2)/2 G[t-2] - m drift
//! G[t] = a G[t-1] - s_rev e[t]
//! ```
//!
//! and in the first simulated year, before which prices are observed, S/2 e + S/sqrt(12) u + (1 - m) rho/2 G\[0\].
//! e and u have the covariance v R, v their variance and R the listed correlations.

use nalgebra::{DMatrix, DVector};

use super::prices::PriceLaw;

impl PriceLaw {
    /// Correlation over runs of the yearly changes of ln annual averages: their covariances, added up over the
    /// simulated years, over the product of their standard deviations, likewise. Under the random walk it is the listed
    /// correlation; under reversion and the mixture near it. None where no year is simulated or nothing is drawn.
    ///
    /// # Examples
    /// ```
    /// use boljam::case::{Case, Setting, Source};
    /// use boljam::model::{Model, Options};
    /// let walk = Setting::parse("prices.process=random_walk")?;
    /// let case = Case::load(&Source::embedded(), &[walk])?;
    /// let realised = Model::compile(&case, &Options::of(&case))?.prices.change_correlation().unwrap();
    /// assert!((realised[(0, 1)] - case.prices.correlation[0][1]).abs() < 1e-12);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn change_correlation(&self) -> Option<DMatrix<f64>> {
        let simulated = self.stress.len().saturating_sub(self.given.len());
        let n = self.commodities();
        let branches: Vec<(f64, Vec<Change>)> =
            self.branch.cases().iter().map(|(m, p)| (*p, self.changes(*m, simulated))).collect();
        let mut sum = DMatrix::zeros(n, n);
        for k in 0..simulated {
            let mut mean = DVector::zeros(n);
            for (probability, changes) in &branches {
                let change = &changes[k];
                sum += (&change.covariance + &change.mean * change.mean.transpose()) * *probability;
                mean += &change.mean * *probability;
            }
            sum -= &mean * mean.transpose();
        }
        let moves = (0..n).all(|c| sum[(c, c)] > 0.0);
        moves.then(|| DMatrix::from_fn(n, n, |i, j| sum[(i, j)] / (sum[(i, i)] * sum[(j, j)]).sqrt()))
    }

    /// Moments of the changes of the simulated years where the walk has weight m. Constants that branches share,
    /// such as the last observed average, are left out of the means.
    fn changes(&self, m: f64, simulated: usize) -> Vec<Change> {
        let n = self.commodities();
        let vector = |f: &dyn Fn(usize) -> f64| DVector::from_iterator(n, (0..n).map(f));
        let innovations = &self.correlation * self.innovation_variance();
        let keep = vector(&|c| 1.0 - self.reversion[c]);
        let sd_reverting = vector(&|c| self.sd_reverting[c]);
        let now = vector(&|c| m * self.sd_walk[c] + (1.0 - m) * self.sd_reverting[c]);
        let lag = vector(&|c| m * self.sd_walk[c] + (1.0 - m) * keep[c] * self.sd_reverting[c]);
        let noise = |loading: &DVector<f64>| (loading * loading.transpose()).component_mul(&innovations);
        let of_gap = |pull: &DVector<f64>, gap: &Change, drift: f64, own: DMatrix<f64>| Change {
            mean: pull.component_mul(&gap.mean).add_scalar(-m * drift),
            covariance: own + (pull * pull.transpose()).component_mul(&gap.covariance),
        };
        let mut gap = Change {
            mean: vector(&|c| self.ln_level[c] - self.start[c]),
            covariance: DMatrix::from_diagonal(&vector(&|c| self.level_se[c].powi(2))),
        };
        let mut changes = Vec::with_capacity(simulated);
        if simulated > 0 {
            let pull = vector(&|c| 0.5 * (1.0 - m) * self.reversion[c]);
            changes.push(of_gap(&pull, &gap, 0.5 * self.drift, noise(&now) * (0.25 + 1.0 / 12.0)));
        }
        let pull = keep.map(|a| 0.5 * (1.0 - m) * (1.0 - a * a));
        for _ in 1..simulated {
            let own = noise(&now) * (0.25 + 1.0 / 6.0) + noise(&lag) * 0.25;
            changes.push(of_gap(&pull, &gap, self.drift, own));
            gap.mean.component_mul_assign(&keep);
            gap.covariance = (&keep * keep.transpose()).component_mul(&gap.covariance) + noise(&sd_reverting);
        }
        changes
    }
}

/// Mean and covariance over commodities: of a year's changes, or of the gaps to the long-run levels.
struct Change {
    mean: DVector<f64>,
    covariance: DMatrix<f64>,
}
