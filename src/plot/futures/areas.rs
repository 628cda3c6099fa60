//! Shares of the variance over the years, as stacked areas.

use plotters::style::text_anchor::{HPos, VPos};
use plotters::style::{RGBColor, WHITE};

use super::shown::{SensitivityFigure, Shown, factors_of, index, ranked};
use crate::experiment::futures::{Estimated, Output, factor_in_words, output_in_words};
use crate::plot::canvas::write;
use crate::plot::key::{KeyEntry, Mark};
use crate::plot::lines::cut;
use crate::plot::palette::ink_on;
use crate::plot::panel::{Panel, place};
use crate::plot::sheet::{Frame, sheet};
use crate::plot::theme::{LABEL, ROOM};

const HEIGHT: i32 = 620;
/// Colours of the largest; told apart by lightness too.
const COLOURS: [RGBColor; 7] = [
    RGBColor(0, 70, 160),
    RGBColor(240, 178, 84),
    RGBColor(20, 124, 94),
    RGBColor(196, 70, 10),
    RGBColor(112, 168, 226),
    RGBColor(142, 72, 150),
    RGBColor(176, 214, 170),
];
/// All smaller ones, and what is done only together.
const OTHERS: RGBColor = RGBColor(122, 84, 30);
const TOGETHER: RGBColor = RGBColor(196, 196, 202);
/// A share whose number stands on it.
const NAMED: f64 = 0.05;

/// A layer: its name, colour, and share by year.
type Layer = (String, RGBColor, Vec<f64>);

pub(super) fn areas(
    shown: &Shown<'_>,
    years: &[(&Output, &Estimated)],
    name: &str,
    file: String,
) -> Option<SensitivityFigure> {
    let text = shown.text;
    let layers = layers(shown, years, name);
    if layers.is_empty() {
        return None;
    }
    let of = output_in_words(text, shown.case, years[0].0);
    let entry = |(label, colour, _): &Layer| KeyEntry {
        label: cut(label, LABEL, 0.45 * ROOM),
        mark: Mark::Patch(*colour),
    };
    let frame = Frame {
        title: title(shown, years, name, &of),
        note: text.get("futures.years_note").to_owned(),
        key: layers.iter().map(entry).collect(),
        caption: shown.caption.to_owned(),
    };
    let x: Vec<f64> = years.iter().map(|(o, _)| f64::from(o.at)).collect();
    let drawn = sheet(HEIGHT, &frame, |canvas| {
        let rect = place(0, 1, 0, HEIGHT);
        let last = x.len() - 1;
        let panel = Panel::new(canvas, rect, (x[0], x[last]), (0.0, 100.0));
        let mut floor = vec![0.0; x.len()];
        for (_, colour, share) in &layers {
            let top: Vec<f64> = floor.iter().zip(share).map(|(f, s)| f + 100.0 * s).collect();
            panel.band(&x, &floor, &top, *colour);
            let edge: Vec<(f64, f64)> = x.iter().copied().zip(top.iter().copied()).collect();
            panel.line(&edge, WHITE, 1);
            if share[last] >= NAMED {
                let label = text.percent_of(&text.number(100.0 * share[last], 0));
                let y = panel.at(x[last], f64::midpoint(floor[last], top[last])).1;
                let ink = ink_on(*colour);
                write(canvas, &label, (rect[2] - 8, y), LABEL, ink, (HPos::Right, VPos::Center));
            }
            floor = top;
        }
        let label = |y: f64, _: usize| text.percent_of(&text.number(y, 0));
        panel.axes_with(false, Some(&label));
    });
    Some(SensitivityFigure::new(file, frame, drawn))
}

/// What the output hangs on most in the first and in the last year.
fn title(shown: &Shown<'_>, years: &[(&Output, &Estimated)], name: &str, of: &str) -> String {
    let most = |(_, found): &(&Output, &Estimated)| {
        ranked(found, name).first().map_or_else(String::new, |r| factor_in_words(shown.text, shown.case, r.0))
    };
    let last = &years[years.len() - 1];
    let (a, b) = (most(&years[0]), most(last));
    let key = if a == b { "futures.years_same" } else { "futures.years" };
    let (first, last) = (years[0].0.at.to_string(), last.0.at.to_string());
    let values = [("output", of), ("first", &first), ("last", &last), ("a", &a), ("b", &b)];
    shown.text.fill(key, &values)
}

/// The largest factors over the years from the bottom up, then all others, then what is done only together.
fn layers(shown: &Shown<'_>, years: &[(&Output, &Estimated)], name: &str) -> Vec<Layer> {
    let share = |found: &Estimated, factor: &str| {
        index(found, factor, name).map_or(0.0, |i| if i.value.is_finite() { i.value.max(0.0) } else { 0.0 })
    };
    let mut factors: Vec<(&str, Vec<f64>)> = factors_of(years[0].1)
        .into_iter()
        .map(|factor| (factor, years.iter().map(|(_, found)| share(found, factor)).collect()))
        .collect();
    factors.retain(|f| f.1.iter().any(|s| *s > 0.0));
    let size = |f: &(&str, Vec<f64>)| f.1.iter().sum::<f64>();
    factors.sort_by(|a, b| size(b).total_cmp(&size(a)));
    if factors.is_empty() {
        return Vec::new();
    }
    // First-order indices that are drawn as nothing may let the rest add up to more than 1.
    let sums: Vec<f64> =
        (0..years.len()).map(|t| factors.iter().map(|f| f.1[t]).sum::<f64>().max(1.0)).collect();
    let scaled = |shares: &[f64]| shares.iter().zip(&sums).map(|(s, sum)| s / sum).collect::<Vec<f64>>();
    let (large, small) = factors.split_at(factors.len().min(COLOURS.len()));
    let words = |factor: &str| factor_in_words(shown.text, shown.case, factor);
    let mut layers: Vec<Layer> =
        large.iter().zip(COLOURS).map(|((f, s), colour)| (words(f), colour, scaled(s))).collect();
    if !small.is_empty() {
        let sum: Vec<f64> = (0..years.len()).map(|t| small.iter().map(|f| f.1[t]).sum()).collect();
        let most = small.iter().flat_map(|f| &f.1).copied().fold(0.0, f64::max);
        let values = [("n", small.len().to_string()), ("share", shown.text.number(most, 2))];
        layers.push((shown.text.fill("futures.more", &values), OTHERS, scaled(&sum)));
    }
    let told: Vec<f64> = (0..years.len()).map(|t| layers.iter().map(|l| l.2[t]).sum::<f64>()).collect();
    // Where nothing moves the output there is nothing to share out.
    let rest: Vec<f64> = told.iter().map(|t| if *t > 0.0 { (1.0 - t).max(0.0) } else { 0.0 }).collect();
    if name == "S1" && rest.iter().any(|r| *r > 0.005) {
        layers.push((shown.text.get("futures.rest").to_owned(), TOGETHER, rest));
    }
    layers
}
