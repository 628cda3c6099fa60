//! Results as tidy CSV: ids only, numbers that read back exactly, rows in the order of the results.

use std::fmt::Write as _;

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

struct Rows(String);

impl Rows {
    fn new(header: &str) -> Self {
        Self(format!("{header}\n"))
    }

    fn estimate(&mut self, key: &str, estimate: Estimate, unit: &str) {
        // Writing to a string cannot fail.
        let _ =
            writeln!(self.0, "{key},{},{},{}", number(estimate.value), number(estimate.mcse), quoted(unit));
    }
}

/// A number that reads back exactly; nothing for what is undefined.
fn number(x: f64) -> String {
    if x.is_finite() { x.to_string() } else { String::new() }
}

/// A cell in quotes where it needs them.
fn quoted(text: &str) -> String {
    if text.contains([',', '"']) { format!("\"{}\"", text.replace('"', "\"\"")) } else { text.to_owned() }
}

fn statistics(rows: &mut Rows, key: &str, distribution: &Distribution, unit: &str) {
    rows.estimate(&format!("{key},mean"), distribution.mean, unit);
    if let Some(mean) = distribution.mean_cv {
        rows.estimate(&format!("{key},mean_cv"), mean, unit);
    }
    rows.estimate(&format!("{key},sd"), distribution.sd, unit);
    rows.estimate(&format!("{key},min"), Estimate::exact(distribution.min), unit);
    rows.estimate(&format!("{key},max"), Estimate::exact(distribution.max), unit);
    for ((name, quantile), open) in
        QUANTILE_NAMES.iter().zip(distribution.quantiles).zip(distribution.open_ended)
    {
        let mark = if open { "_bound" } else { "" };
        rows.estimate(&format!("{key},{name}{mark}"), quantile, unit);
    }
}

/// summary.csv: town, scenario, year, quantity, statistic, value, mcse, unit. A quantile that is only a
/// bound (it lies in an end bin of the histogram) has `_bound` after its name. `mean_cv` is the mean by control
/// variates, where there are any; no other statistic is adjusted. `plan` is the value of the
/// plan without chance; `input_share` the share of the variance that comes from missing inputs;
/// `observed_prices` and `all_prices` the change since the base year, on the link scale, that comes from
/// prices observed so far and from all prices.
pub fn summary(results: &Results) -> String {
    let mut rows = Rows::new("town,scenario,year,quantity,statistic,value,mcse,unit");
    for (town, scenario, t, year) in cells(results) {
        for (q, quantity) in results.quantities.iter().enumerate() {
            let key = format!("{},{},{year},{}", town.id, scenario.id, quantity.id);
            statistics(&mut rows, &key, &scenario.years[t].quantities[q], &quantity.unit);
            rows.estimate(&format!("{key},plan"), Estimate::exact(scenario.plan[q][t]), &quantity.unit);
            if let Some(shares) = &scenario.input_share {
                rows.estimate(&format!("{key},input_share"), Estimate::exact(shares[q][t]), "share");
            }
            if let crate::analyse::QuantityKind::Driver(i) = quantity.kind {
                let observed = Estimate::exact(scenario.observed_prices[i][t]);
                rows.estimate(&format!("{key},observed_prices"), observed, "link scale");
                rows.estimate(
                    &format!("{key},all_prices"),
                    Estimate::exact(scenario.all_prices[i][t]),
                    "link scale",
                );
            }
        }
    }
    rows.0
}

/// distributions.csv: town, scenario, year, quantity, `bin_low`, `bin_high`, count; the base year, every
/// fifth year and the horizon; eight of the engine's 512 bins in one.
pub fn distributions(results: &Results) -> String {
    let mut rows = Rows::new("town,scenario,year,quantity,bin_low,bin_high,count");
    let last = results.setup.years.len() - 1;
    for (town, scenario, t, year) in cells(results).filter(|c| c.2 == 0 || c.2 == last || c.3 % 5 == 0) {
        for (q, quantity) in results.quantities.iter().enumerate() {
            for bin in merged(&scenario.years[t].quantities[q].bins.to_vec()) {
                let (low, high, count) = (bin.low, bin.high, bin.count);
                let _ = writeln!(
                    rows.0,
                    "{},{},{year},{},{low},{high},{count}",
                    town.id, scenario.id, quantity.id
                );
            }
        }
    }
    rows.0
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
    let mut rows = Rows::new("town,scenario,year,composite,class,probability,mcse");
    for (town, scenario, t, year) in cells(results) {
        for (composite, shares) in results.scaled.iter().zip(&scenario.years[t].classes) {
            for (class, share) in composite.classes.iter().zip(shares) {
                let (p, e) = (share.value, share.mcse);
                let _ = writeln!(
                    rows.0,
                    "{},{},{year},{},{},{p},{e}",
                    town.id, scenario.id, composite.symbol, class.id
                );
            }
        }
        for (composite, share) in results.scaled.iter().zip(&scenario.years[t].undefined) {
            if share.value > 0.0 {
                let (p, e) = (share.value, share.mcse);
                let key = format!("{},{},{year},{}", town.id, scenario.id, composite.symbol);
                let _ = writeln!(rows.0, "{key},undefined,{p},{e}");
            }
        }
    }
    rows.0
}

