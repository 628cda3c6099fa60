//! Pictures of results, as SVG and PNG.
//!
//! Takes a [`Case`](crate::case::Case), its [`Results`](crate::analyse::Results) and a catalogue of text; gives
//! [`Figure`]s. Drawing is pure: files are the caller's business. Titles say the finding, built from the numbers.
//!
//! A figure of the region that would be higher than a sheet is drawn on several (`region`, `region-2`, ..), and each
//! says so.

mod backtest;
mod band;
mod canvas;
pub mod choice;
mod context;
mod delivery;
mod discover;
mod figure;
mod findings;
mod font;
mod futures;
mod gallery;
mod headings;
mod key;
mod kind;
mod labels;
mod letters;
mod lines;
mod material;
mod palette;
mod panel;
mod pictures;
mod ranges;
mod raster;
mod robust;
mod run_picture;
mod sheet;
mod stack;
mod stories;
mod stress;
mod svg;
mod table;
mod tested;
mod theme;
mod ticks;
mod variance;

pub use backtest::backtest_picture;
pub use delivery::delivery_curves;
pub use discover::discovery_figures;
pub use figure::Figure;
pub use font::{FAMILY, Type, faces, has_letters, text_width};
pub use futures::{SensitivityFigure, sensitivity_figures, swing_figures};
pub use gallery::{each_figure, figures};
pub use kind::FigureKind;
pub use letters::missing_letters;
pub use material::{Choice, Material};
pub use pictures::{CalibrationPicture, calibration_pictures};
pub use raster::{PlotError, Raster, encode};
pub use robust::robust_figures;
pub use run_picture::RunPicture;
pub use stories::story_figures;
pub use stress::{StressFigure, stress_figures, surface_figures};
pub use table::Table;
pub use variance::{VarianceFigure, variance_figures};
