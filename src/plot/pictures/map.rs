//! The table-map: the towns where they lie, roughly, and for each what every future brings.

use plotters::prelude::*;
use plotters::style::text_anchor::HPos;

use crate::analyse::{Cell, MEDIAN, ScenarioResults, Sureness, TownResults, leader, likeliest_class};
use crate::plot::canvas::{Canvas, put, write_lines};
use crate::plot::context::{Context, sureness_tint};
use crate::plot::figure::Figure;
use crate::plot::font::{CAPITALS, Type, text_width};
use crate::plot::kind::FigureKind;
use crate::plot::lines::{name_in, wrap};
use crate::plot::palette::{GRID, INK, MUTED, ink_on, scenario_colour, tint};
use crate::plot::ranges::ends;
use crate::plot::sheet::{Frame, SHEET, share_out, sheet};
use crate::plot::table::Table;
use crate::plot::theme::{CAPTION, LABEL, MARGIN, ROOM, height_of};

const GAP: i32 = 10;
const INSET: i32 = 8;
/// Room above and below the words on a leader's colour.
const PAD: i32 = 8;
/// Columns in which towns without a place stand, and the most that a sheet holds.
const UNPLACED: usize = 4;
const MOST: usize = 6;

/// A field a town; fields that stand side by side are of one height.
pub(super) fn draw(context: &Context<'_>) -> Vec<Figure> {
    let results = context.results;
    let (places, note) = places(&results.towns);
    let columns = places.iter().map(|p| p.0 + 1).max().unwrap_or(1) as i32;
    let count = places.iter().map(|p| p.1 + 1).max().unwrap_or(1);
    let width = (ROOM as i32 + GAP) / columns;
    let fields: Vec<Field<'_>> = results
        .towns
        .iter()
        .map(|town| Field::new(context, town, f64::from(width - GAP - 2 * INSET)))
        .collect();
    let mut heights = vec![0; count];
    for (field, (_, row)) in fields.iter().zip(&places) {
        heights[*row] = heights[*row].max(field.height() + GAP);
    }
    let sheets = share_out(&heights, SHEET);
    let draw = |(k, rows): (usize, &std::ops::Range<usize>)| {
        let mut frame = Frame {
            title: title(context),
            note: context.text.fill(note, &[("measures", context.measures_in_words(": "))]),
            key: Vec::new(),
            caption: context.region_caption(),
        };
        context.sheet_of(&mut frame, (k, sheets.len()));
        let on_sheet: Vec<usize> = (0..fields.len()).filter(|t| rows.contains(&places[*t].1)).collect();
        let picture = sheet(heights[rows.clone()].iter().sum(), &frame, |canvas| {
            for t in &on_sheet {
                let (column, row) = places[*t];
                let left = MARGIN + column as i32 * width;
                let top = heights[rows.start..row].iter().sum();
                fields[*t].draw(canvas, [left, top, left + width - GAP, top + heights[row] - GAP]);
            }
        });
        let table = table(context, on_sheet.iter().map(|t| &results.towns[*t]));
        context.figure(FigureKind::Map, None, frame, picture, table).on_sheet(k)
    };
    sheets.iter().enumerate().map(draw).collect()
}

/// In how many towns one scenario leads whatever the path, said only of leads that are more likely than not.
fn title(context: &Context<'_>) -> String {
    let (results, text) = (context.results, context.text);
    let firm = |s: &ScenarioResults| {
        let (place, share) = leader(s.years.last()?);
        (Sureness::of(share) != Sureness::Open).then_some(place)
    };
    let one = |town: &&TownResults| {
        let mut leaders = town.scenarios.iter().map(firm);
        let first = leaders.next().flatten();
        first.is_some() && leaders.all(|other| other == first)
    };
    let values = [
        ("region", text.name(&results.setup.region).to_owned()),
        ("year", context.horizon().to_string()),
        ("count", results.towns.iter().filter(one).count().to_string()),
        ("all", results.towns.len().to_string()),
    ];
    text.fill("plot.map", &values)
}

