//! Estimates of the parts from the sums of a design, with the errors of the jackknife.

use super::shares::{Part, PartShare, Variance};
use crate::analyse::Estimate;
use crate::engine::{PairSums, SourceSums};
use crate::model::VarianceSource;

/// The parts as parts of the variance: V, then share by share, then the totals of scenario and sources.
struct Parts {
    variance: f64,
    /// Scenario, sources, interactions of the scenario, of the others.
    shares: Vec<f64>,
    totals: Vec<f64>,
}

/// The estimates from sums over some runs.
fn parts(sums: &PairSums, weights: &[f64]) -> Parts {
    let n = sums.runs as f64;
    let both = 2.0 * n;
    let spread = |squares: f64, [a, b]: [f64; 2]| (squares - (a + b) * (a + b) / both) / (both - 1.0);
    let of_scenarios = sums.scenario.iter().zip(&sums.scenario_squares).zip(weights);
    let within: f64 = of_scenarios.map(|((sum, squares), weight)| weight * spread(*squares, *sum)).sum();
    let of_mean = spread(sums.mean_squares, sums.mean);
    let shifts = sums.scenario.iter().zip(weights);
    let scenario: f64 =
        shifts.map(|([a, b], weight)| weight * ((a - sums.mean[0]) / n) * ((b - sums.mean[1]) / n)).sum();
    let mean = (sums.mean[0] + sums.mean[1]) / both;
    let first = |s: &SourceSums| match s.runs {
        0 => 0.0,
        runs => (s.product - mean * s.difference) / runs as f64,
    };
    let total = |s: &SourceSums| if s.runs == 0 { 0.0 } else { s.half_squares / s.runs as f64 };
    let alone: Vec<f64> = sums.sources.iter().map(first).collect();
    let variance = scenario + within;
    let with_scenario = within - of_mean;
    let rest = of_mean - alone.iter().sum::<f64>();
    let share = |v: f64| v / variance;
    let shares = [scenario].into_iter().chain(alone).chain([with_scenario, rest]);
    let totals = [scenario + with_scenario].into_iter().chain(sums.sources.iter().map(total));
    Parts { variance, shares: shares.map(share).collect(), totals: totals.map(share).collect() }
}

