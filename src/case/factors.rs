//! What is assumed of a case's numbers: the factors of a study of its sensitivity (factors.toml).

use super::{Adjustable, Name};
use crate::explore::Law;

/// The factors of a case, and what it holds still.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct CaseFactors {
    /// Numbers and switches with what they may be, in the order of [`Case::adjustables`](super::Case::adjustables).
    pub factors: Vec<CaseFactor>,
    /// Groups that have names for people, by id.
    pub groups: Vec<(String, Name)>,
    /// Assumptions that are no numbers, or that runs draw by themselves.
    pub held: Vec<Held>,
    /// Correlations of the normal scores of two factors, by their places.
    pub correlations: Vec<(usize, usize, f64)>,
}

/// A number or switch of the case that may be otherwise.
#[derive(Debug, Clone, PartialEq)]
pub struct CaseFactor {
    /// Its name, as `--set` has it.
    pub name: String,
    /// What it is.
    pub what: Adjustable,
    /// What it may be.
    pub law: Law,
    /// The group that it belongs to.
    pub group: String,
    /// Why it may be so.
    pub basis: String,
}

/// An assumption that is not varied.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Held {
    /// Pattern of what it is: the file without its ending, then what the assumption is about, joined by dots.
    pub name: String,
    /// Why it stands still.
    pub basis: String,
}
