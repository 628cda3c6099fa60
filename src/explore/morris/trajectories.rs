//! Morris trajectories, and the choice of those that lie far apart.

use rayon::prelude::*;

use crate::explore::Points;
use crate::explore::factor::Group;
use crate::explore::interval::below;
use crate::random::{Stream, key};

/// The step of a factor in the unit interval for a grid of p levels: p / (2 (p - 1)) (Morris 1991).
pub fn step(levels: u32) -> f64 {
    f64::from(levels) / (2.0 * f64::from(levels - 1))
}

/// So many trajectories on a grid of `levels` (even, at least 2) of the unit cube (Morris 1991,
/// doi:10.1080/00401706.1991.10484804): from a random point of the grid, one [`step`] of each group after another
/// in random order, so g + 1 points each. Within a group each factor goes up or down by itself.
///
/// # Examples
/// ```
/// use boljam::explore::{factor::Group, morris};
/// let groups = [Group { name: "a".into(), members: vec![0] }, Group { name: "b".into(), members: vec![1] }];
/// let points = morris::trajectories(10, &groups, 4, 0);
/// assert_eq!(points.len(), 10 * 3);
/// assert!(points.rows().flatten().all(|u| (u * 3.0 - (u * 3.0).round()).abs() < 1e-12));
/// ```
pub fn trajectories(n: usize, groups: &[Group], levels: u32, seed: u64) -> Points {
    let factors: usize = groups.iter().map(|group| group.members.len()).sum();
    let key = key(seed, "", "morris trajectory");
    let mut values = Vec::with_capacity(n * (groups.len() + 1) * factors);
    for trajectory in 0..n {
        let mut stream = Stream::new(key, trajectory as u64);
        let mut order: Vec<usize> = (0..groups.len()).collect();
        for k in (1..order.len()).rev() {
            order.swap(k, below(&mut stream, k + 1));
        }
        // A level of the lower half, from which one step up ends on the grid, or that a step down ends on.
        let half = (levels / 2) as usize;
        let start: Vec<(f64, bool)> = (0..factors)
            .map(|_| {
                let low = below(&mut stream, half) as f64 / f64::from(levels - 1);
                (low, stream.word() >> 63 == 1)
            })
            .collect();
        let mut moved = vec![false; factors];
        let mut point = |moved: &[bool]| {
            values.extend(start.iter().zip(moved).map(
                |((low, up), moved)| {
                    if up == moved { low + step(levels) } else { *low }
                },
            ));
        };
        point(&moved);
        for place in order {
            groups[place].members.iter().for_each(|member| moved[*member] = true);
            point(&moved);
        }
    }
    Points::new(factors, values)
}

/// Of many trajectories of so many points each, the n that lie farthest apart, in their first order (Campolongo,
/// Cariboni and Saltelli 2007, doi:10.1016/j.envsoft.2006.10.004). The distance of two is the sum over all pairs
/// of their points; the root of the sum of squared distances is to be large. The best pair is extended by the
/// best next one until there are n (Ruano et al. 2012, doi:10.1016/j.envsoft.2012.03.008, in small), then single
/// ones are exchanged while that helps.
pub fn spread_out(points: &Points, length: usize, n: usize) -> Points {
    let many = points.len() / length.max(1);
    if n >= many || n < 2 {
        let values = points.rows().take(n.min(many) * length).flatten().copied().collect();
        return Points::new(points.columns(), values);
    }
    let squared = squared_distances(points, length, many);
    let distance = |a: usize, b: usize| squared[a * many + b];
    let all_pairs = (0..many).flat_map(|a| (a + 1..many).map(move |b| (a, b)));
    let far = |best: (usize, usize), pair: (usize, usize)| {
        if distance(pair.0, pair.1) > distance(best.0, best.1) { pair } else { best }
    };
    let (a, b) = all_pairs.fold((0, 1), far);
    let mut chosen = vec![a, b];
    // Sum of squared distances of each trajectory to the chosen ones.
    let mut sums: Vec<f64> = (0..many).map(|t| distance(t, a) + distance(t, b)).collect();
    while chosen.len() < n {
        let next = largest(&sums, &chosen);
        chosen.push(next);
        (0..many).for_each(|t| sums[t] += distance(t, next));
    }
    while let Some((place, other)) = exchange(&chosen, &sums, &distance, many) {
        let old = std::mem::replace(&mut chosen[place], other);
        (0..many).for_each(|t| sums[t] += distance(t, other) - distance(t, old));
    }
    chosen.sort_unstable();
    let values = chosen
        .iter()
        .flat_map(|t| (0..length).flat_map(move |p| points.row(t * length + p)))
        .copied()
        .collect();
    Points::new(points.columns(), values)
}

