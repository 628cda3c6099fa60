//! What can never be, or hardly: conditions that runs are held against.

use crate::formula::Formula;

/// A condition that runs keep (limits.csv). It moves nothing: runs that break it are counted and told.
#[derive(Debug, Clone)]
pub struct Limit {
    /// Identifier (`labour_force`).
    pub id: String,
    /// Holds while it is above 0: a formula of drivers, their base values (`base.wage`), population and counts of persons.
    pub condition: Formula,
    /// Where it is to hold.
    pub span: LimitSpan,
    /// Percent of the runs of a town that may break it in some year; 0 for a condition that holds in all.
    pub most: f64,
    /// Why.
    pub basis: String,
}

/// Over which years a limit is to hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LimitSpan {
    /// Up to the horizon, under every scenario, as the case is run.
    Run,
    /// Over fifty years without plans and events: what the dynamics do when they are left alone.
    LongRun,
}
