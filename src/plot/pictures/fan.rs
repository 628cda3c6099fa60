//! Fan charts: nested bands of a quantity over the years, the scenarios side by side on one scale.

use plotters::style::RGBColor;
use plotters::style::text_anchor::{HPos, VPos};

use crate::analyse::{Distribution, MEDIAN, QuantityKind, ScaleClass, ScenarioResults, TownResults};
use crate::plot::band::{BANDS, label_bands, marks, marks_in_words};
use crate::plot::context::{Context, widen};
use crate::plot::palette::{INK, MARK, class_colour, scenario_colour, tint};
use crate::plot::panel::{Panel, RIGHT, place};
use crate::plot::theme::{Canvas, Frame, KeyEntry, LABEL, Mark, figure, heading_in, wrap, write, write_lines};
use crate::plot::{Figure, FigureKind, Table};

/// Height of a row of panels.
const ROW: u32 = 220;
/// Places of the 10 and 90 % quantiles: the room that the plans alone leave open.
const PLANS_ALONE: (usize, usize) = (3, 7);
/// Grey in which the key shows what has the scenario's colour in the panels.
const GREY: RGBColor = RGBColor(70, 70, 78);

/// The indices.
pub(super) fn composites(context: &Context<'_>, town: &TownResults) -> Figure {
    let quantities = context.results.quantities.iter().enumerate();
    let composites = quantities.filter(|(_, q)| matches!(q.kind, QuantityKind::Composite(_)));
    let chosen: Vec<usize> = composites.map(|(k, _)| k).collect();
    let frame = Frame {
        title: context.class_finding(town, "plot.fan_composites"),
        note: context.text.get("plot.fan_note").to_owned(),
        key: context.class_key(),
        caption: context.caption(town),
    };
    fan(context, town, FigureKind::FanComposites, frame, &chosen)
}

/// The main drivers.
pub(super) fn drivers(context: &Context<'_>, town: &TownResults) -> Figure {
    let quantities = &context.results.quantities;
    let chosen: Vec<usize> = (0..quantities.len()).filter(|q| quantities[*q].main).collect();
    let frame = Frame {
        title: context.median_finding(
            town,
            ("unemployment", context.last()),
            "plot.unemployment_range",
            "plot.fan_drivers",
        ),
        note: context.text.get("plot.fan_drivers_note").to_owned(),
        key: Vec::new(),
        caption: context.caption(town),
    };
    fan(context, town, FigureKind::FanDrivers, frame, &chosen)
}

/// Draws a fan chart of some quantities of a town, a row each.
fn fan(
    context: &Context<'_>,
    town: &TownResults,
    kind: FigureKind,
    mut frame: Frame,
    quantities: &[usize],
) -> Figure {
    let text = context.text;
    let has_history = quantities.iter().any(|q| town.history[*q].len() > 1);
    let x = years(context, town, quantities);
    let marks = marks(context, town, (x.0.ceil() as i32, x.1 as i32));
    frame.note.push_str(&marks_in_words(context, &marks));
    let entry = |key: &str, mark| KeyEntry { label: text.get(key).to_owned(), mark };
    let mut key = vec![entry("plot.median", Mark::Line(GREY)), entry("plot.plan", Mark::Dashes(INK))];
    if has_history {
        key.push(entry("plot.history", Mark::Dots(INK)));
    }
    if context.plans_alone.is_some() {
        key.push(entry("plot.plans_alone", Mark::Between(INK)));
        frame.note.push(' ');
        frame.note.push_str(text.get("plot.plans_alone_note"));
    }
    key.append(&mut frame.key);
    frame.key = key;
    let height = ROW * quantities.len() as u32;
    let picture = figure(height, &frame, |canvas| {
        for (row, q) in quantities.iter().enumerate() {
            let row = Row { quantity: *q, top: (row as u32 * ROW) as i32, first: row == 0, x, marks: &marks };
            draw_row(context, canvas, town, &row);
        }
    });
    context.figure(kind, Some(town), frame, picture, table(context, town, quantities))
}

/// First and last year: from the first observation of any quantity.
fn years(context: &Context<'_>, town: &TownResults, quantities: &[usize]) -> (f64, f64) {
    let setup = &context.results.setup;
    let observed = quantities.iter().flat_map(|q| &town.history[*q]).map(|(year, _)| *year);
    let first = observed.chain(setup.years.first().copied()).min().unwrap_or_default();
    // Half a year more where there are dots, which a frame would cut.
    let before = if Some(&first) == setup.years.first() { 0.0 } else { 0.5 };
    (f64::from(first) - before, f64::from(context.horizon()))
}

/// A row a quantity, scenario and year: median, 80 % band, plan.
fn table(context: &Context<'_>, town: &TownResults, quantities: &[usize]) -> Table {
    let (results, text) = (context.results, context.text);
    let keys =
        ["table.quantity", "table.path", "table.year", "plot.median", "plot.ten", "plot.ninety", "plot.plan"];
    let alone = ["plot.plans_ten", "plot.plans_ninety"].map(|key| text.get(key));
    let alone = context.plans_alone.map(|_| alone);
    let mut table = Table::new(keys.map(|key| text.get(key)).into_iter().chain(alone.into_iter().flatten()));
    for q in quantities {
        let name = text.name(&results.quantities[*q].label);
        for scenario in &town.scenarios {
            for (t, (year, cell)) in results.setup.years.iter().zip(&scenario.years).enumerate() {
                let quantiles = &cell.quantities[*q].quantiles;
                let numbers =
                    [quantiles[MEDIAN].value, quantiles[3].value, quantiles[7].value, scenario.plan[*q][t]];
                let start = [name.to_owned(), text.name(&scenario.name).to_owned(), year.to_string()];
                let alone = [PLANS_ALONE.0, PLANS_ALONE.1]
                    .into_iter()
                    .filter_map(|k| Some(plans_alone(context, &town.id, &scenario.id, *q, k)?[t]));
                table
                    .row(start.into_iter().chain(numbers.into_iter().chain(alone).map(|v| text.readable(v))));
            }
        }
    }
    table
}

