//! Where distress comes from: how likely it is when one source after another is taken away.
//!
//! A source's part is the difference that its absence makes, all else as it is, under the same draws. The parts need not
//! add up to the whole: two sources that reach the conditions only together are missed by either.

use crate::analyse::{Estimate, Study};
use crate::case::Case;
use crate::engine::VectorLevel;
use crate::model::Change;

/// What is taken away.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Without {
    /// Nothing: the case as it is.
    Nothing,
    /// Events by chance; known ones stay.
    Events,
    /// Changes of prices that are not known yet: prices go on from the last known ones to their long-run levels, or fall
    /// by inflation, without chance.
    PriceChance,
    /// All that prices do, so also that those of the base year were high.
    Prices,
    /// All plans, and what they leave uncertain: drivers stay where they are in the base year.
    Plans,
    /// The yearly innovations of drivers.
    Innovations,
}

impl Without {
    /// In the order in which they are told.
    pub const ALL: [Self; 6] =
        [Self::Nothing, Self::Events, Self::PriceChance, Self::Prices, Self::Plans, Self::Innovations];

    /// Its name in tables: `nothing`, `events`, ..
    pub fn id(self) -> &'static str {
        match self {
            Self::Nothing => "nothing",
            Self::Events => "events",
            Self::PriceChance => "price_chance",
            Self::Prices => "prices",
            Self::Plans => "plans",
            Self::Innovations => "innovations",
        }
    }

    fn changes(self, case: &Case) -> Vec<Change> {
        let drivers = 0..case.drivers.len();
        let places = |n: usize| (0..n).flat_map(|a| (0..case.scenarios.len()).map(move |s| (a, s)));
        match self {
            Self::Nothing => Vec::new(),
            Self::Events => {
                places(case.events.len()).map(|(e, s)| Change::EventProbability(e, s, 0.0)).collect()
            }
            Self::PriceChance => {
                (0..case.commodities.len()).map(|c| Change::PriceVolatility(c, 0.0, 0.0)).collect()
            }
            Self::Prices => drivers.map(|i| Change::PriceExposure(i, 0.0)).collect(),
            Self::Plans => places(case.towns.len())
                .flat_map(|(town, scenario)| {
                    let none = move |driver| Change::Plan { town, scenario, driver, shift: 0.0, sd: 0.0 };
                    drivers.clone().map(none)
                })
                .collect(),
            Self::Innovations => drivers.map(|i| Change::Sigma(i, 0.0)).collect(),
        }
    }
}

/// Probability of the last resort's conditions by the horizon in a town under a scenario, places in the case.
#[derive(Debug, Clone, PartialEq)]
pub struct Distress {
    /// The town.
    pub town: usize,
    /// The scenario.
    pub scenario: usize,
    /// The probability without each source, in the order of [`Without::ALL`].
    pub without: Vec<Estimate>,
}

/// Asks a study; nothing where the method names no conditions of the last resort. `progress(done, total)` counts the
/// sources.
pub fn sources_of_distress(
    case: &Case,
    study: &Study<'_>,
    runs: u64,
    level: VectorLevel,
    progress: &dyn Fn(usize, usize),
) -> Vec<Distress> {
    let model = study.model();
    let Some(outcome) = model.first_passages.iter().position(|f| f.last_resort) else { return Vec::new() };
    let options = &model.options;
    let mut found: Vec<Distress> = options
        .towns
        .iter()
        .flat_map(|town| options.scenarios.iter().map(move |scenario| (*town, *scenario)))
        .map(|(town, scenario)| Distress { town, scenario, without: Vec::new() })
        .collect();
    let t = model.years.len() - 1;
    for (k, source) in Without::ALL.into_iter().enumerate() {
        let variant = study.vary(&source.changes(case));
        let answers = variant.survey(&[], level, runs);
        let mut all = found.iter_mut();
        for town in 0..options.towns.len() {
            for path in 0..options.scenarios.len() {
                if let Some(distress) = all.next() {
                    distress.without.push(answers.cell(town, t, path).reached[outcome]);
                }
            }
        }
        progress(k + 1, Without::ALL.len());
    }
    found
}
