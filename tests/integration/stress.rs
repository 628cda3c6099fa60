//! Stress tests: the baseline is the run, effects are those of two runs, closed forms, the shipped stresses, the command.

use std::fs;

use boljam::analyse::study;
use boljam::case::{Case, PriceProcess, Scaling, Source, Stress};
use boljam::engine::{self, Effort, RunValue, Selected, VectorLevel};
use boljam::experiment::stress::{
    After, ItemKind, ReverseCourse, ReverseDesign, RunCondition, StressTest, break_even, reverse_stress,
    stress_test, with_companions,
};
use boljam::model::{Change, ClosedForm, Model, Options};
use boljam::plot::{stress_figures, surface_figures};
use boljam::text::{Language, Text};

use crate::cli::{done, names, refused};
use crate::layout;

fn shipped() -> Case {
    Case::load(&Source::embedded(), &[]).unwrap()
}

fn options(case: &Case, towns: &[&str], scenarios: &[&str], horizon: i32) -> Options {
    Options { horizon, ..Options::select(case, towns, scenarios, None).unwrap() }
}

fn tested(case: &Case, options: &Options, texts: &[&str], runs: u64, threads: usize) -> StressTest {
    let stresses: Vec<Stress> =
        texts.iter().map(|text| Stress::parse(case, options.horizon, text).unwrap()).collect();
    engine::with_threads(threads, || {
        stress_test(case, options, &stresses, (runs, VectorLevel::best()), &|_| {}).unwrap()
    })
}

/// What `run` says of every quantity, class, vote, lead and outcome of the baseline, `stress` says too: counts to the
/// last bit, means but for rounding.
#[test]
fn the_baseline_is_the_run() {
    let case = shipped();
    let options = options(&case, &["balkhash", "temirtau"], &["inertial", "diversification"], 2029);
    let test = tested(&case, &options, &["copper=-40%@2027:years=2:fade=3"], 1500, 0);
    let results = study(&case, &options, Effort::runs(1500), &|_, _| {}).unwrap();
    let mut compared = 0;
    for (town, of_town) in results.towns.iter().enumerate() {
        for (path, scenario) in of_town.scenarios.iter().enumerate() {
            for (t, cell) in scenario.years.iter().enumerate() {
                let effects = &test.stressed[0].effects[town][path][t];
                for (item, effect) in test.items.iter().zip(effects) {
                    let same = match item.kind {
                        ItemKind::Quantity(k) => {
                            let id = &test.quantities[k].id;
                            let q = results.quantities.iter().position(|q| q.id == *id).unwrap();
                            let expected = cell.quantities[q].mean;
                            let scale = expected.value.abs().max(1.0);
                            assert!(
                                (effect.base.mcse - expected.mcse).abs() < 1e-6 * expected.mcse + 1e-9,
                                "{id}"
                            );
                            (effect.base.value - expected.value).abs() < 1e-10 * scale
                        }
                        ItemKind::Class(_, scale, class) => {
                            effect.base.value == cell.classes[scale][class].value
                        }
                        ItemKind::Votes(s) => (effect.base.value - cell.votes[s].value).abs() < 1e-9,
                        ItemKind::Lead(s) => (effect.base.value - cell.lead[s].value).abs() < 1e-12,
                        ItemKind::Outcome(k) => {
                            let so_far: f64 = scenario.first_passage[k][..=t].iter().map(|e| e.value).sum();
                            (effect.base.value - so_far).abs() < 1e-12
                        }
                        ItemKind::ByPart(..) | ItemKind::ByRest(..) => continue,
                    };
                    assert!(same, "{} in {}, year {t}: {:?}", item.id, of_town.id, effect.base);
                    compared += 1;
                }
            }
        }
    }
    assert!(compared > 2 * 2 * 9 * 40, "{compared}");
}

