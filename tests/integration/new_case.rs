//! `boljam new --towns ..`: the case of a region that the program has never heard of; `new --from`; names in one
//! language; faults that are alike.

use std::fs;

use boljam::analyse;
use boljam::case::{Case, NewCase, Notice, Source, SubIndicatorKind, todo};
use boljam::engine::Effort;
use boljam::model::Options;
use boljam::text::Language;

use crate::cli::{boljam, done, names, refused};

fn load(request: &NewCase) -> Case {
    let source = Source::skeleton(request).unwrap_or_else(|faults| panic!("{faults:?}"));
    Case::load(&source, &[]).unwrap_or_else(|faults| panic!("{faults}"))
}

fn ids(ids: &[&str]) -> Vec<String> {
    ids.iter().map(|id| (*id).to_owned()).collect()
}

/// Words of the shipped case that no other may show.
fn foreign() -> Vec<String> {
    let shipped = Case::load(&Source::embedded(), &[]).unwrap();
    let towns = shipped.towns.iter().flat_map(|t| [&t.id, &t.name.en, &t.name.kk, &t.name.ru]).cloned();
    // Abai and Lead are words of other things too.
    let towns = towns.filter(|name| name.chars().count() > 4);
    let words = [
        "araganda",
        "араганд",
        "арағанд",
        "azakh",
        "азах",
        "азақ",
        "Kazakhmys",
        "ArcelorMittal",
        "dissertation",
    ];
    towns.chain(words.map(str::to_owned)).collect()
}

fn assert_native(what: &str, text: &str, foreign: &[String]) {
    for word in foreign {
        let at = text.find(word.as_str());
        let near = at.map(|at| text[at..].chars().take(60).collect::<String>());
        assert!(near.is_none(), "'{word}' in {what}: {near:?}");
    }
}

/// From one town to many commodities, in each language, with the shipped futures and with others: no faults, no notices,
/// and runs.
#[test]
fn every_new_case_is_sound_and_runs_at_once() {
    let usual = NewCase::of(&["rudnik"], &["coal"]);
    let requests = [
        usual.clone(),
        NewCase {
            language: Language::Ru,
            ..NewCase::of(&["norilsk", "talnakh", "kayerkan"], &["nickel", "copper", "palladium"])
        },
        NewCase {
            language: Language::Kk,
            scenarios: ids(&["drift", "renewal", "turn"]),
            base_year: 2015,
            horizon: 2018,
            ..usual.clone()
        },
        NewCase {
            scenarios: ids(&["stay"]),
            towns: ids(&["a", "B_2"]),
            commodities: ids(&["tin"]),
            ..usual.clone()
        },
        NewCase { scenarios: ids(&["innovative", "inertial"]), horizon: 2200, ..usual.clone() },
        NewCase {
            scenarios: ids(&["a", "b", "c", "d", "e", "f", "g", "h"]),
            base_year: 1990,
            horizon: 1991,
            ..usual
        },
    ];
    for request in requests {
        let case = load(&request);
        let told: Vec<&Notice> = case.notices.iter().collect();
        assert!(told.is_empty(), "{told:?}");
        assert_eq!(case.towns.len(), request.towns.len());
        let order: Vec<&String> = case.scenarios.iter().map(|s| &s.id).collect();
        assert_eq!(order, request.scenarios.iter().collect::<Vec<_>>());
        // Where the selection matrix is not the shipped one each future is spoken for by a class of every index.
        for scale in case.method.composites.iter().filter_map(|c| c.scale.as_ref()) {
            let spoken_for = |s: usize| scale.iter().any(|class| class.votes[s]);
            assert!(order.len() == 4 || (0..order.len()).all(spoken_for), "{request:?}");
        }
        let options = Options { horizon: case.horizon.min(case.base_year + 5), ..Options::of(&case) };
        let results = analyse::study(&case, &options, Effort::runs(200), &|_, _| {}).unwrap();
        assert_eq!(results.towns.len(), request.towns.len());
        let q = results.quantities.iter().position(|q| q.id == "unemployment").unwrap();
        let last = results.setup.years.len() - 1;
        let median = results.towns[0].scenarios[0].years[last].quantities[q].mean;
        assert!((1.0..20.0).contains(&median.value), "{median:?}");
    }
}

