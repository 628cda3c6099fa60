//! Small panels side by side: axes that the figure places itself, since the drawing library measures text in
//! bytes.

use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, VPos};

use super::PlotError;
use super::palette::{GRID, INK, MUTED};
use super::theme::{Area, LABEL, WIDTH, write};
use crate::text::Text;

/// Room left of the panels for y labels, right of them for class names, between them.
pub(super) const LEFT: i32 = 90;
pub(super) const RIGHT: i32 = 150;
const GAP: i32 = 16;
/// Room below a panel for x labels, above it for its heading.
const BELOW: i32 = 26;
const ABOVE: i32 = 34;

/// A panel: its pixels and the ranges of its axes.
pub(super) struct Panel<'a, 'b> {
    pub(super) area: &'a Area<'b>,
    /// Left, top, right, bottom in pixels of the area.
    pub(super) frame: [i32; 4],
    pub(super) x: (f64, f64),
    pub(super) y: (f64, f64),
}

/// Pixels of the panel in column `column` of `columns`, in the row from `top` of this height.
pub(super) fn place(column: usize, columns: usize, top: i32, height: i32) -> [i32; 4] {
    let room = WIDTH as i32 - LEFT - RIGHT - GAP * (columns as i32 - 1);
    let each = room / columns as i32;
    let left = LEFT + column as i32 * (each + GAP);
    [left, top + ABOVE, left + each, top + height - BELOW]
}

impl Panel<'_, '_> {
    /// Pixels of a point.
    pub(super) fn at(&self, x: f64, y: f64) -> (i32, i32) {
        let [left, top, right, bottom] = self.frame;
        let across = (x - self.x.0) / (self.x.1 - self.x.0);
        let up = (y - self.y.0) / (self.y.1 - self.y.0);
        let px = f64::from(left) + across * f64::from(right - left);
        let py = f64::from(bottom) - up * f64::from(bottom - top);
        (px.round() as i32, py.round() as i32)
    }

    /// Limits a value to the panel.
    pub(super) fn clip(&self, y: f64) -> f64 {
        y.clamp(self.y.0, self.y.1)
    }

    /// A filled outline.
    pub(super) fn fill(&self, points: &[(f64, f64)], colour: RGBColor) -> Result<(), PlotError> {
        let pixels: Vec<(i32, i32)> = points.iter().map(|(x, y)| self.at(*x, self.clip(*y))).collect();
        self.area.draw(&Polygon::new(pixels, colour.filled())).map_err(PlotError::of)
    }

    /// The band between two lines over the same x.
    pub(super) fn band(
        &self,
        x: &[f64],
        low: &[f64],
        high: &[f64],
        colour: RGBColor,
    ) -> Result<(), PlotError> {
        let up = x.iter().copied().zip(low.iter().copied());
        let back = x.iter().copied().zip(high.iter().copied()).rev();
        self.fill(&up.chain(back).collect::<Vec<_>>(), colour)
    }

    /// A line.
    pub(super) fn line(&self, points: &[(f64, f64)], colour: RGBColor, width: u32) -> Result<(), PlotError> {
        let pixels: Vec<(i32, i32)> = points.iter().map(|(x, y)| self.at(*x, self.clip(*y))).collect();
        self.area.draw(&PathElement::new(pixels, colour.stroke_width(width))).map_err(PlotError::of)
    }

    /// A dashed line.
    pub(super) fn dashes(
        &self,
        points: &[(f64, f64)],
        colour: RGBColor,
        width: u32,
    ) -> Result<(), PlotError> {
        let pixels = points.iter().map(|(x, y)| self.at(*x, self.clip(*y)));
        self.area
            .draw(&plotters::element::DashedPathElement::new(pixels, 7, 5, colour.stroke_width(width)))
            .map_err(PlotError::of)
    }

    /// Dots.
    pub(super) fn dots(&self, points: &[(f64, f64)], colour: RGBColor) -> Result<(), PlotError> {
        for (x, y) in points {
            let dot = Circle::new(self.at(*x, self.clip(*y)), 4, colour.filled());
            self.area.draw(&dot).map_err(PlotError::of)?;
        }
        Ok(())
    }

