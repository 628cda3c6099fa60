//! Scales, symbols and definitions as the source prints them, against the method.

use super::auditor::{Auditor, REGION};
use super::finding::{Effect, Finding, Kind};
use super::number::show;
use super::phrase::Phrase;
use crate::case::PrintedValue;

/// Printed bounds of classes (`scale.TDea.low`: `0-15`) against the scale: a class begins where the one below
/// it ends. The upper bound of the last class is not compared; values above it are in that class anyway.
pub(super) fn scales(auditor: &Auditor<'_>) -> Vec<Finding> {
    let finding = |(row, rest): (&PrintedValue, &str)| {
        let (symbol, level) = rest.split_once('.')?;
        let composite = auditor.composite(symbol)?;
        let class = auditor.class_named(composite, level)?;
        let scale = auditor.case.method.composites[composite].scale.as_deref()?;
        let (low, high) = row.value.split_once('-')?;
        let (low, high): (f64, f64) = (low.trim().parse().ok()?, high.trim().parse().ok()?);
        let below = class.checked_sub(1).map_or(0.0, |below| scale[below].upper);
        let is_last = class + 1 == scale.len();
        let agrees = low == below && (is_last || high == scale[class].upper);
        (!agrees).then(|| Finding {
            kind: Kind::Scale,
            town: row.town.clone(),
            item: row.item.clone(),
            stated: Phrase::plain(&row.value),
            stated_at: Phrase::cited(&row.source),
            other: if is_last {
                Phrase::Above(show(below))
            } else {
                Phrase::plain(&format!("{}-{}", show(below), show(scale[class].upper)))
            },
            other_at: Phrase::ClassesBeside,
            effect: Effect::default(),
            notes: vec![Phrase::BoundsOverlap],
        })
    };
    auditor.printed_with("scale.").filter_map(finding).collect()
}

/// Printed symbols (`symbol.TDea`) that stand for more than one thing.
pub(super) fn symbols(auditor: &Auditor<'_>) -> Vec<Finding> {
    let rows: Vec<_> = auditor.printed_with("symbol.").collect();
    let mut findings = Vec::new();
    for (k, (row, symbol)) in rows.iter().enumerate() {
        for (other, _) in rows[k + 1..].iter().filter(|(r, s)| s == symbol && r.value != row.value) {
            findings.push(Finding {
                kind: Kind::Symbol,
                town: row.town.clone(),
                item: (*symbol).to_owned(),
                stated: Phrase::Named(row.value.clone()),
                stated_at: Phrase::cited(&row.source),
                other: Phrase::Named(other.value.clone()),
                other_at: Phrase::cited(&other.source),
                effect: Effect::default(),
                notes: vec![Phrase::OneSymbol],
            });
        }
    }
    findings
}

/// Printed definitions (`definition.TDa4`: `TDa1`) that are those of another sub-indicator.
pub(super) fn definitions(auditor: &Auditor<'_>) -> Vec<Finding> {
    let finding = |(row, symbol): (&PrintedValue, &str)| {
        auditor.sub_indicator(symbol).and(auditor.sub_indicator(&row.value))?;
        (row.value != symbol && row.town == REGION).then(|| Finding {
            kind: Kind::Definition,
            town: row.town.clone(),
            item: symbol.to_owned(),
            stated: Phrase::DefinitionOf(row.value.clone()),
            stated_at: Phrase::cited(&row.source),
            other: Phrase::SubIndicator(symbol.to_owned()),
            other_at: Phrase::OwnRow,
            effect: Effect::default(),
            notes: Vec::new(),
        })
    };
    auditor.printed_with("definition.").filter_map(finding).collect()
}