/// Differences are those of two recorded models, run by run; the parts of the share's change add up to it.
#[test]
fn differences_are_those_of_the_same_runs() {
    let case = shipped();
    let options = options(&case, &["balkhash"], &["inertial"], 2029);
    let text = "copper=-40%@2027+event.tourism@2028+plan.investment=-30%@2028:years=1";
    let test = tested(&case, &options, &[text], 700, 0);
    let base = Model::compile(&case, &options).unwrap();
    let stress = Stress::parse(&case, 2029, text).unwrap();
    let (_, stressed) = base.vary(&case, &[Change::Stress(stress)]);
    for (id, t) in
        [("enterprise_output", 7), ("other_output", 7), ("investment", 7), ("investment", 8), ("TDea", 8)]
    {
        let q = base.quantities.iter().position(|q| q.id == id).unwrap();
        let selected = [Selected { town: 0, path: 0, t, value: RunValue::Quantity(q) }];
        let column = |model: &Model| {
            let mut all = Vec::new();
            engine::record(model, &selected, 0..700, &mut |_, columns| all.extend(columns[0].clone()));
            all
        };
        let differences: Vec<f64> =
            column(&stressed).iter().zip(column(&base)).map(|(with, without)| with - without).collect();
        let mean = differences.iter().sum::<f64>() / 700.0;
        let sd = (differences.iter().map(|d| (d - mean).powi(2)).sum::<f64>() / 699.0).sqrt();
        let found = test.stressed[0].effects[0][0][t][test.item(id).unwrap()].difference;
        assert!((found.value - mean).abs() < 1e-10 * mean.abs().max(1.0), "{id}: {found:?} for {mean}");
        assert!((found.mcse - sd / 700.0_f64.sqrt()).abs() < 1e-9 * sd.max(1e-6), "{id}: {found:?}");
    }
    let at = |id: &str| test.stressed[0].effects[0][0][8][test.item(id).unwrap()].difference.value;
    let change = at("TDm1.by_enterprise_output") + at("TDm1.by_other_output");
    assert!(at("TDm1.by_enterprise_output") < -1.0, "an enterprise that shrinks looks like diversification");
    let share = |model: &Model| {
        let place = |id: &str| base.quantities.iter().position(|q| q.id == id).unwrap();
        let of = |q| Selected { town: 0, path: 0, t: 8, value: RunValue::Quantity(q) };
        let selected = [of(place("enterprise_output")), of(place("other_output"))];
        let mut sum = 0.0;
        engine::record(model, &selected, 0..700, &mut |_, columns| {
            sum += columns[0].iter().zip(&columns[1]).map(|(e, o)| 100.0 * e / (e + o)).sum::<f64>();
        });
        sum / 700.0
    };
    assert!((change - (share(&stressed) - share(&base))).abs() < 1e-9, "{change}");
}

/// On the link scale a plan shock of a driver that nothing else moves is just that; a forced event happens in every run.
#[test]
fn shocks_of_plans_and_events_do_what_they_say() {
    let case = shipped();
    let options = options(&case, &["temirtau"], &["inertial"], 2031);
    let base = Model::compile(&case, &options).unwrap();
    let stress = Stress::parse(&case, 2031, "plan.investment=-30%@2028:years=2+event.accident@2029").unwrap();
    let (_, stressed) = base.vary(&case, &[Change::Stress(stress)]);
    let driver = |id: &str| case.drivers.iter().position(|d| d.id == id).unwrap();
    let link = |model: &Model, id: &str, t: usize| {
        let selected = [Selected { town: 0, path: 0, t, value: RunValue::Link(driver(id)) }];
        let mut all = Vec::new();
        engine::record(model, &selected, 0..64, &mut |_, columns| all.extend(columns[0].clone()));
        all
    };
    for (t, expected) in [(6, 0.0), (7, 0.7_f64.ln())] {
        for (with, without) in link(&stressed, "investment", t).iter().zip(link(&base, "investment", t)) {
            assert!((with - without - expected).abs() < 1e-12, "{t}: {with} {without}");
        }
    }
    let town = boljam::model::RunTown(0);
    let accident = case.events.iter().position(|e| e.id == "accident").unwrap();
    for run in 0..64 {
        let trajectory = engine::replay_paths(&stressed, town, run).swap_remove(0);
        assert!(trajectory.years[8].events.contains(&accident), "run {run}");
    }
}

#[test]
fn threads_change_no_bit() {
    let case = shipped();
    let options = options(&case, &["balkhash", "abai", "karazhal"], &["inertial", "innovative"], 2029);
    let of =
        |threads| tested(&case, &options, &["copper=-40%@2027", "coal=-50%@2027:years=1"], 2100, threads);
    let (one, three) = (of(1), of(3));
    for (a, b) in one.stressed.iter().zip(&three.stressed) {
        // Parts of a difference have no value of their own, which is not equal to itself.
        assert_eq!(
            format!("{:?}", (&a.effects, &a.courses, &a.together)),
            format!("{:?}", (&b.effects, &b.courses, &b.together))
        );
    }
    // Other towns and stresses change nothing of one.
    let options = self::options(&case, &["abai"], &["inertial", "innovative"], 2029);
    let alone = tested(&case, &options, &["coal=-50%@2027:years=1"], 2100, 2);
    assert_eq!(format!("{:?}", alone.stressed[0].courses[0]), format!("{:?}", one.stressed[1].courses[0]));
    // Towns in distress are counted run by run.
    for counts in &one.stressed[0].together {
        assert_eq!(counts.iter().map(|c| c[0]).sum::<u64>(), 2100);
        assert_eq!(counts.iter().map(|c| c[1]).sum::<u64>(), 2100);
    }
}

