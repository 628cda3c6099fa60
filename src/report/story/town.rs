//! The story of a town in a few sentences, chosen by rules from the numbers and never stronger than they are.

use super::{reached, wanes};
use crate::analyse::{
    Cell, Estimate, MEDIAN, QuantityKind, Results, ScenarioResults, Sureness, TownResults, leader,
};
use crate::case::{Better, Case, Link, Name};
use crate::report::headline::Headline;
use crate::report::words::{number, percent_told};
use crate::text::Text;

/// Smallest effect of observed prices, as a share, that is worth a sentence.
const WORTH_EFFECT: f64 = 0.02;

/// The sentences about a town.
pub(super) fn sentences(case: &Case, results: &Results, town: &TownResults, text: &Text) -> Vec<String> {
    let teller = Teller { results, town, text, headline: Headline::of(results) };
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
    Teller { results, town, text, headline: Headline::of(results) }.today()
}

/// What is not known of the town: how much of the spread is missing inputs, what known prices have done.
pub(crate) fn unknown(case: &Case, results: &Results, town: &TownResults, text: &Text) -> Vec<String> {
    let teller = Teller { results, town, text, headline: Headline::of(results) };
    teller.missing(case).into_iter().chain(teller.observed_prices(case)).collect()
}

/// How the futures compare with the reference, and how much of the enterprise's falling share is its own fall.
pub(crate) fn compared(results: &Results, town: &TownResults, text: &Text) -> Vec<String> {
    let teller = Teller { results, town, text, headline: Headline::of(results) };
    let mut sentences: Vec<String> = teller.lead().into_iter().collect();
    sentences.extend(teller.compared());
    sentences.extend(teller.illusion());
    sentences
}

struct Teller<'a> {
    results: &'a Results,
    town: &'a TownResults,
    text: &'a Text,
    headline: Headline<'a>,
}

impl<'a> Teller<'a> {
    fn horizon(&self) -> String {
        self.results.setup.years.last().map_or_else(String::new, i32::to_string)
    }

    fn base_year(&self) -> String {
        self.results.setup.years.first().map_or_else(String::new, i32::to_string)
    }

    fn candidate(&self, place: usize) -> String {
        self.text.quoted(self.text.name(&self.results.candidates[place].1))
    }

    fn path(&self, scenario: &ScenarioResults) -> String {
        self.text.quoted(self.text.name(&scenario.name))
    }

    fn percent(&self, share: Estimate) -> String {
        percent_told(self.text, share)
    }

    fn number(&self, x: f64) -> String {
        number(self.text, x)
    }

    /// The base year: class of the economy, and what the method would choose.
    fn today(&self) -> Option<String> {
        let cell = self.town.scenarios.first()?.years.first()?;
        let (class, share) = self.headline.class(cell, self.text)?;
        let (year, of_runs) = (self.base_year(), self.percent(share));
        let values = [
            ("year", year.as_str()),
            ("symbol", &self.headline.scale()?.symbol),
            ("class", class),
            ("share", &of_runs),
        ];
        let key = if share.value >= 1.0 { "today.class_sure" } else { "today.class_open" };
        let class = self.text.fill(key, &values);
        let among = cell.lead_among.iter().enumerate().filter(|(_, e)| e.value >= 1.0);
        let leaders: Vec<String> = among.map(|(s, _)| self.candidate(s)).collect();
        let alone = cell.lead_alone.iter().any(|e| e.value >= 1.0);
        let (foremost, lead) = leader(cell);
        let (names, lead) = (self.text.list(&leaders), self.percent(lead));
        let (key, names) = match leaders.len() {
            1 if alone => ("today.alone", names),
            2.. => ("today.shared", names),
            _ => ("today.most", self.candidate(foremost)),
        };
        Some(self.text.fill(key, &[("class", class), ("leaders", names), ("share", lead)]))
    }

    /// Which scenario leads at the horizon, along each path.
    fn lead(&self) -> Option<String> {
        let mut clear: Vec<(usize, Vec<String>)> = Vec::new();
        let mut open = Vec::new();
        for scenario in &self.town.scenarios {
            let cell = scenario.years.last()?;
            let (s, share) = leader(cell);
            if Sureness::of(share) == Sureness::Open {
                open.push(self.open_lead(scenario, cell));
                continue;
            }
            let values = [("path", self.path(scenario)), ("share", self.percent(share))];
            let entry = self.text.fill("lead.path", &values);
            match clear.iter_mut().find(|(c, _)| *c == s) {
                Some((_, paths)) => paths.push(entry),
                None => clear.push((s, vec![entry])),
            }
        }
        let year = self.horizon();
        if let ([(s, paths)], true) = (clear.as_slice(), open.is_empty()) {
            let paths = self.text.list(paths);
            let values = [("year", year.as_str()), ("leader", &self.candidate(*s)), ("paths", &paths)];
            return Some(self.text.fill("lead.everywhere", &values));
        }
        let part = |(s, paths): &(usize, Vec<String>)| {
            let values = [("leader", self.candidate(*s)), ("paths", self.text.list(paths))];
            self.text.fill("lead.part", &values)
        };
        let mut parts: Vec<String> = clear.iter().map(part).collect();
        if !open.is_empty() {
            parts.push(self.text.fill("lead.open", &[("paths", &self.text.list(&open))]));
        }
        Some(self.text.fill("lead.depends", &[("year", &year), ("parts", &parts.join("; "))]))
    }

