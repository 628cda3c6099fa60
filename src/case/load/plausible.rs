//! What may be meant but looks like a slip: plans of a size that nobody plans, levels in another unit, years in
//! units, files that nothing names.

use std::collections::BTreeSet;

use super::super::{Case, Notice, PlanKind};
use super::screen::median;
use crate::math;

/// Largest multiple (and 1 over it the smallest) that goes without saying.
const MULTIPLE: f64 = 20.0;
/// Largest addition that goes without saying.
const ADDITION: f64 = 100.0;
/// A level so many times that of the other towns, or that part of it, may be in another unit: in percent a
/// share (100, near in powers of ten), else thousands (1000).
const PERCENT_SLIP: (f64, f64) = (2.0, 0.35);
const UNIT_SLIP: (f64, f64) = (3.0, 0.5);

fn odd(
    file: &str,
    place: impl Into<String>,
    what: &'static str,
    values: Vec<(&'static str, String)>,
) -> Notice {
    Notice::Odd { file: file.to_owned(), place: place.into(), what, values }
}

/// Everything of that kind in a case; `read` are the files that it names.
pub(super) fn notices(case: &Case, read: &BTreeSet<String>) -> Vec<Notice> {
    let mut notices = Vec::new();
    note_files(case, read, &mut notices);
    note_plans(case, &mut notices);
    note_levels(case, &mut notices);
    note_units(case, &mut notices);
    note_events(case, &mut notices);
    note_panel(case, &mut notices);
    notices
}

fn note_files(case: &Case, read: &BTreeSet<String>, notices: &mut Vec<Notice>) {
    for file in case.files.iter().filter(|f| !read.contains(&f.name)) {
        notices.push(odd(&file.name, "", "notice.unread_file", Vec::new()));
    }
}

fn note_plans(case: &Case, notices: &mut Vec<Notice>) {
    for scenario in &case.scenarios {
        for (i, driver) in case.drivers.iter().enumerate() {
            let mut seen: Vec<f64> = Vec::new();
            for (town, plan) in case.towns.iter().zip(&scenario.plan) {
                let entry = &plan[i];
                let large = match entry.kind {
                    PlanKind::Add => entry.value.abs() > ADDITION,
                    PlanKind::Multiple | PlanKind::Odds => entry.shift.abs() > math::ln(MULTIPLE),
                };
                if !large || seen.contains(&entry.value) {
                    continue;
                }
                seen.push(entry.value);
                let key = match entry.kind {
                    PlanKind::Add => "add",
                    PlanKind::Multiple => "multiple",
                    PlanKind::Odds => "odds",
                };
                let values = vec![("value", entry.value.to_string()), ("town", town.id.clone())];
                let place = format!("plan.{}.{key}", driver.id);
                notices.push(odd(&format!("{}.toml", scenario.id), place, "notice.large_plan", values));
            }
        }
    }
    for index in case.region_indices.iter().filter(|r| r.shift.abs() > math::ln(MULTIPLE)) {
        let values = vec![("value", format!("{:.6}", math::exp(index.shift))), ("town", "region".to_owned())];
        notices.push(odd("region.csv", format!("{}, multiple", index.id), "notice.large_plan", values));
    }
}

/// Levels and percentages that are a power of ten off those of the other towns.
fn note_levels(case: &Case, notices: &mut Vec<Notice>) {
    let percent: BTreeSet<&str> =
        case.drivers.iter().filter(|d| d.unit == "percent").flat_map(|d| d.base.names()).collect();
    let levels: BTreeSet<&String> = case.towns.iter().flat_map(|t| t.levels.keys()).collect();
    for level in levels {
        let (power, near) = if percent.contains(level.as_str()) { PERCENT_SLIP } else { UNIT_SLIP };
        for town in &case.towns {
            let Some(value) = town.levels.get(level).filter(|v| **v > 0.0) else { continue };
            let others = case.towns.iter().filter(|t| t.id != town.id).filter_map(|t| t.levels.get(level));
            let others: Vec<f64> = others.copied().filter(|v| *v > 0.0).collect();
            let Some(usual) = Some(others).filter(|o| o.len() >= 2).and_then(median) else { continue };
            let off = (value / usual).log10();
            if (off.abs() - power).abs() <= near {
                let values = vec![("value", value.to_string()), ("median", usual.to_string())];
                let place = format!("{}, {level}", town.id);
                let key = if off < 0.0 { "notice.level_small" } else { "notice.level_large" };
                notices.push(odd("base_levels.csv", place, key, values));
            }
        }
    }
}

/// Years in units that are not the base year.
fn note_units(case: &Case, notices: &mut Vec<Notice>) {
    let base = case.base_year;
    let drivers = case.drivers.iter().map(|d| ("drivers.csv", format!("{}, unit", d.id), &d.unit));
    let symbols = case.method.sub_indicators.iter();
    let symbols = symbols.map(|s| ("method.toml", format!("sub_indicator.{}.unit", s.symbol), &s.unit));
    let all: Vec<(&str, String, &String)> = drivers.chain(symbols).collect();
    for (file, place, unit) in all {
        let words = unit.split(|c: char| !c.is_ascii_digit()).filter_map(|w| w.parse::<i32>().ok());
        if let Some(year) = words.into_iter().find(|y| (1900..2100).contains(y) && *y != base) {
            let values = vec![("unit", unit.clone()), ("year", year.to_string()), ("base", base.to_string())];
            notices.push(odd(file, place, "notice.unit_year", values));
        }
    }
}

/// Events that can never happen.
fn note_events(case: &Case, notices: &mut Vec<Notice>) {
    for event in &case.events {
        if event.probability.iter().all(|p| *p == 0.0) || !event.towns.contains(&true) {
            notices.push(odd("events.csv", event.id.clone(), "notice.never", Vec::new()));
        }
    }
}

/// Histories are told from the base year back: without it they are empty.
fn note_panel(case: &Case, notices: &mut Vec<Notice>) {
    let has_history = case.drivers.iter().any(|d| d.history.is_some());
    if has_history && !case.panel.iter().any(|v| v.year == case.base_year) {
        let last = case.panel.iter().map(|v| v.year).max().map_or_else(|| "-".to_owned(), |y| y.to_string());
        let values = vec![("base", case.base_year.to_string()), ("last", last)];
        notices.push(odd("panel.csv", "", "notice.panel_without_base", values));
    }
}
