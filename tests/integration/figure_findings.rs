//! What the titles of figures say: by rules from the numbers, never stronger than the evidence; and the numbers
//! themselves, in the picture and in its table.

use boljam::analyse::{self, Estimate, MEDIAN, Results};
use boljam::case::{Case, Source};
use boljam::engine::Effort;
use boljam::model::Options;
use boljam::plot::{self, Choice, Figure, FigureKind, Material};
use boljam::text::{Language, Text};

use crate::layout;

const RUNS: u64 = 400;

/// A town with much history, one with missing inputs.
fn study(stress: Option<&str>) -> (Case, Results) {
    let case = Case::load(&Source::embedded(), &[]).unwrap();
    let towns = ["shakhtinsk", "temirtau"].map(|town| case.town(town).unwrap()).to_vec();
    let stress = stress.map(|id| case.stresses.iter().position(|s| s.id == id).unwrap());
    let options = Options { towns, stress, ..Options::of(&case) };
    let results = analyse::study(&case, &options, Effort::runs(RUNS), &|_, _| {}).unwrap();
    (case, results)
}

fn figures(case: &Case, results: &Results, language: Language, kinds: &[FigureKind]) -> Vec<Figure> {
    let choice = Choice { kinds: kinds.to_vec(), ..Choice::default() };
    plot::figures(Material { case, results, plans_alone: None }, &Text::of(language), &choice)
}

/// The figure of Temirtau, or of the region.
fn one(case: &Case, results: &Results, kind: FigureKind) -> Figure {
    let figures = figures(case, results, Language::En, &[kind]);
    let found = figures.into_iter().find(|f| f.town.as_deref().is_none_or(|town| town == "temirtau"));
    found.unwrap()
}

fn texts(svg: &str) -> Vec<String> {
    let document = roxmltree::Document::parse(svg).unwrap();
    let texts = document.descendants().filter(|n| n.has_tag_name("text"));
    texts.filter_map(|node| node.text().map(str::to_owned)).collect()
}

fn share(value: f64) -> Estimate {
    Estimate::share(value * RUNS as f64, RUNS)
}

/// Sets every probability of being better, `[scenario beside the reference][measure]` of Temirtau.
fn set_better(results: &mut Results, values: impl Fn(usize, usize) -> f64) {
    let compared = results.towns[1].scenarios.iter_mut().filter(|s| s.paired.is_some());
    for (s, scenario) in compared.enumerate() {
        let last = scenario.paired.as_mut().unwrap().last_mut().unwrap();
        for (k, pair) in last.iter_mut().enumerate() {
            pair.better = pair.better.map(|_| share(values(s, k)));
        }
    }
}

#[test]
fn a_paired_title_counts_only_what_is_likely() {
    let (case, mut results) = study(None);
    let title = |results: &Results| one(&case, results, FigureKind::Paired).title;
    // 60 % is no 'likely', nor is 69 % of so few runs.
    for value in [0.6, 0.69] {
        set_better(&mut results, |_, _| value);
        assert!(
            title(&results).ends_with("no other future is likely better in any measure"),
            "{}",
            title(&results)
        );
    }
    set_better(&mut results, |s, _| if s == 2 { 0.95 } else { 0.6 });
    let said = title(&results);
    assert!(said.contains(": Diversification likely better in 5 of 5 measures"), "{said}");
    assert!(!said.contains("worse"), "{said}");
    set_better(&mut results, |s, k| if s == 2 && k == 0 { 0.02 } else { 0.95 });
    let said = title(&results);
    assert!(said.contains("Balanced and Innovative likely better in 5 of 5"), "{said}");
    // What is bought with a worse measure says so.
    set_better(&mut results, |s, k| if s == 2 { if k == 0 { 0.02 } else { 0.95 } } else { 0.5 });
    let said = title(&results);
    assert!(said.contains("Diversification likely better in 4 of 5 measures, likely worse in 1"), "{said}");
}

#[test]
fn near_zero_a_first_passage_is_a_bound_and_its_axis_reaches_one_percent() {
    let (case, mut results) = study(None);
    for scenario in &mut results.towns[1].scenarios {
        for outcome in &mut scenario.first_passage {
            outcome.fill(share(0.0));
        }
    }
    let figure = one(&case, &results, FigureKind::FirstPassage);
    let bound = share(0.0).percent(&Text::of(Language::En));
    assert!(bound.starts_with("< "), "{bound}");
    assert!(
        figure.title.contains(&format!("leaves monotown status in {bound} of runs under every scenario")),
        "{}",
        figure.title
    );
    let drawn = texts(&figure.svg);
    assert_eq!(drawn.iter().filter(|t| **t == bound).count(), 8);
    assert!(drawn.iter().any(|t| t == "1.00" || t == "1" || t == "1.0"), "{drawn:?}");
    // One scenario that differs is named.
    results.towns[1].scenarios[0].first_passage[1][5] = share(0.25);
    let title = one(&case, &results, FigureKind::FirstPassage).title;
    assert!(title.contains("(Inertial) of runs") && title.contains("25"), "{title}");
}

