//! How far each sub-indicator of a town is from changing the choice.

use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, VPos};

use super::{ChoicePicture, caption, scenario_names, town_name};
use crate::case::Case;
use crate::experiment::choice::{Flip, FlipKind, TownFlips};
use crate::plot::canvas::{Canvas, diamond, put, write, write_lines};
use crate::plot::font::text_width;
use crate::plot::key::{KeyEntry, Mark};
use crate::plot::lines::wrap_at_most;
use crate::plot::palette::{GRID, INK, MUTED, scenario_colour, tint};
use crate::plot::sheet::{Frame, sheet};
use crate::plot::table::Table;
use crate::plot::theme::{CAPTION, LABEL, MARGIN, STRONG, WIDTH};
use crate::text::Text;

/// Names on the left, what comes of it on the right, the head with the axis, a row.
const NAMES: i32 = 430;
const AFTER: i32 = 440;
const HEAD: i32 = 34;
const ROW: i32 = 40;
/// The axis ends here, in errors; ticks.
const MOST: f64 = 1000.0;
const TICKS: [f64; 4] = [1.0, 10.0, 100.0, 1000.0];

/// A picture for each town: sub-indicators by how many of their errors it takes to change the leading scenarios, the
/// nearest first.
pub fn flips(case: &Case, all: &[TownFlips], seed: u64, text: &Text) -> Vec<ChoicePicture> {
    all.iter().map(|town| picture(case, town, seed, text)).collect()
}

/// The change in errors; none for what has none.
fn errors(town: &TownFlips, flip: &Flip) -> Option<f64> {
    flip.change().filter(|_| town.errors[flip.indicator] > 0.0).map(|c| c / town.errors[flip.indicator])
}

fn picture(case: &Case, town: &TownFlips, seed: u64, text: &Text) -> ChoicePicture {
    let size = |flip: &Flip| errors(town, flip).map_or(f64::MAX, f64::abs);
    let mut shown: Vec<&Flip> = town.singles.iter().filter(|f| f.at.is_some()).collect();
    shown.sort_by(|a, b| size(a).total_cmp(&size(b)));
    let frame = frame(case, town, &shown, seed, text);
    let height = HEAD + ROW * shown.len() as i32 + 10;
    let drawn = sheet(height, &frame, |canvas| {
        let axis = Axis { left: MARGIN + NAMES, right: WIDTH as i32 - MARGIN - AFTER };
        axis.draw(canvas, height, text);
        for (k, flip) in shown.iter().enumerate() {
            row(case, canvas, town, flip, (&axis, HEAD + ROW * k as i32), text);
        }
    });
    ChoicePicture::new(format!("flips-{}", town.town), &frame, drawn, table(case, town, &shown, text))
}

fn frame(case: &Case, town: &TownFlips, shown: &[&Flip], seed: u64, text: &Text) -> Frame {
    let scenarios = case.scenarios.iter().enumerate().map(|(s, scenario)| KeyEntry {
        label: text.name(&scenario.name).to_owned(),
        mark: Mark::Dot(scenario_colour(s)),
    });
    let more = [
        KeyEntry { label: text.get("plot.flips_several").to_owned(), mark: Mark::Ring(INK) },
        KeyEntry { label: text.get("plot.flips_switch").to_owned(), mark: Mark::Diamond(INK) },
    ];
    let still: Vec<String> = town
        .singles
        .iter()
        .filter(|f| f.at.is_none())
        .map(|f| case.method.sub_indicators[f.indicator].symbol.clone())
        .collect();
    let mut note = text.get("plot.flips_note").to_owned();
    if !still.is_empty() {
        note.push(' ');
        note.push_str(&text.fill("choice.flips_none", &[("symbols", still.join(", "))]));
        note.push('.');
    }
    let title = title(case, town, shown, text);
    Frame { title, note, key: scenarios.chain(more).collect(), caption: caption(case, seed, text) }
}

/// The nearest change after which somebody leads; where no error is long enough, whether a switch does it.
fn title(case: &Case, town: &TownFlips, shown: &[&Flip], text: &Text) -> String {
    let values = [
        ("town", town_name(case, &town.town, text).to_owned()),
        ("leaders", scenario_names(case, &town.leaders, text)),
    ];
    let led = || shown.iter().filter(|flip| !flip.leaders_after.is_empty());
    let Some((flip, by)) = led().find_map(|flip| Some((flip, errors(town, flip)?))) else {
        let key = if led().next().is_some() { "plot.flips_switches" } else { "plot.flips_none" };
        return text.fill(key, &values);
    };
    let symbol = case.method.sub_indicators[flip.indicator].symbol.clone();
    let key = if by == 0.0 { "plot.flips_on_bound" } else { "plot.flips" };
    let [name, leaders] = values;
    text.fill(key, &[name, leaders, ("symbol", symbol), ("errors", text.readable(by.abs()))])
}

/// Errors from today, to either side, on a scale that is linear near 0 and logarithmic beyond.
struct Axis {
    left: i32,
    right: i32,
}

impl Axis {
    fn at(&self, errors: f64) -> i32 {
        let far = |x: f64| (1.0 + x.abs().min(MOST)).ln() / (1.0 + MOST).ln();
        let middle = f64::from(self.left + self.right) / 2.0;
        (middle + errors.signum() * far(errors) * f64::from(self.right - self.left) / 2.0).round() as i32
    }

