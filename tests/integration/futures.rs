//! What the futures hang on: a linear case in closed form, correlated factors, the same numbers as `--data` on the same
//! points, the same bytes for any threads, what is refused, pictures.

use std::fs;

use boljam::analyse::{Batches, Study};
use boljam::case::{Adjustable, Case, CaseFactor, CaseFactors, Parameter, Source};
use boljam::experiment::futures::{
    Estimated, Factors, Output, estimate, evaluate, lean, one_at_a_time, outputs, scope,
};
use boljam::explore::analysis::{Analysis, Method};
use boljam::explore::{Law, Points, latin_hypercube, sobol};
use boljam::model::Options;
use boljam::plot::{sensitivity_figures, swing_figures};
use boljam::text::{Language, Text};

use crate::cli::{boljam, done, names, refused};
use crate::{layout, variance};

const FEW: Batches = Batches { count: 2, runs: 512 };

fn factor(case: &Case, name: &str, group: &str, law: Law) -> CaseFactor {
    let what = case.adjustables().into_iter().find(|a| a.1 == name).unwrap_or_else(|| panic!("{name}")).0;
    CaseFactor { name: name.to_owned(), what, law, group: group.to_owned(), basis: "test".to_owned() }
}

fn uniform(low: f64, high: f64) -> Law {
    Law::Uniform { low, high }
}

/// Options and outputs of these names.
fn options(case: &Case, outputs: &[&str]) -> Options {
    let names: Vec<String> = outputs.iter().map(|o| (*o).to_owned()).collect();
    let scope = scope(&names);
    let select = Options::select(case, &scope.towns, &scope.scenarios, None).unwrap();
    Options { horizon: scope.last.unwrap_or(case.horizon), ..select }
}

fn all_outputs(case: &Case, study: &Study<'_>, names: &[&str]) -> Vec<Output> {
    names.iter().flat_map(|name| outputs(name, case, study).unwrap()).collect()
}

/// Net migration is added to, so that its mean is the plan's addition plus what no plan moves: with the additions a of
/// inertial and b of balanced, uniform on 4 and 2, the difference b - a has variance 16/12 + 4/12.
fn linear() -> Case {
    let mut case = variance::linear();
    case.factors = CaseFactors {
        factors: vec![
            factor(&case, "balanced.net_migration.add", "b", uniform(-1.0, 1.0)),
            factor(&case, "inertial.net_migration.add", "a", uniform(-6.0, -2.0)),
            factor(&case, "prices.inflation", "c", uniform(0.0, 0.05)),
        ],
        ..CaseFactors::default()
    };
    case
}

const DIFFERENCE: &str = "satpayev.balanced-inertial.2035.net_migration.mean";
const ALONE: &str = "satpayev.inertial.2035.net_migration.mean";

fn study_of(case: &Case, asked: &[&str], n: usize) -> (Vec<Output>, Vec<Estimated>, Points) {
    let options = options(case, asked);
    let lean = lean(case, false);
    let study = Study::new(&lean, &options).unwrap();
    let outputs = all_outputs(case, &study, asked);
    let factors = Factors::choose(case, &options, &[]).unwrap();
    let unit = sobol::saltelli(n, &factors.groups, false, Some(0)).unwrap();
    let points = factors.values(&unit, (0.0, 1.0));
    let responses = evaluate(&study, &factors, &points, &outputs, FEW, &|_, _| {});
    let names = factors.names();
    let analysis = Analysis {
        method: Method::Sobol,
        second_order: false,
        levels: 4,
        resamples: 100,
        seed: 0,
        names: &names,
        groups: &factors.groups,
        points: None,
        behaves: None,
    };
    (outputs, estimate(&analysis, &responses).unwrap(), points)
}

