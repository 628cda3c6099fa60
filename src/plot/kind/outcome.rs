//! Outcome distributions at the horizon: a ridge a scenario, over the class bounds.

use plotters::style::RGBColor;
use plotters::style::text_anchor::{HPos, VPos};

use crate::analyse::{Bin, Distribution, MEDIAN, QuantityKind, ScaleClass, ScenarioResults, TownResults};
use crate::plot::context::{Context, widen};
use crate::plot::font::text_width;
use crate::plot::palette::{INK, MUTED, class_colour, scenario_colour, tint};
use crate::plot::panel::{Panel, ticks};
use crate::plot::theme::{Area, CAPTION, Frame, HEADING, KeyEntry, LABEL, Mark, WIDTH, cut, figure, write};
use crate::plot::{Figure, FigureKind, PlotError, Table};

/// Panels are laid out in this many columns.
const COLUMNS: usize = 3;
const PANEL: u32 = 400;
/// Room left of the ridges for the scenario names.
const NAMES: i32 = 24;

/// Draws the distributions of composites and persons at the horizon.
pub(super) fn draw(context: &Context<'_>, town: &TownResults) -> Result<Figure, PlotError> {
    let kind = |want: &dyn Fn(QuantityKind) -> bool| {
        let quantities = context.results.quantities.iter().enumerate();
        quantities.filter(|(_, q)| want(q.kind)).map(|(k, _)| k).collect::<Vec<usize>>()
    };
    let composites = kind(&|k| matches!(k, QuantityKind::Composite(_)));
    let persons = kind(&|k| matches!(k, QuantityKind::Persons(_) | QuantityKind::Population));
    let quantities = [composites, persons].concat();
    let text = context.text;
    let year = context.horizon().to_string();
    let finding = context.lead_finding(town);
    let values = [("town", text.name(&town.name)), ("year", year.as_str()), ("finding", &finding)];
    let title = text.fill("plot.outcome", &values);
    let mut key: Vec<KeyEntry> = town
        .scenarios
        .iter()
        .map(|s| KeyEntry {
            label: text.name(&s.name).to_owned(),
            mark: Mark::Patch(tint(scenario_colour(context.candidate(s)), 0.66)),
        })
        .collect();
    key.push(KeyEntry { label: text.get("plot.median").to_owned(), mark: Mark::Line(INK) });
    let note = text.fill("plot.outcome_note", &[("year", &year)]);
    let frame = Frame { title, note, key, caption: context.caption(town) };
    let rows = quantities.len().div_ceil(COLUMNS) as u32;
    let picture = figure(PANEL * rows, &frame, |area| {
        for (k, q) in quantities.iter().enumerate() {
            draw_panel(context, area, town, *q, (k % COLUMNS, k / COLUMNS))?;
        }
        Ok(())
    })?;
    Ok(context.figure(FigureKind::Outcome, Some(town), frame, picture, Table::default()))
}

fn draw_panel(
    context: &Context<'_>,
    area: &Area<'_>,
    town: &TownResults,
    q: usize,
    (column, row): (usize, usize),
) -> Result<(), PlotError> {
    let each = (WIDTH as i32 - 60) / COLUMNS as i32;
    let left = 30 + column as i32 * each;
    let top = row as i32 * PANEL as i32;
    let quantity = &context.results.quantities[q];
    let composite = match quantity.kind {
        QuantityKind::Composite(k) => Some(k),
        _ => None,
    };
    let classes = composite.map_or(&[][..], |k| context.results.scaled[k].classes.as_slice());
    let name = context.text.name(&quantity.label);
    let name = cut(name, HEADING, f64::from(each - NAMES - 20));
    write(area, &name, (left, top + 6), HEADING, INK, (HPos::Left, VPos::Top))?;
    let unit = context.text.unit(&quantity.unit, quantity.unit_name.as_ref());
    let unit = if composite.is_some() { quantity.id.as_str() } else { unit };
    write(area, unit, (left, top + 32), CAPTION, MUTED, (HPos::Left, VPos::Top))?;
    let x = range(town, q, classes);
    let frame = [left, top + 72, left + each - NAMES, top + PANEL as i32 - 40];
    let count = town.scenarios.len();
    let panel = Panel { area, frame, x, y: (0.0, count as f64) };
    draw_classes(context, &panel, classes)?;
    for (k, scenario) in town.scenarios.iter().enumerate() {
        ridge(context, &panel, scenario, q, composite, (count - 1 - k) as f64)?;
    }
    let (values, decimals) = ticks(x.0, x.1);
    for value in values {
        let (px, py) = panel.at(value, 0.0);
        let label = context.text.number(value, decimals);
        let half = (text_width(&label, LABEL) / 2.0) as i32;
        let px = px.clamp(frame[0] + half - 4, frame[2] - half + 4);
        write(area, &label, (px, py + 6), LABEL, INK, (HPos::Center, VPos::Top))?;
    }
    panel.line(&[(x.0, 0.0), (x.1, 0.0)], MUTED, 1)
}

