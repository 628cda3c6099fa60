//! The panel as the fit reads it: every driver's series on the link scale, with the variance of each observation.
//!
//! A history is scaled so that its base year is the case's base value, and money is divided by consumer prices. What
//! is printed is rounded: an indicator whose values have k decimals is off by a uniform error of up to 0.5 10^-k, of
//! variance 10^-2k / 12. A share of n units scatters binomially by itself, p (1 - p) / n, here with half a unit added
//! on each side so that none or all of few is no certainty (Gart and Zweifel 1967, doi:10.1093/biomet/54.1-2.181).
//! Both go to the link scale by its slope (the delta method).

use std::collections::BTreeSet;

use crate::case::{Case, Link, SeriesBreak, Town};
use crate::formula::Formula;
use crate::model::Model;

/// One observation.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Observation {
    /// The year.
    pub year: i32,
    /// In the driver's unit.
    pub value: f64,
    /// On the link scale.
    pub link: f64,
    /// Variance of its error, link scale.
    pub variance: f64,
}

/// A town's series of a driver.
#[derive(Debug, Clone, PartialEq)]
pub struct TownSeries {
    /// Place of the town.
    pub town: usize,
    /// By year.
    pub observations: Vec<Observation>,
    /// Years from which the series has another level.
    pub breaks: Vec<i32>,
}

impl TownSeries {
    /// Number of the level that holds in a year.
    pub fn segment(&self, year: i32) -> usize {
        self.breaks.iter().filter(|b| **b <= year).count()
    }

    /// Pairs of observations of consecutive years with one level.
    pub fn steps(&self) -> impl Iterator<Item = (usize, usize)> {
        let follows = |k: &usize| {
            let (last, now) = (self.observations[k - 1].year, self.observations[*k].year);
            now == last + 1 && self.segment(now) == self.segment(last)
        };
        (1..self.observations.len()).filter(follows).map(|k| (k - 1, k))
    }
}

/// Why a value of a driver is no observation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Omission {
    /// The panel has nothing of this town.
    NoSeries,
    /// The panel has no usable value of the base year, by which a series is put on the scale of the case.
    NoBase,
    /// The panel lacks the year.
    Missing,
    /// At the edge of the scale.
    Edge,
    /// The only value of its level: it says nothing of changes.
    Alone,
    /// A price of the town's mix is missing in the year or before it.
    NoPrice,
}

/// What is not used, and why.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LeftOut {
    /// Place of the driver.
    pub driver: usize,
    /// Place of the town.
    pub town: usize,
    /// The year; none where it is the whole series.
    pub year: Option<i32>,
    /// Why.
    pub why: Omission,
}

/// A driver's series in every town that has one, and what was left out. Empty where the driver has no history.
pub(super) fn series(case: &Case, model: &Model, driver: usize) -> (Vec<TownSeries>, Vec<LeftOut>) {
    let (mut all, mut left_out) = (Vec::new(), Vec::new());
    let Some(history) = &case.drivers[driver].history else { return (all, left_out) };
    let reader = Reader { case, driver, history };
    let used = |v: &&crate::case::PanelValue| history.names().iter().any(|name| *name == v.indicator);
    let years: BTreeSet<i32> =
        case.panel.iter().filter(used).map(|v| v.year).filter(|y| *y <= case.base_year).collect();
    for law in &model.towns {
        let town = law.index;
        let mut omit = |year: Option<i32>, why| left_out.push(LeftOut { driver, town, year, why });
        let raw: Vec<(i32, Option<f64>)> =
            years.iter().map(|y| (*y, reader.raw(&case.towns[town], *y))).collect();
        if raw.iter().all(|(_, value)| value.is_none()) {
            omit(None, Omission::NoSeries);
            continue;
        }
        let base = reader.raw(&case.towns[town], case.base_year).filter(|v| *v != 0.0);
        let Some(scale) = base.map(|b| law.base[driver] / b).filter(|s| s.is_finite() && !law.frozen[driver])
        else {
            omit(None, Omission::NoBase);
            continue;
        };
        let mut observations = Vec::new();
        for (year, value) in raw {
            match value.map(|raw| reader.observation(&case.towns[town], year, raw, scale)) {
                None => omit(Some(year), Omission::Missing),
                Some(None) => omit(Some(year), Omission::Edge),
                Some(Some(_)) if !has_prices(case, town, year) => omit(Some(year), Omission::NoPrice),
                Some(Some(observation)) => observations.push(observation),
            }
        }
        let ours = |b: &&SeriesBreak| b.town == town && history.names().iter().any(|n| *n == b.indicator);
        let breaks = case.calibration.iter().flat_map(|c| &c.breaks).filter(ours).map(|b| b.year).collect();
        let mut town_series = TownSeries { town, observations, breaks };
        let segments: Vec<usize> =
            town_series.observations.iter().map(|o| town_series.segment(o.year)).collect();
        let alone = |s: usize| segments.iter().filter(|t| **t == s).count() == 1;
        let lonely: Vec<i32> = town_series
            .observations
            .iter()
            .zip(&segments)
            .filter(|(_, s)| alone(**s))
            .map(|(o, _)| o.year)
            .collect();
        town_series.observations.retain(|o| !lonely.contains(&o.year));
        for year in lonely {
            omit(Some(year), Omission::Alone);
        }
        if !town_series.observations.is_empty() {
            all.push(town_series);
        }
    }
    (all, left_out)
}

