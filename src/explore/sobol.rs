//! Variance-based sensitivity: Saltelli's design on Sobol points, and the Sobol indices of its responses.

pub mod indices;
mod saltelli;
mod scramble;
mod sequence;

pub use indices::{Indices, indices};
pub use saltelli::{foreign_block, saltelli};
pub use sequence::{MAX_DIMENSIONS, TooManyDimensions, sobol_points};
