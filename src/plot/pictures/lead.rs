//! Which scenario leads, year by year, if the town follows one of them.

use crate::analyse::TownResults;
use crate::plot::context::Context;
use crate::plot::figure::Figure;
use crate::plot::headings::Headings;
use crate::plot::key::{KeyEntry, Mark};
use crate::plot::kind::FigureKind;
use crate::plot::palette::scenario_colour;
use crate::plot::sheet::{Frame, sheet};
use crate::plot::stack::{Layer, panel, stack};
use crate::plot::table::Table;

const HEIGHT: i32 = 430;

/// Each candidate's share of the lead, a panel a path.
pub(super) fn draw(context: &Context<'_>, town: &TownResults) -> Figure {
    let (results, text) = (context.results, context.text);
    let (name, finding) = (text.name(&town.name), context.lead_finding(town));
    // The headings name the colours of the scenarios that were run.
    let unnamed =
        results.candidates.iter().enumerate().filter(|(_, c)| town.scenarios.iter().all(|s| s.id != c.0));
    let key = unnamed.map(|(s, (_, name))| KeyEntry {
        label: text.name(name).to_owned(),
        mark: Mark::Patch(scenario_colour(s)),
    });
    let frame = Frame {
        title: text.fill("plot.lead", &[("town", name), ("finding", &finding)]),
        note: text.get("plot.lead_note").to_owned(),
        key: key.collect(),
        caption: context.caption(town),
    };
    let headings = Headings::of_paths(context, context.paths(town));
    let top = headings.more();
    let picture = sheet(top + HEIGHT, &frame, |canvas| {
        for (column, scenario) in town.scenarios.iter().enumerate() {
            let layers = results.candidates.iter().enumerate().map(|(s, (_, name))| Layer {
                name: text.name(name).to_owned(),
                colour: scenario_colour(s),
                shares: scenario.years.iter().map(|cell| cell.lead[s].value).collect(),
            });
            let layers: Vec<Layer> = layers.collect();
            let panel = panel(context, canvas, (column, town.scenarios.len()), top, HEIGHT);
            stack(context, &panel, &layers, column == 0);
            headings.write(canvas, column, (panel.rect[0], panel.rect[1] - 2));
        }
    });
    context.figure(FigureKind::Lead, Some(town), frame, picture, table(context, town))
}

/// A row a path and year, a column a candidate.
fn table(context: &Context<'_>, town: &TownResults) -> Table {
    let (results, text) = (context.results, context.text);
    let start = ["table.path", "table.year"].map(|key| text.get(key).to_owned());
    let candidates = results.candidates.iter().map(|(_, name)| text.name(name).to_owned());
    let mut table = Table::new(start.into_iter().chain(candidates));
    for scenario in &town.scenarios {
        for (year, cell) in results.setup.years.iter().zip(&scenario.years) {
            let start = [text.name(&scenario.name).to_owned(), year.to_string()];
            table.row(start.into_iter().chain(cell.lead.iter().map(|share| share.percent_short(text))));
        }
    }
    table
}
