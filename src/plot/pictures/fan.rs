//! Fan charts: nested bands of a quantity over the years, the scenarios side by side on one scale.

use plotters::style::RGBColor;

use crate::analyse::{Distribution, MEDIAN, ScaleClass, ScenarioResults, TownResults};
use crate::plot::band::{BANDS, label_bands, marks, marks_in_words};
use crate::plot::canvas::Canvas;
use crate::plot::context::Context;
use crate::plot::figure::Figure;
use crate::plot::headings::{Headings, beside};
use crate::plot::key::{KeyEntry, Mark};
use crate::plot::kind::FigureKind;
use crate::plot::palette::{INK, MARK, class_colour, scenario_colour, tint};
use crate::plot::panel::{Panel, place};
use crate::plot::ranges::around;
use crate::plot::sheet::{Frame, sheet};
use crate::plot::table::Table;
use crate::plot::tested::tested_in_words;

/// Height of a row of panels.
const ROW: i32 = 220;
/// Places of the 10 and 90 % quantiles: the room that the plans alone leave open.
const PLANS_ALONE: (usize, usize) = (3, 7);
/// Grey in which the key shows what has the scenario's colour in the panels.
const GREY: RGBColor = RGBColor(70, 70, 78);

/// The indices; none without any.
pub(super) fn composites(context: &Context<'_>, town: &TownResults) -> Option<Figure> {
    let quantities = 0..context.results.quantities.len();
    let chosen: Vec<usize> = quantities.filter(|q| context.composite(*q).is_some()).collect();
    let frame = Frame {
        title: context.class_finding(town, "plot.fan_composites"),
        note: context.text.get("plot.fan_note").to_owned(),
        key: context.class_key(),
        caption: context.caption(town),
    };
    fan(context, town, FigureKind::FanComposites, frame, &chosen)
}

/// The main drivers; none without any.
pub(super) fn drivers(context: &Context<'_>, town: &TownResults) -> Option<Figure> {
    let quantities = &context.results.quantities;
    let rate = context.headline().rate;
    let chosen: Vec<usize> =
        (0..quantities.len()).filter(|q| quantities[*q].main || rate == Some(*q)).collect();
    let told = rate.or(chosen.first().copied());
    let frame = Frame {
        title: context.median_finding(town, told, context.last(), "plot.fan_drivers"),
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
) -> Option<Figure> {
    let text = context.text;
    if quantities.is_empty() {
        return None;
    }
    let has_history = quantities.iter().any(|q| town.history[*q].len() > 1);
    let x = years(context, town, quantities);
    let marks = marks(context, town, (x.0.ceil() as i32, x.1 as i32));
    frame.note.push_str(&marks_in_words(context, &marks));
    frame.note.push_str(&tested_in_words(context, quantities));
    let entry = |key: &str, mark| KeyEntry { label: text.get(key).to_owned(), mark };
    let mut key = vec![entry("plot.median", Mark::Line(GREY)), entry("plot.plan", Mark::Dashes(INK))];
    if has_history {
        key.push(entry("plot.history", Mark::Dots(INK)));
    }
    if quantities.iter().any(|q| !town.observed[*q].is_empty()) {
        key.push(entry("plot.seen", Mark::Rings(INK)));
    }
    if context.plans_alone.is_some() {
        key.push(entry("plot.plans_alone", Mark::Between(INK)));
        frame.note.push(' ');
        frame.note.push_str(text.get("plot.plans_alone_note"));
    }
    key.append(&mut frame.key);
    frame.key = key;
    let headings = Headings::of_paths(context, context.paths(town));
    let picture = sheet(headings.more() + ROW * quantities.len() as i32, &frame, |canvas| {
        for (row, q) in quantities.iter().enumerate() {
            let strip = Strip { quantity: *q, top: headings.more() + row as i32 * ROW, x, marks: &marks };
            let columns = strip.draw(context, canvas, town);
            if row == 0 {
                for (column, at) in columns.into_iter().enumerate() {
                    headings.write(canvas, column, at);
                }
            }
        }
    });
    Some(context.figure(kind, Some(town), frame, picture, table(context, town, quantities)))
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
        let name = context.label(*q);
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

/// One quantity, a panel a scenario.
struct Strip<'a> {
    quantity: usize,
    top: i32,
    x: (f64, f64),
    marks: &'a [(i32, String)],
}

impl Strip<'_> {
    /// Draws it; gives where the headings of the columns may stand.
    fn draw(&self, context: &Context<'_>, canvas: &Canvas<'_>, town: &TownResults) -> Vec<(i32, i32)> {
        let q = self.quantity;
        let classes = context.classes(q);
        let history: Vec<(f64, f64)> = town.history[q].iter().map(|(y, v)| (f64::from(*y), *v)).collect();
        let seen: Vec<(f64, f64)> = town.observed[q].iter().map(|(y, v)| (f64::from(*y), *v)).collect();
        let y = range(town, q, [&history, &seen], classes);
        let columns = town.scenarios.len();
        let mut labelled = [false; 3];
        let mut tops = Vec::with_capacity(columns);
        for (column, scenario) in town.scenarios.iter().enumerate() {
            let panel = Panel::new(canvas, place(column, columns, self.top, ROW), self.x, y);
            panel.axes(classes.is_empty(), column == 0, context.text);
            let known = context.results.setup.known_until;
            for year in self.marks.iter().map(|mark| mark.0).filter(|year| Some(*year) != known) {
                let year = f64::from(year);
                panel.line(&[(year, panel.y.0), (year, panel.y.1)], MARK, 1);
            }
            if let Some(year) = known {
                panel.upright(f64::from(year), GREY, 2);
            }
            labelled = draw_fan(context, &panel, (town, scenario), q, classes, labelled);
            panel.dots(&history, INK);
            panel.rings(&seen, INK);
            tops.push((panel.rect[0], panel.rect[1] - 2));
        }
        let label = format!("{} ({})", context.label(q), context.unit(q));
        beside(canvas, &label, place(columns - 1, columns, self.top, ROW));
        tops
    }
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
    let years = context.years();
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

/// A range that holds the 95 % bands and plans of all scenarios and what was observed, a little wider.
fn range(town: &TownResults, q: usize, observed: [&[(f64, f64)]; 2], classes: &[ScaleClass]) -> (f64, f64) {
    let bands = town.scenarios.iter().flat_map(|s| s.years.iter()).flat_map(|c| {
        let d = &c.quantities[q];
        [d.quantiles[BANDS[0].0].value, d.quantiles[BANDS[0].1].value]
    });
    let plans = town.scenarios.iter().flat_map(|s| s.plan[q].iter().copied());
    around(bands.chain(plans).chain(observed.into_iter().flatten().map(|h| h.1)), classes, 0.06)
}
