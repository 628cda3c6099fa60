//! The drawing library's backend: SVG that is small, that names the embedded font, and whose texts say how
//! wide they are.

use std::convert::Infallible;
use std::fmt::Write as _;

use plotters::prelude::{DrawingBackend, FontStyle, FontTransform};
use plotters::style::text_anchor::{HPos, VPos};
use plotters_backend::{BackendColor, BackendCoord, BackendStyle, BackendTextStyle, DrawingErrorKind};

use super::font::{CAPITALS, DESCENDERS, FAMILY, Type, text_width};

type Drawn = Result<(), DrawingErrorKind<Infallible>>;

/// Writes SVG to a string.
pub(super) struct Svg<'a> {
    out: &'a mut String,
    size: (u32, u32),
    /// The strokes that were drawn last, so that more of the same look join them.
    strokes: Option<(Stroke, String)>,
}

/// Look of a stroke.
#[derive(PartialEq)]
struct Stroke {
    colour: String,
    width: u32,
}

impl<'a> Svg<'a> {
    /// Starts a picture; `title` and `description` are what a screen reader says.
    pub(super) fn new(
        out: &'a mut String,
        (width, height): (u32, u32),
        title: &str,
        description: &str,
    ) -> Self {
        let _ = write!(
            out,
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" \
             viewBox=\"0 0 {width} {height}\" role=\"img\" \
             font-family=\"'{FAMILY}','Noto Sans',Arial,sans-serif\">\n<title>{}</title>\n<desc>{}</desc>\n",
            escape(title),
            escape(description)
        );
        Self { out, size: (width, height), strokes: None }
    }

    /// Writes the strokes that wait for more of their look.
    fn flush(&mut self) {
        if let Some((Stroke { colour, width }, path)) = self.strokes.take() {
            let width = if width == 1 { String::new() } else { format!(" stroke-width=\"{width}\"") };
            let _ = writeln!(self.out, "<path d=\"{path}\" fill=\"none\" stroke=\"{colour}\"{width}/>");
        }
    }

    fn stroke(&mut self, points: &[BackendCoord], closed: bool, style: &impl BackendStyle) {
        let look = Stroke { colour: hex(style.color()), width: style.stroke_width() };
        if self.strokes.as_ref().is_some_and(|(last, _)| *last != look) {
            self.flush();
        }
        let (_, path) = self.strokes.get_or_insert_with(|| (look, String::new()));
        outline(path, points);
        if closed {
            path.push('z');
        }
    }
}

impl DrawingBackend for Svg<'_> {
    type ErrorType = Infallible;

    fn get_size(&self) -> (u32, u32) {
        self.size
    }

    fn ensure_prepared(&mut self) -> Drawn {
        Ok(())
    }

    /// Ends the picture.
    fn present(&mut self) -> Drawn {
        self.flush();
        self.out.push_str("</svg>\n");
        Ok(())
    }

    fn draw_pixel(&mut self, at: BackendCoord, colour: BackendColor) -> Drawn {
        self.draw_rect(at, (at.0 + 1, at.1 + 1), &colour, true)
    }

    fn draw_line<S: BackendStyle>(&mut self, from: BackendCoord, to: BackendCoord, style: &S) -> Drawn {
        self.stroke(&[from, to], false, style);
        Ok(())
    }

    fn draw_path<S: BackendStyle, I: IntoIterator<Item = BackendCoord>>(
        &mut self,
        path: I,
        style: &S,
    ) -> Drawn {
        self.stroke(&path.into_iter().collect::<Vec<_>>(), false, style);
        Ok(())
    }

    fn draw_rect<S: BackendStyle>(
        &mut self,
        (left, top): BackendCoord,
        (right, bottom): BackendCoord,
        style: &S,
        fill: bool,
    ) -> Drawn {
        if !fill {
            self.stroke(&[(left, top), (right, top), (right, bottom), (left, bottom)], true, style);
            return Ok(());
        }
        self.flush();
        let (width, height, colour) = (right - left, bottom - top, hex(style.color()));
        let _ = writeln!(
            self.out,
            "<rect x=\"{left}\" y=\"{top}\" width=\"{width}\" height=\"{height}\" fill=\"{colour}\"/>"
        );
        Ok(())
    }

    fn draw_circle<S: BackendStyle>(
        &mut self,
        (x, y): BackendCoord,
        radius: u32,
        style: &S,
        fill: bool,
    ) -> Drawn {
        self.flush();
        let colour = hex(style.color());
        let look = if fill {
            format!("fill=\"{colour}\"")
        } else {
            format!("fill=\"none\" stroke=\"{colour}\" stroke-width=\"{}\"", style.stroke_width())
        };
        let _ = writeln!(self.out, "<circle cx=\"{x}\" cy=\"{y}\" r=\"{radius}\" {look}/>");
        Ok(())
    }

    fn fill_polygon<S: BackendStyle, I: IntoIterator<Item = BackendCoord>>(
        &mut self,
        corners: I,
        style: &S,
    ) -> Drawn {
        self.flush();
        let mut path = String::new();
        outline(&mut path, &corners.into_iter().collect::<Vec<_>>());
        let _ = writeln!(self.out, "<path d=\"{path}z\" fill=\"{}\"/>", hex(style.color()));
        Ok(())
    }

    /// A line of text. Anchors are those of capitals: the top is their top, the middle their middle, the
    /// bottom the end of descenders.
    fn draw_text<T: BackendTextStyle>(&mut self, text: &str, style: &T, (x, y): BackendCoord) -> Drawn {
        self.flush();
        let size = Type { px: style.size(), bold: matches!(style.style(), FontStyle::Bold) };
        let rise = size.px
            * match style.anchor().v_pos {
                VPos::Top => CAPITALS,
                VPos::Center => 0.5 * CAPITALS,
                VPos::Bottom => -DESCENDERS,
            };
        let anchor = match style.anchor().h_pos {
            HPos::Left => "",
            HPos::Center => " text-anchor=\"middle\"",
            HPos::Right => " text-anchor=\"end\"",
        };
        let turn = match style.transform() {
            FontTransform::None => None,
            FontTransform::Rotate90 => Some(90),
            FontTransform::Rotate180 => Some(180),
            FontTransform::Rotate270 => Some(270),
        };
        let turn = turn.map_or_else(String::new, |by| format!(" transform=\"rotate({by} {x} {y})\""));
        let weight = if size.bold { " font-weight=\"700\"" } else { "" };
        let _ = writeln!(
            self.out,
            "<text x=\"{x}\" y=\"{}\" font-size=\"{}\" fill=\"{}\"{weight}{anchor}{turn} \
             textLength=\"{}\" lengthAdjust=\"spacingAndGlyphs\">{}</text>",
            decimal(f64::from(y) + rise),
            decimal(size.px),
            hex(style.color()),
            decimal(text_width(text, size)),
            escape(text)
        );
        Ok(())
    }

    fn estimate_text_size<T: BackendTextStyle>(
        &self,
        text: &str,
        style: &T,
    ) -> Result<(u32, u32), DrawingErrorKind<Infallible>> {
        let size = Type { px: style.size(), bold: matches!(style.style(), FontStyle::Bold) };
        let height = (CAPITALS + DESCENDERS) * size.px;
        Ok((text_width(text, size).ceil() as u32, height.ceil() as u32))
    }
}

