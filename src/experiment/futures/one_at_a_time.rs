//! One at a time: what only one factor does, from its low end to its high one, all others as the case has them.

use std::sync::atomic::{AtomicUsize, Ordering};

use rayon::prelude::*;

use super::estimate::with_runs;
use super::evaluate::at;
use super::factors::Factors;
use super::output::Output;
use crate::analyse::{Asked, Batches, Study, Target};
use crate::case::Adjustable;
use crate::explore::{Interval, Law};

/// Quantiles of a factor at which the outputs are asked for.
const STEPS: [(&str, f64); 5] = [("p05", 0.05), ("p25", 0.25), ("p50", 0.5), ("p75", 0.75), ("p95", 0.95)];

/// An output with a factor at one of its values, less what it is as the case stands.
#[derive(Debug, Clone, PartialEq)]
pub struct Swing {
    /// Place of the factor.
    pub factor: usize,
    /// Where in its law the value stands: `p05` to `p95`; the word of a switch.
    pub step: String,
    /// Its probability; none of a switch.
    pub quantile: Option<f64>,
    /// The value.
    pub x: f64,
    /// The change, with the 95 % interval that the runs leave open: base and change see the same draws.
    pub change: Interval,
}

/// What each factor does to an output on its own.
#[derive(Debug, Clone, PartialEq)]
pub struct Swings {
    /// The output as the case stands, with its interval.
    pub base: Interval,
    /// By factor, then step; a step that makes no case has a change of NaN.
    pub swings: Vec<Swing>,
}

/// Asks for each output with one factor at a time moved.
pub fn one_at_a_time(
    study: &Study<'_>,
    factors: &Factors<'_>,
    outputs: &[Output],
    batches: Batches,
    progress: &(dyn Fn(usize, usize) + Sync),
) -> Vec<Swings> {
    let case = factors.case();
    let targets: Vec<Target> =
        outputs.iter().flat_map(|o| std::iter::once(o.targets.0).chain(o.targets.1)).collect();
    let base: Vec<f64> = factors.factors.iter().map(|f| f.what.value(case)).collect();
    let mut moves: Vec<(usize, String, Option<f64>, f64)> = Vec::new();
    for (k, factor) in factors.factors.iter().enumerate() {
        let words = factor.what.words(case);
        match &factor.law {
            Law::Discrete { values, .. } if !words.is_empty() => {
                let others = values.iter().filter(|x| **x != base[k]);
                moves.extend(others.map(|x| (k, words[*x as usize].clone(), None, *x)));
            }
            Law::Discrete { values, .. } => {
                let mut sorted = values.clone();
                sorted.sort_unstable_by(f64::total_cmp);
                let at = |p: f64| sorted[(p * (sorted.len() - 1) as f64).round() as usize];
                moves.extend(STEPS.map(|(name, p)| (k, name.to_owned(), Some(p), at(p))));
            }
            law => moves.extend(STEPS.map(|(name, p)| (k, name.to_owned(), Some(p), law.quantile(p)))),
        }
    }
    // Only what is moved is set: all else stays to the last bit.
    let ask = |sets: &[(Adjustable, f64)]| at(study, case, sets, outputs, &targets, batches);
    let as_it_stands = ask(&[]);
    let (done, total) = (AtomicUsize::new(1), moves.len() + 1);
    let asked: Vec<Vec<Asked>> = moves
        .par_iter()
        .map(|(k, _, _, x)| {
            let asked = ask(&[(factors.factors[*k].what, *x)]);
            progress(done.fetch_add(1, Ordering::Relaxed) + 1, total);
            asked
        })
        .collect();
    let of = |(o, base): (usize, &Asked)| Swings {
        base: with_runs(base.all, &base.without),
        swings: moves
            .iter()
            .zip(&asked)
            .map(|((factor, step, quantile, x), asked)| {
                let own = &asked[o];
                let without: Vec<f64> = own.without.iter().zip(&base.without).map(|(a, b)| a - b).collect();
                let change = with_runs(own.all - base.all, &without);
                Swing { factor: *factor, step: step.clone(), quantile: *quantile, x: *x, change }
            })
            .collect(),
    };
    as_it_stands.iter().enumerate().map(of).collect()
}
