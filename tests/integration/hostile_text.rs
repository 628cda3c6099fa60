//! Texts of a case that could break a table, a picture or a message: what is refused, what is told, what is kept.

use std::path::Path;

use boljam::analyse;
use boljam::case::{Case, Source};
use boljam::engine::Effort;
use boljam::model::Options;
use boljam::plot;
use boljam::report::tables;

fn northland() -> Source {
    Source::folder(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases/northland")).unwrap()
}

/// The case with a text put in the place of another everywhere.
fn with(old: &str, new: &str) -> Source {
    let mut source = northland();
    for text in source.files.values_mut() {
        *text = text.replace(old, new);
    }
    source
}

/// A table's rows, each as long as the header.
fn rows(table: &str) -> Vec<csv::StringRecord> {
    csv::Reader::from_reader(table.as_bytes()).records().map(Result::unwrap).collect()
}

#[test]
fn class_ids_with_commas_and_quotes_stay_whole_in_every_row() {
    let case = Case::load(&with("\"weak\"", "'weak, \"say\"'"), &[]).unwrap_or_else(|f| panic!("{f}"));
    let results = analyse::study(&case, &Options::of(&case), Effort::runs(50), &|_, _| {}).unwrap();
    let classes = rows(&tables::classes(&results));
    assert!(classes.iter().all(|row| row.len() == 9));
    assert!(classes.iter().any(|row| &row[4] == "weak, \"say\""));
}

#[test]
fn units_that_look_like_formulas_are_no_formulas() {
    let mut source = northland();
    let drivers = source.files.get_mut("drivers.csv").unwrap();
    *drivers = drivers.replace(",jobless rate,percent,", ",jobless rate,=cmd|' /C calc'!A0,");
    let case = Case::load(&source, &[]).unwrap_or_else(|f| panic!("{f}"));
    let results = analyse::study(&case, &Options::of(&case), Effort::runs(50), &|_, _| {}).unwrap();
    let summary = rows(&tables::summary(&results));
    let mut jobless = summary.iter().filter(|row| &row[3] == "jobless");
    assert!(jobless.any(|row| &row[9] == "'=cmd|' /C calc'!A0"));
    assert!(summary.iter().all(|row| row[5].parse::<f64>().is_ok()));
}

#[test]
fn an_id_in_other_letters_is_told_once_with_the_letters_that_may_be() {
    let report = Case::load(&with("jobless", "балқаш"), &[]).unwrap_err().to_string();
    let allowed = "an id of the letters a-z and A-Z, digits and underscores, a letter first";
    assert!(report.contains(&format!("driver: 'балқаш' is not allowed ({allowed})")), "{report}");
}

#[test]
fn letters_that_the_font_lacks_are_told() {
    let case =
        Case::load(&with("\"Upper Town\"", "\"Şehir ₽₂Δσğı 東\""), &[]).unwrap_or_else(|f| panic!("{f}"));
    assert_eq!(plot::missing_letters(&case), ['東']);
}

#[test]
fn lines_are_those_of_an_editor_also_with_carriage_returns() {
    let mut source = with("\n", "\r\n");
    let drivers = source.files.get_mut("drivers.csv").unwrap();
    *drivers = drivers.replace("jobless,jobless rate", "jobless,");
    let method = source.files.get_mut("method.toml").unwrap();
    *method = method.replacen("symbol = \"Reach\"", "symbol = \"Re ach\"", 1);
    let report = Case::load(&source, &[]).unwrap_err().to_string();
    let line = |file: &str, start: &str| {
        1 + northland().files[file].lines().position(|l| l.starts_with(start)).unwrap()
    };
    let label = format!("drivers.csv: line {}, label: ''", line("drivers.csv", "jobless,"));
    let symbol = line("method.toml", "symbol = \"Reach\"");
    let symbol = format!("method.toml: line {symbol}, composite.Re ach.symbol: 'Re ach'");
    assert!(report.contains(&label) && report.contains(&symbol), "{report}");
}
