//! The distribution of an incomplete town's score over draws of its missing inputs.

use super::missing::{self, InputLaw};
use super::{Evaluator, Score, lead_parts};
use crate::case::{Case, Town};
use crate::random;

/// A mean over draws and its Monte Carlo standard error.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Estimate {
    /// The estimate.
    pub value: f64,
    /// Its standard error.
    pub error: f64,
}

/// A town's score as a distribution.
#[derive(Debug, Clone, PartialEq)]
pub struct Spread {
    /// Number of draws.
    pub draws: u64,
    /// For each composite of the method.
    pub composites: Vec<CompositeSpread>,
    /// For each scenario of the case.
    pub scenarios: Vec<ScenarioSpread>,
    /// Margin of the leader over the second best, in votes, over the draws that have a lead.
    pub margin: Estimate,
    /// Probability that some composite is undefined, so that there is no lead; with the shares of the lead it
    /// adds up to 1.
    pub no_lead: Estimate,
}

/// The distribution of one composite, over the draws in which it is defined.
#[derive(Debug, Clone, PartialEq)]
pub struct CompositeSpread {
    /// Its mean.
    pub mean: Estimate,
    /// Its standard deviation.
    pub sd: f64,
    /// Its 5 %, 50 % and 95 % quantiles.
    pub quantiles: [f64; 3],
    /// Probability of each class of its scale, over all draws; empty for an intermediate composite.
    pub classes: Vec<Estimate>,
    /// Probability of being undefined; with the classes it adds up to 1.
    pub undefined: Estimate,
}

/// What the distribution says about one scenario.
#[derive(Debug, Clone, PartialEq)]
pub struct ScenarioSpread {
    /// Mean number of votes.
    pub votes: Estimate,
    /// Share of the lead: a lead shared by k scenarios counts 1/k.
    pub lead: Estimate,
    /// Probability of leading alone.
    pub alone: Estimate,
    /// Probability of being among the leaders.
    pub among: Estimate,
}

/// Draws the missing inputs of a town and scores each draw.
pub(super) fn spread(case: &Case, evaluator: &Evaluator, town: &Town, draws: u64) -> Spread {
    let laws = InputLaw::of_town(town, &case.method);
    let key = random::key(case.seed, &town.id, "inputs");
    let score = |run| Score::of(case, evaluator, missing::draw(&laws, key, run));
    let scores: Vec<Score> = (0..draws).map(score).collect();
    let all: Vec<&Score> = scores.iter().collect();
    let led: Vec<&Score> = scores.iter().filter(|s| !s.lead.leaders.is_empty()).collect();
    let whole = lead_parts(case.scenarios.len()) as f64;
    let composite = |c: usize| {
        let is_defined = |s: &&Score| s.composites[c].is_finite();
        let defined: Vec<&Score> = scores.iter().filter(is_defined).collect();
        let values: Vec<f64> = defined.iter().map(|s| s.composites[c]).collect();
        let classes = case.method.composites[c].scale.as_ref().map_or(0, Vec::len);
        let in_class = |class| estimate(&all, |s| f64::from(s.classes[c] == Some(class)));
        let mean = estimate(&defined, |s| s.composites[c]);
        CompositeSpread {
            mean,
            sd: mean.error * (defined.len() as f64).sqrt(),
            quantiles: quantiles(values),
            classes: (0..classes).map(in_class).collect(),
            undefined: estimate(&all, |s| f64::from(!is_defined(&s))),
        }
    };
    let scenario = |s: usize| {
        let is_leader = |score: &Score| score.lead.parts[s] > 0;
        ScenarioSpread {
            votes: estimate(&all, |score| f64::from(score.votes[s])),
            lead: estimate(&all, |score| score.lead.parts[s] as f64 / whole),
            alone: estimate(&all, |score| f64::from(is_leader(score) && score.lead.leaders.len() == 1)),
            among: estimate(&all, |score| f64::from(is_leader(score))),
        }
    };
    Spread {
        draws,
        composites: (0..case.method.composites.len()).map(composite).collect(),
        scenarios: (0..case.scenarios.len()).map(scenario).collect(),
        margin: estimate(&led, |score| f64::from(score.lead.margin)),
        no_lead: estimate(&all, |score| f64::from(score.lead.leaders.is_empty())),
    }
}

/// Mean over draws with its standard error sd / sqrt(n), sd about the mean over n - 1; NaN where there is none.
fn estimate(scores: &[&Score], value: impl Fn(&Score) -> f64) -> Estimate {
    let n = scores.len() as f64;
    let mean = scores.iter().map(|s| value(s)).sum::<f64>() / n;
    let squares = scores.iter().map(|s| (value(s) - mean).powi(2)).sum::<f64>();
    Estimate { value: mean, error: (squares / (n - 1.0).max(1.0) / n).sqrt() }
}

/// 5 %, 50 % and 95 % quantiles: the values of rank ceil(p n).
fn quantiles(mut values: Vec<f64>) -> [f64; 3] {
    values.sort_by(f64::total_cmp);
    [0.05, 0.5, 0.95].map(|p| {
        let rank = (p * values.len() as f64).ceil() as usize;
        values.get(rank.saturating_sub(1)).copied().unwrap_or(f64::NAN)
    })
}
