//! One question to every analyser: the indices of a response, by method.

use super::factor::Group;
use super::{Interval, Points, given, morris, shapley, sobol};

/// Slices of PAWN.
const SLICES: usize = 10;

/// What to estimate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Method {
    /// First-order, total and second-order indices of a saltelli design.
    Sobol,
    /// Elementary effects of a morris design.
    Morris,
    /// Distances of conditional distributions.
    Pawn,
    /// Borgonovo's distances of conditional densities.
    Delta,
    /// Kolmogorov-Smirnov distance of rows that behave from those that do not.
    Regional,
    /// Shapley effects, for correlated factors too.
    Shapley,
}

impl Method {
    /// True for a method that takes any sample; the others need a design of their own.
    pub fn takes_any(self) -> bool {
        !matches!(self, Self::Sobol | Self::Morris)
    }
}

/// A question to an analyser.
#[derive(Debug, Clone, Copy)]
pub struct Analysis<'a> {
    /// What to estimate.
    pub method: Method,
    /// With sobol: the design has rows for second-order indices.
    pub second_order: bool,
    /// With morris: levels of the grid.
    pub levels: u32,
    /// Resamples for the intervals; 0 for none.
    pub resamples: usize,
    /// Seed of the resamples.
    pub seed: u64,
    /// Names of the factors: the columns of the points.
    pub names: &'a [String],
    /// Factors that move as one, for sobol and morris.
    pub groups: &'a [Group],
    /// The points; sobol needs none, since the order of its rows tells all.
    pub points: Option<&'a Points>,
    /// With regional: whether each row behaves, none where that is not known; by default those with a response above the
    /// median do.
    pub behaves: Option<&'a [Option<bool>]>,
}

/// An index of a factor or group, or of a pair.
#[derive(Debug, Clone, PartialEq)]
pub struct Index {
    /// The factor or group.
    pub factor: String,
    /// The second one of a pair.
    pub factor2: Option<String>,
    /// Name of the index: `S1`, `ST`, `S2`, `mu`, ..
    pub index: &'static str,
    /// The estimate.
    pub estimate: Interval,
}

/// The indices of a response.
#[derive(Debug, Clone, PartialEq)]
pub struct Analysed {
    /// In order of the factors.
    pub indices: Vec<Index>,
    /// Rows that failed.
    pub failed: usize,
    /// What is left out because of them, in words: `3 of 100 blocks`.
    pub left_out: String,
}

fn single(factor: &str, index: &'static str, estimate: Interval) -> Index {
    Index { factor: factor.to_owned(), factor2: None, index, estimate }
}

