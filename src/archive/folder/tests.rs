//! Results made, stopped, replaced and edited.

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
    assert_eq!(fs::read(anew.resume().join(ENSEMBLE)).unwrap(), b"three", "kept until the new run begins");
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
    assert!(matches!(&refused, FolderError::Edited(_, files) if *files == ["deep/file.txt"]), "{refused}");
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
