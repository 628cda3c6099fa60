//! What a command says besides its result.

use crate::archive::Archived;

/// Writes to standard output.
pub(super) fn print(text: &str) -> anyhow::Result<()> {
    use std::io::Write;
    std::io::stdout().lock().write_all(text.as_bytes())?;
    Ok(())
}

/// A note where another build wrote a result.
pub(super) fn note_build(archived: &Archived) {
    if let Some(build) = archived.other_build() {
        let path = archived.path.display();
        eprintln!(
            "note: {path} was written by boljam {build}; this is another build, whose numbers may differ"
        );
    }
}
