//! The comparison of two results, as a table for people and as CSV.

use std::fmt::Write as _;

use super::grid::Grid;
use super::names::Names;
use super::records::Records;
use super::what_changed::what_changed;
use super::words::{difference, number, percent};
use crate::analyse::Estimate;
use crate::analyse::compare::Difference;

/// Two results side by side.
#[derive(Debug, Clone)]
pub struct Comparison<'a> {
    /// What the two are called.
    pub names: [String; 2],
    /// The year that is compared.
    pub year: i32,
    /// Number of runs compared.
    pub runs: u64,
    /// True when both went through the same draws.
    pub paired: bool,
    /// How inputs and options differ, a line each.
    pub changes: Vec<String>,
    /// The differences.
    pub differences: &'a [Difference],
}

impl Comparison<'_> {
    /// What was changed, and every difference that is firm and large enough to matter.
    pub fn table(&self, names: Names<'_>) -> String {
        let text = names.text;
        let (year, runs) = (self.year.to_string(), text.number(self.runs as f64, 0));
        let values = [("a", self.names[0].as_str()), ("b", &self.names[1]), ("year", &year), ("runs", &runs)];
        let mut out = text.fill("compare.title", &values);
        let key = if self.paired { "compare.paired" } else { "compare.unpaired" };
        let _ = writeln!(out, "\n{}\n", text.fill(key, &values));
        let key = if self.changes.is_empty() { "compare.none" } else { "compare.changes" };
        let _ = writeln!(out, "{}", text.fill(key, &values));
        for change in &self.changes {
            let _ = writeln!(out, "  {change}");
        }
        let mut moved: Vec<&Difference> = self.differences.iter().filter(|d| is_worth_showing(d)).collect();
        let still = (self.differences.len() - moved.len()).to_string();
        let all = self.differences.len().to_string();
        if !moved.is_empty() {
            for sentence in what_changed(self.differences, (&self.year.to_string(), self.runs), names) {
                let _ = writeln!(out, "\n{sentence}");
            }
            let left_out = moved.len().saturating_sub(ROWS);
            keep_largest(&mut moved, ROWS);
            let head =
                ["table.town", "table.path", "compare.quantity", "compare.median_a", "compare.median_b"];
            let head = head.iter().chain(&["compare.difference", "compare.better"]);
            let mut grid = Grid::new(head.map(|key| text.get(key).to_owned()).collect());
            for d in moved {
                grid.row(row(d, self.runs, names));
            }
            let _ = write!(out, "\n{}", grid.render());
            if left_out > 0 {
                let values = [
                    ("count", left_out.to_string()),
                    ("rows", ROWS.to_string()),
                    ("option", "--format csv".to_owned()),
                ];
                let _ = writeln!(out, "\n{}", text.fill("compare.left_out", &values));
            }
        }
        let is_same = self.differences.iter().all(|d| d.mean == 0.0 && d.mcse == 0.0);
        let key = if is_same { "compare.same" } else { "compare.still" };
        let _ = writeln!(out, "\n{}", text.fill(key, &[("still", &still), ("all", &all)]));
        out
    }

    /// Every difference as tidy CSV.
    pub fn csv(&self) -> String {
        let mut records = Records::new(&[
            "town",
            "scenario",
            "year",
            "quantity",
            "median_a",
            "median_b",
            "mean_a",
            "mean_b",
            "difference",
            "mcse",
            "better",
            "better_mcse",
            "paired",
        ]);
        let optional = |x: Option<f64>| x.map_or_else(String::new, |x| x.to_string());
        let paired = if self.paired { "yes" } else { "no" };
        for d in self.differences {
            let (means, mean) = ([Some(d.mean_a), Some(d.mean_b)], [Some(d.mean), Some(d.mcse)]);
            let [a, b] = means;
            let numbers = [d.median_a, d.median_b, a, b, mean[0], mean[1], d.better, d.better_mcse];
            let numbers = numbers.map(optional);
            let numbers: Vec<&dyn std::fmt::Display> = numbers.iter().map(|x| x as _).collect();
            let year = d.year.to_string();
            records.row(&[&d.town, &d.scenario, &year, &d.quantity], &numbers, &[paired]);
        }
        records.finish()
    }
}

