//! The backtest: what the dynamics would have said of the panel's later years, fitted on its first.
//!
//! For every town, driver with a history, and origin year: the innovation's sd is fitted on the pooled yearly
//! changes up to the origin, the persistence phi and the price exposure B are the case's, and prices are
//! those observed (the question is the dynamics, not the price forecast). With h years ahead
//!
//! ```text
//! model:  z[T+h] ~ Normal(z[T] + B (x[T+h] - x[T]),  sigma^2 (1 - phi^2h) / (1 - phi^2))
//! naive:  z[T+h] ~ Normal(z[T],                      s^2 h)
//! ```
//!
//! s is the sd of the yearly changes around 0; sigma = s sqrt((1 + phi) / 2), since an AR(1) process changes
//! by 2 sigma^2 / (1 + phi) a year. Scores: share of outcomes inside the middle 50, 80, 95 %; the continuous
//! ranked probability score of a normal (Gneiting and Raftery 2007, doi:10.1198/016214506000001437),
//! sigma (u (2 Phi(u) - 1) + 2 phi(u) - 1 / sqrt(pi)), u the standardised outcome, smaller is better; and the
//! probability integral transform Phi(u), which a calibrated forecast spreads evenly.

use statrs::distribution::{Continuous, ContinuousCDF, Normal};

use super::history::history;
use crate::case::{Case, Link};
use crate::math;
use crate::model::{Model, ModelError, Options, QuantityKind};

/// Fewest yearly changes on which an sd is fitted.
pub const LEAST_CHANGES: usize = 4;
/// Parts into which the probability integral transform is counted.
pub const PIT_BINS: usize = 5;
/// The middle intervals that are scored.
pub const INTERVALS: [f64; 3] = [0.50, 0.80, 0.95];

/// Scores of a group of forecasts.
#[derive(Debug, Clone, PartialEq)]
pub struct Score {
    /// What is forecast: a driver's id, or `all`.
    pub driver: String,
    /// Years ahead; none for all.
    pub ahead: Option<i32>,
    /// Number of forecasts.
    pub forecasts: usize,
    /// Share of outcomes inside each of [`INTERVALS`], by the model.
    pub coverage: [f64; INTERVALS.len()],
    /// The same by the naive random walk.
    pub naive_coverage: [f64; INTERVALS.len()],
    /// Mean CRPS of the model, link scale.
    pub crps: f64,
    /// Mean CRPS of the naive random walk, link scale.
    pub naive_crps: f64,
    /// Number of outcomes in each fifth of the model's distribution.
    pub pit: [usize; PIT_BINS],
}

/// The scores, and what could not be scored.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Backtest {
    /// A row a driver, a row for each number of years ahead, and one for all; none where nothing is forecast.
    pub scores: Vec<Score>,
    /// Drivers that are not scored, or only in part: (id, why).
    pub left_out: Vec<(String, Gap)>,
}

/// Why a driver is not scored, or only in part.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Gap {
    /// The case names no history.
    NoHistory,
    /// No town has a value of the base year and one before it.
    NoSeries,
    /// So many changes from one year to the next before the last year; [`LEAST_CHANGES`] are needed.
    FewChanges(usize),
    /// The history never changes, so that no spread can be fitted.
    NoChange,
    /// So many forecasts are left out, since a price of their years is missing.
    NoPrice(usize),
}

/// One forecast and what came.
#[derive(Debug, Clone, Copy)]
struct Forecast {
    driver: usize,
    ahead: i32,
    outcome: f64,
    model: (f64, f64),
    naive: (f64, f64),
}

/// Scores the dynamics on the panel.
///
/// # Errors
/// [`ModelError`] when the case's own options do not fit it.
pub fn backtest(case: &Case) -> Result<Backtest, ModelError> {
    let model = Model::compile(case, &Options::of(case))?;
    let mut left_out = Vec::new();
    let mut forecasts: Vec<Forecast> = Vec::new();
    for (driver, d) in case.drivers.iter().enumerate() {
        let (made, gap) = forecasts_of(case, &model, driver);
        left_out.extend(gap.map(|gap| (d.id.clone(), gap)));
        forecasts.extend(made);
    }
    let mut scores = Vec::new();
    for (driver, d) in case.drivers.iter().enumerate() {
        scores.extend(score(&d.id, None, forecasts.iter().filter(|f| f.driver == driver)));
    }
    let longest = forecasts.iter().map(|f| f.ahead).max().unwrap_or(0);
    for ahead in 1..=longest {
        scores.extend(score("all", Some(ahead), forecasts.iter().filter(|f| f.ahead == ahead)));
    }
    scores.extend(score("all", None, forecasts.iter()));
    Ok(Backtest { scores, left_out })
}

