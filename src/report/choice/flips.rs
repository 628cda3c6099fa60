//! What would change the choice: the smallest changes of sub-indicators.

use serde::Serialize;

use super::{ids, json, names, town};
use crate::case::Case;
use crate::experiment::choice::{Flip, FlipKind, JointFlip, Norm, TownFlips};
use crate::report::assessment::Format;
use crate::report::grid::Grid;
use crate::report::records::Records;
use crate::text::Text;

/// A size whose lower bound is as near as this is told without it.
const EXACT: f64 = 1e-6;

/// A row of the table of flips; in JSON joint ones have their lower bound as well.
#[derive(Debug, Serialize)]
struct Row<'a> {
    town: &'a str,
    indicator: &'a str,
    value: f64,
    flip_at: Option<f64>,
    kind: Option<&'static str>,
    change: Option<f64>,
    rounding_errors: Option<f64>,
    leaders_after: Option<String>,
    norm: Option<&'static str>,
    joint: Option<f64>,
    bound: Option<f64>,
}

/// Flips: columns town, indicator, value, flip_at, kind, change, rounding_errors, leaders_after, norm, joint. A row for
/// each sub-indicator alone, whose norm and joint are empty; then, for each norm, a row for each one that changes in the
/// smallest joint change, whose size in errors is `joint`.
pub fn render(case: &Case, all: &[TownFlips], format: Format, text: &Text) -> String {
    match format {
        Format::Table => table(case, all, text),
        Format::Csv => {
            let header = [
                "town",
                "indicator",
                "value",
                "flip_at",
                "kind",
                "change",
                "rounding_errors",
                "leaders_after",
                "norm",
                "joint",
            ];
            let mut records = Records::new(&header);
            for row in all.iter().flat_map(|flips| rows(case, flips)) {
                let number = |x: Option<f64>| x.map_or_else(String::new, |x| x.to_string());
                let cells = [
                    row.town.to_owned(),
                    row.indicator.to_owned(),
                    row.value.to_string(),
                    number(row.flip_at),
                    row.kind.unwrap_or_default().to_owned(),
                    number(row.change),
                    number(row.rounding_errors),
                    row.leaders_after.unwrap_or_default(),
                    row.norm.unwrap_or_default().to_owned(),
                    number(row.joint),
                ];
                let (texts, rest) = cells.split_at(2);
                let display: Vec<&dyn std::fmt::Display> =
                    rest.iter().map(|c| c as &dyn std::fmt::Display).collect();
                records.row(&texts.iter().map(String::as_str).collect::<Vec<_>>(), &display, &[]);
            }
            records.finish()
        }
        Format::Json => json(&all.iter().flat_map(|flips| rows(case, flips)).collect::<Vec<_>>()),
    }
}

fn rows<'a>(case: &'a Case, flips: &'a TownFlips) -> Vec<Row<'a>> {
    let symbol = |k: usize| case.method.sub_indicators[k].symbol.as_str();
    let single = |flip: &Flip| Row {
        town: &flips.town,
        indicator: symbol(flip.indicator),
        value: flip.value,
        flip_at: flip.at,
        kind: flip.at.map(|_| flip.kind.id()).or(flip.unresolved.then_some("unresolved")),
        change: flip.change(),
        rounding_errors: in_errors(flips, flip.indicator, flip.change()),
        leaders_after: flip.at.map(|_| ids(case, &flip.leaders_after)),
        norm: None,
        joint: None,
        bound: None,
    };
    let joint = |joint: &'a JointFlip| {
        joint.changes.iter().map(move |(k, after)| {
            let value = flips.singles[*k].value;
            Row {
                town: &flips.town,
                indicator: symbol(*k),
                value,
                flip_at: Some(*after),
                kind: Some(joint.kind.id()),
                change: Some(after - value),
                rounding_errors: in_errors(flips, *k, Some(after - value)),
                leaders_after: Some(ids(case, &joint.leaders_after)),
                norm: Some(joint.norm.id()),
                joint: joint.size,
                bound: Some(joint.bound).filter(|b| b.is_finite()),
            }
        })
    };
    flips.singles.iter().map(single).chain(flips.joints.iter().flat_map(joint)).collect()
}

/// A change in multiples of its error; none for what has no error.
fn in_errors(flips: &TownFlips, indicator: usize, change: Option<f64>) -> Option<f64> {
    change.filter(|_| flips.errors[indicator] > 0.0).map(|change| change / flips.errors[indicator])
}

/// Decimals that show three digits of a change.
fn decimals(change: f64) -> usize {
    if change == 0.0 { 1 } else { (2.0 - change.abs().log10().floor()).clamp(0.0, 6.0) as usize }
}

