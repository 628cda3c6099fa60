//! `boljam run`: the main job.

use std::path::PathBuf;
use std::time::Duration;

use clap::Args;

use super::case::CaseArguments;
use super::figure::FigureArguments;
use super::language::LangArgument;
use super::precision::Goal;
use super::saved::Saved;
use super::simulate::Simulation;
use super::{BadInput, keep, result};
use crate::analyse::Study;
use crate::case::Case;
use crate::engine;
use crate::model::Options;
use crate::report::folder::Staging;
use crate::report::manifest::{FORMAT, Manifest, Shard, input_hashes};

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
    #[arg(long, value_name = "N", default_value_t = 10_000, value_parser = clap::value_parser!(u64).range(2..=1_000_000_000))]
    runs: u64,
    /// Threads (default: one a core); the result does not depend on it
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    threads: Option<u16>,
    /// Also write runs.csv, a row a run, with what is named here for every town and scenario: id@year,
    /// joined by commas; an id is that of a quantity, or lead.SCENARIO, or price.COMMODITY
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
        conflicts_with_all = ["case", "set", "seed", "horizon", "towns", "scenarios", "uncertainty", "stress",
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

/// `boljam run`: load a case, or what a stopped run left; run; write what is found.
pub(super) fn run(arguments: &Arguments) -> anyhow::Result<()> {
    let Some(place) = arguments.out.as_ref().or(arguments.resume.as_ref()) else {
        return Err(BadInput("--out or --resume is needed".to_owned()).into());
    };
    let (staging, saved) = if arguments.resume.is_some() {
        let staging = Staging::again(place, arguments.force)?;
        let saved = Saved::open(staging.resume())?;
        (staging, saved)
    } else {
        let (case, options) = arguments.case.load()?;
        keep::parse(&arguments.keep_runs, &case, &options)?;
        let manifest = manifest(&case, &options, arguments)?;
        let staging = Staging::new(place, arguments.force)?;
        (staging, Saved { path: place.clone(), manifest, case, options })
    };
    let Saved { case, options, manifest, .. } = &saved;
    engine::with_threads(arguments.threads.unwrap_or(0).into(), || {
        let study = Study::new(case, options)?;
        let goals = manifest.precision.iter().map(|word| Goal::parse(word, &study));
        let goals = goals.collect::<Result<Vec<_>, _>>()?;
        let (first, end) = part(manifest.shard, manifest.runs);
        let so_far = if arguments.resume.is_some() { saved.ensembles(&study)? } else { study.begin(first) };
        let simulation = Simulation {
            case,
            study: &study,
            manifest,
            staging: &staging,
            interval: Duration::from_secs_f64(arguments.checkpoint),
            place,
            goals: &goals,
        };
        let (ensembles, stopped) = simulation.run(so_far, end)?;
        if manifest.shard.is_some() {
            return result::finish_shard(staging, place, case, manifest, &ensembles);
        }
        let manifest = Manifest { runs: ensembles.main.runs(), stopped, ..manifest.clone() };
        result::finish(staging, place, case, options, &manifest, (&study, ensembles), &arguments.figure)
    })
}

/// First run and end of a shard: whole blocks, shared out evenly.
fn part(shard: Option<Shard>, runs: u64) -> (u64, u64) {
    let Some(Shard { number, of }) = shard else { return (0, runs) };
    let blocks = runs.div_ceil(engine::BLOCK_RUNS);
    let bound = |n: u64| (blocks * n / of * engine::BLOCK_RUNS).min(runs);
    (bound(number - 1), bound(number))
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

fn manifest(case: &Case, options: &Options, arguments: &Arguments) -> Result<Manifest, BadInput> {
    let blocks = arguments.runs.div_ceil(engine::BLOCK_RUNS);
    if let Some(shard) = arguments.shard.filter(|shard| shard.of > blocks) {
        let most = format!("--shard {shard}: {} runs make at most {blocks} shards", arguments.runs);
        return Err(BadInput(most));
    }
    Ok(Manifest {
        format: FORMAT,
        version: env!("CARGO_PKG_VERSION").to_owned(),
        git: env!("BOLJAM_GIT").to_owned(),
        case: case.id.clone(),
        runs: arguments.runs,
        precision: arguments.precision.clone(),
        stopped: None,
        undefined: Vec::new(),
        shard: arguments.shard,
        seed: options.seed,
        horizon: options.horizon,
        towns: options.towns.iter().map(|t| case.towns[*t].id.clone()).collect(),
        scenarios: options.scenarios.iter().map(|s| case.scenarios[*s].id.clone()).collect(),
        uncertainty: options.uncertainty.name(),
        stress: options.stress.map(|s| case.stresses[s].id.clone()),
        settings: arguments.case.set.clone(),
        keep_runs: arguments.keep_runs.clone(),
        language: arguments.lang.id().to_owned(),
        inputs: input_hashes(case),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shards_cover_all_runs_in_whole_blocks() {
        for (runs, of) in [(10_000, 3), (2, 1), (5121, 11), (1_000_000_000, 7)] {
            let parts: Vec<(u64, u64)> =
                (1..=of).map(|number| part(Some(Shard { number, of }), runs)).collect();
            assert_eq!((parts[0].0, parts[parts.len() - 1].1), (0, runs));
            assert!(parts.windows(2).all(|w| w[0].1 == w[1].0));
            assert!(parts.iter().all(|(a, b)| a < b && a % engine::BLOCK_RUNS == 0), "{parts:?}");
        }
        assert_eq!(part(None, 77), (0, 77));
    }
}
