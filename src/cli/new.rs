//! `boljam new`: a commented copy of the shipped case.

use std::fs;
use std::path::PathBuf;

use anyhow::Context;
use clap::Args;

use super::{BadInput, print};
use crate::case::Source;

/// Write a commented copy of the Karaganda case.
#[derive(Debug, Args)]
#[command(
    after_help = "Example: boljam new mycase, then edit mycase/diversification.toml and boljam run mycase --out edited"
)]
pub(super) struct Arguments {
    /// New folder
    folder: PathBuf,
}

/// `boljam new`.
pub(super) fn new(arguments: &Arguments) -> anyhow::Result<()> {
    let folder = &arguments.folder;
    let taken = fs::read_dir(folder).map_or(folder.exists(), |mut entries| entries.next().is_some());
    if taken {
        return Err(BadInput(format!("{} exists and is not empty", folder.display())).into());
    }
    let source = Source::embedded();
    for (name, text) in &source.files {
        let path = folder.join(name);
        if let Some(parent) = path.parent() {
            fs::create_dir_all(parent).with_context(|| parent.display().to_string())?;
        }
        fs::write(&path, text).with_context(|| path.display().to_string())?;
    }
    let (count, name) = (source.files.len(), folder.display());
    print(&format!(
        "{count} files in {name}\nEdit a plan, such as {name}/diversification.toml, then: boljam run {name} --out edited\n"
    ))
}
