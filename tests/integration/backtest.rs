//! The backtest and what was seen since, as their users meet them.

use boljam::plot::Raster;

use super::cli::done;

/// Verdicts, intervals and places stand in the tables of every language; the CSV is tidy; the picture can be read.
#[test]
fn the_backtest_is_told_in_three_languages_and_drawn() {
    let home = tempfile::tempdir().unwrap();
    for (lang, words) in [
        ("en", ["little skill", "random walk", "Seen since 2021", "no history of"]),
        ("ru", ["слабо", "случайного блуждания", "Увиденное после 2021", "нет рядов"]),
        ("kk", ["шеберлігі аз", "кездейсоқ қыдыру", "2021 жылдан бері", "қатары жоқ"]),
    ] {
        let out = done(home.path(), &["backtest", "--lang", lang]);
        for word in words {
            assert!(out.contains(word), "no '{word}' in\n{out}");
        }
        let svg = done(home.path(), &["backtest", "--format", "svg", "--lang", lang]);
        assert!(Raster::new(800, 96).png(&svg).is_ok());
    }
    let csv = done(home.path(), &["backtest", "--format", "csv"]);
    assert!(csv.starts_with("prices,driver,town,ahead,forecasts,forecaster,statistic,value\n"));
    for row in
        ["drawn,wage,all,all,48,model,coverage_95,", "known,all,temirtau,all,30,random_walk_prices,crps,"]
    {
        assert_eq!(csv.lines().filter(|l| l.starts_with(row)).count(), 1, "{row}");
    }
    assert!(!csv.contains("NaN") && !csv.contains("inf"));
}

/// `check` sets beside the forecast what was seen, and says nothing where a case has seen nothing.
#[test]
fn a_check_compares_what_was_seen() {
    let home = tempfile::tempdir().unwrap();
    done(home.path(), &["new", "mycase"]);
    let whole = done(home.path(), &["check", "mycase"]);
    assert!(whole.contains("Seen since 2021") && whole.contains("Seen, but not comparable"), "{whole}");
    std::fs::remove_file(home.path().join("mycase/observed.csv")).unwrap();
    let without = done(home.path(), &["check", "mycase"]);
    assert!(!without.contains("Seen"), "{without}");
}
