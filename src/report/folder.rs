//! The result folder: written beside its place and moved there when it is complete.
//!
//! While a run is under way its files stand in a hidden folder beside the result, `.NAME.unfinished`, which
//! a lock marks as being written. A run that is interrupted leaves the last good result as it was; the next
//! run clears what it left. A result that is replaced stays in its place until the new one is complete.

use std::fs::{self, File, TryLockError};
use std::io;
use std::path::{Path, PathBuf};

/// A result folder that is being written.
#[derive(Debug)]
pub struct Staging {
    place: PathBuf,
    unfinished: PathBuf,
    replaced: PathBuf,
    /// Held until the end; it goes with the value.
    lock: (PathBuf, File),
}

/// Why a result folder cannot be written.
#[derive(Debug, thiserror::Error)]
pub enum FolderError {
    /// There is a result already.
    #[error("{} holds a result already", .0.display())]
    Exists(PathBuf),
    /// There is something that is no result.
    #[error("{} exists and is no result of boljam, so it will not be replaced", .0.display())]
    Foreign(PathBuf),
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
fn at(path: &Path) -> impl Fn(io::Error) -> FolderError + '_ {
    |cause| FolderError::Io { path: path.to_owned(), cause }
}

impl Staging {
    /// Begins a result that will stand at `place`. An existing one is replaced only with `force`; whatever
    /// else stands there never is, but for an empty folder.
    ///
    /// # Errors
    /// [`FolderError`] when the place is taken, has no name, or cannot be written.
    pub fn new(place: &Path, force: bool) -> Result<Self, FolderError> {
        let name = place.file_name().ok_or_else(|| FolderError::Unnamed(place.to_owned()))?;
        check_place(place, force)?;
        let sibling = |ending: &str| {
            let mut hidden = std::ffi::OsString::from(".");
            hidden.push(name);
            hidden.push(ending);
            place.with_file_name(hidden)
        };
        if let Some(parent) = place.parent() {
            fs::create_dir_all(parent).map_err(at(parent))?;
        }
        let lock_path = sibling(".lock");
        let lock = File::create(&lock_path).map_err(at(&lock_path))?;
        if let Err(TryLockError::WouldBlock) = lock.try_lock() {
            return Err(FolderError::Busy(place.to_owned()));
        }
        // From here on the siblings are ours. (A file system without locks passes too: hardly anybody writes
        // one result twice at a time.)
        let folder = Self {
            place: place.to_owned(),
            unfinished: sibling(".unfinished"),
            replaced: sibling(".replaced"),
            lock: (lock_path, lock),
        };
        folder.clear()?;
        Ok(folder)
    }

    /// Puts back a result that a run was stopped from replacing half-way, and clears what it left.
    fn clear(&self) -> Result<(), FolderError> {
        if self.replaced.exists() && self.place.exists() {
            fs::remove_dir_all(&self.replaced).map_err(at(&self.replaced))?;
        } else if self.replaced.exists() {
            fs::rename(&self.replaced, &self.place).map_err(at(&self.place))?;
        }
        if self.unfinished.exists() {
            fs::remove_dir_all(&self.unfinished).map_err(at(&self.unfinished))?;
        }
        fs::create_dir(&self.unfinished).map_err(at(&self.unfinished))
    }

    /// Writes a file; its folders are made.
    ///
    /// # Errors
    /// [`FolderError::Io`].
    pub fn write(&self, name: &str, bytes: impl AsRef<[u8]>) -> Result<(), FolderError> {
        let path = self.path(name)?;
        fs::write(&path, bytes).map_err(at(&path))
    }

    /// The path under which a file of the folder can be written now.
    ///
    /// # Errors
    /// [`FolderError::Io`] if its folder cannot be made.
    pub fn path(&self, name: &str) -> Result<PathBuf, FolderError> {
        let path = self.unfinished.join(name);
        if let Some(parent) = path.parent() {
            fs::create_dir_all(parent).map_err(at(parent))?;
        }
        Ok(path)
    }

    /// Moves the complete folder to its place.
    ///
    /// # Errors
    /// [`FolderError::Io`]; an earlier result is put back then.
    pub fn publish(self) -> Result<(), FolderError> {
        if is_empty(&self.place) {
            fs::remove_dir(&self.place).map_err(at(&self.place))?;
        }
        let replaces = self.place.exists();
        if replaces {
            fs::rename(&self.place, &self.replaced).map_err(at(&self.place))?;
        }
        if let Err(cause) = fs::rename(&self.unfinished, &self.place) {
            if replaces {
                fs::rename(&self.replaced, &self.place).map_err(at(&self.place))?;
            }
            return Err(FolderError::Io { path: self.place.clone(), cause });
        }
        if replaces {
            fs::remove_dir_all(&self.replaced).map_err(at(&self.replaced))?;
        }
        Ok(())
    }
}

