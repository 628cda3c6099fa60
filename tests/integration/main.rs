//! The integration tests: one binary.

mod assess;
mod audit;
