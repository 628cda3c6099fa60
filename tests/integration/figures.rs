//! Figures: well-formed, with the numbers of the data, no text outside the canvas and none on another.

use boljam::analyse::{self, Results};
use boljam::case::{Case, Source};
use boljam::engine::Effort;
use boljam::model::Options;
use boljam::plot::{self, Choice, Figure, FigureKind, Material};
use boljam::text::{Language, Text};

use crate::layout;

/// Every town of the case, few runs.
fn study() -> (Case, Results) {
    let case = Case::load(&Source::embedded(), &[]).unwrap();
    let results = analyse::study(&case, &Options::of(&case), Effort::runs(300), &|_, _| {}).unwrap();
    (case, results)
}

fn figures(case: &Case, results: &Results) -> Vec<Figure> {
    plot::figures(Material { case, results }, &Text::of(Language::En), &Choice::default()).unwrap()
}

/// The texts of a figure.
fn texts(svg: &str) -> Vec<String> {
    let document = roxmltree::Document::parse(svg).unwrap();
    let texts = document.descendants().filter(|n| n.has_tag_name("text"));
    texts.filter_map(|node| node.text().map(str::to_owned)).collect()
}

#[test]
fn every_town_has_its_figures_and_they_are_well_formed() {
    let (case, results) = study();
    let figures = figures(&case, &results);
    let count = |regional: bool| FigureKind::ALL.iter().filter(|k| k.is_regional() == regional).count();
    assert_eq!(figures.len(), count(true) + count(false) * results.towns.len());
    for figure in &figures {
        let name = match &figure.town {
            Some(town) => format!("{town}/{}", figure.kind.name()),
            None => figure.kind.name().to_owned(),
        };
        assert_eq!(figure.name, name);
        let document = roxmltree::Document::parse(&figure.svg).unwrap_or_else(|e| panic!("{name}: {e}"));
        let title = document.descendants().find(|n| n.has_tag_name("title")).unwrap();
        assert_eq!(title.text().unwrap(), figure.title);
        // The title may take several lines.
        let drawn = texts(&figure.svg).join(" ");
        assert!(drawn.starts_with(&figure.title), "{name}: {drawn}");
        assert!(figure.alt.starts_with(figure.title.trim_end_matches('.')), "{name}");
        for outside in ["href", "<image", "@import", "url(", " id="] {
            assert!(!figure.svg.contains(outside), "{name} reaches outside: {outside}");
        }
        assert!(!figure.table.rows.is_empty(), "{name}");
        assert!(figure.table.rows.iter().all(|r| r.len() == figure.table.headers.len()), "{name}");
    }
}

#[test]
fn the_caption_says_runs_seed_version_and_assumed_inputs() {
    let (case, results) = study();
    // The audit shows what the source printed, and no runs.
    for figure in figures(&case, &results).iter().filter(|f| f.kind != FigureKind::Audit) {
        let caption = format!("300 runs, seed {}, boljam {}", results.setup.seed, results.setup.version);
        assert!(figure.svg.contains(&caption), "{}", figure.name);
        let assumed = figure.svg.contains("some base-year inputs are assumed");
        let town = results.towns.iter().find(|t| Some(&t.id) == figure.town.as_ref());
        let incomplete = town.is_some_and(|t| !t.complete);
        assert_eq!(assumed, incomplete, "{}", figure.name);
    }
}

#[test]
fn the_region_sheet_has_the_numbers_of_the_results() {
    let (case, results) = study();
    let figure = &figures(&case, &results)[0];
    let texts = texts(&figure.svg);
    let unemployment = results.quantities.iter().position(|q| q.id == "unemployment").unwrap();
    for town in &results.towns {
        for scenario in &town.scenarios {
            let cell = scenario.years.last().unwrap();
            let (place, share) = analyse::leader(cell);
            let percent = Text::of(Language::En).percent(share.value);
            let leader = format!("{} {percent}", results.candidates[place].1.en);
            assert!(texts.contains(&leader), "{} {}: {leader}", town.id, scenario.id);
            let median = cell.quantities[unemployment].quantiles[analyse::MEDIAN].value;
            assert!(texts.contains(&format!("unemployment {median:.1} %")), "{} {}", town.id, scenario.id);
        }
    }
}

#[test]
fn no_text_is_cut_and_none_lies_on_another() {
    let (case, results) = study();
    let mut wrong = Vec::new();
    for figure in figures(&case, &results) {
        wrong
            .extend(layout::faults(&figure.svg).into_iter().map(|fault| format!("{}: {fault}", figure.name)));
    }
    assert!(wrong.is_empty(), "{} faults:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn figures_are_small_and_do_not_depend_on_threads() {
    let (case, results) = study();
    let all = figures(&case, &results);
    for figure in &all {
        assert!(figure.svg.len() < 100_000, "{}: {} bytes", figure.name, figure.svg.len());
    }
    let one = rayon::ThreadPoolBuilder::new().num_threads(1).build().unwrap();
    assert_eq!(one.install(|| figures(&case, &results)), all);
    let raster = plot::Raster::new(400, 96);
    assert_eq!(raster.png(&all[0].svg).unwrap(), plot::Raster::new(400, 96).png(&all[0].svg).unwrap());
}

#[test]
fn a_choice_leaves_out_what_is_not_asked_for() {
    let (case, results) = study();
    let choice = Choice { kinds: vec![FigureKind::Lead], towns: vec!["balkhash".to_owned()] };
    let material = Material { case: &case, results: &results };
    let figures = plot::figures(material, &Text::of(Language::En), &choice).unwrap();
    let names: Vec<&str> = figures.iter().map(|f| f.name.as_str()).collect();
    assert_eq!(names, ["balkhash/lead"]);
}