/// What is taken over from the shipped case is what stands there.
#[test]
fn a_new_case_has_the_method_the_plans_and_the_prices_of_the_shipped_one() {
    let shipped = Case::load(&Source::embedded(), &[]).unwrap();
    let case =
        load(&NewCase { base_year: 2021, horizon: 2035, ..NewCase::of(&["rudnik"], &["copper", "coal"]) });
    assert_eq!(format!("{:?}", case.method.composites), format!("{:?}", shipped.method.composites));
    let kind = |case: &Case| -> Vec<(String, Option<String>)> {
        let formula = |kind: &SubIndicatorKind| match kind {
            SubIndicatorKind::Formula(formula) => Some(format!("{formula:?}")),
            SubIndicatorKind::Switch => None,
        };
        case.method.sub_indicators.iter().map(|s| (s.symbol.clone(), formula(&s.kind))).collect()
    };
    assert_eq!(kind(&case), kind(&shipped));
    for driver in &case.drivers {
        let other = shipped.drivers.iter().position(|d| d.id == driver.id).unwrap();
        let own = case.drivers.iter().position(|d| d.id == driver.id).unwrap();
        let other_driver = &shipped.drivers[other];
        assert_eq!(
            (driver.sigma, driver.persistence),
            (other_driver.sigma, other_driver.persistence),
            "{}",
            driver.id
        );
        for (a, b) in case.scenarios.iter().zip(&shipped.scenarios) {
            assert_eq!(a.plan[0][own], b.plan[0][other], "{} of {}", driver.id, a.id);
        }
    }
    for commodity in &case.commodities {
        let other = shipped.commodities.iter().find(|c| c.id == commodity.id).unwrap();
        assert_eq!(format!("{commodity:?}"), format!("{other:?}"));
    }
    assert!((case.prices.correlation[0][1] - 0.467).abs() < 1e-12);
    // A nearer horizon is planned at the same pace: 2.8 in fourteen years is the square of what it is in seven.
    let near = load(&NewCase { base_year: 2021, horizon: 2028, ..NewCase::of(&["rudnik"], &["coal"]) });
    let other_output = near.drivers.iter().position(|d| d.id == "other_output").unwrap();
    let multiple = near.scenarios[3].plan[0][other_output].value;
    assert!((multiple - 2.8_f64.sqrt()).abs() < 0.006, "{multiple}");
}

/// As users meet it: three towns, two commodities that the program has no prices of.
#[test]
fn a_new_case_on_the_command_line_is_checked_filled_in_and_run() {
    let home = tempfile::tempdir().unwrap();
    let at = home.path();
    let foreign = foreign();
    let towns = ["--towns", "norilsk,talnakh,kayerkan", "--commodities", "nickel,copper,palladium"];
    let years = ["--base-year", "2023", "--horizon", "2040"];
    let said = done(at, &[&["new", "north"], &towns[..], &years[..]].concat());
    assert!(said.contains("boljam check north --todo"), "{said}");
    for name in names(&at.join("north")) {
        let text = fs::read_to_string(at.join("north").join(&name)).unwrap();
        assert!(!text.contains('@'), "{name}: a place was not filled");
        assert_native(&name, &text, &foreign);
    }
    let checked = done(at, &["check", "north"]);
    assert!(
        checked.starts_with("north: 3 towns, 4 scenarios, 17 drivers, 3 commodities; no faults"),
        "{checked}"
    );
    let todo = done(at, &["check", "north", "--todo"]);
    let source = Source::folder(&at.join("north")).unwrap();
    assert_eq!(todo.lines().count(), 1 + boljam::case::todo(&source).len());
    for line in todo.lines().skip(1) {
        let (place, _) = line.split_once("  ").unwrap();
        let (file, number) = place.split_once(':').unwrap();
        let text = &source.files[file];
        let meant = text.lines().nth(number.parse::<usize>().unwrap() - 1).unwrap();
        assert!(meant.contains("fill me in"), "{line}");
        assert!(!line.trim_end().ends_with(':'), "what to put there is not said: {line}");
    }
    for part in
        ["talnakh, population: people", "norilsk, TDm1: ", "nickel: prices of nickel", "town norilsk, mix: "]
    {
        assert!(todo.contains(part), "no '{part}' in\n{todo}");
    }
    done(at, &["run", "north", "--runs", "200", "--horizon", "2028", "--out", "results"]);
    for name in ["report.html", "report.md", "summary.csv", "manifest.json"] {
        assert_native(name, &fs::read_to_string(at.join("results").join(name)).unwrap(), &foreign);
    }
    done(at, &["report", "results", "--lang", "ru", "--out", "ru"]);
    assert_native("report in Russian", &fs::read_to_string(at.join("ru/report.html")).unwrap(), &foreign);
    for command in
        [&["assess", "north"][..], &["audit", "north"], &["preview", "north"], &["backtest", "north"]]
    {
        assert_native(command[0], &done(at, command), &foreign);
    }
}

