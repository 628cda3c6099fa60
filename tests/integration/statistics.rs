//! The engine against what is known without it: the closed form, price moments, the plan, base values.

use boljam::case::{Case, Delivery, Effect, PersonQuantity, PriceProcess, RegionIndex, Setting, Source};
use boljam::engine::{self, RunValue, Selected};
use boljam::formula::Formula;
use boljam::model::{ClosedForm, Model, Options, QuantityKind, RunScenario, RunTown, Uncertainty};

fn case(settings: &[&str]) -> Case {
    let settings: Vec<Setting> = settings.iter().map(|s| Setting::parse(s).unwrap()).collect();
    Case::load(&Source::embedded(), &settings).unwrap()
}

/// The Karaganda case in which no event ever happens.
fn eventless() -> Case {
    let mut case = case(&[]);
    // Nor is any known.
    case.known_until = None;
    for event in &mut case.events {
        event.probability.fill(0.0);
    }
    case
}

/// The same with plans that are delivered in part: drawn, late, beyond the whole, over other years than the reference's.
fn delivered(mut case: Case) -> Case {
    case.delivery_correlation = 0.4;
    case.scenarios[1].delivery = Delivery { mean: 0.9, sd: 0.2, max: 1.2, late: 3 };
    case.scenarios[2].delivery = Delivery { mean: 0.5, sd: 0.3, ..Delivery::WHOLE };
    case.scenarios[3].delivery = Delivery { mean: 0.7, sd: 0.2, ..Delivery::WHOLE };
    for plan in case.scenarios[3].plan.iter_mut().flat_map(|plan| plan.iter_mut().step_by(3)) {
        (plan.start, plan.by) = (plan.start + 2, plan.by - 3);
    }
    case
}

/// Columns of all runs of a selection.
fn columns(model: &Model, selected: &[Selected], runs: u64) -> Vec<Vec<f64>> {
    let mut all = vec![Vec::new(); selected.len()];
    engine::record(model, selected, 0..runs, &mut |_, block| {
        all.iter_mut().zip(block).for_each(|(into, column)| into.extend(column));
    });
    all
}

fn mean(x: &[f64]) -> f64 {
    x.iter().sum::<f64>() / x.len() as f64
}

/// Central moments two and four.
fn moments(x: &[f64]) -> (f64, f64) {
    let m = mean(x);
    let central = |p: i32| x.iter().map(|v| (v - m).powi(p)).sum::<f64>() / x.len() as f64;
    (central(2), central(4))
}

/// Every town, scenario, year and driver: mean and variance on the link scale against the closed form. With
/// some 17,000 comparisons at 20,000 runs the largest deviation in standard errors must look like that of
/// so many normals: below 5.2 (one in 1e-7 each), and one in a hundred above 2.6.
#[test]
fn link_scale_moments_are_those_of_the_closed_form() {
    let case = eventless();
    hold_moments(&case, &Options::of(&case));
}

/// The same where plans are delivered in part, in two towns.
#[test]
fn link_scale_moments_with_delivery_are_those_of_the_closed_form() {
    let case = delivered(eventless());
    hold_moments(&case, &Options { towns: vec![2, 6], ..Options::of(&case) });
}

fn hold_moments(case: &Case, options: &Options) {
    const RUNS: u64 = 20_000;
    let model = Model::compile(case, options).unwrap();
    let (mut compared, mut large) = (0, 0);
    for (place, town) in model.towns.iter().enumerate() {
        for (path, law) in town.paths.iter().enumerate() {
            let form = ClosedForm::new(&model, town, law);
            let mut selected = Vec::new();
            for t in 1..model.years.len() {
                for driver in (0..model.links.len()).filter(|i| !town.frozen[*i]) {
                    selected.push(Selected { town: place, path, t, value: RunValue::Link(driver) });
                }
            }
            let columns = columns(&model, &selected, RUNS);
            for (s, column) in selected.iter().zip(&columns) {
                let RunValue::Link(driver) = s.value else { continue };
                let normal = form.over_branches(s.t);
                let (expected, variance) = (normal.mean[driver], normal.covariance[(driver, driver)]);
                let (second, fourth) = moments(column);
                let n = RUNS as f64;
                let z_mean = (mean(column) - expected) / (variance / n).sqrt();
                let z_variance = (second - variance) / ((fourth - second * second) / n).sqrt();
                for (what, z) in [("mean", z_mean), ("variance", z_variance)] {
                    let name = &case.drivers[driver].id;
                    let year = model.years[s.t];
                    assert!(
                        z.abs() < 5.2,
                        "{what} of {name} in {}, path {path}, {year}: {z:.1} standard errors off",
                        case.towns[town.index].id
                    );
                    compared += 1;
                    large += usize::from(z.abs() > 2.6);
                }
            }
        }
    }
    assert!(compared > 2_000 * options.towns.len() - 1_000, "{compared}");
    // Cells are strongly dependent (common prices), so that far more than the expected 1 % may be large.
    assert!(large * 25 < compared, "{large} of {compared} beyond 2.6 standard errors");
}

