//! `boljam report`: the report from a result folder, without running.

use std::path::PathBuf;

use clap::Args;

use super::language::RedrawLangArgument;
use super::{note_build, print};
use crate::archive::{self, Additions, Pictures};
use crate::plot::{self, Choice, Material};

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
    let archived = archive::open(&arguments.folder)?;
    note_build(&archived);
    let (recipe, results) = (&archived.recipe, archived.results()?);
    let text = arguments.lang.text_for(&recipe.manifest);
    let material = Material { case: &recipe.case, results: &results, plans_alone: None };
    let pictures = Pictures::of(plot::figures(material, &text, &Choice::default()));
    let out = arguments.out.as_ref().unwrap_or(&arguments.folder);
    let is_there = |path: &str| out.join(path).is_file();
    let (story, page) = archive::reports(recipe, &results, &pictures, &text, &is_there);
    let additions = Additions::begin(out, Some(&arguments.folder))?;
    additions.write("report.md", story.as_bytes())?;
    additions.write("report.html", page.as_bytes())?;
    additions.publish()?;
    let place = out.join("report.html");
    let done = text.fill("run.done", &[("report", place.display().to_string())]);
    print(&format!("{done}\n"))
}
