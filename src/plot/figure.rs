//! A figure: a picture, what it says, and the numbers that it shows.

use super::kind::FigureKind;
use super::table::Table;

/// A figure.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Figure {
    /// Its name, which is also its path without an ending: `temirtau/fan-composites`; of a second sheet `region-2`.
    pub name: String,
    /// Its kind.
    pub kind: FigureKind,
    /// Identifier of its town; none for one of the region.
    pub town: Option<String>,
    /// Its title: the finding in words.
    pub title: String,
    /// What to say to who cannot see it: the title, and how it is read.
    pub alt: String,
    /// The picture as SVG: text stays text, in the embedded font or what stands in for it.
    pub svg: String,
    /// Width and height in pixels.
    pub size: (u32, u32),
    /// The numbers that it shows.
    pub table: Table,
}

impl Figure {
    /// The same as one of several sheets: from the second on its name says which.
    pub(super) fn on_sheet(mut self, sheet: usize) -> Self {
        if sheet > 0 {
            self.name = format!("{}-{}", self.name, sheet + 1);
        }
        self
    }
}
