//! What a table of prices says: as tables, as tidy CSV, and as the price files of a case.

use std::fmt::Write as _;

use nalgebra::DMatrix;

use super::grid::Grid;
use crate::calibrate::{DatedFall, FittedSeries, PriceFit, PriceFits};
use crate::text::Text;

/// Falls of each series in the table for people.
const WORST: usize = 5;
/// Falls of each series in the CSV.
const MOST_FALLS: usize = 50;
/// What a matrix of correlations is multiplied by, again and again, until it is positive definite.
const SHRINK: f64 = 0.98;

/// For people: estimates, correlations, worst falls, and what is wrong with a series.
pub fn table(fits: &PriceFits, text: &Text) -> String {
    let mut parts = Vec::new();
    let fitted: Vec<(&FittedSeries, &PriceFit)> =
        fits.series.iter().filter_map(|s| Some((s, s.fit.as_ref()?))).collect();
    if !fitted.is_empty() {
        let base = fits.base_year.map_or_else(
            || text.get("prices.as_they_stand").to_owned(),
            |year| text.fill("prices.real", &[("year", &year.to_string())]),
        );
        parts.push(text.fill("prices.fit_title", &[("base", &base)]) + "\n");
        parts.push(estimates(&fitted, text));
        if let Some(t) = fits.tails {
            let range = text.range(&text.number(t.interval.0, 1), &text.number(t.interval.1, 1));
            let values = [("degrees", text.number(t.degrees, 1)), ("range", range)];
            parts.push(text.fill("prices.fit_note", &values) + "\n");
        }
    }
    if !fits.pairs.is_empty() {
        parts.push(correlations(fits, text));
    }
    if fitted.iter().any(|(_, fit)| !fit.falls.is_empty()) {
        parts.push(worst_falls(&fitted, text));
    }
    let notes = notes(fits, text);
    if !notes.is_empty() {
        parts.push(notes);
    }
    parts.join("\n")
}

fn grid(text: &Text, keys: &[&str]) -> Grid {
    Grid::new(keys.iter().map(|key| text.get(key).to_owned()).collect()).right()
}

fn estimates(fitted: &[(&FittedSeries, &PriceFit)], text: &Text) -> String {
    let mut grid = grid(
        text,
        &[
            "prices.series",
            "prices.years",
            "prices.trend",
            "prices.sd_average",
            "prices.sd_walk",
            "prices.sd_reverting",
            "prices.raw",
            "prices.rate",
            "prices.half_life",
            "prices.unit_root",
            "prices.level",
            "prices.tails",
        ],
    );
    let years = |x: f64| if x.is_finite() { text.number(x, 1) } else { "∞".to_owned() };
    for (s, fit) in fitted {
        let r = &fit.reversion;
        let with_error = |x: f64, se: f64| format!("{} ± {}", text.number(x, 3), text.number(2.0 * se, 3));
        let half_lives = text.range(&years(r.half_life_interval.0), &years(r.half_life_interval.1));
        let degrees =
            text.range(&text.number(fit.tails.interval.0, 0), &text.number(fit.tails.interval.1, 0));
        grid.row(vec![
            s.id.clone(),
            text.range(&fit.annual.first.to_string(), &fit.annual.last().to_string()),
            with_error(fit.trend.change, fit.trend.se),
            text.number(fit.sd_average, 3),
            text.number(fit.sd_walk, 3),
            text.number(r.sd, 3),
            with_error(r.raw, r.raw_se),
            with_error(r.rate, r.rate_se),
            format!("{} ({half_lives})", years(r.half_life)),
            text.get(if r.is_firm() { "prices.yes" } else { "prices.no" }).to_owned(),
            format!("{} ± {} %", text.readable(r.level.exp()), text.number(200.0 * r.level_se, 0)),
            format!("{} ({degrees})", text.number(fit.tails.degrees, 1)),
        ]);
    }
    grid.render()
}

