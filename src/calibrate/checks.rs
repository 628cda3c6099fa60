//! Predictive checks: could the model have made a panel like the one that was seen?
//!
//! Before the fit with draws of the prior, after it with draws of the posterior, the engine makes panels with the
//! towns, years and errors of observation of the real one. Of every panel the same numbers are taken, and the tail
//! probability of what was seen is the share of panels with a larger number (half of those that equal it). Near 0 or 1
//! the model misses a feature of the data. All are numbers of yearly changes on the link scale less their mean, so that
//! neither levels nor a trend, which the fit leaves free, can help or hurt.

use rayon::prelude::*;

use super::driver_fit::DriverFit;
use super::panel_fit::PanelFit;
use super::price_response::price_level;
use super::replicate::{Replicator, of_prior};
use super::series::TownSeries;
use crate::case::Case;
use crate::model::ModelError;
use crate::random::{Stream, key};

/// A number of a panel.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Statistic {
    /// Sd of the yearly changes.
    Spread,
    /// The largest change, in size.
    Largest,
    /// Correlation of a change with the one before it.
    Memory,
    /// Share of the variance that towns have in common: that of the means over towns of each year.
    Common,
    /// Root mean square of the changes of the wildest town over that of the middle one.
    Unevenness,
    /// Correlation of the changes with those of the town's price level.
    Prices,
}

impl Statistic {
    /// All of them.
    pub const ALL: [Self; 6] =
        [Self::Spread, Self::Largest, Self::Memory, Self::Common, Self::Unevenness, Self::Prices];

    /// Its id in tables.
    pub fn name(self) -> &'static str {
        match self {
            Self::Spread => "spread",
            Self::Largest => "largest",
            Self::Memory => "memory",
            Self::Common => "common",
            Self::Unevenness => "unevenness",
            Self::Prices => "prices",
        }
    }
}

/// What one statistic says of one driver.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Check {
    /// Place of the driver.
    pub driver: usize,
    /// The statistic.
    pub statistic: Statistic,
    /// Of the real panel.
    pub observed: f64,
    /// 5, 50 and 95 % of panels made from the prior.
    pub before: [f64; 3],
    /// Share of these above the observed.
    pub tail_before: f64,
    /// The same of panels made from the posterior.
    pub after: [f64; 3],
    /// Share of these above the observed.
    pub tail_after: f64,
}

/// Checks every driver that has a series, with so many panels before and after the fit.
///
/// # Errors
/// [`ModelError`] when the case cannot be set back.
pub fn check_panel(case: &Case, fit: &PanelFit, panels: usize) -> Result<Vec<Check>, ModelError> {
    let replicator = Replicator::new(case, fit.seed)?;
    let informed: Vec<&DriverFit> = fit.drivers.iter().filter(|f| f.is_informed()).collect();
    let made = |posterior: bool| -> Vec<Vec<[f64; 6]>> {
        (0..panels)
            .into_par_iter()
            .map(|k| {
                let run = (2 * k + usize::from(posterior)) as u64;
                let drawn: Vec<([f64; 4], f64)> = fit
                    .drivers
                    .iter()
                    .map(|f| {
                        let draw = &f.draws[k * f.draws.len() / panels];
                        let mut stream = Stream::new(key(fit.seed, &case.drivers[f.driver].id, "check"), run);
                        if posterior { (draw.values, draw.spread) } else { of_prior(&f.prior, &mut stream) }
                    })
                    .collect();
                let parameters: Vec<[f64; 4]> = drawn.iter().map(|d| d.0).collect();
                let departures = replicator.run(&parameters, run);
                let numbers = |f: &&DriverFit| {
                    let spread = if f.prior.spread > 0.0 { drawn[f.driver].1 } else { 0.0 };
                    statistics(case, &replicator.panel(&departures, f.driver, &f.series, (0.0, spread), run))
                };
                informed.iter().map(numbers).collect()
            })
            .collect()
    };
    let (before, after) = (made(false), made(true));
    let mut checks = Vec::new();
    for (place, f) in informed.iter().enumerate() {
        let observed = statistics(case, &f.series);
        for (k, statistic) in Statistic::ALL.into_iter().enumerate() {
            let of = |panels: &[Vec<[f64; 6]>]| {
                let mut numbers: Vec<f64> =
                    panels.iter().map(|p| p[place][k]).filter(|x| x.is_finite()).collect();
                numbers.sort_by(f64::total_cmp);
                numbers
            };
            let (before, after) = (of(&before), of(&after));
            if !observed[k].is_finite() || before.is_empty() || after.is_empty() {
                continue;
            }
            checks.push(Check {
                driver: f.driver,
                statistic,
                observed: observed[k],
                before: [0.05, 0.5, 0.95].map(|p| quantile(&before, p)),
                tail_before: above(&before, observed[k]),
                after: [0.05, 0.5, 0.95].map(|p| quantile(&after, p)),
                tail_after: above(&after, observed[k]),
            });
        }
    }
    Ok(checks)
}

