//! The figure's frame: one scale of type, title and note above the panels, key and caption below.

use plotters::coord::Shift;
use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, Pos, VPos};

use super::PlotError;
use super::font::{Type, text_width};
use super::palette::{INK, MUTED};
use super::svg::Svg;

/// A drawing surface.
pub(super) type Area<'a> = DrawingArea<Svg<'a>, Shift>;

/// The scale of type, in pixels of a figure 1600 wide: the finding; names of panels; what labels say;
/// labels on things; caption. Nothing is smaller than the caption.
pub(super) const TITLE: Type = Type { px: 34.0, bold: true };
pub(super) const HEADING: Type = Type { px: 22.0, bold: true };
pub(super) const STRONG: Type = Type { px: 18.0, bold: true };
pub(super) const LABEL: Type = Type { px: 18.0, bold: false };
pub(super) const CAPTION: Type = Type { px: 15.0, bold: false };

/// Width of every figure.
pub(super) const WIDTH: u32 = 1600;
/// White around everything.
pub(super) const MARGIN: i32 = 30;
/// Width within the margins.
pub(super) const ROOM: f64 = (WIDTH as i32 - 2 * MARGIN) as f64;

/// Distance of the lines of a text of this size.
pub(super) fn leading(size: Type) -> i32 {
    (1.25 * size.px).round() as i32
}

/// A text at a point: see [`Svg`] for what the anchors are.
pub(super) fn write(
    area: &Area<'_>,
    text: &str,
    at: (i32, i32),
    size: Type,
    colour: RGBColor,
    (across, down): (HPos, VPos),
) -> Result<(), PlotError> {
    write_turned(area, text, at, size, colour, (across, down), FontTransform::None)
}

/// A text turned about its point.
pub(super) fn write_turned(
    area: &Area<'_>,
    text: &str,
    at: (i32, i32),
    size: Type,
    colour: RGBColor,
    (across, down): (HPos, VPos),
    turn: FontTransform,
) -> Result<(), PlotError> {
    let weight = if size.bold { FontStyle::Bold } else { FontStyle::Normal };
    let style = TextStyle::from(("sans-serif", size.px, weight)).color(&colour).transform(turn);
    let style = style.pos(Pos::new(across, down));
    area.draw(&Text::new(text.to_owned(), at, style)).map_err(PlotError::of)
}

/// Lines one below the other from a point on, the first at its top.
pub(super) fn write_lines(
    area: &Area<'_>,
    lines: &[String],
    (x, y): (i32, i32),
    size: Type,
    colour: RGBColor,
    across: HPos,
) -> Result<(), PlotError> {
    for (k, line) in lines.iter().enumerate() {
        write(area, line, (x, y + leading(size) * k as i32), size, colour, (across, VPos::Top))?;
    }
    Ok(())
}

/// Cuts a text into lines that fit a room; a word longer than the room stands alone, and is cut with an
/// ellipsis if it must be.
pub(super) fn wrap(text: &str, size: Type, room: f64) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split(' ').filter(|w| !w.is_empty()) {
        match lines.last_mut() {
            Some(line) if text_width(&format!("{line} {word}"), size) <= room => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(cut(word, size, room)),
        }
    }
    lines
}

/// The same with lines of about one length, so that no word stands alone in the last.
fn balanced(text: &str, size: Type, room: f64) -> Vec<String> {
    let lines = wrap(text, size, room);
    let narrower = (0..40).map(|k| room * (1.0 - 0.0125 * f64::from(k))).map(|room| wrap(text, size, room));
    narrower
        .take_while(|narrow| narrow.len() == lines.len() && !narrow.concat().contains('…'))
        .last()
        .unwrap_or(lines)
}

/// A text cut with an ellipsis where it does not fit a room.
pub(super) fn cut(text: &str, size: Type, room: f64) -> String {
    if text_width(text, size) <= room {
        return text.to_owned();
    }
    let mut short = text.to_owned();
    while short.pop().is_some() && text_width(&short, size) + text_width("…", size) > room {}
    short.push('…');
    short
}

