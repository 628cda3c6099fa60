//! What decides the choice of a town: first-order and total indices with their intervals, the largest first.

use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, VPos};

use super::{ChoicePicture, caption, town_name};
use crate::case::Case;
use crate::experiment::choice::{DecidingIndices, Group, Output};
use crate::explore::Interval;
use crate::plot::canvas::{Canvas, put, write};
use crate::plot::key::{KeyEntry, Mark};
use crate::plot::lines::cut;
use crate::plot::palette::{GRID, INK, MUTED, WALK, tint};
use crate::plot::sheet::{Frame, sheet};
use crate::plot::table::Table;
use crate::plot::theme::{CAPTION, HEADING, LABEL, MARGIN, WIDTH};
use crate::text::Text;

/// Panels side by side; the room between them; the names of factors; the numbers.
const COLUMNS: usize = 2;
const GAP: i32 = 50;
const NAMES: i32 = 200;
const NUMBERS: i32 = 120;
/// Distance of bars, their height, the head of a panel and the room below it.
const STEP: i32 = 34;
const BAR: i32 = 24;
const HEAD: i32 = 44;
const FOOT: i32 = 40;
/// Factors that are shown of many.
const SHOWN: usize = 12;

/// A picture for each town: a panel for each output that varies.
pub fn indices(case: &Case, all: &[DecidingIndices], seed: u64, text: &Text) -> Vec<ChoicePicture> {
    let varies = |found: &&DecidingIndices| found.indices.total.iter().any(|i| i.value > 0.0);
    let towns = all.chunk_by(|a, b| a.town == b.town);
    let picture = |of: &[DecidingIndices]| {
        let shown: Vec<&DecidingIndices> = of.iter().filter(varies).collect();
        (!shown.is_empty()).then(|| picture(case, &shown, seed, text))
    };
    towns.filter_map(picture).collect()
}

/// Places of the factors of an output, the largest total index first.
fn order(found: &DecidingIndices) -> Vec<usize> {
    let mut order: Vec<usize> = (0..found.names.len()).collect();
    order.sort_by(|a, b| found.indices.total[*b].value.total_cmp(&found.indices.total[*a].value));
    order.truncate(SHOWN);
    order
}

/// Groups have names for people, factors their own.
fn factor_name(name: &str, text: &Text) -> String {
    if Group::ALL.iter().any(|g| g.id() == name) {
        text.get(&format!("choice.{name}")).to_owned()
    } else {
        name.split_once('.').map_or(name, |(_, own)| own).to_owned()
    }
}

fn picture(case: &Case, shown: &[&DecidingIndices], seed: u64, text: &Text) -> ChoicePicture {
    let town = &shown[0].town;
    let margin = shown.iter().find(|f| f.output == Output::Margin).unwrap_or(&shown[0]);
    let first = order(margin).first().map_or("", |k| margin.names[*k].as_str());
    let values = [("town", town_name(case, town, text).to_owned()), ("factor", factor_name(first, text))];
    let key = |key: &str, mark: Mark| KeyEntry { label: text.get(key).to_owned(), mark };
    let frame = Frame {
        title: text.fill("plot.indices", &values),
        note: text.get("plot.indices_note").to_owned(),
        key: vec![
            key("plot.indices_total", Mark::Patch(tint(WALK, 0.35))),
            key("plot.indices_first", Mark::Patch(WALK)),
            key("plot.indices_interval", Mark::Line(INK)),
        ],
        caption: caption(case, seed, text),
    };
    let height = |row: &[&DecidingIndices]| {
        HEAD + FOOT + STEP * row.iter().map(|f| order(f).len()).max().unwrap_or(0) as i32
    };
    let total: i32 = shown.chunks(COLUMNS).map(height).sum();
    let drawn = sheet(total, &frame, |canvas| {
        let mut top = 0;
        for row in shown.chunks(COLUMNS) {
            for (column, found) in row.iter().enumerate() {
                let each = (WIDTH as i32 - 2 * MARGIN - GAP * (COLUMNS as i32 - 1)) / COLUMNS as i32;
                let left = MARGIN + column as i32 * (each + GAP);
                panel(case, canvas, found, (left, top, left + each), text);
            }
            top += height(row);
        }
    });
    ChoicePicture::new(format!("indices-{town}"), &frame, drawn, table(case, shown, text))
}

fn output_name(case: &Case, output: Output, text: &Text) -> String {
    match output {
        Output::Leads(s) => {
            text.fill("plot.indices_leads", &[("scenario", text.name(&case.scenarios[s].name))])
        }
        Output::Margin => text.get("plot.indices_margin").to_owned(),
    }
}

fn panel(
    case: &Case,
    canvas: &Canvas<'_>,
    found: &DecidingIndices,
    (left, top, right): (i32, i32, i32),
    text: &Text,
) {
    let name = cut(&output_name(case, found.output, text), HEADING, f64::from(right - left));
    write(canvas, &name, (left, top), HEADING, INK, (HPos::Left, VPos::Top));
    let (start, end) = (left + NAMES, right - NUMBERS);
    let place = |x: f64| start + (x.clamp(0.0, 1.0) * f64::from(end - start)).round() as i32;
    let order = order(found);
    let bottom = top + HEAD + STEP * order.len() as i32;
    for tick in [0.0, 0.5, 1.0] {
        let x = place(tick);
        put(canvas, &PathElement::new(vec![(x, top + HEAD - 6), (x, bottom)], GRID.stroke_width(1)));
        write(canvas, &text.number(tick, 1), (x, bottom + 4), CAPTION, MUTED, (HPos::Center, VPos::Top));
    }
    for (k, factor) in order.iter().enumerate() {
        let y = top + HEAD + STEP * k as i32;
        let middle = y + BAR / 2;
        let label = cut(&factor_name(&found.names[*factor], text), LABEL, f64::from(NAMES - 12));
        write(canvas, &label, (left, middle), LABEL, INK, (HPos::Left, VPos::Center));
        let (total, first) = (found.indices.total[*factor], found.indices.first[*factor]);
        let bar = |interval: Interval, from: i32, to: i32, colour: RGBColor| {
            let rect = [(start, y + from), (place(interval.value), y + to)];
            put(canvas, &Rectangle::new(rect, colour.filled()));
            let line = [place(interval.low), place(interval.high)].map(|x| (x, y + i32::midpoint(from, to)));
            put(canvas, &PathElement::new(line.to_vec(), INK.stroke_width(2)));
        };
        bar(total, 0, BAR / 2, tint(WALK, 0.35));
        bar(first, BAR / 2, BAR, WALK);
        let said = format!("{} / {}", text.number(total.value, 2), text.number(first.value, 2));
        write(canvas, &said, (right, middle), CAPTION, INK, (HPos::Right, VPos::Center));
    }
}

fn table(case: &Case, shown: &[&DecidingIndices], text: &Text) -> Table {
    let heads = ["plot.indices_of", "plot.choice_drawn", "plot.indices_first", "plot.indices_total"];
    let mut table = Table::new(heads.map(|key| text.get(key)));
    for found in shown {
        for k in order(found) {
            let cell = |i: Interval| {
                let ends = text.range(&text.number(i.low, 2), &text.number(i.high, 2));
                format!("{} ({ends})", text.number(i.value, 2))
            };
            table.row([
                output_name(case, found.output, text),
                factor_name(&found.names[k], text),
                cell(found.indices.first[k]),
                cell(found.indices.total[k]),
            ]);
        }
    }
    table
}
