//! Every number of Tables 19-26 in every variant, against values typed from the source.

use boljam::assess::{
    Assessment, Reading, Score, TownAssessment, Variant, assess, assess_draws, lead, lead_parts,
};
use boljam::case::{Case, Input, Source};
use boljam::report::assessment::{Format, render};
use boljam::text::{Language, Text};
use rand_distr::Distribution;

fn karaganda() -> Case {
    Case::load(&Source::embedded(), &[]).unwrap()
}

fn town<'a>(assessment: &'a Assessment, id: &str) -> &'a TownAssessment {
    assessment.towns.iter().find(|town| town.id == id).unwrap()
}

fn value(assessment: &Assessment, id: &str, symbol: &str) -> f64 {
    let score = &town(assessment, id).score;
    let method = &assessment.method;
    let input = method.sub_indicators.iter().position(|s| s.symbol == symbol);
    let composite = method.composites.iter().position(|c| c.symbol == symbol);
    input.map(|i| score.sub_indicators[i]).or(composite.map(|c| score.composites[c])).unwrap()
}

fn class<'a>(assessment: &'a Assessment, id: &str, symbol: &str) -> &'a str {
    let method = &assessment.method;
    let c = method.composites.iter().position(|c| c.symbol == symbol).unwrap();
    let class = town(assessment, id).score.classes[c].unwrap();
    &method.levels[method.composites[c].scale.as_ref().unwrap()[class].level].id
}

fn leaders<'a>(assessment: &'a Assessment, id: &str) -> Vec<&'a str> {
    let indices = &town(assessment, id).score.lead.leaders;
    indices.iter().map(|s| assessment.scenarios[*s].0.as_str()).collect()
}

