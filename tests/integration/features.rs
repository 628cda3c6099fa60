//! What a user of the library compiles: the command line and the pictures are features.

use std::process::Command;

/// Names of the crates that the library needs with these arguments, itself among them.
fn dependencies(arguments: &[&str]) -> Vec<String> {
    let output = Command::new(env!("CARGO"))
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .args(["tree", "--locked", "--offline", "--edges", "normal", "--prefix", "none", "--format", "{p}"])
        .args(arguments)
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let lines = String::from_utf8(output.stdout).unwrap();
    lines.lines().filter_map(|line| line.split(' ').next()).map(str::to_owned).collect()
}

#[test]
fn the_library_alone_compiles_neither_command_line_nor_pictures() {
    let cli = ["anyhow", "clap", "ctrlc", "indicatif"];
    let plot = ["plotters", "png", "resvg", "skrifa"];
    let has = |found: &[String], name: &str| found.iter().any(|crate_| crate_ == name);
    let all = dependencies(&[]);
    assert!(cli.iter().chain(&plot).all(|name| has(&all, name)), "{all:?}");
    let alone = dependencies(&["--no-default-features"]);
    assert!(has(&alone, "boljam") && has(&alone, "rayon"), "{alone:?}");
    assert!(!cli.iter().chain(&plot).any(|name| has(&alone, name)), "{alone:?}");
    let with_plot = dependencies(&["--no-default-features", "--features", "plot"]);
    assert!(plot.iter().all(|name| has(&with_plot, name)), "{with_plot:?}");
    assert!(!cli.iter().any(|name| has(&with_plot, name)), "{with_plot:?}");
}
