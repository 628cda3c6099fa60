//! What the parts of the variance are.

use crate::analyse::Estimate;
use crate::case::Name;
use crate::model::{Quantity, VarianceSource};

/// A part of the variance.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// Which scenario it is.
    Scenario,
    /// A source on its own.
    Source(VarianceSource),
    /// Interactions of the scenario with the sources.
    WithScenario,
    /// Interactions of the sources with each other.
    AmongSources,
}

impl Part {
    /// Its id in tables.
    pub fn name(self) -> &'static str {
        match self {
            Self::Scenario => "scenario",
            Self::Source(source) => source.name(),
            Self::WithScenario => "scenario_interactions",
            Self::AmongSources => "other_interactions",
        }
    }
}

/// What a part makes of the variance.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PartShare {
    /// Which part.
    pub part: Part,
    /// Its share of the variance, 0..1 but for the error of the estimate; all shares add up to 1.
    pub share: Estimate,
    /// With all interactions that it has a part in; none for interactions themselves.
    pub total: Option<Estimate>,
}

/// The variance of one quantity in one town and year.
#[derive(Debug, Clone, PartialEq)]
pub struct Variance {
    /// Standard deviation over scenarios and runs, in the quantity's unit.
    pub sd: Estimate,
    /// Its parts; none where nothing varies.
    pub parts: Vec<PartShare>,
    /// Runs of A and B in which the quantity is undefined, which are left out.
    pub undefined: u64,
}

/// One town.
#[derive(Debug, Clone, PartialEq)]
pub struct TownVariance {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: Name,
    /// `[t][quantity]`, t = 0 the base year.
    pub years: Vec<Vec<Variance>>,
}

/// Where the variance of some quantities comes from.
#[derive(Debug, Clone)]
pub struct VarianceShares {
    /// Id of the case.
    pub case: String,
    /// Years, the base year first.
    pub years: Vec<i32>,
    /// The scenarios with their names and weights.
    pub scenarios: Vec<(String, Name, f64)>,
    /// The quantities.
    pub quantities: Vec<Quantity>,
    /// Runs of each sample.
    pub runs: u64,
    /// Number of samples: A, B and one a source.
    pub samples: usize,
    /// What is drawn: [`crate::model::Uncertainty::name`].
    pub uncertainty: String,
    /// The price stress that is laid on.
    pub stress: Option<Name>,
    /// Seed of sample A.
    pub seed: u64,
    /// The towns.
    pub towns: Vec<TownVariance>,
}
