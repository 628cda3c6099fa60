//! `boljam plot`: figures from a result folder, without running.

use std::path::PathBuf;

use clap::Args;

use super::figure::FigureArguments;
use super::language::RedrawLangArgument;
use super::{note_build, print};
use crate::archive::{self, Additions};
use crate::model::places;

/// Redraw figures.
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  \
    boljam plot results --lang kk --out kazakh\n  \
    boljam plot results --figures region,lead --towns temirtau\n  \
    boljam plot results --formats png --width 3200 --dpi 300 --out posters")]
pub(super) struct Arguments {
    /// Result folder
    #[arg(value_name = "DIR")]
    folder: PathBuf,
    #[command(flatten)]
    figure: FigureArguments,
    /// Towns, by id, joined by commas (default: all of the result)
    #[arg(long, value_delimiter = ',')]
    towns: Vec<String>,
    #[command(flatten)]
    lang: RedrawLangArgument,
    /// Folder for the figures (default: DIR/figures); files of the same name are replaced
    #[arg(long)]
    out: Option<PathBuf>,
}

/// `boljam plot`.
pub(super) fn plot(arguments: &Arguments) -> anyhow::Result<()> {
    let archived = archive::open(&arguments.folder)?;
    note_build(&archived);
    let recipe = &archived.recipe;
    places("town", &arguments.towns, recipe.manifest.towns.iter().map(String::as_str))?;
    let files = arguments.figure.files(recipe, &arguments.towns)?;
    let text = arguments.lang.text_for(&recipe.manifest);
    let out = arguments.out.clone().unwrap_or_else(|| arguments.folder.join("figures"));
    let additions = Additions::begin(&out, Some(&arguments.folder))?;
    let keep = |name: &str, bytes: &[u8]| Ok(additions.write(name, bytes)?);
    let count = files.draw_each(recipe, &archived.results()?, &text, &keep)?;
    additions.publish()?;
    let (count, out) = (count.to_string(), out.display().to_string());
    print(&format!("{}\n", text.fill("plot.done", &[("count", &count), ("folder", &out)])))
}
