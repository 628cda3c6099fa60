//! What several figures say in their titles and notes: by rules from the numbers.

use super::context::Context;
use crate::analyse::{Cell, MEDIAN, ScenarioResults, Sureness, TownResults, leader, likeliest_class};

impl Context<'_> {
    /// In how many cells of the region each scenario leads, the most frequent first; those that lead nowhere last.
    pub(super) fn region_finding(&self) -> String {
        let results = self.results;
        let mut counts = vec![0_usize; results.candidates.len()];
        let cells = results.towns.iter().flat_map(|t| &t.scenarios).filter_map(|s| s.years.last());
        for cell in cells {
            counts[leader(cell).0] += 1;
        }
        let total: usize = counts.iter().sum();
        let mut order: Vec<usize> = (0..counts.len()).collect();
        order.sort_by_key(|s| std::cmp::Reverse(counts[*s]));
        let name = |s: usize| self.text.name(&results.candidates[s].1);
        let Some((best, others)) = order.split_first() else { return String::new() };
        let (count, cells) = (counts[*best].to_string(), total.to_string());
        let values = [("leader", name(*best)), ("count", count.as_str()), ("cells", &cells)];
        let mut said = self.text.fill("plot.region_finding", &values);
        for s in others.iter().filter(|s| counts[**s] > 0) {
            let count = counts[*s].to_string();
            said.push_str(&self.text.fill("plot.region_also", &[("scenario", name(*s)), ("count", &count)]));
        }
        let nowhere: Vec<String> =
            others.iter().filter(|s| counts[**s] == 0).map(|s| self.text.quoted(name(*s))).collect();
        if !nowhere.is_empty() {
            said.push_str(
                &self.text.fill("plot.region_nowhere", &[("scenarios", &self.text.list(&nowhere))]),
            );
        }
        said
    }

    /// In how many cells of the region the method would choose the very scenario that is followed.
    pub(super) fn kept_course(&self) -> usize {
        let cells = self.results.towns.iter().flat_map(|t| &t.scenarios);
        cells.filter(|s| s.years.last().is_some_and(|cell| self.keeps_course(&s.id, cell))).count()
    }

    /// True where the method would choose the scenario that is followed.
    pub(super) fn keeps_course(&self, path: &str, cell: &Cell) -> bool {
        self.results.candidates[leader(cell).0].0 == path
    }

    /// Which scenario leads at the horizon under most paths, said no more firmly than the runs allow.
    pub(super) fn lead_finding(&self, town: &TownResults) -> String {
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

    /// The class of the main index in which most runs end, by path; another title without such an index.
    pub(super) fn class_finding(&self, town: &TownResults, otherwise: &str) -> String {
        let (results, text) = (self.results, self.text);
        let name = text.name(&town.name);
        let Some(k) = self.main_index() else { return text.fill(otherwise, &[("town", name)]) };
        let cells = town.scenarios.iter().filter_map(|s| Some((s, s.years.last()?)));
        let ends: Vec<(usize, &ScenarioResults)> =
            cells.map(|(s, cell)| (likeliest_class(cell, k).0, s)).collect();
        let (low, high) = ends.iter().fold((usize::MAX, 0), |(l, h), e| (l.min(e.0), h.max(e.0)));
        let Some(classes) = results.scaled[k].classes.get(low..=high) else {
            return text.fill(otherwise, &[("town", name)]);
        };
        let paths = |class: usize| {
            let of = ends.iter().filter(|e| e.0 == class);
            text.list(&of.map(|e| text.quoted(text.name(&e.1.name))).collect::<Vec<_>>())
        };
        let year = self.horizon().to_string();
        let (lowest, highest) = (text.name(&classes[0].name), text.name(&classes[high - low].name));
        let symbol = results.scaled[k].symbol.as_str();
        let (low_paths, high_paths) = (paths(low), paths(high));
        let values = [
            ("town", name),
            ("year", &year),
            ("symbol", symbol),
            ("low", lowest),
            ("low_paths", &low_paths),
            ("high", highest),
            ("high_paths", &high_paths),
        ];
        text.fill(if low == high { "plot.class_same" } else { "plot.class_range" }, &values)
    }

    /// The lowest and the highest median of a quantity among the paths, beside the base year's, put into a
    /// sentence; another title without such a quantity. `t` is the place of the year.
    pub(super) fn median_finding(
        &self,
        town: &TownResults,
        quantity: Option<usize>,
        t: usize,
        otherwise: &str,
    ) -> String {
        let (text, years) = (self.text, &self.results.setup.years);
        let name = text.name(&town.name);
        let plain = || text.fill(otherwise, &[("town", name), ("year", years[t].to_string().as_str())]);
        let Some(q) = quantity else { return plain() };
        let median =
            |s: &ScenarioResults, t: usize| s.years.get(t).map(|c| c.quantities[q].quantiles[MEDIAN].value);
        let ends: Vec<(f64, &ScenarioResults)> =
            town.scenarios.iter().filter_map(|s| Some((median(s, t)?, s))).collect();
        let low = ends.iter().min_by(|a, b| a.0.total_cmp(&b.0));
        let high = ends.iter().max_by(|a, b| a.0.total_cmp(&b.0));
        let base = town.scenarios.first().and_then(|s| median(s, 0));
        let (Some(low), Some(high), Some(base)) = (low, high, base) else { return plain() };
        let path = |s: &ScenarioResults| text.name(&s.name).to_owned();
        let number = |value: f64| self.measured(q, &text.readable(value));
        let values = [
            ("town", name.to_owned()),
            ("year", years[t].to_string()),
            ("quantity", self.short_name(q).to_owned()),
            ("low", number(low.0)),
            ("low_path", path(low.1)),
            ("high", number(high.0)),
            ("high_path", path(high.1)),
            ("base", number(base)),
            ("base_year", years[0].to_string()),
        ];
        text.fill(if ends.len() == 1 { "plot.median_one" } else { "plot.median_range" }, &values)
    }

    /// What else is said of each town, for the note below the title: the class of the main index, medians; after
    /// `before`, nothing where the case tells neither.
    pub(super) fn measures_in_words(&self, before: &str) -> String {
        let text = self.text;
        let class = self.main_symbol().map(|symbol| text.fill("plot.note_class", &[("composite", symbol)]));
        let names: Vec<String> = self.main_measures().iter().map(|q| self.label(*q).to_owned()).collect();
        let medians = text.fill("plot.note_medians", &[("quantities", text.list(&names))]);
        let said: Vec<String> = class.into_iter().chain((!names.is_empty()).then_some(medians)).collect();
        if said.is_empty() { String::new() } else { format!("{before}{}", said.join("; ")) }
    }
}
