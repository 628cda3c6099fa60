//! A sheet: title and note above the panels, key and caption below; and how many of the things to draw one holds.

use std::ops::Range;

use plotters::prelude::*;
use plotters::style::text_anchor::HPos;

use super::canvas::{Canvas, drawn, write_lines};
use super::key::{KEY_ROW, KeyEntry, draw_key, key_rows};
use super::lines::{balanced, wrap};
use super::palette::{INK, MUTED};
use super::svg::Svg;
use super::theme::{CAPTION, LABEL, MARGIN, ROOM, TITLE, WIDTH, height_of};

/// The most that a sheet holds between note and caption: with these it is about as high as A4 upright.
pub(super) const SHEET: i32 = 1900;

/// What frames the panels of a figure.
#[derive(Clone, Default)]
pub(super) struct Frame {
    /// The finding.
    pub(super) title: String,
    /// How to read the picture, a line or two.
    pub(super) note: String,
    /// What cannot be named on the thing itself.
    pub(super) key: Vec<KeyEntry>,
    /// Runs, seed, version, source.
    pub(super) caption: String,
}

/// A drawn sheet.
pub(super) struct Sheet {
    pub(super) svg: String,
    pub(super) height: u32,
}

/// Draws a sheet: title and note above, key and caption below, and between them whatever `panels` draws on a canvas
/// of the whole width and this height.
pub(super) fn sheet(height: i32, frame: &Frame, panels: impl FnOnce(&Canvas<'_>)) -> Sheet {
    let title = balanced(&frame.title, TITLE, ROOM);
    let note = wrap(&frame.note, LABEL, ROOM);
    let key = key_rows(&frame.key);
    let caption = wrap(&frame.caption, CAPTION, ROOM);
    let note_top = MARGIN + height_of(title.len(), TITLE);
    let head = note_top + height_of(note.len(), LABEL) + 14;
    let key_top = head + height + 12;
    let caption_top = key_top + KEY_ROW * key.len() as i32 + 8;
    let total = (caption_top + height_of(caption.len(), CAPTION) + 14) as u32;
    let mut svg = String::new();
    {
        let description = format!("{} {}", frame.note, frame.caption);
        let backend = Svg::new(&mut svg, (WIDTH, total), &frame.title, description.trim());
        let root = backend.into_drawing_area();
        drawn(root.fill(&WHITE));
        write_lines(&root, &title, (MARGIN, MARGIN), TITLE, INK, HPos::Left);
        write_lines(&root, &note, (MARGIN, note_top), LABEL, MUTED, HPos::Left);
        let (_, below) = root.split_vertically(head);
        let (middle, _) = below.split_vertically(height);
        panels(&middle);
        for (k, row) in key.iter().enumerate() {
            draw_key(&root, row, key_top + KEY_ROW * k as i32);
        }
        write_lines(&root, &caption, (MARGIN, caption_top), CAPTION, MUTED, HPos::Left);
        drawn(root.present());
    }
    Sheet { svg, height: total }
}

/// Shares things of these heights out to as few sheets of this room as hold them, in order and about evenly. What is
/// higher than a sheet has one for itself.
pub(super) fn share_out(heights: &[i32], room: i32) -> Vec<Range<usize>> {
    let fewest = filled(heights, room).len();
    let evenly = (1..=40).map(|k| room * k / 40).find(|room| filled(heights, *room).len() == fewest);
    filled(heights, evenly.unwrap_or(room))
}

/// One sheet after the other, each as full as it gets.
fn filled(heights: &[i32], room: i32) -> Vec<Range<usize>> {
    let mut sheets: Vec<Range<usize>> = Vec::new();
    let mut used = 0;
    for (k, height) in heights.iter().enumerate() {
        match sheets.last_mut() {
            Some(sheet) if used + height <= room => sheet.end = k + 1,
            _ => {
                sheets.push(k..k + 1);
                used = 0;
            }
        }
        used += height;
    }
    sheets
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn things_are_shared_out_evenly_and_in_order() {
        let one = share_out(&[100; 8], 1900);
        assert!(one.len() == 1 && one[0] == (0..8));
        assert_eq!(share_out(&[100; 20], 1900), [0..10, 10..20]);
        // What is higher than a sheet stands alone.
        assert_eq!(share_out(&[100, 2500, 100], 1900), [0..1, 1..2, 2..3]);
        let many = share_out(&[100; 200], 1900);
        assert_eq!(many.len(), 11);
        assert!(many.iter().all(|sheet| (18..=19).contains(&sheet.len()) || sheet.end == 200), "{many:?}");
        assert!(share_out(&[], 1900).is_empty());
    }
}
