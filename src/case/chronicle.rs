//! What is known to have happened: dates that pictures mark, and what runs that begin where knowledge ends take as given.

use super::Name;

/// Something that happened (chronicle.csv).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChronicleEntry {
    /// Identifier (`accident_2018`).
    pub id: String,
    /// The event of the case that it was, by its place among them; none where the model has no such event.
    pub event: Option<usize>,
    /// The year; any year, before or after the base year.
    pub year: i32,
    /// One flag a town of the case: did it concern the town?
    pub towns: Vec<bool>,
    /// What happened, short enough to stand on a picture.
    pub label: Name,
    /// Who says so.
    pub source: String,
}
