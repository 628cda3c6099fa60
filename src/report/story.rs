//! report.md: the story of each town in a few sentences. Which sentence is said is decided by rules from the
//! numbers, and none is stronger than the evidence.

use std::fmt::Write as _;

use super::manifest::Manifest;
use crate::analyse::{Cell, Estimate, MEDIAN, Results, ScenarioResults, TownResults};
use crate::case::Case;
use crate::text::Text;

/// How sure a statement may sound, from a probability and its Monte Carlo error.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sureness {
    /// Nine runs in ten or more.
    Clearly,
    /// Two runs in three or more.
    Mostly,
    /// More often than not.
    RatherThanNot,
    /// Nothing can be said.
    Open,
}

impl Sureness {
    /// Two standard errors below the estimate must still be enough.
    pub fn of(probability: Estimate) -> Self {
        match probability.value - 2.0 * probability.mcse {
            p if p >= 0.9 => Self::Clearly,
            p if p >= 2.0 / 3.0 => Self::Mostly,
            p if p > 0.5 => Self::RatherThanNot,
            _ => Self::Open,
        }
    }

    fn key(self) -> &'static str {
        match self {
            Self::Clearly => "sure.clearly",
            Self::Mostly => "sure.mostly",
            Self::RatherThanNot => "sure.rather",
            Self::Open => "sure.open",
        }
    }
}

/// The candidate with the largest share of the lead.
pub fn leader(cell: &Cell) -> (usize, Estimate) {
    let best = |best: usize, s: usize| if cell.lead[s].value > cell.lead[best].value { s } else { best };
    let place = (0..cell.lead.len()).fold(0, best);
    (place, cell.lead[place])
}

/// The most probable class of a scaled composite.
pub fn likeliest_class(cell: &Cell, composite: usize) -> (usize, Estimate) {
    let classes = &cell.classes[composite];
    let best = |best: usize, c: usize| if classes[c].value > classes[best].value { c } else { best };
    let place = (0..classes.len()).fold(0, best);
    (place, classes[place])
}

/// Writes the report.
pub fn story(case: &Case, results: &Results, manifest: &Manifest, text: &Text) -> String {
    let story = Story { case, results, text };
    let mut out = story.head();
    for town in &results.towns {
        out.push_str(&story.town(town));
    }
    out.push_str(&story.caveats());
    out.push_str(&story.assumptions());
    out.push_str(&reproduce(manifest, text));
    out
}

struct Story<'a> {
    case: &'a Case,
    results: &'a Results,
    text: &'a Text,
}