/// True where every price of a town's mix is observed in a year.
fn has_prices(case: &Case, town: usize, year: i32) -> bool {
    let weighed = case.towns[town].mix.iter().zip(&case.commodities).filter(|(w, _)| **w > 0.0);
    weighed.into_iter().all(|(_, commodity)| commodity.price(year).is_some())
}

/// Reads one driver's history.
struct Reader<'a> {
    case: &'a Case,
    driver: usize,
    history: &'a Formula,
}

impl Reader<'_> {
    fn find(&self, town: &Town, year: i32, indicator: &str) -> Option<f64> {
        let is_it =
            |v: &&crate::case::PanelValue| v.town == town.id && v.year == year && v.indicator == indicator;
        self.case.panel.iter().find(is_it).map(|v| v.value)
    }

    /// The formula with one indicator moved by `shift`, deflated where it is money; none where something is missing.
    fn moved(&self, town: &Town, year: i32, (indicator, shift): (&str, f64)) -> Option<f64> {
        let names = self.history.names();
        names.iter().map(|name| self.find(town, year, name)).collect::<Option<Vec<f64>>>()?;
        let value = |name: &str| {
            let shift = if name == indicator { shift } else { 0.0 };
            self.find(town, year, name).map_or(f64::NAN, |v| v + shift)
        };
        let raw = self.history.eval(&value);
        let deflator = if self.case.drivers[self.driver].deflate {
            self.case.consumer_prices.iter().find(|(y, _)| *y == year)?.1
        } else {
            1.0
        };
        Some(raw / deflator).filter(|v| v.is_finite())
    }

    fn raw(&self, town: &Town, year: i32) -> Option<f64> {
        self.moved(town, year, ("", 0.0))
    }

    /// None at the edge of the scale.
    fn observation(&self, town: &Town, year: i32, raw: f64, scale: f64) -> Option<Observation> {
        let link = self.case.drivers[self.driver].link;
        let inside = |x: f64| match link {
            Link::Log => x > 0.0,
            Link::Logit => x > 0.0 && x < 100.0,
            Link::Identity => true,
        };
        let value = raw * scale;
        if !inside(value) {
            return None;
        }
        // Slope of the link by a difference that stays inside the scale.
        let slope = match link {
            Link::Log => 1.0 / value,
            Link::Logit => 100.0 / (value * (100.0 - value)),
            Link::Identity => 1.0,
        };
        let trials = self.case.calibration.as_ref().and_then(|c| c.trials[self.driver].as_ref());
        let variance = match trials.and_then(|t| self.find(town, year, t)).filter(|n| *n > 0.0) {
            Some(n) => {
                // A share in percent, as the formula gives it.
                let p = ((raw / 100.0).clamp(0.0, 1.0) * n + 0.5) / (n + 1.0);
                (100.0 * scale).powi(2) * p * (1.0 - p) / n
            }
            None => self.rounding(town, year) * scale * scale,
        };
        Some(Observation { year, value, link: link.apply(value), variance: variance * slope * slope })
    }

    /// Variance of the formula by the rounding of its indicators.
    fn rounding(&self, town: &Town, year: i32) -> f64 {
        let mut names = self.history.names();
        names.sort_unstable();
        names.dedup();
        let part = |name: &&str| {
            let step = printed_step(self.case, name);
            let at = |shift: f64| self.moved(town, year, (name, shift));
            at(0.5 * step).zip(at(-0.5 * step)).map_or(0.0, |(high, low)| (high - low).powi(2) / 12.0)
        };
        names.iter().map(part).sum()
    }
}

