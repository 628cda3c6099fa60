//! Options of figures, shared by the commands that draw.

use clap::builder::PossibleValue;
use clap::{Args, ValueEnum};

use super::BadInput;
use crate::analyse::Results;
use crate::archive::{ArchiveError, FigureFiles, FileFormat, Pictures, Recipe, Staging};
use crate::plot::{Choice, FigureKind};

/// Which figures, and as what files.
#[derive(Debug, Args)]
pub(super) struct FigureArguments {
    /// Kinds of figures, joined by commas (default: all)
    #[arg(long, value_enum, value_delimiter = ',', value_name = "LIST", hide_possible_values = true,
          long_help = kinds_help())]
    figures: Vec<FigureKind>,
    /// Years besides the last whose outcomes are drawn, joined by commas
    #[arg(long, value_delimiter = ',', value_name = "LIST")]
    years: Vec<i32>,
    /// Two scenarios to draw one over the other (default: the reference scenario and that with most of the lead)
    #[arg(long, value_name = "A,B")]
    overlay: Option<String>,
    /// In fan charts, also draw what the plans alone leave open (80 % of 4096 runs in which nothing else is
    /// uncertain), inside what varies
    #[arg(long)]
    plan_bands: bool,
    /// Files of each figure, joined by commas
    #[arg(long, value_enum, value_delimiter = ',', value_name = "LIST", default_value = "svg,png")]
    formats: Vec<FormatName>,
    /// Width of PNG files in pixels
    #[arg(long, value_name = "PX", default_value_t = 1600, value_parser = clap::value_parser!(u32).range(400..=8000))]
    width: u32,
    /// Resolution at which PNG files are to be printed: 1600 pixels at 150 fit A4 on its side
    #[arg(long, value_name = "N", default_value_t = 150, value_parser = clap::value_parser!(u32).range(36..=1200))]
    dpi: u32,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum FormatName {
    Svg,
    Png,
}

impl ValueEnum for FigureKind {
    fn value_variants<'a>() -> &'a [Self] {
        &Self::ALL
    }

    fn to_possible_value(&self) -> Option<PossibleValue> {
        Some(PossibleValue::new(self.name()).help(self.about()))
    }
}

/// The kinds with what they show, a line each.
fn kinds_help() -> String {
    let line = |kind: FigureKind| format!("\n  {:<16} {}", kind.name(), kind.about());
    let lines: String = FigureKind::ALL.into_iter().map(line).collect();
    format!("Kinds of figures, joined by commas (default: all):{lines}")
}

impl FigureArguments {
    /// The figures to draw of such a result, of these towns only if any are named.
    pub(super) fn files(&self, recipe: &Recipe, towns: &[String]) -> Result<FigureFiles, BadInput> {
        let Recipe { case, options, manifest } = recipe;
        let (first, last) = (case.base_year, options.horizon);
        if let Some(year) = self.years.iter().find(|year| !(first..=last).contains(year)) {
            return Err(BadInput(format!("--years {year}: the result has the years from {first} to {last}")));
        }
        if self.plan_bands && !options.uncertainty.plan {
            let what = options.uncertainty.name();
            return Err(BadInput(format!("--plan-bands: the plans are not drawn (--uncertainty {what})")));
        }
        let last = options.horizon;
        let varies = |e: &crate::case::PlanEntry| e.sd > 0.0 && e.start < last;
        let mut chosen = options.scenarios.iter().flat_map(|s| case.scenarios[*s].plan.iter().flatten());
        if self.plan_bands && !chosen.any(varies) {
            let message = format!("--plan-bands: no plan that is uncertain begins before the horizon {last}");
            return Err(BadInput(message));
        }
        let overlay = self.overlay.as_ref().map(|asked| pair(asked, &manifest.scenarios)).transpose()?;
        let kinds = if self.figures.is_empty() { FigureKind::ALL.to_vec() } else { self.figures.clone() };
        let format = |name: &FormatName| match name {
            FormatName::Svg => FileFormat::Svg,
            FormatName::Png => FileFormat::Png,
        };
        Ok(FigureFiles {
            choice: Choice { kinds, towns: towns.to_vec(), years: self.years.clone(), overlay },
            plan_bands: self.plan_bands,
            formats: self.formats.iter().map(format).collect(),
            width: self.width,
            dpi: self.dpi,
        })
    }
}

/// The two scenarios of `--overlay`, which must be run.
fn pair(asked: &str, known: &[String]) -> Result<(String, String), BadInput> {
    let is_known = |id: &str| known.iter().any(|k| k == id);
    match asked.split_once(',') {
        Some((a, b)) if a != b && is_known(a) && is_known(b) => Ok((a.to_owned(), b.to_owned())),
        _ => Err(BadInput(format!("--overlay {asked}: two of {}, joined by a comma", known.join(", ")))),
    }
}

/// Draws the figures of a result under construction, and writes their files.
pub(super) fn draw(
    files: &FigureFiles,
    recipe: &Recipe,
    staging: &Staging,
    results: &Results,
) -> Result<Pictures, ArchiveError> {
    let figures = files.draw(recipe, results, &recipe.manifest.text())?;
    files.write(&|name, bytes| Ok(staging.write(&format!("figures/{name}"), bytes)?), &figures)?;
    Ok(Pictures::of(figures))
}
