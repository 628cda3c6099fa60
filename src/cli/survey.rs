//! `boljam survey`: what experts say matters.

use std::path::PathBuf;

use clap::Args;

use super::assess::FormatName;
use super::case::load;
use super::language::LangArgument;
use super::{BadInput, print};
use crate::experiment::survey::Answers;
use crate::report::survey::{self, SurveyTable};

/// Rankings of sub-indicators by experts.
#[derive(Debug, Args)]
#[command(after_help = "\
A ranking gives 1 to what matters most; several may share a rank, and what an expert cannot judge stays empty. The file \
has a row for each sub-indicator and a column for each expert (as --template prints it), or a row for each expert under \
the header expert,TDm1,TDm2,...

Examples:
  boljam survey --template --lang kk > questionnaire.csv
  boljam survey answers.csv
  boljam survey answers.csv --experts --format csv
  boljam survey answers.csv --weights > weights.csv, then boljam choice --weights weights.csv")]
pub(super) struct Arguments {
    /// Table of rankings
    #[arg(required_unless_present = "template", conflicts_with = "template")]
    file: Option<PathBuf>,
    /// Print a questionnaire to fill in
    #[arg(long)]
    template: bool,
    /// Print the weights of sub-indicators for `boljam choice --weights`
    #[arg(long, conflicts_with_all = ["template", "experts"])]
    weights: bool,
    /// With --format csv: the table of experts in place of that of sub-indicators
    #[arg(long)]
    experts: bool,
    /// Case folder whose sub-indicators are ranked (default: the Karaganda case)
    #[arg(long, value_name = "FOLDER")]
    case: Option<PathBuf>,
    /// How to write it
    #[arg(long, value_enum, default_value = "table")]
    format: FormatName,
    #[command(flatten)]
    lang: LangArgument,
}

/// `boljam survey`.
pub(super) fn survey(arguments: &Arguments) -> anyhow::Result<()> {
    let case = load(arguments.case.as_deref(), &[])?;
    let text = arguments.lang.text();
    let Some(path) = &arguments.file else { return print(&survey::template(&case, &text)) };
    let file = path.display();
    let rows = std::fs::read_to_string(path).map_err(|error| BadInput(format!("{file}: {error}")))?;
    let symbols: Vec<String> = case.method.sub_indicators.iter().map(|s| s.symbol.clone()).collect();
    let answers = Answers::parse(&rows, &symbols).map_err(|error| BadInput(format!("{file}: {error}")))?;
    if arguments.weights {
        return print(&survey::weights(&answers));
    }
    let which = if arguments.experts { SurveyTable::Experts } else { SurveyTable::Consensus };
    print(&survey::render(&case, &answers, which, arguments.format.format(), &text))
}
