//! Depth against recovery: a point a town and scenario.

use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, VPos};

use super::shown::{Shown, StressFigure};
use crate::plot::canvas::{put, write};
use crate::plot::key::{KeyEntry, Mark};
use crate::plot::palette::{GRID, INK, MUTED, scenario_colour};
use crate::plot::panel::Panel;
use crate::plot::sheet::{Frame, sheet};
use crate::plot::theme::{LABEL, MARGIN, WIDTH};
use crate::plot::ticks::ticks;

const HEIGHT: i32 = 640;
const LEFT: i32 = 150;
const BELOW: i32 = 70;

/// A town under a scenario: (town, scenario, depth in percent, years until half of the runs are back; one more than there
/// can be where they are not by the horizon).
type Point = (usize, usize, f64, f64);

pub(super) fn draw(shown: &Shown<'_>) -> StressFigure {
    let (test, text) = (shown.test, shown.text);
    let never = (test.years.len() - test_start(shown)) as f64;
    let cells = (0..test.towns.len()).flat_map(|t| (0..test.scenarios.len()).map(move |s| (t, s)));
    let points: Vec<Point> = cells
        .filter_map(|(town, s)| {
            let (_, depth) = shown.worst(town, s)?;
            let recovery = &test.stressed[shown.k].courses[town][s][shown.quantity].recovery;
            recovery.share_not_back()?;
            Some((town, s, 100.0 * depth.value.abs(), recovery.quantile(0.5).unwrap_or(never)))
        })
        .collect();
    let stuck = (0..test.towns.len())
        .filter(|town| points.iter().filter(|p| p.0 == *town).any(|p| p.3 >= never))
        .count();
    let values = [
        ("stress", shown.stress().to_owned()),
        ("count", stuck.to_string()),
        ("towns", test.towns.len().to_string()),
        ("year", shown.last_year()),
    ];
    let frame = Frame {
        title: text.fill("stress.plot_depth", &values),
        note: text.fill("stress.plot_depth_note", &[("quantity", shown.quantity_name())]),
        key: test
            .scenarios
            .iter()
            .enumerate()
            .map(|(s, (_, name))| KeyEntry {
                label: text.name(name).to_owned(),
                mark: Mark::Dot(scenario_colour(s)),
            })
            .collect(),
        caption: shown.caption(),
    };
    let most = points.iter().map(|p| p.2).fold(1.0, f64::max) * 1.08;
    let picture = sheet(HEIGHT, &frame, |canvas| {
        let rect = [MARGIN + LEFT, 20, WIDTH as i32 - MARGIN - 230, HEIGHT - BELOW];
        let panel = Panel::new(canvas, rect, (0.0, most), (0.0, never + 0.5));
        let label = |y: f64, decimals: usize| text.percent_of(&text.number(y, decimals));
        // The corner has the other axis's 0.
        for y in (2..never as usize).step_by(2) {
            panel.line(&[(0.0, y as f64), (most, y as f64)], GRID, 1);
            let at = (rect[0] - 8, panel.at(0.0, y as f64).1);
            write(canvas, &text.counted("years", y as u64), at, LABEL, INK, (HPos::Right, VPos::Center));
        }
        panel.dashes(&[(0.0, never), (most, never)], MUTED, 1);
        let at = (rect[0] - 8, panel.at(0.0, never).1);
        write(canvas, text.get("stress.plot_later"), at, LABEL, INK, (HPos::Right, VPos::Center));
        let (across, decimals) = ticks(0.0, most);
        for x in across {
            panel.line(&[(x, 0.0), (x, never + 0.5)], GRID, 1);
            let at = (panel.at(x, 0.0).0, rect[3] + 9);
            write(canvas, &label(x, decimals), at, LABEL, INK, (HPos::Center, VPos::Top));
        }
        panel.outline();
        let below = (i32::midpoint(rect[0], rect[2]), rect[3] + 38);
        write(canvas, text.get("stress.plot_depth_across"), below, LABEL, MUTED, (HPos::Center, VPos::Top));
        for (_, s, x, y) in &points {
            let (px, py) = panel.at(*x, *y);
            put(canvas, &Circle::new((px, py), 8, scenario_colour(*s).filled()));
            put(canvas, &Circle::new((px, py), 8, WHITE.stroke_width(1)));
        }
        name_towns(shown, canvas, &panel, &points);
    });
    shown.figure("depth", frame.title, picture.svg)
}

/// Year t in which the stress begins.
fn test_start(shown: &Shown<'_>) -> usize {
    let start = shown.test.stressed[shown.k].stress.start().unwrap_or(shown.test.years[0]);
    shown.test.years.iter().position(|year| *year >= start).unwrap_or(0)
}

/// Names at the right edge, with a line to a town's deepest point: no name covers a point or another name.
fn name_towns(
    shown: &Shown<'_>,
    canvas: &crate::plot::canvas::Canvas<'_>,
    panel: &Panel<'_, '_>,
    points: &[Point],
) {
    let mut named: Vec<(i32, i32, usize)> = (0..shown.test.towns.len())
        .filter_map(|town| {
            let own = points.iter().filter(|p| p.0 == town);
            let deepest = own.max_by(|a, b| a.2.total_cmp(&b.2))?;
            let (x, y) = panel.at(deepest.2, deepest.3);
            Some((y, x, town))
        })
        .collect();
    named.sort_unstable_by_key(|(y, x, town)| (*y, -x, *town));
    let (right, step) = (panel.rect[2], 24);
    let mut next = panel.rect[1] + 6;
    let room_below = |k: usize| panel.rect[3] - step * (named.len() - 1 - k) as i32;
    for (k, (y, x, town)) in named.iter().enumerate() {
        let at = (*y).max(next).min(room_below(k));
        next = at + step;
        put(canvas, &PathElement::new(vec![(*x + 9, *y), (right + 8, at)], MUTED.stroke_width(1)));
        let name = shown.text.name(&shown.test.towns[*town].1);
        let name = crate::plot::lines::cut(name, LABEL, 210.0);
        write(canvas, &name, (right + 12, at), LABEL, INK, (HPos::Left, VPos::Center));
    }
}
