//! The command line: parses, dispatches, and turns errors into exit codes. One file a command.

mod assess;
mod case;
mod compare;
mod new;
mod preview;
mod progress;
mod replay;
mod run;

use std::ffi::OsString;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// Exit code of a command that did what it was asked.
const DONE: u8 = 0;
/// Exit code of a command that failed.
const FAILED: u8 = 1;
/// Exit code of bad usage or bad input.
const BAD_INPUT: u8 = 2;

/// Bad usage or bad input, as opposed to a failure.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
struct BadInput(String);

#[derive(Debug, Parser)]
#[command(
    name = "boljam",
    version,
    about = "Foresight scenario simulator for single-industry towns",
    after_help = "Exit codes: 0 done, 1 failed, 2 bad usage or input.\n\nExamples:\n  \
        boljam run --out results                      the Karaganda case, 10,000 runs\n  \
        boljam new mycase                             a commented copy of the case to edit\n  \
        boljam run mycase --out edited\n  \
        boljam compare results edited                 what the edits change, run by run"
)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Run a case: tables, figures and a report in a new folder
    Run(run::Arguments),
    /// Assess the towns in the base year: indices, classes, votes, leading scenarios
    Assess(assess::Arguments),
    /// List every place where the source disagrees with itself
    Audit(assess::AuditArguments),
    /// Check a case and report every fault in it
    Check(case::CheckArguments),
    /// Write a commented copy of the Karaganda case to start from
    New(new::Arguments),
    /// Look ahead at once, by the closed form, without running
    Preview(preview::Arguments),
    /// Tell one run in full: prices, events, drivers, indices, classes and why they changed
    Replay(replay::Arguments),
    /// Compare two result folders run by run
    Compare(compare::Arguments),
}

/// Runs the command line and gives its exit code; errors go to standard error.
pub fn main(arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    let arguments = match Arguments::try_parse_from(arguments) {
        Ok(arguments) => arguments,
        Err(error) => {
            // Help and version come this way too, and go to standard output.
            let _ = error.print();
            return ExitCode::from(if error.use_stderr() { BAD_INPUT } else { DONE });
        }
    };
    match dispatch(&arguments.command) {
        Ok(()) => ExitCode::from(DONE),
        Err(error) if is_broken_pipe(&error) => ExitCode::from(DONE),
        Err(error) => {
            eprintln!("boljam: {error:#}");
            let bad_input = error.is::<BadInput>() || error.is::<crate::case::Faults>();
            ExitCode::from(if bad_input { BAD_INPUT } else { FAILED })
        }
    }
}

fn dispatch(command: &Command) -> anyhow::Result<()> {
    match command {
        Command::Run(arguments) => run::run(arguments),
        Command::Assess(arguments) => assess::assess(arguments),
        Command::Audit(arguments) => assess::audit(arguments),
        Command::Check(arguments) => case::check(arguments),
        Command::New(arguments) => new::new(arguments),
        Command::Preview(arguments) => preview::preview(arguments),
        Command::Replay(arguments) => replay::replay(arguments),
        Command::Compare(arguments) => compare::compare(arguments),
    }
}

/// `boljam audit | head` closes the pipe early; that is no failure.
fn is_broken_pipe(error: &anyhow::Error) -> bool {
    let kind = error.downcast_ref::<std::io::Error>().map(std::io::Error::kind);
    kind == Some(std::io::ErrorKind::BrokenPipe)
}

/// Writes to standard output.
fn print(text: &str) -> anyhow::Result<()> {
    use std::io::Write;
    std::io::stdout().lock().write_all(text.as_bytes())?;
    Ok(())
}
