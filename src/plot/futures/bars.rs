//! Indices with their intervals, the largest first.

use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, VPos};

use super::shown::{SHOWN, SensitivityFigure, Shown, index, ranked};
use crate::experiment::futures::{Estimated, Output};
use crate::explore::Interval;
use crate::explore::analysis::Method;
use crate::plot::canvas::{Canvas, put, write, write_lines};
use crate::plot::key::{KeyEntry, Mark};
use crate::plot::palette::{GRID, INK, MUTED, WALK, tint};
use crate::plot::sheet::{Frame, sheet};
use crate::plot::theme::{CAPTION, LABEL, MARGIN, STRONG, WIDTH, height_of};
use crate::plot::ticks::ticks;

/// Room for names; for numbers.
pub(super) const NAMES: i32 = 560;
const NUMBERS: i32 = 170;
/// Distance of bars, their height, room below.
const STEP: i32 = 52;
const BAR: i32 = 30;
const FOOT: i32 = 44;

pub(super) fn bars(
    shown: &Shown<'_>,
    output: &Output,
    found: &Estimated,
    method: Method,
    name: &str,
    file: String,
) -> SensitivityFigure {
    let text = shown.text;
    let ranked = ranked(found, name);
    let sobol = method == Method::Sobol;
    let first = ranked.first().filter(|r| r.1.value > 0.0).map(|r| r.0);
    let key = |key: &str, mark: Mark| KeyEntry { label: text.get(key).to_owned(), mark };
    let mut entries = vec![key("futures.interval", Mark::Line(INK))];
    if sobol {
        entries.insert(0, key("futures.together", Mark::Patch(tint(WALK, 0.35))));
        entries.insert(0, key("futures.alone", Mark::Patch(WALK)));
    }
    let frame = Frame {
        title: shown.title("futures.finding", output, first),
        note: if sobol {
            text.get("futures.share_note").to_owned()
        } else {
            text.fill("futures.index_note", &[("index", name)])
        },
        key: entries,
        caption: shown.caption.to_owned(),
    };
    let (bars, rest) = ranked.split_at(ranked.len().min(SHOWN));
    let rows = bars.len() as i32 + i32::from(!rest.is_empty());
    let highest = bars.iter().map(|b| b.1.value.max(b.1.high)).filter(|x| x.is_finite()).fold(0.0, f64::max);
    let most = if highest > 0.0 { highest * 1.02 } else { 1.0 };
    let drawn = sheet(STEP * rows + FOOT, &frame, |canvas| {
        let (start, end) = (MARGIN + NAMES, WIDTH as i32 - MARGIN - NUMBERS);
        let place = |x: f64| start + ((x / most).clamp(0.0, 1.0) * f64::from(end - start)).round() as i32;
        let bottom = STEP * bars.len() as i32;
        let (values, decimals) = ticks(0.0, most);
        for tick in values {
            let x = place(tick);
            put(canvas, &PathElement::new(vec![(x, 0), (x, bottom)], GRID.stroke_width(1)));
            let label = text.number(tick, decimals);
            write(canvas, &label, (x, bottom + 6), CAPTION, MUTED, (HPos::Center, VPos::Top));
        }
        for (k, (factor, value)) in bars.iter().enumerate() {
            let middle = STEP * k as i32 + STEP / 2;
            label(shown, canvas, factor, middle);
            if !value.value.is_finite() {
                write(canvas, "–", (start + 8, middle), LABEL, MUTED, (HPos::Left, VPos::Center));
                continue;
            }
            let alone = if sobol { index(found, factor, "S1") } else { None };
            bar(canvas, (start, middle), place, value, alone);
            let number = |x: f64| text.number(x, 2);
            let told = if value.low.is_finite() {
                format!("{} ± {}", number(value.value), number((value.high - value.low) / 2.0))
            } else {
                number(value.value)
            };
            let at = (WIDTH as i32 - MARGIN, middle);
            write(canvas, &told, at, STRONG, INK, (HPos::Right, VPos::Center));
        }
        if let Some((_, next)) = rest.first() {
            let share = text.number(next.value.max(0.0), 2);
            let values = [("n", rest.len().to_string()), ("share", share)];
            let told = text.fill("futures.more", &values);
            let at = (MARGIN, bottom + FOOT + STEP / 2 - 10);
            write(canvas, &told, at, CAPTION, MUTED, (HPos::Left, VPos::Center));
        }
    });
    SensitivityFigure::new(file, frame, drawn)
}

/// The name of a factor before its bar.
pub(super) fn label(shown: &Shown<'_>, canvas: &Canvas<'_>, factor: &str, middle: i32) {
    let lines = shown.name(factor, NAMES - 20);
    let top = middle - height_of(lines.len(), LABEL) / 2;
    write_lines(canvas, &lines, (MARGIN + NAMES - 14, top), LABEL, INK, HPos::Right);
}

fn bar(
    canvas: &Canvas<'_>,
    (start, middle): (i32, i32),
    place: impl Fn(f64) -> i32,
    value: &Interval,
    alone: Option<Interval>,
) {
    let half = BAR / 2;
    let rectangle = |to: f64, colour: RGBColor| {
        let rect = [(start, middle - half), (place(to), middle + half)];
        put(canvas, &Rectangle::new(rect, colour.filled()));
    };
    rectangle(value.value, if alone.is_some() { tint(WALK, 0.35) } else { WALK });
    if let Some(alone) = alone {
        rectangle(alone.value.min(value.value), WALK);
    }
    if value.low.is_finite() && value.high > value.low {
        let ends = [value.low, value.high].map(|x| (place(x), middle));
        put(canvas, &PathElement::new(ends.to_vec(), INK.stroke_width(3)));
        for (x, y) in ends {
            put(canvas, &PathElement::new(vec![(x, y - 8), (x, y + 8)], INK.stroke_width(3)));
        }
    }
}
