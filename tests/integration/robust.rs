//! Single runs told, judged and searched: closed forms of regret, a planted region of failure, stories that can be
//! replayed, runs.csv that other commands read, the same bytes for any threads, pictures, the commands.

use std::fs;

use boljam::analyse::RunThing;
use boljam::case::{Better, Case, Delivery, PriceProcess, Scaling, Source};
use boljam::condition::Condition;
use boljam::engine;
use boljam::experiment::discover::{Discovery, RunSample, Search, resolve};
use boljam::experiment::robust::{Question, Robustness, robustness};
use boljam::experiment::stories::stories;
use boljam::experiment::variance::headline;
use boljam::explore::robust::Criterion;
use boljam::model::{Model, Options, RunScenario, RunTown, Uncertainty};
use boljam::plot::{discovery_figures, robust_figures, story_figures};
use boljam::text::{Language, Text};

use crate::cli::{done, names, refused};
use crate::layout;

fn shipped() -> Case {
    Case::load(&Source::embedded(), &[]).unwrap()
}

/// The shipped case in which net migration moves by plans alone: mean `add` and sd of each scenario, one normal number a
/// run for all of them.
fn planned(plans: [(f64, f64); 4]) -> Case {
    let mut case = shipped();
    let driver = case.drivers.iter().position(|d| d.id == "net_migration").unwrap();
    case.prices.process = PriceProcess::RandomWalk;
    case.plan_correlation = 1.0;
    for impact in &mut case.cross_impacts {
        impact.scale = Scaling::Unit;
    }
    for driver in &mut case.drivers {
        driver.exposure_scale = Scaling::Unit;
        driver.price_exposure = 0.0;
    }
    for (scenario, (mean, sd)) in case.scenarios.iter_mut().zip(plans) {
        scenario.delivery = Delivery::WHOLE;
        for plan in &mut scenario.plan {
            let line = &mut plan[driver];
            (line.value, line.shift, line.sd, line.start, line.by) = (mean, mean, sd, 2021, 2035);
        }
    }
    case
}

fn options(case: &Case, towns: &[&str], scenarios: &[&str], uncertainty: &str, horizon: i32) -> Options {
    let uncertainty = Uncertainty::parse(uncertainty).unwrap();
    Options { horizon, uncertainty, ..Options::select(case, towns, scenarios, None).unwrap() }
}

fn question(case: &Case, model: &Model, yardstick: &str, runs: u64) -> Question {
    let all = RunThing::all(case, model);
    let yardstick = all.into_iter().find(|thing| thing.name == yardstick).unwrap();
    Question {
        t: model.years.len() - 1,
        better: if yardstick.better == Better::Lower { Better::Lower } else { Better::Higher },
        yardstick,
        enough: None,
        optimism: 0.5,
        caution: 1.0,
        cost_weight: 0.0,
        runs,
    }
}

fn asked(case: &Case, options: &Options, yardstick: &str, runs: u64) -> Robustness {
    let model = Model::compile(case, options).unwrap();
    robustness(case, &model, &question(case, &model, yardstick, runs), &|_| {})
}

