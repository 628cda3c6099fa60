//! Data flows one way: a stage uses only earlier stages.

use std::fs;
use std::path::{Path, PathBuf};

/// Stages and ground in order: each may use those before it.
const ORDER: [&str; 13] = [
    "formula",
    "condition",
    "math",
    "random",
    "explore",
    "case",
    "text",
    "assess",
    "model",
    "engine",
    "analyse",
    "report",
    "cli",
];

/// `plot` stands beside `report`: both come after `analyse`, and neither uses the other.
fn rank(module: &str) -> Option<usize> {
    let module = if module == "plot" { "report" } else { module };
    ORDER.iter().position(|m| *m == module)
}

fn rust_files(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            rust_files(&path, files);
        } else if path.extension().is_some_and(|e| e == "rs") {
            files.push(path);
        }
    }
}

/// Modules of the crate that a source text names.
fn used(text: &str) -> Vec<String> {
    let code = text.lines().filter(|l| !l.trim_start().starts_with("//"));
    let mut modules = Vec::new();
    for line in code {
        for part in line.split("crate::").skip(1) {
            modules.push(part.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect());
        }
    }
    modules
}

#[test]
fn a_stage_uses_only_earlier_stages() {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    rust_files(&src, &mut files);
    assert!(files.len() > 40, "the sources were not found");
    let mut wrong = Vec::new();
    for file in files {
        let relative = file.strip_prefix(&src).unwrap().with_extension("");
        let stage = relative.components().next().unwrap().as_os_str().to_string_lossy().into_owned();
        if matches!(stage.as_str(), "lib" | "main") {
            continue;
        }
        let own = rank(&stage).unwrap_or_else(|| panic!("{stage} has no place in the order"));
        for module in used(&fs::read_to_string(&file).unwrap()) {
            let Some(other) = rank(&module) else { continue };
            if other > own || (other == own && module != stage) {
                wrong.push(format!("{} uses {module}", relative.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_rule_sees_a_use_in_the_wrong_direction() {
    assert_eq!(
        used("use crate::engine::run;\n// crate::cli\nlet x = crate::case::Case;"),
        ["engine", "case"]
    );
    assert!(rank("engine") > rank("case") && rank("plot") == rank("report"));
}
