//! The first page: the question, what the runs say in three sentences, who leads where.

use maud::{Markup, html};

use super::Page;
use super::figure::is_sheet_of;
use super::method::OF_AUDIT;
use super::parts::{TableRow, cell, inline, table};
use crate::case::Name;
use crate::report::headline::leading;
use crate::report::story::region;
use crate::report::words::percent;

/// The figure that the first page shows.
const SHEET: &str = "region";

impl Page<'_> {
    pub(super) fn overview(&self) -> Markup {
        let year = self.horizon();
        let question = self.question();
        let sheets = self.pictures.iter().filter(|p| is_sheet_of(&p.name, SHEET));
        let others: Vec<_> = self
            .pictures
            .iter()
            .filter(|p| ![SHEET, OF_AUDIT].iter().any(|kind| is_sheet_of(&p.name, kind)))
            .filter(|p| !p.name.contains('/'))
            .collect();
        let body = html! {
            p.lead { (self.get("page.answer")) }
            ol.findings {
                @for finding in region::findings(self.results, self.text) {
                    li { h3 { (finding.heading) } p { (finding.sentence) } }
                }
            }
            p.note { (inline(self.get("report.words"))) }
            h3 { (self.text.fill("report.region", &[("year", &year)])) }
            @for sheet in sheets { (self.figure(sheet)) }
            p { (self.get("report.region_note")) }
            (self.leaders())
            @if !others.is_empty() {
                h3 { (self.get("page.region_more")) }
                @for picture in others { (self.figure(picture)) }
            }
        };
        Self::section("overview", &question, &body)
    }

    /// What is asked, of one or several futures and towns.
    fn question(&self) -> String {
        let paths = self.results.towns.first().map_or(&[][..], |town| &town.scenarios);
        let name = |name: Option<&Name>| name.map_or("", |name| self.text.name(name)).to_owned();
        let values = [
            ("region", self.text.name(&self.results.setup.region).to_owned()),
            ("count", paths.len().to_string()),
            ("future", self.text.quoted(&name(paths.first().map(|s| &s.name)))),
            ("towns", self.results.towns.len().to_string()),
            ("town", name(self.results.towns.first().map(|town| &town.name))),
            ("year", self.horizon()),
        ];
        let key = match (paths.len(), self.results.towns.len()) {
            (1, 1) => "page.question_one",
            (1, _) => "page.question_one_future",
            (_, 1) => "page.question_one_town",
            _ => "page.question",
        };
        self.text.fill(key, &values)
    }

    /// Who leads at the horizon: towns by futures.
    fn leaders(&self) -> Markup {
        let paths = self.results.towns.first().map_or(&[][..], |town| &town.scenarios);
        let mut header = vec![self.get("table.town").to_owned()];
        header.extend(paths.iter().map(|s| self.text.name(&s.name).to_owned()));
        let rows = self.results.towns.iter().map(|town| {
            let link = html! { a href={ "#town-" (town.id) } { (self.text.name(&town.name)) } };
            let cells = town.scenarios.iter().filter_map(|s| s.years.last()).map(|year| {
                let (names, share) = leading(self.results, year, self.text);
                cell(&format!("{names} {}", percent(self.text, share)))
            });
            TableRow::plain(std::iter::once(link).chain(cells).collect())
        });
        let caption = self.text.fill("report.region", &[("year", &self.horizon())]);
        table(&caption, &header, &rows.collect::<Vec<_>>())
    }
}
