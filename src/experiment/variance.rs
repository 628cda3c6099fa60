//! Where the variance comes from: shares of the variance of a quantity by source, over the years.
//!
//! After Hawkins and Sutton (2009, doi:10.1175/2009BAMS2607.1), who split the variance of climate projections into
//! scenario, model and internal variability, and Yip et al. (2011, doi:10.1175/2011JCLI4085.1), who let the parts
//! interact. Here the parts are those of the analysis of variance of a function of independent sources (Sobol' 1993):
//! with Y the quantity, S the scenario of given weights w_s and U_i the other sources,
//!
//! ```text
//! V       = Var Y = V_S + E_s Var(f_s)                     f_s: Y under scenario s
//! V_S     = sum of w_s (E f_s - E g)^2                     g = sum of w_s f_s
//! V_i     = Var E(Y | U_i) = E g(B) (g(A_i) - g(A))        Saltelli et al. (2010, doi:10.1016/j.cpc.2009.09.018)
//! T_i     = E Var(Y | all but U_i) = E sum of w_s (f_s(A) - f_s(A_i))^2 / 2      Jansen (1999)
//! V_SU    = E_s Var(f_s) - Var(g)                          the scenario's interactions with all others
//! V_rest  = Var(g) - sum of V_i                            interactions of the others
//! V       = V_S + sum of V_i + V_SU + V_rest
//! ```
//!
//! A and B are independent samples of all sources but the scenario, A_i is A with source i of B
//! ([`crate::engine::PickFreeze`]). Scenarios share the draws of a run, so that means over them are exact, not sampled.
//! V_S takes one factor from A and one from B and is unbiased; g is taken relative to its mean. Estimates may fall
//! below 0 and are told as they are. Errors are those of the delete-one jackknife over batches of runs (Efron and
//! Stein 1981): of G batches, sqrt((G - 1)/G sum of (share without batch k - their mean)^2).

mod estimate;
mod shares;
mod words;

pub use shares::{Part, PartShare, TownVariance, Variance, VarianceShares};
pub use words::{in_unit, largest, made, part, percent, quantity, quantity_short, weights};

use crate::case::Case;
use crate::engine::{BLOCK_RUNS, PairSums, PickFreeze, VectorLevel};
use crate::model::{Model, ModelError, Options, TownLaw, VarianceSource};
use crate::random;
use estimate::variance;

/// Batches of the jackknife.
pub const BATCHES: u64 = 32;

/// What is asked.
#[derive(Debug, Clone)]
pub struct Design {
    /// Runs of each sample; rounded up to whole batches of whole blocks ([`Design::whole`]).
    pub runs: u64,
    /// Weight of each scenario of the options, in any scale.
    pub weights: Vec<f64>,
    /// Quantities, by their places in [`Model::quantities`].
    pub quantities: Vec<usize>,
}

impl Design {
    /// So many runs as whole batches have.
    pub fn whole(runs: u64) -> u64 {
        runs.max(1).div_ceil(BATCHES * BLOCK_RUNS) * BATCHES * BLOCK_RUNS
    }
}

/// Places of the quantities that headlines tell, of a model of the case; all that people look at first where it
/// names none.
pub fn headline(case: &Case, model: &Model) -> Vec<usize> {
    let named = &case.method.headline;
    let ids = [&named.index, &named.rate, &named.people].into_iter().flatten();
    let places = ids.filter_map(|id| model.quantities.iter().position(|q| q.id == *id));
    let places: Vec<usize> = places.collect();
    let main = || (0..model.quantities.len()).filter(|q| model.quantities[*q].main).collect();
    if places.is_empty() { main() } else { places }
}

/// Splits the variance, with the threads it is called with. `progress` is told the runs that are done of each sample.
///
/// # Errors
/// [`ModelError`] when the options do not fit the case.
///
/// # Panics
/// When there are not as many weights as scenarios, or none of them is positive.
pub fn variance_shares(
    case: &Case,
    options: &Options,
    design: &Design,
    level: VectorLevel,
    progress: &(dyn Fn(u64) + Sync),
) -> Result<VarianceShares, ModelError> {
    let model = Model::compile(case, options)?;
    assert_eq!(design.weights.len(), options.scenarios.len(), "a weight for each scenario");
    let all: f64 = design.weights.iter().sum();
    assert!(all > 0.0, "a positive weight");
    let drawn = |source: &VarianceSource| model.towns.iter().any(|town| source.is_drawn(&model, town));
    let pick = PickFreeze {
        model: &model,
        other_seed: random::key(options.seed, "sample", "variance"),
        sources: VarianceSource::ALL.into_iter().filter(drawn).collect(),
        weights: design.weights.iter().map(|w| w / all).collect(),
        quantities: design.quantities.clone(),
    };
    let blocks = Design::whole(design.runs) / (BATCHES * BLOCK_RUNS);
    let tell = |blocks| progress(blocks * BLOCK_RUNS);
    let sums = pick.run(BATCHES as usize, blocks as usize, level, &tell);
    let runs = BATCHES * blocks * BLOCK_RUNS;
    let count = design.quantities.len();
    let town = |(law, batches): (&TownLaw, Vec<Vec<PairSums>>)| {
        let of = |cell: usize| {
            let batches: Vec<&PairSums> = batches.iter().map(|batch| &batch[cell]).collect();
            let mut found = variance(&batches, &pick.weights, &pick.sources, runs);
            // What is drawn in other towns alone is no part here.
            found.parts.retain(|part| match part.part {
                Part::Source(source) => source.is_drawn(&model, law),
                Part::Scenario | Part::WithScenario | Part::AmongSources => true,
            });
            found
        };
        let year = |t: usize| (0..count).map(|q| of(t * count + q)).collect();
        TownVariance {
            id: law.id.clone(),
            name: case.towns[law.index].name.clone(),
            years: (0..model.years.len()).map(year).collect(),
        }
    };
    let scenario = |(s, weight): (&usize, &f64)| {
        let scenario = &case.scenarios[*s];
        (scenario.id.clone(), scenario.name.clone(), *weight)
    };
    Ok(VarianceShares {
        case: case.id.clone(),
        years: model.years.clone(),
        scenarios: options.scenarios.iter().zip(&pick.weights).map(scenario).collect(),
        quantities: design.quantities.iter().map(|q| model.quantities[*q].clone()).collect(),
        runs,
        samples: 2 + pick.sources.len(),
        uncertainty: options.uncertainty.name(),
        stress: options.stress.map(|s| case.stresses[s].name.clone()),
        seed: options.seed,
        towns: model.towns.iter().zip(sums).map(town).collect(),
    })
}