/// A heading in its own size or, where it does not fit, in that of strong labels; cut only if it must be.
pub(super) fn heading_in(text: &str, room: f64) -> (String, Type) {
    if text_width(text, HEADING) <= room {
        return (text.to_owned(), HEADING);
    }
    (cut(text, STRONG, room), STRONG)
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
    /// The room between two lines.
    Between(RGBColor),
    Dots(RGBColor),
    Ring(RGBColor),
    Dot(RGBColor),
    Diamond(RGBColor),
    Frame(RGBColor),
}

/// What frames the panels of a figure.
#[derive(Default)]
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

/// A drawn picture.
pub(super) struct Picture {
    pub(super) svg: String,
    pub(super) height: u32,
}

/// Width of a key's mark with its distance, and the distance of entries.
const KEY_MARK: i32 = 34;
const KEY_GAP: i32 = 28;
const KEY_ROW: i32 = 26;

/// Draws a figure: title and note above, key and caption below, and between them whatever `panels` draws on
/// an area of the figure's whole width and this height.
pub(super) fn figure(
    height: u32,
    frame: &Frame,
    panels: impl FnOnce(&Area<'_>) -> Result<(), PlotError>,
) -> Result<Picture, PlotError> {
    let title = balanced(&frame.title, TITLE, ROOM);
    let note = wrap(&frame.note, LABEL, ROOM);
    let key = key_rows(&frame.key);
    let caption = wrap(&frame.caption, CAPTION, ROOM);
    let lines = |count: usize, size: Type| leading(size) * count as i32;
    let note_top = MARGIN + lines(title.len(), TITLE);
    let head = note_top + lines(note.len(), LABEL) + 14;
    let key_top = head + height as i32 + 12;
    let caption_top = key_top + KEY_ROW * key.len() as i32 + 8;
    let total = (caption_top + lines(caption.len(), CAPTION) + 14) as u32;
    let mut svg = String::new();
    {
        let description = format!("{} {}", frame.note, frame.caption);
        let backend = Svg::new(&mut svg, (WIDTH, total), &frame.title, description.trim());
        let root = backend.into_drawing_area();
        root.fill(&WHITE).map_err(PlotError::of)?;
        write_lines(&root, &title, (MARGIN, MARGIN), TITLE, INK, HPos::Left)?;
        write_lines(&root, &note, (MARGIN, note_top), LABEL, MUTED, HPos::Left)?;
        let (_, below) = root.split_vertically(head as u32);
        let (middle, _) = below.split_vertically(height);
        panels(&middle)?;
        for (k, row) in key.iter().enumerate() {
            draw_key(&root, row, key_top + KEY_ROW * k as i32)?;
        }
        write_lines(&root, &caption, (MARGIN, caption_top), CAPTION, MUTED, HPos::Left)?;
        root.present().map_err(PlotError::of)?;
    }
    Ok(Picture { svg, height: total })
}

fn entry_width(entry: &KeyEntry) -> i32 {
    KEY_MARK + text_width(&entry.label, LABEL).ceil() as i32 + KEY_GAP
}

/// Entries in rows that fit.
fn key_rows(key: &[KeyEntry]) -> Vec<Vec<&KeyEntry>> {
    let mut rows: Vec<Vec<&KeyEntry>> = Vec::new();
    let mut used = 0;
    for entry in key {
        let needed = entry_width(entry);
        match rows.last_mut() {
            Some(row) if f64::from(used + needed - KEY_GAP) <= ROOM => row.push(entry),
            _ => {
                rows.push(vec![entry]);
                used = 0;
            }
        }
        used += needed;
    }
    rows
}

fn draw_key(root: &Area<'_>, key: &[&KeyEntry], y: i32) -> Result<(), PlotError> {
    let mut x = MARGIN;
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
            Mark::Between(colour) => {
                for side in [y + 2, y + 16] {
                    let line = PathElement::new(vec![(x, side), (x + 26, side)], colour.stroke_width(2));
                    root.draw(&line).map_err(PlotError::of)?;
                }
            }
            Mark::Dashes(colour) => {
                for k in 0..3 {
                    let from = x + 10 * k;
                    let dash =
                        PathElement::new(vec![(from, middle), (from + 6, middle)], colour.stroke_width(3));
                    root.draw(&dash).map_err(PlotError::of)?;
                }
            }
            Mark::Ring(colour) => {
                root.draw(&Circle::new((x + 13, middle), 9, colour.stroke_width(3)))
                    .map_err(PlotError::of)?;
            }
            Mark::Dot(colour) => {
                root.draw(&Circle::new((x + 13, middle), 4, colour.filled())).map_err(PlotError::of)?;
            }
            Mark::Diamond(colour) => diamond(root, (x + 13, middle), colour)?,
            Mark::Frame(colour) => {
                let frame = Rectangle::new([(x, y), (x + 26, y + 18)], colour.stroke_width(3));
                root.draw(&frame).map_err(PlotError::of)?;
            }
            Mark::Dots(colour) => {
                for k in 0..3 {
                    root.draw(&Circle::new((x + 4 + 9 * k, middle), 4, colour.filled()))
                        .map_err(PlotError::of)?;
                }
            }
        }
        write(root, &entry.label, (x + KEY_MARK, middle), LABEL, INK, (HPos::Left, VPos::Center))?;
        x += entry_width(entry);
    }
    Ok(())
}

