//! Correlations of prices: as listed, as the runs have them, as the history has them.

use super::results::PriceCorrelation;
use crate::calibrate::{fisher_interval, pearson};
use crate::case::{Case, Commodity};
use crate::math;
use crate::model::PriceLaw;

/// Every pair of commodities, in their order.
pub(super) fn correlations(case: &Case, law: &PriceLaw) -> Vec<PriceCorrelation> {
    let realised = law.change_correlation();
    let pairs = (0..case.commodities.len()).flat_map(|j| (0..j).map(move |i| (i, j)));
    let mut pairs: Vec<(usize, usize)> = pairs.collect();
    pairs.sort_unstable();
    pairs
        .into_iter()
        .map(|(i, j)| {
            let (a, b) = (&case.commodities[i], &case.commodities[j]);
            let changes = common_changes(a, b);
            PriceCorrelation {
                a: a.id.clone(),
                b: b.id.clone(),
                listed: case.prices.correlation[i][j],
                realised: realised.as_ref().map(|r| r[(i, j)]),
                history: pearson(&changes),
                history_interval: pearson(&changes).and_then(|r| fisher_interval(r, changes.len())),
                history_changes: changes.len(),
            }
        })
        .collect()
}

/// Changes of ln annual averages of two commodities in the years in which both have one.
fn common_changes(a: &Commodity, b: &Commodity) -> Vec<(f64, f64)> {
    let change = |c: &Commodity, year: i32| {
        let average = |y: i32| c.observed.iter().find(|o| o.year == y).map(|o| math::ln(o.average));
        Some(average(year)? - average(year - 1)?)
    };
    a.observed.iter().filter_map(|o| Some((change(a, o.year)?, change(b, o.year)?))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::case::{Setting, Source};
    use crate::model::{Model, Options};

    fn found(process: &str) -> Vec<PriceCorrelation> {
        let setting = Setting::parse(&format!("prices.process={process}")).unwrap();
        let case = Case::load(&Source::embedded(), &[setting]).unwrap();
        let model = Model::compile(&case, &Options::of(&case)).unwrap();
        correlations(&case, &model.prices)
    }

    /// Whatever the process, every pair is within the history's interval, and the mean of all pairs is near.
    #[test]
    fn realised_correlations_are_those_of_the_history() {
        for process in ["random_walk", "mean_reversion", "mixture"] {
            let pairs = found(process);
            assert_eq!(pairs.len(), 15);
            let mean = |f: &dyn Fn(&PriceCorrelation) -> f64| pairs.iter().map(f).sum::<f64>() / 15.0;
            for p in &pairs {
                let ((low, high), realised) = (p.history_interval.unwrap(), p.realised.unwrap());
                assert_eq!(p.history_changes, 35);
                assert!(low < realised && realised < high, "{process}: {p:?}");
                assert!((realised - p.listed).abs() < 0.05, "{process}: {p:?}");
            }
            let (realised, history) = (mean(&|p| p.realised.unwrap()), mean(&|p| p.history.unwrap()));
            assert!((realised - history).abs() < 0.03, "{process}: {realised} {history}");
        }
    }

    #[test]
    fn a_given_path_has_no_correlations() {
        use crate::case::PriceProcess;
        let mut case = Case::load(&Source::embedded(), &[]).unwrap();
        case.prices.process = PriceProcess::Fixed(vec![vec![100.0]; case.commodities.len()]);
        let model = Model::compile(&case, &Options::of(&case)).unwrap();
        assert!(correlations(&case, &model.prices).iter().all(|p| p.realised.is_none()));
    }
}