#[test]
fn the_mono_profile_is_unmasked_only_where_the_enterprise_shrinks() {
    let (case, mut results) = study(None);
    let mut title = |enterprise: f64, other: f64, mcse: f64| {
        for scenario in &mut results.towns[1].scenarios {
            let split = scenario.split.last_mut().unwrap();
            split.enterprise = Estimate::new(enterprise, mcse);
            split.other = Estimate::new(other, mcse);
            split.change = Estimate::new(enterprise + other, mcse);
        }
        one(&case, &results, FigureKind::Split).title
    };
    assert!(title(-3.0, -9.0, 0.1).contains("3.0 of the 12.0 points by which the enterprise's share falls"));
    assert!(title(-5.0, 1.0, 0.1).contains("falls by 4.0 points only because it shrinks itself"));
    assert!(title(2.0, -9.0, 0.1).contains("does not shrink on average"));
    assert!(title(3.0, 2.0, 0.1).contains("falls under no scenario"));
    // A fall within its error is none.
    assert!(title(-0.1, -0.1, 0.2).contains("falls under no scenario"));
}

#[test]
fn a_ranking_that_the_runs_do_not_settle_is_none() {
    let (case, mut results) = study(None);
    let outcome = results.last_resort.unwrap();
    let mut title = |probabilities: [f64; 2]| {
        for (town, p) in results.towns.iter_mut().zip(probabilities) {
            for scenario in &mut town.scenarios {
                scenario.first_passage[outcome].fill(Estimate::default());
                scenario.first_passage[outcome][9] = share(p);
            }
        }
        one(&case, &results, FigureKind::Resilience).title
    };
    assert!(title([0.30, 0.32]).contains("do not tell the towns' resilience apart"));
    assert!(title([0.60, 0.20]).contains("most resilient Temirtau; least Shakhtinsk"));
}

#[test]
fn votes_and_prices_say_what_the_numbers_say() {
    let (case, mut results) = study(None);
    for scenario in &mut results.towns[1].scenarios {
        scenario.years.last_mut().unwrap().votes =
            [3.0, 3.01, 2.0, 1.0].map(|v| Estimate::new(v, 0.05)).to_vec();
    }
    assert!(one(&case, &results, FigureKind::Votes).title.contains("under no path"));
    for scenario in &mut results.towns[1].scenarios {
        scenario.years.last_mut().unwrap().votes[2].value = 4.0;
    }
    assert!(
        one(&case, &results, FigureKind::Votes)
            .title
            .contains("Innovative has most votes on average under 4 of 4 paths")
    );
    let prices = one(&case, &results, FigureKind::Prices);
    for commodity in &results.prices.commodities {
        let median = Text::of(Language::En).readable(commodity.all.last().unwrap().quantiles[MEDIAN].value);
        assert!(texts(&prices.svg).contains(&median), "{}: {median}", commodity.id);
    }
}

#[test]
fn tables_hold_the_numbers_of_the_results() {
    let (case, results) = study(None);
    let text = Text::of(Language::En);
    let said = |e: Estimate| e.percent(&text);
    let town = &results.towns[1];
    let passage = one(&case, &results, FigureKind::FirstPassage).table;
    for scenario in &town.scenarios {
        let by = analyse::so_far(&scenario.first_passage[1], RUNS).pop().unwrap();
        let row = [
            "conditions of the last resort".to_owned(),
            scenario.name.en.clone(),
            "2035".to_owned(),
            said(by),
        ];
        assert!(passage.rows.contains(&row.to_vec()), "{row:?}");
    }
    let paired = one(&case, &results, FigureKind::Paired).table;
    let scenario = &town.scenarios[3];
    let pair = scenario.paired.as_ref().unwrap().last().unwrap();
    let unemployment = pair.iter().find(|p| results.quantities[p.quantity].id == "unemployment").unwrap();
    let row = paired
        .rows
        .iter()
        .find(|r| r[0].starts_with("unemployment") && r[1] == scenario.name.en && r[2] == "2035");
    let row = row.unwrap();
    assert_eq!(row[3], text.readable(unemployment.difference.quantiles[MEDIAN].value));
    assert_eq!(row[7], said(unemployment.better.unwrap()));
    let ranking = one(&case, &results, FigureKind::Resilience).table;
    for ranked in analyse::ranking(&results) {
        let town = &results.towns[ranked.town];
        let found = ranking.rows.iter().filter(|r| r[1] == town.name.en);
        let shares: Vec<&String> = found.map(|r| &r[3]).collect();
        assert_eq!(
            shares,
            ranked.never.iter().map(|e| said(*e)).collect::<Vec<_>>().iter().collect::<Vec<_>>()
        );
    }
    let audit = one(&case, &results, FigureKind::Audit);
    assert!(audit.title.contains("5 of 18 indices"), "{}", audit.title);
    assert!(
        audit
            .table
            .rows
            .iter()
            .any(|r| r[0] == "Karazhal" && r[1] == "TDzhia" && r[3] == "4.56" && r[4] == "5.08")
    );
}