#[test]
fn bad_requests_are_refused_in_one_report_and_leave_nothing() {
    let home = tempfile::tempdir().unwrap();
    let long = "x".repeat(41);
    let towns = format!("../etc,or,rudnik,rudnik,Балхаш,{long}");
    let all = [
        "new",
        "north",
        "--towns",
        &towns,
        "--commodities",
        "iron ore",
        "--scenarios",
        "inertal,method,stay,stay",
        "--base-year",
        "1700",
        "--horizon",
        "soon",
    ];
    let parts = [
        "--towns: '../etc' is not allowed (an id of the letters",
        "--towns: 'or' is not allowed",
        "--towns: 'rudnik' stands twice",
        "--towns: 'Балхаш' is not allowed",
        "is not allowed (at most 40 letters)",
        "--commodities: 'iron ore' is not allowed",
        "--scenarios: 'inertal' is not allowed (is it 'inertial'?)",
        "--scenarios: 'method' is not allowed",
        "--scenarios: 'stay' stands twice",
        "--base-year 1700: a year from 1990 to 2025",
        "--horizon soon: a year, such as 2035",
    ];
    refused(home.path(), &all, &parts);
    let many = vec!["t"; 300].join(",");
    refused(
        home.path(),
        &["new", "north", "--towns", &many, "--commodities", "coal"],
        &["300 towns are not allowed"],
    );
    refused(
        home.path(),
        &["new", "north", "--commodities", "coal"],
        &["--towns: 0 towns are not allowed (1 to 200)"],
    );
    refused(
        home.path(),
        &["new", "north", "--towns", "a"],
        &["--commodities: 0 commodities are not allowed"],
    );
    refused(home.path(), &["new", "north", "--lang", "ru"], &["--towns: 0 towns"]);
    refused(home.path(), &["new", "north", "--towns", ",", "--commodities", "a\nb"], &["''", "a\\nb"]);
    let early =
        ["new", "north", "--towns", "a", "--commodities", "coal", "--base-year", "2020", "--horizon", "2020"];
    refused(home.path(), &early, &["--horizon 2020: a year from 2021 to 2220"]);
    refused(home.path(), &["new", "b", "--from", "nosuch"], &["--from nosuch: no case folder"]);
    refused(home.path(), &["new", "b", "--from", "a", "--towns", "c"], &["--from", "--towns"]);
    assert!(names(home.path()).is_empty());
}

#[test]
fn a_case_can_be_copied_from_another() {
    let home = tempfile::tempdir().unwrap();
    let at = home.path();
    done(at, &["new", "north", "--towns", "rudnik", "--commodities", "zinc", "--scenarios", "stay,turn"]);
    let said = done(at, &["new", "b", "--from", "north"]);
    assert!(said.contains("places to fill in: boljam check b --todo"), "{said}");
    assert_eq!(
        Source::folder(&at.join("north")).unwrap().files,
        Source::folder(&at.join("b")).unwrap().files
    );
    assert_eq!(
        done(at, &["check", "b", "--todo"]).lines().next(),
        done(at, &["check", "north", "--todo"]).lines().next()
    );
    done(at, &["new", "shipped"]);
    assert_eq!(done(at, &["check", "shipped", "--todo"]), "nothing to fill in\n");
    assert!(done(at, &["new", "copy", "--from", "shipped"]).contains("copy/diversification.toml"));
}