/// Covariances between drivers, and between drivers and the region's indices, of one cell. An index of the
/// region is seen through a count of persons that is given its formula.
#[test]
fn covariances_are_those_of_the_closed_form() {
    hold_covariances(eventless());
    hold_covariances(delivered(eventless()));
}

fn hold_covariances(mut case: Case) {
    const RUNS: u64 = 40_000;
    let place = case.town("saran").unwrap();
    let indices = case.region_indices.len();
    let shown = case.method.persons[0].clone();
    let formula = |id: &str| Formula::parse(&format!("region.{id}")).unwrap();
    let show = |index: &RegionIndex| PersonQuantity {
        id: format!("index_{}", index.id),
        formula: formula(&index.id),
        ..shown.clone()
    };
    case.method.persons = case.region_indices.iter().map(show).collect();
    let model = Model::compile(&case, &Options::of(&case)).unwrap();
    let t = model.years.len() - 1;
    let shows = |k: usize| {
        let kind = QuantityKind::Persons(k);
        RunValue::Quantity(model.quantities.iter().position(|q| q.kind == kind).unwrap())
    };
    let links = (0..model.links.len()).map(RunValue::Link);
    let selected: Vec<Selected> = links
        .chain((0..indices).map(shows))
        .map(|value| Selected { town: place, path: 3, t, value })
        .collect();
    let mut columns = columns(&model, &selected, RUNS);
    let drivers = model.links.len();
    for column in &mut columns[drivers..] {
        for x in column.iter_mut() {
            *x = x.ln();
        }
    }
    let normal = ClosedForm::new(&model, &model.towns[place], &model.towns[place].paths[3]).over_branches(t);
    let means: Vec<f64> = columns.iter().map(|c| mean(c)).collect();
    let name = |i: usize| match i.checked_sub(drivers) {
        None => &case.drivers[i].id,
        Some(k) => &case.region_indices[k].id,
    };
    let mut compared = 0;
    for i in 0..columns.len() {
        for j in 0..i {
            let products: Vec<f64> =
                columns[i].iter().zip(&columns[j]).map(|(x, y)| (x - means[i]) * (y - means[j])).collect();
            let (variance, _) = moments(&products);
            let z = (mean(&products) - normal.covariance[(i, j)]) / (variance / RUNS as f64).sqrt();
            assert!(z.abs() < 4.5, "{} and {}: {z:.1}", name(i), name(j));
            compared += 1;
        }
    }
    // Some pair of a driver and an index really goes together, so that a forgotten term would be seen.
    let together =
        (0..drivers).any(|i| (drivers..drivers + indices).any(|j| normal.covariance[(i, j)].abs() > 1e-3));
    assert!(compared == (drivers + indices) * (drivers + indices - 1) / 2 && indices > 0 && together);
}

