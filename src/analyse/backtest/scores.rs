//! Scores of groups of forecasts.

use super::bootstrap::{Interval, Value, interval};
use super::forecasts::{Marks, Scored};
use super::rivals::Forecaster;
use super::terms::{INTERVALS, PIT_BINS};
use crate::case::Case;

/// What a row of scores is about; none stands for all.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Group {
    /// Identifier of the driver.
    pub driver: Option<String>,
    /// Identifier of the town.
    pub town: Option<String>,
    /// Years ahead.
    pub ahead: Option<i32>,
}

/// Scores of a group of forecasts.
#[derive(Debug, Clone, PartialEq)]
pub struct Score {
    /// What they are about.
    pub group: Group,
    /// Number of forecasts.
    pub forecasts: usize,
    /// How each did, of those who forecast all of them; the model first.
    pub marks: Vec<ForecasterScore>,
    /// The rival that was best before the last origin.
    pub rival: Forecaster,
    /// Mean CRPS of the rivals that were each best before their origin.
    pub rival_crps: f64,
    /// That less the model's CRPS: above 0 the model is better. None of outcomes of one year.
    pub gain: Option<Interval>,
    /// Share of outcomes inside the model's middle 95 %, with its interval; none of outcomes of one year.
    pub inside_95: Option<Interval>,
}

/// How a forecaster did over a group.
#[derive(Debug, Clone, PartialEq)]
pub struct ForecasterScore {
    /// Who.
    pub forecaster: Forecaster,
    /// Mean CRPS: on the link scale for one driver; for several each in units of the random walk's of its driver.
    pub crps: f64,
    /// Mean log score, link scale.
    pub log_score: f64,
    /// Share of outcomes inside each of [`INTERVALS`].
    pub coverage: [f64; INTERVALS.len()],
    /// Number of outcomes in each part of his distribution, [`PIT_BINS`] of equal probability.
    pub pit: [usize; PIT_BINS],
}

impl Score {
    /// The model's marks.
    pub fn model(&self) -> &ForecasterScore {
        &self.marks[0]
    }

    /// How much smaller the model's CRPS is than that of the rivals chosen beforehand, as a share of theirs.
    pub fn relative_gain(&self) -> f64 {
        1.0 - self.model().crps / self.rival_crps
    }
}

/// The rival of each forecast: the one with the smallest mean CRPS over the forecasts of its driver whose outcomes were
/// known at its origin, the random walk where there is none yet. Places in [`Forecaster::ALL`].
pub(super) fn chosen_rivals(scored: &[Scored]) -> Vec<usize> {
    let walk = Forecaster::ALL.iter().position(|f| *f == Forecaster::Walk).unwrap_or(0);
    let best = |forecast: &Scored| {
        let known = |s: &&Scored| s.driver == forecast.driver && s.origin + s.ahead <= forecast.origin;
        let known: Vec<&Scored> = scored.iter().filter(known).collect();
        let rivals = (Forecaster::FIRST_RIVAL..Forecaster::ALL.len()).filter(|r| forecast.by[*r].is_some());
        let sum = |r: usize| known.iter().map(|s| s.marks(r).crps).sum::<f64>();
        let best = rivals.min_by(|a, b| sum(*a).total_cmp(&sum(*b)));
        if known.is_empty() { walk } else { best.unwrap_or(walk) }
    };
    let mut rivals = Vec::with_capacity(scored.len());
    for (k, forecast) in scored.iter().enumerate() {
        // Forecasts of a driver and origin stand together and share their rival.
        let same =
            k > 0 && (scored[k - 1].driver, scored[k - 1].origin) == (forecast.driver, forecast.origin);
        let rival = if same { rivals[k - 1] } else { best(forecast) };
        rivals.push(rival);
    }
    rivals
}

