//! The closed form: with events off the model is linear on the link scale, so the mean and the covariance of
//! drivers and region indices follow exactly from a linear recursion, given the price branch.
//!
//! State s = (d, r, p_walk, p_rev, mu, x, xbar): deviations of drivers and indices, December log prices of
//! the two branches, long-run levels, price levels of town and region.
//!
//! ```text
//! s[t] = F s[t-1] + f + G w[t],   E s' = F E s + f,   Cov s' = F Cov s F' + G Cov(w) G'
//! z[t] = z[0] + plan + B x + d,   ln R[t] = tau Delta_R + B_R xbar + r
//! ```

use nalgebra::{DMatrix, DVector};

use super::base_moments::base_moments;
use super::compile::Model;
use super::deviation::DeviationLaw;
use super::noise::{NoiseLaw, SparseRow};
use super::path::PathLaw;
use super::town::TownLaw;

/// Mean and covariance of drivers, then region indices, on the link scale.
#[derive(Debug, Clone)]
pub struct Normal {
    /// Means.
    pub mean: DVector<f64>,
    /// Covariances.
    pub covariance: DMatrix<f64>,
}

/// The closed form of one town under one scenario.
#[derive(Debug, Clone)]
pub struct ClosedForm {
    /// For each price branch its probability and the moments of each year, the base year first. Where parameters
    /// are drawn, for each branch and draw.
    pub branches: Vec<(f64, Vec<Normal>)>,
}

/// Most draws of parameters that are mixed: of more, as many that are evenly spread over them.
const MIXED_DRAWS: usize = 64;
/// The same where means and sds only say where bins lie.
const MIXED_FOR_BINS: usize = 4;

/// Mean and sd of each driver on the link scale over all branches: `[path][t][driver]`.
pub type LinkMoments = Vec<Vec<Vec<(f64, f64)>>>;

impl ClosedForm {
    /// Computes the closed form; events do not enter it. Where parameters are drawn it is the mixture over their
    /// draws: all of them up to 64, of more as many that are evenly spread over them.
    pub fn new(model: &Model, town: &TownLaw, path: &PathLaw) -> Self {
        Self::over_draws(model, town, path, MIXED_DRAWS)
    }

    fn over_draws(model: &Model, town: &TownLaw, path: &PathLaw, most: usize) -> Self {
        let base = base_moments(model, town);
        let given = |noise: &NoiseLaw, path: &PathLaw, share: f64| {
            let recursion = |weight: f64| Recursion::new(model, noise, town, path, weight).moments(&base);
            let cases = model.prices.branch.cases().into_iter();
            cases.map(|(weight, p)| (share * p, recursion(weight))).collect::<Vec<_>>()
        };
        let Some(law) = &model.parameters else {
            return Self { branches: given(&model.noise, path, 1.0) };
        };
        let draws = law.spread(most);
        let share = 1.0 / draws.len() as f64;
        let at = |draw| (law.noise_at(draw, &model.noise), law.path_at(draw, &town.frozen, path));
        let branches = draws.into_iter().map(at).flat_map(|(noise, path)| given(&noise, &path, share));
        Self { branches: branches.collect() }
    }

    /// Mean and covariance of year t over all branches.
    pub fn over_branches(&self, t: usize) -> Normal {
        let n = self.branches[0].1[t].mean.len();
        let mut mean = DVector::zeros(n);
        let mut square = DMatrix::zeros(n, n);
        for (probability, years) in &self.branches {
            let Normal { mean: m, covariance } = &years[t];
            mean += m * *probability;
            square += (covariance + m * m.transpose()) * *probability;
        }
        Normal { covariance: square - &mean * mean.transpose(), mean }
    }

    /// Mean and sd of each driver on the link scale, for every scenario of a town.
    pub fn link_moments(model: &Model, town: &TownLaw) -> LinkMoments {
        let drivers = model.links.len();
        let years = 0..model.years.len();
        let of = |form: &Self, t: usize| {
            let normal = form.over_branches(t);
            (0..drivers).map(|i| (normal.mean[i], normal.covariance[(i, i)].max(0.0).sqrt())).collect()
        };
        town.paths
            .iter()
            .map(|path| {
                let form = Self::over_draws(model, town, path, MIXED_FOR_BINS);
                years.clone().map(|t| of(&form, t)).collect()
            })
            .collect()
    }

    /// What a path of the town's price level, `levels[t]`, does to each driver on the link scale: the direct
    /// effect B x and what cross-impacts make of it. Where parameters are drawn, the mean over their draws.
    /// `[t][driver]`.
    pub fn price_effect(model: &Model, town: &TownLaw, path: &PathLaw, levels: &[f64]) -> Vec<Vec<f64>> {
        let Some(law) = &model.parameters else {
            return Self::price_effect_given(model, &model.noise.persistence, path, levels);
        };
        let draws = law.spread(MIXED_DRAWS);
        let mut mean = vec![vec![0.0; model.links.len()]; model.years.len()];
        for draw in &draws {
            let (noise, path) = (law.noise_at(*draw, &model.noise), law.path_at(*draw, &town.frozen, path));
            let effects = Self::price_effect_given(model, &noise.persistence, &path, levels);
            for (sum, effect) in mean.iter_mut().flatten().zip(effects.iter().flatten()) {
                *sum += effect / draws.len() as f64;
            }
        }
        mean
    }

