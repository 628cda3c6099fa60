//! The backtest's scores as tables or as CSV.

use std::fmt::Write as _;

use super::grid::Grid;
use super::names::Names;
use super::records::Records;
use crate::analyse::backtest::{
    Backtest, Forecaster, Gap, INTERVALS, Interval, LEAST_CHANGES, PricesUsed, Score, Verdict,
};

/// For people: what the model held and gained, driver by driver, by years ahead, town by town.
pub fn table(backtest: &Backtest, names: Names<'_>) -> String {
    let text = names.text;
    let mut out = text.get("backtest.title").to_owned() + "\n";
    for prices in PricesUsed::ALL {
        let scores = backtest.scores(prices);
        if scores.is_empty() {
            continue;
        }
        let is_headline = prices == PricesUsed::Drawn;
        let key = if is_headline { "backtest.drawn" } else { "backtest.known" };
        let _ = writeln!(out, "\n{}\n{}", text.get(key), by_driver(backtest, scores, is_headline, names));
    }
    if !backtest.drawn.is_empty() {
        let _ = writeln!(out, "{}\n{}", text.get("backtest.by_ahead"), by_other(&backtest.drawn, names));
        let _ = writeln!(out, "{}", text.get("backtest.note"));
    }
    if !backtest.left_out.is_empty() {
        let _ = writeln!(out, "\n{}", text.get("backtest.left_out"));
    }
    for (driver, gap) in &backtest.left_out {
        let _ = writeln!(out, "  {}", why(names.quantity(driver), *gap, names));
    }
    for composite in &backtest.untested {
        let lacks: Vec<&str> = composite.lacks.iter().map(|l| names.quantity(l)).collect();
        let values = [("composite", composite.composite.as_str()), ("lacks", &lacks.join(", "))];
        let _ = writeln!(out, "  {}", text.fill("backtest.untested_composite", &values));
    }
    out
}

/// The numbers of a row, and their heads.
const HEADS: [&str; 8] = [
    "backtest.forecasts",
    "backtest.in_50",
    "backtest.in_80",
    "backtest.in_95",
    "backtest.crps",
    "backtest.rival_crps",
    "backtest.gain",
    "backtest.pit",
];

fn numbers(score: &Score, names: Names<'_>) -> Vec<String> {
    let (text, model) = (names.text, score.model());
    let percent = |x: f64| text.percent_of(&text.number(100.0 * x, 0));
    let gain = |interval: Interval| {
        let of = |x: f64| format!("{:+.0}", 100.0 * x / score.rival_crps);
        format!("{} ({}..{})", text.percent_of(&of(interval.mean)), of(interval.low), of(interval.high))
    };
    let pit = model.pit.map(|n| format!("{:.0}", 100.0 * n as f64 / score.forecasts as f64));
    let mut row = vec![score.forecasts.to_string()];
    row.extend(model.coverage.map(percent));
    row.extend([text.number(model.crps, 3), text.number(score.rival_crps, 3)]);
    row.push(
        score.gain.map_or_else(|| text.percent_of(&format!("{:+.0}", 100.0 * score.relative_gain())), gain),
    );
    row.push(pit.join(" "));
    row
}

fn by_driver(backtest: &Backtest, scores: &[Score], is_headline: bool, names: Names<'_>) -> String {
    let text = names.text;
    let mut heads = vec!["backtest.driver"];
    heads.extend(HEADS);
    heads.extend(["backtest.blind_95", "backtest.rival"]);
    heads.extend(is_headline.then_some("backtest.verdict"));
    let mut grid = Grid::new(heads.iter().map(|h| text.get(h).to_owned()).collect());
    for s in scores.iter().filter(|s| s.group.town.is_none() && s.group.ahead.is_none()) {
        let driver = s.group.driver.as_deref();
        let mut row = vec![driver.map_or(text.get("backtest.all"), |d| names.quantity(d)).to_owned()];
        row.extend(numbers(s, names));
        let blind = s.marks.iter().find(|m| m.forecaster == Forecaster::Blind);
        let inside = blind.map(|m| text.percent_of(&text.number(100.0 * m.coverage[INTERVALS.len() - 1], 0)));
        row.push(inside.unwrap_or_default());
        row.push(if driver.is_some() { text.get(forecaster(s.rival)).to_owned() } else { String::new() });
        let verdict = driver.and_then(|d| backtest.verdicts.iter().find(|v| v.0 == d)).map(|v| v.1);
        row.extend(is_headline.then(|| verdict.map_or_else(String::new, |v| verdict_in_words(v, names))));
        grid.row(row);
    }
    grid.render()
}

