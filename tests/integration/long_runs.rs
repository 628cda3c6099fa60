//! Long runs: killed and gone on with, split into shards, ended by precision. The bytes stay the same.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use rand::{RngExt, SeedableRng};

use crate::cli::{boljam, done, names, refused};

/// Two towns, of which one misses inputs.
const CASE: [&str; 4] = ["--towns", "abai,temirtau", "--horizon", "2026"];

/// Every file of a folder.
fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut all = BTreeMap::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        if path.is_dir() {
            all.extend(files(&path).into_iter().map(|(file, bytes)| (format!("{name}/{file}"), bytes)));
        } else {
            all.insert(name, fs::read(&path).unwrap());
        }
    }
    all
}

/// Two folders hold the same files with the same bytes.
fn assert_same(home: &Path, a: &str, b: &str) {
    let (a, b) = (files(&home.join(a)), files(&home.join(b)));
    assert!(a.keys().eq(b.keys()), "{:?} {:?}", a.keys(), b.keys());
    for (name, bytes) in &a {
        assert!(*bytes == b[name], "{name} differs");
    }
}

fn start(home: &Path, arguments: &[&str]) -> Child {
    let mut command = Command::new(env!("CARGO_BIN_EXE_boljam"));
    command.current_dir(home).args(arguments).stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap()
}

/// Waits until a process has written a checkpoint that was not there before; false when it has ended first.
fn wait_for_checkpoint(home: &Path, child: &mut Child) -> bool {
    let read = || fs::read(home.join(".results.resume/ensemble.bin")).unwrap_or_default();
    let before = read();
    while read() == before {
        if child.try_wait().unwrap().is_some() {
            return false;
        }
        std::thread::sleep(Duration::from_millis(2));
    }
    true
}

#[test]
fn a_run_that_is_killed_again_and_again_ends_with_the_same_bytes() {
    let home = tempfile::tempdir().unwrap();
    let home = home.path();
    let keep = ["--keep-runs", "unemployment@2025", "--lang", "kk", "--runs", "100000"];
    let run = |out: &'static str| [&["run", "--out", out, "--checkpoint", "0.03"], &CASE[..], &keep].concat();
    done(home, &run("whole"));
    let mut random = rand::rngs::Xoshiro256PlusPlus::seed_from_u64(4);
    let mut kills = 0;
    let mut arguments = run("results");
    for round in 0..8 {
        let threads = ["1", "2", "3"][round % 3];
        let mut child = start(home, &[&arguments[..], &["--threads", threads]].concat());
        if !wait_for_checkpoint(home, &mut child) {
            break;
        }
        std::thread::sleep(Duration::from_millis(random.random_range(0..80)));
        child.kill().unwrap();
        child.wait().unwrap();
        kills += 1;
        if home.join("results").exists() {
            break;
        }
        arguments = vec!["run", "--resume", "results", "--checkpoint", "0.03"];
    }
    assert!(kills > 0);
    if home.join(".results.resume").exists() && !home.join("results").exists() {
        // A run to the same place does not throw away by mistake what was done.
        refused(home, &run("results"), &["stopped before it was complete", "--resume", "--force"]);
        done(home, &["run", "--resume", "results"]);
    }
    assert_same(home, "whole", "results");
    let mut left = names(home);
    left.retain(|name| !name.starts_with('.'));
    assert_eq!(left, ["results", "whole"]);
}

#[test]
#[cfg(unix)]
fn an_interrupted_run_says_how_to_go_on_and_leaves_the_earlier_result() {
    let home = tempfile::tempdir().unwrap();
    let home = home.path();
    let run = |runs: &'static str, out: &'static str| {
        [&["run", "--out", out, "--checkpoint", "0.03", "--force", "--runs", runs], &CASE[..]].concat()
    };
    done(home, &run("300", "results"));
    let earlier = files(&home.join("results"));
    let mut child = start(home, &run("200000", "results"));
    assert!(wait_for_checkpoint(home, &mut child));
    Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap();
    let output = child.wait_with_output().unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(130), "{said}");
    assert!(
        said.contains("of 200000 runs") && said.contains("boljam run --resume results --force"),
        "{said}"
    );
    assert!(files(&home.join("results")) == earlier);
    refused(home, &["run", "--resume", "results"], &["holds a result already", "--force"]);
    done(home, &["run", "--resume", "results", "--force"]);
    done(home, &run("200000", "whole"));
    assert_same(home, "whole", "results");
    assert_eq!(names(home), ["results", "whole"]);
    refused(home, &["run", "--resume", "results", "--force"], &["no run to results", "try: "]);
    refused(home, &["run", "--resume", "results", "--runs", "9"], &["--runs", "cannot be used with"]);
}

