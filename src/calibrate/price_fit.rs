//! A table of prices fitted, series by series and together.

use super::annual::{AnnualPrices, Deflator};
use super::correlation::{fisher_interval, pearson};
use super::falls::{Fall, falls};
use super::moments::{mean, variance};
use super::reversion::{Reversion, reversion};
use super::tails::{Tails, tails};
use crate::case::{Frequency, PriceTable, Verdict};

/// Mean yearly change of the log real price and its standard error, that of a walk: sd / sqrt n.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Trend {
    /// Mean change a year.
    pub change: f64,
    /// Its standard error.
    pub se: f64,
}

/// What one series says.
#[derive(Debug, Clone, PartialEq)]
pub struct PriceFit {
    /// The series by year.
    pub annual: AnnualPrices,
    /// Mean yearly change.
    pub trend: Trend,
    /// Sd of yearly changes of annual averages.
    pub sd_average: f64,
    /// Root mean square of the yearly changes of Decembers before deflating: the innovation of a driftless walk of the
    /// nominal price.
    pub sd_walk: f64,
    /// Reversion of the real December price.
    pub reversion: Reversion,
    /// Degrees of freedom of its innovations.
    pub tails: Tails,
    /// Its falls, the worst first.
    pub falls: Vec<DatedFall>,
}

/// A fall with its dates. Lengths are in periods of the table.
#[derive(Debug, Clone, PartialEq)]
pub struct DatedFall {
    /// Period of the peak.
    pub peak: String,
    /// Period of the trough.
    pub trough: String,
    /// The change as a share, below 0.
    pub change: f64,
    /// From peak to trough.
    pub down: usize,
    /// From the trough until half was regained; none where it was not.
    pub half: Option<usize>,
    /// From the trough until all was regained; none where it was not.
    pub whole: Option<usize>,
}

/// One series of a fitted table.
#[derive(Debug, Clone, PartialEq)]
pub struct FittedSeries {
    /// Identifier.
    pub id: String,
    /// Name in the table.
    pub name: String,
    /// Unit in the table.
    pub unit: String,
    /// What it is good for.
    pub verdict: Verdict,
    /// Its estimates; none where it has a flaw or does not vary.
    pub fit: Option<PriceFit>,
}

/// How two series go together.
#[derive(Debug, Clone, PartialEq)]
pub struct PricePair {
    /// Id of the first.
    pub a: String,
    /// Id of the second.
    pub b: String,
    /// Correlation of the yearly changes of log annual averages.
    pub correlation: f64,
    /// Its 95 % interval (Fisher).
    pub interval: (f64, f64),
    /// Number of common changes.
    pub changes: usize,
}

/// A fitted table.
#[derive(Debug, Clone, PartialEq)]
pub struct PriceFits {
    /// Length of the table's periods.
    pub frequency: Frequency,
    /// Year whose money prices are in; none where they are as the table has them.
    pub base_year: Option<i32>,
    /// Each series of the table.
    pub series: Vec<FittedSeries>,
    /// Pairs of fitted series with more than three common changes.
    pub pairs: Vec<PricePair>,
    /// Degrees of freedom of all innovations together.
    pub tails: Option<Tails>,
}

/// Fits every series of a table that has no flaw.
pub fn fit_prices(table: &PriceTable, deflator: Option<&Deflator>) -> PriceFits {
    let mut series = Vec::new();
    for s in &table.series {
        let verdict = s.verdict(table.frequency);
        let annual = || AnnualPrices::of(s, table, deflator);
        let fit = verdict.flaws.is_empty().then(|| fit(s, annual(), table.frequency, deflator)).flatten();
        let unit = s.points.first().map_or_else(String::new, |p| p.unit.clone());
        series.push(FittedSeries { id: s.id.clone(), name: s.name.clone(), unit, verdict, fit });
    }
    let fits: Vec<&PriceFit> = series.iter().filter_map(|s| s.fit.as_ref()).collect();
    let mut pairs = Vec::new();
    for (i, a) in fits.iter().enumerate() {
        for b in &fits[i + 1..] {
            let changes = a.annual.common_changes(&b.annual);
            let Some(correlation) = pearson(&changes) else { continue };
            let Some(interval) = fisher_interval(correlation, changes.len()) else { continue };
            let (a, b) = (a.annual.id.clone(), b.annual.id.clone());
            pairs.push(PricePair { a, b, correlation, interval, changes: changes.len() });
        }
    }
    let tails =
        tails(&fits.iter().map(|f| innovations(&f.annual.december, &f.reversion)).collect::<Vec<_>>());
    PriceFits { frequency: table.frequency, base_year: deflator.map(|d| d.base_year), series, pairs, tails }
}

/// Innovations of a series under its raw reversion.
fn innovations(z: &[f64], r: &Reversion) -> Vec<f64> {
    z.windows(2).map(|w| w[1] - w[0] + r.raw * (w[0] - r.level)).collect()
}

fn fit(
    series: &crate::case::PriceSeries,
    annual: AnnualPrices,
    frequency: Frequency,
    deflator: Option<&Deflator>,
) -> Option<PriceFit> {
    let change = |z: &[f64]| z.windows(2).map(|w| w[1] - w[0]).collect::<Vec<f64>>();
    let changes = change(&annual.december);
    let reversion = reversion(&annual.december)?;
    let nominal = change(&annual.nominal_december);
    let n = changes.len() as f64;
    let real = real_prices(series, frequency, deflator);
    let price: Vec<f64> = real.iter().map(|p| p.1).collect();
    let dated = |f: Fall| DatedFall {
        peak: frequency.name(real[f.peak].0),
        trough: frequency.name(real[f.trough].0),
        change: f.change,
        down: f.trough - f.peak,
        half: f.half.map(|k| k - f.trough),
        whole: f.whole.map(|k| k - f.trough),
    };
    let mut worst: Vec<DatedFall> = falls(&price).into_iter().map(dated).collect();
    worst.sort_by(|a, b| a.change.total_cmp(&b.change));
    Some(PriceFit {
        trend: Trend { change: mean(&changes), se: (variance(&changes) / n).sqrt() },
        sd_average: variance(&change(&annual.average)).sqrt(),
        sd_walk: (nominal.iter().map(|c| c * c).sum::<f64>() / n).sqrt(),
        tails: tails(&[innovations(&annual.december, &reversion)])?,
        falls: worst,
        reversion,
        annual,
    })
}

/// Every real price of a series with its period; those beyond the deflator are left out.
fn real_prices(
    series: &crate::case::PriceSeries,
    frequency: Frequency,
    deflator: Option<&Deflator>,
) -> Vec<(i32, f64)> {
    let real = |p: &crate::case::PricePoint| {
        let factor = deflator.map_or(Some(1.0), |d| d.factor(p.period, frequency))?;
        Some((p.period, p.price * factor))
    };
    series.points.iter().filter_map(real).collect()
}
