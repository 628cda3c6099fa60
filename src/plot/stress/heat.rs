//! A table of colours: a row a town, a column a scenario, how deep and when back.

use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, VPos};

use super::shown::{Shown, StressFigure};
use crate::plot::canvas::{put, write};
use crate::plot::lines::{cut, name_in};
use crate::plot::palette::{INK, MUTED, WARNING, ink_on, tint};
use crate::plot::sheet::{Frame, sheet};
use crate::plot::theme::{HEADING, LABEL, MARGIN, STRONG, WIDTH};

const NAMES: i32 = 260;
const HEAD: i32 = 56;
const ROW: i32 = 84;

pub(super) fn draw(shown: &Shown<'_>) -> StressFigure {
    let (test, text) = (shown.test, shown.text);
    let worst = shown.hit_most();
    let title = match &worst {
        Some((town, s, t, share)) => {
            let values = [
                ("stress", shown.stress().to_owned()),
                ("town", text.name(&test.towns[*town].1).to_owned()),
                ("scenario", text.name(&test.scenarios[*s].1).to_owned()),
                ("share", shown.percent(share.value)),
                ("quantity", shown.quantity_name().to_owned()),
                ("year", test.years[*t].to_string()),
            ];
            text.fill("stress.plot_heat", &values)
        }
        None => text.fill("stress.plot_none", &[("stress", shown.stress())]),
    };
    let frame = Frame {
        title,
        note: text.fill(
            "stress.plot_heat_note",
            &[("quantity", shown.quantity_name()), ("year", &shown.last_year())],
        ),
        key: Vec::new(),
        caption: shown.caption(),
    };
    let most = worst.map_or(1.0, |(.., share)| share.value.abs()).max(1e-12);
    let height = HEAD + ROW * test.towns.len() as i32 + 10;
    let columns = test.scenarios.len() as i32;
    let width = (WIDTH as i32 - 2 * MARGIN - NAMES) / columns;
    let picture = sheet(height, &frame, |canvas| {
        let left = |s: usize| MARGIN + NAMES + s as i32 * width;
        for (s, (_, scenario)) in test.scenarios.iter().enumerate() {
            let name = cut(text.name(scenario), HEADING, f64::from(width - 12));
            write(
                canvas,
                &name,
                (left(s) + width / 2, HEAD - 14),
                HEADING,
                INK,
                (HPos::Center, VPos::Bottom),
            );
        }
        for (town, (_, name)) in test.towns.iter().enumerate() {
            let top = HEAD + ROW * town as i32;
            let (lines, size) = name_in(text.name(name), f64::from(NAMES - 20));
            let name = lines.join(" ");
            write(canvas, &name, (MARGIN, top + ROW / 2), size, INK, (HPos::Left, VPos::Center));
            for s in 0..test.scenarios.len() {
                let worst = shown.worst(town, s);
                let share = worst.map_or(0.0, |(_, e)| e.value.abs() / most);
                let colour = tint(WARNING, 0.05 + 0.9 * share);
                let rect = [(left(s) + 2, top + 2), (left(s) + width - 2, top + ROW - 2)];
                put(canvas, &Rectangle::new(rect, colour.filled()));
                put(canvas, &Rectangle::new(rect, MUTED.stroke_width(1)));
                let (middle, ink) = (left(s) + width / 2, ink_on(colour));
                let (depth, back) = match worst {
                    Some((t, e)) => {
                        (format!("{} ({})", shown.percent(e.value), test.years[t]), back(shown, town, s))
                    }
                    None => (text.get("stress.no_harm").to_owned(), String::new()),
                };
                write(canvas, &depth, (middle, top + ROW / 2 - 4), STRONG, ink, (HPos::Center, VPos::Bottom));
                if !back.is_empty() {
                    let back = cut(&back, LABEL, f64::from(width - 12));
                    write(canvas, &back, (middle, top + ROW / 2 + 6), LABEL, ink, (HPos::Center, VPos::Top));
                }
            }
        }
    });
    shown.figure("heat", frame.title, picture.svg)
}

/// When half of the runs are back, short.
fn back(shown: &Shown<'_>, town: usize, s: usize) -> String {
    let recovery = &shown.test.stressed[shown.k].courses[town][s][shown.quantity].recovery;
    match recovery.quantile(0.5) {
        Some(years) => {
            let years = shown.text.counted("years", years as u64);
            shown.text.fill("stress.plot_back", &[("years", years)])
        }
        None => shown.text.fill("stress.plot_not_back", &[("year", shown.last_year())]),
    }
}
