//! Outcome distributions in one year: a ridge a scenario, over the class bounds.

use plotters::style::RGBColor;
use plotters::style::text_anchor::{HPos, VPos};

use crate::analyse::{Bin, Distribution, MEDIAN, QuantityKind, ScaleClass, ScenarioResults, TownResults};
use crate::plot::context::{Context, widen};
use crate::plot::font::text_width;
use crate::plot::palette::{INK, MUTED, class_colour, scenario_colour, tint};
use crate::plot::panel::{Panel, ticks};
use crate::plot::theme::{
    Area, CAPTION, Frame, LABEL, MARGIN, STRONG, WIDTH, cut, figure, heading_in, leading, wrap, write,
    write_lines,
};
use crate::plot::{Figure, FigureKind, PlotError, Table};

/// Panels are laid out in this many columns.
const COLUMNS: usize = 3;
const PANEL: i32 = 420;
/// Room above and below the ridges of a panel.
const ABOVE: i32 = 84;
const BELOW: i32 = 40;
/// Room left of the panels for the names of the scenarios, and between panels.
const NAMES: i32 = 214;
const GAP: i32 = 26;
/// Height of a ridge, of the distance of two.
const RISE: f64 = 0.60;
/// Quantiles at 10, 25, 75 and 90 %, by their places.
const MARKS: [usize; 4] = [3, 4, 6, 7];

/// Draws the distributions of indices and persons in the year at this place.
pub(super) fn draw(context: &Context<'_>, town: &TownResults, t: usize) -> Result<Figure, PlotError> {
    let kind = |want: &dyn Fn(QuantityKind) -> bool| {
        let quantities = context.results.quantities.iter().enumerate();
        quantities.filter(|(_, q)| want(q.kind)).map(|(k, _)| k).collect::<Vec<usize>>()
    };
    let composites = kind(&|k| matches!(k, QuantityKind::Composite(_)));
    let persons = kind(&|k| matches!(k, QuantityKind::Persons(_) | QuantityKind::Population));
    let quantities = [composites, persons].concat();
    let text = context.text;
    let year = context.results.setup.years[t].to_string();
    let frame = Frame {
        title: context.median_finding(town, ("people_at_enterprise", t), "plot.jobs_range", "plot.outcome"),
        note: text.fill("plot.outcome_note", &[("year", &year)]),
        key: Vec::new(),
        caption: context.caption(town),
    };
    let rows = quantities.len().div_ceil(COLUMNS) as i32;
    let picture = figure((PANEL * rows) as u32, &frame, |area| {
        for row in 0..rows {
            draw_names(context, area, town, row)?;
        }
        for (k, q) in quantities.iter().enumerate() {
            draw_panel(context, area, town, (*q, t), (k % COLUMNS, k / COLUMNS))?;
        }
        Ok(())
    })?;
    let table = table(context, town, &quantities, t);
    let mut figure = context.figure(FigureKind::Outcome, Some(town), frame, picture, table);
    if t != context.last() {
        figure.name = format!("{}-{year}", figure.name);
    }
    Ok(figure)
}

/// The scenarios' names left of their ridges.
fn draw_names(context: &Context<'_>, area: &Area<'_>, town: &TownResults, row: i32) -> Result<(), PlotError> {
    let each = (PANEL - ABOVE - BELOW) / town.scenarios.len() as i32;
    for (k, scenario) in town.scenarios.iter().enumerate() {
        let lines = wrap(context.text.name(&scenario.name), STRONG, f64::from(NAMES - MARGIN - 10));
        let base = row * PANEL + ABOVE + each * (k as i32 + 1);
        let top = base - leading(STRONG) * lines.len() as i32;
        let colour = scenario_colour(context.candidate(scenario));
        write_lines(area, &lines, (MARGIN, top), STRONG, colour, HPos::Left)?;
    }
    Ok(())
}

