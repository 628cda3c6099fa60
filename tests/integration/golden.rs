//! The numbers of the shipped case, pinned: 1000 runs, the last year, every quantity; to 1e-10.
//!
//! A change that moves them is value-breaking and says so in the CHANGELOG. Accept new numbers with
//! `BOLJAM_ACCEPT=1 cargo test golden`.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use boljam::analyse::{self, MEDIAN};
use boljam::case::{Case, Delivery, Source};
use boljam::engine::Effort;
use boljam::model::Options;

/// town, scenario, quantity, then mean, sd and three quantiles; and the shares of the lead.
fn numbers() -> String {
    let case = Case::load(&Source::embedded(), &[]).unwrap();
    let results = analyse::study(&case, &Options::of(&case), Effort::runs(1000), &|_, _| {}).unwrap();
    let mut out = "town,scenario,quantity,mean,sd,q050,q500,q950\n".to_owned();
    for town in &results.towns {
        for scenario in &town.scenarios {
            let cell = scenario.years.last().unwrap();
            for (quantity, d) in results.quantities.iter().zip(&cell.quantities) {
                let quantiles = [2, MEDIAN, 8].map(|k| d.quantiles[k].value.to_string()).join(",");
                let (mean, sd) = (d.mean.value, d.sd.value);
                writeln!(out, "{},{},{},{mean},{sd},{quantiles}", town.id, scenario.id, quantity.id).unwrap();
            }
            let lead: Vec<String> = cell.lead.iter().map(|e| e.value.to_string()).collect();
            writeln!(out, "{},{},lead,{}", town.id, scenario.id, lead.join(",")).unwrap();
        }
    }
    out
}

#[test]
fn the_shipped_case_gives_its_numbers() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/karaganda.csv");
    let now = numbers();
    if std::env::var_os("BOLJAM_ACCEPT").is_some() {
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, &now).unwrap();
    }
    let golden = fs::read_to_string(&path).unwrap();
    assert_eq!(now.lines().count(), golden.lines().count());
    for (a, b) in now.lines().zip(golden.lines()) {
        let (x, y): (Vec<&str>, Vec<&str>) = (a.split(',').collect(), b.split(',').collect());
        assert_eq!(x[..3], y[..3]);
        for (p, q) in x[3..].iter().zip(&y[3..]) {
            if let (Ok(p), Ok(q)) = (p.parse::<f64>(), q.parse::<f64>()) {
                assert!((p - q).abs() <= 1e-10 * p.abs().max(q.abs()).max(1e-10), "{a}\n{b}");
            }
        }
    }
}

/// Medians for 2035 of an independent sketch of this model by another hand (three towns, no events, plan
/// errors independent between scenarios, 4000 runs): ours must be near.
#[test]
fn medians_are_near_those_of_an_independent_sketch() {
    let mut case = Case::load(&Source::embedded(), &[]).unwrap();
    // The sketch has no events, known ones neither, and delivers every plan.
    case.known_until = None;
    for scenario in &mut case.scenarios {
        scenario.delivery = Delivery::WHOLE;
    }
    for event in &mut case.events {
        event.probability.fill(0.0);
    }
    let results = analyse::study(&case, &Options::of(&case), Effort::runs(4000), &|_, _| {}).unwrap();
    let expected: [(&str, &str, [f64; 4], f64); 3] = [
        ("balkhash", "TDea", [22.0, 28.6, 35.3, 34.1], 0.5),
        ("temirtau", "TDm", [28.8, 26.2, 24.7, 19.8], 0.3),
        ("karazhal", "unemployment", [6.0, 4.3, 3.6, 3.3], 0.15),
    ];
    for (town, quantity, medians, tolerance) in expected {
        let town = results.towns.iter().find(|t| t.id == town).unwrap();
        let q = results.quantities.iter().position(|x| x.id == quantity).unwrap();
        for (scenario, expected) in town.scenarios.iter().zip(medians) {
            let median = scenario.years.last().unwrap().quantities[q].quantiles[MEDIAN].value;
            assert!(
                (median - expected).abs() < tolerance,
                "{} {quantity} {}: {median} {expected}",
                town.id,
                scenario.id
            );
        }
    }
}
