//! How sure the choice of today is, and what decides it.
//!
//! The method turns sub-indicators into composites, those into classes, and classes into votes. All of that is a
//! map that is constant but for jumps at the bounds of classes, so that questions about it have exact answers:
//!
//! - [`Uncertain`] says what may be otherwise ([`Group`]): inputs within their rounding, bounds, formulas, the weights
//!   of votes, an entry of the selection matrix.
//! - [`acceptability()`] draws from all that, and counts who leads and who takes which rank.
//! - [`flips()`] finds for every sub-indicator the smallest change that changes the leading scenarios, by bounding the
//!   map over whole intervals; [`joint_flip`] the smallest change of many at once, with a lower bound.
//! - [`indices()`] says which of the uncertain things decides.
//! - [`Weights`] count votes, or the parts inside composites, otherwise than alike.

mod acceptability;
mod circumstances;
mod decide;
mod enclosure;
mod factor;
mod flip;
mod joint;
mod number;
mod reach;
mod relax;
mod rules;
mod search;
mod slope;
mod tree;
mod uncertain;
mod weights;

pub use acceptability::{Acceptability, ScenarioAcceptability, acceptability};
pub use circumstances::Circumstances;
pub use decide::{DecidingIndices, Output, indices};
pub use factor::{Factor, Group};
pub use flip::{Flip, FlipKind, Trigger, flips};
pub use joint::{JointFlip, TownFlips, joint_flip};
pub use relax::Norm;
pub use rules::{Rules, Verdict};
pub use uncertain::{InputErrors, Uncertain, UnknownIndicator};
pub use weights::{UNIT, WeightFault, Weights, WeightsIn};
