//! `[monotown]` of method.toml: what a monotown is, in the readings of the definition.

use super::super::fault::Faults;
use super::super::toml_reader::{Node, check_names};
use super::super::{Monotown, MonotownReading};
use crate::formula::Formula;

/// The readings and which of them is used; the table may be left out.
pub(super) fn read(top: &Node<'_>, symbols: &[String], faults: &mut Faults) -> Option<Monotown> {
    if !top.has("monotown") {
        return None;
    }
    let node = top.node("monotown", faults)?;
    let readings: Vec<MonotownReading> = node
        .nodes("reading", faults)
        .iter()
        .map(|n| {
            let condition = n.formula("condition", faults).unwrap_or_else(|| Formula::constant(0.0));
            check_names(n.file, &n.place("condition"), &condition, symbols, faults);
            let reading =
                MonotownReading { id: n.new_id("id", faults), name: n.name("name", faults), condition };
            n.finish(faults);
            reading
        })
        .collect();
    for (k, reading) in readings.iter().enumerate() {
        if readings[..k].iter().any(|r| r.id == reading.id) {
            faults.add(node.file, node.place("reading"), format!("'{}' stands twice", reading.id));
        }
    }
    let used = node.text("used", faults);
    let place = readings.iter().position(|r| r.id == used);
    if place.is_none() && !used.is_empty() {
        let known = readings.iter().map(|r| r.id.as_str()).collect::<Vec<_>>().join(", ");
        faults.refuse(node.file, node.place("used"), format!("'{used}'"), &format!("known: {known}"));
    }
    node.finish(faults);
    Some(Monotown { readings, used: place? })
}
