//! How each kind of figure is drawn, a file each.

mod audit;
mod ballot;
mod calibration;
mod classes;
mod fan;
mod joint_counts;
mod lead;
mod map;
mod outcome;
mod overlay;
mod paired;
mod passage;
mod prices;
mod region;
mod resilience;
mod share_decomposition;

pub use calibration::{CalibrationPicture, calibration_pictures};

use super::context::Context;
use super::figure::Figure;
use super::kind::FigureKind;
use crate::analyse::TownResults;

/// Draws a kind, for a town where it is one of a town's: a sheet or several, none where there is nothing to draw.
pub(super) fn draw(kind: FigureKind, context: &Context<'_>, town: Option<&TownResults>) -> Vec<Figure> {
    let one = |draw: fn(&Context<'_>, &TownResults) -> Option<Figure>| {
        town.and_then(|town| draw(context, town)).into_iter().collect()
    };
    match kind {
        FigureKind::Region => region::draw(context),
        FigureKind::Map => map::draw(context),
        FigureKind::Resilience => resilience::draw(context),
        FigureKind::Together => joint_counts::draw(context).into_iter().collect(),
        FigureKind::Prices => prices::draw(context),
        FigureKind::Audit => audit::draw(context),
        FigureKind::FanComposites => one(fan::composites),
        FigureKind::FanDrivers => one(fan::drivers),
        FigureKind::Classes => one(classes::draw),
        FigureKind::Lead => one(|context, town| Some(lead::draw(context, town))),
        FigureKind::Overlay => one(overlay::draw),
        FigureKind::Votes => one(ballot::draw),
        FigureKind::Paired => one(paired::draw),
        FigureKind::FirstPassage => one(passage::draw),
        FigureKind::Split => one(share_decomposition::draw),
        FigureKind::Outcome => {
            // One for the last year and one for each year that was chosen.
            let years = context.chosen_years().into_iter();
            town.map_or_else(Vec::new, |town| years.filter_map(|t| outcome::draw(context, town, t)).collect())
        }
    }
}
