//! `boljam stress`: what shocks do, how long, how likely they are.

mod arguments;
mod reverse;

pub(super) use arguments::Arguments;

use super::{print, progress};
use crate::archive::{Staging, write_stress};
use crate::case::{Case, Stress};
use crate::engine::{self, VectorLevel};
use crate::experiment::stress::{StressTest, stress_test};
use crate::model::Model;
use crate::plot::{Raster, stress_figures};
use crate::report::assessment::Format;
use crate::report::stress::{Asked, before, summary};
use crate::text::Text;

/// `boljam stress`.
pub(super) fn stress(arguments: &Arguments) -> anyhow::Result<()> {
    let (case, options) = arguments.case_arguments().load()?;
    let text = arguments.lang.text();
    if let Some(condition) = &arguments.reverse {
        return reverse::reverse(arguments, (&case, &options), condition, &text);
    }
    let stresses = arguments.asked(&case, &options)?;
    super::case::tell_notices(&case, &options, &text);
    let model = Model::compile(&case, &options)?;
    let staging = arguments.out.as_ref().map(|out| Staging::new(out, arguments.force)).transpose()?;
    let found = engine::with_threads(arguments.threads.unwrap_or(0).into(), || {
        let asked: Vec<Asked> =
            stresses.iter().map(|stress| arguments.prepare((&case, &model), stress)).collect();
        for asked in &asked {
            for line in before(&case, asked, &text) {
                eprintln!("boljam: {line}");
            }
        }
        let laid_on: Vec<Stress> =
            asked.iter().map(|asked| arguments.along(&case, &options, &asked.stress).0).collect();
        let bar = progress::bar(arguments.runs());
        let effort = (arguments.runs(), VectorLevel::best());
        let test = stress_test(&case, &options, &laid_on, effort, &|done| bar.set_position(done));
        bar.finish_and_clear();
        test.map(|test| (asked, test))
    });
    let (asked, test) = found?;
    let mut out = summary(&case, &test, arguments.format.format(), &text);
    if let Some(staging) = staging {
        let folder = staging.place().display().to_string();
        let pictures = pictures(&case, &test, &text)?;
        let count = write_stress(staging, (&case, &test, &asked), &arguments.set, &text, &pictures)?;
        if arguments.format.format() == Format::Table {
            let values = [("count", count.to_string()), ("folder", folder)];
            out = format!("{out}\n{}\n", text.fill("stress.written", &values));
        }
    }
    print(&out)
}

/// Pictures as PNG and SVG: (title, path, bytes).
fn pictures(case: &Case, test: &StressTest, text: &Text) -> anyhow::Result<Vec<(String, String, Vec<u8>)>> {
    let raster = Raster::new(1600, 150);
    let mut pictures = Vec::new();
    for figure in stress_figures(case, test, text) {
        let path = |ending: &str| format!("figures/{}.{ending}", figure.name);
        pictures.push((figure.title.clone(), path("png"), raster.png(&figure.svg)?));
        pictures.push((figure.title.clone(), path("svg"), figure.svg.clone().into_bytes()));
    }
    Ok(pictures)
}