/// Class ranges as pale stripes, with names above where they fit.
fn draw_classes(
    context: &Context<'_>,
    panel: &Panel<'_, '_>,
    classes: &[ScaleClass],
) -> Result<(), PlotError> {
    let mut low = panel.x.0;
    let mut free = i32::MIN;
    for (k, class) in classes.iter().enumerate() {
        let high = if k + 1 == classes.len() { panel.x.1 } else { class.upper.min(panel.x.1) };
        if high <= low {
            continue;
        }
        let corners = [(low, 0.0), (high, 0.0), (high, panel.y.1), (low, panel.y.1)];
        panel.fill(&corners, tint(class_colour(class.rank), 0.45))?;
        let label = context.text.name(&class.name);
        let (from, _) = panel.at(low, 0.0);
        let (to, y) = panel.at(high, panel.y.1);
        let half = (text_width(label, CAPTION) / 2.0) as i32;
        let middle = i32::midpoint(from, to);
        if middle - half > free
            && middle - half >= panel.frame[0] - 6
            && middle + half <= panel.frame[2] + 18
            && to - from > half
        {
            write(panel.area, label, (middle, y - 3), CAPTION, MUTED, (HPos::Center, VPos::Bottom))?;
            free = middle + half + 8;
        }
        low = high;
    }
    Ok(())
}

/// One scenario: its density as a ridge, the median, and the likeliest class or the middle 80 %.
fn ridge(
    context: &Context<'_>,
    panel: &Panel<'_, '_>,
    scenario: &ScenarioResults,
    q: usize,
    composite: Option<usize>,
    base: f64,
) -> Result<(), PlotError> {
    let Some(cell) = scenario.years.last() else { return Ok(()) };
    let distribution = &cell.quantities[q];
    let colour = scenario_colour(context.candidate(scenario));
    let counted = distribution.bins.iter().any(|b| b.low == b.high);
    if counted {
        bars(panel, distribution, colour, base)?;
    } else {
        let density = density(&distribution.bins, panel.x);
        let peak = density.iter().map(|d| d.1).fold(1e-300, f64::max);
        let mut outline: Vec<(f64, f64)> = vec![(panel.x.0, base)];
        outline.extend(density.iter().map(|(x, d)| (*x, base + 0.62 * d / peak)));
        outline.push((panel.x.1, base));
        panel.fill(&outline, tint(colour, 0.66))?;
        panel.line(&outline[1..outline.len() - 1], colour, 2)?;
        let median = distribution.quantiles[MEDIAN].value.clamp(panel.x.0, panel.x.1);
        panel.line(&[(median, base), (median, base + 0.62)], INK, 3)?;
    }
    let label = match composite {
        Some(k) => {
            let (class, share) = crate::analyse::likeliest_class(cell, k);
            let name = context.text.name(&context.results.scaled[k].classes[class].name);
            format!("{name} {}", context.text.percent(share.value))
        }
        None => context.compact(distribution.quantiles[MEDIAN].value),
    };
    let (_, y) = panel.at(panel.x.0, base + 0.80);
    let right = place_label(panel, distribution);
    let at = if right { (panel.frame[2] - 6, y) } else { (panel.frame[0] + 6, y) };
    let anchor = if right { HPos::Right } else { HPos::Left };
    write(panel.area, &label, at, LABEL, INK, (anchor, VPos::Center))
}

/// The label stands on the side away from the bulk of the distribution.
fn place_label(panel: &Panel<'_, '_>, distribution: &Distribution) -> bool {
    distribution.quantiles[MEDIAN].value < 0.5 * (panel.x.0 + panel.x.1)
}

/// A bar for each counted value, as high as its share.
fn bars(
    panel: &Panel<'_, '_>,
    distribution: &Distribution,
    colour: RGBColor,
    base: f64,
) -> Result<(), PlotError> {
    let total: u64 = distribution.bins.iter().map(|b| b.count).sum();
    let half = 0.012 * (panel.x.1 - panel.x.0);
    for bin in &distribution.bins {
        let top = base + 0.62 * bin.count as f64 / total.max(1) as f64;
        let (low, high) = ((bin.low - half).max(panel.x.0), (bin.low + half).min(panel.x.1));
        panel.fill(&[(low, base), (high, base), (high, top), (low, top)], colour)?;
    }
    Ok(())
}

/// Density on 80 equal steps, from bins of any width.
fn density(bins: &[Bin], (low, high): (f64, f64)) -> Vec<(f64, f64)> {
    const STEPS: usize = 80;
    let step = (high - low) / STEPS as f64;
    let inside = |k: usize| {
        let (a, b) = (low + k as f64 * step, low + (k + 1) as f64 * step);
        let share = |bin: &Bin| {
            let overlap = bin.high.min(b) - bin.low.max(a);
            if overlap > 0.0 { bin.count as f64 * overlap / (bin.high - bin.low) } else { 0.0 }
        };
        bins.iter().map(share).sum::<f64>()
    };
    let raw: Vec<f64> = (0..STEPS).map(inside).collect();
    let at = |k: usize| low + (k as f64 + 0.5) * step;
    // A three-point mean takes out the teeth that bins of unequal width leave.
    let smooth = |k: usize| {
        let near = [k.saturating_sub(1), k, (k + 1).min(STEPS - 1)];
        near.iter().map(|j| raw[*j]).sum::<f64>() / 3.0
    };
    (0..STEPS).map(|k| (at(k), smooth(k))).collect()
}

/// From the lowest 1 % to the highest 99 % of all scenarios, a little wider.
fn range(town: &TownResults, q: usize, classes: &[ScaleClass]) -> (f64, f64) {
    let ends = town.scenarios.iter().filter_map(|s| s.years.last()).flat_map(|c| {
        let d = &c.quantities[q];
        [d.quantiles[0].value, d.quantiles[d.quantiles.len() - 1].value]
    });
    let (low, high) = ends.fold((f64::MAX, f64::MIN), |(l, h), v| (l.min(v), h.max(v)));
    let (low, high) = widen(low, high, classes);
    let span = high - low;
    let floor = if low >= 0.0 { 0.0 } else { f64::MIN };
    ((low - 0.08 * span).max(floor), high + 0.08 * span)
}
