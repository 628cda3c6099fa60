//! Conditions that runs keep: limits.csv.

use super::super::toml_reader::{check_names, parse_formula};
use super::super::{Limit, LimitSpan};
use super::loader::Loader;
use crate::formula::Formula;

/// The file, which a case need not have.
const FILE: &str = "limits.csv";

/// Reads the limits in order of id; none where the case has no such file.
pub(super) fn read(loader: &mut Loader<'_>, drivers: &[String], persons: &[String]) -> Vec<Limit> {
    if !loader.source.files.contains_key(FILE) {
        return Vec::new();
    }
    let columns = ["limit", "condition", "span", "most", "basis"];
    let table = loader.csv(FILE, &["limit"], &columns);
    // Names cannot be said to be unknown where those that are known were lost.
    let lost = !loader.broken.0.is_empty() && (drivers.is_empty() || persons.is_empty());
    let faults = &mut loader.faults;
    let names: Vec<String> = drivers
        .iter()
        .cloned()
        .chain(drivers.iter().map(|d| format!("base.{d}")))
        .chain(persons.iter().cloned())
        .chain(["population".to_owned()])
        .collect();
    let spans = [("run", LimitSpan::Run), ("long_run", LimitSpan::LongRun)];
    let mut limits = Vec::new();
    for row in table.iter() {
        let condition = parse_formula(FILE, &row.place("condition"), row.text("condition"), faults);
        if row.text("condition").is_empty() {
            row.refuse("condition", "a formula such as unemployment <= 60", faults);
        }
        let condition = condition.unwrap_or_else(|| Formula::constant(1.0));
        if !lost {
            check_names(FILE, &row.place("condition"), &condition, &names, faults);
        }
        limits.push(Limit {
            id: row.new_id("limit", faults),
            condition,
            span: row.choice("span", &spans, faults),
            most: row.number("most", 0.0, 100.0, faults),
            basis: row.text("basis").to_owned(),
        });
    }
    limits.sort_by(|a, b| a.id.cmp(&b.id));
    limits
}
