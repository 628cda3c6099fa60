//! A picture of single runs, and what it says of where it comes from.

use super::sheet::{Frame, Sheet};
use super::table::Table;
use super::theme::WIDTH;
use crate::case::Case;
use crate::text::Text;

/// A picture of single runs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RunPicture {
    /// Its name, which is also its path without an ending: `temirtau/robust`.
    pub name: String,
    /// Its title: the finding in words.
    pub title: String,
    /// What to say to who cannot see it.
    pub alt: String,
    /// The picture as SVG.
    pub svg: String,
    /// Width and height in pixels.
    pub size: (u32, u32),
    /// The numbers that it shows.
    pub table: Table,
}

impl RunPicture {
    pub(super) fn new(name: String, frame: &Frame, sheet: Sheet, table: Table) -> Self {
        let alt = format!("{}. {}", frame.title.trim_end_matches('.'), frame.note);
        Self { name, title: frame.title.clone(), alt, svg: sheet.svg, size: (WIDTH, sheet.height), table }
    }
}

/// Command, case, runs, seed and version.
pub(super) fn runs_caption(text: &Text, command: &str, case: &Case, runs: u64, seed: u64) -> String {
    let (runs, seed) = (text.number(runs as f64, 0), seed.to_string());
    let values = [
        ("command", command),
        ("case", &case.id),
        ("runs", &runs),
        ("seed", &seed),
        ("version", env!("CARGO_PKG_VERSION")),
    ];
    text.fill("plot.runs_caption", &values)
}
