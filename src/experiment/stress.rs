//! Stress tests: what shocks do, from the same runs with and without them.
//!
//! A stress ([`crate::case::Stress`]) shocks prices or plans, or makes events happen. Runs are drawn once: the baseline's
//! and the stressed run of a number have the same draws (common random numbers), so that effects are means of paired
//! differences d, with the error sd(d)/sqrt(n). A difference of shares has the variance of a paired 2 x 2 table with half a
//! run added to each cell (Agresti and Min 2005, doi:10.1002/sim.1781), so that none of n is not taken as certainty.
//!
//! `course` says how deep each run falls and when it is back; `companions` how commodities move along that a stress does
//! not name; `plausible` how far a stress is from what the price law gives;
//! `reverse` how large a fall brings a condition about, `surface` which two together.

mod companions;
mod condition;
mod course;
mod effect;
mod item;
mod plausible;
mod reverse;
mod surface;
mod tail;

pub use companions::{Companion, with_companions};
pub use condition::RunCondition;
pub use course::{Course, Recovery};
pub use effect::Effect;
pub use item::{Item, ItemKind};
pub use plausible::{Falls, Plausibility, plausibility};
pub use reverse::{After, Crossing, ReverseCourse, ReverseDesign, Reversed, reverse_stress};
pub use surface::{Joint, Surface, break_even};
pub use tail::{LEVELS, Tail, TailLevel};

use crate::case::{Better, Case, Name, Stress};
use crate::engine::{Noted, Paired, PairedBlock, VectorLevel};
use crate::model::{Change, Model, ModelError, Options, Quantity};
use course::CourseSums;
use effect::PairSums;

/// What stresses do.
#[derive(Debug, Clone)]
pub struct StressTest {
    /// The case's id.
    pub case: String,
    /// Years, the base year first.
    pub years: Vec<i32>,
    /// Scenarios that were run: (id, name).
    pub scenarios: Vec<(String, Name)>,
    /// Towns that were run: (id, name).
    pub towns: Vec<(String, Name)>,
    /// Quantities whose course is told, in the order of `courses`.
    pub quantities: Vec<Quantity>,
    /// What is compared, in the order of `effects`.
    pub items: Vec<Item>,
    /// Runs with and as many without.
    pub runs: u64,
    /// Seed.
    pub seed: u64,
    /// Name of what was drawn.
    pub uncertainty: String,
    /// What each stress does.
    pub stressed: Vec<Stressed>,
}

/// What one stress does.
#[derive(Debug, Clone)]
pub struct Stressed {
    /// The stress as it was laid on, with what moves along.
    pub stress: Stress,
    /// `[town][scenario][t][item]`.
    pub effects: Vec<Vec<Vec<Vec<Effect>>>>,
    /// `[town][scenario][quantity]`.
    pub courses: Vec<Vec<Vec<Course>>>,
    /// The tail of each quantity in the last year, over the first 16,384 runs: `[town][scenario][quantity]`.
    pub tails: Vec<Vec<Vec<Tail>>>,
    /// In how many runs just 0, 1, .. of the towns have met the last resort's conditions by the horizon, without and with:
    /// `[scenario][towns]`. Empty where the method names no such conditions.
    pub together: Vec<Vec<[u64; 2]>>,
}

/// What is looked at of a town under one stress.
struct TownSums {
    items: Vec<PairSums>,
    courses: Vec<CourseSums>,
    /// Values of each scenario and quantity in the last year, of the first runs.
    last: Vec<Vec<(f64, f64)>>,
}

/// Whether the last resort's conditions were met, without and with a stress: `[scenario][run]`.
type Met = Vec<Vec<[bool; 2]>>;

impl TownSums {
    fn none(years: usize, paths: usize, (items, quantities): (usize, usize)) -> Self {
        Self {
            items: vec![PairSums::default(); paths * years * items],
            courses: vec![CourseSums::none(years); paths * quantities],
            last: vec![Vec::new(); paths * quantities],
        }
    }

    fn add(&mut self, other: &Self) {
        self.items.iter_mut().zip(&other.items).for_each(|(a, b)| a.add(b));
        self.courses.iter_mut().zip(&other.courses).for_each(|(a, b)| a.add(b));
        for (into, from) in self.last.iter_mut().zip(&other.last) {
            into.extend(from.iter().take((tail::HELD as usize).saturating_sub(into.len())));
        }
    }
}

/// Counts the runs of a block by how many towns have met the conditions, under one of the stresses.
fn count_together(together: &mut [Vec<[u64; 2]>], done: &[Vec<(TownSums, Met)>], other: usize) {
    for (path, counts) in together.iter_mut().enumerate() {
        let met: Vec<&Vec<[bool; 2]>> = done.iter().filter_map(|town| town[other].1.get(path)).collect();
        for run in 0..met.first().map_or(0, |runs| runs.len()) {
            for with in 0..2 {
                counts[met.iter().filter(|town| town[run][with]).count()][with] += 1;
            }
        }
    }
}

/// The harmful tail of each quantity, from its values in the last year.
fn tails_of(last: &[Vec<(f64, f64)>], base: &Model, looked_at: &[usize]) -> Vec<Tail> {
    let of = |(q, runs): (&usize, &Vec<(f64, f64)>)| {
        let lower = base.quantities[*q].better == Better::Lower;
        tail::tail(runs, if lower { -1.0 } else { 1.0 })
    };
    looked_at.iter().zip(last).map(of).collect()
}

