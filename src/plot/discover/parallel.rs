//! The runs that meet the condition, each a line across the factors that tell them apart.

use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, VPos};

use super::{BOX, MET, OTHER, Told};
use crate::plot::canvas::{put, write, write_lines};
use crate::plot::key::{KeyEntry, Mark};
use crate::plot::lines::wrap_at_most;
use crate::plot::palette::{INK, MUTED, tint};
use crate::plot::run_picture::RunPicture;
use crate::plot::sheet::{Frame, sheet};
use crate::plot::table::Table;
use crate::plot::theme::{CAPTION, MARGIN, STRONG, WIDTH};

/// Axes, and lines of each kind.
const AXES: usize = 6;
const SHOWN: usize = 120;
/// Room above the axes for what they are, below for their lower ends.
const TOP: i32 = 118;
const HEIGHT: i32 = 540;
const BELOW: i32 = 40;

impl Told<'_> {
    /// An axis a factor, each by the rank of its values, so that half of all runs lie above its middle.
    pub(super) fn parallel(&self) -> RunPicture {
        let (text, sample) = (self.text, &self.found.sample);
        let factors = self.factors(AXES);
        let count = sample.of_interest.iter().filter(|y| **y).count();
        let [town, scenario] = self.whose();
        let first = factors.first().map_or_else(String::new, |k| self.name(*k));
        let values = [town, scenario, ("factor", first)];
        let frame = Frame {
            title: text.fill("plot.parallel", &values),
            note: self.note(&text.fill(
                "plot.parallel_note",
                &[("shown", count.min(SHOWN).to_string()), ("count", text.number(count as f64, 0))],
            )),
            key: vec![
                KeyEntry { label: text.get("plot.box_met").to_owned(), mark: Mark::Line(MET) },
                KeyEntry { label: text.get("plot.box_other").to_owned(), mark: Mark::Line(OTHER) },
                KeyEntry { label: text.get("plot.box_side").to_owned(), mark: Mark::Line(BOX) },
            ],
            caption: self.caption(),
        };
        let ranks: Vec<Vec<f64>> = factors.iter().map(|k| shares_below(&sample.values[*k])).collect();
        let picture = sheet(TOP + HEIGHT + BELOW, &frame, |canvas| {
            let each = (WIDTH as i32 - 2 * MARGIN) / factors.len().max(1) as i32;
            let x = |k: usize| MARGIN + each / 2 + each * k as i32;
            let y = |share: f64| TOP + HEIGHT - (share * f64::from(HEIGHT)).round() as i32;
            for (is_met, colour) in [(false, tint(OTHER, 0.6)), (true, MET)] {
                let of_kind = (0..sample.of_interest.len()).filter(|run| sample.of_interest[*run] == is_met);
                for run in of_kind.take(SHOWN) {
                    let points: Vec<(i32, i32)> =
                        ranks.iter().enumerate().map(|(k, rank)| (x(k), y(rank[run]))).collect();
                    put(canvas, &PathElement::new(points, colour.stroke_width(1)));
                }
            }
            for (k, factor) in factors.iter().enumerate() {
                put(canvas, &PathElement::new(vec![(x(k), y(0.0)), (x(k), y(1.0))], INK.stroke_width(2)));
                let (from, to) = self.ends(*factor);
                if from.is_some() || to.is_some() {
                    let values = &sample.values[*factor];
                    let below = |end: f64, with: bool| {
                        let is = |v: &&f64| **v < end || with && **v == end;
                        values.iter().filter(is).count() as f64 / values.len() as f64
                    };
                    let (low, high) =
                        (from.map_or(0.0, |e| below(e, false)), to.map_or(1.0, |e| below(e, true)));
                    let corners = [(x(k) - 7, y(high)), (x(k) + 7, y(low))];
                    put(canvas, &Rectangle::new(corners, BOX.filled()));
                }
                let (low, high) = ends(&sample.values[*factor]);
                let room = f64::from(each - 16);
                let lines = wrap_at_most(&self.name(*factor), STRONG, room, 3);
                write_lines(canvas, &lines, (x(k), 8), STRONG, INK, HPos::Center);
                let label =
                    |value: f64| wrap_at_most(&self.number(*factor, value), CAPTION, room, 1).concat();
                write(canvas, &label(high), (x(k), TOP - 8), CAPTION, MUTED, (HPos::Center, VPos::Bottom));
                write(
                    canvas,
                    &label(low),
                    (x(k), TOP + HEIGHT + 10),
                    CAPTION,
                    MUTED,
                    (HPos::Center, VPos::Top),
                );
            }
        });
        let mut table = Table::new(["plot.factors", "plot.from", "plot.to"].map(|key| text.get(key)));
        for factor in &factors {
            let (from, to) = self.ends(*factor);
            let told = |x: Option<f64>| x.map_or_else(|| "-".to_owned(), |x| self.number(*factor, x));
            table.row([self.name(*factor), told(from), told(to)]);
        }
        RunPicture::new("parallel".to_owned(), &frame, picture, table)
    }
}

fn ends(values: &[f64]) -> (f64, f64) {
    values.iter().fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), x| (low.min(*x), high.max(*x)))
}

/// For each value the share of the values below it, those that are equal in their middle.
fn shares_below(values: &[f64]) -> Vec<f64> {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let n = sorted.len().max(1) as f64;
    let share = |x: &f64| {
        let (low, high) = (sorted.partition_point(|v| v < x), sorted.partition_point(|v| v <= x));
        (low + high) as f64 / 2.0 / n
    };
    values.iter().map(share).collect()
}