fn draw_panel(
    context: &Context<'_>,
    area: &Area<'_>,
    town: &TownResults,
    (q, t): (usize, usize),
    (column, row): (usize, usize),
) -> Result<(), PlotError> {
    let each = (WIDTH as i32 - NAMES - MARGIN + GAP) / COLUMNS as i32;
    let left = NAMES + column as i32 * each;
    let top = row as i32 * PANEL;
    let quantity = &context.results.quantities[q];
    let composite = match quantity.kind {
        QuantityKind::Composite(k) => Some(k),
        _ => None,
    };
    let classes = composite.map_or(&[][..], |k| context.results.scaled[k].classes.as_slice());
    let unit = context.text.unit(&quantity.unit, quantity.unit_name.as_ref());
    let unit = if composite.is_some() { quantity.id.as_str() } else { unit };
    let room = f64::from(each - GAP);
    let (name, size) = heading_in(context.text.name(&quantity.label), room);
    write(area, &name, (left, top + 8), size, INK, (HPos::Left, VPos::Top))?;
    write(area, &cut(unit, CAPTION, room), (left, top + 36), CAPTION, MUTED, (HPos::Left, VPos::Top))?;
    let x = range(town, (q, t), classes);
    let frame = [left, top + ABOVE, left + each - GAP, top + PANEL - BELOW];
    let count = town.scenarios.len();
    let panel = Panel { area, frame, x, y: (0.0, count as f64) };
    draw_classes(context, &panel, classes)?;
    for (k, scenario) in town.scenarios.iter().enumerate() {
        ridge(context, &panel, scenario, (q, t, composite), (count - 1 - k) as f64)?;
    }
    let (values, decimals) = ticks(x.0, x.1);
    for value in values {
        let (px, py) = panel.at(value, 0.0);
        let label = context.text.number(value, decimals);
        let half = (text_width(&label, LABEL) / 2.0) as i32;
        let px = px.clamp(frame[0] + half, frame[2] - half);
        write(area, &label, (px, py + 9), LABEL, INK, (HPos::Center, VPos::Top))?;
    }
    panel.line(&[(x.0, 0.0), (x.1, 0.0)], MUTED, 1)
}

/// The part of each class that the panel shows: its lower and upper end.
fn stripes(panel: &Panel<'_, '_>, classes: &[ScaleClass]) -> Vec<(f64, f64)> {
    let mut low = panel.x.0;
    let last = classes.len().saturating_sub(1);
    let stripe = |(k, class): (usize, &ScaleClass)| {
        let high = if k == last { panel.x.1 } else { class.upper.min(panel.x.1) };
        let stripe = (low, high.max(low));
        low = stripe.1;
        stripe
    };
    classes.iter().enumerate().map(stripe).collect()
}

/// Class ranges as pale stripes, with names above where they fit.
fn draw_classes(
    context: &Context<'_>,
    panel: &Panel<'_, '_>,
    classes: &[ScaleClass],
) -> Result<(), PlotError> {
    let mut free = i32::MIN;
    for (class, (low, high)) in classes.iter().zip(stripes(panel, classes)) {
        if high <= low {
            continue;
        }
        let corners = [(low, 0.0), (high, 0.0), (high, panel.y.1), (low, panel.y.1)];
        panel.fill(&corners, tint(class_colour(class.rank), 0.35))?;
        let label = context.text.name(&class.name);
        let (from, _) = panel.at(low, 0.0);
        let (to, y) = panel.at(high, panel.y.1);
        let half = (text_width(label, CAPTION) / 2.0).ceil() as i32;
        let middle = i32::midpoint(from, to).clamp(panel.frame[0] + half, panel.frame[2] - half);
        if middle - half > free && to - from > half {
            write(panel.area, label, (middle, y - 4), CAPTION, MUTED, (HPos::Center, VPos::Bottom))?;
            free = middle + half + 8;
        }
    }
    Ok(())
}

/// One scenario: its density as a ridge, the quantiles below it, and in words the share of each class or the
/// median.
fn ridge(
    context: &Context<'_>,
    panel: &Panel<'_, '_>,
    scenario: &ScenarioResults,
    (q, t, composite): (usize, usize, Option<usize>),
    base: f64,
) -> Result<(), PlotError> {
    let Some(cell) = scenario.years.get(t) else { return Ok(()) };
    let distribution = &cell.quantities[q];
    let colour = scenario_colour(context.candidate(scenario));
    if distribution.bins.iter().any(|b| b.low == b.high) {
        bars(panel, distribution, colour, base)?;
    } else {
        let density = density(&distribution.bins, panel.x);
        let peak = density.iter().map(|d| d.1).fold(1e-300, f64::max);
        let mut outline: Vec<(f64, f64)> = vec![(panel.x.0, base)];
        outline.extend(density.iter().map(|(x, d)| (*x, base + RISE * d / peak)));
        outline.push((panel.x.1, base));
        panel.fill(&outline, tint(colour, 0.55))?;
        panel.line(&outline, colour, 1)?;
        quantile_marks(panel, distribution, base)?;
    }
    match composite {
        Some(k) => {
            let classes = &context.results.scaled[k].classes;
            let shares: Vec<f64> = cell.classes[k].iter().map(|share| share.value).collect();
            write_shares(context, panel, classes, &shares, base)
        }
        None => write_median(context, panel, distribution, base),
    }
}

