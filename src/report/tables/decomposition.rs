//! What moved the mono-profile share.

use super::rows::{cells, estimate, header};
use crate::analyse::Results;
use crate::report::records::Records;

/// split.csv: town, scenario, year, part, then the columns of summary.csv: what moved the mono-profile share since
/// the base year.
pub fn split(results: &Results) -> String {
    let mut rows = Records::new(&header(&["town", "scenario", "year", "part"]));
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
