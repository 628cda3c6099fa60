//! What is known to have happened: dates that pictures mark, no part of the model.

use super::Name;

/// Something that happened (chronicle.csv).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChronicleEntry {
    /// Identifier (`accident_2018`).
    pub id: String,
    /// The year; any year, before or after the base year.
    pub year: i32,
    /// One flag a town of the case: did it concern the town?
    pub towns: Vec<bool>,
    /// What happened, short enough to stand on a picture.
    pub label: Name,
    /// Who says so.
    pub source: String,
}
