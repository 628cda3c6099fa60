//! `boljam choice` and `boljam survey` as their users meet them.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use crate::cli::{done, refused};

fn rows(csv: &str) -> Vec<Vec<String>> {
    let mut reader = csv::Reader::from_reader(csv.as_bytes());
    reader.records().map(|r| r.unwrap().iter().map(str::to_owned).collect()).collect()
}

#[test]
fn acceptability_adds_up_and_ranks_the_scenarios() {
    let home = tempfile::tempdir().unwrap();
    let csv =
        done(home.path(), &["choice", "--towns", "balkhash,saran", "--draws", "2000", "--format", "csv"]);
    assert!(csv.starts_with("town,factors,scenario,probability,low,high,rank,margin\n"), "{csv}");
    let rows = rows(&csv);
    assert_eq!(rows.len(), 2 * 6 * 4);
    for four in rows.chunks(4) {
        let number = |row: &[String], k: usize| row[k].parse::<f64>().unwrap();
        assert!((four.iter().map(|r| number(r, 3)).sum::<f64>() - 1.0).abs() < 1e-9);
        assert!(four.iter().all(|r| number(r, 4) <= number(r, 3) && number(r, 3) <= number(r, 5)));
        assert!(four.iter().any(|r| r[6] == "1"));
    }
    let json = done(home.path(), &["choice", "--towns", "saran", "--draws", "100", "--format", "json"]);
    assert_eq!(serde_json::from_str::<serde_json::Value>(&json).unwrap().as_array().unwrap().len(), 24);
}

#[test]
fn flips_have_a_row_an_indicator_and_joint_ones() {
    let home = tempfile::tempdir().unwrap();
    let csv = done(
        home.path(),
        &["choice", "--flips", "--towns", "temirtau", "--indicators", "TDm1,TDm2", "--format", "csv"],
    );
    let header = "town,indicator,value,flip_at,kind,change,rounding_errors,leaders_after,norm,joint\n";
    assert!(csv.starts_with(header), "{csv}");
    let rows = rows(&csv);
    let single: Vec<_> = rows.iter().filter(|r| r[8].is_empty()).collect();
    assert_eq!(single.len(), 21);
    assert!(single.iter().all(|r| r[9].is_empty()));
    let tdm2 = single.iter().find(|r| r[1] == "TDm2").unwrap();
    assert_eq!((tdm2[4].as_str(), tdm2[7].as_str()), ("limit", "innovative+diversification"));
    assert!((tdm2[3].parse::<f64>().unwrap() - 1225.0 / 82.0).abs() < 1e-9, "{tdm2:?}");
    for norm in ["L1", "L2"] {
        let joint: Vec<_> = rows.iter().filter(|r| r[8] == norm).collect();
        assert!(!joint.is_empty() && joint.iter().all(|r| r[9].parse::<f64>().unwrap() > 5.0), "{joint:?}");
    }
}

#[test]
fn weights_that_are_alike_are_no_weights() {
    let home = tempfile::tempdir().unwrap();
    let home = home.path();
    let template = done(home, &["survey", "--template"]);
    let symbols: Vec<&str> = template.lines().skip(1).map(|line| line.split(',').next().unwrap()).collect();
    assert_eq!(symbols.len(), 21);
    let alike: Vec<String> = symbols.iter().map(|s| format!("{s},0.1")).collect();
    fs::write(home.join("alike.csv"), format!("symbol,weight\n{}\n", alike.join("\n"))).unwrap();
    fs::write(home.join("votes.csv"), "symbol,weight\nTDm,3\nTDea,3\nTDda,3\nTDzhia,3\nTDaa,3\nTDsp,3\n")
        .unwrap();
    let choice = ["choice", "--flips", "--towns", "karazhal", "--format", "csv"];
    let today = done(home, &choice);
    assert_eq!(
        today,
        done(home, &[&choice[..], &["--weights", "alike.csv", "--weights-in", "formulas"]].concat())
    );
    assert_eq!(today, done(home, &[&choice[..], &["--weights", "votes.csv"]].concat()));
    assert_ne!(today, done(home, &[&choice[..], &["--weights", "alike.csv"]].concat()));
    refused(
        home,
        &[&choice[..], &["--weights", "votes.csv", "--weights-in", "formulas"]].concat(),
        &["votes.csv"],
    );
    fs::write(home.join("bad.csv"), "symbol,weight\nTDm,x\nXX,1\n").unwrap();
    refused(
        home,
        &["choice", "--weights", "bad.csv"],
        &["bad.csv", "weight 'x' of TDm", "unknown symbol 'XX'"],
    );
}

