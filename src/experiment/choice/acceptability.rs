//! How probable each choice is: stochastic multicriteria acceptability analysis.

use rayon::prelude::*;

use super::factor::Group;
use super::uncertain::{Streams, Uncertain};
use super::weights::{UNIT, WeightsIn, parts};
use crate::analyse::share_interval;
use crate::assess::lead_parts;

/// Draws that a task makes.
const BLOCK: u64 = 512;
/// Draws are numbered from here where central weights are held, so that they are others.
const SECOND: u64 = 1 << 32;

/// How probable each choice of a town is when some of what is uncertain is drawn.
#[derive(Debug, Clone, PartialEq)]
pub struct Acceptability {
    /// Id of the town.
    pub town: String,
    /// What is drawn; none for all of it.
    pub group: Option<Group>,
    /// How many draws.
    pub draws: u64,
    /// Share of draws in which a composite has no value, so that nobody leads.
    pub no_lead: f64,
    /// Each scenario of the case, in its order.
    pub scenarios: Vec<ScenarioAcceptability>,
}

/// How acceptable a scenario is.
#[derive(Debug, Clone, PartialEq)]
pub struct ScenarioAcceptability {
    /// Probability that it leads: a lead of k counts 1/k for each of them. Its 95 % interval is of Clopper and Pearson.
    pub probability: f64,
    /// Lower end.
    pub low: f64,
    /// Upper end.
    pub high: f64,
    /// Its rank among the scenarios by that probability; equal ones share the better rank.
    pub rank: usize,
    /// Mean of its votes less those of the best other scenario.
    pub margin: f64,
    /// Probability that it takes rank 1, 2 .. by votes, with intervals; k that tie take k ranks in equal parts.
    pub ranks: Vec<(f64, f64, f64)>,
    /// The mean weights with which it leads, adding up to 1; empty where no weights are drawn or it never leads.
    pub central_weights: Vec<f64>,
    /// Probability that it leads when its central weights hold and all else is drawn, with its interval.
    pub confidence: Option<(f64, f64, f64)>,
}

/// Probabilities from so many draws, for each group of a town's uncertainties alone and for all together.
///
/// Rank acceptabilities, central weights and confidence factors are those of Lahdelma and Salminen (2001,
/// doi:10.1287/opre.49.3.444.11220). Draw k depends on the seed and on k only, and sums are of whole numbers, so that
/// the same comes out for any number of threads.
pub fn acceptability(uncertain: &Uncertain<'_>, draws: u64, seed: u64) -> Vec<Acceptability> {
    let groups = uncertain.groups().into_iter().map(Some).chain([None]);
    groups.map(|group| of_group(uncertain, group, draws, seed)).collect()
}

fn of_group(uncertain: &Uncertain<'_>, group: Option<Group>, draws: u64, seed: u64) -> Acceptability {
    let count = Count::of(uncertain, group, draws, seed, None);
    let scenarios = uncertain.rules.scenarios;
    let whole = lead_parts(scenarios) as f64 * draws as f64;
    let share = |parts: u64| {
        let share = parts as f64 / whole;
        let (low, high) = share_interval(share, draws);
        (share, low, high)
    };
    let of = |s: usize| {
        let (probability, low, high) = share(count.ranks[s][0]);
        let total: u64 = count.weights[s].iter().sum();
        let central_weights: Vec<f64> = match total {
            0 => Vec::new(),
            _ => count.weights[s].iter().map(|w| *w as f64 / total as f64).collect(),
        };
        let confidence = (!central_weights.is_empty()).then(|| {
            let again = Count::of(uncertain, group, draws, seed, Some(&central_weights));
            share(again.ranks[s][0])
        });
        ScenarioAcceptability {
            probability,
            low,
            high,
            rank: 1 + count.ranks.iter().filter(|other| other[0] > count.ranks[s][0]).count(),
            margin: count.margins[s] as f64 / f64::from(UNIT) / draws as f64,
            ranks: count.ranks[s].iter().map(|parts| share(*parts)).collect(),
            central_weights,
            confidence,
        }
    };
    Acceptability {
        town: uncertain.town.clone(),
        group,
        draws,
        no_lead: count.nobody as f64 / draws as f64,
        scenarios: (0..scenarios).map(of).collect(),
    }
}