/// Column and row of each town from 0, and the key of the note that says how they stand: the case's places without
/// empty columns and rows; in reading order where a town has no place, or where they need more columns than a sheet
/// holds.
fn places(towns: &[TownResults]) -> (Vec<(usize, usize)>, &'static str) {
    let in_order = |order: &[usize], columns: usize| {
        let mut places = vec![(0, 0); order.len()];
        for (k, town) in order.iter().enumerate() {
            places[*town] = (k % columns, k / columns);
        }
        places
    };
    let placed: Option<Vec<(u32, u32)>> = towns.iter().map(|town| town.tile).collect();
    let Some(placed) = placed else {
        let order: Vec<usize> = (0..towns.len()).collect();
        return (in_order(&order, UNPLACED), "plot.map_note_unplaced");
    };
    // Where only some towns were run, columns and rows that hold none of them close up.
    let used = |pick: fn(&(u32, u32)) -> u32| {
        let mut used: Vec<u32> = placed.iter().map(pick).collect();
        used.sort_unstable();
        used.dedup();
        used
    };
    let (columns, rows) = (used(|p| p.0), used(|p| p.1));
    if columns.len() > MOST {
        let mut order: Vec<usize> = (0..towns.len()).collect();
        order.sort_by_key(|t| (placed[*t].1, placed[*t].0));
        return (in_order(&order, UNPLACED), "plot.map_note_too_wide");
    }
    let rank = |used: &[u32], x: u32| used.iter().filter(|u| **u < x).count();
    (placed.iter().map(|p| (rank(&columns, p.0), rank(&rows, p.1))).collect(), "plot.map_note")
}

/// A town's words, laid out for the width of its field.
struct Field<'a> {
    name: (Vec<String>, Type),
    paths: Vec<PathWords<'a>>,
    /// Below the paths: class of the main index and medians, from the lowest to the highest.
    measures: Vec<String>,
}

/// A path, and what the method would choose under it.
struct PathWords<'a> {
    path: Vec<String>,
    colour: RGBColor,
    cell: &'a Cell,
    chosen: (Vec<String>, Type),
}

impl<'a> Field<'a> {
    fn new(context: &Context<'_>, town: &'a TownResults, room: f64) -> Self {
        let text = context.text;
        let path = |scenario: &'a ScenarioResults| {
            let cell = scenario.years.last()?;
            let (place, share) = leader(cell);
            let said = text.fill("plot.under", &[("scenario", text.name(&scenario.name))]);
            let chosen =
                format!("{} {}", text.name(&context.results.candidates[place].1), share.percent_short(text));
            let room_on = room - 12.0;
            let size = if text_width(&chosen, LABEL) <= room_on { LABEL } else { CAPTION };
            Some(PathWords {
                path: wrap(&said, CAPTION, room),
                colour: scenario_colour(context.candidate(scenario)),
                cell,
                chosen: (wrap(&chosen, size, room_on), size),
            })
        };
        let measures = class_range(context, town).into_iter().chain(median_ranges(context, town));
        Self {
            name: name_in(text.name(&town.name), room),
            paths: town.scenarios.iter().filter_map(path).collect(),
            measures: measures.flat_map(|line| wrap(&line, CAPTION, room)).collect(),
        }
    }

    fn height(&self) -> i32 {
        let paths: i32 = self.paths.iter().map(PathWords::height).sum();
        10 + height_of(self.name.0.len(), self.name.1)
            + paths
            + 8
            + height_of(self.measures.len(), CAPTION)
            + INSET
    }

    fn draw(&self, canvas: &Canvas<'_>, [left, top, right, bottom]: [i32; 4]) {
        put(canvas, &Rectangle::new([(left, top), (right, bottom)], GRID.stroke_width(2)));
        let (name, size) = &self.name;
        write_lines(canvas, name, (left + INSET, top + 10), *size, INK, HPos::Left);
        let mut y = top + 10 + height_of(name.len(), *size);
        for path in &self.paths {
            path.draw(canvas, [left + INSET, y, right - INSET]);
            y += path.height();
        }
        write_lines(canvas, &self.measures, (left + INSET, y + 8), CAPTION, MUTED, HPos::Left);
    }
}