#[test]
fn a_folder_has_every_table_and_picture() {
    let home = tempfile::tempdir().unwrap();
    let home = home.path();
    let arguments = [
        "choice", "--towns", "temirtau", "--draws", "500", "--blocks", "64", "--out", "sure", "--lang", "kk",
    ];
    let said = done(home, &arguments);
    assert!(said.contains("sure"), "{said}");
    for file in [
        "acceptability.csv",
        "ranks.csv",
        "flips.csv",
        "indices.csv",
        "acceptability.svg",
        "flips-temirtau.png",
        "indices-temirtau.png",
    ] {
        assert!(home.join("sure").join(file).is_file(), "{file}");
    }
    let indices = fs::read_to_string(home.join("sure/indices.csv")).unwrap();
    assert!(
        indices.starts_with("output,year,factor,factor2,index,value,low,high\n")
            && indices.contains("temirtau.margin,,weights,,ST,")
    );
    refused(home, &arguments, &["sure exists and is not empty"]);
}

/// Titles say the nearest change after which somebody leads, or that there is none: Saran's projects stand on a bound
/// (7 + 9 + 3 + 6 = 25), in Shakhtinsk one indicator can only take the lead from all.
#[test]
fn titles_of_flips_are_said_where_they_are_true() {
    use boljam::case::{Case, Source};
    use boljam::experiment::choice::{InputErrors, Rules, TownFlips, Uncertain, Weights, WeightsIn};
    use boljam::plot::choice::flips;
    use boljam::text::{Language, Text};
    let case = Case::load(&Source::embedded(), &[]).unwrap();
    let rules = Rules::new(&case.method, case.scenarios.len(), &Weights::Equal, WeightsIn::Votes);
    for (town, is_on_bound, is_none) in
        [("saran", true, false), ("shakhtinsk", false, true), ("temirtau", false, false)]
    {
        let town = case.town(town).unwrap();
        let uncertain = Uncertain::new(&case, town, &rules, &InputErrors::default(), false);
        let found = [TownFlips::of(&uncertain, Some(&[0, 1]))];
        let title = flips(&case, &found, 1, &Text::of(Language::En)).remove(0).title;
        assert_eq!(title.contains("a bound is met exactly"), is_on_bound, "{title}");
        assert_eq!(title.contains("no single change"), is_none, "{title}");
        assert!(!title.contains("0.00"), "{title}");
    }
}

#[test]
fn what_makes_no_sense_is_refused() {
    let home = tempfile::tempdir().unwrap();
    let home = home.path();
    refused(home, &["choice", "--error", "TDx=1"], &["no sub-indicator 'TDx'"]);
    refused(home, &["choice", "--error", "TDe1=-1"], &["HALF WIDTH"]);
    refused(home, &["choice", "--error", "TDaa1=1"], &["0 or 100"]);
    refused(home, &["choice", "--flips", "--indicators", "TDe"], &["no sub-indicator 'TDe'"]);
    refused(home, &["choice", "--indicators", "TDe1"], &["--flips"]);
    refused(home, &["choice", "--towns", "atlantis"], &["no town 'atlantis'"]);
    refused(home, &["survey", "none.csv"], &["none.csv"]);
    refused(home, &["survey"], &["<FILE>"]);
}

