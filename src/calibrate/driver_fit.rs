//! The posterior of one driver: chains over the parameters on which the covariance hangs, and exact draws of the rest.

use nalgebra::DVector;
use rayon::prelude::*;

use super::convergence::Convergence;
use super::marginal::{Coefficient, ExposureFit, Marginal, Scales, Target};
use super::prior::{DriverPrior, place, to_scale};
use super::series::TownSeries;
use super::slice::Chain;
use crate::case::{Case, Parameter};
use crate::math;
use crate::model::Model;
use crate::random::{Stream, key};

/// How much is sampled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Effort {
    /// Chains, each from its own draw of the prior.
    pub chains: usize,
    /// Steps of a chain that are thrown away.
    pub warm_up: usize,
    /// Steps that are kept.
    pub kept: usize,
}

impl Default for Effort {
    /// Enough for effective sample sizes of over 100 a chain with a margin.
    fn default() -> Self {
        Self { chains: 4, warm_up: 500, kept: 2500 }
    }
}

/// One draw of the posterior.
#[derive(Debug, Clone, PartialEq)]
pub struct Draw {
    /// Parameters in the order of [`Parameter::ALL`]; those that are kept have the case's value.
    pub values: [f64; 4],
    /// Sd of exposures between towns.
    pub spread: f64,
    /// Change a year on the link scale that is not the model's: 0 without a series.
    pub trend: f64,
    /// Level of each series in the base year, with prices as they were then, link scale.
    pub levels: Vec<f64>,
    /// What each series' exposure adds to that of all towns.
    pub own_exposures: Vec<f64>,
}

/// Number of which the chains are watched.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Watched {
    /// A parameter, on the scale of its prior.
    Parameter(Parameter),
    /// ln of the spread of exposures.
    Spread,
    /// The trend.
    Trend,
}

/// What is known of one driver after the panel was seen.
#[derive(Debug, Clone, PartialEq)]
pub struct DriverFit {
    /// Place of the driver.
    pub driver: usize,
    /// What was thought before.
    pub prior: DriverPrior,
    /// The series that were used; none where the parameters keep their prior.
    pub series: Vec<TownSeries>,
    /// Draws, chain after chain; draws of the prior where there is no series.
    pub draws: Vec<Draw>,
    /// Exposure of each series' town on its own data, and its error, at the median of the scales; empty where exposures
    /// are not fitted by town.
    pub alone: Vec<(f64, f64)>,
    /// Number of chains.
    pub chains: usize,
    /// How the chains went; empty without a series.
    pub convergence: Vec<(Watched, Convergence)>,
}

impl DriverFit {
    /// True where the panel has a series of the driver.
    pub fn is_informed(&self) -> bool {
        !self.series.is_empty()
    }

    /// Draws of a parameter on the scale of its prior.
    pub fn on_scale(&self, parameter: Parameter) -> Vec<f64> {
        self.draws.iter().map(|d| to_scale(parameter, d.values[place(parameter)])).collect()
    }

    /// Draws of a parameter.
    pub fn values(&self, parameter: Parameter) -> Vec<f64> {
        self.draws.iter().map(|d| d.values[place(parameter)]).collect()
    }
}

/// Draws of the prior alone.
pub(super) fn from_prior(
    case: &Case,
    driver: usize,
    prior: DriverPrior,
    count: usize,
    seed: u64,
) -> DriverFit {
    let draw = |run: usize| {
        let mut stream = Stream::new(key(seed, &case.drivers[driver].id, "prior"), run as u64);
        let mut step = || stream.normal_pair().0;
        let values = Parameter::ALL.map(|p| prior.at(p, step()));
        Draw {
            values,
            spread: prior.spread_at(step()),
            trend: 0.0,
            levels: Vec::new(),
            own_exposures: Vec::new(),
        }
    };
    let draws = (0..count).map(draw).collect();
    DriverFit {
        driver,
        prior,
        series: Vec::new(),
        draws,
        alone: Vec::new(),
        chains: 1,
        convergence: Vec::new(),
    }
}

/// Least number of observations beyond those that fix levels and trend.
pub(super) const LEAST_FREEDOM: usize = 3;

/// The panel of a driver that can be fitted; none where it is too short.
pub(super) fn target<'a>(
    case: &Case,
    model: &'a Model,
    driver: usize,
    prior: &DriverPrior,
    series: &'a [TownSeries],
) -> Option<Target<'a>> {
    if series.is_empty() {
        return None;
    }
    let exposure = match prior.on_scale(Parameter::PriceExposure) {
        Some((mean, sd)) if prior.spread > 0.0 => ExposureFit::ByTown(mean, sd),
        Some((mean, sd)) => ExposureFit::Common(mean, sd),
        None => ExposureFit::Kept,
    };
    let target = Target::new(case, model, driver, series, exposure);
    (target.degrees_of_freedom() >= LEAST_FREEDOM).then_some(target)
}

