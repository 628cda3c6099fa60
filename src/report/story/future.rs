//! Two sentences about one town under one future: what the method would then choose, and how people fare.

use super::lead::foremost;
use super::worth::reached;
use crate::analyse::{Cell, Results, ScenarioResults, Sureness, TownResults, by_construction};
use crate::case::Better;
use crate::report::headline::FirstTold;
use crate::report::words::{median_and_range, number, percent_told};
use crate::text::Text;

/// The two sentences.
pub(crate) fn sentences(
    results: &Results,
    town: &TownResults,
    scenario: &ScenarioResults,
    text: &Text,
) -> Vec<String> {
    let Some(cell) = scenario.years.last() else { return Vec::new() };
    let first = FirstTold::of(results);
    let teller = Teller { results, town, scenario, cell, text };
    [Some(teller.choice(&first)), teller.rate(&first)].into_iter().flatten().collect()
}

struct Teller<'a> {
    results: &'a Results,
    town: &'a TownResults,
    scenario: &'a ScenarioResults,
    cell: &'a Cell,
    text: &'a Text,
}

impl Teller<'_> {
    fn year(&self) -> String {
        self.results.setup.years.last().map_or_else(String::new, i32::to_string)
    }

    /// Who leads at the horizon, as surely as the runs allow, and the likeliest class of the headline index.
    fn choice(&self, told: &FirstTold<'_>) -> String {
        let ((first, share), second) = foremost(self.cell);
        let name = |s: usize| self.text.quoted(self.text.name(&self.results.candidates[s].1));
        let (year, share_words) = (self.year(), percent_told(self.text, share));
        let (other, other_share) = second.map_or((first, share), |s| s);
        let other_share = percent_told(self.text, other_share);
        let values = [
            ("year", year.as_str()),
            ("leader", &name(first)),
            ("share", &share_words),
            ("second", &name(other)),
            ("second_share", &other_share),
        ];
        let key = match Sureness::of(share) {
            Sureness::Open => "future.open",
            Sureness::RatherThanNot => "future.rather",
            Sureness::Mostly => "future.mostly",
            Sureness::Clearly => "future.clearly",
        };
        let lead = self.text.fill(key, &values);
        let (Some((classes, share)), Some(scale)) = (told.classes(self.cell, self.text), told.scale()) else {
            return format!("{lead}.");
        };
        let (class, share) = (self.text.list(&classes), percent_told(self.text, share));
        let values =
            [("lead", lead.as_str()), ("symbol", &scale.symbol), ("class", &class), ("share", &share)];
        let key = if classes.len() > 1 { "future.lead_and_tied" } else { "future.lead_and_class" };
        self.text.fill(key, &values)
    }

    /// The headline rate with its range, against the reference, and the likeliest of the outcomes that come
    /// once.
    fn rate(&self, told: &FirstTold<'_>) -> Option<String> {
        let q = told.rate?;
        let quantity = &self.results.quantities[q];
        let range = median_and_range(self.text, &self.cell.quantities[q]);
        let range = match self.text.unit(&quantity.unit, quantity.unit_name.as_ref()) {
            "%" => self.text.percent_of(&range),
            other => format!("{range} {other}"),
        };
        let label = capital(self.text.name(&quantity.label));
        let mut sentence = self.text.fill("future.people", &[("quantity", label), ("range", range)]);
        if let Some(compared) = self.compared(q) {
            sentence.push_str(&compared);
        }
        let outcomes = (0..self.results.first_passages.len())
            .map(|k| (k, reached(self.results, self.scenario, k)))
            .filter(|(_, share)| share.value > 0.0);
        if let Some((k, share)) = outcomes.max_by(|a, b| a.1.value.total_cmp(&b.1.value)) {
            let outcome = self.text.name(&self.results.first_passages[k].1);
            let share = percent_told(self.text, share);
            sentence.push_str(
                &self.text.fill(
                    "future.outcome",
                    &[("outcome", outcome), ("share", &share), ("year", &self.year())],
                ),
            );
        }
        Some(sentence + ".")
    }

    /// How sure the difference to the reference future is; none for the reference itself.
    fn compared(&self, q: usize) -> Option<String> {
        let pairs = self.scenario.paired.as_ref()?.last()?;
        let pair = pairs.iter().find(|p| p.quantity == q)?;
        let better = pair.better?;
        let reference = self.town.scenarios.iter().find(|s| s.paired.is_none())?;
        let is_better = better.value >= 0.5;
        let share = if is_better { better } else { better.complement() };
        let is_higher = is_better == (self.results.quantities[q].better == Better::Higher);
        let reference = self.text.quoted(self.text.name(&reference.name));
        let share_words = percent_told(self.text, share);
        let key = match (Sureness::of(share), is_higher) {
            (Sureness::Clearly, true) => "future.clearly_higher",
            (Sureness::Clearly, false) => "future.clearly_lower",
            (Sureness::Mostly, true) => "future.mostly_higher",
            (Sureness::Mostly, false) => "future.mostly_lower",
            (Sureness::RatherThanNot, true) => "future.rather_higher",
            (Sureness::RatherThanNot, false) => "future.rather_lower",
            (Sureness::Open, _) => "future.like_reference",
        };
        let mut told = self.text.fill(key, &[("reference", reference), ("share", share_words)]);
        if Sureness::of(share) != Sureness::Open
            && let Some(plan) = by_construction(self.town, self.scenario, pair)
        {
            let by = format!("{}{}", if plan > 0.0 { "+" } else { "" }, number(self.text, plan));
            told.push_str(&self.text.fill("future.by_plan", &[("by", by)]));
        }
        Some(told)
    }
}

