//! The folder of a decomposition of the variance: a table, sentences, pictures, a manifest.

use serde::Serialize;

use super::error::ArchiveError;
use super::folder::Staging;
use crate::experiment::variance::VarianceShares;
use crate::report::provenance::FileHash;
use crate::report::variance;
use crate::text::Text;

/// How it was made, and which files are the program's.
#[derive(Debug, Serialize)]
struct Manifest<'a> {
    version: &'a str,
    command: &'a str,
    case: &'a str,
    runs: u64,
    samples: usize,
    seed: u64,
    weights: Vec<(&'a str, f64)>,
    settings: &'a [String],
    uncertainty: &'a str,
    files: Vec<FileHash>,
}

/// Writes the folder; `pictures` are paths inside it and their bytes. Gives the names of what its user had put there,
/// which stays.
///
/// # Errors
/// [`ArchiveError`] when something cannot be written.
pub fn write_variance(
    staging: Staging,
    shares: &VarianceShares,
    settings: &[String],
    text: &Text,
    pictures: &[(String, Vec<u8>)],
) -> Result<Vec<String>, ArchiveError> {
    staging.write("variance.csv", variance::table(shares))?;
    staging.write("variance.md", variance::sentences(text, shares))?;
    for (path, bytes) in pictures {
        staging.write(path, bytes)?;
    }
    let manifest = Manifest {
        version: env!("CARGO_PKG_VERSION"),
        command: "variance",
        case: &shares.case,
        runs: shares.runs,
        samples: shares.samples,
        seed: shares.seed,
        weights: shares.scenarios.iter().map(|(id, _, weight)| (id.as_str(), *weight)).collect(),
        settings,
        uncertainty: &shares.uncertainty,
        files: staging.files(),
    };
    let json = serde_json::to_string_pretty(&manifest).unwrap_or_default();
    staging.write("manifest.json", format!("{json}\n"))?;
    Ok(staging.publish()?)
}
