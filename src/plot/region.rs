//! One sheet for the region: towns by scenarios, and which scenario leads at the horizon under each.

use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, VPos};

use super::theme::{
    Area, Frame, HEADING, INK, LABEL, PlotError, WIDTH, figure, ink_on, scenario_colour, tint, width, write,
};
use super::{Context, Figure};
use crate::analyse::{MEDIAN, ScenarioResults, TownResults, leader, likeliest_class};

const ROW: i32 = 118;
const TOP: i32 = 56;
const NAMES: i32 = 210;

/// Draws the sheet.
pub(super) fn region(context: &Context<'_>) -> Result<Figure, PlotError> {
    let (results, text) = (context.results, context.text);
    let year = context.horizon().to_string();
    let finding = finding(context);
    let values =
        [("region", text.name(&results.setup.region)), ("year", year.as_str()), ("finding", &finding)];
    let economy = context.economy().map_or("", |k| results.scaled[k].symbol.as_str());
    let note = text.fill("plot.region_note", &[("composite", economy)]);
    let frame = Frame {
        title: text.fill("plot.region", &values),
        note,
        key: Vec::new(),
        caption: context.region_caption(),
    };
    let height = (TOP + ROW * results.towns.len() as i32 + 10) as u32;
    let svg = figure(height, &frame, |area| {
        for (row, town) in results.towns.iter().enumerate() {
            draw_town(context, area, town, row as i32)?;
        }
        Ok(())
    })?;
    Ok(Figure { name: "region".to_owned(), title: frame.title, svg })
}

/// The scenario that leads in most cells.
fn finding(context: &Context<'_>) -> String {
    let results = context.results;
    let mut counts = vec![0_usize; results.candidates.len()];
    let cells = results.towns.iter().flat_map(|t| &t.scenarios).filter_map(|s| s.years.last());
    for cell in cells {
        counts[leader(cell).0] += 1;
    }
    let total: usize = counts.iter().sum();
    let best = (0..counts.len()).fold(0, |b, s| if counts[s] > counts[b] { s } else { b });
    let name = context.text.name(&results.candidates[best].1);
    let (count, cells) = (counts[best].to_string(), total.to_string());
    context.text.fill("plot.region_finding", &[("leader", name), ("count", &count), ("cells", &cells)])
}

fn draw_town(context: &Context<'_>, area: &Area<'_>, town: &TownResults, row: i32) -> Result<(), PlotError> {
    let text = context.text;
    let top = TOP + row * ROW;
    let name = text.name(&town.name);
    write(area, name, (30, top + 34), HEADING, INK, (HPos::Left, VPos::Center))?;
    if !town.complete {
        write(
            area,
            text.get("caption.assumed_short"),
            (30, top + 62),
            14.0,
            INK,
            (HPos::Left, VPos::Center),
        )?;
    }
    let each = (WIDTH as i32 - NAMES - 30) / town.scenarios.len() as i32;
    for (column, scenario) in town.scenarios.iter().enumerate() {
        let left = NAMES + column as i32 * each;
        if row == 0 {
            let label = text.fill("plot.under", &[("scenario", text.name(&scenario.name))]);
            let colour = scenario_colour(context.candidate(scenario));
            write(area, &label, (left + 4, TOP - 22), HEADING, colour, (HPos::Left, VPos::Center))?;
        }
        draw_cell(context, area, scenario, [left, top, left + each - 8, top + ROW - 8])?;
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
    let (results, text) = (context.results, context.text);
    let Some(cell) = scenario.years.last() else { return Ok(()) };
    let (place, share) = leader(cell);
    let colour = tint(scenario_colour(place), 0.25 + 0.75 * ((share.value - 0.3) / 0.7).clamp(0.0, 1.0));
    let ink = ink_on(colour);
    area.draw(&Rectangle::new([(left, top), (right, bottom)], colour.filled())).map_err(PlotError::of)?;
    let label = format!("{} {}", text.name(&results.candidates[place].1), text.percent(share.value));
    let room = f64::from(right - left) - 20.0;
    let fit = |label: &str, size: f64| size.min(size * room / width(label, size));
    write(area, &label, (left + 10, top + 20), fit(&label, HEADING), ink, (HPos::Left, VPos::Center))?;
    let mut lines = Vec::new();
    if let Some(k) = context.economy() {
        let (class, _) = likeliest_class(cell, k);
        let class = text.name(&results.scaled[k].classes[class].name);
        lines.push(format!("{}: {class}", results.scaled[k].symbol));
    }
    if let Some(q) = results.quantities.iter().position(|q| q.id == "unemployment") {
        let value = text.number(cell.quantities[q].quantiles[MEDIAN].value, 1);
        lines.push(text.fill("plot.unemployment", &[("value", &value)]));
    }
    if let Some(q) = results.quantities.iter().position(|q| q.id == "people_at_enterprise") {
        let value = context.compact(cell.quantities[q].quantiles[MEDIAN].value);
        lines.push(text.fill("plot.persons", &[("value", &value)]));
    }
    for (k, line) in lines.iter().enumerate() {
        let at = (left + 10, top + 46 + 22 * k as i32);
        write(area, line, at, fit(line, LABEL), ink, (HPos::Left, VPos::Center))?;
    }
    Ok(())
}
