//! The mono-profile unmasked: how much of the change of the enterprise's share comes from other output growing, and
//! how much from the enterprise itself.

use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, VPos};

use crate::analyse::{ScenarioResults, Split, TownResults};
use crate::plot::canvas::{put, write};
use crate::plot::context::Context;
use crate::plot::figure::Figure;
use crate::plot::font::text_width;
use crate::plot::headings::Headings;
use crate::plot::key::{KeyEntry, Mark};
use crate::plot::kind::FigureKind;
use crate::plot::lines::cut;
use crate::plot::palette::{ENTERPRISE, INK, OTHER};
use crate::plot::panel::{Panel, place};
use crate::plot::sheet::{Frame, sheet};
use crate::plot::table::Table;
use crate::plot::theme::{LABEL, STRONG};

/// Height of a panel, and of the numbers below it.
const PANEL: i32 = 400;
const NUMBERS: i32 = 96;
/// Half the width of a bar, in years.
const BAR: f64 = 0.36;

/// A panel a scenario: the two parts year by year, and what they add up to; none where the share cannot be split.
pub(super) fn draw(context: &Context<'_>, town: &TownResults) -> Option<Figure> {
    let text = context.text;
    let nothing = |s: &Split| s.change.value == 0.0 && s.enterprise.value == 0.0 && s.other.value == 0.0;
    if town.scenarios.iter().flat_map(|s| &s.split).all(nothing) {
        return None;
    }
    let year = context.horizon().to_string();
    let finding = finding(context, town);
    let values = [("town", text.name(&town.name)), ("year", &year), ("finding", &finding)];
    let patch = |key: &str, colour| KeyEntry { label: text.get(key).to_owned(), mark: Mark::Patch(colour) };
    let frame = Frame {
        title: text.fill("plot.split", &values),
        note: text.get("plot.split_note").to_owned(),
        key: vec![
            patch("plot.split_other_key", OTHER),
            patch("plot.split_enterprise_key", ENTERPRISE),
            KeyEntry { label: text.get("plot.split_change").to_owned(), mark: Mark::Line(INK) },
        ],
        caption: context.caption(town),
    };
    let y = range(town);
    let columns = town.scenarios.len();
    let headings = Headings::of_paths(context, context.paths(town));
    let top = headings.more();
    let picture = sheet(top + PANEL + NUMBERS, &frame, |canvas| {
        for (column, scenario) in town.scenarios.iter().enumerate() {
            let x = (context.span().0, context.span().1 + BAR);
            let panel = Panel::new(canvas, place(column, columns, top, PANEL), x, y);
            draw_panel(context, &panel, scenario, column == 0);
            headings.write(canvas, column, (panel.rect[0], panel.rect[1] - 2));
            numbers(context, &panel, scenario);
        }
    });
    let table = table(context, town);
    Some(context.figure(FigureKind::Split, Some(town), frame, picture, table))
}

/// The largest part of a fall that is the enterprise's own shrinking, and under which scenario.
fn finding(context: &Context<'_>, town: &TownResults) -> String {
    let text = context.text;
    let last = |s: &&ScenarioResults| s.split.last().copied().unwrap_or_default();
    let falls = |s: &&ScenarioResults| {
        let split = last(s);
        split.change.value + 2.0 * split.change.mcse < 0.0
    };
    let shrinks = |s: &&ScenarioResults| {
        let split = last(s);
        split.enterprise.value + 2.0 * split.enterprise.mcse < 0.0
    };
    let falling: Vec<&ScenarioResults> = town.scenarios.iter().filter(falls).collect();
    let part = |s: &&&ScenarioResults| last(s).enterprise.value / last(s).change.value;
    let most = falling.iter().filter(|s| shrinks(s)).max_by(|a, b| part(a).total_cmp(&part(b)));
    let Some(most) = most else {
        let key = if falling.is_empty() { "plot.split_no_fall" } else { "plot.split_honest" };
        return text.get(key).to_owned();
    };
    let split = last(most);
    let points = |x: f64| text.number(-x, 1);
    // More than all of the fall: other output shrinks too.
    let key = if part(&most) < 1.0 { "plot.split_some" } else { "plot.split_all" };
    let path = text.quoted(text.name(&most.name));
    let (part, fall) = (points(split.enterprise.value), points(split.change.value));
    text.fill(key, &[("part", part.as_str()), ("fall", &fall), ("path", &path)])
}

