//! One sheet for the region: towns by scenarios, and which scenario leads at the horizon under each.

use plotters::prelude::*;
use plotters::style::RGBColor;
use plotters::style::text_anchor::HPos;

use crate::analyse::{Cell, MEDIAN, TownResults, leader, likeliest_class};
use crate::plot::canvas::{Canvas, put, write_lines};
use crate::plot::context::{Context, sureness_tint};
use crate::plot::figure::Figure;
use crate::plot::font::{Type, text_width};
use crate::plot::headings::Headings;
use crate::plot::kind::FigureKind;
use crate::plot::lines::{heading_in, name_in, wrap};
use crate::plot::palette::{INK, MUTED, ink_on, scenario_colour, tint};
use crate::plot::sheet::{Frame, SHEET, share_out, sheet};
use crate::plot::table::Table;
use crate::plot::theme::{CAPTION, HEADING, LABEL, MARGIN, WIDTH, height_of};

/// Least height of a row.
const ROW: i32 = 112;
const TOP: i32 = 44;
const NAMES: i32 = 230;
const GAP: i32 = 8;
/// Room between a cell's edge and its words.
const INSET: i32 = 12;

/// Draws the sheets.
pub(super) fn draw(context: &Context<'_>) -> Vec<Figure> {
    let results = context.results;
    let columns = results.towns.iter().map(|t| t.scenarios.len()).max().unwrap_or(1).max(1) as i32;
    let each = (WIDTH as i32 - NAMES - MARGIN + GAP) / columns;
    let rows: Vec<TownRow<'_>> = results.towns.iter().map(|town| TownRow::new(context, town, each)).collect();
    let heights: Vec<i32> = rows.iter().map(TownRow::height).collect();
    let sheets = share_out(&heights, SHEET);
    let headings = headings(context, each);
    let top = TOP + headings.more();
    let draw = |(k, towns): (usize, &std::ops::Range<usize>)| {
        let mut frame = frame(context);
        context.sheet_of(&mut frame, (k, sheets.len()));
        let height = top + heights[towns.clone()].iter().sum::<i32>();
        let picture = sheet(height, &frame, |canvas| {
            for column in 0..columns as usize {
                headings.write(canvas, column, (NAMES + column as i32 * each, top - 10));
            }
            let mut y = top;
            for row in &rows[towns.clone()] {
                row.draw(canvas, y, each);
                y += row.height();
            }
        });
        let table = table(context, &results.towns[towns.clone()]);
        context.figure(FigureKind::Region, None, frame, picture, table).on_sheet(k)
    };
    sheets.iter().enumerate().map(draw).collect()
}

fn frame(context: &Context<'_>) -> Frame {
    let text = context.text;
    let (year, finding) = (context.horizon().to_string(), context.region_finding());
    let region = text.name(&context.results.setup.region);
    let values = [("region", region), ("year", year.as_str()), ("finding", &finding)];
    Frame {
        title: text.fill("plot.region", &values),
        note: text.fill(
            "plot.region_note",
            &[
                ("measures", context.measures_in_words("; ")),
                ("kept", context.kept_course().to_string()),
                ("cells", context.results.towns.iter().map(|t| t.scenarios.len()).sum::<usize>().to_string()),
            ],
        ),
        key: Vec::new(),
        caption: context.region_caption(),
    }
}

fn headings(context: &Context<'_>, each: i32) -> Headings {
    let paths = context.results.towns.first().into_iter().flat_map(|town| context.paths(town));
    let said = |(place, name)| {
        let words = context.text.fill("plot.under", &[("scenario", context.text.name(name))]);
        (words, scenario_colour(place))
    };
    Headings::in_room(&paths.map(said).collect::<Vec<_>>(), f64::from(each - GAP))
}

/// Words one below the other, each with its size.
type Words = Vec<(Vec<String>, Type)>;

fn height(words: &Words) -> i32 {
    words.iter().map(|(lines, size)| height_of(lines.len(), *size)).sum()
}

/// A town's name and cells, laid out: the row is as high as the longest of them.
struct TownRow<'a> {
    name: Words,
    /// Cells, whether the method would choose what is followed there, and their words.
    cells: Vec<(&'a Cell, bool, Words)>,
}

