//! Things stated twice: values, tables that imply each other, scales, symbols, definitions.

use super::{Auditor, Effect, Finding, Kind};
use crate::case::{Case, Driver, Input};
use crate::formula::Expr;

/// Towns whose implied totals differ by more than this share disagree: rounding explains less.
const TOTALS_APART: f64 = 0.02;

impl Auditor<'_> {
    /// A sub-indicator that the source states once more elsewhere.
    pub(super) fn stated_twice(&mut self) {
        let mut found = Vec::new();
        for printed in &self.case.printed {
            let sign = printed.item.strip_prefix("sign.");
            let Some(i) = self.symbol(sign.unwrap_or(&printed.item)) else { continue };
            let Some(t) = self.case.town(&printed.town) else { continue };
            let Input::Printed { value, source, .. } = &self.case.towns[t].inputs[i] else { continue };
            let symbol = self.case.method.sub_indicators[i].symbol.clone();
            let (other, effect) = if sign.is_some() {
                let is = if *value < 0.0 { "negative" } else { "positive" };
                if is == printed.value {
                    continue;
                }
                let text = "a negative one would lower the composite it enters".to_owned();
                (printed.value.clone(), Effect { text, ..Effect::default() })
            } else {
                let Ok(other) = printed.value.parse::<f64>() else { continue };
                if other == *value {
                    continue;
                }
                (printed.value.clone(), self.effect_of_input(t, i, other))
            };
            found.push(Finding {
                kind: Kind::StatedTwice,
                town: printed.town.clone(),
                item: symbol,
                stated: value.to_string(),
                stated_at: source.clone(),
                other,
                other_at: printed.source.clone(),
                effect,
            });
        }
        self.findings.extend(found);
    }

    /// Sub-indicators against the panel. Where a driver starts at a sub-indicator and its history is one
    /// indicator of the panel, the sub-indicator is a share of the region, and every town implies a regional
    /// total; where the history is a formula of its own, the two must be equal.
    pub(super) fn cross_tables(&mut self) {
        let mut found = Vec::new();
        for driver in &self.case.drivers {
            let Some(i) = base_symbol(self.case, driver) else { continue };
            let Some(history) = &driver.history else { continue };
            let symbol = &self.case.method.sub_indicators[i].symbol;
            let pairs: Vec<(usize, f64, f64)> = self
                .complete()
                .filter_map(|(t, town)| {
                    let value_of = |name: &str| observed(self.case, &town.id, name, self.case.base_year);
                    let known = history.names().iter().all(|n| value_of(n).is_some());
                    known.then(|| {
                        (t, town.inputs[i].best(), history.eval(&|n| value_of(n).unwrap_or(f64::NAN)))
                    })
                })
                .collect();
            if matches!(history.expr(), Expr::Name(_)) {
                found.extend(self.implied_totals(symbol, history.text(), &pairs));
            } else {
                found.extend(pairs.iter().filter(|(_, a, b)| (a - b).abs() > 0.5).map(|(t, a, b)| Finding {
                    kind: Kind::CrossTable,
                    town: self.case.towns[*t].id.clone(),
                    item: symbol.clone(),
                    stated: a.to_string(),
                    stated_at: source_of(&self.case.towns[*t].inputs[i]),
                    other: format!("{b:.1}"),
                    other_at: format!("{} in {}", history.text(), self.case.base_year),
                    effect: self.effect_of_input(*t, i, *b),
                }));
            }
        }
        self.findings.extend(found);
    }

    fn implied_totals(&self, symbol: &str, indicator: &str, pairs: &[(usize, f64, f64)]) -> Option<Finding> {
        let totals: Vec<(usize, f64)> =
            pairs.iter().map(|(t, share, amount)| (*t, 100.0 * amount / share)).collect();
        let low = totals.iter().map(|t| t.1).fold(f64::INFINITY, f64::min);
        let high = totals.iter().map(|t| t.1).fold(0.0, f64::max);
        if totals.len() < 2 || high <= low * (1.0 + TOTALS_APART) {
            return None;
        }
        let list = |f: &dyn Fn(usize) -> String| (0..totals.len()).map(f).collect::<Vec<_>>().join(", ");
        let id = |k: usize| self.case.towns[totals[k].0].id.as_str();
        Some(Finding {
            kind: Kind::ImpliedTotal,
            town: "region".to_owned(),
            item: symbol.to_owned(),
            stated: list(&|k| format!("{} {}", id(k), pairs[k].1)),
            stated_at: self
                .symbol(symbol)
                .map_or_else(String::new, |i| source_of(&self.case.towns[totals[0].0].inputs[i])),
            other: list(&|k| format!("{} {:.0}", id(k), totals[k].1)),
            other_at: format!("regional total that {indicator} of {} implies", self.case.base_year),
            effect: Effect { text: "no single total fits".to_owned(), ..Effect::default() },
        })
    }

    /// A ratio to the region that one town states the other way round: its implied regional rate is far from
    /// the others', and turned round it is close.
    pub(super) fn orientation(&mut self) {
        let mut found = Vec::new();
        for (i, s) in self.case.method.sub_indicators.iter().enumerate() {
            let crate::case::SubIndicatorKind::Formula(formula) = &s.kind else { continue };
            let own = format!("base.{}", s.symbol);
            let rate = formula.names().into_iter().find_map(|n| n.strip_prefix("base.").filter(|_| n != own));
            let (Some(rate), true) = (rate, formula.names().contains(&own.as_str())) else { continue };
            let rows: Vec<(usize, f64, f64)> = self
                .complete()
                .filter_map(|(t, town)| Some((t, town.inputs[i].best(), *town.levels.get(rate)?)))
                .collect();
            let mut implied: Vec<f64> = rows.iter().map(|(_, ratio, own)| ratio * own / 100.0).collect();
            implied.sort_by(f64::total_cmp);
            let Some(middle) = implied.get(implied.len() / 2).copied() else { continue };
            for (t, ratio, own) in rows {
                let (here, turned) = (ratio * own / 100.0, 100.0 * own / ratio);
                if (here / middle - 1.0).abs() > 0.1 && (turned / middle - 1.0).abs() < 0.05 {
                    let right = 100.0 * 100.0 / ratio;
                    found.push(Finding {
                        kind: Kind::Orientation,
                        town: self.case.towns[t].id.clone(),
                        item: s.symbol.clone(),
                        stated: ratio.to_string(),
                        stated_at: source_of(&self.case.towns[t].inputs[i]),
                        other: format!("{right:.1}"),
                        other_at: format!(
                            "region over town, as the others have it: {own} % against a regional {turned:.2} %, not {here:.2} %"
                        ),
                        effect: self.effect_of_input(t, i, right),
                    });
                }
            }
        }
        self.findings.extend(found);
    }

    /// Printed scales, symbols and definitions.
    pub(super) fn definitions(&mut self) {
        let mut found = Vec::new();
        for printed in &self.case.printed {
            let mut finding = Finding {
                kind: Kind::Symbol,
                town: printed.town.clone(),
                item: printed.item.clone(),
                stated: printed.value.clone(),
                stated_at: printed.source.clone(),
                other: String::new(),
                other_at: String::new(),
                effect: Effect { text: "none in numbers".to_owned(), ..Effect::default() },
            };
            let words: Vec<&str> = printed.item.splitn(3, '.').collect();
            match words.as_slice() {
                ["scale", symbol, class] => {
                    let Some((low, high)) = self.bounds(symbol, class) else { continue };
                    if printed.value == format!("{low}-{high}") {
                        continue;
                    }
                    finding.kind = Kind::Scale;
                    finding.other = format!("{low}-{high}");
                    finding.other_at =
                        "the scale without gaps and overlaps that the classes follow".to_owned();
                }
                ["definition", of] => {
                    if *of == printed.value {
                        continue;
                    }
                    finding.kind = Kind::Definition;
                    finding.stated = format!("defined as {}", printed.value);
                    (*of).clone_into(&mut finding.other);
                    finding.other_at = "the name in the same table".to_owned();
                }
                ["symbol", _] => {
                    let twin =
                        self.case.printed.iter().find(|p| p.item == printed.item && p.value > printed.value);
                    let Some(twin) = twin else { continue };
                    finding.other.clone_from(&twin.value);
                    finding.other_at.clone_from(&twin.source);
                }
                _ => continue,
            }
            found.push(finding);
        }
        self.findings.extend(found);
    }

    fn bounds(&self, symbol: &str, class: &str) -> Option<(f64, f64)> {
        let composite = self.case.method.composites.iter().find(|c| c.symbol == symbol)?;
        let scale = composite.scale.as_deref()?;
        let k = scale.iter().position(|c| self.case.method.levels[c.level].id == class)?;
        Some((if k == 0 { 0.0 } else { scale[k - 1].upper }, scale[k].upper))
    }
}

/// The sub-indicator that a driver starts at, if it starts at one as it stands.
fn base_symbol(case: &Case, driver: &Driver) -> Option<usize> {
    let Expr::Name(name) = driver.base.expr() else { return None };
    case.method.sub_indicators.iter().position(|s| s.symbol == *name)
}

/// A value of the panel.
pub(super) fn observed(case: &Case, town: &str, indicator: &str, year: i32) -> Option<f64> {
    case.panel.iter().find(|v| v.town == town && v.year == year && v.indicator == indicator).map(|v| v.value)
}

fn source_of(input: &Input) -> String {
    match input {
        Input::Printed { source, .. } => source.clone(),
        Input::Missing { basis, .. } => basis.clone(),
    }
}
