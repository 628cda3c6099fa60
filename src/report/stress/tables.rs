//! effects.csv, recovery.csv, tail.csv, worst_runs.csv, plausibility.csv, shocks.csv: tidy, with errors; docs/stress.md has the columns.

use super::words::Asked;
use crate::analyse::Estimate;
use crate::case::Case;
use crate::experiment::stress::{Course, StressTest, Tail};
use crate::report::records::Records;

const NONE: Estimate = Estimate { value: f64::NAN, mcse: f64::NAN, runs: 0, ends: None, mark: None };

fn estimate(records: &mut Records, texts: &[&str], e: Estimate, unit: &str) {
    let (low, high) = e.interval();
    records.row(texts, &[&e.value, &e.mcse, &low, &high], &[unit]);
}

/// effects.csv: stress, town, scenario, year, quantity, statistic, value, mcse, low, high, unit. How many towns are in
/// distress together stands under the town `all`.
pub fn effects(test: &StressTest) -> String {
    let header = [
        "stress",
        "town",
        "scenario",
        "year",
        "quantity",
        "statistic",
        "value",
        "mcse",
        "low",
        "high",
        "unit",
    ];
    let mut records = Records::new(&header);
    for stressed in &test.stressed {
        let id = stressed.stress.id.as_str();
        for ((town, _), paths) in test.towns.iter().zip(&stressed.effects) {
            for ((scenario, _), years) in test.scenarios.iter().zip(paths) {
                for (year, effects) in test.years.iter().zip(years) {
                    let year = year.to_string();
                    for (item, effect) in test.items.iter().zip(effects) {
                        let statistics = [
                            ("base", effect.base),
                            ("stressed", effect.stressed),
                            ("difference", effect.difference),
                        ];
                        for (statistic, e) in statistics.into_iter().filter(|(_, e)| !e.value.is_nan()) {
                            let texts = [id, town, scenario, &year, &item.id, statistic];
                            estimate(&mut records, &texts, e, &item.unit);
                        }
                    }
                }
            }
        }
        let year = test.years.last().map_or_else(String::new, i32::to_string);
        for ((scenario, _), counts) in test.scenarios.iter().zip(&stressed.together) {
            for least in 1..counts.len() {
                let quantity = format!("distress_in_at_least_{least}");
                for (statistic, with) in [("base", 0), ("stressed", 1)] {
                    let count: u64 = counts[least..].iter().map(|runs| runs[with]).sum();
                    let texts = [id, "all", scenario, &year, &quantity, statistic];
                    estimate(&mut records, &texts, Estimate::share(count as f64, test.runs), "share");
                }
            }
        }
    }
    records.finish()
}

/// recovery.csv: stress, town, scenario, quantity, statistic, value, mcse, low, high, unit.
pub fn recovery(test: &StressTest) -> String {
    let header =
        ["stress", "town", "scenario", "quantity", "statistic", "value", "mcse", "low", "high", "unit"];
    let mut records = Records::new(&header);
    for stressed in &test.stressed {
        for ((town, _), paths) in test.towns.iter().zip(&stressed.courses) {
            for ((scenario, _), courses) in test.scenarios.iter().zip(paths) {
                for (quantity, course) in test.quantities.iter().zip(courses) {
                    let texts = [stressed.stress.id.as_str(), town, scenario, &quantity.id];
                    course_rows(&mut records, texts, course, (&test.years, &quantity.unit, test.runs));
                }
            }
        }
    }
    records.finish()
}

fn course_rows(
    records: &mut Records,
    [stress, town, scenario, quantity]: [&str; 4],
    course: &Course,
    (years, unit, runs): (&[i32], &str, u64),
) {
    let mut row = |statistic: &str, e: Estimate, unit: &str| {
        estimate(records, &[stress, town, scenario, quantity, statistic], e, unit);
    };
    row("peak", course.peak.map_or(NONE, |(_, difference)| difference), unit);
    row("peak_year", course.peak.map_or(NONE, |(t, _)| Estimate::exact(f64::from(years[t]))), "year");
    row("deepest", course.deepest, unit);
    row("cumulated", course.cumulated, &format!("{unit}-years"));
    for (statistic, p) in [("back_q25", 0.25), ("back_q50", 0.5), ("back_q75", 0.75)] {
        let (low, high) = course.recovery.interval(p);
        let ends = (low.unwrap_or(f64::NAN), high.unwrap_or(f64::NAN));
        let value = course.recovery.quantile(p).unwrap_or(f64::NAN);
        row(statistic, Estimate { value, ends: Some(ends), ..NONE }, "years");
    }
    row("not_back", course.recovery.share_not_back().unwrap_or(NONE), "share");
    row("untouched", Estimate::share(course.recovery.untouched as f64, runs), "share");
}

