//! The audit as a picture: each index on its scale, by each of the numbers that the source gives for it.

use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, VPos};

use crate::assess::{OnScale, on_scales};
use crate::plot::canvas::{Canvas, diamond, put, write, write_lines};
use crate::plot::context::Context;
use crate::plot::figure::Figure;
use crate::plot::font::text_width;
use crate::plot::headings::Headings;
use crate::plot::key::{KeyEntry, Mark};
use crate::plot::kind::FigureKind;
use crate::plot::lines::{cut, wrap_at_most};
use crate::plot::palette::{INK, MUTED, WARNING, class_colour, tint};
use crate::plot::sheet::{Frame, sheet};
use crate::plot::table::Table;
use crate::plot::theme::{CAPTION, LABEL, MARGIN, STRONG, WIDTH};

const ROW: i32 = 104;
const TOP: i32 = 40;
/// Room left for the names of the indices; between the towns.
const NAMES: i32 = 200;
const GAP: i32 = 26;
/// Height of a scale's bar.
const BAR: i32 = 26;

/// Towns that stand side by side on a sheet.
const COLUMNS: usize = 4;

/// A row an index, a column a town whose inputs are all printed; none where there is no such town.
pub(super) fn draw(context: &Context<'_>) -> Vec<Figure> {
    let all = on_scales(context.case);
    let mut towns: Vec<usize> = all.iter().map(|index| index.town).collect();
    towns.dedup();
    // An audit compares what is printed: without any, there is nothing to draw.
    if towns.is_empty() || all.iter().all(|index| index.printed.is_empty()) {
        return Vec::new();
    }
    let sheets = towns.len().div_ceil(COLUMNS);
    // As many on each sheet, so that their columns are of one width.
    let columns = towns.len().div_ceil(sheets);
    let draw = |(k, towns): (usize, &[usize])| {
        let mut frame = frame(context, &all);
        context.sheet_of(&mut frame, (k, sheets));
        draw_sheet(context, &frame, &all, (towns, columns)).on_sheet(k)
    };
    towns.chunks(columns).enumerate().map(draw).collect()
}

fn frame(context: &Context<'_>, all: &[OnScale]) -> Frame {
    let text = context.text;
    let crossing = all.iter().filter(|index| index.crosses()).count().to_string();
    let count = all.len().to_string();
    let key = |key: &str, mark: Mark| KeyEntry { label: text.get(key).to_owned(), mark };
    Frame {
        title: text.fill("plot.audit", &[("crossing", crossing.as_str()), ("count", &count)]),
        note: text.get("plot.audit_note").to_owned(),
        key: vec![
            key("plot.audit_printed", Mark::Ring(INK)),
            key("plot.audit_formula", Mark::Dot(INK)),
            key("plot.audit_fractions", Mark::Diamond(INK)),
            key("plot.audit_crossing", Mark::Outline(WARNING)),
        ],
        caption: text.fill("plot.audit_caption", &[("command", "boljam audit")]),
    }
}

fn draw_sheet(
    context: &Context<'_>,
    frame: &Frame,
    all: &[OnScale],
    (towns, columns): (&[usize], usize),
) -> Figure {
    let (case, text) = (context.case, context.text);
    let rows: Vec<_> = case.method.scaled().collect();
    let each = (WIDTH as i32 - 2 * MARGIN - NAMES) / columns as i32;
    let names =
        towns.iter().map(|town| (text.name(&case.towns[*town].name).to_owned(), INK)).collect::<Vec<_>>();
    let headings = Headings::in_room(&names, f64::from(each - GAP));
    let head = TOP + headings.more();
    let shown: Vec<&OnScale> = all.iter().filter(|index| towns.contains(&index.town)).collect();
    let picture = sheet(head + ROW * rows.len() as i32, frame, |canvas| {
        for column in 0..towns.len() {
            headings.write(canvas, column, (MARGIN + NAMES + column as i32 * each, head - 8));
        }
        for (row, (_, composite, _)) in rows.iter().enumerate() {
            let top = head + ROW * row as i32;
            let room = f64::from(NAMES - 20);
            let symbol = cut(&composite.symbol, STRONG, room);
            write(canvas, &symbol, (MARGIN, top + 8), STRONG, INK, (HPos::Left, VPos::Top));
            let label = wrap_at_most(text.name(&composite.label), CAPTION, room, 3);
            write_lines(canvas, &label, (MARGIN, top + 32), CAPTION, MUTED, HPos::Left);
        }
        for index in &shown {
            let column = towns.iter().position(|t| *t == index.town).unwrap_or(0) as i32;
            let left = MARGIN + NAMES + column * each;
            let top = head + ROW * index.composite as i32;
            draw_index(context, canvas, index, [left, top, left + each - GAP, top + ROW]);
        }
    });
    context.figure(FigureKind::Audit, None, frame.clone(), picture, table(context, &shown))
}

