//! Two scenarios over each other, for direct comparison.

use plotters::prelude::{Color, FontTransform};
use plotters::style::RGBColor;
use plotters::style::text_anchor::{HPos, VPos};

use crate::analyse::{Distribution, MEDIAN, Paired, QuantityKind, ScenarioResults, TownResults};
use crate::plot::context::{Context, widen};
use crate::plot::palette::{INK, MUTED, scenario_colour};
use crate::plot::panel::Panel;
use crate::plot::theme::{
    Area, Frame, HEADING, LABEL, MARGIN, STRONG, WIDTH, cut, figure, leading, wrap, write, write_lines,
    write_turned,
};
use crate::plot::{Figure, FigureKind, PlotError, Table};

/// Panels in this many columns, and their height.
const COLUMNS: usize = 2;
const HEIGHT: i32 = 380;
/// Room for the y axis, for the names at the ends of the lines, above and below a panel.
const LEFT: i32 = 100;
const NAMES: i32 = 190;
const ABOVE: i32 = 64;
const BELOW: i32 = 44;
/// Bands of 80 and 50 % by the places of their quantiles.
const BANDS: [(usize, usize); 2] = [(3, 7), (4, 6)];

/// Draws the two that were chosen, or the reference scenario and that with most of the lead.
pub(super) fn draw(context: &Context<'_>, town: &TownResults) -> Result<Option<Figure>, PlotError> {
    let Some(pair) = pair(context, town) else { return Ok(None) };
    let text = context.text;
    let quantities = quantities(context);
    let names = pair.map(|s| text.name(&s.name));
    let (year, town_name) = (context.horizon().to_string(), text.name(&town.name));
    let mut values = vec![("town", town_name), ("a", names[0]), ("b", names[1]), ("year", &year)];
    let better = quantities.first().and_then(|q| Some((*q, better(context, pair, *q)?)));
    let said = better.map(|(q, share)| (short_name(context, q), share));
    let title = match &said {
        Some((quantity, share)) => {
            values.extend([("quantity", *quantity), ("share", share.as_str())]);
            text.fill("plot.overlay_better", &values)
        }
        None => text.fill("plot.overlay", &values),
    };
    let note = text.fill("plot.overlay_note", &[("a", names[0]), ("b", names[1])]);
    let frame = Frame { title, note, key: Vec::new(), caption: context.caption(town) };
    let rows = quantities.len().div_ceil(COLUMNS) as i32;
    let picture = figure((rows * HEIGHT) as u32, &frame, |area| {
        for (k, q) in quantities.iter().enumerate() {
            draw_panel(context, area, pair, *q, (k % COLUMNS, k / COLUMNS))?;
        }
        Ok(())
    })?;
    let table = table(context, pair, &quantities);
    Ok(Some(context.figure(FigureKind::Overlay, Some(town), frame, picture, table)))
}

/// The symbol of an index, or the name of anything else.
fn short_name<'a>(context: &Context<'a>, q: usize) -> &'a str {
    let quantity = &context.results.quantities[q];
    match quantity.kind {
        QuantityKind::Composite(_) => &quantity.id,
        _ => context.text.name(&quantity.label),
    }
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

