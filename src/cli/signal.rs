//! Ctrl-C and requests to terminate: while runs are being made they ask for a checkpoint and a clean end; a
//! second one, or one while the result is being written, ends the program at once.

use std::sync::atomic::{AtomicU8, Ordering};

/// No signal has another effect than it always has.
const IDLE: u8 = 0;
/// Runs are being made, or made ready.
const RUNNING: u8 = 1;
/// They have been asked to end.
const ASKED: u8 = 2;
/// They are made, and the result is being written.
const WRITING: u8 = 3;

/// A process has one set of handlers, so that they have one state.
static STATE: AtomicU8 = AtomicU8::new(IDLE);

/// While it lives, a signal asks for a clean end.
pub(super) struct Watch {
    state: &'static AtomicU8,
}

impl Watch {
    pub(super) fn begin() -> Self {
        STATE.store(RUNNING, Ordering::SeqCst);
        // A second call finds the handler in place. Without one a signal ends the program as it always does.
        let _ = ctrlc::set_handler(|| {
            if STATE.compare_exchange(RUNNING, ASKED, Ordering::SeqCst, Ordering::SeqCst).is_ok() {
                eprintln!("boljam: ending after the runs at hand; once more to end at once");
                return;
            }
            if STATE.load(Ordering::SeqCst) == WRITING {
                eprintln!("boljam: interrupted while the result was written; what stood there still does");
            }
            std::process::exit(130);
        });
        Self { state: &STATE }
    }

    /// True once somebody has asked.
    pub(super) fn asked(&self) -> bool {
        self.state.load(Ordering::Relaxed) == ASKED
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        self.state.store(WRITING, Ordering::SeqCst);
    }
}
