//! Assumptions of which factors.toml says nothing.

use super::{Adjustable, Assumption, Case, CaseFactors, name_matches};

impl Assumption {
    /// Its name, as `--set` begins to name it: `drivers.wage`, `cross_impacts.wage.net_migration`.
    pub fn name(&self) -> String {
        let file = self.file.rsplit_once('.').map_or(self.file.as_str(), |f| f.0);
        format!("{file}.{}", self.item.replace(", ", "."))
    }
}

impl Case {
    /// Assumptions that factors.toml says nothing of, by name: those of which some number that can be set is neither a
    /// factor nor held, and those without such a number that are not held. A number that is 0 by assumption counts as
    /// said of where a factor is given as a multiple.
    pub fn unsaid_assumptions(&self) -> Vec<String> {
        let CaseFactors { factors, held, .. } = &self.factors;
        let is_held = |name: &str| held.iter().any(|h| name_matches(&h.name, name));
        let is_factor = |name: &str| factors.iter().any(|f| f.name == name);
        let all = self.adjustables();
        let mut unsaid = Vec::new();
        for assumption in &self.assumptions {
            let name = assumption.name();
            // A correlation has its drivers in either order.
            let other =
                match assumption.item.split_once(", ").filter(|_| assumption.file == "correlations.csv") {
                    Some((a, b)) => format!("correlations.{b}.{a}."),
                    None => format!("{name}."),
                };
            let own = format!("{name}.");
            let is_own = |n: &String| *n == name || n.starts_with(&own) || n.starts_with(&other);
            let numbers: Vec<&(Adjustable, String)> = all.iter().filter(|(_, n)| is_own(n)).collect();
            if numbers.is_empty() && !is_held(&name) {
                unsaid.push(name);
                continue;
            }
            let open = numbers.into_iter().filter(|(what, n)| !is_factor(n) && what.value(self) != 0.0);
            unsaid.extend(open.filter(|(_, n)| !is_held(n)).map(|(_, n)| n.clone()));
        }
        unsaid.sort();
        unsaid.dedup();
        unsaid
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::case::{Setting, Source};
    use crate::explore::Law;

    fn with(text: &str) -> Result<Case, crate::case::Faults> {
        let mut source = Source::embedded();
        source.files.insert("factors.toml".to_owned(), text.to_owned());
        Case::load(&source, &[])
    }

    #[test]
    fn every_assumption_of_the_shipped_case_is_a_factor_or_held() {
        let case = Case::load(&Source::embedded(), &[]).unwrap();
        assert!(case.assumptions.len() > 150, "{}", case.assumptions.len());
        assert_eq!(case.unsaid_assumptions(), Vec::<String>::new());
        // Without a line of its own an assumption is told.
        let text = crate::case::Source::embedded().files["factors.toml"].replace("case.region", "case.x");
        assert_eq!(with(&text).unwrap().unsaid_assumptions(), ["case.region"]);
        let unsaid = with("[[held]]\nname = 'a'\nbasis = 'b'").unwrap().unsaid_assumptions();
        assert!(unsaid.iter().any(|name| name == "drivers.budget.sigma"), "{unsaid:?}");
        assert!(unsaid.iter().any(|name| name == "innovative.wage.multiple"));
    }

    #[test]
    fn each_number_has_the_law_of_the_last_line_that_speaks_of_it() {
        let text = "
            [[factor]]
            name = 'drivers.*.sigma'
            group = 'g'
            times = [0.5, 2]
            basis = 'b'
            [[factor]]
            name = 'drivers.wage.sigma'
            group = 'g'
            low = 0.01
            high = 0.3
            basis = 'b'
            [[factor]]
            name = 'prices.walk'
            group = 'p'
            odds = [0.5, 3]
            basis = 'b'
            [[factor]]
            name = 'structure.cross_impacts'
            group = 's'
            any_of = ['on', 'off']
            basis = 'b'
            [[correlation]]
            between = ['drivers.wage.sigma', 'prices.walk']
            value = 0.4";
        let case = with(text).unwrap();
        let of = |name: &str| case.factors.factors.iter().position(|f| f.name == name).unwrap();
        let law = |name: &str| &case.factors.factors[of(name)].law;
        let driver = case.drivers.iter().find(|d| d.id == "budget").unwrap().sigma;
        assert_eq!(*law("drivers.budget.sigma"), Law::Uniform { low: 0.5 * driver, high: 2.0 * driver });
        assert_eq!(*law("drivers.wage.sigma"), Law::Uniform { low: 0.01, high: 0.3 });
        // Odds of 1/2 are 1: half of them is 1/3, three times 3/4.
        assert_eq!(*law("prices.walk"), Law::Uniform { low: 1.0 / 3.0, high: 0.75 });
        let words = Law::Discrete { values: vec![0.0, 1.0], weights: vec![1.0; 2] };
        assert_eq!(*law("structure.cross_impacts"), words);
        assert_eq!(case.factors.correlations, [(of("drivers.wage.sigma"), of("prices.walk"), 0.4)]);
    }

    #[test]
    fn what_is_set_is_no_factor_and_what_the_case_has_no_use_for_no_fault() {
        let of = |settings: &[&str]| {
            let settings: Vec<Setting> = settings.iter().map(|s| Setting::parse(s).unwrap()).collect();
            let case = Case::load(&Source::embedded(), &settings).unwrap_or_else(|faults| panic!("{faults}"));
            case.factors.factors.into_iter().map(|f| f.name).collect::<Vec<_>>()
        };
        let all = of(&[]);
        let lost = |settings: &[&str]| {
            let left = of(settings);
            all.iter().filter(|name| !left.contains(name)).cloned().collect::<Vec<_>>()
        };
        // As it stands an exposure of 0 times anything would not move.
        assert_eq!(lost(&["drivers.wage.price_exposure=0"]), ["drivers.wage.price_exposure"]);
        assert_eq!(lost(&["prices.process=random_walk"]), ["prices.walk"]);
        let whole = ["balanced.delivery.mean=1", "balanced.delivery.sd=0"];
        assert_eq!(lost(&whole), ["balanced.delivery.mean", "balanced.delivery.sd"]);
    }

    #[test]
    fn every_fault_is_told_with_what_is_allowed() {
        let told = |text: &str| with(text).unwrap_err().to_string();
        let line = |name: &str, span: &str| {
            format!("[[factor]]\nname = '{name}'\ngroup = 'g'\nbasis = 'b'\n{span}\n")
        };
        for (text, parts) in [
            (line("drivers.wage.sgima", "times = [0.5, 2]"), ["drivers.wage.sgima", "drivers.wage.sigma"]),
            (line("prices.walk", "low = 0.2\nhigh = 1.5"), ["0.2 to 1.5 is not allowed", "from 0 to 1"]),
            (line("prices.walk", "times = [2, 1]"), ["[2.0, 1.0]", "the smaller one first"]),
            (line("prices.walk", "times = [0.5, 1]\nplus = [0, 1]"), ["times and plus", "one is enough"]),
            (line("prices.walk", "any_of = ['on']"), ["is a number", "low and high"]),
            (
                line("cross_impacts.wage.net_migration.long_run_effect", "odds = [0.5, 2]"),
                ["8 is no share", "odds"],
            ),
            (line("drivers.wear.price_exposure", "times = [0.5, 2]"), ["drivers.wear", "0 cannot move so"]),
            (line("structure.price_process", "low = 0\nhigh = 1"), ["is a switch", "mean_reversion"]),
            (line("structure.price_process", "any_of = ['walk', 'mixture']"), ["'walk'", "random_walk"]),
            (line("prices.walk", "low = 0.2\nhihg = 0.5"), ["hihg: unknown key", "high: is missing"]),
            (
                "[[factor]]\nname = 'prices.walk'\ntimes = [0.5, 1.5]".to_owned(),
                ["basis: is missing", "group: is missing"],
            ),
            ("[[held]]\nname = 'a'".to_owned(), ["held.1.basis", "is missing"]),
            (
                "[[correlation]]\nbetween = ['a', 'prices.walk']\nvalue = 0.2".to_owned(),
                ["'a' is no factor", "'prices.walk' is no factor"],
            ),
            ("factor = 3".to_owned(), ["factor", "a list of tables"]),
            (
                "[[correlation]]\nbetween = ['a', 'b', 'c']\nvalue = 2".to_owned(),
                ["2 is not allowed", "two factors"],
            ),
        ] {
            let found = told(&text);
            for part in parts {
                assert!(found.contains(part), "{text}\n{part} not in\n{found}");
            }
        }
    }
}
