//! Which towns are monotowns, in the readings of the definition.

use super::grid::Grid;
use crate::case::Case;
use crate::text::Text;

/// A row a town, a column a reading, inputs at their best; empty where the case has no definition.
pub fn table(case: &Case, text: &Text) -> String {
    let Some(monotown) = &case.method.monotown else { return String::new() };
    let mut head = vec![String::new()];
    head.extend(monotown.readings.iter().enumerate().map(|(k, reading)| {
        let name = text.name(&reading.name);
        if k == monotown.used { text.fill("monotown.used", &[("reading", name)]) } else { name.to_owned() }
    }));
    let mut grid = Grid::new(head);
    for town in &case.towns {
        let meets = monotown.readings.iter().map(|r| case.method.is_monotown(r, town));
        let words = meets.map(|yes| text.get(if yes { "monotown.yes" } else { "monotown.no" }).to_owned());
        grid.row(std::iter::once(text.name(&town.name).to_owned()).chain(words).collect());
    }
    format!("{}\n\n{}", text.get("monotown.title"), grid.render())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::case::{Source, Town};
    use crate::text::Language;

    /// The enterprise employs 12 % in Temirtau and makes 82 % of the output: a monotown by one reading alone.
    #[test]
    fn the_two_readings_give_different_towns() {
        let case = Case::load(&Source::embedded(), &[]).unwrap();
        let monotown = case.method.monotown.as_ref().unwrap();
        let [either, both] = monotown.readings.as_slice() else { panic!("two readings") };
        assert_eq!((either.id.as_str(), both.id.as_str(), monotown.used), ("either", "both", 0));
        let not = |reading| {
            let towns = case.towns.iter().filter(|t: &&Town| !case.method.is_monotown(reading, t));
            towns.map(|t| t.id.as_str()).collect::<Vec<_>>()
        };
        assert!(not(either).is_empty());
        assert_eq!(not(both), ["temirtau"]);
        let table = table(&case, &Text::of(Language::En));
        assert!(table.contains("either criterion (used)"), "{table}");
        let row = table.lines().find(|l| l.starts_with("Temirtau")).unwrap();
        assert_eq!(row.split_whitespace().collect::<Vec<_>>(), ["Temirtau", "yes", "no"]);
    }
}