/// The median as a line up the ridge; a bar from the lower to the upper quarter and a line from the lowest to
/// the highest tenth along its foot.
fn quantile_marks(panel: &Panel<'_, '_>, distribution: &Distribution, base: f64) -> Result<(), PlotError> {
    let at = |k: usize| distribution.quantiles[k].value.clamp(panel.x.0, panel.x.1);
    let [p10, p25, p75, p90] = MARKS.map(at);
    panel.line(&[(p10, base), (p90, base)], INK, 2)?;
    panel.line(&[(p25, base), (p75, base)], INK, 6)?;
    let median = at(MEDIAN);
    panel.line(&[(median, base), (median, base + RISE)], INK, 3)
}

/// The share of runs in each class, above the ridge, where its stripe has the room and any run is.
fn write_shares(
    context: &Context<'_>,
    panel: &Panel<'_, '_>,
    classes: &[ScaleClass],
    shares: &[f64],
    base: f64,
) -> Result<(), PlotError> {
    let mut free = panel.frame[0];
    for (share, (low, high)) in shares.iter().zip(stripes(panel, classes)) {
        if *share <= 0.0 || high <= low {
            continue;
        }
        let label = context.percent_short(*share);
        let ((from, y), (to, _)) = (panel.at(low, base + 0.82), panel.at(high, base + 0.82));
        let width = text_width(&label, CAPTION).ceil() as i32;
        let middle = i32::midpoint(from, to);
        if to - from >= width + 4 && middle - width / 2 >= free {
            write(panel.area, &label, (middle, y), CAPTION, INK, (HPos::Center, VPos::Center))?;
            free = middle + width / 2 + 6;
        }
    }
    Ok(())
}

/// The median, above the ridge on the side away from the bulk of the distribution.
fn write_median(
    context: &Context<'_>,
    panel: &Panel<'_, '_>,
    distribution: &Distribution,
    base: f64,
) -> Result<(), PlotError> {
    let median = distribution.quantiles[MEDIAN].value;
    let label = context.text.fill("plot.median_of", &[("value", context.compact(median))]);
    let (_, y) = panel.at(panel.x.0, base + 0.80);
    let (at, anchor) = if median < 0.5 * (panel.x.0 + panel.x.1) {
        ((panel.frame[2] - 6, y), HPos::Right)
    } else {
        ((panel.frame[0] + 6, y), HPos::Left)
    };
    write(panel.area, &label, at, CAPTION, INK, (anchor, VPos::Center))
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
        let top = base + RISE * bin.count as f64 / total.max(1) as f64;
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
fn range(town: &TownResults, (q, t): (usize, usize), classes: &[ScaleClass]) -> (f64, f64) {
    let ends = town.scenarios.iter().filter_map(|s| s.years.get(t)).flat_map(|c| {
        let d = &c.quantities[q];
        [d.quantiles[0].value, d.quantiles[d.quantiles.len() - 1].value]
    });
    let (low, high) = ends.fold((f64::MAX, f64::MIN), |(l, h), v| (l.min(v), h.max(v)));
    let (low, high) = widen(low, high, classes);
    let span = high - low;
    let floor = if low >= 0.0 { 0.0 } else { f64::MIN };
    ((low - 0.08 * span).max(floor), high + 0.08 * span)
}

/// A row a quantity and scenario: quantiles, and the share of each class.
fn table(context: &Context<'_>, town: &TownResults, quantities: &[usize], t: usize) -> Table {
    let (results, text) = (context.results, context.text);
    let keys = ["table.quantity", "table.path", "plot.ten", "plot.median", "plot.ninety", "table.classes"];
    let mut table = Table::new(keys.map(|key| text.get(key)));
    for q in quantities {
        let quantity = &results.quantities[*q];
        for scenario in &town.scenarios {
            let Some(cell) = scenario.years.get(t) else { continue };
            let quantiles = &cell.quantities[*q].quantiles;
            let mut row = vec![text.name(&quantity.label).to_owned(), text.name(&scenario.name).to_owned()];
            row.extend([MARKS[0], MEDIAN, MARKS[3]].map(|k| text.readable(quantiles[k].value)));
            row.push(match quantity.kind {
                QuantityKind::Composite(k) => {
                    let classes = results.scaled[k].classes.iter().zip(&cell.classes[k]);
                    let said = classes.filter(|(_, share)| share.value > 0.0);
                    let said = said
                        .map(|(c, share)| format!("{} {}", text.name(&c.name), share.percent_short(text)));
                    said.collect::<Vec<_>>().join(", ")
                }
                _ => "–".to_owned(),
            });
            table.row(row);
        }
    }
    table
}
