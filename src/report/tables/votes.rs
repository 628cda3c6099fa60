//! Classes, and what they vote for.

use super::rows::{cells, ends};
use crate::analyse::{Estimate, Results};
use crate::report::records::Records;

/// classes.csv: town, scenario, year, composite, class, probability, mcse, low, high. Where runs leave a composite undefined,
/// `undefined` stands beside its classes; all add up to 1.
pub fn classes(results: &Results) -> String {
    let mut rows = Records::new(&[
        "town",
        "scenario",
        "year",
        "composite",
        "class",
        "probability",
        "mcse",
        "low",
        "high",
    ]);
    for (town, scenario, t, year) in cells(results) {
        let year = year.to_string();
        for (composite, shares) in results.scaled.iter().zip(&scenario.years[t].classes) {
            for (class, share) in composite.classes.iter().zip(shares) {
                let key = [town.id.as_str(), &scenario.id, &year, &composite.symbol, &class.id];
                let (low, high) = ends(*share);
                rows.row(&key, &[&share.value, &share.mcse, &low, &high], &[]);
            }
        }
        for (composite, share) in results.scaled.iter().zip(&scenario.years[t].undefined) {
            if share.value > 0.0 {
                let key = [town.id.as_str(), &scenario.id, &year, &composite.symbol, "undefined"];
                let (low, high) = ends(*share);
                rows.row(&key, &[&share.value, &share.mcse, &low, &high], &[]);
            }
        }
    }
    rows.finish()
}

/// choice.csv: town, scenario (the path that is followed), year, candidate (the scenario that is voted for),
/// statistic, value, mcse, low, high. The margin is that of the vote as a whole and has no candidate, nor has `undefined`, the
/// share of runs without a lead where there are any: with the shares of the lead it adds up to 1.
pub fn choice(results: &Results) -> String {
    let mut rows =
        Records::new(&["town", "scenario", "year", "candidate", "statistic", "value", "mcse", "low", "high"]);
    for (town, scenario, t, year) in cells(results) {
        let year = year.to_string();
        let cell = &scenario.years[t];
        let mut add = |candidate: &str, statistic: &str, e: Estimate| {
            let key = [town.id.as_str(), &scenario.id, &year, candidate, statistic];
            let (low, high) = ends(e);
            rows.row(&key, &[&e.value, &e.mcse, &low, &high], &[]);
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
