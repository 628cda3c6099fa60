//! What is worth a sentence.

use crate::analyse::{Estimate, Results, ScenarioResults, Split};

/// Smallest change of the mono-profile share, in percentage points, that is worth a sentence.
const WORTH_POINTS: f64 = 1.0;
/// Share of a fall from which the enterprise's part of it is worth a sentence.
const WORTH_SHARE: f64 = 0.25;

/// Probability that an outcome has come by the horizon.
pub(crate) fn reached(results: &Results, scenario: &ScenarioResults, outcome: usize) -> Estimate {
    let runs = results.setup.runs;
    let sum: f64 = scenario.first_passage[outcome].iter().map(|e| e.value).sum();
    Estimate::share((sum * runs as f64).round(), runs)
}

/// True when the enterprise's share of output falls by an amount worth a sentence, beyond the error.
pub(super) fn falls(split: &Split) -> bool {
    split.change.value < -WORTH_POINTS && is_below_zero(split.change)
}

/// True when much of that fall is the enterprise itself producing less, beyond the error.
pub(super) fn wanes(split: &Split) -> bool {
    falls(split)
        && is_below_zero(split.enterprise)
        && split.enterprise.value < WORTH_SHARE * split.change.value
}

/// Below zero beyond its Monte Carlo error.
fn is_below_zero(e: Estimate) -> bool {
    e.value + 2.0 * e.mcse < 0.0
}
