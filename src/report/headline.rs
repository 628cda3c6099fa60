//! What is shown first: which scenario leads, how the economy and unemployment stand at the horizon.

use super::grid::Grid;
use super::words::{label_with_unit, median_and_range, percent, trial};
use crate::analyse::{
    Cell, Estimate, Quantity, QuantityKind, Results, ScaledComposite, leader, likeliest_class,
};
use crate::text::Text;

/// The composite and the driver that stand for all in short tables.
pub(crate) struct Headline<'a> {
    /// Place of the composite among the scaled ones, and among the quantities.
    pub(crate) composite: Option<(usize, usize)>,
    /// Place of the driver among the quantities.
    pub(crate) driver: Option<usize>,
    results: &'a Results,
}

impl<'a> Headline<'a> {
    /// The composite with the finest scale (the first of them), and the driver whose paired differences are
    /// kept, which is what people ask after first.
    pub(crate) fn of(results: &'a Results) -> Self {
        let classes: Vec<usize> = results.scaled.iter().map(|s| s.classes.len()).collect();
        let (composite, driver) = places(&results.quantities, &classes);
        Self { composite, driver, results }
    }

    /// The composite with its scale.
    pub(crate) fn scale(&self) -> Option<&'a ScaledComposite> {
        self.composite.map(|(k, _)| &self.results.scaled[k])
    }

    /// The driver.
    pub(crate) fn driver(&self) -> Option<&'a Quantity> {
        self.driver.map(|q| &self.results.quantities[q])
    }

    /// The likeliest class of the composite, with its probability.
    pub(crate) fn class<'t>(&self, cell: &Cell, text: &'t Text) -> Option<(&'t str, Estimate)>
    where
        'a: 't,
    {
        let (k, _) = self.composite?;
        let (class, share) = likeliest_class(cell, k);
        Some((text.name(&self.results.scaled[k].classes[class].name), share))
    }
}

/// Places of the composite (among the scaled ones and among the quantities) and of the driver, given the
/// number of classes of each scaled composite.
fn places(quantities: &[Quantity], classes: &[usize]) -> (Option<(usize, usize)>, Option<usize>) {
    let finest = classes.iter().max();
    let scale = classes.iter().position(|n| Some(n) == finest);
    let place = |kind| quantities.iter().position(|q| q.kind == kind);
    let composite = scale.and_then(|k| Some((k, place(QuantityKind::Composite(k))?)));
    let driver = quantities.iter().position(|q| q.paired && matches!(q.kind, QuantityKind::Driver(_)));
    (composite, driver)
}

/// The table for the terminal: a row for each town and scenario.
pub fn table(results: &Results, text: &Text) -> String {
    let headline = Headline::of(results);
    let Some(year) = results.setup.years.last().map(i32::to_string) else { return String::new() };
    let share = text.get("table.share").to_owned();
    let leads = text.fill("table.leader", &[("year", &year)]);
    let mut header = vec![text.get("table.town").to_owned(), text.get("table.path").to_owned(), leads, share];
    if let Some(scale) = headline.scale() {
        header.push(text.fill("table.class", &[("symbol", &scale.symbol)]));
        header.push(text.get("table.runs").to_owned());
    }
    header.extend(headline.driver().map(|q| label_with_unit(text, q)));
    let mut grid = Grid::new(header);
    for town in &results.towns {
        for (k, scenario) in town.scenarios.iter().enumerate() {
            let Some(cell) = scenario.years.last() else { continue };
            let name = if k == 0 { text.name(&town.name) } else { "" };
            let mut row = vec![name.to_owned(), text.name(&scenario.name).to_owned()];
            let (s, share) = leader(cell);
            row.extend([text.name(&results.candidates[s].1).to_owned(), percent(text, share)]);
            if let Some((class, share)) = headline.class(cell, text) {
                row.extend([class.to_owned(), percent(text, share)]);
            }
            row.extend(headline.driver.map(|q| median_and_range(text, &cell.quantities[q])));
            grid.row(row);
        }
    }
    let trial = results.setup.is_trial().then(|| trial(results.setup.runs, text).replace('*', "") + "\n");
    format!("{}{}\n{}", grid.render(), text.get("table.note"), trial.unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::fake;
    use crate::text::Language;

    #[test]
    fn the_short_table_has_a_row_for_each_town_and_scenario() {
        assert_eq!(
            table(&fake::results(), &Text::of(Language::En)),
            "\
town   under   leads in 2035  share of the lead  TDea class  share of runs  unemployment, %
aksu   steady  bold                70.0 ± 0.8 %  average          70 ± 4 %  5.0 (2.0 to 8.0)
       bold    bold                70.0 ± 0.8 %  average          70 ± 4 %  5.0 (2.0 to 8.0)
belsu  steady  bold                70.0 ± 0.8 %  average          70 ± 4 %  5.0 (2.0 to 8.0)
       bold    bold                70.0 ± 0.8 %  average          70 ± 4 %  5.0 (2.0 to 8.0)
± is twice the Monte Carlo error; the last column is the median and the range of 90 % of runs
"
        );
    }
}
