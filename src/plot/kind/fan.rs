//! Fan charts: nested bands of a quantity over the years, the four scenarios side by side on one scale.

use plotters::style::RGBColor;
use plotters::style::text_anchor::{HPos, VPos};

use crate::analyse::{Distribution, MEDIAN, QuantityKind, ScaleClass, ScenarioResults, TownResults};
use crate::plot::context::{Context, widen};
use crate::plot::palette::{INK, MUTED, class_colour, scenario_colour, tint};
use crate::plot::panel::{Panel, RIGHT, place};
use crate::plot::theme::{Area, Frame, HEADING, KeyEntry, LABEL, Mark, figure, wrap, write, write_lines};
use crate::plot::{Figure, FigureKind, PlotError, Table};

/// Places of the bounds of the 95, 80 and 50 % bands among the quantiles, and how dark each band is.
pub(super) const BANDS: [(usize, usize, f64, &str); 3] =
    [(1, 9, 0.22, "95 %"), (3, 7, 0.42, "80 %"), (4, 6, 0.66, "50 %")];
/// Height of a row of panels.
const ROW: u32 = 220;

/// The indices.
pub(super) fn composites(context: &Context<'_>, town: &TownResults) -> Result<Figure, PlotError> {
    let quantities = context.results.quantities.iter().enumerate();
    let composites = quantities.filter(|(_, q)| matches!(q.kind, QuantityKind::Composite(_)));
    let chosen: Vec<usize> = composites.map(|(k, _)| k).collect();
    fan(context, town, FigureKind::FanComposites, "plot.fan_composites", &chosen)
}

/// The main drivers.
pub(super) fn drivers(context: &Context<'_>, town: &TownResults) -> Result<Figure, PlotError> {
    let quantities = &context.results.quantities;
    let chosen: Vec<usize> = (0..quantities.len()).filter(|q| quantities[*q].main).collect();
    fan(context, town, FigureKind::FanDrivers, "plot.fan_drivers", &chosen)
}

/// Draws a fan chart of some quantities of a town, a row each.
fn fan(
    context: &Context<'_>,
    town: &TownResults,
    kind: FigureKind,
    title: &str,
    quantities: &[usize],
) -> Result<Figure, PlotError> {
    let title = context.text.fill(title, &[("town", context.text.name(&town.name))]);
    let text = context.text;
    let grey = RGBColor(70, 70, 78);
    let mut key: Vec<KeyEntry> = BANDS
        .iter()
        .rev()
        .map(|b| KeyEntry {
            label: text.fill("plot.band", &[("share", b.3)]),
            mark: Mark::Patch(tint(grey, b.2)),
        })
        .collect();
    key.push(KeyEntry { label: text.get("plot.median").to_owned(), mark: Mark::Line(grey) });
    key.push(KeyEntry { label: text.get("plot.plan").to_owned(), mark: Mark::Dashes(INK) });
    if quantities.iter().any(|q| town.history[*q].len() > 1) {
        key.push(KeyEntry { label: text.get("plot.history").to_owned(), mark: Mark::Dots(INK) });
    }
    let is_composite = |q: &usize| matches!(context.results.quantities[*q].kind, QuantityKind::Composite(_));
    let mut note = "plot.fan_drivers_note";
    if quantities.iter().any(is_composite) {
        key.extend(context.class_key());
        note = "plot.fan_note";
    }
    let frame = Frame { title, note: text.get(note).to_owned(), key, caption: context.caption(town) };
    let height = ROW * quantities.len() as u32;
    let picture = figure(height, &frame, |area| {
        for (row, q) in quantities.iter().enumerate() {
            draw_row(context, area, town, *q, (row as u32 * ROW) as i32, row == 0)?;
        }
        Ok(())
    })?;
    Ok(context.figure(kind, Some(town), frame, picture, table(context, town, quantities)))
}

/// A row a quantity, scenario and year: median, 80 % band, plan.
fn table(context: &Context<'_>, town: &TownResults, quantities: &[usize]) -> Table {
    let (results, text) = (context.results, context.text);
    let keys =
        ["table.quantity", "table.path", "table.year", "plot.median", "plot.ten", "plot.ninety", "plot.plan"];
    let mut table = Table::new(keys.map(|key| text.get(key)));
    for q in quantities {
        let name = text.name(&results.quantities[*q].label);
        for scenario in &town.scenarios {
            for (t, (year, cell)) in results.setup.years.iter().zip(&scenario.years).enumerate() {
                let quantiles = &cell.quantities[*q].quantiles;
                let numbers =
                    [quantiles[MEDIAN].value, quantiles[3].value, quantiles[7].value, scenario.plan[*q][t]];
                let start = [name.to_owned(), text.name(&scenario.name).to_owned(), year.to_string()];
                table.row(start.into_iter().chain(numbers.map(|v| context.compact(v))));
            }
        }
    }
    table
}

