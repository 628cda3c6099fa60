//! What the futures hang on: indices with their intervals, their shares over the years, the plane of Morris, tornado and
//! spider.

mod areas;
mod bars;
mod plane;
mod swings;

use super::lines::wrap_at_most;
use super::sheet::{Frame, Sheet};
use super::theme::LABEL;
use crate::case::Case;
use crate::experiment::futures::{Estimated, Factors, Output, factor_in_words, output_in_words};
use crate::explore::Interval;
use crate::explore::analysis::Method;
use crate::text::Text;

pub use swings::swing_figures;

/// Factors that a picture names.
const SHOWN: usize = 14;
/// Most pictures of one kind.
const MOST: usize = 12;

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
    fn new(name: String, frame: Frame, drawn: Sheet) -> Self {
        Self { name, title: frame.title, svg: drawn.svg }
    }
}

/// What pictures are drawn of.
struct Shown<'a> {
    case: &'a Case,
    caption: &'a str,
    text: &'a Text,
}

impl Shown<'_> {
    /// A factor or group in at most two lines.
    fn name(&self, factor: &str, room: i32) -> Vec<String> {
        wrap_at_most(&factor_in_words(self.text, self.case, factor), LABEL, f64::from(room), 2)
    }

    /// A title that names an output and a factor.
    fn title(&self, key: &str, output: &Output, factor: Option<&str>) -> String {
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
fn index(found: &Estimated, factor: &str, name: &str) -> Option<Interval> {
    let of =
        |i: &&crate::explore::analysis::Index| i.factor == factor && i.factor2.is_none() && i.index == name;
    found.analysed.indices.iter().find(of).map(|i| i.estimate)
}

/// Factors or groups in their order.
fn factors_of(found: &Estimated) -> Vec<&str> {
    let mut names: Vec<&str> = Vec::new();
    for index in &found.analysed.indices {
        if !names.contains(&index.factor.as_str()) {
            names.push(&index.factor);
        }
    }
    names
}

/// Factors by an index, the largest first; those without a value last.
fn ranked<'a>(found: &'a Estimated, name: &str) -> Vec<(&'a str, Interval)> {
    let mut ranked: Vec<(&str, Interval)> = factors_of(found)
        .into_iter()
        .map(|factor| (factor, index(found, factor, name).unwrap_or(Interval::without(f64::NAN))))
        .collect();
    let size = |i: &Interval| if i.value.is_finite() { i.value } else { f64::NEG_INFINITY };
    ranked.sort_by(|a, b| size(&b.1).total_cmp(&size(&a.1)));
    ranked
}

/// The index that a method's pictures show.
fn main_index(method: Method) -> &'static str {
    match method {
        Method::Sobol => "ST",
        Method::Morris => "mu_star",
        Method::Pawn => "pawn_median",
        Method::Delta => "delta",
        Method::Regional => "ks",
        Method::Shapley => "shapley",
    }
}

/// A picture for each output, of its last year where it has several; for an output over all years one of the shares by
/// year as well.
pub fn sensitivity_figures(
    case: &Case,
    _factors: &Factors<'_>,
    outputs: &[Output],
    estimated: &[Estimated],
    method: Method,
    caption: &str,
    text: &Text,
) -> Vec<SensitivityFigure> {
    let shown = Shown { case, caption, text };
    let mut figures = Vec::new();
    let all: Vec<(&Output, &Estimated)> = outputs.iter().zip(estimated).collect();
    for (number, years) in all.chunk_by(|a, b| a.0.name == b.0.name).take(MOST).enumerate() {
        let Some((output, found)) = years.last() else { continue };
        if method == Method::Morris {
            figures.push(plane::plane(&shown, output, found, format!("morris-{}", number + 1)));
        } else {
            let name = main_index(method);
            figures.push(bars::bars(&shown, output, found, method, name, format!("indices-{}", number + 1)));
        }
        let shares = matches!(method, Method::Sobol | Method::Shapley);
        if shares && years.len() > 1 {
            let of = if method == Method::Sobol { "S1" } else { "shapley" };
            figures.extend(areas::areas(&shown, years, of, format!("years-{}", number + 1)));
        }
    }
    figures
}
