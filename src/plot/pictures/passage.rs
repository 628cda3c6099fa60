//! First passage: the probability by each year that an outcome has come, with its Monte Carlo error. Near zero it
//! must read well: the axis never shows less than one percent, and a count of none is a bound.

use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, VPos};

use crate::analyse::{Estimate, ScenarioResults, TownResults, so_far};
use crate::plot::canvas::{Canvas, put, write, write_lines};
use crate::plot::context::Context;
use crate::plot::figure::Figure;
use crate::plot::font::text_width;
use crate::plot::key::{KeyEntry, Mark};
use crate::plot::kind::FigureKind;
use crate::plot::labels::moved_apart;
use crate::plot::lines::{cut, wrap, wrap_at_most};
use crate::plot::palette::{INK, MUTED, scenario_colour, tint};
use crate::plot::panel::Panel;
use crate::plot::sheet::{Frame, sheet};
use crate::plot::table::Table;
use crate::plot::theme::{HEADING, LABEL, MARGIN, WIDTH, height_of};

const COLUMNS: usize = 2;
const HEIGHT: i32 = 420;
/// Room left of a panel for its axis, right of it for the scenarios' names and shares.
const LEFT: i32 = 62;
const NAMES: i32 = 330;
/// Room above a panel for the outcome's name, below it for years.
const ABOVE: i32 = 48;
const BELOW: i32 = 30;

/// A panel an outcome; none where the method has no outcomes.
pub(super) fn draw(context: &Context<'_>, town: &TownResults) -> Option<Figure> {
    let (results, text) = (context.results, context.text);
    let outcomes = results.first_passages.len();
    if outcomes == 0 {
        return None;
    }
    let year = context.horizon().to_string();
    let findings: Vec<String> = (0..outcomes).map(|k| finding(context, town, k)).collect();
    let values = [("town", text.name(&town.name)), ("year", &year), ("finding", &findings.join("; "))];
    let frame = Frame {
        title: text.fill("plot.passage", &values),
        note: text.fill("plot.passage_note", &[("runs", text.number(results.setup.runs as f64, 0))]),
        key: vec![KeyEntry {
            label: text.get("plot.passage_error").to_owned(),
            mark: Mark::Patch(tint(MUTED, 0.3)),
        }],
        caption: context.caption(town),
    };
    let columns = COLUMNS.min(outcomes);
    let rows = outcomes.div_ceil(columns) as i32;
    let height = panel_height(context, town);
    let picture = sheet(height * rows, &frame, |canvas| {
        for k in 0..outcomes {
            let each = (WIDTH as i32 - 2 * MARGIN) / columns as i32;
            let left = MARGIN + (k % columns) as i32 * each;
            let top = (k / columns) as i32 * height;
            draw_outcome(context, canvas, town, k, [left, top, left + each, top + height]);
        }
    });
    let table = table(context, town);
    Some(context.figure(FigureKind::FirstPassage, Some(town), frame, picture, table))
}

/// Probability by each year, in percent.
fn by_year(context: &Context<'_>, scenario: &ScenarioResults, outcome: usize) -> Vec<Estimate> {
    so_far(&scenario.first_passage[outcome], context.results.setup.runs)
}

/// The least and the most likely scenario, said with their errors.
fn finding(context: &Context<'_>, town: &TownResults, outcome: usize) -> String {
    let text = context.text;
    let last = |s: &ScenarioResults| by_year(context, s, outcome).pop().unwrap_or_default();
    let said = |e: Estimate| e.percent(text);
    let name = text.name(&context.results.first_passages[outcome].1).to_owned();
    let order = |a: &&ScenarioResults, b: &&ScenarioResults| last(a).value.total_cmp(&last(b).value);
    let (Some(least), Some(most)) =
        (town.scenarios.iter().min_by(order), town.scenarios.iter().max_by(order))
    else {
        return name;
    };
    let (low, high) = (said(last(least)), said(last(most)));
    let (least, most) = (text.quoted(text.name(&least.name)), text.quoted(text.name(&most.name)));
    let values = [
        ("outcome", name.as_str()),
        ("low", &low),
        ("high", &high),
        ("low_path", &least),
        ("high_path", &most),
    ];
    text.fill(if low == high { "plot.passage_same" } else { "plot.passage_range" }, &values)
}