    fn price_effect_given(
        model: &Model,
        persistence: &[f64],
        path: &PathLaw,
        levels: &[f64],
    ) -> Vec<Vec<f64>> {
        let n = model.links.len();
        let mut deviation = vec![0.0; n];
        let mut departure = vec![0.0; n];
        let mut effects = vec![vec![0.0; n]];
        for t in 1..model.years.len() {
            let year = &path.years[t];
            let pull = |row: &SparseRow| row.iter().map(|(j, k)| k * departure[*j]).sum::<f64>();
            deviation = (0..n).map(|i| persistence[i] * deviation[i] + pull(&year.cross[i])).collect();
            departure = (0..n).map(|i| year.exposure[i] * levels[t] + deviation[i]).collect();
            effects.push(departure.clone());
        }
        effects
    }

    /// Mean of the town's price level x in each year, over branches.
    pub fn mean_price_level(model: &Model, town: &TownLaw) -> Vec<f64> {
        let mut mean = vec![0.0; model.years.len()];
        for (weight, probability) in model.prices.branch.cases() {
            for (t, level) in Recursion::new(model, &model.noise, town, &town.paths[0], weight)
                .price_levels()
                .iter()
                .enumerate()
            {
                mean[t] += probability * level;
            }
        }
        mean
    }
}

/// The recursion for one price branch, and where the parts of its state lie.
struct Recursion<'a> {
    model: &'a Model,
    noise: &'a NoiseLaw,
    town: &'a TownLaw,
    path: &'a PathLaw,
    /// Weight of the walk.
    weight: f64,
    /// Var(e), an integral: made once.
    innovation_variance: f64,
    /// First place of r, p_walk, p_rev, mu; places of x and xbar; size.
    r: usize,
    walk: usize,
    rev: usize,
    mu: usize,
    x: usize,
    xbar: usize,
    size: usize,
}

/// One year's step: F, f and G Cov(w) G'.
struct Step {
    transition: DMatrix<f64>,
    constant: DVector<f64>,
    noise: DMatrix<f64>,
}

impl<'a> Recursion<'a> {
    fn new(model: &'a Model, noise: &'a NoiseLaw, town: &'a TownLaw, path: &'a PathLaw, weight: f64) -> Self {
        let (drivers, indices, c) = (model.links.len(), model.region.sigma.len(), model.prices.commodities());
        let r = drivers;
        let walk = r + indices;
        let x = walk + 3 * c;
        Self {
            model,
            noise,
            town,
            path,
            weight,
            innovation_variance: model.prices.innovation_variance(),
            r,
            walk,
            rev: walk + c,
            mu: walk + 2 * c,
            x,
            xbar: x + 1,
            size: x + 2,
        }
    }

    fn start(&self) -> (DVector<f64>, DMatrix<f64>) {
        let prices = &self.model.prices;
        let (mut mean, mut covariance) = (DVector::zeros(self.size), DMatrix::zeros(self.size, self.size));
        for c in 0..prices.commodities() {
            mean[self.walk + c] = prices.start[c];
            mean[self.rev + c] = prices.start[c];
            mean[self.mu + c] = prices.ln_level[c];
            covariance[(self.mu + c, self.mu + c)] = prices.level_se[c] * prices.level_se[c];
        }
        (mean, covariance)
    }

    fn moments(&self, base: &(DVector<f64>, DMatrix<f64>)) -> Vec<Normal> {
        let (mut mean, mut covariance) = self.start();
        let mut years = vec![self.outcome(0, base, &mean, &covariance)];
        for t in 1..self.model.years.len() {
            let step = self.step(t);
            mean = &step.transition * mean + step.constant;
            covariance = &step.transition * covariance * step.transition.transpose() + step.noise;
            years.push(self.outcome(t, base, &mean, &covariance));
        }
        years
    }

    fn price_levels(&self) -> Vec<f64> {
        let (mut mean, _) = self.start();
        let mut levels = vec![0.0];
        for t in 1..self.model.years.len() {
            let step = self.step(t);
            mean = step.transition * mean + step.constant;
            levels.push(mean[self.x]);
        }
        levels
    }

    fn step(&self, t: usize) -> Step {
        let mut step = Step {
            transition: DMatrix::zeros(self.size, self.size),
            constant: DVector::zeros(self.size),
            noise: DMatrix::zeros(self.size, self.size),
        };
        self.deviations(t, &mut step);
        self.prices(t, &mut step);
        step
    }

