//! Where a plan fails: boxes of what is drawn in which a condition is met often.
//!
//! The runs of a town under a scenario are a sample: what was drawn are its factors, whether a run meets the condition is
//! its response. Boxes are those of [`crate::explore::discover`]. Memory is 8 bytes a run for each factor and each
//! quantity of the condition, of one town and scenario at a time.

mod resolve;

pub use resolve::{Asked, resolve};

use crate::analyse::{RunColumn, drawn_columns};
use crate::case::Case;
use crate::condition::{Condition, Operator, Test};
use crate::engine::{self, RunValue, Selected};
use crate::explore::discover::{Bounds, Column, Leaf, Prim, Reproduced, Restriction, Settings, cart, prim};
use crate::explore::given;
use crate::model::{Model, RunTown};

/// Most runs that are kept.
pub const MOST_RUNS: u64 = 500_000;

/// Runs that a box holds at least, where it may hold less than PRIM's usual share.
const FEWEST: f64 = 20.0;

/// The runs of a town under a scenario as a sample.
#[derive(Debug, Clone, PartialEq)]
pub struct RunSample {
    /// Place of the town in the options.
    pub town: usize,
    /// Place of the scenario in the options.
    pub path: usize,
    /// What was drawn and differs between runs.
    pub columns: Vec<RunColumn>,
    /// Its values as they are told: `values[column][run]`.
    pub values: Vec<Vec<f64>>,
    /// Which runs meet the condition.
    pub of_interest: Vec<bool>,
    /// Runs that are left out, since something in the condition is undefined in them.
    pub undefined: usize,
}

/// What was found in a sample.
#[derive(Debug, Clone, PartialEq)]
pub struct Discovery {
    /// The sample.
    pub sample: RunSample,
    /// The peeling and pasting trajectory; without steps where no run or every run meets the condition.
    pub prim: Prim,
    /// How often half samples find the same.
    pub reproduced: Vec<Reproduced>,
    /// Leaves of the tree, the densest first.
    pub leaves: Vec<Leaf>,
}

/// How to look.
#[derive(Debug, Clone, Copy)]
pub struct Search {
    /// Runs.
    pub runs: u64,
    /// Half samples that try to reproduce each box.
    pub resamples: usize,
    /// Seed of the half samples.
    pub seed: u64,
}

impl RunSample {
    /// Makes the runs of a town under a scenario, by their places in the options.
    pub fn record(
        case: &Case,
        model: &Model,
        (town, path): (usize, usize),
        (condition, asked): (&Condition, &[Asked]),
        runs: u64,
    ) -> Self {
        let last = asked.iter().map(|a| a.t).max().unwrap_or(model.years.len() - 1);
        let columns = drawn_columns(case, model, RunTown(town), path, last);
        let of_test = asked.iter().map(|a| a.selected(model, town, path));
        let selected: Vec<Selected> = of_test.chain(columns.iter().map(|c| c.selected)).collect();
        let mut all: Vec<Vec<f64>> = vec![Vec::with_capacity(runs as usize); selected.len()];
        engine::record(model, &selected, 0..runs, &mut |_, block| {
            for (all, new) in all.iter_mut().zip(block) {
                all.extend_from_slice(new);
            }
        });
        let mut drawn = all.split_off(asked.len());
        let tests = condition.tests();
        let holds = |run: usize| {
            let defined = all.iter().all(|values| values[run].is_finite());
            let answer = |test: &Test| {
                let place = tests.iter().position(|t| std::ptr::eq(*t, test)).unwrap_or(0);
                asked[place].holds(all[place][run])
            };
            defined.then(|| condition.holds(&answer))
        };
        let met: Vec<Option<bool>> = (0..runs as usize).map(holds).collect();
        let whole: Vec<usize> = (0..met.len()).filter(|run| met[*run].is_some()).collect();
        for (column, values) in columns.iter().zip(&mut drawn) {
            *values = whole.iter().map(|run| column.thing.scale.apply(values[*run])).collect();
        }
        let varies = |values: &Vec<f64>| {
            values.iter().all(|x| x.is_finite()) && values.iter().any(|x| *x != values[0])
        };
        let kept: Vec<usize> = (0..columns.len()).filter(|k| varies(&drawn[*k])).collect();
        Self {
            town,
            path,
            columns: kept.iter().map(|k| columns[*k].clone()).collect(),
            values: kept.iter().map(|k| std::mem::take(&mut drawn[*k])).collect(),
            of_interest: whole.iter().map(|run| met[*run] == Some(true)).collect(),
            undefined: met.len() - whole.len(),
        }
    }

