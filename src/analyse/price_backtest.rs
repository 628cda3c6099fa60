//! The backtest of price processes: what each would have said of a series' later years, fitted on its earlier ones.
//!
//! For every series and year of origin, each process is fitted on the years up to the origin, starts from that
//! December's real price and is drawn ten years ahead. Scored are the log real annual averages 1, 3, 5 and 10 years
//! ahead: CRPS and log score, and whether the middle 90 % holds the outcome. The random walk is what others are measured
//! against, by Diebold and Mariano's test on the mean over series of each origin: series of a year share its luck.
//!
//! A draw of year h ends with a normal, the innovation and the deviation within the last year given everything before
//! and the year's scale. The distribution is therefore a mixture of normals, one a draw, whose density at the outcome
//! needs no smoothing.

mod process;

pub use process::Process;

use super::score::{DieboldMariano, crps_of_draws, diebold_mariano, log_density};
use crate::calibrate::AnnualPrices;
use crate::random::{Stream, key};
use process::{Fitted, HORIZON};

/// Years ahead that are scored.
pub const AHEAD: [usize; 4] = [1, 3, 5, 10];
/// Fewest yearly changes on which a process is fitted.
pub const LEAST_CHANGES: usize = 15;
/// Draws of each forecast.
const DRAWS: u64 = 2000;

/// How a process did at some years ahead, over all series and origins.
#[derive(Debug, Clone, PartialEq)]
pub struct PriceScore {
    /// The process.
    pub process: Process,
    /// Years ahead.
    pub ahead: usize,
    /// Number of forecasts.
    pub forecasts: usize,
    /// Mean CRPS, in logs.
    pub crps: f64,
    /// Mean log score, -ln of the density.
    pub log_score: f64,
    /// Share of outcomes inside the middle 90 %.
    pub inside_90: f64,
    /// Share of outcomes below the 5 % quantile.
    pub below_05: f64,
    /// CRPS of the walk less that of the process; none for the walk itself or of too few origins.
    pub crps_gain: Option<DieboldMariano>,
    /// The same of the log score.
    pub log_gain: Option<DieboldMariano>,
}

/// One forecast, scored.
#[derive(Debug, Clone, Copy)]
struct Scored {
    process: usize,
    ahead: usize,
    origin: i32,
    crps: f64,
    log_score: f64,
    /// Share of draws below the outcome.
    pit: f64,
}

/// Scores every process on these series; `seed` keys the draws. Rows by process, then years ahead; none where no
/// series is long enough for one forecast.
pub fn backtest(series: &[AnnualPrices], seed: u64) -> Vec<PriceScore> {
    let scored: Vec<Scored> = series.iter().flat_map(|s| score_series(s, seed)).collect();
    let mut rows = Vec::new();
    for (p, process) in Process::ALL.into_iter().enumerate() {
        for ahead in AHEAD {
            let own: Vec<Scored> =
                scored.iter().filter(|s| s.process == p && s.ahead == ahead).copied().collect();
            if own.is_empty() {
                continue;
            }
            let n = own.len() as f64;
            let mean = |f: &dyn Fn(&Scored) -> f64| own.iter().map(f).sum::<f64>() / n;
            let share = |f: &dyn Fn(f64) -> bool| own.iter().filter(|s| f(s.pit)).count() as f64 / n;
            let walk = || scored.iter().filter(move |s| s.process == 0 && s.ahead == ahead);
            let gain = |f: &dyn Fn(&Scored) -> f64| {
                let of_origins = gains_by_origin(&walk().copied().collect::<Vec<_>>(), &own, f);
                (p > 0).then(|| diebold_mariano(&of_origins, ahead)).flatten()
            };
            rows.push(PriceScore {
                process,
                ahead,
                forecasts: own.len(),
                crps: mean(&|s| s.crps),
                log_score: mean(&|s| s.log_score),
                inside_90: share(&|u| (0.05..=0.95).contains(&u)),
                below_05: share(&|u| u < 0.05),
                crps_gain: gain(&|s| s.crps),
                log_gain: gain(&|s| s.log_score),
            });
        }
    }
    rows
}

/// Mean over series of the walk's score less the process's, an origin each in order. Both lists hold the same
/// forecasts in the same order.
fn gains_by_origin(walk: &[Scored], own: &[Scored], score: &dyn Fn(&Scored) -> f64) -> Vec<f64> {
    let mut origins: Vec<i32> = own.iter().map(|s| s.origin).collect();
    origins.sort_unstable();
    origins.dedup();
    let mean = |origin: i32| {
        let gains: Vec<f64> = walk
            .iter()
            .zip(own)
            .filter(|(w, _)| w.origin == origin)
            .map(|(w, o)| score(w) - score(o))
            .collect();
        gains.iter().sum::<f64>() / gains.len() as f64
    };
    origins.into_iter().map(mean).collect()
}

