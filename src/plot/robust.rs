//! Pictures of what is robust: a heat map of regret, and a card a town.

use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, VPos};

use super::canvas::{Canvas, put, write, write_lines};
use super::font::text_width;
use super::lines::wrap_at_most;
use super::palette::{INK, MUTED, ink_on, scenario_colour, tint};
use super::run_picture::{RunPicture, runs_caption};
use super::sheet::{Frame, SHEET, share_out, sheet};
use super::table::Table;
use super::theme::{HEADING, LABEL, MARGIN, STRONG, WIDTH};
use crate::case::Case;
use crate::experiment::robust::{CriterionValues, Robustness, TownRobustness, criterion_id, is_share};
use crate::experiment::run_words;
use crate::explore::robust::Criterion;
use crate::model::Model;
use crate::text::Text;

/// Room for the names of rows; the head with the names of scenarios; a row.
const NAMES: i32 = 400;
const HEAD: i32 = 44;
const ROW: i32 = 62;
/// The hue of regret: none of the scenarios has it.
const REGRET: RGBColor = RGBColor(150, 30, 60);
/// The hue of ranks.
const RANK: RGBColor = RGBColor(103, 72, 160);

/// What the pictures tell.
struct Told<'a> {
    case: &'a Case,
    model: &'a Model,
    found: &'a Robustness,
    text: &'a Text,
}

/// The regret of every town and scenario, and a card for each town.
pub fn robust_figures(case: &Case, model: &Model, found: &Robustness, text: &Text) -> Vec<RunPicture> {
    let told = Told { case, model, found, text };
    let mut pictures = told.heat_map();
    pictures.extend(found.towns.iter().map(|town| told.card(town)));
    pictures
}

fn is_p90(criterion: Criterion) -> bool {
    criterion == Criterion::P90Regret
}

