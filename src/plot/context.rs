//! What every figure needs to know, and what several of them say.

use super::palette::{class_colour, scenario_colour};
use super::theme::{Frame, Picture, WIDTH};
use super::theme::{KeyEntry, Mark};
use super::{Choice, Figure, FigureKind, Material, Table};
use crate::analyse::{QuantityKind, Results, ScaleClass, ScenarioResults, Sureness, TownResults, leader};
use crate::case::Case;
use crate::text::Text;

/// What a figure is drawn from.
pub(super) struct Context<'a> {
    pub(super) case: &'a Case,
    pub(super) results: &'a Results,
    pub(super) text: &'a Text,
    #[expect(dead_code, reason = "see above")]
    pub(super) choice: &'a Choice,
}

impl<'a> Context<'a> {
    pub(super) fn new(material: &Material<'a>, text: &'a Text, choice: &'a Choice) -> Self {
        Self { case: material.case, results: material.results, text, choice }
    }

    /// A drawn figure, with the table of its numbers.
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

    /// Number of runs, seed, version, and what was laid on or left out.
    pub(super) fn region_caption(&self) -> String {
        let setup = &self.results.setup;
        let (runs, seed) = (self.text.number(setup.runs as f64, 0), setup.seed.to_string());
        let values = [("runs", runs.as_str()), ("seed", &seed), ("version", &setup.version)];
        let mut caption = self.text.fill("caption.runs", &values);
        if let Some(stress) = &setup.stress_name {
            caption.push_str(&self.text.fill("caption.stress", &[("stress", self.text.name(stress))]));
        }
        if setup.uncertainty != "all" {
            let what = self.text.uncertainty(&setup.uncertainty);
            caption.push_str(&self.text.fill("caption.uncertainty", &[("what", what)]));
        }
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
