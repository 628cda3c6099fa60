//! The figures of a result: which, and as what files.

use std::sync::atomic::{AtomicUsize, Ordering};

use rayon::prelude::*;

use super::error::ArchiveError;
use super::page::Pictures;
use super::recipe::Recipe;
use crate::analyse::{self, Results};
use crate::engine::Effort;
use crate::model::{Options, Uncertainty};
use crate::plot::{self, Choice, Figure, Material, Raster};
use crate::report::html::{Font, Picture};
use crate::text::Text;

/// Runs that show what the plans alone leave open: their 10 and 90 % quantiles have errors of some hundredths of a
/// standard deviation, less than a line's width.
const PLAN_RUNS: u64 = 4096;

/// A file format of figures.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FileFormat {
    /// Text stays text.
    Svg,
    /// Pixels.
    Png,
}

/// Which figures of a result to draw, and as what files.
#[derive(Debug, Clone)]
pub struct FigureFiles {
    /// Kinds, towns, years, the pair to draw over each other.
    pub choice: Choice,
    /// True when fan charts also show what the plans alone leave open.
    pub plan_bands: bool,
    /// Files of each figure.
    pub formats: Vec<FileFormat>,
    /// Width of PNG files in pixels.
    pub width: u32,
    /// Resolution at which PNG files are to be printed, dots an inch.
    pub dpi: u32,
}

impl FigureFiles {
    /// Draws the figures, on all threads.
    ///
    /// # Errors
    /// [`ArchiveError::Model`] when the runs of the plans alone do not fit.
    pub fn draw(&self, recipe: &Recipe, results: &Results, text: &Text) -> Result<Vec<Figure>, ArchiveError> {
        let plans_alone = self.plans_alone(recipe)?;
        let material = Material { case: &recipe.case, results, plans_alone: plans_alone.as_ref() };
        Ok(plot::figures(material, text, &self.choice))
    }

    /// Draws the figures, hands each over as its files as soon as it is drawn and drops it, so that memory does not
    /// grow with their number; gives how many there were.
    ///
    /// # Errors
    /// Those of [`FigureFiles::draw`] and [`FigureFiles::write`].
    pub fn draw_each(
        &self,
        recipe: &Recipe,
        results: &Results,
        text: &Text,
        keep: &Keep<'_>,
    ) -> Result<usize, ArchiveError> {
        let plans_alone = self.plans_alone(recipe)?;
        let material = Material { case: &recipe.case, results, plans_alone: plans_alone.as_ref() };
        let (raster, count) = (Raster::new(self.width, self.dpi), AtomicUsize::new(0));
        plot::each_figure(material, text, &self.choice, |figure| {
            count.fetch_add(1, Ordering::Relaxed);
            self.write_one(&raster, keep, &figure)
        })?;
        Ok(count.into_inner())
    }

    /// Runs in which only the plans are uncertain, if they are asked for.
    fn plans_alone(&self, recipe: &Recipe) -> Result<Option<Results>, ArchiveError> {
        if !self.plan_bands {
            return Ok(None);
        }
        let uncertainty = Uncertainty { plan: true, ..Uncertainty::NONE };
        let options = Options { uncertainty, ..recipe.options.clone() };
        Ok(Some(analyse::study(&recipe.case, &options, Effort::runs(PLAN_RUNS), &|_, _| {})?))
    }

    /// Hands over the files of figures, from all threads, each with its path below the folder of figures.
    ///
    /// # Errors
    /// Those of `keep`, and [`ArchiveError::Plot`].
    pub fn write(&self, keep: &Keep<'_>, figures: &[Figure]) -> Result<(), ArchiveError> {
        let raster = Raster::new(self.width, self.dpi);
        figures.par_iter().try_for_each(|figure| self.write_one(&raster, keep, figure))
    }

    fn write_one(&self, raster: &Raster, keep: &Keep<'_>, figure: &Figure) -> Result<(), ArchiveError> {
        if self.formats.contains(&FileFormat::Svg) {
            keep(&format!("{}.svg", figure.name), figure.svg.as_bytes())?;
        }
        if self.formats.contains(&FileFormat::Png) {
            keep(&format!("{}.png", figure.name), &raster.png(&figure.svg)?)?;
        }
        Ok(())
    }
}

/// Writes a file: its path below the folder of figures, and its bytes.
type Keep<'a> = dyn Fn(&str, &[u8]) -> Result<(), ArchiveError> + Sync + 'a;

impl Pictures {
    /// The figures as the page shows them.
    pub fn of(figures: Vec<Figure>) -> Self {
        let picture = |figure: Figure| Picture {
            name: figure.name,
            title: figure.title,
            alt: figure.alt,
            svg: figure.svg,
            header: figure.table.headers,
            rows: figure.table.rows,
        };
        let fonts = plot::faces().map(|(weight, bytes)| Font { family: plot::FAMILY, weight, bytes });
        Self { shown: figures.into_iter().map(picture).collect(), fonts: fonts.to_vec() }
    }
}
