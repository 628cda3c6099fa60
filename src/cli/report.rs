//! `boljam report`: the report from a result folder, without running.

use std::path::PathBuf;

use clap::Args;

use super::language::RedrawLangArgument;
use super::plot::replace;
use super::saved::Saved;
use super::{page, print};
use crate::plot::{self, Choice, Material};
use crate::report::story;

/// Write the report again.
#[derive(Debug, Args)]
#[command(after_help = "\
report.html is one file that needs nothing beside it; the pictures that report.md names are those of the folder \
it was made for.

Examples:
  boljam report results --lang kk
  boljam report results --lang ru --out for_the_akimat")]
pub(super) struct Arguments {
    /// Result folder
    #[arg(value_name = "DIR")]
    folder: PathBuf,
    #[command(flatten)]
    lang: RedrawLangArgument,
    /// Folder for report.html and report.md (default: DIR); files of the same name are replaced
    #[arg(long)]
    out: Option<PathBuf>,
}

/// `boljam report`.
pub(super) fn report(arguments: &Arguments) -> anyhow::Result<()> {
    let saved = Saved::open(&arguments.folder)?;
    saved.note_version();
    let results = saved.results()?;
    let text = arguments.lang.text_for(&saved.manifest);
    let material = Material { case: &saved.case, results: &results, plans_alone: None };
    let figures = plot::figures(material, &text, &Choice::default());
    let page = page::page(&saved.case, &results, &saved.manifest, &figures, &text);
    let out = arguments.out.as_ref().unwrap_or(&arguments.folder);
    let is_there = |path: &str| out.join(path).is_file();
    let story = story::story(&saved.case, &results, &saved.manifest, &text, &is_there);
    replace(&out.join("report.md"), story.as_bytes())?;
    let place = out.join("report.html");
    replace(&place, page.as_bytes())?;
    let done = text.fill("run.done", &[("report", place.display().to_string())]);
    print(&format!("{done}\n"))
}
