//! Representative runs over the fan of all runs: a panel for each quantity that tells them apart.

use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, VPos};

use super::canvas::{write, write_lines};
use super::key::{KeyEntry, Mark};
use super::lines::wrap_at_most;
use super::palette::{INK, tint};
use super::panel::{Panel, place};
use super::run_picture::{RunPicture, runs_caption};
use super::sheet::{Frame, sheet};
use super::table::Table;
use super::theme::{LABEL, STRONG, height_of};
use crate::case::Case;
use crate::experiment::run_words;
use crate::experiment::stories::Stories;
use crate::experiment::variance::{in_unit, quantity};
use crate::model::Model;
use crate::text::Text;

/// Height of a row of panels, and the room above it for names.
const ROW: i32 = 520;
const HEAD: i32 = 34;
/// Panels side by side.
const COLUMNS: usize = 3;
/// Ground of the fan.
const FAN: RGBColor = RGBColor(120, 128, 140);
/// Colours of stories, none of them a scenario's: told apart by every kind of eye, and letters stand at their ends.
const STORIES: [RGBColor; 5] = [
    RGBColor(0, 112, 168),
    RGBColor(214, 94, 0),
    RGBColor(110, 40, 120),
    RGBColor(60, 130, 40),
    RGBColor(150, 110, 0),
];

/// The stories of a town under a scenario; none where there are none.
pub fn story_figures(case: &Case, model: &Model, found: &Stories, text: &Text) -> Option<RunPicture> {
    let most = found.stories.first()?;
    let options = &model.options;
    let (town, scenario) =
        (&case.towns[options.towns[found.town]], &case.scenarios[options.scenarios[found.path]]);
    let percent = |x: f64| text.percent_of(&text.number(100.0 * x, 0));
    let key = |(k, story): (usize, &crate::experiment::stories::Story)| KeyEntry {
        label: text.fill(
            "stories.key",
            &[
                ("letter", run_words::letter(k)),
                ("share", percent(story.share.value)),
                ("run", story.run.to_string()),
                ("apart", run_words::story(text, case, model, story, 1)),
            ],
        ),
        mark: Mark::Line(STORIES[k % STORIES.len()]),
    };
    let frame = Frame {
        title: text.fill(
            "plot.stories",
            &[
                ("town", text.name(&town.name).to_owned()),
                ("scenario", text.name(&scenario.name).to_owned()),
                ("count", found.stories.len().to_string()),
                ("share", percent(most.share.value)),
            ],
        ),
        note: text.get("plot.stories_note").to_owned(),
        key: found.stories.iter().enumerate().map(key).collect(),
        caption: runs_caption(text, "boljam stories", case, found.runs as u64, options.seed),
    };
    let columns = found.quantities.len().clamp(1, COLUMNS);
    let rows = found.quantities.len().div_ceil(columns) as i32;
    let picture = sheet(rows * (HEAD + ROW), &frame, |canvas| {
        for (q, of) in found.quantities.iter().enumerate() {
            let top = HEAD + (q / columns) as i32 * (HEAD + ROW);
            let mut rect = place(q % columns, columns, top, ROW);
            // Room for the labels of each panel's own axis.
            rect[0] += if q % columns == 0 { 0 } else { 74 };
            let years: Vec<f64> = model.years.iter().map(|year| f64::from(*year)).collect();
            let fan = &found.fan[q];
            let shown = || {
                let courses = found.stories.iter().flat_map(|s| s.course[q].iter().copied());
                fan.iter().flat_map(|five| [five[0], five[4]]).chain(courses)
            };
            let (low, high) = super::ranges::ends(shown());
            let margin = 0.05 * (high - low);
            let (first, last) = (years[0], years[years.len() - 1]);
            let panel = Panel::new(canvas, rect, (first, last), (low - margin, high + margin));
            let side = |k: usize| fan.iter().map(|five| five[k]).collect::<Vec<f64>>();
            panel.band(&years, &side(0), &side(4), tint(FAN, 0.25));
            panel.band(&years, &side(1), &side(3), tint(FAN, 0.5));
            panel.axes(false, true, text);
            let mut ends: Vec<(i32, usize)> = Vec::new();
            for (k, story) in found.stories.iter().enumerate() {
                let points: Vec<(f64, f64)> =
                    years.iter().copied().zip(story.course[q].iter().copied()).collect();
                panel.line(&points, STORIES[k % STORIES.len()], 4);
                let end = story.course[q].last().copied().unwrap_or(f64::NAN);
                if end.is_finite() {
                    ends.push((panel.at(last, end).1, k));
                }
            }
            for (y, k) in spread(ends, rect) {
                let at = (rect[2] + 6, y);
                write(
                    canvas,
                    &run_words::letter(k),
                    at,
                    STRONG,
                    STORIES[k % STORIES.len()],
                    (HPos::Left, VPos::Center),
                );
            }
            let quantity = quantity(text, &model.quantities[*of]);
            let unit = in_unit(text, 0.0, &model.quantities[*of]);
            let unit = unit.split_once(' ').map_or_else(String::new, |(_, unit)| format!(", {unit}"));
            let room = f64::from(rect[2] - rect[0] + 8);
            let name = wrap_at_most(&format!("{quantity}{unit}"), LABEL, room, 2);
            let top = rect[1] - 8 - height_of(name.len(), LABEL);
            write_lines(canvas, &name, (rect[0], top), LABEL, INK, HPos::Left);
        }
    });
    let heads = ["stories.head", "stories.run", "stories.share", "stories.apart"].map(|key| text.get(key));
    let mut table = Table::new(heads);
    for (k, story) in found.stories.iter().enumerate() {
        table.row([
            run_words::letter(k),
            story.run.to_string(),
            percent(story.share.value),
            run_words::story(text, case, model, story, usize::MAX),
        ]);
    }
    let name = format!("{}/stories-{}", town.id, scenario.id);
    Some(RunPicture::new(name, &frame, picture, table))
}

/// Moves letters apart that would lie on one another.
fn spread(mut ends: Vec<(i32, usize)>, rect: [i32; 4]) -> Vec<(i32, usize)> {
    const STEP: i32 = 22;
    ends.sort_unstable();
    for k in 1..ends.len() {
        ends[k].0 = ends[k].0.max(ends[k - 1].0 + STEP);
    }
    // Back up from the panel's foot.
    let mut most = rect[3] - 8;
    for end in ends.iter_mut().rev() {
        end.0 = end.0.min(most);
        most = end.0 - STEP;
    }
    ends
}
