//! How far experts agree, and who stands apart.

use statrs::distribution::{ContinuousCDF, StudentsT};

use super::answers::Answers;
use crate::explore::medoids::{Distances, medoids};
use crate::explore::robust::{Concordance, concordance, ranks};

/// Whose agreement with the others is likelier than this by chance stands apart.
const LEVEL: f64 = 0.05;
/// Clusters with a smaller silhouette are none (Kaufman and Rousseeuw 1990, table 4).
const SILHOUETTE: f64 = 0.25;
/// Clusters that are tried.
const CLUSTERS: usize = 4;

/// One expert among the others.
#[derive(Debug, Clone, PartialEq)]
pub struct ExpertStanding {
    /// Name.
    pub expert: String,
    /// How many things he ranked.
    pub answers: usize,
    /// Spearman's correlation of his ranking with the mean ranks of the others; none where either is all tied.
    pub correlation: Option<f64>,
    /// Probability of one as large by chance (one-sided, Student's t with n - 2 degrees).
    pub p: Option<f64>,
    /// True where his ranking is not seen to go with that of the others (p above 0.05).
    pub apart: bool,
    /// Kendall's W without him.
    pub w_without: Option<f64>,
    /// His cluster, from 1.
    pub cluster: usize,
}

/// All experts, and how they group.
#[derive(Debug, Clone, PartialEq)]
pub struct Standing {
    /// Each of them.
    pub experts: Vec<ExpertStanding>,
    /// Mean silhouette of the clusters; none where there is one cluster.
    pub silhouette: Option<f64>,
}

/// Kendall's W of all experts, with ties, and its test: [`concordance`]. What was left out stands in the middle.
pub fn agreement(answers: &Answers) -> Option<Concordance> {
    concordance(&answers.full())
}

/// Each expert against the others, and the clusters around medoids that separate best, if any do.
pub fn standing(answers: &Answers) -> Standing {
    let full = answers.full();
    let (clusters, silhouette) = clusters(&full);
    let of = |k: usize| {
        let others: Vec<Vec<f64>> =
            full.iter().enumerate().filter(|(other, _)| *other != k).map(|(_, r)| r.clone()).collect();
        let sums: Vec<f64> = (0..answers.symbols.len()).map(|i| others.iter().map(|r| r[i]).sum()).collect();
        let correlation = if others.is_empty() { None } else { pearson(&ranks(&full[k]), &ranks(&sums)) };
        let p = correlation.and_then(|r| chance(r, answers.symbols.len()));
        ExpertStanding {
            expert: answers.experts[k].clone(),
            answers: answers.given[k].iter().flatten().count(),
            correlation,
            p,
            apart: p.is_some_and(|p| p > LEVEL),
            w_without: concordance(&others).map(|found| found.w),
            cluster: clusters[k] + 1,
        }
    };
    Standing { experts: (0..full.len()).map(of).collect(), silhouette }
}

fn clusters(full: &[Vec<f64>]) -> (Vec<usize>, Option<f64>) {
    let distances = Distances::of_trajectories(full);
    let most = CLUSTERS.min(full.len().saturating_sub(1));
    let found = (2..=most).map(|k| medoids(&distances, k));
    let best = found.fold(None, |best: Option<crate::explore::medoids::Medoids>, next| match best {
        Some(best) if best.silhouette >= next.silhouette => Some(best),
        _ => Some(next),
    });
    match best.filter(|best| best.silhouette >= SILHOUETTE) {
        Some(best) => (best.cluster, Some(best.silhouette)),
        None => (vec![0; full.len()], None),
    }
}

/// Pearson's correlation; none where either does not vary.
fn pearson(a: &[f64], b: &[f64]) -> Option<f64> {
    let n = a.len() as f64;
    let (ma, mb) = (a.iter().sum::<f64>() / n, b.iter().sum::<f64>() / n);
    let (mut ab, mut aa, mut bb) = (0.0, 0.0, 0.0);
    for (x, y) in a.iter().zip(b) {
        ab += (x - ma) * (y - mb);
        aa += (x - ma).powi(2);
        bb += (y - mb).powi(2);
    }
    (aa > 0.0 && bb > 0.0).then(|| (ab / (aa * bb).sqrt()).clamp(-1.0, 1.0))
}

/// Probability of a correlation of n ranks as large by chance.
fn chance(r: f64, n: usize) -> Option<f64> {
    let degrees = n.checked_sub(2).filter(|d| *d > 0)? as f64;
    if r.abs() == 1.0 {
        return Some(if r > 0.0 { 0.0 } else { 1.0 });
    }
    let t = r * (degrees / (1.0 - r * r)).sqrt();
    StudentsT::new(0.0, 1.0, degrees).ok().map(|law| law.sf(t))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answers(rows: &[[u32; 8]]) -> Answers {
        let symbols: Vec<String> = (0..8).map(|k| format!("s{k}")).collect();
        let mut text = format!("expert,{}\n", symbols.join(","));
        for (k, row) in rows.iter().enumerate() {
            let cells: Vec<String> = row.iter().map(u32::to_string).collect();
            text = format!("{text}e{k},{}\n", cells.join(","));
        }
        Answers::parse(&text, &symbols).unwrap()
    }

    #[test]
    fn who_ranks_the_other_way_round_stands_apart() {
        let up = [1, 2, 3, 4, 5, 6, 7, 8];
        let found = standing(&answers(&[
            up,
            [2, 1, 3, 4, 5, 6, 8, 7],
            [1, 2, 4, 3, 5, 6, 7, 8],
            [8, 7, 6, 5, 4, 3, 2, 1],
        ]));
        let apart: Vec<bool> = found.experts.iter().map(|e| e.apart).collect();
        assert_eq!(apart, [false, false, false, true]);
        assert!(found.experts[3].correlation.unwrap() < -0.9);
        assert!(found.experts[3].w_without.unwrap() > 0.9);
        let clusters: Vec<usize> = found.experts.iter().map(|e| e.cluster).collect();
        assert_eq!((clusters[0], clusters[1], clusters[2]), (clusters[0], clusters[0], clusters[0]));
        assert_ne!(clusters[0], clusters[3]);
    }

    /// Siegel and Castellan's table of Spearman's r: for n = 8 a one-sided 5 % needs 0.643; Student's t is near it.
    #[test]
    fn chance_is_that_of_the_published_table_about() {
        assert!((chance(0.643, 8).unwrap() - 0.05).abs() < 0.01);
        assert_eq!(chance(1.0, 8), Some(0.0));
        assert_eq!(chance(0.5, 2), None);
    }

    #[test]
    fn one_expert_has_nobody_to_agree_with() {
        let one = answers(&[[1, 2, 3, 4, 5, 6, 7, 8]]);
        assert!(agreement(&one).is_none());
        let found = standing(&one);
        assert_eq!(
            (found.experts[0].correlation, found.experts[0].apart, found.experts[0].cluster),
            (None, false, 1)
        );
    }
}
