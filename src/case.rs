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

mod adjust;
mod adjustable;
mod calibration;
mod chronicle;
mod contents;
mod csv_reader;
mod delivery;
mod driver;
mod event;
mod factors;
mod fault;
mod id;
mod limit;
mod load;
mod method;
mod notice;
mod observed;
mod pattern;
mod posterior;
mod price;
mod price_table;
mod reach;
mod scenario;
mod setting;
mod skeleton;
mod source;
mod stress;
mod stress_text;
mod todo;
mod toml_lines;
mod toml_reader;
mod town;
mod unsaid;

pub use adjustable::{Adjustable, PriceNumber, RegionNumber};
pub use calibration::{Calibration, SeriesBreak};
pub use chronicle::ChronicleEntry;
pub use contents::{Assumption, Case, InputFile, PanelValue, PrintedValue};
pub use delivery::Delivery;
pub use driver::{CrossImpact, Driver, Link, RegionIndex, Scaling};
pub use event::{Effect, Event, Trigger};
pub use factors::{CaseFactor, CaseFactors, Held};
pub use fault::{Fault, Faults};
pub use limit::{Limit, LimitSpan};
pub use method::{
    Better, Class, ClassLevel, Composite, FirstPassage, Headline, Method, Monotown, MonotownReading,
    PersonQuantity, ShareSplit, SubIndicator, SubIndicatorKind, class_of,
};
pub use notice::Notice;
pub use observed::{Comparable, ObservedValue};
pub use pattern::name_matches;
pub use posterior::{Parameter, Posterior};
pub use price::{Commodity, ObservedPrice, PriceModel, PriceProcess};
pub use price_table::{Frequency, PriceFlaw, PricePoint, PriceSeries, PriceTable, PriceTableError, Verdict};
pub use scenario::{PlanEntry, PlanKind, PlanShape, Scenario};
pub use setting::Setting;
pub use skeleton::NewCase;
pub use source::Source;
pub use stress::{ForcedEvent, PlanShock, PriceShock, Stress};
pub use stress_text::BadStress;
pub use todo::{Todo, todo};
pub use town::{Input, Town};

pub use crate::text::Name;
