//! The HTML report: hands the figures, which `report` does not know, over to it.

use crate::analyse::Results;
use crate::case::Case;
use crate::plot::{self, Figure};
use crate::report::html::{self, Font, Material, Picture};
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
        alt: figure.alt.clone(),
        svg: figure.svg.clone(),
        header: figure.table.headers.clone(),
        rows: figure.table.rows.clone(),
    };
    let pictures: Vec<Picture> = figures.iter().map(picture).collect();
    let fonts = plot::faces().map(|(weight, bytes)| Font { family: plot::FAMILY, weight, bytes });
    html::page(&Material { case, results, manifest, pictures: &pictures, fonts: &fonts }, text)
}
