//! Fan bands and what is written on them, shared by the figures that show quantiles by year.

use plotters::style::RGBColor;
use plotters::style::text_anchor::{HPos, VPos};

use super::canvas::write;
use super::context::Context;
use super::font::text_width;
use super::palette::{ink_on, tint};
use super::panel::Panel;
use super::theme::CAPTION;
use crate::analyse::{MEDIAN, TownResults};

/// The 95, 80 and 50 % bands, from the outside in: places of the lower and the upper bound among the quantiles,
/// how dark the band is, and its share of the runs.
pub(super) const BANDS: [(usize, usize, f64, &str); 3] =
    [(1, 9, 0.22, "95 %"), (3, 7, 0.42, "80 %"), (4, 6, 0.66, "50 %")];

/// Room that a label needs above and below.
const CLEAR: i32 = 3;

/// Writes each band's share of runs on it, once: where it stands clear of the next band and of the median.
/// `quantile(k)` is the k-th quantile by year. Gives which bands have got their label now.
pub(super) fn label_bands(
    panel: &Panel<'_, '_>,
    years: &[f64],
    quantile: &dyn Fn(usize) -> Vec<f64>,
    colour: RGBColor,
    done: [bool; 3],
) -> [bool; 3] {
    let mut now = done;
    for (k, (low, high, shade, label)) in BANDS.into_iter().enumerate().filter(|(k, _)| !done[*k]) {
        let inner = BANDS.get(k + 1).map_or((MEDIAN, MEDIAN), |b| (b.0, b.1));
        let sides = [(quantile(inner.1), quantile(high)), (quantile(low), quantile(inner.0))];
        let places = sides.iter().filter_map(|(low, high)| place(panel, years, low, high, label));
        if let Some((x, y, _)) = places.max_by_key(|(_, _, room)| *room) {
            let ink = ink_on(tint(colour, shade));
            write(panel.canvas, label, (x, y), CAPTION, ink, (HPos::Center, VPos::Center));
            now[k] = true;
        }
    }
    now
}

/// Where a label stands between two lines by year: in the last year but a little where it has the room.
fn place(
    panel: &Panel<'_, '_>,
    years: &[f64],
    low: &[f64],
    high: &[f64],
    label: &str,
) -> Option<(i32, i32, i32)> {
    let half = (0.5 * text_width(label, CAPTION)).ceil() as i32 + CLEAR;
    let at = |line: &[f64], k: usize| panel.at(years[k], panel.clip(line[k]));
    let fits = |k: &usize| {
        let (x, _) = at(low, *k);
        let near = (0..years.len()).filter(|j| {
            let step = (panel.at(years[*j], 0.0).0 - x).abs();
            step <= half + panel.at(years[0] + 1.0, 0.0).0 - panel.at(years[0], 0.0).0
        });
        let (mut top, mut bottom) = (i32::MIN, i32::MAX);
        for j in near {
            top = top.max(at(high, j).1);
            bottom = bottom.min(at(low, j).1);
        }
        let room = bottom - top;
        let inside = x - half > panel.rect[0] && x + half < panel.rect[2];
        (inside && room >= CAPTION.px as i32 + CLEAR).then_some((x, i32::midpoint(top, bottom), room))
    };
    (0..years.len()).rev().find_map(|k| fits(&k))
}

/// Vertical marks by year: known events of a town, the last years of observed prices and of known
/// events, the first of a stress;
/// with what they are, for the note.
pub(super) fn marks(
    context: &Context<'_>,
    town: &TownResults,
    (first, last): (i32, i32),
) -> Vec<(i32, String)> {
    let (results, text) = (context.results, context.text);
    let known = town.chronicle.iter().map(|e| (e.year, text.name(&e.label).to_owned()));
    let mut marks: Vec<(i32, String)> = known.collect();
    let base = results.setup.years.first().copied().unwrap_or_default();
    if results.prices.given > 0 {
        marks.push((base + results.prices.given as i32, text.get("plot.mark_prices").to_owned()));
    }
    if let Some(year) = results.setup.known_until {
        marks.push((year, text.get("plot.mark_known").to_owned()));
    }
    let stressed = |t: &usize| {
        results.prices.commodities.iter().any(|c| c.stress.get(*t).is_some_and(|factor| *factor != 1.0))
    };
    if let Some(t) = (0..results.setup.years.len()).find(stressed) {
        marks.push((base + t as i32, text.get("plot.mark_stress").to_owned()));
    }
    marks.retain(|(year, _)| (first..=last).contains(year));
    marks.sort_by_key(|mark| mark.0);
    marks
}

/// The marks in words, for the note below the title; nothing without marks.
pub(super) fn marks_in_words(context: &Context<'_>, marks: &[(i32, String)]) -> String {
    if marks.is_empty() {
        return String::new();
    }
    let said: Vec<String> = marks.iter().map(|(year, what)| format!("{year} – {what}")).collect();
    format!(" {}", context.text.fill("plot.marks", &[("marks", said.join("; "))]))
}