    /// The frame, lines at the y ticks where nothing covers them, years below, y labels left of the panel.
    pub(super) fn axes(&self, lines: bool, y_labels: bool, text: &Text) -> Result<(), PlotError> {
        let [left, _, right, _] = self.frame;
        let (ticks, decimals) = ticks(self.y.0, self.y.1);
        for y in ticks {
            let (_, py) = self.at(self.x.0, y);
            if lines {
                let line = PathElement::new(vec![(left, py), (right, py)], GRID.stroke_width(1));
                self.area.draw(&line).map_err(PlotError::of)?;
            }
            if y_labels {
                let label = text.number(y, decimals);
                write(self.area, &label, (left - 8, py), LABEL, INK, (HPos::Right, VPos::Center))?;
            }
        }
        self.years()
    }

    /// The frame, and years below.
    pub(super) fn years(&self) -> Result<(), PlotError> {
        let [left, top, right, bottom] = self.frame;
        let step = if right - left > 450 { 2 } else { 5 };
        let (first, last) = (self.x.0.ceil() as i32, self.x.1.floor() as i32);
        let step = if last - first > 30 { 10 } else { step };
        for year in (first..=last).filter(|y| y % step == 0) {
            let (px, _) = self.at(f64::from(year), self.y.0);
            let tick = PathElement::new(vec![(px, bottom), (px, bottom + 5)], MUTED.stroke_width(1));
            self.area.draw(&tick).map_err(PlotError::of)?;
            let label = year.to_string();
            write(self.area, &label, (px, bottom + 7), LABEL, INK, (HPos::Center, VPos::Top))?;
        }
        let box_ = Rectangle::new([(left, top), (right, bottom)], MUTED.stroke_width(1));
        self.area.draw(&box_).map_err(PlotError::of)
    }
}

/// About four round numbers between two values, and the decimals they need.
pub(super) fn ticks(low: f64, high: f64) -> (Vec<f64>, usize) {
    let span = high - low;
    if !(span > 0.0 && span.is_finite()) {
        return (vec![low], 2);
    }
    let rough = span / 4.0;
    let power = 10.0_f64.powf(rough.log10().floor());
    let step =
        [1.0, 2.0, 2.5, 5.0, 10.0].map(|m| m * power).into_iter().find(|s| *s >= rough).unwrap_or(rough);
    let decimals = (0..6).find(|d| {
        let scaled = step * 10.0_f64.powi(*d);
        (scaled - scaled.round()).abs() < 1e-9 * scaled
    });
    let first = (low / step).ceil() as i64;
    let last = (high / step).floor() as i64;
    ((first..=last).map(|k| k as f64 * step).collect(), decimals.unwrap_or(2) as usize)
}

/// Three to seven round numbers between two positive values whose ratio matters: 1, 2 and 5 times powers of ten;
/// steps of `ticks` where they are too close for that.
pub(super) fn log_ticks(low: f64, high: f64) -> Vec<f64> {
    let powers = low.log10().floor() as i32..=high.log10().ceil() as i32;
    let all = |steps: &[f64]| -> Vec<f64> {
        let values = powers.clone().flat_map(|p| steps.iter().map(move |s| s * 10.0_f64.powi(p)));
        values.filter(|v| (low..=high).contains(v)).collect()
    };
    match all(&[1.0, 2.0, 5.0]) {
        few if few.len() < 3 => ticks(low, high).0,
        many if many.len() > 7 => all(&[1.0]),
        some => some,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ticks_are_round_and_inside() {
        assert_eq!(ticks(0.0, 100.0), (vec![0.0, 25.0, 50.0, 75.0, 100.0], 0));
        let (values, decimals) = ticks(3.1, 3.9);
        assert_eq!(decimals, 1);
        assert!(values.iter().all(|v| (3.1..=3.9).contains(v)) && values.len() >= 3);
        assert_eq!(ticks(2.0, 2.0).0, [2.0]);
    }

    #[test]
    fn ticks_of_ratios_are_ones_twos_and_fives() {
        assert_eq!(log_ticks(1500.0, 22_000.0), [2000.0, 5000.0, 10_000.0, 20_000.0]);
        assert_eq!(log_ticks(0.5, 4e6).len(), 7);
        let close = log_ticks(210.0, 390.0);
        assert!(close.len() >= 3 && close.iter().all(|v| (210.0..=390.0).contains(v)), "{close:?}");
    }
}
