//! Known events: chronicle.csv.

use super::super::{ChronicleEntry, Event, Town};
use super::events::read_towns;
use super::loader::Loader;

/// The file, which a case need not have.
const FILE: &str = "chronicle.csv";
/// So many letters fit on a picture.
const LETTERS: usize = 60;

/// Reads the known events in order of year and id; none where the case has no such file.
pub(super) fn read(loader: &mut Loader<'_>, towns: &[Town], events: &[Event]) -> Vec<ChronicleEntry> {
    if !loader.source.files.contains_key(FILE) {
        return Vec::new();
    }
    let ids: Vec<String> = events.iter().map(|e| e.id.clone()).collect();
    let columns = ["event", "is", "year", "towns", "label", "label_kk", "label_ru", "source"];
    let table = loader.csv(FILE, &["event"], &columns);
    // Whether an event is known cannot be said where events, or ids of them, were lost.
    let lost = events.is_empty() && !loader.broken.0.is_empty()
        || loader.faults.0.iter().any(|f| f.file == "events.csv" && f.place.ends_with(", event"));
    let faults = &mut loader.faults;
    let mut entries = Vec::new();
    for row in table.iter() {
        for column in ["label", "label_kk", "label_ru"] {
            if row.text(column).chars().count() > LETTERS {
                row.refuse(column, &format!("a text of at most {LETTERS} letters"), faults);
            }
        }
        if row.text("source").is_empty() {
            row.refuse("source", "who says so", faults);
        }
        let event = if lost || row.text("is").is_empty() { None } else { row.id("is", &ids, faults) };
        let concerned = read_towns(row, towns, faults);
        if let Some(event) = event.map(|e| &events[e]) {
            for (town, _) in
                towns.iter().zip(&concerned).zip(&event.towns).filter(|((_, now), can)| **now && !**can)
            {
                let allowed = format!("an event that can happen in {}, or none", town.0.id);
                row.refuse("is", &allowed, faults);
            }
        }
        entries.push(ChronicleEntry {
            id: row.new_id("event", faults),
            event,
            year: row.year("year", faults),
            towns: concerned,
            label: row.name("label", faults),
            source: row.text("source").to_owned(),
        });
    }
    entries.sort_by(|a, b| (a.year, &a.id).cmp(&(b.year, &b.id)));
    entries
}
