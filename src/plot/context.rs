//! What every figure needs to know, and what several of them say.

use super::palette::{class_colour, scenario_colour};
use super::theme::{Frame, Picture, WIDTH};
use super::theme::{KeyEntry, Mark};
use super::{Choice, Figure, FigureKind, Material, Table};
use crate::analyse::{
    Estimate, MEDIAN, QuantityKind, Results, ScaleClass, ScenarioResults, Sureness, TownResults, leader,
    likeliest_class,
};
use crate::case::Case;
use crate::text::Text;

/// What a figure is drawn from.
pub(super) struct Context<'a> {
    pub(super) case: &'a Case,
    pub(super) results: &'a Results,
    /// The same with only the plans uncertain.
    pub(super) plans_alone: Option<&'a Results>,
    pub(super) text: &'a Text,
    pub(super) choice: &'a Choice,
}

impl<'a> Context<'a> {
    pub(super) fn new(material: &Material<'a>, text: &'a Text, choice: &'a Choice) -> Self {
        let Material { case, results, plans_alone } = *material;
        Self { case, results, plans_alone, text, choice }
    }

    /// A drawn figure, with the table of its numbers.
    #[allow(clippy::unused_self, reason = "a figure is made in a context, beside its caption")]
    pub(super) fn figure(
        &self,
        kind: FigureKind,
        town: Option<&TownResults>,
        frame: Frame,
        picture: Picture,
        table: Table,
    ) -> Figure {
        let name = town.map_or_else(|| kind.name().to_owned(), |t| format!("{}/{}", t.id, kind.name()));
        let alt = format!("{}. {}", frame.title.trim_end_matches('.'), frame.note);
        Figure {
            name,
            kind,
            town: town.map(|t| t.id.clone()),
            alt: alt.trim().to_owned(),
            title: frame.title,
            svg: picture.svg,
            size: (WIDTH, picture.height),
            table,
        }
    }

    /// A share of all runs where there is little room.
    pub(super) fn percent_short(&self, share: f64) -> String {
        let runs = self.results.setup.runs;
        Estimate::share(share * runs as f64, runs).percent_short(self.text)
    }

    /// Number of runs, seed, version, and what was laid on or left out.
    pub(super) fn region_caption(&self) -> String {
        let setup = &self.results.setup;
        let (runs, seed) = (self.text.number(setup.runs as f64, 0), setup.seed.to_string());
        let values = [("runs", runs.as_str()), ("seed", &seed), ("version", &setup.version)];
        let mut caption = self.text.fill("caption.runs", &values);
        if setup.is_trial() {
            caption.push_str(self.text.get("caption.trial"));
        }
        if let Some(stress) = &setup.stress_name {
            caption.push_str(&self.text.fill("caption.stress", &[("stress", self.text.name(stress))]));
        }
        if setup.uncertainty != "all" {
            let what = self.text.uncertainty(&setup.uncertainty);
            caption.push_str(&self.text.fill("caption.uncertainty", &[("what", what)]));
        }
        caption.push_str(&self.text.fill("caption.source", &[("case", &setup.case)]));
        caption
    }

    /// The same, and whether inputs of the town are assumed.
    pub(super) fn caption(&self, town: &TownResults) -> String {
        let caption = self.region_caption();
        if town.complete { caption } else { format!("{caption}; {}", self.text.get("caption.assumed")) }
    }

    pub(super) fn horizon(&self) -> i32 {
        self.results.setup.years.last().copied().unwrap_or_default()
    }

    /// Place of a scenario among the candidates, which decides its colour.
    pub(super) fn candidate(&self, scenario: &ScenarioResults) -> usize {
        self.results.candidates.iter().position(|c| c.0 == scenario.id).unwrap_or(0)
    }

    /// The composite of the economy: the one with the most classes.
    pub(super) fn economy(&self) -> Option<usize> {
        let classes = |k: &usize| self.results.scaled[*k].classes.len();
        (0..self.results.scaled.len()).rev().max_by_key(classes)
    }

    /// Place of a quantity by its identifier.
    pub(super) fn quantity(&self, id: &str) -> Option<usize> {
        self.results.quantities.iter().position(|q| q.id == id)
    }

    /// A patch for each class name that some scale uses, from the lowest up.
    pub(super) fn class_key(&self) -> Vec<KeyEntry> {
        let classes = self.results.scaled.iter().flat_map(|c| &c.classes);
        let mut ranks: Vec<_> = classes.map(|c| (c.rank, self.text.name(&c.name).to_owned())).collect();
        ranks.sort();
        ranks.dedup();
        let entry = |(rank, label)| KeyEntry { label, mark: Mark::Patch(class_colour(rank)) };
        ranks.into_iter().map(entry).collect()
    }

    /// The scenarios as patches.
    pub(super) fn scenario_key(&self) -> Vec<KeyEntry> {
        let candidates = self.results.candidates.iter().enumerate();
        let entry = |(s, (_, name)): (usize, &(String, crate::case::Name))| KeyEntry {
            label: self.text.name(name).to_owned(),
            mark: Mark::Patch(scenario_colour(s)),
        };
        candidates.map(entry).collect()
    }

