//! How limits are kept, as a table.

use super::grid::Grid;
use crate::case::Case;
use crate::experiment::limits::Kept;
use crate::text::Text;

/// A row a limit: the town and scenario that break it most, with the first such run to replay.
pub fn table(case: &Case, kept: &[Kept], text: &Text) -> String {
    let head = ["limits.limit", "limits.most", "limits.broken", "table.town", "table.path", "limits.first"];
    let mut grid = Grid::new(head.map(|key| text.get(key).to_owned()).to_vec());
    for (place, limit) in case.limits.iter().enumerate() {
        let own = kept.iter().filter(|k| k.limit == place);
        let Some(worst) = own.max_by_key(|k| (k.broken, std::cmp::Reverse((k.town, k.scenario)))) else {
            continue;
        };
        let share = 100.0 * worst.broken as f64 / worst.runs as f64;
        let percent = |x: f64| text.percent_of(&text.readable(x));
        let first = worst.first.map_or_else(String::new, |(run, year)| {
            text.fill("limits.run", &[("run", run.to_string()), ("year", year.to_string())])
        });
        let whose = |name: &crate::case::Name| {
            if worst.broken > 0 { text.name(name).to_owned() } else { String::new() }
        };
        grid.row(vec![
            limit.id.clone(),
            percent(limit.most),
            percent(share),
            whose(&case.towns[worst.town].name),
            whose(&case.scenarios[worst.scenario].name),
            first,
        ]);
    }
    grid.render()
}
