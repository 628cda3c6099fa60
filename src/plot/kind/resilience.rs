//! Towns ranked by resilience: how likely each never meets the conditions of the last resort.

use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, VPos};

use crate::analyse::{Ranked, ranking};
use crate::plot::context::Context;
use crate::plot::palette::{GRID, INK, MUTED, scenario_colour};
use crate::plot::panel::{Panel, ticks};
use crate::plot::theme::{Frame, HEADING, LABEL, MARGIN, STRONG, WIDTH, cut, figure, write};
use crate::plot::{Figure, FigureKind, PlotError, Table};

const ROW: i32 = 52;
const TOP: i32 = 20;
const BELOW: i32 = 34;
/// Room left for rank and town, right for the number by which it is ranked.
const NAMES: i32 = 270;
const VALUES: i32 = 320;

/// A row a town, a dot a scenario; none where the method names no last resort.
pub(super) fn draw(context: &Context<'_>) -> Result<Option<Figure>, PlotError> {
    let (results, text) = (context.results, context.text);
    let ranked = ranking(results);
    let Some(outcome) = results.last_resort.filter(|_| !ranked.is_empty()) else { return Ok(None) };
    let (region, year) = (text.name(&results.setup.region), context.horizon().to_string());
    let outcome = text.name(&results.first_passages[outcome].1);
    let finding = finding(context, &ranked);
    let frame = Frame {
        title: text.fill("plot.resilience", &[("region", region), ("year", &year), ("finding", &finding)]),
        note: text
            .fill("plot.resilience_note", &[("outcome", text.quoted(outcome).as_str()), ("year", &year)]),
        key: context.scenario_key(),
        caption: context.region_caption(),
    };
    let height = TOP + ROW * ranked.len() as i32 + BELOW;
    let lowest = ranked.iter().map(|r| 100.0 * r.least().value).fold(100.0, f64::min);
    let x = ((lowest - 2.0).clamp(0.0, 98.0), 100.0);
    let picture = figure(height as u32, &frame, |area| {
        let frame = [MARGIN + NAMES, TOP, WIDTH as i32 - MARGIN - VALUES, TOP + ROW * ranked.len() as i32];
        let panel = Panel { area, frame, x, y: (0.0, 1.0) };
        let (values, decimals) = ticks(x.0, x.1);
        for value in values {
            panel.line(&[(value, 0.0), (value, 1.0)], GRID, 1)?;
            let label = text.percent_of(&text.number(value, decimals));
            let at = (panel.at(value, 0.0).0, frame[3] + 10);
            write(area, &label, at, LABEL, INK, (HPos::Center, VPos::Top))?;
        }
        for (row, ranked) in ranked.iter().enumerate() {
            draw_town(context, &panel, ranked, frame[1] + ROW * row as i32 + ROW / 2)?;
        }
        Ok(())
    })?;
    Ok(Some(context.figure(FigureKind::Resilience, None, frame, picture, table(context, &ranked))))
}

/// `1`, or `2–3` where towns share ranks.
fn rank(ranked: &Ranked) -> String {
    let (first, last) = ranked.ranks;
    if first == last { first.to_string() } else { format!("{first}–{last}") }
}

fn draw_town(context: &Context<'_>, panel: &Panel<'_, '_>, ranked: &Ranked, y: i32) -> Result<(), PlotError> {
    let text = context.text;
    let town = &context.results.towns[ranked.town];
    let area = panel.area;
    write(area, &rank(ranked), (MARGIN + 52, y), HEADING, INK, (HPos::Right, VPos::Center))?;
    let name = cut(text.name(&town.name), HEADING, f64::from(NAMES - 90));
    write(area, &name, (MARGIN + 68, y), HEADING, INK, (HPos::Left, VPos::Center))?;
    let place = |value: f64| panel.at(100.0 * value, 0.0).0;
    let (low, high) =
        ranked.never.iter().fold((1.0_f64, 0.0_f64), |(l, h), e| (l.min(e.value), h.max(e.value)));
    let span = PathElement::new(vec![(place(low), y), (place(high), y)], MUTED.stroke_width(2));
    area.draw(&span).map_err(PlotError::of)?;
    // The worst last, so that it lies on top: it is what the town is ranked by.
    let mut order: Vec<usize> = (0..ranked.never.len()).filter(|s| *s != ranked.worst).collect();
    order.push(ranked.worst);
    for s in order {
        let radius = if s == ranked.worst { 10 } else { 7 };
        let colour = scenario_colour(context.candidate(&town.scenarios[s]));
        let at = (place(ranked.never[s].value), y);
        area.draw(&Circle::new(at, radius + 2, WHITE.filled())).map_err(PlotError::of)?;
        area.draw(&Circle::new(at, radius, colour.filled())).map_err(PlotError::of)?;
    }
    let least = ranked.least();
    let share = least.percent(text);
    let at = (panel.frame[2] + 26, y - 3);
    write(area, &share, at, STRONG, INK, (HPos::Left, VPos::Bottom))?;
    let worst = &town.scenarios[ranked.worst];
    let under = text.fill("plot.under", &[("scenario", text.name(&worst.name))]);
    let colour = scenario_colour(context.candidate(worst));
    let under = cut(&under, LABEL, f64::from(VALUES - 30));
    write(area, &under, (at.0, y + 5), LABEL, colour, (HPos::Left, VPos::Top))
}

/// Who stands first and who last, as far as the runs tell.
fn finding(context: &Context<'_>, ranked: &[Ranked]) -> String {
    let (text, towns) = (context.text, &context.results.towns);
    let of = |ranks: (usize, usize)| -> Vec<String> {
        let group = ranked.iter().filter(|r| r.ranks == ranks);
        group.map(|r| text.name(&towns[r.town].name).to_owned()).collect()
    };
    let (first, last) = (of(ranked[0].ranks), of(ranked[ranked.len() - 1].ranks));
    if first.len() == ranked.len() {
        return text.get("plot.resilience_open").to_owned();
    }
    text.fill("plot.resilience_finding", &[("first", text.list(&first)), ("last", text.list(&last))])
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
