//! How much of a plan must succeed: the answer as a table, as sentences and as CSV.

use super::grid::Grid;
use super::records::Records;
use crate::case::Case;
use crate::experiment::delivery::{Delivered, Need, Turn, What};
use crate::text::Text;

/// A row a town and scenario, for people; shares in percent of the way from the reference's plan.
pub fn table(case: &Case, needs: &[Need], text: &Text) -> String {
    let head =
        ["table.town", "table.path", "needs.leads", "needs.choice", "needs.distress", "needs.reference"];
    let mut grid = Grid::new(head.map(|key| text.get(key).to_owned()).to_vec());
    for need in needs {
        let turns = |wanted: fn(What) -> bool| {
            let found: Vec<String> =
                need.turns.iter().filter(|t| wanted(t.what)).map(|t| at(case, t, text)).collect();
            if found.is_empty() { text.get("needs.never").to_owned() } else { found.join("; ") }
        };
        let leads = need.curve.last().map_or("", |d| text.name(&case.scenarios[leader(d)].name));
        grid.row(vec![
            text.name(&case.towns[need.town].name).to_owned(),
            text.name(&case.scenarios[need.scenario].name).to_owned(),
            leads.to_owned(),
            turns(|what| matches!(what, What::Choice(..))),
            turns(|what| what == What::Distress),
            turns(|what| what == What::Reference),
        ]);
    }
    grid.render()
}

/// A turn's share with the shares around it that the runs do not tell from it: `Balanced from 35 % (31 to 40)`.
fn at(case: &Case, turn: &Turn, text: &Text) -> String {
    let percent = |x: f64| text.number(100.0 * x, 0);
    let range = text.range(&percent(turn.low), &percent(turn.high));
    let share = format!("{} ({range})", text.percent_of(&percent(turn.share)));
    match turn.what {
        What::Choice(_, above) => text.fill(
            "needs.from",
            &[("scenario", text.name(&case.scenarios[above].name)), ("share", share.as_str())],
        ),
        What::Distress | What::Reference => share,
    }
}

fn leader(point: &Delivered) -> usize {
    let most = |best: (usize, f64), (s, x): (usize, f64)| if x > best.1 { (s, x) } else { best };
    point.lead.iter().map(|e| e.value).enumerate().fold((0, f64::NEG_INFINITY), most).0
}

/// What each town under each scenario needs, a paragraph each.
pub fn sentences(case: &Case, needs: &[Need], text: &Text) -> Vec<String> {
    needs.iter().map(|need| sentence(case, need, text)).collect()
}

fn sentence(case: &Case, need: &Need, text: &Text) -> String {
    let scenario = |s: usize| text.name(&case.scenarios[s].name).to_owned();
    let base = vec![
        ("town", text.name(&case.towns[need.town].name).to_owned()),
        ("scenario", scenario(need.scenario)),
        ("reference", scenario(case.reference)),
    ];
    let mut said = Vec::new();
    for turn in &need.turns {
        let percent = |x: f64| text.number(100.0 * x, 0);
        let mut values = base.clone();
        values.extend([
            ("share", text.percent_of(&percent(turn.share))),
            ("range", text.range(&percent(turn.low), &percent(turn.high))),
        ]);
        let key = match turn.what {
            What::Choice(below, above) => {
                values.extend([("below", scenario(below)), ("above", scenario(above))]);
                "needs.say_choice"
            }
            What::Distress => "needs.say_distress",
            What::Reference => "needs.say_reference",
        };
        said.push(text.fill(key, &values));
    }
    if !need.turns.iter().any(|t| matches!(t.what, What::Choice(..))) {
        let leads = need.curve.last().map_or_else(String::new, |d| scenario(leader(d)));
        let mut values = base.clone();
        values.push(("leads", leads));
        said.insert(0, text.fill("needs.say_same", &values));
    }
    format!("{} {}", text.fill("needs.say", &base), said.join(" "))
}

/// Tidy: what a scenario is at each share. `town,scenario,share,statistic,value,mcse`.
pub fn curves(case: &Case, needs: &[Need]) -> String {
    let mut records = Records::new(&["town", "scenario", "share", "statistic", "value", "mcse"]);
    for need in needs {
        let (town, scenario) = (&case.towns[need.town].id, &case.scenarios[need.scenario].id);
        for point in &need.curve {
            let share = point.share.to_string();
            let lead = point.lead.iter().enumerate();
            let lead = lead.map(|(s, e)| (format!("lead_{}", case.scenarios[s].id), *e));
            let distress = point.distress.map(|e| ("distress".to_owned(), e));
            let gap = point.lead_on_reference.map(|e| ("better_than_reference_by".to_owned(), e));
            for (statistic, e) in lead.chain(distress).chain(gap) {
                records.row(&[town, scenario, &share, &statistic], &[&e.value, &e.mcse], &[]);
            }
        }
    }
    records.finish()
}

/// Tidy: where the answer turns. `town,scenario,turn,below,above,share,low,high`.
pub fn turns(case: &Case, needs: &[Need]) -> String {
    let mut records = Records::new(&["town", "scenario", "turn", "below", "above", "share", "low", "high"]);
    for need in needs {
        let (town, scenario) = (&case.towns[need.town].id, &case.scenarios[need.scenario].id);
        for Turn { what, share, low, high } in &need.turns {
            let id = |s: usize| case.scenarios[s].id.as_str();
            let (turn, below, above) = match *what {
                What::Choice(below, above) => ("choice", id(below), id(above)),
                What::Distress => ("distress_doubles", "", ""),
                What::Reference => ("no_better_than_reference", "", ""),
            };
            records.row(&[town, scenario, turn, below, above], &[share, low, high], &[]);
        }
    }
    records.finish()
}
