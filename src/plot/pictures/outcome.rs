//! Outcome distributions in one year: a ridge a scenario, over the class bounds.

use plotters::style::RGBColor;
use plotters::style::text_anchor::{HPos, VPos};

use crate::analyse::{Bin, Distribution, MEDIAN, QuantityKind, ScaleClass, ScenarioResults, TownResults};
use crate::plot::canvas::{Canvas, write, write_lines};
use crate::plot::context::Context;
use crate::plot::figure::Figure;
use crate::plot::font::text_width;
use crate::plot::kind::FigureKind;
use crate::plot::lines::{cut, wrap};
use crate::plot::palette::{INK, MUTED, class_colour, scenario_colour, tint};
use crate::plot::panel::Panel;
use crate::plot::ranges::around;
use crate::plot::sheet::{Frame, sheet};
use crate::plot::table::Table;
use crate::plot::tested::tested_in_words;
use crate::plot::theme::{CAPTION, HEADING, LABEL, MARGIN, STRONG, WIDTH, height_of};
use crate::plot::ticks::ticks;

/// Panels are laid out in this many columns.
const COLUMNS: usize = 3;
const PANEL: i32 = 420;
/// Least height of a ridge with its distance to the next.
const LEAST: i32 = 56;
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

/// Draws the distributions of indices and persons in the year at this place; none without either.
pub(super) fn draw(context: &Context<'_>, town: &TownResults, t: usize) -> Option<Figure> {
    let results = context.results;
    let kind = |want: &dyn Fn(QuantityKind) -> bool| {
        let quantities = results.quantities.iter().enumerate();
        quantities.filter(|(_, q)| want(q.kind)).map(|(k, _)| k).collect::<Vec<usize>>()
    };
    let composites = kind(&|k| matches!(k, QuantityKind::Composite(_)));
    let persons = kind(&|k| matches!(k, QuantityKind::Persons(_) | QuantityKind::Population));
    let told = context.headline().people.or_else(|| persons.first().copied());
    let quantities = [composites, persons].concat();
    if quantities.is_empty() {
        return None;
    }
    let year = results.setup.years[t].to_string();
    let frame = Frame {
        title: context.median_finding(town, told, t, "plot.outcome"),
        note: context.text.fill("plot.outcome_note", &[("year", &year)])
            + &tested_in_words(context, &quantities),
        key: Vec::new(),
        caption: context.caption(town),
    };
    let rows = quantities.len().div_ceil(COLUMNS) as i32;
    let each = ridge_height(context, town);
    let panel = ABOVE + BELOW + each * town.scenarios.len() as i32;
    let picture = sheet(panel * rows, &frame, |canvas| {
        for row in 0..rows {
            draw_names(context, canvas, town, (row * panel, each));
        }
        for (k, q) in quantities.iter().enumerate() {
            draw_panel(context, canvas, town, (*q, t), (k % COLUMNS, (k / COLUMNS) as i32 * panel, panel));
        }
    });
    let table = table(context, town, &quantities, t);
    let mut figure = context.figure(FigureKind::Outcome, Some(town), frame, picture, table);
    if t != context.last() {
        figure.name = format!("{}-{year}", figure.name);
    }
    Some(figure)
}

/// Height of a ridge with its distance to the next: as the panel has room, or as a long name needs.
fn ridge_height(context: &Context<'_>, town: &TownResults) -> i32 {
    let name = |s: &ScenarioResults| height_of(name_lines(context, s).len(), STRONG);
    let longest = town.scenarios.iter().map(name).max().unwrap_or(0) + 4;
    ((PANEL - ABOVE - BELOW) / town.scenarios.len().max(1) as i32).max(longest).max(LEAST)
}

fn name_lines(context: &Context<'_>, scenario: &ScenarioResults) -> Vec<String> {
    wrap(context.text.name(&scenario.name), STRONG, f64::from(NAMES - MARGIN - 10))
}

/// The scenarios' names left of their ridges.
fn draw_names(context: &Context<'_>, canvas: &Canvas<'_>, town: &TownResults, (top, each): (i32, i32)) {
    for (k, scenario) in town.scenarios.iter().enumerate() {
        let lines = name_lines(context, scenario);
        let top = top + ABOVE + each * (k as i32 + 1) - height_of(lines.len(), STRONG);
        let colour = scenario_colour(context.candidate(scenario));
        write_lines(canvas, &lines, (MARGIN, top), STRONG, colour, HPos::Left);
    }
}

