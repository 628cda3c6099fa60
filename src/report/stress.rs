//! Stress tests for people and as tidy tables.

mod page;
mod reverse;
mod summary;
pub mod tables;
mod words;

pub use page::page;
pub use reverse::{joint_lines, reverse_csv, reverse_curves, reverse_table, surface_csv};
pub use summary::{Row, rows, summary};
pub use words::{Asked, before};
