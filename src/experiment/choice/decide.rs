//! Which of the uncertain things decides: Sobol indices of who leads and by how much.

use rayon::prelude::*;

use super::factor::Group;
use super::uncertain::Uncertain;
use super::weights::UNIT;
use crate::assess::lead_parts;
use crate::explore::factor::Group as Together;
use crate::explore::sobol::{self, TooManyDimensions};

/// What an index is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Output {
    /// Whether a scenario, by its place, leads: 1, or 1/k where k share the lead, or 0.
    Leads(usize),
    /// Votes of the best less those of the second best, 0 where the lead is shared.
    Margin,
}

/// Indices of one output of a town.
#[derive(Debug, Clone)]
pub struct DecidingIndices {
    /// Id of the town.
    pub town: String,
    /// What they are of.
    pub output: Output,
    /// The factors or groups.
    pub names: Vec<String>,
    /// First-order and total indices, in that order.
    pub indices: sobol::Indices,
}

/// First-order and total indices of who leads and of the margin, from a Saltelli design of so many blocks (best a power
/// of two) on scrambled Sobol points, with bootstrap intervals: [`sobol::indices()`]. By groups, or by every factor.
///
/// # Errors
/// [`TooManyDimensions`].
pub fn indices(
    uncertain: &Uncertain<'_>,
    by_factor: bool,
    (blocks, resamples, seed): (usize, usize, u64),
) -> Result<Vec<DecidingIndices>, TooManyDimensions> {
    let groups = together(uncertain, by_factor);
    let points = sobol::saltelli(blocks, &groups, false, Some(seed))?;
    let verdicts: Vec<_> = (0..points.len())
        .into_par_iter()
        .map(|row| uncertain.verdict(&|place| Some(points.row(row)[place])).lead)
        .collect();
    let whole = lead_parts(uncertain.rules.scenarios) as f64;
    let outputs = (0..uncertain.rules.scenarios).map(Output::Leads).chain([Output::Margin]);
    let of = |output: Output| {
        let response = verdicts.iter().map(|lead| match output {
            // Nobody leads where a composite has no value: the row failed.
            _ if lead.leaders.is_empty() => f64::NAN,
            Output::Leads(s) => lead.parts[s] as f64 / whole,
            Output::Margin => f64::from(lead.margin) / f64::from(UNIT),
        });
        let y: Vec<f64> = response.collect();
        // The rows are those of the design.
        let found = sobol::indices(&y, groups.len(), false, resamples, seed).ok()?;
        let names = groups.iter().map(|g| g.name.clone()).collect();
        Some(DecidingIndices { town: uncertain.town.clone(), output, names, indices: found })
    };
    Ok(outputs.filter_map(of).collect())
}

fn together(uncertain: &Uncertain<'_>, by_factor: bool) -> Vec<Together> {
    let named = |group: Group| {
        let members = (0..uncertain.factors.len()).filter(move |k| uncertain.factors[*k].group == group);
        // Weights have a meaning together only: each is a share of their sum.
        if by_factor && group != Group::Weights {
            let single = |k: usize| {
                let name = &uncertain.factors[k].name;
                Together { name: format!("{}.{name}", group.id()), members: vec![k] }
            };
            members.map(single).collect()
        } else {
            vec![Together { name: group.id().to_owned(), members: members.collect() }]
        }
    };
    uncertain.groups().into_iter().flat_map(named).collect()
}
