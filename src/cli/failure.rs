//! What a command that does not succeed tells its user, and its exit code.

use std::io;

use crate::analyse::BadGoal;
use crate::archive::{ArchiveError, FolderError};
use crate::case::Faults;
use crate::model::{ModelError, UnknownId};

/// Exit code of a command that did what it was asked.
const DONE: u8 = 0;
/// Exit code of a command that failed.
const FAILED: u8 = 1;
/// Exit code of bad usage or bad input.
const BAD_INPUT: u8 = 2;

/// Exit code of a run that was interrupted: that of a shell for SIGINT.
const INTERRUPTED: u8 = 130;

/// A run that was interrupted and can be gone on with.
#[derive(Debug, thiserror::Error)]
#[error("stopped after {done} of {runs} runs, which are kept")]
pub(super) struct Interrupted {
    pub(super) done: u64,
    pub(super) runs: u64,
    /// What goes on with it.
    pub(super) command: String,
}

/// Bad usage or bad input, as opposed to a failure.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub(super) struct BadInput(pub(super) String);

/// Why a command did not succeed.
#[derive(Debug)]
pub enum Failure {
    /// The arguments make no sense, or help or the version was asked for.
    Usage(clap::Error),
    /// The input is at fault, or the work failed.
    Error(anyhow::Error),
}

impl Failure {
    /// The exit code: 0 when there is nothing to complain of, 1 failed, 2 bad usage or input, 130 interrupted.
    pub fn code(&self) -> u8 {
        match self {
            Self::Usage(error) if error.use_stderr() => BAD_INPUT,
            Self::Usage(_) => DONE,
            Self::Error(error) if is_broken_pipe(error) => DONE,
            Self::Error(error) if error.is::<Interrupted>() => INTERRUPTED,
            Self::Error(error) if is_bad_input(error) => BAD_INPUT,
            Self::Error(_) => FAILED,
        }
    }

    /// Prints the error with its causes and what to try; help and version go to standard output.
    pub fn print(&self) {
        match self {
            // If even this cannot be printed there is nobody to tell.
            Self::Usage(error) => drop(error.print()),
            Self::Error(error) if is_broken_pipe(error) => {}
            Self::Error(error) => {
                eprintln!("boljam: {error:#}");
                if let Some(hint) = hint(error) {
                    eprintln!("try: {hint}");
                }
            }
        }
    }
}

impl From<clap::Error> for Failure {
    fn from(error: clap::Error) -> Self {
        Self::Usage(error)
    }
}

impl From<anyhow::Error> for Failure {
    fn from(error: anyhow::Error) -> Self {
        Self::Error(error)
    }
}

fn is_bad_input(error: &anyhow::Error) -> bool {
    let is_failure = |error: &ArchiveError| match error {
        ArchiveError::Folder(error) => matches!(error, FolderError::Io { .. }),
        ArchiveError::Plot(_) => true,
        _ => false,
    };
    error.is::<BadInput>()
        || error.is::<BadGoal>()
        || error.is::<UnknownId>()
        || error.is::<Faults>()
        || error.is::<ModelError>()
        || folder_error(error).is_some_and(|error| !matches!(error, FolderError::Io { .. }))
        || error.downcast_ref().is_some_and(|error| !is_failure(error))
}

/// The trouble with a folder, if that is what it is.
fn folder_error(error: &anyhow::Error) -> Option<&FolderError> {
    match error.downcast_ref() {
        Some(ArchiveError::Folder(error)) => Some(error),
        _ => error.downcast_ref(),
    }
}

/// `boljam audit | head` closes the pipe early; that is no failure.
fn is_broken_pipe(error: &anyhow::Error) -> bool {
    error.downcast_ref::<io::Error>().is_some_and(|e| e.kind() == io::ErrorKind::BrokenPipe)
}

/// What the user might do about it, where the message does not say it.
fn hint(error: &anyhow::Error) -> Option<&str> {
    if let Some(Interrupted { command, .. }) = error.downcast_ref() {
        return Some(command);
    }
    let of_folder = match folder_error(error) {
        Some(FolderError::Exists(_)) => {
            "--force to replace it once the new one is complete, or another --out"
        }
        Some(FolderError::Edited(..)) => {
            "another --out, or move these files away; what you move, rename or add is never touched"
        }
        Some(FolderError::Unfinished(_)) => {
            "--resume with the folder instead of --out to go on, or --force to begin anew"
        }
        Some(FolderError::NothingToResume(_)) => "the run again, with --out",
        Some(FolderError::Foreign(_) | FolderError::Unnamed(_)) => "another --out",
        Some(FolderError::Busy(_)) => "another --out, or wait until the other run is done",
        Some(FolderError::Io { .. }) => "another --out, where there is room and you may write",
        None => "",
    };
    if !of_folder.is_empty() {
        Some(of_folder)
    } else if error.is::<Faults>() || matches!(error.downcast_ref(), Some(ArchiveError::Case(_))) {
        Some(
            "put these right in the files or in --set, then `boljam check` the case (--details tells every line)",
        )
    } else if is_bad_input(error) {
        None
    } else {
        Some("again; if it persists, report it with the command and the message above")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bad_input_and_failures_have_their_own_codes() {
        let code = |error: anyhow::Error| Failure::from(error).code();
        assert_eq!(code(BadInput("no such town".to_owned()).into()), BAD_INPUT);
        assert_eq!(code(FolderError::Exists("results".into()).into()), BAD_INPUT);
        assert_eq!(code(ModelError::Horizon { horizon: 1, first: 2, last: 3 }.into()), BAD_INPUT);
        let full = || io::Error::new(io::ErrorKind::StorageFull, "no space left");
        assert_eq!(code(FolderError::Io { path: "results".into(), cause: full() }.into()), FAILED);
        assert_eq!(code(full().into()), FAILED);
        assert_eq!(code(io::Error::from(io::ErrorKind::BrokenPipe).into()), DONE);
    }
}
