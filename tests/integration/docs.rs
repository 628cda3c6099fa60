//! What the documentation lists is what the code reads.

use std::fs;
use std::path::Path;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn read(path: &str) -> String {
    fs::read_to_string(root().join(path)).unwrap()
}

/// Keys and columns that the loader asks for: string literals in its calls.
fn asked_for() -> Vec<String> {
    let mut keys = Vec::new();
    let files = [
        "load.rs",
        "load/calibration.rs",
        "load/chronicle.rs",
        "load/dynamics.rs",
        "load/factors.rs",
        "load/method.rs",
        "load/observed.rs",
        "load/posterior.rs",
        "load/prices.rs",
        "load/scenarios.rs",
        "load/stresses.rs",
        "load/towns.rs",
    ];
    let calls = [
        "text(\"",
        "text_or(\"",
        "number(\"",
        "numbers(\"",
        "integer(\"",
        "flag(\"",
        "choice(\"",
        "texts(\"",
        "name(\"",
        "formula(\"",
        "node(\"",
        "nodes(\"",
        "optional(\"",
        "year(\"",
        "id(\"",
        "new_id(\"",
        "has(\"",
    ];
    for file in files {
        let source = read(&format!("src/case/{file}"));
        for call in calls {
            let words = source.split(call).skip(1).filter_map(|rest| rest.split('"').next());
            keys.extend(words.map(str::to_owned));
        }
    }
    keys.sort();
    keys.dedup();
    keys
}

#[test]
fn every_key_that_is_read_is_documented() {
    let page = read("docs/data-formats.md");
    let keys = asked_for();
    assert!(keys.len() > 80, "{keys:?}");
    let named = |key: &str| {
        page.contains(&format!("`{key}`"))
            || page.contains(&format!("`{key} ="))
            || page.contains(&format!("[[{key}]]"))
            || page.contains(&format!("[{key}"))
    };
    let missing: Vec<&String> = keys.iter().filter(|k| !named(k)).collect();
    assert!(missing.is_empty(), "not in docs/data-formats.md: {missing:?}");
}

#[test]
fn every_column_of_the_shipped_case_is_documented_with_its_file() {
    let page = read("docs/data-formats.md");
    let scenarios = ["inertial", "balanced", "innovative", "diversification"];
    for entry in fs::read_dir(root().join("scenarios/karaganda")).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_none_or(|e| e != "csv") {
            continue;
        }
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let row = page.lines().find(|l| l.starts_with(&format!("| {name} |")));
        let row = row.unwrap_or_else(|| panic!("{name} is not documented"));
        let text = fs::read_to_string(&path).unwrap();
        for column in text.lines().next().unwrap().split(',').filter(|c| !scenarios.contains(c)) {
            // Columns of posterior.csv are named after drivers: `unemployment.sigma`.
            let column =
                column.split_once('.').map_or_else(|| column.to_owned(), |c| format!("DRIVER.{}", c.1));
            assert!(row.contains(&format!("`{column}`")), "{name}: column {column} is not documented");
        }
    }
}

#[test]
fn every_column_that_is_documented_exists() {
    let page = read("docs/data-formats.md");
    for row in page.lines().filter(|l| l.starts_with("| ") && l.contains(".csv |")) {
        let name = row.split('|').nth(1).unwrap().trim();
        // What the shipped case need not have is read in tests of its own.
        if name == "posterior.csv" {
            continue;
        }
        let text = read(&format!("scenarios/karaganda/{name}"));
        let columns: Vec<&str> = text.lines().next().unwrap().split(',').collect();
        let documented = row.split('`').skip(1).step_by(2);
        for word in documented.filter(|w| !["population", "percent"].contains(w)) {
            assert!(columns.contains(&word), "{name} has no column {word}");
        }
    }
}

/// Words in code quotes outside the tables are keys, values or functions that the code knows.
#[test]
fn every_key_that_is_documented_is_read() {
    let page = read("docs/data-formats.md");
    let mut code = read("src/formula/parse.rs");
    for folder in ["src/case", "src/case/load"] {
        let files = fs::read_dir(root().join(folder)).unwrap().map(|e| e.unwrap().path());
        let files = files.filter(|p| p.extension().is_some_and(|e| e == "rs"));
        code.extend(files.map(|p| fs::read_to_string(p).unwrap()));
    }
    let known = |word: &str| code.contains(&format!("\"{word}\""));
    let lines: Vec<&str> = page.lines().filter(|l| !l.starts_with("| ")).collect();
    let text = lines.join("\n");
    let is_key = |w: &&str| w.chars().all(|c| c.is_ascii_lowercase() || c == '_');
    let words: Vec<&str> = text.split('`').skip(1).step_by(2).filter(is_key).collect();
    assert!(words.len() > 80, "{words:?}");
    let tables = text.split("`[").skip(1).filter_map(|rest| rest.split("]`").next());
    let tables = tables.map(|t| t.trim_matches(['[', ']'])).filter(|t| !t.contains('.'));
    let unknown: Vec<&str> = words.iter().copied().chain(tables).filter(|w| !known(w)).collect();
    assert!(unknown.is_empty(), "docs/data-formats.md names what nobody reads: {unknown:?}");
}

/// Pages link to pages that are there, and examples are named in the README.
#[test]
fn links_and_examples_are_there() {
    for page in [
        "README.md",
        "docs/your-region.md",
        "docs/architecture.md",
        "docs/model.md",
        "docs/design.md",
        "docs/method.md",
    ] {
        let text = read(page);
        let folder = root().join(page).parent().unwrap().to_owned();
        for link in text.split("](").skip(1).filter_map(|r| r.split(')').next()) {
            let file = link.split('#').next().unwrap();
            if !file.starts_with("http") && !file.is_empty() {
                assert!(folder.join(file).exists(), "{page} links to {file}");
            }
        }
    }
    let readme = read("README.md");
    for entry in fs::read_dir(root().join("examples")).unwrap() {
        let name = entry.unwrap().path().file_stem().unwrap().to_string_lossy().into_owned();
        assert!(readme.contains(&name), "examples/{name}.rs is not in the README");
    }
}
