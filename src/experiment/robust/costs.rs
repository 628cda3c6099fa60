//! What plans cost.

use crate::case::Case;
use crate::model::Model;

/// Cost of each scenario's plan in a town of the options, in the case's own unit: the sum over its lines. Nothing for a
/// scenario none of whose lines states a cost.
pub fn plan_costs(case: &Case, model: &Model, town: usize) -> Vec<Option<f64>> {
    let of = |scenario: &usize| {
        let lines = &case.scenarios[*scenario].plan[model.options.towns[town]];
        let costs: Vec<f64> = lines.iter().filter_map(|line| line.cost).collect();
        (!costs.is_empty()).then(|| costs.iter().sum())
    };
    model.options.scenarios.iter().map(of).collect()
}
