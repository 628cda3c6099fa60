//! Figures: well-formed, with the numbers of the data, no text outside the canvas and none on another.

use rayon::prelude::*;

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
    figures_in(Language::En, case, results)
}

fn figures_in(language: Language, case: &Case, results: &Results) -> Vec<Figure> {
    plot::figures(Material { case, results, plans_alone: None }, &Text::of(language), &Choice::default())
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
    let rate = results.headline.rate.unwrap();
    let label = &results.quantities[rate].label.en;
    for town in &results.towns {
        for scenario in &town.scenarios {
            let cell = scenario.years.last().unwrap();
            let (place, share) = analyse::leader(cell);
            let percent = share.percent_short(&Text::of(Language::En));
            let leader = format!("{} {percent}", results.candidates[place].1.en);
            assert!(texts.contains(&leader), "{} {}: {leader}", town.id, scenario.id);
            let median = cell.quantities[rate].quantiles[analyse::MEDIAN].value;
            assert!(texts.contains(&format!("{label}: {median:.1} %")), "{} {}", town.id, scenario.id);
        }
    }
}

#[test]
fn no_text_is_cut_and_none_lies_on_another_in_any_language() {
    let (case, results) = study();
    let mut all = Vec::new();
    for language in Language::ALL {
        all.extend(figures_in(language, &case, &results).into_iter().map(|figure| (language.code(), figure)));
    }
    let faults = all.par_iter().flat_map(|(language, figure)| {
        let faults = layout::faults(&figure.svg);
        faults.into_iter().map(|fault| format!("{} ({language}): {fault}", figure.name)).collect::<Vec<_>>()
    });
    let wrong: Vec<String> = faults.collect();
    assert!(wrong.is_empty(), "{} faults:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn titles_say_the_numbers_of_the_results() {
    let (case, results) = study();
    let figures = figures(&case, &results);
    let title = |name: &str| figures.iter().find(|f| f.name == name).unwrap().title.clone();
    let text = Text::of(Language::En);
    let place = |id: &str| results.quantities.iter().position(|q| q.id == id).unwrap();
    let last = results.setup.years.len() - 1;
    for town in &results.towns {
        let medians = |id: &str, t: usize| {
            let of = |s: &analyse::ScenarioResults| {
                (s.years[t].quantities[place(id)].quantiles[analyse::MEDIAN].value, s.name.en.clone())
            };
            let mut medians: Vec<(f64, String)> = town.scenarios.iter().map(of).collect();
            medians.sort_by(|a, b| a.0.total_cmp(&b.0));
            medians
        };
        for (kind, id, unit) in
            [("fan-drivers", "unemployment", " %"), ("outcome", "people_at_enterprise", "")]
        {
            let ends = medians(id, last);
            let title = title(&format!("{}/{kind}", town.id));
            for (value, path) in [&ends[0], &ends[ends.len() - 1]] {
                let said = format!("{}{unit} ({path})", text.readable(*value));
                assert!(title.contains(&said), "{title} lacks {said}");
            }
        }
        // The class of the economy in which most runs end, under each path.
        let economy = results.scaled.iter().position(|c| c.symbol == "TDea").unwrap();
        let title = title(&format!("{}/fan-composites", town.id));
        let ends = town.scenarios.iter().map(|s| analyse::likeliest_class(&s.years[last], economy).0);
        let (low, high) = (ends.clone().min().unwrap(), ends.max().unwrap());
        for class in [low, high] {
            let name = &results.scaled[economy].classes[class].name.en;
            assert!(title.contains(&format!("'{name}'")), "{title} lacks {name}");
        }
    }
}

#[test]
fn the_ridges_say_the_share_of_each_class() {
    // With enough runs for a share without a margin, which has the room in every stripe.
    let case = Case::load(&Source::embedded(), &[]).unwrap();
    let options = Options { towns: vec![case.town("temirtau").unwrap()], ..Options::of(&case) };
    let results = analyse::study(&case, &options, Effort::runs(10_000), &|_, _| {}).unwrap();
    let town = &results.towns[0];
    let choice =
        Choice { kinds: vec![FigureKind::Outcome], towns: vec![town.id.clone()], ..Choice::default() };
    let material = Material { case: &case, results: &results, plans_alone: None };
    let text = Text::of(Language::En);
    let figure = &plot::figures(material, &text, &choice)[0];
    let drawn = texts(&figure.svg);
    let economy = results.scaled.iter().position(|c| c.symbol == "TDea").unwrap();
    for scenario in &town.scenarios {
        let shares = &scenario.years.last().unwrap().classes[economy];
        let largest = shares.iter().max_by(|a, b| a.value.total_cmp(&b.value)).unwrap();
        assert!(drawn.contains(&largest.percent_short(&text)), "{}: {largest:?}", scenario.id);
    }
}

#[test]
fn figures_are_small_and_do_not_depend_on_threads() {
    let (case, results) = study();
    let all = figures(&case, &results);
    for figure in &all {
        assert!(figure.svg.len() < 100_000, "{}: {} bytes", figure.name, figure.svg.len());
    }
    for threads in [1, 3] {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        assert!(pool.install(|| figures(&case, &results)) == all, "{threads} threads");
    }
}

#[test]
fn one_after_the_other_the_figures_are_the_same_and_the_first_error_ends_them() {
    let (case, results) = study();
    let material = Material { case: &case, results: &results, plans_alone: None };
    let (text, choice) = (Text::of(Language::En), Choice::default());
    let taken = std::sync::Mutex::new(Vec::new());
    let take = |figure: Figure| -> Result<(), String> {
        taken.lock().unwrap().push(figure);
        Ok(())
    };
    plot::each_figure(material, &text, &choice, take).unwrap();
    let by_name = |mut figures: Vec<Figure>| {
        figures.sort_by(|a, b| a.name.cmp(&b.name));
        figures
    };
    assert!(by_name(taken.into_inner().unwrap()) == by_name(figures(&case, &results)));
    let full = plot::each_figure(material, &text, &choice, |figure| Err(figure.name));
    assert!(full.unwrap_err().chars().count() > 2);
}

#[test]
fn a_png_is_the_picture_in_its_size_and_its_colours() {
    let (case, results) = study();
    let sheet = &figures(&case, &results)[0];
    let pixels = plot::Raster::new(800, 96).pixels(&sheet.svg).unwrap();
    let (width, height) = sheet.size;
    assert_eq!((pixels.width(), pixels.height()), (800, (height * 800).div_ceil(width)));
    // The corner of the first town's first cell has the colour that the picture says.
    let document = roxmltree::Document::parse(&sheet.svg).unwrap();
    let cell = document.descendants().filter(|n| n.has_tag_name("rect")).nth(1).unwrap();
    let number = |name: &str| cell.attribute(name).unwrap().parse::<u32>().unwrap();
    let at = pixels.pixel(u32::midpoint(number("x"), 6), u32::midpoint(number("y"), 6)).unwrap();
    let fill = cell.attribute("fill").unwrap();
    assert_eq!(format!("#{:02x}{:02x}{:02x}", at.red(), at.green(), at.blue()), fill);
}

#[test]
fn a_choice_leaves_out_what_is_not_asked_for() {
    let (case, results) = study();
    let kinds = vec![FigureKind::Lead, FigureKind::Outcome];
    let choice = Choice { kinds, towns: vec!["balkhash".to_owned()], years: vec![2030], overlay: None };
    let material = Material { case: &case, results: &results, plans_alone: None };
    let figures = plot::figures(material, &Text::of(Language::En), &choice);
    let names: Vec<&str> = figures.iter().map(|f| f.name.as_str()).collect();
    assert_eq!(names, ["balkhash/lead", "balkhash/outcome-2030", "balkhash/outcome"]);
}
