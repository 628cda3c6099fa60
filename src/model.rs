//! The dynamics of a town's indicators, compiled from a case.

mod options;

pub use options::{Options, Uncertainty};
