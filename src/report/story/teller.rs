//! What every sentence about a town draws on.

use crate::analyse::{Estimate, Results, ScenarioResults, TownResults};
use crate::report::headline::FirstTold;
use crate::report::words::{number, percent_told};
use crate::text::Text;

/// A town, and the words for it.
pub(super) struct Teller<'a> {
    pub(super) results: &'a Results,
    pub(super) town: &'a TownResults,
    pub(super) text: &'a Text,
    pub(super) first: FirstTold<'a>,
}

impl<'a> Teller<'a> {
    pub(super) fn of(results: &'a Results, town: &'a TownResults, text: &'a Text) -> Self {
        Self { results, town, text, first: FirstTold::of(results) }
    }

    pub(super) fn horizon(&self) -> String {
        self.results.setup.years.last().map_or_else(String::new, i32::to_string)
    }

    pub(super) fn base_year(&self) -> String {
        self.results.setup.years.first().map_or_else(String::new, i32::to_string)
    }

    /// A candidate's name as it stands within a sentence.
    pub(super) fn candidate(&self, place: usize) -> String {
        self.text.quoted(self.text.name(&self.results.candidates[place].1))
    }

    pub(super) fn candidates(&self, places: &[usize]) -> String {
        self.text.list(&places.iter().map(|s| self.candidate(*s)).collect::<Vec<_>>())
    }

    /// The name of the future that the town follows.
    pub(super) fn path(&self, scenario: &ScenarioResults) -> String {
        self.text.quoted(self.text.name(&scenario.name))
    }

    pub(super) fn percent(&self, share: Estimate) -> String {
        percent_told(self.text, share)
    }

    pub(super) fn number(&self, x: f64) -> String {
        number(self.text, x)
    }

    /// A number with its sign.
    pub(super) fn signed(&self, x: f64) -> String {
        format!("{}{}", if x > 0.0 { "+" } else { "" }, self.number(x))
    }
}
