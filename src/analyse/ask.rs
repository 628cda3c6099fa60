//! Figures of a variant by name, from runs in batches: what the noise of the runs does to them can then be told.

use super::target::{Part, Target};
use super::variant::{Answers, Variant};
use crate::engine::{self, RunValue, Selected, VectorLevel};

/// A figure from all runs, and from all but each batch.
#[derive(Debug, Clone, PartialEq)]
pub struct Asked {
    /// From all runs; NaN where the figure is not defined.
    pub all: f64,
    /// Without each batch in turn, for the jackknife.
    pub without: Vec<f64>,
}

/// Batches of runs, each the same runs for every variant of one seed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Batches {
    /// How many.
    pub count: usize,
    /// Runs of each: a multiple of [`engine::BLOCK_RUNS`].
    pub runs: u64,
}

impl Variant {
    /// Figures of the variant. Quantiles are those of the runs themselves (linear between neighbours), all others what
    /// [`Variant::survey`] gives.
    ///
    /// # Examples
    /// ```no_run
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use boljam::analyse::{Batches, Study};
    /// use boljam::{case::{Case, Source}, engine::VectorLevel, model::{Change, Options}};
    /// let case = Case::load(&Source::embedded(), &[])?;
    /// let study = Study::new(&case, &Options::of(&case))?;
    /// let target = study.target("balkhash.inertial.2035.TDea.mean")?;
    /// let asked = study.vary(&[Change::WalkProbability(0.3)]).ask(&[target], VectorLevel::best(), Batches { count: 4, runs: 512 });
    /// println!("{}", asked[0].all);
    /// # Ok(())
    /// # }
    /// ```
    pub fn ask(&self, targets: &[Target], level: VectorLevel, batches: Batches) -> Vec<Asked> {
        let range = |k: usize| k as u64 * batches.runs..(k as u64 + 1) * batches.runs;
        let mut quantities: Vec<usize> = targets.iter().filter_map(Target::summed).collect();
        quantities.sort_unstable();
        quantities.dedup();
        let surveyed = targets.iter().any(|t| t.quantile().is_none());
        let answers: Vec<Answers<'_>> = (0..if surveyed { batches.count } else { 0 })
            .map(|k| self.survey_range(&quantities, level, range(k)))
            .collect();
        let selected: Vec<Selected> = targets.iter().filter_map(Target::selected).collect();
        let mut columns = vec![vec![Vec::new(); batches.count]; selected.len()];
        if !selected.is_empty() {
            let runs = 0..batches.count as u64 * batches.runs;
            engine::record(self.model(), &selected, runs, &mut |first, values| {
                let batch = (first / batches.runs) as usize;
                for (column, values) in columns.iter_mut().zip(values) {
                    column[batch].extend(values.iter().copied().filter(|x| x.is_finite()));
                }
            });
        }
        let mut columns = columns.into_iter();
        let ask = |target: &Target| {
            if let Some(p) = target.quantile() {
                let column = columns.next().unwrap_or_default();
                return asked(batches.count, &|left_out| {
                    let kept = column.iter().enumerate().filter(|(k, _)| Some(*k) != left_out);
                    quantile(kept.flat_map(|(_, values)| values.iter().copied()).collect(), p)
                });
            }
            let parts: Vec<Part> = answers.iter().map(|a| target.part(a, &quantities)).collect();
            asked(batches.count, &|left_out| {
                let kept = parts.iter().enumerate().filter(|(k, _)| Some(*k) != left_out);
                Part::joined(&kept.map(|(_, part)| *part).collect::<Vec<_>>())
            })
        };
        targets.iter().map(ask).collect()
    }
}

fn asked(batches: usize, of: &dyn Fn(Option<usize>) -> f64) -> Asked {
    Asked { all: of(None), without: (0..batches).map(|k| of(Some(k))).collect() }
}

/// Linear between neighbours (type 7 of Hyndman and Fan 1996); NaN of nothing.
fn quantile(mut x: Vec<f64>, p: f64) -> f64 {
    x.sort_unstable_by(f64::total_cmp);
    let Some(last) = x.len().checked_sub(1) else { return f64::NAN };
    let at = p * last as f64;
    let below = at as usize;
    let above = (below + 1).min(last);
    x[below] + (at - below as f64) * (x[above] - x[below])
}

/// An engine's column of a target.
impl Target {
    fn selected(&self) -> Option<Selected> {
        let (town, path, t) = self.place();
        self.quantile()?;
        Some(Selected { town, path, t, value: RunValue::Quantity(self.quantity()?) })
    }
}

#[cfg(test)]
mod tests {
    use super::super::Study;
    use super::*;
    use crate::case::{Case, Source};
    use crate::model::Options;
    use std::ops::ControlFlow;

    /// What a variant of nothing is asked is what the study's own runs say.
    #[test]
    fn figures_are_those_of_the_study() {
        let case = Case::load(&Source::embedded(), &[]).unwrap();
        let options = Options::select(&case, &["balkhash"], &["inertial", "diversification"], None).unwrap();
        let options = Options { horizon: 2028, ..options };
        let study = Study::new(&case, &options).unwrap();
        let batches = Batches { count: 4, runs: 512 };
        let level = VectorLevel::best();
        let ensembles = study.go_on(study.begin(0), level, 2048, &|_, _| ControlFlow::Continue(()));
        let class = &case.method.levels[3].id;
        let mut names = vec![format!("TDea.{class}")];
        names.extend(
            [
                "TDea.mean",
                "TDea.sd",
                "unemployment",
                "unemployment.q050",
                "wage.q975",
                "lead.balanced",
                "votes.inertial",
            ]
            .map(str::to_owned),
        );
        names.push(case.method.first_passages[0].id.clone());
        let targets: Vec<Target> = names
            .iter()
            .map(|name| study.target(&format!("balkhash.diversification.2028.{name}")).unwrap())
            .collect();
        let asked = study.vary(&[]).ask(&targets, level, batches);
        for ((name, target), asked) in names.iter().zip(&targets).zip(&asked) {
            let expected = study.estimate(&ensembles, *target).value;
            // Histograms have bins, the runs have none.
            let tolerance = if target.quantile().is_some() { 0.01 } else { 1e-9 };
            let off = (asked.all - expected).abs();
            assert!(off <= tolerance * expected.abs().max(1e-6), "{name}: {} for {expected}", asked.all);
            assert_eq!(asked.without.len(), 4);
            let mean = asked.without.iter().sum::<f64>() / 4.0;
            assert!((mean - asked.all).abs() <= 0.02 * asked.all.abs().max(0.01), "{name}: {asked:?}");
            assert!(asked.without.iter().any(|x| *x != asked.all) || asked.all == 0.0, "{name}");
        }
    }

    #[test]
    fn quantiles_lie_between_neighbours() {
        assert_eq!(quantile(vec![3.0, 1.0, 2.0, 4.0], 0.5), 2.5);
        assert_eq!(quantile(vec![3.0, 1.0], 0.0), 1.0);
        assert_eq!(quantile(vec![7.0], 0.975), 7.0);
        assert!(quantile(Vec::new(), 0.5).is_nan());
    }
}
