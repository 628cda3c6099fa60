//! From an ensemble to findings: estimates with their Monte Carlo errors.
//!
//! Takes a case, a model and its [`crate::engine::Ensemble`]; gives [`Results`].

mod results;

pub use results::{
    Bin, Cell, Distribution, Estimate, MEDIAN, Paired, QUANTILES, Quantity, QuantityKind, Results,
    ScaleClass, ScaledComposite, ScenarioResults, Setup, Split, TownResults,
};
