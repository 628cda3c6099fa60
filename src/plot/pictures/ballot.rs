//! Votes: how many of the indices speak for each scenario, year by year, and which class of each index at the horizon
//! does so.

use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, VPos};

use crate::analyse::{Cell, Estimate, ScenarioResults, TownResults, likeliest_class};
use crate::plot::canvas::{Canvas, put, write, write_lines};
use crate::plot::context::Context;
use crate::plot::figure::Figure;
use crate::plot::font::text_width;
use crate::plot::headings::Headings;
use crate::plot::kind::FigureKind;
use crate::plot::labels::moved_apart;
use crate::plot::lines::{cut, wrap, wrap_at_most};
use crate::plot::palette::{INK, MUTED, class_colour, ink_on, scenario_colour};
use crate::plot::panel::{LEFT, Panel, RIGHT, place};
use crate::plot::sheet::{Frame, sheet};
use crate::plot::table::Table;
use crate::plot::theme::{CAPTION, LABEL, height_of};

const PANEL: i32 = 330;
/// Height of an index's row in the lower part.
const ROW: i32 = 62;
/// Room right of a panel's line for the last mean.
const VALUE: i32 = 40;

/// A column a path: mean votes by year above, the likeliest class of each index and whom it speaks for below.
pub(super) fn draw(context: &Context<'_>, town: &TownResults) -> Option<Figure> {
    let (results, text) = (context.results, context.text);
    if results.scaled.is_empty() {
        return None;
    }
    let (name, year) = (text.name(&town.name), context.horizon().to_string());
    let finding = finding(context, town);
    let count = results.scaled.len().to_string();
    let frame = Frame {
        title: text.fill("plot.votes", &[("town", name), ("year", &year), ("finding", &finding)]),
        note: text.fill("plot.votes_note", &[("count", count.as_str()), ("year", &year)]),
        key: context.scenario_key(),
        caption: context.caption(town),
    };
    let columns = town.scenarios.len();
    let headings = Headings::of_paths(context, context.paths(town));
    let top = headings.more();
    let below = top + PANEL + 14;
    let picture = sheet(below + ROW * results.scaled.len() as i32, &frame, |canvas| {
        for (column, scenario) in town.scenarios.iter().enumerate() {
            let outer = place(column, columns, top, PANEL);
            let inner = [outer[0], outer[1], outer[2] - VALUE, outer[3]];
            let panel = Panel::new(canvas, inner, context.span(), (0.0, results.scaled.len() as f64));
            headings.write(canvas, column, (outer[0], outer[1] - 2));
            draw_lines(context, &panel, scenario, column == 0);
            let Some(cell) = scenario.years.last() else { continue };
            for k in 0..results.scaled.len() {
                let row = below + ROW * k as i32;
                draw_class(context, canvas, cell, k, [outer[0], row, outer[2], row + ROW - 6]);
            }
        }
        sides(context, canvas, place(columns - 1, columns, top, PANEL), below);
    });
    Some(context.figure(FigureKind::Votes, Some(town), frame, picture, table(context, town)))
}

/// Beside the panels: what they are; symbol and name of each index beside its row.
fn sides(context: &Context<'_>, canvas: &Canvas<'_>, side: [i32; 4], below: i32) {
    let text = context.text;
    let room = f64::from(RIGHT) - 18.0;
    let said = wrap(text.get("plot.votes_axis"), LABEL, room);
    write_lines(canvas, &said, (side[2] + 12, side[1]), LABEL, INK, HPos::Left);
    for (k, composite) in context.results.scaled.iter().enumerate() {
        let top = below + ROW * k as i32;
        let at = (LEFT - 8, top + (ROW - 6) / 2);
        write(
            canvas,
            &cut(&composite.symbol, LABEL, f64::from(LEFT - 12)),
            at,
            LABEL,
            INK,
            (HPos::Right, VPos::Center),
        );
        let name = wrap_at_most(context.text.name(&composite.label), CAPTION, room, 3);
        write_lines(canvas, &name, (side[2] + 12, top + 2), CAPTION, MUTED, HPos::Left);
    }
}

