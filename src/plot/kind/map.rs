//! The table-map: the towns where they lie, roughly, and in each tile what every future brings.

use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, VPos};

use crate::analyse::{MEDIAN, ScenarioResults, Sureness, TownResults, leader, likeliest_class};
use crate::plot::context::{Context, sureness_tint};
use crate::plot::font::text_width;
use crate::plot::palette::{GRID, INK, MUTED, ink_on, scenario_colour, tint};
use crate::plot::theme::{
    Area, CAPTION, Frame, HEADING, LABEL, MARGIN, ROOM, cut, figure, write, write_lines,
};
use crate::plot::{Figure, FigureKind, PlotError, Table};

const GAP: i32 = 10;
/// Height of a tile's head, of a scenario's two lines, and of what stands below them.
const HEAD: i32 = 34;
const PATH: i32 = 50;
const FOOT: i32 = 74;
const INSET: i32 = 8;

/// A tile a town.
pub(super) fn draw(context: &Context<'_>) -> Result<Figure, PlotError> {
    let (results, text) = (context.results, context.text);
    let placed = results.towns.iter().all(|town| town.tile.is_some());
    let tiles = tiles(&results.towns);
    let (columns, rows) = tiles.iter().fold((1, 1), |(c, r), tile| (c.max(tile.0), r.max(tile.1)));
    let (columns, rows) = (columns as i32, rows as i32);
    let paths = results.towns.iter().map(|t| t.scenarios.len()).max().unwrap_or(0) as i32;
    let (width, height) = ((ROOM as i32 + GAP) / columns, HEAD + PATH * paths + FOOT + GAP);
    let economy = context.economy().map_or("", |k| results.scaled[k].symbol.as_str());
    let note = if placed { "plot.map_note" } else { "plot.map_note_unplaced" };
    let frame = Frame {
        title: title(context),
        note: text.fill(note, &[("composite", economy)]),
        key: Vec::new(),
        caption: context.region_caption(),
    };
    let picture = figure((height * rows) as u32, &frame, |area| {
        for (town, (column, row)) in results.towns.iter().zip(&tiles) {
            let left = MARGIN + (*column as i32 - 1) * width;
            let top = (*row as i32 - 1) * height;
            draw_tile(context, area, town, [left, top, left + width - GAP, top + height - GAP])?;
        }
        Ok(())
    })?;
    Ok(context.figure(FigureKind::Map, None, frame, picture, table(context)))
}

/// In how many towns one scenario leads whatever the path, said only of leads that are more likely than not.
fn title(context: &Context<'_>) -> String {
    let (results, text) = (context.results, context.text);
    let firm = |s: &ScenarioResults| {
        let (place, share) = leader(s.years.last()?);
        (Sureness::of(share) != Sureness::Open).then_some(place)
    };
    let one = |town: &&TownResults| {
        let mut leaders = town.scenarios.iter().map(firm);
        let first = leaders.next().flatten();
        first.is_some() && leaders.all(|other| other == first)
    };
    let values = [
        ("region", text.name(&results.setup.region).to_owned()),
        ("year", context.horizon().to_string()),
        ("count", results.towns.iter().filter(one).count().to_string()),
        ("all", results.towns.len().to_string()),
    ];
    text.fill("plot.map", &values)
}

/// Column and row of each town: the case's, without empty columns and rows at the edges; or in reading order where
/// a town has no place.
fn tiles(towns: &[TownResults]) -> Vec<(u32, u32)> {
    let placed: Option<Vec<(u32, u32)>> = towns.iter().map(|town| town.tile).collect();
    let Some(placed) = placed else {
        return (0..towns.len() as u32).map(|k| (k % 4 + 1, k / 4 + 1)).collect();
    };
    // Where only some towns were run, columns and rows that hold none of them close up.
    let rank = |used: Vec<u32>, x: u32| used.iter().filter(|u| **u <= x).count() as u32;
    let used = |pick: fn(&(u32, u32)) -> u32| {
        let mut used: Vec<u32> = placed.iter().map(pick).collect();
        used.sort_unstable();
        used.dedup();
        used
    };
    placed.iter().map(|tile| (rank(used(|t| t.0), tile.0), rank(used(|t| t.1), tile.1))).collect()
}

