//! The audit's findings as a list, as CSV or as JSON.

use std::fmt::Write as _;

use serde::Serialize;

use super::assessment::Format;
use crate::assess::Finding;
use crate::text::Text;

#[derive(Serialize)]
struct Record<'a> {
    kind: &'a str,
    town: &'a str,
    item: &'a str,
    stated: &'a str,
    stated_at: &'a str,
    other: &'a str,
    other_at: &'a str,
    class_changes: bool,
    votes_change: bool,
    lead_changes: bool,
    effect: &'a str,
}

impl<'a> Record<'a> {
    fn of(f: &'a Finding) -> Self {
        Self {
            kind: f.kind.id(),
            town: &f.town,
            item: &f.item,
            stated: &f.stated,
            stated_at: &f.stated_at,
            other: &f.other,
            other_at: &f.other_at,
            class_changes: f.effect.class,
            votes_change: f.effect.votes,
            lead_changes: f.effect.lead,
            effect: &f.effect.text,
        }
    }
}

/// Writes the findings.
pub fn render(findings: &[Finding], format: Format, text: &Text) -> String {
    let records: Vec<Record<'_>> = findings.iter().map(Record::of).collect();
    match format {
        Format::Table => list(findings, text),
        Format::Csv => {
            let mut writer = csv::Writer::from_writer(Vec::new());
            // Writing plain strings into memory cannot fail.
            records.iter().for_each(|r| drop(writer.serialize(r)));
            String::from_utf8(writer.into_inner().unwrap_or_default()).unwrap_or_default()
        }
        Format::Json => serde_json::to_string_pretty(&records).unwrap_or_default() + "\n",
    }
}

fn list(findings: &[Finding], text: &Text) -> String {
    let count = |keep: &dyn Fn(&Finding) -> bool| findings.iter().filter(|f| keep(f)).count().to_string();
    let (all, classes, leads) = (count(&|_| true), count(&|f| f.effect.class), count(&|f| f.effect.lead));
    let values = [("count", all.as_str()), ("changes", &classes), ("leads", &leads)];
    let mut out = format!("{}\n", text.fill("audit.title", &values));
    let mut kind = None;
    for f in findings {
        if kind != Some(f.kind) {
            let _ = writeln!(out, "\n{}", f.kind.id());
            kind = Some(f.kind);
        }
        let _ = writeln!(out, "  {} {}", f.town, f.item);
        let _ = writeln!(out, "    {}: {} ({})", text.get("audit.stated"), f.stated, f.stated_at);
        let _ = writeln!(out, "    {}: {} ({})", text.get("audit.other"), f.other, f.other_at);
        let _ = writeln!(out, "    {}: {}", text.get("audit.effect"), f.effect.text);
    }
    out
}