/// A path through points, in steps from one to the next; points on a straight line between their neighbours
/// are left out.
fn outline(path: &mut String, points: &[BackendCoord]) {
    let mut kept: Vec<BackendCoord> = Vec::with_capacity(points.len());
    for point in points {
        if kept.last() == Some(point) {
            continue;
        }
        if let [.., a, b] = kept[..] {
            let (along, next) = ((b.0 - a.0, b.1 - a.1), (point.0 - b.0, point.1 - b.1));
            let straight = along.0 * next.1 == along.1 * next.0;
            if straight && along.0 * next.0 + along.1 * next.1 > 0 {
                kept.pop();
            }
        }
        kept.push(*point);
    }
    let Some((x, y)) = kept.first() else { return };
    let _ = write!(path, "M{x} {y}");
    for (k, pair) in kept.windows(2).enumerate() {
        let (dx, dy) = (pair[1].0 - pair[0].0, pair[1].1 - pair[0].1);
        let command = if k == 0 {
            "l"
        } else if dx < 0 {
            ""
        } else {
            " "
        };
        let gap = if dy < 0 { "" } else { " " };
        let _ = write!(path, "{command}{dx}{gap}{dy}");
    }
}

/// At most one decimal.
fn decimal(value: f64) -> String {
    let text = format!("{value:.1}");
    text.strip_suffix(".0").map_or(text.clone(), str::to_owned)
}

/// `#rrggbb`, or `#rgb` where that says the same.
fn hex(colour: BackendColor) -> String {
    let (r, g, b) = colour.rgb;
    if [r, g, b].iter().all(|c| c % 17 == 0) {
        return format!("#{:x}{:x}{:x}", r / 17, g / 17, b / 17);
    }
    format!("#{r:02x}{g:02x}{b:02x}")
}

/// Text as XML.
fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_keeps_its_corners_only() {
        let mut path = String::new();
        outline(&mut path, &[(0, 0), (5, 5), (5, 5), (10, 10), (20, 10), (15, 10), (15, -2)]);
        assert_eq!(path, "M0 0l10 10 10 0-5 0 0-12");
    }

    #[test]
    fn colours_and_numbers_are_short() {
        let colour = |rgb| hex(BackendColor { alpha: 1.0, rgb });
        assert_eq!([colour((255, 255, 255)), colour((255, 254, 0))], ["#fff", "#fffe00"]);
        assert_eq!([decimal(18.0), decimal(7.25), decimal(-0.5)], ["18", "7.2", "-0.5"]);
    }

    #[test]
    fn text_is_escaped() {
        assert_eq!(escape("a < b & c"), "a &lt; b &amp; c");
    }
}