/// What is typed once need not be typed thrice.
#[test]
fn a_name_needs_one_language_only() {
    let mut source = Source::skeleton(&NewCase::of(&["rudnik"], &["coal"])).unwrap();
    let edit = |source: &mut Source, file: &str, from: &str, to: &str| {
        let text = source.files.get_mut(file).unwrap();
        assert!(text.contains(from), "{file} has no {from}");
        *text = text.replace(from, to);
    };
    edit(&mut source, "case.toml", "name = { en = \"Rudnik\" }", "name = { ru = \"Рудник\" }");
    edit(&mut source, "events.csv", "event,label,label_kk,label_ru,", "event,label,");
    for label in [
        ",кәсіпорындағы апат,авария на предприятии",
        ",кәсіпорын біржола тоқтайды,предприятие останавливается навсегда",
        ",қала функционалдық қала аймағына кіреді,город входит в функциональный городской район",
    ] {
        edit(&mut source, "events.csv", label, "");
    }
    edit(&mut source, "drivers.csv", ",unemployment rate,жұмыссыздық деңгейі,", ",jobless,,");
    let case = Case::load(&source, &[]).unwrap_or_else(|faults| panic!("{faults}"));
    assert_eq!(case.towns[0].name.kk, "Рудник");
    assert_eq!(case.events[0].label.ru, "emergency at the enterprise");
    assert_eq!(case.drivers.iter().find(|d| d.id == "unemployment").unwrap().label.kk, "jobless");
    // None at all is still a fault, and so is an empty one.
    edit(&mut source, "case.toml", "name = { ru = \"Рудник\" }", "name = {}");
    edit(&mut source, "drivers.csv", ",jobless,,уровень безработицы,", ",,,уровень безработицы,");
    let report = Case::load(&source, &[]).unwrap_err().to_string();
    assert!(report.contains("town.rudnik.name.en: is missing"), "{report}");
    assert!(report.contains("label: '' is not allowed (a text that is not empty)"), "{report}");
}

/// The first edit of whoever copies a case: other towns.
#[test]
fn faults_that_are_alike_are_told_once_and_line_by_line_on_request() {
    let home = tempfile::tempdir().unwrap();
    let at = home.path();
    done(at, &["new", "mycase"]);
    let file = at.join("mycase/case.toml");
    let text = fs::read_to_string(&file).unwrap().replace("id = \"balkhash\"", "id = \"norilsk\"");
    fs::write(&file, text).unwrap();
    let count = |said: &str| said.lines().filter(|line| line.starts_with("  ")).count();
    let grouped = boljam(at, &["check", "mycase"]);
    let panel = fs::read_to_string(at.join("mycase/panel.csv")).unwrap();
    let rows = panel.lines().filter(|line| line.starts_with("balkhash,")).count();
    let told = format!("{rows} rows of panel.csv");
    assert!(
        grouped.err.contains("town 'balkhash' is not in case.toml: ") && grouped.err.contains(&told),
        "{}",
        grouped.err
    );
    assert!(count(&grouped.err) < 12, "{}", grouped.err);
    let details = boljam(at, &["check", "mycase", "--details"]);
    assert_eq!((grouped.code, details.code), (2, 2));
    let faults = details.err.split_whitespace().nth(1).unwrap().parse::<usize>().unwrap();
    assert_eq!(count(&details.err), faults);
    assert!(faults > rows && details.err.contains("panel.csv: line 2, town: 'balkhash'"), "{}", details.err);
}

/// The example of a case that is not in the program: nothing of it is left to do unseen.
#[test]
fn what_is_to_be_filled_in_is_found_in_every_file_that_has_it() {
    let source = Source::skeleton(&NewCase::of(&["rudnik"], &["nickel", "tin"])).unwrap();
    let mut files: Vec<String> = todo(&source).into_iter().map(|t| t.file).collect();
    files.dedup();
    assert_eq!(
        files,
        [
            "assessment.csv",
            "balanced.toml",
            "base_levels.csv",
            "case.toml",
            "diversification.toml",
            "inertial.toml",
            "innovative.toml",
            "missing.csv",
            "price_correlations.csv",
            "price_process.csv",
        ]
    );
    let marks: usize = source.files.values().map(|text| text.matches("fill me in:").count()).sum();
    assert_eq!(marks, todo(&source).len());
}
