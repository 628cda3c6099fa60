//! `boljam prices` as a user meets it: the estimates, the price files in a case, bad series and bad files.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use boljam::calibrate::{Deflator, PriceFits, fit_prices};
use boljam::case::{Case, PriceTable, Source};
use rand::SeedableRng;
use rand_distr::{Distribution, StudentT};

fn boljam(home: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_boljam")).args(arguments).current_dir(home).output().unwrap()
}

fn out(home: &Path, arguments: &[&str]) -> String {
    let output = boljam(home, arguments);
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

fn refused(home: &Path, arguments: &[&str]) -> String {
    let output = boljam(home, arguments);
    assert_eq!(output.status.code(), Some(2), "{arguments:?}");
    String::from_utf8(output.stderr).unwrap()
}

/// Fifty years of months of two prices that follow one law: real log prices return to a level by `rate` a year with
/// innovations of sd 0.3 a year, and money loses 3 % a year.
fn months(rate: f64) -> String {
    let mut rng = rand::rngs::Xoshiro256PlusPlus::seed_from_u64(41);
    let t5 = StudentT::new(5.0).unwrap();
    let mut z = [7.0_f64, 5.0];
    let mut text = "date,series,value,unit\n".to_owned();
    for k in 0..600 {
        let money = (0.03 * f64::from(k) / 12.0).exp();
        let date = format!("{}-{:02}", 1970 + k / 12, k % 12 + 1);
        let common: f64 = t5.sample(&mut rng);
        for (c, name) in ["copper", "zinc"].into_iter().enumerate() {
            let own: f64 = t5.sample(&mut rng);
            let e = (0.8 * common + 0.6 * own) / (5.0_f64 / 3.0).sqrt() * 0.3 / 12.0_f64.sqrt();
            z[c] += -rate / 12.0 * (z[c] - [7.0, 5.0][c]) + e;
            writeln!(text, "{date},{name},{},$/t", z[c].exp() * money).unwrap();
        }
        writeln!(text, "{date},cpi,{},index", 100.0 * money).unwrap();
    }
    text
}

fn fits(text: &str) -> PriceFits {
    let table = PriceTable::parse(text).unwrap();
    let one = |name: &str| table.select(&[name.to_owned()]).unwrap();
    let deflator = Deflator::new(&one("cpi").series[0], table.frequency).unwrap();
    fit_prices(&table.select(&["copper".to_owned(), "zinc".to_owned()]).unwrap(), Some(&deflator))
}

#[test]
fn a_known_law_is_found_in_fifty_years_of_months() {
    let fits = fits(&months(0.3));
    // A monthly pull of 0.3/12 is a yearly one of 1 - exp(-0.3).
    let truth = 1.0 - (-0.3_f64).exp();
    for (s, level) in fits.series.iter().zip([7.0, 5.0]) {
        let fit = s.fit.as_ref().unwrap();
        let r = &fit.reversion;
        assert!((r.rate - truth).abs() < 2.6 * r.rate_se, "{} {}", s.id, r.rate);
        // Prices are those of 2019, when money has lost 3 % a year for about half a century.
        let real = level + 0.03 * 49.5;
        assert!((r.level - real).abs() < 3.0 * r.level_se, "{} {} {real}", s.id, r.level);
        assert!((r.sd / 0.26 - 1.0).abs() < 0.25, "{} {}", s.id, r.sd);
        assert!(fit.trend.change.abs() < 3.0 * fit.trend.se, "{} {:?}", s.id, fit.trend);
        assert_eq!((fit.annual.first, fit.annual.last()), (1970, 2019));
    }
    // Shares of common innovations 0.64 of the variance.
    let pair = &fits.pairs[0];
    assert!(pair.interval.0 < 0.64 && 0.64 < pair.interval.1, "{pair:?}");
    assert_eq!(fits.base_year, Some(2019));
}

/// The fit of the history that ships is the process that ships, as far as its span allows: an own history of a case
/// can be read, and what is written can be put into a case.
#[test]
fn what_is_written_is_a_case_s() {
    let home = tempfile::tempdir().unwrap();
    out(home.path(), &["new", "mycase"]);
    let told = out(home.path(), &["prices", "fit", "mycase/price_history.csv", "--out", "fitted"]);
    for id in ["coal", "copper", "iron_ore", "lead", "steel", "zinc"] {
        assert!(told.lines().any(|l| l.starts_with(id)), "{told}");
    }
    let files = ["price_correlations.csv", "price_history.csv", "price_process.csv"];
    for file in files {
        fs::copy(home.path().join("fitted").join(file), home.path().join("mycase").join(file)).unwrap();
    }
    let case = Case::load(&Source::folder(&home.path().join("mycase")).unwrap(), &[]).unwrap();
    let shipped = Case::load(&Source::embedded(), &[]).unwrap();
    for (a, b) in case.commodities.iter().zip(&shipped.commodities) {
        assert_eq!(a.observed.len(), b.observed.len());
        for (x, y) in a.observed.iter().zip(&b.observed) {
            assert!(
                (x.average / y.average - 1.0).abs() < 1e-6 && (x.december / y.december - 1.0).abs() < 1e-6
            );
        }
        // Not the same span: within two standard errors of the estimates together.
        assert!(a.sd_reverting > 0.05 && (a.level / b.level).ln().abs() < 1.0, "{}", a.id);
    }
    for (a, b) in case.prices.correlation.iter().flatten().zip(shipped.prices.correlation.iter().flatten()) {
        assert!((a - b).abs() < 0.05, "{a} {b}");
    }
    let told = refused(home.path(), &["prices", "fit", "mycase/price_history.csv", "--out", "fitted"]);
    assert!(told.contains("fitted exists and is not empty"), "{told}");
}

#[test]
fn a_bad_series_gets_a_verdict_and_the_others_their_numbers() {
    let home = tempfile::tempdir().unwrap();
    let mut text = months(0.3);
    text.push_str("2001-05,gold,300,$/oz\n2001-06,gold,310,$/oz\n");
    fs::write(home.path().join("prices.csv"), &text).unwrap();
    let told = out(home.path(), &["prices", "fit", "prices.csv", "--deflate", "prices.csv:cpi"]);
    assert!(told.contains("gold: not estimated: 0 whole years: at least 15 are needed\n"), "{told}");
    assert!(
        told.contains("prices of 2019") && told.lines().any(|l| l.starts_with("copper  1970 to 2019")),
        "{told}"
    );
    // An index under its own deflator does not vary.
    assert!(told.contains("cpi: not estimated: the price does not vary"), "{told}");
    for lang in ["ru", "kk"] {
        out(home.path(), &["prices", "fit", "prices.csv", "--series", "copper", "--lang", lang]);
    }
    let csv = out(home.path(), &["prices", "fit", "prices.csv", "--series", "cu=copper", "--format", "csv"]);
    assert!(csv.starts_with("series,statistic,value,se,low,high\ncu,first_year,1970,,,\n"), "{csv}");
}

#[test]
fn bad_files_say_what_is_wrong() {
    let home = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| fs::write(home.path().join(name), text).unwrap();
    write("prices.csv", &months(0.3));
    write("words.csv", "a,b\nc,d\n");
    write("short.csv", "date,commodity,price\n2001,ore,5\n2002,ore,6\n");
    for (arguments, message) in [
        (&["fit", "words.csv"][..], "words.csv: no table of prices: neither a head with date"),
        (
            &["fit", "prices.csv", "--series", "copper,gold"],
            "no series 'gold' in the table (there are: copper, zinc, cpi)",
        ),
        (
            &["fit", "prices.csv", "--deflate", "prices.csv"],
            "--deflate prices.csv: has 3 series: name one, FILE:SERIES (copper, zinc, cpi)",
        ),
        (&["fit", "short.csv", "--out", "x"], "short.csv: no series can be fitted, nothing was written"),
        (
            &["backtest", "short.csv"],
            "short.csv: no series of 17 whole years can be scored\nore: not estimated: 2 whole years",
        ),
    ] {
        let told = refused(home.path(), &[&["prices"], arguments].concat());
        assert!(told.contains(message), "{told}");
    }
    assert!(!home.path().join("x").exists());
}

#[test]
fn the_backtest_has_a_row_a_process_and_span() {
    let home = tempfile::tempdir().unwrap();
    fs::write(home.path().join("prices.csv"), months(0.3)).unwrap();
    let arguments =
        ["prices", "backtest", "prices.csv", "--series", "copper", "--from", "1980", "--format", "csv"];
    let csv = out(home.path(), &arguments);
    let mut keys: Vec<String> =
        csv.lines().skip(1).map(|l| l.splitn(3, ',').take(2).collect::<Vec<_>>().join(",")).collect();
    keys.dedup();
    assert_eq!(keys.len(), 5 * 4, "{csv}");
    assert_eq!(csv, out(home.path(), &arguments), "the draws are keyed");
    let table =
        out(home.path(), &["prices", "backtest", "prices.csv", "--series", "copper", "--from", "1980"]);
    assert!(table.contains("mean reversion") && table.contains("block bootstrap"), "{table}");
}