/// Rows of all drivers, by years ahead and town by town.
fn by_other(scores: &[Score], names: Names<'_>) -> String {
    let text = names.text;
    let mut grid = Grid::new([""].into_iter().chain(HEADS.map(|h| text.get(h))).map(str::to_owned).collect());
    for s in scores.iter().filter(|s| s.group.driver.is_none()) {
        let about = match (&s.group.town, s.group.ahead) {
            (Some(town), _) => names.town(town).to_owned(),
            (None, Some(ahead)) => text.fill("backtest.years_ahead", &[("years", &ahead.to_string())]),
            (None, None) => continue,
        };
        let mut row = vec![about];
        row.extend(numbers(s, names));
        grid.row(row);
    }
    grid.render()
}

/// Key of the name of a forecaster.
fn forecaster(forecaster: Forecaster) -> &'static str {
    match forecaster {
        Forecaster::Model => "forecaster.model",
        Forecaster::Blind => "forecaster.model_blind",
        Forecaster::NoChange => "forecaster.no_change",
        Forecaster::Walk => "forecaster.random_walk",
        Forecaster::Drift => "forecaster.drift",
        Forecaster::Damped => "forecaster.damped_trend",
        Forecaster::Autoregression => "forecaster.pooled_ar1",
        Forecaster::PricedWalk => "forecaster.random_walk_prices",
    }
}

/// The grade, and of little skill the reason.
fn verdict_in_words(verdict: Verdict, names: Names<'_>) -> String {
    let text = names.text;
    let reasons = [(verdict.worse, "grade.worse"), (verdict.narrow, "grade.narrow")];
    let reasons: Vec<&str> = reasons.iter().filter(|r| r.0).map(|r| text.get(r.1)).collect();
    match reasons.as_slice() {
        [] => text.get(verdict.grade.key()).to_owned(),
        _ => format!("{}: {}", text.get(verdict.grade.key()), reasons.join(", ")),
    }
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

/// Tidy: prices, driver, town, ahead, forecasts, forecaster, statistic, value. `all` where a row is about all of them.
pub fn csv(backtest: &Backtest) -> String {
    let heads = ["prices", "driver", "town", "ahead", "forecasts", "forecaster", "statistic", "value"];
    let mut records = Records::new(&heads);
    for prices in PricesUsed::ALL {
        for s in backtest.scores(prices) {
            let all = || "all".to_owned();
            let driver = s.group.driver.clone().unwrap_or_else(all);
            let town = s.group.town.clone().unwrap_or_else(all);
            let ahead = s.group.ahead.map_or_else(all, |a| a.to_string());
            let forecasts = s.forecasts.to_string();
            let mut row = |who: &str, statistic: &str, value: f64| {
                let key = [prices.id(), &driver, &town, &ahead, &forecasts, who, statistic];
                records.row(&key, &[&value], &[]);
            };
            for m in &s.marks {
                let who = m.forecaster.id();
                row(who, "crps", m.crps);
                row(who, "log_score", m.log_score);
                for (share, inside) in ["50", "80", "95"].iter().zip(m.coverage) {
                    row(who, &format!("coverage_{share}"), inside);
                }
                for (k, n) in m.pit.iter().enumerate() {
                    row(who, &format!("pit_fifth_{}", k + 1), *n as f64);
                }
            }
            row("best_rival", "crps", s.rival_crps);
            for (statistic, interval) in [("gain", s.gain), ("inside_95", s.inside_95)] {
                let Some(interval) = interval else { continue };
                for (end, value) in [("", interval.mean), ("_low", interval.low), ("_high", interval.high)] {
                    row("model", &format!("{statistic}{end}"), value);
                }
            }
        }
    }
    records.finish()
}
