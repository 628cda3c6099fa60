//! The break-even surface: a panel a town, falls of two commodities, where a share of runs meets a condition.

use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, VPos};

use super::shown::StressFigure;
use crate::case::Case;
use crate::experiment::stress::Surface;
use crate::model::Options;
use crate::plot::canvas::{put, write, write_turned};
use crate::plot::key::{KeyEntry, Mark};
use crate::plot::lines::cut;
use crate::plot::palette::{INK, MUTED, WARNING, tint};
use crate::plot::panel::{Panel, place};
use crate::plot::sheet::{Frame, sheet};
use crate::plot::theme::{CAPTION, LABEL, STRONG};
use crate::text::Text;

const HEIGHT: i32 = 400;
const COLUMNS: usize = 4;
const HEAD: i32 = 30;
/// Levels whose lines are drawn.
const LEVELS: [f64; 3] = [0.1, 0.2, 0.5];
const LINES: [RGBColor; 3] = [RGBColor(0, 112, 168), RGBColor(104, 74, 36), INK];

/// A picture a scenario; `condition` and `made` are what was asked and how.
pub fn surface_figures(
    (case, options): (&Case, &Options),
    surfaces: &[Surface],
    (condition, made): (&str, &str),
    text: &Text,
) -> Vec<StressFigure> {
    let scenarios = 0..options.scenarios.len();
    let own = |s: usize| surfaces.iter().filter(|surface| surface.scenario == s).collect::<Vec<_>>();
    let drawn = scenarios.map(|s| (s, own(s))).filter(|(_, own)| !own.is_empty());
    drawn.map(|(s, own)| draw((case, options), s, &own, (condition, made), text)).collect()
}

fn draw(
    (case, options): (&Case, &Options),
    scenario: usize,
    surfaces: &[&Surface],
    (condition, made): (&str, &str),
    text: &Text,
) -> StressFigure {
    let [a, b] = surfaces[0].commodities.map(|c| text.name(&case.commodities[c].name).to_owned());
    let future = &case.scenarios[options.scenarios[scenario]];
    let town = |surface: &Surface| text.name(&case.towns[options.towns[surface.town]].name).to_owned();
    let percent = |share: f64| text.percent_of(&text.number(100.0 * share, 0));
    let nearest = surfaces.iter().filter_map(|s| s.joint.map(|joint| (*s, joint)));
    let nearest = nearest.min_by(|x, y| x.1.distance.total_cmp(&y.1.distance));
    let name = text.name(&future.name);
    let title = match nearest {
        Some((surface, joint)) => {
            let values = [
                ("town", town(surface)),
                ("scenario", name.to_owned()),
                ("a", format!("{a} {}", percent(-joint.falls[0]))),
                ("b", format!("{b} {}", percent(-joint.falls[1]))),
            ];
            text.fill("stress.plot_surface", &values)
        }
        None => text.fill("stress.plot_surface_none", &[("scenario", name)]),
    };
    let line = |k: usize| KeyEntry {
        label: text.fill("stress.plot_level", &[("share", percent(LEVELS[k]))]),
        mark: Mark::Line(LINES[k]),
    };
    let nearest = KeyEntry { label: text.get("stress.plot_nearest").to_owned(), mark: Mark::Dot(INK) };
    let frame = Frame {
        title,
        note: text.fill("stress.plot_surface_note", &[("condition", condition), ("a", &a), ("b", &b)]),
        key: (0..LEVELS.len()).map(line).chain([nearest]).collect(),
        caption: made.to_owned(),
    };
    let columns = surfaces.len().clamp(1, COLUMNS);
    let rows = surfaces.len().div_ceil(columns) as i32;
    let picture = sheet(rows * (HEAD + HEIGHT), &frame, |canvas| {
        for (k, surface) in surfaces.iter().enumerate() {
            let top = HEAD + (k / columns) as i32 * (HEAD + HEIGHT);
            let rect = place(k % columns, columns, top, HEIGHT - 26);
            let panel = Panel::new(canvas, rect, (0.0, 0.9), (0.0, 0.9));
            let step = surface.falls[1] - surface.falls[0];
            for (i, row) in surface.shares.iter().enumerate() {
                for (j, share) in row.iter().enumerate() {
                    let side = |k: usize| {
                        let middle = surface.falls[k];
                        ((middle - step / 2.0).max(0.0), (middle + step / 2.0).min(0.9))
                    };
                    let ((x0, x1), (y0, y1)) = (side(i), side(j));
                    panel.fill(&[(x0, y0), (x1, y0), (x1, y1), (x0, y1)], tint(WARNING, 0.85 * share.value));
                }
            }
            for (level, colour) in LEVELS.iter().zip(LINES) {
                for [p, q] in surface.contour(*level) {
                    panel.line(&[(p[0], p[1]), (q[0], q[1])], colour, 3);
                }
            }
            panel.outline();
            for tick in [0.0, 0.3, 0.6, 0.9] {
                let label = percent(-tick);
                let side = if tick == 0.0 {
                    HPos::Left
                } else if tick == 0.9 {
                    HPos::Right
                } else {
                    HPos::Center
                };
                let at = (panel.at(tick, 0.0).0, rect[3] + 6);
                write(canvas, &label, at, CAPTION, INK, (side, VPos::Top));
                if k % columns == 0 {
                    let at = (rect[0] - 6, panel.at(0.0, tick).1);
                    write(canvas, &label, at, CAPTION, INK, (HPos::Right, VPos::Center));
                }
            }
            let across = (i32::midpoint(rect[0], rect[2]), rect[3] + 26);
            let room = f64::from(rect[2] - rect[0]);
            write(canvas, &cut(&a, LABEL, room), across, LABEL, MUTED, (HPos::Center, VPos::Top));
            if k % columns == 0 {
                let at = (rect[0] - 62, i32::midpoint(rect[1], rect[3]));
                let (label, turn) = (cut(&b, LABEL, f64::from(rect[3] - rect[1])), FontTransform::Rotate270);
                write_turned(canvas, &label, at, LABEL, MUTED, (HPos::Center, VPos::Bottom), turn);
            }
            if let Some(joint) = surface.joint {
                let (x, y) = panel.at(joint.falls[0], joint.falls[1]);
                put(canvas, &Circle::new((x, y), 7, INK.filled()));
                put(canvas, &Circle::new((x, y), 7, WHITE.stroke_width(2)));
            }
            let name = cut(&town(surface), STRONG, room);
            write(canvas, &name, (rect[0], rect[1] - 8), STRONG, INK, (HPos::Left, VPos::Bottom));
        }
    });
    StressFigure { name: format!("surface-{}", future.id), title: frame.title, svg: picture.svg }
}