fn draw_outcome(
    context: &Context<'_>,
    canvas: &Canvas<'_>,
    town: &TownResults,
    outcome: usize,
    [left, top, right, bottom]: [i32; 4],
) {
    let text = context.text;
    let name = text.name(&context.results.first_passages[outcome].1);
    let name = cut(name, HEADING, f64::from(right - left - 20));
    write(canvas, &name, (left, top + 10), HEADING, INK, (HPos::Left, VPos::Top));
    let series: Vec<Vec<Estimate>> = town.scenarios.iter().map(|s| by_year(context, s, outcome)).collect();
    let high = series.iter().flatten().map(|e| 100.0 * (e.value + 2.0 * e.mcse)).fold(0.0, f64::max);
    let years = context.years();
    let y = (0.0, (1.1 * high).clamp(1.0, 100.0));
    let rect = [left + LEFT, top + ABOVE, right - names_room(context, town), bottom - BELOW];
    let panel = Panel::new(canvas, rect, context.span(), y);
    panel.axes(true, true, text);
    for (scenario, estimates) in town.scenarios.iter().zip(&series) {
        let colour = scenario_colour(context.candidate(scenario));
        let bound = |sign: f64| {
            let value = |e: &Estimate| 100.0 * (e.value + sign * 2.0 * e.mcse).clamp(0.0, 1.0);
            // The base year does not count, and nothing is uncertain about it.
            estimates
                .iter()
                .enumerate()
                .map(|(t, e)| if t == 0 { 0.0 } else { value(e) })
                .collect::<Vec<f64>>()
        };
        panel.band(&years, &bound(-1.0), &bound(1.0), tint(colour, 0.3));
    }
    for (scenario, estimates) in town.scenarios.iter().zip(&series) {
        let colour = scenario_colour(context.candidate(scenario));
        let line: Vec<(f64, f64)> =
            years.iter().zip(estimates).map(|(year, e)| (*year, 100.0 * e.value)).collect();
        panel.line(&line, colour, 4);
    }
    name_lines(context, &panel, town, &series);
}

/// Room right of a panel that the longest name of a scenario takes.
fn names_room(context: &Context<'_>, town: &TownResults) -> i32 {
    let names = town.scenarios.iter().map(|s| text_width(context.text.name(&s.name), LABEL));
    (names.fold(130.0, f64::max).ceil() as i32 + 52).min(NAMES)
}

/// A scenario's name in the lines that it has right of a panel.
fn end_lines(context: &Context<'_>, town: &TownResults, scenario: &ScenarioResults) -> Vec<String> {
    wrap(context.text.name(&scenario.name), LABEL, f64::from(names_room(context, town) - 28))
}

/// Height of the longest name with the share below it.
fn end_height(context: &Context<'_>, town: &TownResults) -> i32 {
    let lines = town.scenarios.iter().map(|s| end_lines(context, town, s).len()).max().unwrap_or(1);
    height_of(lines + 1, LABEL) + 8
}

/// Height of a panel: more where the names at the ends of many lines need it.
fn panel_height(context: &Context<'_>, town: &TownResults) -> i32 {
    HEIGHT.max(ABOVE + BELOW + end_height(context, town) * town.scenarios.len() as i32)
}

/// Each scenario's name and share at the horizon, right of its line.
fn name_lines(context: &Context<'_>, panel: &Panel<'_, '_>, town: &TownResults, series: &[Vec<Estimate>]) {
    let text = context.text;
    let last: Vec<Estimate> = series.iter().map(|s| s.last().copied().unwrap_or_default()).collect();
    let wishes: Vec<i32> = last.iter().map(|e| panel.at(panel.x.1, 100.0 * e.value).1).collect();
    let [left, top, edge, bottom] = panel.rect;
    let block = end_height(context, town);
    let places = moved_apart(&wishes, block, (top + block / 2 - 4, bottom - block / 2 + 4));
    for ((scenario, estimate), (wish, place)) in
        town.scenarios.iter().zip(&last).zip(wishes.iter().zip(places))
    {
        let colour = scenario_colour(context.candidate(scenario));
        let leader = PathElement::new(vec![(edge + 2, *wish), (edge + 16, place)], colour.stroke_width(1));
        put(panel.canvas, &leader);
        let name = end_lines(context, town, scenario);
        let share = estimate.percent(text);
        let first = place - height_of(name.len() + 1, LABEL) / 2 + 3;
        write_lines(panel.canvas, &name, (edge + 22, first), LABEL, colour, HPos::Left);
        let at = (edge + 22, first + height_of(name.len(), LABEL));
        write(panel.canvas, &share, at, LABEL, INK, (HPos::Left, VPos::Top));
    }
    let said = wrap_at_most(text.get("plot.passage_axis"), LABEL, f64::from(edge - left) - 20.0, 2);
    write_lines(panel.canvas, &said, (left + 10, top + 10), LABEL, MUTED, HPos::Left);
}

/// A row an outcome, scenario and year.
fn table(context: &Context<'_>, town: &TownResults) -> Table {
    let (results, text) = (context.results, context.text);
    let mut table =
        Table::new(["table.outcome", "table.path", "table.year", "table.so_far"].map(|key| text.get(key)));
    for (k, (_, outcome)) in results.first_passages.iter().enumerate() {
        for scenario in &town.scenarios {
            let series = by_year(context, scenario, k);
            for (year, e) in results.setup.years.iter().zip(series).skip(1) {
                table.row([
                    text.name(outcome).to_owned(),
                    text.name(&scenario.name).to_owned(),
                    year.to_string(),
                    e.percent(text),
                ]);
            }
        }
    }
    table
}
