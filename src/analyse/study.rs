//! A case made ready to be run, and run.

use std::ops::ControlFlow;

use super::describe::Ranks;
use super::results::{Estimate, Results};
use super::summarise;
use super::target::{self, Target, UnknownTarget};
use super::variant::{self, Answers, Variant};
use crate::case::{Case, PriceProcess};
use crate::engine::{
    self, Effort, Ensemble, Ensembles, Key, Spread, StoreError, SumsPlans, TallyPlans, Trajectory,
    VectorLevel,
};
use crate::model::{Change, Model, ModelError, Options, RunTown, Uncertainty};

/// Runs a case and summarises it. `progress(done, total)` is told how many runs are done.
///
/// # Errors
/// [`ModelError`] when the options do not fit the case.
pub fn study(
    case: &Case,
    options: &Options,
    effort: Effort,
    progress: &(dyn Fn(u64, u64) + Sync),
) -> Result<Results, ModelError> {
    engine::with_threads(effort.threads, || {
        let study = Study::new(case, options)?;
        let ensembles = study.go_on(study.begin(0), effort.level, effort.runs, &|done, total| {
            progress(done, total);
            ControlFlow::Continue(())
        });
        Ok(study.summarise(&ensembles))
    })
}

/// A case made ready to be run or, where it has been run, to be summarised: the model itself; where inputs
/// are missing the same towns with inputs at their best, which tells how much of the spread they are; the
/// plan without chance.
#[derive(Debug)]
pub struct Study<'a> {
    case: &'a Case,
    model: Model,
    tally: TallyPlans,
    /// The towns of which inputs are drawn, with these at their best, and where their sums lie; none where no
    /// input is drawn.
    at_best: Option<(Model, SumsPlans)>,
    plans: Vec<Vec<Trajectory>>,
}

impl<'a> Study<'a> {
    /// Makes a case ready.
    ///
    /// # Errors
    /// [`ModelError`] when the options do not fit the case.
    pub fn new(case: &'a Case, options: &Options) -> Result<Self, ModelError> {
        let model = Model::compile(case, options)?;
        let tally = TallyPlans::plan(&model);
        let towns: Vec<usize> = model.towns.iter().filter(|t| t.is_uncertain()).map(|t| t.index).collect();
        let uncertainty = Uncertainty { inputs: false, ..options.uncertainty };
        let at_best = (!towns.is_empty()).then(|| Options { towns, uncertainty, ..options.clone() });
        let with_sums = |options: &Options| {
            let part = Model::compile(case, options)?;
            Ok((tally.plan_sums(&model, &part), part)).map(|(sums, part)| (part, sums))
        };
        let at_best = at_best.as_ref().map(with_sums).transpose()?;
        Ok(Self { case, plans: plans(case, options)?, at_best, tally, model })
    }

    /// The model.
    pub fn model(&self) -> &Model {
        &self.model
    }

    /// The same with another seed. Where tallies lie does not depend on it, so nothing is made ready anew.
    #[must_use]
    pub fn reseeded(&self, seed: u64) -> Self {
        let at_best = self.at_best.as_ref().map(|(model, sums)| (model.reseeded(seed), sums.clone()));
        Self {
            case: self.case,
            model: self.model.reseeded(seed),
            tally: self.tally.clone(),
            at_best,
            plans: self.plans.clone(),
        }
    }

    /// The same with something changed: what the changes move is compiled anew, the rest is taken over.
    ///
    /// # Panics
    /// When a change names a place that the case does not have.
    ///
    /// # Examples
    /// ```no_run
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use boljam::{analyse::Study, case::{Case, Source}, engine::VectorLevel, model::{Change, Options}};
    /// let case = Case::load(&Source::embedded(), &[])?;
    /// let study = Study::new(&case, &Options::of(&case))?;
    /// for walk in [0.3, 0.5, 0.7] {
    ///     let variant = study.vary(&[Change::WalkProbability(walk)]);
    ///     let answers = variant.survey(&[0], VectorLevel::best(), 2000);
    ///     println!("{walk}: {:?}", answers.cell(0, 14, 0).lead);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn vary(&self, changes: &[Change]) -> Variant {
        Variant::new(&self.model, self.case, changes)
    }

    /// The study as it is, asked for the means of some quantities alone: see [`Variant::survey`].
    pub fn survey(&self, quantities: &[usize], level: VectorLevel, runs: u64) -> Answers<'_> {
        variant::survey(&self.model, quantities, level, runs)
    }

    /// Nothing run yet; the first run will be `first`, a multiple of [`engine::BLOCK_RUNS`].
    pub fn begin(&self, first: u64) -> Ensembles {
        let at_best = self.at_best.as_ref().map(|(_, sums)| Spread::empty(sums, first));
        Ensembles { main: Ensemble::empty(&self.tally, first), at_best }
    }

    /// Adds the runs up to `end`, with the threads it is called with. `progress(done, total)` counts the runs
    /// of both ensembles, and can end the work there by [`ControlFlow::Break`].
    pub fn go_on(
        &self,
        so_far: Ensembles,
        level: VectorLevel,
        end: u64,
        progress: &(dyn Fn(u64, u64) -> ControlFlow<()> + Sync),
    ) -> Ensembles {
        let first = so_far.main.range().start;
        let count = end.saturating_sub(first);
        let Ensembles { main, at_best } = self.go_on_main(so_far, level, end, end, progress);
        let complete = main.range().end >= end;
        let at_best = match (at_best, &self.at_best) {
            (Some(spread), Some((model, _))) if complete => {
                let tell = |done: u64| progress(count + done - first, 2 * count);
                Some(engine::go_on_with_spread(model, spread, level, end, &tell))
            }
            (spread, _) => spread,
        };
        Ensembles { main, at_best }
    }

    /// Adds the runs up to `look` to the main ensemble alone; `end` is where both may end.
    pub fn go_on_main(
        &self,
        so_far: Ensembles,
        level: VectorLevel,
        look: u64,
        end: u64,
        progress: &(dyn Fn(u64, u64) -> ControlFlow<()> + Sync),
    ) -> Ensembles {
        let first = so_far.main.range().start;
        let total = end.saturating_sub(first) * if self.at_best.is_some() { 2 } else { 1 };
        let tell = |done: u64| progress(done - first, total);
        Ensembles { main: engine::go_on(&self.model, so_far.main, level, look, &tell), ..so_far }
    }

    /// A figure by its name: see [`Target`].
    ///
    /// # Errors
    /// [`UnknownTarget`] naming what is unknown and what is known.
    pub fn target(&self, name: &str) -> Result<Target, UnknownTarget> {
        target::parse(name, self.case, &self.model)
    }

    /// The estimate of a figure in these ensembles.
    pub fn estimate(&self, ensembles: &Ensembles, target: Target) -> Estimate {
        target.estimate(&self.model, &ensembles.main)
    }

    /// Reads what [`Ensembles::encode`] wrote for this case and these options.
    ///
    /// # Errors
    /// [`StoreError`] for anything else.
    pub fn decode(&self, bytes: &[u8], key: &Key) -> Result<Ensembles, StoreError> {
        let at_best = self.at_best.as_ref().map(|(_, sums)| sums);
        Ensembles::decode(bytes, key, &self.tally, at_best)
    }

    /// What the ensembles say.
    pub fn summarise(&self, ensembles: &Ensembles) -> Results {
        let at_best = self.at_best.as_ref().zip(ensembles.at_best.as_ref());
        summarise::summarise(&summarise::Parts {
            case: self.case,
            model: &self.model,
            ensemble: &ensembles.main,
            at_best: at_best.map(|((model, _), spread)| (spread, model.options.towns.as_slice())),
            plans: &self.plans,
            ranks: Ranks::of(ensembles.main.runs()),
        })
    }
}