fn draw_panel(
    context: &Context<'_>,
    canvas: &Canvas<'_>,
    town: &TownResults,
    (q, t): (usize, usize),
    (column, top, height): (usize, i32, i32),
) {
    let each = (WIDTH as i32 - NAMES - MARGIN + GAP) / COLUMNS as i32;
    let left = NAMES + column as i32 * each;
    let (composite, classes) = (context.composite(q), context.classes(q));
    let room = f64::from(each - GAP);
    let name = context.label(q);
    let size = if text_width(name, HEADING) <= room { HEADING } else { STRONG };
    write(canvas, &cut(name, size, room), (left, top + 8), size, INK, (HPos::Left, VPos::Top));
    let unit = cut(context.unit(q), CAPTION, room);
    write(canvas, &unit, (left, top + 36), CAPTION, MUTED, (HPos::Left, VPos::Top));
    let x = range(town, (q, t), classes);
    let rect = [left, top + ABOVE, left + each - GAP, top + height - BELOW];
    let count = town.scenarios.len();
    let panel = Panel::new(canvas, rect, x, (0.0, count as f64));
    draw_classes(context, &panel, classes);
    for (k, scenario) in town.scenarios.iter().enumerate() {
        ridge(context, &panel, scenario, (q, t, composite), (count - 1 - k) as f64);
    }
    let (values, decimals) = ticks(x.0, x.1);
    let mut free = i32::MIN;
    for value in values {
        let (px, py) = panel.at(value, 0.0);
        let label = context.text.number(value, decimals);
        let half = (text_width(&label, LABEL) / 2.0).ceil() as i32;
        let px = px.clamp(rect[0] + half, rect[2] - half);
        if px - half > free {
            write(canvas, &label, (px, py + 9), LABEL, INK, (HPos::Center, VPos::Top));
            free = px + half + 8;
        }
    }
    panel.line(&[(x.0, 0.0), (x.1, 0.0)], MUTED, 1);
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
fn draw_classes(context: &Context<'_>, panel: &Panel<'_, '_>, classes: &[ScaleClass]) {
    let mut free = i32::MIN;
    for (class, (low, high)) in classes.iter().zip(stripes(panel, classes)) {
        if high <= low {
            continue;
        }
        let corners = [(low, 0.0), (high, 0.0), (high, panel.y.1), (low, panel.y.1)];
        panel.fill(&corners, tint(class_colour(class.rank), 0.35));
        let label = context.text.name(&class.name);
        let (from, _) = panel.at(low, 0.0);
        let (to, y) = panel.at(high, panel.y.1);
        let half = (text_width(label, CAPTION) / 2.0).ceil() as i32;
        let middle = i32::midpoint(from, to).clamp(panel.rect[0] + half, panel.rect[2] - half);
        if middle - half > free && to - from > half {
            write(panel.canvas, label, (middle, y - 4), CAPTION, MUTED, (HPos::Center, VPos::Bottom));
            free = middle + half + 8;
        }
    }
}

/// One scenario: its density as a ridge, the quantiles below it, and in words the share of each class or the
/// median.
fn ridge(
    context: &Context<'_>,
    panel: &Panel<'_, '_>,
    scenario: &ScenarioResults,
    (q, t, composite): (usize, usize, Option<usize>),
    base: f64,
) {
    let Some(cell) = scenario.years.get(t) else { return };
    let distribution = &cell.quantities[q];
    let colour = scenario_colour(context.candidate(scenario));
    if distribution.bins.iter().any(|b| b.low == b.high) {
        bars(panel, distribution, colour, base);
    } else {
        let density = density(&distribution.bins.to_vec(), panel.x);
        let peak = density.iter().map(|d| d.1).fold(1e-300, f64::max);
        let mut hill: Vec<(f64, f64)> = vec![(panel.x.0, base)];
        hill.extend(density.iter().map(|(x, d)| (*x, base + RISE * d / peak)));
        hill.push((panel.x.1, base));
        panel.hill(&hill, base, tint(colour, 0.55), colour);
        quantile_marks(panel, distribution, base);
    }
    match composite {
        Some(k) => {
            let classes = &context.results.scaled[k].classes;
            let shares: Vec<f64> = cell.classes[k].iter().map(|share| share.value).collect();
            write_shares(context, panel, classes, &shares, base);
        }
        None => write_median(context, panel, distribution, base),
    }
}

/// The median as a line up the ridge; a bar from the lower to the upper quarter and a line from the lowest to
/// the highest tenth along its foot.
fn quantile_marks(panel: &Panel<'_, '_>, distribution: &Distribution, base: f64) {
    let at = |k: usize| distribution.quantiles[k].value.clamp(panel.x.0, panel.x.1);
    let [p10, p25, p75, p90] = MARKS.map(at);
    panel.line(&[(p10, base), (p90, base)], INK, 2);
    panel.line(&[(p25, base), (p75, base)], INK, 6);
    let median = at(MEDIAN);
    panel.line(&[(median, base), (median, base + RISE)], INK, 3);
}

/// The share of runs in each class, above the ridge, where its stripe has the room and any run is.
fn write_shares(
    context: &Context<'_>,
    panel: &Panel<'_, '_>,
    classes: &[ScaleClass],
    shares: &[f64],
    base: f64,
) {
    let mut free = panel.rect[0];
    for (share, (low, high)) in shares.iter().zip(stripes(panel, classes)) {
        if *share <= 0.0 || high <= low {
            continue;
        }
        let label = context.percent_short(*share);
        let ((from, y), (to, _)) = (panel.at(low, base + 0.82), panel.at(high, base + 0.82));
        let width = text_width(&label, CAPTION).ceil() as i32;
        let middle = i32::midpoint(from, to);
        if to - from >= width + 4 && middle - width / 2 >= free {
            write(panel.canvas, &label, (middle, y), CAPTION, INK, (HPos::Center, VPos::Center));
            free = middle + width / 2 + 6;
        }
    }
}

/// The median, above the ridge on the side away from the bulk of the distribution.
fn write_median(context: &Context<'_>, panel: &Panel<'_, '_>, distribution: &Distribution, base: f64) {
    let median = distribution.quantiles[MEDIAN].value;
    let label = context.text.fill("plot.median_of", &[("value", context.compact(median))]);
    let (_, y) = panel.at(panel.x.0, base + 0.80);
    let (at, anchor) = if median < 0.5 * (panel.x.0 + panel.x.1) {
        ((panel.rect[2] - 6, y), HPos::Right)
    } else {
        ((panel.rect[0] + 6, y), HPos::Left)
    };
    write(panel.canvas, &label, at, CAPTION, INK, (anchor, VPos::Center));
}

/// A bar for each counted value, as high as its share.
fn bars(panel: &Panel<'_, '_>, distribution: &Distribution, colour: RGBColor, base: f64) {
    let total: u64 = distribution.bins.iter().map(|b| b.count).sum();
    let half = 0.012 * (panel.x.1 - panel.x.0);
    for bin in distribution.bins.iter() {
        let top = base + RISE * bin.count as f64 / total.max(1) as f64;
        let (low, high) = ((bin.low - half).max(panel.x.0), (bin.low + half).min(panel.x.1));
        panel.fill(&[(low, base), (high, base), (high, top), (low, top)], colour);
    }
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
    around(ends, classes, 0.08)
}

/// A row a quantity and scenario: quantiles, and the share of each class.
fn table(context: &Context<'_>, town: &TownResults, quantities: &[usize], t: usize) -> Table {
    let (results, text) = (context.results, context.text);
    let keys = ["table.quantity", "table.path", "plot.ten", "plot.median", "plot.ninety", "table.classes"];
    let mut table = Table::new(keys.map(|key| text.get(key)));
    for q in quantities {
        let composite = context.composite(*q);
        for scenario in &town.scenarios {
            let Some(cell) = scenario.years.get(t) else { continue };
            let quantiles = &cell.quantities[*q].quantiles;
            let mut row = vec![context.label(*q).to_owned(), text.name(&scenario.name).to_owned()];
            row.extend([MARKS[0], MEDIAN, MARKS[3]].map(|k| text.readable(quantiles[k].value)));
            row.push(match composite {
                Some(k) => {
                    let classes = results.scaled[k].classes.iter().zip(&cell.classes[k]);
                    let said = classes.filter(|(_, share)| share.value > 0.0);
                    let said = said
                        .map(|(c, share)| format!("{} {}", text.name(&c.name), share.percent_short(text)));
                    said.collect::<Vec<_>>().join(", ")
                }
                None => "–".to_owned(),
            });
            table.row(row);
        }
    }
    table
}