/// Unit of the last decimal that an indicator is printed with.
fn printed_step(case: &Case, indicator: &str) -> f64 {
    let decimals = |value: f64| {
        let text = value.to_string();
        text.split_once('.').map_or(0, |(_, decimals)| decimals.len())
    };
    let values = case.panel.iter().filter(|v| v.indicator == indicator);
    10.0_f64.powi(-(values.map(|v| decimals(v.value)).max().unwrap_or(0) as i32))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::case::Source;
    use crate::model::Options;

    fn karaganda() -> (Case, Model) {
        let case = Case::load(&Source::embedded(), &[]).unwrap();
        let model = Model::compile(&case, &Options::of(&case)).unwrap();
        (case, model)
    }

    fn of(case: &Case, model: &Model, id: &str) -> (Vec<TownSeries>, Vec<LeftOut>) {
        series(case, model, case.drivers.iter().position(|d| d.id == id).unwrap())
    }

    /// Wear is printed in tenths of a percent: sd 0.1 / sqrt(12), times 1 / (p (1 - p)) on the logit scale.
    #[test]
    fn what_is_printed_is_rounded() {
        let (case, model) = karaganda();
        let (wear, left_out) = of(&case, &model, "wear");
        assert_eq!((wear.len(), left_out.len()), (8, 0));
        let abai = &wear[0].observations[0];
        assert_eq!((abai.year, abai.value), (2017, 31.5));
        let p = 0.315_f64;
        let sd = 0.001 / 12.0_f64.sqrt() / (p * (1.0 - p));
        assert!((abai.variance.sqrt() / sd - 1.0).abs() < 1e-9);
        assert!((abai.link - (p / (1.0 - p)).ln()).abs() < 1e-12);
    }

    /// One of three: p = (1 + 1/2) / (3 + 1); the history is scaled to the base value.
    #[test]
    fn a_share_of_few_scatters_binomially() {
        let (case, model) = karaganda();
        let (profitable, left_out) = of(&case, &model, "profitable");
        let town = case.town("shakhtinsk").unwrap();
        let of_town = profitable.iter().find(|s| s.town == town).unwrap();
        let last = of_town.observations.last().unwrap();
        let driver = case.drivers.iter().position(|d| d.id == "profitable").unwrap();
        assert!((last.value - model.towns[town].base[driver]).abs() < 1e-9);
        let (p, x) = (1.5 / 4.0, last.value / 100.0);
        let scale = 3.0 * x;
        let expected = scale * scale * p * (1.0 - p) / 3.0 / (x * (1.0 - x)).powi(2);
        assert!((last.variance / expected - 1.0).abs() < 1e-9, "{} for {expected}", last.variance);
        // Karazhal has one enterprise in one year and no count of losses at all.
        let karazhal = case.town("karazhal").unwrap();
        assert!(left_out.iter().any(|l| l.town == karazhal && l.why == Omission::NoSeries));
    }

    /// Two levels of the wages of the two towns whose series break, one of the others; steps do not cross.
    #[test]
    fn a_declared_break_separates_levels() {
        let (case, model) = karaganda();
        let (wage, left_out) = of(&case, &model, "wage");
        assert!(left_out.is_empty());
        for s in &wage {
            let breaks = ["saran", "shakhtinsk"].contains(&case.towns[s.town].id.as_str());
            assert_eq!(s.breaks, if breaks { vec![2019] } else { vec![] });
            assert_eq!(s.steps().count(), if breaks { 3 } else { 4 });
        }
    }
}