/// Whole numbers that draws add up to.
#[derive(Debug, Clone)]
struct Count {
    /// For each scenario and rank the parts of it, [`lead_parts`] a draw.
    ranks: Vec<Vec<u64>>,
    /// For each scenario the sum of its margins.
    margins: Vec<i64>,
    /// For each scenario the sum of weights with which it leads, times its parts of the lead.
    weights: Vec<Vec<u64>>,
    nobody: u64,
}

impl Count {
    fn new(scenarios: usize, weights: usize) -> Self {
        Self {
            ranks: vec![vec![0; scenarios]; scenarios],
            margins: vec![0; scenarios],
            weights: vec![vec![0; weights]; scenarios],
            nobody: 0,
        }
    }

    fn of(
        uncertain: &Uncertain<'_>,
        group: Option<Group>,
        draws: u64,
        seed: u64,
        held: Option<&[f64]>,
    ) -> Self {
        let rules = uncertain.rules;
        let empty = || Self::new(rules.scenarios, rules.weights());
        let streams = uncertain.streams(seed);
        let blocks = (0..draws.div_ceil(BLOCK)).into_par_iter().map(|block| {
            let mut count = empty();
            for run in block * BLOCK..draws.min((block + 1) * BLOCK) {
                let run = if held.is_some() { run + SECOND } else { run };
                count.add(uncertain, group, &streams, run, held);
            }
            count
        });
        blocks.reduce(empty, |a, b| a.plus(&b))
    }

    fn add(
        &mut self,
        uncertain: &Uncertain<'_>,
        group: Option<Group>,
        streams: &Streams,
        run: u64,
        held: Option<&[f64]>,
    ) {
        let is_drawn = |of: Group| group.is_none_or(|g| g == of) && !(held.is_some() && of == Group::Weights);
        let u = uncertain.draw(streams, run, &is_drawn);
        let mut now = uncertain.circumstances(&|place| u[place]);
        if let Some(weights) = held {
            match uncertain.rules.weights_in {
                WeightsIn::Votes => now.votes = Some(uncertain.rules.votes_of(weights)),
                WeightsIn::Formulas => now.inner = Some(weights.to_vec()),
            }
        }
        let verdict = uncertain.rules.verdict(&now);
        if verdict.lead.leaders.is_empty() {
            self.nobody += 1;
            return;
        }
        let votes = &verdict.votes;
        let whole = lead_parts(votes.len());
        for (s, own) in votes.iter().enumerate() {
            let better = votes.iter().filter(|v| *v > own).count();
            let equal = votes.iter().filter(|v| *v == own).count();
            for rank in better..better + equal {
                self.ranks[s][rank] += whole / equal as u64;
            }
            let others = votes.iter().enumerate().filter(|(other, _)| *other != s).map(|(_, v)| *v);
            self.margins[s] += i64::from(*own) - i64::from(others.max().unwrap_or(0));
        }
        let drawn_weights: Option<Vec<u64>> = match (&now.votes, &now.inner) {
            _ if held.is_some() => None,
            (Some(votes), _) => Some(uncertain.rules.scaled().map(|c| u64::from(votes[c])).collect()),
            (_, Some(inner)) => Some(parts(inner).into_iter().map(u64::from).collect()),
            _ => None,
        };
        for (s, parts) in verdict.lead.parts.iter().enumerate() {
            for (sum, weight) in self.weights[s].iter_mut().zip(drawn_weights.iter().flatten()) {
                *sum += weight * parts;
            }
        }
    }

    fn plus(mut self, other: &Self) -> Self {
        let add = |a: &mut Vec<Vec<u64>>, b: &[Vec<u64>]| {
            a.iter_mut().flatten().zip(b.iter().flatten()).for_each(|(a, b)| *a += b);
        };
        add(&mut self.ranks, &other.ranks);
        add(&mut self.weights, &other.weights);
        self.margins.iter_mut().zip(&other.margins).for_each(|(a, b)| *a += b);
        self.nobody += other.nobody;
        self
    }
}
