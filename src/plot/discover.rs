//! Pictures of where a plan fails: the way of the peeling, the box over the runs, the failing runs across factors.

mod parallel;
mod peeling;
mod scatter;

use super::run_picture::{RunPicture, runs_caption};
use crate::case::Case;
use crate::experiment::discover::Discovery;
use crate::experiment::run_words;
use crate::model::Model;
use crate::text::Text;
use plotters::style::RGBColor;

/// Runs that meet the condition, and the others.
const MET: RGBColor = RGBColor(176, 36, 60);
const OTHER: RGBColor = RGBColor(160, 168, 180);
/// The box.
const BOX: RGBColor = RGBColor(0, 70, 160);

/// What the pictures tell.
struct Told<'a> {
    case: &'a Case,
    model: &'a Model,
    found: &'a Discovery,
    step: usize,
    condition: &'a str,
    text: &'a Text,
}

/// The trajectory, the box of a step over a scatter of the runs, and the runs that meet the condition across factors;
/// none where nothing was found.
pub fn discovery_figures(
    case: &Case,
    model: &Model,
    found: &Discovery,
    (condition, step): (&str, usize),
    text: &Text,
) -> Vec<RunPicture> {
    if found.prim.steps.get(step).is_none() {
        return Vec::new();
    }
    let told = Told { case, model, found, step, condition, text };
    [Some(told.peeling()), told.scatter(), Some(told.parallel())].into_iter().flatten().collect()
}

impl Told<'_> {
    /// `Temirtau, Inertial`.
    fn whose(&self) -> [(&'static str, String); 2] {
        let (options, sample) = (&self.model.options, &self.found.sample);
        let town = self.text.name(&self.case.towns[options.towns[sample.town]].name).to_owned();
        let scenario = self.text.name(&self.case.scenarios[options.scenarios[sample.path]].name).to_owned();
        [("town", town), ("scenario", scenario)]
    }

    fn caption(&self) -> String {
        let runs = self.found.sample.of_interest.len() as u64;
        runs_caption(self.text, "boljam discover", self.case, runs, self.model.options.seed)
    }

    fn percent(&self, x: f64) -> String {
        self.text.percent_of(&self.text.number(100.0 * x, 0))
    }

    fn name(&self, factor: usize) -> String {
        run_words::column(self.text, self.case, self.model, &self.found.sample.columns[factor])
    }

    fn number(&self, factor: usize, value: f64) -> String {
        let thing = &self.found.sample.columns[factor].thing;
        run_words::number(self.text, self.case, self.model, thing, value)
    }

    /// A note below what was looked for.
    fn note(&self, note: &str) -> String {
        format!("{} {note}", self.text.fill("plot.condition", &[("condition", self.condition)]))
    }

    /// Factors that the box restricts, the surest first, then those in which the runs differ most, a price once.
    fn factors(&self, most: usize) -> Vec<usize> {
        let mut factors: Vec<usize> = self.found.sides(self.step).iter().map(|side| side.factor).collect();
        let value = |k: usize| self.found.sample.columns[k].thing.value;
        for next in self.found.telling() {
            if factors.len() < most && factors.iter().all(|known| value(*known) != value(next)) {
                factors.push(next);
            }
        }
        factors.truncate(most);
        factors
    }

    /// The ends of the box in a factor; none where it leaves nothing out.
    fn ends(&self, factor: usize) -> (Option<f64>, Option<f64>) {
        let sides = self.found.sides(self.step);
        sides.iter().find(|side| side.factor == factor).map_or((None, None), |side| self.found.ends(side))
    }
}