impl Story<'_> {
    fn head(&self) -> String {
        let setup = &self.results.setup;
        let (first, last) = (setup.years[0].to_string(), self.horizon());
        let runs = self.text.number(setup.runs as f64, 0);
        let seed = setup.seed.to_string();
        let values = [("region", self.text.name(&setup.region)), ("first", &first), ("last", &last)];
        let mut out = format!("# {}\n\n", self.text.fill("report.title", &values));
        let caption = [("runs", runs.as_str()), ("seed", &seed), ("version", &setup.version)];
        let _ = writeln!(out, "{}\n", self.text.fill("caption.runs", &caption));
        if let Some(id) = &setup.stress
            && let Some(stress) = self.case.stresses.iter().find(|s| s.id == *id)
        {
            let values = [("stress", self.text.name(&stress.name))];
            let _ = writeln!(out, "{}\n", self.text.fill("report.stress", &values));
        }
        if setup.uncertainty != "all" {
            let _ =
                writeln!(out, "{}\n", self.text.fill("report.uncertainty", &[("what", &setup.uncertainty)]));
        }
        out.push_str("![](figures/region.svg)\n\n");
        out
    }

    fn horizon(&self) -> String {
        self.results.setup.years.last().map_or_else(String::new, i32::to_string)
    }

    fn town(&self, town: &TownResults) -> String {
        let mut out = format!("## {}\n\n", self.text.name(&town.name));
        let key = if town.complete { "town.complete" } else { "town.incomplete" };
        let _ = writeln!(out, "{}\n", self.text.get(key));
        for scenario in &town.scenarios {
            let _ = writeln!(out, "- {}", self.future(scenario));
        }
        out.push('\n');
        for sentence in [self.illusion(town), self.observed(town), self.inputs(town), self.last_resort(town)]
        {
            if let Some(sentence) = sentence {
                let _ = writeln!(out, "{sentence}\n");
            }
        }
        let _ = writeln!(out, "![](figures/{}/fan-composites.svg)\n", town.id);
        out
    }

    /// One future: who leads, how sure, unemployment, and whether it is better than the reference.
    fn future(&self, scenario: &ScenarioResults) -> String {
        let cell = &scenario.years[scenario.years.len() - 1];
        let (place, share) = leader(cell);
        let sure = self.text.get(Sureness::of(share).key());
        let percent = self.text.percent(share.value);
        let error = self.text.number(200.0 * share.mcse, 1);
        let horizon = self.horizon();
        let values = [
            ("scenario", self.text.name(&scenario.name)),
            ("year", &horizon),
            ("leader", self.text.name(&self.results.candidates[place].1)),
            ("sure", sure),
            ("percent", &percent),
            ("error", &error),
        ];
        let mut sentence = self.text.fill("future.lead", &values);
        if let Some(unemployment) = self.quantity(cell, "unemployment") {
            let [low, middle, high] =
                [3, MEDIAN, 7].map(|k| self.text.number(unemployment.quantiles[k].value, 1));
            let values = [("median", middle.as_str()), ("low", &low), ("high", &high)];
            sentence.push(' ');
            sentence.push_str(&self.text.fill("future.unemployment", &values));
        }
        if let Some(comparison) = self.comparison(scenario) {
            sentence.push(' ');
            sentence.push_str(&comparison);
        }
        sentence
    }

    fn quantity<'c>(&self, cell: &'c Cell, id: &str) -> Option<&'c crate::analyse::Distribution> {
        let place = self.results.quantities.iter().position(|q| q.id == id)?;
        Some(&cell.quantities[place])
    }

    /// Whether the economy composite (the second scaled one that has a better direction upwards) is better
    /// than under the reference in most runs.
    fn comparison(&self, scenario: &ScenarioResults) -> Option<String> {
        let pairs = scenario.paired.as_ref()?.last()?;
        let pair = pairs.iter().find(|p| self.results.quantities[p.quantity].id == "unemployment")?;
        let better = pair.better?;
        let reference = self.text.name(&self.case.scenarios[self.case.reference].name);
        let percent = self.text.percent(better.value);
        let sure = Sureness::of(better);
        let key = if sure == Sureness::Open { "future.no_better" } else { "future.better" };
        Some(self.text.fill(key, &[("reference", reference), ("percent", &percent)]))
    }

    /// Where most of a fall of the mono-profile is the enterprise shrinking, say so.
    fn illusion(&self, town: &TownResults) -> Option<String> {
        let shrinking: Vec<&str> = town
            .scenarios
            .iter()
            .filter(|s| {
                let split = s.split.last();
                split.is_some_and(|s| s.change.value < -1.0 && s.enterprise.value < 0.5 * s.change.value)
            })
            .map(|s| self.text.name(&s.name))
            .collect();
        let list = shrinking.join(", ");
        (!shrinking.is_empty()).then(|| self.text.fill("town.illusion", &[("scenarios", &list)]))
    }

    /// How much of the enterprise's output is moved by prices that have been observed already.
    fn observed(&self, town: &TownResults) -> Option<String> {
        let driver = self.case.method.share_split.part;
        let scenario = town.scenarios.first()?;
        let change = 100.0 * (scenario.observed_prices[driver].last()?.exp() - 1.0);
        if change.abs() < 1.0 {
            return None;
        }
        let amount = self.text.number(change.abs(), 0);
        let key = if change < 0.0 { "town.observed_down" } else { "town.observed_up" };
        Some(
            self.text.fill(
                key,
                &[("percent", &amount), ("driver", self.text.name(&self.case.drivers[driver].label))],
            ),
        )
    }

    fn inputs(&self, town: &TownResults) -> Option<String> {
        let share = |s: &ScenarioResults| {
            let shares = s.input_share.as_ref()?;
            let scaled = 0..self.results.scaled.len();
            scaled.filter_map(|q| shares[q].last().copied()).reduce(f64::max)
        };
        let largest = town.scenarios.iter().filter_map(share).reduce(f64::max)?;
        let percent = self.text.percent(largest);
        Some(self.text.fill("town.inputs", &[("percent", &percent)]))
    }

    /// The largest probability of the last outcome (the conditions of the last resort) over the futures.
    fn last_resort(&self, town: &TownResults) -> Option<String> {
        let outcome = self.results.first_passages.len().checked_sub(1)?;
        let sum = |s: &ScenarioResults| s.first_passage[outcome].iter().map(|e| e.value).sum::<f64>();
        let worst = town.scenarios.iter().max_by(|a, b| sum(a).total_cmp(&sum(b)))?;
        let percent = self.text.percent(sum(worst));
        let horizon = self.horizon();
        let values = [
            ("outcome", self.text.name(&self.results.first_passages[outcome].1)),
            ("percent", percent.as_str()),
            ("year", &horizon),
            ("scenario", self.text.name(&worst.name)),
        ];
        Some(self.text.fill("town.last_resort", &values))
    }

    fn caveats(&self) -> String {
        let mut out = format!("## {}\n\n", self.text.get("caveats.title"));
        for key in ["caveats.alone", "caveats.borders", "caveats.prices", "caveats.means", "caveats.error"] {
            let _ = writeln!(out, "- {}", self.text.get(key));
        }
        for notice in &self.case.notices {
            let _ = writeln!(out, "- {notice}");
        }
        out.push('\n');
        out
    }

    fn assumptions(&self) -> String {
        let count = self.case.assumptions.len().to_string();
        let mut out = format!("## {}\n\n", self.text.get("assumptions.title"));
        let _ = writeln!(out, "{}\n", self.text.fill("assumptions.intro", &[("count", &count)]));
        let columns = ["file", "item", "value", "basis"].map(|c| {
            self.text.get(match c {
                "file" => "assumptions.file",
                "item" => "assumptions.item",
                "value" => "assumptions.value",
                _ => "assumptions.basis",
            })
        });
        let _ = writeln!(out, "| {} |\n|---|---|---|---|", columns.join(" | "));
        for a in &self.case.assumptions {
            let cell = |text: &str| text.replace('|', "\\|").replace('\n', " ");
            let _ =
                writeln!(out, "| {} | {} | {} | {} |", a.file, cell(&a.item), cell(&a.value), cell(&a.basis));
        }
        out.push('\n');
        out
    }
}

