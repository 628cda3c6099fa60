//! Every forecast of the panel's later years, made at every origin, and what came.

use super::origin::case_at;
use super::rivals::{Change, Forecaster, Rivals};
use super::terms::{Gap, LEAST_CHANGES, PricesUsed};
use crate::analyse::history::history;
use crate::analyse::mixture::Mixture;
use crate::case::Case;
use crate::math;
use crate::model::{ClosedForm, Model, ModelError, Options, QuantityKind, TownLaw};

/// The scores of one forecast, one a [`Forecaster::ALL`]; none where he does not forecast.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Scored {
    /// Place of the driver in the case.
    pub(super) driver: usize,
    /// Place of the town in the case.
    pub(super) town: usize,
    pub(super) origin: i32,
    pub(super) ahead: i32,
    pub(super) by: [Option<Marks>; Forecaster::ALL.len()],
}

/// How one forecaster did.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Marks {
    pub(super) crps: f64,
    pub(super) log_score: f64,
    /// Probability that he gave to the outcome or less.
    pub(super) pit: f64,
}

impl Scored {
    /// The marks of a forecaster who forecasts always.
    pub(super) fn marks(&self, place: usize) -> Marks {
        self.by[place].unwrap_or(Marks { crps: f64::NAN, log_score: f64::NAN, pit: f64::NAN })
    }
}

/// Every forecast, scored; and by driver what is left out.
pub(super) type Made = (Vec<Scored>, Vec<(usize, Gap)>);

/// Who forecasts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Extent {
    /// The model and its rivals: what a verdict rests on.
    Headline,
    /// The blind model too.
    All,
}

/// A driver's history in every town of a model on the link scale.
type Histories = Vec<Vec<(i32, f64)>>;

/// All forecasts, by driver, origin, town and years ahead; and why a driver has none or fewer than there might be.
pub(super) fn forecasts(case: &Case, prices: PricesUsed, extent: Extent) -> Result<Made, ModelError> {
    let model = Model::compile(case, &options(case))?;
    let drivers = 0..case.drivers.len();
    let histories: Vec<Histories> = drivers.clone().map(|driver| histories(case, &model, driver)).collect();
    let years = || histories.iter().flatten().flatten().map(|p| p.0);
    let (first, last) = (years().min().unwrap_or(0), years().max().unwrap_or(0));
    let mut scored = Vec::new();
    let mut without_price = vec![0; case.drivers.len()];
    for origin in first + 1..last {
        let at = Origin { case, model: &model, histories: &histories, year: origin, last, prices, extent };
        at.score(&mut scored, &mut without_price)?;
    }
    scored.sort_by_key(|s| (s.driver, s.origin, s.town, s.ahead));
    let gap = |driver: usize| {
        let made = scored.iter().any(|s| s.driver == driver);
        gap(case, driver, &histories[driver], last, (made, without_price[driver])).map(|gap| (driver, gap))
    };
    let gaps = drivers.filter_map(gap).collect();
    Ok((scored, gaps))
}

fn options(case: &Case) -> Options {
    Options { scenarios: vec![case.reference], ..Options::of(case) }
}

/// Histories of a driver; points at the edge of its range are left out, as are towns in which it stays there.
fn histories(case: &Case, model: &Model, driver: usize) -> Histories {
    let quantity = model.quantities.iter().find(|q| q.kind == QuantityKind::Driver(driver));
    let link = case.drivers[driver].link;
    let of = |law: &TownLaw| {
        let town = &case.towns[law.index];
        let seen = quantity.filter(|_| !law.frozen[driver]);
        let series = seen.map(|q| history(case, town, q, law.base[driver])).unwrap_or_default();
        let inside = series.into_iter().filter(|(_, x)| x.is_finite() && !link.is_edge(*x));
        inside.map(|(y, x)| (y, link.apply(x))).collect()
    };
    model.towns.iter().map(of).collect()
}

