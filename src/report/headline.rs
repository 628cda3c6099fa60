//! What is shown first: which scenario leads, how the case's headline index and rate stand at the horizon.

use super::grid::Grid;
use super::words::{label_with_unit, median_and_range, percent, trial};
use crate::analyse::{
    Cell, Estimate, Quantity, QuantityKind, Results, ScaledComposite, leader, leaders, likeliest_classes,
};
use crate::text::Text;

/// The index and the rate that the case puts first, as short tables and sentences tell them.
pub(crate) struct FirstTold<'a> {
    /// Place of the index among the scaled composites, and among the quantities.
    pub(crate) index: Option<(usize, usize)>,
    /// Place of the rate among the quantities.
    pub(crate) rate: Option<usize>,
    results: &'a Results,
}

impl<'a> FirstTold<'a> {
    /// Of these results.
    pub(crate) fn of(results: &'a Results) -> Self {
        let scaled = |q: usize| match results.quantities[q].kind {
            QuantityKind::Composite(k) => Some((k, q)),
            _ => None,
        };
        Self { index: results.headline.index.and_then(scaled), rate: results.headline.rate, results }
    }

    /// The index with its scale.
    pub(crate) fn scale(&self) -> Option<&'a ScaledComposite> {
        self.index.map(|(k, _)| &self.results.scaled[k])
    }

    /// The rate.
    pub(crate) fn rate(&self) -> Option<&'a Quantity> {
        self.rate.map(|q| &self.results.quantities[q])
    }

    /// The likeliest class of the index, or the several that are equally likely, with the probability of each.
    pub(crate) fn classes(&self, cell: &Cell, text: &Text) -> Option<(Vec<String>, Estimate)> {
        let (k, _) = self.index?;
        let classes = likeliest_classes(cell, k);
        let share = cell.classes[k][*classes.first()?];
        let name = |class: &usize| text.name(&self.results.scaled[k].classes[*class].name).to_owned();
        Some((classes.iter().map(name).collect(), share))
    }
}

/// The candidates with the largest share of the lead as a cell of a table names them, with the share of each.
pub(crate) fn leading(results: &Results, cell: &Cell, text: &Text) -> (String, Estimate) {
    let names = leaders(cell).into_iter().map(|s| text.name(&results.candidates[s].1));
    (names.collect::<Vec<_>>().join(TIED), leader(cell).1)
}

/// Between the names of what is tied, in a cell of a table.
pub(crate) const TIED: &str = " / ";

/// The table for the terminal: a row for each town and scenario.
pub fn table(results: &Results, text: &Text) -> String {
    let first = FirstTold::of(results);
    let Some(year) = results.setup.years.last().map(i32::to_string) else { return String::new() };
    let share = text.get("table.share").to_owned();
    let leads = text.fill("table.leader", &[("year", &year)]);
    let mut header = vec![text.get("table.town").to_owned(), text.get("table.path").to_owned(), leads, share];
    if let Some(scale) = first.scale() {
        header.push(text.fill("table.class", &[("symbol", &scale.symbol)]));
        header.push(text.get("table.runs").to_owned());
    }
    header.extend(first.rate().map(|q| label_with_unit(text, q)));
    let mut grid = Grid::new(header);
    for town in &results.towns {
        for (k, scenario) in town.scenarios.iter().enumerate() {
            let Some(cell) = scenario.years.last() else { continue };
            let name = if k == 0 { text.name(&town.name) } else { "" };
            let mut row = vec![name.to_owned(), text.name(&scenario.name).to_owned()];
            let (names, share) = leading(results, cell, text);
            row.extend([names, percent(text, share)]);
            if let Some((classes, share)) = first.classes(cell, text) {
                row.extend([classes.join(TIED), percent(text, share)]);
            }
            row.extend(first.rate.map(|q| median_and_range(text, &cell.quantities[q])));
            grid.row(row);
        }
    }
    let trial = results.setup.is_trial().then(|| trial(results.setup.runs, text).replace('*', "") + "\n");
    format!("{}{}\n{}", grid.render(), text.get("table.note"), trial.unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::test_double;
    use crate::text::Language;

    #[test]
    fn the_short_table_has_a_row_for_each_town_and_scenario() {
        assert_eq!(
            table(&test_double::results(), &Text::of(Language::En)),
            "\
town   under   leads in 2035  share of the lead  TDea class  share of runs  unemployment, %
aksu   steady  bold                70.0 ± 0.8 %  average          70 ± 4 %  5.0 (2.0 to 8.0)
       bold    bold                70.0 ± 0.8 %  average          70 ± 4 %  5.0 (2.0 to 8.0)
belsu  steady  bold                70.0 ± 0.8 %  average          70 ± 4 %  5.0 (2.0 to 8.0)
       bold    bold                70.0 ± 0.8 %  average          70 ± 4 %  5.0 (2.0 to 8.0)
± is the simulation error (95 of 100 seeds come that near); the last column is the median and the range of 90 % of runs
"
        );
    }
}