#[test]
fn the_indices_of_a_linear_case_are_those_of_its_coefficients() {
    let case = linear();
    let (outputs, found, _) = study_of(&case, &[DIFFERENCE, ALONE], 512);
    assert_eq!(outputs.len(), 2);
    let of = |k: usize, factor: &str, index: &str| {
        let found = found[k].analysed.indices.iter().find(|i| i.factor == factor && i.index == index);
        found.unwrap().estimate
    };
    for (k, shares) in [[0.2, 0.8, 0.0], [0.0, 1.0, 0.0]].into_iter().enumerate() {
        for (factor, share) in ["b", "a", "c"].into_iter().zip(shares) {
            for index in ["S1", "ST"] {
                let found = of(k, factor, index);
                assert!((found.value - share).abs() < 0.04, "{k} {factor} {index}: {found:?} for {share}");
                // Alone, inflation moves net migration a little through wages: none of it is the closed form's.
                if k == 0 {
                    assert!(
                        found.low <= share + 1e-9 && share <= found.high + 1e-9,
                        "{factor} {index}: {found:?}"
                    );
                }
            }
        }
    }
    // What does not enter at all has no index: not in a single bit, since all points see the same draws.
    assert!(of(0, "c", "ST").value < 1e-20, "{:?}", of(0, "c", "ST"));
    // Nor is there noise in a difference that is the same in every run.
    assert!(found[0].noise < 1e-9, "{}", found[0].noise);
}

#[test]
fn one_at_a_time_a_linear_case_moves_by_its_coefficients() {
    let case = linear();
    let asked = [DIFFERENCE, ALONE];
    let options = options(&case, &asked);
    let lean = lean(&case, false);
    let study = Study::new(&lean, &options).unwrap();
    let outputs = all_outputs(&case, &study, &asked);
    let factors = Factors::choose(&case, &options, &[]).unwrap();
    let found = one_at_a_time(&study, &factors, &outputs, FEW, &|_, _| {});
    let (a, b) = (factors.factors[1].what.value(&case), factors.factors[0].what.value(&case));
    assert!((found[0].base.value - (b - a)).abs() < 1e-6, "{:?}", found[0].base);
    assert_eq!(found[0].swings.len(), 3 * 5);
    for swing in &found[0].swings {
        let law = &factors.factors[swing.factor].law;
        assert!((swing.x - law.quantile(swing.quantile.unwrap())).abs() < 1e-12);
        let expected = [swing.x - b, a - swing.x, 0.0][swing.factor];
        assert!((swing.change.value - expected).abs() < 1e-6, "{swing:?} for {expected}");
        assert!(swing.change.high - swing.change.low < 1e-6, "{swing:?}");
    }
    // With runs that differ the base has an error, and the change has none: both see the same draws.
    assert!(found[1].base.high - found[1].base.low > 1e-3, "{:?}", found[1].base);
    let own = found[1].swings.iter().find(|s| s.factor == 1).unwrap();
    assert!((own.change.value - (own.x - a)).abs() < 1e-6 && own.change.high - own.change.low < 1e-6);
}

/// Two uniform factors whose normal scores are correlated by rho have the correlation 6/pi asin(rho/2) (Pearson 1907).
#[test]
fn correlated_factors_move_as_one_and_have_their_correlation() {
    let mut case = linear();
    let rho: f64 = -0.7;
    case.factors.correlations = vec![(0, 1, rho)];
    let options = options(&case, &[DIFFERENCE]);
    let factors = Factors::choose(&case, &options, &[]).unwrap();
    assert_eq!(factors.groups.iter().map(|g| g.name.as_str()).collect::<Vec<_>>(), ["b+a", "c"]);
    assert_eq!(factors.dependent(), ["balanced.net_migration.add, inertial.net_migration.add"]);
    let points = factors.values(&latin_hypercube(20_000, 3, 0), (0.0, 1.0));
    let [a, b] = [0, 1].map(|k| points.column(k));
    let mean = |x: &[f64]| x.iter().sum::<f64>() / x.len() as f64;
    let product = |x: &[f64], y: &[f64]| {
        let (p, q) = (mean(x), mean(y));
        x.iter().zip(y).map(|(a, b)| (a - p) * (b - q)).sum::<f64>()
    };
    let found = product(&a, &b) / (product(&a, &a) * product(&b, &b)).sqrt();
    let expected = 6.0 / std::f64::consts::PI * (rho / 2.0).asin();
    assert!((found - expected).abs() < 0.01, "{found} for {expected}");
    // Each keeps its own law.
    for (column, law) in [a, b].iter().zip([uniform(-1.0, 1.0), uniform(-6.0, -2.0)]) {
        let mut sorted = column.clone();
        sorted.sort_by(f64::total_cmp);
        for p in [0.1, 0.5, 0.9] {
            assert!((sorted[(p * 20_000.0) as usize] - law.quantile(p)).abs() < 0.03);
        }
    }
    case.factors.correlations = vec![(0, 1, 0.9), (1, 2, 0.9), (0, 2, -0.9)];
    let error = Factors::choose(&case, &options, &[]).unwrap_err().to_string();
    assert!(error.contains("not positive definite"), "{error}");
}