fn gap(
    case: &Case,
    driver: usize,
    histories: &Histories,
    last: i32,
    (made, without_price): (bool, usize),
) -> Option<Gap> {
    if case.drivers[driver].history.is_none() {
        return Some(Gap::NoHistory);
    }
    if histories.iter().all(|history| history.len() < 2) {
        return Some(Gap::NoSeries);
    }
    let pairs = histories.iter().flat_map(|h| h.windows(2));
    let changes = pairs.filter(|w| w[1].0 == w[0].0 + 1 && w[1].0 < last).count();
    match made {
        false if changes < LEAST_CHANGES => Some(Gap::FewChanges(changes)),
        _ if without_price > 0 => Some(Gap::NoPrice(without_price)),
        false => Some(Gap::NoChange),
        true => None,
    }
}

/// One origin.
struct Origin<'a> {
    case: &'a Case,
    /// The model of the whole case.
    model: &'a Model,
    /// `[driver][town]`.
    histories: &'a [Histories],
    year: i32,
    /// Last year of any history.
    last: i32,
    prices: PricesUsed,
    extent: Extent,
}

impl Origin<'_> {
    fn score(&self, scored: &mut Vec<Scored>, without_price: &mut [usize]) -> Result<(), ModelError> {
        let drivers = 0..self.case.drivers.len();
        let changes: Vec<Vec<Change>> = drivers.clone().map(|driver| self.changes(driver)).collect();
        let rivals: Vec<Option<Rivals>> = changes.iter().map(|c| Rivals::fit(c)).collect();
        if rivals.iter().all(Option::is_none) {
            return Ok(());
        }
        let then = case_at(self.case, self.year, self.last, self.prices);
        let shipped = Model::compile(&then, &options(&then))?;
        let blind = match self.extent {
            Extent::Headline => None,
            Extent::All => Some(self.blind(then)?),
        };
        for (place, law) in self.model.towns.iter().enumerate() {
            let seen = |driver: usize| self.at(driver, place, self.year);
            if !drivers.clone().any(|driver| rivals[driver].is_some() && seen(driver).is_some()) {
                continue;
            }
            let form = |m: &Model| {
                let town = &m.towns[place];
                ClosedForm::new(m, town, &town.paths[0])
            };
            let (form, blind) = (form(&shipped), blind.as_ref().map(form));
            let town = &shipped.towns[place];
            // What a price level of 1 from the year after the origin on would move.
            let ones = vec![1.0; shipped.years.len()];
            let effect = ClosedForm::price_effect(&shipped, town, &town.paths[0], &ones);
            for driver in drivers.clone() {
                let (Some(rivals), Some(start)) = (rivals[driver], seen(driver)) else { continue };
                for ahead in 1..=self.last - self.year {
                    let Some(outcome) = self.at(driver, place, self.year + ahead) else { continue };
                    let t = ahead as usize;
                    let needs_price = effect[..=t].iter().any(|row| row[driver] != 0.0);
                    if needs_price && !self.has_prices(law.index, ahead) {
                        without_price[driver] += 1;
                        continue;
                    }
                    let of_model = |form: &ClosedForm| moved(form, driver, t, start);
                    let price = self.price_change(law.index, self.year, self.year + ahead).unwrap_or(0.0);
                    let mixture = |by: Forecaster| match by {
                        Forecaster::Model => Some(of_model(&form)),
                        Forecaster::Blind => blind.as_ref().map(of_model),
                        Forecaster::PricedWalk if self.prices == PricesUsed::Drawn => None,
                        _ => rivals.forecast(by, start, ahead, price),
                    };
                    let mixtures = Forecaster::ALL.map(mixture);
                    if mixtures.iter().flatten().all(Mixture::is_proper) {
                        let by = mixtures.map(|m| m.map(|m| marks(&m, outcome)));
                        scored.push(Scored { driver, town: law.index, origin: self.year, ahead, by });
                    }
                }
            }
        }
        Ok(())
    }

    /// The model of the case set back, with each sigma from the years up to the origin.
    fn blind(&self, mut then: Case) -> Result<Model, ModelError> {
        for driver in 0..then.drivers.len() {
            if let Some(sigma) = self.blind_sigma(driver) {
                then.drivers[driver].sigma = sigma;
            }
        }
        Model::compile(&then, &options(&then))
    }

    /// Value of a history.
    fn at(&self, driver: usize, town: usize, year: i32) -> Option<f64> {
        self.histories[driver][town].iter().find(|p| p.0 == year).map(|p| p.1)
    }

    /// Changes from one year to the next in all towns, up to the origin.
    fn changes(&self, driver: usize) -> Vec<Change> {
        let mut changes = Vec::new();
        for (law, history) in self.model.towns.iter().zip(&self.histories[driver]) {
            for w in history.windows(2).filter(|w| w[1].0 == w[0].0 + 1 && w[1].0 <= self.year) {
                let price = self.price_change(law.index, w[0].0, w[1].0).unwrap_or(0.0);
                changes.push(Change { from: w[0].1, to: w[1].1, price });
            }
        }
        changes
    }

    /// The sigma that the years up to the origin say: an AR(1) changes by 2 sigma^2 / (1 + phi) a year, what prices do
    /// through the town's exposure taken off; of few changes wider, as the rivals' are.
    fn blind_sigma(&self, driver: usize) -> Option<f64> {
        let (mut sum, mut count) = (0.0, 0);
        for (law, history) in self.model.towns.iter().zip(&self.histories[driver]) {
            let exposure = law.paths[0].years[0].exposure[driver];
            for w in history.windows(2).filter(|w| w[1].0 == w[0].0 + 1 && w[1].0 <= self.year) {
                let price = self.price_change(law.index, w[0].0, w[1].0).unwrap_or(0.0);
                sum += (w[1].1 - w[0].1 - exposure * price).powi(2);
                count += 1;
            }
        }
        let persistence = self.case.drivers[driver].persistence;
        (count >= LEAST_CHANGES && sum > 0.0)
            .then(|| (sum / f64::from(count as u32 - 2) * 0.5 * (1.0 + persistence)).sqrt())
    }

    /// Change of the log price level of a town's mix as observed; none where a price of the mix is missing.
    fn price_change(&self, town: usize, from: i32, to: i32) -> Option<f64> {
        let mix = self.case.towns[town].mix.iter().zip(&self.case.commodities).filter(|(w, _)| **w > 0.0);
        let log = |price: Option<crate::case::ObservedPrice>| price.map(|p| math::ln(p.average));
        mix.map(|(w, c)| Some(w * (log(c.price(to))? - log(c.price(from))?))).sum()
    }

    /// True where the prices that the model uses for a forecast were observed.
    fn has_prices(&self, town: usize, ahead: i32) -> bool {
        let until = match self.prices {
            PricesUsed::Known => self.year + ahead,
            PricesUsed::Drawn => self.year,
        };
        (self.year..=until).all(|year| self.price_change(town, self.year, year).is_some())
    }
}

/// The model's forecast of a driver t years on, from its value at the origin: the law does not depend on the level.
fn moved(form: &ClosedForm, driver: usize, t: usize, start: f64) -> Mixture {
    let component = |(weight, years): &(f64, Vec<crate::model::Normal>)| {
        // The base year's own variance, of inputs that are not printed, is no part of a forecast from what was seen.
        let variance = years[t].covariance[(driver, driver)] - years[0].covariance[(driver, driver)];
        (*weight, start + years[t].mean[driver] - years[0].mean[driver], variance.max(0.0).sqrt())
    };
    Mixture::new(form.branches.iter().filter(|b| b.0 > 0.0).map(component).collect())
}

fn marks(forecast: &Mixture, outcome: f64) -> Marks {
    Marks { crps: forecast.crps(outcome), log_score: forecast.log_score(outcome), pit: forecast.cdf(outcome) }
}