/// Differences smaller than this share of the median (or of the lead) are not shown.
const WORTH_SHARE: f64 = 0.001;

/// So many rows are printed, those that move most.
const ROWS: usize = 30;

/// Size of a difference beside what it is a difference of.
fn relative(d: &Difference) -> f64 {
    d.mean.abs() / d.median_a.map_or(1.0, |median| median.abs().max(1e-9))
}

/// The rows that move most, in the order in which they stand.
fn keep_largest(rows: &mut Vec<&Difference>, count: usize) {
    let mut sizes: Vec<f64> = rows.iter().map(|d| relative(d)).collect();
    sizes.sort_by(|a, b| b.total_cmp(a));
    let Some(least) = sizes.get(count.saturating_sub(1)) else { return };
    rows.retain(|d| relative(d) >= *least);
    rows.truncate(count);
}

/// Larger than twice its Monte Carlo error, and than a thousandth of what it is a difference of.
fn is_worth_showing(d: &Difference) -> bool {
    let size = d.median_a.map_or(1.0, f64::abs);
    d.mean.abs() > 2.0 * d.mcse && d.mean.abs() > WORTH_SHARE * size
}

fn row(d: &Difference, runs: u64, names: Names<'_>) -> Vec<String> {
    let text = names.text;
    let median = |x: Option<f64>| x.map_or_else(String::new, |x| number(text, x));
    // Shares of the lead are read in percent.
    let scale = if d.median_a.is_none() { 100.0 } else { 1.0 };
    let mean = difference(text, Estimate::new(scale * d.mean, scale * d.mcse));
    let share = |value: f64| percent(text, Estimate::share(value * runs as f64, runs));
    let better = d.better.map(share);
    vec![
        names.town(&d.town).to_owned(),
        names.scenario(&d.scenario).to_owned(),
        names.compared(&d.quantity),
        median(d.median_a),
        median(d.median_b),
        if d.median_a.is_none() { text.percent_of(&mean) } else { mean },
        better.unwrap_or_default(),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::case::{Case, Source};
    use crate::text::{Language, Text};

    fn differences() -> Vec<Difference> {
        let row = |quantity: &str, medians: Option<(f64, f64)>, mean: f64| Difference {
            town: "aksu".to_owned(),
            scenario: "bold".to_owned(),
            year: 2035,
            quantity: quantity.to_owned(),
            median_a: medians.map(|m| m.0),
            median_b: medians.map(|m| m.1),
            mean_a: medians.map_or(0.5, |m| m.0),
            mean_b: medians.map_or(0.5, |m| m.0) + mean,
            mean,
            mcse: 0.002,
            better: medians.map(|_| 0.8),
            better_mcse: medians.map(|_| 0.004),
        };
        let unemployment = row("unemployment", Some((4.0, 3.5)), -0.5);
        vec![unemployment, row("TDea", Some((20.0, 20.0)), 0.019), row("lead.bold", None, 0.25)]
    }

    fn comparison(differences: &[Difference], paired: bool) -> Comparison<'_> {
        Comparison {
            names: ["one".to_owned(), "two".to_owned()],
            year: 2035,
            runs: 1000,
            paired,
            changes: vec!["- bold.toml:3: x = 1".to_owned(), "+ bold.toml:3: x = 2".to_owned()],
            differences,
        }
    }

    fn table(comparison: &Comparison<'_>, language: Language) -> String {
        let case = Case::load(&Source::embedded(), &[]).unwrap();
        comparison.table(Names { case: &case, text: &Text::of(language) })
    }

    #[test]
    fn the_table_shows_what_changed_and_by_how_much() {
        assert_eq!(
            table(&comparison(&differences(), true), Language::En),
            "\
What two changes against one in 2035
1,000 runs, each compared with itself: same draws, other inputs

what differs (- one, + two):
  - bold.toml:3: x = 1
  + bold.toml:3: x = 2

Who has most of the lead in 2035 changes in none of the futures compared (1).

Largest move, unemployment rate: aksu if bold, median 4.0 before, 3.5 after.

town  under  quantity                 median first  median second  mean difference  second better in
aksu  bold   unemployment rate                 4.0            3.5   -0.500 ± 0.004          80 ± 3 %
aksu  bold   share of the lead, bold                                 +25.0 ± 0.4 %

1 of 3 compared quantities move by less than twice their error or a thousandth of their size
"
        );
    }

    #[test]
    fn a_choice_that_turns_and_an_outcome_are_told_first() {
        let row = |town: &str, quantity: &str, (a, b): (f64, f64)| Difference {
            town: town.to_owned(),
            quantity: quantity.to_owned(),
            median_a: None,
            median_b: None,
            mean_a: a,
            mean_b: b,
            mean: b - a,
            ..differences().remove(0)
        };
        let of = |before: f64, after: f64| {
            let towns = ["abai", "saran", "satpayev", "temirtau"];
            let rows = towns.iter().flat_map(|town| {
                [
                    row(town, "lead.inertial", (before, after)),
                    row(town, "lead.balanced", (1.0 - before, 1.0 - after)),
                    row(town, "outcome.distress", (0.25, 0.125)),
                ]
            });
            table(&comparison(&rows.collect::<Vec<_>>(), true), Language::En)
        };
        let turned = of(0.75, 0.25);
        let choice = "in 4 of 4 futures: Abai if bold: Balanced instead of Inertial; Saran if bold: Balanced instead \
                      of Inertial; Satpayev if bold: Balanced instead of Inertial; 1 more.";
        assert!(turned.contains(choice), "{turned}");
        let outcome = "by 2035: Temirtau if bold, 25 ± 3 % of runs before, 12.5 ± 2.3 % after.";
        assert!(turned.contains(outcome), "{turned}");
        // A lead that grows or shrinks without turning is no change of the choice.
        assert!(of(0.75, 0.55).contains("changes in none of the futures compared (4)"));
    }

    #[test]
    fn a_median_that_stays_in_its_digits_is_no_move() {
        let rows = [Difference { median_b: Some(3.999), mean: -0.4, ..differences().remove(0) }];
        assert!(!table(&comparison(&rows, true), Language::En).contains("Largest move"));
    }

    #[test]
    fn only_the_rows_that_move_most_are_printed() {
        let many: Vec<Difference> = (0..100)
            .map(|k| Difference { mean: -0.01 * f64::from(k + 10), ..differences().remove(0) })
            .collect();
        let text = table(&comparison(&many, true), Language::En);
        assert_eq!(text.lines().filter(|line| line.starts_with("aksu")).count(), ROWS);
        assert!(text.contains("70 more with --format csv"), "{text}");
        assert!(text.contains("-1.090 ± 0.004") && !text.contains("-0.100 ± 0.004"), "{text}");
    }

    #[test]
    fn differing_seeds_are_owned_up_to() {
        let text = table(&comparison(&[], false), Language::En);
        assert!(text.contains("the seeds differ"), "{text}");
    }

    #[test]
    fn the_csv_has_every_row() {
        let text = comparison(&differences(), false).csv();
        assert_eq!(text.lines().count(), 4);
        assert_eq!(
            text.lines().nth(1),
            Some("aksu,bold,2035,unemployment,4,3.5,4,3.5,-0.5,0.002,0.8,0.004,no")
        );
        assert_eq!(text.lines().nth(3), Some("aksu,bold,2035,lead.bold,,,0.5,0.75,0.25,0.002,,,no"));
    }
}
