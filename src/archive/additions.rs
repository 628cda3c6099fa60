//! Files added to a folder that may stand already: all of them, or none.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Mutex;

use super::belongings::{Owner, listed, owner, sha256};
use super::folder_error::{FolderError, at};
use super::lock::{Locked, followed};
use super::manifest::Manifest;
use crate::report::provenance::FileHash;

/// Files on their way into a folder. They are written into a hidden folder beside it, and moved to their places when
/// all are complete; if one cannot be written, none is moved and nothing is left.
#[derive(Debug)]
pub struct Additions {
    folder: Locked,
    hidden: PathBuf,
    /// The result that the folder is a part of, and the path from there to here.
    result: Option<(PathBuf, PathBuf)>,
    /// Hash of each file that has been written, by its path inside the folder.
    written: Mutex<BTreeMap<String, String>>,
}

impl Additions {
    /// Begins to add to a folder, which is made if there is none. In the folder of `result`, or one inside it, what
    /// somebody has edited is not replaced, and what is added is listed in the manifest.
    ///
    /// # Errors
    /// [`FolderError`] when somebody else is writing there or the system refuses.
    pub fn begin(folder: &Path, result: Option<&Path>) -> Result<Self, FolderError> {
        let named = absolute(folder).unwrap_or_else(|| folder.to_owned());
        let folder = Locked::new(&named)?;
        let home = result.and_then(|result| result.canonicalize().ok());
        let inside = |home: PathBuf| Some((home.clone(), named.strip_prefix(&home).ok()?.to_owned()));
        let additions = Self {
            hidden: folder.sibling(".added"),
            result: home.and_then(inside),
            written: Mutex::default(),
            folder,
        };
        additions.clear()?;
        Ok(additions)
    }

    fn clear(&self) -> Result<(), FolderError> {
        if self.hidden.exists() {
            fs::remove_dir_all(&self.hidden).map_err(at(&self.hidden))?;
        }
        fs::create_dir(&self.hidden).map_err(at(&self.hidden))
    }

    /// Writes a file; from any thread.
    ///
    /// # Errors
    /// [`FolderError::Io`].
    pub fn write(&self, name: &str, bytes: &[u8]) -> Result<(), FolderError> {
        let path = self.hidden.join(name);
        if let Some(parent) = path.parent() {
            fs::create_dir_all(parent).map_err(at(parent))?;
        }
        fs::write(&path, bytes).map_err(at(&self.folder.real.join(name)))?;
        let mut written = self.written.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        written.insert(name.to_owned(), sha256(bytes));
        Ok(())
    }

    /// Moves all files to their places; those of the same name are replaced.
    ///
    /// # Errors
    /// [`FolderError::Edited`] when in a result such a file is not as boljam wrote it; [`FolderError::Io`].
    pub fn publish(self) -> Result<(), FolderError> {
        let written =
            std::mem::take(&mut *self.written.lock().unwrap_or_else(std::sync::PoisonError::into_inner));
        let manifest = match &self.result {
            Some((home, inside)) => self.manifest(home, inside, &written)?,
            None => None,
        };
        for name in written.keys() {
            let to = followed(&self.folder.real.join(name));
            if let Some(parent) = to.parent() {
                fs::create_dir_all(parent).map_err(at(parent))?;
            }
            fs::rename(self.hidden.join(name), &to).map_err(at(&to))?;
        }
        if let Some((hidden, place)) = manifest {
            fs::rename(hidden, &place).map_err(at(&place))?;
        }
        Ok(())
    }

    /// The manifest of the result with these files in its list, as a hidden file and the place it belongs to.
    fn manifest(
        &self,
        home: &Path,
        inside: &Path,
        written: &BTreeMap<String, String>,
    ) -> Result<Option<(PathBuf, PathBuf)>, FolderError> {
        let place = home.join("manifest.json");
        let Some(mut listed) = listed(home) else { return Ok(None) };
        let mut edited = Vec::new();
        for (name, hash) in written {
            let path = inside.join(name);
            let stands = fs::symlink_metadata(home.join(&path)).is_ok();
            if stands && owner(home, &path, Some(&listed)).map_err(at(&home.join(&path)))? != Owner::Program {
                let same = fs::read(home.join(&path)).is_ok_and(|bytes| sha256(&bytes) == *hash);
                if !same {
                    edited.push(path.display().to_string());
                }
            }
        }
        if !edited.is_empty() {
            return Err(FolderError::Edited(home.to_owned(), edited));
        }
        let Ok(mut manifest) = Manifest::read(home) else { return Ok(None) };
        let inside = |name: &String| {
            inside.join(name).iter().map(|p| p.to_string_lossy()).collect::<Vec<_>>().join("/")
        };
        listed.extend(written.iter().map(|(name, hash)| (inside(name), hash.clone())));
        manifest.files = listed.into_iter().map(|(file, sha256)| FileHash { file, sha256 }).collect();
        let hidden = self.hidden.join("manifest.json");
        fs::write(&hidden, manifest.to_json()).map_err(at(&place))?;
        Ok(Some((hidden, place)))
    }
}

/// The path without links; its last part need not exist.
fn absolute(path: &Path) -> Option<PathBuf> {
    let parent = path.parent().filter(|parent| *parent != Path::new("")).unwrap_or(Path::new("."));
    path.canonicalize().ok().or_else(|| Some(parent.canonicalize().ok()?.join(path.file_name()?)))
}

impl Drop for Additions {
    fn drop(&mut self) {
        // Nothing more can be done if this fails: the next addition to the same place tries again.
        let _ = fs::remove_dir_all(&self.hidden);
    }
}
