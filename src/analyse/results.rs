//! What an ensemble says, as estimates with their Monte Carlo errors: the one thing that reports and
//! pictures are made from.

mod distribution;
mod prices;
mod setup;
mod town;

pub use crate::model::{Quantity, QuantityKind};
pub use distribution::{Bin, Bins, Distribution, Estimate, MEDIAN, Mark, Paired, QUANTILES};
pub use prices::{CommodityPrices, PriceCorrelation, PriceFan, PriceYear, Prices};
pub use setup::{Setup, TRIAL_RUNS};
pub use town::{Cell, KnownEvent, ScenarioResults, Split, TownResults};

use super::backtest::Verdict;
use crate::case::Name;
use crate::model::{UnknownId, places};

/// Everything that a set of runs says about a case.
#[derive(Debug, Clone)]
pub struct Results {
    /// How it was made.
    pub setup: Setup,
    /// What `quantities` of a cell are, in that order.
    pub quantities: Vec<Quantity>,
    /// Composites that are classified, in the order of `classes` of a cell.
    pub scaled: Vec<ScaledComposite>,
    /// Outcomes whose first year counts, in the order of `first_passage`.
    pub first_passages: Vec<(String, Name)>,
    /// Place of the last resort's conditions among them, if the method names them.
    pub last_resort: Option<usize>,
    /// What is told first.
    pub headline: HeadlinePlaces,
    /// The towns that were run, sorted by id.
    pub towns: Vec<TownResults>,
    /// How many of these towns have reached an outcome in the same run: for each scenario that was run, each
    /// outcome. The one statistic that depends on which towns were chosen.
    pub together: Vec<Together>,
    /// What was undefined in some of the runs.
    pub undefined: Vec<UndefinedQuantity>,
    /// What the backtest said of each of `quantities`.
    pub verdicts: Vec<Verdict>,
    /// Prices of the commodities.
    pub prices: Prices,
    /// Every scenario of the case: (id, name), in the case's order; `lead` and `votes` are in this order.
    pub candidates: Vec<(String, Name)>,
}

/// Places in [`Results::quantities`] of what headlines, summaries and the first pictures tell; none where the
/// case does not name it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct HeadlinePlaces {
    /// The index, a composite with classes.
    pub index: Option<usize>,
    /// What people read as a rate.
    pub rate: Option<usize>,
    /// What is counted in persons.
    pub people: Option<usize>,
}

impl Results {
    /// A town, by id.
    ///
    /// # Errors
    /// [`UnknownId`] naming those that were run.
    pub fn town(&self, id: &str) -> Result<&TownResults, UnknownId> {
        Ok(&self.towns[places("town", &[id], self.towns.iter().map(|t| t.id.as_str()))?[0]])
    }

    /// What was found of a town under a scenario in a year.
    ///
    /// # Errors
    /// [`UnknownId`] naming the towns, scenarios or years that were run.
    pub fn cell(&self, town: &str, scenario: &str, year: i32) -> Result<&Cell, UnknownId> {
        let scenarios = &self.town(town)?.scenarios;
        let path = places("scenario", &[scenario], scenarios.iter().map(|s| s.id.as_str()))?[0];
        let years: Vec<String> = self.setup.years.iter().map(i32::to_string).collect();
        let t = places("year", &[year.to_string()], years.iter().map(String::as_str))?[0];
        Ok(&scenarios[path].years[t])
    }

    /// The distribution of a quantity, by its id, in such a cell.
    ///
    /// # Errors
    /// [`UnknownId`] as for [`Results::cell`], or naming the quantities.
    pub fn distribution(
        &self,
        town: &str,
        scenario: &str,
        year: i32,
        quantity: &str,
    ) -> Result<&Distribution, UnknownId> {
        let place = places("quantity", &[quantity], self.quantities.iter().map(|q| q.id.as_str()))?[0];
        Ok(&self.cell(town, scenario, year)?.quantities[place])
    }
}

/// How many of the towns that were run have reached an outcome under one scenario, in the same run.
#[derive(Debug, Clone, PartialEq)]
pub struct Together {
    /// Identifier of the scenario.
    pub scenario: String,
    /// Name of the scenario.
    pub name: Name,
    /// Index into [`Results::first_passages`].
    pub outcome: usize,
    /// A year each, as [`Setup::years`].
    pub years: Vec<TogetherYear>,
}

/// One year of [`Together`].
#[derive(Debug, Clone, PartialEq)]
pub struct TogetherYear {
    /// Probability that just 0, 1, .. of the towns have reached the outcome by the end of the year.
    pub exactly: Vec<Estimate>,
    /// Probability that so many or more have.
    pub at_least: Vec<Estimate>,
}

/// A composite with its scale.
#[derive(Debug, Clone, PartialEq)]
pub struct ScaledComposite {
    /// Symbol (`TDea`).
    pub symbol: String,
    /// What it is.
    pub label: Name,
    /// Classes from the lowest values to the highest.
    pub classes: Vec<ScaleClass>,
}

/// A class of a scale.
#[derive(Debug, Clone, PartialEq)]
pub struct ScaleClass {
    /// As the files write it.
    pub id: String,
    /// As people read it.
    pub name: Name,
    /// Rank among all class names of the method, 0 the lowest, and how many there are.
    pub rank: (usize, usize),
    /// Upper bound, which belongs to the class.
    pub upper: f64,
}

/// Something that was undefined in some of the runs: no finite number, or a sum beyond its range.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UndefinedQuantity {
    /// Identifier of the town.
    pub town: String,
    /// Identifier of the quantity, or of the outcome whose condition it is.
    pub quantity: String,
    /// In how many cases, over runs, years and scenarios.
    pub cases: u64,
    /// How many cases there are in all.
    pub of: u64,
    /// The first run in which it happened, with scenario and year, to replay; none for a sum beyond its range.
    pub first: Option<(u64, String, i32)>,
}
