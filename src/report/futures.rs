//! What the futures hang on: rows of the table of indices, the list of factors, the points with their responses.

use std::fmt::Write as _;

use super::assessment::Format;
use super::grid::Grid;
use super::indices::{IndexRow, quoted};
use crate::case::{Case, CaseFactor};
use crate::experiment::futures::{Estimated, Factors, Output, Responses, Swings};
use crate::explore::{Interval, Law, Points};

/// Rows of indices, output by output.
pub fn rows(outputs: &[Output], estimated: &[Estimated]) -> Vec<IndexRow> {
    let of = |(output, found): (&Output, &Estimated)| {
        let row = |index: &crate::explore::analysis::Index| {
            let mut row = IndexRow::new(&output.name, &index.factor, index.index, index.estimate);
            row.factor2.clone_from(&index.factor2);
            row.year = output.year;
            row
        };
        found.analysed.indices.iter().map(row).collect::<Vec<_>>()
    };
    outputs.iter().zip(estimated).flat_map(of).collect()
}

/// Rows of one-at-a-time changes: `base`, the output as the case stands; then the change of each factor at `p05` to
/// `p95` of its law. A word of a switch stands beside its factor.
pub fn swing_rows(outputs: &[Output], swings: &[Swings], factors: &Factors<'_>) -> Vec<IndexRow> {
    let mut rows = Vec::new();
    for (output, found) in outputs.iter().zip(swings) {
        let mut add = |factor: &str, index: &'static str, interval: Interval| {
            rows.push(IndexRow { year: output.year, ..IndexRow::new(&output.name, factor, index, interval) });
        };
        add("", "base", found.base);
        for swing in &found.swings {
            let name = &factors.factors[swing.factor].name;
            match swing.quantile {
                Some(_) => add(name, step(&swing.step), swing.change),
                None => add(&format!("{name}={}", swing.step), "change", swing.change),
            }
        }
    }
    rows
}

fn step(name: &str) -> &'static str {
    ["p05", "p25", "p50", "p75", "p95"].into_iter().find(|s| *s == name).unwrap_or("change")
}

/// The factors of a case: what each is, may be, and why.
///
/// # Errors
/// JSON that cannot be written, which there is none of.
pub fn list(case: &Case, format: Format) -> Result<String, serde_json::Error> {
    let all = &case.factors.factors;
    let drawn = |f: &CaseFactor| match f.what {
        crate::case::Adjustable::Driver(driver, parameter) => {
            case.posterior.as_ref().is_some_and(|p| p.columns.contains(&(driver, parameter)))
        }
        _ => false,
    };
    let cells = |f: &CaseFactor| {
        let words = f.what.words(case);
        let value = f.what.value(case);
        let value = if words.is_empty() { short(value) } else { words[value as usize].clone() };
        let (law, basis) = if drawn(f) {
            ("posterior.csv".to_owned(), "draws of the posterior".to_owned())
        } else {
            (law(&f.law, &words), f.basis.clone())
        };
        [f.name.clone(), f.group.clone(), value, law, basis]
    };
    let header = ["factor", "group", "value", "law", "basis"];
    Ok(match format {
        Format::Table => {
            let mut grid = Grid::new(header[..4].iter().map(|h| (*h).to_owned()).collect());
            for f in all {
                grid.row(cells(f)[..4].to_vec());
            }
            grid.render()
        }
        Format::Csv => {
            let mut out = header.join(",") + "\n";
            for f in all {
                let cells = cells(f).map(|cell| quoted(&cell));
                let _ = writeln!(out, "{}", cells.join(","));
            }
            out
        }
        Format::Json => {
            let object = |f: &CaseFactor| {
                let pairs = header.iter().zip(cells(f));
                pairs.map(|(h, c)| ((*h).to_owned(), c.into())).collect::<serde_json::Map<_, _>>()
            };
            serde_json::to_string_pretty(&all.iter().map(object).collect::<Vec<_>>())? + "\n"
        }
    })
}

/// Four digits.
fn short(x: f64) -> String {
    let text = format!("{x:.4}");
    let text = if x.abs() >= 1000.0 { format!("{x:.0}") } else { text };
    if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.').to_owned() } else { text }
}

fn law(law: &Law, words: &[String]) -> String {
    match law {
        Law::Discrete { values, .. } if !words.is_empty() => {
            values.iter().map(|x| words[*x as usize].clone()).collect::<Vec<_>>().join(" | ")
        }
        Law::Discrete { values, .. } => format!("one of {}", values.len()),
        Law::Normal { mean, sd } => format!("normal {}, sd {}", short(*mean), short(*sd)),
        Law::LogNormal { mean, sd } => format!("lognormal {}, sd {}", short(*mean), short(*sd)),
        Law::Triangular { low, mode, high } => {
            format!("{} .. {} .. {}", short(*low), short(*mode), short(*high))
        }
        Law::Uniform { low, high } | Law::LogUniform { low, high } => {
            format!("{} .. {}", short(*low), short(*high))
        }
    }
}

/// The points, a column a factor, and beside them the responses: what `--data` reads. An output over all years has a
/// column a year, `NAME@YEAR`.
pub fn points(factors: &Factors<'_>, points: &Points, outputs: &[Output], responses: &Responses) -> String {
    let column = |o: &Output| o.year.map_or_else(|| o.name.clone(), |year| format!("{}@{year}", o.name));
    let names = factors.names().into_iter().chain(outputs.iter().map(column));
    let mut out = names.map(|n| quoted(&n)).collect::<Vec<_>>().join(",") + "\n";
    for (k, row) in points.rows().enumerate() {
        let cells = row.iter().chain(responses.all.iter().map(|y| &y[k]));
        let cell = |x: &f64| if x.is_finite() { x.to_string() } else { String::new() };
        let _ = writeln!(out, "{}", cells.map(cell).collect::<Vec<_>>().join(","));
    }
    out
}

/// The factors as `boljam sample` and `--data` read them.
pub fn factors_file(factors: &Factors<'_>) -> String {
    let mut out = String::new();
    for factor in factors.as_explored().0 {
        let _ = writeln!(out, "[[factor]]\nname = {:?}", factor.name);
        if let Some(group) = &factor.group {
            let _ = writeln!(out, "group = {group:?}");
        }
        let list = |x: &[f64]| x.iter().map(|x| format!("{x:?}")).collect::<Vec<_>>().join(", ");
        let _ = match &factor.law {
            Law::Uniform { low, high } => writeln!(out, "low = {low:?}\nhigh = {high:?}\n"),
            Law::LogUniform { low, high } => {
                writeln!(out, "distribution = \"loguniform\"\nlow = {low:?}\nhigh = {high:?}\n")
            }
            Law::Triangular { low, mode, high } => {
                writeln!(
                    out,
                    "distribution = \"triangular\"\nlow = {low:?}\nmode = {mode:?}\nhigh = {high:?}\n"
                )
            }
            Law::Normal { mean, sd } => {
                writeln!(out, "distribution = \"normal\"\nmean = {mean:?}\nsd = {sd:?}\n")
            }
            Law::LogNormal { mean, sd } => {
                writeln!(out, "distribution = \"lognormal\"\nmean = {mean:?}\nsd = {sd:?}\n")
            }
            Law::Discrete { values, weights } => writeln!(
                out,
                "distribution = \"discrete\"\nvalues = [{}]\nweights = [{}]\n",
                list(values),
                list(weights)
            ),
        };
    }
    out
}