fn table(case: &Case, all: &[TownFlips], text: &Text) -> String {
    let mut out = format!("{}\n", text.get("choice.flips_title"));
    for flips in all {
        out.push('\n');
        out.push_str(&of_town(case, flips, text));
    }
    out.push('\n');
    out.push_str(text.get("choice.flips_note"));
    out.push('\n');
    out
}

fn of_town(case: &Case, flips: &TownFlips, text: &Text) -> String {
    let method = &case.method;
    let values =
        [("town", town(case, &flips.town, text).to_owned()), ("leaders", names(case, &flips.leaders, text))];
    let mut out = text.fill("choice.flips_town", &values) + "\n";
    let heads = [
        "choice.flip_value",
        "choice.flip_at",
        "choice.flip_change",
        "choice.flip_errors",
        "choice.flip_class",
    ];
    let header = std::iter::once(String::new()).chain(heads.map(|key| text.get(key).to_owned()));
    let mut grid = Grid::new(header.chain([text.get("choice.flip_then").to_owned()]).collect());
    let size = |flip: &Flip| in_errors(flips, flip.indicator, flip.change()).map_or(f64::MAX, f64::abs);
    let mut order: Vec<&Flip> = flips.singles.iter().filter(|f| f.at.is_some()).collect();
    order.sort_by(|a, b| size(a).total_cmp(&size(b)));
    for flip in order {
        let Some((at, change)) = flip.at.zip(flip.change()) else { continue };
        let digits = decimals(change);
        let mark = if flip.kind == FlipKind::Limit { if change < 0.0 { "< " } else { "> " } } else { "" };
        let sign = if change > 0.0 { "+" } else { "" };
        let errors = in_errors(flips, flip.indicator, Some(change));
        grid.row(vec![
            method.sub_indicators[flip.indicator].symbol.clone(),
            text.number(flip.value, usize::from(flip.value.fract() != 0.0)),
            format!("{mark}{}", text.number(at, digits)),
            format!("{sign}{}", text.number(change, digits)),
            errors.map_or_else(|| "-".to_owned(), |e| text.number(e.abs(), 1)),
            class_change(case, flip, text),
            names(case, &flip.leaders_after, text),
        ]);
    }
    out.push_str(&grid.render());
    let still: Vec<String> = flips
        .singles
        .iter()
        .filter(|f| f.at.is_none())
        .map(|f| method.sub_indicators[f.indicator].symbol.clone())
        .collect();
    if !still.is_empty() {
        out.push_str(&text.fill("choice.flips_none", &[("symbols", still.join(", "))]));
        out.push('\n');
    }
    for joint in &flips.joints {
        out.push_str(&joint_line(case, flips, joint, text));
        out.push('\n');
    }
    out
}

/// `TDea: average → above average`.
fn class_change(case: &Case, flip: &Flip, text: &Text) -> String {
    let Some(trigger) = flip.trigger else { return String::new() };
    let composite = &case.method.composites[trigger.composite];
    let name = |class: Option<usize>| {
        let level = class.and_then(|class| composite.scale.as_ref()?.get(class)).map(|class| class.level);
        level.map_or_else(|| text.get("undefined.number"), |level| text.name(&case.method.levels[level].name))
    };
    format!("{}: {} → {}", composite.symbol, name(trigger.from), name(trigger.to))
}

fn joint_line(case: &Case, flips: &TownFlips, joint: &JointFlip, text: &Text) -> String {
    let norm = match joint.norm {
        Norm::L1 => text.get("choice.l1"),
        Norm::L2 => text.get("choice.l2"),
    };
    let Some(size) = joint.size else { return text.fill("choice.joint_none", &[("norm", norm)]) };
    let part = |(k, after): &(usize, f64)| {
        let (value, symbol) = (flips.singles[*k].value, &case.method.sub_indicators[*k].symbol);
        let digits = decimals(after - value);
        let number = |x: f64, digits: usize| text.number(x, digits);
        format!("{symbol} {} → {}", number(value, usize::from(value.fract() != 0.0)), number(*after, digits))
    };
    let parts: Vec<String> = joint.changes.iter().map(part).collect();
    let values = [
        ("norm", norm.to_owned()),
        ("size", text.number(size, 2)),
        // Never more than was proved.
        ("bound", text.number((joint.bound * 100.0).floor() / 100.0, 2)),
        ("changes", parts.join(", ")),
        ("leaders", names(case, &joint.leaders_after, text)),
    ];
    let exact = size - joint.bound <= EXACT;
    text.fill(if exact { "choice.joint_exact" } else { "choice.joint" }, &values)
}
