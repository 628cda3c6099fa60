//! A picture of a stress, and what it shows.

use crate::analyse::Estimate;
use crate::experiment::stress::{Effect, StressTest};
use crate::model::QuantityKind;
use crate::text::Text;

/// A picture of a stress.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StressFigure {
    /// Its name, which is also its path without an ending: `1-heat`.
    pub name: String,
    /// Its title: the finding in words.
    pub title: String,
    /// The picture as SVG.
    pub svg: String,
}

/// What a picture shows.
pub(super) struct Shown<'a> {
    pub(super) test: &'a StressTest,
    /// The stress.
    pub(super) k: usize,
    /// Place of the quantity among those whose course is told, and among what is compared.
    pub(super) quantity: usize,
    pub(super) item: usize,
    pub(super) text: &'a Text,
}

impl Shown<'_> {
    pub(super) fn effect(&self, town: usize, scenario: usize, t: usize) -> &Effect {
        &self.test.stressed[self.k].effects[town][scenario][t][self.item]
    }

    /// The largest mean harm as a share of what is there without the stress, and the year; none where there is none.
    pub(super) fn worst(&self, town: usize, scenario: usize) -> Option<(usize, Estimate)> {
        let course = &self.test.stressed[self.k].courses[town][scenario][self.quantity];
        let (t, difference) = course.peak?;
        let base = self.effect(town, scenario, t).base.value;
        (base != 0.0).then(|| (t, Estimate::new(difference.value / base, difference.mcse / base.abs())))
    }

    /// Town and scenario with the largest share lost.
    pub(super) fn hit_most(&self) -> Option<(usize, usize, usize, Estimate)> {
        let cells =
            (0..self.test.towns.len()).flat_map(|t| (0..self.test.scenarios.len()).map(move |s| (t, s)));
        let all = cells.filter_map(|(town, s)| self.worst(town, s).map(|(t, e)| (town, s, t, e)));
        all.max_by(|a, b| a.3.value.abs().total_cmp(&b.3.value.abs()))
    }

    pub(super) fn stress(&self) -> &str {
        self.text.name(&self.test.stressed[self.k].stress.name)
    }

    pub(super) fn quantity_name(&self) -> &str {
        let quantity = &self.test.quantities[self.quantity];
        match quantity.kind {
            QuantityKind::Composite(_) => &quantity.id,
            _ => self.text.name(&quantity.label),
        }
    }

    pub(super) fn percent(&self, share: f64) -> String {
        let percent = 100.0 * share;
        let number = self.text.number(percent, usize::from(percent.abs() < 9.95));
        self.text.percent_of(&if percent > 0.0 { format!("+{number}") } else { number })
    }

    pub(super) fn caption(&self) -> String {
        let values = [
            ("runs", self.text.number(self.test.runs as f64, 0)),
            ("seed", self.test.seed.to_string()),
            ("version", env!("CARGO_PKG_VERSION").to_owned()),
            ("case", self.test.case.clone()),
        ];
        self.text.fill("stress.made", &values)
    }

    pub(super) fn last_year(&self) -> String {
        self.test.years.last().map_or_else(String::new, i32::to_string)
    }

    pub(super) fn figure(&self, kind: &str, title: String, svg: String) -> StressFigure {
        StressFigure { name: format!("{}-{kind}", self.k + 1), title, svg }
    }
}
