//! How sure the choice of today is: exact changes against brute force, probabilities against the assessment and closed
//! forms, and the commands as their users meet them.

mod commands;

use std::path::Path;

use boljam::assess::{Evaluator, Reading, Score, Variant, assess};
use boljam::case::{Case, Input, Source, SubIndicatorKind};
use boljam::experiment::choice::{
    Flip, FlipKind, Group, InputErrors, Norm, Output, Rules, TownFlips, Uncertain, Weights, WeightsIn,
    acceptability, flips, indices, joint_flip,
};
use boljam::plot;
use boljam::random::Stream;
use boljam::text::{Language, Text};

use crate::layout;

fn karaganda() -> Case {
    Case::load(&Source::embedded(), &[]).unwrap()
}

fn northland() -> Case {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases/northland");
    Case::load(&Source::folder(&folder).unwrap(), &[]).unwrap()
}

fn rules(case: &Case) -> Rules {
    Rules::new(&case.method, case.scenarios.len(), &Weights::Equal, WeightsIn::Votes)
}

/// Who leads by the assessment, which shares no arithmetic of intervals with the search.
struct Oracle<'c> {
    case: &'c Case,
    evaluator: Evaluator,
}

impl<'c> Oracle<'c> {
    fn new(case: &'c Case) -> Self {
        Self { case, evaluator: Evaluator::new(&case.method, &Reading::default()) }
    }

    fn leaders(&self, inputs: &[f64]) -> Vec<usize> {
        Score::of(self.case, &self.evaluator, inputs.to_vec()).lead.leaders
    }

    /// The size of the smallest change of one input, up to a step of a fine grid.
    fn grid(&self, inputs: &[f64], k: usize, points: usize) -> Option<(f64, f64)> {
        let (low, high) = self.case.method.sub_indicators[k].range;
        let base = self.leaders(inputs);
        let is_switch = matches!(self.case.method.sub_indicators[k].kind, SubIndicatorKind::Switch);
        let points = if is_switch { 1 } else { points };
        let sides = [(high - inputs[k]).max(0.0), (low - inputs[k]).min(0.0)];
        let found = sides.iter().filter_map(|side| {
            let step = side / points as f64;
            let at = |j: usize| {
                let mut changed = inputs.to_vec();
                // Rounding must not leave the range.
                changed[k] = (inputs[k] + step * j as f64).clamp(low.min(inputs[k]), high.max(inputs[k]));
                self.leaders(&changed)
            };
            (1..=points).find(|j| at(*j) != base).map(|j| (step.abs() * j as f64, step.abs()))
        });
        found.min_by(|a, b| a.0.total_cmp(&b.0))
    }

    fn check(&self, inputs: &[f64], flip: &Flip, points: usize) {
        let symbol = &self.case.method.sub_indicators[flip.indicator].symbol;
        let told = format!("{symbol} of {inputs:?}: {flip:?}");
        assert!(!flip.unresolved, "{told}");
        let grid = self.grid(inputs, flip.indicator, points);
        let Some(change) = flip.change() else {
            assert!(grid.is_none(), "{told} {grid:?}");
            return;
        };
        // Nothing on the grid is nearer. (A grid may step over a narrow class, so that it finds only something farther.)
        if let Some((size, _)) = grid {
            assert!(change.abs() <= size + 1e-9 * size.max(1.0), "{told} {grid:?}");
        }
        let at = |x: f64| {
            let mut changed = inputs.to_vec();
            changed[flip.indicator] = x;
            self.leaders(&changed)
        };
        let base = self.leaders(inputs);
        let there = inputs[flip.indicator] + change;
        let hair = 1e-5 * there.abs().max(1.0) * if change < 0.0 { -1.0 } else { 1.0 };
        match flip.kind {
            FlipKind::Attained => assert_eq!(at(there), flip.leaders_after, "{told}"),
            FlipKind::Limit => {
                assert_eq!(at(there), base, "{told}");
                // From today down and up alike where a value stands on a bound.
                assert!([hair, -hair].iter().any(|h| at(there + h) == flip.leaders_after), "{told}");
            }
        }
        assert_ne!(flip.leaders_after, base, "{told}");
    }
}

#[test]
fn single_flips_are_those_of_a_fine_grid() {
    let case = karaganda();
    let rules = rules(&case);
    let oracle = Oracle::new(&case);
    for town in 0..case.towns.len() {
        let uncertain = Uncertain::new(&case, town, &rules, &InputErrors::default(), false);
        for flip in flips(&uncertain) {
            oracle.check(&uncertain.base.inputs, &flip, 3000);
        }
    }
}