/// A driver's history in every town on the link scale; points at the edge of its range are left out.
fn histories(case: &Case, model: &Model, driver: usize) -> Vec<Vec<(i32, f64)>> {
    let quantity = model.quantities.iter().find(|q| q.kind == QuantityKind::Driver(driver));
    let link = case.drivers[driver].link;
    let inside = |x: f64| match link {
        Link::Log => x > 0.0,
        Link::Logit => x > 0.0 && x < 100.0,
        Link::Identity => x.is_finite(),
    };
    let of = |law: &crate::model::TownLaw| {
        let town = &case.towns[law.index];
        let series = quantity.map(|q| history(case, town, q, law.base[driver])).unwrap_or_default();
        series.into_iter().filter(|(_, x)| inside(*x)).map(|(y, x)| (y, link.apply(x))).collect()
    };
    model.towns.iter().map(of).collect()
}

/// Forecasts of a driver, and why there are none or fewer than there might be.
fn forecasts_of(case: &Case, model: &Model, driver: usize) -> (Vec<Forecast>, Option<Gap>) {
    if case.drivers[driver].history.is_none() {
        return (Vec::new(), Some(Gap::NoHistory));
    }
    let histories = histories(case, model, driver);
    if histories.iter().all(|history| history.len() < 2) {
        return (Vec::new(), Some(Gap::NoSeries));
    }
    let phi = case.drivers[driver].persistence;
    let mut forecasts = Vec::new();
    let mut without_price = 0;
    let years = histories.iter().flatten().map(|p| p.0);
    let (first, last) = (years.clone().min().unwrap_or(0), years.max().unwrap_or(0));
    for origin in first + 1..last {
        let changes: Vec<f64> = histories.iter().flat_map(|h| changes(h, origin)).collect();
        if changes.len() < LEAST_CHANGES {
            continue;
        }
        let s = (changes.iter().map(|c| c * c).sum::<f64>() / changes.len() as f64).sqrt();
        let sigma = s * (0.5 * (1.0 + phi)).sqrt();
        for (law, history) in model.towns.iter().zip(&histories) {
            let at = |year: i32| history.iter().find(|p| p.0 == year).map(|p| p.1);
            let exposure = law.paths[0].years[0].exposure[driver];
            let Some(start) = at(origin) else { continue };
            for ahead in 1..=last - origin {
                let Some(outcome) = at(origin + ahead) else { continue };
                let level = |year: i32| price_level(case, law.index, year);
                let price = match (exposure, level(origin + ahead).zip(level(origin))) {
                    (0.0, _) => 0.0,
                    (_, Some((then, now))) => then - now,
                    (_, None) => {
                        without_price += 1;
                        continue;
                    }
                };
                // (1 - phi^2h) / (1 - phi^2), also for phi = 1.
                let growth: f64 = (0..ahead).map(|k| phi.powi(2 * k)).sum();
                forecasts.push(Forecast {
                    driver,
                    ahead,
                    outcome,
                    model: (start + exposure * price, sigma * growth.sqrt()),
                    naive: (start, s * f64::from(ahead).sqrt()),
                });
            }
        }
    }
    let changes = histories.iter().map(|h| changes(h, last - 1).len()).sum();
    let gap = match forecasts.len() {
        0 if changes < LEAST_CHANGES => Some(Gap::FewChanges(changes)),
        _ if without_price > 0 => Some(Gap::NoPrice(without_price)),
        _ if forecasts.iter().all(|f| f.naive.1 == 0.0) => Some(Gap::NoChange),
        _ => None,
    };
    (forecasts, gap)
}

/// Changes from one year to the next, up to a year.
fn changes(history: &[(i32, f64)], up_to: i32) -> Vec<f64> {
    let pairs = history.windows(2).filter(|w| w[1].0 == w[0].0 + 1 && w[1].0 <= up_to);
    pairs.map(|w| w[1].1 - w[0].1).collect()
}

/// Log price level of a town's mix as observed; none where a price of the mix is missing.
fn price_level(case: &Case, town: usize, year: i32) -> Option<f64> {
    let weighed = case.towns[town].mix.iter().zip(&case.commodities).filter(|(w, _)| **w > 0.0);
    weighed.map(|(w, commodity)| Some(w * math::ln(commodity.price(year)?.average))).sum()
}

