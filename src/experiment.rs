//! Experiments: questions whose answer takes many studies of varied cases.
//!
//! Most take a [`Study`](crate::analyse::Study), which is made ready once, and survey its variants; `variance` draws one
//! source of the runs' differences at a time anew.

pub mod delivery;
pub mod distress;
pub mod variance;