#[test]
fn regret_is_that_of_the_closed_form() {
    // Scenario 1 is 1 + z better by plan than scenario 0: D = m + s z with m = 1.5, s = 2.
    let case = planned([(0.0, 1.0), (1.5, 3.0), (0.0, 1.0), (0.0, 1.0)]);
    let options = options(&case, &["temirtau"], &["inertial", "balanced"], "plan", 2035);
    let found = asked(&case, &options, "net_migration", 40_000);
    let town = &found.towns[0];
    assert_eq!((town.runs, town.undefined, found.is_cost), (40_000, 0, false));
    let value = |which: &dyn Fn(Criterion) -> bool, path: usize| town.of(which).unwrap().values[path];
    let near = |what: &str, e: boljam::analyse::Estimate, expected: f64| {
        assert!((e.value - expected).abs() < 4.5 * e.mcse, "{what}: {} ± {} for {expected}", e.value, e.mcse);
        assert!(e.mcse > 0.0 && e.mcse < 0.1, "{what}: {}", e.mcse);
    };
    let (m, s) = (1.5, 2.0);
    // Phi(0.75) of published tables; regret of 0 is max(D, 0), whose 90 % quantile is m + 1.2816 s.
    let phi = 0.773_372_647_6;
    near("Starr of 1", value(&|c| c == Criterion::Starr, 1), phi);
    near("Starr of 0", value(&|c| c == Criterion::Starr, 0), 1.0 - phi);
    near("90th percentile of 0", value(&|c| c == Criterion::P90Regret, 0), m + 1.281_551_565_5 * s);
    // Of 1: max(-D, 0), quantile -m + 1.2816 s.
    near("90th percentile of 1", value(&|c| c == Criterion::P90Regret, 1), -m + 1.281_551_565_5 * s);
    let laplace = |path| value(&|c| c == Criterion::Laplace, path).value;
    let difference = laplace(1) - laplace(0);
    assert!((difference - m).abs() < 4.5 * s / 200.0, "{difference}");
    let spread = |path| laplace(path) - value(&|c| matches!(c, Criterion::MeanVariance(_)), path).value;
    assert!((spread(0) - 1.0).abs() < 0.02 && (spread(1) - 3.0).abs() < 0.06, "{} {}", spread(0), spread(1));
    // Mean regret by thirds of 1's own plan: E max(-D, 0) in the lowest third of z, D = m + s z; by a fine sum.
    let factor =
        town.factors.iter().find(|f| f.column.thing.name == "plan.net_migration" && f.path == Some(1));
    let classes = &factor.unwrap().classes;
    assert_eq!(classes.len(), 3);
    let density = |z: f64| (-0.5 * z * z).exp() / (2.0 * std::f64::consts::PI).sqrt();
    let third = -0.430_727_299_3;
    let steps = 200_000;
    let width = (third + 9.0) / f64::from(steps);
    let sum: f64 = (0..steps)
        .map(|k| -9.0 + (f64::from(k) + 0.5) * width)
        .map(|z| density(z) * (-(m + s * z)).max(0.0) * width)
        .sum();
    near("regret in the lowest third", classes[0].regret[1], 3.0 * sum);
    assert_eq!(classes[2].regret[1].value, 0.0);
}

#[test]
fn plans_that_differ_by_a_constant_regret_that_constant() {
    let case = planned([(0.0, 2.0), (1.0, 2.0), (-1.0, 2.0), (3.0, 2.0)]);
    let found = asked(&case, &options(&case, &["abai"], &[], "plan", 2035), "net_migration", 400);
    let town = &found.towns[0];
    for (path, expected) in [3.0, 2.0, 4.0, 0.0].into_iter().enumerate() {
        for which in [Criterion::MaxRegret, Criterion::P90Regret] {
            let value = town.of(&|c| c == which).unwrap().values[path].value;
            assert!((value - expected).abs() < 1e-9, "{which:?} {path}: {value}");
        }
    }
    // All criteria rank alike, but Starr's and satisficing may tie.
    assert_eq!(town.of(&|c| c == Criterion::Wald).unwrap().ranks, [3.0, 2.0, 4.0, 1.0]);
    assert!(town.agreement.unwrap().w > 0.8);
}

#[test]
fn costs_are_taken_off_what_a_plan_brings() {
    let mut case = planned([(0.0, 2.0), (1.0, 2.0), (-1.0, 2.0), (3.0, 2.0)]);
    for plan in &mut case.scenarios[3].plan {
        (plan[0].cost, plan[1].cost) = (Some(1.5), Some(1.0));
    }
    let options = options(&case, &["abai"], &["inertial", "diversification"], "plan", 2035);
    let model = Model::compile(&case, &options).unwrap();
    let of = |cost_weight: f64| {
        let question = Question { cost_weight, ..question(&case, &model, "net_migration", 400) };
        robustness(&case, &model, &question, &|_| {})
    };
    let regret = |found: &Robustness| -> Vec<f64> {
        let values = &found.towns[0].of(&|c| c == Criterion::MaxRegret).unwrap().values;
        values.iter().map(|e| e.value).collect()
    };
    let (free, paid) = (of(0.0), of(2.0));
    assert_eq!(free.towns[0].costs, [None, Some(2.5)]);
    // 3 better by plan, 5 dearer.
    for (found, expected) in [(regret(&free), [3.0, 0.0]), (regret(&paid), [0.0, 2.0])] {
        assert!(found.iter().zip(expected).all(|(x, e)| (x - e).abs() < 1e-9), "{found:?} {expected:?}");
    }
}

