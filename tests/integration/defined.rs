//! Values on a bound, values that are undefined, and inputs whose most likely value is the edge of a range.

use boljam::analyse::{self, Study, classes};
use boljam::assess::{self, Evaluator, Reading, Score, Variant};
use boljam::case::{Case, Input, Notice, Setting, Source};
use boljam::engine::{self, Effort, VectorLevel};
use boljam::model::{Model, Options, RunScenario, RunTown, Uncertainty};
use boljam::random::Stream;
use boljam::report::tables;

fn case() -> Case {
    Case::load(&Source::embedded(), &[]).unwrap()
}

fn edited(file: &str, from: &str, to: &str) -> Source {
    let mut source = Source::embedded();
    let text = source.files.get_mut(file).unwrap();
    assert!(text.contains(from), "{file} has no {from:?}");
    *text = text.replacen(from, to, 1);
    source
}

fn composite(case: &Case, symbol: &str) -> usize {
    case.method.composites.iter().position(|c| c.symbol == symbol).unwrap()
}

/// The class of TDea in the base year, as each part of the program sees it, for Balkhash with these inputs in tenths.
fn classes_of(economic: [i64; 4], social: [i64; 4]) -> [Option<usize>; 5] {
    let mut case = case();
    let town = case.town("balkhash").unwrap();
    for (symbols, values) in [("TDe", economic), ("TDa", social)] {
        for (k, tenths) in values.into_iter().enumerate() {
            let symbol = format!("{symbols}{}", k + 1);
            let place = case.method.sub_indicators.iter().position(|s| s.symbol == symbol).unwrap();
            // As the file would be read.
            let value: f64 = format!("{}.{}", tenths / 10, tenths % 10).parse().unwrap();
            let (source, note) = (String::new(), String::new());
            case.towns[town].inputs[place] = Input::Printed { value, fraction: None, source, note };
        }
    }
    let c = composite(&case, "TDea");
    let assessed =
        assess::assess(&case, Variant::PrintedInputs, &Reading::default()).towns[town].score.classes[c];
    let inputs = case.towns[town].inputs.iter().map(Input::best).collect();
    let score = Score::of(&case, &Evaluator::new(&case.method, &Reading::default()), inputs);
    let beyond = assess::bounds(&case, &score).into_iter().find(|b| b.composite == c).map(|b| b.class);
    let options = Options {
        towns: vec![town],
        scenarios: vec![0],
        horizon: case.base_year + 1,
        uncertainty: Uncertainty::NONE,
        ..Options::of(&case)
    };
    let model = Model::compile(&case, &options).unwrap();
    let replayed = classes(&case, &engine::replay(&model, RunTown(0), RunScenario(0), 0).years[0])[c];
    let results = analyse::study(&case, &options, Effort::runs(2), &|_, _| {}).unwrap();
    let scaled = results.scaled.iter().position(|s| s.symbol == "TDea").unwrap();
    let shares = &results.towns[0].scenarios[0].years[0].classes[scaled];
    let run = shares.iter().position(|share| share.value == 1.0);
    let drawn = results.quantities.iter().position(|q| q.id == "TDea").unwrap();
    let value = results.towns[0].scenarios[0].plan[drawn][0];
    let pictured = boljam::case::class_of(case.method.composites[c].scale.as_deref().unwrap(), value);
    [assessed, beyond, replayed, run, pictured]
}

/// TDe 10 and TDa 40 make TDea 20, which belongs to 'below average', the third class; a tenth more does not.
#[test]
fn decimals_on_a_bound_have_one_class_everywhere() {
    assert_eq!(classes_of([150, 177, 50, 23], [201, 99, 50, 1250]), [Some(2); 5]);
    assert_eq!(classes_of([150, 177, 50, 24], [201, 99, 50, 1250]), [Some(3); 5]);
    assert_eq!(classes_of([150, 177, 50, 22], [201, 99, 50, 1250]), [Some(2); 5]);
}

