//! Ctrl-C and requests to terminate: while runs are being made they ask for a checkpoint and a clean end; a
//! second one, or one at any other time, ends the program at once.

use std::sync::atomic::{AtomicU8, Ordering};

/// Nothing that could be gone on with is under way.
const IDLE: u8 = 0;
/// Runs are being made.
const RUNNING: u8 = 1;
/// They have been asked to end.
const ASKED: u8 = 2;

/// A process has one set of handlers, so that they have one state.
static STATE: AtomicU8 = AtomicU8::new(IDLE);

/// While it lives, a signal asks for a clean end.
pub(super) struct Watch;

impl Watch {
    pub(super) fn begin() -> Self {
        STATE.store(RUNNING, Ordering::SeqCst);
        // A second call finds the handler in place. Without one a signal ends the program as it always does.
        let _ = ctrlc::set_handler(|| {
            if STATE.compare_exchange(RUNNING, ASKED, Ordering::SeqCst, Ordering::SeqCst).is_err() {
                std::process::exit(130);
            }
        });
        Self
    }

    /// True once somebody has asked.
    pub(super) fn asked(&self) -> bool {
        STATE.load(Ordering::Relaxed) == ASKED
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        STATE.store(IDLE, Ordering::SeqCst);
    }
}
