//! The result folder as its users meet it: what is replaced, what stays, what a full disk or a kill leaves.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use rand::{RngExt, SeedableRng};

use crate::cli::{SMALL, boljam, done, names, refused, small_run};

#[test]
fn an_earlier_result_is_replaced_only_by_force() {
    let home = tempfile::tempdir().unwrap();
    small_run(home.path(), &["--out", "results"]);
    let summary = home.path().join("results/summary.csv");
    let first = fs::read(&summary).unwrap();
    let again = [&["run"], &SMALL[..], &["--seed", "2", "--out", "results"]].concat();
    refused(home.path(), &again, &["results", "--force"]);
    assert_eq!(fs::read(&summary).unwrap(), first);
    done(home.path(), &[&again[..], &["--force"]].concat());
    assert_ne!(fs::read(&summary).unwrap(), first);
    assert_eq!(names(home.path()), ["results"]);
}

#[test]
fn a_folder_that_is_no_result_is_never_replaced() {
    let home = tempfile::tempdir().unwrap();
    fs::create_dir(home.path().join("photos")).unwrap();
    fs::write(home.path().join("photos/sea.jpg"), "sea").unwrap();
    let run = [&["run"], &SMALL[..], &["--force", "--out", "photos"]].concat();
    refused(home.path(), &run, &["photos", "no result", "try: another --out"]);
    assert_eq!(names(&home.path().join("photos")), ["sea.jpg"]);
}

#[test]
fn a_run_that_fails_leaves_the_last_good_result_and_no_debris() {
    let home = tempfile::tempdir().unwrap();
    small_run(home.path(), &["--out", "results"]);
    // What a run leaves that was killed while it wrote.
    fs::create_dir(home.path().join(".results.unfinished")).unwrap();
    fs::write(home.path().join(".results.unfinished/summary.csv"), "half").unwrap();
    let bad = [&["run"], &SMALL[..], &["--keep-runs", "luck@2025", "--force", "--out", "results"]].concat();
    refused(home.path(), &bad, &["luck@2025", "unemployment", "lead.diversification", "price.copper"]);
    assert!(home.path().join("results/summary.csv").is_file());
    small_run(home.path(), &["--force", "--out", "results"]);
    assert_eq!(names(home.path()), ["results"]);
}

#[test]
fn a_run_that_is_killed_leaves_the_last_good_result_and_no_debris_after_the_next() {
    let home = tempfile::tempdir().unwrap();
    small_run(home.path(), &["--out", "results"]);
    let summary = home.path().join("results/summary.csv");
    let good = fs::read(&summary).unwrap();
    let mut long = Command::new(env!("CARGO_BIN_EXE_boljam"))
        .current_dir(home.path())
        .args(["run", "--runs", "1000000000", "--towns", "abai", "--force", "--out", "results"])
        .stderr(std::process::Stdio::null())
        .spawn()
        .unwrap();
    let begun = (0..10_000).any(|_| {
        std::thread::sleep(std::time::Duration::from_millis(2));
        home.path().join(".results.unfinished").exists()
    });
    let meanwhile = [&["run"], &SMALL[..], &["--force", "--out", "results"]].concat();
    let busy = boljam(home.path(), &meanwhile);
    long.kill().unwrap();
    long.wait().unwrap();
    assert!(begun);
    assert_eq!(busy.code, 2, "{}", busy.err);
    assert!(busy.err.contains("another run is writing"), "{}", busy.err);
    assert!(fs::read(&summary).unwrap() == good);
    assert!(names(home.path()).iter().all(|name| name == "results" || name.starts_with('.')));
    done(home.path(), &meanwhile);
    assert_eq!(names(home.path()), ["results"]);
}

#[test]
fn a_folder_that_cannot_be_written_is_a_failure_and_no_bad_usage() {
    let home = tempfile::tempdir().unwrap();
    fs::write(home.path().join("file"), "").unwrap();
    let said = boljam(home.path(), &[&["run"], &SMALL[..], &["--out", "file/results"]].concat());
    assert_eq!(said.code, 1, "{}", said.err);
    assert!(said.err.contains("file") && said.err.contains("\ntry: "), "{}", said.err);
}

/// Figures that are drawn fast.
const FEW: [&str; 4] = ["--figures", "region", "--formats", "svg"];

