//! The kinds of figures, a file each.

mod audit;
mod classes;
mod fan;
mod lead;
mod map;
mod outcome;
mod paired;
mod passage;
mod prices;
mod region;
mod resilience;
mod split;
mod together;
mod votes;

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
    /// The towns where they lie, and what every future brings.
    Map,
    /// Towns ranked by how likely they never meet the conditions of the last resort.
    Resilience,
    /// How many towns meet the conditions of the last resort in the same run.
    Together,
    /// Prices of the commodities.
    Prices,
    /// Each index on its scale by the source's own numbers.
    Audit,
    /// Votes by year, and the classes they come from.
    Votes,
    /// Differences to the reference scenario, run by run.
    Paired,
    /// Probability by year that an outcome has come.
    FirstPassage,
    /// What moves the enterprise's share of output.
    Split,
}

/// How a kind is drawn.
enum Draw {
    Region(fn(&Context<'_>) -> Result<Figure, PlotError>),
    Town(fn(&Context<'_>, &TownResults) -> Result<Figure, PlotError>),
    /// There may be nothing to draw.
    RegionIfAny(fn(&Context<'_>) -> Result<Option<Figure>, PlotError>),
    TownIfAny(fn(&Context<'_>, &TownResults) -> Result<Option<Figure>, PlotError>),
}

impl FigureKind {
    /// Every kind, in the order in which a reader should meet them.
    pub const ALL: [Self; 15] = [
        Self::Region,
        Self::Map,
        Self::Resilience,
        Self::Together,
        Self::Prices,
        Self::Audit,
        Self::Lead,
        Self::Votes,
        Self::Outcome,
        Self::Paired,
        Self::FirstPassage,
        Self::FanComposites,
        Self::FanDrivers,
        Self::Split,
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
            Self::Map => "map",
            Self::Resilience => "resilience",
            Self::Together => "together",
            Self::Prices => "prices",
            Self::Audit => "audit",
            Self::Votes => "votes",
            Self::Paired => "paired",
            Self::FirstPassage => "first-passage",
            Self::Split => "split",
        }
    }

    /// What it shows, in a line.
    pub fn about(self) -> &'static str {
        match self {
            Self::Region => "towns by scenarios: who leads, class of the economy, unemployment, jobs",
            Self::FanComposites => "where the indices may go, year by year",
            Self::FanDrivers => "what moves underneath, year by year",
            Self::Outcome => "where the runs end in the last year",
            Self::Classes => "probability of each class, year by year",
            Self::Lead => "which scenario leads, year by year",
            Self::Map => "the towns where they lie: who leads under each scenario",
            Self::Resilience => "towns ranked by how likely they never meet the last resort's conditions",
            Self::Together => "how many towns meet the last resort's conditions in the same run",
            Self::Prices => "prices: history, fan, the two branches",
            Self::Audit => "each index on its scale by the source's own numbers",
            Self::Votes => "votes year by year, and the classes they come from",
            Self::Paired => "difference to the reference scenario, run by run",
            Self::FirstPassage => {
                "probability by year of leaving monotown status, of the last resort's conditions"
            }
            Self::Split => "the mono-profile unmasked: other output growing, the enterprise shrinking",
        }
    }

    /// The kind of this name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }

    /// True when there is one for the region rather than one a town.
    pub fn is_regional(self) -> bool {
        matches!(self.draw(), Draw::Region(_) | Draw::RegionIfAny(_))
    }

    fn draw(self) -> Draw {
        match self {
            Self::Region => Draw::Region(region::draw),
            Self::FanComposites => Draw::Town(fan::composites),
            Self::FanDrivers => Draw::Town(fan::drivers),
            Self::Outcome => Draw::Town(outcome::draw),
            Self::Classes => Draw::Town(classes::draw),
            Self::Lead => Draw::Town(lead::draw),
            Self::Map => Draw::Region(map::draw),
            Self::Resilience => Draw::RegionIfAny(resilience::draw),
            Self::Together => Draw::RegionIfAny(together::draw),
            Self::Prices => Draw::RegionIfAny(prices::draw),
            Self::Audit => Draw::RegionIfAny(audit::draw),
            Self::Votes => Draw::Town(votes::draw),
            Self::Paired => Draw::TownIfAny(paired::draw),
            Self::FirstPassage => Draw::TownIfAny(passage::draw),
            Self::Split => Draw::TownIfAny(split::draw),
        }
    }
}

/// Draws a kind, for a town where it is one of a town's; none where there is nothing to draw.
pub(super) fn draw(
    kind: FigureKind,
    context: &Context<'_>,
    town: Option<&TownResults>,
) -> Option<Result<Figure, PlotError>> {
    match (kind.draw(), town) {
        (Draw::Region(draw), None) => Some(draw(context)),
        (Draw::Town(draw), Some(town)) => Some(draw(context, town)),
        (Draw::RegionIfAny(draw), None) => draw(context).transpose(),
        (Draw::TownIfAny(draw), Some(town)) => draw(context, town).transpose(),
        _ => None,
    }
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
