//! `boljam delivery`: how much of each plan must succeed.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use clap::Args;

use super::case::{CaseArguments, tell_notices};
use super::language::LangArgument;
use super::{BadInput, print, progress};
use crate::analyse::Study;
use crate::archive::Staging;
use crate::case::Case;
use crate::engine::{self, VectorLevel};
use crate::experiment::delivery::{Need, how_much_must_succeed};
use crate::model::Options;
use crate::plot::{Raster, delivery_curves};
use crate::report::needs;
use crate::text::Text;

/// Width and resolution of the pictures.
const PICTURE: (u32, u32) = (1600, 150);

/// How much of each plan must succeed.
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  \
    boljam delivery --towns temirtau\n  \
    boljam delivery mycase --runs 10000 --out needs")]
pub(super) struct Arguments {
    #[command(flatten)]
    case: CaseArguments,
    /// Runs at each share
    #[arg(long, default_value_t = 4000, value_parser = clap::value_parser!(u64).range(2..=10_000_000))]
    runs: u64,
    /// Steps from none of a plan to all of it
    #[arg(long, default_value_t = 20, value_parser = clap::value_parser!(u32).range(2..=1000))]
    steps: u32,
    /// Threads (default: all; changes no number)
    #[arg(long)]
    threads: Option<usize>,
    /// New folder for the tables, the sentences and a picture of each town
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    #[command(flatten)]
    lang: LangArgument,
}

/// `boljam delivery`.
pub(super) fn delivery(arguments: &Arguments) -> anyhow::Result<()> {
    let (case, options) = arguments.case.load()?;
    let text = arguments.lang.text();
    tell_notices(&case, &options, &text);
    if options.scenarios.iter().all(|s| *s == case.reference) {
        let reference = &case.scenarios[case.reference].id;
        let message =
            format!("--scenarios {reference}: the reference has no delivery; name another scenario");
        return Err(BadInput(message).into());
    }
    if let Some(folder) = &arguments.out {
        refuse_full(folder)?;
    }
    let steps = arguments.steps as usize;
    let bar = progress::bar(arguments.runs * (steps as u64 + 1));
    let found = engine::with_threads(arguments.threads.unwrap_or(0), || {
        let study = Study::new(&case, &options)?;
        let tell = |done: usize, _| bar.set_position(done as u64 * arguments.runs);
        let effort = (steps, arguments.runs);
        anyhow::Ok(how_much_must_succeed(&case, &study, effort, VectorLevel::best(), &tell))
    })?;
    bar.finish_and_clear();
    let values = [
        ("first", (case.base_year + 1).to_string()),
        ("last", options.horizon.to_string()),
        ("runs", text.number(arguments.runs as f64, 0)),
        ("count", (steps + 1).to_string()),
    ];
    let title = text.fill("needs.title", &values);
    let table = needs::table(&case, &found, &text);
    let mut out = format!("{title}\n\n{table}\n{}\n", text.get("needs.below"));
    if let Some(folder) = &arguments.out {
        let count = arguments.write(folder, (&case, &options), &found, &title, &text)?.to_string();
        let folder = folder.display().to_string();
        writeln!(out, "\n{}", text.fill("needs.done", &[("count", count), ("folder", folder)]))?;
    }
    print(&out)
}

impl Arguments {
    /// Writes the folder; gives how many files it has.
    fn write(
        &self,
        folder: &Path,
        (case, options): (&Case, &Options),
        found: &[Need],
        title: &str,
        text: &Text,
    ) -> anyhow::Result<usize> {
        let staging = Staging::new(folder, false)?;
        let said = needs::sentences(case, found, text).join("\n\n");
        let page = format!("# {title}\n\n{said}\n\n{}\n", text.get("needs.below"));
        staging.write("delivery.md", &page)?;
        staging.write("delivery.csv", needs::curves(case, found))?;
        staging.write("turns.csv", needs::turns(case, found))?;
        let raster = Raster::new(PICTURE.0, PICTURE.1);
        let values = [
            ("runs", text.number(self.runs as f64, 0)),
            ("seed", options.seed.to_string()),
            ("version", env!("CARGO_PKG_VERSION").to_owned()),
            ("case", case.id.clone()),
        ];
        let caption = text.fill("needs.caption", &values);
        for town in &options.towns {
            let own: Vec<&Need> = found.iter().filter(|need| need.town == *town).collect();
            let svg = delivery_curves(case, &own, &caption, text);
            let id = &case.towns[*town].id;
            staging.write(&format!("{id}.png"), raster.png(&svg)?)?;
            staging.write(&format!("{id}.svg"), svg)?;
        }
        staging.publish()?;
        Ok(3 + 2 * options.towns.len())
    }
}

/// A result is written into a folder of its own.
fn refuse_full(folder: &Path) -> Result<(), BadInput> {
    if fs::read_dir(folder).map_or(folder.exists(), |mut entries| entries.next().is_some()) {
        return Err(BadInput(format!("{} exists and is not empty", folder.display())));
    }
    Ok(())
}
