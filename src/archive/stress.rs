//! The folder of a stress test: tables, the page, pictures, a manifest.

use std::path::Path;

use serde::Serialize;

use super::error::ArchiveError;
use super::folder::Staging;
use crate::case::Case;
use crate::experiment::stress::StressTest;
use crate::report::provenance::FileHash;
use crate::report::stress::{Asked, page, tables};
use crate::text::Text;

/// How it was made, and which files are the program's.
#[derive(Debug, Serialize)]
struct Manifest<'a> {
    version: &'a str,
    command: &'a str,
    case: &'a str,
    runs: u64,
    seed: u64,
    stresses: Vec<&'a str>,
    settings: &'a [String],
    uncertainty: &'a str,
    files: Vec<FileHash>,
}

/// Writes the folder; `pictures` are (title, path inside it, bytes). Gives the number of files.
///
/// # Errors
/// [`ArchiveError`] when something cannot be written.
pub fn write_stress(
    staging: Staging,
    (case, test, asked): (&Case, &StressTest, &[Asked]),
    settings: &[String],
    text: &Text,
    pictures: &[(String, String, Vec<u8>)],
) -> Result<usize, ArchiveError> {
    staging.write("effects.csv", tables::effects(test))?;
    staging.write("recovery.csv", tables::recovery(test))?;
    staging.write("tail.csv", tables::tail(test))?;
    staging.write("worst_runs.csv", tables::worst_runs(test))?;
    staging.write("plausibility.csv", tables::plausibility(case, asked))?;
    staging.write("shocks.csv", tables::shocks(case, test, asked))?;
    for (_, path, bytes) in pictures {
        staging.write(path, bytes)?;
    }
    let shown =
        pictures.iter().filter(|(_, path, _)| Path::new(path).extension().is_some_and(|end| end == "png"));
    let shown: Vec<(String, String)> = shown.map(|(title, path, _)| (title.clone(), path.clone())).collect();
    staging.write("stress.md", page(case, test, asked, &shown, text))?;
    let files = staging.files();
    let count = files.len() + 1;
    let manifest = Manifest {
        version: env!("CARGO_PKG_VERSION"),
        command: "stress",
        case: &test.case,
        runs: test.runs,
        seed: test.seed,
        stresses: asked.iter().map(|asked| asked.stress.id.as_str()).collect(),
        settings,
        uncertainty: &test.uncertainty,
        files,
    };
    let json = serde_json::to_string_pretty(&manifest).unwrap_or_default();
    staging.write("manifest.json", format!("{json}\n"))?;
    staging.publish()?;
    Ok(count)
}
