//! The surface that figures are drawn on, and the one place where the drawing library's errors end.

use std::convert::Infallible;

use plotters::coord::{CoordTranslate, Shift};
use plotters::drawing::DrawingAreaErrorKind;
use plotters::element::{CoordMapper, Drawable, PointCollection};
use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, Pos, VPos};

use super::font::Type;
use super::svg::Svg;
use super::theme::leading;

/// A drawing surface in pixels.
pub(super) type Canvas<'s> = DrawingArea<Svg<'s>, Shift>;

/// What the drawing library gives back, without the error that drawing in memory cannot have: the backend's own
/// is [`Infallible`], it measures texts itself, and no area is drawn on while another borrows the picture.
pub(super) fn drawn<T>(result: Result<T, DrawingAreaErrorKind<Infallible>>) -> T {
    match result {
        Ok(value) => value,
        Err(error) => unreachable!("drawing in memory failed: {error}"),
    }
}

/// Draws an element of the library in the coordinates of an area.
pub(super) fn put<'s, 'e, C, B, E>(area: &DrawingArea<Svg<'s>, C>, element: &'e E)
where
    C: CoordTranslate,
    B: CoordMapper,
    &'e E: PointCollection<'e, C::From, B>,
    E: Drawable<Svg<'s>, B>,
{
    drawn(area.draw(element));
}

/// A text at a point: see [`Svg`] for what the anchors are.
pub(super) fn write(
    canvas: &Canvas<'_>,
    text: &str,
    at: (i32, i32),
    size: Type,
    colour: RGBColor,
    (across, down): (HPos, VPos),
) {
    write_turned(canvas, text, at, size, colour, (across, down), FontTransform::None);
}

/// A text turned about its point.
pub(super) fn write_turned(
    canvas: &Canvas<'_>,
    text: &str,
    at: (i32, i32),
    size: Type,
    colour: RGBColor,
    (across, down): (HPos, VPos),
    turn: FontTransform,
) {
    let weight = if size.bold { FontStyle::Bold } else { FontStyle::Normal };
    let style = TextStyle::from(("sans-serif", size.px, weight)).color(&colour).transform(turn);
    let style = style.pos(Pos::new(across, down));
    put(canvas, &Text::new(text.to_owned(), at, style));
}

/// Lines one below the other from a point on, the first at its top.
pub(super) fn write_lines(
    canvas: &Canvas<'_>,
    lines: &[String],
    (x, y): (i32, i32),
    size: Type,
    colour: RGBColor,
    across: HPos,
) {
    for (k, line) in lines.iter().enumerate() {
        write(canvas, line, (x, y + leading(size) * k as i32), size, colour, (across, VPos::Top));
    }
}

/// A diamond about a point.
pub(super) fn diamond(canvas: &Canvas<'_>, (x, y): (i32, i32), colour: RGBColor) {
    let corners = vec![(x - 8, y), (x, y - 8), (x + 8, y), (x, y + 8), (x - 8, y)];
    put(canvas, &PathElement::new(corners, colour.stroke_width(2)));
}
