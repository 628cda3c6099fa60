//! When runs are to be interrupted for a checkpoint, and when for good: the program's only clock.

use std::sync::Mutex;
use std::time::{Duration, Instant};

use super::signal::Watch;
use crate::archive::Wish;

/// Checkpoints at intervals, and the end when a signal asks for it.
pub(super) struct Pace {
    watch: Watch,
    interval: Duration,
    /// When the runs at hand began; none before the first and after each checkpoint.
    begun: Mutex<Option<Instant>>,
}

impl Pace {
    /// From now on a signal asks for a clean end.
    pub(super) fn begin(interval: Duration) -> Self {
        Self { watch: Watch::begin(), interval, begun: Mutex::new(None) }
    }

    /// What is wished now.
    pub(super) fn wish(&self) -> Wish {
        if self.watch.asked() {
            return Wish::Stop;
        }
        // A thread that panicked while it held the time has not broken it.
        let mut begun = self.begun.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        if begun.get_or_insert_with(Instant::now).elapsed() < self.interval {
            return Wish::GoOn;
        }
        *begun = None;
        Wish::Checkpoint
    }
}
