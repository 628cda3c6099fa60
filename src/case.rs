//! The case: every input of a study, read from TOML and CSV files and checked as a whole.
//!
//! Takes a folder (or the case embedded in the program) and overrides; gives a [`Case`] in which no
//! invalid value is representable, or [`Faults`]: one report with every fault.
//!
//! A [`Source`] holds the texts of the files. `load` reads case.toml first, then what it names: commodities
//! and prices, the method, towns, drivers and events, scenarios, stresses. Readers note a fault and go on
//! with a stand-in, so that one report holds them all; faults that only follow from a file that could not be
//! read are left out. What only several files together can show (stability, the base year) comes last. The
//! files and their keys are described in docs/data-formats.md.
//!
//! # Examples
//! What a workshop changes, and what the program says about it:
//! ```
//! use boljam::case::{Case, Setting, Source};
//! let bolder = Setting::parse("diversification.other_output.multiple=3.5").unwrap();
//! let case = Case::load(&Source::embedded(), &[bolder])?;
//! let town = case.town("temirtau").unwrap();
//! let plan = &case.scenarios[case.scenario("diversification").unwrap()].plan[town];
//! let other = case.drivers.iter().position(|d| d.id == "other_output").unwrap();
//! assert_eq!((plan[other].value, plan[other].by), (3.5, 2035));
//!
//! let wrong = Setting::parse("temirtau.other_output.multiple=3.5").unwrap();
//! let faults = Case::load(&Source::embedded(), &[wrong]).unwrap_err();
//! assert!(faults.to_string().contains("no file 'temirtau' (known: assessment, balanced,"));
//! # Ok::<(), boljam::case::Faults>(())
//! ```

mod chronicle;
mod csv_reader;
mod driver;
mod event;
mod fault;
mod load;
mod method;
mod notice;
mod price;
mod scenario;
mod setting;
mod source;
mod toml_reader;
mod town;

use std::collections::BTreeMap;

pub use chronicle::ChronicleEntry;
pub use driver::{CrossImpact, Driver, Link, RegionIndex, Scaling};
pub use event::{Effect, Event, Trigger};
pub use fault::{Fault, Faults};
pub use method::{
    Better, Class, Composite, FirstPassage, Headline, Level, Method, PersonQuantity, ShareSplit,
    SubIndicator, SubIndicatorKind, class_of,
};
pub use notice::Notice;
pub use price::{Commodity, ObservedPrice, PriceModel, PriceProcess, PriceShock, Stress};
pub use scenario::{PlanEntry, PlanKind, PlanShape, Scenario};
pub use setting::Setting;
pub use source::Source;
pub use town::{Input, Town};

pub use crate::text::Name;

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
    /// Last simulated year (default: 2035 in the shipped case).
    pub horizon: i32,
    /// Seed of every draw.
    pub seed: u64,
    /// Correlation of plan errors between scenarios, 0..1.
    pub plan_correlation: f64,
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
    /// Indices of the region.
    pub region_indices: Vec<RegionIndex>,
    /// Weight of each commodity in the region's price level; they add up to 1.
    pub region_mix: Vec<f64>,
    /// Events.
    pub events: Vec<Event>,
    /// Commodities.
    pub commodities: Vec<Commodity>,
    /// What their prices have in common.
    pub prices: PriceModel,
    /// Price shocks to choose from.
    pub stresses: Vec<Stress>,
    /// The assessment method.
    pub method: Method,
    /// Observed history of the towns.
    pub panel: Vec<PanelValue>,
    /// Known events in order of year and id.
    pub chronicle: Vec<ChronicleEntry>,
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
    /// Reads and checks a case, with some values overridden.
    ///
    /// # Errors
    /// [`Faults`]: every fault of the case, each with file, place, value and what is allowed.
    ///
    /// # Examples
    /// ```
    /// use boljam::case::{Case, Setting, Source};
    /// let case = Case::load(&Source::embedded(), &[])?;
    /// assert_eq!(case.towns.len(), 8);
    /// let wrong = Setting::parse("drivers.unemployment.sigma=-1").unwrap();
    /// let faults = Case::load(&Source::embedded(), &[wrong]).unwrap_err();
    /// assert!(faults.to_string().contains("'-1' is not allowed (a number from 0 to 100)"));
    /// # Ok::<(), boljam::case::Faults>(())
    /// ```
    pub fn load(source: &Source, settings: &[Setting]) -> Result<Self, Faults> {
        load::load(source, settings)
    }

    /// Place of a town by its id.
    pub fn town(&self, id: &str) -> Option<usize> {
        self.towns.iter().position(|t| t.id == id)
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
