//! Robustness: criteria over alternatives in the same states of the world, and how far they agree.

mod concordance;
mod criteria;

pub use concordance::{Concordance, concordance, ranks};
pub use criteria::{Criteria, Criterion, regrets};
