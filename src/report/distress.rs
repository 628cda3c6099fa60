//! Where distress comes from, as a table for people and as CSV.

use super::grid::Grid;
use super::records::Records;
use crate::case::Case;
use crate::experiment::distress::{Distress, Without};
use crate::text::Text;

/// A row a town and scenario, a column a source that is taken away.
pub fn table(case: &Case, found: &[Distress], text: &Text) -> String {
    let keys = Without::ALL.map(|source| format!("distress.{}", source.id()));
    let head = ["table.town".to_owned(), "table.path".to_owned()].into_iter().chain(keys);
    let mut grid = Grid::new(head.map(|key| text.get(&key).to_owned()).collect()).right();
    for distress in found {
        let names = [&case.towns[distress.town].name, &case.scenarios[distress.scenario].name];
        let names = names.map(|name| text.name(name).to_owned());
        grid.row(names.into_iter().chain(distress.without.iter().map(|e| e.percent(text))).collect());
    }
    grid.render()
}

/// Tidy: `town,scenario,without,value,mcse`.
pub fn csv(case: &Case, found: &[Distress]) -> String {
    let mut records = Records::new(&["town", "scenario", "without", "value", "mcse"]);
    for Distress { town, scenario, without } in found {
        let ids = [case.towns[*town].id.as_str(), case.scenarios[*scenario].id.as_str()];
        for (source, e) in Without::ALL.iter().zip(without) {
            records.row(&[ids[0], ids[1], source.id()], &[&e.value, &e.mcse], &[]);
        }
    }
    records.finish()
}