/// The shipped case made linear: no events, one price branch, exposures and cross-impacts that do not depend on the plan.
fn linear() -> Case {
    let mut case = shipped();
    case.prices.process = PriceProcess::RandomWalk;
    case.known_until = None;
    case.events.iter_mut().for_each(|event| event.probability.fill(0.0));
    case.cross_impacts.iter_mut().for_each(|impact| impact.scale = Scaling::Unit);
    case.drivers.iter_mut().for_each(|driver| driver.exposure_scale = Scaling::Unit);
    case
}

/// In a linear case the median of the enterprise's output meets a bound where the closed form says: the response to a
/// lasting fall f is linear in ln(1 - f).
#[test]
fn a_linear_reverse_stress_is_that_of_the_closed_form() {
    let case = linear();
    let options = options(&case, &["balkhash"], &["inertial"], 2029);
    let model = Model::compile(&case, &options).unwrap();
    let driver = case.drivers.iter().position(|d| d.id == "enterprise_output").unwrap();
    let (town, path) = (&model.towns[0], &model.towns[0].paths[0]);
    let mean = ClosedForm::new(&model, town, path).over_branches(8).mean[driver];
    // A unit of log price from 2027 on, in 2029.
    let unit: Vec<f64> = model.years.iter().map(|year| f64::from(u8::from(*year >= 2027))).collect();
    let slope = ClosedForm::price_effect(&model, town, path, &unit)[8][driver];
    let fall = 0.37;
    let bound = (mean + slope * f64::ln(1.0 - fall)).exp();
    let condition = RunCondition::parse(&case, &model, &format!("enterprise_output < {bound}")).unwrap();
    let copper = case.commodities.iter().position(|c| c.id == "copper").unwrap();
    let design = ReverseDesign {
        condition: &condition,
        commodities: &[copper],
        course: ReverseCourse { start: 2027, years: 1, after: After::Stays },
        alone: true,
        runs: 8192,
    };
    let found = reverse_stress(&case, &model, &design, VectorLevel::best(), &|_, _| {});
    let crossing = found[0].smallest().unwrap();
    let half = 0.5 * (crossing.high - crossing.low);
    assert!(half < 0.02, "{crossing:?}");
    // 4.5 errors, of which the interval has 1.96 on either side.
    assert!((crossing.fall - fall).abs() < 4.5 / 1.96 * half, "{crossing:?}");
    assert!(
        found[0].curve.windows(2).all(|w| w[0].0 < w[1].0 && w[0].1.value <= w[1].1.value),
        "monotone here"
    );
    // What no fall brings about, and what holds without.
    let ask = |text: &str| {
        let condition = RunCondition::parse(&case, &model, text).unwrap();
        let design = ReverseDesign { condition: &condition, runs: 512, ..design };
        reverse_stress(&case, &model, &design, VectorLevel::best(), &|_, _| {}).swap_remove(0)
    };
    let never = ask("enterprise_output > 1e9");
    assert!(!never.already && never.smallest().is_none() && never.crossings.is_empty());
    let always = ask("enterprise_output > 0 and population > 0 in 90%");
    assert!(always.already && always.smallest().is_none());
}

#[test]
fn conditions_say_what_they_do_not_know() {
    let case = shipped();
    let options = options(&case, &["balkhash", "abai"], &["inertial"], 2029);
    let model = Model::compile(&case, &options).unwrap();
    let fault = |text: &str, part: &str| {
        let message = RunCondition::parse(&case, &model, text).unwrap_err().to_string();
        assert!(message.contains(part), "{text}: {message}");
    };
    fault("atlantis.unemployment > 5", "no town (abai, balkhash)");
    fault("balkhash.2036.unemployment > 5", "no year (2021 to 2029)");
    fault("luck > 5", "known: ");
    fault("lead = atlantis", "inertial, balanced");
    fault("TDea = huge", "known: ");
    fault("unemployment = high", "a number");
    fault("balkhash.unemployment > 5 and abai.unemployment > 5", "one town");
    fault("unemployment > 5 in 0%", "above 0");
    let good =
        RunCondition::parse(&case, &model, "balkhash.2028.unemployment > 5 and distress = 1 in 30%").unwrap();
    assert_eq!((good.town, good.scenario, good.share), (Some(1), None, 0.3));
}