#[test]
fn threads_and_other_towns_change_nothing() {
    let case = shipped();
    let of = |towns: &[&str], threads: usize| {
        let options = options(&case, towns, &["inertial", "diversification"], "all", 2026);
        engine::with_threads(threads, || asked(&case, &options, "unemployment", 1500))
    };
    let (one, three) = (of(&["satpayev", "temirtau"], 1), of(&["satpayev", "temirtau"], 3));
    assert_eq!(one.towns, three.towns);
    let alone = of(&["temirtau"], 2);
    assert_eq!(alone.towns[0].criteria, one.towns[1].criteria);
}

fn search(case: &Case, options: &Options, text: &str, runs: u64) -> Discovery {
    let model = Model::compile(case, options).unwrap();
    let condition = Condition::parse(text).unwrap();
    let asked = resolve(&condition, case, &model, model.years.len() - 1).unwrap();
    let sample = RunSample::record(case, &model, (0, 0), (&condition, &asked), runs);
    sample.search(Search { runs, resamples: 4, seed: 1 })
}

#[test]
fn a_planted_region_of_failure_is_found() {
    // Net migration is today's, 1 by plan and 2 z: it falls behind where z is low, which nothing else decides.
    let case = planned([(1.0, 2.0), (0.0, 1.0), (0.0, 1.0), (0.0, 1.0)]);
    let all = options(&case, &["temirtau"], &["inertial"], "plan", 2035);
    let model = Model::compile(&case, &all).unwrap();
    let driver = case.drivers.iter().position(|d| d.id == "net_migration").unwrap();
    let base = model.towns[0].base[driver];
    let found = search(&case, &all, &format!("net_migration < {}", base - 1.0), 4000);
    // z < -1: Phi(-1).
    let share = found.sample.share();
    assert!((share - 0.158_655_253_9).abs() < 4.5 * (0.1587_f64 * 0.8413 / 4000.0).sqrt(), "{share}");
    let step = &found.prim.steps[found.prim.balanced];
    assert!(step.density > 0.95 && step.coverage > 0.95, "{step:?}");
    let sides = found.sides(found.prim.balanced);
    let first = &found.sample.columns[sides[0].factor];
    assert_eq!(first.thing.name, "plan.net_migration");
    let (from, to) = found.ends(sides[0]);
    assert!(from.is_none() && (to.unwrap() + 1.0).abs() < 0.25, "{from:?} {to:?}");
    // The tree asks the same question first.
    let leaf = &found.leaves[0];
    assert!(leaf.density > 0.95, "{leaf:?}");
    assert!(
        leaf.restrictions.iter().any(|r| found.sample.columns[r.factor].thing.name == "plan.net_migration")
    );
}

#[test]
fn a_region_of_two_things_is_found_among_all_that_is_drawn() {
    let case = shipped();
    let all = options(&case, &["temirtau"], &["inertial"], "all", 2030);
    let found = search(&case, &all, "plan.wage < 1.15 and chance.unemployment > 1.2", 6000);
    assert!(found.sample.columns.len() > 25, "{}", found.sample.columns.len());
    assert!((0.02..0.6).contains(&found.sample.share()), "{}", found.sample.share());
    let best = found.prim.steps.iter().find(|step| step.density > 0.9 && step.coverage > 0.7).unwrap();
    let restricted: Vec<&str> =
        best.restrictions.iter().map(|r| found.sample.columns[r.factor].thing.name.as_str()).collect();
    assert!(
        restricted.contains(&"plan.wage") && restricted.contains(&"chance.unemployment"),
        "{restricted:?}"
    );
}

