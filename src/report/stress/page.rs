//! stress.md: what was asked, how plausible it is, what it does, with its pictures.

use std::fmt::Write as _;

use super::summary::{name, table, told};
use super::words::{Asked, before};
use crate::case::Case;
use crate::experiment::stress::StressTest;
use crate::text::Text;

/// The page; `pictures` are (title, path inside the folder).
pub fn page(
    case: &Case,
    test: &StressTest,
    asked: &[Asked],
    pictures: &[(String, String)],
    text: &Text,
) -> String {
    let mut out = format!("# {}\n\n", text.get("stress.page"));
    let values = [
        ("runs", text.number(test.runs as f64, 0)),
        ("seed", test.seed.to_string()),
        ("version", env!("CARGO_PKG_VERSION").to_owned()),
        ("case", test.case.clone()),
    ];
    let _ = writeln!(out, "{}\n", text.fill("stress.made", &values));
    for (k, asked) in asked.iter().enumerate() {
        let _ = writeln!(out, "## {}\n", text.name(&asked.stress.name));
        for line in before(case, asked, text) {
            let _ = writeln!(out, "- {line}");
        }
        if let Some(line) = hit_most(case, test, k, text) {
            let _ = writeln!(out, "- {line}");
        }
        let _ = writeln!(out, "\n```text\n{}```\n", table(case, test, k, text));
    }
    for (title, path) in pictures {
        let _ = writeln!(out, "![{title}]({path})\n");
    }
    out
}

/// Which town and scenario the mean difference of what is told first harms most.
fn hit_most(case: &Case, test: &StressTest, k: usize, text: &Text) -> Option<String> {
    let q = *told(case, test).first()?;
    let stressed = &test.stressed[k];
    let cells = (0..test.towns.len()).flat_map(|t| (0..test.scenarios.len()).map(move |s| (t, s)));
    let peaks = cells.filter_map(|(t, s)| stressed.courses[t][s][q].peak.map(|(year, e)| (t, s, year, e)));
    let (t, s, year, e) = peaks.max_by(|a, b| a.3.value.abs().total_cmp(&b.3.value.abs()))?;
    let values = [
        ("town", text.name(&test.towns[t].1).to_owned()),
        ("scenario", text.name(&test.scenarios[s].1).to_owned()),
        ("quantity", name(text, &test.quantities[q])),
        ("year", test.years[year].to_string()),
        ("difference", text.difference(e.value, 1.96 * e.mcse)),
    ];
    Some(text.fill("stress.hit_most", &values))
}
