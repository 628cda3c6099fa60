//! `boljam plot`: figures from a result folder, without running.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use clap::Args;

use super::case::choose;
use super::figure::FigureArguments;
use super::language::RedrawLangArgument;
use super::print;
use super::saved::Saved;

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
    let saved = Saved::open(&arguments.folder)?;
    saved.note_version();
    let known: Vec<&str> = saved.manifest.towns.iter().map(String::as_str).collect();
    choose("town", &arguments.towns, &known)?;
    let results = saved.results()?;
    let text = arguments.lang.text_for(&saved.manifest);
    let made = (&saved.case, &results);
    let figures = arguments.figure.draw(made, &saved.options, &text, &arguments.towns)?;
    let out = arguments.out.clone().unwrap_or_else(|| arguments.folder.join("figures"));
    arguments.figure.write(&|name, bytes| replace(&out.join(name), bytes), &figures)?;
    let (count, out) = (figures.len().to_string(), out.display().to_string());
    print(&format!("{}\n", text.fill("plot.done", &[("count", &count), ("folder", &out)])))
}

/// Writes a file beside its place and moves it there, so that nobody ever reads half of it.
pub(super) fn replace(path: &Path, bytes: &[u8]) -> anyhow::Result<()> {
    let say = || format!("cannot write {}", path.display());
    if let Some(parent) = path.parent() {
        fs::create_dir_all(parent).with_context(say)?;
    }
    let mut hidden = path.as_os_str().to_owned();
    hidden.push(".unfinished");
    fs::write(&hidden, bytes).with_context(say)?;
    fs::rename(&hidden, path).with_context(say)
}
