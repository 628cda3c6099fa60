//! Findings about all towns together, chosen by rules from the numbers: at most three, the first that hold.

use super::worth::{falls, reached, wanes};
use crate::analyse::{
    self, Estimate, Paired, Results, ScenarioResults, Sureness, TownResults, by_construction, leader, leaders,
};
use crate::case::{Better, Name};
use crate::report::headline::FirstTold;
use crate::report::words::{difference, percent_told};
use crate::text::Text;

/// How many findings are told.
const TOLD: usize = 3;
/// Smallest difference between two futures' probabilities of an outcome that is a finding, errors deducted.
const WORTH_DIFFERENCE: f64 = 0.05;

/// A finding: what it is about, and the sentence with its uncertainty.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct RegionFinding {
    pub(crate) heading: String,
    pub(crate) sentence: String,
}

/// The findings: the choice, the outcome that hangs most on the future, what looks like diversification and is
/// none; where one of these does not hold, what is surest for people and what is most open take its place.
pub(crate) fn findings(results: &Results, text: &Text) -> Vec<RegionFinding> {
    let finder = Finder { results, text };
    let rules: [(&str, Option<String>); 5] = [
        ("finding.choice", finder.choice()),
        ("finding.outcome", finder.outcome()),
        ("finding.illusion", finder.illusion()),
        ("finding.people", finder.people()),
        ("finding.open", finder.most_open()),
    ];
    let told = rules.into_iter().filter_map(|(key, sentence)| {
        Some(RegionFinding { heading: text.get(key).to_owned(), sentence: sentence? })
    });
    told.take(TOLD).collect()
}

struct Finder<'a> {
    results: &'a Results,
    text: &'a Text,
}

