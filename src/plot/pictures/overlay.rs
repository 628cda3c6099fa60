//! Two scenarios over each other, for direct comparison.

use plotters::prelude::{Color, FontTransform};
use plotters::style::RGBColor;
use plotters::style::text_anchor::{HPos, VPos};

use crate::analyse::{Distribution, MEDIAN, Paired, ScenarioResults, TownResults};
use crate::plot::canvas::{Canvas, write, write_lines, write_turned};
use crate::plot::context::Context;
use crate::plot::figure::Figure;
use crate::plot::font::text_width;
use crate::plot::kind::FigureKind;
use crate::plot::lines::{cut, wrap};
use crate::plot::palette::{INK, MUTED, scenario_colour};
use crate::plot::panel::Panel;
use crate::plot::ranges::around;
use crate::plot::sheet::{Frame, sheet};
use crate::plot::table::Table;
use crate::plot::tested::tested_in_words;
use crate::plot::theme::{HEADING, LABEL, MARGIN, STRONG, WIDTH, leading};

/// Panels in this many columns, and their height.
const COLUMNS: usize = 2;
const HEIGHT: i32 = 380;
/// Panels of a figure.
const MOST: usize = 4;
/// Room for the y axis, for the names at the ends of the lines, above and below a panel.
const LEFT: i32 = 100;
const NAMES: i32 = 190;
const ABOVE: i32 = 64;
const BELOW: i32 = 44;
/// Bands of 80 and 50 % by the places of their quantiles.
const BANDS: [(usize, usize); 2] = [(3, 7), (4, 6)];

/// Draws the two that were chosen, or the reference scenario and that with most of the lead.
pub(super) fn draw(context: &Context<'_>, town: &TownResults) -> Option<Figure> {
    let pair = pair(context, town)?;
    let text = context.text;
    let quantities = quantities(context);
    let names = pair.map(|s| text.name(&s.name));
    let (year, town_name) = (context.horizon().to_string(), text.name(&town.name));
    let mut values = vec![("town", town_name), ("a", names[0]), ("b", names[1]), ("year", &year)];
    let better = quantities.first().and_then(|q| Some((*q, better(context, pair, *q)?)));
    let said = better.map(|(q, share)| (context.short_name(q), share));
    let title = match &said {
        Some((quantity, share)) => {
            values.extend([("quantity", *quantity), ("share", share.as_str())]);
            text.fill("plot.overlay_better", &values)
        }
        None => text.fill("plot.overlay", &values),
    };
    let note = text.fill("plot.overlay_note", &[("a", names[0]), ("b", names[1])]);
    let note = note + &tested_in_words(context, &quantities);
    let frame = Frame { title, note, key: Vec::new(), caption: context.caption(town) };
    let rows = quantities.len().div_ceil(COLUMNS) as i32;
    let picture = sheet(rows * HEIGHT, &frame, |canvas| {
        for (k, q) in quantities.iter().enumerate() {
            draw_panel(context, canvas, pair, *q, (k % COLUMNS, k / COLUMNS));
        }
    });
    let table = table(context, pair, &quantities);
    Some(context.figure(FigureKind::Overlay, Some(town), frame, picture, table))
}

/// The scenarios to compare; none where fewer than two were run.
fn pair<'a>(context: &Context<'_>, town: &'a TownResults) -> Option<[&'a ScenarioResults; 2]> {
    let find = |id: &str| town.scenarios.iter().find(|s| s.id == id);
    if let Some((a, b)) = &context.choice.overlay {
        return Some([find(a)?, find(b)?]);
    }
    let reference = town.scenarios.iter().find(|s| s.paired.is_none()).or(town.scenarios.first())?;
    let lead = |s: &ScenarioResults| -> f64 {
        let candidate = context.candidate(s);
        town.scenarios
            .iter()
            .filter_map(|path| path.years.last())
            .map(|cell| cell.lead[candidate].value)
            .sum()
    };
    let others = town.scenarios.iter().filter(|s| s.id != reference.id);
    let other = others.max_by(|a, b| lead(a).total_cmp(&lead(b)))?;
    Some([reference, other])
}

