//! Small panels side by side: a plane of the drawing library each, with labels of our own, since the library measures
//! text in bytes.

use plotters::coord::combinators::{IntoLogRange, LogCoord};
use plotters::coord::ranged1d::Ranged;
use plotters::coord::types::RangedCoordf64;
use plotters::element::DashedPathElement;
use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, VPos};

use super::canvas::{Canvas, put, write};
use super::palette::{GRID, INK, MUTED};
use super::svg::Svg;
use super::theme::{LABEL, WIDTH};
use super::ticks::{sound, ticks, year_ticks};
use crate::text::Text;

/// Room left of the panels for y labels, right of them for class names, between them.
pub(super) const LEFT: i32 = 90;
pub(super) const RIGHT: i32 = 190;
const GAP: i32 = 16;
/// Room below a panel for x labels, above it for its heading.
const BELOW: i32 = 34;
const ABOVE: i32 = 34;

/// A plane: years or a value across, a value up, linear if nothing else is said.
type Plane<'s, Y> = DrawingArea<Svg<'s>, Cartesian2d<RangedCoordf64, Y>>;

/// A panel: a plane on the canvas, and what stands around it.
pub(super) struct Panel<'c, 's, Y: Ranged<ValueType = f64> = RangedCoordf64> {
    /// What labels are written on.
    pub(super) canvas: &'c Canvas<'s>,
    plane: Plane<'s, Y>,
    /// Left, top, right, bottom in pixels of the canvas.
    pub(super) rect: [i32; 4],
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

impl<'c, 's> Panel<'c, 's> {
    /// A panel with these pixels and ranges.
    pub(super) fn new(canvas: &'c Canvas<'s>, rect: [i32; 4], x: (f64, f64), y: (f64, f64)) -> Self {
        let y = sound(y);
        Self::on(canvas, rect, x, (y, (y.0..y.1).into()))
    }
}

impl<'c, 's> Panel<'c, 's, LogCoord<f64>> {
    /// A panel on which equal distances up are equal ratios; `y` is positive.
    pub(super) fn of_ratios(canvas: &'c Canvas<'s>, rect: [i32; 4], x: (f64, f64), y: (f64, f64)) -> Self {
        let y = sound(y);
        Self::on(canvas, rect, x, (y, (y.0..y.1).log_scale().into()))
    }
}

impl<'c, 's, Y: Ranged<ValueType = f64>> Panel<'c, 's, Y> {
    fn on(canvas: &'c Canvas<'s>, rect: [i32; 4], x: (f64, f64), (y, up): ((f64, f64), Y)) -> Self {
        let [left, top, right, bottom] = rect;
        let x = sound(x);
        let area = canvas.clone().shrink((left, top), (right - left, bottom - top));
        let (across, down) = area.get_pixel_range();
        let plane = Cartesian2d::new(RangedCoordf64::from(x.0..x.1), up, (across, down.end..down.start));
        Self { canvas, plane: area.apply_coord_spec(plane), rect, x, y }
    }

    /// Pixels of a point on the canvas.
    pub(super) fn at(&self, x: f64, y: f64) -> (i32, i32) {
        let (left, top) = self.canvas.get_base_pixel();
        let (px, py) = self.plane.map_coordinate(&(x, y));
        (px - left, py - top)
    }

    /// Limits a value to the panel.
    pub(super) fn clip(&self, y: f64) -> f64 {
        y.clamp(self.y.0, self.y.1)
    }

    /// A filled outline; the colour may let the ground shine through.
    pub(super) fn fill(&self, points: &[(f64, f64)], colour: impl Color) {
        put(
            &self.plane,
            &Polygon::new(points.iter().copied().filter(finite).collect::<Vec<_>>(), colour.filled()),
        );
    }

    /// The band between two lines over the same x.
    pub(super) fn band(&self, x: &[f64], low: &[f64], high: &[f64], colour: impl Color) {
        let up = x.iter().copied().zip(low.iter().copied());
        let back = x.iter().copied().zip(high.iter().copied()).rev();
        self.fill(&up.chain(back).collect::<Vec<_>>(), colour);
    }

