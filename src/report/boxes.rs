//! Boxes of discovery as a table, CSV and JSON.

use std::fmt::Write as _;

use serde::Serialize;

use crate::report::assessment::Format;
use crate::report::grid::Grid;
use crate::report::indices::quoted;

/// A box: a step of a peeling, or a leaf of a tree.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct BoxRow {
    /// Its number, from 0.
    pub step: usize,
    /// Share of the rows of interest that lie in it.
    pub coverage: f64,
    /// Share of it that is of interest.
    pub density: f64,
    /// Share of all rows that lie in it.
    pub mass: f64,
    /// Monte Carlo error of the coverage.
    pub coverage_mcse: f64,
    /// Monte Carlo error of the density.
    pub density_mcse: f64,
    /// What it restricts.
    pub sides: Vec<SideRow>,
}

/// A factor that a box restricts.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SideRow {
    /// The factor.
    pub factor: String,
    /// Lower end, if it is one of the box's own.
    pub from: Option<f64>,
    /// Upper end, if it is one of the box's own.
    pub to: Option<f64>,
    /// The words that belong to it, for a factor of words.
    pub values: Vec<String>,
    /// Quasi-p-value, the larger one of both ends.
    pub p: Option<f64>,
    /// Quasi-p-value of the lower end, or of the words.
    pub p_from: Option<f64>,
    /// Quasi-p-value of the upper end.
    pub p_to: Option<f64>,
    /// Share of half samples whose box of the same coverage restricts it too.
    pub reproduced_coverage: Option<f64>,
    /// The same for their box of the same density.
    pub reproduced_density: Option<f64>,
}

/// Writes boxes; the table tells the one with this number in full.
///
/// # Errors
/// JSON that cannot be written, which there is none of.
pub fn render(boxes: &[BoxRow], chosen: usize, format: Format) -> Result<String, serde_json::Error> {
    Ok(match format {
        Format::Table => table(boxes, chosen),
        Format::Csv => csv(boxes),
        Format::Json => serde_json::to_string_pretty(boxes)? + "\n",
    })
}

fn number(x: Option<f64>) -> String {
    x.map_or_else(String::new, |x| x.to_string())
}

/// A row a side of a box; one without sides for a box that has none.
fn csv(boxes: &[BoxRow]) -> String {
    let mut out = String::from(
        "step,coverage,density,mass,factor,from,to,values,p,coverage_mcse,density_mcse,\
         reproduced_coverage,reproduced_density\n",
    );
    for b in boxes {
        let before = format!("{},{},{},{}", b.step, b.coverage, b.density, b.mass);
        let errors = format!("{},{}", b.coverage_mcse, b.density_mcse);
        if b.sides.is_empty() {
            // Writing to a string cannot fail.
            let _ = writeln!(out, "{before},,,,,,{errors},,");
        }
        for side in &b.sides {
            let _ = writeln!(
                out,
                "{before},{},{},{},{},{},{errors},{},{}",
                quoted(&side.factor),
                number(side.from),
                number(side.to),
                quoted(&side.values.join("|")),
                number(side.p),
                number(side.reproduced_coverage),
                number(side.reproduced_density)
            );
        }
    }
    out
}

fn table(boxes: &[BoxRow], chosen: usize) -> String {
    let plain = |cells: &[&str]| Grid::new(cells.iter().map(|c| (*c).to_owned()).collect());
    let head = |cells: &[&str]| plain(cells).right();
    let mut grid = plain(&["step", "coverage", "density", "mass", "restricts"]);
    let percent = |x: f64| format!("{:.1} %", 100.0 * x);
    let with = |x: f64, error: f64| format!("{:.1} +- {:.1} %", 100.0 * x, 100.0 * error);
    for b in boxes {
        let factors: Vec<&str> = b.sides.iter().map(|side| side.factor.as_str()).collect();
        let mark = if b.step == chosen { "*" } else { "" };
        grid.row(vec![
            format!("{}{mark}", b.step),
            with(b.coverage, b.coverage_mcse),
            with(b.density, b.density_mcse),
            percent(b.mass),
            factors.join(", "),
        ]);
    }
    let mut out = grid.render();
    if let Some(b) = boxes.iter().find(|b| b.step == chosen).filter(|b| !b.sides.is_empty()) {
        let mut grid = head(&["* box", "from", "to", "values", "p from", "p to", "reproduced"]);
        for side in &b.sides {
            let short = |x: Option<f64>| x.map_or_else(String::new, |x| format!("{x:.4}"));
            let p = |x: Option<f64>| x.map_or_else(String::new, |x| format!("{x:.1e}"));
            let again = match (side.reproduced_coverage, side.reproduced_density) {
                (Some(c), Some(d)) => format!("{:.0} %, {:.0} %", 100.0 * c, 100.0 * d),
                _ => String::new(),
            };
            grid.row(vec![
                side.factor.clone(),
                short(side.from),
                short(side.to),
                side.values.join(", "),
                p(side.p_from),
                p(side.p_to),
                again,
            ]);
        }
        out.push('\n');
        out.push_str(&grid.render());
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_box_has_a_row_for_each_side_and_one_if_it_has_none() {
        let side = SideRow {
            factor: "a".to_owned(),
            from: Some(0.5),
            to: None,
            values: Vec::new(),
            p: Some(0.01),
            p_from: Some(0.01),
            p_to: None,
            reproduced_coverage: Some(1.0),
            reproduced_density: Some(0.9),
        };
        let all = BoxRow {
            step: 0,
            coverage: 1.0,
            density: 0.25,
            mass: 1.0,
            coverage_mcse: 0.0,
            density_mcse: 0.01,
            sides: Vec::new(),
        };
        let words = SideRow {
            factor: "b".to_owned(),
            from: None,
            values: vec!["x".into(), "y".into()],
            ..side.clone()
        };
        let boxes = [all.clone(), BoxRow { step: 1, sides: vec![side, words], ..all }];
        let csv = render(&boxes, 1, Format::Csv).unwrap();
        assert_eq!(csv.lines().nth(1), Some("0,1,0.25,1,,,,,,0,0.01,,"));
        assert_eq!(csv.lines().nth(2), Some("1,1,0.25,1,a,0.5,,,0.01,0,0.01,1,0.9"));
        assert_eq!(csv.lines().nth(3), Some("1,1,0.25,1,b,,,x|y,0.01,0,0.01,1,0.9"));
        let columns = |line: &str| line.split(',').count();
        assert!(csv.lines().all(|line| columns(line) == 13));
        let table = render(&boxes, 1, Format::Table).unwrap();
        assert!(table.contains("1*") && table.contains("100 %, 90 %"), "{table}");
    }
}