/// Means E and A with E A a bound squared, each split at random into four decimals that add up to it: whole tenths, so
/// that the class is known without any rounding.
#[test]
fn random_decimals_that_make_a_bound_belong_to_it() {
    // Tenths of E and A, and the class to which sqrt(E A) is the upper bound.
    let bounds = [
        (100, 400, 2),
        (80, 500, 2),
        (160, 250, 2),
        (75, 300, 1),
        (125, 500, 3),
        (180, 500, 4),
        (25, 100, 0),
    ];
    let mut stream = Stream::new(boljam::random::key(1, "bounds", "tests"), 0);
    let mut below = |n: i64| (stream.uniform() * n as f64) as i64;
    for round in 0..14 {
        let (e, a, class) = bounds[round % bounds.len()];
        let mut split = |mean: i64| {
            let mut parts = [0; 4];
            for part in &mut parts[..3] {
                *part = 1 + below(mean);
            }
            parts[3] = 4 * mean - parts.iter().sum::<i64>();
            parts
        };
        let (economic, social) = (split(e), split(a));
        assert_eq!(classes_of(economic, social), [Some(class); 5], "{economic:?} {social:?}");
    }
}

/// Natural increase plus 1.5: every town's best value is above 0, Saran's draws often are below, where there is no root.
fn sometimes_undefined() -> Case {
    let formula = "formula = \"sqrt(TDsp1 + TDsp2)\"";
    let source = edited("method.toml", formula, "formula = \"sqrt(TDda1 + 1.5)\"");
    Case::load(&source, &[]).unwrap_or_else(|faults| panic!("{faults}"))
}

#[test]
fn an_undefined_composite_has_no_class_and_no_lead_and_all_add_up() {
    let case = sometimes_undefined();
    let towns = ["karazhal", "saran"].map(|id| case.town(id).unwrap()).to_vec();
    let options = Options { towns, horizon: 2024, ..Options::of(&case) };
    let study = Study::new(&case, &options).unwrap();
    let go_on = |end: u64| {
        let more = |_, _| std::ops::ControlFlow::Continue(());
        study.go_on(study.begin(0), VectorLevel::best(), end, &more)
    };
    let ensembles = go_on(1500);
    let results = study.summarise(&ensembles);
    let scaled = results.scaled.iter().position(|s| s.symbol == "TDsp").unwrap();
    let mut seen = 0.0;
    for cell in results.towns.iter().flat_map(|t| &t.scenarios).flat_map(|s| &s.years) {
        for (classes, undefined) in cell.classes.iter().zip(&cell.undefined) {
            let sum = classes.iter().map(|c| c.value).sum::<f64>() + undefined.value;
            assert!((sum - 1.0).abs() < 1e-12, "{sum}");
        }
        let sum = cell.lead.iter().map(|c| c.value).sum::<f64>() + cell.no_lead.value;
        assert!((sum - 1.0).abs() < 1e-12, "{sum}");
        assert_eq!(cell.no_lead.value, cell.undefined[scaled].value);
        seen += cell.undefined[scaled].value;
    }
    assert!(seen > 0.1, "{seen}");
    // Saran's -3, -1, 1 is below -1.5 with probability 1.5^2 / (4 * 2), and nothing else moves the base year.
    let share = results.towns[1].scenarios[0].years[0].undefined[scaled];
    assert!((share.value - 0.28125).abs() < 4.0 * share.mcse, "{share:?}");
    // The first run told is the first there is.
    let told = results.undefined.iter().find(|u| u.town == "saran" && u.quantity == "TDsp").unwrap();
    let (run, scenario, year) = told.first.clone().unwrap();
    let model = study.model();
    let path = case.scenario(&scenario).unwrap();
    let place = composite(&case, "TDsp");
    let t = usize::try_from(year - case.base_year).unwrap();
    let is_undefined = |run: u64, path: usize, t: usize| {
        engine::replay(model, RunTown(1), RunScenario(path), run).years[t].composites[place].is_nan()
    };
    assert!(is_undefined(run, path, t));
    for earlier in 0..run {
        assert!((0..4).all(|path| (0..4).all(|t| !is_undefined(earlier, path, t))), "{earlier}");
    }
    // Counted alike by replay.
    let cases: usize = (0..40)
        .map(|run| (0..4).map(|path| (0..4).filter(|t| is_undefined(run, path, *t)).count()).sum::<usize>())
        .sum();
    let few = study.summarise(&go_on(40));
    let told = few.undefined.iter().find(|u| u.town == "saran" && u.quantity == "TDsp").unwrap();
    assert_eq!((told.cases, told.of), (cases as u64, 40 * 16));
    // The file keeps it, and parts add up to the whole.
    let key = [7; 32];
    assert_eq!(study.decode(&ensembles.encode(&key), &key).unwrap(), ensembles);
    let mut parts = go_on(1024);
    let more = |_, _| std::ops::ControlFlow::Continue(());
    parts.append(&study.go_on(study.begin(1024), VectorLevel::best(), 1500, &more)).unwrap();
    assert_eq!(parts, ensembles);
    for table in [tables::summary, tables::classes, tables::choice, tables::paired, tables::split] {
        let table = table(&results);
        assert!(!table.contains("NaN") && !table.contains("inf,"), "a table holds what is no number");
    }
    assert!(tables::classes(&results).contains("saran,inertial,2021,TDsp,undefined,0.2"));
    assert!(tables::choice(&results).contains("saran,inertial,2021,,undefined,0.2"));
}

