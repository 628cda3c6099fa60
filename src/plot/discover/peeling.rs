//! The way of the peeling: density against coverage.

use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, VPos};

use super::{BOX, MET, Told};
use crate::plot::canvas::{put, write};
use crate::plot::key::{KeyEntry, Mark};
use crate::plot::palette::{GRID, INK};
use crate::plot::panel::Panel;
use crate::plot::run_picture::RunPicture;
use crate::plot::sheet::{Frame, sheet};
use crate::plot::table::Table;
use crate::plot::theme::{LABEL, MARGIN, STRONG, WIDTH};

const TOP: i32 = 40;
const HEIGHT: i32 = 620;
const BELOW: i32 = 64;
const LEFT: i32 = 70;
/// Shares that are marked on both axes.
const TICKS: [f64; 6] = [0.0, 0.2, 0.4, 0.6, 0.8, 1.0];

impl Told<'_> {
    /// Each box as a dot: how much of what was looked for it holds, and how dense it is.
    pub(super) fn peeling(&self) -> RunPicture {
        let text = self.text;
        let steps = &self.found.prim.steps;
        let chosen = &steps[self.step];
        let [town, scenario] = self.whose();
        let values = [
            town,
            scenario,
            ("density", self.percent(chosen.density)),
            ("all", self.percent(steps[0].density)),
            ("coverage", self.percent(chosen.coverage)),
        ];
        let frame = Frame {
            title: text.fill("plot.peeling", &values),
            note: self.note(text.get("plot.peeling_note")),
            key: vec![
                KeyEntry { label: text.get("plot.peeling_box").to_owned(), mark: Mark::Dot(MET) },
                KeyEntry { label: text.get("plot.peeling_told").to_owned(), mark: Mark::Ring(BOX) },
            ],
            caption: self.caption(),
        };
        let picture = sheet(TOP + HEIGHT + BELOW, &frame, |canvas| {
            let rect = [MARGIN + LEFT, TOP, WIDTH as i32 - MARGIN - 20, TOP + HEIGHT];
            let panel = Panel::new(canvas, rect, (0.0, 1.03), (0.0, 1.03));
            for tick in TICKS {
                panel.line(&[(tick, 0.0), (tick, 1.03)], GRID, 1);
                panel.line(&[(0.0, tick), (1.03, tick)], GRID, 1);
                let (x, y) = (panel.at(tick, 0.0).0, panel.at(0.0, tick).1);
                write(canvas, &self.percent(tick), (x, rect[3] + 9), LABEL, INK, (HPos::Center, VPos::Top));
                write(canvas, &self.percent(tick), (rect[0] - 8, y), LABEL, INK, (HPos::Right, VPos::Center));
            }
            panel.outline();
            let middle = i32::midpoint(rect[0], rect[2]);
            write(
                canvas,
                text.get("plot.coverage"),
                (middle, rect[3] + 36),
                STRONG,
                INK,
                (HPos::Center, VPos::Top),
            );
            write(
                canvas,
                text.get("plot.density"),
                (rect[0], TOP - 10),
                STRONG,
                INK,
                (HPos::Left, VPos::Bottom),
            );
            let points: Vec<(f64, f64)> = steps.iter().map(|s| (s.coverage, s.density)).collect();
            panel.line(&points, MET, 2);
            panel.dots(&points, MET);
            let at = panel.at(chosen.coverage, chosen.density);
            put(canvas, &Circle::new(at, 13, BOX.stroke_width(4)));
        });
        let heads = ["plot.step", "plot.coverage", "plot.density", "plot.mass", "plot.factors"];
        let mut table = Table::new(heads.map(|key| text.get(key)));
        for (k, step) in steps.iter().enumerate() {
            table.row([
                k.to_string(),
                self.percent(step.coverage),
                self.percent(step.density),
                self.percent(step.mass),
                step.restrictions.len().to_string(),
            ]);
        }
        RunPicture::new("peeling".to_owned(), &frame, picture, table)
    }
}
