//! What was seen since the base year, beside the forecast made from it.

use std::fmt::Write as _;

use super::grid::Grid;
use super::names::Names;
use super::words::unit;
use crate::analyse::seen::{Seen, SeenForecast};
use crate::case::ObservedValue;
use crate::text::Text;

/// For people; empty where nothing was seen. `note` says under the table what can be read from it.
pub fn table(seen: &[Seen], names: Names<'_>) -> String {
    let text = names.text;
    if seen.is_empty() {
        return String::new();
    }
    let heads =
        ["seen.town", "seen.quantity", "seen.year", "seen.value", "seen.level", "seen.drawn", "seen.place"];
    let heads = heads.into_iter().chain(["seen.known", "seen.place"]);
    let mut grid = Grid::new(heads.map(|h| text.get(h).to_owned()).collect());
    let mut rest = String::new();
    for s in seen {
        let value = &names.case.observed[s.row];
        let start = start(value, names);
        let (Some(level), Some(forecasts)) = (s.level, s.forecasts) else {
            let line = [start.join(", "), value.note.clone()].join(": ");
            let _ = writeln!(rest, "  {}", line.trim_end_matches(": "));
            continue;
        };
        let mut row = start;
        row.push(exact(text, level));
        row.extend(forecasts.into_iter().flat_map(|f| forecast(f, names)));
        grid.row(row);
    }
    let base = names.case.base_year.to_string();
    let mut out = text.fill("seen.title", &[("year", &base)]) + "\n\n";
    if seen.iter().any(|s| s.forecasts.is_some()) {
        let _ = writeln!(out, "{}\n{}", grid.render(), text.get("seen.note"));
    }
    if !rest.is_empty() {
        let _ = write!(out, "{}\n{rest}", text.get("seen.not_compared"));
    }
    out
}

fn start(value: &ObservedValue, names: Names<'_>) -> Vec<String> {
    let text = names.text;
    let town = value.town.map_or("region", |t| names.case.towns[t].id.as_str());
    // An index of the region may have the id of a driver, which is about towns.
    let what = match value.town {
        Some(_) => names.quantity(&value.quantity).to_owned(),
        None => format!("region.{}", value.quantity),
    };
    let number = format!("{} {}", exact(text, value.value), unit(text, names.case, &value.unit));
    vec![names.town(town).to_owned(), what, value.year.to_string(), number]
}

/// A number with three digits or more, as growth needs them.
fn exact(text: &Text, value: f64) -> String {
    let decimals = match value.abs() {
        size if size >= 99.95 || value.fract() == 0.0 => 0,
        size if size >= 9.995 => 1,
        size if size >= 0.9995 => 2,
        _ => 3,
    };
    text.number(value, decimals)
}

/// Median with the 95 % band, and the place: under the reference scenario, over all of them where these differ.
fn forecast(forecast: SeenForecast, names: Names<'_>) -> [String; 2] {
    let text = names.text;
    let [low, median, high] = forecast.band.map(|x| exact(text, x));
    let percent = |x: f64| text.number(100.0 * x, 0);
    let (least, most) = (percent(forecast.places.0), percent(forecast.places.1));
    let own = text.percent_of(&percent(forecast.place));
    let place = if least == most { own } else { format!("{own} ({least}..{most})") };
    [format!("{median} ({low}..{high})"), place]
}
