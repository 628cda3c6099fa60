//! The program as its users meet it: every command, exit codes, messages, files.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use boljam::case::{Case, Source};

/// What the program said, and how it ended.
pub(crate) struct Said {
    pub(crate) code: i32,
    pub(crate) out: String,
    pub(crate) err: String,
}

pub(crate) fn boljam(home: &Path, arguments: &[&str]) -> Said {
    let Output { status, stdout, stderr } =
        Command::new(env!("CARGO_BIN_EXE_boljam")).current_dir(home).args(arguments).output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    Said { code: status.code().unwrap(), out: text(stdout), err: text(stderr) }
}

/// Runs the program and expects it to succeed, with nothing but plain text on both channels.
pub(crate) fn done(home: &Path, arguments: &[&str]) -> String {
    let said = boljam(home, arguments);
    assert_eq!(said.code, 0, "{arguments:?}\n{}", said.err);
    for text in [&said.out, &said.err] {
        assert!(!text.contains(|c: char| c.is_control() && c != '\n'), "control characters in {text:?}");
    }
    said.out
}

/// Runs the program and expects it to refuse, saying all of these.
pub(crate) fn refused(home: &Path, arguments: &[&str], parts: &[&str]) {
    let said = boljam(home, arguments);
    assert_eq!(said.code, 2, "{arguments:?}\n{}{}", said.out, said.err);
    assert!(said.out.is_empty(), "{}", said.out);
    for part in parts {
        assert!(said.err.contains(part), "no '{part}' in\n{}", said.err);
    }
}

/// A small run: two towns, two scenarios, four years.
pub(crate) const SMALL: [&str; 8] = [
    "--runs",
    "200",
    "--horizon",
    "2028",
    "--towns",
    "temirtau,abai",
    "--scenarios",
    "inertial,diversification",
];

pub(crate) fn small_run(home: &Path, more: &[&str]) -> String {
    done(home, &[&["run"], &SMALL[..], more].concat())
}

