//! The page of a town: what it is, today, its futures, what would change the choice, what nobody knows.

use maud::{Markup, html};

use super::Page;
use crate::analyse::{Distribution, Quantity, QuantityKind, TownResults};
use crate::case::Town;
use crate::report::words::{label_with_unit, median_and_range, number};

impl Page<'_> {
    pub(super) fn town(&self, town: &TownResults) -> Markup {
        let Some(known) = self.case.town(&town.id).map(|t| &self.case.towns[t]) else { return html! {} };
        let body = html! {
            h3 { (self.get("page.what")) }
            (self.what(town, known))
            (self.today(town, known))
            (self.futures(town, known))
            (self.choice(town, known))
            (self.limits(town, known))
        };
        Self::section(&format!("town-{}", town.id), self.text.name(&town.name), &body)
    }

    /// Enterprise, speciality, prices that it lives on, where it stands.
    fn what(&self, town: &TownResults, known: &Town) -> Markup {
        let mix = self.case.commodities.iter().zip(&known.mix).filter(|(_, weight)| **weight > 0.0);
        let mix: Vec<String> = mix
            .map(|(c, weight)| {
                format!("{} {} %", self.text.name(&c.name), self.text.number(100.0 * weight, 0))
            })
            .collect();
        html! {
            dl.facts {
                div { dt { (self.get("page.enterprise")) } dd { (self.text.name(&known.enterprise)) } }
                div { dt { (self.get("page.specialisation")) } dd { (self.text.name(&known.specialisation)) } }
                div { dt { (self.get("page.mix")) } dd { (mix.join(", ")) } }
            }
            h4 { (self.text.fill("page.levels", &[("year", &self.base_year())])) }
            dl.facts {
                @for (label, value) in self.levels(town, known) { div { dt { (label) } dd { (value) } } }
            }
        }
    }

    /// Base-year levels: what the case gives by that name, and the main quantities of the base year.
    fn levels(&self, town: &TownResults, known: &Town) -> Vec<(String, String)> {
        let Some(base) = town.scenarios.first().and_then(|s| s.years.first()) else { return Vec::new() };
        let shown = self.results.quantities.iter().zip(&base.quantities);
        let shown = shown.filter(|(q, _)| {
            let is_level = known.levels.contains_key(&q.id);
            q.main || is_level || matches!(q.kind, QuantityKind::Population)
        });
        // People first, then what moves them.
        let mut shown: Vec<_> = shown.collect();
        shown.sort_by_key(|(q, _)| match q.kind {
            QuantityKind::Population => 0,
            QuantityKind::Persons(_) => 1,
            _ if q.paired => 2,
            _ => 3,
        });
        let level = |(q, d): (&Quantity, &Distribution)| {
            (label_with_unit(self.text, q), median_and_range(self.text, d))
        };
        let mut levels: Vec<(String, String)> = shown.into_iter().map(level).collect();
        if let Some(growth) = known.levels.get("population_growth") {
            levels.push((self.get("page.growth").to_owned(), number(self.text, *growth)));
        }
        levels
    }
}