/// With its first letter a capital.
fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::test_double::{self, estimate};
    use crate::text::Language;

    /// The sentences of the first town under its second future.
    fn told(results: &Results) -> Vec<String> {
        sentences(results, &results.towns[0], &results.towns[0].scenarios[1], &Text::of(Language::En))
    }

    fn with_lead(shares: [f64; 2], mcse: f64) -> String {
        let mut results = test_double::results();
        results.towns[0].scenarios[1].years[1].lead = shares.map(|s| estimate(s, mcse)).to_vec();
        told(&results)[0].clone()
    }

    #[test]
    fn a_future_has_two_sentences() {
        assert_eq!(
            told(&test_double::results()),
            [
                "In 2035 bold then likely leads (70.0 ± 0.8 % of the lead); TDea is most often in the class \
                 'average' (70 ± 4 %).",
                "Unemployment is then 5.0 (2.0 to 8.0) %, likely lower than under steady (in 83.0 ± 0.8 % of \
                 runs); 'distress' comes by 2035 in 20 ± 3 % of runs.",
            ]
        );
    }

    #[test]
    fn a_lead_is_worded_by_the_weak_end_of_its_interval() {
        assert!(with_lead([0.05, 0.95], 0.004).starts_with("In 2035 bold then very likely leads"));
        assert!(with_lead([0.08, 0.92], 0.02).starts_with("In 2035 bold then likely leads"));
        assert!(with_lead([0.45, 0.55], 0.01).starts_with("In 2035 bold then leads more likely than not"));
        assert!(
            with_lead([0.51, 0.49], 0.01).starts_with(
                "In 2035 the choice is then open: steady has 51 ± 2 % of the lead, bold 49 ± 2 %"
            )
        );
    }

    #[test]
    fn the_reference_is_compared_with_nothing_and_no_event_is_told_that_never_came() {
        let mut results = test_double::results();
        results.towns[0].scenarios[0].first_passage[1][1] = estimate(0.0, 0.001);
        let text = Text::of(Language::En);
        let told = sentences(&results, &results.towns[0], &results.towns[0].scenarios[0], &text);
        assert_eq!(told[1], "Unemployment is then 5.0 (2.0 to 8.0) %.");
    }
}
