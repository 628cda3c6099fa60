//! Class probabilities of each index by year: stacked areas on an ordered scale of colours.

use plotters::style::text_anchor::HPos;

use crate::analyse::{ScaleClass, Sureness, TownResults, likeliest_class};
use crate::plot::area::{Layer, ROW, heading, panel, stack};
use crate::plot::context::Context;
use crate::plot::palette::{INK, class_colour};
use crate::plot::panel::{RIGHT, place};
use crate::plot::theme::{Frame, LABEL, figure, wrap, write_lines};
use crate::plot::{Figure, FigureKind, PlotError, Table};

/// A row an index, a column a scenario.
pub(super) fn draw(context: &Context<'_>, town: &TownResults) -> Result<Figure, PlotError> {
    let (results, text) = (context.results, context.text);
    let frame = Frame {
        title: title(context, town),
        note: text.get("plot.classes_note").to_owned(),
        key: context.class_key(),
        caption: context.caption(town),
    };
    let columns = town.scenarios.len();
    let picture = figure(ROW * results.scaled.len() as u32, &frame, |area| {
        for (row, composite) in results.scaled.iter().enumerate() {
            let top = (row as u32 * ROW) as i32;
            for (column, scenario) in town.scenarios.iter().enumerate() {
                let layers = composite.classes.iter().enumerate().map(|(c, class)| Layer {
                    name: String::new(),
                    colour: class_colour(class.rank),
                    shares: scenario.years.iter().map(|cell| cell.classes[row][c].value).collect(),
                });
                let layers: Vec<Layer> = layers.collect();
                let panel = panel(context, area, (column, columns), top, ROW as i32);
                stack(context, &panel, &layers, column == 0)?;
                if row == 0 {
                    heading(context, &panel, scenario)?;
                }
            }
            let side = place(columns - 1, columns, top, ROW as i32);
            let label = format!("{} ({})", text.name(&composite.label), composite.symbol);
            let lines = wrap(&label, LABEL, f64::from(RIGHT) - 18.0);
            write_lines(area, &lines, (side[2] + 12, side[1]), LABEL, INK, HPos::Left)?;
        }
        Ok(())
    })?;
    Ok(context.figure(FigureKind::Classes, Some(town), frame, picture, table(context, town)))
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
