//! The base year in a sentence: class of the headline index, and what the method would choose.

use super::teller::Teller;
use crate::analyse::{leader, leaders};

impl Teller<'_> {
    /// Certain only where no input is drawn; classes or leaders that are equally frequent are all named.
    pub(super) fn today(&self) -> Option<String> {
        let path = self.town.scenarios.first()?;
        let cell = path.years.first()?;
        let is_drawn = path.input_share.is_some();
        let (classes, share) = self.first.classes(cell, self.text)?;
        let values = [
            ("year", self.base_year()),
            ("symbol", self.first.scale()?.symbol.clone()),
            ("class", self.text.list(&classes)),
            ("share", self.percent(share)),
        ];
        let key = match classes.len() {
            2.. => "today.class_tied",
            _ if share.value >= 1.0 && !is_drawn => "today.class_sure",
            _ => "today.class_open",
        };
        let class = self.text.fill(key, &values);
        let is_sure = |share: f64| share >= 1.0 && !is_drawn;
        let among: Vec<usize> =
            (0..cell.lead_among.len()).filter(|s| is_sure(cell.lead_among[*s].value)).collect();
        let most = leaders(cell);
        let (key, names) = match (among.len(), most.len()) {
            (1, _) if is_sure(cell.lead_alone[among[0]].value) => ("today.alone", &among),
            (2.., _) => ("today.shared", &among),
            (_, 2..) => ("today.most_tied", &most),
            _ => ("today.most", &most),
        };
        let lead = self.percent(leader(cell).1);
        Some(self.text.fill(key, &[("class", class), ("leaders", self.candidates(names)), ("share", lead)]))
    }
}
