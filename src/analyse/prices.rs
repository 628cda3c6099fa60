//! Prices: what was observed, where the runs go, and where each of the two branches would take them.

use std::ops::Range;

use super::describe::Ranks;
use super::price_correlation;
use super::results::{CommodityPrices, Estimate, PriceFan, PriceYear, Prices, QUANTILES};
use crate::case::{Case, PriceProcess};
use crate::engine;
use crate::math;
use crate::model::{Branch, Model};

/// So many of the first runs are sorted, which gives their quantiles exactly; an interval of 95 % of them is
/// known to about 3 % of its width.
const RUNS: usize = 16_384;
/// So many prices are held at a time; where years times commodities are very many, fewer runs are sorted.
const VALUES: usize = 1 << 24;

/// The observed prices, and the distribution of the real annual average in each simulated year over the
/// first of some runs. Where the branch is drawn once a run, each branch stands beside the mixture: the same runs with
/// the same innovations, all taken along that branch.
pub(super) fn prices(case: &Case, model: &Model, runs: Range<u64>) -> Prices {
    let cells = model.years.len() * model.prices.commodities();
    let most = (VALUES / cells).clamp(1024, RUNS) as u64;
    let runs = runs.start..runs.end.min(runs.start + most);
    let all = fans(model, &runs);
    let drawn = matches!(model.prices.branch, Branch::Drawn(walk) if walk > 0.0 && walk < 1.0);
    let branch = |weight: f64| {
        drawn.then(|| {
            let mut only = model.clone();
            only.prices.branch = Branch::Fixed(weight);
            fans(&only, &runs)
        })
    };
    let (walk, reverting) = (branch(1.0), branch(0.0));
    let commodity = |(c, commodity): (usize, &crate::case::Commodity)| CommodityPrices {
        id: commodity.id.clone(),
        name: commodity.name.clone(),
        unit: commodity.unit.clone(),
        unit_name: case.names.get(&commodity.unit).cloned(),
        observed: commodity.observed.iter().map(|o| (o.year, o.average)).collect(),
        level: matches!(case.prices.process, PriceProcess::Mixture { .. } | PriceProcess::MeanReversion)
            .then_some(commodity.level),
        towns: case
            .towns
            .iter()
            .filter(|t| t.mix[c] > 0.0)
            .map(|t| (t.id.clone(), t.name.clone(), t.mix[c]))
            .collect(),
        stress: (0..model.years.len())
            .map(|t| if t == 0 { 1.0 } else { math::exp(model.prices.stress[t - 1][c]) })
            .collect(),
        all: all[c].clone(),
        walk: walk.as_ref().map(|fans| fans[c].clone()),
        reverting: reverting.as_ref().map(|fans| fans[c].clone()),
    };
    Prices {
        runs: runs.end - runs.start,
        given: model.prices.given.len(),
        commodities: case.commodities.iter().enumerate().map(commodity).collect(),
        correlations: price_correlation::correlations(case, &model.prices),
    }
}

/// The distribution of every commodity's price in every year.
fn fans(model: &Model, runs: &Range<u64>) -> Vec<PriceFan> {
    let drawn = engine::log_prices(model, runs.clone());
    let count = (runs.end - runs.start) as f64;
    let ranks = Ranks::of(runs.end - runs.start);
    let year = |c: usize, mut logs: Vec<f64>| {
        logs.sort_unstable_by(f64::total_cmp);
        let base = model.prices.ln_base[c];
        let price = |p: f64| math::exp(base + sorted_quantile(&logs, p));
        let end = |rank: Option<u64>, none: f64| {
            rank.map_or(none, |rank| math::exp(base + logs[rank as usize - 1]))
        };
        let estimate = |k: usize| {
            let p = QUANTILES[k];
            let step = (p * (1.0 - p) / count).sqrt();
            let [low, high] = ranks.quantile(k);
            Estimate {
                ends: Some((end(low, f64::NEG_INFINITY), end(high, f64::INFINITY))),
                ..Estimate::new(price(p), 0.5 * (price(p + step) - price(p - step)))
            }
        };
        PriceYear { quantiles: std::array::from_fn(estimate) }
    };
    drawn.into_iter().enumerate().map(|(c, years)| years.into_iter().map(|l| year(c, l)).collect()).collect()
}

/// The value that a share p of sorted values does not exceed, by interpolation between the two nearest order
/// statistics (Hyndman and Fan 1996, type 7).
fn sorted_quantile(sorted: &[f64], p: f64) -> f64 {
    let last = sorted.len() - 1;
    let place = p.clamp(0.0, 1.0) * last as f64;
    let below = (place.floor() as usize).min(last);
    let above = (below + 1).min(last);
    sorted[below] + (place - below as f64) * (sorted[above] - sorted[below])
}

#[cfg(test)]
mod tests {
    use super::super::results::MEDIAN;
    use super::*;
    use crate::case::{Setting, Source};
    use crate::engine::{RunValue, Selected};
    use crate::model::Options;
    use rand::SeedableRng;
    use rand_distr::{Distribution, Normal, StudentT};

    fn case(settings: &[&str]) -> Case {
        let settings: Vec<Setting> = settings.iter().map(|s| Setting::parse(s).unwrap()).collect();
        Case::load(&Source::embedded(), &settings).unwrap()
    }

    fn study(case: &Case, options: &Options, runs: u64) -> Prices {
        prices(case, &Model::compile(case, options).unwrap(), 0..runs)
    }

