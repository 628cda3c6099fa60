//! Class probabilities of each index by year: stacked areas on an ordered scale of colours.

use crate::analyse::{ScaleClass, Sureness, TownResults, likeliest_class};
use crate::plot::context::Context;
use crate::plot::figure::Figure;
use crate::plot::headings::{Headings, beside};
use crate::plot::kind::FigureKind;
use crate::plot::palette::class_colour;
use crate::plot::panel::place;
use crate::plot::sheet::{Frame, sheet};
use crate::plot::stack::{Layer, ROW, panel, stack};
use crate::plot::table::Table;

/// A row an index, a column a scenario; none without an index that has classes.
pub(super) fn draw(context: &Context<'_>, town: &TownResults) -> Option<Figure> {
    let (results, text) = (context.results, context.text);
    if results.scaled.is_empty() {
        return None;
    }
    let frame = Frame {
        title: title(context, town),
        note: text.get("plot.classes_note").to_owned(),
        key: context.class_key(),
        caption: context.caption(town),
    };
    let columns = town.scenarios.len();
    let headings = Headings::of_paths(context, context.paths(town));
    let picture = sheet(headings.more() + ROW * results.scaled.len() as i32, &frame, |canvas| {
        for (row, composite) in results.scaled.iter().enumerate() {
            let top = headings.more() + row as i32 * ROW;
            for (column, scenario) in town.scenarios.iter().enumerate() {
                let layers = composite.classes.iter().enumerate().map(|(c, class)| Layer {
                    name: String::new(),
                    colour: class_colour(class.rank),
                    shares: scenario.years.iter().map(|cell| cell.classes[row][c].value).collect(),
                });
                let layers: Vec<Layer> = layers.collect();
                let panel = panel(context, canvas, (column, columns), top, ROW);
                stack(context, &panel, &layers, column == 0);
                if row == 0 {
                    headings.write(canvas, column, (panel.rect[0], panel.rect[1] - 2));
                }
            }
            let label = format!("{} ({})", text.name(&composite.label), composite.symbol);
            beside(canvas, &label, place(columns - 1, columns, top, ROW));
        }
    });
    Some(context.figure(FigureKind::Classes, Some(town), frame, picture, table(context, town)))
}

/// The indices of which no class has two thirds of the runs, under some path.
fn title(context: &Context<'_>, town: &TownResults) -> String {
    let (results, text) = (context.results, context.text);
    let open = |k: &usize| {
        let cells = town.scenarios.iter().filter_map(|s| s.years.last());
        let mut shares = cells.map(|cell| likeliest_class(cell, *k).1);
        shares.any(|share| !matches!(Sureness::of(share), Sureness::Clearly | Sureness::Mostly))
    };
    let open = (0..results.scaled.len()).filter(open).map(|k| results.scaled[k].symbol.clone());
    let symbols: Vec<String> = open.collect();
    let key = if symbols.is_empty() { "plot.classes_likely" } else { "plot.classes_open" };
    let (year, symbols) = (context.horizon().to_string(), text.list(&symbols));
    text.fill(key, &[("town", text.name(&town.name)), ("year", &year), ("symbols", &symbols)])
}

/// A row an index, scenario and year.
fn table(context: &Context<'_>, town: &TownResults) -> Table {
    let (results, text) = (context.results, context.text);
    let mut table =
        Table::new(["table.index", "table.path", "table.year", "table.classes"].map(|k| text.get(k)));
    for (k, composite) in results.scaled.iter().enumerate() {
        for scenario in &town.scenarios {
            for (year, cell) in results.setup.years.iter().zip(&scenario.years) {
                let share = |(c, class): (usize, &ScaleClass)| {
                    format!("{} {}", text.name(&class.name), cell.classes[k][c].percent_short(text))
                };
                let shares: Vec<String> = composite.classes.iter().enumerate().map(share).collect();
                let path = text.name(&scenario.name).to_owned();
                table.row([composite.symbol.clone(), path, year.to_string(), shares.join(", ")]);
            }
        }
    }
    table
}
