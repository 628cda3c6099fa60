//! Representative runs: the few that stand best for all runs of a town under a scenario.
//!
//! Runs are told apart by the whole course of the quantities that headlines tell: distances are Euclidean, each value
//! standardised by its deviation over the runs, so that no unit and no year outweighs another. The medoids of three to five
//! clusters (the number with the largest silhouette, `explore::medoids_between`) are runs of the ensemble: each can
//! be replayed. Memory is 8 n^2 bytes for n runs, which is why they are at most [`MOST_RUNS`].

use crate::analyse::{Estimate, RunColumn, drawn_columns};
use crate::case::Case;
use crate::engine::{self, RunValue, Selected};
use crate::explore::medoids::{Distances, medoids_between};
use crate::model::{Model, RunTown};

/// Most runs that are told apart: 32 MB of distances.
pub const MOST_RUNS: u64 = 2000;
/// How many stories.
pub const FEWEST: usize = 3;
/// How many stories at most.
pub const MOST: usize = 5;
/// A factor sets a story apart whose mean differs by so many deviations from the others'.
const APART: f64 = 0.5;
/// Factors that are named of a story.
const NAMED: usize = 2;

/// What sets a story apart from the others.
#[derive(Debug, Clone, PartialEq)]
pub struct Apart {
    /// What is drawn.
    pub column: RunColumn,
    /// Its mean over the runs that the story stands for; geometric of prices and multiples.
    pub inside: f64,
    /// Its mean over the others.
    pub outside: f64,
    /// Their difference in standard deviations over all runs, on the link scale.
    pub difference: f64,
}

/// A run that stands for others.
#[derive(Debug, Clone, PartialEq)]
pub struct Story {
    /// Its number.
    pub run: u64,
    /// Share of the runs that it stands for.
    pub share: Estimate,
    /// What sets them apart, the largest difference first; may be empty.
    pub apart: Vec<Apart>,
    /// Its course: `course[quantity][t]`.
    pub course: Vec<Vec<f64>>,
}

/// The stories of a town under a scenario.
#[derive(Debug, Clone, PartialEq)]
pub struct Stories {
    /// Place of the town in the options.
    pub town: usize,
    /// Place of the scenario in the options.
    pub path: usize,
    /// Places in [`Model::quantities`] of what they were told apart by.
    pub quantities: Vec<usize>,
    /// Runs that they stand for, and runs left out since something is undefined in them.
    pub runs: usize,
    /// Runs that were left out.
    pub undefined: usize,
    /// How far apart the clusters are: near 1 far, near 0 they touch.
    pub silhouette: f64,
    /// The stories, those of most runs first.
    pub stories: Vec<Story>,
    /// 5 %, 25 %, 50 %, 75 % and 95 % of the runs: `fan[quantity][t]`.
    pub fan: Vec<Vec<[f64; 5]>>,
}

/// Finds them among the first runs of the ensemble.
pub fn stories(
    case: &Case,
    model: &Model,
    (town, path): (usize, usize),
    quantities: &[usize],
    runs: u64,
) -> Stories {
    let years = model.years.len();
    let factors = drawn_columns(case, model, RunTown(town), path, years - 1);
    let mut selected: Vec<Selected> = Vec::new();
    for q in quantities {
        selected.extend((0..years).map(|t| Selected { town, path, t, value: RunValue::Quantity(*q) }));
    }
    selected.extend(factors.iter().map(|c| c.selected));
    let mut all: Vec<Vec<f64>> = vec![Vec::with_capacity(runs as usize); selected.len()];
    engine::record(model, &selected, 0..runs, &mut |_, block| {
        for (all, new) in all.iter_mut().zip(block) {
            all.extend_from_slice(new);
        }
    });
    let drawn = all.split_off(quantities.len() * years);
    let whole: Vec<usize> =
        (0..runs as usize).filter(|run| all.iter().all(|values| values[*run].is_finite())).collect();
    let trajectories: Vec<Vec<f64>> =
        whole.iter().map(|run| all.iter().map(|values| values[*run]).collect()).collect();
    let found = medoids_between(&Distances::of_trajectories(&trajectories), FEWEST, MOST);
    let course = |run: usize, q: usize| (0..years).map(|t| all[q * years + t][run]).collect::<Vec<f64>>();
    let mut told: Vec<Story> = (0..found.medoids.len())
        .map(|cluster| {
            let inside: Vec<bool> = found.cluster.iter().map(|c| *c == cluster).collect();
            let count = inside.iter().filter(|is| **is).count();
            let run = whole[found.medoids[cluster]];
            Story {
                run: run as u64,
                share: Estimate::share(count as f64, whole.len() as u64),
                apart: apart(&factors, &drawn, &whole, &inside),
                course: (0..quantities.len()).map(|q| course(run, q)).collect(),
            }
        })
        .collect();
    told.sort_by(|a, b| b.share.value.total_cmp(&a.share.value));
    let fan = |q: usize| (0..years).map(|t| five(whole.iter().map(|run| all[q * years + t][*run]))).collect();
    Stories {
        town,
        path,
        quantities: quantities.to_vec(),
        runs: whole.len(),
        undefined: runs as usize - whole.len(),
        silhouette: found.silhouette,
        stories: told,
        fan: (0..quantities.len()).map(fan).collect(),
    }
}

/// The factors in which some runs differ most from the others.
fn apart(factors: &[RunColumn], drawn: &[Vec<f64>], whole: &[usize], inside: &[bool]) -> Vec<Apart> {
    let mut all: Vec<Apart> = Vec::new();
    for (column, values) in factors.iter().zip(drawn) {
        // Means of what is told as multiples, or of prices, are geometric.
        let values: Vec<f64> = whole.iter().map(|run| values[*run]).collect();
        let mean = |of: &dyn Fn(usize) -> bool| {
            let some: Vec<f64> = (0..values.len()).filter(|k| of(*k)).map(|k| values[k]).collect();
            some.iter().sum::<f64>() / some.len() as f64
        };
        let (within, without, middle) = (mean(&|k| inside[k]), mean(&|k| !inside[k]), mean(&|_| true));
        let variance = values.iter().map(|x| (x - middle).powi(2)).sum::<f64>() / values.len() as f64;
        let difference = (within - without) / variance.sqrt();
        if difference.is_finite() && difference.abs() >= APART {
            let [inside, outside] = [within, without].map(|mean| column.thing.scale.apply(mean));
            all.push(Apart { column: column.clone(), inside, outside, difference });
        }
    }
    all.sort_by(|a, b| b.difference.abs().total_cmp(&a.difference.abs()));
    // A price in several years tells the same story.
    let mut told: Vec<Apart> = Vec::new();
    for one in all {
        if told.len() < NAMED && told.iter().all(|known| known.column.thing.value != one.column.thing.value) {
            told.push(one);
        }
    }
    told
}

fn five(values: impl Iterator<Item = f64>) -> [f64; 5] {
    let mut values: Vec<f64> = values.collect();
    values.sort_by(f64::total_cmp);
    let at = |p: f64| {
        let place = p * values.len().saturating_sub(1) as f64;
        values.get(place.round() as usize).copied().unwrap_or(f64::NAN)
    };
    [0.05, 0.25, 0.5, 0.75, 0.95].map(at)
}