    #[test]
    fn quantiles_are_those_of_the_prices_that_the_engine_records() {
        let case = case(&[]);
        let options = Options { towns: vec![0], scenarios: vec![0], ..Options::of(&case) };
        let model = Model::compile(&case, &options).unwrap();
        let found = prices(&case, &model, 0..1500);
        for (c, t) in [(0, 5), (1, 14), (4, 9)] {
            let selected = Selected { town: 0, path: 0, t, value: RunValue::LogPrice(c) };
            let mut recorded: Vec<f64> = Vec::new();
            engine::record(&model, &[selected], 0..1500, &mut |_, columns| recorded.extend(&columns[0]));
            recorded.sort_unstable_by(f64::total_cmp);
            let base = case.commodities[c].observed.iter().find(|o| o.year == 2021).unwrap().average;
            // The 750th and 751st of 1500 are the two nearest to the median.
            let median = base * (0.5 * (recorded[749] + recorded[750])).exp();
            let estimate = found.commodities[c].all[t].quantiles[MEDIAN];
            assert!((estimate.value / median - 1.0).abs() < 1e-12, "{c} {t}");
        }
    }

    /// The two branches simulated anew, with the distributions of rand_distr.
    #[test]
    fn each_branch_has_the_distribution_of_an_independent_simulation() {
        let case = case(&[]);
        let found = study(&case, &Options::of(&case), 1_000_000);
        assert_eq!(found.runs, RUNS as u64);
        let copper = found.commodities.iter().position(|c| c.id == "copper").unwrap();
        let commodity = &case.commodities[copper];
        let last = commodity.observed.last().unwrap();
        let mut rng = rand::rngs::Xoshiro256PlusPlus::seed_from_u64(5);
        let (t5, normal) = (StudentT::new(5.0).unwrap(), Normal::new(0.0, 1.0).unwrap());
        let mut simulate = |walks: bool| {
            let sd = if walks { commodity.sd_walk } else { commodity.sd_reverting };
            // Prices are averages of a year: e and the deviation within the year share the year's scale.
            let mut ends: Vec<f64> = (0..40_000)
                .map(|_| {
                    let mu = commodity.level.ln() + commodity.level_se * normal.sample(&mut rng);
                    let mut z = [last.december.ln(); 2];
                    for _ in last.year..2035 {
                        // A t of 5 degrees of freedom has variance 5/3.
                        let e = t5.sample(&mut rng) / (5.0_f64 / 3.0).sqrt();
                        let pull = if walks { 1.025_f64.ln() } else { commodity.reversion * (z[1] - mu) };
                        z = [z[1], z[1] - pull + sd * e];
                    }
                    0.5 * (z[0] + z[1]) + sd / 12.0_f64.sqrt() * normal.sample(&mut rng)
                })
                .collect();
            ends.sort_unstable_by(f64::total_cmp);
            ends
        };
        let prices = &found.commodities[copper];
        for (walks, fan) in [(true, &prices.walk), (false, &prices.reverting)] {
            let expected = simulate(walks);
            let year = fan.as_ref().unwrap().last().unwrap();
            for (p, estimate) in QUANTILES.iter().zip(year.quantiles) {
                let oracle = sorted_quantile(&expected, *p).exp();
                // The oracle's own error is smaller than the estimate's.
                let error = 4.0 * 1.3 * estimate.mcse;
                assert!((estimate.value - oracle).abs() < error, "{walks} {p}: {} {oracle}", estimate.value);
            }
        }
    }

    /// A run of the mixture follows one branch or the other: its distribution is the mean of the two.
    #[test]
    fn the_mixture_lies_between_its_branches_and_observed_years_do_not_vary() {
        let case = case(&[]);
        let found = study(&case, &Options::of(&case), 4096);
        for commodity in &found.commodities {
            let (walk, reverting) = (commodity.walk.as_ref().unwrap(), commodity.reverting.as_ref().unwrap());
            for t in 0..commodity.all.len() {
                for k in 0..QUANTILES.len() {
                    let [all, a, b] = [&commodity.all, walk, reverting].map(|fan| fan[t].quantiles[k]);
                    let slack = 4.0 * (all.mcse + a.mcse + b.mcse) + 1e-9 * all.value;
                    assert!(
                        all.value > a.value.min(b.value) - slack && all.value < a.value.max(b.value) + slack
                    );
                    if t <= found.given {
                        let observed = commodity.observed.iter().find(|o| o.0 == 2021 + t as i32).unwrap().1;
                        assert!((all.value / observed - 1.0).abs() < 1e-12 && all.mcse == 0.0);
                    }
                }
            }
        }
    }

    #[test]
    fn a_stress_multiplies_every_quantile_and_one_process_alone_has_no_branches() {
        let calm_case = case(&[]);
        let stress = calm_case.stresses.iter().position(|s| s.id == "copper_2008");
        let calm = study(&calm_case, &Options::of(&calm_case), 2000);
        let crash = study(&calm_case, &Options { stress, ..Options::of(&calm_case) }, 2000);
        let copper = calm.commodities.iter().position(|c| c.id == "copper").unwrap();
        for t in 0..15 {
            let factor = crash.commodities[copper].stress[t];
            assert_eq!(factor < 1.0, t >= 6, "2027 is the first year: {t}");
            let [a, b] = [&calm, &crash].map(|p| p.commodities[copper].all[t].quantiles[MEDIAN].value);
            assert!((b / a - factor).abs() < 1e-9);
            assert_eq!(crash.commodities[copper + 1].stress[t], 1.0);
        }
        let walk = case(&["prices.process=random_walk"]);
        let found = study(&walk, &Options::of(&walk), 2000);
        assert!(found.commodities.iter().all(|c| c.walk.is_none() && c.level.is_none()));
    }
}