/// Kendall's example of three rankings of ten with ties (Rank Correlation Methods, 4th edition, section 6.7): W = 0.828.
const RANKINGS: [[f64; 10]; 3] = [
    [1.0, 4.5, 2.0, 4.5, 3.0, 7.5, 6.0, 9.0, 7.5, 10.0],
    [2.5, 1.0, 2.5, 4.5, 4.5, 8.0, 9.0, 6.5, 10.0, 6.5],
    [2.0, 1.0, 4.5, 4.5, 4.5, 4.5, 8.0, 8.0, 8.0, 10.0],
];

#[test]
fn agreement_is_that_of_the_published_example() {
    use boljam::experiment::survey::{Answers, agreement};
    let symbols: Vec<String> = (0..10).map(|k| format!("s{k}")).collect();
    let mut text = format!("expert,{}\n", symbols.join(","));
    for (k, ranks) in RANKINGS.iter().enumerate() {
        let cells: Vec<String> = ranks.iter().map(f64::to_string).collect();
        writeln!(text, "judge {k},{}", cells.join(",")).unwrap();
    }
    let found = agreement(&Answers::parse(&text, &symbols).unwrap()).unwrap();
    // By hand: 12 * 591 / (9 * 990 - 3 * 114).
    assert!((found.w - 7092.0 / 8568.0).abs() < 1e-12 && (found.w - 0.828).abs() < 5e-4, "{found:?}");
}

/// A filled-in questionnaire in Kazakh: three experts, one of whom left some out, and their weights for the choice.
#[test]
fn a_questionnaire_is_filled_in_read_and_weighs_the_choice() {
    let home = tempfile::tempdir().unwrap();
    let home: &Path = home.path();
    for lang in ["en", "ru", "kk"] {
        let template = done(home, &["survey", "--template", "--lang", lang]);
        let mut lines = template.lines();
        let mut sheet = format!("{},expert 2,expert 3\n", lines.next().unwrap());
        for (k, line) in lines.enumerate() {
            let third = if k % 5 == 0 { String::new() } else { (21 - k).to_string() };
            writeln!(sheet, "{line}{},{},{third}", k + 1, 1 + k / 2).unwrap();
        }
        fs::write(home.join("answers.csv"), sheet).unwrap();
        let csv = done(home, &["survey", "answers.csv", "--format", "csv"]);
        assert!(
            csv.starts_with(
                "symbol,answers,place,mean_rank,geometric_mean,borda,sd,best,worst,weight\nTDm1,2,"
            ),
            "{csv}"
        );
        let experts = done(home, &["survey", "answers.csv", "--experts", "--format", "csv"]);
        assert_eq!(experts.lines().count(), 4, "{experts}");
        assert!(experts.lines().nth(3).unwrap().starts_with("expert 3,16,-0."), "{experts}");
        assert!(experts.lines().nth(3).unwrap().contains(",true,"), "{experts}");
        let told = done(home, &["survey", "answers.csv", "--lang", lang]);
        assert!(told.contains("expert 2"), "{told}");
        let weights = done(home, &["survey", "answers.csv", "--weights"]);
        fs::write(home.join("weights.csv"), &weights).unwrap();
        let sum: f64 = rows(&weights).iter().map(|r| r[1].parse::<f64>().unwrap()).sum();
        assert!((sum - 1.0).abs() < 1e-12);
        for place in ["votes", "formulas"] {
            let choice = [
                "choice",
                "--towns",
                "saran",
                "--draws",
                "200",
                "--weights",
                "weights.csv",
                "--weights-in",
                place,
            ];
            let said = done(home, &[&choice[..], &["--format", "csv"]].concat());
            assert!(!said.contains(",weights,"), "settled weights are not drawn:\n{said}");
        }
    }
    refused(home, &["survey", "weights.csv"], &["weights.csv"]);
}
