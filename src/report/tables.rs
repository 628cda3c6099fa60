//! Results as tidy CSV: ids only, numbers that read back exactly, rows in the order of the results.

use super::records::Records;
use crate::analyse::{
    Bin, Distribution, Estimate, QUANTILES, Results, ScenarioResults, TownResults, ranking, so_far,
};

/// Bins of the engine that make one bin of distributions.csv.
const BINS_MERGED: usize = 8;

/// Names of the quantiles in tables, in the order of [`QUANTILES`]: the probability in per mille.
pub const QUANTILE_NAMES: [&str; QUANTILES.len()] =
    ["q010", "q025", "q050", "q100", "q250", "q500", "q750", "q900", "q950", "q975", "q990"];

/// Every town, scenario and year with its index.
fn cells(results: &Results) -> impl Iterator<Item = (&TownResults, &ScenarioResults, usize, i32)> {
    results.towns.iter().flat_map(move |town| {
        town.scenarios.iter().flat_map(move |scenario| {
            results.setup.years.iter().enumerate().map(move |(t, year)| (town, scenario, t, *year))
        })
    })
}

/// A row of an estimate: what it is of, its value, its error, its unit.
fn estimate(rows: &mut Records, key: &[&str], estimate: Estimate, unit: &str) {
    rows.row(key, &[&estimate.value, &estimate.mcse], &[unit]);
}

fn statistics(rows: &mut Records, key: &[&str; 4], distribution: &Distribution, unit: &str) {
    let [town, scenario, year, quantity] = *key;
    let mut add = |name: &str, e: Estimate| estimate(rows, &[town, scenario, year, quantity, name], e, unit);
    add("mean", distribution.mean);
    if let Some(mean) = distribution.mean_cv {
        add("mean_cv", mean);
    }
    add("sd", distribution.sd);
    add("min", Estimate::exact(distribution.min));
    add("max", Estimate::exact(distribution.max));
    for ((name, quantile), open) in
        QUANTILE_NAMES.iter().zip(distribution.quantiles).zip(distribution.open_ended)
    {
        if open { add(&format!("{name}_bound"), quantile) } else { add(name, quantile) }
    }
}

/// summary.csv: town, scenario, year, quantity, statistic, value, mcse, unit. A quantile that is only a
/// bound (it lies in an end bin of the histogram) has `_bound` after its name. `mean_cv` is the mean by control
/// variates, where there are any; no other statistic is adjusted. `plan` is the value of the
/// plan without chance; `input_share` the share of the variance that comes from missing inputs;
/// `observed_prices` and `all_prices` the change since the base year, on the link scale, that comes from
/// prices observed so far and from all prices.
pub fn summary(results: &Results) -> String {
    let mut rows =
        Records::new(&["town", "scenario", "year", "quantity", "statistic", "value", "mcse", "unit"]);
    for (town, scenario, t, year) in cells(results) {
        let year = year.to_string();
        for (q, quantity) in results.quantities.iter().enumerate() {
            let key = [town.id.as_str(), &scenario.id, &year, &quantity.id];
            statistics(&mut rows, &key, &scenario.years[t].quantities[q], &quantity.unit);
            let mut exact = |name: &str, value: f64, unit: &str| {
                let [town, scenario, year, quantity] = key;
                estimate(&mut rows, &[town, scenario, year, quantity, name], Estimate::exact(value), unit);
            };
            exact("plan", scenario.plan[q][t], &quantity.unit);
            if let Some(shares) = &scenario.input_share {
                exact("input_share", shares[q][t], "share");
            }
            if let crate::analyse::QuantityKind::Driver(i) = quantity.kind {
                exact("observed_prices", scenario.observed_prices[i][t], "link scale");
                exact("all_prices", scenario.all_prices[i][t], "link scale");
            }
        }
    }
    rows.finish()
}

/// distributions.csv: town, scenario, year, quantity, `bin_low`, `bin_high`, count; the base year, every
/// fifth year and the horizon; eight of the engine's 512 bins in one.
pub fn distributions(results: &Results) -> String {
    let mut rows = Records::new(&["town", "scenario", "year", "quantity", "bin_low", "bin_high", "count"]);
    let last = results.setup.years.len() - 1;
    for (town, scenario, t, year) in cells(results).filter(|c| c.2 == 0 || c.2 == last || c.3 % 5 == 0) {
        let year = year.to_string();
        for (q, quantity) in results.quantities.iter().enumerate() {
            for bin in merged(&scenario.years[t].quantities[q].bins.to_vec()) {
                let key = [town.id.as_str(), &scenario.id, &year, &quantity.id];
                rows.row(&key, &[&bin.low, &bin.high, &bin.count], &[]);
            }
        }
    }
    rows.finish()
}

