//! Numbers read back from the tables of a result folder.

use std::collections::BTreeMap;
use std::path::Path;

use serde::Deserialize;
use serde::de::DeserializeOwned;

use crate::analyse::Estimate;

/// A table that is not as this program writes it.
#[derive(Debug, thiserror::Error)]
#[error("{path}: {cause}")]
pub struct RereadError {
    path: String,
    cause: csv::Error,
}

/// What a result folder says about one quantity of a town and scenario in a year.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Reread {
    /// Mean, or a candidate's share of the lead.
    pub mean: Estimate,
    /// Median; none for a share of the lead.
    pub median: Option<f64>,
}

/// (town, scenario, quantity); the quantity of a share of the lead is `lead.` and the candidate.
pub type Key = (String, String, String);

/// A row of `summary.csv` or `choice.csv`.
#[derive(Debug, Deserialize)]
struct Row {
    town: String,
    scenario: String,
    year: i32,
    #[serde(alias = "candidate")]
    quantity: String,
    statistic: String,
    value: Option<f64>,
    mcse: Option<f64>,
}

/// Reads means, medians and shares of the lead of a year from a result folder.
///
/// # Errors
/// [`RereadError`] when a table is missing or not as this program writes it.
pub fn reread(folder: &Path, year: i32) -> Result<BTreeMap<Key, Reread>, RereadError> {
    let mut found: BTreeMap<Key, Reread> = BTreeMap::new();
    each(&folder.join("summary.csv"), |row: Row| {
        let Some(value) = row.value.filter(|_| row.year == year) else { return };
        let is_median = match row.statistic.as_str() {
            "mean" => false,
            "q50" => true,
            _ => return,
        };
        let entry = found.entry((row.town, row.scenario, row.quantity)).or_default();
        if is_median {
            entry.median = Some(value);
        } else {
            entry.mean = Estimate { value, mcse: row.mcse.unwrap_or(0.0) };
        }
    })?;
    each(&folder.join("choice.csv"), |row: Row| {
        let Some(value) = row.value.filter(|_| row.year == year && row.statistic == "lead") else { return };
        let mean = Estimate { value, mcse: row.mcse.unwrap_or(0.0) };
        let key = (row.town, row.scenario, format!("lead.{}", row.quantity));
        found.insert(key, Reread { mean, median: None });
    })?;
    Ok(found)
}

/// Gives every row of a table to `take`.
fn each<R: DeserializeOwned>(path: &Path, mut take: impl FnMut(R)) -> Result<(), RereadError> {
    let at = |cause| RereadError { path: path.display().to_string(), cause };
    for row in csv::Reader::from_path(path).map_err(at)?.deserialize() {
        take(row.map_err(at)?);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::{fake, write_choice, write_summary};

    #[test]
    fn what_was_written_is_read_back() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("summary.csv"), fake::text(write_summary)).unwrap();
        assert!(reread(folder.path(), 2035).unwrap_err().to_string().contains("choice.csv"));
        std::fs::write(folder.path().join("choice.csv"), fake::text(write_choice)).unwrap();
        let found = reread(folder.path(), 2035).unwrap();
        let key = |quantity: &str| ("aksu".to_owned(), "bold".to_owned(), quantity.to_owned());
        let unemployment = Reread { mean: fake::estimate(5.0, 0.1), median: Some(5.0) };
        assert_eq!(found[&key("unemployment")], unemployment);
        assert_eq!(found[&key("lead.bold")], Reread { mean: fake::estimate(0.7, 0.004), median: None });
        assert_eq!(found.len(), 2 * 2 * (3 + 2));
    }
}
