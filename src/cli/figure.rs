//! Options of figures and how they are written, shared by the commands that draw.

use clap::builder::PossibleValue;
use clap::{Args, ValueEnum};
use rayon::prelude::*;

use super::BadInput;
use crate::analyse::{self, Results};
use crate::case::Case;
use crate::engine::Effort;
use crate::model::{Options, Uncertainty};
use crate::plot::{self, Choice, Figure, FigureKind, Material, Raster};
use crate::text::Text;

/// Runs that show what the plans alone leave open: their 10 and 90 % quantiles have errors of some hundredths of a
/// standard deviation, less than a line's width.
const PLAN_RUNS: u64 = 4096;

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
    formats: Vec<FileFormat>,
    /// Width of PNG files in pixels
    #[arg(long, value_name = "PX", default_value_t = 1600, value_parser = clap::value_parser!(u32).range(400..=8000))]
    width: u32,
    /// Resolution at which PNG files are to be printed: 1600 pixels at 150 fit A4 on its side
    #[arg(long, value_name = "N", default_value_t = 150, value_parser = clap::value_parser!(u32).range(36..=1200))]
    dpi: u32,
}

/// A file format of figures.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum FileFormat {
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
    /// Draws the chosen figures, of these towns only if any are named.
    pub(super) fn draw(
        &self,
        (case, results): (&Case, &Results),
        options: &Options,
        text: &Text,
        towns: &[String],
    ) -> anyhow::Result<Vec<Figure>> {
        let alone = self.plans_alone(case, options)?;
        let material = Material { case, results, plans_alone: alone.as_ref() };
        let years = self.known_years(material)?;
        let mut choice =
            Choice { towns: towns.to_vec(), years, overlay: self.pair(material)?, ..Choice::default() };
        if !self.figures.is_empty() {
            choice.kinds.clone_from(&self.figures);
        }
        Ok(plot::figures(material, text, &choice)?)
    }

    /// Runs in which only the plans are uncertain, if they are asked for.
    fn plans_alone(&self, case: &Case, options: &Options) -> anyhow::Result<Option<Results>> {
        if !self.plan_bands {
            return Ok(None);
        }
        if !options.uncertainty.plan {
            let what = options.uncertainty.name();
            return Err(
                BadInput(format!("--plan-bands: the plans are not drawn (--uncertainty {what})")).into()
            );
        }
        let last = options.horizon;
        let varies = |e: &crate::case::PlanEntry| e.sd > 0.0 && e.start < last;
        let chosen = options.scenarios.iter().map(|s| &case.scenarios[*s]);
        if !chosen.flat_map(|s| s.plan.iter().flatten()).any(varies) {
            let message = format!("--plan-bands: no plan that is uncertain begins before the horizon {last}");
            return Err(BadInput(message).into());
        }
        let uncertainty = Uncertainty { plan: true, ..Uncertainty::NONE };
        let options = Options { uncertainty, ..options.clone() };
        Ok(Some(analyse::study(case, &options, Effort::runs(PLAN_RUNS), &|_, _| {})?))
    }

    /// The chosen years, which must have been run.
    fn known_years(&self, material: Material<'_>) -> Result<Vec<i32>, BadInput> {
        let years = &material.results.setup.years;
        match self.years.iter().find(|year| !years.contains(year)) {
            None => Ok(self.years.clone()),
            Some(year) => {
                let (first, last) = (years[0], years[years.len() - 1]);
                Err(BadInput(format!("--years {year}: the result has the years from {first} to {last}")))
            }
        }
    }

    /// The two scenarios of `--overlay`, which must have been run.
    fn pair(&self, material: Material<'_>) -> Result<Option<(String, String)>, BadInput> {
        let Some(asked) = &self.overlay else { return Ok(None) };
        let scenarios = material.results.towns.first().map_or(&[][..], |town| &town.scenarios);
        let known: Vec<&str> = scenarios.iter().map(|s| s.id.as_str()).collect();
        match asked.split_once(',') {
            Some((a, b)) if a != b && known.contains(&a) && known.contains(&b) => {
                Ok(Some((a.to_owned(), b.to_owned())))
            }
            _ => Err(BadInput(format!("--overlay {asked}: two of {}, joined by a comma", known.join(", ")))),
        }
    }

    /// Hands over the chosen files of figures, PNG files from all threads, each with its path below the
    /// folder of figures.
    pub(super) fn write(&self, keep: &Keep<'_>, figures: &[Figure]) -> anyhow::Result<()> {
        if self.formats.contains(&FileFormat::Svg) {
            for figure in figures {
                keep(&format!("{}.svg", figure.name), figure.svg.as_bytes())?;
            }
        }
        if self.formats.contains(&FileFormat::Png) {
            let raster = Raster::new(self.width, self.dpi);
            figures.par_iter().try_for_each(|figure| {
                let bytes = raster.png(&figure.svg)?;
                keep(&format!("{}.png", figure.name), &bytes)
            })?;
        }
        Ok(())
    }
}

/// Writes a file: its path below the folder of figures, and its bytes.
pub(super) type Keep<'a> = dyn Fn(&str, &[u8]) -> anyhow::Result<()> + Sync + 'a;