/// The shipped paths are the history: each price over that of the year before the first.
#[test]
fn historical_stresses_are_computed_from_the_history() {
    let case = shipped();
    let average = |c: usize, year: i32| case.long_prices[c].iter().find(|p| p.0 == year).unwrap().1;
    let mut compared = 0;
    for (id, base) in
        [("crash_2008", 2008), ("bust_2011", 2011), ("copper_1997", 1997), ("pandemic_2020", 2019)]
    {
        let stress = case.stresses.iter().find(|s| s.id == id).unwrap();
        for shock in &stress.shocks {
            for (k, change) in shock.path.iter().enumerate() {
                let own =
                    average(shock.commodity, base + 1 + k as i32) / average(shock.commodity, base) - 1.0;
                assert!((own - change).abs() < 0.0006, "{id} {k}: {own} for {change}");
                compared += 1;
            }
        }
    }
    assert_eq!(compared, 6 * 3 + 2 * 5 + 5 + 6 * 2);
    let severe = case.stresses.iter().find(|s| s.id == "severe").unwrap();
    for shock in &severe.shocks {
        let falls = case.long_prices[shock.commodity].windows(2).filter(|w| w[1].0 >= 1990);
        let worst = falls.map(|w| w[1].1 / w[0].1 - 1.0).fold(0.0, f64::min);
        assert!((worst - shock.change).abs() < 0.0011, "{worst} for {}", shock.change);
    }
    // From 1990 on the long history is the one that processes are fitted to.
    for (c, commodity) in case.commodities.iter().enumerate() {
        for observed in &commodity.observed {
            assert_eq!(average(c, observed.year), observed.average, "{} {}", commodity.id, observed.year);
        }
        assert!(case.long_prices[c][0].0 <= 1970);
    }
}

#[test]
fn pictures_are_laid_out_in_every_language() {
    let case = shipped();
    let options = options(&case, &[], &[], 2031);
    let stresses = [
        with_companions(
            &case,
            &Stress::parse(&case, 2031, "copper=-40%@2027:years=2").unwrap(),
            (2022, 2031),
        )
        .0,
        case.stresses.iter().find(|s| s.id == "pandemic_2020").unwrap().clone(),
        Stress::parse(&case, 2031, "event.tourism@2028").unwrap(),
    ];
    let test = stress_test(&case, &options, &stresses, (512, VectorLevel::best()), &|_| {}).unwrap();
    for language in [Language::En, Language::Kk, Language::Ru] {
        let figures = stress_figures(&case, &test, &Text::of(language));
        assert_eq!(figures.len(), 9);
        for figure in figures {
            let faults = layout::faults(&figure.svg);
            assert!(faults.is_empty(), "{} in {language:?}: {faults:?}", figure.name);
        }
    }
    let model = Model::compile(&case, &options).unwrap();
    let condition = RunCondition::parse(&case, &model, "inertial.distress = 1 in 20%").unwrap();
    let course = ReverseCourse { start: 2027, years: 2, after: After::Over };
    let design =
        ReverseDesign { condition: &condition, commodities: &[0, 1], course, alone: true, runs: 128 };
    let surfaces = break_even(&case, &model, &design, [0, 1], VectorLevel::best());
    assert_eq!(surfaces.len(), 8);
    for language in [Language::En, Language::Kk, Language::Ru] {
        let said = ("distress = 1 in 20%", "made");
        for figure in surface_figures((&case, &options), &surfaces, said, &Text::of(language)) {
            let faults = layout::faults(&figure.svg);
            assert!(faults.is_empty(), "{} in {language:?}: {faults:?}", figure.name);
        }
    }
}