/// Samples the posterior of a driver. None where no draw of the prior has a likelihood.
pub(super) fn sample(
    case: &Case,
    model: &Model,
    driver: usize,
    (prior, series): (&DriverPrior, &[TownSeries]),
    effort: Effort,
    seed: u64,
) -> Option<DriverFit> {
    let subject = |chain: usize| format!("{}/{chain}", case.drivers[driver].id);
    let run = |chain: usize| {
        let mut target = target(case, model, driver, prior, series)?;
        run_chain(&mut target, prior, effort, Stream::new(key(seed, &subject(chain), "calibrate"), 0))
    };
    let chains: Vec<Vec<Draw>> = (0..effort.chains).into_par_iter().map(run).collect::<Option<_>>()?;
    let mut watched: Vec<Watched> = prior.fitted().map(Watched::Parameter).collect();
    watched.extend((prior.spread > 0.0).then_some(Watched::Spread));
    watched.push(Watched::Trend);
    let number = |what: Watched, draw: &Draw| match what {
        Watched::Parameter(parameter) => to_scale(parameter, draw.values[place(parameter)]),
        Watched::Spread => math::ln(draw.spread),
        Watched::Trend => draw.trend,
    };
    let convergence = watched
        .into_iter()
        .filter_map(|what| {
            let numbers: Vec<Vec<f64>> =
                chains.iter().map(|c| c.iter().map(|d| number(what, d)).collect()).collect();
            Some((what, Convergence::of(&numbers)?))
        })
        .collect();
    let draws = chains.concat();
    let alone = if prior.spread > 0.0 {
        target(case, model, driver, prior, series)?.exposures_alone(median_scales(&draws)).unwrap_or_default()
    } else {
        Vec::new()
    };
    Some(DriverFit {
        driver,
        prior: prior.clone(),
        series: series.to_vec(),
        draws,
        alone,
        chains: effort.chains,
        convergence,
    })
}

/// The middle of each scale by itself.
fn median_scales(draws: &[Draw]) -> Scales {
    let middle = |of: &dyn Fn(&Draw) -> f64| {
        let mut values: Vec<f64> = draws.iter().map(of).collect();
        values.sort_by(f64::total_cmp);
        values[values.len() / 2]
    };
    Scales {
        sigma: middle(&|d| d.values[0]),
        persistence: middle(&|d| d.values[1]),
        regional_share: middle(&|d| d.values[3]),
        spread: middle(&|d| d.spread),
    }
}

/// The standard normal steps that a chain walks in: sigma, persistence, regional share where they are fitted, then the
/// spread of exposures.
fn scales(prior: &DriverPrior, point: &[f64]) -> Scales {
    let mut next = point.iter();
    let mut of = |parameter: Parameter| {
        let step =
            if prior.on_scale(parameter).is_some() { next.next().copied().unwrap_or(0.0) } else { 0.0 };
        prior.at(parameter, step)
    };
    let (sigma, persistence) = (of(Parameter::Sigma), of(Parameter::Persistence));
    let regional_share = of(Parameter::RegionalShare);
    Scales {
        sigma,
        persistence,
        regional_share,
        spread: prior.spread_at(next.next().copied().unwrap_or(0.0)),
    }
}

fn dimensions(prior: &DriverPrior) -> usize {
    let scales = prior.fitted().filter(|p| *p != Parameter::PriceExposure).count();
    scales + usize::from(prior.spread > 0.0)
}

fn run_chain(
    target: &mut Target<'_>,
    prior: &DriverPrior,
    effort: Effort,
    stream: Stream,
) -> Option<Vec<Draw>> {
    let mut log_likelihood =
        |point: &[f64]| target.marginal(scales(prior, point)).map(|marginal| marginal.log_likelihood);
    let mut chain = Chain::start(dimensions(prior), stream, &mut log_likelihood)?;
    for _ in 0..effort.warm_up {
        chain.step(&mut log_likelihood);
    }
    let mut points = Vec::with_capacity(effort.kept);
    for _ in 0..effort.kept {
        chain.step(&mut log_likelihood);
        points.push(chain.point.clone());
    }
    let draw = |point: &Vec<f64>| {
        let scales = scales(prior, point);
        let marginal = target.marginal(scales)?;
        let normals =
            DVector::from_iterator(target.columns.len(), (0..target.columns.len()).map(|_| chain.normal()));
        Some(read(target, prior, scales, &marginal, &normals))
    };
    points.iter().map(draw).collect()
}

/// A draw of everything, given the scales.
fn read(
    target: &Target<'_>,
    prior: &DriverPrior,
    scales: Scales,
    marginal: &Marginal,
    normals: &DVector<f64>,
) -> Draw {
    let coefficients = marginal.draw(normals);
    let mut draw = Draw {
        values: [scales.sigma, scales.persistence, prior.values[2], scales.regional_share],
        spread: scales.spread,
        trend: 0.0,
        levels: Vec::new(),
        own_exposures: Vec::new(),
    };
    for (column, value) in target.columns.iter().zip(coefficients.iter()) {
        match *column {
            // The last part of a series is that of the base year.
            Coefficient::Level(series, _) => {
                draw.levels.truncate(series);
                draw.levels.push(*value);
            }
            Coefficient::Trend => draw.trend = *value,
            Coefficient::Exposure => {
                let (low, high) = Parameter::PriceExposure.range();
                draw.values[2] = value.clamp(low, high);
            }
            Coefficient::OwnExposure(_) => draw.own_exposures.push(*value),
        }
    }
    draw
}