/// Mean votes for each candidate, and the last of them beside the line.
fn draw_lines(context: &Context<'_>, panel: &Panel<'_, '_>, scenario: &ScenarioResults, labels: bool) {
    panel.axes(true, labels, context.text);
    let years = context.years();
    let candidates = 0..context.results.candidates.len();
    for s in candidates.clone() {
        let line: Vec<(f64, f64)> =
            years.iter().zip(&scenario.years).map(|(year, cell)| (*year, cell.votes[s].value)).collect();
        panel.line(&line, scenario_colour(s), 4);
    }
    let Some(cell) = scenario.years.last() else { return };
    let wishes: Vec<i32> = cell.votes.iter().map(|v| panel.at(panel.x.1, v.value).1).collect();
    let places = moved_apart(&wishes, 20, (panel.rect[1] + 8, panel.rect[3] - 8));
    for (s, y) in candidates.zip(places) {
        let value = context.text.number(cell.votes[s].value, 1);
        let at = (panel.rect[2] + 6, y);
        write(panel.canvas, &value, at, LABEL, scenario_colour(s), (HPos::Left, VPos::Center));
    }
}

/// The likeliest class on its colour with its share of runs, and a patch for each candidate that it speaks for.
fn draw_class(
    context: &Context<'_>,
    canvas: &Canvas<'_>,
    cell: &Cell,
    k: usize,
    [left, top, right, bottom]: [i32; 4],
) {
    let (class, share) = likeliest_class(cell, k);
    let scale = &context.results.scaled[k].classes[class];
    let colour = class_colour(scale.rank);
    let speaks = context.votes_of(k, class);
    // A column of many paths has less room for patches.
    let patches = if right - left > 240 { 84 } else { (right - left) / 3 };
    let rect = [(left, top), (right - patches, bottom)];
    put(canvas, &Rectangle::new(rect, colour.filled()));
    let said = format!("{} {}", context.text.name(&scale.name), share.percent_short(context.text));
    let room = f64::from(right - patches - left - 12);
    let size = if text_width(&said, LABEL) <= room { LABEL } else { CAPTION };
    let lines = wrap_at_most(&said, size, room, 2);
    let middle = i32::midpoint(top, bottom);
    let first = middle - height_of(lines.len(), size) / 2 + 3;
    write_lines(canvas, &lines, (left + 6, first), size, ink_on(colour), HPos::Left);
    // Room for four patches; more are narrower.
    let step = (patches - 8) / speaks.len().max(4) as i32;
    for (place, s) in speaks.iter().enumerate() {
        let x = right - patches + 6 + step * place as i32;
        let patch = Rectangle::new(
            [(x, middle - 8), (x + (step - 4).max(2), middle + 8)],
            scenario_colour(*s).filled(),
        );
        put(canvas, &patch);
    }
    if speaks.is_empty() {
        write(canvas, "–", (right - patches + 12, middle), LABEL, MUTED, (HPos::Left, VPos::Center));
    }
}

/// Who has most votes on average, under how many paths: only where the lead is beyond its error.
fn finding(context: &Context<'_>, town: &TownResults) -> String {
    let (results, text) = (context.results, context.text);
    let ahead = |cell: &Cell| -> Option<usize> {
        let mut order: Vec<usize> = (0..cell.votes.len()).collect();
        order.sort_by(|a, b| cell.votes[*b].value.total_cmp(&cell.votes[*a].value));
        let [first, second] = [order.first()?, order.get(1)?].map(|s| cell.votes[*s]);
        let error = first.mcse + second.mcse;
        (first.value - second.value > 2.0 * error).then_some(order[0])
    };
    let firm: Vec<usize> = town.scenarios.iter().filter_map(|s| ahead(s.years.last()?)).collect();
    let count = |s: usize| firm.iter().filter(|f| **f == s).count();
    let most = (0..results.candidates.len()).fold(0, |m, s| if count(s) > count(m) { s } else { m });
    if firm.is_empty() {
        return text.get("plot.votes_open").to_owned();
    }
    let name = text.quoted(text.name(&results.candidates[most].1));
    let values =
        [("leader", name), ("count", count(most).to_string()), ("all", town.scenarios.len().to_string())];
    text.fill("plot.votes_finding", &values)
}

/// Mean votes, a row a path and year; the classes at the horizon are those of the figure of classes.
fn table(context: &Context<'_>, town: &TownResults) -> Table {
    let (results, text) = (context.results, context.text);
    let start = ["table.path", "table.year"].map(|key| text.get(key).to_owned());
    let candidates = results.candidates.iter().map(|(_, name)| text.name(name).to_owned());
    let mut table = Table::new(start.into_iter().chain(candidates));
    for scenario in &town.scenarios {
        for (year, cell) in results.setup.years.iter().zip(&scenario.years) {
            let start = [text.name(&scenario.name).to_owned(), year.to_string()];
            let mean = |e: &Estimate| text.number(e.value, 2);
            table.row(start.into_iter().chain(cell.votes.iter().map(mean)));
        }
    }
    table
}
