//! Pictures of results, as SVG.
//!
//! Takes [`Results`] and a catalogue of text; gives [`Figure`]s. Drawing is pure: files are the report's
//! business. Titles say the finding, built from the numbers.

mod area;
mod fan;
mod outcome;
mod panel;
mod region;
mod theme;

pub use theme::PlotError;

use theme::{KeyEntry, Mark, class_colour};

use crate::analyse::{QuantityKind, Results, ScaleClass, ScenarioResults, Sureness, TownResults, leader};
use crate::text::Text;

/// A figure.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Figure {
    /// Its name, which is also its path without an ending: `temirtau/fan-composites`.
    pub name: String,
    /// Its title: the finding in words.
    pub title: String,
    /// The picture as SVG; text is text, in the reader's own sans-serif font.
    pub svg: String,
}

/// Draws every figure: the region's sheet, and for each town fan charts of composites and of main drivers,
/// outcome distributions at the horizon, class probabilities and shares of the lead by year.
///
/// # Errors
/// [`PlotError`] from the drawing library, which does not occur for figures drawn in memory.
pub fn figures(results: &Results, text: &Text) -> Result<Vec<Figure>, PlotError> {
    let context = Context { results, text };
    let kind = |want: &dyn Fn(QuantityKind) -> bool| {
        results
            .quantities
            .iter()
            .enumerate()
            .filter(|(_, q)| want(q.kind))
            .map(|(k, _)| k)
            .collect::<Vec<usize>>()
    };
    let composites = kind(&|k| matches!(k, QuantityKind::Composite(_)));
    let persons = kind(&|k| matches!(k, QuantityKind::Persons(_) | QuantityKind::Population));
    let main: Vec<usize> = (0..results.quantities.len()).filter(|q| results.quantities[*q].main).collect();
    let mut figures = vec![region::region(&context)?];
    for town in &results.towns {
        let name = text.name(&town.name);
        let title = |key: &str| text.fill(key, &[("town", name)]);
        figures.push(fan::fan(&context, town, "fan-composites", title("plot.fan_composites"), &composites)?);
        figures.push(fan::fan(&context, town, "fan-drivers", title("plot.fan_drivers"), &main)?);
        figures.push(outcome::outcome(&context, town, &[composites.as_slice(), &persons].concat())?);
        figures.push(area::classes(&context, town)?);
        figures.push(area::lead(&context, town)?);
    }
    Ok(figures)
}

/// What every figure needs to know.
struct Context<'a> {
    results: &'a Results,
    text: &'a Text,
}

impl Context<'_> {
    /// Number of runs, seed, version, and what was laid on or left out.
    fn region_caption(&self) -> String {
        let setup = &self.results.setup;
        let (runs, seed) = (self.text.number(setup.runs as f64, 0), setup.seed.to_string());
        let values = [("runs", runs.as_str()), ("seed", &seed), ("version", &setup.version)];
        let mut caption = self.text.fill("caption.runs", &values);
        if let Some(stress) = &setup.stress_name {
            caption.push_str(&self.text.fill("caption.stress", &[("stress", self.text.name(stress))]));
        }
        if setup.uncertainty != "all" {
            caption.push_str(
                &self
                    .text
                    .fill("caption.uncertainty", &[("what", self.text.uncertainty(&setup.uncertainty))]),
            );
        }
        caption
    }

    fn caption(&self, town: &TownResults) -> String {
        let caption = self.region_caption();
        if town.complete { caption } else { format!("{caption}; {}", self.text.get("caption.assumed")) }
    }

    fn horizon(&self) -> i32 {
        self.results.setup.years.last().copied().unwrap_or_default()
    }

    /// Place of a scenario among the candidates, which decides its colour.
    fn candidate(&self, scenario: &ScenarioResults) -> usize {
        self.results.candidates.iter().position(|c| c.0 == scenario.id).unwrap_or(0)
    }

    /// The composite of the economy: the one with the most classes.
    fn economy(&self) -> Option<usize> {
        let classes = |k: &usize| self.results.scaled[*k].classes.len();
        (0..self.results.scaled.len()).rev().max_by_key(classes)
    }

    /// A patch for each class name that some scale uses, from the lowest up.
    fn class_key(&self) -> Vec<KeyEntry> {
        let classes = self.results.scaled.iter().flat_map(|c| &c.classes);
        let mut ranks: Vec<_> = classes.map(|c| (c.rank, self.text.name(&c.name).to_owned())).collect();
        ranks.sort();
        ranks.dedup();
        let entry = |(rank, label)| KeyEntry { label, mark: Mark::Patch(class_colour(rank)) };
        ranks.into_iter().map(entry).collect()
    }

    /// A number of persons or of anything else, as short as it can be read.
    fn compact(&self, value: f64) -> String {
        let decimals = usize::from(value.abs() < 100.0);
        self.text.number(value, decimals)
    }

    /// Which scenario leads at the horizon under most paths, said no more firmly than the runs allow.
    fn lead_finding(&self, town: &TownResults) -> String {
        let year = self.horizon().to_string();
        let cells: Vec<_> = town.scenarios.iter().filter_map(|s| s.years.last()).collect();
        let firm: Vec<usize> = cells
            .iter()
            .map(|c| leader(c))
            .filter(|(_, share)| Sureness::of(*share) != Sureness::Open)
            .map(|(s, _)| s)
            .collect();
        let most = (0..self.results.candidates.len()).max_by_key(|s| firm.iter().filter(|f| *f == s).count());
        let (Some(most), false) = (most, firm.is_empty()) else {
            return self.text.get("plot.outcome_open").to_owned();
        };
        let count = firm.iter().filter(|f| **f == most).count();
        let (count, all) = (count.to_string(), cells.len().to_string());
        let name = self.text.name(&self.results.candidates[most].1);
        let values = [("leader", name), ("count", &count), ("all", &all), ("year", &year)];
        self.text.fill("plot.lead_finding", &values)
    }
}

/// A range that does not blow up what hardly varies: of an index it shows at least three tenths of its
/// scale, of anything that does not vary at all a tenth of its value.
fn widen(low: f64, high: f64, classes: &[ScaleClass]) -> (f64, f64) {
    let least = classes.last().map_or(0.1 * high.abs().max(1e-9), |c| 0.3 * c.upper);
    if high - low >= least || classes.is_empty() && high > low {
        return (low, high);
    }
    let middle = 0.5 * (low + high);
    (middle - 0.5 * least, middle + 0.5 * least)
}