#[cfg(test)]
mod tests {
    use super::super::panel_fit::bare_model;
    use super::super::series::Observation;
    use super::*;
    use crate::case::Source;

    /// An autoregression of known persistence without errors of observation: with V = sigma^2 R, level and trend flat,
    /// ln sigma has the density exp(-(n - 2) ln sigma - s / (2 sigma^2)) times its normal prior, s the generalised sum
    /// of squares. The chains give its mean, sd and tails, by quadrature.
    #[test]
    fn the_posterior_of_an_autoregression_in_closed_form() {
        let mut case = Case::load(&Source::embedded(), &[]).unwrap();
        case.cross_impacts.clear();
        let model = bare_model(&case).unwrap();
        let driver = case.drivers.iter().position(|d| d.id == "wear").unwrap();
        let z = [0.3, 0.1, -0.2, 0.25, 0.6, 0.4, 0.9, 0.5, 0.2];
        let observation = |(k, z): (usize, &f64)| Observation {
            year: 2013 + k as i32,
            value: 1.0,
            link: *z,
            variance: 0.0,
        };
        let observations = z.iter().enumerate().map(observation).collect();
        let series = [TownSeries { town: 3, observations, breaks: vec![] }];
        let values = [0.2, 0.5, 0.0, 0.0];
        let prior = DriverPrior { values, sds: [Some(0.8), None, None, None], spread: 0.0 };
        let effort = Effort { chains: 4, warm_up: 200, kept: 4000 };
        let fit = sample(&case, &model, driver, (&prior, &series), effort, 3).unwrap();
        let chain = fit.convergence.iter().find(|c| c.0 == Watched::Parameter(Parameter::Sigma)).unwrap().1;
        assert!(chain.holds(4), "{chain:?}");

        // s by regression on the quasi-differences z[t] - phi z[t-1], the first times sqrt(1 - phi^2).
        let phi = 0.5_f64;
        let whiten = |x: &dyn Fn(usize) -> f64| {
            let later = (1..z.len()).map(|t| x(t) - phi * x(t - 1));
            std::iter::once((1.0 - phi * phi).sqrt() * x(0)).chain(later).collect::<Vec<f64>>()
        };
        let (y, one, time) = (whiten(&|t| z[t]), whiten(&|_| 1.0), whiten(&|t| t as f64));
        let dot = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(a, b)| a * b).sum::<f64>();
        let residual = |a: &[f64], on: &[f64]| {
            let slope = dot(a, on) / dot(on, on);
            a.iter().zip(on).map(|(a, b)| a - slope * b).collect::<Vec<f64>>()
        };
        let rest = residual(&residual(&y, &one), &residual(&time, &one));
        let s = dot(&rest, &rest);
        let density = |x: f64| {
            let prior = -0.5 * ((x - 0.2_f64.ln()) / 0.8).powi(2);
            (prior - (z.len() as f64 - 2.0) * x - 0.5 * s * (-2.0 * x).exp()).exp()
        };
        let grid: Vec<f64> = (0..6000).map(|k| -4.0 + 0.001 * f64::from(k)).collect();
        let total: f64 = grid.iter().map(|x| density(*x)).sum();
        let expect = |f: &dyn Fn(f64) -> f64| grid.iter().map(|x| f(*x) * density(*x)).sum::<f64>() / total;
        let mean = expect(&|x| x);
        let sd = expect(&|x| (x - mean).powi(2)).sqrt();
        let draws = fit.on_scale(Parameter::Sigma);
        let of = |f: &dyn Fn(f64) -> f64| draws.iter().map(|x| f(*x)).sum::<f64>() / draws.len() as f64;
        let error = 3.5 * sd / chain.bulk.sqrt();
        assert!((of(&|x| x) - mean).abs() < error, "{} for {mean}, error {error}", of(&|x| x));
        assert!((of(&|x| (x - mean).powi(2)).sqrt() / sd - 1.0).abs() < 0.06);
        for end in [mean - 1.5 * sd, mean + 1.5 * sd] {
            let share = |x: f64| f64::from(u8::from(x < end));
            assert!((of(&share) - expect(&share)).abs() < 0.015);
        }
    }

    /// The same seed gives the same bytes with any number of threads; another seed others.
    #[test]
    fn chains_do_not_know_threads() {
        let case = Case::load(&Source::embedded(), &[]).unwrap();
        let fit = |threads: usize, seed: u64| {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
            let effort = Effort { chains: 2, warm_up: 5, kept: 10 };
            pool.install(|| super::super::fit_panel(&case, effort, seed).unwrap())
        };
        let one = fit(1, 7);
        assert_eq!(one, fit(3, 7));
        assert_ne!(one.drivers, fit(1, 8).drivers);
    }
}
