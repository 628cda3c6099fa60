//! report.md: the story of each town, what to keep in mind, the assumptions, how to make it again.

mod compared;
pub(crate) mod future;
pub(crate) mod lead;
pub(crate) mod region;
mod teller;
mod today;
pub(crate) mod town;
pub(crate) mod worth;

#[cfg(test)]
mod languages;

use std::fmt::Write as _;

use super::caveats::{caveats, laid_on, title};
use super::headline::{FirstTold, TIED, leading};
use super::provenance::Provenance;
use super::words::{label_with_unit, median_and_range, number, percent};
use crate::analyse::{Results, TownResults};
use crate::case::Case;
use crate::text::Text;

/// Writes the report.
///
/// `is_there` says of a path in the result folder whether there is such a picture: only those are shown.
pub fn story(
    case: &Case,
    results: &Results,
    provenance: &Provenance,
    text: &Text,
    is_there: &dyn Fn(&str) -> bool,
) -> String {
    let story = Story { case, results, text, is_there };
    let mut parts = vec![story.head(), story.region(), story.towns_head()];
    parts.extend(results.towns.iter().map(|town| story.town(town)));
    parts.extend([story.caveats(), story.assumptions(), story.again(provenance)]);
    parts.join("\n")
}

struct Story<'a> {
    case: &'a Case,
    results: &'a Results,
    text: &'a Text,
    is_there: &'a dyn Fn(&str) -> bool,
}

impl Story<'_> {
    fn horizon(&self) -> String {
        self.results.setup.years.last().map_or_else(String::new, i32::to_string)
    }

    /// Title, what was run, what was laid on or left out, what the words mean.
    fn head(&self) -> String {
        let setup = &self.results.setup;
        let mut out = format!("# {}\n\n", title(self.results, self.text));
        let (runs, seed) = (self.text.number(setup.runs as f64, 0), setup.seed.to_string());
        let caption = [("runs", runs.as_str()), ("seed", &seed), ("version", &setup.version)];
        let mut paragraphs = vec![self.text.fill("caption.runs", &caption)];
        paragraphs.extend(laid_on(self.results, self.text));
        paragraphs.push(self.text.get("report.words").to_owned());
        out.push_str(&paragraphs.join("\n\n"));
        out + "\n"
    }

    /// Which scenario leads at the horizon: towns by paths.
    fn region(&self) -> String {
        let year = self.horizon();
        let title = self.text.fill("report.region", &[("year", &year)]);
        let note = self.text.get("report.region_note");
        let paths = self.results.towns.first().map_or(&[][..], |town| &town.scenarios);
        let mut header = vec![self.text.get("table.town").to_owned()];
        header.extend(paths.iter().map(|s| self.text.name(&s.name).to_owned()));
        let row = |town: &TownResults| {
            let mut row = vec![self.text.name(&town.name).to_owned()];
            row.extend(town.scenarios.iter().filter_map(|s| s.years.last()).map(|cell| {
                let (names, share) = leading(self.results, cell, self.text);
                format!("{names} {}", percent(self.text, share))
            }));
            row
        };
        let table = markdown_table(&header, self.results.towns.iter().map(row));
        let picture = self.picture(&title, "region").map_or_else(String::new, |p| p + "\n");
        format!("## {title}\n\n{picture}{note}\n\n{table}")
    }

    /// A picture of the result folder, as SVG or else as PNG; none where it was not drawn.
    fn picture(&self, alt: &str, name: &str) -> Option<String> {
        let paths = ["svg", "png"].map(|ending| format!("figures/{name}.{ending}"));
        paths.iter().find(|path| (self.is_there)(path)).map(|path| format!("![{alt}]({path})\n"))
    }

    fn towns_head(&self) -> String {
        format!("## {}\n\n{}\n", self.text.get("report.towns"), self.text.get("report.towns_note"))
    }

    fn town(&self, town: &TownResults) -> String {
        let name = self.text.name(&town.name);
        let mut out = format!("### {name}\n\n");
        if let Some(known) = self.case.town(&town.id).map(|t| &self.case.towns[t]) {
            let [enterprise, work] = [&known.enterprise, &known.specialisation].map(|n| self.text.name(n));
            let _ = writeln!(out, "{enterprise}: {work}.\n");
        }
        for sentence in town::sentences(self.case, self.results, town, self.text) {
            let _ = writeln!(out, "- {sentence}");
        }
        let _ = writeln!(out, "\n{}", self.town_table(town));
        out + &self.picture(name, &format!("{}/fan-composites", town.id)).unwrap_or_default()
    }

    /// A row a scenario: composite, its class, driver, change of the mono-profile share.
    fn town_table(&self, town: &TownResults) -> String {
        let first = FirstTold::of(self.results);
        let mut header = vec![self.text.fill("table.scenario", &[("year", &self.horizon())])];
        if let Some(scale) = first.scale() {
            header.push(format!("{} ({})", scale.symbol, self.text.name(&scale.label)));
            header.push(self.text.fill("table.class", &[("symbol", &scale.symbol)]));
        }
        header.extend(first.rate().map(|q| label_with_unit(self.text, q)));
        header.extend(["table.split", "table.split_enterprise"].map(|key| self.text.get(key).to_owned()));
        let rows = town.scenarios.iter().filter_map(|scenario| {
            let (cell, split) = (scenario.years.last()?, scenario.split.last()?);
            let mut row = vec![self.text.name(&scenario.name).to_owned()];
            row.extend(first.index.map(|(_, q)| median_and_range(self.text, &cell.quantities[q])));
            let classes = first.classes(cell, self.text);
            row.extend(
                classes.map(|(names, share)| format!("{}, {}", names.join(TIED), percent(self.text, share))),
            );
            row.extend(first.rate.map(|q| median_and_range(self.text, &cell.quantities[q])));
            row.extend([split.change, split.enterprise].map(|e| number(self.text, e.value)));
            Some(row)
        });
        format!("{}\n{}\n", markdown_table(&header, rows), self.text.get("table.split_note"))
    }

    fn caveats(&self) -> String {
        let items = caveats(self.case, self.results, self.text);
        format!("## {}\n\n- {}\n", self.text.get("caveats.title"), items.join("\n- "))
    }

    fn assumptions(&self) -> String {
        let count = self.case.assumptions.len().to_string();
        let intro = self.text.fill("assumptions.intro", &[("count", &count)]);
        let columns = ["assumptions.file", "assumptions.item", "assumptions.value", "assumptions.basis"];
        let header = columns.map(|key| self.text.get(key).to_owned());
        let assumptions = self.case.assumptions.iter();
        let rows = assumptions.map(|a| [&a.file, &a.item, &a.value, &a.basis].map(String::clone).to_vec());
        let title = self.text.get("assumptions.title");
        format!("## {title}\n\n{intro}\n\n{}", markdown_table(&header, rows))
    }

    fn again(&self, provenance: &Provenance) -> String {
        let values = [("version", provenance.version.as_str()), ("git", &provenance.git)];
        let intro = self.text.fill("reproduce.intro", &values);
        let header = ["reproduce.file", "reproduce.hash"].map(|key| self.text.get(key).to_owned());
        let rows = provenance.inputs.iter().map(|i| vec![i.file.clone(), format!("`{}`", i.sha256)]);
        format!(
            "## {}\n\n{intro}\n\n```sh\n{}\n```\n\n{}\n\n{}",
            self.text.get("reproduce.title"),
            provenance.command,
            self.text.get("reproduce.note"),
            markdown_table(&header, rows)
        )
    }
}

