//! The command line: parses and dispatches. One file a command.

mod assess;
mod backtest;
mod calibrate;
mod case;
mod choice;
mod compare;
mod count;
mod data;
mod delivery;
mod discover;
mod discover_runs;
mod distress;
mod failure;
mod figure;
mod futures;
mod futures_arguments;
mod language;
mod limits;
mod merge;
mod new;
mod pace;
mod plot;
mod preview;
mod prices;
mod progress;
mod replay;
mod report;
mod robust;
mod run;
mod sample;
mod say;
mod sensitivity;
mod signal;
mod stories;
mod stress;
mod survey;
mod variance;

pub use failure::Failure;

use std::ffi::OsString;

use clap::{Parser, Subcommand};

use failure::BadInput;
use say::{note_build, print};

#[derive(Debug, Parser)]
#[command(
    name = "boljam",
    version,
    about = "Foresight scenario simulator for single-industry towns",
    after_help = "Exit codes: 0 done, 1 failed, 2 bad usage or input, 130 interrupted.\n\nExamples:\n  \
        boljam run --out results                      the Karaganda case, 10,000 runs\n  \
        boljam new mycase                             a commented copy of the case to edit\n  \
        boljam new north --towns rudnik --commodities nickel   a new case of your own region\n  \
        boljam run mycase --out edited\n  \
        boljam plot results --lang kk --out kazakh    its figures again, in Kazakh\n  \
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
    /// Tell how sure the choice of today is, and what would change it
    Choice(choice::Arguments),
    /// Check a case and report every fault in it
    Check(case::CheckArguments),
    /// Write a case to start from: a copy of the Karaganda case or another, or a new one of your own towns
    New(new::Arguments),
    /// Look ahead at once, by the closed form, without running
    Preview(preview::Arguments),
    /// Tell one run in full: prices, events, drivers, indices, classes and why they changed
    Replay(replay::Arguments),
    /// Join the parts of a run that was computed in shards
    Merge(merge::Arguments),
    /// Draw the figures of a result folder again, without running
    Plot(plot::Arguments),
    /// Write the report of a result folder again, in any language, without running
    Report(report::Arguments),
    /// Tell how much of each plan must succeed before the choice, distress or the gain on the reference turns
    Delivery(delivery::Arguments),
    /// Tell where distress comes from: events, prices, plans, chance
    Distress(distress::Arguments),
    /// Compare two result folders run by run
    Compare(compare::Arguments),
    /// Hold runs against what the case says can never be, or hardly
    Limits(limits::Arguments),
    /// Score the dynamics on the observed years
    Backtest(backtest::Arguments),
    /// Fit the dynamics to the observed years: draws of the posterior, what the panel says and what it cannot
    Calibrate(calibrate::Arguments),
    /// Fit series of prices, or score price processes on them
    Prices(prices::Arguments),
    /// Tell which scenario does well whatever comes: regret and other criteria, run by run
    Robust(robust::Arguments),
    /// Lay shocks on the same runs: what they do, for how long, how likely they are
    Stress(stress::Arguments),
    /// Split the variance of the results by where it comes from
    Variance(variance::Arguments),
    /// Print points at which to run a model: Saltelli's design, Latin hypercube, Morris trajectories
    Sample(sample::Arguments),
    /// Tell what the futures of a case hang on, or which factors the response of any model depends on
    Sensitivity(sensitivity::Arguments),
    /// Tell what experts say matters: consensus, agreement, weights
    Survey(survey::Arguments),
    /// Tell the few runs of each town and scenario that stand for all of them
    Stories(stories::Arguments),
    /// Find the ranges of what is drawn in which a condition is met often: where a plan fails
    Discover(discover::Arguments),
}

/// Parses the arguments of the program, its own name first, and does what they say.
///
/// # Errors
/// [`Failure`]: what went wrong, what to try, and the exit code.
pub fn run(arguments: impl IntoIterator<Item = OsString>) -> Result<(), Failure> {
    match &Arguments::try_parse_from(arguments)?.command {
        Command::Run(arguments) => run::run(arguments)?,
        Command::Assess(arguments) => assess::assess(arguments)?,
        Command::Audit(arguments) => assess::audit(arguments)?,
        Command::Choice(arguments) => choice::choice(arguments)?,
        Command::Check(arguments) => case::check(arguments)?,
        Command::New(arguments) => new::new(arguments)?,
        Command::Preview(arguments) => preview::preview(arguments)?,
        Command::Replay(arguments) => replay::replay(arguments)?,
        Command::Merge(arguments) => merge::merge(arguments)?,
        Command::Plot(arguments) => plot::plot(arguments)?,
        Command::Report(arguments) => report::report(arguments)?,
        Command::Delivery(arguments) => delivery::delivery(arguments)?,
        Command::Distress(arguments) => distress::distress(arguments)?,
        Command::Compare(arguments) => compare::compare(arguments)?,
        Command::Limits(arguments) => limits::limits(arguments)?,
        Command::Backtest(arguments) => backtest::backtest(arguments)?,
        Command::Calibrate(arguments) => calibrate::calibrate(arguments)?,
        Command::Prices(arguments) => prices::prices(arguments)?,
        Command::Robust(arguments) => robust::robust(arguments)?,
        Command::Stress(arguments) => stress::stress(arguments)?,
        Command::Variance(arguments) => variance::variance(arguments)?,
        Command::Sample(arguments) => sample::sample(arguments)?,
        Command::Sensitivity(arguments) if arguments.asks_table() => sensitivity::sensitivity(arguments)?,
        Command::Sensitivity(arguments) => futures::futures(arguments)?,
        Command::Survey(arguments) => survey::survey(arguments)?,
        Command::Stories(arguments) => stories::stories(arguments)?,
        Command::Discover(arguments) => match arguments.table() {
            Some(file) => discover::in_table(arguments, file)?,
            None => discover_runs::discover(arguments)?,
        },
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_arguments_are_well_formed_and_every_command_has_an_example() {
        let mut command = Arguments::command();
        command.clone().debug_assert();
        for sub in command.get_subcommands_mut() {
            let help = sub.render_long_help().to_string();
            assert!(help.contains("Example"), "{help}");
        }
    }
}
