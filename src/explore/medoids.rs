//! Medoids: the few members of a crowd that stand best for all of it.

use rayon::prelude::*;

/// A clustering around medoids.
#[derive(Debug, Clone, PartialEq)]
pub struct Medoids {
    /// Members that stand for the clusters, ascending.
    pub medoids: Vec<usize>,
    /// For each member the place of its medoid in that list.
    pub cluster: Vec<usize>,
    /// Mean silhouette: near 1 clusters are far apart, near 0 they touch; 0 for one cluster.
    pub silhouette: f64,
}

/// Distances between members, as a square.
#[derive(Debug, Clone)]
pub struct Distances {
    n: usize,
    of: Vec<f64>,
}

impl Distances {
    /// Euclidean distances of trajectories: `trajectories[member]` holds the values of every quantity at every time. Each
    /// value is standardised by its own deviation over the members, so that no unit outweighs another; what does not
    /// vary, counts for nothing. Memory is 8 n^2 bytes.
    pub fn of_trajectories(trajectories: &[Vec<f64>]) -> Self {
        let n = trajectories.len();
        let width = trajectories.iter().map(Vec::len).min().unwrap_or(0);
        let scale = |k: usize| {
            let values: Vec<f64> = trajectories.iter().map(|t| t[k]).collect();
            let sd = super::interval::variance(&values).0.sqrt();
            if sd > 0.0 { 1.0 / sd } else { 0.0 }
        };
        let scales: Vec<f64> = (0..width).map(scale).collect();
        let distance = |a: &[f64], b: &[f64]| {
            let squares = a.iter().zip(b).zip(&scales).map(|((a, b), s)| ((a - b) * s).powi(2));
            squares.sum::<f64>().sqrt()
        };
        let row = |a: usize| (0..n).map(|b| distance(&trajectories[a], &trajectories[b])).collect::<Vec<_>>();
        Self { n, of: (0..n).into_par_iter().flat_map_iter(row).collect() }
    }

    fn get(&self, a: usize, b: usize) -> f64 {
        self.of[a * self.n + b]
    }
}

/// The k medoids with the least sum of distances to their members, by PAM (Kaufman and Rousseeuw 1990): one after
/// another where it helps most, then the best exchange while one helps. At most as many as there are members.
///
/// # Examples
/// ```
/// use boljam::explore::medoids::{medoids, Distances};
/// let paths: Vec<Vec<f64>> = [0.0, 0.1, 0.2, 5.0, 5.1, 5.2].map(|x| vec![x, 2.0 * x]).to_vec();
/// let found = medoids(&Distances::of_trajectories(&paths), 2);
/// assert_eq!(found.medoids, [1, 4]);
/// assert_eq!(found.cluster, [0, 0, 0, 1, 1, 1]);
/// ```
pub fn medoids(distances: &Distances, k: usize) -> Medoids {
    let (n, k) = (distances.n, k.min(distances.n));
    let mut chosen: Vec<usize> = Vec::new();
    let mut nearest = vec![f64::INFINITY; n];
    while chosen.len() < k {
        let sum = |c: usize| (0..n).map(|i| nearest[i].min(distances.get(c, i))).sum::<f64>();
        let next = least((0..n).filter(|c| !chosen.contains(c)).collect(), &sum);
        let Some((next, _)) = next else { break };
        chosen.push(next);
        nearest.iter_mut().enumerate().for_each(|(i, near)| *near = near.min(distances.get(next, i)));
    }
    loop {
        let now: f64 = nearest.iter().sum();
        // For each member its nearest medoid, and how far the second is.
        let two: Vec<(usize, f64, f64)> = (0..n).map(|i| two_nearest(distances, &chosen, i)).collect();
        let after = |place: usize, c: usize| -> f64 {
            let left = |i: usize| if two[i].0 == place { two[i].2 } else { two[i].1 };
            (0..n).map(|i| left(i).min(distances.get(c, i))).sum()
        };
        let others: Vec<usize> = (0..n).filter(|c| !chosen.contains(c)).collect();
        let exchange = (0..chosen.len())
            .filter_map(|place| least(others.clone(), &|c| after(place, c)).map(|(c, sum)| (place, c, sum)))
            .fold(None, |best: Option<(usize, usize, f64)>, e| match best {
                Some(b) if b.2 <= e.2 => Some(b),
                _ => Some(e),
            });
        match exchange {
            Some((place, c, sum)) if sum < now * (1.0 - 1e-12) => chosen[place] = c,
            _ => break,
        }
        nearest = (0..n).map(|i| two_nearest(distances, &chosen, i).1).collect();
    }
    chosen.sort_unstable();
    let cluster: Vec<usize> = (0..n).map(|i| two_nearest(distances, &chosen, i).0).collect();
    let silhouette = silhouette(distances, &cluster, chosen.len());
    Medoids { medoids: chosen, cluster, silhouette }
}