/// A diamond about a point.
pub(super) fn diamond(area: &Area<'_>, (x, y): (i32, i32), colour: RGBColor) -> Result<(), PlotError> {
    let corners = vec![(x - 8, y), (x, y - 8), (x + 8, y), (x, y + 8), (x - 8, y)];
    area.draw(&PathElement::new(corners, colour.stroke_width(2))).map_err(PlotError::of)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_wrapped_to_its_room() {
        let lines = wrap("one two three four five six seven", LABEL, 130.0);
        assert!(lines.len() > 1 && lines.iter().all(|l| text_width(l, LABEL) <= 130.0));
        assert_eq!(lines.join(" "), "one two three four five six seven");
    }

    #[test]
    fn a_title_leaves_no_word_alone() {
        let title = "Temirtau in 2035: median unemployment from 3.9 % (Diversification) to 7.0 % (Inertial); 4.6 % in 2021";
        let lines = balanced(title, TITLE, ROOM);
        assert_eq!(lines.len(), 2);
        assert!(text_width(&lines[1], TITLE) > 0.5 * text_width(&lines[0], TITLE), "{lines:?}");
        assert_eq!(balanced("short", TITLE, ROOM), ["short"]);
    }

    #[test]
    fn a_word_too_long_is_cut_with_an_ellipsis() {
        let short = cut("Диверсификация", LABEL, 80.0);
        assert!(short.ends_with('…') && text_width(&short, LABEL) <= 80.0, "{short}");
        assert_eq!(cut("Шахтинск", LABEL, 200.0), "Шахтинск");
    }

    #[test]
    fn a_long_heading_is_smaller_before_it_is_cut() {
        let name = "путь: Сбалансированное развитие";
        assert_eq!(heading_in(name, 400.0), (name.to_owned(), HEADING));
        assert_eq!(heading_in(name, 320.0), (name.to_owned(), STRONG));
        assert!(heading_in(name, 100.0).0.ends_with('…'));
    }

    #[test]
    fn a_long_key_takes_a_second_row() {
        let entry = |_| KeyEntry { label: "a label of some length".to_owned(), mark: Mark::Line(INK) };
        let key: Vec<KeyEntry> = (0..12).map(entry).collect();
        let rows = key_rows(&key);
        assert!(rows.len() > 1 && rows.iter().map(Vec::len).sum::<usize>() == 12);
    }
}