#[test]
fn a_formula_without_a_value_in_the_base_year_is_a_fault_with_its_values() {
    for (from, to, place) in [
        ("formula = \"sqrt(TDsp1 + TDsp2)\"", "formula = \"1 / (TDe1 - 15)\"", "composite.TDsp.formula"),
        (
            "formula = \"sqrt(TDsp1 + TDsp2)\"",
            "formula = \"(TDe1 - 15) / (TDe2 - 41)\"",
            "composite.TDsp.formula",
        ),
        (
            "formula = \"sqrt(TDsp1 + TDsp2)\"",
            "formula = \"sqrt(14.9 - max(14.9, min(TDe1, 15)))\"",
            "composite.TDsp.formula",
        ),
        (
            "formula = \"population * participation / 100 * unemployment / 100\"",
            "formula = \"population / (TDe1 - 15)\"",
            "persons.unemployed.formula",
        ),
    ] {
        let faults = Case::load(&edited("method.toml", from, to), &[]).unwrap_err().to_string();
        assert!(faults.contains(&format!("{place}: gives no finite number in the base year")), "{faults}");
        assert!(faults.contains("balkhash") && faults.contains("TDe1 = "), "{faults}");
    }
}

#[test]
fn a_formula_without_a_value_at_the_end_of_a_plan_is_a_notice() {
    let settings = [
        Setting::parse("method.TDsp.formula=sqrt(TDda1 + 1.5)").unwrap(),
        Setting::parse("diversification.natural_increase.add=-30").unwrap(),
    ];
    let case = Case::load(&Source::embedded(), &settings).unwrap_or_else(|faults| panic!("{faults}"));
    let told = case.notices.iter().any(|notice| match notice {
        Notice::Undefined { town, scenario: Some(scenario), place, values } => {
            let numbers = values.contains("TDda1 = -26.5") && place == "composite.TDsp.formula";
            town == "temirtau" && scenario == "diversification" && numbers
        }
        _ => false,
    });
    assert!(told, "{:?}", case.notices);
}

/// Abai's cultural institutions, 0 to 10 with the mode at 0: mean 10/3, variance 100/18.
#[test]
fn an_input_whose_mode_is_the_edge_of_its_range_is_drawn() {
    let source = edited("missing.csv", "abai,TDa2,1,2.5,5,", "abai,TDa2,0,0,10,");
    let case = Case::load(&source, &[]).unwrap();
    assert!(case.notices.is_empty(), "{:?}", case.notices);
    let towns = vec![case.town("abai").unwrap()];
    let options = Options { towns, horizon: 2023, ..Options::of(&case) };
    let results = analyse::study(&case, &options, Effort::runs(20_000), &|_, _| {}).unwrap();
    let culture = results.quantities.iter().position(|q| q.id == "culture").unwrap();
    let base = &results.towns[0].scenarios[0].years[0].quantities[culture];
    assert!((base.mean.value - 10.0 / 3.0).abs() < 4.0 * base.mean.mcse, "{:?}", base.mean);
    assert!((base.sd.value - (100.0_f64 / 18.0).sqrt()).abs() < 0.05, "{:?}", base.sd);
    assert!(base.min > 0.0 && base.max < 10.0);
    // Median of the triangular: 10 (1 - sqrt 0.5).
    let median = base.quantiles[analyse::MEDIAN];
    assert!((median.value - 10.0 * (1.0 - 0.5_f64.sqrt())).abs() < 5.0 * median.mcse, "{median:?}");
    let later = &results.towns[0].scenarios[0].years[2].quantities[culture];
    assert!(later.mean.value > 3.0 && later.sd.value > 2.0);
    // At its mode it is the edge, and stays there.
    let none = Options { uncertainty: Uncertainty::NONE, ..options };
    let model = Model::compile(&case, &none).unwrap();
    let driver = case.drivers.iter().position(|d| d.id == "culture").unwrap();
    assert!(
        engine::replay(&model, RunTown(0), RunScenario(0), 0)
            .years
            .iter()
            .all(|year| year.drivers[driver] == 0.0)
    );
}
