//! Elementary effects.

use crate::explore::factor::Group;
use crate::explore::interval::{Interval, mean, multiplicities, sd};
use crate::explore::{Points, failed};

/// The effects of all groups.
#[derive(Debug, Clone, PartialEq)]
pub struct Effects {
    /// In the order of the groups.
    pub groups: Vec<GroupEffect>,
    /// Rows whose response failed.
    pub failed: usize,
    /// Trajectories that are left out because a point of them failed.
    pub left_out: usize,
    /// Trajectories that the effects rest on.
    pub trajectories: usize,
}

/// The elementary effects of a group, summed up.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct GroupEffect {
    /// Mean of the effects; of several factors, the mean of theirs, which may cancel.
    pub mu: f64,
    /// Mean of their absolute values (Campolongo, Cariboni and Saltelli 2007).
    pub mu_star: Interval,
    /// Standard deviation of the effects; NaN for a group of several factors.
    pub sigma: f64,
}

/// Points that are no trajectories of these groups.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NoTrajectories {
    /// The points do not make whole trajectories, or there is not a response for each.
    #[error("{points} points and {responses} responses are no trajectories of {length} points each")]
    Length {
        /// Points.
        points: usize,
        /// Responses.
        responses: usize,
        /// Points of a trajectory.
        length: usize,
    },
    /// A trajectory does not move each group once.
    #[error(
        "rows {first} to {last} are no trajectory: each step is to move the factors of one group, each group once"
    )]
    Steps {
        /// First row of it, from 1.
        first: usize,
        /// Last row of it.
        last: usize,
    },
}

/// Elementary effects of the responses `y` to trajectories of these groups on a grid of `levels`: the change of y
/// over the [`step`](super::step) for a factor that went up, its opposite for one that went down (Morris 1991,
/// doi:10.1080/00401706.1991.10484804). The step is one of the unit interval, so that the effects of factors in any
/// unit compare. Points may be in units or in the unit cube: which factor moved, and whether up, is all that is read
/// from them.
///
/// The interval of mu* is from `resamples` bootstraps of the trajectories. Those with a failed point are left out. A
/// response that does not vary gives zeros.
///
/// # Errors
/// [`NoTrajectories`].
pub fn effects(
    points: &Points,
    y: &[f64],
    groups: &[Group],
    levels: u32,
    resamples: usize,
    seed: u64,
) -> Result<Effects, NoTrajectories> {
    let length = groups.len() + 1;
    if y.is_empty() || points.len() != y.len() || !y.len().is_multiple_of(length) {
        return Err(NoTrajectories::Length { points: points.len(), responses: y.len(), length });
    }
    let delta = super::step(levels);
    let mut of_factors: Vec<Vec<f64>> = vec![Vec::new(); points.columns()];
    let mut left_out = 0;
    for (t, responses) in y.chunks_exact(length).enumerate() {
        let first = t * length;
        let effects = trajectory(points, first, responses, groups)
            .ok_or(NoTrajectories::Steps { first: first + 1, last: first + length })?;
        if responses.iter().any(|y| failed(*y)) {
            left_out += 1;
            continue;
        }
        of_factors.iter_mut().zip(effects).for_each(|(all, one)| all.push(one / delta));
    }
    let trajectories = y.len() / length - left_out;
    let drawn: Vec<Vec<u32>> =
        (0..resamples).map(|b| multiplicities(trajectories, seed, "morris", b)).collect();
    let sum_up = |group: &Group| {
        let mean_of = |f: &dyn Fn(&[f64]) -> f64| {
            let each: Vec<f64> = group.members.iter().map(|m| f(&of_factors[*m])).collect();
            if trajectories == 0 { 0.0 } else { mean(&each) }
        };
        let absolute = |effects: &[f64], weights: &[u32]| {
            let sum: f64 = effects.iter().zip(weights).map(|(e, w)| e.abs() * f64::from(*w)).sum();
            sum / effects.len() as f64
        };
        let mu_star = mean_of(&|effects| absolute(effects, &vec![1; effects.len()]));
        let resampled: Vec<f64> = drawn.iter().map(|w| mean_of(&|effects| absolute(effects, w))).collect();
        GroupEffect {
            mu: mean_of(&mean),
            mu_star: if resamples == 0 {
                Interval::without(mu_star)
            } else {
                Interval::normal(mu_star, &resampled)
            },
            sigma: if group.members.len() == 1 { sd(&of_factors[group.members[0]]) } else { f64::NAN },
        }
    };
    Ok(Effects {
        groups: groups.iter().map(sum_up).collect(),
        failed: y.iter().filter(|y| failed(**y)).count(),
        left_out,
        trajectories,
    })
}

