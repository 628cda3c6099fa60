//! Writing a folder so that nothing is lost: into a temporary sibling, renamed when complete.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// Why a folder could not be written.
#[derive(Debug, thiserror::Error)]
pub enum FolderError {
    /// There is something of that name, and it was not to be replaced.
    #[error("{0} exists already (use --force to replace it, or another --out)")]
    Exists(PathBuf),
    /// There is something of that name that no run of this program wrote.
    #[error("{0} exists and is no result folder (it has no manifest.json): it is not replaced")]
    Foreign(PathBuf),
    /// The system refused.
    #[error("{path}: {source}")]
    Io {
        /// What could not be written.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
}

/// A folder under construction. Dropped before [`Staging::publish`], it removes what it wrote.
#[derive(Debug)]
pub struct Staging {
    target: PathBuf,
    temporary: PathBuf,
    published: bool,
}

fn failed(path: &Path) -> impl FnOnce(io::Error) -> FolderError {
    let path = path.to_owned();
    move |source| FolderError::Io { path, source }
}

impl Staging {
    /// Starts a folder that will be called `target`.
    ///
    /// # Errors
    /// [`FolderError::Exists`] if it is there and `replace` is false, [`FolderError::Foreign`] if it is there
    /// and is no result folder.
    pub fn new(target: &Path, replace: bool) -> Result<Self, FolderError> {
        if target.exists() {
            if !replace {
                return Err(FolderError::Exists(target.to_owned()));
            }
            let empty = fs::read_dir(target).is_ok_and(|mut entries| entries.next().is_none());
            if !empty && !target.join("manifest.json").is_file() {
                return Err(FolderError::Foreign(target.to_owned()));
            }
        }
        let temporary = beside(target, &format!("{}.tmp", std::process::id()));
        if temporary.exists() {
            fs::remove_dir_all(&temporary).map_err(failed(&temporary))?;
        }
        fs::create_dir_all(&temporary).map_err(failed(&temporary))?;
        Ok(Self { target: target.to_owned(), temporary, published: false })
    }

    /// Writes a file; its folders are made.
    ///
    /// # Errors
    /// [`FolderError::Io`].
    pub fn write(&self, name: &str, bytes: impl AsRef<[u8]>) -> Result<(), FolderError> {
        let path = self.path(name)?;
        fs::write(&path, bytes).map_err(failed(&path))
    }

    /// The path under which a file of the folder can be written now.
    ///
    /// # Errors
    /// [`FolderError::Io`] if its folder cannot be made.
    pub fn path(&self, name: &str) -> Result<PathBuf, FolderError> {
        let path = self.temporary.join(name);
        if let Some(parent) = path.parent() {
            fs::create_dir_all(parent).map_err(failed(parent))?;
        }
        Ok(path)
    }

    /// Gives the folder its name. What had that name before is moved aside first and removed last.
    ///
    /// # Errors
    /// [`FolderError::Io`]; the old folder is back in its place then.
    pub fn publish(mut self) -> Result<(), FolderError> {
        let aside = beside(&self.target, &format!("{}.old.tmp", std::process::id()));
        let replaces = self.target.exists();
        if replaces {
            fs::rename(&self.target, &aside).map_err(failed(&self.target))?;
        }
        if let Err(error) = fs::rename(&self.temporary, &self.target) {
            if replaces {
                fs::rename(&aside, &self.target).map_err(failed(&self.target))?;
            }
            return Err(failed(&self.target)(error));
        }
        self.published = true;
        if replaces {
            fs::remove_dir_all(&aside).map_err(failed(&aside))?;
        }
        Ok(())
    }
}

impl Drop for Staging {
    fn drop(&mut self) {
        if !self.published {
            // Nothing to be done if even this fails: the name says that it is temporary.
            let _ = fs::remove_dir_all(&self.temporary);
        }
    }
}

/// `.name.suffix` in the same folder.
fn beside(target: &Path, suffix: &str) -> PathBuf {
    let name = target.file_name().map_or_else(|| "results".to_owned(), |n| n.to_string_lossy().into_owned());
    target.with_file_name(format!(".{name}.{suffix}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_seen_until_all_is_there_and_nothing_is_left_of_a_failure() {
        let home = tempfile::tempdir().unwrap();
        let target = home.path().join("out");
        let staging = Staging::new(&target, false).unwrap();
        staging.write("a/b.txt", "1").unwrap();
        assert!(!target.exists());
        drop(staging);
        assert_eq!(fs::read_dir(home.path()).unwrap().count(), 0);
    }

    #[test]
    fn an_old_result_stays_until_the_new_one_is_complete() {
        let home = tempfile::tempdir().unwrap();
        let target = home.path().join("out");
        let write = |text: &str, force: bool| {
            let staging = Staging::new(&target, force)?;
            staging.write("manifest.json", text)?;
            staging.publish()
        };
        write("1", false).unwrap();
        assert!(matches!(write("2", false), Err(FolderError::Exists(_))));
        let half = Staging::new(&target, true).unwrap();
        half.write("manifest.json", "half").unwrap();
        drop(half);
        assert_eq!(fs::read_to_string(target.join("manifest.json")).unwrap(), "1");
        write("2", true).unwrap();
        assert_eq!(fs::read_to_string(target.join("manifest.json")).unwrap(), "2");
        assert_eq!(fs::read_dir(home.path()).unwrap().count(), 1);
    }

    #[test]
    fn a_folder_of_somebody_else_is_not_replaced() {
        let home = tempfile::tempdir().unwrap();
        fs::write(home.path().join("letter.txt"), "dear").unwrap();
        assert!(matches!(Staging::new(home.path(), true), Err(FolderError::Foreign(_))));
    }
}