#[test]
fn shards_merge_to_one_run_and_every_misfit_is_named() {
    let home = tempfile::tempdir().unwrap();
    let home = home.path();
    let run = |more: &[&'static str]| [&["run", "--runs", "4000"], &CASE[..], more].concat();
    done(home, &run(&["--out", "whole"]));
    for (shard, threads, out) in [("1/3", "1", "a"), ("2/3", "4", "b"), ("3/3", "2", "c")] {
        let said = done(home, &run(&["--shard", shard, "--threads", threads, "--out", out]));
        assert!(said.contains("boljam merge"), "{said}");
    }
    assert_eq!(names(&home.join("a")), ["ensemble.bin", "inputs", "manifest.json"]);
    done(home, &["merge", "c", "a", "b", "--out", "joined"]);
    assert_same(home, "whole", "joined");
    // Foreign in every way.
    done(home, &run(&["--shard", "2/3", "--seed", "5", "--out", "seed"]));
    done(home, &run(&["--shard", "2/4", "--out", "other"]));
    let all = ["merge", "a", "a", "seed", "other", "whole", "nowhere", "--out", "bad"];
    let said = [
        "6 faults",
        "shard 1/3 again",
        "seed: its inputs or options",
        "shard 2/4",
        "whole result",
        "nowhere",
        "missing: shard 2/3, 3/3",
    ];
    refused(home, &all, &said);
    let damaged = home.join("b/ensemble.bin");
    let mut bytes = fs::read(&damaged).unwrap();
    bytes.truncate(bytes.len() - 5);
    fs::write(&damaged, bytes).unwrap();
    refused(home, &["merge", "a", "b", "c", "--out", "bad"], &["b/ensemble.bin", "damaged"]);
    refused(home, &["merge", "a", "--out", "bad"], &["missing: shard 2/3, 3/3"]);
    refused(home, &run(&["--shard", "9/9", "--out", "bad"]), &["at most 8 shards"]);
    refused(home, &run(&["--shard", "4/3", "--out", "bad"]), &["4/3", "2/5"]);
    assert!(!home.join("bad").exists());
}

#[test]
fn a_precise_figure_ends_the_run_where_it_ends_for_any_threads() {
    let home = tempfile::tempdir().unwrap();
    let home = home.path();
    let case = ["--towns", "temirtau", "--scenarios", "diversification", "--horizon", "2024"];
    let goal = ["--precision", "temirtau.diversification.2024.unemployment=0.008", "--runs", "400000"];
    let run = |more: &[&'static str]| [&["run"], &case[..], &goal, more].concat();
    let said = done(home, &run(&["--threads", "1", "--out", "one"]));
    assert!(said.contains("precise enough"), "{said}");
    done(home, &run(&["--threads", "3", "--checkpoint", "0.01", "--out", "three"]));
    assert_same(home, "one", "three");
    let json = fs::read_to_string(home.join("one/manifest.json")).unwrap();
    let manifest: serde_json::Value = serde_json::from_str(&json).unwrap();
    let runs = manifest["runs"].as_u64().unwrap();
    assert!(runs < 400_000 && runs.is_multiple_of(16_384) && (runs / 16_384).is_power_of_two(), "{runs}");
    let stopped = &manifest["stopped"];
    let error = stopped["errors"][0].as_f64().unwrap();
    assert!(stopped["precise"] == true && stopped["at_most"] == 400_000 && error <= 0.008, "{json}");
    // So many runs without a goal are the same runs.
    let exact = runs.to_string();
    let plain = [&["run", "--runs", &exact, "--out", "plain"], &case[..]].concat();
    done(home, &plain);
    assert!(
        fs::read(home.join("one/summary.csv")).unwrap() == fs::read(home.join("plain/summary.csv")).unwrap()
    );
    // A goal that is never met ends at --runs and says so.
    let never = ["--precision", "temirtau.diversification.2024.lead.inertial=1e-9", "--runs", "17000"];
    let said = done(home, &[&["run", "--out", "never"], &case[..], &never].concat());
    assert!(said.contains("not as precise as asked after all 17,000 runs"), "{said}");
    let json = fs::read_to_string(home.join("never/manifest.json")).unwrap();
    assert!(json.contains("\"precise\": false") && json.contains("\"runs\": 17000"), "{json}");
    refused(home, &run(&["--shard", "1/2", "--out", "bad"]), &["--shard", "cannot be used with"]);
    for (word, part) in [
        ("temirtau", "quantity[.detail]"),
        ("temirtau.diversification.2024.wage=0", "above 0"),
        ("temirtau.diversification.2024.wage=few", "few"),
        ("atlantis.diversification.2024.wage=1", "temirtau"),
        ("temirtau.diversification.2024.luck=1", "unemployment"),
    ] {
        let arguments = [&["run", "--out", "bad", "--precision", word], &case[..]].concat();
        refused(home, &arguments, &[word, part]);
    }
    assert_eq!(boljam(home, &["run", "--resume", "bad"]).code, 2);
}