fn draw_tile(
    context: &Context<'_>,
    area: &Area<'_>,
    town: &TownResults,
    [left, top, right, bottom]: [i32; 4],
) -> Result<(), PlotError> {
    let text = context.text;
    area.draw(&Rectangle::new([(left, top), (right, bottom)], GRID.stroke_width(2)))
        .map_err(PlotError::of)?;
    let room = f64::from(right - left - 2 * INSET);
    let name = cut(text.name(&town.name), HEADING, room);
    write(area, &name, (left + INSET, top + 10), HEADING, INK, (HPos::Left, VPos::Top))?;
    for (k, scenario) in town.scenarios.iter().enumerate() {
        let y = top + HEAD + PATH * k as i32;
        let colour = scenario_colour(context.candidate(scenario));
        let path = text.fill("plot.under", &[("scenario", text.name(&scenario.name))]);
        let at = (left + INSET, y + 5);
        write(area, &cut(&path, CAPTION, room), at, CAPTION, colour, (HPos::Left, VPos::Top))?;
        let Some(cell) = scenario.years.last() else { continue };
        let (place, share) = leader(cell);
        let ground = tint(scenario_colour(place), sureness_tint(share.value));
        let rect = [(left + INSET, y + 20), (right - INSET, y + PATH - 4)];
        area.draw(&Rectangle::new(rect, ground.filled())).map_err(PlotError::of)?;
        let said =
            format!("{} {}", text.name(&context.results.candidates[place].1), share.percent_short(text));
        let size = if text_width(&said, LABEL) <= room - 12.0 { LABEL } else { CAPTION };
        let at = (left + INSET + 6, y + 20 + (PATH - 24) / 2);
        write(area, &cut(&said, size, room - 12.0), at, size, ink_on(ground), (HPos::Left, VPos::Center))?;
    }
    let y = top + HEAD + PATH * town.scenarios.len() as i32 + 8;
    let lines: Vec<String> = [economy(context, town), unemployment(context, town), jobs(context, town)]
        .into_iter()
        .flatten()
        .collect();
    let lines: Vec<String> = lines.iter().map(|line| cut(line, CAPTION, room)).collect();
    write_lines(area, &lines, (left + INSET, y), CAPTION, MUTED, HPos::Left)
}

/// The likeliest classes of the economy's index, from the lowest to the highest.
fn economy(context: &Context<'_>, town: &TownResults) -> Option<String> {
    let k = context.economy()?;
    let composite = &context.results.scaled[k];
    let likeliest = town.scenarios.iter().filter_map(|s| Some(likeliest_class(s.years.last()?, k).0));
    let (low, high) = (likeliest.clone().min()?, likeliest.max()?);
    let name = |class: usize| context.text.name(&composite.classes[class].name);
    let range = if low == high { name(low).to_owned() } else { context.text.range(name(low), name(high)) };
    Some(format!("{}: {range}", composite.symbol))
}

/// The medians of all scenarios, from the lowest to the highest.
fn medians(context: &Context<'_>, town: &TownResults, id: &str) -> Option<(f64, f64)> {
    let q = context.quantity(id)?;
    let last = |s: &ScenarioResults| s.years.last().map(|cell| cell.quantities[q].quantiles[MEDIAN].value);
    let values = town.scenarios.iter().filter_map(last);
    Some(values.fold((f64::MAX, f64::MIN), |(l, h), v| (l.min(v), h.max(v))))
}

fn unemployment(context: &Context<'_>, town: &TownResults) -> Option<String> {
    let (low, high) = medians(context, town, "unemployment")?;
    let number = |x: f64| context.text.number(x, 1);
    let range = if number(low) == number(high) {
        number(low)
    } else {
        context.text.range(&number(low), &number(high))
    };
    Some(context.text.fill("plot.unemployment", &[("value", range)]))
}

fn jobs(context: &Context<'_>, town: &TownResults) -> Option<String> {
    let (low, high) = medians(context, town, "people_at_enterprise")?;
    let number = |x: f64| context.compact(x);
    let range = if number(low) == number(high) {
        number(low)
    } else {
        context.text.range(&number(low), &number(high))
    };
    Some(context.text.fill("plot.persons", &[("value", range)]))
}

/// A row a town and scenario.
fn table(context: &Context<'_>) -> Table {
    let (results, text) = (context.results, context.text);
    let economy = context.economy();
    let class = economy.map_or("", |k| results.scaled[k].symbol.as_str());
    let year = context.horizon().to_string();
    let mut table = Table::new([
        text.get("table.town").to_owned(),
        text.get("table.path").to_owned(),
        text.fill("table.leader", &[("year", &year)]),
        text.get("table.share").to_owned(),
        text.fill("table.class", &[("symbol", class)]),
        text.get("table.runs").to_owned(),
    ]);
    for town in &results.towns {
        for scenario in &town.scenarios {
            let Some(cell) = scenario.years.last() else { continue };
            let (place, share) = leader(cell);
            let (class, runs) = economy.map_or_else(Default::default, |k| {
                let (class, runs) = likeliest_class(cell, k);
                let name = text.name(&results.scaled[k].classes[class].name).to_owned();
                (name, runs.percent(text))
            });
            table.row([
                text.name(&town.name).to_owned(),
                text.name(&scenario.name).to_owned(),
                text.name(&results.candidates[place].1).to_owned(),
                share.percent(text),
                class,
                runs,
            ]);
        }
    }
    table
}