/// The first of those not chosen with the largest sum.
fn largest(sums: &[f64], chosen: &[usize]) -> usize {
    let free = (0..sums.len()).filter(|t| !chosen.contains(t));
    free.fold(None, |best: Option<usize>, t| match best {
        Some(b) if sums[b] >= sums[t] => Some(b),
        _ => Some(t),
    })
    .unwrap_or(0)
}

/// A chosen trajectory and another one that would be better in its place, the best such exchange.
fn exchange(
    chosen: &[usize],
    sums: &[f64],
    distance: &dyn Fn(usize, usize) -> f64,
    many: usize,
) -> Option<(usize, usize)> {
    let mut best = (1e-9, None);
    for (place, old) in chosen.iter().enumerate() {
        for other in (0..many).filter(|t| !chosen.contains(t)) {
            let gain = sums[other] - distance(other, *old) - sums[*old];
            if gain > best.0 * (1.0 + 1e-9) {
                best = (gain, Some((place, other)));
            }
        }
    }
    best.1
}

fn squared_distances(points: &Points, length: usize, many: usize) -> Vec<f64> {
    let distance = |a: usize, b: usize| {
        let mut sum = 0.0;
        for p in 0..length {
            for q in 0..length {
                let (p, q) = (points.row(a * length + p), points.row(b * length + q));
                sum += p.iter().zip(q).map(|(x, y)| (x - y) * (x - y)).sum::<f64>().sqrt();
            }
        }
        sum * sum
    };
    let row = |a: usize| (0..many).map(|b| if b > a { distance(a, b) } else { 0.0 }).collect::<Vec<_>>();
    let mut squared: Vec<f64> = (0..many).into_par_iter().flat_map_iter(row).collect();
    for a in 0..many {
        for b in 0..a {
            squared[a * many + b] = squared[b * many + a];
        }
    }
    squared
}

#[cfg(test)]
mod tests {
    use super::*;

    fn singles(n: usize) -> Vec<Group> {
        (0..n).map(|k| Group { name: k.to_string(), members: vec![k] }).collect()
    }

    #[test]
    fn each_step_moves_one_group_by_the_step() {
        let mut groups = singles(4);
        groups[3].members.push(4);
        let points = trajectories(50, &groups, 6, 0);
        let delta = step(6);
        for t in 0..50 {
            let mut moved: Vec<Vec<usize>> = Vec::new();
            for p in 0..4 {
                let (a, b) = (points.row(t * 5 + p), points.row(t * 5 + p + 1));
                let changed: Vec<usize> = (0..5).filter(|k| a[*k] != b[*k]).collect();
                assert!(changed.iter().all(|k| ((a[*k] - b[*k]).abs() - delta).abs() < 1e-12));
                moved.push(changed);
            }
            moved.sort();
            assert_eq!(moved, [vec![0], vec![1], vec![2], vec![3, 4]]);
        }
        assert!(points.rows().flatten().all(|u| (0.0..=1.0).contains(u)));
        // Every level is met about as often: 10,000 rows, whose counts have a deviation of about 66.
        let many = trajectories(2000, &groups, 6, 0);
        for level in 0..6 {
            let met = many.rows().filter(|row| (row[0] * 5.0 - f64::from(level)).abs() < 1e-9).count();
            assert!((1337..=1997).contains(&met), "{level}: {met}");
        }
    }

    fn spread(points: &Points, length: usize) -> f64 {
        squared_distances(points, length, points.len() / length).iter().sum()
    }

    #[test]
    fn chosen_trajectories_are_the_farthest_apart() {
        // Against all choices of 4 of 9.
        for seed in 0..5 {
            let points = trajectories(9, &singles(3), 4, seed);
            let chosen = spread(&spread_out(&points, 4, 4), 4);
            let mut best = 0.0_f64;
            for set in (0_u32..1 << 9).filter(|set| set.count_ones() == 4) {
                let rows = (0..9).filter(|t| set >> t & 1 == 1).flat_map(|t| (0..4).map(move |p| t * 4 + p));
                let values = rows.flat_map(|row| points.row(row).to_vec()).collect();
                best = best.max(spread(&Points::new(3, values), 4));
            }
            assert!(chosen > 0.99 * best, "seed {seed}: {chosen} of {best}");
        }
    }
}
