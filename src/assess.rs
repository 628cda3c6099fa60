//! The assessment: what the method says about the towns as they are in the base year.
//!
//! Takes a [`Case`]; gives, for every town, its sub-indicators, composites, classes, votes and leading
//! scenarios ([`assess`]), and every place where the source disagrees with itself or with its own rules
//! ([`audit`]).
//!
//! A town whose inputs are all printed has one score. A town with missing inputs has a distribution
//! ([`Spread`]) over draws of them. The rules of voting ([`votes`], [`lead`]) are those that later stages
//! apply to simulated years, so that the classes of today and of the horizon cannot drift apart.

mod audit;
mod bounds;
mod evaluate;
mod missing;
mod score;
mod spread;
mod variant;
mod vote;

pub use audit::{ClassChange, Effect, Finding, Kind, OnScale, Phrase, audit, on_scales, rounding};
pub use bounds::{Bound, bounds};
pub use evaluate::{Evaluator, Reading, UnknownReading};
pub use missing::{InputLaw, switch_probability};
pub use score::Score;
pub use spread::{CompositeSpread, Estimate, ScenarioSpread, Spread};
pub use variant::{UnknownVariant, Variant};
pub use vote::{Lead, all_defined, lead, lead_parts, votes};

use std::collections::BTreeMap;

use crate::case::{Case, Input, Method, Name, Town};

/// Draws of the missing inputs of an incomplete town.
pub const DRAWS: u64 = 10_000;

/// What the method says about every town of a case.
#[derive(Debug, Clone)]
pub struct Assessment {
    /// The base year.
    pub year: i32,
    /// Which numbers were used.
    pub variant: Variant,
    /// Which formulas were used in place of the method's first ones: (composite, name of the reading).
    pub readings: Vec<(String, String)>,
    /// Seed of the draws of missing inputs.
    pub seed: u64,
    /// The method.
    pub method: Method,
    /// Names for people of the case's units, by id.
    pub names: BTreeMap<String, Name>,
    /// Id and name of each scenario.
    pub scenarios: Vec<(String, Name)>,
    /// The towns, in the order of the case.
    pub towns: Vec<TownAssessment>,
}

/// What the method says about one town.
#[derive(Debug, Clone)]
pub struct TownAssessment {
    /// Identifier.
    pub id: String,
    /// Its name.
    pub name: Name,
    /// The town's inputs as given.
    pub inputs: Vec<Input>,
    /// Values, classes and votes; with missing inputs at their mode.
    pub score: Score,
    /// For a town with missing inputs: the distribution of its score.
    pub spread: Option<Spread>,
}

/// Assesses every town of a case.
///
/// `variant` says which numbers to use where the source gives several, `reading` which formulas. The missing
/// inputs of an incomplete town are drawn [`DRAWS`] times from the streams that the engine uses for them, so
/// run k here is run k there.
///
/// # Examples
/// ```
/// use boljam::assess::{Reading, Variant, assess};
/// use boljam::case::{Case, Source};
/// let case = Case::load(&Source::embedded(), &[])?;
/// let assessment = assess(&case, Variant::PrintedInputs, &Reading::default());
/// let karazhal = assessment.towns.iter().find(|town| town.id == "karazhal").unwrap();
/// assert_eq!(karazhal.score.votes, [1, 4, 1, 2]);
/// # Ok::<(), boljam::case::Faults>(())
/// ```
pub fn assess(case: &Case, variant: Variant, reading: &Reading) -> Assessment {
    assess_draws(case, variant, reading, DRAWS)
}

/// [`assess`] with another number of draws.
pub fn assess_draws(case: &Case, variant: Variant, reading: &Reading, draws: u64) -> Assessment {
    let evaluator = Evaluator::new(&case.method, reading);
    let assess_town = |town: &Town| TownAssessment {
        id: town.id.clone(),
        name: town.name.clone(),
        inputs: town.inputs.clone(),
        score: variant::score(case, &evaluator, town, variant),
        spread: (!town.is_complete()).then(|| spread::spread(case, &evaluator, town, draws)),
    };
    Assessment {
        year: case.base_year,
        variant,
        readings: reading.names(&case.method),
        seed: case.seed,
        method: case.method.clone(),
        names: case.names.clone(),
        scenarios: case.scenarios.iter().map(|s| (s.id.clone(), s.name.clone())).collect(),
        towns: case.towns.iter().map(assess_town).collect(),
    }
}