/// The same for inputs drawn at random, decimals among them so that values stand on bounds; two methods, in one of
/// which composites share a sub-indicator.
#[test]
fn single_flips_are_those_of_a_grid_for_random_towns() {
    for case in [karaganda(), northland()] {
        let rules = rules(&case);
        let oracle = Oracle::new(&case);
        let mut stream = Stream::new(2021, 10);
        for _ in 0..12 {
            let mut uncertain = Uncertain::new(&case, 0, &rules, &InputErrors::default(), false);
            for (k, sub) in case.method.sub_indicators.iter().enumerate() {
                let (low, high) = sub.range;
                let width = (high - low).min(60.0);
                uncertain.base.inputs[k] = match sub.kind {
                    SubIndicatorKind::Switch => 100.0 * stream.uniform().round(),
                    SubIndicatorKind::Formula(_) => {
                        (10.0 * (low.max(0.0) + width * stream.uniform())).round() / 10.0
                    }
                };
            }
            for flip in flips(&uncertain) {
                oracle.check(&uncertain.base.inputs, &flip, 400);
            }
        }
    }
}

/// Temirtau by hand: TDm = sqrt(82 TDm2) passes 35 at TDm2 = 1225/82; balanced gains and inertial.. the lead is shared.
/// Balkhash: TDea passes 30 when TDe does 900/52.9, that is 4.7466 more in one of four.
#[test]
fn flips_of_the_shipped_case_are_those_by_hand() {
    let case = karaganda();
    let rules = rules(&case);
    let flip = |town: &str, symbol: &str| {
        let uncertain =
            Uncertain::new(&case, case.town(town).unwrap(), &rules, &InputErrors::default(), false);
        let k = case.method.sub_indicators.iter().position(|s| s.symbol == symbol).unwrap();
        flips(&uncertain).swap_remove(k)
    };
    let tdm2 = flip("temirtau", "TDm2");
    assert!((tdm2.at.unwrap() - 1225.0 / 82.0).abs() < 1e-9, "{tdm2:?}");
    assert_eq!((tdm2.kind, tdm2.leaders_after.as_slice()), (FlipKind::Limit, &[2, 3][..]));
    let tde1 = flip("balkhash", "TDe1");
    let mean = (15.0 + 41.0 + 5.0 + 2.3) / 4.0;
    let expected = 15.0 + 4.0 * (900.0 / 52.9 - mean);
    assert!((tde1.at.unwrap() - expected).abs() < 1e-9, "{tde1:?} {expected}");
    // Down to a bound the class below begins on it: 1225 / 27.3.
    let tdm1 = flip("balkhash", "TDm1");
    assert!((tdm1.at.unwrap() - 1225.0 / 27.3).abs() < 1e-9 && tdm1.kind == FlipKind::Attained, "{tdm1:?}");
}

/// No change in any of many directions is smaller, the one that was found does it, and the bound is within 1e-6.
#[test]
fn joint_flips_of_two_and_three_are_those_of_brute_force() {
    let case = karaganda();
    let rules = rules(&case);
    let oracle = Oracle::new(&case);
    for (town, symbols) in [
        ("temirtau", &["TDm1", "TDm2"][..]),
        ("balkhash", &["TDe1", "TDa4"]),
        ("balkhash", &["TDe1", "TDe2", "TDa1"]),
        ("karazhal", &["TDzhia1", "TDm2"]),
        ("karazhal", &["TDm1", "TDm2", "TDzhia4"]),
        ("balkhash", &["TDda1", "TDda2"]),
    ] {
        let uncertain =
            Uncertain::new(&case, case.town(town).unwrap(), &rules, &InputErrors::default(), false);
        let place = |s: &&str| case.method.sub_indicators.iter().position(|sub| sub.symbol == *s).unwrap();
        let variables: Vec<usize> = symbols.iter().map(place).collect();
        let inputs = &uncertain.base.inputs;
        let base = oracle.leaders(inputs);
        let moved = |z: &[f64]| {
            let mut inputs = inputs.clone();
            for (k, z) in variables.iter().zip(z) {
                let (low, high) = case.method.sub_indicators[*k].range;
                inputs[*k] = (inputs[*k] + z * uncertain.errors[*k]).clamp(low, high);
            }
            oracle.leaders(&inputs)
        };
        for norm in Norm::ALL {
            let found = joint_flip(&uncertain, &flips(&uncertain), norm, &variables);
            let told = format!("{town} {symbols:?} {found:?}");
            let size = found.size.unwrap();
            assert!(found.bound <= size && size - found.bound <= 1e-6, "{told}");
            let z: Vec<f64> = variables
                .iter()
                .map(|k| {
                    let after =
                        found.changes.iter().find(|(c, _)| c == k).map_or(inputs[*k], |(_, after)| *after);
                    (after - inputs[*k]) / uncertain.errors[*k]
                })
                .collect();
            assert!((norm.of(&z) - size).abs() < 1e-9 * size.max(1.0), "{told}");
            let beyond: Vec<f64> = z.iter().map(|z| z * (1.0 + 1e-6 / size)).collect();
            assert_eq!(moved(&beyond), found.leaders_after, "{told}");
            let mut stream = Stream::new(4, 4);
            for k in 0..20_000 {
                // Directions all around, half of them near that of the flip.
                let direction: Vec<f64> = z
                    .iter()
                    .map(|z| {
                        let any = 2.0 * stream.uniform() - 1.0;
                        if k % 2 == 0 { any } else { z / size + 0.05 * any }
                    })
                    .collect();
                let length = norm.of(&direction);
                for share in [0.5, 0.9, 0.999, 1.0 - 1e-5, 1.0 - 1e-6] {
                    let z: Vec<f64> = direction.iter().map(|d| d / length * share * size).collect();
                    assert_eq!(moved(&z), base, "{told} {z:?}");
                }
            }
        }
    }
}

