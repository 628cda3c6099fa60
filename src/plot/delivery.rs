//! How much must succeed: who leads and how likely distress is, over the share of a plan that is delivered.

use super::headings::Headings;
use super::key::{KeyEntry, Mark};
use super::palette::{INK, MARK, WARNING, scenario_colour, tint};
use super::panel::{Panel, place};
use super::sheet::{Frame, sheet};
use crate::case::Case;
use crate::experiment::delivery::{Need, What};
use crate::text::Text;

const HEIGHT: i32 = 430;

/// A picture of a town, as SVG: a panel a scenario. `needs` are those of one town, `caption` says how it was made; the
/// title is the finding.
pub fn delivery_curves(case: &Case, needs: &[&Need], caption: &str, text: &Text) -> String {
    let name = |s: usize| text.name(&case.scenarios[s].name).to_owned();
    let lines = (0..case.scenarios.len())
        .map(|s| KeyEntry { label: name(s), mark: Mark::Line(scenario_colour(s)) })
        .chain(
            [("needs.distress_line", Mark::Dashes(INK)), ("needs.assumed", Mark::Line(WARNING))]
                .map(|(key, mark)| KeyEntry { label: text.get(key).to_owned(), mark }),
        )
        .collect();
    let frame = Frame {
        title: finding(case, needs, text),
        note: text.get("needs.note").to_owned(),
        key: lines,
        caption: caption.to_owned(),
    };
    let paths = needs.iter().map(|need| (need.scenario, &case.scenarios[need.scenario].name));
    let headings = Headings::of_scenarios(text, paths);
    let top = headings.more();
    let picture = sheet(top + HEIGHT, &frame, |canvas| {
        for (column, need) in needs.iter().enumerate() {
            let panel =
                Panel::new(canvas, place(column, needs.len(), top, HEIGHT), (0.0, 100.0), (0.0, 100.0));
            for turn in need.turns.iter().filter(|t| matches!(t.what, What::Choice(..))) {
                let (low, high) = (100.0 * turn.low, 100.0 * turn.high);
                panel.fill(&[(low, 0.0), (high, 0.0), (high, 100.0), (low, 100.0)], tint(MARK, 0.35));
                panel.line(&[(100.0 * turn.share, 0.0), (100.0 * turn.share, 100.0)], MARK, 2);
            }
            let percent = |y: f64, decimals: usize| text.percent_of(&text.number(y, decimals));
            panel.axes_with(true, if column == 0 { Some(&percent) } else { None });
            let mean = 100.0 * case.scenarios[need.scenario].delivery.mean;
            panel.line(&[(mean, 0.0), (mean, 100.0)], WARNING, 1);
            let curve = |value: &dyn Fn(usize) -> Option<f64>| -> Vec<(f64, f64)> {
                let at = |k: usize| Some((100.0 * need.curve[k].share, 100.0 * value(k)?));
                (0..need.curve.len()).filter_map(at).collect()
            };
            for s in 0..case.scenarios.len() {
                panel.line(&curve(&|k| Some(need.curve[k].lead[s].value)), scenario_colour(s), 3);
            }
            panel.dashes(&curve(&|k| need.curve[k].distress.map(|e| e.value)), INK, 2);
            headings.write(canvas, column, (panel.rect[0], panel.rect[1] - 2));
        }
    });
    picture.svg
}

/// The last turn of the choice under the scenario that leads where its own plan succeeds, else under the first that has
/// one; or that there is none.
fn finding(case: &Case, needs: &[&Need], text: &Text) -> String {
    let town = needs.first().map_or("", |need| text.name(&case.towns[need.town].name));
    let last = |need: &&Need| {
        let choices = need.turns.iter().filter_map(|turn| match turn.what {
            What::Choice(_, above) => Some((turn.share, above)),
            What::Distress | What::Reference => None,
        });
        choices.max_by(|a, b| a.0.total_cmp(&b.0)).map(|(share, above)| (need.scenario, share, above))
    };
    let turns: Vec<(usize, f64, usize)> = needs.iter().filter_map(last).collect();
    let Some((scenario, share, above)) = turns.iter().find(|t| t.0 == t.2).or(turns.first()) else {
        return text.fill("needs.picture", &[("town", town)]);
    };
    let percent = |x: f64| text.percent_of(&text.number(100.0 * x, 0));
    let (share, assumed) = (percent(*share), percent(case.scenarios[*scenario].delivery.mean));
    let name = |s: usize| text.name(&case.scenarios[s].name);
    let values = [
        ("town", town),
        ("scenario", name(*scenario)),
        ("above", name(*above)),
        ("share", &share),
        ("assumed", &assumed),
    ];
    text.fill("needs.picture_turns", &values)
}
