//! What two tables together imply: a regional total, a share of enterprises, a number of people.

use super::auditor::Auditor;
use super::finding::{Effect, Finding, Kind};
use super::number::{Stated, over_corners, overlap, show};
use super::phrase::Phrase;
use crate::case::{Driver, Input, Link, SubIndicator, SubIndicatorKind};
use crate::formula::{Expr, Formula};

/// How a sub-indicator relates the town to the region.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Orientation {
    /// 100 town / region.
    TownOverRegion,
    /// 100 region / town.
    RegionOverTown,
}

impl Orientation {
    /// The regional value that a town's value and its share (percent) imply.
    fn total(self, town: f64, share: f64) -> f64 {
        match self {
            Self::TownOverRegion => 100.0 * town / share,
            Self::RegionOverTown => town * share / 100.0,
        }
    }

    /// The share (percent) that a town's value and a regional value imply.
    fn share(self, town: f64, total: f64) -> f64 {
        match self {
            Self::TownOverRegion => 100.0 * town / total,
            Self::RegionOverTown => 100.0 * total / town,
        }
    }

    fn opposite(self) -> Self {
        match self {
            Self::TownOverRegion => Self::RegionOverTown,
            Self::RegionOverTown => Self::TownOverRegion,
        }
    }
}

/// A quantity of a town and where it stands.
struct Measured {
    value: f64,
    interval: (f64, f64),
    source: Phrase,
}

/// A town's share of the region, its own value elsewhere, and the regional total that both imply.
struct Implied<'c> {
    town: usize,
    share: f64,
    source: &'c str,
    own: Measured,
    total: f64,
    interval: (f64, f64),
}

/// A share is taken as turned round when that removes three quarters of its distance (of logarithms) from the
/// regional value; shares near 100 % come a little nearer by chance.
const TURNED: f64 = 0.25;

/// Regional totals that the towns' shares and their own values imply must agree. The middle one is taken as
/// the measure, and each town that contradicts it is a finding.
pub(super) fn totals(auditor: &Auditor<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (i, sub_indicator) in auditor.case.method.sub_indicators.iter().enumerate() {
        let Some((driver, orientation)) = regional(auditor, sub_indicator) else { continue };
        let mut implied: Vec<Implied<'_>> = (0..auditor.case.towns.len())
            .filter_map(|town| {
                let (share, source) = auditor.input(town, i)?;
                let own = own_value(auditor, town, driver, &sub_indicator.symbol)?;
                let interval = over_corners(&[own.interval, Stated::of(share).interval()], &|x| {
                    orientation.total(x[0], x[1])
                });
                Some(Implied {
                    town,
                    share,
                    source,
                    total: orientation.total(own.value, share),
                    own,
                    interval,
                })
            })
            .collect();
        implied.sort_by(|a, b| a.total.total_cmp(&b.total));
        if implied.len() < 2 {
            continue;
        }
        let id = |implied: &Implied<'_>| &auditor.case.towns[implied.town].id;
        let list: Vec<_> = implied.iter().map(|x| (id(x).clone(), show(x.total))).collect();
        let middle = &implied[(implied.len() - 1) / 2];
        for town in implied.iter().filter(|x| !overlap(x.interval, middle.interval)) {
            let turned = orientation.opposite().total(town.own.value, town.share);
            let far = |total: f64| (total / middle.total).ln().abs();
            let is_turned = far(turned) < TURNED * far(town.total);
            let other = orientation.share(town.own.value, middle.total);
            let hint = is_turned.then(|| Phrase::TurnedRound(show(turned)));
            findings.push(Finding {
                kind: if is_turned { Kind::Orientation } else { Kind::ImpliedTotal },
                town: id(town).clone(),
                item: sub_indicator.symbol.clone(),
                stated: Phrase::plain(&town.share),
                stated_at: Phrase::cited(town.source),
                other: Phrase::Plain(show(other)),
                other_at: Phrase::Regional(
                    show(town.own.value),
                    Box::new(town.own.source.clone()),
                    show(middle.total),
                    id(middle).clone(),
                ),
                effect: auditor.effect_of_input(town.town, i, town.share, other),
                notes: std::iter::once(Phrase::Implied(list.clone())).chain(hint).collect(),
            });
        }
    }
    findings
}