impl<'a> TownRow<'a> {
    fn new(context: &Context<'_>, town: &'a TownResults, each: i32) -> Self {
        let room = f64::from(NAMES - MARGIN - GAP);
        let mut name = vec![name_in(context.text.name(&town.name), room)];
        if !town.complete {
            name.push((wrap(context.text.get("caption.assumed_short"), CAPTION, room), CAPTION));
        }
        let room = f64::from(each - GAP - 2 * INSET);
        let cells = town.scenarios.iter().filter_map(|s| Some((s.id.as_str(), s.years.last()?)));
        let laid = |(path, cell): (&str, &'a Cell)| {
            let words = words(context, cell);
            let first = heading_in(&words[0], room);
            let others = words[1..].iter().map(|line| {
                let size = if text_width(line, LABEL) <= room { LABEL } else { CAPTION };
                (wrap(line, size, room), size)
            });
            (cell, context.keeps_course(path, cell), std::iter::once(first).chain(others).collect())
        };
        Self { name, cells: cells.map(laid).collect() }
    }

    fn height(&self) -> i32 {
        let cells = self.cells.iter().map(|(_, _, words)| height(words)).max().unwrap_or(0);
        ROW.max(GAP + 2 * INSET + cells).max(GAP + 20 + height(&self.name))
    }

    fn draw(&self, canvas: &Canvas<'_>, top: i32, each: i32) {
        let mut y = top + 16;
        for ((lines, size), colour) in self.name.iter().zip([INK, MUTED]) {
            write_lines(canvas, lines, (MARGIN, y), *size, colour, HPos::Left);
            y += height_of(lines.len(), *size);
        }
        for (column, (cell, kept, words)) in self.cells.iter().enumerate() {
            let left = NAMES + column as i32 * each;
            let rect = [left, top, left + each - GAP, top + self.height() - GAP];
            draw_cell(canvas, cell, words, rect);
            if *kept {
                let corners = [(rect[0] + 2, rect[1] + 2), (rect[2] - 2, rect[3] - 2)];
                put(canvas, &Rectangle::new(corners, INK.stroke_width(4)));
            }
        }
    }
}

/// The leader's colour, darker the surer; on it its name and share, class and medians.
fn draw_cell(canvas: &Canvas<'_>, cell: &Cell, words: &Words, [left, top, right, bottom]: [i32; 4]) {
    let (place, share) = leader(cell);
    let colour: RGBColor = tint(scenario_colour(place), sureness_tint(share.value));
    put(canvas, &Rectangle::new([(left, top), (right, bottom)], colour.filled()));
    let mut y = top + INSET;
    for (k, (lines, size)) in words.iter().enumerate() {
        write_lines(canvas, lines, (left + INSET, y), *size, ink_on(colour), HPos::Left);
        y += if k == 0 && *size != HEADING {
            28.max(height_of(lines.len(), *size))
        } else {
            height_of(lines.len(), *size)
        };
    }
}

/// What a cell says, line by line: leader and its share, class of the main index, the medians that the case tells
/// first.
fn words(context: &Context<'_>, cell: &Cell) -> Vec<String> {
    let (results, text) = (context.results, context.text);
    let (place, share) = leader(cell);
    let name = text.name(&results.candidates[place].1);
    let mut lines = vec![format!("{name} {}", share.percent_short(text))];
    if let Some(k) = context.main_index() {
        let (class, _) = likeliest_class(cell, k);
        let class = text.name(&results.scaled[k].classes[class].name);
        lines.push(format!("{}: {class}", results.scaled[k].symbol));
    }
    for q in context.main_measures() {
        let value = context.rounded(q, cell.quantities[q].quantiles[MEDIAN].value);
        lines.push(format!("{}: {}", context.short_name(q), context.measured(q, &value)));
    }
    lines
}

/// A row a town and scenario.
fn table(context: &Context<'_>, towns: &[TownResults]) -> Table {
    let text = context.text;
    let year = context.horizon().to_string();
    let mut headers = vec![text.get("table.town").to_owned(), text.get("table.path").to_owned()];
    headers.push(text.fill("table.leader", &[("year", &year)]));
    headers.extend(context.main_symbol().map(str::to_owned));
    headers.extend(context.main_measures().iter().map(|q| context.label(*q).to_owned()));
    let mut table = Table::new(headers);
    for town in towns {
        for scenario in &town.scenarios {
            let Some(cell) = scenario.years.last() else { continue };
            let start = [text.name(&town.name).to_owned(), text.name(&scenario.name).to_owned()];
            table.row(start.into_iter().chain(words(context, cell)));
        }
    }
    table
}
