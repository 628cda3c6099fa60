//! Fan charts: nested bands of a quantity over the years, the four scenarios side by side on one scale.

use plotters::style::RGBColor;
use plotters::style::text_anchor::{HPos, VPos};

use super::panel::{Panel, RIGHT, place};
use super::theme::{
    Area, Frame, HEADING, INK, KeyEntry, LABEL, MUTED, Mark, PlotError, WIDTH, class_colour, scenario_colour,
    tint, wrap, write,
};
use super::{Context, Figure};
use crate::analyse::{Distribution, MEDIAN, QuantityKind, ScaleClass, ScenarioResults, TownResults};

/// Places of the bounds of the 95, 80 and 50 % bands among the quantiles, and how dark each band is.
const BANDS: [(usize, usize, f64, &str); 3] =
    [(1, 9, 0.22, "95 %"), (3, 7, 0.42, "80 %"), (4, 6, 0.66, "50 %")];
/// Height of a row of panels.
const ROW: u32 = 220;

/// Draws a fan chart of some quantities of a town, a row each.
pub(super) fn fan(
    context: &Context<'_>,
    town: &TownResults,
    name: &str,
    title: String,
    quantities: &[usize],
) -> Result<Figure, PlotError> {
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
    let svg = super::theme::figure(height, &frame, |area| {
        for (row, q) in quantities.iter().enumerate() {
            draw_row(context, area, town, *q, (row as u32 * ROW) as i32, row == 0)?;
        }
        Ok(())
    })?;
    Ok(Figure { name: format!("{}/{name}", town.id), title: frame.title, svg })
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
    for (k, line) in wrap(&label, LABEL, f64::from(RIGHT) - 18.0).iter().take(8).enumerate() {
        let at = (side[2] + 12, side[1] + 20 * k as i32);
        write(area, line, at, LABEL, INK, (HPos::Left, VPos::Top))?;
    }
    debug_assert!(side[2] + RIGHT <= WIDTH as i32);
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
    let (low, high) = super::widen(low, high, classes);
    let span = high - low;
    let floor = if low >= 0.0 { 0.0 } else { f64::MIN };
    ((low - 0.06 * span).max(floor), high + 0.06 * span)
}
