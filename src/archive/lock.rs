//! One writer at a time: hidden names beside a folder, and the lock that makes them ours.

use std::ffi::OsString;
use std::fs::{self, File, TryLockError};
use std::path::{Path, PathBuf};

use super::folder_error::{FolderError, at};

/// A place to write to, with its hidden siblings; nobody else writes there while it lives.
#[derive(Debug)]
pub(super) struct Locked {
    /// As the user named it, for messages.
    pub(super) named: PathBuf,
    /// Where that leads: a link is followed, not replaced.
    pub(super) real: PathBuf,
    path: PathBuf,
    /// Held until the end; it goes with the value.
    lock: File,
}

impl Locked {
    /// Locks a place, which need not exist; its parents are made.
    pub(super) fn new(named: &Path) -> Result<Self, FolderError> {
        let real = followed(named);
        let name = real.file_name().ok_or_else(|| FolderError::Unnamed(named.to_owned()))?;
        if let Some(parent) = real.parent() {
            fs::create_dir_all(parent).map_err(at(parent))?;
        }
        let path = real.with_file_name(hidden(name, ".lock"));
        let lock = File::create(&path).map_err(at(&path))?;
        if let Err(TryLockError::WouldBlock) = lock.try_lock() {
            return Err(FolderError::Busy(named.to_owned()));
        }
        // From here on the siblings are ours. (A file system without locks passes too: hardly anybody writes
        // one result twice at a time.)
        Ok(Self { named: named.to_owned(), real, path, lock })
    }

    /// The hidden folder `.NAME` with an ending, beside the place.
    pub(super) fn sibling(&self, ending: &str) -> PathBuf {
        self.real.with_file_name(hidden(self.real.file_name().unwrap_or_default(), ending))
    }
}

impl Drop for Locked {
    fn drop(&mut self) {
        // Nothing more can be done if this fails: the next one to the same place uses the same file.
        let _ = fs::remove_file(&self.path);
        let _ = self.lock.unlock();
    }
}

fn hidden(name: &std::ffi::OsStr, ending: &str) -> OsString {
    let mut hidden = OsString::from(".");
    hidden.push(name);
    hidden.push(ending);
    hidden
}

/// Where a path leads. A link is followed, also one that leads nowhere yet.
pub(super) fn followed(path: &Path) -> PathBuf {
    // So many links in a row are a circle; the system then says so.
    let mut real = path.to_owned();
    for _ in 0..40 {
        let Ok(target) = fs::read_link(&real) else { break };
        real = real.parent().unwrap_or(Path::new("")).join(target);
    }
    real
}
