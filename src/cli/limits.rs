//! `boljam limits`: runs held against what the case says can never be, or hardly.

use clap::Args;

use super::case::{CaseArguments, tell_notices};
use super::count::count;
use super::language::LangArgument;
use super::{BadInput, print};
use crate::engine;
use crate::experiment::limits::limits_kept;
use crate::report::limits as told;

/// Runs held against the limits of a case.
#[derive(Debug, Args)]
#[command(after_help = "Example: boljam limits mycase --runs 10000")]
pub(super) struct Arguments {
    #[command(flatten)]
    case: CaseArguments,
    /// Runs
    #[arg(long, default_value_t = 1000, value_parser = count(1..=1_000_000))]
    runs: u64,
    /// Threads (default: all; changes no number)
    #[arg(long)]
    threads: Option<usize>,
    #[command(flatten)]
    lang: LangArgument,
}

/// `boljam limits`.
pub(super) fn limits(arguments: &Arguments) -> anyhow::Result<()> {
    let (case, options) = arguments.case.load()?;
    let text = arguments.lang.text();
    tell_notices(&case, &options, &text);
    if case.limits.is_empty() {
        return Err(BadInput("the case has no limits (limits.csv)".to_owned()).into());
    }
    let runs = arguments.runs;
    let kept = engine::with_threads(arguments.threads.unwrap_or(0), || limits_kept(&case, &options, runs))?;
    let broken: Vec<&str> = case
        .limits
        .iter()
        .enumerate()
        .filter(|(l, limit)| kept.iter().any(|k| k.limit == *l && !k.is_kept(limit)))
        .map(|(_, limit)| limit.id.as_str())
        .collect();
    let title = text.fill("limits.title", &[("runs", &text.number(runs as f64, 0))]);
    print(&format!("{title}\n\n{}\n{}\n", told::table(&case, &kept, &text), text.get("limits.note")))?;
    if broken.is_empty() {
        return Ok(());
    }
    let message = format!("broken more often than limits.csv allows: {}", broken.join(", "));
    Err(BadInput(message).into())
}
