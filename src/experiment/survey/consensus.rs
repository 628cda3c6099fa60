//! Rankings of many put together.

use super::answers::Answers;

/// What experts together say of one thing.
#[derive(Debug, Clone, PartialEq)]
pub struct Consensus {
    /// Its symbol.
    pub symbol: String,
    /// How many ranked it.
    pub answers: usize,
    /// Its place by Borda's points, 1 the one that matters most; equal ones share the better place.
    pub place: usize,
    /// Mean of its ranks; none where nobody ranked it.
    pub mean_rank: Option<f64>,
    /// Geometric mean of its ranks, which a few bad ranks move less.
    pub geometric_mean: Option<f64>,
    /// Sum of Borda's points: n less its rank, and (n - 1) / 2 from who left it out.
    pub borda: f64,
    /// Standard deviation of its ranks with n - 1; none for fewer than two.
    pub sd: Option<f64>,
    /// The best and the worst rank that it has.
    pub ends: Option<(f64, f64)>,
    /// Its weight; all weights add up to 1.
    pub weight: f64,
}

/// Each thing in the order of the table. Weights are the rank sum weights of Stillwell, Seaver and Edwards (1981) with mean
/// ranks: w proportional to n + 1 less the mean rank over all experts, what was left out in the middle.
pub fn consensus(answers: &Answers) -> Vec<Consensus> {
    let n = answers.symbols.len() as f64;
    let (spread, full) = (answers.spread(), answers.full());
    let mean = |x: &[f64]| (!x.is_empty()).then(|| x.iter().sum::<f64>() / x.len() as f64);
    let of = |k: usize| {
        let known: Vec<f64> = spread.iter().filter_map(|ranks| ranks[k]).collect();
        let all: Vec<f64> = full.iter().map(|ranks| ranks[k]).collect();
        let logs: Vec<f64> = known.iter().map(|r| r.ln()).collect();
        let mean_rank = mean(&known);
        let squares = |m: f64| known.iter().map(|r| (r - m).powi(2)).sum::<f64>();
        let sd =
            mean_rank.filter(|_| known.len() > 1).map(|m| (squares(m) / (known.len() - 1) as f64).sqrt());
        let least = known.iter().copied().fold(f64::INFINITY, f64::min);
        let most = known.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        Consensus {
            symbol: answers.symbols[k].clone(),
            answers: known.len(),
            place: 0,
            mean_rank,
            geometric_mean: mean(&logs).map(f64::exp),
            borda: all.iter().map(|r| n - r).sum(),
            sd,
            ends: mean_rank.map(|_| (least, most)),
            weight: n + 1.0 - mean(&all).unwrap_or(0.0),
        }
    };
    let mut all: Vec<Consensus> = (0..answers.symbols.len()).map(of).collect();
    let total: f64 = all.iter().map(|c| c.weight).sum();
    // By Borda's points, in which what was left out counts as well: the order of mean ranks where nothing was.
    let points: Vec<f64> = all.iter().map(|c| c.borda).collect();
    for one in &mut all {
        one.place = 1 + points.iter().filter(|p| **p > one.borda + 1e-9).count();
        one.weight /= total;
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    /// By hand: Ann ranks a, b, c 1, 2, 3, Bob 2, 2, 1 (that is 2.5, 2.5, 1).
    #[test]
    fn ranks_are_put_together_as_by_hand() {
        let symbols = ["a", "b", "c"].map(str::to_owned);
        let answers = Answers::parse("expert,a,b,c\nAnn,1,2,3\nBob,2,2,1\n", &symbols).unwrap();
        let found = consensus(&answers);
        assert_eq!(found.iter().map(|c| c.mean_rank.unwrap()).collect::<Vec<_>>(), [1.75, 2.25, 2.0]);
        assert_eq!(found.iter().map(|c| c.borda).collect::<Vec<_>>(), [2.5, 1.5, 2.0]);
        assert_eq!(found.iter().map(|c| c.place).collect::<Vec<_>>(), [1, 3, 2]);
        assert!((found[0].geometric_mean.unwrap() - 2.5_f64.sqrt()).abs() < 1e-12);
        assert!((found[0].sd.unwrap() - 1.125_f64.sqrt()).abs() < 1e-12);
        assert_eq!(found[2].ends, Some((1.0, 3.0)));
        assert!((found[0].weight - 2.25 / 6.0).abs() < 1e-12);
    }

    #[test]
    fn what_nobody_ranked_has_no_mean_and_a_middling_weight() {
        let symbols = ["a", "b", "c"].map(str::to_owned);
        let found = consensus(&Answers::parse("expert,a,b,c\nAnn,1,,3\n", &symbols).unwrap());
        assert_eq!((found[1].answers, found[1].mean_rank, found[1].sd), (0, None, None));
        assert_eq!((found[1].place, found[1].borda), (2, 1.0));
        assert!((found[1].weight - 1.0 / 3.0).abs() < 1e-12);
    }
}
