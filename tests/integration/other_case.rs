//! A second case: another region, other commodities, scenarios, drivers and formulas. Nothing is hard-wired to
//! Karaganda.

use std::path::Path;

use boljam::analyse;
use boljam::assess::{self, Reading, Variant};
use boljam::case::{Case, Notice, Source};
use boljam::engine::{self, Effort};
use boljam::model::{Model, Options, RunScenario, RunTown, Uncertainty};
use boljam::plot::{self, Choice, Figure, FigureKind, Material};
use boljam::report::html::{self, Material as PageMaterial};
use boljam::report::provenance::Provenance;
use boljam::report::{headline, story, tables};
use boljam::text::{Language, Text};

use crate::layout;

fn northland() -> Case {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases/northland");
    Case::load(&Source::folder(&folder).unwrap(), &[]).unwrap_or_else(|faults| panic!("{faults}"))
}

#[test]
fn it_is_assessed_by_its_own_method() {
    let case = northland();
    let assessment = assess::assess(&case, Variant::PrintedInputs, &Reading::default());
    // Base = (80 + 6) / 2 = 43, fair: renewal and turn. Reach = 0 - 0.6, weak: drift.
    let records = boljam::report::assessment::render(
        &assessment,
        boljam::report::assessment::Format::Csv,
        &Text::of(Language::En),
    );
    for line in [
        "upper,printed-inputs,Base,43,fair,index",
        "upper,printed-inputs,votes.drift,1,,votes",
        "upper,printed-inputs,votes.turn,1,,votes",
    ] {
        assert!(records.contains(line), "{line} in\n{records}");
    }
}

#[test]
fn it_runs_and_every_table_and_figure_is_made() {
    let case = northland();
    let results = analyse::study(&case, &Options::of(&case), Effort::runs(1000), &|_, _| {}).unwrap();
    assert_eq!((results.towns.len(), results.candidates.len(), results.setup.years.len()), (2, 3, 12));
    let id = |place: Option<usize>| results.quantities[place.unwrap()].id.as_str();
    let headline = results.headline;
    assert_eq!(
        [headline.index, headline.rate, headline.people].map(id),
        ["Base", "jobless", "jobless_persons"]
    );
    let paired = results.quantities.iter().filter(|q| q.paired).map(|q| q.id.as_str());
    let expected = ["Base", "Reach", "jobless", "population", "jobless_persons"];
    assert_eq!(paired.collect::<Vec<_>>(), expected);
    let cell = &results.towns[1].scenarios[2].years[11];
    for composite in &cell.classes {
        assert!((composite.iter().map(|c| c.value).sum::<f64>() - 1.0).abs() < 1e-12);
    }
    assert!((cell.lead.iter().map(|c| c.value).sum::<f64>() - 1.0).abs() < 1e-12);
    assert!(tables::summary(&results).contains("lower,turn,2030,jobless_persons,q500"));
    let material = Material { case: &case, results: &results, plans_alone: None };
    let figures = plot::figures(material, &Text::of(Language::En), &Choice::default());
    assert!(figures.iter().any(|f| f.name == "upper/fan-composites" && f.svg.contains("Upper Town")));
    // The town's own line: trades times 3 instead of 2.5, smoothly, from 2019 to 2030.
    let trades = results.quantities.iter().position(|q| q.id == "trades").unwrap();
    let ratio = |town: usize| {
        let plan = &results.towns[town].scenarios[2].plan[trades];
        plan[11] / plan[0]
    };
    assert!((ratio(0) - 3.0).abs() < 1e-12 && (ratio(1) - 2.5).abs() < 1e-12);
    // Half of an S-shaped plan is reached half way: 2021 to 2028 has no middle year, 2024.5; its years add up.
    let plan = &results.towns[1].scenarios[2].plan[trades];
    let log = |t: usize| (plan[t] / plan[0]).ln() / 2.5_f64.ln();
    assert_eq!(log(2), 0.0);
    assert!((log(5) + log(6) - 1.0).abs() < 1e-12, "{} {}", log(5), log(6));
}

#[test]
fn a_driver_at_the_edge_of_its_range_stays_there() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases/northland");
    let mut source = Source::folder(&folder).unwrap();
    let text = source.files.get_mut("assessment.csv").unwrap();
    *text = text.replace("upper,Share,80", "upper,Share,100");
    let case = Case::load(&source, &[]).unwrap();
    assert_eq!(
        case.notices,
        [Notice::AtEdge { town: "upper".to_owned(), driver: "trades".to_owned(), base: 0.0 }]
    );
    let model = Model::compile(&case, &Options::of(&case)).unwrap();
    let trades = case.drivers.iter().position(|d| d.id == "trades").unwrap();
    for run in 0..50 {
        let trajectory = engine::replay(&model, RunTown(1), RunScenario(2), run);
        for year in &trajectory.years {
            assert_eq!(year.drivers[trades], 0.0);
            assert!((year.sub_indicators[0] - 100.0).abs() < 1e-12);
        }
    }
    let results = analyse::study(&case, &Options::of(&case), Effort::runs(600), &|_, _| {}).unwrap();
    let q = results.quantities.iter().position(|q| q.id == "trades").unwrap();
    assert_eq!(results.towns[1].scenarios[2].years[11].quantities[q].max, 0.0);
}

