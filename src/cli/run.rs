//! `boljam run`: the main job.

use std::ops::ControlFlow;
use std::path::PathBuf;

use clap::Args;

use super::case::CaseArguments;
use super::figure::FigureArguments;
use super::language::LangArgument;
use super::saved::ENSEMBLE;
use super::{keep, page, print, progress};
use crate::analyse::{Results, Study};
use crate::case::Case;
use crate::engine::{self, Ensembles, Level};
use crate::model::Options;
use crate::plot::Material;
use crate::report::folder::Staging;
use crate::report::manifest::{FORMAT, Manifest, input_hashes};
use crate::report::{self, headline};

/// Run a case.
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  \
    boljam run --out results\n  \
    boljam run mycase --runs 100000 --towns temirtau,balkhash --out results\n  \
    boljam run --set diversification.other_output.multiple=3.5 --out bolder\n  \
    boljam run --stress copper_2008 --out stressed\n  \
    boljam run --uncertainty plan --out plans_only\n  \
    boljam run --figures region,lead --formats png --width 3200 --dpi 300 --out posters\n  \
    boljam run --keep-runs unemployment@2035,lead.diversification@2035 --out runs\n\n\
    An interrupted run leaves an earlier result as it was.")]
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
    /// Replace an existing result folder
    #[arg(long)]
    force: bool,
    /// New folder for the result
    #[arg(long)]
    out: PathBuf,
}

/// `boljam run`: load, run, draw, write, and show a short table.
pub(super) fn run(arguments: &Arguments) -> anyhow::Result<()> {
    let (case, options) = arguments.case.load()?;
    let kept = keep::parse(&arguments.keep_runs, &case, &options)?;
    let staging = Staging::new(&arguments.out, arguments.force)?;
    let text = arguments.lang.text();
    let manifest = manifest(&case, &options, arguments);
    let (results, ensembles) = simulate(&case, &options, arguments)?;
    staging.write(ENSEMBLE, ensembles.encode(&manifest.key()))?;
    drop(ensembles);
    report::write(&staging, &case, &results, &manifest, &text)?;
    let material = Material { case: &case, results: &results };
    let figures = arguments.figure.draw(material, &text, &[])?;
    arguments.figure.write(&|name, bytes| Ok(staging.write(&format!("figures/{name}"), bytes)?), &figures)?;
    staging.write("report.html", page::page(&case, &results, &manifest, &figures, &text))?;
    keep::write(&staging.path("runs.csv")?, &case, &options, arguments.runs, &kept)?;
    staging.publish()?;
    let report = arguments.out.join("report.html").display().to_string();
    let done = text.fill("run.done", &[("report", &report)]);
    print(&format!("{}\n{done}\n", headline::table(&results, &text)))
}

fn simulate(case: &Case, options: &Options, arguments: &Arguments) -> anyhow::Result<(Results, Ensembles)> {
    let bar = progress::bar(arguments.runs);
    engine::with_threads(arguments.threads.unwrap_or(0).into(), || {
        let study = Study::new(case, options)?;
        let ensembles = study.go_on(study.begin(0), Level::best(), arguments.runs, &|done, total| {
            // Towns with missing inputs are run twice: the bar counts the runs that were asked for.
            let share = u128::from(done) * u128::from(arguments.runs) / u128::from(total.max(1));
            bar.set_position(share as u64);
            ControlFlow::Continue(())
        });
        bar.finish_and_clear();
        Ok((study.summarise(&ensembles), ensembles))
    })
}

fn manifest(case: &Case, options: &Options, arguments: &Arguments) -> Manifest {
    Manifest {
        format: FORMAT,
        version: env!("CARGO_PKG_VERSION").to_owned(),
        git: env!("BOLJAM_GIT").to_owned(),
        case: case.id.clone(),
        runs: arguments.runs,
        seed: options.seed,
        horizon: options.horizon,
        towns: options.towns.iter().map(|t| case.towns[*t].id.clone()).collect(),
        scenarios: options.scenarios.iter().map(|s| case.scenarios[*s].id.clone()).collect(),
        uncertainty: options.uncertainty.name(),
        stress: options.stress.map(|s| case.stresses[s].id.clone()),
        settings: arguments.case.set.clone(),
        inputs: input_hashes(case),
    }
}
