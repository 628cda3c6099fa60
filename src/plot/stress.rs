//! Pictures of stress tests: the towns' courses with and without, a table of colours, depth against recovery.

mod depth;
mod heat;
mod response;
mod surface;

pub use surface::surface_figures;

use crate::analyse::Estimate;
use crate::case::Case;
use crate::experiment::stress::{Effect, ItemKind, StressTest};
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

/// Pictures of each stress, `1-response`, `1-heat`, `1-depth` ..: the course of what prices move at once, the output of the
/// enterprise; depth and recovery of the index that the case tells first. How far output falls is the town's mix times its
/// exposure, by construction the same under every scenario; what an index does is not.
pub fn stress_figures(case: &Case, test: &StressTest, text: &Text) -> Vec<StressFigure> {
    let part = &case.drivers[case.method.share_split.part].id;
    let index = case.method.headline.index.as_ref().unwrap_or(part);
    let places = |id: &str| {
        let quantity = test.quantity(id)?;
        let item = test.items.iter().position(|item| item.kind == ItemKind::Quantity(quantity))?;
        Some((quantity, item))
    };
    let (Some(part), Some(index)) = (places(part), places(index)) else { return Vec::new() };
    let shown = |k: usize, (quantity, item): (usize, usize)| Shown { test, k, quantity, item, text };
    let of = |k: usize| {
        let (part, index) = (shown(k, part), shown(k, index));
        [response::draw(&part), heat::draw(&index), depth::draw(&index)]
    };
    (0..test.stressed.len()).flat_map(of).collect()
}

/// What a picture shows.
struct Shown<'a> {
    test: &'a StressTest,
    /// The stress.
    k: usize,
    /// Place of the quantity among those whose course is told, and among what is compared.
    quantity: usize,
    item: usize,
    text: &'a Text,
}

impl Shown<'_> {
    fn effect(&self, town: usize, scenario: usize, t: usize) -> &Effect {
        &self.test.stressed[self.k].effects[town][scenario][t][self.item]
    }

    /// The largest mean harm as a share of what is there without the stress, and the year; none where there is none.
    fn worst(&self, town: usize, scenario: usize) -> Option<(usize, Estimate)> {
        let course = &self.test.stressed[self.k].courses[town][scenario][self.quantity];
        let (t, difference) = course.peak?;
        let base = self.effect(town, scenario, t).base.value;
        (base != 0.0).then(|| (t, Estimate::new(difference.value / base, difference.mcse / base.abs())))
    }

    /// Town and scenario with the largest share lost.
    fn hit_most(&self) -> Option<(usize, usize, usize, Estimate)> {
        let cells =
            (0..self.test.towns.len()).flat_map(|t| (0..self.test.scenarios.len()).map(move |s| (t, s)));
        let all = cells.filter_map(|(town, s)| self.worst(town, s).map(|(t, e)| (town, s, t, e)));
        all.max_by(|a, b| a.3.value.abs().total_cmp(&b.3.value.abs()))
    }

    fn stress(&self) -> &str {
        self.text.name(&self.test.stressed[self.k].stress.name)
    }

    fn quantity_name(&self) -> &str {
        let quantity = &self.test.quantities[self.quantity];
        match quantity.kind {
            QuantityKind::Composite(_) => &quantity.id,
            _ => self.text.name(&quantity.label),
        }
    }

    fn percent(&self, share: f64) -> String {
        let percent = 100.0 * share;
        let number = self.text.number(percent, usize::from(percent.abs() < 9.95));
        self.text.percent_of(&if percent > 0.0 { format!("+{number}") } else { number })
    }

    fn caption(&self) -> String {
        let values = [
            ("runs", self.text.number(self.test.runs as f64, 0)),
            ("seed", self.test.seed.to_string()),
            ("version", env!("CARGO_PKG_VERSION").to_owned()),
            ("case", self.test.case.clone()),
        ];
        self.text.fill("stress.made", &values)
    }

    fn last_year(&self) -> String {
        self.test.years.last().map_or_else(String::new, i32::to_string)
    }

    fn figure(&self, kind: &str, title: String, svg: String) -> StressFigure {
        StressFigure { name: format!("{}-{kind}", self.k + 1), title, svg }
    }
}
