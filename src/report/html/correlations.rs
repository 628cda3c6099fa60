//! How prices go together: as the case lists it, as the runs have it, as the history had it.

use maud::{Markup, html};

use super::Page;
use super::parts::{TableRow, cell, inline, table};

impl Page<'_> {
    /// Correlations of the yearly changes of prices, a row each pair.
    pub(super) fn price_correlations(&self) -> Markup {
        let header = ["table.commodity", "page.listed", "page.realised", "page.history"];
        let header = header.map(|key| self.get(key).to_owned());
        let name = |id: &str| {
            let known = self.case.commodities.iter().find(|c| c.id == id);
            known.map_or_else(|| id.to_owned(), |c| self.text.name(&c.name).to_owned())
        };
        let number = |x: f64| self.text.number(x, 2);
        let rows = self.results.prices.correlations.iter().map(|p| {
            let history = match (p.history, p.history_interval) {
                (Some(r), Some((low, high))) => {
                    format!("{} ({})", number(r), self.text.range(&number(low), &number(high)))
                }
                (Some(r), None) => number(r),
                _ => String::new(),
            };
            TableRow::plain(vec![
                cell(&format!("{}, {}", name(&p.a), name(&p.b))),
                cell(&number(p.listed)),
                cell(&p.realised.map_or_else(String::new, number)),
                cell(&history),
            ])
        });
        let rows: Vec<TableRow> = rows.collect();
        let years = self.results.prices.correlations.iter().map(|p| p.history_changes).max();
        let years = years.unwrap_or(0).to_string();
        html! {
            p { (inline(&self.text.fill("page.price_correlations_note", &[("years", &years)]))) }
            (table(self.get("page.price_correlations"), &header, &rows))
        }
    }
}