/// The name of a class of an index.
fn class_name(context: &Context<'_>, index: &OnScale, class: usize) -> String {
    let scale = context.case.method.scaled().nth(index.composite).map(|s| s.2);
    let level = scale.and_then(|scale| scale.get(class)).map(|class| class.level);
    level.map_or_else(String::new, |l| context.text.name(&context.case.method.levels[l].name).to_owned())
}

fn draw_index(context: &Context<'_>, canvas: &Canvas<'_>, index: &OnScale, [left, top, right, _]: [i32; 4]) {
    let method = &context.case.method;
    let Some((_, _, scale)) = method.scaled().nth(index.composite) else { return };
    let end = scale.last().map_or(1.0, |class| class.upper);
    // What lies beyond the last bound belongs to the last class, and stands at its end.
    let place = |value: f64| left + ((value / end).clamp(0.0, 1.0) * f64::from(right - left)).round() as i32;
    let (bar_top, bar_bottom) = (top + 34, top + 34 + BAR);
    let mut low = 0.0;
    for class in scale {
        let colour = tint(class_colour((class.level, method.levels.len())), 0.8);
        let rect = [(place(low), bar_top), (place(class.upper), bar_bottom)];
        put(canvas, &Rectangle::new(rect, colour.filled()));
        if class.upper < end {
            let bound = PathElement::new(
                vec![(place(class.upper), bar_top - 3), (place(class.upper), bar_bottom + 3)],
                WHITE.stroke_width(2),
            );
            put(canvas, &bound);
            bound_label(context, canvas, class.upper, (place(class.upper), bar_bottom + 6));
        }
        low = class.upper;
    }
    if index.crosses() {
        let frame =
            Rectangle::new([(left - 6, top + 4), (right + 6, bar_bottom + 24)], WARNING.stroke_width(3));
        put(canvas, &frame);
    }
    let middle = i32::midpoint(bar_top, bar_bottom);
    for (value, _) in &index.printed {
        put(canvas, &Circle::new((place(*value), middle), 9, WHITE.filled()));
        put(canvas, &Circle::new((place(*value), middle), 9, INK.stroke_width(3)));
    }
    diamond(canvas, (place(index.by_fractions), middle), INK);
    put(canvas, &Circle::new((place(index.by_formula), middle), 4, INK.filled()));
    let names: Vec<String> = index.classes.iter().map(|class| class_name(context, index, *class)).collect();
    let said = names.join(" / ");
    let size = if index.crosses() { STRONG } else { LABEL };
    let numbers = numbers(context, index);
    let used = text_width(&numbers, CAPTION) + 14.0;
    let said = cut(&said, size, f64::from(right - left) - used);
    write(canvas, &said, (left, top + 24), size, INK, (HPos::Left, VPos::Bottom));
    write(canvas, &numbers, (right, top + 24), CAPTION, MUTED, (HPos::Right, VPos::Bottom));
}

fn bound_label(context: &Context<'_>, canvas: &Canvas<'_>, bound: f64, at: (i32, i32)) {
    let decimals = usize::from(bound.fract() != 0.0);
    write(canvas, &context.text.number(bound, decimals), at, CAPTION, MUTED, (HPos::Center, VPos::Top));
}

/// Printed against recomputed: `4.9 → 4.93, 5.13`.
fn numbers(context: &Context<'_>, index: &OnScale) -> String {
    let text = context.text;
    let number = |x: f64| text.number(x, 2);
    let printed: Vec<String> = index
        .printed
        .iter()
        .map(|(value, _)| text.number(*value, usize::from(value.fract() != 0.0)))
        .collect();
    let (formula, fractions) = (number(index.by_formula), number(index.by_fractions));
    let computed = if formula == fractions { formula } else { format!("{formula}; {fractions}") };
    format!("{} → {computed}", printed.join("; "))
}

/// A row an index of a town.
fn table(context: &Context<'_>, all: &[&OnScale]) -> Table {
    let (case, text) = (context.case, context.text);
    let headers = [
        "table.town",
        "table.index",
        "plot.audit_printed",
        "plot.audit_formula",
        "plot.audit_fractions",
        "plot.audit_printed_class",
        "table.classes",
    ];
    let mut table = Table::new(headers.map(|key| text.get(key)));
    for index in all {
        let symbol = case.method.scaled().nth(index.composite).map_or("", |s| s.1.symbol.as_str());
        let printed: Vec<String> =
            index.printed.iter().map(|(value, at)| format!("{} ({at})", text.number(*value, 1))).collect();
        let classes: Vec<String> = index
            .printed_classes
            .iter()
            .map(|(class, at)| {
                format!("{} ({at})", class.map_or_else(|| "?".to_owned(), |c| class_name(context, index, c)))
            })
            .collect();
        let names: Vec<String> = index.classes.iter().map(|c| class_name(context, index, *c)).collect();
        table.row([
            text.name(&case.towns[index.town].name).to_owned(),
            symbol.to_owned(),
            printed.join("; "),
            text.number(index.by_formula, 2),
            text.number(index.by_fractions, 2),
            classes.join("; "),
            names.join(" / "),
        ]);
    }
    table
}
