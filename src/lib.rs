//! boljam: a foresight scenario simulator for single-industry towns.
//!
//! Data flows one way, a folder a stage, and a stage uses only earlier ones:
//!
//! | stage | takes | gives |
//! |---|---|---|
//! | [`case`] | TOML and CSV files | a checked [`case::Case`] |
//! | [`assess`] | a case | sub-indicators, composites, classes, votes, the audit |
//! | [`model`] | a case and run options | a compiled [`model::Model`], its closed form |
//! | [`engine`] | a model | an ensemble of runs, as integer counts and exact sums |
//! | [`analyse`] | an ensemble | [`analyse::Results`]: estimates with their Monte Carlo error |
//! | [`report`], [`plot`] | results | tables, text, manifest; pictures |
//!
//! [`formula`], [`condition`], [`math`], [`random`] and [`explore`] are the ground all stages stand on.

pub mod condition;
pub mod explore;
pub mod formula;
pub mod math;
pub mod random;

pub mod case;
pub mod text;

pub mod assess;

pub mod model;

pub mod engine;

pub mod analyse;

#[cfg(feature = "plot")]
pub mod plot;
pub mod report;

pub mod archive;

#[cfg(feature = "cli")]
pub mod cli;