#[test]
fn each_uncertainty_alone_moves_what_it_should() {
    let case = northland();
    let spread = |uncertainty: Uncertainty, town: usize, quantity: &str| {
        let options = Options { uncertainty, ..Options::of(&case) };
        let model = Model::compile(&case, &options).unwrap();
        let ensemble = engine::run(&model, Effort::runs(1000), &|_| {});
        let q = model.quantities.iter().position(|q| q.id == quantity).unwrap();
        ensemble.town(town).quantity(11, 1, q).sd
    };
    let only = |plan, inputs, shocks| Uncertainty { plan, inputs, shocks, parameters: false };
    assert_eq!(spread(Uncertainty::NONE, 0, "smelter"), 0.0);
    assert!(spread(only(true, false, false), 1, "smelter") > 0.0);
    assert!(spread(only(false, false, true), 1, "smelter") > 0.0);
    // Only the lower town has missing inputs.
    assert!(spread(only(false, true, false), 0, "Share") > 0.0);
    assert_eq!(spread(only(false, true, false), 1, "Share"), 0.0);
}

/// Every kind of figure that this region can have: its method names no last resort, and none of its towns' inputs are
/// all printed.
const KINDS: [FigureKind; 13] = [
    FigureKind::Region,
    FigureKind::Map,
    FigureKind::Prices,
    FigureKind::Lead,
    FigureKind::Votes,
    FigureKind::Outcome,
    FigureKind::Paired,
    FigureKind::FirstPassage,
    FigureKind::FanComposites,
    FigureKind::FanDrivers,
    FigureKind::Overlay,
    FigureKind::Split,
    FigureKind::Classes,
];

/// The figures of the region, its method changed.
fn figures_with(change: impl Fn(&str) -> String) -> Vec<Figure> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases/northland");
    let mut source = Source::folder(&folder).unwrap();
    let method = source.files.get_mut("method.toml").unwrap();
    *method = change(method);
    let case = Case::load(&source, &[]).unwrap_or_else(|faults| panic!("{faults}"));
    let results = analyse::study(&case, &Options::of(&case), Effort::runs(200), &|_, _| {}).unwrap();
    let material = Material { case: &case, results: &results, plans_alone: None };
    plot::figures(material, &Text::of(Language::En), &Choice::default())
}

/// That every kind is drawn with its table, in order, and with no word of another region.
fn check(figures: &[Figure]) {
    for kind in KINDS {
        assert!(figures.iter().any(|f| f.kind == kind), "no {}", kind.name());
    }
    for figure in figures {
        let faults = layout::faults(&figure.svg);
        assert!(faults.is_empty(), "{}: {faults:?}", figure.name);
        assert!(!figure.table.rows.is_empty(), "{}", figure.name);
        assert!(figure.table.rows.iter().all(|r| r.len() == figure.table.headers.len()), "{}", figure.name);
        let all = format!("{} {} {}", figure.svg, figure.alt, figure.table.csv());
        let others =
            ["unemploy", "TDea", "TDm", "Karaganda", "Inertial", "Balanced", "2035", "four ", "six "];
        for word in others {
            assert!(!all.contains(word), "{}: {word}", figure.name);
        }
    }
}

#[test]
fn every_figure_speaks_of_this_region_alone() {
    let figures = figures_with(str::to_owned);
    check(&figures);
    let title = |name: &str| figures.iter().find(|f| f.name == name).unwrap().title.clone();
    assert!(title("lower/fan-drivers").starts_with("Lower Town in 2030: median jobless rate from "));
    assert!(title("lower/outcome").starts_with("Lower Town in 2030: median jobless persons from "));
    assert!(title("lower/fan-composites").starts_with("Lower Town in 2030: Base is most often "));
    assert!(title("lower/overlay").starts_with("Lower Town in 2030: Base is better under "));
    let region = figures.iter().find(|f| f.kind == FigureKind::Region).unwrap();
    for said in ["Base: ", "jobless rate: ", "jobless persons: "] {
        assert!(region.svg.contains(said), "{said}");
    }
    assert_eq!(
        region.table.headers,
        ["town", "under", "leads in 2030", "Base", "jobless rate", "jobless persons"]
    );
    assert_eq!(region.table.rows.len(), 2 * 3);
}

