//! The backtest's scores as a table or as CSV.

use std::fmt::Write as _;

use super::grid::Grid;
use super::names::Names;
use super::records::Records;
use crate::analyse::backtest::{Backtest, Gap, LEAST_CHANGES, Score};

/// For people: coverage and fifths in percent, the gain in CRPS over the naive random walk.
pub fn table(backtest: &Backtest, names: Names<'_>) -> String {
    let text = names.text;
    let head = [
        "driver",
        "ahead",
        "forecasts",
        "in_50",
        "in_80",
        "in_95",
        "naive_95",
        "crps",
        "naive_crps",
        "gain",
        "pit",
    ];
    let head = head.map(|h| match h {
        "driver" => text.get("backtest.driver"),
        "ahead" => text.get("backtest.ahead"),
        "forecasts" => text.get("backtest.forecasts"),
        "in_50" => text.get("backtest.in_50"),
        "in_80" => text.get("backtest.in_80"),
        "in_95" => text.get("backtest.in_95"),
        "naive_95" => text.get("backtest.naive_95"),
        "crps" => text.get("backtest.crps"),
        "naive_crps" => text.get("backtest.naive_crps"),
        "gain" => text.get("backtest.gain"),
        _ => text.get("backtest.pit"),
    });
    let mut grid = Grid::new(head.map(str::to_owned).to_vec());
    for s in &backtest.scores {
        let percent = |x: f64| text.percent_of(&text.number(100.0 * x, 0));
        let pit = s.pit.map(|n| format!("{:.0}", 100.0 * n as f64 / s.forecasts as f64));
        let mut row = vec![match s.driver.as_str() {
            "all" => text.get("backtest.all").to_owned(),
            driver => names.quantity(driver).to_owned(),
        }];
        row.push(s.ahead.map_or_else(|| text.get("backtest.all").to_owned(), |a| a.to_string()));
        row.push(s.forecasts.to_string());
        row.extend(s.coverage.map(percent));
        row.extend([percent(s.naive_coverage[2]), text.number(s.crps, 4), text.number(s.naive_crps, 4)]);
        row.extend([
            text.percent_of(&format!("{:+.0}", 100.0 * (1.0 - s.crps / s.naive_crps))),
            pit.join(" "),
        ]);
        grid.row(row);
    }
    let mut out = text.get("backtest.title").to_owned() + "\n\n";
    if !backtest.scores.is_empty() {
        let _ = writeln!(out, "{}\n{}", grid.render(), text.get("backtest.note"));
    }
    if !backtest.left_out.is_empty() {
        let _ = writeln!(out, "\n{}", text.get("backtest.left_out"));
    }
    for (driver, gap) in &backtest.left_out {
        let _ = writeln!(out, "  {}", why(names.quantity(driver), *gap, names));
    }
    out
}

/// Why a driver is not scored, or only in part.
fn why(driver: &str, gap: Gap, names: Names<'_>) -> String {
    let (text, year, needed) = (names.text, names.case.base_year.to_string(), LEAST_CHANGES.to_string());
    match gap {
        Gap::NoHistory => text.fill("backtest.no_history", &[("driver", driver)]),
        Gap::NoSeries => text.fill("backtest.no_panel", &[("driver", driver), ("year", &year)]),
        Gap::FewChanges(count) => {
            let count = count.to_string();
            text.fill("backtest.few_changes", &[("driver", driver), ("count", &count), ("needed", &needed)])
        }
        Gap::NoChange => text.fill("backtest.no_change", &[("driver", driver)]),
        Gap::NoPrice(count) => {
            text.fill("backtest.no_price", &[("driver", driver), ("count", &count.to_string())])
        }
    }
}

/// Tidy: driver, ahead, forecasts, statistic, value.
pub fn csv(scores: &[Score]) -> String {
    let mut records = Records::new(&["driver", "ahead", "forecasts", "statistic", "value"]);
    for s in scores {
        let (ahead, forecasts) =
            (s.ahead.map_or_else(|| "all".to_owned(), |a| a.to_string()), s.forecasts.to_string());
        let mut row = |statistic: &str, value: f64| {
            records.row(&[&s.driver, &ahead, &forecasts, statistic], &[&value], &[]);
        };
        for (name, [model, naive]) in
            ["50", "80", "95"].iter().zip([0, 1, 2].map(|k| [s.coverage[k], s.naive_coverage[k]]))
        {
            row(&format!("coverage_{name}"), model);
            row(&format!("naive_coverage_{name}"), naive);
        }
        row("crps", s.crps);
        row("naive_crps", s.naive_crps);
        for (k, n) in s.pit.iter().enumerate() {
            row(&format!("pit_fifth_{}", k + 1), *n as f64);
        }
    }
    records.finish()
}