/// Parameters with draws keep their joint law: every point is a row of posterior.csv.
#[test]
fn parameters_with_draws_move_by_rows_of_the_posterior() {
    let case = Case::load(&Source::embedded(), &[]).unwrap();
    let options = options(&case, &["balkhash.inertial.2025.wage.mean"]);
    let words = |list: &[&str]| list.iter().map(|w| (*w).to_owned()).collect::<Vec<String>>();
    let factors = Factors::choose(&case, &options, &words(&["drivers.wage.*", "prices.walk"])).unwrap();
    assert_eq!(factors.groups[0].name, "drivers.wage");
    assert_eq!(factors.axes.len(), 2);
    let points = factors.values(&latin_hypercube(400, 2, 3), (0.0, 1.0));
    let posterior = case.posterior.as_ref().unwrap();
    let wage = case.drivers.iter().position(|d| d.id == "wage").unwrap();
    let columns: Vec<Vec<f64>> = Parameter::ALL.iter().map(|p| posterior.values(wage, *p).unwrap()).collect();
    let place =
        |p: Parameter| factors.factors.iter().position(|f| f.what == Adjustable::Driver(wage, p)).unwrap();
    let places = Parameter::ALL.map(place);
    let mut rows: Vec<usize> = points
        .rows()
        .map(|point| {
            let is_row = |k: &usize| (0..4).all(|c| columns[c][*k] == point[places[c]]);
            (0..posterior.draws.len()).find(is_row).expect("a row of the posterior")
        })
        .collect();
    // A Latin hypercube of as many points takes each row once.
    rows.sort_unstable();
    rows.dedup();
    assert_eq!(rows.len(), 400);
    // A single parameter is a factor of its own; those of other scenarios and towns are left out.
    let one = Factors::choose(&case, &options, &words(&["drivers.wage.sigma", "events"])).unwrap();
    assert!(one.dependent().is_empty());
    assert!(one.idle.contains(&"events.depletion.inertial".to_owned()), "{:?}", one.idle);
    assert!(one.idle.contains(&"events.accident.innovative".to_owned()), "{:?}", one.idle);
    // By default every group, and no switch.
    let every = Factors::choose(&case, &options, &[]).unwrap();
    assert!(every.groups.iter().any(|g| g.name == "dynamics") && every.groups.len() > 6);
    assert!(every.factors.iter().all(|f| f.what.words(&case).is_empty()));
}

const SMALL: [&str; 6] = ["sensitivity", "--runs", "1024", "--batches", "2", "--format"];
const ASKED: &str = "balkhash.inertial.2024.TDea.mean";

/// Values of a CSV of indices by factor and index.
fn values(csv: &str) -> Vec<(String, String)> {
    let mut reader = csv::Reader::from_reader(csv.as_bytes());
    reader
        .records()
        .map(|row| {
            let row = row.unwrap();
            (format!("{} {} {}", &row[2], &row[3], &row[4]), row[5].to_owned())
        })
        .collect()
}

#[test]
fn the_folder_is_read_back_with_the_same_numbers_and_threads_change_nothing() {
    let home = tempfile::tempdir().unwrap();
    let few = ["--factors", "prices,plan_sizes,drivers.unemployment.*", "--n", "4", "--output", ASKED];
    let run = |more: &[&str]| done(home.path(), &[&SMALL[..], &["csv"], &few, more].concat());
    let csv = run(&["--out", "d", "--threads", "1", "--second-order"]);
    assert!(csv.starts_with("output,year,factor,factor2,index,value,low,high\n"), "{csv}");
    assert_eq!(run(&["--threads", "3", "--second-order"]), csv);
    let folder = home.path().join("d");
    assert_eq!(names(&folder), ["factors.toml", "figures", "indices.csv", "manifest.json", "points.csv"]);
    assert_eq!(fs::read_to_string(folder.join("indices.csv")).unwrap(), csv);
    assert_eq!(names(&folder.join("figures")), ["indices-1.png", "indices-1.svg"]);
    // What --data makes of the same points, but for the noise in the intervals.
    let data = ["--data", "d/points.csv", "--response", ASKED, "--method", "sobol", "--second-order"];
    let again = done(
        home.path(),
        &[&["sensitivity", "--format", "csv", "--factors", "d/factors.toml"], &data[..]].concat(),
    );
    let (own, other) = (values(&csv), values(&again));
    assert_eq!(own.len(), 3 * 2 + 3);
    assert_eq!(own, other);
    // The same points from a file give the same responses.
    let points = ["--output", ASKED, "--points", "d/points.csv", "--method", "shapley", "--out", "e"];
    done(home.path(), &[&SMALL[..], &["csv"], &points].concat());
    let table = |folder: &str| {
        let text = fs::read_to_string(home.path().join(folder).join("points.csv")).unwrap();
        text.lines().map(|line| line.rsplit(',').next().unwrap().to_owned()).collect::<Vec<String>>()
    };
    assert_eq!(table("d"), table("e"));
}

