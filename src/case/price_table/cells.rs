//! Cells of price tables: dates, prices, signs for missing.

/// What stands for a missing price.
const MISSING: [&str; 10] = ["", "..", "...", "…", "-", "–", "n/a", "na", "nan", "n.a."];

/// Year, and month where there is one: 1960M01, 1960M1, 1960-01, 1960/01, 1960.01, 1960-01-31, 1960.
pub(super) fn date(cell: &str) -> Option<(i32, Option<i32>)> {
    let cell = cell.trim();
    let year: i32 = cell.get(..4).filter(|y| y.bytes().all(|b| b.is_ascii_digit()))?.parse().ok()?;
    let rest = cell.get(4..)?;
    if !(1000..=3000).contains(&year) {
        return None;
    }
    if rest.is_empty() {
        return Some((year, None));
    }
    let rest = rest.strip_prefix(['M', 'm', '-', '/', '.'])?;
    let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
    let (month, day) = rest.split_at(digits);
    let month: i32 = month.parse().ok().filter(|m| (1..=12).contains(m) && digits <= 2)?;
    let day = day.strip_prefix(['-', '/', '.']);
    let whole = day.map_or(digits == rest.len(), |d| {
        // A time of day may follow.
        let d = d.split([' ', 'T']).next().unwrap_or(d);
        d.parse::<u8>().is_ok_and(|d| (1..=31).contains(&d))
    });
    whole.then_some((year, Some(month)))
}

/// A price, or none where it is missing; an error where it is neither.
pub(super) fn price(cell: &str, decimal_comma: bool) -> Result<Option<f64>, ()> {
    let cell = cell.trim();
    if MISSING.contains(&cell.to_lowercase().as_str()) {
        return Ok(None);
    }
    let plain: String = cell.chars().filter(|c| !matches!(c, ' ' | '\u{a0}' | '\u{202f}')).collect();
    let plain = if decimal_comma {
        plain.replace(',', ".")
    } else if is_grouped(&plain) {
        plain.replace(',', "")
    } else {
        plain
    };
    // 'inf' and the like are no prices, though Rust reads them as numbers.
    let digits = plain.bytes().all(|b| b.is_ascii_digit() || matches!(b, b'.' | b'-' | b'+' | b'e' | b'E'));
    plain.parse().ok().filter(|x: &f64| digits && x.is_finite()).map(Some).ok_or(())
}

/// True of 12,345.6: groups of three after each comma, before any point.
fn is_grouped(text: &str) -> bool {
    let whole = text.split('.').next().unwrap_or(text).trim_start_matches(['-', '+']);
    let mut groups = whole.split(',');
    let first = groups.next().map_or(0, str::len);
    whole.contains(',') && (1..=3).contains(&first) && groups.all(|g| g.len() == 3)
}

/// An id made of a name: small letters, digits, underscores.
pub(super) fn id(name: &str) -> String {
    let mut id = String::new();
    for c in name.chars().flat_map(char::to_lowercase) {
        if c.is_ascii_alphanumeric() {
            id.push(c);
        } else if !id.is_empty() && !id.ends_with('_') {
            id.push('_');
        }
    }
    let id = id.trim_end_matches('_').to_owned();
    if id.starts_with(|c: char| c.is_ascii_alphabetic()) { id } else { format!("s_{id}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_read_in_every_layout() {
        for cell in [
            "1960M01",
            "1960M1",
            "1960m1",
            "1960-01",
            "1960/1",
            "1960.01",
            " 1960-01-31 ",
            "1960-01-31T00:00:00",
        ] {
            assert_eq!(date(cell), Some((1960, Some(1))), "{cell}");
        }
        assert_eq!(date("1960"), Some((1960, None)));
        for cell in
            ["", "Copper", "196", "1960M13", "1960M", "1960-1-32", "1960Q1", "0001", "19600", "１９６０"]
        {
            assert_eq!(date(cell), None, "{cell}");
        }
    }

    #[test]
    fn prices_are_numbers_or_missing() {
        for (cell, value) in
            [("715.4", 715.4), ("1,234.5", 1234.5), ("12,345", 12_345.0), ("-3", -3.0), ("1e3", 1000.0)]
        {
            assert_eq!(price(cell, false), Ok(Some(value)), "{cell}");
        }
        assert_eq!(price("1 234,5", true), Ok(Some(1234.5)));
        for cell in ["..", "…", "", " ", "n/a", "NaN", "-"] {
            assert_eq!(price(cell, false), Ok(None), "{cell}");
        }
        for cell in ["12,34", "inf", "7 or 8", "1.2.3", "$5"] {
            assert_eq!(price(cell, false), Err(()), "{cell}");
        }
    }

    #[test]
    fn ids_are_made_of_names() {
        assert_eq!(id("Iron ore, cfr spot"), "iron_ore_cfr_spot");
        assert_eq!(id("3-month zinc"), "s_3_month_zinc");
    }
}
