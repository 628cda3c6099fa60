//! The plot stage.
