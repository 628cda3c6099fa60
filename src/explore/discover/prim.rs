//! PRIM: peeling away what is not of interest, a little at a time.

mod peel;
mod resample;
mod settings;
mod state;
mod step;
mod trajectory;

pub use resample::Reproduced;
pub use settings::Settings;
pub use step::Step;
pub use trajectory::{Prim, prim};