/// One quantity.
struct Row<'a> {
    quantity: usize,
    top: i32,
    first: bool,
    x: (f64, f64),
    marks: &'a [(i32, String)],
}

fn draw_row(
    context: &Context<'_>,
    canvas: &Canvas<'_>,
    town: &TownResults,
    row: &Row<'_>,
) {
    let (text, q) = (context.text, row.quantity);
    let quantity = &context.results.quantities[q];
    let classes = match quantity.kind {
        QuantityKind::Composite(k) => context.results.scaled[k].classes.as_slice(),
        _ => &[],
    };
    let history: Vec<(f64, f64)> = town.history[q].iter().map(|(y, v)| (f64::from(*y), *v)).collect();
    let y = range(town, q, &history, classes);
    let columns = town.scenarios.len();
    let mut labelled = [false; 3];
    for (column, scenario) in town.scenarios.iter().enumerate() {
        let frame = place(column, columns, row.top, ROW as i32);
        let panel = Panel { canvas, frame, x: row.x, y };
        panel.axes(classes.is_empty(), column == 0, text);
        for (year, _) in row.marks {
            let year = f64::from(*year);
            panel.line(&[(year, y.0), (year, y.1)], MARK, 1);
        }
        labelled = draw_fan(context, &panel, (town, scenario), q, classes, labelled);
        panel.dots(&history, INK);
        if row.first {
            let (name, size) = heading_in(text.name(&scenario.name), f64::from(frame[2] - frame[0]));
            let colour = scenario_colour(context.candidate(scenario));
            write(canvas, &name, (frame[0], frame[1] - 8), size, colour, (HPos::Left, VPos::Bottom));
        }
    }
    let side = place(columns - 1, columns, row.top, ROW as i32);
    let unit = text.unit(&quantity.unit, quantity.unit_name.as_ref());
    let unit = if classes.is_empty() { unit } else { quantity.id.as_str() };
    let label = format!("{} ({unit})", text.name(&quantity.label));
    let lines = wrap(&label, LABEL, f64::from(RIGHT) - 18.0);
    write_lines(canvas, &lines, (side[2] + 12, side[1]), LABEL, INK, HPos::Left)
}

/// Bands, class bounds, median and plan; gives which bands are labelled by now.
fn draw_fan(
    context: &Context<'_>,
    panel: &Panel<'_, '_>,
    (town, scenario): (&TownResults, &ScenarioResults),
    q: usize,
    classes: &[ScaleClass],
    labelled: [bool; 3],
) -> [bool; 3] {
    let colour = scenario_colour(context.candidate(scenario));
    let years: Vec<f64> = context.results.setup.years.iter().map(|y| f64::from(*y)).collect();
    let cells: Vec<&Distribution> = scenario.years.iter().map(|c| &c.quantities[q]).collect();
    let quantile = |k: usize| cells.iter().map(|d| d.quantiles[k].value).collect::<Vec<f64>>();
    for (low, high, shade, _) in BANDS {
        panel.band(&years, &quantile(low), &quantile(high), tint(colour, shade));
    }
    class_bounds(panel, classes);
    let id = town.id.as_str();
    for k in [PLANS_ALONE.0, PLANS_ALONE.1] {
        let Some(edge) = plans_alone(context, id, &scenario.id, q, k) else { break };
        panel.line(&years.iter().copied().zip(edge).collect::<Vec<_>>(), INK, 2);
    }
    let median: Vec<(f64, f64)> = years.iter().copied().zip(quantile(MEDIAN)).collect();
    panel.line(&median, colour, 4);
    let plan: Vec<(f64, f64)> = years.iter().copied().zip(scenario.plan[q].iter().copied()).collect();
    panel.dashes(&plan, INK, 2);
    label_bands(panel, &years, &quantile, colour, labelled)
}

/// A quantile by year of the runs in which only the plans are uncertain; none where these were not asked for.
fn plans_alone(
    context: &Context<'_>,
    town: &str,
    scenario: &str,
    q: usize,
    quantile: usize,
) -> Option<Vec<f64>> {
    let town = context.plans_alone?.towns.iter().find(|t| t.id == town)?;
    let scenario = town.scenarios.iter().find(|s| s.id == scenario)?;
    Some(scenario.years.iter().map(|cell| cell.quantities[q].quantiles[quantile].value).collect())
}

/// A coloured margin on the left that shows the classes, and a line at each bound.
fn class_bounds(panel: &Panel<'_, '_>, classes: &[ScaleClass]) {
    let mut low = panel.y.0;
    for (k, class) in classes.iter().enumerate() {
        let is_last = k + 1 == classes.len();
        let high = if is_last { panel.y.1 } else { class.upper.min(panel.y.1) };
        if high > low {
            let width = (panel.x.1 - panel.x.0) * 0.035;
            let corners =
                [(panel.x.0, low), (panel.x.0 + width, low), (panel.x.0 + width, high), (panel.x.0, high)];
            panel.fill(&corners, class_colour(class.rank));
            if high < panel.y.1 {
                panel.line(&[(panel.x.0, high), (panel.x.1, high)], MARK, 1);
            }
            low = high;
        }
    }
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