/// choice.csv: town, scenario (the path that is followed), year, candidate (the scenario that is voted for),
/// statistic, value, mcse. The margin is that of the vote as a whole and has no candidate, nor has `undefined`, the
/// share of runs without a lead where there are any: with the shares of the lead it adds up to 1.
pub fn choice(results: &Results) -> String {
    let mut rows = Rows::new("town,scenario,year,candidate,statistic,value,mcse");
    for (town, scenario, t, year) in cells(results) {
        let cell = &scenario.years[t];
        let mut add = |candidate: &str, statistic: &str, e: Estimate| {
            let key = format!("{},{},{year},{candidate},{statistic}", town.id, scenario.id);
            let _ = writeln!(rows.0, "{key},{},{}", number(e.value), number(e.mcse));
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
    rows.0
}

/// paired.csv: town, scenario, year, quantity, statistic, value, mcse, unit: the difference to the reference
/// scenario, run by run; `better` is the probability of being better, ties counting half.
pub fn paired(results: &Results) -> String {
    let mut rows = Rows::new("town,scenario,year,quantity,statistic,value,mcse,unit");
    for (town, scenario, t, year) in cells(results) {
        for pair in scenario.paired.iter().flat_map(|years| &years[t]) {
            let quantity = &results.quantities[pair.quantity];
            let key = format!("{},{},{year},{}", town.id, scenario.id, quantity.id);
            statistics(&mut rows, &key, &pair.difference, &quantity.unit);
            if let Some(better) = pair.better {
                rows.estimate(&format!("{key},better"), better, "probability");
            }
        }
    }
    rows.0
}

/// `first_passage.csv`: town, scenario, year, outcome, statistic, value, mcse: the probability that the outcome
/// happens first in that year, and up to it.
pub fn first_passage(results: &Results) -> String {
    let mut rows = Rows::new("town,scenario,year,outcome,statistic,value,mcse");
    for (town, scenario, t, year) in cells(results) {
        for ((outcome, _), years) in results.first_passages.iter().zip(&scenario.first_passage) {
            let so_far = so_far(years, results.setup.runs);
            for (statistic, e) in [("first_in_year", years[t]), ("so_far", so_far[t])] {
                let key = format!("{},{},{year},{outcome},{statistic}", town.id, scenario.id);
                let _ = writeln!(rows.0, "{key},{},{}", e.value, e.mcse);
            }
        }
    }
    rows.0
}

/// together.csv: scenario, year, outcome, towns, statistic, value, mcse: the probability that by the end of the
/// year just so many of the towns that were run have reached the outcome, and that so many or more have, in
/// the same run.
pub fn together(results: &Results) -> String {
    let mut rows = Rows::new("scenario,year,outcome,towns,statistic,value,mcse");
    for joint in &results.together {
        let outcome = &results.first_passages[joint.outcome].0;
        for (year, counts) in results.setup.years.iter().zip(&joint.years) {
            for (statistic, shares) in [("exactly", &counts.exactly), ("at_least", &counts.at_least)] {
                for (k, e) in shares.iter().enumerate() {
                    let key = format!("{},{year},{outcome},{k},{statistic}", joint.scenario);
                    let _ = writeln!(rows.0, "{key},{},{}", e.value, e.mcse);
                }
            }
        }
    }
    rows.0
}

/// split.csv: town, scenario, year, part, value, mcse, unit: what moved the mono-profile share since the base
/// year.
pub fn split(results: &Results) -> String {
    let mut rows = Rows::new("town,scenario,year,part,value,mcse,unit");
    for (town, scenario, t, year) in cells(results) {
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
        for (part, estimate, unit) in parts {
            rows.estimate(&format!("{},{},{year},{part}", town.id, scenario.id), estimate, unit);
        }
    }
    rows.0
}

/// resilience.csv: town, rank, `rank_to`, scenario, never, mcse, worst: the probability of never meeting the last
/// resort's conditions by the horizon. Towns are ranked by the worst scenario of each; those whose order the
/// runs do not settle share the ranks from `rank` to `rank_to`.
pub fn resilience(results: &Results) -> String {
    let mut rows = Rows::new("town,rank,rank_to,scenario,never,mcse,worst");
    for ranked in ranking(results) {
        let town = &results.towns[ranked.town];
        for (s, (scenario, never)) in town.scenarios.iter().zip(&ranked.never).enumerate() {
            let (first, last) = ranked.ranks;
            let worst = if s == ranked.worst { "yes" } else { "no" };
            let key = format!("{},{first},{last},{}", town.id, scenario.id);
            let _ = writeln!(rows.0, "{key},{},{},{worst}", never.value, never.mcse);
        }
    }
    rows.0
}

/// prices.csv: commodity, year, series, statistic, value, mcse, unit: real annual averages. `observed` is what
/// was observed; `all` the runs (the first [`crate::analyse::Prices::runs`] of them); `walk` and `reverting`
/// the same runs, all taken along one branch; `stress` what a stress multiplies the price by.
pub fn prices(results: &Results) -> String {
    let mut rows = Rows::new("commodity,year,series,statistic,value,mcse,unit");
    for commodity in &results.prices.commodities {
        let (id, unit) = (&commodity.id, commodity.unit.as_str());
        for (year, price) in &commodity.observed {
            rows.estimate(&format!("{id},{year},observed,average"), Estimate::exact(*price), unit);
        }
        let series = [
            ("all", Some(&commodity.all)),
            ("walk", commodity.walk.as_ref()),
            ("reverting", commodity.reverting.as_ref()),
        ];
        for (name, fan) in series {
            for (year, prices) in results.setup.years.iter().zip(fan.into_iter().flatten()) {
                for (quantile, estimate) in QUANTILE_NAMES.iter().zip(prices.quantiles) {
                    rows.estimate(&format!("{id},{year},{name},{quantile}"), estimate, unit);
                }
            }
        }
        for (year, factor) in results.setup.years.iter().zip(&commodity.stress).filter(|(_, f)| **f != 1.0) {
            rows.estimate(&format!("{id},{year},stress,factor"), Estimate::exact(*factor), "share");
        }
    }
    rows.0
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::fake;

    /// The first lines of a table of the made-up results.
    fn head(table: fn(&Results) -> String, lines: usize) -> String {
        table(&fake::results()).split_inclusive('\n').take(lines).collect()
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
        let all = summary(&fake::results());
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
        let mut results = fake::results();
        let value = 0.1 + 0.2;
        results.towns[0].scenarios[0].years[0].quantities[0].mean = fake::estimate(value, 1.0 / 3.0);
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
        assert_eq!(classes(&fake::results()).lines().count(), 1 + 2 * 2 * 2 * 3);
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
        let all = paired(&fake::results());
        assert_eq!(all.lines().count(), 1 + 2 * 2 * 16);
        assert!(all.lines().skip(1).all(|line| line.split(',').nth(1) == Some("bold")));
        assert_eq!(all.lines().nth(1), Some("aksu,bold,2021,unemployment,mean,-1,0.1,%"));
        assert_eq!(all.lines().nth(16), Some("aksu,bold,2021,unemployment,better,0.83,0.004,probability"));
    }

    #[test]
    fn first_years_add_up_over_time() {
        let all = first_passage(&fake::results());
        assert!(all.contains("aksu,steady,2035,distress,first_in_year,0.2,0.001\n"));
        assert!(all.contains("aksu,steady,2035,distress,so_far,0.2,0.012"));
    }

    #[test]
    fn the_ranking_has_a_row_a_scenario_and_shared_ranks() {
        let all = resilience(&fake::results());
        // Both towns of the made-up results come to distress in a fifth of the runs.
        assert!(all.contains("aksu,1,2,steady,0.8,0.012"), "{all}");
        assert!(all.contains(",yes\n") && all.contains("belsu,1,2,bold,0.8,"), "{all}");
        assert_eq!(all.lines().count(), 1 + 2 * 2);
    }

    #[test]
    fn prices_stand_observed_then_simulated_then_by_branch_and_a_stress_last() {
        let all = prices(&fake::results());
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
    fn towns_together_are_counted_from_none_to_all() {
        let all = together(&fake::results());
        assert_eq!(all.lines().count(), 1 + 2 * 2 * 3);
        assert!(all.contains("steady,2035,distress,2,exactly,0.25,0.01\n"));
        assert!(all.contains("steady,2035,distress,1,at_least,0.55,0.01\n"));
    }

    #[test]
    fn the_split_says_its_scale() {
        let all = split(&fake::results());
        assert_eq!(all.lines().count(), 1 + 2 * 2 * 2 * 9);
        assert!(all.contains("aksu,steady,2035,enterprise,-4.5,0.1,percentage points\n"));
        assert!(all.contains("aksu,steady,2035,logit_price,-0.3,0.01,logit\n"));
    }
}
