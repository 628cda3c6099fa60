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

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Mutex;

use super::belongings::{Owner, belongings, carry, in_few_words, sha256, sha256_of_file};
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

    fn write_result(place: &Path, force: bool, text: &str) -> Result<Vec<String>, FolderError> {
        let folder = Staging::new(place, force)?;
        folder.write("deep/file.txt", text)?;
        let files = serde_json::json!({ "files": folder.files() });
        folder.write("manifest.json", files.to_string())?;
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
        stopped.drop_checkpoint().unwrap();
        assert!(!stopped.resume().exists(), "what is no checkpoint is cleared");
        stopped.write_checkpoint(ENSEMBLE, b"one").unwrap();
        stopped.write_checkpoint(ENSEMBLE, b"two").unwrap();
        drop(stopped);
        assert_eq!(entries(home.path()), [".results.resume"]);
        assert_eq!(entries(&home.path().join(".results.resume")), [ENSEMBLE]);
        assert!(matches!(Staging::new(&place, false), Err(FolderError::Unfinished(_))));
        let again = Staging::again(&place, false).unwrap();
        assert_eq!(fs::read(again.resume().join(ENSEMBLE)).unwrap(), b"two");
        again.write("manifest.json", "{}").unwrap();
        again.publish().unwrap();
        assert_eq!(entries(home.path()), ["results"]);
        Staging::new(&place, true).unwrap().write_checkpoint(ENSEMBLE, b"three").unwrap();
        let anew = Staging::new(&place, true).unwrap();
        assert_eq!(
            fs::read(anew.resume().join(ENSEMBLE)).unwrap(),
            b"three",
            "kept until the new run begins"
        );
        anew.drop_checkpoint().unwrap();
        drop(anew);
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

    #[test]
    fn what_the_user_put_into_a_result_stays_and_is_named() {
        let home = tempfile::tempdir().unwrap();
        let place = home.path().join("results");
        write_result(&place, false, "one").unwrap();
        fs::write(place.join("notes.txt"), "mine").unwrap();
        fs::create_dir_all(place.join("photos/empty")).unwrap();
        fs::write(place.join("photos/sea.jpg"), "sea").unwrap();
        fs::write(place.join("deep/mine.txt"), "mine").unwrap();
        let stays = write_result(&place, true, "two").unwrap();
        assert_eq!(stays, ["deep/", "notes.txt", "photos/"]);
        assert_eq!(fs::read_to_string(place.join("deep/file.txt")).unwrap(), "two");
        for (file, text) in [("notes.txt", "mine"), ("photos/sea.jpg", "sea"), ("deep/mine.txt", "mine")] {
            assert_eq!(fs::read_to_string(place.join(file)).unwrap(), text);
        }
        assert!(place.join("photos/empty").is_dir());
        assert_eq!(entries(home.path()), ["results"]);
        // What boljam wrote and no longer writes goes.
        let folder = Staging::new(&place, true).unwrap();
        folder.write("manifest.json", "{\"files\": []}").unwrap();
        folder.publish().unwrap();
        assert_eq!(entries(&place), ["deep", "manifest.json", "notes.txt", "photos"]);
        assert_eq!(entries(&place.join("deep")), ["mine.txt"]);
    }

    #[test]
    fn what_the_user_changed_is_not_replaced() {
        let home = tempfile::tempdir().unwrap();
        let place = home.path().join("results");
        write_result(&place, false, "one").unwrap();
        fs::write(place.join("deep/file.txt"), "edited").unwrap();
        let refused = write_result(&place, true, "two").unwrap_err();
        assert!(
            matches!(&refused, FolderError::Edited(_, files) if *files == ["deep/file.txt"]),
            "{refused}"
        );
        assert_eq!(fs::read_to_string(place.join("deep/file.txt")).unwrap(), "edited");
        assert_eq!(entries(home.path()), ["results"]);
        // Also what is put in the way while the new one is being made.
        fs::write(place.join("deep/file.txt"), "one").unwrap();
        let folder = Staging::new(&place, true).unwrap();
        folder.write("runs.csv", "new").unwrap();
        folder.write("manifest.json", "{}").unwrap();
        fs::write(place.join("runs.csv"), "mine").unwrap();
        assert!(matches!(folder.publish(), Err(FolderError::Edited(..))));
        assert_eq!(fs::read_to_string(place.join("runs.csv")).unwrap(), "mine");
        assert_eq!(fs::read_to_string(place.join("deep/file.txt")).unwrap(), "one");
        assert_eq!(entries(home.path()), ["results"]);
    }

    #[test]
    #[cfg(unix)]
    fn a_link_is_followed_and_not_replaced() {
        let home = tempfile::tempdir().unwrap();
        let (link, disk) = (home.path().join("results"), home.path().join("disk"));
        std::os::unix::fs::symlink("disk/runs", &link).unwrap();
        fs::create_dir(&disk).unwrap();
        for (force, text) in [(false, "into nothing"), (true, "into a result")] {
            write_result(&link, force, text).unwrap();
            assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
            assert_eq!(fs::read_to_string(disk.join("runs/deep/file.txt")).unwrap(), text);
            assert_eq!(
                (entries(home.path()), entries(&disk)),
                (vec!["disk".to_owned(), "results".to_owned()], vec!["runs".to_owned()])
            );
        }
    }
}
