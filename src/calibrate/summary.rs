//! What a fit says, in numbers for people: prior and posterior of every parameter, trends, towns.

use super::checks::quantile;
use super::convergence::Convergence;
use super::driver_fit::{DriverFit, Watched};
use super::panel_fit::PanelFit;
use super::prior::from_scale;
use crate::case::{Case, Parameter};

/// 5, 50 and 95 %.
pub type Range = [f64; 3];

/// Normal quantile of 95 %.
const Z95: f64 = 1.644_853_626_951_472_2;
/// The panel informs a parameter where it takes at least so much off its prior sd.
pub const INFORMS: f64 = 0.1;

/// One parameter before and after.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ParameterSummary {
    /// Place of the driver.
    pub driver: usize,
    /// The parameter.
    pub parameter: Parameter,
    /// True where the panel has a series of the driver.
    pub has_series: bool,
    /// Before.
    pub prior: Range,
    /// After; the prior where there is no series.
    pub posterior: Range,
    /// 1 less posterior sd over prior sd, on the scale of the prior: 0 nothing was learned, 1 all.
    pub narrowed: f64,
    /// Mean after less mean before, in prior sds.
    pub moved: f64,
    /// How the chains went.
    pub convergence: Option<Convergence>,
}

/// The trend of a driver beside the plan of the reference scenario.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TrendSummary {
    /// Place of the driver.
    pub driver: usize,
    /// Change a year on the link scale, after prices.
    pub trend: Range,
    /// Change a year of the reference scenario's plan until it is reached, mean over the towns of the series.
    pub planned: f64,
    /// Probability that the trend is above it.
    pub above_plan: f64,
}

/// A town in the base year, and its exposure to prices.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TownSummary {
    /// Place of the driver.
    pub driver: usize,
    /// Place of the town.
    pub town: usize,
    /// Value that was printed for the base year, in the driver's unit.
    pub printed: f64,
    /// Level about which the town moves, with prices of the base year, in the driver's unit.
    pub level: Range,
    /// Exposure of the town on its own data, and the error; none where it is not fitted by town.
    pub alone: Option<(f64, f64)>,
    /// The same, pooled with the other towns.
    pub exposure: Option<Range>,
}

/// The range of numbers.
pub(super) fn range(mut values: Vec<f64>) -> Range {
    values.sort_by(f64::total_cmp);
    [0.05, 0.5, 0.95].map(|p| quantile(&values, p))
}

fn mean_and_sd(values: &[f64]) -> (f64, f64) {
    let n = values.len() as f64;
    let mean = values.iter().sum::<f64>() / n;
    (mean, (values.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / (n - 1.0)).sqrt())
}

impl DriverFit {
    fn parameter(&self, parameter: Parameter) -> Option<ParameterSummary> {
        let (mean, sd) = self.prior.on_scale(parameter)?;
        let prior = [-Z95, 0.0, Z95].map(|step| from_scale(parameter, mean + sd * step));
        let informed = self.is_informed();
        let after = mean_and_sd(&self.on_scale(parameter));
        let watched = |(what, _): &&(Watched, Convergence)| *what == Watched::Parameter(parameter);
        Some(ParameterSummary {
            driver: self.driver,
            parameter,
            has_series: informed,
            prior,
            posterior: if informed { range(self.values(parameter)) } else { prior },
            narrowed: if informed { 1.0 - after.1 / sd } else { 0.0 },
            moved: if informed { (after.0 - mean) / sd } else { 0.0 },
            convergence: self.convergence.iter().find(watched).map(|c| c.1),
        })
    }
}

impl PanelFit {
    /// Every parameter that has a prior: first those without a series, then those of which the panel says least.
    pub fn parameters(&self) -> Vec<ParameterSummary> {
        let of = |fit: &DriverFit| Parameter::ALL.map(|p| fit.parameter(p));
        let mut all: Vec<ParameterSummary> = self.drivers.iter().flat_map(of).flatten().collect();
        all.sort_by(|a, b| a.has_series.cmp(&b.has_series).then(a.narrowed.total_cmp(&b.narrowed)));
        all
    }

    /// Trends of the drivers that have a series.
    pub fn trends(&self, case: &Case) -> Vec<TrendSummary> {
        let of = |fit: &DriverFit| {
            let plan = &case.scenarios[case.reference].plan;
            let yearly = |town: usize| {
                let entry = &plan[town][fit.driver];
                entry.shift / f64::from(entry.by - entry.start)
            };
            let planned = fit.series.iter().map(|s| yearly(s.town)).sum::<f64>() / fit.series.len() as f64;
            let trends: Vec<f64> = fit.draws.iter().map(|d| d.trend).collect();
            let above = trends.iter().filter(|t| **t > planned).count() as f64 / trends.len() as f64;
            TrendSummary { driver: fit.driver, trend: range(trends), planned, above_plan: above }
        };
        self.drivers.iter().filter(|f| f.is_informed()).map(of).collect()
    }

    /// Towns of the drivers that have a series.
    pub fn towns(&self, case: &Case) -> Vec<TownSummary> {
        let mut all = Vec::new();
        for fit in self.drivers.iter().filter(|f| f.is_informed()) {
            let link = case.drivers[fit.driver].link;
            for (k, series) in fit.series.iter().enumerate() {
                let level = range(fit.draws.iter().map(|d| d.levels[k]).collect());
                let of_town = |d: &super::Draw| Some(d.values[2] + d.own_exposures.get(k)?);
                let exposures: Option<Vec<f64>> = fit.draws.iter().map(of_town).collect();
                all.push(TownSummary {
                    driver: fit.driver,
                    town: series.town,
                    printed: series
                        .observations
                        .iter()
                        .find(|o| o.year == case.base_year)
                        .map_or(f64::NAN, |o| o.value),
                    level: level.map(|z| link.invert(z)),
                    alone: fit.alone.get(k).copied(),
                    exposure: exposures.map(range),
                });
            }
        }
        all
    }
}
