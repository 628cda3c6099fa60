//! `boljam run`: the main job.

use std::fmt::Write as _;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use anyhow::Context;
use clap::Args;

use super::case::CaseArguments;
use super::{BadInput, print, progress};
use crate::analyse::{self, MEDIAN, Results};
use crate::case::Case;
use crate::engine::{self, Effort, Item, Level, Selected};
use crate::model::{Model, Options};
use crate::plot;
use crate::report::folder::Staging;
use crate::report::grid::Grid;
use crate::report::manifest::{FORMAT, Manifest, input_hashes};
use crate::report::{self, story};
use crate::text::{Language, Text};

/// Run a case.
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  \
    boljam run --out results\n  \
    boljam run mycase --runs 100000 --towns temirtau,balkhash --out results\n  \
    boljam run --set diversification.other_output.multiple=3.5 --out bolder\n  \
    boljam run --stress copper_2008 --out stressed")]
pub(super) struct Arguments {
    #[command(flatten)]
    case: CaseArguments,
    /// Number of runs
    #[arg(long, default_value_t = 10_000, value_parser = clap::value_parser!(u64).range(2..=1_000_000_000))]
    runs: u64,
    /// Threads (default: one a core); the result does not depend on it
    #[arg(long, default_value_t = 0, value_parser = clap::value_parser!(u64).range(0..=1024))]
    threads: u64,
    /// Also write runs.csv, a row a run, with these quantities: id@year, joined by commas
    #[arg(long, value_delimiter = ',', value_name = "QUANTITY@YEAR")]
    keep_runs: Vec<String>,
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
    let kept = kept(&arguments.keep_runs, &case, &options)?;
    let staging = Staging::new(&arguments.out, arguments.force).map_err(|e| BadInput(e.to_string()))?;
    let text = Text::of(Language::En);
    let results = simulate(&case, &options, arguments)?;
    let manifest = manifest(&case, &options, arguments);
    report::write(&staging, &case, &results, &manifest, &text)?;
    for figure in plot::figures(&results, &text) {
        staging.write(&format!("figures/{}.svg", figure.name), &figure.svg)?;
    }
    keep(&staging.path("runs.csv")?, &case, &options, arguments.runs, &kept)?;
    staging.publish()?;
    print(&table(&results, &text, &arguments.out))
}

fn simulate(case: &Case, options: &Options, arguments: &Arguments) -> anyhow::Result<Results> {
    let effort = Effort { runs: arguments.runs, threads: arguments.threads as usize, level: Level::best() };
    let bar = progress::bar(arguments.runs);
    let results = analyse::study(case, options, effort, &|done, total| {
        bar.set_length(total);
        bar.set_position(done);
    })?;
    bar.finish_and_clear();
    Ok(results)
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

/// Columns of runs.csv: name and what is kept.
type Kept = Vec<(String, Selected)>;

/// `TDea@2035` for every town and scenario that is run.
fn kept(asked: &[String], case: &Case, options: &Options) -> anyhow::Result<Kept> {
    let model = Model::compile(case, options)?;
    let mut columns = Vec::new();
    for word in asked {
        let known = model.quantities.iter().map(|q| q.id.as_str()).collect::<Vec<_>>().join(", ");
        let (id, year) = word
            .split_once('@')
            .ok_or_else(|| BadInput(format!("--keep-runs {word}: quantity@year, such as TDea@2035")))?;
        let quantity =
            model.quantities.iter().position(|q| q.id == id).ok_or_else(|| {
                BadInput(format!("--keep-runs {word}: no quantity '{id}' (known: {known})"))
            })?;
        let (first, last) = (model.years[0], options.horizon);
        let t = year.parse().ok().and_then(|y: i32| model.years.iter().position(|k| *k == y));
        let t = t.ok_or_else(|| BadInput(format!("--keep-runs {word}: a year from {first} to {last}")))?;
        for (town, law) in model.towns.iter().enumerate() {
            for (path, scenario) in options.scenarios.iter().enumerate() {
                let name = format!("{}.{}.{word}", case.towns[law.index].id, case.scenarios[*scenario].id);
                columns.push((name, Selected { town, path, t, item: Item::Quantity(quantity) }));
            }
        }
    }
    Ok(columns)
}

/// Streams the kept values, a row a run; writes nothing where none are asked for.
fn keep(path: &Path, case: &Case, options: &Options, runs: u64, kept: &Kept) -> anyhow::Result<()> {
    if kept.is_empty() {
        return Ok(());
    }
    let model = Model::compile(case, options)?;
    let file = std::fs::File::create(path).with_context(|| path.display().to_string())?;
    let mut file = std::io::BufWriter::new(file);
    let names: Vec<&str> = kept.iter().map(|k| k.0.as_str()).collect();
    let mut outcome = writeln!(file, "run,{}", names.join(","));
    let selected: Vec<Selected> = kept.iter().map(|k| k.1).collect();
    let mut line = String::new();
    engine::record(&model, &selected, 0..runs, &mut |first, columns| {
        for k in 0..columns[0].len() {
            line.clear();
            let _ = write!(line, "{}", first + k as u64);
            columns.iter().for_each(|column| {
                let _ = write!(line, ",{}", column[k]);
            });
            if outcome.is_ok() {
                outcome = writeln!(file, "{line}");
            }
        }
    });
    outcome.and_then(|()| file.flush()).with_context(|| path.display().to_string())
}

/// What came out, a line a town and scenario.
fn table(results: &Results, text: &Text, out: &Path) -> String {
    let economy = results.scaled.iter().position(|c| c.symbol == "TDea").unwrap_or(0);
    let unemployment = results.quantities.iter().position(|q| q.id == "unemployment");
    let symbol = results.scaled.get(economy).map_or("", |c| c.symbol.as_str());
    let mut header = vec![text.get("table.town").to_owned(), text.get("table.path").to_owned()];
    header.extend([text.get("table.leader").to_owned(), text.get("table.share").to_owned()]);
    header.push(format!("{symbol}, {}", text.get("table.class")));
    header.extend(unemployment.map(|_| text.get("table.unemployment").to_owned()));
    let mut grid = Grid::new(header);
    for town in &results.towns {
        for scenario in &town.scenarios {
            let Some(cell) = scenario.years.last() else { continue };
            let (place, share) = story::leader(cell);
            let (class, _) = story::likeliest_class(cell, economy);
            let mut row = vec![text.name(&town.name).to_owned(), text.name(&scenario.name).to_owned()];
            row.push(text.name(&results.candidates[place].1).to_owned());
            row.push(format!("{:.1} ± {:.1} %", 100.0 * share.value, 100.0 * share.mcse));
            row.push(text.name(&results.scaled[economy].classes[class].name).to_owned());
            row.extend(unemployment.map(|q| {
                let median = cell.quantities[q].quantiles[MEDIAN];
                format!("{:.2} ± {:.2} %", median.value, median.mcse)
            }));
            grid.row(row);
        }
    }
    format!("{}\n{}\n", grid.render(), out.display())
}