    /// A path along which no candidate has more than half of the lead, beyond the error: the two foremost.
    fn open_lead(&self, scenario: &'a ScenarioResults, cell: &Cell) -> String {
        let (first, share) = leader(cell);
        let rest = cell.lead.iter().copied().enumerate().filter(|(s, _)| *s != first);
        let second = rest.rev().max_by(|a, b| a.1.value.total_cmp(&b.1.value));
        let entry = |(s, share): (usize, Estimate)| format!("{} {}", self.candidate(s), self.percent(share));
        let foremost: Vec<String> = [Some((first, share)), second].into_iter().flatten().map(entry).collect();
        let values = [("path", self.path(scenario)), ("share", foremost.join(", "))];
        self.text.fill("lead.path", &values)
    }

    /// How the economy and unemployment compare with the reference scenario.
    fn compared(&self) -> Vec<String> {
        let shown = [self.headline.composite.map(|(_, q)| q), self.headline.driver];
        shown.into_iter().flatten().filter_map(|q| self.compared_in(q)).collect()
    }

    fn compared_in(&self, quantity: usize) -> Option<String> {
        let subject = &self.results.quantities[quantity];
        let reference = self.town.scenarios.iter().find(|s| s.paired.is_none())?;
        let mut said: Vec<(&str, Vec<String>)> = Vec::new();
        for scenario in &self.town.scenarios {
            let years = scenario.paired.as_ref().and_then(|years| years.last());
            let pair = years.and_then(|pairs| pairs.iter().find(|p| p.quantity == quantity));
            let Some((pair, better)) = pair.and_then(|p| Some((p, p.better?))) else { continue };
            let worse = better.complement();
            let is_better = better.value >= 0.5;
            let share = if is_better { better } else { worse };
            let key = claim(Sureness::of(share), is_better == (subject.better == Better::Higher));
            let entry = if key == OPEN {
                self.path(scenario)
            } else {
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
        Some(self.text.fill("compared", &values))
    }

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
        let key = match (high.value > 0.0, low.value < high.value) {
            (false, _) => "outcome.never",
            (true, false) => "outcome.same",
            (true, true) => "outcome.range",
        };
        Some(self.text.fill(key, &values))
    }

    /// How much of the spread comes from inputs that the source does not print.
    fn missing(&self, case: &Case) -> Option<String> {
        let town = &case.towns[case.town(&self.town.id)?];
        let count = town.inputs.iter().filter(|input| input.is_uncertain()).count().to_string();
        let (_, q) = self.headline.composite?;
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::fake::{self, estimate};
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
        let teller =
            Teller { results, town: &results.towns[0], text: &text, headline: Headline::of(results) };
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
            said(&fake::results()).lead.unwrap(),
            "In 2035 bold leads whichever scenario the town follows: steady (70.0 ± 0.8 %) and \
             bold (70.0 ± 0.8 %)."
        );
    }

    #[test]
    fn a_lead_that_depends_on_the_path_says_so() {
        let mut results = fake::results();
        set_lead(&mut results, 0, [0.8, 0.2], 0.005);
        assert_eq!(
            said(&results).lead.unwrap(),
            "In 2035 the lead depends on the path: steady leads under steady (80 ± 1 %); bold leads under \
             bold (70.0 ± 0.8 %)."
        );
    }

    #[test]
    fn a_lead_within_its_error_of_one_half_is_no_lead() {
        let mut results = fake::results();
        set_lead(&mut results, 0, [0.49, 0.51], 0.01);
        set_lead(&mut results, 1, [0.48, 0.52], 0.005);
        assert_eq!(
            said(&results).lead.unwrap(),
            "In 2035 the lead depends on the path: bold leads under bold (52 ± 1 %); none has more than half \
             of the lead under steady (bold 51 ± 2 %, steady 49 ± 2 %)."
        );
    }

    #[test]
    fn today_is_certain_only_where_no_input_is_drawn() {
        let mut results = fake::results();
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
        let mut results = fake::results();
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
        let mut results = fake::results();
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
            said(&fake::results()).outcomes,
            [
                "'leaves monotown status' comes by 2035 in no run under any scenario (< 0.3 % each).",
                "'distress' comes by 2035 in 20 ± 3 % of runs under every scenario.",
            ]
        );
    }
}
