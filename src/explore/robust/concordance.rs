//! Kendall's coefficient of concordance.

use statrs::distribution::{ChiSquared, ContinuousCDF};

/// How far several rankings agree.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Concordance {
    /// W, 0 to 1.
    pub w: f64,
    /// m (n - 1) W, by chance about chi-squared.
    pub chi_squared: f64,
    /// n - 1.
    pub degrees: usize,
    /// Probability of such a statistic by chance.
    pub p: f64,
}

/// Kendall's W of m rankings of n things, `rankings[judge][thing]`, with ties (Kendall and Babington Smith 1939,
/// doi:10.1214/aoms/1177732186; Siegel and Castellan 1988, section 9.6):
///
/// W = 12 S / (m^2 (n^3 - n) - m T), where S is the sum over things of the squared deviation of their sums of ranks, and
/// T the sum of t^3 - t over all groups of t ties of all judges.
///
/// What stands in the rankings may be any scores: they are turned to [`ranks`]. The chi-squared test is good for n above
/// 7. Nothing for fewer than two things or judges, for scores of unequal count or not finite, or where all is tied.
///
/// # Examples
/// ```
/// let agree = boljam::explore::robust::concordance(&[vec![1.0, 2.0, 3.0], vec![1.0, 2.0, 3.0]]).unwrap();
/// assert_eq!(agree.w, 1.0);
/// ```
pub fn concordance(rankings: &[Vec<f64>]) -> Option<Concordance> {
    let (judges, things) = (rankings.len(), rankings.first()?.len());
    let is_whole = |r: &Vec<f64>| r.len() == things && r.iter().all(|x| x.is_finite());
    if judges < 2 || things < 2 || !rankings.iter().all(is_whole) {
        return None;
    }
    let (m, n) = (judges as f64, things as f64);
    let ranked: Vec<Vec<f64>> = rankings.iter().map(|r| ranks(r)).collect();
    let mean = m * (n + 1.0) / 2.0;
    let s: f64 = (0..things).map(|k| (ranked.iter().map(|r| r[k]).sum::<f64>() - mean).powi(2)).sum();
    let ties: f64 = rankings.iter().map(|r| ties(r)).sum();
    let most = m * m * (n * n * n - n) - m * ties;
    if most <= 0.0 {
        return None;
    }
    let w = 12.0 * s / most;
    let chi_squared = m * (n - 1.0) * w;
    let p = ChiSquared::new(n - 1.0).map_or(f64::NAN, |law| law.sf(chi_squared));
    Some(Concordance { w, chi_squared, degrees: things - 1, p })
}

/// Ranks from 1, the smallest first; equal values have the mean of their ranks.
pub fn ranks(x: &[f64]) -> Vec<f64> {
    let order = crate::explore::given::order(x);
    let mut ranks = vec![0.0; x.len()];
    let mut start = 0;
    for tied in order.chunk_by(|a, b| x[*a] == x[*b]) {
        let mean = (2 * start + tied.len() + 1) as f64 / 2.0;
        for place in tied {
            ranks[*place] = mean;
        }
        start += tied.len();
    }
    ranks
}

/// Sum of t^3 - t over groups of t equal values.
fn ties(x: &[f64]) -> f64 {
    let mut x = x.to_vec();
    x.sort_unstable_by(f64::total_cmp);
    x.chunk_by(|a, b| a == b).map(|tied| (tied.len() as f64).powi(3) - tied.len() as f64).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn without_ties_it_is_the_mean_of_spearmans_correlations() {
        // W = (1 + (m - 1) r) / m for r the mean of all pairs.
        let rankings =
            [vec![1.0, 2.0, 3.0, 4.0, 5.0], vec![2.0, 1.0, 5.0, 3.0, 4.0], vec![3.0, 5.0, 1.0, 2.0, 4.0]];
        let spearman = |a: &[f64], b: &[f64]| {
            1.0 - a.iter().zip(b).map(|(a, b)| (a - b).powi(2)).sum::<f64>() * 6.0 / 120.0
        };
        let mean =
            [(0, 1), (0, 2), (1, 2)].map(|(i, j)| spearman(&rankings[i], &rankings[j])).iter().sum::<f64>()
                / 3.0;
        let found = concordance(&rankings).unwrap();
        assert!((found.w - (1.0 + 2.0 * mean) / 3.0).abs() < 1e-12);
    }

    #[test]
    fn with_ties_it_is_friedmans_statistic_over_its_largest() {
        // SciPy's friedmanchisquare of the same table (benches/peers/explore_reference.py); W is that over m (n - 1).
        let rankings = [
            vec![1.0, 2.0, 2.0, 4.0, 5.0, 6.0, 7.0],
            vec![1.0, 1.0, 3.0, 3.0, 6.0, 5.0, 7.0],
            vec![2.0, 1.0, 5.0, 4.0, 3.0, 6.0, 6.0],
        ];
        let found = concordance(&rankings).unwrap();
        assert!((found.chi_squared - 15.585_365_853_658_53).abs() < 1e-9, "{found:?}");
        assert!((found.p - 0.016_161_255_417).abs() < 1e-9, "{found:?}");
        assert!((found.w - found.chi_squared / 18.0).abs() < 1e-12);
    }

    #[test]
    fn what_cannot_agree_gives_nothing() {
        assert!(concordance(&[vec![1.0, 2.0]]).is_none());
        assert!(concordance(&[vec![1.0, 1.0], vec![1.0, 1.0]]).is_none());
        assert!(concordance(&[vec![1.0, 2.0], vec![1.0]]).is_none());
        assert!(concordance(&[vec![1.0, f64::NAN], vec![1.0, 2.0]]).is_none());
        assert!(concordance(&[]).is_none());
    }
}
