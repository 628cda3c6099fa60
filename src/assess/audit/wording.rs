//! Scales, symbols and definitions as the source prints them, against the method.

use super::number::show;
use super::{Auditor, Effect, Finding, Kind, REGION};
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
            stated: row.value.clone(),
            stated_at: row.source.clone(),
            other: if is_last {
                format!("above {}", show(below))
            } else {
                format!("{}-{}", show(below), show(scale[class].upper))
            },
            other_at: "the classes beside it".to_owned(),
            effect: Effect::default(),
            note: "the printed bounds overlap another class".to_owned(),
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
                stated: row.value.clone(),
                stated_at: row.source.clone(),
                other: other.value.clone(),
                other_at: other.source.clone(),
                effect: Effect::default(),
                note: "one symbol for two things".to_owned(),
            });
        }
    }
    findings
}

/// Printed definitions (`definition.TDa4`: `TDa1`) that are those of another sub-indicator.
pub(super) fn definitions(auditor: &Auditor<'_>) -> Vec<Finding> {
    let finding = |(row, symbol): (&PrintedValue, &str)| {
        let label = |symbol: &str| {
            let i = auditor.sub_indicator(symbol)?;
            Some(auditor.case.method.sub_indicators[i].label.en.clone())
        };
        let (own, taken) = (label(symbol)?, label(&row.value)?);
        (row.value != symbol && row.town == REGION).then(|| Finding {
            kind: Kind::Definition,
            town: row.town.clone(),
            item: symbol.to_owned(),
            stated: format!("the definition of {} ({taken})", row.value),
            stated_at: row.source.clone(),
            other: format!("{symbol} ({own})"),
            other_at: "the row that it stands in".to_owned(),
            effect: Effect::default(),
            note: String::new(),
        })
    };
    auditor.printed_with("definition.").filter_map(finding).collect()
}
