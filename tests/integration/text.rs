//! The catalogue of text: every key that the program reads is there, and none stands there unread.

use std::collections::{BTreeMap, BTreeSet};
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

/// The strings of a language, by key.
fn catalogue(language: Language) -> BTreeMap<String, String> {
    let path = format!("src/text/{}.toml", language.code());
    let source = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(path)).unwrap();
    toml::from_str(&source).unwrap()
}

fn keys() -> Vec<String> {
    catalogue(Language::En).into_keys().collect()
}

/// The names in braces of a string, each once, and what is left of it without them.
fn placeholders(string: &str) -> (BTreeSet<&str>, String) {
    let mut rest = String::new();
    let mut names = BTreeSet::new();
    for (k, part) in string.split('{').enumerate() {
        match part.split_once('}').filter(|_| k > 0) {
            Some((name, after)) => {
                names.insert(name);
                rest.push_str(after);
            }
            None => rest.push_str(part),
        }
    }
    (names, rest)
}

#[test]
fn no_key_stands_unread() {
    let mut text = String::new();
    sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut text);
    // A literal, or one of a group whose keys are put together (`"audit.{}"`).
    let is_read = |key: &String| {
        let group = key.split('.').next().unwrap();
        text.contains(&format!("\"{key}\""))
            || text.contains(&format!("\"{group}.{{}}\""))
            || text.contains(&format!("counted(\"{group}\""))
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
    let is_file =
        |literal: &str| [".md", ".html", ".csv", ".toml", ".json"].iter().any(|e| literal.ends_with(e));
    let literals = text.split('"').filter(is_key).filter(|literal| !is_file(literal));
    let missing: Vec<&str> = literals.filter(|literal| !keys.iter().any(|key| key == literal)).collect();
    assert!(missing.is_empty(), "{missing:?}");
    assert_eq!(Text::of(Language::En).get("table.town"), "town");
}

#[test]
fn every_language_has_every_key_with_the_same_values_to_fill_in() {
    let english = catalogue(Language::En);
    for language in [Language::Kk, Language::Ru] {
        let other = catalogue(language);
        let (ours, theirs): (Vec<_>, Vec<_>) = (english.keys().collect(), other.keys().collect());
        assert_eq!(ours, theirs, "{language:?}");
        for (key, string) in &english {
            assert_eq!(placeholders(string).0, placeholders(&other[key]).0, "{key} in {language:?}");
        }
    }
}

#[test]
fn strings_are_tidy() {
    for language in Language::ALL {
        for (key, string) in catalogue(language) {
            assert!(!string.is_empty() && !string.contains("  "), "{key} in {language:?}: {string:?}");
            let braces = ['{', '}'].map(|brace| string.matches(brace).count());
            assert_eq!(braces[0], braces[1], "{key} in {language:?}");
        }
    }
}

/// Latin words that stand in Kazakh and Russian too: names of things, of files, of columns.
const LATIN: &[&str] = &[
    "boljam",
    "audit",
    "SHA",
    "CRPS",
    "summary",
    "split",
    "csv",
    "input",
    "share",
    "observed",
    "prices",
    "toml",
    "calibrate",
    "PRIM",
    "W",
    "towns",
    "R",
    "hat",
    "from",
    "base",
];

#[test]
fn kazakh_and_russian_are_written_in_their_own_letters() {
    for language in [Language::Kk, Language::Ru] {
        let strings = catalogue(language);
        for (key, string) in &strings {
            let (_, rest) = placeholders(string);
            let words = rest.split(|c: char| !c.is_ascii_alphabetic()).filter(|word| !word.is_empty());
            let foreign: Vec<&str> = words.filter(|word| !LATIN.contains(word)).collect();
            assert!(foreign.is_empty(), "{key} in {language:?}: {foreign:?}");
        }
    }
    let kazakh: String = catalogue(Language::Kk).into_values().collect();
    assert!("әғқңөұүі".chars().all(|letter| kazakh.contains(letter)));
    let russian: String = catalogue(Language::Ru).into_values().collect();
    assert!(!"әғқңөұүі".chars().any(|letter| russian.contains(letter)));
    assert!("ыэщ".chars().all(|letter| russian.contains(letter)));
}

#[test]
fn kazakh_is_no_copy_of_russian() {
    let russian = catalogue(Language::Ru);
    let same: Vec<String> = catalogue(Language::Kk)
        .into_iter()
        .filter(|(key, string)| russian[key] == *string)
        .map(|(key, _)| key)
        .filter(|key| !key.starts_with("number."))
        .collect();
    // Loanwords that both languages spell alike, and symbols.
    let alike = [
        "assess.p5",
        "assess.p50",
        "assess.p95",
        "assess.scale",
        "assumptions.file",
        "backtest.crps",
        "backtest.driver",
        "calibrate.driver",
        "calibrate.parameter",
        "calibrate.rhat",
        "calibrate.trend",
        "compared.plan_path",
        "future.people",
        "item.scale",
        "lead.path",
        "name.quoted",
        "page.commit",
        "page.index",
        "page.persistence",
        "plot.lead",
        "plot.median",
        "plot.median_of",
        "preview.p10",
        "preview.p90",
        "preview.scenario",
        "prices.correlation",
        "prices.process",
        "prices.t",
        "prices.trend",
        "reproduce.file",
        "reproduce.hash",
        "said.at",
        "said.percent",
        "said.sub_indicator",
        "table.index",
        "thing.factor",
        "unit.index",
        "unit.per_thousand",
        "unit.percent",
    ];
    assert_eq!(same, alike);
}
