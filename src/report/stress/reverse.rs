//! How large a fall it takes, as a table for people and as reverse.csv.

use crate::case::Case;
use crate::experiment::stress::{Crossing, Reversed, Surface};
use crate::model::Options;
use crate::report::grid::Grid;
use crate::report::records::Records;
use crate::text::Text;

use super::words::change;

/// A row a town and scenario, a column a commodity: the smallest fall that brings the condition about.
pub fn reverse_table(case: &Case, options: &Options, found: &[Reversed], title: &str, text: &Text) -> String {
    let mut commodities: Vec<usize> = found.iter().map(|r| r.commodity).collect();
    commodities.sort_unstable();
    commodities.dedup();
    let mut header: Vec<String> = ["table.town", "table.path"].map(|key| text.get(key).to_owned()).to_vec();
    header.push(text.get("stress.without").to_owned());
    header.extend(commodities.iter().map(|c| text.name(&case.commodities[*c].name).to_owned()));
    let mut grid = Grid::new(header).right();
    let mut cells: Vec<(usize, usize)> = found.iter().map(|r| (r.town, r.scenario)).collect();
    cells.sort_unstable();
    cells.dedup();
    for (town, scenario) in cells {
        let own: Vec<&Reversed> = found.iter().filter(|r| (r.town, r.scenario) == (town, scenario)).collect();
        let mut row = vec![
            text.name(&case.towns[options.towns[town]].name).to_owned(),
            text.name(&case.scenarios[options.scenarios[scenario]].name).to_owned(),
            own.first().map_or_else(String::new, |r| r.curve[0].1.percent_short(text)),
        ];
        row.extend(
            commodities
                .iter()
                .map(|c| own.iter().find(|r| r.commodity == *c).map_or_else(String::new, |r| cell(r, text))),
        );
        grid.row(row);
    }
    format!("{title}\n\n{}\n{}\n", grid.render(), text.get("stress.reverse_note"))
}

fn cell(reversed: &Reversed, text: &Text) -> String {
    match reversed.smallest() {
        _ if reversed.already => match reversed.crossings.iter().find(|c| !c.begins) {
            None => text.get("stress.already").to_owned(),
            Some(end) => {
                let range = text.range(&change(text, -end.high), &change(text, -end.low));
                text.fill("stress.until", &[("change", change(text, -end.fall)), ("range", range)])
            }
        },
        None => text.get("stress.no_fall").to_owned(),
        Some(crossing) => {
            let range = text.range(&change(text, -crossing.high), &change(text, -crossing.low));
            let ends = reversed.crossings.iter().any(|c| !c.begins && c.fall > crossing.fall);
            let mark = if ends { "*" } else { "" };
            format!("{}{mark} ({range})", change(text, -crossing.fall))
        }
    }
}

/// A line a town and scenario about the most plausible pair of falls.
pub fn joint_lines(case: &Case, options: &Options, found: &[Surface], text: &Text) -> String {
    let line = |surface: &Surface| {
        let pair = surface.joint.map_or_else(
            || text.get("stress.no_pair").to_owned(),
            |joint| {
                let of = |k: usize| {
                    let name = text.name(&case.commodities[surface.commodities[k]].name);
                    format!("{name} {}", change(text, -joint.falls[k]))
                };
                let values = [("a", of(0)), ("b", of(1)), ("distance", text.number(joint.distance, 1))];
                text.fill("stress.pair", &values)
            },
        );
        let town = text.name(&case.towns[options.towns[surface.town]].name);
        let scenario = text.name(&case.scenarios[options.scenarios[surface.scenario]].name);
        format!("{town}, {scenario}: {pair}\n")
    };
    found.iter().map(line).collect()
}

