//! `boljam discover` in the runs of a case: each town and scenario on its own.

use std::path::Path;

use super::case::tell_notices;
use super::discover::{Arguments, Method};
use super::{BadInput, print, progress};
use crate::archive::{Staging, publish_answer};
use crate::case::Case;
use crate::condition::Condition;
use crate::engine;
use crate::experiment::discover::{Asked, Discovery, RunSample, Search, resolve};
use crate::model::Model;
use crate::plot::{Raster, discovery_figures};
use crate::report::assessment::Format;
use crate::report::boxes;
use crate::report::discovery::{self, DiscoveryReport};

/// `boljam discover` without a table.
pub(super) fn discover(arguments: &Arguments) -> anyhow::Result<()> {
    let condition = &arguments.condition()?;
    let (case, options) = arguments.case.load()?;
    let text = arguments.lang.text();
    tell_notices(&case, &options, &text);
    let model = Model::compile(&case, &options)?;
    let asked = arguments.asked(condition, &case, &model)?;
    let staging = arguments.out.as_deref().map(|out| Staging::new(out, arguments.force)).transpose()?;
    let (towns, scenarios) = (model.towns.len(), model.options.scenarios.len());
    let search =
        Search { runs: arguments.runs, resamples: arguments.resamples as usize, seed: model.options.seed };
    let found: Vec<Discovery> = engine::with_threads(arguments.threads.unwrap_or(0).into(), || {
        let bar = progress::bar((towns * scenarios) as u64);
        let pairs = (0..towns).flat_map(|town| (0..scenarios).map(move |path| (town, path)));
        let found = pairs.map(|pair| {
            let sample = RunSample::record(&case, &model, pair, (condition, &asked), search.runs);
            let found = sample.search(search);
            bar.inc(1);
            found
        });
        let found = found.collect();
        bar.finish_and_clear();
        found
    });
    let report = DiscoveryReport {
        case: &case,
        model: &model,
        condition,
        runs: arguments.runs,
        step: arguments.step,
        text: &text,
    };
    let format = arguments.format.format();
    let mut out = match (found.as_slice(), format) {
        ([_], Format::Csv | Format::Json) | (_, Format::Table) => said(arguments, &report, &found, format)?,
        _ => {
            let message = "--format csv and json tell one town and scenario: name them with --towns and --scenarios, \
                           or write all with --out";
            return Err(BadInput(message.to_owned()).into());
        }
    };
    if let Some(staging) = staging {
        let (files, folder) = write(staging, &report, &found, &arguments.case.set)?;
        if format == Format::Table {
            let values = [("files", files.to_string()), ("folder", folder)];
            out.push('\n');
            out.push_str(&text.fill("choice.written", &values));
            out.push('\n');
        }
    }
    print(&out)
}

impl Arguments {
    fn asked(&self, condition: &Condition, case: &Case, model: &Model) -> Result<Vec<Asked>, BadInput> {
        let year = self.year.unwrap_or(model.options.horizon);
        let t = model.years.iter().position(|y| *y == year).ok_or_else(|| {
            let (first, last) = (case.base_year, model.options.horizon);
            BadInput(format!("--year {year}: a year from {first} to {last}"))
        })?;
        resolve(condition, case, model, t)
            .map_err(|faults| BadInput(format!("'{condition}': {}", faults.join("\n  "))))
    }
}

/// What the terminal shows.
fn said(
    arguments: &Arguments,
    report: &DiscoveryReport<'_>,
    found: &[Discovery],
    format: Format,
) -> anyhow::Result<String> {
    let mut out = if format == Format::Table { report.summary(found) } else { String::new() };
    let [one] = found else { return Ok(out) };
    let (rows, balanced) = match arguments.method {
        Method::Prim => report.boxes(one),
        Method::Cart => (report.leaves(one), 0),
    };
    if rows.is_empty() {
        return if format == Format::Table {
            Ok(out)
        } else {
            let share = 100.0 * one.sample.share();
            Err(BadInput(format!(
                "'{}': {share} % of the runs meet it, so that there is no box to find",
                report.condition
            ))
            .into())
        };
    }
    let chosen = arguments.step.unwrap_or(balanced);
    if chosen >= rows.len() {
        return Err(BadInput(format!("--step {chosen}: there are steps 0 to {}", rows.len() - 1)).into());
    }
    if format == Format::Table {
        out.push('\n');
    }
    out.push_str(&boxes::render(&rows, chosen, format)?);
    Ok(out)
}

/// A folder for each town and scenario, and what is said of all.
fn write(
    staging: Staging,
    report: &DiscoveryReport<'_>,
    found: &[Discovery],
    settings: &[String],
) -> anyhow::Result<(usize, String)> {
    staging.write("discovery.csv", report.csv(found))?;
    staging.write("discovery.md", discovery::markdown(report, found))?;
    let (raster, asked) = (Raster::new(1600, 150), report.condition.to_string());
    for one in found.iter().filter(|one| !one.prim.steps.is_empty()) {
        let place = report.place(one);
        let (rows, chosen) = report.boxes(one);
        staging.write(&format!("{place}/discover.csv"), boxes::render(&rows, chosen, Format::Csv)?)?;
        staging.write(&format!("{place}/tree.csv"), boxes::render(&report.leaves(one), 0, Format::Csv)?)?;
        for picture in
            discovery_figures(report.case, report.model, one, (&asked, report.told(one)), report.text)
        {
            let file = Path::new(&place).join(&picture.name).display().to_string();
            staging.write(&format!("{file}.png"), raster.png(&picture.svg)?)?;
            staging.write(&format!("{file}.svg"), picture.svg)?;
        }
    }
    let place = staging.place().display().to_string();
    let made = (report.case, &report.model.options, settings);
    let files = publish_answer(staging, ("discover", &asked), made, report.runs)?;
    Ok((files, place))
}
