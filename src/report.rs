//! From results to files: tidy tables, the story, the manifest; and tables for the terminal.
//!
//! Takes [`crate::analyse::Results`] (and what the case says of itself); gives text and a result folder.

pub mod assessment;
pub mod audit;
pub mod backtest;
mod caveats;
mod citation;
pub mod comparison;
pub mod folder;
pub mod grid;
pub mod headline;
pub mod html;
pub mod input_changes;
pub mod manifest;
pub mod names;
pub mod story;
pub mod tables;
pub(crate) mod words;

#[cfg(test)]
mod test_double;

use crate::analyse::Results;
use crate::case::Case;
use crate::text::Text;
use folder::{FolderError, Staging};
use manifest::Manifest;

/// Writes the tables, the report with the pictures that stand there already, the manifest and a copy of the inputs
/// into a folder under construction.
///
/// # Errors
/// [`FolderError`] when the system refuses.
pub fn write(
    staging: &Staging,
    case: &Case,
    results: &Results,
    manifest: &Manifest,
    text: &Text,
) -> Result<(), FolderError> {
    let is_there = |path: &str| staging.has(path);
    staging.write("summary.csv", tables::summary(results))?;
    staging.write("distributions.csv", tables::distributions(results))?;
    staging.write("classes.csv", tables::classes(results))?;
    staging.write("choice.csv", tables::choice(results))?;
    staging.write("paired.csv", tables::paired(results))?;
    staging.write("first_passage.csv", tables::first_passage(results))?;
    staging.write("together.csv", tables::together(results))?;
    staging.write("split.csv", tables::split(results))?;
    staging.write("resilience.csv", tables::resilience(results))?;
    staging.write("prices.csv", tables::prices(results))?;
    staging.write("report.md", story::story(case, results, manifest, text, &is_there))?;
    write_inputs(staging, case, manifest)
}

/// Writes what says how a result was made: the inputs and the manifest.
///
/// # Errors
/// [`FolderError`] when the system refuses.
pub fn write_inputs(staging: &Staging, case: &Case, manifest: &Manifest) -> Result<(), FolderError> {
    for file in &case.files {
        staging.write(&format!("inputs/{}", file.name), &file.text)?;
    }
    staging.write("manifest.json", manifest.to_json())
}
