//! How far a stress is from what the price law gives, and how often so much came since the history begins.
//!
//! With d the shocks to the log annual averages of the named commodities in the years of the stress at full size, and C
//! their covariance under the case's own price law given the last observed December,
//!
//! ```text
//! distance = sqrt(d' C^-1 d)                                         standard deviations of the law along d
//! P_c[t]:  L(t, k) loads on the innovation of year k:  s/2 a^(t-k) (1 + 1/a) for k < t,  s/2 for k = t   (a = 1 - rho)
//! C_ct,du = v R_cd (sum_k L_c(t, k) L_d(u, k) + [t = u] s_c s_d / 12) + [c = d] M_c(t) M_c(u) se_c^2
//! M(t) = 1 - (a^(t-1) + a^t)/2                                       on mu; 0 under the walk
//! ```
//!
//! t, k count the years from the last observed December. Branches are mixed: the mean of their covariances plus the
//! covariance of their means. The tail probability is counted in runs: that for each named commodity at once the mean of
//! its log price over these years lies at least as far from its mean over runs as the stress takes it, on the same side.

use nalgebra::{DMatrix, DVector};

use crate::analyse::{Estimate, share_interval};
use crate::case::{Case, Stress};
use crate::engine::log_prices;
use crate::model::{Model, PriceLaw};

/// How plausible a stress is.
#[derive(Debug, Clone, PartialEq)]
pub struct Plausibility {
    /// Its distance in standard deviations; none where no price that is drawn is shocked.
    pub distance: Option<f64>,
    /// Commodities and years that the distance counts.
    pub dimensions: usize,
    /// Probability under the price law that prices go at least as far; none where no price that is drawn is shocked.
    pub tail: Option<Estimate>,
    /// How often a fall as large came, for each named commodity that falls.
    pub history: Vec<Falls>,
}

/// How often the real annual average of a commodity was so far below that of the year before.
#[derive(Debug, Clone, PartialEq)]
pub struct Falls {
    /// The commodity.
    pub commodity: usize,
    /// The fall: the largest shock to it, as a change of the price.
    pub change: f64,
    /// First and last year of the history.
    pub span: (i32, i32),
    /// Years in which the average fell as much or more within one year.
    pub in_a_year: Vec<i32>,
    /// Falls as large from a peak within three years: the years in which they were reached, one a fall.
    pub in_three_years: Vec<i32>,
    /// Changes from year to year that there are.
    pub years: usize,
}

impl Falls {
    /// Share of years with a fall as large within the year, with the interval of so few years.
    pub fn share(&self) -> (f64, f64, f64) {
        let share = self.in_a_year.len() as f64 / self.years.max(1) as f64;
        let (low, high) = share_interval(share, self.years as u64);
        (share, low, high)
    }
}

/// Judges a stress as it was asked for, before anything moves along. `runs` are drawn for the tail.
pub fn plausibility(case: &Case, model: &Model, stress: &Stress, runs: u64) -> Plausibility {
    let history = stress.commodities().into_iter().filter_map(|c| falls(case, model, stress, c)).collect();
    let cells = cells(model, stress);
    let distance = distance(model, stress);
    let tail = (distance.is_some() && runs > 0).then(|| tail(model, stress, &cells, runs));
    Plausibility { distance, dimensions: cells.len(), tail, history }
}

/// Distance of a stress; none where no price that is drawn is shocked.
pub(super) fn distance(model: &Model, stress: &Stress) -> Option<f64> {
    let cells = cells(model, stress);
    let shock = cells.iter().map(|(c, t)| stress.log_price(*c, model.years[*t]));
    let shock = DVector::from_iterator(cells.len(), shock);
    let covariance = (!cells.is_empty()).then(|| covariance(&model.prices, &cells))?;
    covariance.cholesky().map(|factor| shock.dot(&factor.solve(&shock)).sqrt())
}

/// Commodities and years t that are drawn and at full size: from a shock's start through its years.
fn cells(model: &Model, stress: &Stress) -> Vec<(usize, usize)> {
    let first = model.prices.given.len() + 1;
    let mut cells: Vec<(usize, usize)> = Vec::new();
    for shock in &stress.shocks {
        let full = |t: &usize| (shock.start..shock.start + shock.years).contains(&model.years[*t]);
        cells.extend((first..model.years.len()).filter(full).map(|t| (shock.commodity, t)));
    }
    cells.sort_unstable();
    cells.dedup();
    cells.retain(|(c, t)| stress.log_price(*c, model.years[*t]) != 0.0);
    cells
}

/// Covariance of ln P over runs of these commodities and years.
fn covariance(law: &PriceLaw, cells: &[(usize, usize)]) -> DMatrix<f64> {
    let n = cells.len();
    let (mut mean, mut square) = (DVector::zeros(n), DMatrix::zeros(n, n));
    for (weight, probability) in law.branch.cases() {
        let (m, c) = given_weight(law, cells, weight);
        square += (c + &m * m.transpose()) * probability;
        mean += m * probability;
    }
    square - &mean * mean.transpose()
}