#[test]
fn a_case_that_names_no_headline_loses_no_figure() {
    let line = "headline = { index = \"Base\", rate = \"jobless\", people = \"jobless_persons\" }";
    let none = figures_with(|method| method.replace(line, ""));
    check(&none);
    // The other measures stand in titles and panels.
    let title = |name: &str| none.iter().find(|f| f.name == name).unwrap().title.clone();
    assert!(title("lower/fan-drivers").contains("median "), "{}", title("lower/fan-drivers"));
    let region = none.iter().find(|f| f.kind == FigureKind::Region).unwrap();
    assert!(region.alt.contains("(the darker, the surer). Framed: "), "{}", region.alt);
    let rate = figures_with(|method| method.replace(line, "headline = { rate = \"jobless\" }"));
    check(&rate);
    let region = rate.iter().find(|f| f.kind == FigureKind::Region).unwrap();
    assert!(region.alt.contains("; medians: jobless rate. Framed: "), "{}", region.alt);
}

/// Everything that is written about a result: the terminal's table, the report, the page, every CSV.
fn written(case: &Case, results: &analyse::Results, text: &Text) -> Vec<(&'static str, String)> {
    let provenance = Provenance {
        version: "0.1.0".to_owned(),
        git: "unknown".to_owned(),
        command: "boljam run inputs".to_owned(),
        seed: 1,
        runs: results.setup.runs,
        inputs: Vec::new(),
    };
    let material = PageMaterial { case, results, provenance: &provenance, pictures: &[], fonts: &[] };
    vec![
        ("terminal", headline::table(results, text)),
        ("report", story::story(case, results, &provenance, text, &|_| false)),
        ("page", html::page(&material, text)),
        ("summary", tables::summary(results)),
        ("classes", tables::classes(results)),
        ("choice", tables::choice(results)),
        ("paired", tables::paired(results)),
        ("first_passage", tables::first_passage(results)),
        ("together", tables::together(results)),
        ("split", tables::split(results)),
        ("resilience", tables::resilience(results)),
        ("prices", tables::prices(results)),
    ]
}

#[test]
fn every_table_and_sentence_speaks_of_its_own_region() {
    let (case, shipped) = (northland(), Case::load(&Source::embedded(), &[]).unwrap());
    let results = analyse::study(&case, &Options::of(&case), Effort::runs(1000), &|_, _| {}).unwrap();
    let symbols = shipped.method.composites.iter().map(|c| c.symbol.clone());
    let towns = shipped.towns.iter().flat_map(|t| [t.id.clone(), t.name.en.clone(), t.name.ru.clone()]);
    let scenarios =
        shipped.scenarios.iter().flat_map(|s| [s.id.clone(), s.name.ru.clone(), s.name.kk.clone()]);
    let persons = shipped.method.persons.iter().map(|p| p.id.clone());
    let words = ["nemploy", "безработ", "жұмыссыз", "araganda", "Караганд", "Қарағанды"].map(str::to_owned);
    // Diversification is a word of the report, whatever scenario bears its name; short symbols stand in other words.
    let of_report = shipped.scenarios.iter().filter(|s| s.id == "diversification");
    let of_report: Vec<&str> =
        of_report.flat_map(|s| [s.id.as_str(), s.name.kk.as_str(), s.name.ru.as_str()]).collect();
    let is_telling = |word: &String| word.len() > 3 && !of_report.contains(&word.as_str());
    let foreign: Vec<String> =
        symbols.chain(towns).chain(scenarios).chain(persons).chain(words).filter(is_telling).collect();
    for language in Language::ALL {
        let written = written(&case, &results, &Text::of(language));
        for (what, text) in &written {
            for word in &foreign {
                assert!(!text.contains(word.as_str()), "{language:?}: '{word}' in {what}:\n{text}");
            }
        }
        // Its own rate has its column, its pairs and its finding.
        let of = |what: &str| written.iter().find(|w| w.0 == what).unwrap().1.as_str();
        assert!(of("terminal").lines().next().unwrap().ends_with("jobless rate, %"), "{}", of("terminal"));
        assert!(of("terminal").contains("Base"), "{}", of("terminal"));
        assert!(of("report").contains("| jobless rate, % |"), "{}", of("report"));
        assert!(of("paired").contains("lower,turn,2030,jobless,better"), "{}", of("paired"));
    }
    let english = written(&case, &results, &Text::of(Language::En));
    let report = &english[1].1;
    assert!(report.contains("Run against run with drift, jobless rate in 2030 is"), "{report}");
    assert!(english[2].1.contains("Jobless rate is then"), "the cards of the page tell the rate");
}