/// The estimates with their errors, from batches.
pub(super) fn variance(
    batches: &[&PairSums],
    weights: &[f64],
    sources: &[VarianceSource],
    runs: u64,
) -> Variance {
    let without = |left_out: Option<usize>| {
        let mut kept = batches.iter().enumerate().filter(|(k, _)| Some(*k) != left_out).map(|(_, b)| *b);
        let mut sum = kept.next().cloned()?;
        kept.for_each(|batch| sum.add(batch));
        Some(sum)
    };
    let nothing = |undefined| Variance { sd: Estimate::exact(0.0), parts: Vec::new(), undefined };
    let Some(whole) = without(None) else { return nothing(0) };
    let undefined = runs.saturating_sub(whole.runs);
    let all = parts(&whole, weights);
    // Less than rounding leaves of a value that is the same in all runs.
    let rounding = 1e-12 * whole.centre.abs().max(f64::MIN_POSITIVE);
    if whole.runs == 0 || !all.variance.is_finite() || all.variance.sqrt() <= rounding || all.variance <= 0.0
    {
        return nothing(undefined);
    }
    let others: Vec<Parts> =
        (0..batches.len()).filter_map(|k| without(Some(k))).map(|sums| parts(&sums, weights)).collect();
    let estimate = |of: &dyn Fn(&Parts) -> f64| {
        let n = others.len() as f64;
        let mean = others.iter().map(of).sum::<f64>() / n;
        let squares = others.iter().map(|parts| (of(parts) - mean).powi(2)).sum::<f64>();
        Estimate::new(of(&all), ((n - 1.0) / n * squares).sqrt())
    };
    let of = sources.iter().map(|source| Part::Source(*source));
    let order = [Part::Scenario].into_iter().chain(of).chain([Part::WithScenario, Part::AmongSources]);
    let share = |(k, part): (usize, Part)| PartShare {
        part,
        share: estimate(&|parts| parts.shares[k]),
        total: (k < all.totals.len()).then(|| estimate(&|parts| parts.totals[k])),
    };
    Variance {
        sd: estimate(&|parts| parts.variance.max(0.0).sqrt()),
        parts: order.enumerate().map(share).collect(),
        undefined,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::{Stream, key};

    const BATCHES: u64 = 32;

    /// Sums of a function f(scenario, u1, u2) of two normals.
    fn batches(f: impl Fn(usize, f64, f64) -> f64, weights: &[f64], runs: u64) -> Vec<PairSums> {
        let draw =
            |sample: &str, source: &str, run: u64| Stream::new(key(1, sample, source), run).normal_pair().0;
        let batch = |k: u64| {
            let mut sums = PairSums::none(3.0, weights.len(), 2);
            for run in k * runs..(k + 1) * runs {
                let u = ["a", "b"].map(|sample| ["1", "2"].map(|source| draw(sample, source, run)));
                let at = |u: [f64; 2]| move |s: usize| (s, u);
                let value = |(s, u): (usize, [f64; 2])| f(s, u[0], u[1]);
                let [a, b] = u.map(at);
                sums.add_pair(weights, |s| value(a(s)), |s| value(b(s)));
                for (k, picked) in [[u[1][0], u[0][1]], [u[0][0], u[1][1]]].into_iter().enumerate() {
                    let p = at(picked);
                    sums.add_source(k, weights, |s| value(a(s)), |s| value(b(s)), |s| value(p(s)));
                }
            }
            sums
        };
        (0..BATCHES).map(batch).collect()
    }

    const TWO: [VarianceSource; 2] = [VarianceSource::Events, VarianceSource::Inputs];

    fn hold(variance: &Variance, sd: f64, shares: [f64; 5], totals: [f64; 3]) {
        let near = |what: &str, e: Estimate, expected: f64| {
            let off = (e.value - expected).abs();
            assert!(off <= 4.0 * e.mcse + 1e-12, "{what}: {} ± {} for {expected}", e.value, e.mcse);
            assert!(e.mcse < 0.05, "{what}: {}", e.mcse);
        };
        near("sd", variance.sd, sd);
        for (part, expected) in variance.parts.iter().zip(shares) {
            near(part.part.name(), part.share, expected);
        }
        for (part, expected) in variance.parts.iter().zip(totals) {
            near("total", part.total.unwrap(), expected);
        }
        let sum: f64 = variance.parts.iter().map(|part| part.share.value).sum();
        assert!((sum - 1.0).abs() < 1e-12, "{sum}");
    }

    /// f = 10 s' + 2 u1 + u2 with s' = -1/2, 0, 3/2 of weights 1/2, 1/4, 1/4: V_S = 100 (1/8 + 9/16 - 1/64).
    #[test]
    fn an_additive_function_has_no_interactions() {
        let weights = [0.5, 0.25, 0.25];
        let f = |s: usize, a: f64, b: f64| 10.0 * [-0.5, 0.0, 1.5][s] + 2.0 * a + b;
        let sums = batches(f, &weights, 1024);
        let scenario = 100.0 * (0.125 + 0.5625 - 0.015625);
        let v = scenario + 5.0;
        let all: Vec<&PairSums> = sums.iter().collect();
        let found = variance(&all, &weights, &TWO, 1024 * BATCHES);
        hold(
            &found,
            f64::sqrt(v),
            [scenario / v, 4.0 / v, 1.0 / v, 0.0, 0.0],
            [scenario / v, 4.0 / v, 1.0 / v],
        );
        // The scenario's interactions are 0 in every run, those of the others within their error.
        assert!(found.parts[3].share.value.abs() < 1e-10);
        assert_eq!(found.undefined, 0);
    }

    /// f = s' u1 + u1 u2 with s' = -1, 1: every bit of the variance is interaction. E_s Var f = 2, Var g = 1.
    #[test]
    fn interactions_are_told_apart() {
        let weights = [0.5, 0.5];
        let sums = batches(|s, a, b| [-1.0, 1.0][s] * a + a * b, &weights, 2048);
        let all: Vec<&PairSums> = sums.iter().collect();
        let found = variance(&all, &weights, &TWO, 2048 * BATCHES);
        hold(&found, f64::sqrt(2.0), [0.0, 0.0, 0.0, 0.5, 0.5], [0.5, 1.0, 0.5]);
    }

    /// The error is what other runs would change: over repetitions, 1.96 errors hold the true share most of the time.
    #[test]
    fn the_jackknife_says_what_other_runs_would_change() {
        let weights = [0.5, 0.5];
        let (mut held, mut count) = (0, 0);
        for repetition in 0..60 {
            let shift = |x: f64| x;
            let f = |s: usize, a: f64, b: f64| shift([-1.0, 1.0][s]) + 2.0 * a + b;
            let draw = |run: u64, what: &str| Stream::new(key(repetition, what, "x"), run).normal_pair();
            let batch = |k: u64| {
                let mut sums = PairSums::none(0.0, 2, 2);
                for run in k * 32..(k + 1) * 32 {
                    let ((a1, a2), (b1, b2)) = (draw(run, "a"), draw(run, "b"));
                    sums.add_pair(&weights, |s| f(s, a1, a2), |s| f(s, b1, b2));
                    sums.add_source(0, &weights, |s| f(s, a1, a2), |s| f(s, b1, b2), |s| f(s, b1, a2));
                    sums.add_source(1, &weights, |s| f(s, a1, a2), |s| f(s, b1, b2), |s| f(s, a1, b2));
                }
                sums
            };
            let sums: Vec<PairSums> = (0..BATCHES).map(batch).collect();
            let all: Vec<&PairSums> = sums.iter().collect();
            let found = variance(&all, &weights, &TWO, 32 * BATCHES);
            for (part, expected) in found.parts.iter().zip([1.0 / 6.0, 4.0 / 6.0, 1.0 / 6.0]) {
                held += usize::from((part.share.value - expected).abs() <= 1.96 * part.share.mcse);
                count += 1;
            }
        }
        // 180 intervals: 95 % of them give 171 ± 3 where they are independent.
        assert!(held * 100 >= count * 89, "{held} of {count}");
    }

    #[test]
    fn what_does_not_vary_has_no_parts() {
        let sums = batches(|_, _, _| 0.3, &[1.0], 8);
        let all: Vec<&PairSums> = sums.iter().collect();
        let found = variance(&all, &[1.0], &TWO, 8 * BATCHES);
        assert!(found.parts.is_empty() && found.sd == Estimate::exact(0.0));
    }
}