#[test]
fn force_replaces_what_boljam_wrote_and_nothing_else() {
    let home = tempfile::tempdir().unwrap();
    let at = |path: &str| home.path().join("results").join(path);
    small_run(home.path(), &[&FEW[..], &["--keep-runs", "wage@2025", "--out", "results"]].concat());
    fs::write(at("notes.txt"), "what the akim said").unwrap();
    fs::create_dir(at("photos")).unwrap();
    fs::write(at("photos/sea.jpg"), "sea").unwrap();
    fs::write(at("figures/mine.svg"), "mine").unwrap();
    // Figures and reports that are made later are boljam's too.
    done(home.path(), &["plot", "results", "--figures", "lead", "--formats", "svg"]);
    done(home.path(), &["report", "results", "--lang", "kk"]);
    let again = [&["run"], &SMALL[..], &FEW, &["--seed", "2", "--force", "--out", "results"]].concat();
    let said = boljam(home.path(), &again);
    assert_eq!(said.code, 0, "{}", said.err);
    assert!(
        said.err.contains("note: left in results, ") && said.err.contains("notes.txt, photos/"),
        "{}",
        said.err
    );
    assert!(said.err.contains("figures/mine.svg"), "{}", said.err);
    for (file, text) in
        [("notes.txt", "what the akim said"), ("photos/sea.jpg", "sea"), ("figures/mine.svg", "mine")]
    {
        assert_eq!(fs::read_to_string(at(file)).unwrap(), text);
    }
    assert!(!at("runs.csv").exists() && !at("figures/abai/lead.svg").exists(), "what boljam wrote goes");
    assert_eq!(names(home.path()), ["results"]);
}

#[test]
fn what_a_user_changed_in_a_result_is_not_replaced() {
    let home = tempfile::tempdir().unwrap();
    small_run(home.path(), &[&FEW[..], &["--out", "results"]].concat());
    let report = home.path().join("results/report.md");
    let edited = fs::read_to_string(&report).unwrap() + "\nOur own conclusion.\n";
    fs::write(&report, &edited).unwrap();
    let again = [&["run"], &SMALL[..], &FEW, &["--force", "--out", "results"]].concat();
    refused(home.path(), &again, &["results: somebody has changed", "report.md", "try: another --out"]);
    refused(home.path(), &["report", "results"], &["report.md", "try: another --out"]);
    assert_eq!(fs::read_to_string(&report).unwrap(), edited);
    done(home.path(), &["report", "results", "--out", "elsewhere"]);
    fs::rename(&report, home.path().join("results/ours.md")).unwrap();
    done(home.path(), &again);
    assert_eq!(fs::read_to_string(home.path().join("results/ours.md")).unwrap(), edited);
    assert_eq!(names(home.path()), ["elsewhere", "results"]);
    // An edited plan, run where it stands, is replaced by itself.
    let plan = home.path().join("results/inputs/diversification.toml");
    let bolder = fs::read_to_string(&plan).unwrap() + "# bolder\n";
    fs::write(&plan, &bolder).unwrap();
    done(
        home.path(),
        &[&["run", "results/inputs"], &SMALL[..], &FEW, &["--force", "--out", "results"]].concat(),
    );
    assert_eq!(fs::read_to_string(&plan).unwrap(), bolder);
}

#[test]
#[cfg(unix)]
fn a_link_named_by_out_is_followed() {
    let home = tempfile::tempdir().unwrap();
    fs::create_dir(home.path().join("disk")).unwrap();
    let link = home.path().join("results");
    std::os::unix::fs::symlink("disk/runs", &link).unwrap();
    small_run(home.path(), &[&FEW[..], &["--out", "results"]].concat());
    small_run(home.path(), &[&FEW[..], &["--force", "--out", "results"]].concat());
    done(home.path(), &["plot", "results", "--figures", "lead", "--formats", "svg", "--towns", "abai"]);
    assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
    assert!(home.path().join("disk/runs/summary.csv").is_file());
    assert!(home.path().join("disk/runs/figures/abai/lead.svg").is_file());
    assert_eq!(
        (names(home.path()), names(&home.path().join("disk"))),
        (vec!["disk".into(), "results".into()], vec!["runs".into()])
    );
}

/// Every file below a folder, with its bytes.
fn files(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let mut all = Vec::new();
    for name in names(folder) {
        let path = folder.join(&name);
        if path.is_dir() {
            all.extend(files(&path).into_iter().map(|(file, bytes)| (format!("{name}/{file}"), bytes)));
        } else {
            all.push((name, fs::read(path).unwrap()));
        }
    }
    all
}

