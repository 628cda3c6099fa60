//! The folder of a study of what the futures hang on: a table, the points, pictures, a manifest.

use serde::Serialize;

use super::error::ArchiveError;
use super::folder::Staging;
use crate::case::Case;
use crate::model::Options;
use crate::report::provenance::FileHash;

/// What goes into the folder.
pub struct SensitivityFiles<'a> {
    /// The case.
    pub case: &'a Case,
    /// What was run.
    pub options: &'a Options,
    /// Overridden values.
    pub settings: &'a [String],
    /// The method by its name.
    pub method: String,
    /// The outputs by name.
    pub outputs: Vec<String>,
    /// Runs at each point.
    pub runs: u64,
    /// indices.csv.
    pub table: String,
    /// points.csv, and factors.toml that says what its columns are; none where the points follow from the factors alone.
    pub points: Option<(String, String)>,
    /// Paths inside the folder and their bytes.
    pub pictures: Vec<(String, Vec<u8>)>,
}

/// How it was made, and which files are the program's.
#[derive(Debug, Serialize)]
struct Manifest<'a> {
    version: &'a str,
    command: &'a str,
    case: &'a str,
    method: &'a str,
    outputs: &'a [String],
    runs: u64,
    seed: u64,
    settings: &'a [String],
    uncertainty: String,
    files: Vec<FileHash>,
}

/// Writes the folder. Gives the names of what its user had put there, which stays.
///
/// # Errors
/// [`ArchiveError`] when something cannot be written.
pub fn write_sensitivity(staging: Staging, made: &SensitivityFiles<'_>) -> Result<Vec<String>, ArchiveError> {
    staging.write("indices.csv", &made.table)?;
    if let Some((points, factors)) = &made.points {
        staging.write("points.csv", points)?;
        staging.write("factors.toml", factors)?;
    }
    for (path, bytes) in &made.pictures {
        staging.write(path, bytes)?;
    }
    let manifest = Manifest {
        version: env!("CARGO_PKG_VERSION"),
        command: "sensitivity",
        case: &made.case.id,
        method: &made.method,
        outputs: &made.outputs,
        runs: made.runs,
        seed: made.options.seed,
        settings: made.settings,
        uncertainty: made.options.uncertainty.name(),
        files: staging.files(),
    };
    let json = serde_json::to_string_pretty(&manifest).unwrap_or_default();
    staging.write("manifest.json", format!("{json}\n"))?;
    Ok(staging.publish()?)
}
