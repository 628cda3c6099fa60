//! `boljam run`: the main job.

use std::path::{Path, PathBuf};
use std::time::Duration;

use clap::Args;

use anyhow::Context as _;

use super::case::CaseArguments;
use super::count::count;
use super::failure::Interrupted;
use super::figure::{self, FigureArguments};
use super::language::LangArgument;
use super::pace::Pace;
use super::{BadInput, print, progress};
use crate::analyse::Goal;
use crate::archive::{self, Advance, ArchiveError, Columns, Made, Manifest, Recipe, Shard, Staging, Written};
use crate::engine;
use crate::report::{headline, words};

/// Run a case.
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  \
    boljam run --out results\n  \
    boljam run mycase --runs 100000 --towns temirtau,balkhash --out results\n  \
    boljam run --set diversification.other_output.multiple=3.5 --out bolder\n  \
    boljam run --stress copper_2008 --out stressed\n  \
    boljam run --uncertainty plan --out plans_only\n  \
    boljam run --figures region,lead --formats png --width 3200 --dpi 300 --out posters\n  \
    boljam run --keep-runs unemployment@2035,lead.diversification@2035 --out runs\n  \
    boljam run --towns balkhash --scenarios inertial --keep-runs drawn@2035,unemployment@2035 --out runs\n  \
    boljam run --runs 10000000 --precision temirtau.diversification.2035.lead.diversification=0.002 --out precise\n  \
    boljam run --runs 100000000 --out long     (stopped or killed? then:)\n  \
    boljam run --resume long\n  \
    boljam run --runs 4000000 --shard 1/2 --out part1\n\n\
    An interrupted run leaves an earlier result as it was, and can be gone on with: what it has done is kept in a \
    hidden folder beside the result. Options of figures are to be given again.")]
pub(super) struct Arguments {
    #[command(flatten)]
    case: CaseArguments,
    #[command(flatten)]
    figure: FigureArguments,
    /// Number of runs, from 2 to 1000000000
    #[arg(long, value_name = "N", default_value_t = 10_000, value_parser = count(2..=1_000_000_000))]
    runs: u64,
    /// Threads (default: one a core); the result does not depend on it
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    threads: Option<u16>,
    /// Also write runs.csv, a row a run, and runs_columns.csv, what its columns are: id@year, joined by commas, for
    /// every town and scenario. An id is that of a quantity, sub-indicator or outcome, lead, lead.SCENARIO,
    /// votes.SCENARIO, event.EVENT, chance.DRIVER; price.COMMODITY and region.INDEX are one column. Without year, being
    /// drawn once: plan.DRIVER, input.SYMBOL, parameter.DRIVER.NAME, delivered. Groups: drawn@year (all that is drawn),
    /// events@year, chance@year, prices@year, region@year, votes@year, outcomes@year, sub_indicators@year, plans, inputs,
    /// parameters, delivery
    #[arg(long, value_delimiter = ',', value_name = "QUANTITY@YEAR")]
    keep_runs: Vec<String>,
    #[command(flatten)]
    lang: LangArgument,
    /// Stop as soon as the Monte Carlo standard error of a figure is small enough, looked at after 16384 runs,
    /// twice as many and so on up to --runs: town.scenario.year.quantity[.detail]=error; can be repeated. The
    /// quantity is one of a table (detail: a statistic, q500 by default, or a class), lead.SCENARIO,
    /// votes.SCENARIO or an outcome
    #[arg(long, value_name = "FIGURE=ERROR", conflicts_with = "shard")]
    precision: Vec<String>,
    /// Run one part of several, for `boljam merge`: 2/5 is the second of five
    #[arg(long, value_name = "I/N", value_parser = parse_shard, conflicts_with = "keep_runs")]
    shard: Option<Shard>,
    /// Seconds between checkpoints, from which --resume goes on
    #[arg(long, value_name = "SECONDS", default_value = "60", value_parser = parse_seconds)]
    checkpoint: f64,
    /// Go on with a run to this folder that was stopped or killed
    #[arg(
        long,
        value_name = "DIR",
        conflicts_with_all = ["case", "set", "seed", "horizon", "towns", "scenarios", "uncertainty", "from", "stress",
            "runs", "keep_runs", "lang", "precision", "shard", "out"]
    )]
    resume: Option<PathBuf>,
    /// Replace an existing result folder; begin anew where a run was stopped
    #[arg(long)]
    force: bool,
    /// New folder for the result
    #[arg(long, required_unless_present = "resume")]
    out: Option<PathBuf>,
}