#[test]
fn every_fault_of_a_condition_is_told() {
    let case = shipped();
    let all = options(&case, &["temirtau"], &["inertial"], "plan", 2030);
    let model = Model::compile(&case, &all).unwrap();
    let text = "luck > 1 or abai.TDea > 3 or lead = 4 or TDea = inertial or lead = atlantis or 1999.TDea > 1 \
                or 2030.plan.wage > 1 or chance.wage > 1 in 5 %";
    let condition = Condition::parse(text).unwrap();
    let faults = resolve(&condition, &case, &model, 9).unwrap_err();
    let parts = [
        "many runs",
        "no 'luck'",
        "no 'abai.TDea'",
        "'lead' is a scenario",
        "'inertial' is not allowed",
        "'atlantis'",
        "1999 is not allowed",
        "has no year",
        "nothing of 'chance.wage' is drawn",
    ];
    assert_eq!(faults.len(), parts.len(), "{faults:?}");
    for (fault, part) in faults.iter().zip(parts) {
        assert!(fault.contains(part), "{fault} lacks {part}");
    }
    let good = "temirtau.inertial.2028.TDea < 40 and (lead != inertial or votes.balanced >= 2)";
    let asked = resolve(&Condition::parse(good).unwrap(), &case, &model, 9).unwrap();
    assert_eq!(asked.iter().map(|a| a.t).collect::<Vec<_>>(), [7, 9, 9]);
}

#[test]
fn stories_are_runs_that_a_replay_shows() {
    let case = shipped();
    let all = options(&case, &["satpayev", "balkhash"], &["balanced", "inertial"], "all", 2030);
    let model = Model::compile(&case, &all).unwrap();
    let quantities = headline(&case, &model);
    let found = stories(&case, &model, (1, 0), &quantities, 150);
    assert!((3..=5).contains(&found.stories.len()));
    let sum: f64 = found.stories.iter().map(|s| s.share.value).sum();
    assert!((sum - 1.0).abs() < 1e-12 && found.runs == 150, "{sum}");
    let place = case.drivers.iter().position(|d| d.id == "unemployment").unwrap();
    let rate = quantities.iter().position(|q| model.quantities[*q].id == "unemployment").unwrap();
    for story in &found.stories {
        let replayed = engine::replay(&model, RunTown(1), RunScenario(0), story.run);
        let course: Vec<f64> = replayed.years.iter().map(|y| y.drivers[place]).collect();
        assert_eq!(course, story.course[rate]);
        assert!(story.apart.windows(2).all(|two| two[0].difference.abs() >= two[1].difference.abs()));
    }
    let again = engine::with_threads(1, || stories(&case, &model, (1, 0), &quantities, 150));
    assert_eq!(again, found);
}

#[test]
fn pictures_are_laid_out_in_every_language() {
    let case = shipped();
    let all = options(&case, &["temirtau", "balkhash"], &[], "all", 2028);
    let model = Model::compile(&case, &all).unwrap();
    let robust = asked(&case, &all, "unemployment", 400);
    let one = options(&case, &["temirtau"], &["inertial"], "all", 2035);
    let found = search(&case, &one, "unemployment > 10", 1500);
    let one = Model::compile(&case, &one).unwrap();
    let told = stories(&case, &model, (0, 0), &headline(&case, &model), 60);
    for language in Language::ALL {
        let text = Text::of(language);
        let mut pictures = robust_figures(&case, &model, &robust, &text);
        let discovery =
            discovery_figures(&case, &one, &found, ("unemployment > 10", found.prim.balanced), &text);
        assert_eq!((pictures.len(), discovery.len()), (3, 3));
        pictures.extend(discovery);
        pictures.extend(story_figures(&case, &model, &told, &text));
        for picture in pictures {
            let faults = layout::faults(&picture.svg);
            assert!(faults.is_empty(), "{} in {language:?}: {faults:?}", picture.name);
            assert!(!picture.table.rows.is_empty(), "{}", picture.name);
        }
    }
}