impl PathWords<'_> {
    fn height(&self) -> i32 {
        height_of(self.path.len(), CAPTION) + height_of(self.chosen.0.len(), self.chosen.1) + 2 * PAD
    }

    fn draw(&self, canvas: &Canvas<'_>, [left, top, right]: [i32; 3]) {
        write_lines(canvas, &self.path, (left, top + 4), CAPTION, self.colour, HPos::Left);
        let (place, share) = leader(self.cell);
        let ground = tint(scenario_colour(place), sureness_tint(share.value));
        let from = top + height_of(self.path.len(), CAPTION) + 2;
        put(canvas, &Rectangle::new([(left, from), (right, top + self.height() - 3)], ground.filled()));
        let (lines, size) = &self.chosen;
        write_lines(
            canvas,
            lines,
            (left + 6, from + (11 + height_of(1, *size) - (CAPITALS * size.px) as i32) / 2),
            *size,
            ink_on(ground),
            HPos::Left,
        );
    }
}

/// The likeliest classes of the main index, from the lowest to the highest.
fn class_range(context: &Context<'_>, town: &TownResults) -> Option<String> {
    let composite = &context.results.scaled[context.main_index()?];
    let k = context.main_index()?;
    let likeliest = town.scenarios.iter().filter_map(|s| Some(likeliest_class(s.years.last()?, k).0));
    let (low, high) = (likeliest.clone().min()?, likeliest.max()?);
    let name = |class: usize| context.text.name(&composite.classes[class].name);
    let range = if low == high { name(low).to_owned() } else { context.text.range(name(low), name(high)) };
    Some(format!("{}: {range}", composite.symbol))
}

/// The medians of all scenarios, from the lowest to the highest, of what the case tells first.
fn median_ranges(context: &Context<'_>, town: &TownResults) -> Vec<String> {
    let text = context.text;
    let said = |q: usize| {
        let cells = town.scenarios.iter().filter_map(|s| s.years.last());
        let (low, high) = ends(cells.map(|cell| cell.quantities[q].quantiles[MEDIAN].value));
        let (low, high) = (context.rounded(q, low), context.rounded(q, high));
        let range = if low == high { low } else { text.range(&low, &high) };
        format!("{}: {}", context.short_name(q), context.measured(q, &range))
    };
    context.main_measures().into_iter().map(said).collect()
}

/// A row a town and scenario.
fn table<'t>(context: &Context<'_>, towns: impl Iterator<Item = &'t TownResults>) -> Table {
    let (results, text) = (context.results, context.text);
    let index = context.main_index();
    let year = context.horizon().to_string();
    let mut headers = vec![
        text.get("table.town").to_owned(),
        text.get("table.path").to_owned(),
        text.fill("table.leader", &[("year", &year)]),
        text.get("table.share").to_owned(),
    ];
    if let Some(symbol) = context.main_symbol() {
        headers.push(text.fill("table.class", &[("symbol", symbol)]));
        headers.push(text.get("table.runs").to_owned());
    }
    let mut table = Table::new(headers);
    for town in towns {
        for scenario in &town.scenarios {
            let Some(cell) = scenario.years.last() else { continue };
            let (place, share) = leader(cell);
            let class = index.map(|k| {
                let (class, runs) = likeliest_class(cell, k);
                let name = text.name(&results.scaled[k].classes[class].name).to_owned();
                [name, runs.percent(text)]
            });
            let start = [
                text.name(&town.name).to_owned(),
                text.name(&scenario.name).to_owned(),
                text.name(&results.candidates[place].1).to_owned(),
                share.percent(text),
            ];
            table.row(start.into_iter().chain(class.into_iter().flatten()));
        }
    }
    table
}
