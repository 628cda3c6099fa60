//! What is robust: the scenarios of a town over the same runs, by every criterion.
//!
//! A run gives each scenario a performance, its *yardstick*: any figure of a run, larger being better after its sign is
//! turned where less is better. Scenarios share the draws of a run, so that the regret of a run, what the best scenario
//! does better, compares plans in the same world. The criteria are those of [`crate::explore::robust`].
//!
//! Runs are kept for one town at a time: 8 bytes for each scenario, three times over while criteria are computed, and for
//! each thing that is drawn; some 0.4 kB a run, whatever the number of towns.

mod by_factor;
mod costs;

pub use by_factor::FactorRegret;

use crate::analyse::{Estimate, RunThing, Scale, drawn_columns};
use crate::case::{Better, Case};
use crate::engine::{self, RunValue, Selected};
use crate::explore::robust::{Concordance, Criteria, Criterion, concordance, regrets};
use crate::model::{Model, RunTown};
use by_factor::by_factor;
pub use costs::plan_costs;

/// Most runs that are kept.
pub const MOST_RUNS: u64 = 500_000;

/// What is asked.
#[derive(Debug, Clone)]
pub struct Question {
    /// The figure of a run by which plans are judged.
    pub yardstick: RunThing,
    /// Year, 0 the base year.
    pub t: usize,
    /// Which direction is better; [`Better::Neither`] is taken as higher.
    pub better: Better,
    /// What is good enough, in the yardstick's unit; nothing for today's value of each town.
    pub enough: Option<f64>,
    /// Optimism of Hurwicz, 0 to 1.
    pub optimism: f64,
    /// Standard deviations that are taken off the mean.
    pub caution: f64,
    /// Units of the yardstick that a unit of a plan's cost is worth.
    pub cost_weight: f64,
    /// Runs.
    pub runs: u64,
}

/// What a town's scenarios are worth by one criterion.
#[derive(Debug, Clone, PartialEq)]
pub struct CriterionValues {
    /// The criterion.
    pub criterion: Criterion,
    /// A value for each scenario, in the yardstick's own direction and unit.
    pub values: Vec<Estimate>,
    /// Its rank, 1 the best; ties have the mean of their ranks.
    pub ranks: Vec<f64>,
}

/// A town.
#[derive(Debug, Clone, PartialEq)]
pub struct TownRobustness {
    /// Its place in the case.
    pub town: usize,
    /// Runs in which every scenario has a value, and the others.
    pub runs: usize,
    /// Runs that were left out.
    pub undefined: usize,
    /// What is good enough here.
    pub enough: f64,
    /// Whether that is today's value of the town.
    pub is_today: bool,
    /// Cost of each scenario's plan, where the case gives costs.
    pub costs: Vec<Option<f64>>,
    /// Every criterion, in the order of [`criteria`].
    pub criteria: Vec<CriterionValues>,
    /// How far criteria agree on the order of the scenarios; nothing where there is no order.
    pub agreement: Option<Concordance>,
    /// Mean regret of each scenario, its error and its distribution over classes of what is drawn.
    pub factors: Vec<FactorRegret>,
}

impl TownRobustness {
    /// The values by a criterion.
    pub fn of(&self, which: &dyn Fn(Criterion) -> bool) -> Option<&CriterionValues> {
        self.criteria.iter().find(|c| which(c.criterion))
    }

    /// Places of the scenarios with the best mean rank over all criteria, and those that are the best by most of them.
    pub fn mean_ranks(&self) -> Vec<f64> {
        let n = self.criteria.len() as f64;
        let scenarios = self.costs.len();
        (0..scenarios).map(|s| self.criteria.iter().map(|c| c.ranks[s]).sum::<f64>() / n).collect()
    }
}

/// Everything that was found.
#[derive(Debug, Clone, PartialEq)]
pub struct Robustness {
    /// The yardstick.
    pub yardstick: RunThing,
    /// Its year.
    pub year: i32,
    /// Whether a smaller value is better.
    pub is_cost: bool,
    /// Scenarios, by their places in the case.
    pub scenarios: Vec<usize>,
    /// Runs that were made, and their seed.
    pub runs: u64,
    /// The seed.
    pub seed: u64,
    /// Optimism of Hurwicz.
    pub optimism: f64,
    /// Standard deviations that are taken off the mean.
    pub caution: f64,
    /// The towns.
    pub towns: Vec<TownRobustness>,
}

/// The criteria in the order in which they are told.
pub fn criteria(optimism: f64, caution: f64, enough: f64) -> [Criterion; 8] {
    [
        Criterion::MaxRegret,
        Criterion::P90Regret,
        Criterion::Wald,
        Criterion::Hurwicz(optimism),
        Criterion::Laplace,
        Criterion::MeanVariance(caution),
        Criterion::Starr,
        Criterion::Satisficing(enough),
    ]
}

/// Its name in tables.
pub fn criterion_id(criterion: Criterion) -> &'static str {
    match criterion {
        Criterion::MaxRegret => "max_regret",
        Criterion::P90Regret => "p90_regret",
        Criterion::Wald => "wald",
        Criterion::Hurwicz(_) => "hurwicz",
        Criterion::Laplace => "laplace",
        Criterion::MeanVariance(_) => "mean_variance",
        Criterion::Starr => "starr",
        Criterion::Satisficing(_) => "satisficing",
    }
}