/// The change of y with each factor's step, as if up; nothing if the points are no trajectory.
fn trajectory(points: &Points, first: usize, y: &[f64], groups: &[Group]) -> Option<Vec<f64>> {
    let mut effects = vec![None; points.columns()];
    for step in 1..y.len() {
        let (from, to) = (points.row(first + step - 1), points.row(first + step));
        let moved: Vec<usize> = (0..from.len()).filter(|k| from[*k] != to[*k]).collect();
        if !groups.iter().any(|group| group.members == moved) {
            return None;
        }
        for factor in moved {
            let change = y[step] - y[step - 1];
            let up = if to[factor] > from[factor] { change } else { -change };
            if effects[factor].replace(up).is_some() {
                return None;
            }
        }
    }
    effects.into_iter().collect()
}

#[cfg(test)]
mod tests {
    use super::super::trajectories;
    use super::*;

    fn singles(n: usize) -> Vec<Group> {
        (0..n).map(|k| Group { name: k.to_string(), members: vec![k] }).collect()
    }

    #[test]
    fn the_exercise_of_the_primer_comes_out() {
        // Saltelli et al. 2008, Global Sensitivity Analysis: The Primer, exercise 4 of chapter 3 (p. 138).
        let thirds = [
            [0, 1],
            [0, 3],
            [2, 3],
            [0, 1],
            [2, 1],
            [2, 3],
            [2, 0],
            [2, 2],
            [0, 2],
            [1, 3],
            [3, 3],
            [3, 1],
            [1, 3],
            [1, 1],
            [3, 1],
            [1, 2],
            [1, 0],
            [3, 0],
        ];
        let y = [
            0.97, 0.71, 2.39, 0.97, 2.30, 2.39, 1.87, 2.40, 0.87, 2.15, 1.71, 1.54, 2.15, 2.17, 1.54, 2.20,
            1.87, 1.0,
        ];
        let points = Points::new(2, thirds.iter().flatten().map(|t| f64::from(*t) / 3.0).collect());
        let found = effects(&points, &y, &singles(2), 4, 1000, 0).unwrap();
        let near = |a: f64, b: f64, to: f64| assert!((a - b).abs() <= to, "{a} {b}");
        for (k, (mu, mu_star, sigma)) in
            [(0.65, 1.62, 1.794_106_68), (0.21, 0.35, 0.411_995_15)].into_iter().enumerate()
        {
            near(found.groups[k].mu, mu, 0.011);
            near(found.groups[k].mu_star.value, mu_star, 0.01);
            near(found.groups[k].sigma, sigma, 1e-6);
        }
    }

    #[test]
    fn a_linear_model_has_its_coefficients_as_effects() {
        let mut groups = singles(3);
        groups[2].members.push(3);
        let points = trajectories(20, &groups, 4, 0);
        let mut y: Vec<f64> = points.rows().map(|x| 3.0 * x[0] - 2.0 * x[1] + x[2] + x[3]).collect();
        let found = effects(&points, &y, &groups, 4, 10, 0).unwrap();
        for (k, slope) in [3.0, -2.0].into_iter().enumerate() {
            let GroupEffect { mu, mu_star, sigma } = found.groups[k];
            assert!((mu - slope).abs() < 1e-12 && (mu_star.value - slope.abs()).abs() < 1e-12);
            assert!(sigma < 1e-12 && mu_star.high - mu_star.low < 1e-12);
        }
        assert!(found.groups[2].sigma.is_nan() && found.groups[2].mu_star.value <= 2.0 + 1e-12);
        y[5] = f64::NAN;
        let found = effects(&points, &y, &groups, 4, 10, 0).unwrap();
        assert_eq!((found.failed, found.left_out, found.trajectories), (1, 1, 19));
        let flat = effects(&points, &[1.0; 80], &groups, 4, 10, 0).unwrap();
        assert!(flat.groups.iter().all(|g| g.mu == 0.0 && g.mu_star.high == 0.0));
    }

    #[test]
    fn other_points_are_refused() {
        let groups = singles(2);
        let points = Points::new(2, vec![0.0, 0.0, 1.0, 1.0, 1.0, 0.0]);
        let steps = effects(&points, &[1.0; 3], &groups, 4, 0, 0).unwrap_err();
        assert!(steps.to_string().contains("rows 1 to 3"));
        let length = effects(&points, &[1.0; 2], &groups, 4, 0, 0).unwrap_err();
        assert!(length.to_string().contains("trajectories of 3 points"));
    }
}
