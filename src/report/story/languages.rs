//! Every rule of the story in every language: nothing left to fill in, nothing left in English.

use super::{future, region, town};
use crate::analyse::{Estimate, Results};
use crate::case::{Better, Case, Source};
use crate::report::test_double::{self, estimate};
use crate::text::{Language, Text};

/// What the rules say of results that differ in everything the rules look at.
fn told(text: &Text) -> Vec<String> {
    let case = Case::load(&Source::embedded(), &[]).unwrap();
    let mut sentences = Vec::new();
    let mut tell = |results: &Results| {
        for t in &results.towns {
            sentences.extend(town::sentences(&case, results, t, text));
            for scenario in &t.scenarios {
                sentences.extend(future::sentences(results, t, scenario, text));
            }
        }
        sentences.extend(region::findings(results, text).into_iter().map(|f| f.sentence));
    };
    let made_up = || {
        let mut results = test_double::results();
        // A town of the case with missing inputs.
        results.towns[1].id = "abai".to_owned();
        results
    };
    tell(&made_up());
    for better in [0.97, 0.83, 0.60, 0.50, 0.40, 0.20, 0.04] {
        let mut results = made_up();
        for t in &mut results.towns {
            t.scenarios[1].paired.as_mut().unwrap()[1][0].better = Some(estimate(better, 0.004));
            // Without illusion, other findings get their turn.
            t.scenarios.iter_mut().for_each(|s| s.split[1].enterprise = estimate(2.0, 0.1));
        }
        tell(&results);
    }
    for first in [0.02, 0.20, 0.45, 0.495, 0.80, 0.97] {
        let mut results = made_up();
        results.towns[0].scenarios[0].years[1].lead =
            vec![estimate(first, 0.004), estimate(1.0 - first, 0.004)];
        results.towns[1].scenarios[1].years[1].lead =
            vec![estimate(1.0 - first, 0.004), estimate(first, 0.004)];
        results.towns[0].scenarios[1].first_passage[1][1] = estimate(0.9, 0.001);
        results.towns[0].scenarios[0].split[1].enterprise = estimate(-14.0, 0.1);
        tell(&results);
    }
    for among in [[1.0, 1.0], [0.0, 1.0]] {
        let mut results = made_up();
        let cell = &mut results.towns[0].scenarios[0].years[0];
        cell.classes[0] = [0.0, 1.0, 0.0].map(|p| estimate(p, 0.0)).to_vec();
        cell.lead_among = among.map(|p| estimate(p, 0.0)).to_vec();
        let alone = |p: f64| if among == [1.0, 1.0] { Estimate::default() } else { estimate(p, 0.0) };
        cell.lead_alone = among.map(alone).to_vec();
        tell(&results);
    }
    for (towns, paths) in [(2, 2), (1, 2), (2, 1), (1, 1)] {
        for change in CHANGES {
            let mut results = made_up();
            shrink(&mut results, towns, paths);
            change(&mut results);
            tell(&results);
        }
    }
    sentences
}

/// Only so many towns, and so many futures of each.
fn shrink(results: &mut Results, towns: usize, paths: usize) {
    results.towns.truncate(towns);
    results.towns.iter_mut().for_each(|t| t.scenarios.truncate(paths));
}

/// Changes that the rules of one town, one future, few runs, ties and plans look at.
const CHANGES: [fn(&mut Results); 6] = [|_| (), two_runs, tie, by_plan, by_plan_upwards, without_illusion];

/// Two runs that agree in everything.
fn two_runs(results: &mut Results) {
    results.setup.runs = 2;
    let two = |n: f64| Estimate::share(n, 2);
    for s in results.towns.iter_mut().flat_map(|t| &mut t.scenarios) {
        for cell in &mut s.years {
            cell.classes[0] = [0.0, 2.0, 0.0].map(two).to_vec();
            for lead in [&mut cell.lead, &mut cell.lead_alone, &mut cell.lead_among] {
                *lead = [0.0, 2.0].map(two).to_vec();
            }
        }
        s.first_passage.iter_mut().for_each(|years| years.fill(two(0.0)));
        s.paired.iter_mut().flatten().for_each(|pairs| pairs[0].better = Some(two(2.0)));
    }
}