/// reverse.csv: town, scenario, condition, solution, commodity, shock, low, high, distance, runs, found.
pub fn reverse_csv(
    case: &Case,
    options: &Options,
    condition: &str,
    found: &[Reversed],
    (joint, runs): (&[Surface], u64),
) -> String {
    let header = [
        "town",
        "scenario",
        "condition",
        "solution",
        "commodity",
        "shock",
        "low",
        "high",
        "distance",
        "runs",
        "found",
    ];
    let mut records = Records::new(&header);
    for reversed in found {
        let town = case.towns[options.towns[reversed.town]].id.as_str();
        let scenario = case.scenarios[options.scenarios[reversed.scenario]].id.as_str();
        let commodity = case.commodities[reversed.commodity].id.as_str();
        let mut row = |solution: &str, crossing: Option<&Crossing>, found: &str| {
            let number = |f: &dyn Fn(&Crossing) -> f64| crossing.map_or(f64::NAN, f);
            records.row(
                &[town, scenario, condition, solution, commodity],
                &[
                    &number(&|c| -c.fall),
                    &number(&|c| -c.high),
                    &number(&|c| -c.low),
                    &number(&|c| c.distance.unwrap_or(f64::NAN)),
                    &runs,
                ],
                &[found],
            );
        };
        if reversed.already {
            row("without", None, "already");
        } else if reversed.smallest().is_none() {
            row("none", None, "no");
        }
        for crossing in &reversed.crossings {
            row(if crossing.begins { "begins" } else { "ends" }, Some(crossing), "yes");
        }
    }
    for surface in joint {
        let town = case.towns[options.towns[surface.town]].id.as_str();
        let scenario = case.scenarios[options.scenarios[surface.scenario]].id.as_str();
        for k in 0..2 {
            let commodity = case.commodities[surface.commodities[k]].id.as_str();
            let texts = [town, scenario, condition, "joint", commodity];
            let numbers = surface.joint.map_or([f64::NAN; 4], |joint| {
                let end = |e: usize| joint.ends[e].map_or(f64::NAN, |falls| -falls[k]);
                [-joint.falls[k], end(1), end(0), joint.distance]
            });
            let found = if surface.joint.is_some() { "yes" } else { "no" };
            records.row(&texts, &[&numbers[0], &numbers[1], &numbers[2], &numbers[3], &runs], &[found]);
        }
    }
    records.finish()
}

/// surface.csv: town, scenario, commodity_a, shock_a, commodity_b, shock_b, value, mcse, low, high.
pub fn surface_csv(case: &Case, options: &Options, found: &[Surface]) -> String {
    let header = [
        "town",
        "scenario",
        "commodity_a",
        "shock_a",
        "commodity_b",
        "shock_b",
        "value",
        "mcse",
        "low",
        "high",
    ];
    let mut records = Records::new(&header);
    for surface in found {
        let town = case.towns[options.towns[surface.town]].id.as_str();
        let scenario = case.scenarios[options.scenarios[surface.scenario]].id.as_str();
        let [a, b] = surface.commodities.map(|c| case.commodities[c].id.as_str());
        for (first, row) in surface.falls.iter().zip(&surface.shares) {
            for (second, e) in surface.falls.iter().zip(row) {
                let (low, high) = e.interval();
                let (first, second) = ((-first).to_string(), (-second).to_string());
                records.row(&[town, scenario, a, &first, b, &second], &[&e.value, &e.mcse, &low, &high], &[]);
            }
        }
    }
    records.finish()
}

/// reverse_curves.csv: town, scenario, commodity, shock, value, mcse, low, high: the share of runs in which the condition
/// holds at each size.
pub fn reverse_curves(case: &Case, options: &Options, found: &[Reversed]) -> String {
    let mut records =
        Records::new(&["town", "scenario", "commodity", "shock", "value", "mcse", "low", "high"]);
    for reversed in found {
        let town = case.towns[options.towns[reversed.town]].id.as_str();
        let scenario = case.scenarios[options.scenarios[reversed.scenario]].id.as_str();
        let commodity = case.commodities[reversed.commodity].id.as_str();
        for (fall, e) in &reversed.curve {
            let (low, high) = e.interval();
            records.row(&[town, scenario, commodity], &[&-fall, &e.value, &e.mcse, &low, &high], &[]);
        }
    }
    records.finish()
}
