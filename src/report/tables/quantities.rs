//! Quantities: their statistics, histograms and differences to the reference.

use super::rows::{cells, estimate, header, statistics};
use crate::analyse::{Bin, Estimate, QuantityKind, Results};
use crate::report::records::Records;

/// Bins of the engine that make one bin of distributions.csv.
const BINS_MERGED: usize = 8;

/// summary.csv: town, scenario, year, quantity, statistic, value, mcse, low, high, unit, mark. `low` and `high` are the
/// ends of the 95 % interval, empty where nothing is left to chance or too few runs tell; `mark` is that of
/// [`crate::analyse::Mark`]. `mean_cv` is the mean by control
/// variates, where there are any; no other statistic is adjusted. `plan` is the value of the
/// plan without chance; `input_share` the share of the variance that comes from missing inputs;
/// `observed_prices` and `all_prices` the change since the base year, on the link scale, that comes from
/// prices observed so far and from all prices.
pub fn summary(results: &Results) -> String {
    let mut rows = Records::new(&header(&["town", "scenario", "year", "quantity", "statistic"]));
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
            if let QuantityKind::Driver(i) = quantity.kind {
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
pub(super) fn merged(bins: &[Bin]) -> Vec<Bin> {
    if bins.iter().any(|b| b.low == b.high) {
        return bins.to_vec();
    }
    let group =
        |g: &[Bin]| Bin { low: g[0].low, high: g[g.len() - 1].high, count: g.iter().map(|b| b.count).sum() };
    bins.chunks(BINS_MERGED).map(group).filter(|b| b.count > 0).collect()
}

/// paired.csv, with the columns of summary.csv: the difference to the reference
/// scenario, run by run; `better` is the probability of being better, ties counting half.
pub fn paired(results: &Results) -> String {
    let mut rows = Records::new(&header(&["town", "scenario", "year", "quantity", "statistic"]));
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
