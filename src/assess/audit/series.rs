//! Series of the panel: printed growth columns, what the text says of them, and jumps that no other town has.

use std::collections::{BTreeMap, BTreeSet};

use super::auditor::Auditor;
use super::finding::{Effect, Finding, Kind};
use super::number::{Stated, show};
use super::phrase::Phrase;
use crate::case::{PanelValue, PrintedValue};

/// Printed growth columns (`growth.average_wage`) against the first and last value of the panel.
pub(super) fn growth(auditor: &Auditor<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (row, indicator) in auditor.printed_with("growth.") {
        let Some(stated) = Stated::parse(&row.value) else { continue };
        let values = series(auditor, &row.town, indicator);
        let (Some((first, a)), Some((last, b))) = (values.first_key_value(), values.last_key_value()) else {
            continue;
        };
        let usual = percent(a.value, b.value, a.value);
        if first == last || stated.rounds(usual) {
            continue;
        }
        let (kind, note) = explain(stated, a.value, b.value);
        findings.push(Finding {
            kind,
            town: row.town.clone(),
            item: row.item.clone(),
            stated: Phrase::plain(&row.value),
            stated_at: Phrase::cited(&row.source),
            other: Phrase::Plain(show(usual)),
            other_at: Phrase::FromTo(show(a.value), *first, show(b.value), *last, b.source.clone()),
            effect: Effect::default(),
            notes: vec![note],
        });
    }
    findings
}

/// A ratio told as a half or as twice may be a tenth away from it.
const TOLD_WITHIN: f64 = 0.1;

/// What the text says of a series (`change.profitability`: `fell`, `rose`, `halved` or `doubled`) against its first and
/// last value in the panel.
pub(super) fn changes(auditor: &Auditor<'_>) -> Vec<Finding> {
    let finding = |(row, indicator): (&PrintedValue, &str)| {
        let values = series(auditor, &row.town, indicator);
        let (first, a) = values.first_key_value()?;
        let (last, b) = values.last_key_value()?;
        let told = |ratio: f64| a.value > 0.0 && (b.value / (ratio * a.value) - 1.0).abs() <= TOLD_WITHIN;
        let is_true = match row.value.as_str() {
            "fell" => b.value < a.value,
            "rose" => b.value > a.value,
            "halved" => told(0.5),
            "doubled" => told(2.0),
            _ => return None,
        };
        let notes = if a.value > 0.0 {
            vec![Phrase::ChangedBy(show(percent(a.value, b.value, a.value)))]
        } else {
            Vec::new()
        };
        (first != last && !is_true).then(|| Finding {
            kind: Kind::Sentence,
            town: row.town.clone(),
            item: row.item.clone(),
            stated: Phrase::Change(row.value.clone()),
            stated_at: Phrase::cited(&row.source),
            other: Phrase::FromTo(show(a.value), *first, show(b.value), *last, b.source.clone()),
            other_at: Phrase::cited(&b.source),
            effect: Effect::default(),
            notes,
        })
    };
    auditor.printed_with("change.").filter_map(finding).collect()
}

/// 100 (b - a) / base.
fn percent(a: f64, b: f64, base: f64) -> f64 {
    100.0 * (b - a) / base
}

/// By which mistake a growth rate from a to b comes out as stated.
fn explain(stated: Stated, a: f64, b: f64) -> (Kind, Phrase) {
    let ten = 10.0 * b;
    if stated.is_near(percent(a, b, a)) {
        (Kind::Rounding, Phrase::CutOrRounded)
    } else if stated.is_near(-percent(a, b, a)) {
        (Kind::Growth, Phrase::WrongSign)
    } else if stated.is_near(percent(a, b, b)) {
        (Kind::Growth, Phrase::DividesByFinal(show(percent(a, b, b))))
    } else if stated.is_near(percent(a, ten, a)) || stated.is_near(percent(a, ten, ten)) {
        let divides = stated.is_near(percent(a, ten, ten));
        let note = if divides { Phrase::LostCommaDivides(show(ten)) } else { Phrase::LostComma(show(ten)) };
        (Kind::TenfoldSlip, note)
    } else {
        (Kind::Growth, Phrase::NotReproduced)
    }
}

