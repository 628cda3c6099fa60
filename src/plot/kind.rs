//! The kinds of figures, a file each.

mod classes;
mod fan;
mod lead;
mod outcome;
mod overlay;
mod region;

use super::context::Context;
use super::{Figure, PlotError};
use crate::analyse::TownResults;

/// A kind of figure: one for the region, or one for each town.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum FigureKind {
    /// Towns by scenarios on one sheet.
    Region,
    /// Fan charts of the indices.
    FanComposites,
    /// Fan charts of the main drivers.
    FanDrivers,
    /// Outcome distributions at the horizon.
    Outcome,
    /// Class probabilities by year.
    Classes,
    /// Shares of the lead by year.
    Lead,
    /// Two scenarios over each other.
    Overlay,
}

/// How a kind is drawn.
enum Draw {
    Region(fn(&Context<'_>) -> Result<Figure, PlotError>),
    Town(fn(&Context<'_>, &TownResults) -> Result<Figure, PlotError>),
    /// One that a town may lack.
    TownOptional(fn(&Context<'_>, &TownResults) -> Result<Option<Figure>, PlotError>),
    /// One for the last year and one for each year that was chosen, by its place among the years.
    TownYears(fn(&Context<'_>, &TownResults, usize) -> Result<Figure, PlotError>),
}

impl FigureKind {
    /// Every kind, in the order in which a reader should meet them.
    pub const ALL: [Self; 7] = [
        Self::Region,
        Self::Lead,
        Self::Outcome,
        Self::FanComposites,
        Self::FanDrivers,
        Self::Overlay,
        Self::Classes,
    ];

    /// Its name, which is also the name of its files.
    pub fn name(self) -> &'static str {
        match self {
            Self::Region => "region",
            Self::FanComposites => "fan-composites",
            Self::FanDrivers => "fan-drivers",
            Self::Outcome => "outcome",
            Self::Classes => "classes",
            Self::Lead => "lead",
            Self::Overlay => "overlay",
        }
    }

    /// What it shows, in a line.
    pub fn about(self) -> &'static str {
        match self {
            Self::Region => "towns by scenarios: who leads, class of the economy, unemployment, jobs",
            Self::FanComposites => "where the indices may go, year by year",
            Self::FanDrivers => "what moves underneath, year by year",
            Self::Outcome => "where the runs end in the last year, and in those of --years",
            Self::Classes => "probability of each class, year by year",
            Self::Lead => "which scenario leads, year by year",
            Self::Overlay => "two scenarios over each other: those of --overlay",
        }
    }

    /// The kind of this name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }

    /// True when there is one for the region rather than one a town.
    pub fn is_regional(self) -> bool {
        matches!(self.draw(), Draw::Region(_))
    }

    fn draw(self) -> Draw {
        match self {
            Self::Region => Draw::Region(region::draw),
            Self::FanComposites => Draw::Town(fan::composites),
            Self::FanDrivers => Draw::Town(fan::drivers),
            Self::Outcome => Draw::TownYears(outcome::draw),
            Self::Classes => Draw::Town(classes::draw),
            Self::Lead => Draw::Town(lead::draw),
            Self::Overlay => Draw::TownOptional(overlay::draw),
        }
    }
}

/// Draws a kind, for a town where it is one of a town's.
pub(super) fn draw(
    kind: FigureKind,
    context: &Context<'_>,
    town: Option<&TownResults>,
) -> Result<Vec<Figure>, PlotError> {
    Ok(match (kind.draw(), town) {
        (Draw::Region(draw), None) => vec![draw(context)?],
        (Draw::Town(draw), Some(town)) => vec![draw(context, town)?],
        (Draw::TownOptional(draw), Some(town)) => draw(context, town)?.into_iter().collect(),
        (Draw::TownYears(draw), Some(town)) => {
            let places = context.chosen_years().into_iter();
            places.map(|t| draw(context, town, t)).collect::<Result<_, _>>()?
        }
        _ => Vec::new(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_is_listed_once_and_found_by_its_name() {
        for (k, kind) in FigureKind::ALL.into_iter().enumerate() {
            assert_eq!(FigureKind::parse(kind.name()), Some(kind));
            assert!(!FigureKind::ALL[..k].contains(&kind) && !kind.about().is_empty());
        }
        assert_eq!(FigureKind::parse("nothing"), None);
        assert!(FigureKind::Region.is_regional() && !FigureKind::Lead.is_regional());
    }
}
