//! Options of figures and how they are written, shared by the commands that draw.

use clap::builder::PossibleValue;
use clap::{Args, ValueEnum};
use rayon::prelude::*;

use super::BadInput;
use crate::plot::{self, Choice, Figure, FigureKind, Material, Raster};
use crate::text::Text;

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
        material: Material<'_>,
        text: &Text,
        towns: &[String],
    ) -> anyhow::Result<Vec<Figure>> {
        let years = self.known_years(material)?;
        let mut choice =
            Choice { towns: towns.to_vec(), years, overlay: self.pair(material)?, ..Choice::default() };
        if !self.figures.is_empty() {
            choice.kinds.clone_from(&self.figures);
        }
        Ok(plot::figures(material, text, &choice)?)
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
