//! The complete folder takes its place, and what is its user's stays.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::{Staging, is_empty};
use crate::archive::belongings::{Owner, belongings, carry, in_few_words, sha256_of_file};
use crate::archive::folder_error::{FolderError, at};

impl Staging {
    /// Moves the complete folder to its place. Gives the names of what somebody else had put there, which stays.
    ///
    /// # Errors
    /// [`FolderError::Edited`] when something of the user's would have to be replaced, [`FolderError::Io`]; an earlier
    /// result stands where it stood then.
    pub fn publish(self) -> Result<Vec<String>, FolderError> {
        let real = &self.place.real;
        if !real.exists() || is_empty(real) {
            if real.exists() {
                fs::remove_dir(real).map_err(at(real))?;
            }
            fs::rename(&self.unfinished, real).map_err(at(real))?;
            self.drop_checkpoint()?;
            return Ok(Vec::new());
        }
        let stays = self.carry_over(real, &self.unfinished)?;
        let old = self.exchange()?;
        // What came while the two changed places. Nothing of it can be in the way of a file that was there before.
        self.carry_over(&old, real)?;
        fs::remove_dir_all(&old).map_err(at(&old))?;
        self.drop_checkpoint()?;
        Ok(in_few_words(&stays))
    }

    /// Puts what is the user's from the old folder into the new one, and gives its paths.
    fn carry_over(&self, old: &Path, new: &Path) -> Result<Vec<PathBuf>, FolderError> {
        let (mut stays, mut edited) = (Vec::new(), Vec::new());
        for (path, owner) in belongings(old).map_err(at(old))? {
            let is_taken = fs::symlink_metadata(new.join(&path)).is_ok();
            match owner {
                Owner::Program => {}
                Owner::Unlisted if is_taken => {}
                _ if !is_taken => stays.push(path),
                _ if is_same(&old.join(&path), &new.join(&path)) => {}
                _ => edited.push(path),
            }
        }
        self.refuse(&edited)?;
        for path in &stays {
            carry(path, old, new).map_err(at(&self.place.real.join(path)))?;
        }
        Ok(stays)
    }

    /// Lets the old and the new folder change places, and gives the path of the old one.
    fn exchange(&self) -> Result<PathBuf, FolderError> {
        let real = &self.place.real;
        if change_places(&self.unfinished, real).is_ok() {
            return Ok(self.unfinished.clone());
        }
        // A system or file system that cannot do it in one step. Should the program die between the two, the next run
        // puts the old one back.
        fs::rename(real, &self.replaced).map_err(at(real))?;
        if let Err(cause) = fs::rename(&self.unfinished, real) {
            fs::rename(&self.replaced, real).map_err(at(real))?;
            return Err(FolderError::Io { path: real.clone(), cause });
        }
        Ok(self.replaced.clone())
    }
}

#[cfg(target_os = "linux")]
fn change_places(a: &Path, b: &Path) -> io::Result<()> {
    use rustix::fs::{CWD, RenameFlags, renameat_with};
    Ok(renameat_with(CWD, a, CWD, b, RenameFlags::EXCHANGE)?)
}

#[cfg(not(target_os = "linux"))]
fn change_places(_: &Path, _: &Path) -> io::Result<()> {
    Err(io::ErrorKind::Unsupported.into())
}

/// True when both are files with the same bytes (the same file, perhaps), or both are folders.
fn is_same(a: &Path, b: &Path) -> bool {
    let hash = |path: &Path| {
        fs::symlink_metadata(path).ok().filter(fs::Metadata::is_file).and_then(|_| sha256_of_file(path).ok())
    };
    (a.is_dir() && b.is_dir()) || hash(a).is_some_and(|a| Some(a) == hash(b))
}
