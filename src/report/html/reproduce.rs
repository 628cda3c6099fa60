//! Assumptions, every one labelled, and how to make the result again.

use maud::{Markup, html};

use super::Page;
use super::parts::{TableRow, cell, original, table, unfold};
use crate::case::Assumption;

impl Page<'_> {
    /// Every assumption with its basis, a table for each file.
    pub(super) fn assumptions(&self) -> Markup {
        let count = self.case.assumptions.len().to_string();
        let mut files: Vec<(&str, Vec<&Assumption>)> = Vec::new();
        for assumption in &self.case.assumptions {
            match files.iter_mut().find(|(file, _)| *file == assumption.file) {
                Some((_, rows)) => rows.push(assumption),
                None => files.push((&assumption.file, vec![assumption])),
            }
        }
        let body = html! {
            p { (self.text.fill("assumptions.intro", &[("count", &count)])) }
            @for (file, assumptions) in &files {
                (unfold(&format!("{file}: {}", assumptions.len()), true, &self.of_file(file, assumptions)))
            }
        };
        Self::section("assumptions", self.get("assumptions.title"), &body)
    }

    fn of_file(&self, file: &str, assumptions: &[&Assumption]) -> Markup {
        let columns = ["assumptions.item", "assumptions.value", "assumptions.basis"];
        let header = columns.map(|key| self.get(key).to_owned());
        let rows = assumptions
            .iter()
            .map(|a| TableRow::plain(vec![html! { code { (a.item) } }, cell(&a.value), original(&a.basis)]));
        table(file, &header, &rows.collect::<Vec<_>>())
    }

    /// Command, seed, hashes.
    pub(super) fn reproduce(&self) -> Markup {
        let provenance = self.provenance;
        let values = [("version", provenance.version.as_str()), ("git", &provenance.git)];
        let header = ["reproduce.file", "reproduce.hash"].map(|key| self.get(key).to_owned());
        let rows = provenance.inputs.iter().map(|input| {
            TableRow::plain(vec![html! { code { (input.file) } }, html! { code.hash { (input.sha256) } }])
        });
        let setup = [
            ("page.seed", provenance.seed.to_string()),
            ("page.runs", self.text.number(provenance.runs as f64, 0)),
            ("page.version", provenance.version.clone()),
            ("page.commit", provenance.git.clone()),
        ];
        let body = html! {
            p { (self.text.fill("reproduce.intro", &values)) }
            pre tabindex="0" { code { (provenance.command) } }
            dl.facts {
                @for (key, value) in &setup { div { dt { (self.get(key)) } dd { (value) } } }
            }
            p { (self.get("reproduce.note")) }
            (table(self.get("page.hashes"), &header, &rows.collect::<Vec<_>>()))
        };
        Self::section("reproduce", self.get("reproduce.title"), &body)
    }
}
