//! One at a time: the tornado and the spider.

use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, VPos};

use super::bars::{NAMES, label};
use super::shown::{MOST, SHOWN, SensitivityFigure, Shown};
use crate::case::Case;
use crate::experiment::futures::{Factors, Output, Swing, Swings};
use crate::plot::canvas::{put, write, write_lines};
use crate::plot::key::{KeyEntry, Mark};
use crate::plot::labels::moved_apart;
use crate::plot::palette::{GRID, INK, MUTED, REVERTING, WALK, scenario_colour};
use crate::plot::panel::Panel;
use crate::plot::sheet::{Frame, sheet};
use crate::plot::theme::{CAPTION, LABEL, MARGIN, WIDTH, height_of};
use crate::plot::ticks::ticks;
use crate::text::Text;

/// Distance of bars, their height, room below, room to the right for numbers.
const STEP: i32 = 52;
const BAR: i32 = 28;
const FOOT: i32 = 40;
const EDGE: i32 = 90;
/// Lines of a spider, and its height.
const LINES: usize = 7;
const SPIDER: i32 = 640;

/// A tornado and a spider for each output, of its last year where it has several.
pub fn swing_figures(
    case: &Case,
    factors: &Factors<'_>,
    outputs: &[Output],
    swings: &[Swings],
    caption: &str,
    text: &Text,
) -> Vec<SensitivityFigure> {
    let shown = Shown { case, caption, text };
    let all: Vec<(&Output, &Swings)> = outputs.iter().zip(swings).collect();
    let mut figures = Vec::new();
    for (number, years) in all.chunk_by(|a, b| a.0.name == b.0.name).take(MOST).enumerate() {
        let Some((output, found)) = years.last() else { continue };
        let ranked = ranked(found, factors);
        figures.push(tornado(&shown, output, found, factors, &ranked, format!("tornado-{}", number + 1)));
        figures.extend(spider(&shown, output, factors, &ranked, format!("spider-{}", number + 1)));
    }
    figures
}

/// A factor with its swings, by how far these reach.
type Ranked<'a> = Vec<(usize, Vec<&'a Swing>)>;

fn ranked<'a>(found: &'a Swings, factors: &Factors<'_>) -> Ranked<'a> {
    let of = |k: usize| {
        found.swings.iter().filter(|s| s.factor == k && s.change.value.is_finite()).collect::<Vec<_>>()
    };
    let mut all: Ranked<'a> = (0..factors.factors.len()).map(|k| (k, of(k))).collect();
    let reach = |swings: &[&Swing]| swings.iter().map(|s| s.change.value.abs()).fold(0.0, f64::max);
    all.sort_by(|a, b| reach(&b.1).total_cmp(&reach(&a.1)));
    all
}

/// The ends of a factor: of a number its lowest and highest step, of a switch each word.
fn ends<'a>(swings: &[&'a Swing]) -> Vec<&'a Swing> {
    let is_end = |s: &&&Swing| s.quantile.is_none() || s.step == "p05" || s.step == "p95";
    swings.iter().filter(is_end).copied().collect()
}

fn colour(swing: &Swing) -> RGBColor {
    match swing.quantile {
        None => MUTED,
        Some(p) if p < 0.5 => REVERTING,
        Some(_) => WALK,
    }
}

fn tornado(
    shown: &Shown<'_>,
    output: &Output,
    found: &Swings,
    factors: &Factors<'_>,
    ranked: &Ranked<'_>,
    file: String,
) -> SensitivityFigure {
    let text = shown.text;
    let moves = |swings: &[&Swing]| swings.iter().any(|s| s.change.value != 0.0);
    let first = ranked.first().filter(|r| moves(&r.1)).map(|r| factors.factors[r.0].name.as_str());
    let bars = &ranked[..ranked.len().min(SHOWN)];
    let all: Vec<f64> = bars
        .iter()
        .flat_map(|(_, swings)| ends(swings))
        .flat_map(|s| [s.change.value, s.change.low, s.change.high])
        .filter(|x| x.is_finite())
        .collect();
    let (low, high) = all.iter().fold((0.0_f64, 0.0_f64), |(a, b), x| (a.min(*x), b.max(*x)));
    let span = (high - low).max(1e-12);
    let (low, high) = (low - 0.02 * span, high + 0.02 * span);
    let (values, decimals) = ticks(low, high);
    let key = |key: &str, mark: Mark| KeyEntry { label: text.get(key).to_owned(), mark };
    let mut entries = vec![
        key("futures.low", Mark::Patch(REVERTING)),
        key("futures.high", Mark::Patch(WALK)),
        key("futures.interval", Mark::Line(INK)),
    ];
    if bars.iter().flat_map(|b| &b.1).any(|s| s.quantile.is_none()) {
        entries.insert(2, key("futures.word", Mark::Patch(MUTED)));
    }
    let base = text.number(found.base.value, decimals.max(if found.base.value.abs() < 10.0 { 2 } else { 1 }));
    let frame = Frame {
        title: shown.title("futures.tornado", output, first),
        note: text.fill("futures.tornado_note", &[("base", &base)]),
        key: entries,
        caption: shown.caption.to_owned(),
    };
    let bottom = STEP * bars.len() as i32;
    let drawn = sheet(bottom + FOOT, &frame, |canvas| {
        let (start, end) = (MARGIN + NAMES, WIDTH as i32 - MARGIN - EDGE);
        let place = |x: f64| start + ((x - low) / (high - low) * f64::from(end - start)).round() as i32;
        for tick in values {
            let x = place(tick);
            put(canvas, &PathElement::new(vec![(x, 0), (x, bottom)], GRID.stroke_width(1)));
            let sign = if tick > 0.0 { "+" } else { "" };
            let label = format!("{sign}{}", text.number(tick, decimals));
            write(canvas, &label, (x, bottom + 6), CAPTION, MUTED, (HPos::Center, VPos::Top));
        }
        for (k, (factor, swings)) in bars.iter().enumerate() {
            let middle = STEP * k as i32 + STEP / 2;
            label(shown, canvas, &factors.factors[*factor].name, middle);
            let ends = ends(swings);
            // Both ends on one side lie one above the other.
            let each = BAR / ends.len().max(1) as i32;
            for (row, swing) in ends.iter().enumerate() {
                let top = middle - BAR / 2 + row as i32 * each;
                let (from, to) = (place(swing.change.value.min(0.0)), place(swing.change.value.max(0.0)));
                put(canvas, &Rectangle::new([(from, top), (to, top + each)], colour(swing).filled()));
                let y = top + each / 2;
                let line = [swing.change.low, swing.change.high].map(|x| (place(x), y));
                put(canvas, &PathElement::new(line.to_vec(), INK.stroke_width(2)));
            }
        }
        let zero = place(0.0);
        put(canvas, &PathElement::new(vec![(zero, 0), (zero, bottom)], INK.stroke_width(2)));
    });
    SensitivityFigure::new(file, frame, drawn)
}

