//! Prices of the commodities.

use super::rows::{QUANTILE_NAMES, estimate, header};
use crate::analyse::{Estimate, Results};
use crate::report::records::Records;

/// prices.csv: commodity, year, series, statistic, then the columns of summary.csv: real annual averages. `observed`
/// is what was observed; `all` the runs (the first [`crate::analyse::Prices::runs`] of them); `walk` and `reverting`
/// the same runs, all taken along one branch; `stress` what a stress multiplies the price by.
pub fn prices(results: &Results) -> String {
    let mut rows = Records::new(&header(&["commodity", "year", "series", "statistic"]));
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