#[test]
fn robust_writes_its_tables_and_refuses_with_every_fault() {
    let home = tempfile::tempdir().unwrap();
    let few = ["robust", "--towns", "temirtau", "--horizon", "2024", "--runs", "200"];
    let card = done(home.path(), &few);
    assert!(card.contains("Kendall's W") && card.contains("Diversification"), "{card}");
    let table = done(home.path(), &[&few[..], &["--format", "csv"]].concat());
    assert_eq!(table.lines().next().unwrap(), "town,scenario,criterion,value,mcse,rank");
    assert_eq!(table.lines().count(), 1 + 4 * 8 + 1);
    done(
        home.path(),
        &[&few[..], &["--yardstick", "TDea", "--enough", "40", "--out", "r", "--lang", "kk"]].concat(),
    );
    assert_eq!(
        names(&home.path().join("r")),
        ["figures", "manifest.json", "robust.csv", "robust_factors.csv"]
    );
    let page = fs::read_to_string("docs/robustness.md").unwrap();
    let factors = fs::read_to_string(home.path().join("r/robust_factors.csv")).unwrap();
    let criteria = table.lines().skip(1).map(|line| line.split(',').nth(2).unwrap());
    for word in table
        .lines()
        .next()
        .unwrap()
        .split(',')
        .chain(factors.lines().next().unwrap().split(','))
        .chain(criteria)
    {
        assert!(page.contains(&format!("`{word}`")), "{word} is not documented");
    }
    let more = ["--yardstick", "luck", "--year", "2021", "--cost-weight", "1", "--scenarios", "inertial"];
    refused(
        home.path(),
        &[&few[..], &more].concat(),
        &["luck", "unemployment", "2021", "2022 to 2024", "cost", "two at least"],
    );
    refused(home.path(), &[&few[..], &["--optimism", "1.5"]].concat(), &["0 to 1"]);
    refused(home.path(), &[&few[..], &["--out", "r"]].concat(), &["--force"]);
}

#[test]
fn discover_tells_where_plans_fail_and_refuses_what_it_cannot_ask() {
    let home = tempfile::tempdir().unwrap();
    let few = ["--towns", "temirtau", "--scenarios", "inertial", "--horizon", "2026", "--runs", "1000"];
    let found = done(home.path(), &[&["discover", "unemployment > 6"], &few[..]].concat());
    assert!(found.contains("Temirtau, Inertial:") && found.contains("coverage"), "{found}");
    let csv = done(home.path(), &[&["discover", "unemployment > 6", "--format", "csv"], &few[..]].concat());
    assert!(
        csv.starts_with("step,coverage,density,mass,factor,from,to,values,p,coverage_mcse,density_mcse"),
        "{csv}"
    );
    let out = ["--out", "d", "--resamples", "2", "--scenarios", "inertial,balanced"];
    done(home.path(), &[&["discover", "unemployment > 6"], &few[..2], &few[4..], &out].concat());
    assert_eq!(names(&home.path().join("d")), ["discovery.csv", "discovery.md", "manifest.json", "temirtau"]);
    let files = names(&home.path().join("d/temirtau/inertial"));
    assert!(
        files.contains(&"discover.csv".to_owned()) && files.contains(&"peeling.png".to_owned()),
        "{files:?}"
    );
    // Nothing fails: said, not refused.
    let never = done(home.path(), &[&["discover", "unemployment > 99"], &few[..]].concat());
    assert!(never.contains("nothing to tell apart"), "{never}");
    refused(home.path(), &[&["discover", "luck > 1 or 1999.TDea > 2"], &few[..]].concat(), &["luck", "1999"]);
    refused(home.path(), &[&["discover", "TDea >"], &few[..]].concat(), &["a number"]);
    refused(
        home.path(),
        &[&["discover", "TDea > 3", "--year", "1999"], &few[..]].concat(),
        &["2021 to 2026"],
    );
    refused(home.path(), &["discover", "TDea > 3", "--data", "x.csv", "--towns", "abai"], &["--data"]);
}

