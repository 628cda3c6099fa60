//! The box over the runs, in the two factors that restrict it most surely.

use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, VPos};

use super::{BOX, MET, OTHER, Told};
use crate::analyse::Scale;
use crate::plot::canvas::{Canvas, put, write};
use crate::plot::key::{KeyEntry, Mark};
use crate::plot::lines::cut;
use crate::plot::palette::{GRID, INK};
use crate::plot::panel::Panel;
use crate::plot::run_picture::RunPicture;
use crate::plot::sheet::{Frame, sheet};
use crate::plot::table::Table;
use crate::plot::theme::{LABEL, MARGIN, STRONG, WIDTH};
use crate::plot::ticks::{log_ticks, ticks};

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
        let factors = self.factors(2);
        let [across, up] = factors.as_slice() else { return None };
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
            note: self.note(&text.fill(note_key, &[("count", others.to_string())])),
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
            let end = |factor: usize, end: Option<f64>, edge: f64| {
                end.map_or(edge, |end| self.drawn_at(factor, end))
            };
            let (left, right) = (end(across, left, x.0).max(x.0), end(across, right, x.1).min(x.1));
            let (low, high) = (end(up, low, y.0).max(y.0), end(up, high, y.1).min(y.1));
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

    /// Whether a factor has the values 0 and 1 alone.
    fn is_event(&self, factor: usize) -> bool {
        self.found.sample.values[factor].iter().all(|x| *x == 0.0 || *x == 1.0)
    }

    /// Whether equal distances are to be equal ratios.
    fn is_ratio(&self, factor: usize) -> bool {
        self.found.sample.columns[factor].thing.scale != Scale::Plain
    }

    /// Where a value lies on its axis.
    fn drawn_at(&self, factor: usize, value: f64) -> f64 {
        if self.is_ratio(factor) { value.ln() } else { value }
    }

    /// Where a run lies on an axis: events are spread, so that runs do not cover each other.
    fn of_run(&self, factor: usize, run: usize) -> f64 {
        let value = self.drawn_at(factor, self.found.sample.values[factor][run]);
        // Multiples of the golden section fill an interval evenly.
        let spread = (run as f64 * 0.618_033_988_749_895 + factor as f64 * 0.414_213_562).fract() - 0.5;
        if self.is_event(factor) { value + 0.8 * spread } else { value }
    }

    /// Nearly all values of a factor, as they are drawn.
    fn range(&self, factor: usize) -> (f64, f64) {
        if self.is_event(factor) {
            return (-0.5, 1.5);
        }
        let mut values = self.found.sample.values[factor].clone();
        values.sort_by(f64::total_cmp);
        let place = |p: f64| values[(p * (values.len() - 1) as f64).round() as usize];
        let (low, high) = (self.drawn_at(factor, place(BEYOND)), self.drawn_at(factor, place(1.0 - BEYOND)));
        let margin = 0.03 * (high - low);
        (low - margin, high + margin)
    }

    /// Marks of an axis: where they lie, and what they say.
    fn marks(&self, factor: usize, (low, high): (f64, f64)) -> Vec<(f64, String)> {
        if self.is_event(factor) {
            return vec![
                (0.0, self.text.get("thing.no").to_owned()),
                (1.0, self.text.get("thing.yes").to_owned()),
            ];
        }
        if self.is_ratio(factor) {
            let round = |v: f64, d: usize| {
                (v * 10_f64.powi(d as i32)).fract().min(1.0 - (v * 10_f64.powi(d as i32)).fract()) < 1e-6
            };
            let label = |v: f64| self.text.number(v, (0..4).find(|d| round(v, *d)).unwrap_or(4));
            return log_ticks(low.exp(), high.exp()).into_iter().map(|v| (v.ln(), label(v))).collect();
        }
        let (values, decimals) = ticks(low, high);
        values.into_iter().map(|v| (v, self.text.number(v, decimals))).collect()
    }

    fn axes(&self, canvas: &Canvas<'_>, panel: &Panel<'_, '_>, (across, up): (usize, usize)) {
        let rect = panel.rect;
        for (value, label) in self.marks(across, panel.x) {
            panel.line(&[(value, panel.y.0), (value, panel.y.1)], GRID, 1);
            let at = (panel.at(value, panel.y.0).0, rect[3] + 9);
            write(canvas, &label, at, LABEL, INK, (HPos::Center, VPos::Top));
        }
        for (value, label) in self.marks(up, panel.y) {
            panel.line(&[(panel.x.0, value), (panel.x.1, value)], GRID, 1);
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
        let point = |run: usize| (self.of_run(across, run), self.of_run(up, run));
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