    /// The area between a line and a height, with the line.
    pub(super) fn hill(&self, points: &[(f64, f64)], foot: f64, ground: RGBColor, line: RGBColor) {
        let points = points.iter().copied().filter(finite);
        for element in AreaSeries::new(points, foot, ground.filled()).border_style(line.stroke_width(1)) {
            put(&self.plane, &element);
        }
    }

    /// A line.
    pub(super) fn line(&self, points: &[(f64, f64)], colour: RGBColor, width: u32) {
        for element in LineSeries::new(points.iter().copied().filter(finite), colour.stroke_width(width)) {
            put(&self.plane, &element);
        }
    }

    /// A dashed line.
    pub(super) fn dashes(&self, points: &[(f64, f64)], colour: RGBColor, width: u32) {
        let points: Vec<(f64, f64)> = points.iter().copied().filter(finite).collect();
        put(&self.plane, &DashedPathElement::new(points, 7, 5, colour.stroke_width(width)));
    }

    /// An upright line of long dashes at x.
    pub(super) fn upright(&self, x: f64, colour: RGBColor, width: u32) {
        let ends = vec![(x, self.y.0), (x, self.y.1)];
        put(&self.plane, &DashedPathElement::new(ends, 14, 8, colour.stroke_width(width)));
    }

    /// Dots.
    pub(super) fn dots(&self, points: &[(f64, f64)], colour: RGBColor) {
        for point in points.iter().copied().filter(finite) {
            put(&self.plane, &Circle::new(point, 4, colour.filled()));
        }
    }

    /// Open points.
    pub(super) fn rings(&self, points: &[(f64, f64)], colour: RGBColor) {
        for point in points.iter().copied().filter(finite) {
            put(&self.plane, &Circle::new(point, 5, WHITE.filled()));
            put(&self.plane, &Circle::new(point, 5, colour.stroke_width(2)));
        }
    }

    /// The frame, lines at the y ticks where nothing covers them, years below, y labels left of the panel.
    pub(super) fn axes(&self, lines: bool, y_labels: bool, text: &Text) {
        let number = |value: f64, decimals: usize| text.number(value, decimals);
        self.axes_with(lines, y_labels.then_some(&number));
    }

    /// The same with y labels that `y_label` writes, given a value and its decimals.
    pub(super) fn axes_with(&self, lines: bool, y_label: Option<&Label<'_>>) {
        let (ticks, decimals) = ticks(self.y.0, self.y.1);
        for y in ticks {
            if lines {
                self.line(&[(self.x.0, y), (self.x.1, y)], GRID, 1);
            }
            if let Some(y_label) = y_label {
                let at = (self.rect[0] - 8, self.at(self.x.0, y).1);
                write(self.canvas, &y_label(y, decimals), at, LABEL, INK, (HPos::Right, VPos::Center));
            }
        }
        self.years();
    }

    /// The frame, and years below.
    pub(super) fn years(&self) {
        let [left, _, right, bottom] = self.rect;
        let (first, last) = (self.x.0.ceil() as i32, self.x.1.floor() as i32);
        for year in year_ticks(first, last, right - left) {
            let (px, _) = self.at(f64::from(year), self.y.0);
            let tick = PathElement::new(vec![(px, bottom), (px, bottom + 5)], MUTED.stroke_width(1));
            put(self.canvas, &tick);
            // At the ends of the axis inwards: the next panel begins close by.
            let side = match px {
                px if px <= left => HPos::Left,
                px if px >= right => HPos::Right,
                _ => HPos::Center,
            };
            write(self.canvas, &year.to_string(), (px, bottom + 9), LABEL, INK, (side, VPos::Top));
        }
        self.outline();
    }

    /// The frame alone.
    pub(super) fn outline(&self) {
        let [left, top, right, bottom] = self.rect;
        put(self.canvas, &Rectangle::new([(left, top), (right, bottom)], MUTED.stroke_width(1)));
    }
}

/// What is undefined has no place: a line leaves it out.
fn finite(&(x, y): &(f64, f64)) -> bool {
    x.is_finite() && y.is_finite()
}

/// Writes a value of an axis with so many decimals.
pub(super) type Label<'a> = dyn Fn(f64, usize) -> String + 'a;
