//! The key below the panels: what cannot be named on the thing itself.

use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, VPos};

use super::canvas::{Canvas, diamond, put, write};
use super::font::text_width;
use super::lines::cut;
use super::palette::{INK, MUTED};
use super::theme::{LABEL, MARGIN, ROOM};

/// An entry of the key.
#[derive(Clone)]
pub(super) struct KeyEntry {
    pub(super) label: String,
    pub(super) mark: Mark,
}

/// What stands beside a key's label.
#[derive(Clone, Copy)]
pub(super) enum Mark {
    Patch(RGBColor),
    Line(RGBColor),
    Dashes(RGBColor),
    /// The room between two lines.
    Between(RGBColor),
    Dots(RGBColor),
    Rings(RGBColor),
    Ring(RGBColor),
    Dot(RGBColor),
    Diamond(RGBColor),
    Outline(RGBColor),
}

/// Width of a mark with its distance, the distance of entries, and of rows.
const MARK: i32 = 34;
const GAP: i32 = 28;
pub(super) const KEY_ROW: i32 = 26;

fn width(entry: &KeyEntry) -> i32 {
    MARK + text_width(&entry.label, LABEL).ceil() as i32 + GAP
}

/// Entries in rows that fit.
pub(super) fn key_rows(key: &[KeyEntry]) -> Vec<Vec<&KeyEntry>> {
    let mut rows: Vec<Vec<&KeyEntry>> = Vec::new();
    let mut used = 0;
    for entry in key {
        let needed = width(entry);
        match rows.last_mut() {
            Some(row) if f64::from(used + needed - GAP) <= ROOM => row.push(entry),
            _ => {
                rows.push(vec![entry]);
                used = 0;
            }
        }
        used += needed;
    }
    rows
}

/// Draws a row of the key.
pub(super) fn draw_key(canvas: &Canvas<'_>, row: &[&KeyEntry], y: i32) {
    let mut x = MARGIN;
    for entry in row {
        let middle = y + 9;
        draw_mark(canvas, entry.mark, (x, y));
        let label = cut(&entry.label, LABEL, ROOM - f64::from(MARK));
        write(canvas, &label, (x + MARK, middle), LABEL, INK, (HPos::Left, VPos::Center));
        x += width(entry);
    }
}

fn draw_mark(canvas: &Canvas<'_>, mark: Mark, (x, y): (i32, i32)) {
    let middle = y + 9;
    let box_ = [(x, y), (x + 26, y + 18)];
    let line = |y: i32, style: ShapeStyle| PathElement::new(vec![(x, y), (x + 26, y)], style);
    match mark {
        Mark::Patch(colour) => {
            put(canvas, &Rectangle::new(box_, colour.filled()));
            put(canvas, &Rectangle::new(box_, MUTED.stroke_width(1)));
        }
        Mark::Line(colour) => put(canvas, &line(middle, colour.stroke_width(4))),
        Mark::Between(colour) => {
            put(canvas, &line(y + 2, colour.stroke_width(2)));
            put(canvas, &line(y + 16, colour.stroke_width(2)));
        }
        Mark::Dashes(colour) => {
            for from in (0..3).map(|k| x + 10 * k) {
                let dash = vec![(from, middle), (from + 6, middle)];
                put(canvas, &PathElement::new(dash, colour.stroke_width(3)));
            }
        }
        Mark::Ring(colour) => put(canvas, &Circle::new((x + 13, middle), 9, colour.stroke_width(3))),
        Mark::Dot(colour) => put(canvas, &Circle::new((x + 13, middle), 4, colour.filled())),
        Mark::Diamond(colour) => diamond(canvas, (x + 13, middle), colour),
        Mark::Outline(colour) => put(canvas, &Rectangle::new(box_, colour.stroke_width(3))),
        Mark::Rings(colour) => {
            for k in 0..2 {
                put(canvas, &Circle::new((x + 6 + 13 * k, middle), 5, colour.stroke_width(2)));
            }
        }
        Mark::Dots(colour) => {
            for k in 0..3 {
                put(canvas, &Circle::new((x + 4 + 9 * k, middle), 4, colour.filled()));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_key_takes_a_second_row() {
        let entry = |_| KeyEntry { label: "a label of some length".to_owned(), mark: Mark::Line(INK) };
        let key: Vec<KeyEntry> = (0..12).map(entry).collect();
        let rows = key_rows(&key);
        assert!(rows.len() > 1 && rows.iter().map(Vec::len).sum::<usize>() == 12);
    }
}