#[test]
fn a_stress_is_drawn_beside_what_would_be_without_it() {
    let (case, results) = study(Some("copper_2008"));
    let figure = one(&case, &results, FigureKind::Prices);
    assert!(texts(&figure.svg).contains(&"median without the stress".to_owned()));
    // The case's stress: copper falls by 43 % in 2027.
    assert!(figure.title.contains("copper at 57 % of its price without it in 2027"), "{}", figure.title);
    let (_, calm) = study(None);
    let figure = one(&case, &calm, FigureKind::Prices);
    assert!(!texts(&figure.svg).contains(&"median without the stress".to_owned()));
}

#[test]
fn nothing_to_draw_is_no_figure() {
    let case = Case::load(&Source::embedded(), &[]).unwrap();
    let options = Options { towns: vec![0], scenarios: vec![0], horizon: 2023, ..Options::of(&case) };
    let results = analyse::study(&case, &options, Effort::runs(64), &|_, _| {}).unwrap();
    let drawn = figures(&case, &results, Language::En, &FigureKind::ALL);
    let kinds: Vec<FigureKind> = drawn.iter().map(|f| f.kind).collect();
    assert!(!kinds.contains(&FigureKind::Paired) && !kinds.contains(&FigureKind::Together));
    assert!(kinds.contains(&FigureKind::Split) && kinds.contains(&FigureKind::FirstPassage));
}

#[test]
fn every_figure_keeps_its_layout_in_every_language() {
    let (case, results) = study(Some("copper_2008"));
    let mut wrong = Vec::new();
    for language in Language::ALL {
        for figure in figures(&case, &results, language, &FigureKind::ALL) {
            let faults = layout::faults(&figure.svg);
            wrong.extend(faults.into_iter().map(|f| format!("{} {}: {f}", language.code(), figure.name)));
        }
    }
    assert!(wrong.is_empty(), "{} faults:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn the_map_counts_towns_whose_leader_is_the_same_and_likely_under_every_path() {
    let (case, mut results) = study(None);
    let mut title = |lead: [f64; 4]| {
        for scenario in results.towns.iter_mut().flat_map(|t| &mut t.scenarios) {
            scenario.years.last_mut().unwrap().lead = lead.map(share).to_vec();
        }
        one(&case, &results, FigureKind::Map).title
    };
    assert!(title([0.1, 0.2, 0.0, 0.7]).ends_with("in 2 of 2 towns"));
    assert!(title([0.2, 0.2, 0.1, 0.5]).ends_with("in 0 of 2 towns"));
}

#[test]
fn the_region_tells_where_each_scenario_leads_and_who_leads_nowhere() {
    let (case, mut results) = study(None);
    let mut figure = |leads: [usize; 4]| {
        for town in &mut results.towns {
            for (scenario, leader) in town.scenarios.iter_mut().zip(leads) {
                let lead = (0..4).map(|s| share(if s == leader { 0.7 } else { 0.1 })).collect();
                scenario.years.last_mut().unwrap().lead = lead;
            }
        }
        one(&case, &results, FigureKind::Region)
    };
    let some = figure([3, 3, 3, 1]);
    assert!(some.title.ends_with(
        ": Diversification leads in 6 of 8 futures, Balanced in 2, Inertial and Innovative in none"
    ));
    let frames = |figure: &Figure| figure.svg.matches("stroke-width=\"4\"").count();
    assert_eq!(frames(&some), 0, "no future keeps its own course");
    let all = figure([0, 1, 2, 3]);
    assert!(
        all.title.ends_with("in 2 of 8 futures, Balanced in 2, Innovative in 2, Diversification in 2"),
        "{}",
        all.title
    );
    assert_eq!(frames(&all), 8);
    assert!(texts(&all.svg).join(" ").contains("the very future that is followed (8 of 8)"));
}
