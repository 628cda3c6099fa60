//! What experts say matters: rankings of sub-indicators, how far they agree, and weights from them.
//!
//! [`Answers`] are read from a table; [`consensus()`] puts them together, [`agreement()`] says how far they agree, and
//! [`standing()`] who stands apart.

mod agreement;
mod answers;
mod consensus;

pub use agreement::{ExpertStanding, Standing, agreement, standing};
pub use answers::{AnswerFaults, Answers};
pub use consensus::{Consensus, consensus};