fn score<'a>(
    driver: &str,
    ahead: Option<i32>,
    forecasts: impl Iterator<Item = &'a Forecast>,
) -> Option<Score> {
    let forecasts: Vec<&Forecast> = forecasts.filter(|f| f.model.1 > 0.0 && f.naive.1 > 0.0).collect();
    let standard = Normal::standard();
    let n = forecasts.len() as f64;
    if forecasts.is_empty() {
        return None;
    }
    let inside = |f: &Forecast, (mean, sd): (f64, f64), share: f64| {
        (standard.cdf((f.outcome - mean) / sd) - 0.5).abs() <= 0.5 * share
    };
    let coverage = |by: &dyn Fn(&Forecast) -> (f64, f64)| {
        INTERVALS.map(|share| forecasts.iter().filter(|f| inside(f, by(f), share)).count() as f64 / n)
    };
    let crps = |by: &dyn Fn(&Forecast) -> (f64, f64)| {
        forecasts.iter().map(|f| normal_crps(f.outcome, by(f))).sum::<f64>() / n
    };
    let mut pit = [0; PIT_BINS];
    for f in &forecasts {
        let u = standard.cdf((f.outcome - f.model.0) / f.model.1);
        pit[((u * PIT_BINS as f64) as usize).min(PIT_BINS - 1)] += 1;
    }
    Some(Score {
        driver: driver.to_owned(),
        ahead,
        forecasts: forecasts.len(),
        coverage: coverage(&|f| f.model),
        naive_coverage: coverage(&|f| f.naive),
        crps: crps(&|f| f.model),
        naive_crps: crps(&|f| f.naive),
        pit,
    })
}

