//! Regions of any size for the tests of figures: the shipped case's towns over and over, with names as long as one
//! likes, without running anything.

use rayon::prelude::*;

use boljam::analyse::{self, Estimate, Results};
use boljam::case::{Case, Name, Source};
use boljam::engine::Effort;
use boljam::model::Options;
use boljam::plot::{self, Choice, Figure, FigureKind, Material};
use boljam::text::{Language, Text};

use crate::layout;

/// A name of sixty letters that differs from the others at its end alone; every fifth is one word.
pub(crate) fn long_name(k: usize) -> Name {
    let filled = |start: &str, middle: &str| {
        let end = format!("{k:03}");
        let mut name = start.to_owned();
        let mut letters = middle.chars().cycle();
        while name.chars().count() < 60 - end.chars().count() {
            name.extend(letters.next());
        }
        name + &end
    };
    if k % 5 == 4 {
        return Name {
            en: filled("Verylongsettlement", "ofminersandsmelters"),
            ru: filled("Длиннейшийгородок", "горняковиметаллургов"),
            kk: filled("Ұзынатаулықалашық", "кеншілерменметаллургтер"),
        };
    }
    Name {
        en: filled("North-Eastern settlement of miners ", "and smelters by the river "),
        ru: filled("Северо-Восточный посёлок горняков ", "и металлургов у реки "),
        kk: filled("Солтүстік-Шығыс тау-кен металлургия ", "өңірінің қалашығы "),
    }
}

/// The same region with so many towns, which are those of the results over and over; with long names unless the
/// names are to stay. What depends on the number of towns (how many meet an outcome at once) is made up.
pub(crate) fn region(case: &Case, results: &Results, count: usize, long: bool) -> (Case, Results) {
    let (mut case, mut results) = (case.clone(), results.clone());
    let towns = std::mem::take(&mut results.towns);
    results.towns = (0..count)
        .map(|k| {
            let mut town = towns[k % towns.len()].clone();
            if long {
                town.name = long_name(k);
            }
            if k >= towns.len() {
                // Figures of the region show the last year alone: nothing else is kept of these towns.
                for scenario in &mut town.scenarios {
                    scenario.years.drain(..scenario.years.len() - 1);
                }
                town.id = format!("{}-{k}", town.id);
                // Beyond the case's own map: further rows.
                town.tile = town.tile.map(|(column, row)| (column, row + 20 * (k / towns.len()) as u32));
            }
            town
        })
        .collect();
    for commodity in &mut results.prices.commodities {
        let share = |town: usize| commodity.towns.get(town % commodity.towns.len().max(1)).cloned();
        commodity.towns = (0..count / 3).filter_map(share).collect();
        if long {
            for (k, town) in commodity.towns.iter_mut().enumerate() {
                town.1 = long_name(k);
            }
        }
    }
    for together in &mut results.together {
        for (t, year) in together.years.iter_mut().enumerate() {
            let at_least =
                |k: usize| Estimate::share(1000.0 * (-0.1 * (k * 10) as f64 / (t + 1) as f64).exp(), 1000);
            year.at_least = (0..=count).map(at_least).collect();
            let next = |k: usize| year.at_least.get(k + 1).map_or(0.0, |e| e.value);
            year.exactly = (0..=count)
                .map(|k| Estimate::share(1000.0 * (year.at_least[k].value - next(k)), 1000))
                .collect();
        }
    }
    // The audit shows the complete towns of the case, by their printed numbers.
    let own = std::mem::take(&mut case.towns);
    case.towns = (0..count)
        .map(|k| {
            let mut town = own[k % own.len()].clone();
            if long {
                town.name = long_name(k);
            }
            town
        })
        .collect();
    (case, results)
}

#[test]
fn long_names_have_sixty_letters_and_differ_at_their_ends() {
    for k in 0..200 {
        for name in [long_name(k).en, long_name(k).ru, long_name(k).kk] {
            assert_eq!(name.chars().count(), 60, "{name}");
        }
    }
    assert_ne!(long_name(3).kk, long_name(103).kk);
}

fn study() -> (Case, Results) {
    let case = Case::load(&Source::embedded(), &[]).unwrap();
    let results = analyse::study(&case, &Options::of(&case), Effort::runs(64), &|_, _| {}).unwrap();
    (case, results)
}

