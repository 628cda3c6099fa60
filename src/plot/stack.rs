//! Shares by year as stacked areas.

use plotters::style::text_anchor::{HPos, VPos};
use plotters::style::{RGBColor, WHITE};

use super::canvas::{Canvas, write};
use super::context::Context;
use super::font::text_width;
use super::palette::ink_on;
use super::panel::{Panel, place};
use super::theme::LABEL;

/// Height of a row of panels.
pub(super) const ROW: i32 = 210;
/// A share whose name may stand on it.
const NAMED: f64 = 0.10;

/// One layer: its name, colour, and share in each year.
pub(super) struct Layer {
    pub(super) name: String,
    pub(super) colour: RGBColor,
    pub(super) shares: Vec<f64>,
}

/// A panel of shares over the simulated years.
pub(super) fn panel<'a, 'b>(
    context: &Context<'_>,
    canvas: &'a Canvas<'b>,
    (column, columns): (usize, usize),
    top: i32,
    height: i32,
) -> Panel<'a, 'b> {
    Panel::new(canvas, place(column, columns, top, height), context.span(), (0.0, 100.0))
}

/// Layers from the bottom up, in percent, with their names where the last years have room.
pub(super) fn stack(context: &Context<'_>, panel: &Panel<'_, '_>, layers: &[Layer], labels: bool) {
    let years = context.years();
    let mut floor = vec![0.0; years.len()];
    for layer in layers {
        let top: Vec<f64> = floor.iter().zip(&layer.shares).map(|(f, s)| f + 100.0 * s).collect();
        panel.band(&years, &floor, &top, layer.colour);
        floor = top;
    }
    let mut floor = vec![0.0; years.len()];
    for layer in layers {
        let top: Vec<f64> = floor.iter().zip(&layer.shares).map(|(f, s)| f + 100.0 * s).collect();
        let edge: Vec<(f64, f64)> = years.iter().copied().zip(top.iter().copied()).collect();
        panel.line(&edge, WHITE, 1);
        name(context, panel, layer, &floor, &top);
        floor = top;
    }
    let percent = |y: f64, _: usize| context.text.percent_of(&context.text.number(y, 0));
    panel.axes_with(false, labels.then_some(&percent));
}

/// The layer's name and last share, right-aligned near the last year, where it is thick enough.
fn name(context: &Context<'_>, panel: &Panel<'_, '_>, layer: &Layer, low: &[f64], high: &[f64]) {
    let last = low.len() - 1;
    let share = layer.shares[last];
    let percent = context.percent_short(share);
    let label = if layer.name.is_empty() { percent } else { format!("{} {percent}", layer.name) };
    let room = f64::from(panel.rect[2] - panel.rect[0]);
    // The layer must be thick enough all along the label.
    let steps = (text_width(&label, LABEL) + 8.0) / room * last as f64;
    let from = last.saturating_sub(steps.ceil() as usize);
    let floor = low[from..].iter().copied().fold(f64::MIN, f64::max);
    let ceiling = high[from..].iter().copied().fold(f64::MAX, f64::min);
    let (_, top) = panel.at(panel.x.1, ceiling);
    let (_, bottom) = panel.at(panel.x.1, floor);
    if share < NAMED || bottom - top < LABEL.px as i32 || steps > last as f64 {
        return;
    }
    let at = (panel.rect[2] - 8, i32::midpoint(top, bottom));
    write(panel.canvas, &label, at, LABEL, ink_on(layer.colour), (HPos::Right, VPos::Center));
}
