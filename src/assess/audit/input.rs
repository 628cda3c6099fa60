//! Inputs that the source gives in two ways: as a fraction and a value, in two tables, as a sign in words.

use super::auditor::Auditor;
use super::finding::{Effect, Finding, Kind};
use super::number::{Stated, overlap, show};
use super::phrase::Phrase;
use crate::assess::variant::percentage;
use crate::case::{Input, PrintedValue, SubIndicatorKind};

/// Each printed share against the fraction printed beside it.
pub(super) fn fractions(auditor: &Auditor<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (t, i, value, fraction, source) in all_fractions(auditor) {
        let computed = percentage(fraction);
        let stated = Stated::of(value);
        if stated.rounds(computed) {
            continue;
        }
        let times =
            |factor: f64| Stated { value: value * factor, half: stated.half * factor }.is_near(computed);
        let (kind, note) = if stated.is_near(computed) {
            (Kind::Rounding, Some(if value < computed { Phrase::CutOff } else { Phrase::RoundedAway }))
        } else if times(10.0) {
            (Kind::TenfoldSlip, Some(Phrase::TenTimesTooSmall))
        } else if times(0.1) {
            (Kind::TenfoldSlip, Some(Phrase::TenTimesTooLarge))
        } else {
            (Kind::Fraction, None)
        };
        findings.push(Finding {
            kind,
            town: auditor.case.towns[t].id.clone(),
            item: auditor.case.method.sub_indicators[i].symbol.clone(),
            stated: Phrase::plain(&value),
            stated_at: Phrase::cited(source),
            other: Phrase::Plain(show(computed)),
            other_at: Phrase::At(format!("{}/{}", fraction.0, fraction.1), source.to_owned()),
            effect: auditor.effect_of_input(t, i, value, computed),
            notes: note.into_iter().collect(),
        });
    }
    findings
}

/// The same count of at least three digits for two things in one town.
pub(super) fn repeated_counts(auditor: &Auditor<'_>) -> Vec<Finding> {
    let rows: Vec<_> = all_fractions(auditor).collect();
    let mut findings = Vec::new();
    for (k, (town, first, _, (count, whole), source)) in rows.iter().enumerate() {
        for (other_town, second, _, (other_count, other_whole), other_source) in &rows[k + 1..] {
            // Small counts coincide by chance.
            if town != other_town || count != other_count || *count < 100.0 {
                continue;
            }
            let symbol = |i: &usize| &auditor.case.method.sub_indicators[*i].symbol;
            findings.push(Finding {
                kind: Kind::RepeatedCount,
                town: auditor.case.towns[*town].id.clone(),
                item: symbol(first).clone(),
                stated: Phrase::plain(&format!("{count}/{whole}")),
                stated_at: Phrase::cited(source),
                other: Phrase::plain(&format!("{other_count}/{other_whole}")),
                other_at: Phrase::At(symbol(second).clone(), (*other_source).to_owned()),
                effect: Effect::default(),
                notes: vec![Phrase::OneCount],
            });
        }
    }
    findings
}

