//! `boljam preview`: the closed form, at once.

use clap::Args;

use super::case::CaseArguments;
use super::language::LangArgument;
use super::print;
use crate::model;
use crate::report::delivered;
use crate::report::grid::Grid;
use crate::report::names::Names;

/// Look ahead by the closed form.
#[derive(Debug, Args)]
#[command(
    after_help = "Example: boljam preview --towns temirtau --set diversification.other_output.multiple=3.5"
)]
pub(super) struct Arguments {
    #[command(flatten)]
    case: CaseArguments,
    #[command(flatten)]
    lang: LangArgument,
}

/// `boljam preview`.
pub(super) fn preview(arguments: &Arguments) -> anyhow::Result<()> {
    let (case, options) = arguments.case.load()?;
    let text = arguments.lang.text();
    let rows = model::preview(&case, &options, &[options.horizon])?;
    let names = Names { case: &case, text: &text };
    let head = [
        "table.town",
        "preview.scenario",
        "compare.quantity",
        "assess.mean",
        "assess.sd",
        "assess.p50",
        "preview.p10",
        "preview.p90",
    ];
    let mut grid = Grid::new(head.map(|key| text.get(key).to_owned()).to_vec());
    for row in &rows {
        let link = |x: Option<f64>| x.map_or_else(String::new, |x| text.number(x, 4));
        grid.row(vec![
            text.name(&case.towns[row.town].name).to_owned(),
            text.name(&case.scenarios[row.scenario].name).to_owned(),
            names.quantity(&row.quantity).to_owned(),
            link(row.link.map(|l| l.0)),
            link(row.link.map(|l| l.1)),
            text.number(row.median, 2),
            text.number(row.low, 2),
            text.number(row.high, 2),
        ]);
    }
    let year = options.horizon.to_string();
    let mut out = format!("{}\n\n{}", text.fill("preview.title", &[("year", &year)]), grid.render());
    let told = delivered::sentences(&case, &text);
    if !told.is_empty() {
        out = format!("{out}\n{}\n", told.join("\n"));
    }
    print(&out)
}
