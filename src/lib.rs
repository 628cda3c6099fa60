//! boljam: a foresight scenario simulator for single-industry towns.
//!
//! Five calls from the files of a case to a number with its error:
//! ```
//! use boljam::{analyse, case::{Case, Source}, engine::Effort, model::Options};
//!
//! let case = Case::load(&Source::embedded(), &[])?; // or Source::folder("mycase".as_ref())?
//! let options = Options::select(&case, &["temirtau"], &["inertial", "diversification"], None)?;
//! let results = analyse::study(&case, &options, Effort::runs(500), &|_done, _of| {})?;
//! let rate = results.distribution("temirtau", "diversification", 2035, "unemployment")?;
//! println!("unemployment in 2035: {:.1} ± {:.1} %", rate.median().value, rate.median().mcse);
//! # assert!(rate.median().mcse < 0.2 * rate.median().value);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//! A result folder that the program has written is opened by [`archive::open`]. The feature `cli` (the command line)
//! and the feature `plot` (pictures) are on unless default features are turned off.
//!
//! Data flows one way, a folder a stage, and a stage uses only earlier ones:
//!
//! | stage | takes | gives |
//! |---|---|---|
//! | [`case`] | TOML and CSV files | a checked [`case::Case`] |
//! | [`assess`] | a case | sub-indicators, composites, classes, votes, the audit |
//! | [`model`] | a case and run options | a compiled [`model::Model`], its closed form |
//! | [`engine`] | a model | an ensemble of runs, as integer counts and exact sums |
//! | [`calibrate`] | a table of prices | trend, volatility, reversion, tails, correlations, falls |
//! | [`analyse`] | an ensemble | [`analyse::Results`]: estimates with their Monte Carlo error |
//! | [`experiment`] | a case, and what is uncertain in it | how sure the choice is, what decides it, where the width comes from |
//! | `plot`, [`report`] | results | pictures; tables and text |
//! | [`archive`] | all of these | a result folder, written and opened again |
//! | `cli` | arguments | all of these, told on the terminal |
//!
//! [`formula`], [`condition`], [`math`], [`random`], [`text`] and [`explore`] are the ground all stages stand on.

pub mod condition;
pub mod explore;
pub mod formula;
pub mod math;
pub mod random;
pub mod text;

pub mod case;

pub mod assess;

pub mod model;

pub mod engine;

pub mod calibrate;

pub mod analyse;

pub mod experiment;

#[cfg(feature = "plot")]
pub mod plot;
pub mod report;

pub mod archive;

#[cfg(feature = "cli")]
pub mod cli;
