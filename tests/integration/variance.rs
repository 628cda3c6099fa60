//! Where the variance comes from: a linear case in closed form, the same bytes for any threads, pictures, the command.

use std::fs;

use boljam::analyse::Estimate;
use boljam::case::{Case, Delivery, Parameter, Posterior, PriceProcess, Scaling, Source};
use boljam::engine::{self, VectorLevel};
use boljam::experiment::variance::{Design, Part, VarianceShares, headline, variance_shares};
use boljam::model::{ClosedForm, Model, Options, Uncertainty, VarianceSource};
use boljam::plot::variance_figures;
use boljam::text::{Language, Text};

use crate::cli::{done, names, refused};
use crate::layout;

fn shares(
    case: &Case,
    options: &Options,
    weights: &[f64],
    quantities: &[&str],
    threads: usize,
) -> VarianceShares {
    let model = Model::compile(case, options).unwrap();
    let place = |id: &&str| model.quantities.iter().position(|q| q.id == **id).unwrap();
    let quantities =
        if quantities.is_empty() { headline(case, &model) } else { quantities.iter().map(place).collect() };
    let design = Design { runs: 1, weights: weights.to_vec(), quantities };
    engine::with_threads(threads, || {
        variance_shares(case, options, &design, VectorLevel::best(), &|_| {}).unwrap()
    })
}

/// The shipped case made linear and additive in net migration: no events, one price branch, the same plan errors under
/// every scenario, nothing scaled by the plan's mono-profile degree.
pub(crate) fn linear() -> Case {
    let mut case = Case::load(&Source::embedded(), &[]).unwrap();
    let driver = case.drivers.iter().position(|d| d.id == "net_migration").unwrap();
    case.prices.process = PriceProcess::RandomWalk;
    case.plan_correlation = 1.0;
    case.known_until = None;
    for event in &mut case.events {
        event.probability.fill(0.0);
    }
    for impact in &mut case.cross_impacts {
        impact.scale = Scaling::Unit;
    }
    for driver in &mut case.drivers {
        driver.exposure_scale = Scaling::Unit;
    }
    for scenario in &mut case.scenarios {
        scenario.delivery = Delivery::WHOLE;
        for plan in &mut scenario.plan {
            (plan[driver].sd, plan[driver].start, plan[driver].by) = (2.0, 2021, 2035);
        }
    }
    case
}

#[test]
fn the_shares_of_a_linear_case_are_those_of_the_closed_form() {
    let case = linear();
    let options =
        Options { horizon: 2029, ..Options::select(&case, &["satpayev"], &[] as &[&str], None).unwrap() };
    let weights = [0.1, 0.2, 0.3, 0.4];
    let found = shares(&case, &options, &weights, &["net_migration"], 0);
    let driver = case.drivers.iter().position(|d| d.id == "net_migration").unwrap();
    // Mean and variance of each scenario, with some sources only, in each year.
    let moments = |case: &Case, uncertainty: &str| -> Vec<Vec<(f64, f64)>> {
        let uncertainty = Uncertainty::parse(uncertainty).unwrap();
        let model = Model::compile(case, &Options { uncertainty, ..options.clone() }).unwrap();
        let of = |path| {
            let form = ClosedForm::new(&model, &model.towns[0], path);
            let at = |t: usize| {
                let normal = form.over_branches(t);
                (normal.mean[driver], normal.covariance[(driver, driver)])
            };
            (0..model.years.len()).map(at).collect()
        };
        model.towns[0].paths.iter().map(of).collect()
    };
    let mut quiet = case.clone();
    quiet.drivers.iter_mut().for_each(|d| d.sigma = 0.0);
    let (all, plan, inputs) = (moments(&case, "all"), moments(&case, "plan"), moments(&case, "inputs"));
    let (shocks, prices) = (moments(&case, "shocks"), moments(&quiet, "shocks"));
    let mut compared = 0;
    for t in 1..found.years.len() {
        let variance = &found.towns[0].years[t][0];
        let mean: f64 = weights.iter().zip(&all).map(|(w, m)| w * m[t].0).sum();
        let of_scenario: f64 = weights.iter().zip(&all).map(|(w, m)| w * (m[t].0 - mean).powi(2)).sum();
        let total = of_scenario + all[0][t].1;
        // All scenarios have the same variance here.
        assert!(all.iter().all(|m| (m[t].1 - all[0][t].1).abs() < 1e-9 * total));
        let near = |what: &str, e: Estimate, expected: f64| {
            let off = (e.value - expected).abs();
            assert!(off <= 4.5 * e.mcse + 1e-9, "{what}, year {t}: {} ± {} for {expected}", e.value, e.mcse);
            assert!(e.mcse < 0.02, "{what}, year {t}: {}", e.mcse);
        };
        assert!((variance.sd.value - total.sqrt()).abs() <= 4.5 * variance.sd.mcse);
        for part in &variance.parts {
            let expected = match part.part {
                Part::Scenario => of_scenario,
                Part::Source(VarianceSource::PlanError) => plan[0][t].1,
                Part::Source(VarianceSource::Inputs) => inputs[0][t].1,
                Part::Source(VarianceSource::PriceChance) => prices[0][t].1,
                Part::Source(VarianceSource::Innovations) => shocks[0][t].1 - prices[0][t].1,
                Part::WithScenario | Part::AmongSources => 0.0,
                Part::Source(other) => panic!("{other:?} is not drawn"),
            };
            near(part.part.name(), part.share, expected / total);
            if let Some(alone) = part.total {
                near("total", alone, expected / total);
            }
            compared += 1;
        }
        let with_scenario = variance.parts.iter().find(|p| p.part == Part::WithScenario).unwrap();
        assert!(
            with_scenario.share.value.abs() < 1e-9,
            "the same plan errors: {}",
            with_scenario.share.value
        );
    }
    assert_eq!(compared, 8 * 7);
    // What is decided before the first year varies with the inputs alone.
    let base = &found.towns[0].years[0][0];
    let inputs = base.parts.iter().find(|p| p.part == Part::Source(VarianceSource::Inputs)).unwrap();
    assert!((inputs.share.value - 1.0).abs() < 0.05, "{inputs:?}");
}

