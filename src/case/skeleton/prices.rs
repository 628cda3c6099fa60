//! Commodities and their prices: the series of the shipped case where it has them, else a flat stand-in.

use toml::{Table, Value};

use super::super::Source;
use super::template::{fill, quoted, row, rows, title};

fn shipped(file: &str) -> String {
    Source::embedded().files.remove(file).unwrap_or_default()
}

/// First and last year of the shipped series.
pub(super) fn years() -> (i32, i32) {
    let years: Vec<i32> = rows(&shipped("price_history.csv")).filter_map(|r| r[1].parse().ok()).collect();
    (years.iter().copied().min().unwrap_or(0), years.iter().copied().max().unwrap_or(0))
}

/// The block of a commodity in the shipped case.toml.
fn known(id: &str) -> Option<Table> {
    let case: Table = shipped("case.toml").parse().ok()?;
    let is_it = |c: &&Value| c.get("id").and_then(Value::as_str) == Some(id);
    case.get("commodity")?.as_array()?.iter().find(is_it)?.as_table().cloned()
}

/// The inside of a name's table: `en = "coal", ru = "уголь"`.
pub(super) fn name(names: &Table) -> String {
    let one = |(language, text): (&String, &Value)| format!("{language} = {text}");
    names.iter().map(one).collect::<Vec<_>>().join(", ")
}

/// A commodity's block in case.toml.
pub(super) fn commodity(id: &str, lang: &str) -> String {
    let Some(block) = known(id) else {
        let values = [("id", id.to_owned()), ("lang", lang.to_owned()), ("name", title(id))];
        return fill(include_str!("commodity.toml"), &values);
    };
    let names = block.get("name").and_then(Value::as_table).map_or_else(String::new, name);
    let unit = block.get("unit").and_then(Value::as_str).unwrap_or_default();
    format!("\n[[commodity]]\nid = {}\nname = {{ {names} }}\nunit = {}\n", quoted(id), quoted(unit))
}

/// Lines of `[names]` for the units of these commodities, each once.
pub(super) fn unit_names(commodities: &[String]) -> String {
    let case: Table = shipped("case.toml").parse().unwrap_or_default();
    let mut lines: Vec<String> = Vec::new();
    for block in commodities.iter().filter_map(|id| known(id)) {
        let unit = block.get("unit").and_then(Value::as_str).unwrap_or_default();
        let names = case.get("names").and_then(|n| n.get(unit)).and_then(Value::as_table);
        let line = names.map(|names| format!("{} = {{ {} }}\n", quoted(unit), name(names)));
        lines.extend(line.filter(|line| !lines.contains(line)));
    }
    lines.concat()
}

/// `price_history.csv`, `price_process.csv` and `price_correlations.csv`.
pub(super) fn files(commodities: &[String]) -> Vec<(String, String)> {
    let (first, last) = years();
    let mut history = row(&["commodity", "year", "average", "december"]);
    let header = "commodity,reversion,reversion_se,sd_reverting,sd_walk,level,level_se,basis\n";
    let mut process = header.to_owned();
    for id in commodities {
        let of = |file: &str| rows(&shipped(file)).filter(|r| &r[0] == id).collect::<Vec<_>>();
        for record in of("price_history.csv") {
            history.push_str(&row(&record.iter().collect::<Vec<_>>()));
        }
        for record in of("price_process.csv") {
            process.push_str(&row(&record.iter().collect::<Vec<_>>()));
        }
        if known(id).is_none() {
            for year in first..=last {
                history.push_str(&row(&[id, &year.to_string(), "100", "100"]));
            }
            let basis = format!(
                "fill me in: prices of {id} in price_history.csv, now flat, and this row from them by boljam prices fit (assumption until then)"
            );
            process.push_str(&row(&[id, "0.25", "0.10", "0.28", "0.30", "100", "0.15", &basis]));
        }
    }
    let files = [
        ("price_history.csv", history),
        ("price_process.csv", process),
        ("price_correlations.csv", correlations(commodities)),
    ];
    files.map(|(name, text)| (name.to_owned(), text)).into()
}

/// Every pair once; nothing in common where the shipped case does not say.
fn correlations(commodities: &[String]) -> String {
    let mut text = row(&["a", "b", "correlation", "basis"]);
    let shipped: Vec<_> = rows(&shipped("price_correlations.csv")).collect();
    for (k, a) in commodities.iter().enumerate() {
        for b in &commodities[..k] {
            let is_pair = |r: &&csv::StringRecord| (&r[0] == a && &r[1] == b) || (&r[0] == b && &r[1] == a);
            if let Some(record) = shipped.iter().find(is_pair) {
                text.push_str(&row(&record.iter().collect::<Vec<_>>()));
            } else {
                let how = format!("how the yearly changes of {b} and {a} go together");
                text.push_str(&row(&[b, a, "0", &format!("fill me in: {how} (assumption until then)")]));
            }
        }
    }
    text
}
