//! What a result folder holds, written.

use super::advance::Made;
use super::error::ArchiveError;
use super::folder::{ENSEMBLE, Staging};
use super::folder_error::FolderError;
use super::kept_runs::Columns;
use super::manifest::Manifest;
use super::page::{self, Pictures};
use super::recipe::Recipe;
use crate::analyse::{Results, Study};
use crate::case::Case;
use crate::report::{story, tables};
use crate::text::Text;

/// A result that stands in its place.
#[derive(Debug, Clone)]
pub struct Written {
    /// What it says.
    pub results: Results,
    /// How it was made, and where its runs ended.
    pub manifest: Manifest,
    /// What in the folder is not boljam's and was left where it was.
    pub stays: Vec<String>,
}

/// Draws the pictures of results and writes their files into the folder under construction. Who wants no pictures,
/// or has no feature `plot`, gives [`Pictures::default`].
pub type Draw<'a> = dyn Fn(&Staging, &Results) -> Result<Pictures, ArchiveError> + 'a;

/// Writes everything that is made from complete ensembles, and moves it to its place.
///
/// # Errors
/// [`ArchiveError`] when the system refuses; then nothing has been moved, and what stood there still does.
pub fn write(
    staging: Staging,
    recipe: &Recipe,
    study: &Study<'_>,
    made: Made,
    columns: &Columns,
    draw: &Draw<'_>,
) -> Result<Written, ArchiveError> {
    let Made { ensembles, stopped } = made;
    let runs = ensembles.main.runs();
    let results = study.summarise(&ensembles);
    let undefined = results.undefined.iter().map(Into::into).collect();
    let manifest = Manifest { runs, stopped, undefined, ..recipe.manifest.clone() };
    let (case, text) = (&recipe.case, manifest.text());
    staging.write(ENSEMBLE, ensembles.encode(&manifest.key()))?;
    drop(ensembles);
    let pictures = draw(&staging, &results)?;
    write_tables(&staging, &results)?;
    let is_there = |path: &str| staging.has(path);
    let provenance = manifest.provenance();
    staging.write("report.md", story::story(case, &results, &provenance, &text, &is_there))?;
    staging.write("report.html", page::page(case, &results, &manifest, &pictures, &text))?;
    columns.write(&staging, study.model(), runs)?;
    write_inputs(&staging, case, &manifest)?;
    let stays = staging.publish()?;
    Ok(Written { results, manifest, stays })
}

/// Writes the folder of a shard, from which nothing but a merge can be made. Gives what in the folder is not boljam's
/// and was left where it was.
///
/// # Errors
/// [`ArchiveError`] when the system refuses.
pub fn write_shard(staging: Staging, recipe: &Recipe, made: &Made) -> Result<Vec<String>, ArchiveError> {
    staging.write(ENSEMBLE, made.ensembles.encode(&recipe.manifest.key()))?;
    write_inputs(&staging, &recipe.case, &recipe.manifest)?;
    Ok(staging.publish()?)
}

fn write_tables(staging: &Staging, results: &Results) -> Result<(), FolderError> {
    staging.write("summary.csv", tables::summary(results))?;
    staging.write("distributions.csv", tables::distributions(results))?;
    staging.write("classes.csv", tables::classes(results))?;
    staging.write("choice.csv", tables::choice(results))?;
    staging.write("paired.csv", tables::paired(results))?;
    staging.write("first_passage.csv", tables::first_passage(results))?;
    staging.write("together.csv", tables::together(results))?;
    staging.write("split.csv", tables::split(results))?;
    staging.write("resilience.csv", tables::resilience(results))?;
    staging.write("prices.csv", tables::prices(results))?;
    staging.write("price_comovement.csv", tables::price_comovement(results))
}

/// Writes what says how a result was made: the inputs and the manifest.
fn write_inputs(staging: &Staging, case: &Case, manifest: &Manifest) -> Result<(), FolderError> {
    for file in &case.files {
        staging.write(&format!("inputs/{}", file.name), &file.text)?;
    }
    let manifest = Manifest { files: staging.files(), ..manifest.clone() };
    staging.write("manifest.json", manifest.to_json())
}

/// report.md and report.html of a result in some language, as text. `is_there` says of a path whether there is such
/// a picture: report.md shows only those.
pub fn reports(
    recipe: &Recipe,
    results: &Results,
    pictures: &Pictures,
    text: &Text,
    is_there: &dyn Fn(&str) -> bool,
) -> (String, String) {
    let Recipe { case, manifest, .. } = recipe;
    let story = story::story(case, results, &manifest.provenance(), text, is_there);
    (story, page::page(case, results, manifest, pictures, text))
}
