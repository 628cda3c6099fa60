//! `boljam stress --reverse`: how large a fall it takes.

use super::arguments::Arguments;
use crate::archive::Staging;
use crate::case::{Case, Stress};
use crate::cli::{BadInput, print, progress};
use crate::engine::{self, VectorLevel};
use crate::experiment::stress::{
    After, ReverseCourse, ReverseDesign, RunCondition, break_even, reverse_stress,
};
use crate::model::{Model, Options, places};
use crate::plot::{Raster, surface_figures};
use crate::report::assessment::Format;
use crate::report::stress::{joint_lines, reverse_csv, reverse_curves, reverse_table, surface_csv};
use crate::text::Text;

/// `boljam stress --reverse`.
pub(super) fn reverse(
    arguments: &Arguments,
    (case, options): (&Case, &Options),
    asked: &str,
    text: &Text,
) -> anyhow::Result<()> {
    let model = Model::compile(case, options)?;
    let condition = RunCondition::parse(case, &model, asked)
        .map_err(|error| BadInput(format!("--reverse '{asked}': {error}")))?;
    let commodities = commodities(arguments, case, options)?;
    let course = course(arguments, case, &model)?;
    let staging = arguments.out.as_ref().map(|out| Staging::new(out, arguments.force)).transpose()?;
    let runs = arguments.runs();
    let design = ReverseDesign {
        condition: &condition,
        commodities: &commodities,
        course,
        alone: arguments.alone,
        runs,
    };
    let found = engine::with_threads(arguments.threads.unwrap_or(0).into(), || {
        let bar = progress::bar(runs * 2 * commodities.len() as u64);
        let tell = |done: u64, _| bar.set_position(done);
        let found = reverse_stress(case, &model, &design, VectorLevel::best(), &tell);
        let joint = match commodities.as_slice() {
            [a, b] if !arguments.with.is_empty() => {
                break_even(case, &model, &design, [*a, *b], VectorLevel::best())
            }
            _ => Vec::new(),
        };
        bar.finish_and_clear();
        (found, joint)
    });
    let (found, joint) = found;
    let fade = match course.after {
        After::Fades(half) => text.fill("stress.fades", &[("half", text.readable(half))]),
        After::Stays => text.get("stress.stays").to_owned(),
        After::Over => String::new(),
    };
    let values = [
        ("condition", asked.rsplit_once(" in ").map_or(asked, |parts| parts.0).to_owned()),
        ("share", text.percent_of(&text.number(100.0 * condition.share, 0))),
        ("year", course.start.to_string()),
        ("years", text.counted("years", course.years as u64)),
        ("fade", fade),
        ("runs", text.number(runs as f64, 0)),
    ];
    let title = text.fill("stress.reverse", &values);
    let mut table = reverse_table(case, options, &found, &title, text);
    if !joint.is_empty() {
        let lines = joint_lines(case, options, &joint, text);
        table = format!("{table}\n{}\n\n{lines}", text.get("stress.pairs"));
    }
    let csv = reverse_csv(case, options, asked, &found, (&joint, runs));
    let mut out = match arguments.format.format() {
        Format::Table => table.clone(),
        Format::Csv => csv.clone(),
        Format::Json => return Err(BadInput("--format json: with --reverse table or csv".to_owned()).into()),
    };
    if let Some(staging) = staging {
        let folder = staging.place().display().to_string();
        staging.write("reverse.csv", &csv)?;
        staging.write("reverse_curves.csv", reverse_curves(case, options, &found))?;
        staging.write("reverse.md", format!("# {title}\n\n```text\n{table}```\n"))?;
        if !joint.is_empty() {
            staging.write("surface.csv", surface_csv(case, options, &joint))?;
            let raster = Raster::new(1600, 150);
            for figure in surface_figures((case, options), &joint, (asked, &title), text) {
                staging.write(&format!("figures/{}.png", figure.name), raster.png(&figure.svg)?)?;
                staging.write(&format!("figures/{}.svg", figure.name), figure.svg)?;
            }
        }
        let files = staging.files();
        let count = files.len() + 1;
        let manifest = serde_json::json!({
            "version": env!("CARGO_PKG_VERSION"), "command": "stress", "case": case.id, "runs": runs,
            "seed": options.seed, "reverse": asked, "settings": arguments.set,
            "uncertainty": options.uncertainty.name(), "files": files,
        });
        staging.write("manifest.json", serde_json::to_string_pretty(&manifest).unwrap_or_default() + "\n")?;
        staging.publish()?;
        if arguments.format.format() == Format::Table {
            let values = [("count", count.to_string()), ("folder", folder)];
            out = format!("{out}\n{}\n", text.fill("stress.written", &values));
        }
    }
    print(&out)
}

/// Those that are asked for; else what weighs most in the mix of each town.
fn commodities(arguments: &Arguments, case: &Case, options: &Options) -> Result<Vec<usize>, BadInput> {
    if !arguments.with.is_empty() {
        return places("commodity", &arguments.with, case.commodities.iter().map(|c| c.id.as_str()))
            .map_err(|error| BadInput(format!("--with: {error}")));
    }
    let largest = |town: &usize| {
        let mix = case.towns[*town].mix.iter().enumerate();
        mix.fold(
            (0, f64::NEG_INFINITY),
            |best, (c, weight)| if *weight > best.1 { (c, *weight) } else { best },
        )
        .0
    };
    let mut found: Vec<usize> = options.towns.iter().map(largest).collect();
    found.sort_unstable();
    found.dedup();
    Ok(found)
}

/// The course of the falls, read as that of a shock.
fn course(arguments: &Arguments, case: &Case, model: &Model) -> Result<ReverseCourse, BadInput> {
    let Some(asked) = &arguments.course else {
        let last = model.years.len() - 1;
        let start = model.years[(model.prices.given.len() + 2).min(last)];
        return Ok(ReverseCourse { start, years: 2, after: After::Fades(3.0) });
    };
    let commodity = &case.commodities[0].id;
    let stress = Stress::parse(case, model.options.horizon, &format!("{commodity}=-10%@{asked}"));
    let stress = stress.map_err(|bad| BadInput(format!("--course {asked}: {}", bad.0.join("; "))))?;
    match stress.shocks.as_slice() {
        [shock] if stress.events.is_empty() && stress.plans.is_empty() => {
            // A shock that is over after its years has a year of nothing at its end.
            let (years, after) = match shock.half_life {
                Some(half) => (shock.years, After::Fades(half)),
                None if shock.path.last() == Some(&0.0) => (shock.years - 1, After::Over),
                None => (shock.years, After::Stays),
            };
            Ok(ReverseCourse { start: shock.start, years, after })
        }
        _ => Err(BadInput(format!("--course {asked}: YEAR[:years=N][:fade=H]"))),
    }
}
