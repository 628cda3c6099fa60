//! `boljam new`: a commented copy of the shipped case.

use std::fs;
use std::path::PathBuf;

use clap::Args;

use super::{BadInput, print};
use crate::archive::Staging;
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
    let staging = Staging::new(folder, false)?;
    for (name, text) in &source.files {
        staging.write(name, text)?;
    }
    staging.publish()?;
    let (count, name) = (source.files.len(), folder.display());
    print(&format!(
        "{count} files in {name}\nEdit a plan, such as {name}/diversification.toml, then: boljam run {name} --out edited\n"
    ))
}
