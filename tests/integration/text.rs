//! The catalogue of text: every key that the program reads is there, and none stands there unread.

use std::fs;
use std::path::Path;

use boljam::text::{Language, Text};

/// All source text of the crate but for its tests.
fn sources(folder: &Path, text: &mut String) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, text);
        } else if path.extension().is_some_and(|e| e == "rs") {
            let source = fs::read_to_string(&path).unwrap();
            text.push_str(source.split("#[cfg(test)]\nmod tests").next().unwrap());
        }
    }
}

fn keys() -> Vec<String> {
    let catalogue = include_str!("../../src/text/en.toml");
    let table: toml::Table = toml::from_str(catalogue).unwrap();
    table.keys().cloned().collect()
}

#[test]
fn no_key_stands_unread() {
    let mut text = String::new();
    sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut text);
    // A literal, or one of a group whose keys are put together (`"audit.{}"`).
    let is_read = |key: &String| {
        let group = key.split('.').next().unwrap();
        text.contains(&format!("\"{key}\"")) || text.contains(&format!("\"{group}.{{}}\""))
    };
    let unread: Vec<String> = keys().into_iter().filter(|key| !is_read(key)).collect();
    assert!(unread.is_empty(), "{unread:?}");
}

#[test]
fn every_key_that_is_read_stands_there() {
    let mut text = String::new();
    sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut text);
    let keys = keys();
    let groups: Vec<&str> = keys.iter().filter_map(|key| key.split('.').next()).collect();
    // A literal such as "report.title": a known group, a dot, a lower-case word.
    let is_key = |literal: &&str| {
        literal.split_once('.').is_some_and(|(group, rest)| {
            groups.contains(&group)
                && !rest.is_empty()
                && rest.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_')
        })
    };
    let is_file = |literal: &str| [".md", ".csv", ".toml", ".json"].iter().any(|e| literal.ends_with(e));
    let literals = text.split('"').filter(is_key).filter(|literal| !is_file(literal));
    let missing: Vec<&str> = literals.filter(|literal| !keys.iter().any(|key| key == literal)).collect();
    assert!(missing.is_empty(), "{missing:?}");
    assert_eq!(Text::of(Language::En).get("table.town"), "town");
}