/// What the case tells first, and the first index: those that the case has; of a case that names nothing, what is
/// compared in pairs.
fn quantities(context: &Context<'_>) -> Vec<usize> {
    let quantities = &context.results.quantities;
    let first = (0..quantities.len()).find(|q| context.composite(*q).is_some());
    let headline = context.headline();
    let paired = (0..quantities.len()).filter(|q| quantities[*q].paired);
    let mut found: Vec<usize> = Vec::new();
    for q in [headline.index, headline.rate, headline.people, first].into_iter().flatten().chain(paired) {
        if !found.contains(&q) && found.len() < MOST {
            found.push(q);
        }
    }
    found
}

/// The paired difference of the second scenario to the first in the last year, where it is kept: the first
/// must be the reference.
fn paired(pair: [&ScenarioResults; 2], q: usize) -> Option<&Paired> {
    let [first, second] = pair;
    if first.paired.is_some() {
        return None;
    }
    second.paired.as_ref()?.last()?.iter().find(|p| p.quantity == q)
}

/// In how many runs the second is better than the first, in words.
fn better(context: &Context<'_>, pair: [&ScenarioResults; 2], q: usize) -> Option<String> {
    let share = paired(pair, q)?.better?;
    Some(share.percent_short(context.text))
}

fn draw_panel(
    context: &Context<'_>,
    canvas: &Canvas<'_>,
    pair: [&ScenarioResults; 2],
    q: usize,
    (column, row): (usize, usize),
) {
    let text = context.text;
    let each = (WIDTH as i32 - 2 * MARGIN) / COLUMNS as i32;
    let (left, top) = (MARGIN + column as i32 * each, row as i32 * HEIGHT);
    let rect = [left + LEFT, top + ABOVE, left + each - NAMES, top + HEIGHT - BELOW];
    let room = f64::from(each - 20);
    let heading = cut(context.label(q), HEADING, room);
    write(canvas, &heading, (left, top + 6), HEADING, INK, (HPos::Left, VPos::Top));
    if let Some(share) = better(context, pair, q) {
        let name = text.name(&pair[1].name);
        let line = text.fill("plot.overlay_share", &[("b", name), ("share", share.as_str())]);
        // Two long names leave no room for one of them: the note says which is meant.
        let line = if text_width(&line, LABEL) <= room {
            line
        } else {
            text.fill("plot.better", &[("share", share)])
        };
        write(canvas, &line, (left, top + 34), LABEL, MUTED, (HPos::Left, VPos::Top));
    }
    let years = context.years();
    let panel = Panel::new(canvas, rect, context.span(), range(context, pair, q));
    panel.axes(true, true, text);
    let middle = (left + 10, i32::midpoint(rect[1], rect[3]));
    let unit = cut(context.unit(q), LABEL, f64::from(rect[3] - rect[1]));
    let anchor = (HPos::Center, VPos::Center);
    write_turned(canvas, &unit, middle, LABEL, MUTED, anchor, FontTransform::Rotate270);
    let colours = pair.map(|s| scenario_colour(context.candidate(s)));
    for (scenario, colour) in pair.iter().zip(colours) {
        bands(&panel, scenario, q, &years, colour);
    }
    for (k, (scenario, colour)) in pair.iter().zip(colours).enumerate() {
        let median: Vec<(f64, f64)> = years.iter().copied().zip(quantile(scenario, q, MEDIAN)).collect();
        if k == 0 { panel.line(&median, colour, 4) } else { panel.dashes(&median, colour, 4) }
    }
    names(context, &panel, pair, q, colours);
}

fn quantile(scenario: &ScenarioResults, q: usize, k: usize) -> Vec<f64> {
    let of = |d: &Distribution| d.quantiles[k].value;
    scenario.years.iter().map(|cell| of(&cell.quantities[q])).collect()
}

