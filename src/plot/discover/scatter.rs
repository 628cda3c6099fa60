//! The box over the runs, in the two factors that restrict it most surely.

use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, VPos};

use super::{BOX, MET, OTHER, Told};
use crate::plot::canvas::{Canvas, put, write};
use crate::plot::key::{KeyEntry, Mark};
use crate::plot::lines::cut;
use crate::plot::palette::{GRID, INK};
use crate::plot::panel::Panel;
use crate::plot::run_picture::RunPicture;
use crate::plot::sheet::{Frame, sheet};
use crate::plot::table::Table;
use crate::plot::theme::{LABEL, MARGIN, STRONG, WIDTH};
use crate::plot::ticks::ticks;

const TOP: i32 = 44;
const HEIGHT: i32 = 660;
const BELOW: i32 = 64;
const LEFT: i32 = 130;
/// Runs that are drawn of each kind.
const SHOWN: usize = 700;
/// Share of the runs beyond either end of an axis.
const BEYOND: f64 = 0.005;

impl Told<'_> {
    /// None where there is one factor only, or the box is everything.
    pub(super) fn scatter(&self) -> Option<RunPicture> {
        let text = self.text;
        let sides = self.found.sides(self.step);
        sides.first()?;
        // What has two values spreads over no axis: the widest of what tells most.
        let is_wide = |k: &usize| {
            let values = &self.found.sample.values[*k];
            values.iter().filter(|x| **x != values[0] && **x != values[values.len() - 1]).count() > values.len() / 2
        };
        let factors: Vec<usize> = self.factors(usize::MAX).into_iter().filter(is_wide).collect();
        let [across, up, ..] = factors.as_slice() else { return None };
        let (across, up) = (*across, *up);
        let chosen = &self.found.prim.steps[self.step];
        let [town, scenario] = self.whose();
        let values = [
            town,
            scenario,
            ("density", self.percent(chosen.density)),
            ("across", self.name(across)),
            ("up", self.name(up)),
        ];
        let others = sides.iter().filter(|side| side.factor != across && side.factor != up).count();
        let note_key = if others > 0 { "plot.box_note_more" } else { "plot.box_note" };
        let frame = Frame {
            title: text.fill("plot.box", &values),
            note: text.fill(note_key, &[("count", others.to_string())]),
            key: vec![
                KeyEntry { label: text.get("plot.box_met").to_owned(), mark: Mark::Dot(MET) },
                KeyEntry { label: text.get("plot.box_other").to_owned(), mark: Mark::Dot(OTHER) },
                KeyEntry { label: text.get("plot.box_side").to_owned(), mark: Mark::Outline(BOX) },
            ],
            caption: self.caption(),
        };
        let (x, y) = (self.range(across), self.range(up));
        let picture = sheet(TOP + HEIGHT + BELOW, &frame, |canvas| {
            let rect = [MARGIN + LEFT, TOP, WIDTH as i32 - MARGIN - 10, TOP + HEIGHT];
            let panel = Panel::new(canvas, rect, x, y);
            self.axes(canvas, &panel, (across, up));
            self.runs(&panel, (across, up));
            let (left, right) = self.ends(across);
            let (low, high) = self.ends(up);
            let (left, right) = (left.unwrap_or(x.0).max(x.0), right.unwrap_or(x.1).min(x.1));
            let (low, high) = (low.unwrap_or(y.0).max(y.0), high.unwrap_or(y.1).min(y.1));
            let corners = [panel.at(left, high), panel.at(right, low)];
            put(canvas, &Rectangle::new(corners, BOX.stroke_width(5)));
        });
        let mut table = Table::new(["plot.factors", "plot.from", "plot.to"].map(|key| text.get(key)));
        for side in &sides {
            let (from, to) = self.found.ends(side);
            let told = |x: Option<f64>| x.map_or_else(|| "-".to_owned(), |x| self.number(side.factor, x));
            table.row([self.name(side.factor), told(from), told(to)]);
        }
        Some(RunPicture::new("box".to_owned(), &frame, picture, table))
    }

    /// Nearly all values of a factor.
    fn range(&self, factor: usize) -> (f64, f64) {
        let mut values = self.found.sample.values[factor].clone();
        values.sort_by(f64::total_cmp);
        let place = |p: f64| values[(p * (values.len() - 1) as f64).round() as usize];
        let (low, high) = (place(BEYOND), place(1.0 - BEYOND));
        let margin = 0.03 * (high - low);
        (low - margin, high + margin)
    }

    fn axes(&self, canvas: &Canvas<'_>, panel: &Panel<'_, '_>, (across, up): (usize, usize)) {
        let rect = panel.rect;
        let (values, decimals) = ticks(panel.x.0, panel.x.1);
        for value in values {
            panel.line(&[(value, panel.y.0), (value, panel.y.1)], GRID, 1);
            let label = self.text.number(value, decimals);
            let at = (panel.at(value, panel.y.0).0, rect[3] + 9);
            write(canvas, &label, at, LABEL, INK, (HPos::Center, VPos::Top));
        }
        let (values, decimals) = ticks(panel.y.0, panel.y.1);
        for value in values {
            panel.line(&[(panel.x.0, value), (panel.x.1, value)], GRID, 1);
            let label = self.text.number(value, decimals);
            let at = (rect[0] - 8, panel.at(panel.x.0, value).1);
            write(canvas, &label, at, LABEL, INK, (HPos::Right, VPos::Center));
        }
        panel.outline();
        let room = f64::from(rect[2] - rect[0]);
        let name = |factor: usize| cut(&self.with_unit(factor), STRONG, room);
        let middle = i32::midpoint(rect[0], rect[2]);
        write(canvas, &name(across), (middle, rect[3] + 36), STRONG, INK, (HPos::Center, VPos::Top));
        write(canvas, &name(up), (rect[0], TOP - 12), STRONG, INK, (HPos::Left, VPos::Bottom));
    }

    fn with_unit(&self, factor: usize) -> String {
        let thing = &self.found.sample.columns[factor].thing;
        let unit = match thing.unit.as_str() {
            "1" | "share" | "0 or 1" => return self.name(factor),
            "multiple" | "odds multiple" => self.text.get("plot.multiple"),
            unit => self.text.unit(unit, self.case.names.get(unit)),
        };
        format!("{}, {unit}", self.name(factor))
    }

    fn runs(&self, panel: &Panel<'_, '_>, (across, up): (usize, usize)) {
        let sample = &self.found.sample;
        let point = |run: usize| (sample.values[across][run], sample.values[up][run]);
        let inside = |run: &usize| {
            let (x, y) = point(*run);
            (panel.x.0..=panel.x.1).contains(&x) && (panel.y.0..=panel.y.1).contains(&y)
        };
        for (is_met, colour, radius) in [(false, OTHER, 3), (true, MET, 4)] {
            let of_kind = (0..sample.of_interest.len()).filter(|run| sample.of_interest[*run] == is_met);
            for run in of_kind.filter(inside).take(SHOWN) {
                let (x, y) = point(run);
                put(panel.canvas, &Circle::new(panel.at(x, y), radius, colour.filled()));
            }
        }
    }
}
