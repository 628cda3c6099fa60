//! The result folder that `run` and `merge` write.

use std::path::Path;

use super::figure::FigureArguments;
use super::language::text_of;
use super::saved::ENSEMBLE;
use super::{keep, page, print};
use crate::analyse::Study;
use crate::case::Case;
use crate::engine::Ensembles;
use crate::model::Options;
use crate::report::folder::Staging;
use crate::report::manifest::Manifest;
use crate::report::{self, headline, words};
use crate::text::Text;

/// Writes everything that is made from complete ensembles, moves it to its place, and prints the short table.
pub(super) fn finish(
    staging: Staging,
    place: &Path,
    case: &Case,
    options: &Options,
    manifest: &Manifest,
    (study, ensembles): (&Study<'_>, Ensembles),
    figure: &FigureArguments,
) -> anyhow::Result<()> {
    let text = text_of(&manifest.language);
    let kept = keep::parse(&manifest.keep_runs, case, options)?;
    let results = study.summarise(&ensembles);
    let manifest =
        &Manifest { undefined: results.undefined.iter().map(Into::into).collect(), ..manifest.clone() };
    staging.write(ENSEMBLE, ensembles.encode(&manifest.key()))?;
    drop(ensembles);
    let figures = figure.draw((case, &results), options, &text, &[])?;
    figure.write(&|name, bytes| Ok(staging.write(&format!("figures/{name}"), bytes)?), &figures)?;
    report::write(&staging, case, &results, manifest, &text)?;
    staging.write("report.html", page::page(case, &results, manifest, &figures, &text))?;
    keep::write(&staging.path("runs.csv")?, case, options, manifest.runs, &kept)?;
    staging.publish()?;
    let report = place.join("report.html").display().to_string();
    let done = text.fill("run.done", &[("report", &report)]);
    let undefined = words::undefined(&results, &text);
    let undefined: String = undefined.into_iter().map(|line| line + "\n").collect();
    let ending = stopped(manifest, &text);
    print(&format!("{}\n{undefined}{ending}{done}\n", headline::table(&results, &text)))
}

/// Where the runs ended if a precision was asked for, a line; nothing otherwise.
fn stopped(manifest: &Manifest, text: &Text) -> String {
    let Some(stopped) = &manifest.stopped else { return String::new() };
    let key = if stopped.precise { "run.stopped_precise" } else { "run.stopped_short" };
    let [runs, at_most] = [manifest.runs, stopped.at_most].map(|n| text.number(n as f64, 0));
    format!("{}\n", text.fill(key, &[("runs", runs), ("at_most", at_most)]))
}

/// Writes the folder of a shard, from which nothing but a merge can be made.
pub(super) fn finish_shard(
    staging: Staging,
    place: &Path,
    case: &Case,
    manifest: &Manifest,
    ensembles: &Ensembles,
) -> anyhow::Result<()> {
    staging.write(ENSEMBLE, ensembles.encode(&manifest.key()))?;
    report::write_inputs(&staging, case, manifest)?;
    staging.publish()?;
    let shard = manifest.shard.map(|s| s.to_string()).unwrap_or_default();
    print(&format!("shard {shard}: {} (join all with boljam merge)\n", place.display()))
}
