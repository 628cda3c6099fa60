//! Bytes do not depend on threads, vector level, order of files, subsets of towns and scenarios; the first
//! runs of a longer run are those of a shorter one, and years are a prefix.

use boljam::analyse::{self, Results};
use boljam::case::{Case, Setting, Source};
use boljam::engine::{self, Effort, RunValue, Selected, VectorLevel};
use boljam::model::{Model, Options, RunScenario, RunTown};
use boljam::report::tables;

const RUNS: u64 = 1500;

fn case() -> Case {
    Case::load(&Source::embedded(), &[]).unwrap()
}

/// All tables of a run, as one text.
fn bytes(case: &Case, options: &Options, effort: Effort) -> String {
    let results = analyse::study(case, options, effort, &|_, _| {}).unwrap();
    text(&results)
}

fn text(results: &Results) -> String {
    [
        tables::summary(results),
        tables::distributions(results),
        tables::classes(results),
        tables::choice(results),
        tables::paired(results),
        tables::first_passage(results),
        tables::split(results),
    ]
    .concat()
}

/// The lines that begin with one of these.
fn lines(text: &str, beginnings: &[String]) -> Vec<String> {
    text.lines().filter(|l| beginnings.iter().any(|b| l.starts_with(b.as_str()))).map(str::to_owned).collect()
}

#[test]
fn threads_and_vector_levels_change_nothing() {
    let case = case();
    let options = Options { towns: vec![0, 6], ..Options::of(&case) };
    let effort = |threads, level| Effort { runs: RUNS, threads, level };
    let one = bytes(&case, &options, effort(1, VectorLevel::Baseline));
    for level in VectorLevel::available() {
        for threads in [1, 2, 3, 5, 8] {
            assert!(
                bytes(&case, &options, effort(threads, level)) == one,
                "{threads} threads, {}",
                level.name()
            );
        }
    }
}

#[test]
fn subsets_of_towns_and_scenarios_are_the_same_lines() {
    let case = case();
    let all = bytes(&case, &Options { towns: vec![1, 2, 6], ..Options::of(&case) }, Effort::runs(RUNS));
    let some = Options { towns: vec![2], scenarios: vec![0, 3], ..Options::of(&case) };
    let some = bytes(&case, &some, Effort::runs(RUNS));
    let beginnings = ["karazhal,inertial,".to_owned(), "karazhal,diversification,".to_owned()];
    let (a, b) = (lines(&all, &beginnings), lines(&some, &beginnings));
    assert!(a.len() > 3000);
    assert!(a == b);
}

#[test]
fn the_order_of_rows_changes_nothing() {
    let mut source = Source::embedded();
    for (name, text) in &mut source.files {
        // printed.csv is read in order: the last class printed is the summary's.
        if name.strip_suffix(".csv").is_some_and(|stem| stem != "printed") {
            let (head, rows) = text.split_once('\n').unwrap();
            let mut rows: Vec<&str> = rows.lines().collect();
            rows.reverse();
            *text = format!("{head}\n{}\n", rows.join("\n"));
        }
    }
    let turned = Case::load(&source, &[]).unwrap();
    let options = |case: &Case| Options { towns: vec![4], ..Options::of(case) };
    let straight = case();
    let a = bytes(&straight, &options(&straight), Effort::runs(600));
    assert!(a == bytes(&turned, &options(&turned), Effort::runs(600)));
}

fn column(case: &Case, horizon: i32, runs: u64, t: usize) -> Vec<f64> {
    let options = Options { horizon, ..Options::of(case) };
    let model = Model::compile(case, &options).unwrap();
    let selected = [Selected { town: 6, path: 3, t, value: RunValue::Quantity(1) }];
    let mut all = Vec::new();
    engine::record(&model, &selected, 0..runs, &mut |_, block| all.extend(&block[0]));
    all
}

#[test]
fn runs_and_years_are_prefixes() {
    let case = case();
    let long = column(&case, 2035, 2000, 9);
    assert_eq!(long.len(), 2000);
    assert!(column(&case, 2035, 700, 9) == long[..700]);
    assert!(column(&case, 2030, 2000, 9) == long);
}

#[test]
fn a_replayed_run_is_its_row() {
    let case = case();
    let model = Model::compile(&case, &Options::of(&case)).unwrap();
    let tdea = model.quantities.iter().position(|q| q.id == "TDea").unwrap();
    let composite = case.method.composites.iter().position(|c| c.symbol == "TDea").unwrap();
    let selected = [Selected { town: 3, path: 1, t: 14, value: RunValue::Quantity(tdea) }];
    let mut column: Vec<f64> = Vec::new();
    engine::record(&model, &selected, 0..1000, &mut |_, block| column.extend(&block[0]));
    for run in [0, 1, 127, 128, 511, 512, 999] {
        let replayed =
            engine::replay(&model, RunTown(3), RunScenario(1), run).years[14].composites[composite];
        assert_eq!(replayed, column[run as usize], "run {run}");
    }
}

