//! What a checked case holds.

use std::collections::BTreeMap;

use super::{
    Calibration, CaseFactors, ChronicleEntry, Commodity, CrossImpact, Driver, Event, Limit, Method, Name,
    Notice, ObservedValue, PlanShape, Posterior, PriceModel, RegionIndex, Scenario, Stress, Town,
};

/// A checked study: nothing in it is out of range, and every index points at something.
///
/// Towns, drivers, commodities, region indices and events are sorted by id, so that the order of files and
/// rows changes nothing; scenarios, sub-indicators and composites keep the order of their file, which is
/// the order in which people read them.
#[derive(Debug, Clone)]
pub struct Case {
    /// Identifier (`karaganda`).
    pub id: String,
    /// The region's name.
    pub region: Name,
    /// Last observed year, t = 0.
    pub base_year: i32,
    /// Last year of which it is known what happened: up to then only events of the chronicle happen. None where the case
    /// does not say.
    pub known_until: Option<i32>,
    /// Last simulated year (default: 2035 in the shipped case).
    pub horizon: i32,
    /// Seed of every draw.
    pub seed: u64,
    /// Correlation of plan errors between scenarios, 0..1.
    pub plan_correlation: f64,
    /// Correlation of the normal scores of delivery between towns of a run, 0..1; of no meaning where none is drawn.
    pub delivery_correlation: f64,
    /// How plans build up.
    pub plan_shape: PlanShape,
    /// Index of the scenario that others are compared with (inertial).
    pub reference: usize,
    /// Towns.
    pub towns: Vec<Town>,
    /// Scenarios.
    pub scenarios: Vec<Scenario>,
    /// Drivers of every town.
    pub drivers: Vec<Driver>,
    /// Correlation of the drivers' innovations, in their order.
    pub correlation: Vec<Vec<f64>>,
    /// Cross-impacts, sorted by (to, from).
    pub cross_impacts: Vec<CrossImpact>,
    /// Draws of the drivers' parameters; none where the case has none.
    pub posterior: Option<Posterior>,
    /// Indices of the region.
    pub region_indices: Vec<RegionIndex>,
    /// Weight of each commodity in the region's price level; they add up to 1.
    pub region_mix: Vec<f64>,
    /// Events.
    pub events: Vec<Event>,
    /// Commodities.
    pub commodities: Vec<Commodity>,
    /// Real annual averages of each commodity over as many years as there are, by year and without gaps; for how rare a
    /// fall is, no process is fitted to them. Empty where the case has none.
    pub long_prices: Vec<Vec<(i32, f64)>>,
    /// What their prices have in common.
    pub prices: PriceModel,
    /// Price shocks to choose from.
    pub stresses: Vec<Stress>,
    /// The assessment method.
    pub method: Method,
    /// Observed history of the towns.
    pub panel: Vec<PanelValue>,
    /// How the dynamics are fitted to it; none where the case does not say.
    pub calibration: Option<Calibration>,
    /// What its numbers may be, for studies of its sensitivity; empty where the case does not say.
    pub factors: CaseFactors,
    /// What was seen since the base year, in order of town (the region last), quantity and year: never fitted to.
    pub observed: Vec<ObservedValue>,
    /// Known events in order of year and id.
    pub chronicle: Vec<ChronicleEntry>,
    /// Conditions that runs keep, in order of id.
    pub limits: Vec<Limit>,
    /// Consumer prices by year, for deflating (year, index).
    pub consumer_prices: Vec<(i32, f64)>,
    /// What the source printed, for the audit.
    pub printed: Vec<PrintedValue>,
    /// Names for people of what has no name of its own, by id: units, indicators of the panel.
    pub names: BTreeMap<String, Name>,
    /// Values whose basis says 'assumption'.
    pub assumptions: Vec<Assumption>,
    /// What a user should know about the case although it is no fault.
    pub notices: Vec<Notice>,
    /// The files it was read from, in order of name.
    pub files: Vec<InputFile>,
}

impl Case {
    /// Place of a town by its id.
    pub fn town(&self, id: &str) -> Option<usize> {
        self.towns.iter().position(|t| t.id == id)
    }

    /// The years after the base year in which an event is known to have happened in a town, or not to have: true for the
    /// first one where it did, and so on up to [`Self::known_until`]. Empty where nothing is known.
    pub fn known_years(&self, event: usize, town: usize) -> Vec<bool> {
        let happened = |year: i32| {
            self.chronicle.iter().any(|e| (e.event, e.year) == (Some(event), year) && e.towns[town])
        };
        self.known_until.map_or_else(Vec::new, |last| (self.base_year + 1..=last).map(happened).collect())
    }

    /// Place of a scenario by its id.
    pub fn scenario(&self, id: &str) -> Option<usize> {
        self.scenarios.iter().position(|s| s.id == id)
    }
}

/// One observed value (panel.csv).
#[derive(Debug, Clone, PartialEq)]
pub struct PanelValue {
    /// Town id, or `region`.
    pub town: String,
    /// The year.
    pub year: i32,
    /// What was observed.
    pub indicator: String,
    /// The value.
    pub value: f64,
    /// Its unit.
    pub unit: String,
    /// Table or figure of the source.
    pub source: String,
    /// What is odd about it.
    pub note: String,
}

/// One thing that the source printed (printed.csv).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PrintedValue {
    /// Town id.
    pub town: String,
    /// What it is: `TDea`, `class.TDea`, `votes.inertial`, `growth.average_wage`, ...
    pub item: String,
    /// As printed.
    pub value: String,
    /// Where.
    pub source: String,
}

/// A value that nobody measured.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Assumption {
    /// File it stands in.
    pub file: String,
    /// What it is about.
    pub item: String,
    /// Its value as written.
    pub value: String,
    /// What is said about it.
    pub basis: String,
}

/// A file of the case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InputFile {
    /// Path inside the case folder, with forward slashes.
    pub name: String,
    /// Its text.
    pub text: String,
}
