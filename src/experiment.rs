//! Experiments: questions whose answer takes many studies of varied cases.
//!
//! Each takes a [`Study`](crate::analyse::Study), which is made ready once, and surveys its variants.

pub mod delivery;
pub mod distress;
pub mod limits;