/// A range that holds the parts, stacked, of all scenarios.
fn range(town: &TownResults) -> (f64, f64) {
    let stacks = town.scenarios.iter().flat_map(|s| &s.split).map(|split| {
        let parts = [split.enterprise.value, split.other.value];
        let sum = |up: bool| parts.iter().filter(|p| (**p > 0.0) == up).sum::<f64>();
        (sum(false), sum(true))
    });
    let (low, high) = stacks.fold((0.0_f64, 0.0_f64), |(l, h), (low, high)| (l.min(low), h.max(high)));
    let span = (high - low).max(0.1);
    (low - 0.08 * span, high + 0.08 * span)
}

fn draw_panel(context: &Context<'_>, panel: &Panel<'_, '_>, scenario: &ScenarioResults, labels: bool) {
    panel.axes(true, labels, context.text);
    let years = context.years();
    for (year, split) in years.iter().zip(&scenario.split).skip(1) {
        let (mut up, mut down) = (0.0, 0.0);
        for (value, colour) in [(split.other.value, OTHER), (split.enterprise.value, ENTERPRISE)] {
            let from = if value > 0.0 { &mut up } else { &mut down };
            let (a, b) = (*from, *from + value);
            *from = b;
            let (low, high) = (year - BAR, year + BAR);
            panel.fill(&[(low, a), (high, a), (high, b), (low, b)], colour);
        }
    }
    panel.line(&[(panel.x.0, 0.0), (panel.x.1, 0.0)], INK, 1);
    let change: Vec<(f64, f64)> =
        years.iter().zip(&scenario.split).map(|(y, s)| (*y, s.change.value)).collect();
    panel.line(&change, INK, 3);
}

/// Below the panel: the two parts and their sum at the horizon.
fn numbers(context: &Context<'_>, panel: &Panel<'_, '_>, scenario: &ScenarioResults) {
    let text = context.text;
    let Some(split) = scenario.split.last() else { return };
    let [left, _, right, bottom] = panel.rect;
    let rows = [
        ("plot.split_other", split.other.value, Some(OTHER)),
        ("plot.split_enterprise", split.enterprise.value, Some(ENTERPRISE)),
        ("plot.split_change", split.change.value, None),
    ];
    for (k, (key, value, colour)) in rows.into_iter().enumerate() {
        let y = bottom + 44 + 26 * k as i32;
        let size = if colour.is_some() { LABEL } else { STRONG };
        if let Some(colour) = colour {
            let patch = Rectangle::new([(left, y - 8), (left + 16, y + 8)], colour.filled());
            put(panel.canvas, &patch);
        }
        let sign = if value > 0.05 { "+" } else { "" };
        let number = format!("{sign}{}", text.number(value, 1));
        let room = f64::from(right - left) - 24.0 - text_width(&number, size) - 10.0;
        let name = cut(text.get(key), size, room);
        write(panel.canvas, &name, (left + 24, y), size, INK, (HPos::Left, VPos::Center));
        write(panel.canvas, &number, (right, y), size, INK, (HPos::Right, VPos::Center));
    }
}

/// A row a scenario and year.
fn table(context: &Context<'_>, town: &TownResults) -> Table {
    let text = context.text;
    let headers =
        ["table.path", "table.year", "plot.split_change", "plot.split_other", "plot.split_enterprise"];
    let mut table = Table::new(headers.map(|key| text.get(key)));
    for scenario in &town.scenarios {
        for (year, split) in context.results.setup.years.iter().zip(&scenario.split).skip(1) {
            let value = |e: crate::analyse::Estimate| text.difference(e.value, 2.0 * e.mcse);
            table.row([
                text.name(&scenario.name).to_owned(),
                year.to_string(),
                value(split.change),
                value(split.other),
                value(split.enterprise),
            ]);
        }
    }
    table
}