const WITH_PARAMETERS: Uncertainty = Uncertainty { parameters: true, ..Uncertainty::ALL };

/// The shipped case with everything that can be drawn.
fn everything() -> Case {
    let mut case = Case::load(&Source::embedded(), &[]).unwrap();
    let wage = case.drivers.iter().position(|d| d.id == "wage").unwrap();
    let output = case.drivers.iter().position(|d| d.id == "enterprise_output").unwrap();
    let columns = vec![(wage, Parameter::Sigma), (output, Parameter::PriceExposure)];
    let draws = (0..9).map(|k| vec![0.02 + 0.01 * f64::from(k), 0.4 + 0.1 * f64::from(k)]).collect();
    case.posterior = Some(Posterior { columns, draws });
    case.scenarios[3].delivery = Delivery { mean: 0.7, sd: 0.2, ..Delivery::WHOLE };
    case
}

#[test]
fn threads_and_other_towns_change_no_share() {
    let case = everything();
    let of = |towns: &[&str], threads| {
        let options = Options::select(&case, towns, &["inertial", "diversification"], None).unwrap();
        let options = Options { horizon: 2023, uncertainty: WITH_PARAMETERS, ..options };
        shares(&case, &options, &[1.0, 1.0], &["TDea", "unemployment"], threads)
    };
    let (one, three) = (of(&["satpayev", "temirtau"], 1), of(&["satpayev", "temirtau"], 3));
    assert_eq!(one.towns, three.towns);
    assert_eq!(of(&["temirtau"], 2).towns[0], one.towns[1]);
    // Temirtau has all its inputs: they are no part of its variance.
    let source = |town: usize, source| {
        let parts = &one.towns[town].years[2][0].parts;
        parts.iter().find(|p| p.part == Part::Source(source)).map(|p| p.share.value)
    };
    assert_eq!(source(1, VarianceSource::Inputs), None);
    assert!(source(0, VarianceSource::Inputs).unwrap() > 0.005);
}

#[test]
fn pictures_are_laid_out_in_every_language() {
    let case = everything();
    let towns = ["satpayev", "temirtau"];
    let select = Options::select(&case, &towns, &[] as &[&str], None).unwrap();
    let options = Options { horizon: 2027, uncertainty: WITH_PARAMETERS, ..select };
    let shares = shares(&case, &options, &[1.0; 4], &[], 0);
    assert_eq!((shares.quantities.len(), shares.samples), (3, 10));
    for language in [Language::En, Language::Kk, Language::Ru] {
        for figure in variance_figures(&shares, &Text::of(language)) {
            let faults = layout::faults(&figure.svg);
            assert!(faults.is_empty(), "{} in {language:?}: {faults:?}", figure.name);
        }
    }
}

#[test]
fn the_command_writes_a_folder_and_refuses_what_is_no_weight() {
    let home = tempfile::tempdir().unwrap();
    let few = ["variance", "--towns", "temirtau", "--horizon", "2023", "--quantities", "unemployment"];
    let out =
        done(home.path(), &[&few[..], &["--weights", "inertial=3,innovative=1", "--out", "w"]].concat());
    assert!(out.contains("75 %") && out.contains("yearly innovations"), "{out}");
    let folder = home.path().join("w");
    assert_eq!(names(&folder), ["figures", "manifest.json", "variance.csv", "variance.md"]);
    let table = fs::read_to_string(folder.join("variance.csv")).unwrap();
    let header = "town,year,quantity,part,share,share_mcse,total,total_mcse,sd,sd_mcse,undefined,unit";
    assert_eq!(table.lines().next().unwrap(), header);
    // In each year the shares add up to 1.
    let rows = || table.lines().skip(1).map(|line| line.split(',').collect::<Vec<_>>());
    let sum: f64 = rows().filter(|row| row[1] == "2023").map(|row| row[4].parse::<f64>().unwrap()).sum();
    assert!((sum - 1.0).abs() < 1e-9, "{sum}");
    let page = fs::read_to_string("docs/uncertainty.md").unwrap();
    for word in header.split(',').chain(rows().map(|row| row[3]).collect::<Vec<_>>()) {
        assert!(page.contains(&format!("`{word}`")), "{word} is not documented");
    }
    for (more, parts) in [
        (["--weights", "inertial", "--out", "x"], ["--weights inertial", "ID=WEIGHT"]),
        (["--weights", "atlantis=1", "--out", "x"], ["atlantis", "diversification"]),
        (["--weights", "inertial=0", "--out", "x"], ["at least one", "above 0"]),
        (["--uncertainty", "all", "--out", "w"], ["--force", "w"]),
    ] {
        refused(home.path(), &[&few[..], &more].concat(), &parts);
    }
    done(home.path(), &[&few[..], &["--out", "w", "--force"]].concat());
}