/// The ensemble's mean, extremes and quantiles are those of its single runs.
#[test]
fn tallies_are_those_of_the_recorded_runs() {
    let case = case();
    let options = Options { towns: vec![6], ..Options::of(&case) };
    let model = Model::compile(&case, &options).unwrap();
    let ensemble = engine::run(&model, Effort::runs(5000), &|_| {});
    for q in 0..model.quantities.len() {
        let selected = [Selected { town: 0, path: 2, t: 14, value: RunValue::Quantity(q) }];
        let mut x = Vec::new();
        engine::record(&model, &selected, 0..5000, &mut |_, block| x.extend(&block[0]));
        x.sort_by(f64::total_cmp);
        let histogram = ensemble.town(0).quantity(14, 2, q);
        let mean = x.iter().sum::<f64>() / 5000.0;
        let sd = (x.iter().map(|v| (v - mean).powi(2)).sum::<f64>() / 4999.0).sqrt();
        let id = &model.quantities[q].id;
        assert!(
            (histogram.mean - mean).abs() <= 1e-9 * mean.abs().max(1e-9),
            "{id} mean {} {mean}",
            histogram.mean
        );
        assert!((histogram.sd - sd).abs() <= 1e-7 * sd + 1e-12 * mean.abs(), "{id} sd {} {sd}", histogram.sd);
        assert_eq!((histogram.min, histogram.max), (x[0], x[4999]), "{id}");
        for p in [0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99] {
            // The histogram's quantile lies between the order statistics one Monte Carlo error away.
            let (value, open) = histogram.quantile(p);
            let step = (p * (1.0 - p) / 5000.0_f64).sqrt();
            let at = |p: f64| x[((p * 5000.0) as usize).min(4999)];
            let inside = value >= at(p - step) && value <= at(p + step);
            assert!(inside || open, "{id} at {p}: {value} not in {} {}", at(p - step), at(p + step));
        }
    }
}

#[test]
fn another_seed_gives_other_runs_and_the_same_story() {
    let case = case();
    let options = Options { towns: vec![6], ..Options::of(&case) };
    let other = Options { seed: 1, ..options.clone() };
    let study = |o: &Options| analyse::study(&case, o, Effort::runs(4000), &|_, _| {}).unwrap();
    let (a, b) = (study(&options), study(&other));
    let (mut different, mut far) = (0, 0);
    for (x, y) in a.towns[0].scenarios.iter().zip(&b.towns[0].scenarios) {
        for (x, y) in x.years[14].quantities.iter().zip(&y.years[14].quantities) {
            let (m, n) = (x.quantiles[5], y.quantiles[5]);
            let error = m.mcse.hypot(n.mcse);
            different += usize::from(m.value != n.value);
            far += usize::from((m.value - n.value).abs() > 4.5 * error && error > 0.0);
        }
    }
    assert!(different > 80);
    assert_eq!(far, 0);
}

#[test]
fn a_setting_is_an_edited_file() {
    let setting = Setting::parse("diversification.other_output.multiple=3.1").unwrap();
    let set = Case::load(&Source::embedded(), &[setting]).unwrap();
    let mut source = Source::embedded();
    let file = source.files.get_mut("diversification.toml").unwrap();
    *file = file
        .replace("other_output = { by = 2035, multiple = 2.80", "other_output = { by = 2035, multiple = 3.1");
    let edited = Case::load(&source, &[]).unwrap();
    assert_eq!(set.scenarios[3].plan, edited.scenarios[3].plan);
    assert_ne!(set.scenarios[3].plan, case().scenarios[3].plan);
}

/// Edges of histograms are a function of the case and the options, not of the seed.
#[test]
fn another_seed_has_the_same_bins() {
    let case = case();
    let edges = |seed: u64| {
        let options = Options { towns: vec![2], seed, ..Options::of(&case) };
        let model = Model::compile(&case, &options).unwrap();
        let ensemble = engine::run(&model, Effort::runs(3000), &|_| {});
        let tdea = model.quantities.iter().position(|q| q.id == "TDea").unwrap();
        // Inner edges: the outermost may be moved to the extremes of the runs.
        let bins = ensemble.town(0).quantity(14, 1, tdea).bins().to_vec();
        bins[1..bins.len() - 1].iter().map(|b| b.low).collect::<Vec<f64>>()
    };
    let (a, b) = (edges(1), edges(2));
    let common = a.iter().filter(|x| b.contains(x)).count();
    assert!(common * 10 > a.len().min(b.len()) * 9, "{common} of {} and {}", a.len(), b.len());
}