    fn draw(&self, canvas: &Canvas<'_>, height: i32, text: &Text) {
        let band = Rectangle::new(
            [(self.at(-1.0), HEAD - 4), (self.at(1.0), height - 8)],
            tint(MUTED, 0.16).filled(),
        );
        put(canvas, &band);
        let places = TICKS.iter().flat_map(|t| [-*t, *t]).chain([0.0]);
        for place in places {
            let x = self.at(place);
            let colour = if place == 0.0 { INK } else { GRID };
            put(canvas, &PathElement::new(vec![(x, HEAD - 4), (x, height - 8)], colour.stroke_width(1)));
            let label =
                if place > 0.0 { format!("+{}", text.number(place, 0)) } else { text.number(place, 0) };
            write(canvas, &label, (x, HEAD - 10), CAPTION, MUTED, (HPos::Center, VPos::Bottom));
        }
    }
}

fn row(
    case: &Case,
    canvas: &Canvas<'_>,
    town: &TownFlips,
    flip: &Flip,
    (axis, top): (&Axis, i32),
    text: &Text,
) {
    let sub = &case.method.sub_indicators[flip.indicator];
    let middle = top + ROW / 2;
    let value = text.number(flip.value, usize::from(flip.value.fract() != 0.0));
    write(canvas, &sub.symbol, (MARGIN, middle), STRONG, INK, (HPos::Left, VPos::Center));
    let used = text_width(&value, LABEL) + 20.0;
    let name = wrap_at_most(text.name(&sub.label), CAPTION, f64::from(NAMES - 100) - used, 2);
    if let [name] = name.as_slice() {
        write(canvas, name, (MARGIN + 90, middle), CAPTION, MUTED, (HPos::Left, VPos::Center));
    } else {
        write_lines(canvas, &name, (MARGIN + 90, middle - 18), CAPTION, MUTED, HPos::Left);
    }
    write(canvas, &value, (axis.left - 16, middle), LABEL, INK, (HPos::Right, VPos::Center));
    let (Some(at), Some(change)) = (flip.at, flip.change()) else { return };
    let by = errors(town, flip);
    // A switch has no errors to count: it stands at the end of the axis.
    let x = by.map_or_else(|| axis.at(change.signum() * MOST), |by| axis.at(by));
    let colour = match flip.leaders_after.as_slice() {
        [one] => scenario_colour(*one),
        _ => INK,
    };
    if by.is_some() {
        put(canvas, &PathElement::new(vec![(axis.at(0.0), middle), (x, middle)], colour.stroke_width(2)));
    }
    match (by, flip.leaders_after.len()) {
        (None, _) => diamond(canvas, (x, middle), colour),
        (_, 1) => put(canvas, &Circle::new((x, middle), 7, colour.filled())),
        _ => {
            put(canvas, &Circle::new((x, middle), 7, WHITE.filled()));
            put(canvas, &Circle::new((x, middle), 7, colour.stroke_width(3)));
        }
    }
    let digits =
        if change == 0.0 { 1 } else { (2.0 - change.abs().log10().floor()).clamp(0.0, 4.0) as usize };
    let mark = match flip.kind {
        FlipKind::Limit if change < 0.0 => "< ",
        FlipKind::Limit => "> ",
        FlipKind::Attained => "",
    };
    let said = format!("{mark}{}", text.number(at, digits));
    let (place, across) = if change < 0.0 { (x - 14, HPos::Right) } else { (x + 14, HPos::Left) };
    let width = text_width(&said, CAPTION).ceil() as i32;
    // Beside the mark if there is room, else above the line on its inner side.
    let fits = if change < 0.0 { place - width > axis.left } else { place + width < axis.right };
    if fits {
        write(canvas, &said, (place, middle), CAPTION, INK, (across, VPos::Center));
    } else {
        let (place, across) = if change < 0.0 { (x + 14, HPos::Left) } else { (x - 14, HPos::Right) };
        write(canvas, &said, (place, middle - 2), CAPTION, INK, (across, VPos::Bottom));
    }
    let names = scenario_names(case, &flip.leaders_after, text);
    let room = f64::from(AFTER - 20);
    if text_width(&names, LABEL) <= room {
        write(canvas, &names, (axis.right + 20, middle), LABEL, colour, (HPos::Left, VPos::Center));
    } else {
        let lines = wrap_at_most(&names, CAPTION, room, 2);
        write_lines(canvas, &lines, (axis.right + 20, middle - 18), CAPTION, colour, HPos::Left);
    }
}

fn table(case: &Case, town: &TownFlips, shown: &[&Flip], text: &Text) -> Table {
    let heads =
        ["survey.symbol", "choice.flip_value", "choice.flip_at", "choice.flip_errors", "choice.flip_then"];
    let mut table = Table::new(heads.map(|key| text.get(key)));
    for flip in shown {
        let number = |x: Option<f64>| x.map_or_else(|| "-".to_owned(), |x| text.number(x, 2));
        table.row([
            case.method.sub_indicators[flip.indicator].symbol.clone(),
            text.number(flip.value, 2),
            number(flip.at),
            number(errors(town, flip)),
            scenario_names(case, &flip.leaders_after, text),
        ]);
    }
    table
}