/// (town, sub-indicator, printed value, fraction, table) of every input with a fraction.
fn all_fractions<'c>(
    auditor: &Auditor<'c>,
) -> impl Iterator<Item = (usize, usize, f64, (f64, f64), &'c str)> + use<'c> {
    auditor.case.towns.iter().enumerate().flat_map(|(t, town)| {
        town.inputs.iter().enumerate().filter_map(move |(i, input)| match input {
            Input::Printed { value, fraction: Some(fraction), source, .. } => {
                Some((t, i, *value, *fraction, source.as_str()))
            }
            _ => None,
        })
    })
}

/// Inputs that printed.csv gives once more, and items that it gives twice itself.
pub(super) fn stated_twice(auditor: &Auditor<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (t, town) in auditor.case.towns.iter().enumerate() {
        for (i, sub_indicator) in auditor.case.method.sub_indicators.iter().enumerate() {
            let Some((value, source)) = auditor.input(t, i) else { continue };
            let is_switch = matches!(sub_indicator.kind, SubIndicatorKind::Switch);
            let stated = if is_switch { Stated::exact(value) } else { Stated::of(value) };
            for row in auditor.printed(&town.id, &sub_indicator.symbol) {
                let Some(other) = Stated::parse(&row.value) else { continue };
                let differs = if is_switch {
                    other.value != value
                } else {
                    !overlap(stated.interval(), other.interval())
                };
                if differs {
                    findings.push(Finding {
                        kind: Kind::StatedTwice,
                        town: town.id.clone(),
                        item: sub_indicator.symbol.clone(),
                        stated: Phrase::plain(&value),
                        stated_at: Phrase::cited(source),
                        other: Phrase::plain(&row.value),
                        other_at: Phrase::cited(&row.source),
                        effect: auditor.effect_of_input(t, i, value, other.value),
                        notes: Vec::new(),
                    });
                }
            }
        }
    }
    let rows: Vec<_> = auditor.case.printed.iter().filter(|row| !row.item.starts_with("symbol.")).collect();
    for (k, row) in rows.iter().enumerate() {
        let repeats =
            rows[k + 1..].iter().filter(|other| (&other.town, &other.item) == (&row.town, &row.item));
        findings.extend(repeats.filter_map(|other| two_rows(auditor, row, other)));
    }
    findings
}

/// Two rows of printed.csv about one thing, if they differ.
fn two_rows(auditor: &Auditor<'_>, row: &PrintedValue, other: &PrintedValue) -> Option<Finding> {
    let numbers = (Stated::parse(&row.value), Stated::parse(&other.value));
    let agrees = match numbers {
        (Some(a), Some(b)) => overlap(a.interval(), b.interval()),
        _ => row.value == other.value,
    };
    let town = auditor.town(&row.town);
    let effect = || {
        if let Some(symbol) = row.item.strip_prefix("class.") {
            let composite = auditor.composite(symbol)?;
            let class = |row: &PrintedValue| auditor.class_named(composite, &row.value);
            return Some(auditor.effect_of_class(town?, composite, class(row)?, class(other)?));
        }
        let composite = auditor.composite(&row.item)?;
        Some(auditor.effect_of_composite(town?, composite, numbers.0?.value, numbers.1?.value))
    };
    // Two statements of one input beside a printed value are each compared with that value already.
    let is_input =
        town.zip(auditor.sub_indicator(&row.item)).is_some_and(|(t, i)| auditor.input(t, i).is_some());
    let side = |row: &PrintedValue| {
        let value = row.value.clone();
        if row.item.starts_with("class.") { Phrase::Class(value) } else { Phrase::Plain(value) }
    };
    (!agrees && !is_input).then(|| Finding {
        kind: Kind::StatedTwice,
        town: row.town.clone(),
        item: row.item.clone(),
        stated: side(row),
        stated_at: Phrase::cited(&row.source),
        other: side(other),
        other_at: Phrase::cited(&other.source),
        effect: effect().unwrap_or_default(),
        notes: Vec::new(),
    })
}

/// Signs stated in words (`sign.TDda1`: positive, negative) against the inputs.
pub(super) fn signs(auditor: &Auditor<'_>) -> Vec<Finding> {
    let finding = |(row, symbol): (&PrintedValue, &str)| {
        let (town, i) = (auditor.town(&row.town)?, auditor.sub_indicator(symbol)?);
        let (value, source) = auditor.input(town, i)?;
        let sign = match value {
            x if x > 0.0 => "positive",
            x if x < 0.0 => "negative",
            _ => "zero",
        };
        (row.value != sign).then(|| Finding {
            kind: Kind::Sign,
            town: row.town.clone(),
            item: symbol.to_owned(),
            stated: Phrase::plain(&value),
            stated_at: Phrase::cited(source),
            other: Phrase::Sign(row.value.clone()),
            other_at: Phrase::cited(&row.source),
            effect: auditor.effect_of_input(town, i, value, -value),
            notes: vec![Phrase::OtherSign],
        })
    };
    auditor.printed_with("sign.").filter_map(finding).collect()
}