/// Where composites share a sub-indicator the bound holds too: no change of the shared one alone is smaller.
#[test]
fn the_bound_of_a_joint_flip_holds_where_composites_share_a_part() {
    let case = northland();
    let rules = rules(&case);
    for town in 0..case.towns.len() {
        let errors = ["Share=0.5", "Jobs=0.5"].map(str::to_owned);
        let errors = InputErrors::parse(&case.method, &errors).unwrap();
        let uncertain = Uncertain::new(&case, town, &rules, &errors, false);
        let all = TownFlips::of(&uncertain, None);
        for joint in &all.joints {
            let singles = all.singles.iter().filter(|f| all.errors[f.indicator] > 0.0);
            let sizes = singles.filter_map(|f| f.change().map(|c| c.abs() / all.errors[f.indicator]));
            let least = sizes.fold(f64::INFINITY, f64::min);
            assert!(
                joint.bound <= joint.size.unwrap_or(f64::INFINITY) && joint.bound <= least + 1e-9,
                "{joint:?}"
            );
            assert!(joint.size.unwrap_or(f64::INFINITY) <= least, "{joint:?} {least}");
        }
    }
}

/// With no errors but those of missing inputs the probabilities are the shares of the assessment, draw by draw.
#[test]
fn missing_inputs_are_drawn_as_the_assessment_draws_them() {
    let case = karaganda();
    let rules = rules(&case);
    let assessment = assess(&case, Variant::PrintedInputs, &Reading::default());
    for (town, assessed) in assessment.towns.iter().enumerate() {
        let Some(spread) = &assessed.spread else { continue };
        let uncertain = Uncertain::new(&case, town, &rules, &InputErrors::none(&case.method), false);
        let all = acceptability(&uncertain, spread.draws, case.seed);
        let inputs = all.iter().find(|a| a.group == Some(Group::Inputs)).unwrap();
        for (scenario, expected) in inputs.scenarios.iter().zip(&spread.scenarios) {
            assert!((scenario.probability - expected.lead.value).abs() < 1e-12, "{}", assessed.id);
        }
    }
}

/// Weights uniform on the simplex: balanced leads in Balkhash when two of five weights exceed the other three, which has
/// the probability P(Beta(2, 3) > 1/2) = 5/16; else innovative and diversification share it.
#[test]
fn weights_give_the_closed_form() {
    let case = karaganda();
    let rules = rules(&case);
    let town = case.town("balkhash").unwrap();
    let uncertain = Uncertain::new(&case, town, &rules, &InputErrors::default(), false);
    let all = acceptability(&uncertain, 40_000, 7);
    let weights = all.iter().find(|a| a.group == Some(Group::Weights)).unwrap();
    for (scenario, expected) in weights.scenarios.iter().zip([0.0, 5.0 / 16.0, 11.0 / 32.0, 11.0 / 32.0]) {
        let error = (expected * (1.0 - expected) / 40_000.0_f64).sqrt();
        assert!((scenario.probability - expected).abs() <= 4.0 * error, "{scenario:?} {expected}");
        assert!(scenario.low <= expected + 2.0 * error && expected - 2.0 * error <= scenario.high);
        assert!((scenario.ranks.iter().map(|r| r.0).sum::<f64>() - 1.0).abs() < 1e-12);
        let central: f64 = scenario.central_weights.iter().sum();
        assert!(scenario.central_weights.is_empty() || (central - 1.0).abs() < 1e-12);
    }
    // With its central weights balanced leads, and nothing else is drawn.
    assert_eq!(weights.scenarios[1].confidence.map(|c| c.0), Some(1.0));
    assert!(weights.scenarios[0].confidence.is_none());
}