pub(crate) fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).unwrap();
    let mut names: Vec<String> = entries.map(|e| e.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

#[test]
fn run_leaves_tables_figures_report_manifest_and_inputs_and_nothing_else() {
    let home = tempfile::tempdir().unwrap();
    let out = small_run(home.path(), &["--out", "results"]);
    assert_eq!(out.lines().filter(|line| line.contains(" %  ")).count(), 4, "{out}");
    assert!(out.ends_with("results/report.html\n"), "{out}");
    assert_eq!(names(home.path()), ["results"]);
    let results = home.path().join("results");
    assert_eq!(
        names(&results),
        [
            "choice.csv",
            "classes.csv",
            "distributions.csv",
            "ensemble.bin",
            "figures",
            "first_passage.csv",
            "inputs",
            "manifest.json",
            "paired.csv",
            "price_comovement.csv",
            "prices.csv",
            "report.html",
            "report.md",
            "resilience.csv",
            "split.csv",
            "summary.csv",
            "together.csv"
        ]
    );
    let report = fs::read_to_string(results.join("report.md")).unwrap();
    assert!(report.contains("### Temirtau") && report.contains("200 runs"));
    for figure in report.split("](figures/").skip(1).map(|rest| rest.split(')').next().unwrap()) {
        assert!(results.join("figures").join(figure).is_file(), "the report shows {figure}");
    }
}

#[test]
fn the_manifest_repeats_the_run() {
    let home = tempfile::tempdir().unwrap();
    let set = ["--set", "drivers.wage.sigma=0.1", "--stress", "copper_2008", "--uncertainty", "plan+shocks"];
    small_run(home.path(), &[&set[..], &["--seed", "5", "--out", "results"]].concat());
    let results = home.path().join("results");
    let json = fs::read_to_string(results.join("manifest.json")).unwrap();
    let manifest: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!(manifest["seed"], 5);
    assert_eq!(manifest["stress"], "copper_2008");
    assert_eq!(manifest["uncertainty"], "plan+shocks");
    assert_eq!(manifest["settings"][0], "drivers.wage.sigma=0.1");
    let files = manifest["inputs"].as_array().unwrap();
    assert!(files.len() > 10 && files.iter().all(|f| f["sha256"].as_str().unwrap().len() == 64));
    // The command at the end of the report, in the result folder, makes the same numbers.
    let report = fs::read_to_string(results.join("report.md")).unwrap();
    let command = report.lines().find(|line| line.starts_with("boljam run inputs")).unwrap();
    let words: Vec<&str> = command.split(' ').skip(1).collect();
    done(&results, &words);
    for table in ["summary.csv", "choice.csv", "manifest.json"] {
        let read = |folder: &str| fs::read(home.path().join(folder).join(table)).unwrap();
        assert_eq!(read("results"), read("again"), "{table}");
    }
}

#[test]
fn kept_runs_stand_a_row_a_run() {
    let home = tempfile::tempdir().unwrap();
    let keep = "unemployment@2025,lead.diversification@2024,price.copper@2021";
    small_run(home.path(), &["--keep-runs", keep, "--out", "results"]);
    let csv = fs::read_to_string(home.path().join("results/runs.csv")).unwrap();
    let lines: Vec<&str> = csv.lines().collect();
    assert_eq!(lines.len(), 1 + 200);
    assert!(
        lines[0].starts_with("run,abai.inertial.unemployment@2025,abai.diversification.unemployment@2025,")
    );
    // A price is the same for all towns and scenarios: one column, in the unit that its name states.
    assert!(lines[0].ends_with(",price.copper@2021[2025 US$/t]"), "{}", lines[0]);
    let case = Case::load(&Source::embedded(), &[]).unwrap();
    let copper = case.commodities.iter().find(|c| c.id == "copper").unwrap();
    let observed = copper.observed.iter().find(|o| o.year == 2021).unwrap().average;
    let mut sum = 0.0;
    for (k, line) in lines[1..].iter().enumerate() {
        let fields: Vec<f64> = line.split(',').map(|x| x.parse().unwrap()).collect();
        assert_eq!((fields.len(), fields[0]), (1 + 2 * 4 + 1, k as f64));
        assert!(fields[5..9].iter().all(|lead| (0.0..=1.0).contains(lead)));
        assert!((fields[9] / observed - 1.0).abs() < 1e-12, "the base year's price is observed");
        sum += fields[1];
    }
    // The mean of the kept runs is the mean of the table.
    let summary = fs::read_to_string(home.path().join("results/summary.csv")).unwrap();
    let row = summary.lines().find(|l| l.starts_with("abai,inertial,2025,unemployment,mean,")).unwrap();
    let mean: f64 = row.split(',').nth(5).unwrap().parse().unwrap();
    assert!((sum / 200.0 - mean).abs() < 1e-9 * mean, "{} {mean}", sum / 200.0);
}

#[test]
fn unknown_names_are_answered_with_the_known_ones() {
    let home = tempfile::tempdir().unwrap();
    let run = |more: &[&'static str]| [&["run", "--out", "results"], more].concat();
    refused(home.path(), &run(&["--towns", "atlantis"]), &["'atlantis'", "temirtau", "karazhal"]);
    refused(home.path(), &run(&["--scenarios", "luck"]), &["'luck'", "inertial", "diversification"]);
    refused(home.path(), &run(&["--stress", "flood"]), &["'flood'", "copper_2008"]);
    refused(home.path(), &run(&["--uncertainty", "luck"]), &["luck", "plan", "inputs", "shocks"]);
    refused(home.path(), &run(&["--set", "sigma"]), &["sigma", "="]);
    refused(home.path(), &run(&["--set", "drivers.luck.sigma=1"]), &["luck"]);
    refused(home.path(), &run(&["--set", "drivers.wage.sigma=-1"]), &["'-1' is not allowed", "boljam check"]);
    refused(home.path(), &run(&["--keep-runs", "wage"]), &["wage", "@"]);
    refused(home.path(), &run(&["--keep-runs", "wage@1999"]), &["1999", "2021", "2035"]);
    assert!(names(home.path()).is_empty());
}

#[test]
fn absurd_numbers_are_answered_with_the_allowed_range() {
    let home = tempfile::tempdir().unwrap();
    let run = |option: &'static str, value: &'static str| ["run", "--out", "results", option, value];
    for (option, value, parts) in [
        ("--runs", "0", ["from 2 to 1000000000", "--help"]),
        ("--runs", "9999999999999", ["from 2 to 1000000000", "--help"]),
        ("--runs", "many", ["many", "--help"]),
        ("--threads", "0", ["1..=1024", "--help"]),
        ("--horizon", "2021", ["2022", "2221"]),
        ("--horizon", "9999", ["2022", "2221"]),
        ("--seed", "-1", ["-1", "--help"]),
    ] {
        refused(home.path(), &run(option, value), &parts);
    }
    refused(home.path(), &["run"], &["--out"]);
    refused(home.path(), &["fly"], &["fly", "--help"]);
    assert!(names(home.path()).is_empty());
}

#[test]
fn a_new_case_is_sound_and_gives_what_the_embedded_one_gives() {
    let home = tempfile::tempdir().unwrap();
    assert!(done(home.path(), &["new", "mycase"]).contains("mycase/diversification.toml"));
    assert!(done(home.path(), &["check", "mycase"]).contains("no fault"));
    refused(home.path(), &["new", "mycase"], &["mycase", "not empty"]);
    small_run(home.path(), &["--out", "embedded"]);
    done(home.path(), &[&["run", "mycase"], &SMALL[..], &["--out", "copied"]].concat());
    let read = |folder: &str| fs::read(home.path().join(folder).join("summary.csv")).unwrap();
    assert!(read("embedded") == read("copied"));
}

#[test]
fn every_fault_of_a_case_is_named_at_once() {
    let home = tempfile::tempdir().unwrap();
    done(home.path(), &["new", "mycase"]);
    let edit = |file: &str, from: &str, to: &str| {
        let path = home.path().join("mycase").join(file);
        let text = fs::read_to_string(&path).unwrap();
        assert!(text.contains(from), "{file}");
        fs::write(path, text.replacen(from, to, 1)).unwrap();
    };
    edit("case.toml", "plan_correlation = 0.5", "plan_correlation = 1.5");
    edit("diversification.toml", "odds = 0.75", "odds = -0.75");
    refused(
        home.path(),
        &["check", "mycase"],
        &["2 faults", "case.toml", "1.5", "diversification.toml", "-0.75", "try: "],
    );
    refused(home.path(), &["check", "nowhere"], &["nowhere"]);
    refused(home.path(), &["run", "nowhere", "--out", "results"], &["nowhere"]);
}

#[test]
fn compare_shows_the_edit_and_its_effect_and_leaves_the_rest_alone() {
    let home = tempfile::tempdir().unwrap();
    small_run(home.path(), &["--out", "before"]);
    small_run(home.path(), &["--set", "diversification.unemployment.odds=0.4", "--out", "after"]);
    let table = done(home.path(), &["compare", "before", "after"]);
    assert!(table.contains("+ --set diversification.unemployment.odds=0.4"), "{table}");
    assert!(table.contains("each compared with itself"), "{table}");
    let row = table.lines().find(|l| l.starts_with("Temirtau") && l.contains(" unemployment rate")).unwrap();
    assert!(row.contains("Diversification") && row.contains(" -"), "{row}");
    assert!(!table.lines().any(|l| l.starts_with("Temirtau") && l.contains("Inertial")), "{table}");
    let early = done(home.path(), &["compare", "before", "after", "--year", "2022"]);
    assert!(early.contains("in 2022"), "{early}");
    refused(home.path(), &["compare", "before", "after", "--year", "2035"], &["2035", "2021", "2028"]);
    let csv = done(home.path(), &["compare", "before", "after", "--format", "csv"]);
    let inertial = csv.lines().filter(|l| l.starts_with("temirtau,inertial,2028,"));
    assert!(inertial.clone().count() > 5 && inertial.clone().all(|l| l.contains(",0,0,")), "{csv}");
    let json = done(home.path(), &["compare", "before", "after", "--format", "json", "--quantities", "wage"]);
    let rows: Vec<serde_json::Value> = serde_json::from_str(&json).unwrap();
    assert_eq!(rows.iter().filter(|r| r["quantity"] == "wage").count(), 4);
    assert!(done(home.path(), &["compare", "before", "before"]).contains("do not differ"));
}

#[test]
fn compare_owns_up_to_what_cannot_be_paired_and_refuses_what_is_no_result() {
    let home = tempfile::tempdir().unwrap();
    small_run(home.path(), &["--out", "one"]);
    small_run(home.path(), &["--seed", "2", "--out", "two"]);
    let table = done(home.path(), &["compare", "one", "two"]);
    assert!(table.contains("the seeds differ") && table.contains("+ --seed 2"), "{table}");
    refused(home.path(), &["compare", "one", "three"], &["three: no such folder"]);
    refused(home.path(), &["compare", "one", "two", "--quantities", "luck"], &["'luck'", "wage"]);
    fs::write(home.path().join("two/manifest.json"), "{}").unwrap();
    refused(home.path(), &["compare", "one", "two"], &["two/manifest.json"]);
}

#[test]
fn replay_tells_one_run_in_full() {
    let home = tempfile::tempdir().unwrap();
    let replay = ["replay", "--town", "balkhash", "--scenario", "diversification", "--run"];
    let text = done(home.path(), &[&replay[..], &["17"]].concat());
    for part in ["2021", "2035", "price of copper", "unemployment", "TDea", "votes", "population"] {
        assert!(text.contains(part), "no '{part}' in\n{text}");
    }
    assert_eq!(text, done(home.path(), &[&replay[..], &["17"]].concat()));
    assert_ne!(text, done(home.path(), &[&replay[..], &["18"]].concat()));
    refused(home.path(), &[&replay[..], &["-1"]].concat(), &["-1"]);
    refused(
        home.path(),
        &["replay", "--town", "x", "--scenario", "inertial", "--run", "1"],
        &["'x'", "abai"],
    );
}

#[test]
fn assess_audit_and_preview_print_what_they_are_asked_for() {
    let home = tempfile::tempdir().unwrap();
    assert!(done(home.path(), &["assess"]).contains("Temirtau"));
    let csv = done(home.path(), &["assess", "--variant", "raw-fractions", "--format", "csv"]);
    assert!(csv.starts_with("town,variant,item,value,class,unit\n"), "{csv}");
    refused(home.path(), &["assess", "--variant", "guesses"], &["guesses", "printed-inputs"]);
    assert!(
        done(home.path(), &["audit"]).contains("Karazhal")
            || done(home.path(), &["audit"]).contains("karazhal")
    );
    let json = done(home.path(), &["audit", "--format", "json"]);
    assert!(serde_json::from_str::<serde_json::Value>(&json).is_ok());
    let preview = done(home.path(), &["preview", "--towns", "temirtau", "--horizon", "2030"]);
    assert!(preview.contains("unemployment") && preview.contains("2030"), "{preview}");
    refused(home.path(), &["preview", "--towns", "atlantis"], &["'atlantis'", "temirtau"]);
}

#[test]
fn help_names_the_exit_codes_and_the_version_is_the_crate_s() {
    let home = tempfile::tempdir().unwrap();
    let help = done(home.path(), &["--help"]);
    assert!(help.contains("Exit codes: 0 done, 1 failed, 2 bad usage or input, 130 interrupted"), "{help}");
    for command in ["run", "assess", "audit", "check", "new", "preview", "replay", "compare"] {
        assert!(help.contains(&format!("\n  {command} ")), "{command}");
        assert!(done(home.path(), &[command, "--help"]).contains("Example"), "{command}");
    }
    assert_eq!(done(home.path(), &["--version"]), format!("boljam {}\n", env!("CARGO_PKG_VERSION")));
    assert_eq!(boljam(home.path(), &[]).code, 2);
}

#[test]
fn a_reader_that_goes_away_is_no_failure() {
    use std::process::Stdio;
    let mut child = Command::new(env!("CARGO_BIN_EXE_boljam"))
        .args(["audit", "--format", "csv"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    assert!(output.stderr.is_empty(), "{}", String::from_utf8_lossy(&output.stderr));
}

#[test]
fn figures_are_chosen_and_drawn_again_without_running() {
    let home = tempfile::tempdir().unwrap();
    let at = home.path();
    small_run(at, &["--figures", "lead,overlay", "--width", "400", "--out", "r"]);
    let town = at.join("r/figures/temirtau");
    assert_eq!(names(&town), ["lead.png", "lead.svg", "overlay.png", "overlay.svg"]);
    let before = names(&town).iter().map(|n| fs::read(town.join(n)).unwrap()).collect::<Vec<_>>();
    done(at, &["plot", "r", "--figures", "lead,overlay", "--width", "400"]);
    let again = names(&town).iter().map(|n| fs::read(town.join(n)).unwrap()).collect::<Vec<_>>();
    assert!(before == again, "the same bytes");
    let kazakh = ["--lang", "kk", "--towns", "abai", "--formats", "svg", "--out", "kk"];
    done(at, &[&["plot", "r", "--figures", "outcome", "--years", "2023"], &kazakh[..]].concat());
    assert_eq!(names(&at.join("kk/abai")), ["outcome-2023.svg", "outcome.svg"]);
    assert!(fs::read_to_string(at.join("kk/abai/outcome.svg")).unwrap().contains("Абай"));
    refused(at, &["plot", "r", "--figures", "pie"], &["pie", "fan-composites"]);
    refused(at, &["plot", "r", "--years", "2050"], &["2050", "from 2021 to 2028"]);
    refused(at, &["plot", "r", "--overlay", "inertial,none"], &["inertial, diversification"]);
    refused(at, &["plot", "r", "--towns", "balkhash"], &["balkhash", "abai"]);
    refused(at, &["plot", "kk"], &["manifest.json", "this is no result folder"]);
    refused(at, &["plot", "nosuch"], &["nosuch: no such folder"]);
    refused(at, &["check", "nosuch"], &["nosuch: no such folder"]);
    refused(at, &["preview", "--horizon", "abc"], &["'abc'", "a year, such as 2035"]);
    refused(
        at,
        &["run", "--runs", "1e300", "--out", "x"],
        &["'1e300'", "a whole number from 2 to 1000000000"],
    );
    refused(at, &["preview", "--towns", "temirtu"], &["no town 'temirtu'", "is it 'temirtau'?"]);
    assert!(done(at, &["plot", "--help"]).contains("two scenarios over each other"));
}

#[test]
fn the_report_shows_the_figures_that_were_drawn_and_no_others() {
    let home = tempfile::tempdir().unwrap();
    let shown = |more: &[&str], out: &str| {
        small_run(home.path(), &[more, &["--out", out]].concat());
        let report = fs::read_to_string(home.path().join(out).join("report.md")).unwrap();
        let links = report.split("](figures/").skip(1);
        let links: Vec<String> = links.map(|rest| rest.split(')').next().unwrap().to_owned()).collect();
        assert!(
            links.iter().all(|link| home.path().join(out).join("figures").join(link).is_file()),
            "{links:?}"
        );
        links
    };
    assert!(shown(&["--figures", "lead"], "few").is_empty());
    let posters = shown(&["--figures", "region,fan-composites", "--formats", "png"], "posters");
    assert_eq!(posters, ["region.png", "abai/fan-composites.png", "temirtau/fan-composites.png"]);
}

#[test]
fn plan_bands_need_plans_that_are_drawn() {
    let home = tempfile::tempdir().unwrap();
    let bands = ["--plan-bands", "--figures", "fan-composites", "--formats", "svg"];
    small_run(home.path(), &[&bands[..], &["--out", "bands"]].concat());
    small_run(home.path(), &[&bands[1..], &["--out", "plain"]].concat());
    let fan = |out: &str| {
        fs::read_to_string(home.path().join(out).join("figures/temirtau/fan-composites.svg")).unwrap()
    };
    // A pair of lines, which is one path, in each of six rows and two columns, and one in the key.
    let lines = |out: &str| fan(out).matches("<path").count();
    assert_eq!(lines("bands"), lines("plain") + 6 * 2 + 1);
    assert!(fan("bands").contains("if only the plans are uncertain"));
    let shocks = [&["run"], &SMALL[..], &bands, &["--uncertainty", "shocks", "--out", "shocks"]].concat();
    refused(home.path(), &shocks, &["--plan-bands", "shocks"]);
}