/// Neighbouring bins in groups; counted values stay apart.
fn merged(bins: &[Bin]) -> Vec<Bin> {
    if bins.iter().any(|b| b.low == b.high) {
        return bins.to_vec();
    }
    let group =
        |g: &[Bin]| Bin { low: g[0].low, high: g[g.len() - 1].high, count: g.iter().map(|b| b.count).sum() };
    bins.chunks(BINS_MERGED).map(group).filter(|b| b.count > 0).collect()
}

/// classes.csv: town, scenario, year, composite, class, probability, mcse. Where runs leave a composite undefined,
/// `undefined` stands beside its classes; all add up to 1.
pub fn classes(results: &Results) -> String {
    let mut rows = Records::new(&["town", "scenario", "year", "composite", "class", "probability", "mcse"]);
    for (town, scenario, t, year) in cells(results) {
        let year = year.to_string();
        for (composite, shares) in results.scaled.iter().zip(&scenario.years[t].classes) {
            for (class, share) in composite.classes.iter().zip(shares) {
                let key = [town.id.as_str(), &scenario.id, &year, &composite.symbol, &class.id];
                rows.row(&key, &[&share.value, &share.mcse], &[]);
            }
        }
        for (composite, share) in results.scaled.iter().zip(&scenario.years[t].undefined) {
            if share.value > 0.0 {
                let key = [town.id.as_str(), &scenario.id, &year, &composite.symbol, "undefined"];
                rows.row(&key, &[&share.value, &share.mcse], &[]);
            }
        }
    }
    rows.finish()
}

/// choice.csv: town, scenario (the path that is followed), year, candidate (the scenario that is voted for),
/// statistic, value, mcse. The margin is that of the vote as a whole and has no candidate, nor has `undefined`, the
/// share of runs without a lead where there are any: with the shares of the lead it adds up to 1.
pub fn choice(results: &Results) -> String {
    let mut rows = Records::new(&["town", "scenario", "year", "candidate", "statistic", "value", "mcse"]);
    for (town, scenario, t, year) in cells(results) {
        let year = year.to_string();
        let cell = &scenario.years[t];
        let mut add = |candidate: &str, statistic: &str, e: Estimate| {
            let key = [town.id.as_str(), &scenario.id, &year, candidate, statistic];
            rows.row(&key, &[&e.value, &e.mcse], &[]);
        };
        for (s, (candidate, _)) in results.candidates.iter().enumerate() {
            add(candidate, "votes", cell.votes[s]);
            add(candidate, "lead_share", cell.lead[s]);
            add(candidate, "lead_alone", cell.lead_alone[s]);
            add(candidate, "lead_among", cell.lead_among[s]);
        }
        if cell.no_lead.value > 0.0 {
            add("", "undefined", cell.no_lead);
        }
        add("", "margin", cell.margin);
    }
    rows.finish()
}

/// paired.csv: town, scenario, year, quantity, statistic, value, mcse, unit: the difference to the reference
/// scenario, run by run; `better` is the probability of being better, ties counting half.
pub fn paired(results: &Results) -> String {
    let mut rows =
        Records::new(&["town", "scenario", "year", "quantity", "statistic", "value", "mcse", "unit"]);
    for (town, scenario, t, year) in cells(results) {
        let year = year.to_string();
        for pair in scenario.paired.iter().flat_map(|years| &years[t]) {
            let quantity = &results.quantities[pair.quantity];
            let key = [town.id.as_str(), &scenario.id, &year, &quantity.id];
            statistics(&mut rows, &key, &pair.difference, &quantity.unit);
            if let Some(better) = pair.better {
                let [town, scenario, year, quantity] = key;
                estimate(&mut rows, &[town, scenario, year, quantity, "better"], better, "probability");
            }
        }
    }
    rows.finish()
}

/// `first_passage.csv`: town, scenario, year, outcome, statistic, value, mcse: the probability that the outcome
/// happens first in that year, and up to it.
pub fn first_passage(results: &Results) -> String {
    let mut rows = Records::new(&["town", "scenario", "year", "outcome", "statistic", "value", "mcse"]);
    for (town, scenario, t, year) in cells(results) {
        let year = year.to_string();
        for ((outcome, _), years) in results.first_passages.iter().zip(&scenario.first_passage) {
            let so_far = so_far(years, results.setup.runs);
            for (statistic, e) in [("first_in_year", years[t]), ("so_far", so_far[t])] {
                let key = [town.id.as_str(), &scenario.id, &year, outcome, statistic];
                rows.row(&key, &[&e.value, &e.mcse], &[]);
            }
        }
    }
    rows.finish()
}

