//! The futures of a town: two sentences and the main numbers each, then the pictures of all of them.

use maud::{Markup, html};

use super::Page;
use super::parts::{TableRow, cell, table, unfold};
use crate::analyse::{QuantityKind, ScenarioResults, TownResults};
use crate::case::{PlanEntry, PlanKind, Town};
use crate::report::delivered::{delivered, sentences};
use crate::report::story::{future, town as story, worth::reached};
use crate::report::words::{median_and_range, percent, unit};

/// Kinds of figures that belong to another part of the town's page.
pub(super) const OF_CHOICE: [&str; 2] = ["lead", "votes"];

impl Page<'_> {
    pub(super) fn futures(&self, town: &TownResults, known: &Town) -> Markup {
        let year = self.horizon();
        let title = self.text.fill("page.futures", &[("year", &year)]);
        let pictures = self.pictures_of(&town.id);
        html! {
            h3 { (title) }
            ul.compared {
                @for sentence in story::compared(self.results, town, self.text) { li { (sentence) } }
            }
            div.cards {
                @for (k, scenario) in town.scenarios.iter().enumerate() {
                    (self.card(town, scenario, k))
                }
            }
            p.note { (self.get("page.card_note")) }
            @for (_, picture) in pictures.iter().filter(|(kind, _)| !OF_CHOICE.contains(kind)) {
                (self.figure(picture))
            }
            (unfold(self.get("page.plans"), true, &self.plans(town, known)))
        }
    }

    /// A future: what it means, two sentences, its main numbers.
    fn card(&self, town: &TownResults, scenario: &ScenarioResults, place: usize) -> Markup {
        let summary =
            self.case.scenario(&scenario.id).map(|s| self.text.name(&self.case.scenarios[s].summary));
        html! {
            article.card data-scenario=(scenario.id) data-place=(place) {
                h4 { (self.text.name(&scenario.name)) }
                @if let Some(summary) = summary { p.summary { (summary) } }
                @for sentence in future::sentences(self.results, town, scenario, self.text) { p { (sentence) } }
                dl.facts {
                    @for (label, value) in self.facts(scenario) { div { dt { (label) } dd { (value) } } }
                }
            }
        }
    }

    /// People, and the outcomes that come once.
    fn facts(&self, scenario: &ScenarioResults) -> Vec<(String, String)> {
        let year = self.horizon();
        let Some(last) = scenario.years.last() else { return Vec::new() };
        let people = self.results.quantities.iter().zip(&last.quantities);
        let people =
            people.filter(|(q, _)| matches!(q.kind, QuantityKind::Persons(_) | QuantityKind::Population));
        let mut facts: Vec<(String, String)> = people
            .map(|(q, d)| (self.text.name(&q.label).to_owned(), median_and_range(self.text, d)))
            .collect();
        for (k, (_, label)) in self.results.first_passages.iter().enumerate() {
            let values = [("outcome", self.text.name(label)), ("year", &year)];
            let label = self.text.fill("page.outcome_by", &values);
            facts.push((label, percent(self.text, reached(self.results, scenario, k))));
        }
        facts
    }

    /// The plan of every driver under every future: the assumptions that tell the futures apart.
    fn plans(&self, town: &TownResults, known: &Town) -> Markup {
        let place = self.case.town(&known.id).unwrap_or_default();
        let caption = self.text.fill("page.plans_caption", &[("town", self.text.name(&town.name))]);
        let mut header = vec![self.get("backtest.driver").to_owned()];
        header.extend(town.scenarios.iter().map(|s| self.text.name(&s.name).to_owned()));
        let rows = self.case.drivers.iter().enumerate().map(|(d, driver)| {
            let label = html! { (self.text.name(&driver.label)) " " small { (unit(self.text, self.case, &driver.unit)) } };
            let plan = |s: &ScenarioResults| {
                self.case.scenario(&s.id).map_or_else(String::new, |k| {
                    let share = delivered(self.case, k, place, d);
                    self.plan(&self.case.scenarios[k].plan[place][d], share)
                })
            };
            let cells = town.scenarios.iter().map(|s| cell(&plan(s)));
            TableRow::plain(std::iter::once(label).chain(cells).collect())
        });
        html! {
            p.note { (self.get("page.plans_note")) }
            @for said in sentences(self.case, self.text) { p.note { (said) } }
            (table(&caption, &header, &rows.collect::<Vec<_>>()))
        }
    }

    /// A plan's line: what it does to the driver by when, give or take how much.
    /// And what delivery makes of it.
    fn plan(&self, plan: &PlanEntry, delivered: Option<f64>) -> String {
        let key = match plan.kind {
            PlanKind::Multiple => "page.plan_multiple",
            PlanKind::Odds => "page.plan_odds",
            PlanKind::Add => "page.plan_add",
        };
        let written = |x: f64| {
            let number = self.text.number(x, 2);
            if plan.kind == PlanKind::Add && x > 0.0 { format!("+{number}") } else { number }
        };
        let (value, sd) = (written(plan.value), self.text.number(plan.sd, 2));
        let values = [("value", value), ("sd", sd), ("by", plan.by.to_string())];
        let mut said = self.text.fill(key, &values.each_ref().map(|(key, value)| (*key, value.as_str())));
        if let Some(x) = delivered {
            said.push_str(&self.text.fill("page.plan_delivered", &[("value", written(x))]));
        }
        said
    }
}