/// Of the numbers of medoids in this range the one with the largest mean silhouette (Rousseeuw 1987,
/// doi:10.1016/0377-0427(87)90125-7), the fewest of equal ones.
pub fn medoids_between(distances: &Distances, fewest: usize, most: usize) -> Medoids {
    let found = (fewest.max(1)..=most.max(fewest).max(1)).map(|k| medoids(distances, k));
    let better = |best: Medoids, next: Medoids| if next.silhouette > best.silhouette { next } else { best };
    found.reduce(better).unwrap_or(Medoids { medoids: Vec::new(), cluster: Vec::new(), silhouette: 0.0 })
}

/// The first candidate with the least sum.
fn least(candidates: Vec<usize>, sum: &(dyn Fn(usize) -> f64 + Sync)) -> Option<(usize, f64)> {
    let sums: Vec<(usize, f64)> = candidates.into_par_iter().map(|c| (c, sum(c))).collect();
    sums.into_iter().reduce(|best, next| if next.1 < best.1 { next } else { best })
}

/// Place of the nearest medoid, its distance, and that of the second.
fn two_nearest(distances: &Distances, chosen: &[usize], i: usize) -> (usize, f64, f64) {
    let mut near = (0, f64::INFINITY, f64::INFINITY);
    for (place, medoid) in chosen.iter().enumerate() {
        let d = distances.get(*medoid, i);
        if d < near.1 {
            near = (place, d, near.1);
        } else if d < near.2 {
            near.2 = d;
        }
    }
    near
}

fn silhouette(distances: &Distances, cluster: &[usize], k: usize) -> f64 {
    if k < 2 {
        return 0.0;
    }
    let mut sizes = vec![0_usize; k];
    for c in cluster {
        sizes[*c] += 1;
    }
    let of = |i: usize| {
        let mut sums = vec![0.0; k];
        cluster.iter().enumerate().for_each(|(j, c)| sums[*c] += distances.get(i, j));
        let own = cluster[i];
        if sizes[own] < 2 {
            return 0.0;
        }
        let a = sums[own] / (sizes[own] - 1) as f64;
        let others = (0..k).filter(|c| *c != own && sizes[*c] > 0).map(|c| sums[c] / sizes[c] as f64);
        let b = others.fold(f64::INFINITY, f64::min);
        if b.is_finite() && a.max(b) > 0.0 { (b - a) / a.max(b) } else { 0.0 }
    };
    let each: Vec<f64> = (0..cluster.len()).into_par_iter().map(of).collect();
    super::interval::mean(&each)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::{Stream, key};

    fn crowd(n: usize, seed: u64) -> Vec<Vec<f64>> {
        let mut stream = Stream::new(key(seed, "medoids", ""), 0);
        let centres = [(0.0, 0.0), (4.0, 0.0), (0.0, 4.0)];
        (0..n)
            .map(|i| {
                let (x, y) = stream.normal_pair();
                vec![centres[i % 3].0 + 0.5 * x, centres[i % 3].1 + 0.5 * y]
            })
            .collect()
    }

    #[test]
    fn the_sum_is_the_least_of_all_choices_of_three() {
        for seed in 0..5 {
            let distances = Distances::of_trajectories(&crowd(24, seed));
            let sum = |chosen: &[usize]| (0..24).map(|i| two_nearest(&distances, chosen, i).1).sum::<f64>();
            let found = sum(&medoids(&distances, 3).medoids);
            let mut best = f64::INFINITY;
            for a in 0..24 {
                for b in 0..a {
                    (0..b).for_each(|c| best = best.min(sum(&[a, b, c])));
                }
            }
            assert!((found - best).abs() < 1e-9, "seed {seed}: {found} {best}");
        }
    }

    #[test]
    fn silhouettes_find_the_number_of_clusters() {
        let distances = Distances::of_trajectories(&crowd(60, 9));
        let found = medoids_between(&distances, 2, 5);
        assert_eq!(found.medoids.len(), 3);
        assert!((0..60).all(|i| found.cluster[i] == found.cluster[i % 3]));
        assert!(found.silhouette > 0.6);
    }

    #[test]
    fn few_or_equal_members_are_no_trouble() {
        assert_eq!(medoids(&Distances::of_trajectories(&[vec![1.0]]), 3).medoids, [0]);
        assert!(medoids(&Distances::of_trajectories(&[]), 3).medoids.is_empty());
        let same = medoids_between(&Distances::of_trajectories(&vec![vec![2.0, 3.0]; 5]), 2, 4);
        assert_eq!((same.medoids.len(), same.silhouette), (2, 0.0));
    }
}
