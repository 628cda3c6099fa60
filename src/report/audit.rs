//! The audit as text: findings grouped by kind, CSV, JSON.

use serde::Serialize;

pub(crate) mod words;

use words::Words;

use super::assessment::{Format, csv};
use crate::assess::{Effect, Finding, Kind};
use crate::case::Case;
use crate::text::{Language, Text};

/// Writes the findings of an audit.
///
/// CSV and JSON have one record for each finding: kind, town, item, stated, stated_at, other, other_at,
/// class_change (`TDzhia: average -> above average`), votes_change (`0/3/4/4 -> 0/2/5/5`), lead_change, note.
/// A change is what happens when the other side replaces the stated one; empty means no change.
/// Files are in English, with ids for towns, classes and scenarios.
pub fn render(case: &Case, findings: &[Finding], format: Format, text: &Text) -> String {
    let english = Text::of(Language::En);
    let ids = Words { case, text: &english, ids: true };
    let records = findings.iter().map(|finding| Record::of(finding, &ids));
    match format {
        Format::Table => list(findings, &Words { case, text, ids: false }),
        Format::Csv => csv(&HEADER, records.map(Record::cells)),
        Format::Json => {
            let records: Vec<Record> = records.collect();
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
    fn of(finding: &Finding, words: &Words<'_>) -> Self {
        Self {
            kind: finding.kind.id(),
            town: finding.town.clone(),
            item: finding.item.clone(),
            stated: words.say(&finding.stated),
            stated_at: words.say(&finding.stated_at),
            other: words.say(&finding.other),
            other_at: words.say(&finding.other_at),
            class_change: class_change(&finding.effect, words),
            votes_change: votes_change(&finding.effect),
            lead_change: lead_change(&finding.effect, words),
            note: words.notes(finding),
        }
    }

    fn cells(self) -> Vec<String> {
        let Self { kind, town, item, stated, stated_at, other, other_at, .. } = self;
        let head = [kind.to_owned(), town, item, stated, stated_at, other, other_at];
        head.into_iter().chain([self.class_change, self.votes_change, self.lead_change, self.note]).collect()
    }
}

fn class_change(effect: &Effect, words: &Words<'_>) -> String {
    let change = effect.classes.iter();
    let change =
        change.map(|c| format!("{}: {} -> {}", c.composite, words.class(&c.from), words.class(&c.to)));
    change.collect::<Vec<_>>().join("; ")
}

fn votes_change(effect: &Effect) -> String {
    let join = |votes: &[u32]| votes.iter().map(u32::to_string).collect::<Vec<_>>().join("/");
    effect.votes.as_ref().map_or_else(String::new, |(a, b)| format!("{} -> {}", join(a), join(b)))
}

fn lead_change(effect: &Effect, words: &Words<'_>) -> String {
    let join = |ids: &[String]| ids.iter().map(|id| words.scenario(id)).collect::<Vec<_>>().join(" + ");
    effect.lead.as_ref().map_or_else(String::new, |(a, b)| format!("{} -> {}", join(a), join(b)))
}

/// Findings grouped by kind.
fn list(findings: &[Finding], words: &Words<'_>) -> String {
    let text = words.text;
    let count =
        |holds: &dyn Fn(&Effect) -> bool| findings.iter().filter(|f| holds(&f.effect)).count().to_string();
    let (all, classes) = (findings.len().to_string(), count(&|effect| !effect.classes.is_empty()));
    let (votes, leads) = (count(&|effect| effect.votes.is_some()), count(&|effect| effect.lead.is_some()));
    let values = [
        ("count", all.as_str()),
        ("classes", classes.as_str()),
        ("votes", votes.as_str()),
        ("leads", leads.as_str()),
    ];
    let mut lines = vec![text.fill("audit.title", &values)];
    let mut kind: Option<Kind> = None;
    for finding in findings {
        if kind != Some(finding.kind) {
            kind = Some(finding.kind);
            lines.extend([String::new(), text.get(heading(finding.kind)).to_owned()]);
        }
        let values = [
            ("town", words.town(&finding.town)),
            ("item", words.item(finding)),
            ("stated", words.say(&finding.stated)),
            ("stated_at", words.say(&finding.stated_at)),
            ("other", words.say(&finding.other)),
            ("other_at", words.say(&finding.other_at)),
        ];
        lines.push(format!("  {}", text.fill("audit.line", &values)));
        if !finding.notes.is_empty() {
            lines.push(format!("      {}", words.notes(finding)));
        }
        lines.extend(changes(&finding.effect, words).into_iter().map(|change| format!("      {change}")));
    }
    lines.join("\n") + "\n"
}

/// What the other side of a finding would change: class, votes, lead, a line each.
pub(crate) fn changes(effect: &Effect, words: &Words<'_>) -> Vec<String> {
    let changes = [
        ("audit.changes_class", class_change(effect, words)),
        ("audit.changes_votes", votes_change(effect)),
        ("audit.changes_lead", lead_change(effect, words)),
    ];
    let changes = changes.into_iter().filter(|(_, change)| !change.is_empty());
    changes.map(|(key, change)| format!("{}: {change}", words.text.get(key))).collect()
}

/// Key of the heading over the findings of a kind.
pub(crate) fn heading(kind: Kind) -> &'static str {
    match kind {
        Kind::Votes => "audit.votes",
        Kind::Recommendation => "audit.recommendation",
        Kind::Class => "audit.class",
        Kind::StatedTwice => "audit.stated_twice",
        Kind::Composite => "audit.composite",
        Kind::Formula => "audit.formula",
        Kind::TenfoldSlip => "audit.tenfold_slip",
        Kind::Fraction => "audit.fraction",
        Kind::Rounding => "audit.rounding",
        Kind::RepeatedCount => "audit.repeated_count",
        Kind::ImpliedTotal => "audit.implied_total",
        Kind::Orientation => "audit.orientation",
        Kind::Identity => "audit.identity",
        Kind::Sign => "audit.sign",
        Kind::Growth => "audit.growth",
        Kind::Sentence => "audit.sentence",
        Kind::Break => "audit.break_in_series",
        Kind::Scale => "audit.scale",
        Kind::Symbol => "audit.symbol",
        Kind::Definition => "audit.definition",
    }
}
