//! How many towns meet the conditions of the last resort in the same run: areas by their number, year by year.

use plotters::style::RGBColor;
use plotters::style::text_anchor::{HPos, VPos};

use crate::analyse::{Estimate, Together, TogetherYear};
use crate::plot::area::path_heading;
use crate::plot::context::Context;
use crate::plot::palette::{INK, WARNING, scenario_colour, tint};
use crate::plot::panel::{Panel, RIGHT, place};
use crate::plot::theme::{
    Frame, HEADING, KeyEntry, LABEL, Mark, STRONG, cut, figure, wrap, write, write_lines,
};
use crate::plot::{Figure, FigureKind, PlotError, Table};

const HEIGHT: i32 = 460;

/// A panel a scenario; none where the method names no last resort or fewer than two towns were run.
pub(super) fn draw(context: &Context<'_>) -> Result<Option<Figure>, PlotError> {
    let (results, text) = (context.results, context.text);
    let towns = results.towns.len();
    let of_last_resort = |t: &&Together| Some(t.outcome) == results.last_resort;
    let scenarios: Vec<&Together> = results.together.iter().filter(of_last_resort).collect();
    let Some(outcome) = results.last_resort.filter(|_| towns > 1 && !scenarios.is_empty()) else {
        return Ok(None);
    };
    let outcome = text.quoted(text.name(&results.first_passages[outcome].1));
    let (region, year) = (text.name(&results.setup.region), context.horizon().to_string());
    let finding = finding(context, &scenarios, towns);
    let key = (1..=towns).map(|count| KeyEntry {
        label: label(context, count, towns),
        mark: Mark::Patch(colour(count, towns)),
    });
    let frame = Frame {
        title: text.fill("plot.together", &[("region", region), ("year", &year), ("finding", &finding)]),
        note: text.fill("plot.together_note", &[("outcome", outcome)]),
        key: key.collect(),
        caption: context.region_caption(),
    };
    let high =
        scenarios.iter().flat_map(|s| &s.years).map(|y| 100.0 * at_least(y, 1).value).fold(0.0, f64::max);
    let y = (0.0, (1.15 * high).clamp(1.0, 100.0));
    let columns = scenarios.len();
    let picture = figure(HEIGHT as u32, &frame, |area| {
        for (column, scenario) in scenarios.iter().enumerate() {
            let years = &results.setup.years;
            let x = (f64::from(years[0]), f64::from(years[years.len() - 1]));
            let panel = Panel { area, frame: place(column, columns, 0, HEIGHT), x, y };
            draw_panel(context, &panel, scenario, towns, column == 0)?;
        }
        let side = place(columns - 1, columns, 0, HEIGHT);
        let said = wrap(text.get("plot.passage_axis"), LABEL, f64::from(RIGHT) - 18.0);
        write_lines(area, &said, (side[2] + 12, side[1]), LABEL, INK, HPos::Left)
    })?;
    let table = table(context, &scenarios, towns);
    Ok(Some(context.figure(FigureKind::Together, None, frame, picture, table)))
}

fn at_least(year: &TogetherYear, count: usize) -> Estimate {
    year.at_least.get(count).copied().unwrap_or_default()
}

/// The more towns, the darker.
fn colour(count: usize, towns: usize) -> RGBColor {
    tint(WARNING, 0.14 + 0.86 * (count - 1) as f64 / (towns - 1) as f64)
}

/// `1 or more`; of all towns `8`.
fn label(context: &Context<'_>, count: usize, towns: usize) -> String {
    if count == towns {
        return context.text.fill("plot.together_all", &[("count", count.to_string())]);
    }
    context.text.fill("plot.together_least", &[("count", count.to_string())])
}

/// Half of the towns, and two of them: what is written into the panels and the title.
fn counts(towns: usize) -> Vec<usize> {
    let half = towns.div_ceil(2);
    if half > 2 { vec![2, half] } else { vec![2] }
}

fn draw_panel(
    context: &Context<'_>,
    panel: &Panel<'_, '_>,
    scenario: &Together,
    towns: usize,
    labels: bool,
) -> Result<(), PlotError> {
    let text = context.text;
    panel.axes(true, labels, text)?;
    let years: Vec<f64> = context.results.setup.years.iter().map(|y| f64::from(*y)).collect();
    let floor = vec![0.0; years.len()];
    for count in 1..=towns {
        let top: Vec<f64> = scenario.years.iter().map(|y| 100.0 * at_least(y, count).value).collect();
        panel.band(&years, &floor, &top, colour(count, towns))?;
    }
    panel.outline()?;
    let [left, top, right, _] = panel.frame;
    let room = f64::from(right - left);
    let place = context.results.candidates.iter().position(|c| c.0 == scenario.scenario).unwrap_or(0);
    let name = path_heading(context, text.name(&scenario.name), room);
    write(panel.area, &name, (left, top - 8), HEADING, scenario_colour(place), (HPos::Left, VPos::Bottom))?;
    let Some(last) = scenario.years.last() else { return Ok(()) };
    for (k, count) in counts(towns).into_iter().enumerate() {
        let e = at_least(last, count);
        let said = format!("{}: {}", label(context, count, towns), e.percent(text));
        let at = (left + 10, top + 12 + 26 * k as i32);
        write(panel.area, &cut(&said, STRONG, room - 20.0), at, STRONG, INK, (HPos::Left, VPos::Top))?;
    }
    Ok(())
}

/// The worst scenario: how likely two towns, and half of them, meet the conditions in one run.
fn finding(context: &Context<'_>, scenarios: &[&Together], towns: usize) -> String {
    let text = context.text;
    let last =
        |s: &Together, count: usize| s.years.last().map_or_else(Default::default, |y| at_least(y, count));
    let order = |a: &&&Together, b: &&&Together| last(a, 2).value.total_cmp(&last(b, 2).value);
    let Some(worst) = scenarios.iter().max_by(order) else { return String::new() };
    let parts: Vec<String> = counts(towns)
        .into_iter()
        .map(|count| {
            let e: Estimate = last(worst, count);
            let share = e.percent(text);
            text.fill(
                "plot.together_part",
                &[("count", count.to_string()), ("all", towns.to_string()), ("share", share)],
            )
        })
        .collect();
    let path = text.quoted(text.name(&worst.name));
    text.fill("plot.together_finding", &[("parts", parts.join(", ")), ("path", path)])
}

/// A row a scenario and year, a column a number of towns.
fn table(context: &Context<'_>, scenarios: &[&Together], towns: usize) -> Table {
    let text = context.text;
    let start = ["table.path", "table.year"].map(|key| text.get(key).to_owned());
    let mut table =
        Table::new(start.into_iter().chain((1..=towns).map(|count| label(context, count, towns))));
    for scenario in scenarios {
        for (year, counts) in context.results.setup.years.iter().zip(&scenario.years).skip(1) {
            let share = |count: usize| {
                let e = at_least(counts, count);
                e.percent(text)
            };
            let start = [text.name(&scenario.name).to_owned(), year.to_string()];
            table.row(start.into_iter().chain((1..=towns).map(share)));
        }
    }
    table
}
