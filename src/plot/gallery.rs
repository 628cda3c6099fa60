//! Draws the figures that were chosen.

use rayon::prelude::*;

use super::context::Context;
use super::figure::Figure;
use super::kind::FigureKind;
use super::material::{Choice, Material};
use super::pictures;
use crate::analyse::TownResults;
use crate::text::Text;

/// What to draw, in the order in which it is to stand.
fn jobs<'a>(material: Material<'a>, choice: &'a Choice) -> Vec<(FigureKind, Option<&'a TownResults>)> {
    let kinds = || FigureKind::ALL.into_iter().filter(|kind| choice.kinds.contains(kind));
    let regional = kinds().filter(|kind| kind.is_regional()).map(|kind| (kind, None));
    let towns = material.results.towns.iter().filter(|town| choice.has(town));
    let of_town = |town| kinds().filter(|kind| !kind.is_regional()).map(move |kind| (kind, Some(town)));
    regional.chain(towns.flat_map(of_town)).collect()
}

/// Draws the chosen figures: those of the region first, then town by town, in the order of
/// [`FigureKind::ALL`]. They are drawn on all threads; the result does not depend on their number.
///
/// All of them are held in memory, about 100 kB each: [`each_figure`] holds one a thread.
pub fn figures(material: Material<'_>, text: &Text, choice: &Choice) -> Vec<Figure> {
    let context = Context::new(&material, text, choice);
    let drawn =
        jobs(material, choice).into_par_iter().map(|(kind, town)| pictures::draw(kind, &context, town));
    drawn.collect::<Vec<Vec<Figure>>>().into_iter().flatten().collect()
}

/// Draws the chosen figures and hands each over as soon as it is drawn, from any thread and in any order, so that
/// memory does not grow with their number.
///
/// # Errors
/// The first error of `take`, after which no further figure is begun.
///
/// # Examples
/// ```no_run
/// # use boljam::{case::Case, analyse::Results, plot::{self, Choice, Material}, text::{Language, Text}};
/// # fn draw(case: &Case, results: &Results) -> std::io::Result<()> {
/// let material = Material { case, results, plans_alone: None };
/// plot::each_figure(material, &Text::of(Language::En), &Choice::default(), |figure| {
///     std::fs::write(format!("{}.svg", figure.name.replace('/', "-")), figure.svg)
/// })
/// # }
/// ```
pub fn each_figure<E: Send>(
    material: Material<'_>,
    text: &Text,
    choice: &Choice,
    take: impl Fn(Figure) -> Result<(), E> + Sync,
) -> Result<(), E> {
    let context = Context::new(&material, text, choice);
    jobs(material, choice)
        .into_par_iter()
        .try_for_each(|(kind, town)| pictures::draw(kind, &context, town).into_iter().try_for_each(&take))
}
