//! What an ensemble says, as estimates with their Monte Carlo errors: the one thing that reports and
//! pictures are made from.

use crate::case::Name;
pub use crate::engine::{Bin, Bins};
pub use crate::model::{Quantity, QuantityKind};
use crate::model::{UnknownId, places};

/// Probabilities of the quantiles that every distribution reports.
pub const QUANTILES: [f64; 11] = [0.01, 0.025, 0.05, 0.10, 0.25, 0.50, 0.75, 0.90, 0.95, 0.975, 0.99];

/// Index of the median in [`QUANTILES`].
pub const MEDIAN: usize = 5;

/// An estimate and its Monte Carlo standard error, in the same unit.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Estimate {
    /// The estimate.
    pub value: f64,
    /// Its standard error over repetitions with other seeds.
    pub mcse: f64,
    /// Of a share the number of runs that it is a share of; 0 for anything else.
    pub runs: u64,
}

/// Fewer runs than this are a trial: the margin of a share reaches 3 points and more, a 5 % end of a range rests on
/// fewer than fifty runs and a 1 % end on fewer than ten.
pub const TRIAL_RUNS: u64 = 1000;

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

/// Prices of the commodities: observed and simulated.
#[derive(Debug, Clone, Default)]
pub struct Prices {
    /// Number of runs that the simulated prices are from: the first of the ensemble, which are sorted.
    pub runs: u64,
    /// Years after the base year whose prices are observed or given, and do not vary.
    pub given: usize,
    /// The commodities, sorted by id.
    pub commodities: Vec<CommodityPrices>,
    /// Every pair of them, in their order.
    pub correlations: Vec<PriceCorrelation>,
}

/// How the yearly changes of two prices (of ln annual averages) go together.
#[derive(Debug, Clone, PartialEq)]
pub struct PriceCorrelation {
    /// Identifier of the first commodity.
    pub a: String,
    /// Identifier of the second commodity.
    pub b: String,
    /// The case's correlation, that of the innovations.
    pub listed: f64,
    /// Correlation over runs, exactly ([`crate::model::PriceLaw::change_correlation`]); none where no price is drawn.
    pub realised: Option<f64>,
    /// Correlation over the observed years in which both changed; none of fewer than three or of a constant.
    pub history: Option<f64>,
    /// Its 95 % interval, as if the changes were independent and normal.
    pub history_interval: Option<(f64, f64)>,
    /// Number of those changes.
    pub history_changes: usize,
}

/// Prices of one commodity: real annual averages in its unit.
#[derive(Debug, Clone)]
pub struct CommodityPrices {
    /// Identifier.
    pub id: String,
    /// Name.
    pub name: Name,
    /// Unit, as files write it.
    pub unit: String,
    /// Unit as people read it, where the case names it.
    pub unit_name: Option<Name>,
    /// Observed annual averages: (year, price).
    pub observed: Vec<(i32, f64)>,
    /// The long-run level to which the reverting branch returns, at its estimate; none without that branch.
    pub level: Option<f64>,
    /// Towns whose enterprise lives on it: (id, name, weight in the town's mix).
    pub towns: Vec<(String, Name, f64)>,
    /// What a stress multiplies the price by, a year each; 1 where none is laid on.
    pub stress: Vec<f64>,
    /// All runs, stress included.
    pub all: PriceFan,
    /// All runs taken along the random walk; none where the process has no two branches to draw.
    pub walk: Option<PriceFan>,
    /// All runs taken along the branch that returns to the long-run level.
    pub reverting: Option<PriceFan>,
}

/// Distribution of a price in each year, as [`Setup::years`].
pub type PriceFan = Vec<PriceYear>;

/// Distribution of a price in one year.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PriceYear {
    /// Quantiles at [`QUANTILES`]: order statistics of the sorted runs.
    pub quantiles: [Estimate; QUANTILES.len()],
}

/// How results were made.
#[derive(Debug, Clone, PartialEq)]
pub struct Setup {
    /// Identifier of the case.
    pub case: String,
    /// Name of the region.
    pub region: Name,
    /// Number of runs.
    pub runs: u64,
    /// Seed.
    pub seed: u64,
    /// Version of the program.
    pub version: String,
    /// Simulated years, the base year first: `years[0]` is t = 0.
    pub years: Vec<i32>,
    /// What was drawn: `all`, `plan`, `inputs`, `shocks`, `none` or several joined by `+`.
    pub uncertainty: String,
    /// Identifier of the price stress, if one was laid on.
    pub stress: Option<String>,
    /// Its name.
    pub stress_name: Option<Name>,
}

impl Setup {
    /// True when there are too few runs for more than a look: see [`TRIAL_RUNS`].
    pub fn is_trial(&self) -> bool {
        self.runs < TRIAL_RUNS
    }
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

/// Results of one town.
#[derive(Debug, Clone)]
pub struct TownResults {
    /// Identifier.
    pub id: String,
    /// Name.
    pub name: Name,
    /// True when every base-year input is printed in the source.
    pub complete: bool,
    /// The scenarios that were run, in the case's order.
    pub scenarios: Vec<ScenarioResults>,
    /// Known events of the town, in order of year; no part of the model.
    pub chronicle: Vec<KnownEvent>,
    /// Place of the town on the case's table-map (column from the west, row from the north, from 1), if
    /// every town of the case has one.
    pub tile: Option<(u32, u32)>,
    /// Observed history, rescaled so that the base year equals the base level: per quantity, (year, value).
    pub history: Vec<Vec<(i32, f64)>>,
}

/// Something that is known to have happened to a town.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownEvent {
    /// Identifier.
    pub id: String,
    /// The year, which may lie before the base year or after it.
    pub year: i32,
    /// What happened.
    pub label: Name,
    /// Who says so.
    pub source: String,
}