/// Sure part of a difference, the outcome, the town, and the futures where it is least and most likely.
type Range<'a> = (f64, usize, &'a TownResults, [(&'a ScenarioResults, Estimate); 2]);

type Cell<'a> = (&'a TownResults, &'a ScenarioResults);

impl<'a> Finder<'a> {
    fn year(&self) -> String {
        self.results.setup.years.last().map_or_else(String::new, i32::to_string)
    }

    /// A scenario's name as it stands within a sentence.
    fn scenario(&self, name: &Name) -> String {
        self.text.quoted(self.text.name(name))
    }

    fn cells(&self) -> impl Iterator<Item = Cell<'a>> {
        self.results.towns.iter().flat_map(|town| town.scenarios.iter().map(move |s| (town, s)))
    }

    /// Towns in which one scenario leads firmly along every path, and how often nothing leads firmly.
    fn choice(&self) -> Option<String> {
        let firm = |s: &ScenarioResults| {
            let (place, share) = leader(s.years.last()?);
            (Sureness::of(share) != Sureness::Open).then_some((place, share))
        };
        let mut settled: Vec<(usize, Vec<String>)> = Vec::new();
        let mut count = 0;
        for town in &self.results.towns {
            let leads: Option<Vec<(usize, Estimate)>> = town.scenarios.iter().map(firm).collect();
            let Some(leads) = leads else { continue };
            let Some(weakest) = leads.iter().copied().min_by(|a, b| a.1.value.total_cmp(&b.1.value)) else {
                continue;
            };
            if leads.iter().any(|lead| lead.0 != weakest.0) {
                continue;
            }
            count += 1;
            let share = percent_told(self.text, weakest.1);
            let values = [("town", self.text.name(&town.name)), ("share", &share)];
            let key = if leads.len() == 1 { "finding.choice_town_path" } else { "finding.choice_town" };
            let entry = self.text.fill(key, &values);
            match settled.iter_mut().find(|(place, _)| *place == weakest.0) {
                Some((_, towns)) => towns.push(entry),
                None => settled.push((weakest.0, vec![entry])),
            }
        }
        let (towns, cells) = (self.results.towns.len(), self.cells().count());
        let (_, only_path) = self.cells().next()?;
        let open = self.cells().filter(|(_, s)| firm(s).is_none()).count().to_string();
        let part = |(place, towns): &(usize, Vec<String>)| {
            let leader = self.scenario(&self.results.candidates[*place].1);
            let values = [("leader", leader), ("towns", self.text.list(towns))];
            self.text.fill("finding.choice_part", &values)
        };
        let parts = settled.iter().map(part).collect::<Vec<_>>().join("; ");
        let values = [
            ("count", count.to_string()),
            ("towns", towns.to_string()),
            ("town", self.text.name(&self.results.towns.first()?.name).to_owned()),
            ("path", self.scenario(&only_path.name)),
            ("parts", parts),
            ("year", self.year()),
            ("open", open),
            ("cells", cells.to_string()),
        ];
        let key = match (settled.is_empty(), towns, cells / towns) {
            (false, _, 1) => "finding.choice_path",
            (true, _, 1) => "finding.choice_path_none",
            (false, 1, _) => "finding.choice_one",
            (true, 1, _) => "finding.choice_one_none",
            (false, ..) => "finding.choice_some",
            (true, ..) => "finding.choice_none",
        };
        let mut told = self.text.fill(key, &values);
        if cells > 1 {
            told = format!("{told} {}", self.text.fill("finding.choice_open", &values));
        }
        Some(told)
    }

    /// The town and the outcome whose probability differs most between futures, beyond the errors.
    fn outcome(&self) -> Option<String> {
        let mut best: Option<Range<'_>> = None;
        for (k, _) in self.results.first_passages.iter().enumerate() {
            for town in &self.results.towns {
                let by = town.scenarios.iter().map(|s| (s, reached(self.results, s, k)));
                let by: Vec<(&ScenarioResults, Estimate)> = by.collect();
                let order = |a: &&(_, Estimate), b: &&(_, Estimate)| a.1.value.total_cmp(&b.1.value);
                let low = by.iter().min_by(order);
                let high = by.iter().max_by(order);
                let (Some(low), Some(high)) = (low.copied(), high.copied()) else { continue };
                let sure = high.1.value - low.1.value - 2.0 * (high.1.mcse + low.1.mcse);
                if sure >= WORTH_DIFFERENCE && best.as_ref().is_none_or(|b| sure > b.0) {
                    best = Some((sure, k, town, [low, high]));
                }
            }
        }
        let (_, k, town, [low, high]) = best?;
        let values = [
            ("outcome", self.text.name(&self.results.first_passages[k].1)),
            ("town", self.text.name(&town.name)),
            ("year", &self.year()),
            ("low", &percent_told(self.text, low.1)),
            ("low_path", &self.scenario(&low.0.name)),
            ("high", &percent_told(self.text, high.1)),
            ("high_path", &self.scenario(&high.0.name)),
        ];
        Some(self.text.fill("finding.outcome_range", &values))
    }

    /// In how many futures the enterprise's shrinking makes much of the fall of its share, and where most.
    fn illusion(&self) -> Option<String> {
        let falling = self.cells().filter_map(|(town, s)| Some((town, s, s.split.last()?)));
        let falling: Vec<_> = falling.filter(|(_, _, split)| falls(split)).collect();
        let waning: Vec<_> = falling.iter().filter(|(_, _, split)| wanes(split)).collect();
        let most = waning.iter().max_by(|a, b| b.2.enterprise.value.total_cmp(&a.2.enterprise.value))?;
        let turn = |e: Estimate| difference(self.text, e);
        let values = [
            ("count", waning.len().to_string()),
            ("all", falling.len().to_string()),
            ("town", self.text.name(&most.0.name).to_owned()),
            ("path", self.scenario(&most.1.name)),
            ("part", turn(most.2.enterprise)),
            ("fall", turn(most.2.change)),
            ("year", self.year()),
        ];
        let values: Vec<(&str, &str)> = values.iter().map(|(key, value)| (*key, value.as_str())).collect();
        let key = if falling.len() == 1 { "finding.illusion_one" } else { "finding.illusion_count" };
        Some(self.text.fill(key, &values))
    }

    /// How often the headline rate is very likely better than under the reference, and where least surely.
    fn people(&self) -> Option<String> {
        let q = FirstTold::of(self.results).rate?;
        let quantity = &self.results.quantities[q];
        let pairs: Vec<(Cell<'a>, &Paired, Estimate)> = self
            .cells()
            .filter_map(|cell| {
                let pair = cell.1.paired.as_ref()?.last()?.iter().find(|p| p.quantity == q)?;
                Some((cell, pair, pair.better?))
            })
            .collect();
        let sure: Vec<_> = pairs.iter().filter(|p| Sureness::of(p.2) == Sureness::Clearly).collect();
        let planned =
            sure.iter().filter(|((town, path), pair, _)| by_construction(town, path, pair).is_some());
        let planned = planned.count();
        let ((town, path), _, share) = *pairs.iter().min_by(|a, b| a.2.value.total_cmp(&b.2.value))?;
        if sure.is_empty() {
            return None;
        }
        let reference = self.cells().find(|(_, s)| s.paired.is_none())?.1;
        let key = match (quantity.better, pairs.len()) {
            (Better::Lower, 1) => "finding.people_lower_one",
            (Better::Lower, _) => "finding.people_lower",
            (_, 1) => "finding.people_higher_one",
            _ => "finding.people_higher",
        };
        let values = [
            ("quantity", self.text.name(&quantity.label).to_owned()),
            ("reference", self.scenario(&reference.name)),
            ("count", sure.len().to_string()),
            ("planned", planned.to_string()),
            ("all", pairs.len().to_string()),
            ("town", self.text.name(&town.name).to_owned()),
            ("path", self.scenario(&path.name)),
            ("share", percent_told(self.text, share)),
            ("year", self.year()),
        ];
        let mut told = self.text.fill(key, &values);
        if planned > 0 {
            let key = if pairs.len() == 1 { "finding.people_plan_one" } else { "finding.people_plan" };
            told = format!("{told} {}", self.text.fill(key, &values));
        }
        Some(told)
    }

    /// Where the foremost candidate has the least of the lead.
    fn most_open(&self) -> Option<String> {
        let cells: Vec<_> = self.cells().filter_map(|(town, s)| Some((town, s, s.years.last()?))).collect();
        if cells.len() < 2 {
            return None;
        }
        let share = |cell: &analyse::Cell| leader(cell).1;
        let (town, path, cell) =
            cells.into_iter().min_by(|a, b| share(a.2).value.total_cmp(&share(b.2).value))?;
        let names: Vec<String> =
            leaders(cell).into_iter().map(|s| self.scenario(&self.results.candidates[s].1)).collect();
        let values = [
            ("town", self.text.name(&town.name)),
            ("path", &self.scenario(&path.name)),
            ("leader", &self.text.list(&names)),
            ("share", &percent_told(self.text, share(cell))),
            ("year", &self.year()),
        ];
        let key = if names.len() > 1 { "finding.open_tied" } else { "finding.open_most" };
        Some(self.text.fill(key, &values))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::test_double::{self, estimate};
    use crate::text::Language;

    fn told(results: &Results) -> Vec<RegionFinding> {
        findings(results, &Text::of(Language::En))
    }

    fn choice(results: &Results) -> Option<String> {
        Finder { results, text: &Text::of(Language::En) }.choice()
    }

    fn outcome(results: &Results) -> Option<String> {
        Finder { results, text: &Text::of(Language::En) }.outcome()
    }

    fn illusion(results: &Results) -> Option<String> {
        Finder { results, text: &Text::of(Language::En) }.illusion()
    }

    fn people(results: &Results) -> Option<String> {
        Finder { results, text: &Text::of(Language::En) }.people()
    }

    fn most_open(results: &Results) -> Option<String> {
        Finder { results, text: &Text::of(Language::En) }.most_open()
    }

    #[test]
    fn three_findings_are_told_in_the_order_of_the_rules() {
        let mut results = test_double::results();
        let headings = |results: &Results| told(results).into_iter().map(|f| f.heading).collect::<Vec<_>>();
        let text = Text::of(Language::En);
        let of = |keys: [&str; 3]| keys.map(|key| text.get(key).to_owned()).to_vec();
        // The made-up futures have the same outcomes: no finding there, so that people come third.
        assert_eq!(headings(&results), of(["finding.choice", "finding.illusion", "finding.open"]));
        results.towns[0].scenarios[1].paired.as_mut().unwrap()[1][0].better = Some(estimate(0.99, 0.001));
        assert_eq!(headings(&results), of(["finding.choice", "finding.illusion", "finding.people"]));
        results.towns[0].scenarios[0].first_passage[1][1] = estimate(0.5, 0.01);
        assert_eq!(headings(&results), of(["finding.choice", "finding.outcome", "finding.illusion"]));
    }

    #[test]
    fn a_choice_is_settled_only_where_every_path_leads_firmly_to_the_same_scenario() {
        let mut results = test_double::results();
        let all = "In 2 of 2 towns the choice in 2035 does not hang on the future that the town follows: bold \
                   leads in aksu (70.0 ± 0.8 % of the lead where it is least) and belsu (70.0 ± 0.8 % of the \
                   lead where it is least). In 0 of the 4 combinations of town and future the choice is open: \
                   the runs do not show that any scenario has more than half of the lead.";
        assert_eq!(choice(&results).unwrap(), all);
        let mut set = |town: usize, path: usize, shares: [f64; 2]| {
            results.towns[town].scenarios[path].years[1].lead = shares.map(|s| estimate(s, 0.01)).to_vec();
            choice(&results).unwrap()
        };
        let open = set(0, 1, [0.49, 0.51]);
        assert!(open.starts_with("In 1 of 2 towns") && !open.contains("aksu"), "{open}");
        assert!(open.contains("In 1 of the 4 combinations"), "{open}");
        let none = set(1, 0, [0.8, 0.2]);
        assert!(none.starts_with("In none of the 2 towns does one scenario lead"), "{none}");
    }

    #[test]
    fn an_outcome_is_a_finding_only_beyond_its_errors() {
        let mut results = test_double::results();
        let mut set = |value: f64, mcse: f64| {
            results.towns[1].scenarios[1].first_passage[1][1] = estimate(value, mcse);
            results.setup.runs = if mcse > 0.01 { 100 } else { 100_000 };
            outcome(&results)
        };
        assert_eq!(
            set(0.4, 0.001).unwrap(),
            "'distress' hangs most on the future in belsu: by 2035 it comes in 40.00 ± 0.31 % of runs under \
             bold and in 20.0 ± 0.3 % under steady."
        );
        assert_eq!(set(0.4, 0.05), None, "within its error");
        assert_eq!(set(0.22, 0.001), None, "a small difference");
    }

    #[test]
    fn shrinking_is_told_with_its_count_and_its_largest_part() {
        let mut results = test_double::results();
        results.towns[1].scenarios[0].split[1].enterprise = estimate(-9.5, 0.1);
        results.towns[0].scenarios[0].split[1].enterprise = estimate(2.0, 0.1);
        assert_eq!(
            illusion(&results).unwrap(),
            "In 3 of the 4 combinations of town and future in which the enterprise's share of output falls by \
             2035, a quarter of the fall or more is the enterprise itself producing less; most in belsu under \
             steady, -9.5 ± 0.2 of -12.5 ± 0.2 points."
        );
        for town in &mut results.towns {
            town.scenarios.iter_mut().for_each(|s| s.split[1].enterprise = estimate(-0.1, 0.1));
        }
        assert_eq!(illusion(&results), None);
    }

    #[test]
    fn people_and_the_most_open_future_are_told_with_the_weakest_case() {
        let mut results = test_double::results();
        assert_eq!(people(&results), None, "83 % is not very likely");
        results.towns[0].scenarios[1].paired.as_mut().unwrap()[1][0].better = Some(estimate(0.97, 0.004));
        assert_eq!(
            people(&results).unwrap(),
            "Run against run with steady, unemployment in 2035 is very likely lower in 1 of 2 combinations of \
             town and future; least surely in belsu under bold, in 83.0 ± 0.8 % of runs."
        );
        results.towns[1].scenarios[0].years[1].lead = vec![estimate(0.45, 0.01), estimate(0.55, 0.01)];
        assert_eq!(
            most_open(&results).unwrap(),
            "The choice is most open in belsu under steady: bold has the largest share of the lead in 2035, and \
             that is 55 ± 2 %."
        );
    }
}
