//! Sensitivity indices as a table, CSV and JSON.

use std::fmt::Write as _;

use serde::Serialize;

use crate::explore::Interval;
use crate::report::assessment::Format;
use crate::report::grid::Grid;

/// An index of a factor, or of a pair.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct IndexRow {
    /// What the index is of.
    pub output: String,
    /// Its year, if it has one.
    pub year: Option<i32>,
    /// The factor or group.
    pub factor: String,
    /// The second one of a pair.
    pub factor2: Option<String>,
    /// Name of the index.
    pub index: &'static str,
    /// The estimate.
    pub value: f64,
    /// Lower end of its 95 % interval; none where it has no interval.
    pub low: Option<f64>,
    /// Upper end.
    pub high: Option<f64>,
}

impl IndexRow {
    /// An index of a factor.
    pub fn new(output: &str, factor: &str, index: &'static str, estimate: Interval) -> Self {
        let finite = |x: f64| x.is_finite().then_some(x);
        Self {
            output: output.to_owned(),
            year: None,
            factor: factor.to_owned(),
            factor2: None,
            index,
            value: estimate.value,
            low: finite(estimate.low),
            high: finite(estimate.high),
        }
    }

    /// The same, of a pair.
    #[must_use]
    pub fn with(self, factor2: &str) -> Self {
        Self { factor2: Some(factor2.to_owned()), ..self }
    }
}

/// Writes indices.
///
/// # Errors
/// JSON that cannot be written, which there is none of.
pub fn render(rows: &[IndexRow], format: Format) -> Result<String, serde_json::Error> {
    Ok(match format {
        Format::Table => table(rows),
        Format::Csv => csv(rows),
        Format::Json => serde_json::to_string_pretty(rows)? + "\n",
    })
}

/// A cell of a CSV table, in quotes where it needs them.
pub(super) fn quoted(text: &str) -> String {
    if text.contains([',', '"', '\n']) {
        format!("\"{}\"", text.replace('"', "\"\""))
    } else {
        text.to_owned()
    }
}

fn csv(rows: &[IndexRow]) -> String {
    let mut out = String::from("output,year,factor,factor2,index,value,low,high\n");
    for row in rows {
        let number = |x: Option<f64>| x.map_or_else(String::new, |x| x.to_string());
        let year = row.year.map_or_else(String::new, |y| y.to_string());
        let factor2 = quoted(row.factor2.as_deref().unwrap_or_default());
        let value = if row.value.is_nan() { String::new() } else { row.value.to_string() };
        // Writing to a string cannot fail.
        let _ = writeln!(
            out,
            "{},{year},{},{factor2},{},{value},{},{}",
            quoted(&row.output),
            quoted(&row.factor),
            row.index,
            number(row.low),
            number(row.high)
        );
    }
    out
}

/// A table for each output, its factors by their last index that has an interval, the largest first; then its pairs.
fn table(rows: &[IndexRow]) -> String {
    let mut out = String::new();
    for part in rows.chunk_by(|a, b| (&a.output, a.year) == (&b.output, b.year)) {
        let (single, pairs): (Vec<&IndexRow>, Vec<&IndexRow>) =
            part.iter().partition(|r| r.factor2.is_none());
        let mut indices: Vec<&str> = Vec::new();
        let mut factors: Vec<&str> = Vec::new();
        for row in &single {
            if !indices.contains(&row.index) {
                indices.push(row.index);
            }
            if !factors.contains(&row.factor.as_str()) {
                factors.push(&row.factor);
            }
        }
        let find = |factor: &str, index: &str| single.iter().find(|r| r.factor == factor && r.index == index);
        let has_interval = |index: &&&str| single.iter().any(|r| r.index == **index && r.low.is_some());
        let main = indices.iter().rev().find(has_interval).or(indices.last());
        let size = |factor: &str| main.and_then(|i| find(factor, i)).map_or(f64::NEG_INFINITY, |r| r.value);
        factors.sort_by(|a, b| size(b).total_cmp(&size(a)));
        let of = part[0].year.map_or_else(|| part[0].output.clone(), |y| format!("{} {y}", part[0].output));
        let mut grid =
            Grid::new(std::iter::once(of).chain(indices.iter().map(|s| (*s).to_owned())).collect());
        for factor in factors {
            let cells =
                indices.iter().map(|index| find(factor, index).map_or_else(String::new, |row| cell(row)));
            grid.row(std::iter::once(factor.to_owned()).chain(cells).collect());
        }
        out.push_str(&grid.right().render());
        if !pairs.is_empty() {
            let mut grid = Grid::new(["", "", pairs[0].index].map(str::to_owned).to_vec());
            let mut pairs = pairs;
            pairs.sort_by(|a, b| b.value.total_cmp(&a.value));
            for row in pairs {
                grid.row(vec![row.factor.clone(), row.factor2.clone().unwrap_or_default(), cell(row)]);
            }
            out.push('\n');
            out.push_str(&grid.render());
        }
        out.push('\n');
    }
    out.truncate(out.trim_end().len());
    out + "\n"
}

/// The value and its interval.
fn cell(row: &IndexRow) -> String {
    match (row.low, row.high) {
        _ if row.value.is_nan() => "-".to_owned(),
        (Some(low), Some(high)) => format!("{:.3} ({low:.3} .. {high:.3})", row.value),
        _ => format!("{:.3}", row.value),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_put_the_largest_first_and_csv_keeps_the_order() {
        let index = |factor: &str, name, value: f64| {
            IndexRow::new("y", factor, name, Interval { value, low: value - 0.1, high: value + 0.1 })
        };
        let rows = [
            index("a, b", "S1", 0.25),
            index("a, b", "ST", 0.5),
            index("c", "S1", 0.5),
            index("c", "ST", 0.75),
            index("a, b", "S2", 0.125).with("c"),
            IndexRow::new("z", "c", "sigma", Interval::without(f64::NAN)),
        ];
        let csv = render(&rows, Format::Csv).unwrap();
        assert!(csv.contains("\ny,,\"a, b\",,S1,0.25,0.15,0.35\n"), "{csv}");
        assert!(csv.contains("\ny,,\"a, b\",c,S2,0.125,") && csv.ends_with("z,,c,,sigma,,,\n"), "{csv}");
        let table = render(&rows, Format::Table).unwrap();
        let lines: Vec<&str> = table.lines().collect();
        assert_eq!(lines[1], "c     0.500 (0.400 .. 0.600)  0.750 (0.650 .. 0.850)", "{table}");
        assert_eq!(lines[2], "a, b  0.250 (0.150 .. 0.350)  0.500 (0.400 .. 0.600)", "{table}");
        assert!(table.contains("a, b  c  0.125 (0.025 .. 0.225)"), "{table}");
        assert!(render(&rows, Format::Json).unwrap().contains("\"value\": null"));
    }
}
