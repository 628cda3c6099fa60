//! Where plans fail: boxes in words, and as tables.

use std::fmt::Write as _;

use super::boxes::{BoxRow, SideRow};
use super::records::Records;
use crate::analyse::Estimate;
use crate::case::Case;
use crate::condition::Condition;
use crate::experiment::discover::Discovery;
use crate::experiment::run_words;
use crate::explore::discover::Restriction;
use crate::model::Model;
use crate::text::Text;

/// A side that chance makes as often as this is not told in words.
const CHANCE: f64 = 0.05;

/// What tells discoveries.
#[derive(Debug, Clone, Copy)]
pub struct DiscoveryReport<'a> {
    /// The case.
    pub case: &'a Case,
    /// The model whose runs were searched.
    pub model: &'a Model,
    /// What was looked for.
    pub condition: &'a Condition,
    /// Runs of each town and scenario.
    pub runs: u64,
    /// The step that is told; nothing for the balanced one.
    pub step: Option<usize>,
    /// The language.
    pub text: &'a Text,
}

impl DiscoveryReport<'_> {
    /// `temirtau/inertial`.
    pub fn place(&self, found: &Discovery) -> String {
        let options = &self.model.options;
        let town = &self.case.towns[options.towns[found.sample.town]].id;
        format!("{town}/{}", self.case.scenarios[options.scenarios[found.sample.path]].id)
    }

    /// The step that is told.
    pub fn told(&self, found: &Discovery) -> usize {
        let last = found.prim.steps.len().saturating_sub(1);
        self.step.map_or(found.prim.balanced, |step| step.min(last))
    }

    /// Every box of the trajectory, and the one that is told.
    pub fn boxes(&self, found: &Discovery) -> (Vec<BoxRow>, usize) {
        let rows = found.prim.steps.iter().enumerate().map(|(number, step)| {
            let side = |restriction: &Restriction| {
                let mut side = self.side(found, restriction);
                let factor = restriction.factor;
                let again = found.reproduced.iter().find(|r| r.step == number && r.factor == factor);
                // No half sample that restricts it is none of them, where there were any.
                let any = !found.reproduced.is_empty();
                side.reproduced_coverage = again.map(|r| r.at_coverage).or_else(|| any.then_some(0.0));
                side.reproduced_density = again.map(|r| r.at_density).or_else(|| any.then_some(0.0));
                side
            };
            BoxRow {
                step: number,
                coverage: step.coverage,
                density: step.density,
                mass: step.mass,
                coverage_mcse: step.coverage_mcse(),
                density_mcse: step.density_mcse(),
                sides: step.restrictions.iter().map(side).collect(),
            }
        });
        (rows.collect(), self.told(found))
    }

    /// The leaves of the tree, the densest first.
    pub fn leaves(&self, found: &Discovery) -> Vec<BoxRow> {
        let all = found.sample.of_interest.iter().filter(|y| **y).count() as f64;
        let error = |share: f64, n: f64| (share * (1.0 - share) / n).sqrt();
        let row = |(number, leaf): (usize, &crate::explore::discover::Leaf)| BoxRow {
            step: number,
            coverage: leaf.coverage,
            density: leaf.density,
            mass: leaf.mass,
            coverage_mcse: error(leaf.coverage, all),
            density_mcse: error(leaf.density, leaf.rows as f64),
            sides: leaf.restrictions.iter().map(|r| self.side(found, r)).collect(),
        };
        found.leaves.iter().enumerate().map(row).collect()
    }

    fn side(&self, found: &Discovery, restriction: &Restriction) -> SideRow {
        let (from, to) = found.ends(restriction);
        SideRow {
            factor: found.sample.columns[restriction.factor].name(self.case, self.model),
            from,
            to,
            values: Vec::new(),
            p: restriction.p(),
            p_from: restriction.p_from,
            p_to: restriction.p_to,
            reproduced_coverage: None,
            reproduced_density: None,
        }
    }

    /// Sides of the box that is told, in words: those that chance hardly makes.
    pub fn sides(&self, found: &Discovery) -> Vec<String> {
        let sides = found.sides(self.told(found));
        // What the condition itself asks for is no news.
        let tests = self.condition.tests();
        let is_asked = |side: &&Restriction| {
            let name = &found.sample.columns[side.factor].thing.name;
            tests.iter().any(|test| test.subject.text.ends_with(name.as_str()))
        };
        let sure = sides.iter().filter(|side| side.p().is_some_and(|p| p < CHANCE) && !is_asked(side));
        let said = |side: &&Restriction| {
            let column = &found.sample.columns[side.factor];
            run_words::side(self.text, self.case, self.model, column, found.ends(side))
        };
        sure.map(said).collect()
    }

    /// Every town and scenario in a few lines: how often, where.
    pub fn summary(&self, found: &[Discovery]) -> String {
        let text = self.text;
        let values = [
            ("condition", self.condition.to_string()),
            ("runs", text.number(self.runs as f64, 0)),
            ("seed", self.model.options.seed.to_string()),
        ];
        let mut out = text.fill("discover.title", &values);
        out.push('\n');
        for one in found {
            let _ = write!(out, "\n{}", self.paragraph(one, "  "));
        }
        out
    }

    fn paragraph(&self, one: &Discovery, indent: &str) -> String {
        let (text, options) = (self.text, &self.model.options);
        let town = text.name(&self.case.towns[options.towns[one.sample.town]].name);
        let scenario = text.name(&self.case.scenarios[options.scenarios[one.sample.path]].name);
        let count = one.sample.of_interest.iter().filter(|y| **y).count();
        let share = Estimate::share(count as f64, one.sample.of_interest.len() as u64);
        let values =
            [("town", town.to_owned()), ("scenario", scenario.to_owned()), ("share", share.percent(text))];
        let mut out = text.fill("discover.share", &values);
        if one.sample.undefined > 0 {
            let values = [("runs", text.number(one.sample.undefined as f64, 0))];
            let _ = write!(out, " {}", text.fill("discover.undefined", &values));
        }
        let sides = self.sides(one);
        let Some(step) = one.prim.steps.get(self.told(one)).filter(|_| !sides.is_empty()) else {
            let key = if one.sample.is_mixed() { "discover.no_box" } else { "discover.nothing" };
            return format!("{out} {}\n", text.get(key));
        };
        let percent = |x: f64| text.percent_of(&text.number(100.0 * x, usize::from(x < 0.0095)));
        let values = [
            ("mass", percent(step.mass)),
            ("density", percent(step.density)),
            ("coverage", percent(step.coverage)),
        ];
        let _ = writeln!(out, " {}", text.fill("discover.box", &values));
        for side in sides {
            let _ = writeln!(out, "{indent}{side}");
        }
        out
    }

    /// discovery.csv: `town,scenario,share,mcse,step,coverage,density,mass,box`, a row a town and scenario.
    pub fn csv(&self, found: &[Discovery]) -> String {
        let mut records = Records::new(&[
            "town",
            "scenario",
            "share",
            "mcse",
            "undefined",
            "step",
            "coverage",
            "density",
            "mass",
            "box",
        ]);
        let options = &self.model.options;
        for one in found {
            let town = self.case.towns[options.towns[one.sample.town]].id.as_str();
            let scenario = self.case.scenarios[options.scenarios[one.sample.path]].id.as_str();
            let count = one.sample.of_interest.iter().filter(|y| **y).count();
            let share = Estimate::share(count as f64, one.sample.of_interest.len() as u64);
            let number = self.told(one);
            let (step, of) = match one.prim.steps.get(number) {
                Some(step) => (number as f64, [step.coverage, step.density, step.mass]),
                None => (f64::NAN, [f64::NAN; 3]),
            };
            let sides = self.sides(one).join("; ");
            records.row(
                &[town, scenario],
                &[&share.value, &share.mcse, &one.sample.undefined, &step, &of[0], &of[1], &of[2]],
                &[&sides],
            );
        }
        records.finish()
    }
}

/// discovery.md: what the terminal shows, as a page.
pub fn markdown(report: &DiscoveryReport<'_>, found: &[Discovery]) -> String {
    let text = report.text;
    let values = [
        ("condition", report.condition.to_string()),
        ("runs", text.number(report.runs as f64, 0)),
        ("seed", report.model.options.seed.to_string()),
    ];
    let mut out = format!("# {}\n", text.fill("discover.title", &values));
    for one in found {
        let _ = write!(out, "\n{}", report.paragraph(one, "- "));
    }
    let _ = write!(out, "\n{}\n", text.get("discover.note"));
    out
}
