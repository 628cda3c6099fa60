//! Sensitivity, discovery and robustness: samplers of points and analysers of what a model made of them.
//!
//! It knows no towns and no cases: names of factors, matrices of points, vectors of responses, so that a file
//! that another model wrote is read as well. Pure: text in, values out. Every draw depends on the seed and on
//! what is drawn; where threads share the work their parts are put together in a fixed order, so that the same
//! bits come out for any number of threads.
//!
//! | sampler | analyser |
//! |---|---|
//! | [`sobol::saltelli`] | [`sobol::indices()`]: S1, ST, S2 |
//! | [`morris::trajectories`] | [`morris::effects`]: mu, mu*, sigma |
//! | [`latin_hypercube`], or points of a file | [`given::pawn()`], [`given::delta()`], [`given::regional()`], [`shapley`] |
//! | runs of any kind | [`discover::prim()`], [`discover::cart()`] |
//! | alternatives over the same runs | [`robust`], [`medoids`] |
//!
//! docs/explore.md has every formula with its source and how it was checked.

pub mod analysis;
pub mod discover;
pub mod factor;
pub mod given;
mod interval;
mod latin_hypercube;
mod law;
pub mod medoids;
pub mod morris;
mod points;
pub mod read;
pub mod robust;
pub mod shapley;
pub mod sobol;
pub mod table;

pub use factor::{Factor, Factors};
pub use interval::Interval;
pub use latin_hypercube::latin_hypercube;
pub use law::Law;
pub use points::Points;

/// Whether a row of responses is left out: the model failed there.
pub(crate) fn failed(y: f64) -> bool {
    !y.is_finite()
}