/// With nothing drawn and the prices of the base year throughout, every driver is at its plan:
/// z = z0 + tau ln(multiple), written out here anew.
#[test]
fn without_noise_and_at_base_prices_the_run_is_the_plan() {
    let mut case = case(&[]);
    for scenario in &mut case.scenarios {
        scenario.delivery = Delivery::WHOLE;
    }
    let base = |c: &boljam::case::Commodity| c.observed.iter().find(|o| o.year == 2021).unwrap().average;
    case.prices.process = PriceProcess::Fixed(case.commodities.iter().map(|c| vec![base(c)]).collect());
    let options = Options { uncertainty: Uncertainty::NONE, ..Options::of(&case) };
    let model = Model::compile(&case, &options).unwrap();
    for (place, town) in case.towns.iter().enumerate() {
        for (path, scenario) in case.scenarios.iter().enumerate() {
            let trajectory = engine::replay(&model, RunTown(place), RunScenario(path), 5);
            let start = &trajectory.years[0].drivers;
            for (t, year) in trajectory.years.iter().enumerate() {
                let share = t as f64 / 14.0;
                for (i, driver) in case.drivers.iter().enumerate() {
                    let value = scenario.plan[place][i].value;
                    let planned = match driver.link {
                        boljam::case::Link::Log => start[i] * value.powf(share),
                        boljam::case::Link::Identity => start[i] + share * value,
                        boljam::case::Link::Logit => {
                            let odds = start[i] / (100.0 - start[i]) * value.powf(share);
                            100.0 * odds / (1.0 + odds)
                        }
                    };
                    let error = (year.drivers[i] - planned).abs() / planned.abs().max(1.0);
                    assert!(error < 1e-12, "{} {} {t}: {} {planned}", town.id, driver.id, year.drivers[i]);
                }
            }
        }
    }
}

/// Every sub-indicator of the base year is what the source prints (or the mode of what it does not).
#[test]
fn the_base_year_is_the_assessment() {
    let case = case(&[]);
    let options = Options { uncertainty: Uncertainty::NONE, ..Options::of(&case) };
    let model = Model::compile(&case, &options).unwrap();
    for (place, town) in case.towns.iter().enumerate() {
        let year = &engine::replay(&model, RunTown(place), RunScenario(0), 0).years[0];
        for ((s, input), value) in
            case.method.sub_indicators.iter().zip(&town.inputs).zip(&year.sub_indicators)
        {
            let expected = input.best();
            assert!((value - expected).abs() <= 1e-12 * expected.abs().max(1.0), "{} {}", town.id, s.symbol);
        }
    }
}

/// Prices: the moments of each branch by their own recursion, written out here for one commodity, and the
/// correlation of innovations.
#[test]
fn price_branches_have_their_moments() {
    const RUNS: u64 = 60_000;
    for (process, walk) in [("random_walk", true), ("mean_reversion", false)] {
        let case = case(&[&format!("prices.process={process}")]);
        let model = Model::compile(&case, &Options::of(&case)).unwrap();
        let years = model.years.len();
        for (c, commodity) in case.commodities.iter().enumerate() {
            let selected: Vec<Selected> =
                (0..years).map(|t| Selected { town: 0, path: 0, t, value: RunValue::LogPrice(c) }).collect();
            let columns = columns(&model, &selected, RUNS);
            let last = commodity.observed.last().unwrap();
            let base = commodity.observed.iter().find(|o| o.year == 2021).unwrap().average.ln();
            // Mean and covariance of (z, mu) by hand: e and u have variance 0.994014.
            let rho = if walk { 0.0 } else { commodity.reversion };
            let s = if walk { commodity.sd_walk } else { commodity.sd_reverting };
            let (mut m, mut v, mut cross) = (last.december.ln(), 0.0, 0.0);
            let (level, level_variance) = (commodity.level.ln(), commodity.level_se.powi(2));
            for (t, column) in columns.iter().enumerate() {
                let year = 2021 + t as i32;
                if year <= last.year {
                    let observed =
                        commodity.observed.iter().find(|o| o.year == year).unwrap().average.ln() - base;
                    assert!(column.iter().all(|x| (x - observed).abs() < 1e-12), "{} {year}", commodity.id);
                    continue;
                }
                let drift = if walk { 1.025_f64.ln() } else { 0.0 };
                let next = m - drift - rho * (m - level);
                let next_v = (1.0 - rho).powi(2) * v
                    + rho * rho * level_variance
                    + 2.0 * (1.0 - rho) * rho * cross
                    + s * s * 0.994014;
                let next_cross = (1.0 - rho) * cross + rho * level_variance;
                // Cov(z, z') = (1 - rho) Var z + rho Cov(z, mu).
                let lag = (1.0 - rho) * v + rho * cross;
                let expected = 0.5 * (m + next) - base;
                let variance = 0.25 * (v + next_v + 2.0 * lag) + s * s * 0.994014 / 12.0;
                let n = RUNS as f64;
                let (second, fourth) = moments(column);
                let z_mean = (mean(column) - expected) / (variance / n).sqrt();
                let z_variance = (second - variance) / ((fourth - second * second) / n).sqrt();
                assert!(z_mean.abs() < 4.5, "{process} {} {year} mean {z_mean:.1}", commodity.id);
                assert!(z_variance.abs() < 4.5, "{process} {} {year} variance {z_variance:.1}", commodity.id);
                (m, v, cross) = (next, next_v, next_cross);
            }
        }
    }
}

