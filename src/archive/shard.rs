//! A part of an ensemble, to be computed anywhere.

use std::ops::Range;

use serde::{Deserialize, Serialize};

use crate::engine::BLOCK_RUNS;

/// One of several parts of an ensemble.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Shard {
    /// Number of the part, from 1.
    pub number: u64,
    /// Number of parts.
    pub of: u64,
}

impl std::fmt::Display for Shard {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "{}/{}", self.number, self.of)
    }
}

impl Shard {
    /// Most shards that so many runs can be cut into: shards are whole blocks.
    pub fn most(runs: u64) -> u64 {
        runs.div_ceil(BLOCK_RUNS)
    }

    /// The shard's runs out of so many: whole blocks, shared out evenly.
    ///
    /// # Examples
    /// ```
    /// use boljam::archive::Shard;
    /// assert_eq!(Shard { number: 2, of: 2 }.of_runs(1024), 512..1024);
    /// ```
    pub fn of_runs(self, runs: u64) -> Range<u64> {
        let bound = |n: u64| (Self::most(runs) * n / self.of * BLOCK_RUNS).min(runs);
        bound(self.number - 1)..bound(self.number)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shards_cover_all_runs_in_whole_blocks() {
        for (runs, of) in [(10_000, 3), (2, 1), (5121, 11), (1_000_000_000, 7)] {
            let parts: Vec<_> = (1..=of).map(|number| Shard { number, of }.of_runs(runs)).collect();
            assert_eq!((parts[0].start, parts[parts.len() - 1].end), (0, runs));
            assert!(parts.windows(2).all(|w| w[0].end == w[1].start));
            assert!(parts.iter().all(|p| p.start < p.end && p.start % BLOCK_RUNS == 0), "{parts:?}");
        }
    }
}
