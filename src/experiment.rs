//! Experiments: questions that take many assessments, or many studies, to answer.
//!
//! `choice` and `survey` ask about today's assessment. `delivery`, `distress` and `limits` take a [`Study`](crate::analyse::Study),
//! which is made ready once, and survey its variants; `stress` sets the same runs with and without
//! shocks side by side; `variance` draws one source of the runs' differences at a time anew.

pub mod choice;
pub mod delivery;
pub mod distress;
pub mod limits;
pub mod stress;
pub mod survey;
pub mod variance;
