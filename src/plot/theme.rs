//! Colours, sizes and the figure's frame: one palette and one scale of type for all figures.

use plotters::coord::Shift;
use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, Pos, VPos};

/// A drawing surface.
pub(super) type Area<'a> = DrawingArea<SVGBackend<'a>, Shift>;

/// Why a figure could not be drawn. Figures are drawn in memory, so that this does not occur in use.
#[derive(Debug, Clone, thiserror::Error)]
#[error("a figure could not be drawn: {0}")]
pub struct PlotError(String);

impl PlotError {
    /// Wraps an error of the drawing library.
    pub(super) fn of(error: impl std::fmt::Display) -> Self {
        Self(error.to_string())
    }
}

/// Type sizes in pixels of a figure 1600 wide.
pub(super) const TITLE: f64 = 34.0;
pub(super) const HEADING: f64 = 22.0;
pub(super) const LABEL: f64 = 17.0;
pub(super) const CAPTION: f64 = 15.0;

/// Width of every figure.
pub(super) const WIDTH: u32 = 1600;
/// Space above the panels for title and note, and below for key and caption.
pub(super) const HEAD: u32 = 110;
pub(super) const FOOT: u32 = 80;

pub(super) const INK: RGBColor = RGBColor(32, 32, 36);
pub(super) const MUTED: RGBColor = RGBColor(96, 96, 104);
pub(super) const GRID: RGBColor = RGBColor(222, 222, 226);

/// Colours of scenarios in the case's order: from Okabe and Ito (2008), whose palette the three kinds of
/// colour blindness tell apart, darkened where thin lines on a poor projector need it.
const SCENARIOS: [RGBColor; 8] = [
    RGBColor(90, 90, 96),
    RGBColor(0, 72, 140),
    RGBColor(204, 82, 0),
    RGBColor(0, 150, 110),
    RGBColor(170, 90, 140),
    RGBColor(190, 130, 0),
    RGBColor(70, 150, 210),
    RGBColor(30, 30, 30),
];

/// Colours of classes from the lowest to the highest: one hue, lightness falling evenly (ColorBrewer Blues),
/// so that the order survives grey print.
const CLASSES: [RGBColor; 7] = [
    RGBColor(247, 251, 255),
    RGBColor(214, 230, 244),
    RGBColor(171, 207, 230),
    RGBColor(115, 179, 216),
    RGBColor(62, 142, 196),
    RGBColor(21, 98, 160),
    RGBColor(8, 48, 107),
];

/// Colour of a scenario.
pub(super) fn scenario_colour(place: usize) -> RGBColor {
    SCENARIOS[place % SCENARIOS.len()]
}

/// Colour of a class by its rank among all class names.
pub(super) fn class_colour((rank, count): (usize, usize)) -> RGBColor {
    let last = CLASSES.len() - 1;
    let place = if count > 1 { rank as f64 / (count - 1) as f64 * last as f64 } else { 0.0 };
    CLASSES[(place.round() as usize).min(last)]
}

/// Black or white, whichever reads better on a colour (WCAG relative luminance).
pub(super) fn ink_on(colour: RGBColor) -> RGBColor {
    if luminance(colour) > 0.36 { INK } else { WHITE }
}

/// Relative luminance, 0 black to 1 white (WCAG 2.2).
pub(super) fn luminance(RGBColor(r, g, b): RGBColor) -> f64 {
    let linear = |c: u8| {
        let c = f64::from(c) / 255.0;
        if c <= 0.04045 { c / 12.92 } else { ((c + 0.055) / 1.055).powf(2.4) }
    };
    0.2126 * linear(r) + 0.7152 * linear(g) + 0.0722 * linear(b)
}

/// A text of this size; `weight` 700 is bold.
pub(super) fn write(
    area: &Area<'_>,
    text: &str,
    (x, y): (i32, i32),
    size: f64,
    colour: RGBColor,
    (across, down): (HPos, VPos),
) -> Result<(), PlotError> {
    let style = TextStyle::from(("sans-serif", size)).color(&colour).pos(Pos::new(across, down));
    area.draw(&Text::new(text.to_owned(), (x, y), style)).map_err(PlotError::of)
}

/// Width in pixels that a text takes at most: the SVG's reader chooses the font, so this is the width in
/// the widest of the usual sans-serif fonts (DejaVu Sans), from the average of its letters.
pub(super) fn width(text: &str, size: f64) -> f64 {
    let em: f64 = text
        .chars()
        .map(|c| match c {
            'i' | 'j' | 'l' | 'I' | '.' | ',' | ':' | ';' | '\'' | '|' | ' ' | '!' | 'і' => 0.34,
            'f' | 't' | 'r' | '(' | ')' | '-' | '[' | ']' | '/' => 0.42,
            'm' | 'w' | 'M' | 'W' | '%' | 'ш' | 'щ' | 'ж' | 'ю' | 'Ш' | 'Щ' | 'Ж' | 'Ю' | 'ы' => {
                0.95
            }
            c if c.is_uppercase() => 0.72,
            _ => 0.62,
        })
        .sum();
    em * size
}