/// Whether its values are shares of runs.
pub fn is_share(criterion: Criterion) -> bool {
    matches!(criterion, Criterion::Starr | Criterion::Satisficing(_))
}

/// The yardstick that is used where none is named: the quantity that the case's headline tells as a rate, since a
/// regret in points of unemployment means the same to everyone, while one in points of an index does not; without one
/// the headline's index, and without that the population.
pub fn default_yardstick(case: &Case) -> String {
    let headline = &case.method.headline;
    headline.rate.clone().or_else(|| headline.index.clone()).unwrap_or_else(|| "population".to_owned())
}

/// Asks a model, town by town, with the threads it is called with; `progress` is told the towns that are done.
pub fn robustness(case: &Case, model: &Model, question: &Question, progress: &dyn Fn(usize)) -> Robustness {
    let is_cost = question.better == Better::Lower;
    let town = |place: usize| {
        let found = of_town(case, model, place, question, is_cost);
        progress(place + 1);
        found
    };
    Robustness {
        yardstick: question.yardstick.clone(),
        year: model.years[question.t],
        is_cost,
        scenarios: model.options.scenarios.clone(),
        runs: question.runs,
        seed: model.options.seed,
        optimism: question.optimism,
        caution: question.caution,
        towns: (0..model.towns.len()).map(town).collect(),
    }
}

fn of_town(case: &Case, model: &Model, town: usize, question: &Question, is_cost: bool) -> TownRobustness {
    let paths = model.options.scenarios.len();
    let mut selected: Vec<Selected> = Vec::new();
    let yardstick = |path: usize, t: usize| Selected { town, path, t, value: question.yardstick.value };
    selected.extend((0..paths).map(|path| yardstick(path, question.t)));
    // The base year, of which runs may differ.
    selected.push(yardstick(0, 0));
    let mut factors = Vec::new();
    for path in 0..paths {
        for column in drawn_columns(case, model, RunTown(town), path, question.t) {
            if factors
                .iter()
                .all(|(_, known): &(usize, crate::analyse::RunColumn)| known.selected != column.selected)
            {
                factors.push((path, column));
            }
        }
    }
    selected.extend(factors.iter().map(|(_, column)| column.selected));
    let mut columns: Vec<Vec<f64>> = vec![Vec::with_capacity(question.runs as usize); selected.len()];
    engine::record(model, &selected, 0..question.runs, &mut |_, block| {
        for (column, values) in columns.iter_mut().zip(block) {
            column.extend_from_slice(values);
        }
    });
    let drawn = columns.split_off(paths + 1);
    let today = columns.pop().unwrap_or_default();
    let whole: Vec<usize> =
        (0..today.len()).filter(|run| columns.iter().all(|values| values[*run].is_finite())).collect();
    let undefined = today.len() - whole.len();
    let costs = plan_costs(case, model, town);
    let sign = if is_cost { -1.0 } else { 1.0 };
    let performance: Vec<Vec<f64>> = columns
        .iter()
        .zip(&costs)
        .map(|(values, cost)| {
            let paid = question.cost_weight * cost.unwrap_or(0.0);
            whole.iter().map(|run| sign * question.yardstick.scale.apply(values[*run]) - paid).collect()
        })
        .collect();
    let base = mean_of(&today, question.yardstick.scale);
    // Of what only happens after the base year today's value says nothing: not to have it, or to have it.
    let says_nothing = matches!(question.yardstick.value, RunValue::Reached(_) | RunValue::Happened(_));
    let is_today = question.enough.is_none() && !says_nothing;
    let enough = question.enough.unwrap_or(if says_nothing { f64::from(u8::from(!is_cost)) } else { base });
    let asked = Criteria { performance: &performance };
    let of_criterion = |criterion: Criterion| {
        // What is told in the yardstick's direction is turned back.
        let turn = match criterion {
            Criterion::MaxRegret | Criterion::P90Regret | Criterion::Starr | Criterion::Satisficing(_) => 1.0,
            _ => sign,
        };
        let values = asked.values(criterion).into_iter().zip(asked.mcse(criterion));
        CriterionValues {
            criterion,
            values: values.map(|(value, mcse)| Estimate::new(turn * value, mcse)).collect(),
            ranks: asked.ranks(criterion),
        }
    };
    let criteria: Vec<CriterionValues> =
        criteria(question.optimism, question.caution, sign * enough).into_iter().map(of_criterion).collect();
    let ranks: Vec<Vec<f64>> = criteria.iter().map(|c| c.ranks.clone()).collect();
    let regret = regrets(&performance);
    let factors = factors
        .into_iter()
        .zip(drawn)
        .filter_map(|((path, column), values)| {
            let values: Vec<f64> = whole.iter().map(|run| column.thing.scale.apply(values[*run])).collect();
            by_factor(column, path, &values, &regret)
        })
        .collect();
    TownRobustness {
        town: model.options.towns[town],
        runs: whole.len(),
        undefined,
        enough,
        is_today,
        costs,
        agreement: concordance(&ranks),
        criteria,
        factors,
    }
}

fn mean_of(values: &[f64], scale: Scale) -> f64 {
    let defined: Vec<f64> = values.iter().map(|x| scale.apply(*x)).filter(|x| x.is_finite()).collect();
    defined.iter().sum::<f64>() / defined.len() as f64
}