/// The figures of the region, and of its first town.
fn figures((case, results): &(Case, Results), language: Language) -> Vec<Figure> {
    let choice = Choice { towns: vec![results.towns[0].id.clone()], ..Choice::default() };
    plot::figures(Material { case, results, plans_alone: None }, &Text::of(language), &choice)
}

/// All words of a picture in a row, without the hyphens and spaces at which lines end.
fn letters(svg: &str) -> String {
    let document = roxmltree::Document::parse(svg).unwrap();
    let texts = document.descendants().filter(|n| n.has_tag_name("text")).filter_map(|n| n.text());
    texts.collect::<String>().replace(['-', ' '], "")
}

#[test]
fn any_region_fits_its_pictures() {
    let (case, results) = study();
    for (count, long) in [(1, true), (8, true), (30, false), (30, true), (200, true)] {
        let region = region(&case, &results, count, long);
        let names = |language| -> Vec<String> {
            let text = Text::of(language);
            region.1.towns.iter().map(|t| text.name(&t.name).to_owned()).collect()
        };
        let drawn: Vec<(Language, Figure)> = Language::ALL
            .into_iter()
            .flat_map(|language| figures(&region, language).into_iter().map(move |f| (language, f)))
            .collect();
        let wrong = drawn.par_iter().flat_map_iter(|(language, figure)| {
            let names: Vec<String> = if long { names(*language) } else { Vec::new() };
            let ambiguous = layout::ambiguous(&figure.svg, &names).into_iter();
            let faults = layout::faults(&figure.svg);
            let said = move |f: String| format!("{count} towns, {} ({}): {f}", figure.name, language.code());
            faults.into_iter().chain(ambiguous.map(|text| format!("'{text}' may be several"))).map(said)
        });
        let wrong: Vec<String> = wrong.collect();
        let shown = wrong.len().min(40);
        assert!(wrong.is_empty(), "{} faults:\n{}", wrong.len(), wrong[..shown].join("\n"));
        // A sheet ends somewhere, and no town falls between two of them.
        for (language, figure) in &drawn {
            if figure.town.is_none() {
                assert!(
                    figure.size.1 < 2400,
                    "{count} {} {}: {:?}",
                    figure.name,
                    language.code(),
                    figure.size
                );
            }
        }
        for kind in [FigureKind::Region, FigureKind::Map, FigureKind::Resilience] {
            let sheets = drawn.iter().filter(|(language, f)| *language == Language::Kk && f.kind == kind);
            let sheets: Vec<String> = sheets.map(|(_, figure)| letters(&figure.svg)).collect();
            for name in names(Language::Kk) {
                let name = name.replace(['-', ' '], "");
                let found = sheets.iter().filter(|sheet| sheet.contains(&name)).count();
                assert!(found >= 1, "{count} towns, {}: no '{name}'", kind.name());
            }
        }
    }
}

#[test]
fn what_no_sheet_holds_is_drawn_on_several_that_say_so() {
    let (case, results) = study();
    let few = figures(&region(&case, &results, 8, false), Language::En);
    assert!(few.iter().all(|f| !f.alt.contains("Sheet ")));
    let region = region(&case, &results, 200, true);
    let many = figures(&region, Language::En);
    for kind in [FigureKind::Region, FigureKind::Map, FigureKind::Resilience, FigureKind::Audit] {
        let sheets: Vec<&Figure> = many.iter().filter(|f| f.kind == kind).collect();
        assert!(sheets.len() > 3, "{}", kind.name());
        for (k, sheet) in sheets.iter().enumerate() {
            let said = format!("Sheet {} of {}.", k + 1, sheets.len());
            assert!(sheet.alt.contains(&said), "{}: {}", sheet.name, sheet.alt);
            let name = if k == 0 { kind.name().to_owned() } else { format!("{}-{}", kind.name(), k + 1) };
            assert_eq!(sheet.name, name);
        }
        // Each town's rows stand on one sheet, beside its picture.
        if kind != FigureKind::Audit {
            let rows: usize = sheets.iter().map(|s| s.table.rows.len()).sum();
            assert_eq!(rows, 200 * 4, "{}", kind.name());
        }
    }
    // A title names few towns and counts many.
    let resilience = many.iter().find(|f| f.kind == FigureKind::Resilience).unwrap();
    assert!(resilience.title.contains("of 200 towns"), "{}", resilience.title);
}