/// together.csv: scenario, year, outcome, towns, statistic, value, mcse: the probability that by the end of the
/// year just so many of the towns that were run have reached the outcome, and that so many or more have, in
/// the same run.
pub fn together(results: &Results) -> String {
    let mut rows = Records::new(&["scenario", "year", "outcome", "towns", "statistic", "value", "mcse"]);
    for joint in &results.together {
        let outcome = &results.first_passages[joint.outcome].0;
        for (year, counts) in results.setup.years.iter().zip(&joint.years) {
            let year = year.to_string();
            for (statistic, shares) in [("exactly", &counts.exactly), ("at_least", &counts.at_least)] {
                for (k, e) in shares.iter().enumerate() {
                    let key = [joint.scenario.as_str(), &year, outcome, &k.to_string(), statistic];
                    rows.row(&key, &[&e.value, &e.mcse], &[]);
                }
            }
        }
    }
    rows.finish()
}

/// split.csv: town, scenario, year, part, value, mcse, unit: what moved the mono-profile share since the base
/// year.
pub fn split(results: &Results) -> String {
    let mut rows = Records::new(&["town", "scenario", "year", "part", "value", "mcse", "unit"]);
    for (town, scenario, t, year) in cells(results) {
        let year = year.to_string();
        let s = &scenario.split[t];
        let parts = [
            ("change", s.change, "percentage points"),
            ("enterprise", s.enterprise, "percentage points"),
            ("other", s.other, "percentage points"),
            ("logit_change", s.logit_change, "logit"),
            ("logit_plan", s.logit_plan, "logit"),
            ("logit_price", s.logit_price, "logit"),
            ("logit_events", s.logit_events, "logit"),
            ("logit_deviation", s.logit_deviation, "logit"),
            ("logit_other", s.logit_other, "logit"),
        ];
        for (part, e, unit) in parts {
            estimate(&mut rows, &[&town.id, &scenario.id, &year, part], e, unit);
        }
    }
    rows.finish()
}

/// resilience.csv: town, rank, `rank_to`, scenario, never, mcse, worst: the probability of never meeting the last
/// resort's conditions by the horizon. Towns are ranked by the worst scenario of each; those whose order the
/// runs do not settle share the ranks from `rank` to `rank_to`.
pub fn resilience(results: &Results) -> String {
    let mut rows = Records::new(&["town", "rank", "rank_to", "scenario", "never", "mcse", "worst"]);
    for ranked in ranking(results) {
        let town = &results.towns[ranked.town];
        for (s, (scenario, never)) in town.scenarios.iter().zip(&ranked.never).enumerate() {
            let (first, last) = ranked.ranks;
            let worst = if s == ranked.worst { "yes" } else { "no" };
            let key = [town.id.as_str(), &first.to_string(), &last.to_string(), &scenario.id];
            rows.row(&key, &[&never.value, &never.mcse], &[worst]);
        }
    }
    rows.finish()
}

/// prices.csv: commodity, year, series, statistic, value, mcse, unit: real annual averages. `observed` is what
/// was observed; `all` the runs (the first [`crate::analyse::Prices::runs`] of them); `walk` and `reverting`
/// the same runs, all taken along one branch; `stress` what a stress multiplies the price by.
pub fn prices(results: &Results) -> String {
    let mut rows = Records::new(&["commodity", "year", "series", "statistic", "value", "mcse", "unit"]);
    for commodity in &results.prices.commodities {
        let (id, unit) = (&commodity.id, commodity.unit.as_str());
        for (year, price) in &commodity.observed {
            let key = [id.as_str(), &year.to_string(), "observed", "average"];
            estimate(&mut rows, &key, Estimate::exact(*price), unit);
        }
        let series = [
            ("all", Some(&commodity.all)),
            ("walk", commodity.walk.as_ref()),
            ("reverting", commodity.reverting.as_ref()),
        ];
        for (name, fan) in series {
            for (year, prices) in results.setup.years.iter().zip(fan.into_iter().flatten()) {
                let year = year.to_string();
                for (quantile, e) in QUANTILE_NAMES.iter().zip(prices.quantiles) {
                    estimate(&mut rows, &[id, &year, name, quantile], e, unit);
                }
            }
        }
        for (year, factor) in results.setup.years.iter().zip(&commodity.stress).filter(|(_, f)| **f != 1.0) {
            let key = [id.as_str(), &year.to_string(), "stress", "factor"];
            estimate(&mut rows, &key, Estimate::exact(*factor), "share");
        }
    }
    rows.finish()
}