/// Scores of every group: all, each driver, each number of years ahead, each town, each driver and number of years.
pub(super) fn scores(case: &Case, scored: &[Scored], rivals: &[usize], seed: u64) -> Vec<Score> {
    let all: Vec<(&Scored, usize)> = scored.iter().zip(rivals.iter().copied()).collect();
    let drivers = 0..case.drivers.len();
    let unit: Vec<f64> = drivers.clone().map(|d| walk_crps(scored, d)).collect();
    let longest = scored.iter().map(|s| s.ahead).max().unwrap_or(0);
    let row = |driver: Option<usize>, town: Option<usize>, ahead: Option<i32>| {
        let of = |s: &Scored| {
            driver.is_none_or(|d| s.driver == d)
                && town.is_none_or(|t| s.town == t)
                && ahead.is_none_or(|a| s.ahead == a)
        };
        let part: Vec<(&Scored, usize)> = all.iter().filter(|(s, _)| of(s)).copied().collect();
        let group = Group {
            driver: driver.map(|d| case.drivers[d].id.clone()),
            town: town.map(|t| case.towns[t].id.clone()),
            ahead,
        };
        let unit = |d: usize| if driver.is_some() { 1.0 } else { unit[d] };
        score(group, &part, &unit, seed)
    };
    let mut rows = vec![row(None, None, None)];
    rows.extend(drivers.clone().map(|d| row(Some(d), None, None)));
    rows.extend((1..=longest).map(|a| row(None, None, Some(a))));
    rows.extend((0..case.towns.len()).map(|t| row(None, Some(t), None)));
    rows.extend(
        drivers.flat_map(|d| (1..=longest).map(move |a| (d, a))).map(|(d, a)| row(Some(d), None, Some(a))),
    );
    rows.into_iter().flatten().collect()
}

/// The score of one driver alone; none where nothing of it is forecast.
pub(super) fn driver_score(case: &Case, scored: &[Scored], rivals: &[usize], driver: usize) -> Option<Score> {
    let part: Vec<(&Scored, usize)> =
        scored.iter().zip(rivals.iter().copied()).filter(|(s, _)| s.driver == driver).collect();
    let group = Group { driver: Some(case.drivers[driver].id.clone()), ..Group::default() };
    score(group, &part, &|_| 1.0, case.seed)
}

/// Mean CRPS of the random walk for a driver.
fn walk_crps(scored: &[Scored], driver: usize) -> f64 {
    let walk = Forecaster::ALL.iter().position(|f| *f == Forecaster::Walk).unwrap_or(0);
    let of: Vec<f64> = scored.iter().filter(|s| s.driver == driver).map(|s| s.marks(walk).crps).collect();
    of.iter().sum::<f64>() / of.len() as f64
}

fn score(group: Group, part: &[(&Scored, usize)], unit: &dyn Fn(usize) -> f64, seed: u64) -> Option<Score> {
    let n = part.len() as f64;
    let last = part.iter().max_by_key(|(s, _)| s.origin)?;
    let crps = |s: &Scored, place: usize| s.marks(place).crps / unit(s.driver);
    let marks = |(place, forecaster): (usize, Forecaster)| {
        let own: Option<Vec<Marks>> = part.iter().map(|(s, _)| s.by[place]).collect();
        let own = own?;
        let inside =
            |share: f64| own.iter().filter(|m| (m.pit - 0.5).abs() <= 0.5 * share).count() as f64 / n;
        let mut pit = [0; PIT_BINS];
        for m in &own {
            pit[((m.pit * PIT_BINS as f64) as usize).min(PIT_BINS - 1)] += 1;
        }
        Some(ForecasterScore {
            forecaster,
            crps: part.iter().map(|(s, _)| crps(s, place)).sum::<f64>() / n,
            log_score: own.iter().map(|m| m.log_score).sum::<f64>() / n,
            coverage: INTERVALS.map(inside),
            pit,
        })
    };
    let name = format!("{:?}/{:?}/{:?}", group.driver, group.town, group.ahead);
    let of_forecasts = |f: &dyn Fn(&Scored, usize) -> f64, what: &str| {
        let value =
            |(s, rival): &(&Scored, usize)| Value { town: s.town, year: s.origin + s.ahead, x: f(s, *rival) };
        interval(&part.iter().map(value).collect::<Vec<_>>(), seed, &format!("{name}/{what}"))
    };
    let inside = |s: &Scored| f64::from(u8::from((s.marks(0).pit - 0.5).abs() <= 0.5 * INTERVALS[2]));
    Some(Score {
        forecasts: part.len(),
        marks: Forecaster::ALL.into_iter().enumerate().filter_map(marks).collect(),
        rival: Forecaster::ALL[last.1],
        rival_crps: part.iter().map(|(s, rival)| crps(s, *rival)).sum::<f64>() / n,
        gain: of_forecasts(&|s, rival| crps(s, rival) - crps(s, 0), "gain"),
        inside_95: of_forecasts(&|s, _| inside(s), "inside").map(|i| Interval {
            low: i.low.max(0.0),
            high: i.high.min(1.0),
            ..i
        }),
        group,
    })
}
