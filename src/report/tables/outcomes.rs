//! Outcomes: when they come, in how many towns at once, and who withstands.

use super::rows::{cells, ends};
use crate::analyse::{Results, ranking, so_far};
use crate::report::records::Records;

/// `first_passage.csv`: town, scenario, year, outcome, statistic, value, mcse, low, high: the probability that the
/// outcome happens first in that year, and up to it.
pub fn first_passage(results: &Results) -> String {
    let mut rows =
        Records::new(&["town", "scenario", "year", "outcome", "statistic", "value", "mcse", "low", "high"]);
    for (town, scenario, t, year) in cells(results) {
        let year = year.to_string();
        for ((outcome, _), years) in results.first_passages.iter().zip(&scenario.first_passage) {
            let so_far = so_far(years, results.setup.runs);
            for (statistic, e) in [("first_in_year", &years[t]), ("so_far", &so_far[t])] {
                let key = [town.id.as_str(), &scenario.id, &year, outcome, statistic];
                let (low, high) = ends(*e);
                rows.row(&key, &[&e.value, &e.mcse, &low, &high], &[]);
            }
        }
    }
    rows.finish()
}

/// together.csv: scenario, year, outcome, towns, statistic, value, mcse, low, high: the probability that by the end
/// of the year just so many of the towns that were run have reached the outcome, and that so many or more have, in
/// the same run.
pub fn together(results: &Results) -> String {
    let mut rows =
        Records::new(&["scenario", "year", "outcome", "towns", "statistic", "value", "mcse", "low", "high"]);
    for joint in &results.together {
        let outcome = &results.first_passages[joint.outcome].0;
        for (year, counts) in results.setup.years.iter().zip(&joint.years) {
            let year = year.to_string();
            for (statistic, shares) in [("exactly", &counts.exactly), ("at_least", &counts.at_least)] {
                for (k, e) in shares.iter().enumerate() {
                    let key = [joint.scenario.as_str(), &year, outcome, &k.to_string(), statistic];
                    let (low, high) = ends(*e);
                    rows.row(&key, &[&e.value, &e.mcse, &low, &high], &[]);
                }
            }
        }
    }
    rows.finish()
}

/// resilience.csv: town, rank, `rank_to`, scenario, never, mcse, low, high, worst: the probability of never meeting
/// the last resort's conditions by the horizon. Towns are ranked by the worst scenario of each; those whose order the
/// runs do not settle share the ranks from `rank` to `rank_to`.
pub fn resilience(results: &Results) -> String {
    let mut rows =
        Records::new(&["town", "rank", "rank_to", "scenario", "never", "mcse", "low", "high", "worst"]);
    for ranked in ranking(results) {
        let town = &results.towns[ranked.town];
        for (s, (scenario, never)) in town.scenarios.iter().zip(&ranked.never).enumerate() {
            let (first, last) = ranked.ranks;
            let worst = if s == ranked.worst { "yes" } else { "no" };
            let key = [town.id.as_str(), &first.to_string(), &last.to_string(), &scenario.id];
            let (low, high) = ends(*never);
            rows.row(&key, &[&never.value, &never.mcse, &low, &high], &[worst]);
        }
    }
    rows.finish()
}
