//! Plain-text tables for the terminal.

/// Lays out a table: the first column to the left, the others to the right, two blanks between.
pub(super) fn columns(header: &[String], rows: &[Vec<String>]) -> String {
    let mut widths: Vec<usize> = Vec::new();
    for row in std::iter::once(header).chain(rows.iter().map(Vec::as_slice)) {
        widths.resize(widths.len().max(row.len()), 0);
        for (width, cell) in widths.iter_mut().zip(row) {
            *width = (*width).max(cell.chars().count());
        }
    }
    let line = |row: &[String]| {
        let cells = row.iter().zip(&widths).enumerate().map(|(i, (cell, width))| {
            if i == 0 { format!("{cell:<width$}") } else { format!("{cell:>width$}") }
        });
        format!("{}\n", cells.collect::<Vec<_>>().join("  ").trim_end())
    };
    std::iter::once(header).chain(rows.iter().map(Vec::as_slice)).map(line).collect()
}

/// A number with at most so many decimals, no trailing zeros.
pub(super) fn short(x: f64, decimals: usize) -> String {
    let text = format!("{x:.decimals$}");
    let text = if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.') } else { &text };
    if text == "-0" { "0".to_owned() } else { text.to_owned() }
}

/// A table as CSV text.
pub(super) fn csv(header: &[&str], rows: impl Iterator<Item = Vec<String>>) -> String {
    let mut writer = csv::Writer::from_writer(Vec::new());
    // Writing to memory cannot fail; a row of another length would, and there is none.
    let _ = writer.write_record(header);
    for row in rows {
        let _ = writer.write_record(&row);
    }
    writer.into_inner().map_or_else(|_| String::new(), |bytes| String::from_utf8_lossy(&bytes).into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_line_up_by_characters_not_bytes() {
        let row = |cells: [&str; 2]| cells.map(str::to_owned).to_vec();
        let text = columns(&row(["", "Балқаш"]), &[row(["class", "low"]), row(["TDm", "46.73"])]);
        assert_eq!(text, "       Балқаш\nclass     low\nTDm     46.73\n");
    }

    #[test]
    fn short_numbers_have_no_trailing_zeros() {
        assert_eq!([53.0, 46.733, 0.5, -0.001].map(|x| short(x, 2)), ["53", "46.73", "0.5", "0"]);
    }
}
