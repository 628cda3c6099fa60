//! Every rule of the story in every language: nothing left to fill in, nothing left in English.

use super::{future, region, town};
use crate::analyse::{Estimate, Results};
use crate::case::{Case, Source};
use crate::report::fake::{self, estimate};
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
        let mut results = fake::results();
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
    sentences
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
