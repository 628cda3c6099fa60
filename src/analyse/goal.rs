//! A figure whose Monte Carlo error decides how many runs are enough.

use super::study::Study;
use super::target::Target;
use crate::engine::Ensembles;

/// A figure and the error it may have.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Goal {
    /// The figure.
    pub target: Target,
    /// Largest Monte Carlo standard error that will do, in the figure's unit.
    pub most: f64,
}

/// Why a text names no goal.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{word}: {message}")]
pub struct BadGoal {
    /// The text.
    pub word: String,
    /// What is wrong with it.
    pub message: String,
}

impl Goal {
    /// Reads `temirtau.diversification.2035.lead.diversification=0.005`.
    ///
    /// # Errors
    /// [`BadGoal`] naming what is unknown and what is known.
    pub fn parse(word: &str, study: &Study<'_>) -> Result<Self, BadGoal> {
        let bad = |message: String| BadGoal { word: word.to_owned(), message };
        let form = "town.scenario.year.quantity[.detail]=error";
        let (name, error) = word.split_once('=').ok_or_else(|| bad(form.to_owned()))?;
        let most: f64 = error.trim().parse().map_err(|_| bad(format!("'{error}' is no number; {form}")))?;
        if !(most > 0.0 && most.is_finite()) {
            return Err(bad("the error must be above 0".to_owned()));
        }
        let target = study.target(name.trim()).map_err(|e| bad(e.to_string()))?;
        Ok(Self { target, most })
    }

    /// The figure's Monte Carlo standard error in these runs.
    pub fn mcse(&self, study: &Study<'_>, ensembles: &Ensembles) -> f64 {
        study.estimate(ensembles, self.target).mcse
    }

    /// True when it is small enough.
    pub fn is_met(&self, study: &Study<'_>, ensembles: &Ensembles) -> bool {
        self.mcse(study, ensembles) <= self.most
    }
}