    fn deviations(&self, t: usize, step: &mut Step) {
        let (year, last) = (&self.path.years[t], &self.path.years[t - 1]);
        let law = DeviationLaw::new(self.noise, &self.town.frozen, last, year);
        let (r, x) = (self.r, self.x);
        step.transition.view_mut((0, 0), (r, r)).copy_from(&law.transition);
        step.transition.view_mut((0, x), (r, 1)).copy_from(&law.price);
        step.noise.view_mut((0, 0), (r, r)).copy_from(&law.noise);
        for k in 0..self.model.region.sigma.len() {
            let place = self.r + k;
            step.transition[(place, place)] = self.model.region.persistence[k];
            step.noise[(place, place)] = self.model.region.sigma[k] * self.model.region.sigma[k];
        }
    }

    fn prices(&self, t: usize, step: &mut Step) {
        let law = &self.model.prices;
        let n = law.commodities();
        for c in 0..n {
            step.transition[(self.mu + c, self.mu + c)] = 1.0;
        }
        let mixes = [(self.x, &self.town.mix), (self.xbar, &self.model.region.mix)];
        if let Some(given) = law.given.get(t - 1) {
            for c in 0..n {
                step.transition[(self.walk + c, self.walk + c)] = 1.0;
                step.transition[(self.rev + c, self.rev + c)] = 1.0;
            }
            for (place, mix) in mixes {
                step.constant[place] = mix.iter().map(|(c, w)| w * (given[*c] + law.stress[t - 1][*c])).sum();
            }
            return;
        }
        let m = self.weight;
        // Loadings on (e, u) of all commodities.
        let mut load = DMatrix::zeros(self.size, 2 * n);
        for c in 0..n {
            let rho = law.reversion[c];
            step.transition[(self.walk + c, self.walk + c)] = 1.0;
            step.transition[(self.rev + c, self.rev + c)] = 1.0 - rho;
            step.transition[(self.rev + c, self.mu + c)] = rho;
            step.constant[self.walk + c] = -law.drift;
            load[(self.walk + c, c)] = law.sd_walk[c];
            load[(self.rev + c, c)] = law.sd_reverting[c];
            let sd = m * law.sd_walk[c] + (1.0 - m) * law.sd_reverting[c];
            for (place, mix) in mixes {
                let w = mix.iter().find(|(k, _)| *k == c).map_or(0.0, |(_, w)| *w);
                step.transition[(place, self.walk + c)] = w * m;
                step.transition[(place, self.rev + c)] = w * (1.0 - m) * (1.0 - 0.5 * rho);
                step.transition[(place, self.mu + c)] = w * (1.0 - m) * 0.5 * rho;
                step.constant[place] += w * (law.stress[t - 1][c] - law.ln_base[c] - 0.5 * m * law.drift);
                load[(place, c)] = 0.5 * w * sd;
                load[(place, n + c)] = w * sd / 12.0_f64.sqrt();
            }
        }
        let mut innovations = DMatrix::zeros(2 * n, 2 * n);
        let covariance = &law.correlation * self.innovation_variance;
        innovations.view_mut((0, 0), (n, n)).copy_from(&covariance);
        innovations.view_mut((n, n), (n, n)).copy_from(&covariance);
        step.noise += &load * innovations * load.transpose();
    }

    /// Drivers and indices of year t.
    fn outcome(
        &self,
        t: usize,
        (base_mean, base_covariance): &(DVector<f64>, DMatrix<f64>),
        mean: &DVector<f64>,
        covariance: &DMatrix<f64>,
    ) -> Normal {
        let (drivers, indices) = (self.r, self.model.region.sigma.len());
        let year = &self.path.years[t];
        let mut read = DMatrix::zeros(drivers + indices, self.size);
        let mut constant = DVector::zeros(drivers + indices);
        let mut slopes = vec![0.0; drivers];
        let mut added = DMatrix::zeros(drivers + indices, drivers + indices);
        added.view_mut((0, 0), (drivers, drivers)).copy_from(base_covariance);
        for i in 0..drivers {
            read[(i, i)] = 1.0;
            read[(i, self.x)] = year.exposure[i];
            let plan = self.path.plan_moments(t, i, self.model.plan_correlation);
            constant[i] = base_mean[i] + plan.mean;
            added[(i, i)] += plan.variance;
            slopes[i] = plan.slope;
        }
        // What is delivered is the same share of every driver's plan; the variance above has it on the diagonal.
        let variance = self.path.delivery.as_ref().map_or(0.0, |d| d.share.1);
        for (i, j) in (0..drivers).flat_map(|i| (0..drivers).map(move |j| (i, j))).filter(|(i, j)| i != j) {
            added[(i, j)] += variance * slopes[i] * slopes[j];
        }
        let region = &self.model.region;
        for k in 0..indices {
            let i = drivers + k;
            read[(i, i)] = 1.0;
            read[(i, self.xbar)] = region.price_exposure[k];
            constant[i] = region.planned[t][k];
            added[(i, i)] += (region.reached[t][k] * region.shift_sd[k]).powi(2);
        }
        Normal { mean: &read * mean + constant, covariance: &read * covariance * read.transpose() + added }
    }
}
