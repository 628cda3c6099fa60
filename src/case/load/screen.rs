//! The panel is data with holes: what stands for 'missing', what cannot be, and what is in another unit is left
//! out and told, with its row; a break is told and stays.
//!
//! - A *missing code* is a number of nines (-99, -999, 9999, ..) that does not belong to the indicator: a
//!   negative one where no other value is negative, a positive one five times off the town's other years.
//! - *Impossible* is 0 or less of what moves on a log or logit scale, and a negative value of an indicator with a
//!   history all of whose other values are not negative.
//! - A *unit slip* is a value that is 10, 100 or 1000 times the median of the town's other years, or that part of
//!   it, while these lie close together; with a single year, 1000 times the median of the other towns.
//! - A *break* is a change from one year to the next by more than a factor of three and five times as large, in
//!   logs, as the indicator usually changes in a year. Rows that say in `note` what is odd are not told.

use super::super::{Driver, Link, Notice, PanelValue};
use super::panel::PanelRow;

/// Digits that a missing code has.
const CODE_DIGITS: std::ops::RangeInclusive<usize> = 2..=8;
/// A positive code is so many times off.
const CODE_FACTOR: f64 = 5.0;
/// Powers of ten that units slip by, and how near in powers of ten the value must be.
const SLIPS: [(i32, f64); 3] = [(1, 0.06), (2, 0.25), (3, 0.25)];
/// A town's other years lie so close together, in powers of ten, that a slip stands out.
const SLIP_SPREAD: f64 = 0.45;
/// Smallest factor of a break, and how many times the usual change it is in logs.
const BREAK: (f64, f64) = (3.0, 5.0);

/// The panel without what is no value, and what there is to tell.
pub(super) fn screen(rows: Vec<PanelRow>, drivers: &[Driver]) -> (Vec<PanelValue>, Vec<Notice>) {
    let mut notices = Vec::new();
    let rows = drop_codes(rows, &mut notices);
    let rows = drop_impossible(rows, drivers, &mut notices);
    let rows = drop_slips(rows, drivers, &mut notices);
    note_breaks(&rows, drivers, &mut notices);
    (rows.into_iter().map(|row| row.1).collect(), notices)
}

fn tell((line, v): &PanelRow, what: &'static str, more: Vec<(&'static str, String)>) -> Notice {
    let own = [
        ("value", v.value.to_string()),
        ("indicator", v.indicator.clone()),
        ("town", v.town.clone()),
        ("year", v.year.to_string()),
    ];
    let values = own.into_iter().chain(more).collect();
    Notice::Odd { file: "panel.csv".to_owned(), place: format!("line {line}, value"), what, values }
}

/// Keeps the rows of which `odd` tells nothing.
fn sift(
    rows: Vec<PanelRow>,
    notices: &mut Vec<Notice>,
    odd: impl Fn(&PanelRow, &[PanelRow]) -> Option<Notice>,
) -> Vec<PanelRow> {
    let found: Vec<Option<Notice>> = rows.iter().map(|row| odd(row, &rows)).collect();
    let kept = rows.into_iter().zip(&found).filter(|(_, odd)| odd.is_none()).map(|(row, _)| row).collect();
    notices.extend(found.into_iter().flatten());
    kept
}

fn is_nines(value: f64) -> bool {
    let digits = value.abs().to_string();
    value.fract() == 0.0 && CODE_DIGITS.contains(&digits.len()) && digits.chars().all(|c| c == '9')
}

fn drop_codes(rows: Vec<PanelRow>, notices: &mut Vec<Notice>) -> Vec<PanelRow> {
    sift(rows, notices, |row, rows| {
        let v = &row.1;
        let others = |same_town: bool| -> Vec<f64> {
            let other =
                rows.iter().map(|r| &r.1).filter(|o| o.indicator == v.indicator && o.value != v.value);
            other.filter(|o| !same_town || o.town == v.town).map(|o| o.value).collect()
        };
        let own = Some(others(true)).filter(|own| !own.is_empty()).unwrap_or_else(|| others(false));
        let far =
            median(own).is_some_and(|m| m > 0.0 && !(m / CODE_FACTOR..=m * CODE_FACTOR).contains(&v.value));
        let is_code = is_nines(v.value)
            && if v.value < 0.0 {
                others(false).iter().all(|x| *x >= 0.0 || is_nines(*x))
            } else {
                v.value >= 999.0 && far
            };
        is_code.then(|| tell(row, "notice.missing_code", Vec::new()))
    })
}

