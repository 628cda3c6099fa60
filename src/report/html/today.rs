//! The assessment of a town in the base year, and what the audit of the source says about it.

use maud::{Markup, html};

use super::Page;
use super::parts::{TableRow, cell, original, table, unfold};
use crate::analyse::{QuantityKind, TownResults, likeliest_class};
use crate::assess::{Evaluator, Finding, Phrase, Reading, Score};
use crate::case::{Input, Town};
use crate::report::audit::{self, words::Words};
use crate::report::citation::citation;
use crate::report::story::town::today;
use crate::report::words::{median_and_range, number, percent, unit};

impl Page<'_> {
    /// The town's score with missing inputs at their mode.
    pub(super) fn score(&self, known: &Town) -> Score {
        let evaluator = Evaluator::new(&self.case.method, &Reading::default());
        Score::of(self.case, &evaluator, known.inputs.iter().map(Input::best).collect())
    }

    pub(super) fn today(&self, town: &TownResults, known: &Town) -> Markup {
        let title = self.text.fill("page.today", &[("year", &self.base_year())]);
        let score = self.score(known);
        html! {
            h3 { (title) }
            @if let Some(sentence) = today(self.results, town, self.text) { p.lead { (sentence) } }
            (self.composites(town, &score, &title))
            (unfold(self.get("page.inputs"), false, &self.inputs(known)))
            (self.audited(town))
        }
    }

    /// A row a composite: value, class, the scenarios that it speaks for.
    fn composites(&self, town: &TownResults, score: &Score, caption: &str) -> Markup {
        let base = town.scenarios.first().and_then(|s| s.years.first());
        let header = ["page.index", "page.value", "assess.class", "page.speaks"];
        let header = header.map(|key| self.get(key).to_owned());
        let rows = self.case.method.scaled().enumerate().filter_map(|(k, (c, composite, scale))| {
            let q = self.results.quantities.iter().position(|q| q.kind == QuantityKind::Composite(k))?;
            let distribution = &base?.quantities[q];
            let (class, share) = likeliest_class(base?, k);
            let name = self.text.name(&self.results.scaled[k].classes[class].name);
            let class_words = if share.value >= 1.0 && town.complete {
                name.to_owned()
            } else {
                format!("{name} {}", percent(self.text, share))
            };
            let value = if town.complete {
                number(self.text, score.composites[c])
            } else {
                median_and_range(self.text, distribution)
            };
            let votes = scale[class].votes.iter().enumerate().filter(|(_, votes)| **votes);
            let votes: Vec<String> = votes.map(|(s, _)| self.candidate(s).to_owned()).collect();
            let label = html! { (composite.symbol) " " small { (self.text.name(&composite.label)) } };
            Some(TableRow::plain(vec![
                label,
                cell(&value),
                cell(&class_words),
                cell(&self.text.list(&votes)),
            ]))
        });
        table(caption, &header, &rows.collect::<Vec<_>>())
    }

    /// The inputs, with their source, or their assumed range and its basis.
    fn inputs(&self, known: &Town) -> Markup {
        let header = ["page.input", "page.value", "page.source"].map(|key| self.get(key).to_owned());
        let rows = self.case.method.sub_indicators.iter().zip(&known.inputs).map(|(s, input)| {
            let label = html! { (s.symbol) " " small { (self.text.name(&s.label)) ", " (unit(self.text, self.case, &s.unit)) } };
            let (value, source) = match input {
                Input::Printed { value, source, note, .. } => {
                    let place = citation(self.text, self.case, source);
                    let source = html! { (place) @if !note.is_empty() { "; " (original(note)) } };
                    (number(self.text, *value), source)
                }
                Input::Missing { low, mode, high, basis } => {
                    let [low, mode, high] = [low, mode, high].map(|x| number(self.text, *x));
                    let values = [("median", mode), ("range", self.text.range(&low, &high))];
                    let label = html! { strong { (self.get("page.assumed")) } ": " (original(basis)) };
                    (self.text.fill("number.median", &values), label)
                }
            };
            TableRow::plain(vec![label, cell(&value), source])
        });
        table(self.get("page.inputs"), &header, &rows.collect::<Vec<_>>())
    }

    /// What the audit found about the town: first what would change its assessment.
    fn audited(&self, town: &TownResults) -> Markup {
        let of_town = self.audit.iter().filter(|f| f.town == town.id);
        let (telling, other): (Vec<&Finding>, Vec<&Finding>) = of_town.partition(|f| !f.effect.is_none());
        let (all, count) = ((telling.len() + other.len()).to_string(), telling.len().to_string());
        let leads = telling.iter().filter(|f| f.effect.lead.is_some()).count().to_string();
        let values = [("all", all.as_str()), ("count", &count), ("leads", &leads)];
        let key = match (telling.len() + other.len(), telling.is_empty()) {
            (0, _) => "page.audit_none",
            (_, true) => "page.audit_harmless",
            (_, false) => "page.audit_found",
        };
        html! {
            h4 { (self.get("page.audit")) }
            p { (self.text.fill(key, &values)) }
            @if !telling.is_empty() {
                (self.findings(self.get("page.audit_telling"), &telling))
            }
            @if !other.is_empty() {
                (unfold(self.get("page.audit_other"), false,
                    &self.findings(self.get("page.audit_other"), &other)))
            }
        }
    }

    pub(super) fn findings(&self, caption: &str, findings: &[&Finding]) -> Markup {
        let header = ["page.item", "page.stated", "page.against", "page.effect"];
        let header = header.map(|key| self.get(key).to_owned());
        let words = Words { case: self.case, text: self.text, ids: false };
        let rows = findings.iter().map(|f| {
            let item = html! { (words.item(f)) " " small { (self.get(audit::heading(f.kind))) } };
            let side = |what: &Phrase, at: &Phrase| html! { (words.say(what)) " " small { (words.say(at)) } };
            let effect = html! {
                @for change in audit::changes(&f.effect, &words) { div { (change) } }
                @if !f.notes.is_empty() { small { (words.notes(f)) } }
            };
            TableRow::plain(vec![item, side(&f.stated, &f.stated_at), side(&f.other, &f.other_at), effect])
        });
        table(caption, &header, &rows.collect::<Vec<_>>())
    }
}