impl Told<'_> {
    fn town(&self, town: &TownRobustness) -> String {
        self.text.name(&self.case.towns[town.town].name).to_owned()
    }

    fn scenario(&self, path: usize) -> String {
        self.text.name(&self.case.scenarios[self.found.scenarios[path]].name).to_owned()
    }

    fn yardstick(&self) -> String {
        run_words::thing(self.text, self.case, self.model, &self.found.yardstick)
    }

    /// The unit of a difference.
    fn unit(&self) -> String {
        match self.found.yardstick.unit.as_str() {
            "percent" => self.text.get("robust.points").to_owned(),
            unit => self.text.unit(unit, self.case.names.get(unit)).to_owned(),
        }
    }

    fn caption(&self) -> String {
        runs_caption(self.text, "boljam robust", self.case, self.found.runs, self.found.seed)
    }

    fn columns(&self) -> Columns {
        Columns { count: self.found.scenarios.len() as i32 }
    }

    /// Names of the scenarios above their columns.
    fn heads(&self, canvas: &Canvas<'_>) {
        for path in 0..self.found.scenarios.len() {
            let (left, right) = self.columns().of(path);
            let lines = wrap_at_most(&self.scenario(path), STRONG, f64::from(right - left - 8), 1);
            let colour = scenario_colour(self.found.scenarios[path]);
            let at = (i32::midpoint(left, right), HEAD - 12);
            write(canvas, &lines.concat(), at, STRONG, colour, (HPos::Center, VPos::Bottom));
        }
    }

    fn heat_map(&self) -> Vec<RunPicture> {
        let towns = &self.found.towns;
        let regrets: Vec<&CriterionValues> = towns.iter().filter_map(|t| t.of(&is_p90)).collect();
        let values = || regrets.iter().flat_map(|r| r.values.iter().map(|e| e.value));
        let most = values().filter(|x| x.is_finite()).fold(0.0, f64::max);
        let heights = vec![ROW; towns.len()];
        let sheets = share_out(&heights, SHEET - HEAD);
        let frame = Frame {
            title: self.heat_title(&regrets),
            note: self.text.fill(
                "plot.regret_note",
                &[
                    ("yardstick", self.yardstick()),
                    ("year", self.found.year.to_string()),
                    ("unit", self.unit()),
                ],
            ),
            key: Vec::new(),
            caption: self.caption(),
        };
        let draw = |(number, range): (usize, &std::ops::Range<usize>)| {
            let picture = sheet(HEAD + ROW * range.len() as i32 + 6, &frame, |canvas| {
                self.heads(canvas);
                for (k, place) in range.clone().enumerate() {
                    let top = HEAD + ROW * k as i32;
                    Self::row_name(canvas, &self.town(&towns[place]), top);
                    let smallest = regrets[place].values.iter().map(|e| e.value).fold(f64::NAN, f64::min);
                    for (path, e) in regrets[place].values.iter().enumerate() {
                        let share =
                            if most > 0.0 && e.value.is_finite() { 0.85 * e.value / most } else { 0.0 };
                        let label = format!(
                            "{} ± {}",
                            self.text.readable(e.value),
                            self.text.readable(1.96 * e.mcse)
                        );
                        self.cell(canvas, (path, top), tint(REGRET, share), &label, e.value == smallest);
                    }
                }
            });
            let mut table = Table::new(
                std::iter::once(self.text.get("table.town").to_owned())
                    .chain((0..self.found.scenarios.len()).map(|path| self.scenario(path))),
            );
            for place in range.clone() {
                let cells = regrets[place].values.iter().map(|e| self.told(e.value));
                table.row(std::iter::once(self.town(&towns[place])).chain(cells));
            }
            let name = if number == 0 { "regret".to_owned() } else { format!("regret-{}", number + 1) };
            RunPicture::new(name, &frame, picture, table)
        };
        sheets.iter().enumerate().map(draw).collect()
    }

    /// The scenario with the smallest regret in most towns.
    fn heat_title(&self, regrets: &[&CriterionValues]) -> String {
        let mut best = vec![0_usize; self.found.scenarios.len()];
        for of in regrets {
            let smallest = of.values.iter().map(|e| e.value).fold(f64::NAN, f64::min);
            if let Some(path) = of.values.iter().position(|e| e.value == smallest) {
                best[path] += 1;
            }
        }
        let path = (0..best.len()).fold(0, |most, path| if best[path] > best[most] { path } else { most });
        let scenario = self.scenario(path);
        if let [town] = self.found.towns.as_slice() {
            let values = [("town", self.town(town)), ("scenario", scenario)];
            return self.text.fill("plot.regret_one", &values);
        }
        let values = [
            ("scenario", scenario),
            ("count", best[path].to_string()),
            ("towns", self.found.towns.len().to_string()),
        ];
        self.text.fill("plot.regret", &values)
    }

    fn card(&self, town: &TownRobustness) -> RunPicture {
        let (text, rows) = (self.text, &town.criteria);
        let scenarios = self.found.scenarios.len();
        let wins = |path: usize| rows.iter().filter(|of| of.ranks[path] == 1.0).count();
        let path = (0..scenarios).fold(0, |most, path| if wins(path) > wins(most) { path } else { most });
        let key = if 2 * wins(path) > rows.len() { "plot.robust_card" } else { "plot.robust_open" };
        let better = text.get(if self.found.is_cost { "robust.lower" } else { "robust.higher" });
        let w = town.agreement.map_or_else(|| "-".to_owned(), |a| text.number(a.w, 2));
        let frame = Frame {
            title: text.fill(
                key,
                &[
                    ("town", self.town(town)),
                    ("scenario", self.scenario(path)),
                    ("count", wins(path).to_string()),
                    ("all", rows.len().to_string()),
                ],
            ),
            note: text.fill(
                "plot.robust_note",
                &[
                    ("yardstick", self.yardstick()),
                    ("year", self.found.year.to_string()),
                    ("better", better.to_owned()),
                    ("w", w),
                ],
            ),
            key: Vec::new(),
            caption: self.caption(),
        };
        let mut table = Table::new(
            std::iter::once(self.town(town)).chain((0..scenarios).map(|path| self.scenario(path))),
        );
        let picture = sheet(HEAD + ROW * rows.len() as i32 + 6, &frame, |canvas| {
            self.heads(canvas);
            for (k, of) in rows.iter().enumerate() {
                let top = HEAD + ROW * k as i32;
                Self::row_name(canvas, &self.criterion(of.criterion, town), top);
                for path in 0..scenarios {
                    let last = (scenarios as f64 - 1.0).max(1.0);
                    let colour = tint(RANK, 0.9 * (1.0 - (of.ranks[path] - 1.0) / last));
                    self.cell(canvas, (path, top), colour, &self.value(of, path), false);
                }
            }
        });
        for of in rows {
            let cells = (0..scenarios).map(|path| self.value(of, path));
            table.row(std::iter::once(self.criterion(of.criterion, town)).chain(cells));
        }
        let name = format!("{}/robust", self.case.towns[town.town].id);
        RunPicture::new(name, &frame, picture, table)
    }

    fn criterion(&self, criterion: Criterion, town: &TownRobustness) -> String {
        let name = self.text.get(&format!("criterion.{}", criterion_id(criterion))).to_owned();
        if let Criterion::Satisficing(_) = criterion {
            let key = if self.found.is_cost { "robust.at_most" } else { "robust.at_least" };
            let enough =
                run_words::number(self.text, self.case, self.model, &self.found.yardstick, town.enough);
            return format!("{name}: {}", self.text.fill(key, &[("x", enough)]));
        }
        name
    }

    fn value(&self, of: &CriterionValues, path: usize) -> String {
        let value = of.values[path].value;
        if matches!(of.criterion, Criterion::MaxRegret | Criterion::P90Regret) {
            return self.text.readable(value);
        }
        if is_share(of.criterion) {
            return self.text.percent_of(&self.text.number(100.0 * value, 1));
        }
        self.told(value)
    }

    fn told(&self, value: f64) -> String {
        run_words::number(self.text, self.case, self.model, &self.found.yardstick, value)
    }

    fn row_name(canvas: &Canvas<'_>, name: &str, top: i32) {
        let lines = wrap_at_most(name, LABEL, f64::from(NAMES - 16), 2);
        let y = top + ROW / 2 - 11 * lines.len() as i32;
        write_lines(canvas, &lines, (MARGIN, y), LABEL, INK, HPos::Left);
    }

    fn cell(
        &self,
        canvas: &Canvas<'_>,
        (path, top): (usize, i32),
        colour: RGBColor,
        label: &str,
        framed: bool,
    ) {
        let (left, right) = self.columns().of(path);
        let corners = [(left, top), (right - 6, top + ROW - 6)];
        put(canvas, &Rectangle::new(corners, colour.filled()));
        let edge = if framed { INK.stroke_width(4) } else { tint(MUTED, 0.5).stroke_width(1) };
        put(canvas, &Rectangle::new(corners, edge));
        let size = if text_width(label, HEADING) < f64::from(right - left - 20) { HEADING } else { LABEL };
        let at = (i32::midpoint(left, right - 6), top + (ROW - 6) / 2);
        write(canvas, label, at, size, ink_on(colour), (HPos::Center, VPos::Center));
    }
}

/// Columns of cells.
struct Columns {
    count: i32,
}

impl Columns {
    fn of(&self, place: usize) -> (i32, i32) {
        let room = WIDTH as i32 - 2 * MARGIN - NAMES;
        let each = room / self.count.max(1);
        let left = MARGIN + NAMES + each * place as i32;
        (left, left + each)
    }
}