/// tail.csv: stress, town, scenario, year, quantity, measure, level, value, mcse, low, high.
pub fn tail(test: &StressTest) -> String {
    let header = [
        "stress", "town", "scenario", "year", "quantity", "measure", "level", "value", "mcse", "low", "high",
    ];
    let mut records = Records::new(&header);
    let year = test.years.last().map_or_else(String::new, i32::to_string);
    each_tail(test, |[stress, town, scenario, quantity], tail| {
        for of in &tail.levels {
            let level = of.level.to_string();
            let measures = [
                ("value_at_risk.base", of.value_at_risk[0]),
                ("value_at_risk.stressed", of.value_at_risk[1]),
                ("expected_shortfall.base", of.shortfall[0]),
                ("expected_shortfall.stressed", of.shortfall[1]),
            ];
            for (measure, e) in measures {
                let (low, high) = e.interval();
                let texts = [stress, town, scenario, &year, quantity, measure, &level];
                records.row(&texts, &[&e.value, &e.mcse, &low, &high], &[]);
            }
        }
    });
    records.finish()
}

/// worst_runs.csv: stress, town, scenario, quantity, rank, run, base, stressed.
pub fn worst_runs(test: &StressTest) -> String {
    let header = ["stress", "town", "scenario", "quantity", "rank", "run", "base", "stressed"];
    let mut records = Records::new(&header);
    each_tail(test, |texts, tail| {
        for (k, (run, base, stressed)) in tail.worst.iter().enumerate() {
            records.row(&texts, &[&(k + 1), run, base, stressed], &[]);
        }
    });
    records.finish()
}

/// Each tail with its stress, town, scenario and quantity.
fn each_tail(test: &StressTest, mut write: impl FnMut([&str; 4], &Tail)) {
    for stressed in &test.stressed {
        for ((town, _), paths) in test.towns.iter().zip(&stressed.tails) {
            for ((scenario, _), tails) in test.scenarios.iter().zip(paths) {
                for (quantity, tail) in test.quantities.iter().zip(tails) {
                    write([&stressed.stress.id, town, scenario, &quantity.id], tail);
                }
            }
        }
    }
}

/// plausibility.csv: stress, measure, value, low, high.
pub fn plausibility(case: &Case, asked: &[Asked]) -> String {
    let mut records = Records::new(&["stress", "measure", "value", "low", "high"]);
    for Asked { stress, plausibility, .. } in asked {
        let mut row = |measure: &str, value: f64, (low, high): (f64, f64)| {
            records.row(&[&stress.id, measure], &[&value, &low, &high], &[]);
        };
        let nothing = (f64::NAN, f64::NAN);
        if let Some(distance) = plausibility.distance {
            row("distance", distance, nothing);
            row("dimensions", plausibility.dimensions as f64, nothing);
        }
        if let Some(tail) = plausibility.tail {
            row("tail_probability", tail.value, tail.interval());
        }
        for falls in &plausibility.history {
            let id = &case.commodities[falls.commodity].id;
            let (share, low, high) = falls.share();
            row(&format!("{id}.change"), falls.change, nothing);
            row(&format!("{id}.falls_in_a_year"), falls.in_a_year.len() as f64, nothing);
            row(&format!("{id}.share_of_years"), share, (low, high));
            row(&format!("{id}.falls_in_three_years"), falls.in_three_years.len() as f64, nothing);
        }
    }
    records.finish()
}

/// shocks.csv: stress, commodity, year, change, named: what was laid on each price, `named` where the stress says so and
/// `along` where it moves with those that are named.
pub fn shocks(case: &Case, test: &StressTest, asked: &[Asked]) -> String {
    let mut records = Records::new(&["stress", "commodity", "year", "change", "named"]);
    for (stressed, asked) in test.stressed.iter().zip(asked) {
        let named = asked.stress.commodities();
        for (c, commodity) in case.commodities.iter().enumerate() {
            for year in &test.years {
                let change = stressed.stress.log_price(c, *year).exp_m1();
                if change != 0.0 {
                    let how = if named.contains(&c) { "named" } else { "along" };
                    records.row(&[&stressed.stress.id, &commodity.id, &year.to_string()], &[&change], &[how]);
                }
            }
        }
    }
    records.finish()
}
