//! Questions of many studies: a case run in several ways at once, by a design.
//!
//! Takes a case and options; gives what the design says, with Monte Carlo errors.

pub mod variance;