/// Half of the runs over eight of ten; what lies below shines through.
fn bands(panel: &Panel<'_, '_>, scenario: &ScenarioResults, q: usize, years: &[f64], colour: RGBColor) {
    for (low, high) in BANDS {
        panel.band(years, &quantile(scenario, q, low), &quantile(scenario, q, high), colour.mix(0.25));
    }
    for place in [BANDS[0].0, BANDS[0].1] {
        let edge: Vec<(f64, f64)> = years.iter().copied().zip(quantile(scenario, q, place)).collect();
        panel.line(&edge, colour, 1);
    }
}

/// The scenarios' names at the ends of their medians, apart from each other.
fn names(
    context: &Context<'_>,
    panel: &Panel<'_, '_>,
    pair: [&ScenarioResults; 2],
    q: usize,
    colours: [RGBColor; 2],
) {
    let lines = pair.map(|s| wrap(context.text.name(&s.name), STRONG, f64::from(NAMES - 20)));
    let heights = [0, 1].map(|k| leading(STRONG) * lines[k].len() as i32);
    let ends = pair.map(|s| {
        let value = quantile(s, q, MEDIAN).last().copied().unwrap_or_default();
        panel.at(panel.x.1, panel.clip(value)).1
    });
    let (upper, lower) = if ends[0] <= ends[1] { (0, 1) } else { (1, 0) };
    let mut tops = [0, 1].map(|k| ends[k] - heights[k] / 2);
    let lack = tops[upper] + heights[upper] + 2 - tops[lower];
    if lack > 0 {
        tops[upper] -= lack / 2;
        tops[lower] += lack - lack / 2;
    }
    // Neither leaves the panel's row.
    let over = (panel.rect[1] - ABOVE / 2 - tops[upper]).max(0);
    let under = (tops[lower] + heights[lower] - panel.rect[3] - BELOW / 2).max(0);
    for k in 0..2 {
        tops[k] += over - under;
    }
    for k in 0..2 {
        let at = (panel.rect[2] + 10, tops[k] + 4);
        write_lines(panel.canvas, &lines[k], at, STRONG, colours[k], HPos::Left);
    }
}

/// A range that holds the 80 % bands of both, a little wider.
fn range(context: &Context<'_>, pair: [&ScenarioResults; 2], q: usize) -> (f64, f64) {
    let (low, high) = BANDS[0];
    let values = pair.into_iter().flat_map(|s| [quantile(s, q, low), quantile(s, q, high)].concat());
    around(values, context.classes(q), 0.06)
}

/// A row a quantity and year: both medians with the middle 80 %, and how often the second is better.
fn table(context: &Context<'_>, pair: [&ScenarioResults; 2], quantities: &[usize]) -> Table {
    let text = context.text;
    let mut headers = ["table.quantity", "table.year"].map(|key| text.get(key).to_owned()).to_vec();
    headers.extend(pair.map(|s| format!("{} ({})", text.name(&s.name), text.get("plot.median_80"))));
    headers.push(text.fill("plot.better_under", &[("b", text.name(&pair[1].name))]));
    let mut table = Table::new(headers);
    for q in quantities {
        for (t, year) in context.results.setup.years.iter().enumerate() {
            let mut row = vec![context.label(*q).to_owned(), year.to_string()];
            row.extend(pair.map(|s| {
                let quantiles = &s.years[t].quantities[*q].quantiles;
                let [median, low, high] =
                    [MEDIAN, BANDS[0].0, BANDS[0].1].map(|k| text.readable(quantiles[k].value));
                format!("{median} ({})", text.range(&low, &high))
            }));
            let at_end = t == context.last();
            row.push(at_end.then(|| better(context, pair, *q)).flatten().unwrap_or_else(|| "–".to_owned()));
            table.row(row);
        }
    }
    table
}
