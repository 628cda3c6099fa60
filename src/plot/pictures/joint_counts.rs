//! How many towns meet the conditions of the last resort in the same run: areas by their number, year by year.

use plotters::style::RGBColor;
use plotters::style::text_anchor::HPos;

use crate::analyse::{Estimate, Together, TogetherYear};
use crate::plot::canvas::write_lines;
use crate::plot::context::Context;
use crate::plot::figure::Figure;
use crate::plot::headings::Headings;
use crate::plot::key::{KeyEntry, Mark};
use crate::plot::kind::FigureKind;
use crate::plot::lines::wrap;
use crate::plot::palette::{INK, WARNING, tint};
use crate::plot::panel::{Panel, RIGHT, place};
use crate::plot::sheet::{Frame, sheet};
use crate::plot::table::Table;
use crate::plot::theme::{LABEL, STRONG, height_of};

const HEIGHT: i32 = 460;

/// A panel a scenario; none where the method names no last resort or fewer than two towns were run.
pub(super) fn draw(context: &Context<'_>) -> Option<Figure> {
    let (results, text) = (context.results, context.text);
    let towns = results.towns.len();
    let of_last_resort = |t: &&Together| Some(t.outcome) == results.last_resort;
    let scenarios: Vec<&Together> = results.together.iter().filter(of_last_resort).collect();
    let outcome = results.last_resort.filter(|_| towns > 1 && !scenarios.is_empty())?;
    let outcome = text.quoted(text.name(&results.first_passages[outcome].1));
    let (region, year) = (text.name(&results.setup.region), context.horizon().to_string());
    let finding = finding(context, &scenarios, towns);
    let key = steps(towns).into_iter().map(|count| KeyEntry {
        label: label(context, count, towns),
        mark: Mark::Patch(colour(count, towns)),
    });
    let paths = scenarios.iter().map(|s| (candidate(context, s), &s.name));
    let headings = Headings::of_paths(context, paths);
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
    let top = headings.more();
    let picture = sheet(top + HEIGHT, &frame, |canvas| {
        for (column, scenario) in scenarios.iter().enumerate() {
            let rect = place(column, columns, top, HEIGHT);
            let panel = Panel::new(canvas, rect, context.span(), y);
            draw_panel(context, &panel, scenario, towns, column == 0);
            headings.write(canvas, column, (rect[0], rect[1] - 2));
        }
        let side = place(columns - 1, columns, top, HEIGHT);
        let said = wrap(text.get("plot.passage_axis"), LABEL, f64::from(RIGHT) - 18.0);
        write_lines(canvas, &said, (side[2] + 12, side[1]), LABEL, INK, HPos::Left);
    });
    let table = table(context, &scenarios, towns);
    Some(context.figure(FigureKind::Together, None, frame, picture, table))
}

fn candidate(context: &Context<'_>, scenario: &Together) -> usize {
    context.results.candidates.iter().position(|c| c.0 == scenario.scenario).unwrap_or(0)
}

/// The numbers of towns that are told apart: all of up to ten towns, else 1, 2, 5, 10, 20, 50 and so on, half of the
/// towns, and all of them.
fn steps(towns: usize) -> Vec<usize> {
    if towns <= 10 {
        return (1..=towns).collect();
    }
    let tens = (0..).map(|power| 10_usize.pow(power)).take_while(|ten| *ten < towns);
    let mut steps: Vec<usize> =
        tens.flat_map(|ten| [1, 2, 5].map(|k| k * ten)).filter(|k| *k < towns).collect();
    steps.extend([towns.div_ceil(2), towns]);
    steps.sort_unstable();
    steps.dedup();
    steps
}

fn at_least(year: &TogetherYear, count: usize) -> Estimate {
    year.at_least.get(count).copied().unwrap_or_default()
}

/// The more towns, the darker.
fn colour(count: usize, towns: usize) -> RGBColor {
    let steps = steps(towns);
    let step = steps.iter().position(|k| *k == count).unwrap_or(0);
    tint(WARNING, 0.14 + 0.86 * step as f64 / (steps.len() - 1).max(1) as f64)
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

fn draw_panel(context: &Context<'_>, panel: &Panel<'_, '_>, scenario: &Together, towns: usize, labels: bool) {
    let text = context.text;
    panel.axes(true, labels, text);
    let years = context.years();
    let floor = vec![0.0; years.len()];
    for count in steps(towns) {
        let top: Vec<f64> = scenario.years.iter().map(|y| 100.0 * at_least(y, count).value).collect();
        panel.band(&years, &floor, &top, colour(count, towns));
    }
    panel.outline();
    let [left, top, right, _] = panel.rect;
    let Some(last) = scenario.years.last() else { return };
    let mut y = top + 12;
    for count in counts(towns) {
        let e = at_least(last, count);
        let said = format!("{}: {}", label(context, count, towns), e.percent(text));
        let lines = wrap(&said, STRONG, f64::from(right - left) - 20.0);
        write_lines(panel.canvas, &lines, (left + 10, y), STRONG, INK, HPos::Left);
        y += height_of(lines.len(), STRONG) + 3;
    }
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

/// A row a scenario and year, a column a number of towns that is told apart.
fn table(context: &Context<'_>, scenarios: &[&Together], towns: usize) -> Table {
    let text = context.text;
    let start = ["table.path", "table.year"].map(|key| text.get(key).to_owned());
    let mut table = Table::new(
        start.into_iter().chain(steps(towns).into_iter().map(|count| label(context, count, towns))),
    );
    for scenario in scenarios {
        for (year, counts) in context.results.setup.years.iter().zip(&scenario.years).skip(1) {
            let share = |count: usize| {
                let e = at_least(counts, count);
                e.percent(text)
            };
            let start = [text.name(&scenario.name).to_owned(), year.to_string()];
            table.row(start.into_iter().chain(steps(towns).into_iter().map(share)));
        }
    }
    table
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn many_towns_are_told_apart_in_few_steps() {
        assert_eq!(steps(8), [1, 2, 3, 4, 5, 6, 7, 8]);
        assert_eq!(steps(30), [1, 2, 5, 10, 15, 20, 30]);
        assert_eq!(steps(200), [1, 2, 5, 10, 20, 50, 100, 200]);
        for towns in 2..300 {
            assert!(counts(towns).iter().all(|count| steps(towns).contains(count)), "{towns}");
        }
    }
}