/// Two scenarios and two classes with the same shares.
fn tie(results: &mut Results) {
    for cell in results.towns.iter_mut().flat_map(|t| &mut t.scenarios).flat_map(|s| &mut s.years) {
        cell.lead = vec![estimate(0.5, 0.01); 2];
        cell.classes[0] = [0.4, 0.4, 0.2].map(|p| estimate(p, 0.01)).to_vec();
    }
}

/// A rate that is as surely lower as the plans make it: by 1.
fn by_plan(results: &mut Results) {
    without_illusion(results);
    for s in results.towns.iter_mut().flat_map(|t| &mut t.scenarios) {
        if let Some(years) = &mut s.paired {
            years[1][0].better = Some(estimate(0.99, 0.001));
            s.plan[1][1] -= 1.0;
        }
    }
}

fn by_plan_upwards(results: &mut Results) {
    by_plan(results);
    results.quantities[1].better = Better::Higher;
}

fn without_illusion(results: &mut Results) {
    let scenarios = results.towns.iter_mut().flat_map(|t| &mut t.scenarios);
    scenarios.for_each(|s| s.split[1].enterprise = estimate(2.0, 0.1));
}

/// Symbols of the method; nothing else in these sentences is Latin.
const LATIN: [&str; 1] = ["TDea"];

#[test]
fn no_rule_leaves_a_gap_a_slip_or_a_foreign_word() {
    for language in Language::ALL {
        for sentence in told(&Text::of(language)) {
            for slip in ["{", "}", "  ", ",,", ",:", " ,", " .", "..", "«»", "()", ";;"] {
                assert!(!sentence.contains(slip), "{language:?}: {slip:?} in {sentence}");
            }
            assert!(sentence.ends_with('.'), "{language:?}: {sentence}");
            if language != Language::En {
                let words = sentence.split(|c: char| !c.is_ascii_alphabetic()).filter(|w| !w.is_empty());
                let foreign: Vec<&str> = words.filter(|w| !LATIN.contains(w)).collect();
                assert!(foreign.is_empty(), "{language:?}: {foreign:?} in {sentence}");
            }
        }
    }
}

#[test]
fn every_sentence_of_the_catalogue_is_told_by_some_rule() {
    let source = include_str!("../../text/en.toml");
    let english: std::collections::BTreeMap<String, String> = toml::from_str(source).unwrap();
    let groups =
        ["today.", "lead.", "compared", "illusion", "outcome.", "missing", "observed", "future.", "finding."];
    let keys = english.keys().filter(|key| groups.iter().any(|group| key.starts_with(group)));
    let keys: Vec<&String> = keys.collect();
    for language in Language::ALL {
        let text = Text::of(language);
        let all = told(&text).join("\n");
        for key in &keys {
            // Headings of findings are no sentences.
            if key.starts_with("finding.") && !key.contains('_') {
                continue;
            }
            let pieces = text.get(key).split('{').map(|p| p.split_once('}').map_or(p, |x| x.1));
            let longest = pieces.max_by_key(|p| p.len()).unwrap_or_default();
            assert!(all.contains(longest), "{key} in {language:?} is never told: {longest:?}");
        }
    }
}

/// What is told of the first town, and of the region.
fn told_of(results: &Results, language: Language) -> String {
    let case = Case::load(&Source::embedded(), &[]).unwrap();
    let text = Text::of(language);
    let town = &results.towns[0];
    let mut sentences = town::sentences(&case, results, town, &text);
    sentences.extend(town.scenarios.iter().flat_map(|s| future::sentences(results, town, s, &text)));
    sentences.extend(region::findings(results, &text).into_iter().map(|f| f.sentence));
    sentences.join("\n")
}

