//! Experiments: questions that take many assessments, or many studies, to answer.
//!
//! `choice` and `survey` ask about today's assessment. `delivery`, `distress` and `limits` take a
//! [`Study`](crate::analyse::Study), which is made ready once, and survey its variants; `futures` asks it at the points of a
//! design; `stress` sets the same runs with and without shocks side by side; `variance` draws one source of the runs'
//! differences at a time anew. `robust` compares scenarios run by run; `discover` and `stories` look into the runs of
//! one scenario.

pub mod choice;
pub mod delivery;
pub mod discover;
pub mod distress;
pub mod futures;
pub mod limits;
pub mod robust;
pub mod run_words;
pub mod stories;
pub mod stress;
pub mod survey;
pub mod variance;
