//! What the method says of one town at one set of inputs.

use super::{Evaluator, Lead, all_defined, lead, votes};
use crate::case::{Case, class_of};

/// Values, classes, votes and lead of one town at one set of inputs.
#[derive(Debug, Clone, PartialEq)]
pub struct Score {
    /// Value of each sub-indicator of the method.
    pub sub_indicators: Vec<f64>,
    /// Value of each composite of the method, intermediate ones included.
    pub composites: Vec<f64>,
    /// For each composite, the index of its class in its scale; none for an intermediate one, and for one that is
    /// undefined.
    pub classes: Vec<Option<usize>>,
    /// Votes for each scenario; an undefined composite has none.
    pub votes: Vec<u32>,
    /// Who leads; nobody where a composite is undefined.
    pub lead: Lead,
}

impl Score {
    /// The score of given inputs.
    pub fn of(case: &Case, evaluator: &Evaluator, sub_indicators: Vec<f64>) -> Self {
        let composites = evaluator.composites(&sub_indicators);
        let classes = case.method.composites.iter().zip(&composites);
        let classes = classes.map(|(c, x)| class_of(c.scale.as_deref()?, *x)).collect();
        Self::from_classes(case, sub_indicators, composites, classes)
    }

    /// The score of given classes: counts the votes and finds the leaders.
    pub fn from_classes(
        case: &Case,
        sub_indicators: Vec<f64>,
        composites: Vec<f64>,
        classes: Vec<Option<usize>>,
    ) -> Self {
        let votes = votes(&case.method, &classes, case.scenarios.len());
        let lead = if all_defined(&case.method, &classes) { lead(&votes) } else { Lead::nobody(&votes) };
        Self { sub_indicators, composites, classes, votes, lead }
    }
}
