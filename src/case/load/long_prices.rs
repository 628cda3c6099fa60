//! Real annual prices over a long time: `price_long_history.csv`, which a case need not have.

use super::loader::Loader;

/// The file.
const FILE: &str = "price_long_history.csv";

/// Years and averages of each commodity, in their order; empty where the case has no such file.
pub(super) fn read(loader: &mut Loader<'_>, commodities: &[String]) -> Vec<Vec<(i32, f64)>> {
    if !loader.source.files.contains_key(FILE) {
        return vec![Vec::new(); commodities.len()];
    }
    let table = loader.csv(FILE, &["commodity", "year"], &["commodity", "year", "average"]);
    let faults = &mut loader.faults;
    let mut found = vec![Vec::new(); commodities.len()];
    for row in table.iter() {
        let point = (row.year("year", faults), row.number("average", 1e-9, 1e12, faults));
        if let Some(c) = row.id("commodity", commodities, faults) {
            found[c].push(point);
        }
    }
    for (id, series) in commodities.iter().zip(&mut found) {
        series.sort_by_key(|point| point.0);
        for gap in series.windows(2).filter(|w| w[1].0 > w[0].0 + 1) {
            faults.add(FILE, "", format!("{id}: no price between {} and {}", gap[0].0, gap[1].0));
        }
    }
    found
}
