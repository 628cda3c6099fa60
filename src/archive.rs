//! The result folder: made, kept, opened again.
//!
//! Takes a [`Recipe`] (a case, options, how many runs) and gives a folder with tables, report and figures beside the
//! aggregates they are made from; takes such a folder and gives its [`crate::analyse::Results`] without running.
//! This is the only stage that writes files. It prints nothing and knows neither a clock nor signals: what it is
//! doing, and whether it should stop, it learns through closures ([`Advance`]).
//!
//! # Examples
//! A result, opened again:
//! ```no_run
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let results = boljam::archive::open("results".as_ref())?.results()?;
//! println!("{} towns, {} runs", results.towns.len(), results.setup.runs);
//! # Ok(())
//! # }
//! ```

mod additions;
mod advance;
mod answers;
mod belongings;
mod error;
#[cfg(feature = "plot")]
mod figures;
mod folder;
mod folder_error;
mod kept_runs;
mod lock;
mod manifest;
mod merge;
mod open;
mod page;
mod recipe;
mod sensitivity;
mod shard;
mod stress;
mod variance;
mod write;

pub use additions::Additions;
pub use advance::{Advance, Made, Wish};
pub use answers::publish_answer;
pub use error::ArchiveError;
#[cfg(feature = "plot")]
pub use figures::{FigureFiles, FileFormat};
pub use folder::{ENSEMBLE, Staging};
pub use folder_error::FolderError;
pub use kept_runs::Columns;
pub use manifest::{FORMAT, Manifest, Stopped, input_hashes};
pub use merge::Shards;
pub use open::{Archived, open};
pub use page::Pictures;
pub use recipe::Recipe;
pub use sensitivity::{SensitivityFiles, write_sensitivity};
pub use shard::Shard;
pub use stress::write_stress;
pub use variance::write_variance;
pub use write::{Draw, Written, reports, write, write_shard};