fn score_series(series: &AnnualPrices, seed: u64) -> Vec<Scored> {
    let years = series.average.len();
    let mut scored = Vec::new();
    for at in LEAST_CHANGES..years.saturating_sub(1) {
        let origin = series.first + at as i32;
        let Some(fitted) = Fitted::new(&series.average[..=at], &series.december[..=at]) else { continue };
        for (p, process) in Process::ALL.into_iter().enumerate() {
            let mut components = vec![Vec::new(); HORIZON];
            let mut draws = vec![Vec::new(); HORIZON];
            // Draws of all processes from one stream: luck common to them cancels in the differences.
            let stream = key(seed, &format!("{}/{origin}", series.id), "price backtest");
            for run in 0..DRAWS {
                fitted.draw(process, &mut Stream::new(stream, run), &mut components, &mut draws);
            }
            for ahead in AHEAD {
                let Some(&outcome) = series.average.get(at + ahead) else { continue };
                let values: &mut Vec<f64> = &mut draws[ahead - 1];
                values.sort_by(f64::total_cmp);
                let below = values.partition_point(|x| *x < outcome) as f64;
                scored.push(Scored {
                    process: p,
                    ahead,
                    origin,
                    crps: crps_of_draws(values, outcome),
                    log_score: -log_density(&components[ahead - 1], outcome),
                    pit: below / values.len() as f64,
                });
            }
        }
    }
    scored
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand::SeedableRng;
    use rand_distr::{Distribution, StudentT};

    /// Series drawn from a process of yearly reversion `rate`, with the deviation within the year.
    fn series(rate: f64, count: usize, years: usize) -> Vec<AnnualPrices> {
        let mut rng = rand::rngs::Xoshiro256PlusPlus::seed_from_u64(31);
        let t5 = StudentT::new(5.0).unwrap();
        let mut draw = || t5.sample(&mut rng) * 0.3 / (5.0_f64 / 3.0).sqrt();
        (0..count)
            .map(|k| {
                let (mut z, mut average, mut december) = (0.0, Vec::new(), Vec::new());
                for _ in 0..years + 30 {
                    let next = z - rate * z + draw();
                    average.push(0.5 * (z + next) + draw() / 12.0_f64.sqrt());
                    december.push(next);
                    z = next;
                }
                AnnualPrices {
                    id: format!("s{k}"),
                    first: 1960,
                    average: average.split_off(30),
                    nominal_december: december[30..].to_vec(),
                    december: december.split_off(30),
                    has_december: true,
                }
            })
            .collect()
    }

    fn row(rows: &[PriceScore], process: Process, ahead: usize) -> &PriceScore {
        rows.iter().find(|r| r.process == process && r.ahead == ahead).unwrap()
    }

    /// The true process is calibrated and wins: a walk's over ten years against reversion, strong reversion's against
    /// the walk.
    #[test]
    fn the_true_process_wins_and_is_calibrated() {
        let walks = backtest(&series(0.0, 6, 60), 1);
        let reverting = backtest(&series(0.6, 6, 60), 1);
        assert_eq!(walks.len(), Process::ALL.len() * AHEAD.len());
        for ahead in AHEAD {
            let inside = row(&walks, Process::Walk, ahead).inside_90;
            assert!((0.84..0.96).contains(&inside), "walk, {ahead}: {inside}");
            assert!(row(&walks, Process::Walk, ahead).crps_gain.is_none());
        }
        assert!(row(&walks, Process::Reversion, 10).crps_gain.unwrap().mean < 0.0);
        for ahead in [3, 5, 10] {
            let found = row(&reverting, Process::Reversion, ahead);
            assert!((0.84..0.96).contains(&found.inside_90), "reversion, {ahead}: {}", found.inside_90);
            assert!(found.crps_gain.unwrap().t() > 2.0 && found.log_gain.unwrap().mean > 0.0, "{found:?}");
            // Half of the mixture is right: between the two.
            let mixed = row(&reverting, Process::Mixture, ahead).crps;
            assert!(found.crps < mixed && mixed < row(&reverting, Process::Walk, ahead).crps);
        }
    }

    #[test]
    fn a_short_series_has_no_forecasts() {
        assert!(backtest(&series(0.2, 1, LEAST_CHANGES + 1), 1).is_empty());
    }
}
