//! `boljam stories`: representative runs.

use std::path::PathBuf;

use clap::Args;

use super::assess::FormatName;
use super::case::{CaseArguments, tell_notices};
use super::language::LangArgument;
use super::{BadInput, print, progress};
use crate::archive::{Staging, publish_answer};
use crate::case::Case;
use crate::engine;
use crate::experiment::stories::{MOST_RUNS, Stories, stories as find};
use crate::experiment::variance::headline;
use crate::model::{Model, Options, Origin, places};
use crate::plot::{Raster, story_figures};
use crate::report::assessment::Format;
use crate::report::stories::StoriesReport;

/// Tell the few runs of each town and scenario that stand for all of them.
#[derive(Debug, Args)]
#[command(after_help = "\
Workshops tell stories, not quantiles: three to five runs of the ensemble stand for the clusters of all (medoids of the \
courses of the headline's quantities). Each is named by what sets its cluster apart, and can be replayed in full with the \
command beside it. docs/robustness.md has the whole story.

Examples:
  boljam stories --towns balkhash --scenarios inertial
  boljam stories --towns temirtau --quantities unemployment,TDea --out stories
  boljam stories --towns abai --format csv")]
pub(super) struct Arguments {
    #[command(flatten)]
    case: CaseArguments,
    /// Quantities whose courses tell runs apart, by id, joined by commas (default: the case's headline)
    #[arg(long, value_delimiter = ',', value_name = "LIST")]
    quantities: Vec<String>,
    /// Runs that the stories stand for, the first of the ensemble; memory grows with their square
    #[arg(long, default_value_t = 600, value_parser = super::count::count(20..=MOST_RUNS))]
    runs: u64,
    /// Threads (default: one a core); the result does not depend on it
    #[arg(long, value_parser = clap::value_parser!(u16).range(1..=1024))]
    threads: Option<u16>,
    /// How to write it
    #[arg(long, value_enum, default_value = "table")]
    format: FormatName,
    /// New folder for tables and pictures
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// Replace an earlier folder
    #[arg(long, requires = "out")]
    force: bool,
    #[command(flatten)]
    lang: LangArgument,
}

/// `boljam stories`.
pub(super) fn stories(arguments: &Arguments) -> anyhow::Result<()> {
    let (case, options) = arguments.case.load()?;
    let text = arguments.lang.text();
    tell_notices(&case, &options, &text);
    let model = Model::compile(&case, &options)?;
    let quantities = if arguments.quantities.is_empty() {
        headline(&case, &model)
    } else {
        let known = model.quantities.iter().map(|q| q.id.as_str());
        places("quantity", &arguments.quantities, known)
            .map_err(|e| BadInput(format!("--quantities: {e}")))?
    };
    let staging = arguments.out.as_deref().map(|out| Staging::new(out, arguments.force)).transpose()?;
    let (towns, scenarios) = (model.towns.len(), options.scenarios.len());
    let found: Vec<Stories> = engine::with_threads(arguments.threads.unwrap_or(0).into(), || {
        let bar = progress::bar((towns * scenarios) as u64);
        let pairs = (0..towns).flat_map(|town| (0..scenarios).map(move |path| (town, path)));
        let found = pairs.map(|pair| {
            let found = find(&case, &model, pair, &quantities, arguments.runs);
            bar.inc(1);
            found
        });
        let found = found.collect();
        bar.finish_and_clear();
        found
    });
    let replay = arguments.case.again(&case, &options);
    let report = StoriesReport { case: &case, model: &model, replay: &replay, text: &text };
    let format = arguments.format.format();
    let mut out = match format {
        Format::Table => report.table(&found),
        Format::Csv => report.csv(&found),
        Format::Json => report.json(&found)? + "\n",
    };
    if let Some(staging) = staging {
        staging.write("stories.csv", report.csv(&found))?;
        staging.write("stories.md", report.markdown(&found))?;
        let raster = Raster::new(1600, 150);
        for picture in found.iter().filter_map(|one| story_figures(&case, &model, one, &text)) {
            staging.write(&format!("figures/{}.png", picture.name), raster.png(&picture.svg)?)?;
            staging.write(&format!("figures/{}.svg", picture.name), picture.svg)?;
        }
        let place = staging.place().display().to_string();
        let made = (&case, &options, arguments.case.set.as_slice());
        let files = publish_answer(staging, ("stories", ""), made, arguments.runs)?;
        if format == Format::Table {
            let values = [("files", files.to_string()), ("folder", place)];
            out.push('\n');
            out.push_str(&text.fill("choice.written", &values));
            out.push('\n');
        }
    }
    print(&out)
}

impl CaseArguments {
    /// What another command needs to make the same runs, but for towns and scenarios: empty, or with a blank before it.
    fn again(&self, case: &Case, options: &Options) -> String {
        let mut words: Vec<String> = Vec::new();
        words.extend(self.case.as_ref().map(|folder| quoted(&folder.display().to_string())));
        words.extend(self.set.iter().flat_map(|set| ["--set".to_owned(), quoted(set)]));
        let mut option = |name: &str, value: String| words.extend([format!("--{name}"), quoted(&value)]);
        if options.seed != case.seed {
            option("seed", options.seed.to_string());
        }
        if options.horizon != case.horizon {
            option("horizon", options.horizon.to_string());
        }
        if self.uncertainty != "all" {
            option("uncertainty", self.uncertainty.clone());
        }
        if self.from.is_some() {
            option("from", if options.origin == Origin::Base { "base" } else { "known" }.to_owned());
        }
        if let Some(stress) = &self.stress {
            option("stress", stress.clone());
        }
        // A blank before each.
        words.iter().flat_map(|word| [" ", word.as_str()]).collect()
    }
}

/// A word as shells take it.
fn quoted(word: &str) -> String {
    let is_plain = |c: char| c.is_alphanumeric() || "-_./=,+:@".contains(c);
    if word.chars().all(is_plain) { word.to_owned() } else { format!("'{}'", word.replace('\'', "'\\''")) }
}
