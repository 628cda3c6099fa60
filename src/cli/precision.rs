//! `--precision`: figures whose Monte Carlo errors decide how many runs are enough.

use super::BadInput;
use crate::analyse::{Study, Target};
use crate::engine::Ensembles;

/// A figure and the error it may have.
#[derive(Debug)]
pub(super) struct Goal {
    target: Target,
    /// Largest standard error that will do.
    pub(super) error: f64,
}

impl Goal {
    /// Reads `temirtau.diversification.2035.lead.diversification=0.005`.
    pub(super) fn parse(word: &str, study: &Study<'_>) -> Result<Self, BadInput> {
        let bad = |message: String| BadInput(format!("--precision {word}: {message}"));
        let form = "town.scenario.year.quantity[.detail]=error";
        let (name, error) = word.split_once('=').ok_or_else(|| bad(form.to_owned()))?;
        let error: f64 = error.trim().parse().map_err(|_| bad(format!("'{error}' is no number; {form}")))?;
        if !(error > 0.0 && error.is_finite()) {
            return Err(bad("the error must be above 0".to_owned()));
        }
        let target = study.target(name.trim()).map_err(|e| bad(e.to_string()))?;
        Ok(Self { target, error })
    }

    /// The figure's error in these runs.
    pub(super) fn error(&self, study: &Study<'_>, ensembles: &Ensembles) -> f64 {
        study.estimate(ensembles, self.target).mcse
    }

    /// True when it is small enough.
    pub(super) fn is_met(&self, study: &Study<'_>, ensembles: &Ensembles) -> bool {
        self.error(study, ensembles) <= self.error
    }
}