/// The innovation and the deviation within the year are jointly Student-t with 5 degrees of freedom scaled to unit
/// variance, so that the first annual average, less its mean, is one of variance 1/4 + 1/12: compared with the
/// distribution function (Kolmogorov-Smirnov). The floor of the scale touches 0.044 % of the draws, which moves the
/// distribution by less than that. A normal deviation within the year, or one with a scale of its own, fails.
#[test]
fn price_innovations_are_student_t() {
    use statrs::distribution::{ContinuousCDF, StudentsT};
    const RUNS: u64 = 40_000;
    let case = case(&["prices.process=random_walk"]);
    let model = Model::compile(&case, &Options::of(&case)).unwrap();
    let copper = case.commodities.iter().position(|c| c.id == "copper").unwrap();
    let c = &case.commodities[copper];
    let selected = [Selected { town: 0, path: 0, t: 5, value: RunValue::LogPrice(copper) }];
    let base = c.observed.iter().find(|o| o.year == 2021).unwrap().average.ln();
    let start = c.observed.last().unwrap().december.ln();
    let column = columns(&model, &selected, RUNS).remove(0);
    let mut x: Vec<f64> =
        column.iter().map(|v| (v + base - start + 0.5 * 1.025_f64.ln()) / c.sd_walk).collect();
    x.sort_by(f64::total_cmp);
    // Unit variance: t5 has variance 5/3.
    let student = StudentsT::new(0.0, (1.0_f64 / 3.0 * 3.0 / 5.0).sqrt(), 5.0).unwrap();
    let n = RUNS as f64;
    let distance =
        x.iter().enumerate().map(|(i, v)| (student.cdf(*v) - (i as f64 + 0.5) / n).abs()).fold(0.0, f64::max);
    assert!(distance * n.sqrt() < 1.63, "Kolmogorov-Smirnov {}", distance * n.sqrt());
}

/// Var(e) = E[1 / max(q, 0.05)], q = chi-squared(5)/3, is 0.994014194 by adaptive quadrature with 15 digits
/// in another program (mpmath).
#[test]
fn the_variance_of_the_price_innovation_is_that_of_the_quadrature() {
    let case = case(&[]);
    let model = Model::compile(&case, &Options::of(&case)).unwrap();
    assert!((model.prices.innovation_variance() - 0.994_014_194).abs() < 1e-7);
}

/// A correlation over samples, each a sum over the pairs of one run, and its standard error: that of the mean of
/// its influence function over runs.
fn correlation(runs: &[Vec<(f64, f64)>]) -> (f64, f64) {
    let sum = |f: &dyn Fn(f64, f64) -> f64| runs.iter().flatten().map(|p| f(p.0, p.1)).sum::<f64>();
    let (xx, yy) = (sum(&|x, _| x * x), sum(&|_, y| y * y));
    let r = sum(&|x, y| x * y) / (xx * yy).sqrt();
    let influence = |pairs: &Vec<(f64, f64)>| {
        let part = |(x, y): &(f64, f64)| x * y / (xx * yy).sqrt() - 0.5 * r * (x * x / xx + y * y / yy);
        pairs.iter().map(part).sum::<f64>()
    };
    (r, runs.iter().map(|pairs| influence(pairs).powi(2)).sum::<f64>().sqrt())
}