#[test]
fn every_method_answers_at_a_year_and_over_all() {
    let home = tempfile::tempdir().unwrap();
    let run = |more: &[&str]| {
        let asked = ["--horizon", "2023", "--output", "balkhash.balanced-inertial.unemployment.mean"];
        done(home.path(), &[&SMALL[..], &["csv"], &asked, more].concat())
    };
    let morris = run(&["--method", "morris", "--n", "2", "--factors", "prices.walk,cross_impacts.wage.*"]);
    assert!(morris.contains(",2022,") && morris.contains(",2023,prices.walk,,mu_star,"), "{morris}");
    for (method, index) in
        [("pawn", "pawn_median"), ("delta", "delta"), ("regional", "ks"), ("shapley", "shapley")]
    {
        let found =
            run(&["--method", method, "--n", "24", "--factors", "prices.walk,balanced.unemployment.odds"]);
        assert!(found.contains(&format!("balanced.unemployment.odds,,{index},")), "{method}: {found}");
    }
    let swings = run(&[
        "--method",
        "one-at-a-time",
        "--factors",
        "structure.price_process,balanced.unemployment.odds",
    ]);
    for part in
        [",,,base,", ",balanced.unemployment.odds,,p05,", ",structure.price_process=random_walk,,change,"]
    {
        assert!(swings.contains(part), "{part}: {swings}");
    }
    let list = done(home.path(), &["sensitivity", "--list", "--format", "csv"]);
    assert!(list.starts_with("factor,group,value,law,basis\n"));
    assert!(list.contains("prices.walk,prices,0.5,0.2481 .. 0.75,"), "{list}");
    assert!(list.contains("drivers.wage.sigma,dynamics,0.06,posterior.csv,"));
}

/// A point that makes no case fails alone: it is counted, told, and left out.
#[test]
fn points_that_make_no_case_are_counted_and_left_out() {
    let home = tempfile::tempdir().unwrap();
    let points = "prices.walk,drivers.wage.persistence\n0.3,0.5\n0.4,1\n0.5,0.6\n0.6,0.7\n1.5,0.7\n0.7,0.4\n";
    fs::write(home.path().join("p.csv"), points).unwrap();
    let asked = ["--output", ASKED, "--points", "p.csv", "--method", "shapley", "--out", "d"];
    let said = boljam(home.path(), &[&SMALL[..], &["csv"], &asked].concat());
    assert_eq!(said.code, 0, "{}", said.err);
    assert!(said.err.contains("2 of 6 rows failed"), "{}", said.err);
    let table = fs::read_to_string(home.path().join("d/points.csv")).unwrap();
    let empty = table.lines().filter(|line| line.ends_with(',')).count();
    assert_eq!(empty, 2, "{table}");
}