/// Runs the program where files cannot grow beyond some kilobytes: the disk is full to it.
#[cfg(unix)]
fn on_a_full_disk(home: &Path, kilobytes: u32, arguments: &[&str]) -> String {
    let limit = format!("trap '' XFSZ; ulimit -f {}; exec \"$0\" \"$@\"", 2 * kilobytes);
    let output = Command::new("sh")
        .current_dir(home)
        .args(["-c", &limit, env!("CARGO_BIN_EXE_boljam")])
        .args(arguments)
        .output()
        .unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(1), "{arguments:?}: {said}");
    assert!(said.contains("cannot write") && said.contains("where there is room"), "{said}");
    said
}

#[test]
#[cfg(unix)]
fn a_full_disk_leaves_nothing_half_made() {
    let home = tempfile::tempdir().unwrap();
    small_run(home.path(), &[&FEW[..], &["--out", "results"]].concat());
    small_run(home.path(), &["--shard", "1/1", "--out", "part"]);
    let before = files(home.path());
    let run = [&["run"], &SMALL[..], &FEW].concat();
    for arguments in [
        &["new", "mycase"][..],
        &[&run[..], &["--out", "fresh"]].concat(),
        &[&run[..], &["--force", "--out", "results"]].concat(),
        &["merge", "part", "--out", "fresh"],
        &["plot", "results", "--lang", "ru"],
        &["plot", "results", "--out", "posters"],
        &["report", "results", "--lang", "ru"],
        &["report", "results", "--out", "page"],
    ] {
        on_a_full_disk(home.path(), 8, arguments);
        assert!(files(home.path()) == before, "{arguments:?} left {:?}", names(home.path()));
    }
    assert_eq!(names(home.path()), ["part", "results"]);
}

#[test]
fn a_kill_at_any_moment_leaves_the_old_result_or_the_new_one_and_the_users_files() {
    let home = tempfile::tempdir().unwrap();
    let run = |seed: &'static str, out: &'static str| {
        [&["run"], &SMALL[..], &FEW, &["--seed", seed, "--force", "--out", out]].concat()
    };
    done(home.path(), &run("1", "results"));
    done(home.path(), &run("2", "other"));
    let read = |out: &str| fs::read(home.path().join(out).join("summary.csv")).unwrap();
    let (old, new) = (read("results"), read("other"));
    fs::write(home.path().join("results/notes.txt"), "mine").unwrap();
    let mut random = rand::rngs::Xoshiro256PlusPlus::seed_from_u64(9);
    for round in 0..12 {
        let mut child = Command::new(env!("CARGO_BIN_EXE_boljam"))
            .current_dir(home.path())
            .args(run(if round % 2 == 0 { "2" } else { "1" }, "results"))
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        // Every other time from when it has begun to write.
        if round % 2 == 0 {
            let tables = home.path().join(".results.unfinished/summary.csv");
            while !tables.exists() && child.try_wait().unwrap().is_none() {
                std::thread::sleep(Duration::from_millis(1));
            }
        }
        std::thread::sleep(Duration::from_millis(random.random_range(0..60)));
        child.kill().unwrap();
        child.wait().unwrap();
        let stands = read("results");
        assert!(stands == old || stands == new, "round {round}");
        assert_eq!(fs::read_to_string(home.path().join("results/notes.txt")).unwrap(), "mine");
    }
    done(home.path(), &run("2", "results"));
    assert!(read("results") == new);
    assert_eq!(names(home.path()), ["other", "results"]);
}

#[test]
fn a_new_run_that_cannot_begin_keeps_what_a_stopped_one_has_done() {
    let home = tempfile::tempdir().unwrap();
    let checkpoint = home.path().join(".results.resume/ensemble.bin");
    fs::create_dir(checkpoint.parent().unwrap()).unwrap();
    fs::write(&checkpoint, "hours of work").unwrap();
    for more in [["--keep-runs", "luck@2025"], ["--precision", "luck=1"], ["--years", "1999"]] {
        let run = [&["run"], &SMALL[..], &more, &["--force", "--out", "results"]].concat();
        refused(home.path(), &run, &[more[1].split('=').next().unwrap()]);
        assert_eq!(fs::read_to_string(&checkpoint).unwrap(), "hours of work");
    }
}

#[test]
#[cfg(unix)]
fn an_interrupt_before_the_first_runs_is_answered() {
    let home = tempfile::tempdir().unwrap();
    let child = Command::new(env!("CARGO_BIN_EXE_boljam"))
        .current_dir(home.path())
        .args(["run", "--runs", "100000000", "--out", "results"])
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // The case is still being made ready: no more has been done than to lock the place.
    while !home.path().join(".results.lock").exists() {
        std::thread::sleep(Duration::from_millis(1));
    }
    Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap();
    let output = child.wait_with_output().unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(130), "{said}");
    assert!(said.contains("ending after the runs at hand") && said.contains("--resume results"), "{said}");
}