fn correlations(fits: &PriceFits, text: &Text) -> String {
    let mut grid = grid(text, &["prices.pair", "prices.correlation", "prices.range", "prices.changes"]);
    for p in &fits.pairs {
        let number = |x: f64| text.number(x, 2);
        grid.row(vec![
            format!("{}, {}", p.a, p.b),
            number(p.correlation),
            text.range(&number(p.interval.0), &number(p.interval.1)),
            p.changes.to_string(),
        ]);
    }
    format!("{}\n\n{}", text.get("prices.pairs_title"), grid.render())
}

fn worst_falls(fitted: &[(&FittedSeries, &PriceFit)], text: &Text) -> String {
    let mut grid = grid(
        text,
        &[
            "prices.series",
            "prices.peak",
            "prices.trough",
            "prices.fall",
            "prices.down",
            "prices.half",
            "prices.whole",
        ],
    );
    for (s, fit) in fitted {
        for f in fit.falls.iter().take(WORST) {
            let length =
                |n: Option<usize>| n.map_or_else(|| text.get("prices.not_yet").to_owned(), |n| n.to_string());
            grid.row(vec![
                s.id.clone(),
                f.peak.clone(),
                f.trough.clone(),
                text.percent_of(&text.number(100.0 * f.change, 0)),
                f.down.to_string(),
                length(f.half),
                length(f.whole),
            ]);
        }
    }
    format!("{}\n\n{}", text.get("prices.falls_title"), grid.render())
}

/// What should be known of series, a line each: flaws, posted prices, annual averages alone.
pub fn notes(fits: &PriceFits, text: &Text) -> String {
    let mut out = String::new();
    for s in &fits.series {
        for flaw in &s.verdict.flaws {
            let values = [("series", s.id.clone()), ("flaw", flaw.to_string())];
            let _ = writeln!(out, "{}", text.fill("prices.flaw", &values));
        }
        if s.verdict.flaws.is_empty() && s.fit.is_none() {
            let _ = writeln!(out, "{}", text.fill("prices.constant", &[("series", &s.id)]));
        }
        if let Some((first, last, count)) = &s.verdict.posted {
            let values = [
                ("series", s.id.clone()),
                ("first", first.clone()),
                ("last", last.clone()),
                ("count", count.to_string()),
            ];
            let _ = writeln!(out, "{}", text.fill("prices.posted", &values));
        }
        if s.fit.as_ref().is_some_and(|f| !f.annual.has_december) {
            let _ = writeln!(out, "{}", text.fill("prices.averages", &[("series", &s.id)]));
        }
    }
    out
}

/// Tidy: series, statistic, value, se, low, high; empty where there is none. Correlations have both ids joined by `/`,
/// falls `PEAK/TROUGH` after the statistic.
pub fn csv(fits: &PriceFits) -> String {
    let mut out = "series,statistic,value,se,low,high\n".to_owned();
    let cell = |x: Option<f64>| x.filter(|x| x.is_finite()).map_or_else(String::new, |x| x.to_string());
    let mut row = |id: &str, what: &str, value: f64, se: Option<f64>, interval: Option<(f64, f64)>| {
        let (low, high) = (interval.map(|i| i.0), interval.map(|i| i.1));
        // Writing to a string cannot fail.
        let _ = writeln!(out, "{id},{what},{},{},{},{}", cell(Some(value)), cell(se), cell(low), cell(high));
    };
    for s in &fits.series {
        let (id, Some(fit)) = (s.id.as_str(), &s.fit) else { continue };
        let r = &fit.reversion;
        row(id, "first_year", f64::from(fit.annual.first), None, None);
        row(id, "last_year", f64::from(fit.annual.last()), None, None);
        row(id, "trend", fit.trend.change, Some(fit.trend.se), None);
        row(id, "sd_average", fit.sd_average, None, None);
        row(id, "sd_walk", fit.sd_walk, None, None);
        row(id, "sd_reverting", r.sd, None, None);
        row(id, "reversion_raw", r.raw, Some(r.raw_se), None);
        row(id, "reversion", r.rate, Some(r.rate_se), None);
        row(id, "half_life", r.half_life, None, Some(r.half_life_interval));
        row(id, "dickey_fuller_t", r.t, None, None);
        row(id, "dickey_fuller_critical", r.critical, None, None);
        row(id, "level", r.level.exp(), None, None);
        row(id, "ln_level", r.level, Some(r.level_se), None);
        row(id, "degrees_of_freedom", fit.tails.degrees, None, Some(fit.tails.interval));
        for DatedFall { peak, trough, change, half, whole, down } in fit.falls.iter().take(MOST_FALLS) {
            let span = format!("{peak}/{trough}");
            row(id, &format!("fall {span}"), *change, None, None);
            row(id, &format!("periods_down {span}"), *down as f64, None, None);
            let length = |n: Option<usize>| n.map_or(f64::INFINITY, |n| n as f64);
            row(id, &format!("periods_to_half {span}"), length(*half), None, None);
            row(id, &format!("periods_to_whole {span}"), length(*whole), None, None);
        }
    }
    for p in &fits.pairs {
        row(&format!("{}/{}", p.a, p.b), "correlation", p.correlation, None, Some(p.interval));
    }
    if let Some(t) = fits.tails {
        row("all", "degrees_of_freedom", t.degrees, None, Some(t.interval));
    }
    out
}

