//! Figures: well-formed, with the numbers of the data, no text outside the canvas and none on another.

use boljam::analyse::{self, Results};
use boljam::case::{Case, Source};
use boljam::engine::Effort;
use boljam::model::Options;
use boljam::plot::{self, Figure};
use boljam::text::{Language, Text};

fn results() -> Results {
    let case = Case::load(&Source::embedded(), &[]).unwrap();
    // A town whose inputs are all printed, and two with missing ones.
    let towns = ["temirtau", "abai", "zhezkazgan"].iter().map(|t| case.town(t).unwrap());
    let mut towns: Vec<usize> = towns.collect();
    towns.sort_unstable();
    let options = Options { towns, ..Options::of(&case) };
    analyse::study(&case, &options, Effort::runs(2000), &|_, _| {}).unwrap()
}

fn figures(results: &Results) -> Vec<Figure> {
    plot::figures(results, &Text::of(Language::En)).unwrap()
}

/// Left, top, right, bottom and words of every text, by the widths of DejaVu Sans, the widest of the usual
/// fonts: 0.6 em a letter on average.
fn boxes(svg: &str) -> Vec<([f64; 4], String)> {
    let document = roxmltree::Document::parse(svg).unwrap();
    let texts = document.descendants().filter(|n| n.has_tag_name("text"));
    texts
        .map(|node| {
            let number =
                |name: &str| node.attribute(name).unwrap().trim_end_matches("px").parse::<f64>().unwrap();
            let size = number("font-size");
            let words = node.text().unwrap_or_default().trim().to_owned();
            let width = 0.6 * size * words.chars().count() as f64;
            let left = match node.attribute("text-anchor") {
                Some("end") => number("x") - width,
                Some("middle") => number("x") - 0.5 * width,
                _ => number("x"),
            };
            let dy = node.attribute("dy").map_or(0.0, |d| {
                // An ex is about 0.54 em.
                let (value, em) = d.strip_suffix("em").map_or((d.trim_end_matches("ex"), 0.54), |v| (v, 1.0));
                value.parse::<f64>().unwrap() * em * size
            });
            let baseline = number("y") + dy;
            ([left, baseline - 0.75 * size, left + width, baseline + 0.1 * size], words)
        })
        .collect()
}

#[test]
fn every_town_has_its_figures_and_they_are_well_formed() {
    let results = results();
    let figures = figures(&results);
    let names: Vec<&str> = figures.iter().map(|f| f.name.as_str()).collect();
    assert_eq!(names[0], "region");
    for town in ["abai", "temirtau", "zhezkazgan"] {
        for kind in ["fan-composites", "fan-drivers", "outcome", "classes", "lead"] {
            assert!(names.contains(&format!("{town}/{kind}").as_str()), "{town}/{kind}");
        }
    }
    for figure in &figures {
        let document =
            roxmltree::Document::parse(&figure.svg).unwrap_or_else(|e| panic!("{}: {e}", figure.name));
        assert!(
            document.descendants().any(|n| n.text().is_some_and(|t| t.trim() == figure.title)),
            "{}",
            figure.name
        );
        for outside in ["href", "<image", "@import", "url("] {
            assert!(!figure.svg.contains(outside), "{} reaches outside: {outside}", figure.name);
        }
    }
}

#[test]
fn the_caption_says_runs_seed_version_and_assumed_inputs() {
    let results = results();
    for figure in figures(&results) {
        let caption = format!("2,000 runs, seed {}, boljam {}", results.setup.seed, results.setup.version);
        assert!(figure.svg.contains(&caption), "{}", figure.name);
        let assumed = figure.svg.contains("some base-year inputs are assumed");
        let incomplete = figure.name.starts_with("abai") || figure.name.starts_with("zhezkazgan");
        assert_eq!(assumed, incomplete, "{}", figure.name);
    }
}

#[test]
fn the_region_sheet_has_the_numbers_of_the_results() {
    let results = results();
    let figure = &figures(&results)[0];
    let texts: Vec<String> = boxes(&figure.svg).into_iter().map(|b| b.1).collect();
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
    let mut wrong = Vec::new();
    for figure in figures(&results()) {
        let document = roxmltree::Document::parse(&figure.svg).unwrap();
        let size = |name: &str| document.root_element().attribute(name).unwrap().parse::<f64>().unwrap();
        let (width, height) = (size("width"), size("height"));
        let boxes = boxes(&figure.svg);
        for (k, ([left, top, right, bottom], words)) in boxes.iter().enumerate() {
            if *left < 0.0 || *top < 0.0 || *right > width || *bottom > height {
                wrong.push(format!("{}: '{words}' at {left:.0}..{right:.0} is cut", figure.name));
            }
            for ([l, t, r, b], other) in &boxes[..k] {
                if left < r && l < right && top < b && t < bottom {
                    wrong.push(format!("{}: '{words}' lies on '{other}'", figure.name));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{} faults:\n{}", wrong.len(), wrong.join("\n"));
}
