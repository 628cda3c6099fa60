//! The kinds of figures.

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

impl FigureKind {
    /// Every kind, in the order in which a reader should meet them.
    pub const ALL: [Self; 16] = [
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
        Self::Overlay,
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
            Self::Overlay => "overlay",
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
            Self::Region => "towns by scenarios: who leads, class of the main index, medians at the horizon",
            Self::FanComposites => "where the indices may go, year by year",
            Self::FanDrivers => "what moves underneath, year by year",
            Self::Outcome => "where the runs end in the last year, and in those of --years",
            Self::Classes => "probability of each class, year by year",
            Self::Lead => "which scenario leads, year by year",
            Self::Overlay => "two scenarios over each other: those of --overlay",
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
        matches!(
            self,
            Self::Region | Self::Map | Self::Resilience | Self::Together | Self::Prices | Self::Audit
        )
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