/// The files of a case: price_history.csv, price_process.csv, price_correlations.csv, (name, text) each. Histories end
/// in the last year that all series have. `source` says where the table is from. None where nothing is fitted.
pub fn files(fits: &PriceFits, source: &str) -> Option<Vec<(&'static str, String)>> {
    let fitted: Vec<&PriceFit> = fits.series.iter().filter_map(|s| s.fit.as_ref()).collect();
    let last = fitted.iter().map(|f| f.annual.last()).min()?;
    let mut history = "commodity,year,average,december\n".to_owned();
    let mut process =
        "commodity,reversion,reversion_se,sd_reverting,sd_walk,level,level_se,basis\n".to_owned();
    for fit in &fitted {
        let (a, r) = (&fit.annual, &fit.reversion);
        for (k, (average, december)) in a.average.iter().zip(&a.december).enumerate() {
            let year = a.first + k as i32;
            if year <= last {
                let _ = writeln!(history, "{},{year},{:.6},{:.6}", a.id, average.exp(), december.exp());
            }
        }
        let basis = format!(
            "{source}, {} to {}, n = {}; reversion corrected for its small-sample bias (raw {:.4})",
            a.first,
            a.last(),
            r.changes,
            r.raw
        );
        let _ = writeln!(
            process,
            "{},{:.6},{:.6},{:.6},{:.6},{:.6},{:.6},{}",
            a.id,
            r.rate,
            r.rate_se,
            r.sd,
            fit.sd_walk,
            r.level.exp(),
            r.level_se,
            quoted(&basis)
        );
    }
    Some(vec![
        ("price_history.csv", history),
        ("price_process.csv", process),
        ("price_correlations.csv", correlation_file(fits, &fitted)),
    ])
}

/// Correlations of pairs that have one; those of unequal spans need not fit together, and are then shrunk until they do.
fn correlation_file(fits: &PriceFits, fitted: &[&PriceFit]) -> String {
    let place = |id: &str| fitted.iter().position(|f| f.annual.id == id);
    let known = || fits.pairs.iter().filter_map(|p| Some((place(&p.a)?, place(&p.b)?, p)));
    let mut shrink = 1.0;
    loop {
        let mut matrix = DMatrix::<f64>::identity(fitted.len(), fitted.len());
        for (i, j, p) in known() {
            // What is written is what must fit.
            let rounded = (1e6 * shrink * p.correlation).round() / 1e6;
            (matrix[(i, j)], matrix[(j, i)]) = (rounded, rounded);
        }
        if matrix.clone().cholesky().is_some() {
            let mut out = "a,b,correlation,basis\n".to_owned();
            let note =
                if shrink < 1.0 { format!(", times {shrink:.3} to fit together") } else { String::new() };
            for (i, j, p) in known() {
                let _ = writeln!(
                    out,
                    "{},{},{},\"{} annual changes{note}\"",
                    p.a,
                    p.b,
                    matrix[(i, j)],
                    p.changes
                );
            }
            return out;
        }
        shrink *= SHRINK;
    }
}

/// A cell in quotes.
fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('"', "\"\""))
}
