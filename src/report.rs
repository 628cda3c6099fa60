//! From results to words: tidy tables, the story, the page; and tables for the terminal.
//!
//! Takes [`crate::analyse::Results`] (and what the case says of itself); gives text. Who writes it to files is
//! [`crate::archive`].

pub mod assessment;
pub mod audit;
pub mod backtest;
pub mod boxes;
pub mod calibration;
mod caveats;
pub mod choice;
mod citation;
pub mod comparison;
pub(crate) mod delivered;
pub mod discovery;
pub mod distress;
pub mod futures;
pub mod grid;
pub mod headline;
pub mod html;
pub mod indices;
pub mod input_changes;
pub(crate) mod kept;
pub mod limits;
pub mod monotown;
pub mod names;
pub mod needs;
pub mod price_backtest;
pub mod price_fit;
pub mod provenance;
mod records;
pub mod robust;
pub mod seen;
pub mod stories;
pub mod story;
pub mod stress;
pub mod survey;
pub mod tables;
pub mod variance;
mod what_changed;
pub(crate) mod words;

#[cfg(test)]
mod test_double;
