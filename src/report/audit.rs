//! The audit as text: findings grouped by kind, CSV, JSON.

use serde::Serialize;

use super::assessment::Format;
use super::layout::csv;
use crate::assess::{Effect, Finding, Kind};

/// Writes the findings of an audit.
///
/// CSV and JSON have one record for each finding: kind, town, item, stated, stated_at, other, other_at,
/// class_change (`TDzhia: average -> above average`), votes_change (`0/3/4/4 -> 0/2/5/5`), lead_change, note.
/// A change is what happens when the other side replaces the stated one; empty means no change.
pub fn render_audit(findings: &[Finding], format: Format) -> String {
    match format {
        Format::Table => list(findings),
        Format::Csv => csv(&HEADER, findings.iter().map(|finding| Record::of(finding).cells())),
        Format::Json => {
            let records: Vec<Record> = findings.iter().map(Record::of).collect();
            // Records of text always have a JSON form.
            serde_json::to_string_pretty(&records).map_or_else(|_| String::new(), |text| text + "\n")
        }
    }
}

const HEADER: [&str; 11] = [
    "kind",
    "town",
    "item",
    "stated",
    "stated_at",
    "other",
    "other_at",
    "class_change",
    "votes_change",
    "lead_change",
    "note",
];

#[derive(Debug, Serialize)]
struct Record {
    kind: &'static str,
    town: String,
    item: String,
    stated: String,
    stated_at: String,
    other: String,
    other_at: String,
    class_change: String,
    votes_change: String,
    lead_change: String,
    note: String,
}

impl Record {
    fn of(finding: &Finding) -> Self {
        Self {
            kind: finding.kind.name(),
            town: finding.town.clone(),
            item: finding.item.clone(),
            stated: finding.stated.clone(),
            stated_at: finding.stated_at.clone(),
            other: finding.other.clone(),
            other_at: finding.other_at.clone(),
            class_change: class_change(&finding.effect),
            votes_change: votes_change(&finding.effect),
            lead_change: lead_change(&finding.effect),
            note: finding.note.clone(),
        }
    }

    fn cells(self) -> Vec<String> {
        let Self { kind, town, item, stated, stated_at, other, other_at, .. } = self;
        let head = [kind.to_owned(), town, item, stated, stated_at, other, other_at];
        head.into_iter().chain([self.class_change, self.votes_change, self.lead_change, self.note]).collect()
    }
}

fn class_change(effect: &Effect) -> String {
    let change = effect.classes.iter().map(|c| format!("{}: {} -> {}", c.composite, c.from, c.to));
    change.collect::<Vec<_>>().join("; ")
}

fn votes_change(effect: &Effect) -> String {
    let join = |votes: &[u32]| votes.iter().map(u32::to_string).collect::<Vec<_>>().join("/");
    effect.votes.as_ref().map_or_else(String::new, |(a, b)| format!("{} -> {}", join(a), join(b)))
}

fn lead_change(effect: &Effect) -> String {
    effect.lead.as_ref().map_or_else(String::new, |(a, b)| format!("{} -> {}", a.join(" + "), b.join(" + ")))
}

/// Findings grouped by kind.
fn list(findings: &[Finding]) -> String {
    let moving = |changes: &dyn Fn(&Effect) -> bool| findings.iter().filter(|f| changes(&f.effect)).count();
    let mut lines = vec![format!(
        "{} findings; {} change a class, {} a vote, {} the leading scenarios",
        findings.len(),
        moving(&|effect| !effect.classes.is_empty()),
        moving(&|effect| effect.votes.is_some()),
        moving(&|effect| effect.lead.is_some())
    )];
    let mut kind: Option<Kind> = None;
    for finding in findings {
        if kind != Some(finding.kind) {
            kind = Some(finding.kind);
            lines.extend([String::new(), heading(finding.kind).to_owned()]);
        }
        let Finding { town, item, stated, stated_at, other, other_at, note, effect, .. } = finding;
        lines.push(format!("  {town} {item}: {stated} ({stated_at}) against {other} ({other_at})"));
        if !note.is_empty() {
            lines.push(format!("      {note}"));
        }
        let changes =
            [("class", class_change(effect)), ("votes", votes_change(effect)), ("lead", lead_change(effect))];
        let changes = changes.into_iter().filter(|(_, change)| !change.is_empty());
        lines.extend(changes.map(|(name, change)| format!("      changes {name}: {change}")));
    }
    lines.join("\n") + "\n"
}

/// What a group of findings has in common.
fn heading(kind: Kind) -> &'static str {
    match kind {
        Kind::Votes => "Votes: printed against counted by the matrix",
        Kind::Recommendation => "Recommendation: does not follow from the printed votes",
        Kind::Class => "Class: printed against the scale",
        Kind::StatedTwice => "Stated twice, differently",
        Kind::Composite => "Composite: printed against its formula",
        Kind::Formula => "Formula: what the printed formula gives",
        Kind::TenfoldSlip => "Tenfold slip: a decimal point lost or misplaced",
        Kind::Fraction => "Fraction: printed share against its fraction",
        Kind::Rounding => "Rounding: cut off or rounded away",
        Kind::RepeatedCount => "Repeated count: one number for two things",
        Kind::ImpliedTotal => "Implied total: the towns' shares imply different regional values",
        Kind::Orientation => "Orientation: town over region here, region over town elsewhere",
        Kind::Identity => "Identity: two tables do not fit together",
        Kind::Sign => "Sign: stated otherwise elsewhere",
        Kind::Growth => "Growth: printed against (last - first) / first",
        Kind::Break => "Break in a series: a jump that no other town has",
        Kind::Scale => "Scale: printed bounds of classes overlap",
        Kind::Symbol => "Symbol: one for two things",
        Kind::Definition => "Definition: that of another sub-indicator",
    }
}