/// The command that makes the same folder again.
pub fn command(manifest: &Manifest) -> String {
    let mut words = vec!["boljam run inputs".to_owned()];
    words.push(format!("--runs {} --seed {} --horizon {}", manifest.runs, manifest.seed, manifest.horizon));
    words.push(format!("--towns {} --scenarios {}", manifest.towns.join(","), manifest.scenarios.join(",")));
    words.push(format!("--uncertainty {}", manifest.uncertainty));
    words.extend(manifest.stress.iter().map(|s| format!("--stress {s}")));
    words.extend(manifest.settings.iter().map(|s| format!("--set '{s}'")));
    words.push("--out again".to_owned());
    words.join(" ")
}

fn reproduce(manifest: &Manifest, text: &Text) -> String {
    let values = [("version", manifest.version.as_str()), ("git", &manifest.git)];
    let intro = text.fill("reproduce.intro", &values);
    format!("## {}\n\n{intro}\n\n```sh\n{}\n```\n", text.get("reproduce.title"), command(manifest))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_never_stronger_than_the_evidence() {
        let of = |value: f64, mcse: f64| Sureness::of(Estimate { value, mcse });
        assert_eq!(of(0.95, 0.001), Sureness::Clearly);
        assert_eq!(of(0.905, 0.005), Sureness::Mostly);
        assert_eq!(of(0.70, 0.03), Sureness::RatherThanNot);
        assert_eq!(of(0.51, 0.01), Sureness::Open);
        assert_eq!(of(0.30, 0.001), Sureness::Open);
    }
}
