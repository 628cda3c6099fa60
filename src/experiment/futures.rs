//! What the futures hang on: how figures of the results answer to the case's assumptions.
//!
//! Takes a [`Study`](crate::analyse::Study), [`Factors`] (chosen among those of factors.toml), [`Output`]s (figures by name) and points; every
//! point is a variant of the study (`Study::vary`), asked for the outputs. The analysers are those of
//! [`crate::explore`].
//!
//! The aleatory part is integrated: an output is a figure of an ensemble, and all points see the same draws. What these
//! draws do to an index is told by the delete-one jackknife over batches of runs (Efron and Stein 1981): with I the
//! index and I_b that without batch b of B,
//!
//! ```text
//! se^2 = se_points^2 + (B - 1)/B sum of (I_b - mean of I_b)^2
//! ```
//!
//! where se_points is the bootstrap's over the points. Intervals are I ± 1.96 se.

mod estimate;
mod evaluate;
mod factors;
mod one_at_a_time;
mod output;
mod words;

pub use estimate::{Estimated, estimate};
pub use evaluate::{Responses, evaluate, lean};
pub use factors::{Axis, Factors, UnknownFactors};
pub use one_at_a_time::{Swing, Swings, one_at_a_time};
pub use output::{Output, Scope, outputs, scope};
pub use words::{factor as factor_in_words, output as output_in_words};