/// The one driver that a sub-indicator sets against the region, and which way round.
fn regional<'c>(auditor: &Auditor<'c>, sub_indicator: &SubIndicator) -> Option<(&'c Driver, Orientation)> {
    let SubIndicatorKind::Formula(formula) = &sub_indicator.kind else { return None };
    let names = formula.names();
    let mut drivers = auditor.case.drivers.iter().filter(|driver| names.contains(&driver.id.as_str()));
    let (driver, None) = (drivers.next()?, drivers.next()) else { return None };
    if !names.iter().any(|name| name.starts_with("region.")) {
        return None;
    }
    let at = |x: f64| formula.eval(&|name| if name == driver.id { x } else { 1.0 });
    let ratio = at(2.0) / at(1.0);
    if (ratio - 2.0).abs() < 1e-9 {
        Some((driver, Orientation::TownOverRegion))
    } else if (ratio - 0.5).abs() < 1e-9 {
        Some((driver, Orientation::RegionOverTown))
    } else {
        None
    }
}

/// What the source prints of a driver in the base year, other than the sub-indicator itself: its base level,
/// or its history.
fn own_value(auditor: &Auditor<'_>, town: usize, driver: &Driver, symbol: &str) -> Option<Measured> {
    if driver.base.names().contains(&symbol) {
        return from_panel(auditor, town, driver.history.as_ref()?);
    }
    let (value, interval) = base_value(auditor, town, &driver.base)?;
    Some(Measured { value, interval, source: Phrase::BaseLevel(driver.id.clone()) })
}

/// A formula over indicators of the panel in the base year.
fn from_panel(auditor: &Auditor<'_>, town: usize, formula: &Formula) -> Option<Measured> {
    let names = formula.names();
    let id = &auditor.case.towns[town].id;
    let find = |name: &&str| {
        let mut rows = auditor.case.panel.iter();
        rows.find(|r| r.town == *id && r.year == auditor.case.base_year && r.indicator == *name)
    };
    let rows: Vec<_> = names.iter().map(find).collect::<Option<_>>()?;
    let interval_of = |(value, unit): (f64, &str)| {
        let is_count = unit.starts_with("count") || unit.starts_with("persons");
        if is_count { Stated::exact(value).interval() } else { Stated::of(value).interval() }
    };
    let intervals: Vec<_> = rows.iter().map(|r| interval_of((r.value, &r.unit))).collect();
    let evaluate = |x: &[f64]| formula.eval(&|name| named(&names, x, name));
    let values: Vec<f64> = rows.iter().map(|r| r.value).collect();
    let mut sources: Vec<String> = rows.iter().map(|r| r.source.clone()).collect();
    sources.dedup();
    Some(Measured {
        value: evaluate(&values),
        interval: over_corners(&intervals, &evaluate),
        source: Phrase::Cited(sources),
    })
}

fn named(names: &[&str], values: &[f64], name: &str) -> f64 {
    names.iter().position(|known| *known == name).map_or(f64::NAN, |k| values[k])
}

/// Value and interval of a formula over a town's sub-indicators and base levels.
fn base_value(auditor: &Auditor<'_>, town: usize, formula: &Formula) -> Option<(f64, (f64, f64))> {
    let names = formula.names();
    let find = |name: &&str| {
        if let Some(i) = auditor.sub_indicator(name) {
            return Some(match &auditor.case.towns[town].inputs[i] {
                Input::Printed { value, .. } => (*value, Stated::of(*value).interval()),
                Input::Missing { low, mode, high, .. } => (*mode, (*low, *high)),
            });
        }
        let level = auditor.case.towns[town].levels.get(*name)?;
        Some((*level, Stated::of(*level).interval()))
    };
    let parts: Vec<_> = names.iter().map(find).collect::<Option<_>>()?;
    let evaluate = |x: &[f64]| formula.eval(&|name| named(&names, x, name));
    let values: Vec<f64> = parts.iter().map(|part| part.0).collect();
    let intervals: Vec<_> = parts.iter().map(|part| part.1).collect();
    Some((evaluate(&values), over_corners(&intervals, &evaluate)))
}

