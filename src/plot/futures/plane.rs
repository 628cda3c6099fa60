//! The plane of Morris: how much each factor moves the output, and how much that depends on the rest.

use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, VPos};

use super::shown::{SHOWN, SensitivityFigure, Shown, index, ranked};
use crate::experiment::futures::{Estimated, Output};
use crate::plot::canvas::{put, write, write_lines};
use crate::plot::labels::moved_apart;
use crate::plot::palette::{GRID, INK, MARK, MUTED, WALK};
use crate::plot::panel::Panel;
use crate::plot::sheet::{Frame, sheet};
use crate::plot::theme::{CAPTION, LABEL, MARGIN, STRONG, WIDTH};
use crate::plot::ticks::ticks;

const HEIGHT: i32 = 760;
const LEFT: i32 = 90;
/// Room for the list of names.
const LIST: i32 = 560;
const FOOT: i32 = 60;

pub(super) fn plane(
    shown: &Shown<'_>,
    output: &Output,
    found: &Estimated,
    file: String,
) -> SensitivityFigure {
    let text = shown.text;
    let ranked = ranked(found, "mu_star");
    let first = ranked.first().filter(|r| r.1.value > 0.0).map(|r| r.0);
    let frame = Frame {
        title: shown.title("futures.plane", output, first),
        note: text.get("futures.plane_note").to_owned(),
        key: Vec::new(),
        caption: shown.caption.to_owned(),
    };
    // A group has no sigma: it lies on the axis.
    let points: Vec<(&str, f64, f64)> = ranked
        .iter()
        .filter(|r| r.1.value.is_finite())
        .map(|(factor, mu_star)| {
            let sigma = index(found, factor, "sigma").map_or(f64::NAN, |i| i.value);
            (*factor, mu_star.value, if sigma.is_finite() { sigma } else { 0.0 })
        })
        .collect();
    let most = |of: &dyn Fn(&(&str, f64, f64)) -> f64| points.iter().map(of).fold(0.0, f64::max);
    let side = 1.08 * most(&|p| p.1).max(most(&|p| p.2)).max(1e-12);
    let drawn = sheet(HEIGHT + FOOT, &frame, |canvas| {
        let rect = [LEFT, 14, WIDTH as i32 - MARGIN - LIST, HEIGHT];
        let panel = Panel::new(canvas, rect, (0.0, side), (0.0, side));
        let (values, decimals) = ticks(0.0, side);
        for value in values {
            panel.line(&[(0.0, value), (side, value)], GRID, 1);
            panel.line(&[(value, 0.0), (value, side)], GRID, 1);
            let label = text.number(value, decimals);
            let (x, y) = (panel.at(value, 0.0), panel.at(0.0, value));
            write(canvas, &label, (x.0, rect[3] + 8), CAPTION, MUTED, (HPos::Center, VPos::Top));
            if value > 0.0 {
                write(canvas, &label, (rect[0] - 8, y.1), CAPTION, MUTED, (HPos::Right, VPos::Center));
            }
        }
        panel.dashes(&[(0.0, 0.0), (side, side)], MARK, 2);
        write(canvas, "μ*", (rect[2], rect[3] + 30), STRONG, INK, (HPos::Right, VPos::Top));
        write(canvas, "σ", (rect[0] - 8, rect[1]), STRONG, INK, (HPos::Right, VPos::Top));
        for (_, x, y) in &points {
            panel.dots(&[(*x, *y)], WALK);
        }
        // Numbers beside the points, and what they are in the list.
        let told = &points[..points.len().min(SHOWN)];
        let wishes: Vec<i32> = told.iter().map(|p| panel.at(p.1, p.2).1 - 10).collect();
        let mut taken: Vec<(i32, i32)> = Vec::new();
        let step = (HEIGHT - 40) / SHOWN as i32;
        let rows = moved_apart(
            &(0..told.len() as i32).map(|k| 20 + step * k).collect::<Vec<_>>(),
            step,
            (0, HEIGHT),
        );
        for (k, (factor, x, y)) in told.iter().enumerate() {
            let at = (panel.at(*x, *y).0 + 8, wishes[k]);
            let number = (k + 1).to_string();
            let free = taken.iter().all(|(a, b)| (a - at.0).abs() > 26 || (b - at.1).abs() > 20);
            let inside = at.0 < rect[2] - 24 && at.1 > rect[1] && at.1 < rect[3] - 20;
            if free && inside {
                taken.push(at);
                write(canvas, &number, at, CAPTION, INK, (HPos::Left, VPos::Top));
            }
            let left = rect[2] + 24;
            write(canvas, &number, (left + 24, rows[k]), LABEL, INK, (HPos::Right, VPos::Top));
            let lines = shown.name(factor, LIST - 60);
            write_lines(canvas, &lines, (left + 34, rows[k]), LABEL, INK, HPos::Left);
        }
        put(canvas, &PathElement::new(vec![(rect[0], rect[3]), (rect[2], rect[3])], MUTED.stroke_width(1)));
        panel.outline();
    });
    SensitivityFigure::new(file, frame, drawn)
}