/// One entry of the matrix: those that decide can be counted.
#[test]
fn entries_of_the_matrix_give_the_count() {
    let case = karaganda();
    let rules = rules(&case);
    let town = case.town("temirtau").unwrap();
    let uncertain = Uncertain::new(&case, town, &rules, &InputErrors::default(), false);
    let all = acceptability(&uncertain, 100_000, 3);
    let votes = all.iter().find(|a| a.group == Some(Group::Votes)).unwrap();
    // Temirtau has 0/2/4/5 votes of six: 5 entries take one from diversification, 2 give innovative one that it lacks; each
    // of these shares the lead between the two.
    let entries: usize = case.method.scaled().map(|(_, _, scale)| scale.len() * case.scenarios.len()).sum();
    let expected = 7.0 / entries as f64 / 2.0;
    assert!((votes.scenarios[2].probability - expected).abs() < 0.003, "{:?} {expected}", votes.scenarios[2]);
}

#[test]
fn indices_find_what_decides_and_nothing_else() {
    let case = karaganda();
    let rules = rules(&case);
    let town = case.town("balkhash").unwrap();
    // Without input errors, and with weights settled, only bounds, formulas and the matrix are left.
    let uncertain = Uncertain::new(&case, town, &rules, &InputErrors::none(&case.method), true);
    let found = indices(&uncertain, false, (256, 50, 1)).unwrap();
    assert_eq!(found[0].names, ["bounds", "formulas", "votes"]);
    let inertial = found.iter().find(|f| f.output == Output::Leads(0)).unwrap();
    assert!(inertial.indices.total.iter().all(|i| i.value == 0.0));
    let margin = found.iter().find(|f| f.output == Output::Margin).unwrap();
    assert!(margin.indices.total[2].value > 0.5, "{margin:?}");
    for (first, total) in margin.indices.first.iter().zip(&margin.indices.total) {
        assert!(first.value <= total.high && total.low <= total.value && total.value <= total.high);
    }
    let singles = indices(&uncertain, true, (64, 20, 1)).unwrap();
    assert!(singles[0].names.contains(&"bounds.TDea > 20".to_owned()), "{:?}", singles[0].names);
}

#[test]
fn the_same_comes_out_for_any_number_of_threads() {
    let case = karaganda();
    let rules = rules(&case);
    let uncertain = Uncertain::new(&case, 0, &rules, &InputErrors::default(), false);
    let with = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| {
            let indices = format!("{:?}", indices(&uncertain, false, (64, 20, 1)).unwrap());
            (acceptability(&uncertain, 3000, 1), flips(&uncertain), indices)
        })
    };
    assert_eq!(with(1), with(3));
}

#[test]
fn a_town_without_errors_has_nothing_to_flip_jointly() {
    let case = karaganda();
    let rules = rules(&case);
    let town = case.town("temirtau").unwrap();
    let uncertain = Uncertain::new(&case, town, &rules, &InputErrors::none(&case.method), true);
    assert!(matches!(case.towns[town].inputs[0], Input::Printed { .. }));
    let all = TownFlips::of(&uncertain, None);
    assert!(all.joints.iter().all(|j| j.size.is_none() && j.bound == f64::INFINITY));
}

/// Every picture in every language: no text cut, none on another, no letter missing.
#[test]
fn pictures_are_whole_in_three_languages() {
    for case in [karaganda(), northland()] {
        let rules = rules(&case);
        let mut drawn = (Vec::new(), Vec::new(), Vec::new());
        for town in 0..case.towns.len() {
            let uncertain = Uncertain::new(&case, town, &rules, &InputErrors::default(), false);
            drawn.0.extend(acceptability(&uncertain, 500, 1));
            drawn.1.push(TownFlips::of(&uncertain, None));
            drawn.2.extend(indices(&uncertain, town % 2 == 0, (64, 20, 1)).unwrap());
        }
        for language in Language::ALL {
            let text = Text::of(language);
            let pictures = plot::choice::acceptability(&case, &drawn.0, 1, &text)
                .into_iter()
                .chain(plot::choice::flips(&case, &drawn.1, 1, &text))
                .chain(plot::choice::indices(&case, &drawn.2, 1, &text));
            let mut count = 0;
            for picture in pictures {
                count += 1;
                let faults = layout::faults(&picture.svg);
                assert!(faults.is_empty(), "{} in {language:?}: {}", picture.name, faults.join("\n"));
                assert!(
                    !picture.table.rows.is_empty()
                        && picture.alt.contains(picture.title.trim_end_matches('.'))
                );
            }
            assert!(count > case.towns.len(), "{count}");
        }
    }
}
