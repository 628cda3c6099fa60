//! Simulation-based calibration (Talts, Betancourt, Simpson, Vehtari and Gelman 2018, arXiv:1804.06788), as tests: parameters are drawn
//! from the prior, the engine makes a panel with them, and the panel is fitted. The rank of what was drawn among the
//! draws of its posterior is uniform if, and nearly only if, likelihood and sampler are right. The engine knows nothing
//! of the likelihood's covariances: the two are held against each other as well.

use rayon::prelude::*;

use super::driver_fit::{Effort, sample};
use super::panel_fit::bare_model;
use super::prior::{DriverPrior, place};
use super::replicate::{Replicator, of_prior};
use super::series::{TownSeries, series};
use crate::case::{Case, Source};
use crate::random::{Stream, key};

/// Draws of each posterior that are ranked.
const RANKED: usize = 40;

/// Ranks over `RANKED`, in (0, 1), of every fitted parameter, by simulated panel: (what, ranks).
fn ranks(panels: usize, effort: Effort) -> Vec<(String, Vec<f64>)> {
    let case = Case::load(&Source::embedded(), &[]).unwrap();
    let model = bare_model(&case).unwrap();
    let calibration = case.calibration.clone().unwrap();
    let prior = |i: usize| DriverPrior::new(&case.drivers[i], i, &calibration);
    let priors: Vec<DriverPrior> = (0..case.drivers.len()).map(prior).collect();
    let real: Vec<Vec<TownSeries>> = (0..case.drivers.len()).map(|i| series(&case, &model, i).0).collect();
    let informed: Vec<usize> = (0..case.drivers.len()).filter(|i| !real[*i].is_empty()).collect();
    let replicator = Replicator::new(&case, 11).unwrap();
    let of_panel = |panel: usize| {
        let mut found = Vec::new();
        for &driver in &informed {
            // Drivers are fitted one by one, those that act on them with the case's parameters: so are panels made.
            let mut stream = Stream::new(key(11, &case.drivers[driver].id, "self_check"), panel as u64);
            let (values, spread) = of_prior(&priors[driver], &mut stream);
            let mut parameters: Vec<[f64; 4]> = priors.iter().map(|p| p.values).collect();
            parameters[driver] = values;
            let departures = replicator.run(&parameters, panel as u64);
            let trend = 0.1 * stream.normal_pair().0;
            let made = replicator.panel(&departures, driver, &real[driver], (trend, spread), panel as u64);
            let seed = 1000 + panel as u64;
            let fit = sample(&case, &model, driver, (&priors[driver], &made), effort, seed).unwrap();
            let step = fit.draws.len() / RANKED;
            let rank = |draws: &[f64], truth: f64| {
                let below = (0..RANKED).filter(|k| draws[k * step] < truth).count();
                (below as f64 + 0.5) / (RANKED as f64 + 1.0)
            };
            for parameter in priors[driver].fitted() {
                let name = format!("{}.{}", case.drivers[driver].id, parameter.name());
                found.push((name, rank(&fit.values(parameter), values[place(parameter)])));
            }
            let trends: Vec<f64> = fit.draws.iter().map(|d| d.trend).collect();
            found.push((format!("{}.trend", case.drivers[driver].id), rank(&trends, trend)));
        }
        found
    };
    let all: Vec<Vec<(String, f64)>> = (0..panels).into_par_iter().map(of_panel).collect();
    let names: Vec<String> = all[0].iter().map(|(name, _)| name.clone()).collect();
    names.into_iter().enumerate().map(|(k, name)| (name, all.iter().map(|p| p[k].1).collect())).collect()
}

/// Largest distance of the distribution function of ranks from that of the uniform.
fn distance(ranks: &[f64]) -> f64 {
    let mut sorted = ranks.to_vec();
    sorted.sort_by(f64::total_cmp);
    let n = sorted.len() as f64;
    let at = |(k, r): (usize, &f64)| (r - k as f64 / n).abs().max((r - (k as f64 + 1.0) / n).abs());
    sorted.iter().enumerate().map(at).fold(0.0, f64::max)
}

/// The band: with probability 0.99 all of so many sets of uniform ranks stay within it, by simulation.
fn band(panels: usize, sets: usize) -> f64 {
    let mut largest: Vec<f64> = (0..2000_u64)
        .map(|trial| {
            let mut stream = Stream::new(key(1, "band", "self_check"), trial);
            let mut rank =
                || ((stream.uniform() * (RANKED as f64 + 1.0)).floor() + 0.5) / (RANKED as f64 + 1.0);
            (0..sets).map(|_| distance(&(0..panels).map(|_| rank()).collect::<Vec<_>>())).fold(0.0, f64::max)
        })
        .collect();
    largest.sort_by(f64::total_cmp);
    largest[largest.len() * 99 / 100]
}

fn check(panels: usize, effort: Effort) {
    let ranks = ranks(panels, effort);
    let band = band(panels, ranks.len());
    let mut outside = Vec::new();
    for (name, ranks) in &ranks {
        let mean = ranks.iter().sum::<f64>() / ranks.len() as f64;
        println!("{name}: distance {:.3} of {band:.3}, mean rank {mean:.3}", distance(ranks));
        if distance(ranks) > band {
            outside.push(format!("{name}: {:.3}", distance(ranks)));
        }
    }
    // All parameters together: their mean ranks, with sd 1 / sqrt(12 n) each.
    let all: Vec<f64> = ranks.iter().flat_map(|r| r.1.clone()).collect();
    let score = (all.iter().sum::<f64>() / all.len() as f64 - 0.5) * (12.0 * all.len() as f64).sqrt();
    assert!(outside.is_empty(), "band {band:.3}: {outside:?}");
    assert!(score.abs() < 4.0, "mean rank {score:.1} standard errors off");
}

#[test]
fn ranks_are_uniform() {
    check(20, Effort { chains: 2, warm_up: 60, kept: 240 });
}

/// Takes minutes: `cargo test --lib two_hundred_panels -- --ignored --nocapture`.
#[test]
#[ignore = "takes minutes"]
fn two_hundred_panels_have_uniform_ranks() {
    check(200, Effort { chains: 2, warm_up: 60, kept: 240 });
}
