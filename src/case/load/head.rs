//! What stands at the top of case.toml.

use toml::Table;

use super::super::fault::Faults;
use super::super::id;
use super::super::toml_reader::Node;
use super::super::{Name, PlanShape};
use super::loader::Loader;

/// Stands for a base year that cannot be read: the first that is allowed.
pub(super) const LOST_BASE_YEAR: i32 = 1000;

/// What case.toml says.
pub(super) struct Head {
    pub(super) id: String,
    pub(super) region: Name,
    pub(super) base_year: i32,
    pub(super) known_until: Option<i32>,
    pub(super) horizon: i32,
    pub(super) seed: u64,
    pub(super) plan_correlation: f64,
    pub(super) plan_shape: PlanShape,
    pub(super) delivery_correlation: f64,
    pub(super) has_delivery_correlation: bool,
    pub(super) scenario_ids: Vec<String>,
    pub(super) reference: String,
    pub(super) stress_ids: Vec<String>,
}

/// Reads what stands at the top of case.toml.
pub(super) fn read(loader: &mut Loader<'_>, top: &Node<'_>, table: &Table) -> Head {
    loader.toml_assumptions(top, table);
    let faults = &mut loader.faults;
    let id = top.new_id("id", faults);
    let base_year = top.integer("base_year", LOST_BASE_YEAR.into(), 3000, faults) as i32;
    let horizon = top.integer("horizon", 1000, 3000, faults) as i32;
    if horizon <= base_year || horizon > base_year + 200 {
        let allowed = format!("a year after the base year {base_year}, at most 200 years on");
        faults.refuse(top.file, "horizon", horizon, &allowed);
    }
    let known_until = top.has("known_until").then(|| top.integer("known_until", 1000, 3000, faults) as i32);
    if let Some(year) = known_until.filter(|year| *year < base_year) {
        let allowed = format!("the base year {base_year} or later");
        faults.refuse(top.file, "known_until", year, &allowed);
    }
    let region = top.node("region", faults).map(|r| r.name("name", faults));
    let scenario_ids = read_ids(top, "scenarios", faults);
    if scenario_ids.is_empty() || scenario_ids.len() > 8 {
        let count = scenario_ids.len();
        faults.refuse(top.file, "scenarios", format!("a list of {count}"), "1 to 8 scenarios");
    }
    let reference = top.text("reference", faults);
    if !scenario_ids.contains(&reference) {
        let known = format!("one of the scenarios: {}", scenario_ids.join(", "));
        faults.refuse(top.file, "reference", format!("'{reference}'"), &known);
    }
    let shapes = [("linear", PlanShape::Linear), ("smoothstep", PlanShape::Smoothstep)];
    let has_delivery_correlation = top.has("delivery_correlation");
    Head {
        id,
        region: region.unwrap_or_else(|| Name { en: String::new(), kk: String::new(), ru: String::new() }),
        base_year,
        known_until,
        horizon,
        seed: top.integer("seed", 0, i64::MAX, faults) as u64,
        plan_correlation: top.number("plan_correlation", 0.0, 1.0, faults),
        plan_shape: top.choice("plan_shape", &shapes, faults),
        delivery_correlation: if has_delivery_correlation {
            top.number("delivery_correlation", 0.0, 1.0, faults)
        } else {
            0.0
        },
        has_delivery_correlation,
        scenario_ids,
        reference,
        stress_ids: if top.has("stresses") { read_ids(top, "stresses", faults) } else { Vec::new() },
    }
}

/// A list of ids, each once.
fn read_ids(top: &Node<'_>, key: &'static str, faults: &mut Faults) -> Vec<String> {
    let ids = top.texts(key, faults);
    for (k, id) in ids.iter().enumerate() {
        if let Some(allowed) = id::objection(id) {
            faults.refuse(top.file, top.place(key), format!("'{id}'"), allowed);
        }
        if ids[..k].contains(id) {
            faults.add(top.file, top.place(key), format!("'{id}' stands twice"));
        }
        if id::NO_SCENARIO.contains(&id.as_str()) {
            let allowed = "another id: a file or a column of events.csv has this name";
            faults.refuse(top.file, top.place(key), format!("'{id}'"), allowed);
        }
    }
    ids
}
