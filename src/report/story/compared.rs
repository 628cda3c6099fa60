//! How the futures of a town compare with the reference, run by run, and what of that their plans say already.

use super::teller::Teller;
use crate::analyse::{MEDIAN, Sureness, by_construction};
use crate::case::Better;

impl Teller<'_> {
    /// How the headline index and rate compare with the reference scenario.
    pub(super) fn compared(&self) -> Vec<String> {
        let shown = [self.first.index.map(|(_, q)| q), self.first.rate];
        shown.into_iter().flatten().filter_map(|q| self.compared_in(q)).collect()
    }

    pub(super) fn compared_in(&self, quantity: usize) -> Option<String> {
        let subject = &self.results.quantities[quantity];
        let reference = self.town.scenarios.iter().find(|s| s.paired.is_none())?;
        let mut said: Vec<(&str, Vec<String>)> = Vec::new();
        let mut planned = Vec::new();
        for scenario in &self.town.scenarios {
            let years = scenario.paired.as_ref().and_then(|years| years.last());
            let pair = years.and_then(|pairs| pairs.iter().find(|p| p.quantity == quantity));
            let Some((pair, better)) = pair.and_then(|p| Some((p, p.better?))) else { continue };
            let is_better = better.value >= 0.5;
            let share = if is_better { better } else { better.complement() };
            let key = claim(Sureness::of(share), is_better == (subject.better == Better::Higher));
            let entry = if key == OPEN {
                self.path(scenario)
            } else {
                if let Some(plan) = by_construction(self.town, scenario, pair) {
                    let values = [("path", self.path(scenario)), ("by", self.signed(plan))];
                    planned.push(self.text.fill("compared.plan_path", &values));
                }
                let by = self.number(pair.difference.quantiles[MEDIAN].value.abs());
                let values = [("path", self.path(scenario)), ("by", by), ("share", self.percent(share))];
                self.text.fill("compared.path", &values)
            };
            match said.iter_mut().find(|(k, _)| *k == key) {
                Some((_, paths)) => paths.push(entry),
                None => said.push((key, vec![entry])),
            }
        }
        if said.is_empty() {
            return None;
        }
        let fill =
            |(key, paths): &(&str, Vec<String>)| self.text.fill(key, &[("paths", &self.text.list(paths))]);
        let claims = said.iter().map(fill).collect::<Vec<_>>().join("; ");
        let reference = self.path(reference);
        let values = [
            ("reference", reference.as_str()),
            ("quantity", self.text.name(&subject.label)),
            ("year", &self.horizon()),
            ("claims", &claims),
        ];
        let mut sentence = self.text.fill("compared", &values);
        if !planned.is_empty() {
            sentence.push_str(&self.text.fill("compared.plan", &[("parts", self.text.list(&planned))]));
        }
        Some(sentence)
    }
}

/// The claim that nothing can be claimed.
const OPEN: &str = "compared.open";

/// The words for a difference: how sure, and which way.
fn claim(sureness: Sureness, higher: bool) -> &'static str {
    match (sureness, higher) {
        (Sureness::Clearly, true) => "compared.clearly_higher",
        (Sureness::Clearly, false) => "compared.clearly_lower",
        (Sureness::Mostly, true) => "compared.mostly_higher",
        (Sureness::Mostly, false) => "compared.mostly_lower",
        (Sureness::RatherThanNot, true) => "compared.rather_higher",
        (Sureness::RatherThanNot, false) => "compared.rather_lower",
        (Sureness::Open, _) => OPEN,
    }
}
