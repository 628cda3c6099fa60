//! `boljam sample`, `sensitivity` and `discover` as their users meet them.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use crate::cli::{boljam, done, refused};

const FACTORS: &str = "[[factor]]\nname = \"x1\"\nlow = -3.14\nhigh = 3.14\n[[factor]]\nname = \"x2\"\n\
                       distribution = \"triangular\"\nlow = 0\nmode = 1\nhigh = 4\n\
                       [[factor]]\nname = \"x3\"\nlow = 0\nhigh = 1\n";

/// Adds a response to points that were printed; the rows named fail.
fn respond(home: &Path, points: &str, failed: &[usize], file: &str) {
    let mut lines = points.lines();
    let mut table = format!("{},y\n", lines.next().unwrap());
    for (row, line) in lines.enumerate() {
        let x: Vec<f64> = line.split(',').map(|cell| cell.parse().unwrap()).collect();
        let y = if failed.contains(&row) { String::new() } else { (4.0 * x[0] + x[1] * x[1]).to_string() };
        writeln!(table, "{line},{y}").unwrap();
    }
    fs::write(home.join(file), table).unwrap();
}

fn home() -> tempfile::TempDir {
    let home = tempfile::tempdir().unwrap();
    fs::write(home.path().join("factors.toml"), FACTORS).unwrap();
    home
}

/// The value of an index.
fn value(csv: &str, factor: &str, index: &str) -> f64 {
    let row = csv.lines().find(|line| line.starts_with(&format!("y,,{factor},,{index},")));
    row.unwrap_or_else(|| panic!("no {factor} {index} in\n{csv}")).split(',').nth(5).unwrap().parse().unwrap()
}

#[test]
fn a_design_is_sampled_run_and_analysed() {
    let home = home();
    let home = home.path();
    for (design, method, index) in [
        ("saltelli", "sobol", "ST"),
        ("morris", "morris", "mu_star"),
        ("lhs", "pawn", "pawn_median"),
        ("lhs", "delta", "delta"),
        ("lhs", "regional", "ks"),
        ("lhs", "shapley", "shapley"),
    ] {
        let n = if design == "morris" { "20" } else { "256" };
        let sample = ["sample", "--design", design, "--n", n, "--factors", "factors.toml"];
        let points = done(home, &sample);
        assert_eq!(points, done(home, &[&sample[..], &["--seed", "0"]].concat()), "seed 0 is a seed");
        assert_ne!(points, done(home, &[&sample[..], &["--seed", "1"]].concat()));
        respond(home, &points, &[], "data.csv");
        let analyse = ["sensitivity", "--data", "data.csv", "--response", "y", "--method", method];
        let csv = done(home, &[&analyse[..], &["--format", "csv", "--factors", "factors.toml"]].concat());
        assert!(csv.starts_with("output,year,factor,factor2,index,value,low,high\n"), "{csv}");
        let [a, b, c] = ["x1", "x2", "x3"].map(|factor| value(&csv, factor, index));
        assert!(a > b && b > c, "{method}: {csv}");
        // Without a factors file the columns are the factors.
        assert_eq!(csv, done(home, &[&analyse[..], &["--format", "csv"]].concat()));
        assert!(done(home, &analyse).contains("x1"));
        let json: serde_json::Value =
            serde_json::from_str(&done(home, &[&analyse[..], &["--format", "json"]].concat())).unwrap();
        assert!(json.as_array().unwrap().iter().any(|row| row["index"] == index));
    }
}

#[test]
fn plain_points_are_asked_for_and_second_order_goes_along() {
    let home = home();
    let home = home.path();
    let plain = ["sample", "--design", "saltelli", "--n", "4", "--factors", "factors.toml", "--no-scramble"];
    let points = done(home, &[&plain[..], &["--second-order"]].concat());
    assert_eq!(points.lines().count(), 1 + 4 * 8);
    assert_eq!(points.lines().nth(1), Some("-3.14,0,0"));
    assert_eq!(points.lines().nth(9), Some("0,1.5505102572168221,0.5"));
    respond(home, &points, &[3], "data.csv");
    let analyse =
        ["sensitivity", "--data", "data.csv", "--response", "y", "--method", "sobol", "--format", "csv"];
    let said = boljam(home, &[&analyse[..], &["--second-order"]].concat());
    assert!(said.out.contains("y,,x1,x3,S2,"), "{}", said.out);
    assert!(said.err.contains("note: y: 1 of 32 rows failed; left out: 1 of 4 blocks"), "{}", said.err);
    refused(home, &analyse, &["32 rows are not a design of blocks of 5 rows", "--second-order"]);
}