/// CRPS of a normal forecast.
fn normal_crps(outcome: f64, (mean, sd): (f64, f64)) -> f64 {
    let standard = Normal::standard();
    let u = (outcome - mean) / sd;
    sd * (u * (2.0 * standard.cdf(u) - 1.0) + 2.0 * standard.pdf(u) - 1.0 / std::f64::consts::PI.sqrt())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::case::Source;

    /// CRPS = integral of (F(x) - 1{x >= y})^2, here by the trapezoidal rule.
    #[test]
    fn the_crps_of_a_normal_is_its_integral() {
        let standard = Normal::standard();
        for (outcome, mean, sd) in [(0.3, 0.0, 1.0), (-2.0, 0.5, 0.4), (1.0, 1.0, 2.0)] {
            let step = 1e-3;
            let integral: f64 = (-20_000..20_000)
                .map(|k| {
                    let x = f64::from(k) * step;
                    let f = standard.cdf((x - mean) / sd);
                    step * if x < outcome { f * f } else { (1.0 - f) * (1.0 - f) }
                })
                .sum();
            assert!((normal_crps(outcome, (mean, sd)) - integral).abs() < 2e-3);
        }
    }

    /// The panel's wages follow a made-up random walk: the naive forecast covers what it should, and a model
    /// of persistence 1 without exposure is the naive one.
    #[test]
    fn a_random_walk_is_forecast_by_a_random_walk() {
        let mut case = Case::load(&Source::embedded(), &[]).unwrap();
        let wage = case.drivers.iter().position(|d| d.id == "wage").unwrap();
        case.drivers[wage].persistence = 1.0;
        case.drivers[wage].price_exposure = 0.0;
        let scores = backtest(&case).unwrap().scores;
        let score = scores.iter().find(|s| s.driver == "wage").unwrap();
        assert_eq!(score.coverage, score.naive_coverage);
        assert!((score.crps - score.naive_crps).abs() < 1e-12);
        assert_eq!(score.pit.iter().sum::<usize>(), score.forecasts);
    }

    /// By hand for one series: unemployed in Temirtau 2017-2019 and 2020, pooled with the other towns.
    #[test]
    fn forecasts_start_at_the_last_known_value() {
        let case = Case::load(&Source::embedded(), &[]).unwrap();
        let model = Model::compile(&case, &Options::of(&case)).unwrap();
        let driver = case.drivers.iter().position(|d| d.id == "unemployment").unwrap();
        let (forecasts, gap) = forecasts_of(&case, &model, driver);
        assert_eq!(gap, None);
        // Eight towns; origins 2018, 2019, 2020 with three, two and one year ahead.
        assert_eq!(forecasts.len(), 8 * 6);
        let value = |year: i32| {
            let count = |y: i32| {
                case.panel
                    .iter()
                    .find(|v| v.town == "temirtau" && v.year == y && v.indicator == "unemployed")
                    .unwrap()
                    .value
            };
            let percent = 4.6 * count(year) / count(2021);
            (percent / (100.0 - percent)).ln()
        };
        let is_it = |f: &&Forecast| (f.naive.0 - value(2019)).abs() < 1e-12 && f.ahead == 2;
        let forecast = forecasts.iter().find(is_it).unwrap();
        assert!((forecast.outcome - value(2021)).abs() < 1e-12);
        assert!(
            (forecast.naive.1 / forecast.model.1 - (2.0_f64 / (0.5 * 1.7 * (1.0 + 0.49))).sqrt()).abs()
                < 1e-12
        );
    }

    /// A case with some text of its files changed.
    fn changed(file: &str, change: &dyn Fn(&str) -> String) -> Case {
        let mut source = Source::embedded();
        let text = source.files.get_mut(file).unwrap();
        *text = change(text);
        Case::load(&source, &[]).unwrap()
    }

    fn gap(backtest: &Backtest, driver: &str) -> Option<Gap> {
        backtest.left_out.iter().find(|(id, _)| id == driver).map(|(_, gap)| *gap)
    }

    /// Without the prices before 2020 the forecasts that start there are left out; those that stay are the same as
    /// with all prices, and what needs no price is untouched.
    #[test]
    fn a_missing_price_is_no_price_of_1() {
        let whole = Case::load(&Source::embedded(), &[]).unwrap();
        let late = changed("price_history.csv", &|text| {
            let is_late = |line: &&str| {
                line.split(',').nth(1).is_none_or(|y| y.parse().map_or(true, |y: i32| y >= 2020))
            };
            text.lines().filter(is_late).map(|line| line.to_owned() + "\n").collect()
        });
        let model = Model::compile(&whole, &Options::of(&whole)).unwrap();
        let of = |case: &Case, id: &str| {
            let driver = case.drivers.iter().position(|d| d.id == id).unwrap();
            forecasts_of(case, &model, driver)
        };
        let key = |f: &Forecast| [f.outcome, f.model.0, f.model.1, f.naive.0].map(f64::to_bits);
        let (all, none) = of(&whole, "profitable");
        let (some, gap) = of(&late, "profitable");
        assert_eq!(none, None);
        assert_eq!(gap, Some(Gap::NoPrice(all.len() - some.len())));
        assert!(!some.is_empty() && some.len() < all.len(), "{} of {}", some.len(), all.len());
        assert!(some.iter().all(|f| all.iter().any(|g| key(f) == key(g))));
        assert_eq!(of(&whole, "wear").0.len(), of(&late, "wear").0.len());
        let crps = |case: &Case| backtest(case).unwrap().scores.last().unwrap().crps;
        assert!((crps(&late) - crps(&whole)).abs() < 0.15, "{} for {}", crps(&late), crps(&whole));
    }

    /// Nothing to score is told, driver by driver.
    #[test]
    fn what_is_not_scored_says_why() {
        let whole = backtest(&Case::load(&Source::embedded(), &[]).unwrap()).unwrap();
        assert_eq!(gap(&whole, "culture"), Some(Gap::NoHistory));
        assert_eq!(gap(&whole, "wage"), None);
        let keep = |kept: &dyn Fn(&[&str]) -> bool| {
            backtest(&changed("panel.csv", &|text| {
                let line = |(k, l): &(usize, &str)| *k == 0 || kept(&l.split(',').collect::<Vec<_>>());
                text.lines().enumerate().filter(line).map(|(_, l)| l.to_owned() + "\n").collect()
            }))
            .unwrap()
        };
        // One year: no change at all. One town: four changes before the last year would be needed, three are there.
        let year = keep(&|cells| cells[1] == "2021");
        assert_eq!((year.scores.len(), gap(&year, "wage")), (0, Some(Gap::NoSeries)));
        let town = keep(&|cells| cells[0] == "temirtau");
        assert_eq!((town.scores.len(), gap(&town, "wage")), (0, Some(Gap::FewChanges(3))));
    }

    /// All wages of 2019 in thousands are left out rather than scored.
    #[test]
    fn a_year_in_thousands_is_left_out() {
        let case = changed("panel.csv", &|text| {
            let line = |l: &str| {
                let mut cells: Vec<String> = l.split(',').map(str::to_owned).collect();
                if cells[1] == "2019" && cells[2] == "average_wage" {
                    cells[3] = (cells[3].parse::<f64>().unwrap() / 1000.0).to_string();
                }
                cells.join(",") + "\n"
            };
            text.lines().map(line).collect()
        });
        assert_eq!(case.notices.len(), 8);
        assert!(!case.panel.iter().any(|v| v.year == 2019 && v.indicator == "average_wage"));
        let wage = |b: &Backtest| b.scores.iter().find(|s| s.driver == "wage").unwrap().crps;
        let whole = backtest(&Case::load(&Source::embedded(), &[]).unwrap()).unwrap();
        let (without, with) = (wage(&backtest(&case).unwrap()), wage(&whole));
        assert!(without < 2.0 * with, "{without} for {with}");
    }
}
