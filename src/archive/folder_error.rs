//! Why a folder cannot be written.

use std::io;
use std::path::{Path, PathBuf};

/// Why a folder cannot be written.
#[derive(Debug, thiserror::Error)]
pub enum FolderError {
    /// There is a result already.
    #[error("{} holds a result already", .0.display())]
    Exists(PathBuf),
    /// There is something that is no result.
    #[error("{} exists and is no result of boljam, so it will not be replaced", .0.display())]
    Foreign(PathBuf),
    /// Files that would be replaced are not as boljam wrote them.
    #[error("{}: somebody has changed or put there what would be replaced: {}", .0.display(), .1.join(", "))]
    Edited(PathBuf, Vec<String>),
    /// A run to there was stopped, and its checkpoint can be gone on from.
    #[error("a run to {} was stopped before it was complete", .0.display())]
    Unfinished(PathBuf),
    /// There is no checkpoint to go on from.
    #[error("no run to {} was stopped after its first checkpoint", .0.display())]
    NothingToResume(PathBuf),
    /// The path names no folder (`/`, `..`).
    #[error("{} is no name for a folder", .0.display())]
    Unnamed(PathBuf),
    /// Another run is writing to the same place.
    #[error("another run is writing to {}", .0.display())]
    Busy(PathBuf),
    /// The disk refuses.
    #[error("cannot write {}: {cause}", path.display())]
    Io {
        /// What was being written.
        path: PathBuf,
        /// What the system said.
        cause: io::Error,
    },
}

/// Names the path in an error of the system.
pub(super) fn at(path: &Path) -> impl Fn(io::Error) -> FolderError + '_ {
    |cause| FolderError::Io { path: path.to_owned(), cause }
}
