//! The fit of the dynamics: what calibration.toml may hold, and what the command refuses.

use boljam::case::{Case, Parameter, Source};

use super::cli::boljam;

/// The shipped case with a text of its calibration.toml replaced.
fn with(old: &str, new: &str) -> Source {
    let mut source = Source::embedded();
    let text = source.files.get_mut("calibration.toml").unwrap();
    assert!(text.contains(old), "{old}");
    *text = text.replacen(old, new, 1);
    source
}

#[test]
fn every_fault_of_a_calibration_is_told() {
    let many = [
        ("sigma = 0.5 ", "sigma = -1 ", "line 6, prior.sigma: -1 is not allowed (a number from 0 to 10)"),
        ("town_spread = 0.5", "spread = 0.5", "prior.spread"),
        ("[driver.wear]", "[driver.tear]", "driver.tear: 'tear' is not allowed (known: budget, culture,"),
        (
            "\"large_medium_enterprises\"",
            "\"average_wage\"",
            "driver.profitable.trials: 'average_wage' is not allowed (an indicator in the driver's history)",
        ),
        (
            "town = \"saran\"",
            "town = \"sarah\"",
            "break.1.town: 'sarah' is not allowed (known: abai, balkhash,",
        ),
        (
            "indicator = \"average_wage\"",
            "indicator = \"wage\"",
            "break.1.indicator: 'wage' is not allowed (an indicator of panel.csv)",
        ),
        ("year = 2019", "year = 19", "break.1.year: 19 is not allowed (a whole number from 1000 to 3000)"),
        ("basis = \"Table 11: 103247", "why = \"Table 11: 103247", "break.1.why"),
    ];
    for (old, new, expected) in many {
        let faults = Case::load(&with(old, new), &[]).unwrap_err().to_string();
        assert!(faults.contains("calibration.toml: ") && faults.contains(expected), "{new}: {faults}");
    }
}

#[test]
fn priors_are_the_drivers_own_or_the_common_ones() {
    let case = Case::load(&Source::embedded(), &[]).unwrap();
    let calibration = case.calibration.as_ref().unwrap();
    let prior = |id: &str, parameter| {
        calibration.prior(case.drivers.iter().position(|d| d.id == id).unwrap(), parameter)
    };
    assert_eq!(prior("enterprise_output", Parameter::PriceExposure), Some(0.3));
    assert_eq!(prior("enterprise_output", Parameter::Sigma), Some(0.5));
    assert_eq!(prior("wage", Parameter::Sigma), Some(1.0));
    // At an end of its range, or without exposure at all.
    assert_eq!(prior("wear", Parameter::RegionalShare), None);
    assert_eq!(prior("culture", Parameter::PriceExposure), None);
    assert_eq!(calibration.breaks.len(), 2);
    // A case need not say any of it.
    let mut source = Source::embedded();
    source.files.remove("calibration.toml");
    assert_eq!(Case::load(&source, &[]).unwrap().calibration, None);
}

/// The draws that come with the case are of the parameters that its priors leave open.
#[test]
fn the_shipped_draws_are_of_what_is_open() {
    let case = Case::load(&Source::embedded(), &[]).unwrap();
    let calibration = case.calibration.as_ref().unwrap();
    let posterior = case.posterior.as_ref().unwrap();
    let all = (0..case.drivers.len()).flat_map(|d| Parameter::ALL.map(|p| (d, p)));
    let open: Vec<(usize, Parameter)> = all.filter(|(d, p)| calibration.prior(*d, *p).is_some()).collect();
    assert_eq!(posterior.columns, open);
    assert_eq!(posterior.draws.len(), boljam::calibrate::DRAWS);
    // What has no series keeps its prior: the exposure of the enterprise, 0.80 with sd 0.30.
    let output = case.drivers.iter().position(|d| d.id == "enterprise_output").unwrap();
    let draws = posterior.values(output, Parameter::PriceExposure).unwrap();
    let n = draws.len() as f64;
    let mean = draws.iter().sum::<f64>() / n;
    let sd = (draws.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / n).sqrt();
    assert!((mean - 0.8).abs() < 3.5 * 0.3 / n.sqrt(), "{mean}");
    assert!((sd / 0.3 - 1.0).abs() < 3.5 / (2.0 * n).sqrt(), "{sd}");
}

#[test]
fn chains_that_are_too_short_are_refused_and_nothing_is_written() {
    let home = tempfile::tempdir().unwrap();
    let said = boljam(home.path(), &["calibrate", "--steps", "100", "--out", "fitted"]);
    assert_eq!(said.code, 1, "{}", said.err);
    assert!(said.err.contains("the chains have not converged"), "{}", said.err);
    assert!(said.err.contains("unemployment, "), "{}", said.err);
    assert!(!home.path().join("fitted").exists());
}

#[test]
fn a_case_that_does_not_say_how_is_refused() {
    let home = tempfile::tempdir().unwrap();
    assert_eq!(boljam(home.path(), &["new", "mine"]).code, 0);
    std::fs::remove_file(home.path().join("mine/calibration.toml")).unwrap();
    let said = boljam(home.path(), &["calibrate", "mine"]);
    assert_eq!(said.code, 2, "{}", said.err);
    assert!(said.err.contains("the case has no calibration.toml"), "{}", said.err);
}
