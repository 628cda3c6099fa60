//! Representative runs in words, as CSV and JSON.

use std::fmt::Write as _;

use serde_json::json;

use super::records::Records;
use crate::case::Case;
use crate::experiment::run_words;
use crate::experiment::stories::{Stories, Story};
use crate::model::Model;
use crate::text::Text;

/// What tells stories.
#[derive(Debug, Clone, Copy)]
pub struct StoriesReport<'a> {
    /// The case.
    pub case: &'a Case,
    /// The model whose runs they are.
    pub model: &'a Model,
    /// What `boljam replay` needs besides town, scenario and run to make the same runs, with a blank before it.
    pub replay: &'a str,
    /// The language.
    pub text: &'a Text,
}

impl StoriesReport<'_> {
    fn ids(&self, found: &Stories) -> (&str, &str) {
        let options = &self.model.options;
        let scenario = options.scenarios[found.path];
        (&self.case.towns[options.towns[found.town]].id, &self.case.scenarios[scenario].id)
    }

    /// The command that opens a run in full.
    pub fn command(&self, found: &Stories, story: &Story) -> String {
        let (town, scenario) = self.ids(found);
        format!("boljam replay{} --town {town} --scenario {scenario} --run {}", self.replay, story.run)
    }

    /// For people.
    pub fn table(&self, found: &[Stories]) -> String {
        self.told(found, ("", "  ", "     "))
    }

    /// The same as a page.
    pub fn markdown(&self, found: &[Stories]) -> String {
        self.told(found, ("## ", "- ", "  "))
    }

    fn told(&self, found: &[Stories], (head, item, under): (&str, &str, &str)) -> String {
        let (text, options) = (self.text, &self.model.options);
        let mut out = String::new();
        for one in found {
            let values = [
                ("town", text.name(&self.case.towns[options.towns[one.town]].name).to_owned()),
                ("scenario", text.name(&self.case.scenarios[options.scenarios[one.path]].name).to_owned()),
                ("count", one.stories.len().to_string()),
                ("runs", text.number(one.runs as f64, 0)),
                ("silhouette", text.number(one.silhouette, 2)),
            ];
            let _ = writeln!(out, "{head}{}\n", text.fill("stories.title", &values));
            if one.undefined > 0 {
                let values = [("runs", text.number(one.undefined as f64, 0))];
                let _ = writeln!(out, "{}", text.fill("robust.undefined", &values));
            }
            for (k, story) in one.stories.iter().enumerate() {
                let values = [
                    ("letter", run_words::letter(k)),
                    ("share", story.share.percent(text)),
                    ("apart", run_words::story(text, self.case, self.model, story, usize::MAX)),
                ];
                let _ = writeln!(out, "{item}{}", text.fill("stories.story", &values));
                let ends: Vec<String> =
                    one.quantities.iter().enumerate().map(|(q, id)| self.end(story, q, *id)).collect();
                let last = self.model.options.horizon;
                let _ = writeln!(out, "{under}{last}: {}", ends.join("; "));
                let _ = writeln!(out, "{under}{}", self.command(one, story));
            }
            out.push('\n');
        }
        let _ = writeln!(out, "{}", text.get("stories.note"));
        out
    }

    /// A quantity at the horizon.
    fn end(&self, story: &Story, place: usize, quantity: usize) -> String {
        let of = &self.model.quantities[quantity];
        let value = story.course[place].last().copied().unwrap_or(f64::NAN);
        let number = crate::experiment::variance::in_unit(self.text, value, of);
        format!("{} {number}", self.text.name(&of.label))
    }

    /// stories.csv: a row for each story and what sets it apart; one without for a story that nothing does.
    pub fn csv(&self, found: &[Stories]) -> String {
        let mut records = Records::new(&[
            "town",
            "scenario",
            "story",
            "run",
            "share",
            "mcse",
            "silhouette",
            "inside",
            "outside",
            "difference",
            "factor",
        ]);
        for one in found {
            let (town, scenario) = self.ids(one);
            for (k, story) in one.stories.iter().enumerate() {
                let letter = run_words::letter(k);
                let mut row = |[inside, outside, difference]: [f64; 3], factor: &str| {
                    records.row(
                        &[town, scenario, &letter],
                        &[
                            &story.run,
                            &story.share.value,
                            &story.share.mcse,
                            &one.silhouette,
                            &inside,
                            &outside,
                            &difference,
                        ],
                        &[factor],
                    );
                };
                for apart in &story.apart {
                    let name = apart.column.name(self.case, self.model);
                    row([apart.inside, apart.outside, apart.difference], &name);
                }
                if story.apart.is_empty() {
                    row([f64::NAN; 3], "");
                }
            }
        }
        records.finish()
    }

    /// Everything, courses too.
    ///
    /// # Errors
    /// JSON that cannot be written, which there is none of.
    pub fn json(&self, found: &[Stories]) -> Result<String, serde_json::Error> {
        let story = |one: &Stories, (k, story): (usize, &Story)| {
            let courses: Vec<serde_json::Value> = one
                .quantities
                .iter()
                .zip(&story.course)
                .map(|(q, course)| json!({ "quantity": self.model.quantities[*q].id, "values": course }))
                .collect();
            let apart: Vec<serde_json::Value> = story
                .apart
                .iter()
                .map(|a| {
                    json!({ "factor": a.column.name(self.case, self.model), "inside": a.inside, "outside": a.outside,
                            "difference": a.difference })
                })
                .collect();
            json!({ "story": run_words::letter(k), "run": story.run, "share": story.share.value,
                    "mcse": story.share.mcse, "replay": self.command(one, story), "apart": apart, "courses": courses })
        };
        let of = |one: &Stories| {
            let (town, scenario) = self.ids(one);
            let stories: Vec<serde_json::Value> =
                one.stories.iter().enumerate().map(|s| story(one, s)).collect();
            json!({ "town": town, "scenario": scenario, "years": self.model.years, "runs": one.runs,
                    "undefined": one.undefined, "silhouette": one.silhouette, "stories": stories })
        };
        serde_json::to_string_pretty(&found.iter().map(of).collect::<Vec<_>>())
    }
}