fn draw_row(
    context: &Context<'_>,
    area: &Area<'_>,
    town: &TownResults,
    q: usize,
    top: i32,
    first: bool,
) -> Result<(), PlotError> {
    let quantity = &context.results.quantities[q];
    let classes = match quantity.kind {
        QuantityKind::Composite(k) => context.results.scaled[k].classes.as_slice(),
        _ => &[],
    };
    let years: Vec<f64> = context.results.setup.years.iter().map(|y| f64::from(*y)).collect();
    let history: Vec<(f64, f64)> = town.history[q].iter().map(|(y, v)| (f64::from(*y), *v)).collect();
    let y = range(town, q, &history, classes);
    let start = history.iter().map(|h| h.0).fold(years[0], f64::min);
    let x = (start, years[years.len() - 1]);
    let columns = town.scenarios.len();
    for (column, scenario) in town.scenarios.iter().enumerate() {
        let frame = place(column, columns, top, ROW as i32);
        let panel = Panel { area, frame, x, y };
        panel.axes(true, column == 0, context.text)?;
        let colour = scenario_colour(context.candidate(scenario));
        draw_fan(&panel, scenario, q, &years, colour, classes)?;
        panel.dots(&history, INK)?;
        if first {
            let name = context.text.name(&scenario.name);
            write(area, name, (frame[0], top + 8), HEADING, colour, (HPos::Left, VPos::Top))?;
        }
    }
    // The row's own label, between the scenario names and the panels on the first row, above them elsewhere.
    let side = place(columns - 1, columns, top, ROW as i32);
    let label = format!(
        "{} ({})",
        context.text.name(&quantity.label),
        context.text.unit(&quantity.unit, quantity.unit_name.as_ref())
    );
    let label = if classes.is_empty() {
        label
    } else {
        format!("{} ({})", context.text.name(&quantity.label), quantity.id)
    };
    let lines = wrap(&label, LABEL, f64::from(RIGHT) - 18.0);
    write_lines(area, &lines, (side[2] + 12, side[1]), LABEL, INK, HPos::Left)?;
    Ok(())
}

fn draw_fan(
    panel: &Panel<'_, '_>,
    scenario: &ScenarioResults,
    q: usize,
    years: &[f64],
    colour: RGBColor,
    classes: &[ScaleClass],
) -> Result<(), PlotError> {
    let cells: Vec<&Distribution> = scenario.years.iter().map(|c| &c.quantities[q]).collect();
    let quantile = |k: usize| cells.iter().map(|d| d.quantiles[k].value).collect::<Vec<f64>>();
    for (low, high, share, _) in BANDS {
        panel.band(years, &quantile(low), &quantile(high), tint(colour, share))?;
    }
    class_bounds(panel, classes)?;
    let median: Vec<(f64, f64)> = years.iter().copied().zip(quantile(MEDIAN)).collect();
    panel.line(&median, colour, 4)?;
    let plan: Vec<(f64, f64)> = years.iter().copied().zip(scenario.plan[q].iter().copied()).collect();
    panel.dashes(&plan, INK, 2)
}

/// A coloured margin on the left that shows the classes, a line at each bound, and names where they fit.
fn class_bounds(panel: &Panel<'_, '_>, classes: &[ScaleClass]) -> Result<(), PlotError> {
    let mut low = panel.y.0;
    for (k, class) in classes.iter().enumerate() {
        let is_last = k + 1 == classes.len();
        let high = if is_last { panel.y.1 } else { class.upper.min(panel.y.1) };
        if high > low {
            let width = (panel.x.1 - panel.x.0) * 0.035;
            let corners =
                [(panel.x.0, low), (panel.x.0 + width, low), (panel.x.0 + width, high), (panel.x.0, high)];
            panel.fill(&corners, class_colour(class.rank))?;
            if high < panel.y.1 {
                panel.dashes(&[(panel.x.0, high), (panel.x.1, high)], MUTED, 1)?;
            }
            low = high;
        }
    }
    Ok(())
}

/// A range that holds the 95 % bands, plans and history of all scenarios, a little wider.
fn range(town: &TownResults, q: usize, history: &[(f64, f64)], classes: &[ScaleClass]) -> (f64, f64) {
    let bands = town.scenarios.iter().flat_map(|s| s.years.iter()).flat_map(|c| {
        let d = &c.quantities[q];
        [d.quantiles[BANDS[0].0].value, d.quantiles[BANDS[0].1].value]
    });
    let plans = town.scenarios.iter().flat_map(|s| s.plan[q].iter().copied());
    let all = bands.chain(plans).chain(history.iter().map(|h| h.1));
    let (low, high) =
        all.filter(|v| v.is_finite()).fold((f64::MAX, f64::MIN), |(l, h), v| (l.min(v), h.max(v)));
    let (low, high) = widen(low, high, classes);
    let span = high - low;
    let floor = if low >= 0.0 { 0.0 } else { f64::MIN };
    ((low - 0.06 * span).max(floor), high + 0.06 * span)
}