/// A Markdown table.
fn markdown_table(header: &[String], rows: impl Iterator<Item = Vec<String>>) -> String {
    let line = |cells: &[String]| {
        let cells: Vec<String> =
            cells.iter().map(|cell| cell.replace('|', "\\|").replace('\n', " ")).collect();
        format!("| {} |\n", cells.join(" | "))
    };
    let mut out = line(header);
    let _ = writeln!(out, "|{}", " --- |".repeat(header.len()));
    for row in rows {
        out.push_str(&line(&row));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::case::Source;
    use crate::report::{provenance, test_double};
    use crate::text::Language;

    fn report(results: &Results) -> String {
        let case = Case::load(&Source::embedded(), &[]).unwrap();
        story(&case, results, &provenance::example(), &Text::of(Language::En), &|_| true)
    }

    #[test]
    fn the_report_has_all_its_parts_and_names_its_limits() {
        let text = report(&test_double::results());
        for part in [
            "# Steppe: 2 futures of its single-industry towns, 2021 to 2035",
            "1,000 runs, seed 7",
            "| aksu | bold 70.0 ± 0.8 % | bold 70.0 ± 0.8 % |",
            "### belsu",
            "does not print every input of belsu:",
            "as if it were alone",
            "Steppe is taken in its borders of 2021",
            "no gain over a random walk is statistically firm",
            "## Assumptions",
            "--set drivers.wage.sigma=0.1",
        ] {
            assert!(text.contains(part), "no '{part}' in:\n{text}");
        }
        assert!(!text.contains("Price stress") && !text.contains("Only part"));
        let is_unfilled = |rest: &str| {
            rest.split('}')
                .next()
                .is_some_and(|name| name.bytes().all(|b| b.is_ascii_lowercase() || b == b'_'))
        };
        assert!(text.split('{').skip(1).all(|rest| !is_unfilled(rest)), "{text}");
    }

    #[test]
    fn what_was_left_out_or_laid_on_is_said_first() {
        let mut results = test_double::results();
        results.setup.uncertainty = "plan".to_owned();
        results.setup.stress_name = Some(test_double::name("a crash"));
        let text = report(&results);
        let opening = text.split("## ").next().unwrap();
        assert!(opening.contains("Only part of the uncertainty is drawn: plans."));
        assert!(opening.contains("Price stress laid on: a crash."));
    }

    #[test]
    fn a_bar_in_a_cell_does_not_break_the_table() {
        let text = markdown_table(&["a".to_owned()], [vec!["x|y\nz".to_owned()]].into_iter());
        assert_eq!(text, "| a |\n| --- |\n| x\\|y z |\n");
    }
}
