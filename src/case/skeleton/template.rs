//! Texts with places to fill, and what goes into them.

/// A text with each `@name@` replaced by its value.
pub(super) fn fill(text: &str, values: &[(&str, String)]) -> String {
    values.iter().fold(text.to_owned(), |text, (name, value)| text.replace(&format!("@{name}@"), value))
}

/// A row of a CSV file, cells quoted where they need it.
pub(super) fn row(cells: &[&str]) -> String {
    let quoted = |cell: &&str| {
        if cell.contains([',', '"', '\n']) {
            format!("\"{}\"", cell.replace('"', "\"\""))
        } else {
            (*cell).to_owned()
        }
    };
    cells.iter().map(quoted).collect::<Vec<_>>().join(",") + "\n"
}

/// A text as TOML writes it.
pub(super) fn quoted(text: &str) -> String {
    toml::Value::String(text.to_owned()).to_string()
}

/// What an id reads like: `iron_ore` is Iron ore.
pub(super) fn title(id: &str) -> String {
    let words = id.replace('_', " ");
    let mut letters = words.chars();
    letters
        .next()
        .map_or_else(String::new, |first| first.to_uppercase().collect::<String>() + letters.as_str())
}

/// Rows of a CSV text, the header left out.
pub(super) fn rows(text: &str) -> impl Iterator<Item = csv::StringRecord> {
    csv::Reader::from_reader(text.as_bytes())
        .into_records()
        .filter_map(Result::ok)
        .collect::<Vec<_>>()
        .into_iter()
}

/// Equal weights that add up to 1, as a TOML table's inside.
pub(super) fn shares(ids: &[String]) -> String {
    let share = 1_000_000 / ids.len().max(1);
    let last = 1_000_000 - share * ids.len().saturating_sub(1);
    let weight = |(k, id): (usize, &String)| {
        let parts = if k + 1 == ids.len() { last } else { share };
        format!("{id} = {}", parts as f64 / 1e6)
    };
    ids.iter().enumerate().map(weight).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_filled_and_cells_quoted() {
        assert_eq!(fill("a @x@ @y@ @x@", &[("x", "1".to_owned())]), "a 1 @y@ 1");
        assert_eq!(row(&["a", "b, c", "say \"d\""]), "a,\"b, c\",\"say \"\"d\"\"\"\n");
        assert_eq!(title("iron_ore"), "Iron ore");
        let ids = ["a", "b", "c"].map(str::to_owned);
        assert_eq!(shares(&ids), "a = 0.333333, b = 0.333333, c = 0.333334");
        assert_eq!(shares(&ids[..1]), "a = 1");
    }
}
