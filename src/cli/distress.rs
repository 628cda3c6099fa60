//! `boljam distress`: where distress comes from.

use clap::{Args, ValueEnum};

use super::case::{CaseArguments, tell_notices};
use super::count::count;
use super::language::LangArgument;
use super::{BadInput, print, progress};
use crate::analyse::Study;
use crate::engine::{self, VectorLevel};
use crate::experiment::distress::{Without, sources_of_distress};
use crate::report::distress as told;

/// Where distress comes from.
#[derive(Debug, Args)]
#[command(after_help = "Example: boljam distress --scenarios inertial --runs 10000")]
pub(super) struct Arguments {
    #[command(flatten)]
    case: CaseArguments,
    /// Runs without each source
    #[arg(long, default_value_t = 4000, value_parser = count(2..=10_000_000))]
    runs: u64,
    /// Threads (default: all; changes no number)
    #[arg(long)]
    threads: Option<usize>,
    /// How to write it
    #[arg(long, value_enum, default_value = "table")]
    format: Format,
    #[command(flatten)]
    lang: LangArgument,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Format {
    /// For people
    Table,
    /// Tidy CSV
    Csv,
}

/// `boljam distress`.
pub(super) fn distress(arguments: &Arguments) -> anyhow::Result<()> {
    let (case, options) = arguments.case.load()?;
    let text = arguments.lang.text();
    tell_notices(&case, &options, &text);
    if !case.method.first_passages.iter().any(|f| f.last_resort) {
        return Err(BadInput("method.toml names no outcome as the last resort".to_owned()).into());
    }
    let bar = progress::bar(arguments.runs * Without::ALL.len() as u64);
    let found = engine::with_threads(arguments.threads.unwrap_or(0), || {
        let study = Study::new(&case, &options)?;
        let tell = |done: usize, _| bar.set_position(done as u64 * arguments.runs);
        anyhow::Ok(sources_of_distress(&case, &study, arguments.runs, VectorLevel::best(), &tell))
    })?;
    bar.finish_and_clear();
    print(&match arguments.format {
        Format::Csv => told::csv(&case, &found),
        Format::Table => {
            let values =
                [("last", options.horizon.to_string()), ("runs", text.number(arguments.runs as f64, 0))];
            let table = told::table(&case, &found, &text);
            let (title, note) = (text.fill("distress.title", &values), text.get("distress.note"));
            format!("{title}\n\n{table}\n{note}\n")
        }
    })
}