/// Results of one town under one scenario.
#[derive(Debug, Clone)]
pub struct ScenarioResults {
    /// Identifier.
    pub id: String,
    /// Name.
    pub name: Name,
    /// One cell a year, as [`Setup::years`].
    pub years: Vec<Cell>,
    /// The plan without chance, per quantity and year: inputs at their mode, prices of the base year, mean
    /// plans, no noise, no events. Quantities in the order of [`Results::quantities`].
    pub plan: Vec<Vec<f64>>,
    /// Paired differences to the reference scenario; none for the reference itself or when it was not run.
    pub paired: Option<Vec<Vec<Paired>>>,
    /// Per outcome and year: probability that it happens first in that year.
    pub first_passage: Vec<Vec<Estimate>>,
    /// Split of the change of the share since the base year, a year each.
    pub split: Vec<Split>,
    /// Change since the base year that comes from prices already observed, per driver and year, on the
    /// link scale; exact, from the closed form.
    pub observed_prices: Vec<Vec<f64>>,
    /// Change since the base year of the mean that comes from all price moves, observed and expected, per
    /// driver and year, on the link scale; exact, from the closed form.
    pub all_prices: Vec<Vec<f64>>,
    /// Share of the variance that comes from inputs the source does not print, per quantity and year:
    /// 1 - Var(inputs at mode) / Var(all); none when the town's inputs are complete or were not drawn.
    pub input_share: Option<Vec<Vec<f64>>>,
}

/// One town, scenario and year.
#[derive(Debug, Clone)]
pub struct Cell {
    /// Distribution of each quantity.
    pub quantities: Vec<Distribution>,
    /// Probability of each class of each scaled composite.
    pub classes: Vec<Vec<Estimate>>,
    /// Probability that each scaled composite is undefined; with its classes it adds up to 1.
    pub undefined: Vec<Estimate>,
    /// Mean number of votes for each candidate scenario.
    pub votes: Vec<Estimate>,
    /// Each candidate's share of the lead; ties are shared, and with [`Cell::no_lead`] the shares add up to 1.
    pub lead: Vec<Estimate>,
    /// Probability that some composite is undefined, so that nobody leads.
    pub no_lead: Estimate,
    /// Probability that the candidate leads alone.
    pub lead_alone: Vec<Estimate>,
    /// Probability that the candidate is among the leaders.
    pub lead_among: Vec<Estimate>,
    /// Mean margin: best less second-best number of votes, over the runs that have a lead.
    pub margin: Estimate,
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

impl Distribution {
    /// The median.
    pub fn median(&self) -> Estimate {
        self.quantiles[MEDIAN]
    }
}

/// A distribution, summarised, over the runs in which the quantity is defined.
#[derive(Debug, Clone)]
pub struct Distribution {
    /// Mean.
    pub mean: Estimate,
    /// Mean by control variates: an estimate of the same, usually with a smaller error; none where there are
    /// no controls, and of differences.
    pub mean_cv: Option<Estimate>,
    /// Standard deviation.
    pub sd: Estimate,
    /// Smallest value of all runs.
    pub min: f64,
    /// Largest value of all runs.
    pub max: f64,
    /// Quantiles at [`QUANTILES`].
    pub quantiles: [Estimate; QUANTILES.len()],
    /// True where the quantile lies in an end bin, so that it is a bound rather than an estimate.
    pub open_ended: [bool; QUANTILES.len()],
    /// Histogram: empty bins at both ends are left out.
    pub bins: Bins,
}

/// Difference of a scenario to the reference scenario, run by run.
#[derive(Debug, Clone)]
pub struct Paired {
    /// Index into [`Results::quantities`].
    pub quantity: usize,
    /// Distribution of the difference.
    pub difference: Distribution,
    /// Probability of being better than the reference, ties counting half; none where neither direction is.
    pub better: Option<Estimate>,
}

/// What moved the mono-profile share since the base year: means over runs, in percentage points (mean of
/// the two orders), and on the exact logit scale.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Split {
    /// Change of the share, percentage points.
    pub change: Estimate,
    /// Part due to the enterprise's own output, percentage points.
    pub enterprise: Estimate,
    /// Part due to other output growing (which lowers the share), percentage points.
    pub other: Estimate,
    /// Change of the logit of the share.
    pub logit_change: Estimate,
    /// Parts of it due to the enterprise: plan, price level, events, deviation.
    pub logit_plan: Estimate,
    /// Price level.
    pub logit_price: Estimate,
    /// Events.
    pub logit_events: Estimate,
    /// Deviation from the plan: noise and cross-impacts.
    pub logit_deviation: Estimate,
    /// Less the change of ln other output.
    pub logit_other: Estimate,
}
