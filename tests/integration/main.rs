//! The integration tests: one binary.

// Helpers outside the test functions may unwrap as well; a list of known facts may be long.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::too_many_lines)]

mod accuracy;
mod assess;
mod audit;
mod backtest;
mod bad_input;
mod calibration;
mod choice;
mod cli;
mod coverage;
mod defined;
mod delivery;
mod docs;
mod ensemble;
mod explore;
mod features;
mod figure_findings;
mod figures;
mod futures;
mod golden;
mod hostile_text;
mod invariance;
mod layers;
mod layout;
mod long_runs;
mod many_towns;
mod new_case;
mod normals;
mod notices;
mod oracle;
mod other_case;
mod page;
mod parameters;
mod posterior;
mod prices;
mod result_folder;
mod robust;
mod shipped_case;
mod statistics;
mod stress;
mod text;
mod tutorial;
mod variance;