    /// Share of the runs that meet the condition.
    pub fn share(&self) -> f64 {
        self.of_interest.iter().filter(|y| **y).count() as f64 / self.of_interest.len().max(1) as f64
    }

    /// Whether some runs meet the condition and others do not, so that there is something to find.
    pub fn is_mixed(&self) -> bool {
        self.of_interest.iter().any(|y| *y) && self.of_interest.iter().any(|y| !*y)
    }

    /// Looks for boxes.
    pub fn search(self, search: Search) -> Discovery {
        if !self.is_mixed() || self.columns.is_empty() {
            let prim = Prim { steps: Vec::new(), balanced: 0 };
            return Discovery { sample: self, prim, reproduced: Vec::new(), leaves: Vec::new() };
        }
        let columns: Vec<Column> = self.values.iter().map(|values| Column::Numbers(values.clone())).collect();
        // A box may be as small as half of what is looked for, so that what is rare can be found, but no handful.
        let whole = Settings::default();
        let least = FEWEST / self.of_interest.len() as f64;
        let settings = Settings { mass_min: (0.5 * self.share()).max(least).min(whole.mass_min), ..whole };
        let found = prim(&columns, &self.of_interest, settings);
        let reproduced = if search.resamples > 0 {
            found.reproduce(&columns, &self.of_interest, settings, search.resamples, search.seed)
        } else {
            Vec::new()
        };
        let mut leaves = cart(&columns, &self.of_interest, self.of_interest.len() / 20);
        leaves.sort_by(|a, b| b.density.total_cmp(&a.density));
        Discovery { sample: self, prim: found, reproduced, leaves }
    }
}

impl Discovery {
    /// The own ends of a side: those that leave out something.
    pub fn ends(&self, side: &Restriction) -> (Option<f64>, Option<f64>) {
        let Bounds::Range { from, to } = &side.bounds else { return (None, None) };
        let values = &self.sample.values[side.factor];
        let (from, to) = (*from, *to);
        (values.iter().any(|x| *x < from).then_some(from), values.iter().any(|x| *x > to).then_some(to))
    }

    /// Sides of a step, those that are least likely to be chance first.
    pub fn sides(&self, step: usize) -> Vec<&Restriction> {
        let mut sides: Vec<&Restriction> =
            self.prim.steps.get(step).map_or_else(Vec::new, |step| step.restrictions.iter().collect());
        sides.sort_by(|a, b| a.p().unwrap_or(1.0).total_cmp(&b.p().unwrap_or(1.0)));
        sides
    }

    /// Places of all factors by how far the runs of interest differ in them from the others (Kolmogorov and Smirnov's
    /// distance), the farthest first.
    pub fn telling(&self) -> Vec<usize> {
        let found = given::regional(&self.sample.values, &self.sample.of_interest, 0, 0);
        let mut order: Vec<usize> = (0..found.len()).collect();
        order.sort_by(|a, b| found[*b].distance.value.total_cmp(&found[*a].distance.value));
        order
    }
}

impl Asked {
    /// What to record for it in the runs of a town and scenario.
    fn selected(&self, model: &Model, town: usize, path: usize) -> Selected {
        let (town, path) = (self.town.unwrap_or(town), self.path.unwrap_or(path));
        self.thing.column(model, town, path, self.t).selected
    }

    /// Whether it holds of a recorded value.
    fn holds(&self, recorded: f64) -> bool {
        let value = self.thing.scale.apply(recorded);
        match self.thing.value {
            // A set of leaders: who leads alone.
            RunValue::Leaders => (value == self.bound) == (self.operator == Operator::Equal),
            _ => self.operator.holds(value, self.bound),
        }
    }
}
