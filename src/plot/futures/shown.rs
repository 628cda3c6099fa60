//! What the pictures of the futures have in common.

use crate::case::Case;
use crate::experiment::futures::{Estimated, Output, factor_in_words, output_in_words};
use crate::explore::Interval;
use crate::explore::analysis::Index;
use crate::plot::lines::wrap_at_most;
use crate::plot::sheet::{Frame, Sheet};
use crate::plot::theme::LABEL;
use crate::text::Text;

/// Factors that a picture names.
pub(super) const SHOWN: usize = 14;
/// Most pictures of one kind.
pub(super) const MOST: usize = 12;

/// A picture.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SensitivityFigure {
    /// Its name, which is also its path without an ending: `indices-1`.
    pub name: String,
    /// Its title: the finding in words.
    pub title: String,
    /// The picture as SVG.
    pub svg: String,
}

impl SensitivityFigure {
    pub(super) fn new(name: String, frame: Frame, drawn: Sheet) -> Self {
        Self { name, title: frame.title, svg: drawn.svg }
    }
}

/// What pictures are drawn of.
pub(super) struct Shown<'a> {
    pub(super) case: &'a Case,
    pub(super) caption: &'a str,
    pub(super) text: &'a Text,
}

impl Shown<'_> {
    /// A factor or group in at most two lines.
    pub(super) fn name(&self, factor: &str, room: i32) -> Vec<String> {
        wrap_at_most(&factor_in_words(self.text, self.case, factor), LABEL, f64::from(room), 2)
    }

    /// A title that names an output and a factor.
    pub(super) fn title(&self, key: &str, output: &Output, factor: Option<&str>) -> String {
        let (of, year) = (output_in_words(self.text, self.case, output), output.at.to_string());
        let values = [("output", of), ("year", year)];
        match factor {
            Some(factor) => {
                let said = self.text.fill(key, &values);
                let name = factor_in_words(self.text, self.case, factor);
                said.replace("{factor}", &name)
            }
            None => self.text.fill("futures.nothing", &values),
        }
    }
}

/// The value of an index of a factor.
pub(super) fn index(found: &Estimated, factor: &str, name: &str) -> Option<Interval> {
    let of = |i: &&Index| i.factor == factor && i.factor2.is_none() && i.index == name;
    found.analysed.indices.iter().find(of).map(|i| i.estimate)
}

/// Factors or groups in their order.
pub(super) fn factors_of(found: &Estimated) -> Vec<&str> {
    let mut names: Vec<&str> = Vec::new();
    for index in &found.analysed.indices {
        if !names.contains(&index.factor.as_str()) {
            names.push(&index.factor);
        }
    }
    names
}

/// Factors by an index, the largest first; those without a value last.
pub(super) fn ranked<'a>(found: &'a Estimated, name: &str) -> Vec<(&'a str, Interval)> {
    let mut ranked: Vec<(&str, Interval)> = factors_of(found)
        .into_iter()
        .map(|factor| (factor, index(found, factor, name).unwrap_or(Interval::without(f64::NAN))))
        .collect();
    let size = |i: &Interval| if i.value.is_finite() { i.value } else { f64::NEG_INFINITY };
    ranked.sort_by(|a, b| size(&b.1).total_cmp(&size(&a.1)));
    ranked
}
