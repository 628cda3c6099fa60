//! The scenarios' names above the columns of a figure, in as many lines as the longest takes.

use plotters::style::RGBColor;
use plotters::style::text_anchor::HPos;

use super::canvas::{Canvas, write_lines};
use super::context::Context;
use super::font::{Type, text_width};
use super::lines::{words, wrap, wrap_at_most};
use super::palette::{INK, scenario_colour};
use super::panel::{RIGHT, place};
use super::theme::{CAPTION, HEADING, LABEL, STRONG, height_of, leading};
use crate::case::Name;
use crate::text::Text;

/// Names above columns, all of one size.
pub(super) struct Headings {
    size: Type,
    columns: Vec<(Vec<String>, RGBColor)>,
}

impl Headings {
    /// `if Inertial` above each of these columns, given its scenario's place among the candidates and name.
    pub(super) fn of_paths<'n>(
        context: &Context<'_>,
        scenarios: impl IntoIterator<Item = (usize, &'n Name)>,
    ) -> Self {
        Self::of_scenarios(context.text, scenarios)
    }

    /// The same without a context.
    pub(super) fn of_scenarios<'n>(
        text: &Text,
        scenarios: impl IntoIterator<Item = (usize, &'n Name)>,
    ) -> Self {
        let said = |(place, name)| {
            (text.fill("plot.under", &[("scenario", text.name(name))]), scenario_colour(place))
        };
        let names: Vec<(String, RGBColor)> = scenarios.into_iter().map(said).collect();
        let [left, _, right, _] = place(0, names.len().max(1), 0, 0);
        Self::in_room(&names, f64::from(right - left))
    }

    /// Words above columns of this width: one line where all fit, else smaller.
    pub(super) fn in_room(names: &[(String, RGBColor)], room: f64) -> Self {
        let size =
            if names.iter().all(|(name, _)| text_width(name, HEADING) <= room) { HEADING } else { STRONG };
        let columns = names.iter().map(|(name, colour)| (wrap(name, size, room), *colour)).collect();
        Self { size, columns }
    }

    fn height(&self) -> i32 {
        height_of(self.columns.iter().map(|c| c.0.len()).max().unwrap_or(0), self.size)
    }

    /// Pixels that the headings take beyond the line that stands above every panel.
    pub(super) fn more(&self) -> i32 {
        (self.height() - height_of(1, HEADING)).max(0)
    }

    /// Writes the name of a column, the last line just above `bottom`.
    pub(super) fn write(&self, canvas: &Canvas<'_>, column: usize, (left, bottom): (i32, i32)) {
        let Some((lines, colour)) = self.columns.get(column) else { return };
        let top = bottom - height_of(lines.len(), self.size);
        write_lines(canvas, lines, (left, top), self.size, *colour, HPos::Left);
    }
}

/// What a row is, right of its last panel: in the size of labels where the row has the room, else smaller.
pub(super) fn beside(canvas: &Canvas<'_>, label: &str, [_, top, right, bottom]: [i32; 4]) {
    let room = f64::from(RIGHT) - 18.0;
    let holds = |size: Type| ((bottom - top) / leading(size)).max(1) as usize;
    let whole = words(label).into_iter().all(|word| text_width(word, LABEL) <= room);
    let fits = whole && wrap(label, LABEL, room).len() <= holds(LABEL);
    let size = if fits { LABEL } else { CAPTION };
    let lines = wrap_at_most(label, size, room, holds(size));
    write_lines(canvas, &lines, (right + 12, top), size, INK, HPos::Left);
}
