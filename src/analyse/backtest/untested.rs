//! Which composites, and so which classes and votes, the panel cannot tell: a value of a past year needs every driver
//! that enters it, and indices of the region, of which the panel has no years at all.

use crate::case::{Case, SubIndicatorKind};

/// A composite that cannot be scored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Untested {
    /// Its symbol.
    pub composite: String,
    /// What enters it and has no history: drivers, switches, and `region.<index>`.
    pub lacks: Vec<String>,
}

/// The scaled composites that lack something.
pub(super) fn untested(case: &Case) -> Vec<Untested> {
    let lacks = |symbol: &str| {
        let mut found = Vec::new();
        enters(case, symbol, &mut found);
        found.sort();
        found.dedup();
        found
    };
    let all = case
        .method
        .scaled()
        .map(|(_, c, _)| Untested { composite: c.symbol.clone(), lacks: lacks(&c.symbol) });
    all.filter(|u| !u.lacks.is_empty()).collect()
}

/// Notes what enters a name of the method and has no history.
fn enters(case: &Case, name: &str, found: &mut Vec<String>) {
    let method = &case.method;
    let formula = if let Some(c) = method.composites.iter().find(|c| c.symbol == name) {
        &c.formula
    } else if let Some(s) = method.sub_indicators.iter().find(|s| s.symbol == name) {
        match &s.kind {
            SubIndicatorKind::Formula(formula) => formula,
            // Only events move it, and no panel has its years.
            SubIndicatorKind::Switch => {
                found.push(name.to_owned());
                return;
            }
        }
    } else {
        let driver = case.drivers.iter().find(|d| d.id == name);
        if driver.is_some_and(|d| d.history.is_none()) || name.starts_with("region.") {
            found.push(name.to_owned());
        }
        return;
    };
    for name in formula.names() {
        enters(case, name, found);
    }
}