#[test]
fn kept_runs_are_read_as_they_are() {
    let home = tempfile::tempdir().unwrap();
    let few = ["run", "--towns", "satpayev", "--scenarios", "inertial", "--horizon", "2025", "--runs", "600"];
    let keep = [
        "--keep-runs",
        "drawn@2025,unemployment@2025,lead@2025,TDe1@2025,outcomes@2025",
        "--figures",
        "lead",
    ];
    done(home.path(), &[&few[..], &keep, &["--out", "results"]].concat());
    let read = |name: &str| fs::read_to_string(home.path().join("results").join(name)).unwrap();
    let (runs, dictionary) = (read("runs.csv"), read("runs_columns.csv"));
    let mut reader = csv::Reader::from_reader(dictionary.as_bytes());
    let columns: Vec<String> = reader.records().map(|row| row.unwrap()[0].to_owned()).collect();
    let mut reader = csv::Reader::from_reader(runs.as_bytes());
    assert_eq!(reader.headers().unwrap().iter().collect::<Vec<_>>(), columns);
    assert_eq!(runs.lines().count(), 601);
    for part in [
        "price.copper@2025[",
        "satpayev.inertial.plan.wage,drawn",
        "satpayev.chance.wage@2025,drawn",
        "satpayev.input.",
        "satpayev.inertial.event.",
        "satpayev.inertial.lead@2025,result",
    ] {
        assert!(dictionary.contains(part), "{part} is not in {dictionary}");
    }
    let page = fs::read_to_string("docs/result-folder.md").unwrap();
    for word in dictionary.lines().next().unwrap().split(',') {
        assert!(page.contains(&format!("`{word}`")), "{word} is not documented");
    }
    let y = "satpayev.inertial.unemployment@2025";
    let data = ["--data", "results/runs.csv"];
    let indices = done(
        home.path(),
        &[
            &["sensitivity"],
            &data[..],
            &["--response", y, "--method", "pawn", "--resamples", "0", "--format", "csv"],
        ]
        .concat(),
    );
    let factors: Vec<&str> = indices.lines().skip(1).map(|line| line.split(',').nth(2).unwrap()).collect();
    assert!(factors.contains(&"satpayev.chance.unemployment@2025"), "{factors:?}");
    assert!(
        !factors.iter().any(|f| *f == "run" || f.contains("TDe1@") || f.contains("inertial.lead@")),
        "{factors:?}"
    );
    let condition = format!("`{y}` > 5 and `satpayev.inertial.lead@2025` != nobody");
    let known = done(home.path(), &[&["discover", &format!("`{y}` > 4.5")], &data[..]].concat());
    assert!(known.contains("satpayev.chance.unemployment@2025"), "{known}");
    refused(home.path(), &[&["discover", &condition], &data[..]].concat(), &["lead@2025", "one of"]);
}

#[test]
fn a_story_is_opened_by_the_command_beside_it() {
    let home = tempfile::tempdir().unwrap();
    let few = [
        "stories",
        "--towns",
        "abai",
        "--scenarios",
        "balanced",
        "--horizon",
        "2026",
        "--runs",
        "60",
        "--seed",
        "5",
    ];
    let told = done(home.path(), &few);
    let command = told.lines().find_map(|line| line.trim().strip_prefix("boljam ")).unwrap();
    let words: Vec<&str> = command.split(' ').collect();
    assert!(words.contains(&"--seed") && words.contains(&"--horizon"), "{command}");
    let replayed = done(home.path(), &words);
    // The last rate of both.
    let csv = done(home.path(), &[&few[..], &["--format", "csv"]].concat());
    assert!(csv.starts_with("town,scenario,story,run,share,mcse"), "{csv}");
    let end = told.split("2026: ").nth(1).unwrap().split("unemployment rate ").nth(1).unwrap();
    let rate = end.split(' ').next().unwrap();
    let row = replayed.lines().find(|line| line.starts_with("unemployment rate")).unwrap();
    assert_eq!(row.split_whitespace().last().unwrap(), rate, "{replayed}");
    refused(home.path(), &[&few[..7], &["--runs", "5"]].concat(), &["20"]);
    refused(home.path(), &[&few[..], &["--quantities", "luck"]].concat(), &["luck", "unemployment"]);
}