/// The changes of annual averages correlate in the runs as the closed form says, under every process; under the
/// walk that is the listed correlation itself. Means are taken off year by year.
#[test]
fn changes_of_annual_prices_correlate_as_stated() {
    const RUNS: u64 = 30_000;
    for process in ["random_walk", "mean_reversion", "mixture"] {
        let case = case(&[&format!("prices.process={process}")]);
        let model = Model::compile(&case, &Options::of(&case)).unwrap();
        let (n, given) = (case.commodities.len(), model.prices.given.len());
        let stated = model.prices.change_correlation().unwrap();
        let drawn = engine::log_prices(&model, 0..RUNS);
        // changes[commodity][run][year], centred.
        let changes: Vec<Vec<Vec<f64>>> = drawn
            .iter()
            .map(|years| {
                let mut of_runs = vec![Vec::new(); RUNS as usize];
                for t in given + 1..model.years.len() {
                    let change: Vec<f64> = years[t].iter().zip(&years[t - 1]).map(|(a, b)| a - b).collect();
                    let centre = mean(&change);
                    of_runs.iter_mut().zip(&change).for_each(|(run, x)| run.push(x - centre));
                }
                of_runs
            })
            .collect();
        for i in 0..n {
            for j in 0..i {
                let pairs: Vec<Vec<(f64, f64)>> = changes[i]
                    .iter()
                    .zip(&changes[j])
                    .map(|(x, y)| x.iter().copied().zip(y.iter().copied()).collect())
                    .collect();
                let (r, error) = correlation(&pairs);
                let z = (r - stated[(i, j)]) / error;
                let (a, b) = (&case.commodities[i].id, &case.commodities[j].id);
                assert!(error < 0.005 && z.abs() < 4.0, "{process} {a} {b}: {r} {} {z:.1}", stated[(i, j)]);
                let listed = case.prices.correlation[i][j];
                let gap = (stated[(i, j)] - listed).abs();
                assert!(process != "random_walk" || gap < 1e-12, "{a} {b}: {} {listed}", stated[(i, j)]);
            }
        }
    }
}

/// Innovations of drivers in a town correlate as `Driver::town_correlation` says: as listed where regional shares
/// are alike, not at all between a wholly regional and a wholly local one. In the first year, with prices observed
/// and without plan errors and events, innovations are all that varies.
#[test]
fn driver_innovations_correlate_as_stated() {
    const RUNS: u64 = 40_000;
    let shares = [("unemployment", 1.0), ("wage", 0.0), ("budget", 0.5), ("profitable", 0.9)];
    let mut case = eventless();
    let place = |case: &Case, id: &str| case.drivers.iter().position(|d| d.id == id).unwrap();
    for (id, share) in shares {
        let i = place(&case, id);
        case.drivers[i].regional_share = share;
    }
    let (i, j) = (place(&case, "unemployment"), place(&case, "wage"));
    (case.correlation[i][j], case.correlation[j][i]) = (-0.9, -0.9);
    let shocks = Uncertainty { shocks: true, ..Uncertainty::NONE };
    let model = Model::compile(&case, &Options { uncertainty: shocks, ..Options::of(&case) }).unwrap();
    let drivers: Vec<usize> = (0..case.drivers.len()).filter(|i| !model.towns[0].frozen[*i]).collect();
    let selected: Vec<Selected> =
        drivers.iter().map(|i| Selected { town: 0, path: 0, t: 1, value: RunValue::Link(*i) }).collect();
    let centred = |x: Vec<f64>| {
        let m = mean(&x);
        x.into_iter().map(|v| v - m).collect::<Vec<f64>>()
    };
    let columns: Vec<Vec<f64>> = columns(&model, &selected, RUNS).into_iter().map(centred).collect();
    let mut told = 0;
    for (x, &i) in columns.iter().zip(&drivers) {
        for (y, &j) in columns.iter().zip(&drivers).take_while(|(_, j)| **j < i) {
            let (a, b, listed) = (&case.drivers[i], &case.drivers[j], case.correlation[i][j]);
            let pairs: Vec<Vec<(f64, f64)>> = x.iter().zip(y).map(|(x, y)| vec![(*x, *y)]).collect();
            let (r, error) = correlation(&pairs);
            let stated = a.town_correlation(b, listed);
            assert!((r - stated).abs() < 4.2 * error, "{} {}: {r} {stated} {error}", a.id, b.id);
            told += usize::from((listed - stated).abs() > 0.05);
        }
    }
    assert!(told >= 3, "{told}");
    assert!(case.drivers[i].town_correlation(&case.drivers[j], -0.9).abs() < 1e-15);
    // By hand: sqrt(0.5 * 0.9) + sqrt(0.5 * 0.1).
    let (budget, profitable) =
        (&case.drivers[place(&case, "budget")], &case.drivers[place(&case, "profitable")]);
    assert!((budget.town_correlation(profitable, 0.5) - 0.5 * 0.894_427_191).abs() < 1e-9);
}

