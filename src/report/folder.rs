//! The result folder: written beside its place and moved there when it is complete.
//!
//! While a run is under way its files stand in a hidden folder beside the result, `.NAME.unfinished`, which
//! a lock marks as being written. A run that is interrupted leaves the last good result as it was; the next
//! run clears what it left. A result that is replaced stays in its place until the new one is complete.
//!
//! What a long run has done so far is a checkpoint in another hidden folder, `.NAME.resume`, which outlives
//! the run that is stopped, and goes when the result is complete.

use std::fs::{self, File, TryLockError};
use std::io;
use std::path::{Path, PathBuf};

/// The file that makes a checkpoint one.
pub const CHECKPOINT: &str = "ensemble.bin";

/// A result folder that is being written.
#[derive(Debug)]
pub struct Staging {
    place: PathBuf,
    unfinished: PathBuf,
    replaced: PathBuf,
    resume: PathBuf,
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
fn at(path: &Path) -> impl Fn(io::Error) -> FolderError + '_ {
    |cause| FolderError::Io { path: path.to_owned(), cause }
}

impl Staging {
    /// Begins a result that will stand at `place`. An existing one is replaced only with `force`; whatever
    /// else stands there never is, but for an empty folder. A checkpoint is dropped only with `force`.
    ///
    /// # Errors
    /// [`FolderError`] when the place is taken, has no name, or cannot be written.
    pub fn new(place: &Path, force: bool) -> Result<Self, FolderError> {
        let folder = Self::open(place, force)?;
        if folder.resume.join(CHECKPOINT).is_file() && !force {
            return Err(FolderError::Unfinished(place.to_owned()));
        }
        folder.drop_checkpoint()?;
        Ok(folder)
    }

    /// Begins a result again whose run was stopped; its checkpoint is in [`Staging::resume`].
    ///
    /// # Errors
    /// [`FolderError`] when there is no checkpoint, when the place is taken or cannot be written.
    pub fn again(place: &Path, force: bool) -> Result<Self, FolderError> {
        let folder = Self::open(place, force)?;
        if folder.resume.join(CHECKPOINT).is_file() {
            Ok(folder)
        } else {
            Err(FolderError::NothingToResume(place.to_owned()))
        }
    }

    fn open(place: &Path, force: bool) -> Result<Self, FolderError> {
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
            resume: sibling(".resume"),
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

    /// The folder of the checkpoint.
    pub fn resume(&self) -> &Path {
        &self.resume
    }

    /// Writes a file of the checkpoint, whole or not at all: under a temporary name, on to the disk, and then
    /// to its own name. [`CHECKPOINT`] is written last: without it nothing counts.
    ///
    /// # Errors
    /// [`FolderError::Io`].
    pub fn write_checkpoint(&self, name: &str, bytes: &[u8]) -> Result<(), FolderError> {
        use std::io::Write as _;
        let path = self.resume.join(name);
        let parent = path.parent().unwrap_or(&self.resume);
        fs::create_dir_all(parent).map_err(at(parent))?;
        let mut temporary = path.clone().into_os_string();
        temporary.push(".new");
        let temporary = PathBuf::from(temporary);
        let mut file = File::create(&temporary).map_err(at(&temporary))?;
        file.write_all(bytes).and_then(|()| file.sync_all()).map_err(at(&temporary))?;
        fs::rename(&temporary, &path).map_err(at(&path))?;
        // The new name reaches the disk with its folder; where folders cannot be opened it does so by itself.
        if let Ok(folder) = File::open(parent) {
            let _ = folder.sync_all();
        }
        Ok(())
    }

    fn drop_checkpoint(&self) -> Result<(), FolderError> {
        if self.resume.exists() { fs::remove_dir_all(&self.resume).map_err(at(&self.resume)) } else { Ok(()) }
    }

    /// Writes a file; its folders are made.
    ///
    /// # Errors
    /// [`FolderError::Io`].
    pub fn write(&self, name: &str, bytes: impl AsRef<[u8]>) -> Result<(), FolderError> {
        let path = self.path(name)?;
        fs::write(&path, bytes).map_err(at(&path))
    }

    /// True when a file has been written.
    pub fn has(&self, name: &str) -> bool {
        self.unfinished.join(name).is_file()
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
        self.drop_checkpoint()
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
    fn a_checkpoint_outlives_its_run_and_goes_with_the_result_or_by_force() {
        let home = tempfile::tempdir().unwrap();
        let place = home.path().join("results");
        assert!(matches!(Staging::again(&place, false), Err(FolderError::NothingToResume(_))));
        let stopped = Staging::new(&place, false).unwrap();
        stopped.write_checkpoint("inputs/case.toml", b"x").unwrap();
        drop(stopped);
        assert!(matches!(Staging::again(&place, false), Err(FolderError::NothingToResume(_))));
        let stopped = Staging::new(&place, false).unwrap();
        assert!(!stopped.resume().exists(), "what is no checkpoint is cleared");
        stopped.write_checkpoint(CHECKPOINT, b"one").unwrap();
        stopped.write_checkpoint(CHECKPOINT, b"two").unwrap();
        drop(stopped);
        assert_eq!(entries(home.path()), [".results.resume"]);
        assert_eq!(entries(&home.path().join(".results.resume")), [CHECKPOINT]);
        assert!(matches!(Staging::new(&place, false), Err(FolderError::Unfinished(_))));
        let again = Staging::again(&place, false).unwrap();
        assert_eq!(fs::read(again.resume().join(CHECKPOINT)).unwrap(), b"two");
        again.write("manifest.json", "{}").unwrap();
        again.publish().unwrap();
        assert_eq!(entries(home.path()), ["results"]);
        Staging::new(&place, true).unwrap().write_checkpoint(CHECKPOINT, b"three").unwrap();
        drop(Staging::new(&place, true).unwrap());
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
