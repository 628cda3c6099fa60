//! Data flows one way: a stage uses only earlier stages, and no files use each other in a circle.
//!
//! A file uses another when outside its tests it names something that is defined there: in a `use`, or in a path such
//! as `super::tile::TILE`. A name is followed through those who hand it on, so that a child that takes its parent's
//! re-export of a sibling uses the sibling. A parent that declares its children and hands on what they define
//! (`mod child; pub use child::Thing;`) does not use them, unless it names `Thing` in its own code: it is their table
//! of contents. To call a method is no use in this sense, since whoever has the value was given it.

mod uses;

use std::fs;
use std::path::{Path, PathBuf};

use uses::{Module, Sources, stages};

/// The ground and the stages on it, in order: each may use those before it. Some are yet to come.
const ORDER: [&str; 18] = [
    "formula",
    "condition",
    "math",
    "random",
    "text",
    "explore",
    "case",
    "assess",
    "model",
    "engine",
    "calibrate",
    "analyse",
    "experiment",
    "plot",
    "report",
    "archive",
    "cli",
    "main",
];

/// Pictures do not know words in pages, nor pages pictures.
fn may_use(stage: &str, other: &str) -> bool {
    let rank = |stage: &str| {
        ORDER.iter().position(|s| *s == stage).unwrap_or_else(|| panic!("{stage} has no place"))
    };
    stage == other || (rank(other) < rank(stage) && (stage, other) != ("report", "plot"))
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

/// Every source file of the library: its module and its text.
fn sources() -> Vec<(Module, String)> {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    rust_files(&src, &mut files);
    assert!(files.len() > 100, "the sources were not found");
    let of = |file: PathBuf| {
        let inside = file.strip_prefix(&src).unwrap().with_extension("");
        let module: Module = inside.iter().map(|part| part.to_str().unwrap().to_owned()).collect();
        (if module == ["lib"] { Module::new() } else { module }, fs::read_to_string(&file).unwrap())
    };
    files.into_iter().map(of).collect()
}

#[test]
fn a_stage_uses_only_earlier_stages() {
    let mut wrong = Vec::new();
    for (module, text) in sources() {
        let Some(stage) = module.first().filter(|stage| *stage != "main") else { continue };
        let later = stages(&text).into_iter().filter(|other| !may_use(stage, other));
        wrong.extend(later.map(|other| format!("{} uses {other}", module.join("/"))));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn no_files_use_each_other_in_a_circle() {
    let sources = sources();
    let sources = Sources::read(sources.iter().map(|(module, text)| (module.clone(), text.as_str())));
    let lines: Vec<String> = sources.circles().iter().map(|circle| circle.join(" <-> ")).collect();
    assert!(lines.is_empty(), "{}", lines.join("\n"));
}

/// Circles in a made-up crate.
fn circles(texts: &[(&str, &str)]) -> Vec<Vec<String>> {
    let module = |path: &str| path.split('/').filter(|p| !p.is_empty()).map(str::to_owned).collect();
    Sources::read(texts.iter().map(|(path, text)| (module(path), *text))).circles()
}

#[test]
fn the_rule_sees_a_use_in_the_wrong_direction() {
    let text = "use crate::{engine::run, case::{Case, Name}};\n// crate::cli\nlet x = crate::assess::assess(\"crate::plot\");";
    assert!(stages(text).into_iter().eq(["assess", "case", "engine"]));
    assert!(may_use("engine", "case") && !may_use("case", "engine"));
    assert!(!may_use("report", "plot") && !may_use("plot", "report") && may_use("archive", "plot"));
}

#[test]
fn a_circle_is_seen_however_the_names_are_taken() {
    let pair = vec![vec!["a/x".to_owned(), "a/y".to_owned()]];
    let root = ("", "pub mod a;");
    // By `super`, by `crate` with braces, by a path in the code.
    for (x, y) in [
        ("use super::y::Y; pub struct X;", "use super::x::X; pub struct Y;"),
        ("use crate::a::{y::{self, Y}}; pub struct X;", "fn f() { crate::a::x::g() }"),
        ("use super::y; fn f() { y::g() } pub fn g() {}", "pub fn g() { super::x::g(); }"),
    ] {
        assert_eq!(circles(&[root, ("a", "mod x; mod y;"), ("a/x", x), ("a/y", y)]), pair, "{x}");
    }
    // A sibling's name, taken from the parent that hands it on.
    let parent = ("a", "mod x; mod y; pub use x::X; pub use y::Y;");
    assert_eq!(
        circles(&[
            root,
            parent,
            ("a/x", "use super::Y; pub struct X;"),
            ("a/y", "use super::X; pub struct Y;")
        ]),
        pair
    );
    // A parent that works with its child, which works with what the parent defines.
    let working = ("a", "mod x; use x::X; pub struct A(X);");
    assert_eq!(circles(&[root, working, ("a/x", "use super::A; pub struct X;")]), [["a", "a/x"]]);
    // And one that hands on what it works with.
    let handing = ("a", "mod x; pub use x::X; pub struct A(X);");
    assert_eq!(circles(&[root, handing, ("a/x", "use super::A; pub struct X;")]), [["a", "a/x"]]);
}

#[test]
fn what_is_no_circle_is_not_called_one() {
    let root = ("", "pub mod a;");
    for (parent, x, y) in [
        // A table of contents.
        (
            "mod x; mod y; pub use x::X; pub(crate) use y::{Y};",
            "use super::Y; pub struct X;",
            "pub struct Y;",
        ),
        // What the parent defines, though it hands on its children.
        ("mod x; mod y; pub use x::X; pub struct A;", "use super::A; pub struct X;", "use super::{A, X};"),
        // Tests may look everywhere; comments and strings say nothing.
        (
            "mod x; mod y;",
            "pub struct X;\n#[cfg(test)]\nmod tests { use super::super::y::Y; }",
            "use super::x::X;",
        ),
        (
            "mod x; mod y;",
            "// super::y::Y\nconst T: &str = \"super::y::Y\"; pub struct X;",
            "use super::x::X;",
        ),
    ] {
        assert!(circles(&[root, ("a", parent), ("a/x", x), ("a/y", y)]).is_empty(), "{parent} {x}");
    }
}