fn spider(
    shown: &Shown<'_>,
    output: &Output,
    factors: &Factors<'_>,
    ranked: &Ranked<'_>,
    file: String,
) -> Option<SensitivityFigure> {
    let text = shown.text;
    let numbers =
        ranked.iter().filter(|(_, swings)| swings.iter().filter(|s| s.quantile.is_some()).count() > 1);
    let lines: Vec<(usize, Vec<(f64, f64)>)> = numbers
        .take(LINES)
        .map(|(k, swings)| {
            let point = |s: &&Swing| Some((100.0 * s.quantile?, s.change.value));
            (*k, swings.iter().filter_map(point).collect())
        })
        .collect();
    let all = || lines.iter().flat_map(|l| l.1.iter().map(|p| p.1));
    if lines.is_empty() || all().all(|y| y == 0.0) {
        return None;
    }
    let frame = Frame {
        title: shown.title("futures.spider", output, Some("")),
        note: text.get("futures.spider_note").to_owned(),
        key: Vec::new(),
        caption: shown.caption.to_owned(),
    };
    let (low, high) = all().fold((0.0_f64, 0.0_f64), |(a, b), y| (a.min(y), b.max(y)));
    let margin = 0.05 * (high - low);
    let drawn = sheet(SPIDER + 66, &frame, |canvas| {
        let rect = [110, 10, WIDTH as i32 - MARGIN - 540, SPIDER];
        let panel = Panel::new(canvas, rect, (5.0, 95.0), (low - margin, high + margin));
        let (values, decimals) = ticks(low - margin, high + margin);
        for value in values {
            panel.line(&[(5.0, value), (95.0, value)], GRID, 1);
            let sign = if value > 0.0 { "+" } else { "" };
            let label = format!("{sign}{}", text.number(value, decimals));
            let at = (rect[0] - 8, panel.at(5.0, value).1);
            write(canvas, &label, at, LABEL, INK, (HPos::Right, VPos::Center));
        }
        for (p, side) in [
            (5.0, HPos::Left),
            (25.0, HPos::Center),
            (50.0, HPos::Center),
            (75.0, HPos::Center),
            (95.0, HPos::Right),
        ] {
            let x = panel.at(p, low).0;
            let label = text.percent_of(&text.number(p, 0));
            write(canvas, &label, (x, rect[3] + 8), LABEL, INK, (side, VPos::Top));
        }
        let middle = i32::midpoint(rect[0], rect[2]);
        let axis = text.get("futures.quantile");
        write(canvas, axis, (middle, rect[3] + 36), LABEL, MUTED, (HPos::Center, VPos::Top));
        panel.line(&[(5.0, 0.0), (95.0, 0.0)], MUTED, 2);
        // Names from the top down, as the lines end.
        let mut order: Vec<usize> = (0..lines.len()).collect();
        let end = |k: usize| lines[k].1.last().map_or(0.0, |p| p.1);
        order.sort_by(|a, b| end(*b).total_cmp(&end(*a)));
        let wishes: Vec<i32> = order.iter().map(|k| panel.at(95.0, end(*k)).1).collect();
        let places = moved_apart(&wishes, 50, (rect[1] + 24, rect[3] - 24));
        for (row, k) in order.iter().enumerate() {
            let colour = scenario_colour(*k);
            panel.line(&lines[*k].1, colour, 3);
            panel.dots(&lines[*k].1, colour);
            let (from, to) = ((rect[2], wishes[row]), (rect[2] + 20, places[row]));
            put(canvas, &PathElement::new(vec![from, to], colour.stroke_width(1)));
            let name = shown.name(&factors.factors[lines[*k].0].name, 510);
            let top = places[row] - height_of(name.len(), LABEL) / 2;
            write_lines(canvas, &name, (rect[2] + 26, top), LABEL, colour, HPos::Left);
        }
        panel.outline();
    });
    Some(SensitivityFigure::new(file, frame, drawn))
}
