//! The dynamics of a town's indicators, compiled from a case.
//!
//! Takes a checked [`Case`] and [`Options`]; gives a [`Model`]: the laws of prices, region, noise and towns
//! as plain numbers, and the case's formulas as straight-line programs. On the link scale, with years t = 0
//! (base year) to H:
//!
//! ```text
//! z[t] = z[0] + tau[t] Delta + S[t] + y[t]      the plan, steps by events, the departure from both
//! y[t] = B[t] x[t] + d[t]                       x: log price level of the town's mix since the base year
//! d[t] = phi d[t-1] + (1 - phi) C (y[t-1] + S[t-1]) + e[t]
//! ```

mod base_moments;
mod closed_form;
mod noise;
mod options;
mod path;
mod preview;
mod prices;
mod program;
mod quantity;
mod region;
mod town;

pub use closed_form::{ClosedForm, LinkMoments, Normal};
pub use noise::{NoiseLaw, SparseRow};
pub use options::{Options, Uncertainty};
pub use path::{PathLaw, YearLaw};
pub use preview::{PreviewRow, preview};
pub use prices::{Branch, PriceLaw};
pub use program::{Bank, Known, KnownRows, Names, Operand, Operation, Program, Sign};
pub use quantity::{Quantity, QuantityKind, quantities};
pub use region::RegionLaw;
pub use town::{EventLaw, GrowthProgram, OutcomeProgram, TownLaw};

use crate::case::{Case, Class, FirstPassage, Link, ShareSplit};

/// A case compiled for a run.
#[derive(Debug, Clone)]
pub struct Model {
    /// What is run.
    pub options: Options,
    /// Years, the base year first.
    pub years: Vec<i32>,
    /// Correlation of plan errors between scenarios.
    pub plan_correlation: f64,
    /// Prices.
    pub prices: PriceLaw,
    /// Indices of the region.
    pub region: RegionLaw,
    /// Innovations.
    pub noise: NoiseLaw,
    /// Link of each driver.
    pub links: Vec<Link>,
    /// Towns of the options, in that order.
    pub towns: Vec<TownLaw>,
    /// Quantities whose distributions are kept.
    pub quantities: Vec<Quantity>,
    /// Composites that have a scale: (index in the method, classes).
    pub scales: Vec<(usize, Vec<Class>)>,
    /// Number of scenarios of the case, the candidates of the vote.
    pub candidates: usize,
    /// Outcomes whose first year counts.
    pub first_passages: Vec<FirstPassage>,
    /// The share whose change is split.
    pub share_split: ShareSplit,
    /// Place of the reference scenario among the options' scenarios.
    pub reference: Option<usize>,
    /// The same model under a seed of its own, for the pilot that sets the edges of histograms: they are a
    /// function of the case and the options, not of the seed. None in the pilot's own model.
    pub pilot: Option<Box<Model>>,
}

/// Seed of every pilot.
const PILOT_SEED: u64 = 4096;

/// Why options do not fit a case.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ModelError {
    /// The horizon is not after the base year, or absurdly far.
    #[error("horizon {horizon}: it must lie between {first} and {last}")]
    Horizon {
        /// As asked.
        horizon: i32,
        /// First allowed year.
        first: i32,
        /// Last allowed year.
        last: i32,
    },
    /// No town or no scenario was chosen, or one that the case does not have.
    #[error("{what}: choose at least one of the {count} that the case has, each once, in order")]
    Choice {
        /// `towns` or `scenarios`.
        what: &'static str,
        /// How many there are.
        count: usize,
    },
}

/// Longest span of years that can be run.
const MAX_YEARS: i32 = 200;

impl Model {
    /// Compiles a case.
    ///
    /// # Errors
    /// [`ModelError`] when the options' horizon, towns or scenarios do not fit the case.
    pub fn compile(case: &Case, options: &Options) -> Result<Self, ModelError> {
        check(case, options)?;
        let pilot = Self::laws(case, &Options { seed: PILOT_SEED, ..options.clone() });
        Ok(Self { pilot: Some(Box::new(pilot)), ..Self::laws(case, options) })
    }

    fn laws(case: &Case, options: &Options) -> Self {
        let years: Vec<i32> = (case.base_year..=options.horizon).collect();
        let towns = options.towns.iter().map(|&t| TownLaw::compile(case, options, &years, t)).collect();
        let scales = case.method.scaled().map(|(i, _, classes)| (i, classes.to_vec())).collect();
        Self {
            prices: PriceLaw::compile(case, options, &years),
            region: RegionLaw::compile(case, options, &years),
            noise: NoiseLaw::compile(case, options),
            links: case.drivers.iter().map(|d| d.link).collect(),
            quantities: quantities(case),
            candidates: case.scenarios.len(),
            first_passages: case.method.first_passages.clone(),
            share_split: case.method.share_split,
            reference: options.scenarios.iter().position(|&s| s == case.reference),
            plan_correlation: case.plan_correlation,
            options: options.clone(),
            pilot: None,
            years,
            towns,
            scales,
        }
    }
}

fn check(case: &Case, options: &Options) -> Result<(), ModelError> {
    let (first, last) = (case.base_year + 1, case.base_year + MAX_YEARS);
    if !(first..=last).contains(&options.horizon) {
        return Err(ModelError::Horizon { horizon: options.horizon, first, last });
    }
    let fits = |chosen: &[usize], count: usize| {
        !chosen.is_empty() && chosen.windows(2).all(|w| w[0] < w[1]) && chosen.iter().all(|i| *i < count)
    };
    for (what, chosen, count) in
        [("towns", &options.towns, case.towns.len()), ("scenarios", &options.scenarios, case.scenarios.len())]
    {
        if !fits(chosen, count) {
            return Err(ModelError::Choice { what, count });
        }
    }
    Ok(())
}
