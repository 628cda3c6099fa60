//! The HTML report: hands the figures, which `report` does not know, over to it.

use crate::analyse::Results;
use crate::case::Case;
use crate::plot::Figure;
use crate::report::html::{self, Material, Picture};
use crate::report::manifest::Manifest;
use crate::text::Text;

/// Writes the page.
pub(super) fn page(
    case: &Case,
    results: &Results,
    manifest: &Manifest,
    figures: &[Figure],
    text: &Text,
) -> String {
    let picture = |figure: &Figure| Picture {
        name: figure.name.clone(),
        title: figure.title.clone(),
        alt: figure.title.clone(),
        svg: figure.svg.clone(),
        header: Vec::new(),
        rows: Vec::new(),
    };
    let pictures: Vec<Picture> = figures.iter().map(picture).collect();
    html::page(&Material { case, results, manifest, pictures: &pictures, fonts: &[] }, text)
}
