//! What figures are drawn from, and which of them.

use super::kind::FigureKind;
use crate::analyse::{Results, TownResults};
use crate::case::Case;

/// What figures are drawn from.
#[derive(Debug, Clone, Copy)]
pub struct Material<'a> {
    /// The case that was run.
    pub case: &'a Case,
    /// What the runs say.
    pub results: &'a Results,
    /// What runs of the same towns, scenarios and years say in which only the plans are uncertain, for fan charts
    /// that keep the two kinds of uncertainty apart; none where that is not asked for.
    pub plans_alone: Option<&'a Results>,
}

/// Which figures to draw.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    /// Kinds (default: all).
    pub kinds: Vec<FigureKind>,
    /// Towns by identifier; those not in the results have no figures (default: none named, which means all).
    pub towns: Vec<String>,
    /// Years besides the last one whose outcomes are drawn (default: none).
    pub years: Vec<i32>,
    /// Scenarios by identifier, to draw one over the other (default: the reference scenario, and of the others
    /// the one with most of the lead).
    pub overlay: Option<(String, String)>,
}

impl Default for Choice {
    fn default() -> Self {
        Self { kinds: FigureKind::ALL.to_vec(), towns: Vec::new(), years: Vec::new(), overlay: None }
    }
}

impl Choice {
    pub(super) fn has(&self, town: &TownResults) -> bool {
        self.towns.is_empty() || self.towns.contains(&town.id)
    }
}
