//! The result folder: written beside its place and moved there when it is complete.
//!
//! While a run is under way its files stand in a hidden folder beside the result, `.NAME.unfinished`, which
//! a lock marks as being written. A run that is interrupted leaves the last good result as it was; the next
//! run clears what it left. A result that is replaced stays in its place until the new one is complete; then the two
//! change places, on Linux in one step. Only what boljam wrote goes: what its user put into the folder stays where it
//! is, and what its user changed is not replaced.
//!
//! What a long run has done so far is a checkpoint in another hidden folder, `.NAME.resume`, which outlives
//! the run that is stopped, and goes when the result is complete.

mod publish;

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::sync::Mutex;

use super::belongings::{Owner, belongings, sha256, sha256_of_file};
use super::folder_error::{FolderError, at};
use super::lock::Locked;
use crate::report::provenance::FileHash;

/// The file of aggregates, from which everything else can be made again; it makes a checkpoint one.
pub const ENSEMBLE: &str = "ensemble.bin";

/// A result folder that is being written.
#[derive(Debug)]
pub struct Staging {
    place: Locked,
    unfinished: PathBuf,
    replaced: PathBuf,
    resume: PathBuf,
    /// Hash of each file that has been written, by its path inside the folder.
    written: Mutex<BTreeMap<String, String>>,
}

impl Staging {
    /// Begins a result that will stand at `place`. An existing one is replaced only with `force`; whatever
    /// else stands there never is, but for an empty folder. Where there is a checkpoint it needs `force` too; the
    /// checkpoint goes when the caller says so ([`Staging::drop_checkpoint`]) or the result is complete.
    ///
    /// # Errors
    /// [`FolderError`] when the place is taken, has no name, or cannot be written.
    pub fn new(place: &Path, force: bool) -> Result<Self, FolderError> {
        let folder = Self::open(place, force)?;
        if folder.resume.join(ENSEMBLE).is_file() && !force {
            return Err(FolderError::Unfinished(place.to_owned()));
        }
        Ok(folder)
    }

    /// Begins a result again whose run was stopped; its checkpoint is in [`Staging::resume`].
    ///
    /// # Errors
    /// [`FolderError`] when there is no checkpoint, when the place is taken or cannot be written.
    pub fn again(place: &Path, force: bool) -> Result<Self, FolderError> {
        let folder = Self::open(place, force)?;
        if folder.resume.join(ENSEMBLE).is_file() {
            Ok(folder)
        } else {
            Err(FolderError::NothingToResume(place.to_owned()))
        }
    }

    fn open(place: &Path, force: bool) -> Result<Self, FolderError> {
        if place.file_name().is_none() {
            return Err(FolderError::Unnamed(place.to_owned()));
        }
        check_place(place, force)?;
        let place = Locked::new(place)?;
        let sibling = |ending: &str| place.sibling(ending);
        let (unfinished, replaced, resume) =
            (sibling(".unfinished"), sibling(".replaced"), sibling(".resume"));
        let folder = Self { place, unfinished, replaced, resume, written: Mutex::default() };
        folder.clear()?;
        folder.check_edits()?;
        Ok(folder)
    }

    /// Puts back a result that a run was stopped from replacing half-way, and clears what it left.
    fn clear(&self) -> Result<(), FolderError> {
        let real = &self.place.real;
        if self.replaced.exists() && real.exists() {
            fs::remove_dir_all(&self.replaced).map_err(at(&self.replaced))?;
        } else if self.replaced.exists() {
            fs::rename(&self.replaced, real).map_err(at(real))?;
        }
        if self.unfinished.exists() {
            fs::remove_dir_all(&self.unfinished).map_err(at(&self.unfinished))?;
        }
        fs::create_dir(&self.unfinished).map_err(at(&self.unfinished))
    }

    /// Finds before any work is done what could not be replaced at its end. Inputs are looked at then: whoever runs
    /// the inputs of a result that he has edited there loses nothing.
    fn check_edits(&self) -> Result<(), FolderError> {
        let real = &self.place.real;
        if !real.is_dir() {
            return Ok(());
        }
        let found = belongings(real).map_err(at(real))?;
        let edited =
            found.iter().filter(|(path, owner)| *owner == Owner::Edited && !path.starts_with("inputs"));
        self.refuse(&edited.map(|(path, _)| path.clone()).collect::<Vec<_>>())
    }

    fn refuse(&self, edited: &[PathBuf]) -> Result<(), FolderError> {
        if edited.is_empty() {
            return Ok(());
        }
        let names = edited.iter().map(|path| path.display().to_string()).collect();
        Err(FolderError::Edited(self.place.named.clone(), names))
    }

    /// Where the result will stand, as its user named it.
    pub fn place(&self) -> &Path {
        &self.place.named
    }

    /// The folder of the checkpoint.
    pub fn resume(&self) -> &Path {
        &self.resume
    }

    /// Writes a file of the checkpoint, whole or not at all: under a temporary name, on to the disk, and then
    /// to its own name. [`ENSEMBLE`] is written last: without it nothing counts.
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

    /// Writes a file; its folders are made. From any thread.
    ///
    /// # Errors
    /// [`FolderError::Io`].
    pub fn write(&self, name: &str, bytes: impl AsRef<[u8]>) -> Result<(), FolderError> {
        let path = self.path(name)?;
        fs::write(&path, &bytes).map_err(at(&path))?;
        self.note(name, sha256(bytes.as_ref()));
        Ok(())
    }

    /// Streams a file: `fill` is given the path under which it can be written now.
    ///
    /// # Errors
    /// [`FolderError::Io`] and those of `fill`.
    pub fn stream(
        &self,
        name: &str,
        fill: impl FnOnce(&Path) -> Result<(), FolderError>,
    ) -> Result<(), FolderError> {
        let path = self.path(name)?;
        fill(&path)?;
        self.note(name, sha256_of_file(&path).map_err(at(&path))?);
        Ok(())
    }

    fn note(&self, name: &str, hash: String) {
        let mut written = self.written.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        written.insert(name.to_owned(), hash);
    }

    /// The files that have been written, with their hashes, in order.
    pub fn files(&self) -> Vec<FileHash> {
        let written = self.written.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let file =
            |(file, sha256): (&String, &String)| FileHash { file: file.clone(), sha256: sha256.clone() };
        written.iter().map(file).collect()
    }

    /// True when a file has been written.
    pub fn has(&self, name: &str) -> bool {
        self.unfinished.join(name).is_file()
    }

    /// The path under which a file of the folder can be written now.
    fn path(&self, name: &str) -> Result<PathBuf, FolderError> {
        let path = self.unfinished.join(name);
        if let Some(parent) = path.parent() {
            fs::create_dir_all(parent).map_err(at(parent))?;
        }
        Ok(path)
    }

    /// Drops the checkpoint of an earlier run, once nothing can keep the new one from beginning.
    ///
    /// # Errors
    /// [`FolderError::Io`].
    pub fn drop_checkpoint(&self) -> Result<(), FolderError> {
        if self.resume.exists() { fs::remove_dir_all(&self.resume).map_err(at(&self.resume)) } else { Ok(()) }
    }
}

impl Drop for Staging {
    /// Clears the files of a run that failed; after [`Staging::publish`] only the lock is left.
    fn drop(&mut self) {
        // Nothing more can be done if this fails: the next run to the same place tries again.
        let _ = fs::remove_dir_all(&self.unfinished);
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