/// Mean and covariance where the walk has this weight.
fn given_weight(law: &PriceLaw, cells: &[(usize, usize)], weight: f64) -> (DVector<f64>, DMatrix<f64>) {
    let (n, v) = (cells.len(), law.innovation_variance());
    let years = |t: usize| t - law.given.len();
    // Of an average on the innovation of year k: half of what both Decembers load.
    let load = |c: usize, t: usize, k: usize| {
        let half = |a: f64, s: f64| {
            0.5 * s * (a.powi((t - k) as i32) + if k < t { a.powi((t - k) as i32 - 1) } else { 0.0 })
        };
        weight * half(1.0, law.sd_walk[c])
            + (1.0 - weight) * half(1.0 - law.reversion[c], law.sd_reverting[c])
    };
    let within =
        |c: usize| (weight * law.sd_walk[c] + (1.0 - weight) * law.sd_reverting[c]) / 12.0_f64.sqrt();
    let on_mu = |c: usize, t: usize| {
        let a = 1.0 - law.reversion[c];
        (1.0 - weight) * (1.0 - 0.5 * (a.powi(t as i32 - 1) + a.powi(t as i32)))
    };
    let mean = cells.iter().map(|(c, t)| {
        let t = years(*t);
        let walk = law.start[*c] - law.drift * (t as f64 - 0.5);
        weight * walk + (1.0 - weight) * law.start[*c] + on_mu(*c, t) * (law.ln_level[*c] - law.start[*c])
    });
    let covariance = DMatrix::from_fn(n, n, |i, j| {
        let ((c, t), (d, u)) = (cells[i], cells[j]);
        let (t, u) = (years(t), years(u));
        let common: f64 = (1..=t.min(u)).map(|k| load(c, t, k) * load(d, u, k)).sum();
        let same_year = if t == u { within(c) * within(d) } else { 0.0 };
        let level = if c == d { on_mu(c, t) * on_mu(c, u) * law.level_se[c].powi(2) } else { 0.0 };
        v * law.correlation[(c, d)] * (common + same_year) + level
    });
    (DVector::from_iterator(n, mean), covariance)
}

/// Share of runs that go as far.
fn tail(model: &Model, stress: &Stress, cells: &[(usize, usize)], runs: u64) -> Estimate {
    let prices = log_prices(model, 0..runs);
    let mut as_far = vec![true; runs as usize];
    for c in stress.commodities() {
        let own: Vec<usize> = cells.iter().filter(|cell| cell.0 == c).map(|cell| cell.1).collect();
        if own.is_empty() {
            continue;
        }
        let shock: f64 = own.iter().map(|t| stress.log_price(c, model.years[*t])).sum();
        let laid_on: f64 = own.iter().map(|t| model.prices.stress[*t - 1][c]).sum();
        let path = |run: usize| own.iter().map(|t| prices[c][*t][run]).sum::<f64>() - laid_on;
        let mean = (0..as_far.len()).map(path).sum::<f64>() / runs as f64;
        for (run, far) in as_far.iter_mut().enumerate() {
            let away = path(run) - mean;
            *far &= if shock < 0.0 { away <= shock } else { away >= shock };
        }
    }
    Estimate::share(as_far.iter().filter(|far| **far).count() as f64, runs)
}

/// How often the history fell as far; none where it does not fall, or there is no history.
fn falls(case: &Case, model: &Model, stress: &Stress, commodity: usize) -> Option<Falls> {
    let change =
        model.years.iter().map(|year| stress.log_price(commodity, *year)).fold(0.0, f64::min).exp_m1();
    let series = case.long_prices.get(commodity)?;
    let (first, last) = (series.first()?, series.last()?);
    if change >= 0.0 || series.len() < 2 {
        return None;
    }
    let as_far = |from: f64, to: f64| to / from - 1.0 <= change + 1e-12;
    let in_a_year = series.windows(2).filter(|w| as_far(w[0].1, w[1].1)).map(|w| w[1].0).collect();
    Some(Falls {
        commodity,
        change,
        span: (first.0, last.0),
        in_a_year,
        in_three_years: separate_falls(series, change),
        years: series.len() - 1,
    })
}