fn series<'c>(auditor: &Auditor<'c>, town: &str, indicator: &str) -> BTreeMap<i32, &'c PanelValue> {
    let rows = auditor.case.panel.iter();
    rows.filter(|row| row.town == town && row.indicator == indicator).map(|row| (row.year, row)).collect()
}

/// Fewer towns do not show what is usual in a year.
const FEWEST_TOWNS: usize = 5;
/// In smaller counts, and in percentages, a jump proves nothing.
const SMALLEST_VALUE: f64 = 100.0;
/// A break is this many robust standard deviations (1.4826 times the median absolute deviation) away from
/// the median of the towns' growth in that year ...
const DEVIATIONS: f64 = 5.0;
/// ... and a factor of at least this away from it.
const FACTOR: f64 = 1.5;

/// Values that jump from one year to the next as the other towns' do not.
pub(super) fn breaks(auditor: &Auditor<'_>) -> Vec<Finding> {
    let panel = &auditor.case.panel;
    let indicators: BTreeSet<&str> = panel.iter().map(|row| row.indicator.as_str()).collect();
    let years: BTreeSet<i32> = panel.iter().map(|row| row.year).collect();
    let mut findings = Vec::new();
    for indicator in indicators {
        let of_towns: Vec<_> =
            auditor.case.towns.iter().map(|town| (town, series(auditor, &town.id, indicator))).collect();
        for year in &years {
            let growth: Vec<_> = of_towns
                .iter()
                .filter_map(|(town, values)| {
                    let (before, after) = (values.get(&(year - 1))?, values.get(year)?);
                    let is_large = before.value.min(after.value) >= SMALLEST_VALUE;
                    is_large.then(|| (*town, *before, *after, (after.value / before.value).ln()))
                })
                .collect();
            if growth.len() < FEWEST_TOWNS {
                continue;
            }
            let usual = median(growth.iter().map(|g| g.3));
            let spread = 1.4826 * median(growth.iter().map(|g| (g.3 - usual).abs()));
            for (town, before, after, change) in growth {
                let away = (change - usual).abs();
                if away <= DEVIATIONS * spread || away <= FACTOR.ln() {
                    continue;
                }
                let as_percent = |log: f64| Phrase::Percent(show(100.0 * log.exp_m1()));
                findings.push(Finding {
                    kind: Kind::Break,
                    town: town.id.clone(),
                    item: indicator.to_owned(),
                    stated: as_percent(change),
                    stated_at: Phrase::FromTo(
                        show(before.value),
                        year - 1,
                        show(after.value),
                        *year,
                        after.source.clone(),
                    ),
                    other: as_percent(usual),
                    other_at: Phrase::MedianOfTowns,
                    effect: Effect::default(),
                    notes: vec![Phrase::BreakNotGrowth],
                });
            }
        }
    }
    findings
}

/// The median; the mean of the middle two where their number is even.
fn median(values: impl Iterator<Item = f64>) -> f64 {
    let mut sorted: Vec<f64> = values.collect();
    sorted.sort_by(f64::total_cmp);
    let n = sorted.len();
    if n == 0 { f64::NAN } else { f64::midpoint(sorted[(n - 1) / 2], sorted[n / 2]) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn growth_mistakes_are_told_apart() {
        let kind = |stated, a, b| explain(Stated::parse(stated).unwrap(), a, b).0;
        assert_eq!(kind("38", 23608.0, 38267.0), Kind::Growth);
        assert_eq!(
            explain(Stated::parse("38").unwrap(), 23608.0, 38267.0).1,
            Phrase::DividesByFinal("38.31".to_owned())
        );
        assert_eq!(explain(Stated::parse("0.8").unwrap(), 57447.0, 56986.0).1, Phrase::WrongSign);
        assert_eq!(kind("94", 143_155.0, 267_285.7), Kind::TenfoldSlip);
        assert_eq!(kind("0.9", 86430.0, 87254.0), Kind::Rounding);
        assert_eq!(explain(Stated::parse("7").unwrap(), 100.0, 150.0).1, Phrase::NotReproduced);
    }

    #[test]
    fn the_median_of_an_even_number_is_the_middle() {
        assert_eq!(median([4.0, 1.0, 3.0, 2.0].into_iter()), 2.5);
        assert_eq!(median([9.0, 1.0, 3.0].into_iter()), 3.0);
    }
}
