//! Screening by elementary effects (Morris): trajectories, and what their steps change.

mod effects;
mod trajectories;

pub use effects::{Effects, GroupEffect, NoTrajectories, effects};
pub use trajectories::{spread_out, step, trajectories};