/// (symbol, [Balkhash, Karazhal, Temirtau]).
type Row<T> = (&'static str, [T; 3]);
const ASSESSED: [&str; 3] = ["balkhash", "karazhal", "temirtau"];

fn assert_values(assessment: &Assessment, rows: &[Row<f64>], tolerance: f64) {
    for (symbol, values) in rows {
        for (id, expected) in ASSESSED.iter().zip(values) {
            let found = value(assessment, id, symbol);
            assert!((found - expected).abs() <= tolerance, "{id} {symbol}: {found}, not {expected}");
        }
    }
}

fn assert_classes(assessment: &Assessment, rows: &[Row<&str>]) {
    for (symbol, classes) in rows {
        for (id, expected) in ASSESSED.iter().zip(classes) {
            assert_eq!(class(assessment, id, symbol), *expected, "{id} {symbol}");
        }
    }
}

fn assert_votes(assessment: &Assessment, expected: [[u32; 4]; 3]) {
    for (id, votes) in ASSESSED.iter().zip(expected) {
        assert_eq!(town(assessment, id).score.votes, votes, "{id}");
    }
}

/// Tables 19-24 as printed.
const INPUTS: [Row<f64>; 21] = [
    ("TDm1", [80.0, 71.0, 82.0]),
    ("TDm2", [27.3, 50.0, 12.0]),
    ("TDe1", [15.0, 0.8, 25.0]),
    ("TDe2", [41.0, 46.0, 36.0]),
    ("TDe3", [5.0, 8.6, 8.6]),
    ("TDe4", [2.3, 0.5, 5.2]),
    ("TDa1", [111.0, 115.0, 93.0]),
    ("TDa2", [4.2, 1.6, 7.2]),
    ("TDa3", [1.4, 0.7, 0.7]),
    ("TDa4", [95.0, 96.0, 95.4]),
    ("TDda1", [10.0, 4.0, 3.5]),
    ("TDda2", [49.0, 49.0, 53.0]),
    ("TDzhia1", [9.5, 3.1, 14.0]),
    ("TDzhia2", [9.3, 11.4, 15.0]),
    ("TDzhia3", [0.2, 0.5, 6.0]),
    ("TDzhia4", [5.0, 5.8, 11.0]),
    ("TDaa1", [0.0, 0.0, 100.0]),
    ("TDaa2", [100.0, 0.0, 100.0]),
    ("TDaa3", [100.0, 100.0, 100.0]),
    ("TDsp1", [100.0, 100.0, 100.0]),
    ("TDsp2", [100.0, 0.0, 0.0]),
];

#[test]
fn printed_inputs_give_their_composites_classes_and_votes() {
    let assessment = assess(&karaganda(), Variant::PrintedInputs, &Reading::default());
    assert_eq!(assessment.method.sub_indicators.len(), INPUTS.len());
    assert_values(&assessment, &INPUTS, 0.0);
    // Computed by hand from the printed inputs.
    let composites = [
        ("TDm", [46.733, 59.582, 31.369]),
        ("TDe", [15.825, 13.975, 18.7]),
        ("TDa", [52.9, 53.325, 49.075]),
        ("TDea", [28.9335, 27.2985, 30.2937]),
        ("TDda", [7.6811, 7.2801, 7.5166]),
        ("TDzhia", [4.899, 4.5607, 6.7823]),
        ("TDaa", [14.1421, 10.0, 17.3205]),
        ("TDsp", [14.1421, 10.0, 10.0]),
    ];
    assert_values(&assessment, &composites, 6e-4);
    let classes = [
        ("TDm", ["average", "average", "low"]),
        ("TDea", ["above average", "above average", "high"]),
        ("TDda", ["average", "below average", "average"]),
        ("TDzhia", ["average", "average", "above average"]),
        ("TDaa", ["above average", "average", "high"]),
        ("TDsp", ["high", "average", "average"]),
    ];
    assert_classes(&assessment, &classes);
    assert_votes(&assessment, [[0, 3, 4, 4], [1, 4, 1, 2], [0, 2, 4, 5]]);
    assert_eq!(leaders(&assessment, "balkhash"), ["innovative", "diversification"]);
    assert_eq!(leaders(&assessment, "karazhal"), ["balanced"]);
    assert_eq!(leaders(&assessment, "temirtau"), ["diversification"]);
    assert_eq!(ASSESSED.map(|id| town(&assessment, id).score.lead.margin), [0, 2, 1]);
    assert_eq!(town(&assessment, "balkhash").score.lead.parts, [0, 0, 6, 6]);
}

#[test]
fn raw_fractions_move_two_towns_over_a_bound() {
    let assessment = assess(&karaganda(), Variant::RawFractions, &Reading::default());
    let shares = [
        ("TDzhia1", [9.5745, 3.1915, 14.8936]),
        ("TDzhia2", [9.375, 11.4583, 15.625]),
        ("TDzhia3", [2.4228, 5.3008, 6.0244]),
        ("TDzhia4", [4.9915, 5.8428, 11.5422]),
        ("TDzhia", [5.1345, 5.0787, 6.9344]),
        // Nothing else has a fraction.
        ("TDm", [46.733, 59.582, 31.369]),
        ("TDea", [28.9335, 27.2985, 30.2937]),
        ("TDda", [7.6811, 7.2801, 7.5166]),
    ];
    assert_values(&assessment, &shares, 6e-4);
    assert_classes(&assessment, &[("TDzhia", ["above average"; 3])]);
    assert_votes(&assessment, [[0, 2, 5, 5], [1, 3, 2, 3], [0, 2, 4, 5]]);
    assert_eq!(leaders(&assessment, "karazhal"), ["balanced", "diversification"]);
}

#[test]
fn printed_classes_are_those_of_table_26_and_composites_those_of_tables_19_to_24() {
    let assessment = assess(&karaganda(), Variant::PrintedClasses, &Reading::default());
    assert_values(&assessment, &INPUTS, 0.0);
    let composites = [
        ("TDm", [53.0, 59.5, 31.0]),
        ("TDe", [15.0, 14.0, 18.7]),
        ("TDa", [53.0, 53.0, 50.0]),
        ("TDea", [28.0, 27.0, 31.0]),
        ("TDda", [7.6, 7.2, 7.5]),
        ("TDzhia", [5.0, 4.0, 6.8]),
        ("TDaa", [14.0, 10.0, 17.0]),
        ("TDsp", [14.0, 10.0, 10.0]),
    ];
    assert_values(&assessment, &composites, 0.0);
    let classes = [
        ("TDm", ["average", "average", "low"]),
        ("TDea", ["above average", "above average", "above average"]),
        ("TDda", ["average", "above average", "average"]),
        ("TDzhia", ["average", "average", "above average"]),
        ("TDaa", ["above average", "average", "high"]),
        ("TDsp", ["high", "average", "average"]),
    ];
    assert_classes(&assessment, &classes);
    assert_votes(&assessment, [[0, 3, 4, 4], [0, 4, 2, 3], [0, 2, 4, 6]]);
    assert_eq!(leaders(&assessment, "temirtau"), ["diversification"]);
}

#[test]
fn the_printed_formula_of_the_mono_profile_turns_temirtau_round() {
    let case = karaganda();
    let reading = Reading::with(&case.method, "TDm", "complement").unwrap();
    let assessment = assess(&case, Variant::PrintedInputs, &reading);
    assert_values(&assessment, &[("TDm", [53.267, 40.418, 68.631])], 6e-4);
    assert_classes(&assessment, &[("TDm", ["average"; 3])]);
    assert_votes(&assessment, [[0, 3, 4, 4], [1, 4, 1, 2], [0, 3, 4, 4]]);
    assert_eq!(assessment.readings, [("TDm".to_owned(), "complement".to_owned())]);
    assert_eq!(
        Reading::with(&case.method, "TDm", "sum").unwrap_err().to_string(),
        "TDm has no reading 'sum' (it has: complement)"
    );
}

#[test]
fn switches_of_incomplete_towns_stand_with_their_probability() {
    let case = karaganda();
    let assessment = assess(&case, Variant::PrintedInputs, &Reading::default());
    let incomplete: Vec<&str> =
        assessment.towns.iter().filter(|t| t.spread.is_some()).map(|t| t.id.as_str()).collect();
    assert_eq!(incomplete, ["abai", "saran", "satpayev", "shakhtinsk", "zhezkazgan"]);
    let probabilities = |id: &str, symbol: &str| {
        let c = assessment.method.composites.iter().position(|c| c.symbol == symbol).unwrap();
        town(&assessment, id).spread.as_ref().unwrap().composites[c].classes.clone()
    };
    // Satpayev: one switch of three surely off, two on with 1/3 each. Shakhtinsk: one on, two with 1/3.
    let expected = [
        ("satpayev", "TDaa", vec![4.0 / 9.0, 4.0 / 9.0, 1.0 / 9.0, 0.0]),
        ("shakhtinsk", "TDaa", vec![0.0, 4.0 / 9.0, 4.0 / 9.0, 1.0 / 9.0]),
        ("satpayev", "TDsp", vec![0.0, 2.0 / 3.0, 1.0 / 3.0]),
        ("abai", "TDaa", vec![0.0, 0.0, 0.0, 1.0]),
    ];
    for (id, symbol, expected) in expected {
        for (found, p) in probabilities(id, symbol).iter().zip(expected) {
            let error = f64::sqrt(p * (1.0 - p) / 10_000.0);
            assert!((found.value - p).abs() <= 4.0 * error, "{id} {symbol}: {} not {p}", found.value);
            assert!(
                (found.error - error).abs() <= 0.05 * error + 1e-12,
                "{id} {symbol}: error {}",
                found.error
            );
        }
    }
}

#[test]
fn classes_of_a_product_of_triangular_inputs_agree_with_an_independent_sampler() {
    let assessment = assess(&karaganda(), Variant::PrintedInputs, &Reading::default());
    let mut stream = boljam::random::Stream::new(99, 7);
    let share = rand_distr::Triangular::new(55.0, 88.0, 70.0).unwrap();
    let people = rand_distr::Triangular::new(12.0, 33.0, 22.0).unwrap();
    let n = 100_000;
    let degrees: Vec<f64> =
        (0..n).map(|_| f64::sqrt(share.sample(&mut stream) * people.sample(&mut stream))).collect();
    let p = degrees.iter().filter(|x| **x <= 35.0).count() as f64 / f64::from(n);
    let mean = degrees.iter().sum::<f64>() / f64::from(n);
    let spread = &town(&assessment, "abai").spread.as_ref().unwrap().composites[0];
    assert!((spread.classes[0].value - p).abs() < 4.0 * spread.classes[0].error.hypot(0.0012));
    assert!((spread.mean.value - mean).abs() < 4.0 * spread.mean.error.hypot(0.014));
}

#[test]
fn shares_of_the_lead_add_up_and_a_longer_sample_begins_with_the_shorter() {
    let case = karaganda();
    let short = assess_draws(&case, Variant::PrintedInputs, &Reading::default(), 1);
    for town in &assess(&case, Variant::PrintedInputs, &Reading::default()).towns {
        let Some(spread) = &town.spread else { continue };
        let total: f64 = spread.scenarios.iter().map(|s| s.lead.value).sum();
        assert!((total - 1.0).abs() < 1e-12);
        for scenario in &spread.scenarios {
            assert!(scenario.alone.value <= scenario.lead.value + 1e-12);
            assert!(scenario.lead.value <= scenario.among.value + 1e-12);
        }
        for composite in spread.composites.iter().filter(|c| !c.classes.is_empty()) {
            assert!((composite.classes.iter().map(|p| p.value).sum::<f64>() - 1.0).abs() < 1e-12);
        }
        let first = short.towns.iter().find(|t| t.id == town.id).unwrap().spread.as_ref().unwrap();
        assert!(first.scenarios.iter().all(|s| [0.0, 0.25, 1.0 / 3.0, 0.5, 1.0].contains(&s.lead.value)));
        assert_eq!(first.composites[0].mean.value, first.composites[0].quantiles[1]);
    }
}

#[test]
fn draws_do_not_depend_on_other_towns() {
    let mut case = karaganda();
    let all = assess(&case, Variant::PrintedInputs, &Reading::default());
    case.towns.retain(|town| town.id == "satpayev");
    let alone = assess(&case, Variant::PrintedInputs, &Reading::default());
    assert_eq!(alone.towns[0].spread, town(&all, "satpayev").spread);
}

#[test]
fn a_class_bound_belongs_to_the_class_and_a_value_above_all_bounds_to_the_last() {
    let case = karaganda();
    let evaluator = boljam::assess::Evaluator::new(&case.method, &Reading::default());
    let score = |tdm: f64, tdda2: f64| {
        let mut inputs =
            case.towns[case.town("karazhal").unwrap()].inputs.iter().map(Input::best).collect::<Vec<_>>();
        (inputs[0], inputs[1]) = (tdm, tdm);
        (inputs[10], inputs[11]) = (0.0, tdda2);
        Score::of(&case, &evaluator, inputs)
    };
    assert_eq!(score(35.0, 1.0).classes[0], Some(0));
    assert_eq!(score(35.0001, 1.0).classes[0], Some(1));
    assert_eq!(score(70.0, 400.0).classes[4], Some(5));
    // The root of a negative sum is undefined: in no class.
    let undefined = score(70.0, -5.0);
    assert!(undefined.composites[4].is_nan());
    assert_eq!(undefined.classes[4], None);
}

#[test]
fn a_lead_of_four_is_counted_in_twelfths() {
    assert_eq!(lead_parts(4), 12);
    assert_eq!(lead(&[3, 3, 1, 3]).parts, [4, 4, 0, 4]);
    assert_eq!(lead(&[0, 0, 0, 0]).parts, [3, 3, 3, 3]);
}

#[test]
fn csv_and_json_hold_the_same_records() {
    let assessment = assess(&karaganda(), Variant::PrintedInputs, &Reading::default());
    let csv = render(&assessment, Format::Csv, &Text::of(Language::En));
    assert!(csv.starts_with("town,variant,item,value,class,unit\n"));
    for line in [
        "karazhal,printed-inputs,TDm1,71,,percent",
        "karazhal,printed-inputs,TDaa,10,average,index",
        "karazhal,printed-inputs,votes.balanced,4,,votes",
        "balkhash,printed-inputs,lead.innovative,0.5,,share of the lead",
        "balkhash,printed-inputs,leading,innovative+diversification,,scenario",
        "temirtau,printed-inputs,margin,1,,votes",
        "satpayev,printed-inputs,TDm1,82,,percent",
        "satpayev,printed-inputs,TDm1.high,95,,percent",
        "abai,printed-inputs,class.TDaa.high,1,high,probability",
    ] {
        assert!(csv.lines().any(|l| l == line), "{line}");
    }
    let json: serde_json::Value =
        serde_json::from_str(&render(&assessment, Format::Json, &Text::of(Language::En))).unwrap();
    let records = json.as_array().unwrap();
    assert_eq!(records.len(), csv.lines().count() - 1);
    let mut reader = csv::Reader::from_reader(csv.as_bytes());
    for (row, record) in reader.records().zip(records) {
        let row = row.unwrap();
        for (k, field) in ["town", "variant", "item", "value", "class", "unit"].iter().enumerate() {
            match &record[field] {
                serde_json::Value::String(text) => assert_eq!(&row[k], text),
                serde_json::Value::Null => assert_eq!(&row[k], ""),
                number => {
                    // serde_json reads numbers to the last bit but one.
                    let (a, b) = (row[k].parse::<f64>().unwrap(), number.as_f64().unwrap());
                    assert!((a - b).abs() <= 1e-15 * a.abs());
                }
            }
        }
    }
}

#[test]
fn tables_read_like_those_of_the_source() {
    let assessment = assess(&karaganda(), Variant::PrintedInputs, &Reading::default());
    let text = render(&assessment, Format::Table, &Text::of(Language::En));
    let table_21 = "\
TDda: demographic potential
                                                       Balkhash       Karazhal  Temirtau
TDda1  natural increase, per thousand                        10              4       3.5
TDda2  economically active share of the population, %        49             49        53
TDda = sqrt(TDda1 + TDda2)                                 7.68           7.28      7.52
class                                                   average  below average   average
";
    assert!(text.contains(table_21), "{text}");
    assert!(text.contains("Towns with missing inputs: distributions over 10,000 draws of them"));
}

#[test]
fn the_first_year_of_a_simulation_is_the_assessment() {
    use boljam::analyse::study;
    use boljam::engine::Effort;
    use boljam::model::Options;
    let case = karaganda();
    let runs = 2000;
    let options = Options { horizon: case.base_year + 1, ..Options::of(&case) };
    let results = study(&case, &options, Effort::runs(runs), &|_, _| {}).unwrap();
    let assessment = assess_draws(&case, Variant::PrintedInputs, &Reading::default(), runs);
    // A value within rounding of a bound may fall on either side in a run.
    let close = |a: f64, b: f64, what: &str| assert!((a - b).abs() < 2.5 / 2000.0, "{what}: {a} and {b}");
    for simulated in &results.towns {
        let assessed = town(&assessment, &simulated.id);
        for scenario in &simulated.scenarios {
            let cell = &scenario.years[0];
            for (s, lead) in cell.lead.iter().enumerate() {
                let (share, votes) = assessed.spread.as_ref().map_or_else(
                    || (assessed.score.lead.parts[s] as f64 / 12.0, f64::from(assessed.score.votes[s])),
                    |spread| (spread.scenarios[s].lead.value, spread.scenarios[s].votes.value),
                );
                close(lead.value, share, "lead");
                close(cell.votes[s].value, votes, "votes");
            }
            for (k, (c, _, _)) in case.method.scaled().enumerate() {
                for (class, probability) in cell.classes[k].iter().enumerate() {
                    let expected = assessed.spread.as_ref().map_or_else(
                        || f64::from(assessed.score.classes[c] == Some(class)),
                        |spread| spread.composites[c].classes[class].value,
                    );
                    close(probability.value, expected, &simulated.id);
                }
            }
        }
    }
}