#[test]
fn the_command_writes_a_folder_and_refuses_what_is_no_shock() {
    let home = tempfile::tempdir().unwrap();
    let few =
        ["stress", "--towns", "balkhash", "--scenarios", "inertial", "--horizon", "2030", "--runs", "600"];
    let own = "name = { en = \"mine\", kk = \"m\", ru = \"m\" }\nbasis = \"test\"\n[[event]]\nevent = \"tourism\"\nyear = 2028\n\
        [[plan]]\ndriver = \"investment\"\nchange = -0.2\nstart = 2028\nyears = 1\nhalf_life = 1\n";
    fs::write(home.path().join("mine.toml"), own).unwrap();
    let asked = ["--shock", "copper=-40%@2027:years=2", "--stress", "copper_1997+mine.toml", "--out", "s"];
    let out = done(home.path(), &[&few[..], &asked].concat());
    assert!(out.contains("copper -40 % in 2027") && out.contains("distress by 2030"), "{out}");
    let folder = home.path().join("s");
    let tables =
        ["effects.csv", "recovery.csv", "plausibility.csv", "shocks.csv", "tail.csv", "worst_runs.csv"];
    let mut files = [&tables[..], &["figures", "manifest.json", "stress.md"]].concat();
    files.sort_unstable();
    assert_eq!(names(&folder), files);
    assert_eq!(names(&folder.join("figures")).len(), 12);
    let page = fs::read_to_string("docs/stress.md").unwrap();
    let read = |file: &str| fs::read_to_string(folder.join(file)).unwrap();
    for file in tables {
        let header = read(file).lines().next().unwrap().to_owned();
        assert!(page.contains(&header), "{file}: {header} is not documented");
    }
    for statistic in ["peak", "peak_year", "deepest", "cumulated", "back_q50", "not_back", "untouched"] {
        assert!(
            read("recovery.csv").contains(&format!(",{statistic},")) && page.contains(statistic),
            "{statistic}"
        );
    }
    // What is named stands beside what moves along.
    let shocks = read("shocks.csv");
    assert!(
        shocks.contains(",copper,2027,-0.4,named") || shocks.contains(",copper,2027,-0.39999"),
        "{shocks}"
    );
    assert!(shocks.contains(",zinc,2027,-0.") && shocks.contains(",along"), "{shocks}");
    let alone =
        done(home.path(), &[&few[..], &["--shock", "zinc=-40%@2027", "--alone", "--format", "csv"]].concat());
    assert!(alone.starts_with("stress,town,scenario,measure,value,low,high\n"), "{alone}");
    for (more, parts) in [
        (
            vec!["--shock", "tin=-140%@2019:fade=0"],
            vec!["4 faults", "no commodity 'tin'", "'-140%'", "2019", "fade=0"],
        ),
        (vec!["--stress", "atlantis"], vec!["no stress 'atlantis'", "all_2015"]),
        (vec!["--stress", "atlantis.toml"], vec!["atlantis.toml"]),
        (vec![], vec!["--shock SHOCK", "copper_2008"]),
        (vec!["--shock", "zinc=-4%@2027", "--shock", "zinc=-4%@2027"], vec!["twice"]),
        (vec!["--shock", "zinc=-4%@2027", "--out", "s"], vec!["--force", "s"]),
        (vec!["--reverse", "luck > 3"], vec!["at character 1", "'luck'", "known"]),
        (vec!["--reverse", "distress = 1", "--with", "tin"], vec!["--with", "tin", "copper"]),
        (vec!["--reverse", "distress = 1", "--course", "1999"], vec!["--course 1999", "a year from 2022"]),
    ] {
        refused(home.path(), &[&few[..], &more].concat(), &parts);
    }
    fs::write(
        home.path().join("bad.toml"),
        own.replace("tourism", "luck").replace("investment", "net_migration"),
    )
    .unwrap();
    refused(
        home.path(),
        &[&few[..], &["--stress", "bad.toml"]].concat(),
        &["bad.toml", "'luck'", "log or logit"],
    );
    let reverse = ["--reverse", "enterprise_output < 8 in 60%", "--with", "copper,coal", "--out", "r"];
    let out = done(home.path(), &[&few[..], &reverse].concat());
    assert!(out.contains("Smallest fall at which 60 % of runs meet"), "{out}");
    assert!(out.contains("The most plausible pair"), "{out}");
    let folder = home.path().join("r");
    let files =
        ["figures", "manifest.json", "reverse.csv", "reverse.md", "reverse_curves.csv", "surface.csv"];
    assert_eq!(names(&folder), files);
    assert_eq!(names(&folder.join("figures")), ["surface-inertial.png", "surface-inertial.svg"]);
    for file in ["reverse.csv", "reverse_curves.csv", "surface.csv"] {
        let table = fs::read_to_string(folder.join(file)).unwrap();
        let header = table.lines().next().unwrap();
        assert!(page.contains(header), "{file}: {header}");
        if file == "reverse.csv" {
            // A row of each commodity alone, two of the pair.
            assert_eq!(
                table.lines().filter(|line| line.starts_with("balkhash,inertial,")).count(),
                4,
                "{table}"
            );
        }
    }
}