/// Runs a case with and without each of some stresses, with the threads it is called with. `progress` is told the number
/// of runs done.
///
/// # Errors
/// [`ModelError`] when the options do not fit the case.
pub fn stress_test(
    case: &Case,
    options: &Options,
    stresses: &[Stress],
    (runs, level): (u64, VectorLevel),
    progress: &(dyn Fn(u64) + Sync),
) -> Result<StressTest, ModelError> {
    let base = Model::compile(case, options)?;
    let others: Vec<Model> =
        stresses.iter().map(|stress| base.vary(case, &[Change::Stress(stress.clone())]).1).collect();
    let looked_at = item::quantities(&base);
    let items = item::items(case, &base, &looked_at);
    let paired = Paired { base: &base, others: &others, quantities: &looked_at };
    let (towns, paths, years) = (base.towns.len(), options.scenarios.len(), base.years.len());
    let starts: Vec<usize> = stresses.iter().map(|stress| start(stress, &base.years)).collect();
    let last_resort = base.first_passages.iter().position(|f| f.last_resort);
    let none = || TownSums::none(years, paths, (items.len(), looked_at.len()));
    let mut sums: Vec<Vec<TownSums>> =
        (0..towns).map(|_| stresses.iter().map(|_| none()).collect()).collect();
    let mut together = vec![vec![vec![[0_u64; 2]; towns + 1]; paths]; stresses.len()];
    let work = |town: usize, other: usize, block: PairedBlock<'_>| {
        let mut sums = none();
        let law = &base.towns[town];
        for path in 0..paths {
            let into = &mut sums.items[path * years * items.len()..];
            item::compare(&items, &base, law, (path, years), &block, into);
            for (k, q) in looked_at.iter().enumerate() {
                let into = &mut sums.courses[path * looked_at.len() + k];
                let last = block.tiles(years - 1, path, Noted::Quantity(k));
                sums.last[path * looked_at.len() + k]
                    .extend(last.flat_map(|(a, b)| a.iter().copied().zip(b.iter().copied())));
                course::follow(&block, (path, k), (starts[other], years), base.quantities[*q].better, into);
            }
        }
        let met = last_resort.map_or_else(Vec::new, |outcome| {
            (0..paths).map(|path| item::met(&block, (path, years), outcome)).collect()
        });
        (sums, met)
    };
    let mut merge = |done: Vec<Vec<(TownSums, Met)>>, count: u64| {
        for (other, together) in together.iter_mut().enumerate() {
            count_together(together, &done, other);
        }
        for (sums, (done, _)) in sums.iter_mut().flatten().zip(done.iter().flatten()) {
            sums.add(done);
        }
        progress(count);
    };
    paired.run(0..runs, level, &work, &mut merge);
    let stressed = stresses.iter().zip(together).enumerate().map(|(k, (stress, together))| {
        let of_path = |town: usize, path: usize, t: usize| -> Vec<Effect> {
            let cell = (path * years + t) * items.len();
            let sums = &sums[town][k].items[cell..][..items.len()];
            sums.iter()
                .zip(&items)
                .map(|(sums, item)| sums.effect(item.number(&base.towns[town], &base)))
                .collect()
        };
        let effects = |town: usize, path: usize| -> Vec<Vec<Effect>> {
            (0..years).map(|t| of_path(town, path, t)).collect()
        };
        let courses = |town: usize, path: usize| -> Vec<Course> {
            let sums = &sums[town][k].courses[path * looked_at.len()..][..looked_at.len()];
            let effects = effects(town, path);
            let item = |q: usize| items.iter().position(|item| item.kind == ItemKind::Quantity(q));
            let of = |(q, sums): (usize, &CourseSums)| {
                let differences: Vec<_> =
                    effects.iter().filter_map(|year| item(q).map(|place| year[place].difference)).collect();
                sums.course(&differences, starts[k], base.quantities[looked_at[q]].better, runs)
            };
            sums.iter().enumerate().map(of).collect()
        };
        let tails = |town: usize, path: usize| -> Vec<Tail> {
            tails_of(&sums[town][k].last[path * looked_at.len()..], &base, &looked_at)
        };
        Stressed {
            stress: stress.clone(),
            effects: (0..towns).map(|town| (0..paths).map(|path| effects(town, path)).collect()).collect(),
            courses: (0..towns).map(|town| (0..paths).map(|path| courses(town, path)).collect()).collect(),
            tails: (0..towns).map(|town| (0..paths).map(|path| tails(town, path)).collect()).collect(),
            together: if last_resort.is_some() { together } else { Vec::new() },
        }
    });
    Ok(StressTest {
        case: case.id.clone(),
        years: base.years.clone(),
        scenarios: options
            .scenarios
            .iter()
            .map(|s| &case.scenarios[*s])
            .map(|s| (s.id.clone(), s.name.clone()))
            .collect(),
        towns: options
            .towns
            .iter()
            .map(|t| &case.towns[*t])
            .map(|t| (t.id.clone(), t.name.clone()))
            .collect(),
        quantities: looked_at.iter().map(|q| base.quantities[*q].clone()).collect(),
        stressed: stressed.collect(),
        items,
        runs,
        seed: options.seed,
        uncertainty: options.uncertainty.name(),
    })
}

/// Year t in which a stress begins; the first after the base year where it begins before.
fn start(stress: &Stress, years: &[i32]) -> usize {
    let first = stress.start().unwrap_or(years[0]).max(years[0] + 1);
    ((first - years[0]) as usize).min(years.len() - 1)
}

impl StressTest {
    /// Place of what is compared, by its name in tables.
    pub fn item(&self, id: &str) -> Option<usize> {
        self.items.iter().position(|item| item.id == id)
    }

    /// Place of a quantity whose course is told.
    pub fn quantity(&self, id: &str) -> Option<usize> {
        self.quantities.iter().position(|q| q.id == id)
    }
}
