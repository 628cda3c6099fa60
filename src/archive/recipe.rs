//! What a result is made from.

use super::manifest::Manifest;
use crate::analyse::Study;
use crate::case::Case;
use crate::model::{ModelError, Options};

/// What a result is made from: all that decides its numbers, and the manifest that says so. Before a run it is what
/// is asked for; in a result folder it is what was.
#[derive(Debug, Clone)]
pub struct Recipe {
    /// The case, settings applied.
    pub case: Case,
    /// Seed, horizon, towns, scenarios, uncertainty, stress.
    pub options: Options,
    /// The same in words, with the number of runs, and the language of what people read.
    pub manifest: Manifest,
}

impl Recipe {
    /// The case made ready to be run or summarised.
    ///
    /// # Errors
    /// [`ModelError`] when the options do not fit the case.
    pub fn study(&self) -> Result<Study<'_>, ModelError> {
        Study::new(&self.case, &self.options)
    }
}