impl Drop for Staging {
    /// Clears the files of a run that failed; after [`Staging::publish`] only the lock is left.
    fn drop(&mut self) {
        // Nothing more can be done if this fails: the next run to the same place tries again.
        let _ = fs::remove_dir_all(&self.unfinished);
        let _ = fs::remove_file(&self.lock.0);
        let _ = self.lock.1.unlock();
    }
}

fn check_place(place: &Path, force: bool) -> Result<(), FolderError> {
    if !place.exists() || is_empty(place) {
        Ok(())
    } else if !place.join("manifest.json").is_file() {
        Err(FolderError::Foreign(place.to_owned()))
    } else if force {
        Ok(())
    } else {
        Err(FolderError::Exists(place.to_owned()))
    }
}

fn is_empty(path: &Path) -> bool {
    fs::read_dir(path).is_ok_and(|mut entries| entries.next().is_none())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entries(path: &Path) -> Vec<String> {
        let mut names: Vec<String> =
            fs::read_dir(path).unwrap().map(|e| e.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }

    fn write_result(place: &Path, force: bool, text: &str) -> Result<(), FolderError> {
        let folder = Staging::new(place, force)?;
        folder.write("manifest.json", "{}")?;
        folder.write("deep/file.txt", text)?;
        folder.publish()
    }

    #[test]
    fn a_finished_result_is_alone_in_its_place() {
        let home = tempfile::tempdir().unwrap();
        let place = home.path().join("new/results");
        write_result(&place, false, "one").unwrap();
        assert_eq!(entries(&home.path().join("new")), ["results"]);
        assert_eq!(fs::read_to_string(place.join("deep/file.txt")).unwrap(), "one");
    }

    #[test]
    fn a_result_is_replaced_only_by_force_and_only_when_the_new_one_is_complete() {
        let home = tempfile::tempdir().unwrap();
        let place = home.path().join("results");
        write_result(&place, false, "one").unwrap();
        assert!(matches!(write_result(&place, false, "two"), Err(FolderError::Exists(_))));
        let started = Staging::new(&place, true).unwrap();
        started.write("half.txt", "half").unwrap();
        drop(started);
        assert_eq!(fs::read_to_string(place.join("deep/file.txt")).unwrap(), "one");
        write_result(&place, true, "three").unwrap();
        assert_eq!(fs::read_to_string(place.join("deep/file.txt")).unwrap(), "three");
        assert_eq!(entries(home.path()), ["results"]);
    }

    #[test]
    fn what_is_no_result_is_never_replaced() {
        let home = tempfile::tempdir().unwrap();
        let place = home.path().join("photos");
        fs::create_dir(&place).unwrap();
        write_result(&place, false, "an empty folder may be filled").unwrap();
        fs::remove_file(place.join("manifest.json")).unwrap();
        assert!(matches!(write_result(&place, true, "x"), Err(FolderError::Foreign(_))));
        let file = home.path().join("file");
        fs::write(&file, "mine").unwrap();
        assert!(matches!(write_result(&file, true, "x"), Err(FolderError::Foreign(_))));
        assert!(matches!(write_result(Path::new("/"), true, "x"), Err(FolderError::Unnamed(_))));
    }

    #[test]
    fn two_runs_cannot_write_to_one_place() {
        let home = tempfile::tempdir().unwrap();
        let place = home.path().join("results");
        let first = Staging::new(&place, false).unwrap();
        assert!(matches!(Staging::new(&place, false), Err(FolderError::Busy(_))));
        first.write("manifest.json", "{}").unwrap();
        first.publish().unwrap();
        assert_eq!(entries(home.path()), ["results"]);
    }

    #[test]
    fn what_an_interrupted_run_left_is_cleared_and_what_it_moved_is_put_back() {
        let home = tempfile::tempdir().unwrap();
        let place = home.path().join("results");
        write_result(&place, false, "good").unwrap();
        // As a run leaves things that dies between its two renames.
        fs::rename(&place, home.path().join(".results.replaced")).unwrap();
        fs::create_dir_all(home.path().join(".results.unfinished/deep")).unwrap();
        fs::write(home.path().join(".results.lock"), "").unwrap();
        drop(Staging::new(&place, false).unwrap());
        assert_eq!(fs::read_to_string(place.join("deep/file.txt")).unwrap(), "good");
        assert_eq!(entries(home.path()), ["results"]);
    }
}
