//! Which scenario leads at the horizon, along each path.

use super::teller::Teller;
use crate::analyse::{Cell, Estimate, ScenarioResults, Sureness, leader};

/// The foremost candidate of a cell and the one after it, with their shares of the lead.
pub(crate) fn foremost(cell: &Cell) -> ((usize, Estimate), Option<(usize, Estimate)>) {
    let first = leader(cell);
    let rest = cell.lead.iter().copied().enumerate().filter(|(s, _)| *s != first.0);
    (first, rest.rev().max_by(|a, b| a.1.value.total_cmp(&b.1.value)))
}

impl Teller<'_> {
    pub(super) fn lead(&self) -> Option<String> {
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
        let told = |key: &str, leader: &str, paths: &[String]| {
            let values = [("year", year.as_str()), ("leader", leader), ("paths", &self.text.list(paths))];
            Some(self.text.fill(key, &values))
        };
        match (clear.as_slice(), open.is_empty()) {
            ([], _) => return told("lead.all_open", "", &open),
            ([(s, paths)], true) => {
                let key = if paths.len() == 1 { "lead.one" } else { "lead.everywhere" };
                return told(key, &self.candidate(*s), paths);
            }
            _ => {}
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

    /// A path along which the runs show no candidate to have more than half of the lead: the two foremost.
    fn open_lead(&self, scenario: &ScenarioResults, cell: &Cell) -> String {
        let (first, second) = foremost(cell);
        let entry = |(s, share): (usize, Estimate)| format!("{} {}", self.candidate(s), self.percent(share));
        let foremost: Vec<String> = [Some(first), second].into_iter().flatten().map(entry).collect();
        let values = [("path", self.path(scenario)), ("share", foremost.join(", "))];
        self.text.fill("lead.path", &values)
    }
}