/// A sub-indicator that is a driver itself, in percent, against that driver's history in the panel: the share
/// of enterprises without a loss against the counts of enterprises.
pub(super) fn histories(auditor: &Auditor<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (i, sub_indicator) in auditor.case.method.sub_indicators.iter().enumerate() {
        let SubIndicatorKind::Formula(formula) = &sub_indicator.kind else { continue };
        let Expr::Name(name) = formula.expr() else { continue };
        let mut drivers = auditor.case.drivers.iter();
        let driver = drivers.find(|driver| driver.id == *name && driver.link == Link::Logit);
        let Some(driver) = driver else { continue };
        let Some(history) = &driver.history else { continue };
        for (t, town) in auditor.case.towns.iter().enumerate() {
            let Some((value, source)) = auditor.input(t, i) else { continue };
            let Some(measured) = from_panel(auditor, t, history) else { continue };
            if overlap(Stated::of(value).interval(), measured.interval) {
                continue;
            }
            findings.push(Finding {
                kind: Kind::Identity,
                town: town.id.clone(),
                item: sub_indicator.symbol.clone(),
                stated: Phrase::plain(&value),
                stated_at: Phrase::cited(source),
                other: Phrase::Plain(show(measured.value)),
                other_at: match &measured.source {
                    Phrase::Cited(sources) => Phrase::At(history.to_string(), sources.join(" and ")),
                    other => other.clone(),
                },
                effect: auditor.effect_of_input(t, i, value, measured.value),
                notes: Vec::new(),
            });
        }
    }
    findings
}

/// A printed number of people against the one that rates and population give.
pub(super) fn persons(auditor: &Auditor<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for quantity in &auditor.case.method.persons {
        let names = quantity.formula.names();
        for (t, town) in auditor.case.towns.iter().enumerate() {
            let direct = Formula::parse(&quantity.id).ok();
            let Some(printed) = direct.and_then(|name| from_panel(auditor, t, &name)) else { continue };
            let part = |name: &&str| {
                let driver = auditor.case.drivers.iter().find(|driver| driver.id == *name);
                match driver {
                    Some(driver) => base_value(auditor, t, &driver.base),
                    None => base_value(auditor, t, &Formula::parse(name).ok()?),
                }
            };
            let Some(parts) = names.iter().map(part).collect::<Option<Vec<_>>>() else { continue };
            let evaluate = |x: &[f64]| quantity.formula.eval(&|name| named(&names, x, name));
            let values: Vec<f64> = parts.iter().map(|part| part.0).collect();
            let intervals: Vec<_> = parts.iter().map(|part| part.1).collect();
            if overlap(over_corners(&intervals, &evaluate), printed.interval) {
                continue;
            }
            let computed = evaluate(&values);
            let list = names.iter().zip(&values).map(|(n, v)| format!("{n} {}", show(*v)));
            findings.push(Finding {
                kind: Kind::Identity,
                town: town.id.clone(),
                item: quantity.id.clone(),
                stated: Phrase::Plain(show(printed.value)),
                stated_at: printed.source,
                other: Phrase::Plain(show(computed)),
                other_at: Phrase::plain(&format!(
                    "{} ({})",
                    quantity.formula,
                    list.collect::<Vec<_>>().join(", ")
                )),
                effect: Effect::default(),
                notes: impossible(auditor, &names, &values, printed.value / computed),
            });
        }
    }
    findings
}

/// What the shares among the parts of a count would have to be for the printed count to be right.
fn impossible(auditor: &Auditor<'_>, names: &[&str], values: &[f64], ratio: f64) -> Vec<Phrase> {
    let sub_indicators = auditor.case.method.sub_indicators.iter();
    let notes = sub_indicators.filter_map(|sub_indicator| {
        let SubIndicatorKind::Formula(formula) = &sub_indicator.kind else { return None };
        let Expr::Name(driver) = formula.expr() else { return None };
        let k = names.iter().position(|name| name == driver)?;
        let needed = ratio * values[k];
        let (symbol, most) = (sub_indicator.symbol.clone(), sub_indicator.range.1);
        Some(if needed > most {
            Phrase::Impossible(symbol, show(needed), most.to_string())
        } else {
            Phrase::WouldHaveToBe(symbol, show(needed))
        })
    });
    notes.collect()
}
