//! The dynamics of a town's indicators, compiled from a case.
//!
//! Takes a checked [`Case`](crate::case::Case) and [`Options`]; gives a [`Model`]: the laws of prices, region, noise and towns
//! as plain numbers, and the case's formulas as straight-line programs. On the link scale, with years t = 0
//! (base year) to H:
//!
//! ```text
//! z[t] = z[0] + tau[t] Delta + S[t] + y[t]      the plan, steps by events, the departure from both
//! y[t] = B[t] x[t] + d[t]                       x: log price level of the town's mix since the base year
//! d[t] = phi d[t-1] + (1 - phi) C (y[t-1] + S[t-1]) + e[t]
//! ```

mod at_draw;
mod base_moments;
mod change_correlation;
mod closed_form;
mod compile;
mod delivery;
mod deviation;
mod noise;
mod options;
mod parameters;
mod path;
mod path_delivery;
mod preview;
mod prices;
mod program;
mod quantity;
mod region;
mod town;
mod town_base;
mod variance_source;
mod variation;

pub use closed_form::{ClosedForm, LinkMoments, Normal};
pub use compile::{Model, ModelError};
pub use delivery::DeliveryLaw;
pub use deviation::DeviationLaw;
pub use noise::{NoiseLaw, SparseRow};
pub use options::{Options, Origin, RunScenario, RunTown, Uncertainty, UnknownId, places};
pub use parameters::{DrawnValues, ParameterLaw};
pub use path::{PathLaw, YearLaw};
pub use path_delivery::PathDelivery;
pub use preview::{PreviewRow, preview};
pub use prices::{Branch, PriceLaw};
pub use program::{Bank, Known, KnownRows, Operand, Operation, Program, Sign, SymbolTable};
pub use quantity::{Quantity, QuantityKind, quantities};
pub use region::RegionLaw;
pub use town::{EventLaw, GrowthProgram, OutcomeProgram, TownLaw};
pub use variance_source::VarianceSource;
pub use variation::Change;
