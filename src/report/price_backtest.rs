//! The scores of price processes as a table or as CSV.

use std::fmt::Write as _;

use super::grid::Grid;
use crate::analyse::price_backtest::{PriceScore, Process};
use crate::analyse::score::DieboldMariano;
use crate::text::Text;

/// For people: scores, gains over the walk with their t, shares inside the middle 90 % and below the 5 % quantile.
pub fn table(scores: &[PriceScore], text: &Text) -> String {
    let head = [
        "prices.process",
        "backtest.ahead",
        "backtest.forecasts",
        "backtest.crps",
        "prices.crps_gain",
        "prices.t",
        "prices.log_score",
        "prices.log_gain",
        "prices.t",
        "prices.inside_90",
        "prices.below_05",
    ];
    let mut grid = Grid::new(head.map(|key| text.get(key).to_owned()).to_vec()).right();
    for s in scores {
        let percent = |x: f64| text.percent_of(&text.number(100.0 * x, 0));
        let t = |gain: Option<DieboldMariano>| gain.map_or_else(String::new, |g| text.number(g.t(), 1));
        let base = s.crps_gain.map(|g| g.mean + s.crps);
        let share = s.crps_gain.zip(base).map(|(g, base)| 100.0 * g.mean / base);
        grid.row(vec![
            text.get(name(s.process)).to_owned(),
            s.ahead.to_string(),
            s.forecasts.to_string(),
            text.number(s.crps, 4),
            share.map_or_else(String::new, |x| text.percent_of(&signed(text, x, 1))),
            t(s.crps_gain),
            text.number(s.log_score, 3),
            s.log_gain.map_or_else(String::new, |g| signed(text, g.mean, 3)),
            t(s.log_gain),
            percent(s.inside_90),
            percent(s.below_05),
        ]);
    }
    format!(
        "{}\n\n{}\n{}\n",
        text.get("prices.backtest_title"),
        grid.render(),
        text.get("prices.backtest_note")
    )
}

fn name(process: Process) -> &'static str {
    match process {
        Process::Walk => "prices.random_walk",
        Process::Reversion => "prices.mean_reversion",
        Process::Mixture => "prices.mixture",
        Process::Jumps => "prices.reversion_with_jumps",
        Process::Bootstrap => "prices.block_bootstrap",
    }
}

fn signed(text: &Text, x: f64, decimals: usize) -> String {
    let number = text.number(x, decimals);
    if x > 0.0 && !number.starts_with('-') { format!("+{number}") } else { number }
}

/// Tidy: process, ahead, forecasts, statistic, value, se.
pub fn csv(scores: &[PriceScore]) -> String {
    let mut out = "process,ahead,forecasts,statistic,value,se\n".to_owned();
    for s in scores {
        let key = format!("{},{},{}", s.process.id(), s.ahead, s.forecasts);
        // Writing to a string cannot fail.
        let mut row = |statistic: &str, value: f64, se: Option<f64>| {
            let _ =
                writeln!(out, "{key},{statistic},{value},{}", se.map_or_else(String::new, |x| x.to_string()));
        };
        row("crps", s.crps, None);
        row("log_score", s.log_score, None);
        row("inside_90", s.inside_90, None);
        row("below_05", s.below_05, None);
        for (name, gain) in [("crps_gain", s.crps_gain), ("log_gain", s.log_gain)] {
            if let Some(g) = gain {
                row(name, g.mean, Some(g.se));
            }
        }
    }
    out
}
