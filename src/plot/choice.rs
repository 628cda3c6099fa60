//! Pictures of how sure the choice of today is.

mod acceptability;
mod flips;
mod indices;

pub use acceptability::acceptability;
pub use flips::flips;
pub use indices::indices;

use super::sheet::{Frame, Sheet};
use super::table::Table;
use super::theme::WIDTH;
use crate::case::Case;
use crate::text::Text;

/// A picture of the choice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChoicePicture {
    /// Its name, which is also that of its files: `acceptability`, `flips-balkhash`.
    pub name: String,
    /// Its title: the finding in words.
    pub title: String,
    /// What to say to who cannot see it.
    pub alt: String,
    /// The picture as SVG.
    pub svg: String,
    /// Width and height in pixels.
    pub size: (u32, u32),
    /// The numbers that it shows.
    pub table: Table,
}

impl ChoicePicture {
    fn new(name: String, frame: &Frame, sheet: Sheet, table: Table) -> Self {
        let alt = format!("{}. {}", frame.title.trim_end_matches('.'), frame.note);
        Self { name, title: frame.title.clone(), alt, svg: sheet.svg, size: (WIDTH, sheet.height), table }
    }
}

/// What a picture says of where it comes from.
fn caption(case: &Case, seed: u64, text: &Text) -> String {
    let seed = seed.to_string();
    let values = [
        ("command", "boljam choice"),
        ("case", &case.id),
        ("seed", &seed),
        ("version", env!("CARGO_PKG_VERSION")),
    ];
    text.fill("plot.choice_caption", &values)
}

/// Name of a town.
fn town_name<'c>(case: &'c Case, id: &'c str, text: &'c Text) -> &'c str {
    case.town(id).map_or(id, |t| text.name(&case.towns[t].name))
}

/// Names of scenarios as a list; nobody where there is none.
fn scenario_names(case: &Case, scenarios: &[usize], text: &Text) -> String {
    if scenarios.is_empty() {
        return text.get("choice.nobody").to_owned();
    }
    let names: Vec<String> =
        scenarios.iter().map(|s| text.name(&case.scenarios[*s].name).to_owned()).collect();
    text.list(&names)
}
