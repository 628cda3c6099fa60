//! Towns ranked by resilience: how likely each never meets the conditions of the last resort.

use std::ops::Range;

use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, VPos};

use crate::analyse::{Ranked, ranking};
use crate::plot::canvas::{put, write, write_lines};
use crate::plot::context::Context;
use crate::plot::figure::Figure;
use crate::plot::font::Type;
use crate::plot::kind::FigureKind;
use crate::plot::lines::{name_in, wrap};
use crate::plot::palette::{GRID, INK, MUTED, scenario_colour};
use crate::plot::panel::Panel;
use crate::plot::ranges::ends;
use crate::plot::sheet::{Frame, SHEET, share_out, sheet};
use crate::plot::table::Table;
use crate::plot::theme::{HEADING, LABEL, MARGIN, STRONG, WIDTH, height_of};
use crate::plot::ticks::ticks;

/// Least height of a row.
const ROW: i32 = 52;
const TOP: i32 = 20;
const BELOW: i32 = 34;
/// Room left for ranks and for towns, right for the number by which they are ranked.
const RANKS: i32 = 86;
const NAMES: i32 = 300;
const VALUES: i32 = 320;
/// Towns that a title names; of more it says how many.
const NAMED: usize = 3;

/// A row a town, a dot a scenario; none where the method names no last resort.
pub(super) fn draw(context: &Context<'_>) -> Vec<Figure> {
    let ranked = ranking(context.results);
    let Some(outcome) = context.results.last_resort.filter(|_| !ranked.is_empty()) else { return Vec::new() };
    let lowest = ranked.iter().map(|r| 100.0 * r.least().value).fold(100.0, f64::min);
    let x = ((lowest - 2.0).clamp(0.0, 98.0), 100.0);
    let rows: Vec<TownRow<'_>> = ranked.iter().map(|ranked| TownRow::new(context, ranked)).collect();
    let heights: Vec<i32> = rows.iter().map(TownRow::height).collect();
    let sheets = share_out(&heights, SHEET);
    let draw = |(k, on_sheet): (usize, &Range<usize>)| {
        let mut frame = frame(context, &ranked, outcome);
        context.sheet_of(&mut frame, (k, sheets.len()));
        let rows = &rows[on_sheet.clone()];
        let foot = TOP + heights[on_sheet.clone()].iter().sum::<i32>();
        let picture = sheet(foot + BELOW, &frame, |canvas| {
            let rect = [MARGIN + RANKS + NAMES, TOP, WIDTH as i32 - MARGIN - VALUES, foot];
            let panel = Panel::new(canvas, rect, x, (0.0, 1.0));
            axis(context, &panel);
            let mut y = TOP;
            for row in rows {
                row.draw(context, &panel, y + row.height() / 2);
                y += row.height();
            }
        });
        let table = table(context, &ranked[on_sheet.clone()]);
        context.figure(FigureKind::Resilience, None, frame, picture, table).on_sheet(k)
    };
    sheets.iter().enumerate().map(draw).collect()
}

fn frame(context: &Context<'_>, ranked: &[Ranked], outcome: usize) -> Frame {
    let (results, text) = (context.results, context.text);
    let (region, year) = (text.name(&results.setup.region), context.horizon().to_string());
    let outcome = text.quoted(text.name(&results.first_passages[outcome].1));
    let finding = finding(context, ranked);
    Frame {
        title: text.fill("plot.resilience", &[("region", region), ("year", &year), ("finding", &finding)]),
        note: text.fill("plot.resilience_note", &[("outcome", outcome.as_str()), ("year", &year)]),
        key: context.scenario_key(),
        caption: context.region_caption(),
    }
}

/// Shares below the rows, with a line up from each.
fn axis(context: &Context<'_>, panel: &Panel<'_, '_>) {
    let (values, decimals) = ticks(panel.x.0, panel.x.1);
    for value in values {
        panel.line(&[(value, 0.0), (value, 1.0)], GRID, 1);
        let label = context.text.percent_of(&context.text.number(value, decimals));
        let at = (panel.at(value, 0.0).0, panel.rect[3] + 10);
        write(panel.canvas, &label, at, LABEL, INK, (HPos::Center, VPos::Top));
    }
}

/// `1`, or `2–3` where towns share ranks.
fn rank(ranked: &Ranked) -> String {
    let (first, last) = ranked.ranks;
    if first == last { first.to_string() } else { format!("{first}–{last}") }
}

