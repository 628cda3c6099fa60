//! The story of a town in a few sentences, chosen by rules from the numbers and never stronger than they are.

use super::teller::Teller;
use super::worth::{reached, wanes};
use crate::analyse::{Estimate, QuantityKind, Results, ScenarioResults, TownResults};
use crate::case::{Case, Link, Name};
use crate::text::Text;

/// Smallest effect of observed prices, as a share, that is worth a sentence.
const WORTH_EFFECT: f64 = 0.02;

/// The sentences about a town.
pub(super) fn sentences(case: &Case, results: &Results, town: &TownResults, text: &Text) -> Vec<String> {
    let teller = Teller::of(results, town, text);
    let mut sentences = Vec::new();
    sentences.extend(teller.today());
    sentences.extend(teller.lead());
    sentences.extend(teller.compared());
    sentences.extend(teller.illusion());
    sentences.extend(teller.outcomes());
    sentences.extend(teller.missing(case));
    sentences.extend(teller.observed_prices(case));
    sentences
}

/// The base year in a sentence: class of the economy, and what the method would choose.
pub(crate) fn today(results: &Results, town: &TownResults, text: &Text) -> Option<String> {
    Teller::of(results, town, text).today()
}

/// What is not known of the town: how much of the spread is missing inputs, what known prices have done.
pub(crate) fn unknown(case: &Case, results: &Results, town: &TownResults, text: &Text) -> Vec<String> {
    let teller = Teller::of(results, town, text);
    teller.missing(case).into_iter().chain(teller.observed_prices(case)).collect()
}

/// How the futures compare with the reference, and how much of the enterprise's falling share is its own fall.
pub(crate) fn compared(results: &Results, town: &TownResults, text: &Text) -> Vec<String> {
    let teller = Teller::of(results, town, text);
    let mut sentences: Vec<String> = teller.lead().into_iter().collect();
    sentences.extend(teller.compared());
    sentences.extend(teller.illusion());
    sentences
}

