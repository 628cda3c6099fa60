//! Printed composites and classes against the formulas and the scales.

use super::auditor::{Auditor, REGION};
use super::finding::{Finding, Kind};
use super::number::{Stated, show};
use super::phrase::Phrase;
use crate::formula::Formula;

/// Each printed composite against its formula.
pub(super) fn values(auditor: &Auditor<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (t, town) in auditor.case.towns.iter().enumerate().filter(|(_, town)| town.is_complete()) {
        for (c, composite) in auditor.case.method.composites.iter().enumerate() {
            let computed = auditor.scores[t].composites[c];
            for row in auditor.printed(&town.id, &composite.symbol) {
                let Some(stated) = Stated::parse(&row.value).filter(|stated| !stated.rounds(computed)) else {
                    continue;
                };
                let near = stated.is_near(computed);
                let by_other_reading = composite.alternatives.iter().find_map(|(name, formula)| {
                    let value = evaluate(auditor, t, formula);
                    let agrees = !near && stated.is_near(value);
                    agrees.then(|| Phrase::AgreesWith(name.clone(), show(value)))
                });
                let is_less = stated.value.abs() < computed.abs();
                let cut = near.then_some(if is_less { Phrase::CutOff } else { Phrase::RoundedAway });
                findings.push(Finding {
                    kind: if near { Kind::Rounding } else { Kind::Composite },
                    town: town.id.clone(),
                    item: composite.symbol.clone(),
                    stated: Phrase::plain(&row.value),
                    stated_at: Phrase::cited(&row.source),
                    other: Phrase::Plain(show(computed)),
                    other_at: Phrase::plain(&composite.formula),
                    effect: auditor.effect_of_composite(t, c, stated.value, computed),
                    notes: by_other_reading.or(cut).into_iter().collect(),
                });
            }
        }
    }
    findings
}

/// Each printed composite against the formula that the source itself prints for it (`formula.TDm`).
pub(super) fn formulas(auditor: &Auditor<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (printed_formula, symbol) in auditor.printed_with("formula.") {
        let Some(c) = auditor.composite(symbol).filter(|_| printed_formula.town == REGION) else { continue };
        let Ok(formula) = Formula::parse(&printed_formula.value) else { continue };
        for (t, town) in auditor.case.towns.iter().enumerate().filter(|(_, town)| town.is_complete()) {
            let computed = evaluate(auditor, t, &formula);
            for row in auditor.printed(&town.id, symbol) {
                let Some(stated) = Stated::parse(&row.value).filter(|stated| !stated.is_near(computed))
                else {
                    continue;
                };
                findings.push(Finding {
                    kind: Kind::Formula,
                    town: town.id.clone(),
                    item: symbol.to_owned(),
                    stated: Phrase::plain(&row.value),
                    stated_at: Phrase::cited(&row.source),
                    other: Phrase::Plain(show(computed)),
                    other_at: Phrase::PrintedFormula(formula.to_string(), printed_formula.source.clone()),
                    effect: auditor.effect_of_composite(t, c, stated.value, computed),
                    notes: Vec::new(),
                });
            }
        }
    }
    findings
}

/// Value of a formula over a town's sub-indicators and composites.
fn evaluate(auditor: &Auditor<'_>, town: usize, formula: &Formula) -> f64 {
    let score = &auditor.scores[town];
    formula.eval(&|name| {
        let input = auditor.sub_indicator(name).map(|i| score.sub_indicators[i]);
        input.or_else(|| auditor.composite(name).map(|c| score.composites[c])).unwrap_or(f64::NAN)
    })
}

/// Each printed class against the scale, at the computed value and at the printed one.
pub(super) fn classes(auditor: &Auditor<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (t, town) in auditor.case.towns.iter().enumerate().filter(|(_, town)| town.is_complete()) {
        for (c, composite) in auditor.case.method.composites.iter().enumerate() {
            let Some(computed) = auditor.scores[t].classes[c] else { continue };
            let mut by_scale = vec![(computed, vec![(show(auditor.scores[t].composites[c]), None)])];
            for row in auditor.printed(&town.id, &composite.symbol) {
                let value = Stated::parse(&row.value).map(|stated| stated.value);
                let Some(class) = value.and_then(|value| auditor.class_of(c, value)) else { continue };
                let origin = (row.value.clone(), Some(row.source.clone()));
                match by_scale.iter_mut().find(|(known, _)| *known == class) {
                    Some((_, origins)) => origins.push(origin),
                    None => by_scale.push((class, vec![origin])),
                }
            }
            let item = format!("class.{}", composite.symbol);
            for (class, origins) in by_scale {
                findings.extend(against_scale(auditor, (t, c), &item, class, &origins));
            }
        }
    }
    findings
}

/// The printed classes of an item that are not `class`, one finding for each name.
fn against_scale(
    auditor: &Auditor<'_>,
    (t, c): (usize, usize),
    item: &str,
    class: usize,
    origins: &[(String, Option<String>)],
) -> Vec<Finding> {
    let town = &auditor.case.towns[t].id;
    let mut findings: Vec<Finding> = Vec::new();
    for row in auditor.printed(town, item) {
        let printed = auditor.class_named(c, &row.value);
        if printed == Some(class) {
            continue;
        }
        let stated = Phrase::Class(row.value.clone());
        if let Some(known) = findings.iter_mut().find(|finding| finding.stated == stated) {
            if let Phrase::Cited(sources) = &mut known.stated_at {
                sources.push(row.source.clone());
            }
            continue;
        }
        let effect = printed.map(|printed| auditor.effect_of_class(t, c, printed, class));
        findings.push(Finding {
            kind: Kind::Class,
            town: town.clone(),
            item: item.to_owned(),
            stated,
            stated_at: Phrase::cited(&row.source),
            other: Phrase::Class(auditor.class_name(c, class)),
            other_at: Phrase::OnScale(origins.to_vec()),
            effect: effect.unwrap_or_default(),
            notes: if printed.is_none() { vec![Phrase::NoSuchClass] } else { Vec::new() },
        });
    }
    findings
}
