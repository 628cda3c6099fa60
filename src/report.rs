//! The report stage.

mod assessment;
mod audit;
mod layout;

pub use assessment::{Format, UnknownFormat, render_assessment};
pub use audit::render_audit;
