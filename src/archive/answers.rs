//! The folder of an answer that a command made of runs: its tables and pictures, and a manifest.

use serde::Serialize;

use super::error::ArchiveError;
use super::folder::Staging;
use crate::case::Case;
use crate::model::Options;
use crate::report::provenance::FileHash;

/// How it was made, and which files are the program's.
#[derive(Debug, Serialize)]
struct Manifest<'a> {
    version: &'a str,
    command: &'a str,
    case: &'a str,
    runs: u64,
    seed: u64,
    horizon: i32,
    settings: &'a [String],
    uncertainty: String,
    asked: &'a str,
    files: Vec<FileHash>,
}

/// Adds the manifest to a folder under construction and publishes it: made by a command that was asked something, of
/// so many runs. Gives the number of files.
///
/// # Errors
/// [`ArchiveError`] when something cannot be written.
pub fn publish_answer(
    staging: Staging,
    (command, asked): (&str, &str),
    (case, options, settings): (&Case, &Options, &[String]),
    runs: u64,
) -> Result<usize, ArchiveError> {
    let files = staging.files();
    let count = files.len() + 1;
    let manifest = Manifest {
        version: env!("CARGO_PKG_VERSION"),
        command,
        case: &case.id,
        runs,
        seed: options.seed,
        horizon: options.horizon,
        settings,
        uncertainty: options.uncertainty.name(),
        asked,
        files,
    };
    let json = serde_json::to_string_pretty(&manifest).unwrap_or_default();
    staging.write("manifest.json", format!("{json}\n"))?;
    staging.publish()?;
    Ok(count)
}