/// Of sorted values, between the two nearest ranks.
pub(super) fn quantile(sorted: &[f64], p: f64) -> f64 {
    let place = p * (sorted.len() as f64 - 1.0);
    let (low, part) = (place.floor() as usize, place.fract());
    let high = (low + 1).min(sorted.len() - 1);
    sorted[low] + part * (sorted[high] - sorted[low])
}

/// Share above a value, those equal to it counting half.
fn above(values: &[f64], value: f64) -> f64 {
    let points = values.iter().map(|x| {
        if *x > value {
            1.0
        } else if *x == value {
            0.5
        } else {
            0.0
        }
    });
    points.sum::<f64>() / values.len() as f64
}

/// All statistics of a panel, in the order of [`Statistic::ALL`]; NaN where there is too little for one.
fn statistics(case: &Case, panel: &[TownSeries]) -> [f64; 6] {
    // (series, year, change, change of the price level)
    let mut changes: Vec<(usize, i32, f64, f64)> = Vec::new();
    for (k, s) in panel.iter().enumerate() {
        for (last, now) in s.steps() {
            let (last, now) = (s.observations[last], s.observations[now]);
            let price = price_level(case, s.town, now.year) - price_level(case, s.town, last.year);
            changes.push((k, now.year, now.link - last.link, price));
        }
    }
    let n = changes.len() as f64;
    let mean = changes.iter().map(|c| c.2).sum::<f64>() / n;
    let price_mean = changes.iter().map(|c| c.3).sum::<f64>() / n;
    for c in &mut changes {
        (c.2, c.3) = (c.2 - mean, c.3 - price_mean);
    }
    let square: f64 = changes.iter().map(|c| c.2 * c.2).sum();
    let products = changes.windows(2).filter(|w| w[0].0 == w[1].0 && w[1].1 == w[0].1 + 1);
    let memory = products.map(|w| w[0].2 * w[1].2).sum::<f64>() / square;
    let mut years: Vec<i32> = changes.iter().map(|c| c.1).collect();
    years.sort_unstable();
    years.dedup();
    let common = |year: &i32| {
        let of_year: Vec<f64> = changes.iter().filter(|c| c.1 == *year).map(|c| c.2).collect();
        of_year.iter().sum::<f64>().powi(2) / of_year.len() as f64
    };
    let mut sizes: Vec<f64> = (0..panel.len())
        .filter_map(|k| {
            let own: Vec<f64> = changes.iter().filter(|c| c.0 == k).map(|c| c.2 * c.2).collect();
            (!own.is_empty()).then(|| (own.iter().sum::<f64>() / own.len() as f64).sqrt())
        })
        .collect();
    sizes.sort_by(f64::total_cmp);
    let unevenness = if sizes.len() > 1 { sizes[sizes.len() - 1] / quantile(&sizes, 0.5) } else { f64::NAN };
    let price_square: f64 = changes.iter().map(|c| c.3 * c.3).sum();
    [
        (square / (n - 1.0)).sqrt(),
        changes.iter().map(|c| c.2.abs()).fold(0.0, f64::max),
        memory,
        years.iter().map(common).sum::<f64>() / square,
        unevenness,
        changes.iter().map(|c| c.2 * c.3).sum::<f64>() / (square * price_square).sqrt(),
    ]
}