/// The plan of each town and scenario: nothing drawn, prices of the base year throughout.
fn plans(case: &Case, options: &Options) -> Result<Vec<Vec<Trajectory>>, ModelError> {
    let mut steady = case.clone();
    let base = |c: &crate::case::Commodity| {
        c.observed.iter().find(|o| o.year == case.base_year).map_or(1.0, |o| o.average)
    };
    steady.prices.process = PriceProcess::Fixed(case.commodities.iter().map(|c| vec![base(c)]).collect());
    let options = Options { uncertainty: Uncertainty::NONE, stress: None, ..options.clone() };
    let model = Model::compile(&steady, &options)?;
    Ok((0..model.towns.len()).map(|town| engine::replay_paths(&model, RunTown(town), 0)).collect())
}

#[cfg(test)]
mod tests {
    use super::super::results::MEDIAN;
    use super::*;
    use crate::case::Source;

    #[test]
    fn a_figure_by_name_is_that_of_the_results() {
        let case = Case::load(&Source::embedded(), &[]).unwrap();
        let towns = vec![case.town("karazhal").unwrap(), case.town("temirtau").unwrap()];
        let options = Options { towns, scenarios: vec![0, 3], horizon: 2026, ..Options::of(&case) };
        let study = Study::new(&case, &options).unwrap();
        let ensembles =
            study.go_on(study.begin(0), VectorLevel::best(), 2000, &|_, _| ControlFlow::Continue(()));
        let results = study.summarise(&ensembles);
        let scenario = &results.towns[1].scenarios[1];
        let cell = &scenario.years[4];
        let q = |id: &str| results.quantities.iter().position(|q| q.id == id).unwrap();
        let of = |rest: &str| {
            let target = study.target(&format!("temirtau.diversification.2025.{rest}")).unwrap();
            study.estimate(&ensembles, target)
        };
        assert_eq!(of("lead.diversification"), cell.lead[3]);
        assert_eq!(of("votes.inertial"), cell.votes[0]);
        assert_eq!(of("unemployment"), cell.quantities[q("unemployment")].quantiles[MEDIAN]);
        assert_eq!(of("unemployment.q025"), cell.quantities[q("unemployment")].quantiles[1]);
        assert_eq!(of("TDea.mean"), cell.quantities[q("TDea")].mean);
        let scaled = results.scaled.iter().position(|s| s.symbol == "TDea").unwrap();
        let class = &results.scaled[scaled].classes[1].id;
        assert_eq!(of(&format!("TDea.{class}")), cell.classes[scaled][1]);
        let outcome = &results.first_passages[0].0;
        let so_far: f64 = scenario.first_passage[0][..=4].iter().map(|e| e.value).sum();
        assert!((of(outcome).value - so_far).abs() < 1e-12);
        for (name, part) in [
            ("atlantis.inertial.2025.wage", "karazhal, temirtau"),
            ("temirtau.balanced.2025.wage", "inertial, diversification"),
            ("temirtau.inertial.2035.wage", "2021, 2022"),
            ("temirtau.inertial.2025.luck", "unemployment"),
            ("temirtau.inertial.2025.lead", "balanced"),
            ("temirtau.inertial.2025.TDea.q3", "q500"),
            ("temirtau.inertial.2025.TDea.mean.x", "quantity[.detail]"),
            ("temirtau", "inertial"),
        ] {
            let message = study.target(name).unwrap_err().to_string();
            assert!(message.contains(part), "{name}: {message}");
        }
    }
}
