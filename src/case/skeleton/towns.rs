//! case.toml and the figures of the towns: all of them neutral, all of them to be filled in.

use toml::Table;

use super::prices;
use super::request::NewCase;
use super::template::{fill, quoted, row, rows, shares, title};
use crate::text::Language;

/// Said after what is to be filled in, so that the report lists the value as an assumption.
const UNTIL_THEN: &str = "(assumption until then)";

/// Words that stand in for names, in the language of the case.
pub(super) fn words(language: Language) -> Table {
    let all: Table = include_str!("names.toml").parse().unwrap_or_default();
    all.get(language.code()).and_then(toml::Value::as_table).cloned().unwrap_or_default()
}

/// One of these words.
pub(super) fn word(words: &Table, key: &str) -> String {
    words.get(key).and_then(toml::Value::as_str).unwrap_or_default().to_owned()
}

/// case.toml, `base_levels.csv`, missing.csv and assessment.csv.
pub(super) fn files(request: &NewCase) -> Vec<(String, String)> {
    let [assessment, missing] = inputs(request);
    let files = [
        ("case.toml", case(request)),
        ("base_levels.csv", levels(request)),
        ("assessment.csv", assessment),
        ("missing.csv", missing),
    ];
    files.map(|(name, text)| (name.to_owned(), text)).into()
}

fn case(request: &NewCase) -> String {
    let words = words(request.language);
    let lang = request.language.code().to_owned();
    let scenarios: Vec<String> = request.scenarios.iter().map(|s| quoted(s)).collect();
    let weights: Vec<String> = request.commodities.iter().map(|c| format!("{c} = 1.0")).collect();
    let head = [
        ("id", request.id.clone()),
        ("base_year", request.base_year.to_string()),
        ("horizon", request.horizon.to_string()),
        ("seed", (i64::from(request.base_year) * 10_000 + 1231).to_string()),
        ("scenarios", scenarios.join(", ")),
        ("reference", request.reference().to_owned()),
        ("region", word(&words, "region")),
        ("mix", weights.join(", ")),
        ("lang", lang.clone()),
    ];
    let mut text = fill(include_str!("case.toml"), &head);
    text.push_str(&prices::unit_names(&request.commodities));
    for commodity in &request.commodities {
        text.push_str(&prices::commodity(commodity, &lang));
    }
    for town in &request.towns {
        let values = [
            ("id", town.clone()),
            ("name", title(town)),
            ("enterprise", word(&words, "enterprise")),
            ("specialisation", word(&words, "specialisation")),
            ("mix", shares(&request.commodities)),
            ("lang", lang.clone()),
        ];
        text.push_str(&fill(include_str!("town.toml"), &values));
    }
    text
}

fn levels(request: &NewCase) -> String {
    let mut text = row(&["town", "level", "value", "unit", "basis"]);
    for town in &request.towns {
        for level in rows(include_str!("levels.csv")) {
            let basis = to_fill(&level[3]);
            text.push_str(&row(&[town, &level[0], &level[1], &level[2], &basis]));
        }
    }
    text
}

/// assessment.csv, which has what is yes or no, and missing.csv with the range of all else.
fn inputs(request: &NewCase) -> [String; 2] {
    let mut given = row(&["town", "symbol", "value", "numerator", "denominator", "source", "note"]);
    let mut missing = row(&["town", "symbol", "low", "mode", "high", "basis"]);
    for town in &request.towns {
        for input in rows(include_str!("inputs.csv")) {
            let [symbol, low, mode, high, what] = [0, 1, 2, 3, 4].map(|k| &input[k]);
            if low.is_empty() {
                given.push_str(&row(&[town, symbol, mode, "", "", &format!("fill me in: {what}"), ""]));
            } else {
                missing.push_str(&row(&[town, symbol, low, mode, high, &to_fill(what)]));
            }
        }
    }
    [given, missing]
}

fn to_fill(what: &str) -> String {
    format!("fill me in: {what} {UNTIL_THEN}")
}
