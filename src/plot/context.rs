//! What every figure needs to know, and what several of them say.

use super::figure::Figure;
use super::key::{KeyEntry, Mark};
use super::kind::FigureKind;
use super::material::{Choice, Material};
use super::palette::{class_colour, scenario_colour};
use super::sheet::{Frame, Sheet};
use super::table::Table;
use super::theme::WIDTH;
use crate::analyse::{
    Estimate, HeadlinePlaces, Quantity, QuantityKind, Results, ScaleClass, ScenarioResults, TownResults,
};
use crate::case::{Case, Name};
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
        sheet: Sheet,
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
            svg: sheet.svg,
            size: (WIDTH, sheet.height),
            table,
        }
    }

    /// One of several sheets of a figure of the region: from the second on its name says which, and all say it in
    /// their notes and captions.
    pub(super) fn sheet_of(&self, frame: &mut Frame, (sheet, sheets): (usize, usize)) {
        if sheets > 1 {
            let said = [("sheet", (sheet + 1).to_string()), ("sheets", sheets.to_string())];
            frame.note.push(' ');
            frame.note.push_str(&self.text.fill("plot.sheet", &said));
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

    /// First and last simulated year.
    pub(super) fn span(&self) -> (f64, f64) {
        let years = &self.results.setup.years;
        (years.first().copied().map_or(0.0, f64::from), f64::from(self.horizon()))
    }

    /// The simulated years.
    pub(super) fn years(&self) -> Vec<f64> {
        self.results.setup.years.iter().map(|year| f64::from(*year)).collect()
    }

    pub(super) fn horizon(&self) -> i32 {
        self.results.setup.years.last().copied().unwrap_or_default()
    }

    /// Place of a scenario among the candidates, which decides its colour.
    pub(super) fn candidate(&self, scenario: &ScenarioResults) -> usize {
        self.results.candidates.iter().position(|c| c.0 == scenario.id).unwrap_or(0)
    }

    /// What the case tells first.
    pub(super) fn headline(&self) -> HeadlinePlaces {
        self.results.headline
    }

    /// The index that the case tells first, by its place among those with classes.
    pub(super) fn main_index(&self) -> Option<usize> {
        self.composite(self.headline().index?)
    }

    /// Its symbol.
    pub(super) fn main_symbol(&self) -> Option<&'a str> {
        self.main_index().map(|k| self.results.scaled[k].symbol.as_str())
    }

    /// Rate and count of people that the case tells first, as far as it names them.
    pub(super) fn main_measures(&self) -> Vec<usize> {
        [self.headline().rate, self.headline().people].into_iter().flatten().collect()
    }

    /// Place of an index among those with classes; none of anything else.
    pub(super) fn composite(&self, quantity: usize) -> Option<usize> {
        match self.results.quantities[quantity].kind {
            QuantityKind::Composite(k) => Some(k),
            _ => None,
        }
    }

    /// The classes of an index; of anything else none.
    pub(super) fn classes(&self, quantity: usize) -> &'a [ScaleClass] {
        self.composite(quantity).map_or(&[][..], |k| self.results.scaled[k].classes.as_slice())
    }

    /// What stands beside a quantity's name: the symbol of an index, the unit of anything else.
    pub(super) fn unit(&self, quantity: usize) -> &'a str {
        let Quantity { id, unit, unit_name, .. } = &self.results.quantities[quantity];
        if self.composite(quantity).is_some() { id } else { self.text.unit(unit, unit_name.as_ref()) }
    }

    /// Name of a quantity.
    pub(super) fn label(&self, quantity: usize) -> &'a str {
        self.text.name(&self.results.quantities[quantity].label)
    }

    /// The symbol of an index, the name of anything else.
    pub(super) fn short_name(&self, quantity: usize) -> &'a str {
        if self.composite(quantity).is_some() { self.unit(quantity) } else { self.label(quantity) }
    }

    /// A number with its unit: bare for an index and for persons.
    pub(super) fn measured(&self, quantity: usize, number: &str) -> String {
        match self.results.quantities[quantity].kind {
            QuantityKind::Composite(_) | QuantityKind::Persons(_) | QuantityKind::Population => {
                number.to_owned()
            }
            _ => match self.unit(quantity) {
                "%" => self.text.percent_of(number),
                unit => format!("{number} {unit}"),
            },
        }
    }

    /// A number as short as it reads beside others.
    pub(super) fn rounded(&self, quantity: usize, value: f64) -> String {
        match self.results.quantities[quantity].kind {
            QuantityKind::Persons(_) | QuantityKind::Population => self.compact(value),
            _ => self.text.number(value, 1),
        }
    }

    /// Every scenario that was run, by its place among the candidates, with its name.
    pub(super) fn paths<'t>(&self, town: &'t TownResults) -> impl Iterator<Item = (usize, &'t Name)> {
        town.scenarios.iter().map(|s| (self.candidate(s), &s.name))
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
        let (name, unit) = (self.label(quantity), self.unit(quantity));
        if self.composite(quantity).is_some() {
            format!("{name} ({unit})")
        } else {
            format!("{name}, {unit}")
        }
    }

    /// A number of persons or of anything else, as short as it can be read.
    pub(super) fn compact(&self, value: f64) -> String {
        let decimals = usize::from(value.abs() < 100.0);
        self.text.number(value, decimals)
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
