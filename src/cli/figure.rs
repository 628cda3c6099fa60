//! Options of figures and how they are written, shared by the commands that draw.

use clap::builder::PossibleValue;
use clap::{Args, ValueEnum};
use rayon::prelude::*;

use crate::plot::{self, Choice, Figure, FigureKind, Material, Raster};
use crate::text::Text;

/// Which figures, and as what files.
#[derive(Debug, Args)]
pub(super) struct FigureArguments {
    /// Kinds of figures, joined by commas (default: all)
    #[arg(long, value_enum, value_delimiter = ',', value_name = "LIST", hide_possible_values = true,
          long_help = kinds_help())]
    figures: Vec<FigureKind>,
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
        let mut choice = Choice { towns: towns.to_vec(), ..Choice::default() };
        if !self.figures.is_empty() {
            choice.kinds.clone_from(&self.figures);
        }
        Ok(plot::figures(material, text, &choice)?)
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
