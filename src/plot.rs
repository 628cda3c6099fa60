//! Pictures of results, as SVG and PNG.
//!
//! Takes a [`Case`], its [`Results`] and a catalogue of text; gives [`Figure`]s. Drawing is pure: files are the
//! report's business. Titles say the finding, built from the numbers.

mod area;
mod band;
mod context;
mod font;
mod kind;
mod labels;
mod letters;
mod palette;
mod panel;
mod raster;
mod svg;
mod table;
mod theme;

pub use font::{FAMILY, Type, faces, has_letters, text_width};
pub use kind::FigureKind;
pub use letters::missing_letters;
pub use raster::{Raster, encode};
pub use table::Table;

use rayon::prelude::*;

use context::Context;

use crate::analyse::{Results, TownResults};
use crate::case::Case;
use crate::text::Text;

/// A figure.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Figure {
    /// Its name, which is also its path without an ending: `temirtau/fan-composites`.
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

/// Why a figure could not be drawn. Figures are drawn in memory, so that this does not occur in use.
#[derive(Debug, Clone, thiserror::Error)]
#[error("a figure could not be drawn: {0}")]
pub struct PlotError(String);

impl PlotError {
    /// Wraps an error of the drawing library.
    fn of(error: impl std::fmt::Display) -> Self {
        Self(error.to_string())
    }
}

/// What figures are drawn from.
#[derive(Debug, Clone, Copy)]
pub struct Material<'a> {
    /// The case that was run.
    pub case: &'a Case,
    /// What the runs say.
    pub results: &'a Results,
    /// What runs of the same towns, scenarios and years say in which only the plans are uncertain, for fan charts
    /// that keep the two kinds of uncertainty apart; none where that is not asked for.
    pub plans_alone: Option<&'a Results>,
}

/// Which figures to draw.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    /// Kinds (default: all).
    pub kinds: Vec<FigureKind>,
    /// Towns by identifier; those not in the results have no figures (default: none named, which means all).
    pub towns: Vec<String>,
    /// Years besides the last one whose outcomes are drawn (default: none).
    pub years: Vec<i32>,
    /// Scenarios by identifier, to draw one over the other (default: the reference scenario, and of the others
    /// the one with most of the lead).
    pub overlay: Option<(String, String)>,
}

impl Default for Choice {
    fn default() -> Self {
        Self { kinds: FigureKind::ALL.to_vec(), towns: Vec::new(), years: Vec::new(), overlay: None }
    }
}

impl Choice {
    fn has(&self, town: &TownResults) -> bool {
        self.towns.is_empty() || self.towns.contains(&town.id)
    }
}

/// Draws the chosen figures: those of the region first, then town by town, in the order of
/// [`FigureKind::ALL`]. They are drawn on all threads; the result does not depend on their number.
///
/// # Errors
/// [`PlotError`] from the drawing library, which does not occur for figures drawn in memory.
pub fn figures(material: Material<'_>, text: &Text, choice: &Choice) -> Result<Vec<Figure>, PlotError> {
    let context = Context::new(&material, text, choice);
    let kinds = || FigureKind::ALL.into_iter().filter(|kind| choice.kinds.contains(kind));
    let regional = kinds().filter(|kind| kind.is_regional()).map(|kind| (kind, None));
    let towns = material.results.towns.iter().filter(|town| choice.has(town));
    let of_town = |town| kinds().filter(|kind| !kind.is_regional()).map(move |kind| (kind, Some(town)));
    let jobs: Vec<(FigureKind, Option<&TownResults>)> = regional.chain(towns.flat_map(of_town)).collect();
    let drawn = jobs.into_par_iter().map(|(kind, town)| kind::draw(kind, &context, town));
    Ok(drawn.collect::<Result<Vec<Vec<Figure>>, PlotError>>()?.concat())
}
