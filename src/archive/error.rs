//! Why a result cannot be made, written or opened.

use std::path::{Path, PathBuf};

use super::folder_error::FolderError;
use crate::case::Faults;
use crate::model::{ModelError, UnknownId};

/// Why a result cannot be made, written or opened.
#[derive(Debug, thiserror::Error)]
pub enum ArchiveError {
    /// A file of a result is missing, of another format, damaged, or not what its neighbours say.
    #[error("{}: {message}", path.display())]
    Unsound {
        /// The file or folder.
        path: PathBuf,
        /// What is wrong with it.
        message: String,
    },
    /// A value that was asked for does not exist: the words it was asked for with, and what is known.
    #[error("{0}")]
    Unknown(String),
    /// Several results that are not the shards of one run, a line each.
    #[error("{}", listed(.0))]
    Misfits(Vec<String>),
    /// The case is at fault.
    #[error(transparent)]
    Case(#[from] Faults),
    /// The options do not fit the case.
    #[error(transparent)]
    Model(#[from] ModelError),
    /// A town, scenario or stress that the case does not have.
    #[error(transparent)]
    UnknownId(#[from] UnknownId),
    /// The folder cannot be written.
    #[error(transparent)]
    Folder(#[from] FolderError),
    /// A figure cannot be drawn.
    #[cfg(feature = "plot")]
    #[error(transparent)]
    Plot(#[from] crate::plot::PlotError),
    /// The caller wished the runs to end. What is done is kept as a checkpoint.
    #[error("stopped after {done} of {runs} runs, which are kept")]
    Stopped {
        /// Runs that are done.
        done: u64,
        /// Runs that were asked for.
        runs: u64,
    },
}

impl ArchiveError {
    pub(super) fn unsound(path: &Path, message: impl Into<String>) -> Self {
        Self::Unsound { path: path.to_owned(), message: message.into() }
    }
}

/// One fault as it is, several under their number.
fn listed(faults: &[String]) -> String {
    match faults {
        [one] => one.clone(),
        _ => format!("{} faults\n  {}", faults.len(), faults.join("\n  ")),
    }
}
