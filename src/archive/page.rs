//! report.html: hands the pictures, which `report` does not know how to draw, over to it.

use super::manifest::Manifest;
use crate::analyse::Results;
use crate::case::Case;
use crate::report::html::{self, Font, Material, Picture};
use crate::text::Text;

/// The pictures of a result as its page shows them; none by default.
#[derive(Debug, Clone, Default)]
pub struct Pictures {
    /// In the order in which they are to stand.
    pub shown: Vec<Picture>,
    /// The fonts of their letters.
    pub fonts: Vec<Font<'static>>,
}

/// Writes the page.
pub(super) fn page(
    case: &Case,
    results: &Results,
    manifest: &Manifest,
    pictures: &Pictures,
    text: &Text,
) -> String {
    let Pictures { shown, fonts } = pictures;
    let provenance = &manifest.provenance();
    html::page(&Material { case, results, provenance, pictures: shown, fonts }, text)
}
