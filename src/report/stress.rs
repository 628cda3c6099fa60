//! Stress tests for people and as tidy tables.

mod page;
mod summary;
pub mod tables;
mod words;

pub use page::page;
pub use summary::{Row, rows, summary};
pub use words::{Asked, before};
