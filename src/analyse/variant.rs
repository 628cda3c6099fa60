//! A study with something changed, asked for a few numbers: what sensitivity designs need thousands of.

use std::ops::Range;

use super::cell::{Leaders, class_counts, votes};
use super::results::Estimate;
use crate::case::Case;
use crate::engine::{self, Survey, VectorLevel};
use crate::model::{Change, Model};

/// A varied case and its model; see [`Change`] for what is compiled anew.
#[derive(Debug)]
pub struct Variant {
    case: Case,
    model: Model,
}

/// What a survey of a variant says of one town, scenario and year.
#[derive(Debug, Clone, PartialEq)]
pub struct SurveyCell {
    /// Mean and standard deviation of each quantity that was asked for, in that order.
    pub quantities: Vec<(Estimate, f64)>,
    /// Probability of each class of each scaled composite.
    pub classes: Vec<Vec<Estimate>>,
    /// Mean number of votes for each candidate scenario.
    pub votes: Vec<Estimate>,
    /// Each candidate's share of the lead; ties are shared, and the shares add up to 1.
    pub lead: Vec<Estimate>,
    /// Probability that each outcome is reached by the end of the year.
    pub reached: Vec<Estimate>,
}

/// Answers of a variant.
#[derive(Debug)]
pub struct Answers<'a> {
    model: &'a Model,
    quantities: Vec<usize>,
    survey: Survey,
}

impl Variant {
    pub(super) fn new(model: &Model, case: &Case, changes: &[Change]) -> Self {
        let (case, model) = model.vary(case, changes);
        Self { case, model }
    }

    /// The varied case.
    pub fn case(&self) -> &Case {
        &self.case
    }

    /// The varied model.
    pub fn model(&self) -> &Model {
        &self.model
    }

    /// Runs the variant, with the threads it is called with, for the means of some quantities (places in
    /// [`Model::quantities`]), classes, votes, leads and outcomes.
    ///
    /// Nothing is planned for it, so its cost beyond the runs is that of compiling what moved. The answers are,
    /// to the last bit, those of a study of the varied case that is asked the same.
    pub fn survey(&self, quantities: &[usize], level: VectorLevel, runs: u64) -> Answers<'_> {
        survey(&self.model, quantities, level, runs)
    }

    /// The same for a range of runs that begins at a multiple of [`engine::BLOCK_RUNS`].
    pub fn survey_range(&self, quantities: &[usize], level: VectorLevel, runs: Range<u64>) -> Answers<'_> {
        let survey = engine::survey_range(&self.model, quantities, level, runs);
        Answers { model: &self.model, quantities: quantities.to_vec(), survey }
    }
}

/// Runs a model for a survey.
pub(super) fn survey<'a>(
    model: &'a Model,
    quantities: &[usize],
    level: VectorLevel,
    runs: u64,
) -> Answers<'a> {
    let survey = engine::survey(model, quantities, level, runs);
    Answers { model, quantities: quantities.to_vec(), survey }
}

impl Answers<'_> {
    /// The survey's own counts and sums.
    pub fn counts(&self) -> &Survey {
        &self.survey
    }

    /// One town, year and scenario: places in the options, t = 0 the base year.
    pub fn cell(&self, town: usize, t: usize, path: usize) -> SurveyCell {
        let Self { model, quantities, survey } = self;
        let runs = survey.runs();
        let undefined = survey.undefined(town, t, path);
        let classes = class_counts(model, survey.above(town, t, path), runs, undefined);
        let leaders = Leaders::new(survey.leaders(town, t, path), model.candidates, runs);
        let share = |n: u64| Estimate::share(n as f64, runs);
        let mean = |q: &usize| {
            let found = survey.quantity(town, t, path, *q);
            found
                .map_or((Estimate::exact(f64::NAN), f64::NAN), |x| (Estimate::mean(x.mean, x.sd, runs), x.sd))
        };
        let so_far = |k: usize| (0..=t).map(|t| survey.reached(town, t, path)[k]).sum();
        SurveyCell {
            quantities: quantities.iter().map(mean).collect(),
            votes: votes(model, &classes, survey.vote_squares(town, t, path), runs),
            lead: (0..model.candidates).map(|s| leaders.share(s)).collect(),
            reached: (0..model.first_passages.len()).map(|k| share(so_far(k))).collect(),
            classes: classes.iter().map(|c| c.iter().map(|n| share(*n)).collect()).collect(),
        }
    }
}
