//! `boljam backtest`: the dynamics scored on the panel.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::case::load;
use super::language::LangArgument;
use super::{BadInput, print};
use crate::analyse::backtest;
use crate::analyse::seen::{RUNS, seen as seen_since};
use crate::engine::Effort;
use crate::plot::backtest_picture;
use crate::report::backtest as render;
use crate::report::names::Names;
use crate::report::seen;

/// Score the dynamics on the observed years.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  boljam backtest --set drivers.wage.persistence=0.9\n  boljam backtest --format svg > backtest.svg"
)]
pub(super) struct Arguments {
    /// Case folder (default: the Karaganda case)
    case: Option<PathBuf>,
    /// Override a value of the case; can be repeated
    #[arg(long = "set", value_name = "KEY=VALUE")]
    set: Vec<String>,
    /// How to write it
    #[arg(long, value_enum, default_value = "table")]
    format: FormatName,
    #[command(flatten)]
    lang: LangArgument,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum FormatName {
    /// For people
    Table,
    /// Tidy CSV
    Csv,
    /// The picture of coverage by years ahead and of the fifths
    Svg,
}

/// `boljam backtest`.
pub(super) fn backtest(arguments: &Arguments) -> anyhow::Result<()> {
    let case = load(arguments.case.as_deref(), &arguments.set)?;
    let backtest = backtest::backtest(&case)?;
    print(&match arguments.format {
        FormatName::Table => {
            let text = arguments.lang.text();
            let names = Names { case: &case, text: &text };
            let seen = seen::table(&seen_since(&case, Effort::runs(RUNS))?, names);
            [render::table(&backtest, names), seen].join("\n").trim_end().to_owned() + "\n"
        }
        FormatName::Csv => render::csv(&backtest),
        FormatName::Svg => {
            let nothing = || BadInput("nothing is scored, so there is no picture".to_owned());
            backtest_picture(&backtest, &case, &arguments.lang.text()).ok_or_else(nothing)?
        }
    })
}
