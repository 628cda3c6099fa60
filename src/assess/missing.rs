//! Towns with missing inputs: the assessment as a distribution.

use super::reading::Reading;
use super::vote::{lead_parts, verdict};
use crate::case::{Input, SubIndicatorKind, Town, class_of};
use crate::random::{self, Stream};

/// The distribution of a town's assessment over draws of its missing inputs. The draws are those of the runs
/// 0, 1, 2, ... of a simulation with the case's seed.
#[derive(Debug, Clone, PartialEq)]
pub struct Uncertain {
    /// Number of draws.
    pub draws: u64,
    /// For each composite with a scale (in order) the share of draws in each class.
    pub classes: Vec<Vec<ClassShare>>,
    /// Each scenario's share of the lead; ties are shared.
    pub lead: Vec<ClassShare>,
}

/// A share of draws and its Monte Carlo standard error.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ClassShare {
    /// Share, 0..1.
    pub share: f64,
    /// Standard error.
    pub mcse: f64,
}

impl ClassShare {
    fn of(mean: f64, mean_square: f64, draws: u64) -> Self {
        Self { share: mean, mcse: ((mean_square - mean * mean).max(0.0) / draws as f64).sqrt() }
    }
}

/// One input: triangular by the inverse of its distribution function; a switch is 100 with probability
/// (low + mode + high) / 300.
fn drawn(input: &Input, switch: bool, u: f64, otherwise: f64) -> f64 {
    match *input {
        Input::Missing { low, mode, high, .. } if low < high && switch => {
            if u < (low + mode + high) / 300.0 {
                100.0
            } else {
                0.0
            }
        }
        Input::Missing { low, mode, high, .. } if low < high => random::triangular(low, mode, high, u),
        _ => otherwise,
    }
}

pub(super) fn draw(reading: &Reading<'_>, town: &Town, draws: u64) -> Uncertain {
    let case = reading.case;
    let method = &case.method;
    let key = random::key(case.seed, &town.id, "inputs");
    let parts = lead_parts(case.scenarios.len());
    let mut counts: Vec<Vec<u64>> = method.scaled().map(|(_, _, scale)| vec![0; scale.len()]).collect();
    let mut lead = vec![(0_u64, 0_u64); case.scenarios.len()];
    for run in 0..draws {
        let mut stream = Stream::new(key, run);
        let value = |(i, input): (usize, &Input)| {
            let switch = matches!(method.sub_indicators[i].kind, SubIndicatorKind::Switch);
            drawn(input, switch, stream.uniform(), reading.value(input))
        };
        let sub_indicators: Vec<f64> = town.inputs.iter().enumerate().map(value).collect();
        let composites = reading.composites(&sub_indicators);
        let mut classes = vec![None; composites.len()];
        for (k, (c, _, scale)) in method.scaled().enumerate() {
            let class = class_of(scale, composites[c]);
            classes[c] = Some(class);
            counts[k][class] += 1;
        }
        let verdict = verdict(case, &classes);
        let part = parts / verdict.leaders.len() as u64;
        for s in verdict.leaders {
            lead[s].0 += part;
            lead[s].1 += part * part;
        }
    }
    let n = draws as f64;
    let whole = parts as f64;
    let class = |count: &u64| ClassShare::of(*count as f64 / n, *count as f64 / n, draws);
    Uncertain {
        draws,
        classes: counts.iter().map(|row| row.iter().map(class).collect()).collect(),
        lead: lead
            .iter()
            .map(|(sum, squares)| {
                ClassShare::of(*sum as f64 / (n * whole), *squares as f64 / (n * whole * whole), draws)
            })
            .collect(),
    }
}
