//! What ids are called in the reader's language.

use crate::case::{Case, Name};
use crate::text::Text;

/// Names of the things of a case; an id that the case does not know stands for itself.
#[derive(Clone, Copy)]
pub struct Names<'a> {
    /// The case.
    pub case: &'a Case,
    /// The reader's language.
    pub text: &'a Text,
}

impl<'a> Names<'a> {
    fn or_id(&self, id: &'a str, name: Option<&'a Name>) -> &'a str {
        name.map_or(id, |name| self.text.name(name))
    }

    /// A town, or the region.
    pub fn town(&self, id: &'a str) -> &'a str {
        let town = self.case.town(id).map(|t| &self.case.towns[t].name);
        self.or_id(id, town.or((id == "region").then_some(&self.case.region)))
    }

    /// A scenario.
    pub fn scenario(&self, id: &'a str) -> &'a str {
        self.or_id(id, self.case.scenario(id).map(|s| &self.case.scenarios[s].name))
    }

    /// A class.
    pub fn class(&self, id: &'a str) -> &'a str {
        self.or_id(id, self.case.method.levels.iter().find(|level| level.id == id).map(|level| &level.name))
    }

    /// A driver, a count of persons, an indicator of the panel; symbols of the method stand for themselves.
    pub fn quantity(&self, id: &'a str) -> &'a str {
        let driver = || self.case.drivers.iter().find(|d| d.id == id).map(|d| &d.label);
        let persons = || self.case.method.persons.iter().find(|p| p.id == id).map(|p| &p.label);
        if id == "population" {
            return self.text.get("quantity.population");
        }
        self.or_id(id, driver().or_else(persons).or_else(|| self.case.names.get(id)))
    }

    /// An outcome.
    pub fn outcome(&self, id: &'a str) -> &'a str {
        self.or_id(id, self.case.method.first_passages.iter().find(|o| o.id == id).map(|o| &o.label))
    }

    /// A quantity of a comparison: `lead.<scenario>` is a candidate's share of the lead, `outcome.<id>` an outcome.
    pub fn compared(&self, id: &'a str) -> String {
        if let Some(outcome) = id.strip_prefix("outcome.") {
            return self.outcome(outcome).to_owned();
        }
        match id.strip_prefix("lead.") {
            Some(scenario) => self.text.fill("quantity.lead", &[("scenario", self.scenario(scenario))]),
            None => self.quantity(id).to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::case::Source;
    use crate::model;
    use crate::text::Language;

    #[test]
    fn every_quantity_has_its_own_name() {
        let case = Case::load(&Source::embedded(), &[]).unwrap();
        for language in Language::ALL {
            let text = Text::of(language);
            let names = Names { case: &case, text: &text };
            for quantity in model::quantities(&case) {
                let is_symbol = quantity.id.starts_with("TD");
                let expected = if is_symbol { quantity.id.as_str() } else { text.name(&quantity.label) };
                assert_eq!(names.quantity(&quantity.id), expected);
            }
            assert_eq!(names.quantity("bushels"), "bushels");
        }
    }
}
