//! What a new case is asked for, and what is wrong with that.

use super::super::id;
use super::prices;
use crate::text::Language;

/// Scenarios of which the shipped case has a plan.
pub(super) const SHIPPED: [&str; 4] = ["inertial", "balanced", "innovative", "diversification"];
/// Years from the base year to the horizon where nothing is said.
const AHEAD: i32 = 15;
/// Longest id: it becomes part of file names.
const LONGEST: usize = 40;
/// No case has more of anything.
const MOST: usize = 200;

/// What a new case is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewCase {
    /// Id of the case.
    pub id: String,
    /// Ids of its towns.
    pub towns: Vec<String>,
    /// Ids of the commodities whose prices they live by; those of the shipped case have their series.
    pub commodities: Vec<String>,
    /// Ids of its futures, from the least to the most ambitious; those of the shipped case have their plans.
    pub scenarios: Vec<String>,
    /// Last year of the data.
    pub base_year: i32,
    /// Last simulated year.
    pub horizon: i32,
    /// Language of the names that stand in for those to be filled in.
    pub language: Language,
}

impl NewCase {
    /// A case of these towns and commodities, with the four futures of the shipped case, from the last year of which
    /// prices are known, fifteen years ahead, in English.
    pub fn of(towns: &[&str], commodities: &[&str]) -> Self {
        let owned = |ids: &[&str]| ids.iter().map(|id| (*id).to_owned()).collect();
        let base_year = Self::base_years().1;
        Self {
            id: "new_case".to_owned(),
            towns: owned(towns),
            commodities: owned(commodities),
            scenarios: owned(&SHIPPED),
            base_year,
            horizon: Self::usual_horizon(base_year),
            language: Language::En,
        }
    }

    /// First and last base year: those of which prices are known.
    pub fn base_years() -> (i32, i32) {
        prices::years()
    }

    /// The id of a case in a folder of this name.
    pub fn id_of(folder: &str) -> String {
        let letter = |c: char| if c.is_ascii_alphanumeric() { c } else { '_' };
        let id: String = folder.chars().map(letter).collect();
        if id::objection(&id).is_none() { id } else { format!("case_{id}") }
    }

    /// The horizon where none is asked for.
    pub fn usual_horizon(base_year: i32) -> i32 {
        base_year + AHEAD
    }

    /// The future that others are compared with.
    pub(super) fn reference(&self) -> &str {
        let inertial = self.scenarios.iter().find(|s| *s == SHIPPED[0]);
        inertial.or_else(|| self.scenarios.first()).map_or("", String::as_str)
    }

    /// True where the futures are the four of the shipped case, in any order.
    pub(super) fn has_shipped_futures(&self) -> bool {
        self.scenarios.len() == SHIPPED.len() && SHIPPED.iter().all(|s| self.scenarios.iter().any(|o| o == s))
    }

    /// Everything that is wrong with it, a sentence each: option, value and what is allowed.
    pub fn faults(&self) -> Vec<String> {
        let mut faults = Vec::new();
        check_ids("--towns", "towns", &self.towns, MOST, &mut faults);
        check_ids("--commodities", "commodities", &self.commodities, MOST, &mut faults);
        check_ids("--scenarios", "scenarios", &self.scenarios, 8, &mut faults);
        for scenario in &self.scenarios {
            if id::NO_SCENARIO.contains(&scenario.as_str()) {
                let allowed = "another id: a file or a column of events.csv has this name";
                faults.push(format!("--scenarios: '{scenario}' is not allowed ({allowed})"));
            }
            let near = |known: &&&str| (1..=2).contains(&strsim::damerau_levenshtein(known, scenario));
            if let Some(known) = SHIPPED.iter().find(near) {
                faults.push(format!("--scenarios: '{scenario}' is not allowed (is it '{known}'?)"));
            }
        }
        let (first, last) = Self::base_years();
        if !(first..=last).contains(&self.base_year) {
            let allowed = format!("a year from {first} to {last}, of which prices are known");
            faults.push(format!("--base-year {}: {allowed}", self.base_year));
        }
        let (first, last) = (self.base_year.saturating_add(1), self.base_year.saturating_add(200));
        if !(first..=last).contains(&self.horizon) {
            faults.push(format!("--horizon {}: a year from {first} to {last}", self.horizon));
        }
        faults
    }
}

fn check_ids(option: &str, what: &str, ids: &[String], most: usize, faults: &mut Vec<String>) {
    if ids.is_empty() || ids.len() > most {
        faults.push(format!("{option}: {} {what} are not allowed (1 to {most})", ids.len()));
    }
    for (k, id) in ids.iter().enumerate() {
        let shown = id.escape_debug();
        if let Some(allowed) = id::objection(id) {
            faults.push(format!("{option}: '{shown}' is not allowed ({allowed})"));
        } else if id.len() > LONGEST {
            faults.push(format!("{option}: '{shown}' is not allowed (at most {LONGEST} letters)"));
        }
        if ids[..k].contains(id) {
            faults.push(format!("{option}: '{shown}' stands twice"));
        }
    }
}