/// Cuts a text into lines that fit.
pub(super) fn wrap(text: &str, size: f64, room: f64) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split_whitespace() {
        match lines.last_mut() {
            Some(line) if width(&format!("{line} {word}"), size) <= room => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines
}

/// An entry of the key below the panels.
pub(super) struct KeyEntry {
    pub(super) label: String,
    pub(super) mark: Mark,
}

/// What stands beside a key's label.
pub(super) enum Mark {
    Patch(RGBColor),
    Line(RGBColor),
    Dashes(RGBColor),
    Dots(RGBColor),
}

/// What frames the panels of a figure.
pub(super) struct Frame {
    pub(super) title: String,
    pub(super) note: String,
    pub(super) key: Vec<KeyEntry>,
    pub(super) caption: String,
}

/// Draws a figure: title and note above, key and caption below, and between them whatever `panels` draws.
pub(super) fn figure(
    height: u32,
    frame: &Frame,
    panels: impl FnOnce(&Area<'_>) -> Result<(), PlotError>,
) -> Result<String, PlotError> {
    let mut svg = String::new();
    let total = height + HEAD + FOOT;
    {
        let root = SVGBackend::with_string(&mut svg, (WIDTH, total)).into_drawing_area();
        root.fill(&WHITE).map_err(PlotError::of)?;
        let room = f64::from(WIDTH) - 60.0;
        let size = TITLE.min(TITLE * room / width(&frame.title, TITLE));
        write(&root, &frame.title, (30, 24), size, INK, (HPos::Left, VPos::Top))?;
        for (k, line) in wrap(&frame.note, LABEL, room).iter().take(2).enumerate() {
            write(&root, line, (30, 68 + 21 * k as i32), LABEL, MUTED, (HPos::Left, VPos::Top))?;
        }
        draw_key(&root, &frame.key, total as i32 - FOOT as i32 + 14)?;
        let place = (30, total as i32 - 16);
        write(&root, &frame.caption, place, CAPTION, MUTED, (HPos::Left, VPos::Bottom))?;
        let (_, below) = root.split_vertically(HEAD);
        let (middle, _) = below.split_vertically(height);
        panels(&middle)?;
        root.present().map_err(PlotError::of)?;
    }
    Ok(svg)
}

fn draw_key(root: &Area<'_>, key: &[KeyEntry], y: i32) -> Result<(), PlotError> {
    let mut x = 30;
    for entry in key {
        let middle = y + 9;
        match entry.mark {
            Mark::Patch(colour) => {
                let box_ = [(x, y), (x + 26, y + 18)];
                root.draw(&Rectangle::new(box_, colour.filled())).map_err(PlotError::of)?;
                root.draw(&Rectangle::new(box_, MUTED.stroke_width(1))).map_err(PlotError::of)?;
            }
            Mark::Line(colour) => {
                let line = PathElement::new(vec![(x, middle), (x + 26, middle)], colour.stroke_width(4));
                root.draw(&line).map_err(PlotError::of)?;
            }
            Mark::Dashes(colour) => {
                for k in 0..3 {
                    let from = x + 10 * k;
                    let dash =
                        PathElement::new(vec![(from, middle), (from + 6, middle)], colour.stroke_width(3));
                    root.draw(&dash).map_err(PlotError::of)?;
                }
            }
            Mark::Dots(colour) => {
                for k in 0..3 {
                    root.draw(&Circle::new((x + 4 + 9 * k, middle), 4, colour.filled()))
                        .map_err(PlotError::of)?;
                }
            }
        }
        write(root, &entry.label, (x + 34, middle), LABEL, INK, (HPos::Left, VPos::Center))?;
        x += 34 + width(&entry.label, LABEL) as i32 + 28;
    }
    Ok(())
}

/// A colour mixed with white: 0 white, 1 the colour itself.
pub(super) fn tint(RGBColor(r, g, b): RGBColor, share: f64) -> RGBColor {
    let mix = |c: u8| (255.0 - (255.0 - f64::from(c)) * share).round() as u8;
    RGBColor(mix(r), mix(g), mix(b))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Viénot, Brettel and Mollon (1999): what a colour looks like to a protanope and a deuteranope;
    /// the tritan matrix is that of Machado, Oliveira and Fernandes (2009).
    fn seen(RGBColor(r, g, b): RGBColor, kind: usize) -> [f64; 3] {
        let matrix = [
            [[0.152, 1.053, -0.205], [0.115, 0.786, 0.099], [-0.004, -0.048, 1.052]],
            [[0.367, 0.861, -0.228], [0.280, 0.673, 0.047], [-0.012, 0.043, 0.969]],
            [[1.256, -0.077, -0.179], [-0.078, 0.931, 0.148], [0.005, 0.691, 0.304]],
        ][kind];
        let c = [r, g, b].map(|c| (f64::from(c) / 255.0).powf(2.2));
        matrix.map(|row| {
            row.iter().zip(c).map(|(m, c)| m * c).sum::<f64>().clamp(0.0, 1.0).powf(1.0 / 2.2) * 255.0
        })
    }

    #[test]
    fn the_four_scenarios_differ_to_every_kind_of_eye() {
        for kind in 0..3 {
            for a in 0..4 {
                for b in 0..a {
                    let (x, y) = (seen(SCENARIOS[a], kind), seen(SCENARIOS[b], kind));
                    let distance = x.iter().zip(y).map(|(p, q)| (p - q).powi(2)).sum::<f64>().sqrt();
                    assert!(distance > 40.0, "{a} and {b} to eye {kind}: {distance}");
                }
            }
        }
    }

    #[test]
    fn scenarios_stand_out_from_white_and_classes_are_ordered_in_grey() {
        for colour in &SCENARIOS[..4] {
            let contrast = 1.05 / (luminance(*colour) + 0.05);
            assert!(contrast > 3.0, "{colour:?}: {contrast}");
        }
        assert!(CLASSES.windows(2).all(|w| luminance(w[0]) > luminance(w[1]) + 0.02));
    }

    #[test]
    fn text_is_wrapped_to_its_room() {
        let lines = wrap("one two three four five six seven", 20.0, 150.0);
        assert!(lines.len() > 1 && lines.iter().all(|l| width(l, 20.0) <= 150.0));
    }
}
