//! Results as tidy CSV: ids only, numbers that read back exactly, rows in the order of the results.

mod decomposition;
mod outcomes;
mod prices;
mod quantities;
mod rows;
mod votes;

#[cfg(test)]
mod tests;

pub use decomposition::split;
pub use outcomes::{first_passage, resilience, together};
pub use prices::{price_comovement, prices};
pub use quantities::{distributions, paired, summary};
pub use rows::QUANTILE_NAMES;
pub use votes::{choice, classes};
