//! How results were made.

use crate::case::Name;

/// Fewer runs than this are a trial: the margin of a share reaches 3 points and more, a 5 % end of a range rests on
/// fewer than fifty runs and a 1 % end on fewer than ten.
pub const TRIAL_RUNS: u64 = 1000;

/// How results were made.
#[derive(Debug, Clone, PartialEq)]
pub struct Setup {
    /// Identifier of the case.
    pub case: String,
    /// Name of the region.
    pub region: Name,
    /// Number of runs.
    pub runs: u64,
    /// Seed.
    pub seed: u64,
    /// Version of the program.
    pub version: String,
    /// Simulated years, the base year first: `years[0]` is t = 0.
    pub years: Vec<i32>,
    /// What was drawn: `all`, `plan`, `inputs`, `shocks`, `none` or several joined by `+`.
    pub uncertainty: String,
    /// Last year of which events were taken as known; none where all were drawn.
    pub known_until: Option<i32>,
    /// Identifier of the price stress, if one was laid on.
    pub stress: Option<String>,
    /// Its name.
    pub stress_name: Option<Name>,
}

impl Setup {
    /// True when there are too few runs for more than a look: see [`TRIAL_RUNS`].
    pub fn is_trial(&self) -> bool {
        self.runs < TRIAL_RUNS
    }
}
