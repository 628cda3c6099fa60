//! One sheet for the region: towns by scenarios, and which scenario leads at the horizon under each.

use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, VPos};

use crate::analyse::{Cell, MEDIAN, ScenarioResults, TownResults, leader, likeliest_class};
use crate::plot::context::{Context, sureness_tint};
use crate::plot::font::text_width;
use crate::plot::palette::{INK, MUTED, ink_on, scenario_colour, tint};
use crate::plot::theme::{
    Area, CAPTION, Frame, HEADING, LABEL, MARGIN, STRONG, WIDTH, cut, figure, heading_in, wrap, write,
    write_lines,
};
use crate::plot::{Figure, FigureKind, PlotError, Table};

const ROW: i32 = 112;
const TOP: i32 = 44;
const NAMES: i32 = 230;
const GAP: i32 = 8;
/// Room between a cell's edge and its words.
const INSET: i32 = 12;

/// Draws the sheet.
pub(super) fn draw(context: &Context<'_>) -> Result<Figure, PlotError> {
    let (results, text) = (context.results, context.text);
    let year = context.horizon().to_string();
    let finding = context.region_finding();
    let values =
        [("region", text.name(&results.setup.region)), ("year", year.as_str()), ("finding", &finding)];
    let economy = context.economy().map_or("", |k| results.scaled[k].symbol.as_str());
    let frame = Frame {
        title: text.fill("plot.region", &values),
        note: text.fill("plot.region_note", &[("composite", economy)]),
        key: Vec::new(),
        caption: context.region_caption(),
    };
    let height = (TOP + ROW * results.towns.len() as i32) as u32;
    let picture = figure(height, &frame, |area| {
        for (row, town) in results.towns.iter().enumerate() {
            draw_town(context, area, town, row as i32)?;
        }
        Ok(())
    })?;
    Ok(context.figure(FigureKind::Region, None, frame, picture, table(context)))
}

fn draw_town(context: &Context<'_>, area: &Area<'_>, town: &TownResults, row: i32) -> Result<(), PlotError> {
    let text = context.text;
    let top = TOP + row * ROW;
    let room = f64::from(NAMES - MARGIN - GAP);
    let name = wrap(text.name(&town.name), HEADING, room);
    write_lines(area, &name, (MARGIN, top + 16), HEADING, INK, HPos::Left)?;
    if !town.complete {
        let said = wrap(text.get("caption.assumed_short"), CAPTION, room);
        write_lines(area, &said, (MARGIN, top + 18 + 28 * name.len() as i32), CAPTION, MUTED, HPos::Left)?;
    }
    let each = (WIDTH as i32 - NAMES - MARGIN + GAP) / town.scenarios.len() as i32;
    for (column, scenario) in town.scenarios.iter().enumerate() {
        let left = NAMES + column as i32 * each;
        if row == 0 {
            let label = text.fill("plot.under", &[("scenario", text.name(&scenario.name))]);
            let (label, size) = heading_in(&label, f64::from(each - GAP));
            let colour = scenario_colour(context.candidate(scenario));
            write(area, &label, (left, TOP - 14), size, colour, (HPos::Left, VPos::Bottom))?;
        }
        draw_cell(context, area, scenario, [left, top, left + each - GAP, top + ROW - GAP])?;
    }
    Ok(())
}

/// The leader's colour, darker the surer; its name and share; class, unemployment, jobs.
fn draw_cell(
    context: &Context<'_>,
    area: &Area<'_>,
    scenario: &ScenarioResults,
    [left, top, right, bottom]: [i32; 4],
) -> Result<(), PlotError> {
    let Some(cell) = scenario.years.last() else { return Ok(()) };
    let (place, share) = leader(cell);
    let colour = tint(scenario_colour(place), sureness_tint(share.value));
    let ink = ink_on(colour);
    area.draw(&Rectangle::new([(left, top), (right, bottom)], colour.filled())).map_err(PlotError::of)?;
    let room = f64::from(right - left - 2 * INSET);
    let words = words(context, cell);
    let leader = &words[0];
    let size = if text_width(leader, HEADING) <= room { HEADING } else { STRONG };
    write(area, &cut(leader, size, room), (left + INSET, top + 12), size, ink, (HPos::Left, VPos::Top))?;
    for (k, line) in words[1..].iter().enumerate() {
        let at = (left + INSET, top + 40 + 22 * k as i32);
        write(area, &cut(line, LABEL, room), at, LABEL, ink, (HPos::Left, VPos::Top))?;
    }
    Ok(())
}

/// What a cell says, line by line: leader and its share, class of the economy, unemployment, jobs.
fn words(context: &Context<'_>, cell: &Cell) -> Vec<String> {
    let (results, text) = (context.results, context.text);
    let (place, share) = leader(cell);
    let name = text.name(&results.candidates[place].1);
    let mut lines = vec![format!("{name} {}", share.percent_short(text))];
    if let Some(k) = context.economy() {
        let (class, _) = likeliest_class(cell, k);
        let class = text.name(&results.scaled[k].classes[class].name);
        lines.push(format!("{}: {class}", results.scaled[k].symbol));
    }
    let median = |q: usize| cell.quantities[q].quantiles[MEDIAN].value;
    if let Some(q) = context.quantity("unemployment") {
        let value = text.number(median(q), 1);
        lines.push(text.fill("plot.unemployment", &[("value", &value)]));
    }
    if let Some(q) = context.quantity("people_at_enterprise") {
        let value = context.compact(median(q));
        lines.push(text.fill("plot.persons", &[("value", &value)]));
    }
    lines
}

fn table(context: &Context<'_>) -> Table {
    let (results, text) = (context.results, context.text);
    let mut headers = vec![text.get("table.town").to_owned(), text.get("table.path").to_owned()];
    let year = context.horizon().to_string();
    headers.push(text.fill("table.leader", &[("year", &year)]));
    if let Some(k) = context.economy() {
        headers.push(results.scaled[k].symbol.clone());
    }
    let quantities =
        ["unemployment", "people_at_enterprise"].into_iter().filter_map(|id| context.quantity(id));
    headers.extend(quantities.map(|q| text.name(&results.quantities[q].label).to_owned()));
    let mut table = Table::new(headers);
    for town in &results.towns {
        for scenario in &town.scenarios {
            let Some(cell) = scenario.years.last() else { continue };
            let start = [text.name(&town.name).to_owned(), text.name(&scenario.name).to_owned()];
            table.row(start.into_iter().chain(words(context, cell)));
        }
    }
    table
}