#[test]
fn one_town_under_one_future_is_told_as_one() {
    let mut results = test_double::results();
    shrink(&mut results, 1, 1);
    let told = told_of(&results, Language::En);
    for sentence in [
        "In 2035 bold leads under steady (70.0 ± 0.8 %).",
        "'leaves monotown status' comes by 2035 in no run (less than 0.4 % of all possible runs).",
        "'distress' comes by 2035 in 20 ± 3 % of runs.",
        "In 2035, under steady: bold leads in aksu (70.0 ± 0.8 % of the lead).",
        "In aksu under steady the enterprise's share of output falls by 2035, and a quarter of the fall or more",
    ] {
        assert!(told.contains(sentence), "no '{sentence}' in:\n{told}");
    }
    for plural in
        ["whichever", "every", "1 of", "of 1 ", "the 1 ", "combinations", "most open", "any scenario"]
    {
        assert!(!told.contains(plural), "'{plural}' in:\n{told}");
    }
    let russian = told_of(&results, Language::Ru);
    assert!(russian.contains("«distress»") || russian.contains("«имя»"), "{russian}");
    assert!(!russian.contains("по каждому") && !russian.contains("Сочетаний"), "{russian}");
    assert!(!told_of(&results, Language::Kk).contains("жұп"), "pairs of town and future");
}

#[test]
fn two_runs_that_agree_are_no_certainty() {
    for language in Language::ALL {
        let mut results = test_double::results();
        two_runs(&mut results);
        // Inputs of the second town are drawn.
        results.towns.remove(0);
        let told = told_of(&results, language);
        let text = Text::of(language);
        let bound = Estimate::share(2.0, 2).percent_told(&text);
        assert!(told.contains(&bound) && !told.contains("100"), "{language:?}: {told}");
        assert!(!told.contains(['<', '>']), "{language:?}: {told}");
        if language == Language::En {
            assert_eq!(bound, "more than 15 %");
            assert!(
                told.contains("In 2021 TDea is most often in the class 'average' (more than 15 %)"),
                "{told}"
            );
            assert!(
                told.contains("the choice is open under steady (bold more than 15 %, steady less than 85 %)"),
                "{told}"
            );
            assert!(told.contains("as likely higher as lower"), "{told}");
        }
    }
}

#[test]
fn what_is_tied_is_told_as_tied() {
    let mut results = test_double::results();
    tie(&mut results);
    let told = told_of(&results, Language::En);
    for sentence in [
        "In 2021 TDea is equally often in the classes low and average (40 ± 2 % each); steady and bold have \
         equal shares of the lead, 50 ± 2 % each.",
        "In 2035 the choice is open under steady (steady 50 ± 2 %, bold 50 ± 2 %) and bold",
        "TDea is equally often in the classes low and average (40 ± 2 % each).",
        "The choice is most open in aksu under steady: steady and bold have equal shares of the lead in 2035",
    ] {
        assert!(told.contains(sentence), "no '{sentence}' in:\n{told}");
    }
}

#[test]
fn what_the_plans_alone_give_is_called_by_construction() {
    let mut results = test_double::results();
    by_plan(&mut results);
    let told = told_of(&results, Language::En);
    for sentence in [
        "is very likely lower under bold (by 1.0, in 99.0 ± 0.2 %). That is mostly by construction: the plans \
         alone, without chance, give -1.0 under bold.",
        "very likely lower than under steady (in 99.0 ± 0.2 % of runs), which is by construction: the plans alone \
         give -1.0;",
        "In 2 of those 2 it is by construction",
    ] {
        assert!(told.contains(sentence), "no '{sentence}' in:\n{told}");
    }
    // A plan of another sign, or twice the difference, is not what the runs repeat.
    for plan in [5.5, 2.4] {
        for t in &mut results.towns {
            t.scenarios[1].plan[1][1] = plan;
        }
        assert!(!told_of(&results, Language::En).contains("by construction"));
    }
}
