//! Who may lead today, as bars: a panel a town, a bar for each thing that is drawn.

use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, VPos};

use super::{ChoicePicture, caption, town_name};
use crate::case::Case;
use crate::experiment::choice::{Acceptability, Group};
use crate::plot::canvas::{Canvas, put, write};
use crate::plot::font::text_width;
use crate::plot::key::{KeyEntry, Mark};
use crate::plot::lines::cut;
use crate::plot::palette::{INK, ink_on, scenario_colour};
use crate::plot::sheet::{Frame, SHEET, share_out, sheet};
use crate::plot::table::Table;
use crate::plot::theme::{CAPTION, HEADING, LABEL, MARGIN, WIDTH};
use crate::text::Text;

/// Panels side by side; the room between them; the names of what is drawn.
const COLUMNS: usize = 2;
const GAP: i32 = 50;
const NAMES: i32 = 190;
/// Distance of bars, their height, the head of a panel and the room below it.
const STEP: i32 = 32;
const BAR: i32 = 25;
const HEAD: i32 = 40;
const FOOT: i32 = 26;
/// A choice this probable is called sure.
const SURE: f64 = 0.9;

/// Probability that each scenario leads today, a panel a town; of many towns several sheets.
pub fn acceptability(case: &Case, all: &[Acceptability], seed: u64, text: &Text) -> Vec<ChoicePicture> {
    let towns: Vec<&[Acceptability]> = all.chunk_by(|a, b| a.town == b.town).collect();
    if towns.is_empty() {
        return Vec::new();
    }
    let height = |row: &[&[Acceptability]]| {
        HEAD + FOOT + STEP * row.iter().map(|town| town.len()).max().unwrap_or(0) as i32
    };
    let rows: Vec<&[&[Acceptability]]> = towns.chunks(COLUMNS).collect();
    let heights: Vec<i32> = rows.iter().map(|row| height(row)).collect();
    let frame = frame(case, &towns, seed, text);
    let sheets = share_out(&heights, SHEET);
    let draw = |(number, range): (usize, std::ops::Range<usize>)| {
        let total: i32 = heights[range.clone()].iter().sum();
        let picture = sheet(total, &frame, |canvas| {
            let mut top = 0;
            for k in range.clone() {
                for (column, town) in rows[k].iter().enumerate() {
                    let each = (WIDTH as i32 - 2 * MARGIN - GAP * (COLUMNS as i32 - 1)) / COLUMNS as i32;
                    let left = MARGIN + column as i32 * (each + GAP);
                    panel(case, canvas, town, (left, top, left + each), text);
                }
                top += heights[k];
            }
        });
        let name =
            if number == 0 { "acceptability".to_owned() } else { format!("acceptability-{}", number + 1) };
        let shown: Vec<&Acceptability> =
            rows[range].iter().flat_map(|r| r.iter().flat_map(|t| t.iter())).collect();
        ChoicePicture::new(name, &frame, picture, table(case, &shown, text))
    };
    sheets.into_iter().enumerate().map(draw).collect()
}

fn frame(case: &Case, towns: &[&[Acceptability]], seed: u64, text: &Text) -> Frame {
    let of_all = |town: &&&[Acceptability]| {
        let all = town.iter().find(|a| a.group.is_none());
        all.is_some_and(|a| a.scenarios.iter().any(|s| s.probability >= SURE))
    };
    let sure = towns.iter().filter(of_all).count();
    let title_key = if sure == 0 { "plot.acceptability_none" } else { "plot.acceptability" };
    let draws = towns[0][0].draws;
    let key = |(s, scenario): (usize, &crate::case::Scenario)| KeyEntry {
        label: text.name(&scenario.name).to_owned(),
        mark: Mark::Patch(scenario_colour(s)),
    };
    Frame {
        title: text.fill(title_key, &[("sure", sure.to_string()), ("towns", towns.len().to_string())]),
        note: text.fill("plot.acceptability_note", &[("draws", text.number(draws as f64, 0))]),
        key: case.scenarios.iter().enumerate().map(key).collect(),
        caption: caption(case, seed, text),
    }
}

fn group_name(group: Option<Group>, text: &Text) -> String {
    text.get(&format!("choice.{}", group.map_or("all", Group::id))).to_owned()
}

fn panel(
    case: &Case,
    canvas: &Canvas<'_>,
    town: &[Acceptability],
    (left, top, right): (i32, i32, i32),
    text: &Text,
) {
    let name = cut(town_name(case, &town[0].town, text), HEADING, f64::from(right - left));
    write(canvas, &name, (left, top), HEADING, INK, (HPos::Left, VPos::Top));
    for (k, a) in town.iter().enumerate() {
        let y = top + HEAD + STEP * k as i32;
        let middle = y + BAR / 2;
        let label = cut(&group_name(a.group, text), LABEL, f64::from(NAMES - 12));
        write(canvas, &label, (left, middle), LABEL, INK, (HPos::Left, VPos::Center));
        let (start, room) = (left + NAMES, f64::from(right - left - NAMES));
        let mut sum = 0.0;
        for (s, of) in a.scenarios.iter().enumerate() {
            let place = |x: f64| start + (x * room).round() as i32;
            let (from, to) = (place(sum), place(sum + of.probability));
            sum += of.probability;
            if to > from {
                let colour = scenario_colour(s);
                put(canvas, &Rectangle::new([(from, y), (to, y + BAR)], colour.filled()));
                let said = text.share_short(of.probability, (of.low, of.high));
                if text_width(&said, CAPTION) + 8.0 < f64::from(to - from) {
                    let at = (i32::midpoint(from, to), middle);
                    write(canvas, &said, at, CAPTION, ink_on(colour), (HPos::Center, VPos::Center));
                }
            }
        }
    }
}

fn table(case: &Case, all: &[&Acceptability], text: &Text) -> Table {
    let heads = [text.get("table.town"), text.get("plot.choice_drawn")].map(str::to_owned);
    let scenarios = case.scenarios.iter().map(|s| text.name(&s.name).to_owned());
    let mut table = Table::new(heads.into_iter().chain(scenarios));
    for a in all {
        let shares = a.scenarios.iter().map(|s| text.share(s.probability, (s.low, s.high)));
        let heads = [town_name(case, &a.town, text).to_owned(), group_name(a.group, text)];
        table.row(heads.into_iter().chain(shares));
    }
    table
}
