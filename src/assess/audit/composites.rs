//! Composites against their formulas, fractions, classes and votes.

use super::super::reading::{Reading, printed_classes};
use super::super::{Tdm, Variant, assess};
use super::{Auditor, Effect, Finding, Kind, rounding, slashes};
use crate::case::{Input, class_of};

impl Auditor<'_> {
    /// A printed composite that no rounding turns into what its formula gives.
    pub(super) fn composites(&mut self) {
        let mut found = Vec::new();
        for (t, town) in self.complete() {
            for (k, composite) in self.case.method.composites.iter().enumerate() {
                let Some(printed) = self.printed(&town.id, &composite.symbol) else { continue };
                let Ok(value) = printed.value.parse::<f64>() else { continue };
                let recomputed = self.towns[t].composites[k];
                if (value - recomputed).abs() <= rounding(&printed.value) {
                    continue;
                }
                let mut classes = self.towns[t].classes.clone();
                classes[k] = composite.scale.as_deref().map(|s| class_of(s, value));
                // Seen from the printed value: what would it change in the recomputed assessment?
                let mut composites = self.towns[t].composites.clone();
                composites[k] = value;
                let mut finding = Finding {
                    kind: Kind::Composite,
                    town: town.id.clone(),
                    item: composite.symbol.clone(),
                    stated: printed.value.clone(),
                    stated_at: printed.source.clone(),
                    other: format!("{recomputed:.2}"),
                    other_at: format!("{} of the printed inputs", composite.formula),
                    effect: self.effect(t, &composites, classes),
                };
                if let Some((name, formula_value)) = self.alternative(t, k, value, &printed.value) {
                    finding.kind = Kind::Formula;
                    finding.other_at = format!(
                        "{} of the printed inputs; {name} gives {formula_value:.2}, which this town alone follows",
                        composite.formula
                    );
                }
                found.push(finding);
            }
        }
        self.findings.extend(found);
        self.formula_statements();
    }

    /// The alternative formula that reproduces a printed value, if there is one.
    fn alternative(&self, town: usize, composite: usize, value: f64, text: &str) -> Option<(String, f64)> {
        let reading = Reading { case: self.case, variant: Variant::PrintedInputs, tdm: Tdm::Complement };
        let other = reading.composites(&self.towns[town].sub_indicators)[composite];
        let named =
            self.case.method.composites[composite].alternatives.iter().find(|a| a.0 == Tdm::Complement.id());
        // A value may be cut instead of rounded: a whole last digit.
        let close = (other - value).abs() <= 2.0 * rounding(text);
        named.filter(|_| close).map(|a| (a.1.text().to_owned(), other))
    }

    /// The source prints a formula that most of its own values do not follow.
    fn formula_statements(&mut self) {
        let mut found = Vec::new();
        for printed in self.case.printed.iter().filter(|p| p.item.starts_with("formula.")) {
            let symbol = printed.item.trim_start_matches("formula.");
            let Some(k) = self.case.method.composites.iter().position(|c| c.symbol == symbol) else {
                continue;
            };
            let composite = &self.case.method.composites[k];
            let Some((_, formula)) = composite.alternatives.iter().find(|a| a.0 == printed.value) else {
                continue;
            };
            let reading = Reading { case: self.case, variant: Variant::PrintedInputs, tdm: Tdm::Complement };
            let all: Vec<(usize, f64)> = self
                .complete()
                .filter_map(|(t, town)| Some((t, self.printed(&town.id, symbol)?.value.parse().ok()?)))
                .collect();
            let follows = |(t, value): &(usize, f64)| {
                let by_printed = reading.composites(&self.towns[*t].sub_indicators)[k];
                (by_printed - value).abs() < (self.towns[*t].composites[k] - value).abs()
            };
            let following = all.iter().filter(|a| follows(a)).count();
            if following < all.len() {
                found.push(Finding {
                    kind: Kind::Formula,
                    town: "region".to_owned(),
                    item: symbol.to_owned(),
                    stated: formula.text().to_owned(),
                    stated_at: printed.source.clone(),
                    other: composite.formula.text().to_owned(),
                    other_at: format!(
                        "{} of {} printed values and all printed classes",
                        all.len() - following,
                        all.len()
                    ),
                    effect: Effect {
                        text: "compare --tdm root and --tdm complement".to_owned(),
                        ..Effect::default()
                    },
                });
            }
        }
        self.findings.extend(found);
    }

    /// A share whose numerator and denominator are printed and give something else.
    pub(super) fn fractions(&mut self) {
        let mut found = Vec::new();
        for (t, town) in self.case.towns.iter().enumerate() {
            for (i, input) in town.inputs.iter().enumerate() {
                let Input::Printed { value, fraction: Some((a, b)), source, .. } = input else { continue };
                let share = 100.0 * a / b;
                let stated = value.to_string();
                // The source cuts some shares instead of rounding them: a whole last digit is no slip.
                if (share - value).abs() <= 2.0 * rounding(&stated) {
                    continue;
                }
                let tenfold = (share / value).log10().round().abs() >= 1.0;
                let note = if tenfold { ", about ten times as much" } else { "" };
                found.push(Finding {
                    kind: Kind::Fraction,
                    town: town.id.clone(),
                    item: self.case.method.sub_indicators[i].symbol.clone(),
                    stated,
                    stated_at: source.clone(),
                    other: format!("{share:.2}"),
                    other_at: format!("{a}/{b} in the same table{note}"),
                    effect: self.effect_of_input(t, i, share),
                });
            }
        }
        self.findings.extend(found);
    }

    /// A class that differs between two tables, or from the scale.
    pub(super) fn classes(&mut self) {
        let mut found = Vec::new();
        for (t, town) in self.complete() {
            for (k, composite) in self.case.method.composites.iter().enumerate() {
                let Some(right) = self.towns[t].classes[k] else { continue };
                for (class, place) in printed_classes(self.case, town, composite) {
                    if class == right {
                        continue;
                    }
                    let mut classes = self.towns[t].classes.clone();
                    classes[k] = Some(class);
                    found.push(Finding {
                        kind: Kind::Class,
                        town: town.id.clone(),
                        item: composite.symbol.clone(),
                        stated: self.class_name(k, class).to_owned(),
                        stated_at: place.to_owned(),
                        other: self.class_name(k, right).to_owned(),
                        other_at: format!("its scale at {:.2}", self.towns[t].composites[k]),
                        effect: self.effect(t, &self.towns[t].composites, classes),
                    });
                }
                let printed = printed_classes(self.case, town, composite);
                if let [(first, here), (second, there), ..] = printed.as_slice()
                    && first != second
                {
                    let mut classes = self.towns[t].classes.clone();
                    classes[k] = Some(*second);
                    found.push(Finding {
                        kind: Kind::Class,
                        town: town.id.clone(),
                        item: composite.symbol.clone(),
                        stated: self.class_name(k, *first).to_owned(),
                        stated_at: (*here).to_owned(),
                        other: self.class_name(k, *second).to_owned(),
                        other_at: (*there).to_owned(),
                        effect: self.effect(t, &self.towns[t].composites, classes),
                    });
                }
            }
        }
        self.findings.extend(found);
    }

    /// Printed votes against the votes of each variant.
    pub(super) fn votes(&mut self) {
        let mut found = Vec::new();
        for variant in Variant::ALL {
            let assessment = assess(self.case, variant, Tdm::Root);
            for (t, town) in self.complete() {
                let printed: Option<Vec<u32>> = self
                    .case
                    .scenarios
                    .iter()
                    .map(|s| self.printed(&town.id, &format!("votes.{}", s.id))?.value.parse().ok())
                    .collect();
                let Some(printed) = printed else { continue };
                let ours = &assessment.towns[t].verdict;
                if ours.votes == printed {
                    continue;
                }
                let best = printed.iter().copied().max().unwrap_or(0);
                let leaders: Vec<usize> = (0..printed.len()).filter(|s| printed[*s] == best).collect();
                let lead = leaders != ours.leaders;
                let text = if lead {
                    format!("lead {} -> {}", self.scenarios(&leaders), self.scenarios(&ours.leaders))
                } else {
                    "the same lead".to_owned()
                };
                let source = self.printed(&town.id, &format!("votes.{}", self.case.scenarios[0].id));
                found.push(Finding {
                    kind: Kind::Votes,
                    town: town.id.clone(),
                    item: "votes".to_owned(),
                    stated: slashes(&printed),
                    stated_at: source.map_or_else(String::new, |p| p.source.clone()),
                    other: slashes(&ours.votes),
                    other_at: variant.id().to_owned(),
                    effect: Effect { class: false, votes: true, lead, text },
                });
            }
        }
        self.findings.extend(found);
    }

    /// The first thing printed under this name.
    pub(super) fn printed(&self, town: &str, item: &str) -> Option<&crate::case::PrintedValue> {
        self.case.printed.iter().find(|p| p.town == town && p.item == item)
    }
}