/// `price_comovement.csv`: a, b, listed, realised, history, `history_low`, `history_high`, `history_changes`:
/// correlations of the yearly changes of annual averages. `listed` is the case's, `realised` that of the runs by the
/// closed form, `history` that of the observed years with its 95 % interval. A cell is empty where there is none.
pub fn price_comovement(results: &Results) -> String {
    let mut rows = Records::new(&[
        "a",
        "b",
        "listed",
        "realised",
        "history",
        "history_low",
        "history_high",
        "history_changes",
    ]);
    let cell = |x: Option<f64>| x.map_or_else(String::new, |x| x.to_string());
    for p in &results.prices.correlations {
        let [low, high] = [p.history_interval.map(|i| i.0), p.history_interval.map(|i| i.1)].map(cell);
        let (realised, history) = (cell(p.realised), cell(p.history));
        rows.row(&[&p.a, &p.b], &[&p.listed, &realised, &history, &low, &high, &p.history_changes], &[]);
    }
    rows.finish()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::test_double;

    /// The first lines of a table of the made-up results.
    fn head(table: fn(&Results) -> String, lines: usize) -> String {
        table(&test_double::results()).split_inclusive('\n').take(lines).collect()
    }

    #[test]
    fn the_summary_marks_bounds_and_ends_with_what_belongs_to_no_distribution() {
        assert_eq!(
            head(summary, 18),
            "\
town,scenario,year,quantity,statistic,value,mcse,unit
aksu,steady,2021,TDea,mean,20,0.1,index
aksu,steady,2021,TDea,sd,2,0.05,index
aksu,steady,2021,TDea,min,14,0,index
aksu,steady,2021,TDea,max,26,0,index
aksu,steady,2021,TDea,q010_bound,15,0.1,index
aksu,steady,2021,TDea,q025,16,0.1,index
aksu,steady,2021,TDea,q050,17,0.1,index
aksu,steady,2021,TDea,q100,18,0.1,index
aksu,steady,2021,TDea,q250,19,0.1,index
aksu,steady,2021,TDea,q500,20,0.1,index
aksu,steady,2021,TDea,q750,21,0.1,index
aksu,steady,2021,TDea,q900,22,0.1,index
aksu,steady,2021,TDea,q950,23,0.1,index
aksu,steady,2021,TDea,q975,24,0.1,index
aksu,steady,2021,TDea,q990,25,0.1,index
aksu,steady,2021,TDea,plan,20.5,0,index
aksu,steady,2021,unemployment,mean,5,0.1,%
"
        );
        let all = summary(&test_double::results());
        assert!(all.contains("aksu,steady,2035,unemployment,observed_prices,0.125,0,link scale\n"));
        assert!(all.contains("aksu,steady,2035,unemployment,all_prices,0.25,0,link scale\n"));
        assert!(all.ends_with("belsu,bold,2035,unemployed,input_share,0.25,0,share\n"));
        assert!(!all.contains("aksu,bold,2035,unemployed,input_share"), "aksu misses no inputs");
    }

    #[test]
    fn quantile_names_are_their_probability_in_per_mille() {
        for (name, p) in QUANTILE_NAMES.iter().zip(QUANTILES) {
            assert_eq!(name[1..].parse::<f64>().unwrap() / 1000.0, p);
        }
    }

    #[test]
    fn numbers_read_back_exactly() {
        let mut results = test_double::results();
        let value = 0.1 + 0.2;
        results.towns[0].scenarios[0].years[0].quantities[0].mean = test_double::estimate(value, 1.0 / 3.0);
        let line = summary(&results).lines().nth(1).unwrap().to_owned();
        let numbers: Vec<f64> = line.split(',').skip(5).take(2).map(|x| x.parse().unwrap()).collect();
        assert_eq!(numbers, [value, 1.0 / 3.0]);
    }

    #[test]
    fn histograms_leave_empty_bins_out_and_lose_no_run() {
        let bin = |k: usize| Bin { low: k as f64, high: k as f64 + 1.0, count: k as u64 % 100 };
        let bins: Vec<Bin> = (0..509).map(bin).collect();
        let joined = merged(&bins);
        assert_eq!(joined.iter().map(|b| b.count).sum::<u64>(), bins.iter().map(|b| b.count).sum::<u64>());
        assert_eq!((joined[0].low, joined[joined.len() - 1].high), (0.0, 509.0));
        let counted: Vec<Bin> = (0..100).map(|k| Bin { low: k as f64, high: k as f64, count: 1 }).collect();
        assert_eq!(merged(&counted), counted);
        assert_eq!(
            head(distributions, 3),
            "\
town,scenario,year,quantity,bin_low,bin_high,count
aksu,steady,2021,TDea,14,26,1000
aksu,steady,2021,unemployment,-1,11,1000
"
        );
    }

    #[test]
    fn classes_stand_from_the_lowest_to_the_highest() {
        assert_eq!(
            head(classes, 4),
            "\
town,scenario,year,composite,class,probability,mcse
aksu,steady,2021,TDea,low,0.1,0.01
aksu,steady,2021,TDea,average,0.7,0.02
aksu,steady,2021,TDea,high,0.2,0.01
"
        );
        assert_eq!(classes(&test_double::results()).lines().count(), 1 + 2 * 2 * 2 * 3);
    }

    #[test]
    fn each_path_says_what_speaks_for_each_candidate() {
        assert_eq!(
            head(choice, 10),
            "\
town,scenario,year,candidate,statistic,value,mcse
aksu,steady,2021,steady,votes,2,0.1
aksu,steady,2021,steady,lead_share,0.3,0.004
aksu,steady,2021,steady,lead_alone,0.2,0.004
aksu,steady,2021,steady,lead_among,0.4,0.004
aksu,steady,2021,bold,votes,3,0.1
aksu,steady,2021,bold,lead_share,0.7,0.004
aksu,steady,2021,bold,lead_alone,0.6,0.004
aksu,steady,2021,bold,lead_among,0.8,0.004
aksu,steady,2021,,margin,1.5,0.02
"
        );
    }

    #[test]
    fn only_scenarios_beside_the_reference_have_differences() {
        let all = paired(&test_double::results());
        assert_eq!(all.lines().count(), 1 + 2 * 2 * 16);
        assert!(all.lines().skip(1).all(|line| line.split(',').nth(1) == Some("bold")));
        assert_eq!(all.lines().nth(1), Some("aksu,bold,2021,unemployment,mean,-1,0.1,%"));
        assert_eq!(all.lines().nth(16), Some("aksu,bold,2021,unemployment,better,0.83,0.004,probability"));
    }

    #[test]
    fn first_years_add_up_over_time() {
        let all = first_passage(&test_double::results());
        assert!(all.contains("aksu,steady,2035,distress,first_in_year,0.2,0.001\n"));
        assert!(all.contains("aksu,steady,2035,distress,so_far,0.2,0.012"));
    }

    #[test]
    fn the_ranking_has_a_row_a_scenario_and_shared_ranks() {
        let all = resilience(&test_double::results());
        // Both towns of the made-up results come to distress in a fifth of the runs.
        assert!(all.contains("aksu,1,2,steady,0.8,0.012"), "{all}");
        assert!(all.contains(",yes\n") && all.contains("belsu,1,2,bold,0.8,"), "{all}");
        assert_eq!(all.lines().count(), 1 + 2 * 2);
    }

    #[test]
    fn prices_stand_observed_then_simulated_then_by_branch_and_a_stress_last() {
        let all = prices(&test_double::results());
        assert_eq!(all.lines().count(), 1 + 2 + 3 * 2 * 11 + 1);
        for line in [
            "copper,2021,observed,average,100,0,\"$/t, real\"",
            "copper,2035,all,q500,60,0.5,\"$/t, real\"",
            "copper,2035,reverting,q025,61,0.5,\"$/t, real\"",
            "copper,2035,stress,factor,0.5,0,share",
        ] {
            assert!(all.lines().any(|l| l == line), "{line}");
        }
    }

    #[test]
    fn price_correlations_stand_beside_each_other_and_what_there_is_not_is_empty() {
        assert_eq!(
            price_comovement(&test_double::results()),
            "a,b,listed,realised,history,history_low,history_high,history_changes\n\
             copper,zinc,0.75,0.7,0.5,-0.2,0.9,12\ncopper,lead,0.5,,,,,1\n"
        );
    }

    #[test]
    fn towns_together_are_counted_from_none_to_all() {
        let all = together(&test_double::results());
        assert_eq!(all.lines().count(), 1 + 2 * 2 * 3);
        assert!(all.contains("steady,2035,distress,2,exactly,0.25,0.01\n"));
        assert!(all.contains("steady,2035,distress,1,at_least,0.55,0.01\n"));
    }

    #[test]
    fn the_split_says_its_scale() {
        let all = split(&test_double::results());
        assert_eq!(all.lines().count(), 1 + 2 * 2 * 2 * 9);
        assert!(all.contains("aksu,steady,2035,enterprise,-4.5,0.1,percentage points\n"));
        assert!(all.contains("aksu,steady,2035,logit_price,-0.3,0.01,logit\n"));
    }
}