/// The economy's index, unemployment, people at the enterprise, the first index: those that the case has.
fn quantities(context: &Context<'_>) -> Vec<usize> {
    let quantities = &context.results.quantities;
    let composite = |k: usize| quantities.iter().position(|q| q.kind == QuantityKind::Composite(k));
    let wanted = [
        context.economy().and_then(composite),
        context.quantity("unemployment"),
        context.quantity("people_at_enterprise"),
        composite(0),
    ];
    let mut found: Vec<usize> = Vec::new();
    for q in wanted.into_iter().flatten() {
        if !found.contains(&q) {
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
    area: &Area<'_>,
    pair: [&ScenarioResults; 2],
    q: usize,
    (column, row): (usize, usize),
) -> Result<(), PlotError> {
    let (results, text) = (context.results, context.text);
    let each = (WIDTH as i32 - 2 * MARGIN) / COLUMNS as i32;
    let (left, top) = (MARGIN + column as i32 * each, row as i32 * HEIGHT);
    let frame = [left + LEFT, top + ABOVE, left + each - NAMES, top + HEIGHT - BELOW];
    let quantity = &results.quantities[q];
    let room = f64::from(each - 20);
    let heading = cut(text.name(&quantity.label), HEADING, room);
    write(area, &heading, (left, top + 6), HEADING, INK, (HPos::Left, VPos::Top))?;
    if let Some(share) = better(context, pair, q) {
        let name = text.name(&pair[1].name);
        let line = text.fill("plot.overlay_share", &[("b", name), ("share", share.as_str())]);
        write(area, &cut(&line, LABEL, room), (left, top + 34), LABEL, MUTED, (HPos::Left, VPos::Top))?;
    }
    let years: Vec<f64> = results.setup.years.iter().map(|y| f64::from(*y)).collect();
    let y = range(context, pair, q);
    let panel = Panel { area, frame, x: (years[0], years[years.len() - 1]), y };
    panel.axes(true, true, text)?;
    let unit = match quantity.kind {
        QuantityKind::Composite(_) => quantity.id.as_str(),
        _ => text.unit(&quantity.unit, quantity.unit_name.as_ref()),
    };
    let middle = (left + 10, i32::midpoint(frame[1], frame[3]));
    let unit = cut(unit, LABEL, f64::from(frame[3] - frame[1]));
    let anchor = (HPos::Center, VPos::Center);
    write_turned(area, &unit, middle, LABEL, MUTED, anchor, FontTransform::Rotate270)?;
    let colours = pair.map(|s| scenario_colour(context.candidate(s)));
    for (scenario, colour) in pair.iter().zip(colours) {
        bands(&panel, scenario, q, &years, colour)?;
    }
    for (k, (scenario, colour)) in pair.iter().zip(colours).enumerate() {
        let median: Vec<(f64, f64)> = years.iter().copied().zip(quantile(scenario, q, MEDIAN)).collect();
        if k == 0 { panel.line(&median, colour, 4)? } else { panel.dashes(&median, colour, 4)? }
    }
    names(context, &panel, pair, q, colours)
}

fn quantile(scenario: &ScenarioResults, q: usize, k: usize) -> Vec<f64> {
    let of = |d: &Distribution| d.quantiles[k].value;
    scenario.years.iter().map(|cell| of(&cell.quantities[q])).collect()
}

/// Half of the runs over eight of ten; what lies below shines through.
fn bands(
    panel: &Panel<'_, '_>,
    scenario: &ScenarioResults,
    q: usize,
    years: &[f64],
    colour: RGBColor,
) -> Result<(), PlotError> {
    for (low, high) in BANDS {
        panel.band(years, &quantile(scenario, q, low), &quantile(scenario, q, high), colour.mix(0.25))?;
    }
    for place in [BANDS[0].0, BANDS[0].1] {
        let edge: Vec<(f64, f64)> = years.iter().copied().zip(quantile(scenario, q, place)).collect();
        panel.line(&edge, colour, 1)?;
    }
    Ok(())
}

/// The scenarios' names at the ends of their medians, apart from each other.
fn names(
    context: &Context<'_>,
    panel: &Panel<'_, '_>,
    pair: [&ScenarioResults; 2],
    q: usize,
    colours: [RGBColor; 2],
) -> Result<(), PlotError> {
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
    for k in 0..2 {
        let at = (panel.frame[2] + 10, tops[k] + 4);
        write_lines(panel.area, &lines[k], at, STRONG, colours[k], HPos::Left)?;
    }
    Ok(())
}

/// A range that holds the 80 % bands of both, a little wider.
fn range(context: &Context<'_>, pair: [&ScenarioResults; 2], q: usize) -> (f64, f64) {
    let (low, high) = BANDS[0];
    let values = pair.into_iter().flat_map(|s| [quantile(s, q, low), quantile(s, q, high)].concat());
    let (low, high) =
        values.filter(|v| v.is_finite()).fold((f64::MAX, f64::MIN), |(l, h), v| (l.min(v), h.max(v)));
    let classes = match context.results.quantities[q].kind {
        QuantityKind::Composite(k) => context.results.scaled[k].classes.as_slice(),
        _ => &[],
    };
    let (low, high) = widen(low, high, classes);
    let span = high - low;
    let floor = if low >= 0.0 { 0.0 } else { f64::MIN };
    ((low - 0.06 * span).max(floor), high + 0.06 * span)
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
            let mut row = vec![text.name(&context.results.quantities[*q].label).to_owned(), year.to_string()];
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