/// A town with its name and its worst scenario laid out: the row is as high as they are.
struct TownRow<'a> {
    ranked: &'a Ranked,
    name: (Vec<String>, Type),
    under: Vec<String>,
}

impl<'a> TownRow<'a> {
    fn new(context: &Context<'_>, ranked: &'a Ranked) -> Self {
        let text = context.text;
        let town = &context.results.towns[ranked.town];
        let worst = &town.scenarios[ranked.worst];
        let under = text.fill("plot.under", &[("scenario", text.name(&worst.name))]);
        Self {
            ranked,
            name: name_in(text.name(&town.name), f64::from(NAMES - 24)),
            under: wrap(&under, LABEL, f64::from(VALUES - 30)),
        }
    }

    fn height(&self) -> i32 {
        let name = height_of(self.name.0.len(), self.name.1);
        let value = height_of(1, STRONG) + height_of(self.under.len(), LABEL);
        ROW.max(name + 12).max(value + 12)
    }

    fn draw(&self, context: &Context<'_>, panel: &Panel<'_, '_>, y: i32) {
        let (text, canvas, ranked) = (context.text, panel.canvas, self.ranked);
        let town = &context.results.towns[ranked.town];
        write(canvas, &rank(ranked), (MARGIN + RANKS - 16, y), HEADING, INK, (HPos::Right, VPos::Center));
        let (name, size) = &self.name;
        let top = y - height_of(name.len(), *size) / 2 + (height_of(1, *size) - size.px as i32) / 2 + 3;
        write_lines(canvas, name, (MARGIN + RANKS, top), *size, INK, HPos::Left);
        let place = |value: f64| panel.at(100.0 * value, 0.0).0;
        let (low, high) = ends(ranked.never.iter().map(|e| e.value));
        let span = PathElement::new(vec![(place(low), y), (place(high), y)], MUTED.stroke_width(2));
        put(canvas, &span);
        // The worst last, so that it lies on top: it is what the town is ranked by.
        let mut order: Vec<usize> = (0..ranked.never.len()).filter(|s| *s != ranked.worst).collect();
        order.push(ranked.worst);
        for s in order {
            let radius = if s == ranked.worst { 10 } else { 7 };
            let colour = scenario_colour(context.candidate(&town.scenarios[s]));
            let at = (place(ranked.never[s].value), y);
            put(canvas, &Circle::new(at, radius + 2, WHITE.filled()));
            put(canvas, &Circle::new(at, radius, colour.filled()));
        }
        let least = ranked.least();
        let share = least.percent(text);
        let (left, top) = (
            panel.rect[2] + 26,
            y - i32::midpoint(height_of(1, STRONG), height_of(self.under.len(), LABEL)) + 3,
        );
        write(canvas, &share, (left, top), STRONG, INK, (HPos::Left, VPos::Top));
        let colour = scenario_colour(context.candidate(&town.scenarios[ranked.worst]));
        write_lines(canvas, &self.under, (left, top + height_of(1, STRONG)), LABEL, colour, HPos::Left);
    }
}

/// Who stands first and who last, as far as the runs tell; of many that share a rank how many they are.
fn finding(context: &Context<'_>, ranked: &[Ranked]) -> String {
    let (text, towns) = (context.text, &context.results.towns);
    let group = |ranks: (usize, usize)| ranked.iter().filter(move |r| r.ranks == ranks);
    let (first, last) = (ranked[0].ranks, ranked[ranked.len() - 1].ranks);
    if group(first).count() == ranked.len() {
        return text.get("plot.resilience_open").to_owned();
    }
    let said = |ranks: (usize, usize)| {
        let names: Vec<String> = group(ranks).map(|r| text.name(&towns[r.town].name).to_owned()).collect();
        if names.len() <= NAMED {
            return text.list(&names);
        }
        let values = [("count", names.len().to_string()), ("all", ranked.len().to_string())];
        text.fill("plot.resilience_many", &values)
    };
    text.fill("plot.resilience_finding", &[("first", said(first)), ("last", said(last))])
}

/// A row a town and scenario.
fn table(context: &Context<'_>, ranked: &[Ranked]) -> Table {
    let text = context.text;
    let headers = ["table.rank", "table.town", "table.path", "table.never"];
    let mut table = Table::new(headers.map(|key| text.get(key)));
    for r in ranked {
        let town = &context.results.towns[r.town];
        for (scenario, never) in town.scenarios.iter().zip(&r.never) {
            table.row([
                rank(r),
                text.name(&town.name).to_owned(),
                text.name(&scenario.name).to_owned(),
                never.percent(text),
            ]);
        }
    }
    table
}