/// `boljam run`: a case, or what a stopped run left; made ready; run; written; told.
pub(super) fn run(arguments: &Arguments) -> anyhow::Result<()> {
    let pace = Pace::begin(Duration::from_secs_f64(arguments.checkpoint));
    let (recipe, staging) = arguments.prepare()?;
    let files = arguments.figure.files(&recipe, &[])?;
    engine::with_threads(arguments.threads.unwrap_or(0).into(), || {
        let (case, manifest) = (&recipe.case, &recipe.manifest);
        let study = recipe.study()?;
        let goals = manifest.precision.iter().map(|word| Goal::parse(word, &study));
        let goals = goals.collect::<Result<Vec<_>, _>>().context("--precision")?;
        let columns = Columns::parse(&manifest.keep_runs, case, study.model()).context("--keep-runs")?;
        let runs = manifest.shard.map_or(0..manifest.runs, |shard| shard.of_runs(manifest.runs));
        let so_far = if arguments.resume.is_some() {
            archive::open(staging.resume())?.ensembles(&study)?
        } else {
            staging.drop_checkpoint()?;
            study.begin(runs.start)
        };
        let bar = progress::bar(runs.end - runs.start);
        let (progress, wish) = (|done, _| bar.set_position(done), || pace.wish());
        let (recipe, study) = (&recipe, &study);
        let advance =
            Advance { recipe, study, staging: &staging, goals: &goals, progress: &progress, wish: &wish };
        let made = advance.to(so_far, runs.end).map_err(|error| how_to_go_on(error, &staging))?;
        bar.finish_and_clear();
        drop(pace);
        if manifest.shard.is_some() {
            return finish_shard(staging, recipe, &made);
        }
        let draw = |staging: &_, results: &_| figure::draw(&files, recipe, staging, results);
        let place = staging.place().to_owned();
        let written = archive::write(staging, recipe, study, made, &columns, &draw)?;
        tell(&written, &place)
    })
}

impl Arguments {
    /// What is to be made, and the folder to make it in.
    fn prepare(&self) -> anyhow::Result<(Recipe, Staging)> {
        if let Some(place) = &self.resume {
            let staging = Staging::again(place, self.force)?;
            return Ok((archive::open(staging.resume())?.recipe, staging));
        }
        let Some(place) = &self.out else {
            return Err(BadInput("--out or --resume is needed".to_owned()).into());
        };
        let (case, options) = self.case.load()?;
        super::case::tell_notices(&case, &options, &self.lang.text());
        if let Some(shard) = self.shard.filter(|shard| shard.of > Shard::most(self.runs)) {
            let (runs, most) = (self.runs, Shard::most(self.runs));
            return Err(BadInput(format!("--shard {shard}: {runs} runs make at most {most} shards")).into());
        }
        let manifest = Manifest {
            precision: self.precision.clone(),
            shard: self.shard,
            keep_runs: self.keep_runs.clone(),
            language: self.lang.language().code().to_owned(),
            ..Manifest::new(&case, &options, &self.case.set, self.runs)
        };
        Ok((Recipe { case, options, manifest }, Staging::new(place, self.force)?))
    }
}

/// A run that was stopped, with the command that goes on with it.
fn how_to_go_on(error: ArchiveError, staging: &Staging) -> anyhow::Error {
    let ArchiveError::Stopped { done, runs } = error else { return error.into() };
    let place = staging.place();
    let force = if place.exists() { " --force" } else { "" };
    let command = format!("boljam run --resume {}{force}", place.display());
    Interrupted { done, runs, command }.into()
}

/// Writes a shard and says what to do with it.
fn finish_shard(staging: Staging, recipe: &Recipe, made: &Made) -> anyhow::Result<()> {
    let place = staging.place().to_owned();
    note_stays(&place, &archive::write_shard(staging, recipe, made)?);
    let shard = recipe.manifest.shard.map(|s| s.to_string()).unwrap_or_default();
    print(&format!("shard {shard}: {} (join all with boljam merge)\n", place.display()))
}

/// Prints the short table of a result, where its runs ended if a precision was asked for, and where the report is.
pub(super) fn tell(written: &Written, place: &Path) -> anyhow::Result<()> {
    let Written { results, manifest, stays } = written;
    note_stays(place, stays);
    let text = manifest.text();
    let stopped = manifest.stopped.as_ref().map_or_else(String::new, |stopped| {
        let key = if stopped.precise { "run.stopped_precise" } else { "run.stopped_short" };
        let [runs, at_most] = [manifest.runs, stopped.at_most].map(|n| text.number(n as f64, 0));
        format!("{}\n", text.fill(key, &[("runs", runs), ("at_most", at_most)]))
    });
    let report = place.join("report.html").display().to_string();
    let done = text.fill("run.done", &[("report", &report)]);
    let undefined: String = words::undefined(results, &text).into_iter().map(|line| line + "\n").collect();
    print(&format!("{}\n{undefined}{stopped}{done}\n", headline::table(results, &text)))
}

/// A note on what of the user's a result folder holds.
fn note_stays(place: &Path, stays: &[String]) {
    if !stays.is_empty() {
        eprintln!("note: left in {}, being no part of the result: {}", place.display(), stays.join(", "));
    }
}

/// Reads `2/5`.
fn parse_shard(word: &str) -> Result<Shard, String> {
    let number = |text: &str| text.trim().parse::<u64>().ok();
    let form = || "shard and number of shards, such as 2/5".to_owned();
    let (number, of) = word.split_once('/').and_then(|(a, b)| number(a).zip(number(b))).ok_or_else(form)?;
    if (1..=of).contains(&number) && of <= 1_000_000 { Ok(Shard { number, of }) } else { Err(form()) }
}

/// Reads a number of seconds.
fn parse_seconds(word: &str) -> Result<f64, String> {
    match word.parse::<f64>() {
        Ok(seconds) if (0.01..=1e6).contains(&seconds) => Ok(seconds),
        _ => Err("a number of seconds from 0.01 to 1000000".to_owned()),
    }
}