#[test]
fn a_box_is_discovered() {
    let home = home();
    let home = home.path();
    let points = done(home, &["sample", "--design", "lhs", "--n", "600", "--factors", "factors.toml"]);
    respond(home, &points, &[7, 8], "data.csv");
    for method in ["prim", "cart"] {
        let csv = ["discover", "--data", "data.csv", "y > 8", "--method", method, "--format", "csv"];
        let said = boljam(home, &csv);
        assert!(said.out.starts_with("step,coverage,density,mass,factor,from,to,values,p,"), "{}", said.out);
        assert!(said.out.lines().any(|line| line.split(',').nth(4) == Some("x1")), "{}", said.out);
        assert!(said.err.contains("2 of 600 rows"), "{}", said.err);
    }
    // Words are categories.
    fs::write(
        home.join("words.csv"),
        (0..300).fold("town,x,y\n".to_owned(), |mut text, i| {
            writeln!(text, "{},{},{}", ["abai", "saran", "temirtau"][i % 3], i * 71 % 300, i % 3).unwrap();
            text
        }),
    )
    .unwrap();
    let csv = done(home, &["discover", "--data", "words.csv", "y = 1", "--format", "csv"]);
    let last = csv.lines().last().unwrap();
    assert!(last.contains(",town,,,saran,"), "{csv}");
    let table = done(home, &["discover", "--data", "words.csv", "y = 1"]);
    assert!(table.contains("coverage") && table.contains("saran"), "{table}");
}

#[test]
fn bad_tables_factors_and_conditions_are_told_in_full() {
    let home = home();
    let home = home.path();
    fs::write(home.join("bad.toml"), "[[factor]]\nname = \"a\"\nlow = 2\nhigh = 1\nsize = 3\n").unwrap();
    let sample = ["sample", "--design", "lhs", "--n", "4", "--factors", "bad.toml"];
    refused(
        home,
        &sample,
        &["2 faults", "bad.toml: factor.a.size: unknown key", "bad.toml: factor.a.high: 1 is"],
    );
    refused(home, &["sample", "--design", "lhs", "--n", "0", "--factors", "factors.toml"], &["--n"]);
    let odd = ["sample", "--design", "morris", "--n", "4", "--levels", "5", "--factors", "factors.toml"];
    refused(home, &odd, &["an even number from 2 to 1000"]);
    fs::write(home.join("normal.toml"), "[[factor]]\nname='a'\ndistribution='normal'\nmean=0\nsd=1\n")
        .unwrap();
    let plain = ["sample", "--design", "saltelli", "--n", "4", "--factors", "normal.toml", "--no-scramble"];
    refused(home, &plain, &["factor 'a' has no finite value in row 1", "--no-scramble"]);
    fs::write(home.join("data.csv"), "a,b,y\n1,2,3\n4,x,oops\n").unwrap();
    let analyse = ["sensitivity", "--data", "data.csv", "--method", "pawn", "--response"];
    refused(home, &[&analyse[..], &["y,z"]].concat(), &["2 faults", "line 3, y: 'oops'", "no column 'z'"]);
    refused(home, &["discover", "--data", "data.csv", "a >"], &["at character 4: expected a number"]);
    refused(home, &["discover", "--data", "data.csv", "c > 1"], &["at character 1: no column 'c'"]);
    refused(home, &["discover", "--data", "data.csv", "a > 9"], &["no row meets it"]);
    refused(home, &["discover", "--data", "data.csv", "a > 1", "--step", "99"], &["there are steps 0 to"]);
    refused(home, &["discover", "--data", "none.csv", "a > 1"], &["none.csv: "]);
}

#[test]
fn rows_out_of_order_are_no_design() {
    let home = home();
    let home = home.path();
    let points = done(home, &["sample", "--design", "saltelli", "--n", "8", "--factors", "factors.toml"]);
    let mut lines: Vec<&str> = points.lines().collect();
    lines.swap(7, 8);
    respond(home, &lines.join("\n"), &[], "data.csv");
    let analyse = ["sensitivity", "--data", "data.csv", "--response", "y", "--method"];
    refused(home, &[&analyse[..], &["sobol"]].concat(), &["block 2 of rows is none of a saltelli design"]);
    refused(home, &[&analyse[..], &["morris"]].concat(), &["are no trajectory"]);
}
