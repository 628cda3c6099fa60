//! The towns' courses with and without: a panel a town, under the scenario in which a town is hit most.

use plotters::style::text_anchor::{HPos, VPos};

use super::shown::{Shown, StressFigure};
use crate::plot::canvas::write;
use crate::plot::key::{KeyEntry, Mark};
use crate::plot::lines::cut;
use crate::plot::palette::{INK, MARK, MUTED, WARNING, tint};
use crate::plot::panel::{Panel, place};
use crate::plot::sheet::{Frame, sheet};
use crate::plot::theme::{LABEL, STRONG};

const HEIGHT: i32 = 300;
const COLUMNS: usize = 4;
/// Room above a panel for its town and what it loses.
const HEAD: i32 = 36;

pub(super) fn draw(shown: &Shown<'_>) -> StressFigure {
    let (test, text) = (shown.test, shown.text);
    let worst = shown.hit_most();
    let scenario = worst.map_or(0, |(_, s, ..)| s);
    let scenario_name = text.name(&test.scenarios[scenario].1).to_owned();
    let title = match worst {
        Some((town, s, t, share)) => {
            let values = [
                ("stress", shown.stress().to_owned()),
                ("town", text.name(&test.towns[town].1).to_owned()),
                ("scenario", text.name(&test.scenarios[s].1).to_owned()),
                ("share", shown.percent(share.value)),
                ("quantity", shown.quantity_name().to_owned()),
                ("year", test.years[t].to_string()),
            ];
            text.fill("stress.plot_heat", &values)
        }
        None => text.fill("stress.plot_none", &[("stress", shown.stress())]),
    };
    let entry = |key: &str, mark| KeyEntry { label: text.get(key).to_owned(), mark };
    let frame = Frame {
        title,
        note: text.fill(
            "stress.plot_response_note",
            &[("quantity", shown.quantity_name()), ("scenario", &scenario_name)],
        ),
        key: vec![
            entry("stress.plot_without", Mark::Line(MUTED)),
            entry("stress.plot_with", Mark::Line(WARNING)),
            entry("stress.plot_start", Mark::Line(MARK)),
        ],
        caption: shown.caption(),
    };
    let columns = test.towns.len().clamp(1, COLUMNS);
    let rows = test.towns.len().div_ceil(columns) as i32;
    let years: Vec<f64> = test.years.iter().map(|year| f64::from(*year)).collect();
    let (first, last) = (years[0], years[years.len() - 1]);
    let start = test.stressed[shown.k].stress.start().map(f64::from);
    let picture = sheet(rows * (HEAD + HEIGHT), &frame, |canvas| {
        for (town, (_, name)) in test.towns.iter().enumerate() {
            let top = HEAD + (town / columns) as i32 * (HEAD + HEIGHT);
            let rect = place(town % columns, columns, top, HEIGHT);
            let percent = |t: usize, stressed: bool| {
                let (effect, base) =
                    (shown.effect(town, scenario, t), shown.effect(town, scenario, 0).base.value);
                100.0 * if stressed { effect.stressed.value } else { effect.base.value } / base
            };
            let panel = Panel::new(canvas, rect, (first, last), range(shown, scenario));
            if let Some(start) = start.filter(|start| (first..=last).contains(start)) {
                panel.line(&[(start, panel.y.0), (start, panel.y.1)], MARK, 2);
            }
            let line = |stressed: bool| -> Vec<(f64, f64)> {
                years.iter().enumerate().map(|(t, year)| (*year, percent(t, stressed))).collect()
            };
            let (without, with) = (line(false), line(true));
            let low: Vec<f64> = with.iter().map(|p| p.1).collect();
            let high: Vec<f64> = without.iter().map(|p| p.1).collect();
            panel.band(&years, &low, &high, tint(WARNING, 0.2));
            let label = |y: f64, decimals: usize| text.percent_of(&text.number(y, decimals));
            panel.axes_with(true, (town % columns == 0).then_some(&label));
            panel.line(&without, MUTED, 3);
            panel.line(&with, WARNING, 3);
            let room = f64::from(rect[2] - rect[0]);
            let name = cut(text.name(name), STRONG, room);
            write(canvas, &name, (rect[0], rect[1] - 32), STRONG, INK, (HPos::Left, VPos::Bottom));
            let loss = match shown.worst(town, scenario) {
                Some((t, e)) => format!("{} ({})", shown.percent(e.value), test.years[t]),
                None => text.get("stress.no_harm").to_owned(),
            };
            let loss = cut(&loss, LABEL, room);
            write(canvas, &loss, (rect[0], rect[1] - 8), LABEL, MUTED, (HPos::Left, VPos::Bottom));
        }
    });
    shown.figure("response", frame.title, picture.svg)
}

/// What all panels have in common, so that they can be compared: percent of the base year.
fn range(shown: &Shown<'_>, scenario: usize) -> (f64, f64) {
    let mut range = (100.0_f64, 100.0_f64);
    for town in 0..shown.test.towns.len() {
        let base = shown.effect(town, scenario, 0).base.value;
        for t in 0..shown.test.years.len() {
            let effect = shown.effect(town, scenario, t);
            for x in [effect.base.value, effect.stressed.value].map(|x| 100.0 * x / base) {
                if x.is_finite() {
                    range = (range.0.min(x), range.1.max(x));
                }
            }
        }
    }
    let margin = 0.05 * (range.1 - range.0).max(1.0);
    (range.0 - margin, range.1 + margin)
}