#[test]
fn what_is_wrong_is_told_with_what_is_allowed() {
    let home = tempfile::tempdir().unwrap();
    let asked = ["sensitivity", "--output", ASKED];
    let wrong = |more: &[&str], parts: &[&str]| refused(home.path(), &[&asked[..], more].concat(), parts);
    wrong(
        &["--factors", "drivers.wage.sgima,luck"],
        &["'drivers.wage.sgima'", "drivers.wage.sigma", "'luck'", "plan_sizes"],
    );
    wrong(&["--output", "atlantis.inertial.2030.wage"], &["no town 'atlantis'", "balkhash"]);
    wrong(
        &["--output", "abai.inertial.2030.luck,abai.hope.2030.wage"],
        &["'luck'", "no scenario 'hope'", "unemployment"],
    );
    wrong(&["--output", ASKED], &["stands twice"]);
    wrong(&["--towns", "abai"], &["the outputs name their towns"]);
    wrong(&["--method", "pawn", "--factors", "drivers.wage.*"], &["depend on each other", "shapley"]);
    wrong(&["--factors", "events.depletion.*"], &["none of the factors can move"]);
    wrong(&["--batches", "1"], &["2..=64"]);
    wrong(&["--method", "one-at-a-time", "--n", "4"], &["points of its own"]);
    wrong(&["--response", "y"], &["--data"]);
    refused(home.path(), &["sensitivity"], &["--data"]);
    let data = ["sensitivity", "--data", "x.csv", "--response", "y", "--method", "one-at-a-time"];
    refused(home.path(), &data, &["asks a case"]);
    refused(
        home.path(),
        &["sensitivity", "--data", "x.csv", "--response", "y", "--method", "pawn", "--stress", "copper_2008"],
        &["--stress"],
    );
    fs::write(home.path().join("p.csv"), "a,b\n1,2\n").unwrap();
    wrong(&["--points", "p.csv"], &["p.csv", "no column is called as a factor"]);
}

#[test]
fn pictures_are_laid_out_in_every_language() {
    let case = Case::load(&Source::embedded(), &[]).unwrap();
    let asked = [
        "balkhash.inertial.TDea.mean",
        "karazhal.diversification-inertial.2024.lead.diversification",
        "temirtau.innovative.2024.unemployment.q975",
    ];
    let options = Options { horizon: 2024, ..options(&case, &asked) };
    let lean = lean(&case, false);
    let study = Study::new(&lean, &options).unwrap();
    let outputs = all_outputs(&case, &study, &asked);
    let words: Vec<String> = [
        "prices",
        "drivers.unemployment.*",
        "cross_impacts.*",
        "events.accident.*",
        "structure.*",
        "innovative.*",
    ]
    .map(str::to_owned)
    .to_vec();
    let factors = Factors::choose(&case, &options, &words).unwrap();
    let figures = |text: &Text| {
        let mut figures = Vec::new();
        for method in [Method::Sobol, Method::Morris, Method::Pawn] {
            let estimated: Vec<Estimated> = outputs.iter().map(|_| planted(&factors, method)).collect();
            figures.extend(sensitivity_figures(&case, &outputs, &estimated, method, "caption", text));
        }
        figures
    };
    let swings = one_at_a_time(&study, &factors, &outputs, FEW, &|_, _| {});
    for language in [Language::En, Language::Kk, Language::Ru] {
        let text = Text::of(language);
        let mut all = figures(&text);
        all.extend(swing_figures(&case, &factors, &outputs, &swings, "caption", &text));
        assert_eq!(all.len(), 3 * 3 + 1 + 2 * 3);
        for figure in all {
            let faults = layout::faults(&figure.svg);
            assert!(faults.is_empty(), "{} in {language:?}: {faults:?}", figure.name);
            assert!(!figure.title.contains('{'), "{}", figure.title);
        }
    }
}

/// Indices that fall from group to group, so that a picture shows each kind of name.
fn planted(factors: &Factors<'_>, method: Method) -> Estimated {
    use boljam::explore::Interval;
    use boljam::explore::analysis::{Analysed, Index};
    let names: &[&str] = match method {
        Method::Sobol => &["S1", "ST"],
        Method::Morris => &["mu", "mu_star", "sigma"],
        _ => &["pawn_median"],
    };
    let mut indices = Vec::new();
    for (k, group) in factors.groups.iter().enumerate() {
        for (place, name) in names.iter().enumerate() {
            let value = 0.5 / (k + 1) as f64 * (0.5 + 0.25 * place as f64);
            let estimate = Interval { value, low: value - 0.05, high: value + 0.05 };
            let name: &'static str = ["S1", "ST", "mu", "mu_star", "sigma", "pawn_median"]
                .into_iter()
                .find(|n| n == name)
                .unwrap();
            indices.push(Index { factor: group.name.clone(), factor2: None, index: name, estimate });
        }
    }
    let left_out = String::new();
    Estimated { analysed: Analysed { indices, failed: 0, left_out }, noise: 0.0 }
}