fn drop_impossible(rows: Vec<PanelRow>, drivers: &[Driver], notices: &mut Vec<Notice>) -> Vec<PanelRow> {
    sift(rows, notices, |row, rows| {
        let v = &row.1;
        let with = |driver: &&Driver| {
            driver.history.as_ref().is_some_and(|h| h.names().iter().any(|name| *name == v.indicator))
        };
        let driver = drivers.iter().find(with)?;
        let alone = driver.history.as_ref().is_some_and(|h| h.names().len() == 1);
        let positive = driver.link != Link::Identity && alone;
        let others = || rows.iter().map(|r| &r.1).filter(|o| o.indicator == v.indicator && o.value < 0.0);
        let only = v.value < 0.0
            && others().count() * 4 <= rows.iter().filter(|r| r.1.indicator == v.indicator).count();
        let impossible = (positive && v.value <= 0.0) || (driver.link != Link::Identity && only);
        impossible.then(|| tell(row, "notice.impossible", vec![("driver", driver.id.clone())]))
    })
}

fn drop_slips(rows: Vec<PanelRow>, drivers: &[Driver], notices: &mut Vec<Notice>) -> Vec<PanelRow> {
    sift(rows, notices, |row, rows| {
        let v = &row.1;
        if v.value <= 0.0 || !v.note.is_empty() || !has_history(drivers, &v.indicator) {
            return None;
        }
        let positive = || {
            rows.iter()
                .map(|r| &r.1)
                .filter(|o| o.indicator == v.indicator && o.unit == v.unit && o.value > 0.0)
        };
        let own: Vec<f64> =
            positive().filter(|o| o.town == v.town && o.year != v.year).map(|o| o.value).collect();
        let towns: Vec<f64> =
            positive().filter(|o| o.town != v.town && o.town != "region").map(|o| o.value).collect();
        let off = |from: f64| (v.value / from).log10();
        let power = if own.len() >= 2 {
            let from = median(own.clone())?;
            let near = own.iter().filter(|x| (**x / from).log10().abs() <= SLIP_SPREAD).count();
            let slip = SLIPS.iter().find(|(k, near)| (off(from).abs() - f64::from(*k)).abs() <= *near)?;
            // The town's other years agree, but for others of the kind.
            (3 * near >= 2 * own.len() || slip.0 == 3 && 2 * near > own.len()).then_some(slip.0)
        } else {
            // One or two years: the other towns tell which of them is off.
            let from = median(towns.clone()).filter(|_| towns.len() >= 3 && v.town != "region")?;
            let own_is_near = own.iter().all(|x| (x / from).log10().abs() < off(from).abs() - 1.0);
            (own_is_near && (off(from).abs() - 3.0).abs() < 0.8).then_some(3)
        }?;
        let from = if own.len() >= 2 { median(own)? } else { median(towns)? };
        let key = if v.value > from { "notice.too_large" } else { "notice.too_small" };
        Some(tell(
            row,
            key,
            vec![("times", 10_i32.pow(power as u32).to_string()), ("median", from.to_string())],
        ))
    })
}

fn note_breaks(rows: &[PanelRow], drivers: &[Driver], notices: &mut Vec<Notice>) {
    // The first row of a year is the one that histories use.
    let before = |row: &PanelRow| {
        rows.iter().find(|o| {
            o.1.town == row.1.town && o.1.indicator == row.1.indicator && o.1.year == row.1.year - 1
        })
    };
    let change = |row: &PanelRow| {
        let before = before(row)?;
        (row.1.value > 0.0 && before.1.value > 0.0).then(|| crate::math::ln(row.1.value / before.1.value))
    };
    for row in rows.iter().filter(|row| has_history(drivers, &row.1.indicator)) {
        let Some((change_here, was)) = change(row).zip(before(row)) else { continue };
        if change_here.abs() <= crate::math::ln(BREAK.0) || !row.1.note.is_empty() || !was.1.note.is_empty() {
            continue;
        }
        let same = rows.iter().filter(|o| o.1.indicator == row.1.indicator);
        let usual = median(same.filter_map(change).map(f64::abs).collect()).unwrap_or(0.0);
        if change_here.abs() > BREAK.1 * usual {
            notices.push(tell(row, "notice.break", vec![("before", was.1.value.to_string())]));
        }
    }
}

/// True for an indicator that a driver's history is made from.
fn has_history(drivers: &[Driver], indicator: &str) -> bool {
    drivers.iter().filter_map(|d| d.history.as_ref()).any(|h| h.names().contains(&indicator))
}

/// The middle value, or the mean of the two; none of nothing.
pub(super) fn median(mut values: Vec<f64>) -> Option<f64> {
    values.sort_by(f64::total_cmp);
    let half = values.len() / 2;
    match values.len() {
        0 => None,
        n if n % 2 == 1 => Some(values[half]),
        _ => Some(0.5 * (values[half - 1] + values[half])),
    }
}