/// What the regional shares take from a listed correlation is told, with what is left; alike shares are silent.
#[test]
fn regional_shares_that_undo_a_correlation_are_told() {
    use boljam::case::Notice;
    let notices = |unemployment: &str, wage: &str| {
        let share = |id: &str, x: &str| format!("drivers.{id}.regional_share={x}");
        case(&[&share("unemployment", unemployment), &share("wage", wage)]).notices
    };
    assert_eq!(notices("0.4", "0.4"), []);
    assert_eq!(notices("0.3", "0.4"), []);
    let told = |a: &str, b: &str, realised: f64| Notice::SharesDiffer {
        a: a.to_owned(),
        b: b.to_owned(),
        listed: -0.2,
        realised,
    };
    // A local wage keeps nothing of unemployment, and sqrt(0.75) of its 0.2 with the budget: 0.03 less is silent.
    // Other output has a regional share of 0.2.
    let half_lost = told("other_output", "unemployment", -0.2 * 0.2_f64.sqrt());
    assert_eq!(notices("1", "0"), [half_lost, told("unemployment", "wage", -0.0)]);
}

/// An event of known probability happens that often, once where it must, and moves what it says: against the
/// same run without it, steps stay, shocks fade by the persistence, switches are set, in the drivers that it
/// names and in no others.
#[test]
fn events_happen_as_often_as_they_should_and_move_what_they_say() {
    const RUNS: u64 = 20_000;
    let mut case = eventless();
    case.cross_impacts.clear();
    let town = case.town("balkhash").unwrap();
    let place = case.events.iter().position(|e| e.id == "tourism").unwrap();
    let switch = case.events[place].effects.iter().find_map(|e| match e {
        Effect::Switch { sub_indicator, on } => Some((*sub_indicator, *on)),
        _ => None,
    });
    let (step, shock) = ((0, 0.30), (3, -0.20));
    let event = &mut case.events[place];
    event.effects.retain(|e| matches!(e, Effect::Switch { .. }));
    event.effects.push(Effect::Plan { driver: step.0, shift: step.1 });
    event.effects.push(Effect::Shock { driver: shock.0, shift: shock.1 });
    let options =
        Options { uncertainty: Uncertainty { shocks: true, ..Uncertainty::NONE }, ..Options::of(&case) };
    let without = Model::compile(&case, &options).unwrap();
    case.events[place].probability.fill(0.05);
    let model = Model::compile(&case, &options).unwrap();
    let (mut happened, mut total) = (0, 0);
    for run in (0..RUNS).step_by(40) {
        let (with, plain) = (
            engine::replay(&model, RunTown(town), RunScenario(0), run),
            engine::replay(&without, RunTown(town), RunScenario(0), run),
        );
        let events: usize = with.years.iter().map(|y| y.events.len()).sum();
        assert!(events <= 1, "once is once");
        let when = with.years.iter().position(|y| y.events.contains(&place));
        for (t, (a, b)) in with.years.iter().zip(&plain.years).enumerate() {
            let age = when.and_then(|when| t.checked_sub(when));
            for driver in 0..case.drivers.len() {
                let fade = |age: usize| case.drivers[driver].persistence.powi(age as i32);
                let expected = match (age, driver) {
                    (Some(_), d) if d == step.0 => step.1,
                    (Some(age), d) if d == shock.0 => shock.1 * fade(age),
                    _ => 0.0,
                };
                let moved = a.links[driver] - b.links[driver];
                let id = &case.drivers[driver].id;
                assert!((moved - expected).abs() < 1e-12, "{id}, run {run}, year {t}: {moved} {expected}");
            }
            if let (Some((s, on)), Some(_)) = (switch, age) {
                assert_eq!(a.sub_indicators[s], if on { 100.0 } else { 0.0 }, "run {run}, year {t}");
            }
        }
        happened += events;
        total += 1;
    }
    let share = happened as f64 / f64::from(total);
    let expected = 1.0 - 0.95_f64.powi(14);
    let error = (expected * (1.0 - expected) / f64::from(total)).sqrt();
    assert!((share - expected).abs() < 4.0 * error, "{share} {expected}");
}
