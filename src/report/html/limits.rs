//! What nobody knows about a town.

use maud::{Markup, html};

use super::Page;
use super::parts::{TableRow, cell, inline, original, table};
use crate::analyse::TownResults;
use crate::case::{Input, Town};
use crate::report::caveats::caveats;
use crate::report::story::town as story;
use crate::report::words::{notices, number, unit};

impl Page<'_> {
    pub(super) fn limits(&self, town: &TownResults, known: &Town) -> Markup {
        let notices = notices(self.case, Some(&known.id), self.text);
        html! {
            h3 { (self.get("page.unknown")) }
            ul {
                li { (self.get("report.towns_note")) }
                @for sentence in story::unknown(self.case, self.results, town, self.text) {
                    li { (sentence) }
                }
                @for notice in notices { li { (notice) } }
                li { (self.get("page.unknown_all")) " " a href="#limits" { (self.get("caveats.title")) } "." }
            }
            @if known.inputs.iter().any(|i| matches!(i, Input::Missing { .. })) { (self.assumed(known)) }
        }
    }

    /// The inputs that the source does not print, with the range they are drawn from.
    fn assumed(&self, known: &Town) -> Markup {
        let header = ["page.input", "page.low", "page.mode", "page.high", "assumptions.basis"];
        let header = header.map(|key| self.get(key).to_owned());
        let inputs = self.case.method.sub_indicators.iter().zip(&known.inputs);
        let rows = inputs.filter_map(|(s, input)| {
            let Input::Missing { low, mode, high, basis } = input else { return None };
            let label = html! { (s.symbol) " " small { (self.text.name(&s.label)) ", " (unit(self.text, self.case, &s.unit)) } };
            let [low, mode, high] = [low, mode, high].map(|x| cell(&number(self.text, *x)));
            Some(TableRow::plain(vec![label, low, mode, high, original(basis)]))
        });
        table(self.get("page.assumed_inputs"), &header, &rows.collect::<Vec<_>>())
    }

    /// What the numbers do not know: of all towns.
    pub(super) fn caveats(&self) -> Markup {
        html! {
            h3 id="limits" { (self.get("caveats.title")) }
            ul {
                @for caveat in caveats(self.case, self.results, self.text) { li { (inline(&caveat)) } }
            }
        }
    }
}