/// Years in which a fall as large was reached within three years from a higher average. A fall is over, and another can
/// come, when the average is above that from which it fell or three years have passed.
fn separate_falls(series: &[(i32, f64)], change: f64) -> Vec<i32> {
    let mut found: Vec<i32> = Vec::new();
    for k in 1..series.len() {
        let before = &series[k.saturating_sub(3)..k];
        // Only what has come since the last fall was reached.
        let after_last = before.iter().filter(|(year, _)| found.last().is_none_or(|last| *year >= *last));
        let peak = after_last.fold(f64::NEG_INFINITY, |peak, (_, price)| peak.max(*price));
        if peak > 0.0 && series[k].1 / peak - 1.0 <= change + 1e-12 {
            found.push(series[k].0);
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::case::Source;
    use crate::model::Options;

    fn shipped() -> (Case, Model) {
        let case = Case::load(&Source::embedded(), &[]).unwrap();
        let model = Model::compile(&case, &Options::of(&case)).unwrap();
        (case, model)
    }

    /// Against the engine: moments of the drawn prices.
    #[test]
    fn the_covariance_is_that_of_the_runs() {
        let (_, model) = shipped();
        let cells = [(0, 5), (0, 8), (1, 5), (1, 6), (2, 14)];
        let runs = 60_000;
        let prices = log_prices(&model, 0..runs);
        let found = covariance(&model.prices, &cells);
        let column = |(c, t): (usize, usize)| &prices[c][t];
        for (i, a) in cells.iter().enumerate() {
            for (j, b) in cells.iter().enumerate() {
                let (x, y) = (column(*a), column(*b));
                let mean = |x: &[f64]| x.iter().sum::<f64>() / runs as f64;
                let (mx, my) = (mean(x), mean(y));
                let products: Vec<f64> = x.iter().zip(y).map(|(x, y)| (x - mx) * (y - my)).collect();
                let cov = mean(&products);
                let error =
                    (products.iter().map(|p| (p - cov).powi(2)).sum::<f64>() / (runs * runs) as f64).sqrt();
                let expected = found[(i, j)];
                assert!((cov - expected).abs() < 4.5 * error, "{a:?} {b:?}: {cov} ± {error} for {expected}");
            }
        }
    }

    /// A random walk in its first drawn year: variance s^2 v (1/4 + 1/12), so that one commodity's distance is known.
    #[test]
    fn the_distance_of_a_walk_is_known_in_closed_form() {
        let (mut case, _) = shipped();
        case.prices.process = crate::case::PriceProcess::RandomWalk;
        let model = Model::compile(&case, &Options::of(&case)).unwrap();
        let copper = case.commodities.iter().position(|c| c.id == "copper").unwrap();
        let stress = Stress::parse(&case, 2035, "copper=-40%@2026").unwrap();
        let found = plausibility(&case, &model, &stress, 0);
        let sd = case.commodities[copper].sd_walk * (model.prices.innovation_variance() / 3.0).sqrt();
        assert!((found.distance.unwrap() + 0.6_f64.ln() / sd).abs() < 1e-9, "{found:?}");
        // Observed years cannot be shocked in any plausible way.
        let known = Stress::parse(&case, 2035, "copper=-40%@2023").unwrap();
        assert_eq!(plausibility(&case, &model, &known, 100).distance, None);
    }

    /// The tail of one commodity and year lies where the normal law has it but for fat tails and the mixture.
    #[test]
    fn a_tail_is_a_count_of_runs() {
        let (case, model) = shipped();
        let stress = Stress::parse(&case, 2035, "copper=-30%@2027").unwrap();
        let found = plausibility(&case, &model, &stress, 20_000);
        let tail = found.tail.unwrap();
        let copper = case.commodities.iter().position(|c| c.id == "copper").unwrap();
        let prices = &log_prices(&model, 0..20_000)[copper][6];
        let mean = prices.iter().sum::<f64>() / 20_000.0;
        let count = prices.iter().filter(|x| **x - mean <= 0.7_f64.ln()).count();
        assert_eq!(tail.value, count as f64 / 20_000.0);
        // Two at once are rarer than either.
        let both = Stress::parse(&case, 2035, "copper=-30%@2027+coal=-30%@2027").unwrap();
        assert!(plausibility(&case, &model, &both, 20_000).tail.unwrap().value < tail.value);
    }

    #[test]
    fn falls_of_the_history_are_counted_one_by_one() {
        let series = [
            (2000, 100.0),
            (2001, 55.0),
            (2002, 50.0),
            (2003, 90.0),
            (2004, 80.0),
            (2005, 44.0),
            (2006, 43.0),
        ];
        assert_eq!(separate_falls(&series, -0.45), [2001, 2005]);
        assert_eq!(separate_falls(&series, -0.5), [2002, 2005]);
        let (case, model) = shipped();
        let stress = Stress::parse(&case, 2035, "copper=-25%@2027").unwrap();
        let falls = &plausibility(&case, &model, &stress, 0).history[0];
        assert_eq!(falls.span, (1960, 2025));
        assert!(falls.in_a_year.contains(&1998) && falls.in_a_year.contains(&2009), "{falls:?}");
        let (share, low, high) = falls.share();
        assert!(low < share && share < high);
    }
}
