//! Shares by year as stacked areas: class probabilities, and which scenario leads.

use plotters::style::text_anchor::{HPos, VPos};
use plotters::style::{RGBColor, WHITE};

use super::panel::{Panel, RIGHT, place};
use super::theme::{
    Frame, HEADING, INK, KeyEntry, LABEL, Mark, PlotError, class_colour, figure, ink_on, scenario_colour,
    width, wrap, write,
};
use super::{Context, Figure};
use crate::analyse::{ScenarioResults, TownResults};
use crate::text::Text;

const ROW: u32 = 210;
/// A share whose name may stand on it.
const NAMED: f64 = 0.10;

/// One layer: its name, colour, and share in each year.
struct Layer {
    name: String,
    colour: RGBColor,
    shares: Vec<f64>,
}

/// Class probabilities of each scaled composite, a row each, a column a scenario.
pub(super) fn classes(context: &Context<'_>, town: &TownResults) -> Result<Figure, PlotError> {
    let (results, text) = (context.results, context.text);
    let title = text.fill("plot.classes", &[("town", text.name(&town.name))]);
    let key = context.class_key();
    let note = text.get("plot.classes_note").to_owned();
    let frame = Frame { title, note, key, caption: context.caption(town) };
    let svg = figure(ROW * results.scaled.len() as u32, &frame, |area| {
        for (row, composite) in results.scaled.iter().enumerate() {
            let top = (row as u32 * ROW) as i32;
            for (column, scenario) in town.scenarios.iter().enumerate() {
                let layers = composite.classes.iter().enumerate().map(|(c, class)| Layer {
                    name: String::new(),
                    colour: class_colour(class.rank),
                    shares: scenario.years.iter().map(|cell| cell.classes[row][c].value).collect(),
                });
                let layers: Vec<Layer> = layers.collect();
                let panel = panel(context, area, (column, town.scenarios.len()), top);
                stack(context, &panel, &layers, column == 0)?;
                heading(context, &panel, scenario, row == 0)?;
            }
            let side = place(town.scenarios.len() - 1, town.scenarios.len(), top, ROW as i32);
            let label = format!("{} ({})", text.name(&composite.label), composite.symbol);
            for (k, line) in wrap(&label, LABEL, f64::from(RIGHT) - 18.0).iter().enumerate() {
                write(
                    area,
                    line,
                    (side[2] + 12, side[1] + 20 * k as i32),
                    LABEL,
                    INK,
                    (HPos::Left, VPos::Top),
                )?;
            }
        }
        Ok(())
    })?;
    Ok(Figure { name: format!("{}/classes", town.id), title: frame.title, svg })
}

/// Each candidate's share of the lead, a panel a path.
pub(super) fn lead(context: &Context<'_>, town: &TownResults) -> Result<Figure, PlotError> {
    let (results, text) = (context.results, context.text);
    let (name, finding) = (text.name(&town.name), context.lead_finding(town));
    let title = text.fill("plot.lead", &[("town", name), ("finding", &finding)]);
    let key = results.candidates.iter().enumerate().map(|(s, (_, name))| KeyEntry {
        label: text.name(name).to_owned(),
        mark: Mark::Patch(scenario_colour(s)),
    });
    let note = text.get("plot.lead_note").to_owned();
    let frame = Frame { title, note, key: key.collect(), caption: context.caption(town) };
    let svg = figure(2 * ROW, &frame, |area| {
        for (column, scenario) in town.scenarios.iter().enumerate() {
            let layers = results.candidates.iter().enumerate().map(|(s, (_, name))| Layer {
                name: text.name(name).to_owned(),
                colour: scenario_colour(s),
                shares: scenario.years.iter().map(|cell| cell.lead[s].value).collect(),
            });
            let layers: Vec<Layer> = layers.collect();
            let mut panel = panel(context, area, (column, town.scenarios.len()), 0);
            panel.frame[3] += ROW as i32;
            stack(context, &panel, &layers, column == 0)?;
            heading(context, &panel, scenario, true)?;
        }
        Ok(())
    })?;
    Ok(Figure { name: format!("{}/lead", town.id), title: frame.title, svg })
}

fn panel<'a, 'b>(
    context: &Context<'_>,
    area: &'a super::theme::Area<'b>,
    (column, columns): (usize, usize),
    top: i32,
) -> Panel<'a, 'b> {
    let years = &context.results.setup.years;
    let x = (f64::from(years[0]), f64::from(years[years.len() - 1]));
    Panel { area, frame: place(column, columns, top, ROW as i32), x, y: (0.0, 100.0) }
}

fn heading(
    context: &Context<'_>,
    panel: &Panel<'_, '_>,
    scenario: &ScenarioResults,
    shown: bool,
) -> Result<(), PlotError> {
    if !shown {
        return Ok(());
    }
    let name = context.text.fill("plot.under", &[("scenario", context.text.name(&scenario.name))]);
    let at = (panel.frame[0], panel.frame[1] - 26);
    let colour = scenario_colour(context.candidate(scenario));
    write(panel.area, &name, at, HEADING, colour, (HPos::Left, VPos::Top))
}

/// Layers from the bottom up, in percent, with their names where the last year has room.
fn stack(
    context: &Context<'_>,
    panel: &Panel<'_, '_>,
    layers: &[Layer],
    labels: bool,
) -> Result<(), PlotError> {
    let years: Vec<f64> = context.results.setup.years.iter().map(|y| f64::from(*y)).collect();
    let mut floor = vec![0.0; years.len()];
    for layer in layers {
        let top: Vec<f64> = floor.iter().zip(&layer.shares).map(|(f, s)| f + 100.0 * s).collect();
        panel.band(&years, &floor, &top, layer.colour)?;
        floor = top;
    }
    let mut floor = vec![0.0; years.len()];
    for layer in layers {
        let top: Vec<f64> = floor.iter().zip(&layer.shares).map(|(f, s)| f + 100.0 * s).collect();
        let edge: Vec<(f64, f64)> = years.iter().copied().zip(top.iter().copied()).collect();
        panel.line(&edge, WHITE, 1)?;
        name(context.text, panel, layer, &floor, &top)?;
        floor = top;
    }
    panel.axes(false, labels, context.text)
}

/// The layer's name and last share, right-aligned near the last year, where it is thick enough.
fn name(
    text: &Text,
    panel: &Panel<'_, '_>,
    layer: &Layer,
    low: &[f64],
    high: &[f64],
) -> Result<(), PlotError> {
    let last = low.len() - 1;
    let share = layer.shares[last];
    let percent = text.percent(share);
    let label = if layer.name.is_empty() { percent } else { format!("{} {percent}", layer.name) };
    let room = f64::from(panel.frame[2] - panel.frame[0]);
    // The layer must be thick enough all along the label.
    let steps = (width(&label, LABEL) + 8.0) / room * last as f64;
    let from = last.saturating_sub(steps.ceil() as usize);
    let floor = low[from..].iter().copied().fold(f64::MIN, f64::max);
    let ceiling = high[from..].iter().copied().fold(f64::MAX, f64::min);
    let (_, top) = panel.at(panel.x.1, ceiling);
    let (_, bottom) = panel.at(panel.x.1, floor);
    if share < NAMED || bottom - top < LABEL as i32 || steps > last as f64 {
        return Ok(());
    }
    let at = (panel.frame[2] - 8, i32::midpoint(top, bottom));
    write(panel.area, &label, at, LABEL, ink_on(layer.colour), (HPos::Right, VPos::Center))
}