    /// Candidates that a class of a scaled composite speaks for.
    pub(super) fn votes_of(&self, composite: usize, class: usize) -> Vec<usize> {
        let scale = self.case.method.scaled().nth(composite).map(|(_, _, classes)| classes);
        let votes = scale.and_then(|classes| classes.get(class)).map(|class| class.votes.as_slice());
        let votes = votes.unwrap_or_default().iter().enumerate();
        votes.filter(|(_, speaks)| **speaks).map(|(s, _)| s).collect()
    }

    /// What a quantity is: an index with its symbol, anything else with its unit.
    pub(super) fn quantity_label(&self, quantity: usize) -> String {
        let quantity = &self.results.quantities[quantity];
        let name = self.text.name(&quantity.label);
        match quantity.kind {
            QuantityKind::Composite(_) => format!("{name} ({})", quantity.id),
            _ => format!("{name}, {}", self.text.unit(&quantity.unit, quantity.unit_name.as_ref())),
        }
    }

    /// The scenario that leads in most cells of the region.
    pub(super) fn region_finding(&self) -> String {
        let results = self.results;
        let mut counts = vec![0_usize; results.candidates.len()];
        let cells = results.towns.iter().flat_map(|t| &t.scenarios).filter_map(|s| s.years.last());
        for cell in cells {
            counts[leader(cell).0] += 1;
        }
        let total: usize = counts.iter().sum();
        let best = (0..counts.len()).fold(0, |b, s| if counts[s] > counts[b] { s } else { b });
        let name = self.text.name(&results.candidates[best].1);
        let (count, cells) = (counts[best].to_string(), total.to_string());
        self.text.fill("plot.region_finding", &[("leader", name), ("count", &count), ("cells", &cells)])
    }

    /// A number of persons or of anything else, as short as it can be read.
    pub(super) fn compact(&self, value: f64) -> String {
        let decimals = usize::from(value.abs() < 100.0);
        self.text.number(value, decimals)
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
}

impl Context<'_> {
    /// The class of the economy in which most runs end, by path; another title without such an index.
    pub(super) fn class_finding(&self, town: &TownResults, otherwise: &str) -> String {
        let (results, text) = (self.results, self.text);
        let name = text.name(&town.name);
        let Some(k) = self.economy() else { return text.fill(otherwise, &[("town", name)]) };
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
    /// sentence; another title without that quantity. `t` is the place of the year.
    pub(super) fn median_finding(
        &self,
        town: &TownResults,
        (id, t): (&str, usize),
        key: &str,
        otherwise: &str,
    ) -> String {
        let (text, years) = (self.text, &self.results.setup.years);
        let name = text.name(&town.name);
        let plain = || text.fill(otherwise, &[("town", name), ("year", years[t].to_string().as_str())]);
        let Some(q) = self.quantity(id) else { return plain() };
        let median =
            |s: &ScenarioResults, t: usize| s.years.get(t).map(|c| c.quantities[q].quantiles[MEDIAN].value);
        let ends: Vec<(f64, &ScenarioResults)> =
            town.scenarios.iter().filter_map(|s| Some((median(s, t)?, s))).collect();
        let low = ends.iter().min_by(|a, b| a.0.total_cmp(&b.0));
        let high = ends.iter().max_by(|a, b| a.0.total_cmp(&b.0));
        let base = town.scenarios.first().and_then(|s| median(s, 0));
        let (Some(low), Some(high), Some(base)) = (low, high, base) else { return plain() };
        let path = |s: &ScenarioResults| text.name(&s.name).to_owned();
        let values = [
            ("town", name.to_owned()),
            ("year", years[t].to_string()),
            ("low", text.readable(low.0)),
            ("low_path", path(low.1)),
            ("high", text.readable(high.0)),
            ("high_path", path(high.1)),
            ("base", text.readable(base)),
            ("base_year", years[0].to_string()),
        ];
        text.fill(key, &values)
    }

    /// Places of the years that were chosen, in order, and of the last year.
    pub(super) fn chosen_years(&self) -> Vec<usize> {
        let years = &self.results.setup.years;
        let chosen = |t: &usize| *t == self.last() || self.choice.years.contains(&years[*t]);
        (0..years.len()).filter(chosen).collect()
    }

    /// Place of the last year.
    pub(super) fn last(&self) -> usize {
        self.results.setup.years.len().saturating_sub(1)
    }
}

/// How dark a scenario's colour is where it leads with this share: the darker, the surer.
pub(super) fn sureness_tint(share: f64) -> f64 {
    0.12 + 0.88 * ((share - 0.3) / 0.7).clamp(0.0, 1.0)
}

/// A range that does not blow up what hardly varies: of an index it shows at least three tenths of its
/// scale, of anything that does not vary at all a tenth of its value.
pub(super) fn widen(low: f64, high: f64, classes: &[ScaleClass]) -> (f64, f64) {
    let least = classes.last().map_or(0.1 * high.abs().max(1e-9), |c| 0.3 * c.upper);
    if high - low >= least || classes.is_empty() && high > low {
        return (low, high);
    }
    let middle = 0.5 * (low + high);
    (middle - 0.5 * least, middle + 0.5 * least)
}