impl Teller<'_> {
    /// The mono-profile share's fall, as far as it is the enterprise that shrinks.
    fn illusion(&self) -> Option<String> {
        let mut parts = Vec::new();
        for scenario in &self.town.scenarios {
            let split = scenario.split.last()?;
            if wanes(split) {
                let all = split.enterprise.value <= split.change.value;
                let [fall, part] = [split.change, split.enterprise].map(|e| self.number(-e.value));
                let values = [("path", self.path(scenario)), ("fall", fall), ("part", part)];
                parts.push(self.text.fill(if all { "illusion.all" } else { "illusion.some" }, &values));
            }
        }
        let parts = self.text.list(&parts);
        (!parts.is_empty()).then(|| self.text.fill("illusion", &[("parts", &parts)]))
    }

    /// Outcomes that come once: leaving monotown status, the last resort's conditions.
    fn outcomes(&self) -> Vec<String> {
        let outcomes = self.results.first_passages.iter().enumerate();
        outcomes.filter_map(|(k, (_, label))| self.outcome(k, label)).collect()
    }

    fn outcome(&self, outcome: usize, label: &Name) -> Option<String> {
        let by = self.town.scenarios.iter().map(|s| (s, reached(self.results, s, outcome)));
        let by: Vec<(&ScenarioResults, Estimate)> = by.collect();
        let (low_path, low) = by.iter().min_by(|a, b| a.1.value.total_cmp(&b.1.value))?;
        let (high_path, high) = by.iter().max_by(|a, b| a.1.value.total_cmp(&b.1.value))?;
        let values = [
            ("outcome", self.text.name(label)),
            ("year", &self.horizon()),
            ("low", &self.percent(*low)),
            ("low_path", &self.path(low_path)),
            ("high", &self.percent(*high)),
            ("high_path", &self.path(high_path)),
        ];
        let key = match (high.value > 0.0, low.value < high.value, by.len()) {
            (false, _, 1) => "outcome.never_one",
            (false, ..) => "outcome.never",
            (true, false, 1) => "outcome.one",
            (true, false, _) => "outcome.same",
            (true, true, _) => "outcome.range",
        };
        Some(self.text.fill(key, &values))
    }

    /// How much of the spread comes from inputs that the source does not print.
    fn missing(&self, case: &Case) -> Option<String> {
        let town = &case.towns[case.town(&self.town.id)?];
        let count = town.inputs.iter().filter(|input| input.is_uncertain()).count().to_string();
        let (_, q) = self.first.index?;
        let shares = self.town.scenarios.iter().filter_map(|s| s.input_share.as_ref()?[q].last().copied());
        let shares: Vec<f64> = shares.filter(|s| s.is_finite()).collect();
        let low = shares.iter().copied().reduce(f64::min)?;
        let high = shares.iter().copied().reduce(f64::max)?;
        let [low, high] = [low, high].map(|share| self.text.number(100.0 * share.max(0.0), 0));
        let share = if low == high { high } else { self.text.range(&low, &high) };
        let values = [
            ("count", count.as_str()),
            ("share", &share),
            ("symbol", &self.results.quantities[q].id),
            ("year", &self.horizon()),
        ];
        Some(self.text.fill("missing", &values))
    }

    /// What prices that are already known have done to the driver that feels them most.
    fn observed_prices(&self, case: &Case) -> Option<String> {
        let reference = self.town.scenarios.iter().find(|s| s.paired.is_none());
        let path = reference.or(self.town.scenarios.first())?;
        let effect = |i: usize| path.observed_prices[i].last().copied().unwrap_or(0.0);
        let log_drivers = self.results.quantities.iter().filter_map(|q| match q.kind {
            QuantityKind::Driver(i) if case.drivers[i].link == Link::Log => Some((i, q)),
            _ => None,
        });
        let (i, driver) = log_drivers.max_by(|a, b| effect(a.0).abs().total_cmp(&effect(b.0).abs()))?;
        let share = |x: f64| x.exp() - 1.0;
        let (observed, all) = (share(effect(i)), share(path.all_prices[i].last().copied()?));
        let signed = |x: f64| format!("{}{}", if x > 0.0 { "+" } else { "" }, self.text.number(100.0 * x, 0));
        let values = [
            ("driver", self.text.name(&driver.label)),
            ("observed", &signed(observed)),
            ("all", &signed(all)),
            ("first", &self.base_year()),
            ("year", &self.horizon()),
            ("path", &self.path(path)),
        ];
        (observed.abs() >= WORTH_EFFECT).then(|| self.text.fill("observed", &values))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::test_double::{self, estimate};
    use crate::text::Language;

    /// What the rules say of the first town of the made-up results.
    struct Said {
        today: Option<String>,
        lead: Option<String>,
        unemployment: Option<String>,
        illusion: Option<String>,
        outcomes: Vec<String>,
    }

    fn said(results: &Results) -> Said {
        let text = Text::of(Language::En);
        let teller = Teller::of(results, &results.towns[0], &text);
        Said {
            today: teller.today(),
            lead: teller.lead(),
            unemployment: teller.compared_in(1),
            illusion: teller.illusion(),
            outcomes: teller.outcomes(),
        }
    }

    fn set_lead(results: &mut Results, path: usize, shares: [f64; 2], mcse: f64) {
        results.towns[0].scenarios[path].years[1].lead = shares.map(|s| estimate(s, mcse)).to_vec();
    }

    #[test]
    fn a_lead_that_holds_along_every_path_is_said_once() {
        assert_eq!(
            said(&test_double::results()).lead.unwrap(),
            "In 2035 bold leads whichever scenario the town follows: steady (70.0 ± 0.8 %) and \
             bold (70.0 ± 0.8 %)."
        );
    }

    #[test]
    fn a_lead_that_depends_on_the_path_says_so() {
        let mut results = test_double::results();
        set_lead(&mut results, 0, [0.8, 0.2], 0.005);
        assert_eq!(
            said(&results).lead.unwrap(),
            "In 2035 the lead is not the same along every path: steady leads under steady (80.0 ± 1.0 %); bold leads under \
             bold (70.0 ± 0.8 %)."
        );
    }

    #[test]
    fn a_lead_within_its_error_of_one_half_is_no_lead() {
        let mut results = test_double::results();
        set_lead(&mut results, 0, [0.49, 0.51], 0.01);
        set_lead(&mut results, 1, [0.48, 0.52], 0.005);
        assert_eq!(
            said(&results).lead.unwrap(),
            "In 2035 the lead is not the same along every path: bold leads under bold (52.0 ± 1.0 %); it is \
             open under steady (bold 51 ± 2 %, steady 49 ± 2 %)."
        );
    }

    #[test]
    fn today_is_certain_only_where_no_input_is_drawn() {
        let mut results = test_double::results();
        assert_eq!(
            said(&results).today.unwrap(),
            "In 2021 TDea is most often in the class 'average' (70 ± 4 %); bold has the largest share of the \
             lead, 70.0 ± 0.8 %."
        );
        let cell = &mut results.towns[0].scenarios[0].years[0];
        cell.classes = vec![vec![estimate(0.0, 0.001), estimate(1.0, 0.001), estimate(0.0, 0.001)]];
        cell.lead_among = vec![estimate(1.0, 0.001); 2];
        cell.lead_alone = vec![estimate(0.0, 0.001); 2];
        assert_eq!(
            said(&results).today.unwrap(),
            "In 2021 the method puts TDea in the class 'average'; steady and bold share the lead."
        );
        let cell = &mut results.towns[0].scenarios[0].years[0];
        cell.lead_among = vec![estimate(0.0, 0.001), estimate(1.0, 0.001)];
        cell.lead_alone = cell.lead_among.clone();
        assert_eq!(
            said(&results).today.unwrap(),
            "In 2021 the method puts TDea in the class 'average' and chooses bold."
        );
    }

    #[test]
    fn a_comparison_is_worded_by_the_weak_end_of_its_interval() {
        let mut results = test_double::results();
        let mut word = |better: f64, mcse: f64| {
            let years = results.towns[0].scenarios[1].paired.as_mut().unwrap();
            years[1][0].better = Some(estimate(better, mcse));
            let sentence = said(&results).unemployment.unwrap();
            sentence.strip_prefix("Run against run with steady, unemployment in 2035 is ").unwrap().to_owned()
        };
        assert_eq!(word(0.83, 0.004), "likely lower under bold (by 1.0, in 83.0 ± 0.8 %).");
        assert!(word(0.97, 0.004).starts_with("very likely lower"));
        assert!(word(0.91, 0.01).starts_with("likely lower"));
        assert!(word(0.60, 0.01).starts_with("more likely lower than not"));
        assert_eq!(word(0.51, 0.01), "as likely higher as lower under bold.");
        assert!(word(0.04, 0.004).starts_with("very likely higher"));
    }

    #[test]
    fn the_illusion_is_named_only_where_it_is_real() {
        let mut results = test_double::results();
        assert_eq!(
            said(&results).illusion.unwrap(),
            "Not all of the fall of the enterprise's share of output is diversification: on average 4.5 of \
             12.5 points under steady and 4.5 of 12.5 points under bold come from the enterprise itself \
             producing less."
        );
        let mut set = |change: f64, enterprise: f64, mcse: f64| {
            for scenario in &mut results.towns[0].scenarios {
                scenario.split[1].change = estimate(change, 0.1);
                scenario.split[1].enterprise = estimate(enterprise, mcse);
            }
            said(&results).illusion
        };
        assert!(set(-12.5, -14.0, 0.1).unwrap().contains("all 12.5 points under bold"));
        assert_eq!(set(-12.5, 2.0, 0.1), None, "the enterprise grows");
        assert_eq!(set(-12.5, -0.5, 0.1), None, "a small part of the fall");
        assert_eq!(set(-12.5, -4.5, 3.0), None, "within its error");
        assert_eq!(set(-0.5, -0.4, 0.01), None, "no fall to speak of");
    }

    #[test]
    fn an_outcome_that_never_came_is_bounded_and_not_denied() {
        assert_eq!(
            said(&test_double::results()).outcomes,
            [
                "'leaves monotown status' comes by 2035 in no run under any scenario (less than 0.4 % each).",
                "'distress' comes by 2035 in 20 ± 3 % of runs under every scenario.",
            ]
        );
    }
}