impl Analysis<'_> {
    /// The indices of a response, a value for each row.
    ///
    /// # Errors
    /// A sentence that says why the rows are none for this method.
    ///
    /// # Examples
    /// ```
    /// use boljam::explore::{analysis::{Analysis, Method}, factor::Group, sobol};
    /// let groups: Vec<Group> = (0..2).map(|k| Group { name: k.to_string(), members: vec![k] }).collect();
    /// let points = sobol::saltelli(256, &groups, false, Some(0)).unwrap();
    /// let y: Vec<f64> = points.rows().map(|x| 2.0 * x[0] + x[1]).collect();
    /// let names = ["a", "b"].map(str::to_owned);
    /// let analysis = Analysis {
    ///     method: Method::Sobol, second_order: false, levels: 4, resamples: 0, seed: 0,
    ///     names: &names, groups: &groups, points: Some(&points), behaves: None,
    /// };
    /// let found = analysis.of(&y)?;
    /// assert_eq!(found.indices[1].index, "ST");
    /// assert!((found.indices[1].estimate.value - 0.8).abs() < 0.02);
    /// # Ok::<(), String>(())
    /// ```
    pub fn of(&self, y: &[f64]) -> Result<Analysed, String> {
        match self.method {
            Method::Sobol => self.sobol(y),
            Method::Morris => self.morris(y),
            _ => self.given(y),
        }
    }

    fn sobol(&self, y: &[f64]) -> Result<Analysed, String> {
        let Self { second_order, resamples, seed, groups, .. } = *self;
        let found = sobol::indices(y, groups.len(), second_order, resamples, seed)
            .map_err(|error| format!("{error}; is --second-order right?"))?;
        if let Some(block) = self.points.and_then(|p| sobol::foreign_block(p, groups, second_order)) {
            let what = "is none of a saltelli design of these factors: are the rows in the order of `boljam sample`?";
            return Err(format!("block {block} of rows {what}"));
        }
        let mut indices = Vec::new();
        for (group, (first, total)) in groups.iter().zip(found.first.iter().zip(&found.total)) {
            indices.push(single(&group.name, "S1", *first));
            indices.push(single(&group.name, "ST", *total));
        }
        indices.extend(found.second.iter().map(|(j, k, estimate)| Index {
            factor2: Some(groups[*k].name.clone()),
            ..single(&groups[*j].name, "S2", *estimate)
        }));
        let left_out =
            format!("{} of {} blocks", found.blocks_left_out, found.blocks + found.blocks_left_out);
        Ok(Analysed { indices, failed: found.failed, left_out })
    }

    fn morris(&self, y: &[f64]) -> Result<Analysed, String> {
        let Self { levels, resamples, seed, groups, .. } = *self;
        let none = Points::new(0, Vec::new());
        let found = morris::effects(self.points.unwrap_or(&none), y, groups, levels, resamples, seed)
            .map_err(|error| error.to_string())?;
        let of_group = |(group, effect): (&Group, &morris::GroupEffect)| {
            [
                single(&group.name, "mu", Interval::without(effect.mu)),
                single(&group.name, "mu_star", effect.mu_star),
                single(&group.name, "sigma", Interval::without(effect.sigma)),
            ]
        };
        Ok(Analysed {
            indices: groups.iter().zip(&found.groups).flat_map(of_group).collect(),
            failed: found.failed,
            left_out: format!("{} of {} trajectories", found.left_out, found.trajectories + found.left_out),
        })
    }

    /// The methods that take any sample.
    fn given(&self, all: &[f64]) -> Result<Analysed, String> {
        let Self { method, resamples, seed, names, .. } = *self;
        let points = self.points.ok_or("no columns of factors")?;
        let columns: Vec<Vec<f64>> = (0..points.columns()).map(|k| points.column(k)).collect();
        // A row that cannot be judged counts as failed.
        let judged = |row: usize| self.behaves.is_none_or(|b| b[row].is_some());
        let y: Vec<f64> = (0..all.len()).map(|r| if judged(r) { all[r] } else { f64::NAN }).collect();
        let given::Complete { x, y: kept, failed } = given::complete(&columns, &y);
        if kept.len() < 2 {
            return Err(format!(
                "{} rows have all factors and a response; two are needed at least",
                kept.len()
            ));
        }
        let mut indices = Vec::new();
        match method {
            Method::Pawn => {
                for (name, p) in names.iter().zip(given::pawn(&x, &kept, SLICES, resamples, seed)) {
                    indices.push(single(name, "pawn_median", p.median));
                    for (index, value) in [("pawn_minimum", p.minimum), ("pawn_mean", p.mean)] {
                        indices.push(single(name, index, Interval::without(value)));
                    }
                    indices.push(single(name, "pawn_maximum", p.maximum));
                    indices.push(single(name, "pawn_cv", Interval::without(p.cv)));
                }
            }
            Method::Delta => {
                for (name, delta) in names.iter().zip(given::delta(&x, &kept, resamples, seed)) {
                    indices.push(single(name, "delta", delta.corrected));
                    indices.push(single(name, "delta_uncorrected", Interval::without(delta.uncorrected)));
                }
            }
            Method::Regional => {
                let behaves = self.behaving(&columns, &y, &kept);
                for (name, found) in names.iter().zip(given::regional(&x, &behaves, resamples, seed)) {
                    indices.push(single(name, "ks", found.distance));
                    indices.push(single(name, "ks_p", Interval::without(found.p)));
                }
            }
            _ => {
                let found = shapley::shapley(&x, &kept, resamples, seed);
                indices.extend(names.iter().zip(found).map(|(name, effect)| single(name, "shapley", effect)));
            }
        }
        Ok(Analysed { indices, failed, left_out: format!("{failed} of {} rows", y.len()) })
    }

    /// Of the rows that are kept, which behave.
    fn behaving(&self, columns: &[Vec<f64>], y: &[f64], kept: &[f64]) -> Vec<bool> {
        if let Some(all) = self.behaves {
            let is_kept = |row: &usize| y[*row].is_finite() && columns.iter().all(|c| c[*row].is_finite());
            return (0..y.len()).filter(is_kept).map(|row| all[row] == Some(true)).collect();
        }
        let mut sorted = kept.to_vec();
        sorted.sort_unstable_by(f64::total_cmp);
        let median = sorted[(sorted.len() - 1) / 2];
        kept.iter().map(|y| *y > median).collect()
    }
}
