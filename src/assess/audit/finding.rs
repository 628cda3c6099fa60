//! What the audit finds: a disagreement, its kind, and what it does to the choice of a scenario.

use std::fmt;

use super::phrase::Phrase;

/// One disagreement.
#[derive(Debug, Clone, PartialEq)]
pub struct Finding {
    /// What kind of fault it is.
    pub kind: Kind,
    /// Town id, or `region` for what concerns all.
    pub town: String,
    /// What it is about: `TDm`, `class.TDda`, `votes`, `growth.average_wage`, ...
    pub item: String,
    /// What the source says.
    pub stated: Phrase,
    /// Where it says so.
    pub stated_at: Phrase,
    /// What it should be by the other statement or by the rule.
    pub other: Phrase,
    /// Where the other side stands or how it is computed.
    pub other_at: Phrase,
    /// What changes in the town's choice of scenario when the other side replaces the stated one.
    pub effect: Effect,
    /// What a reader should know.
    pub notes: Vec<Phrase>,
}

/// Kinds of findings.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// Printed votes are not those that the matrix gives.
    Votes,
    /// The recommendation does not follow from the printed votes.
    Recommendation,
    /// A printed class is not the one that the value has on the scale.
    Class,
    /// The same thing stands in two places with different values.
    StatedTwice,
    /// A composite is not what its formula gives.
    Composite,
    /// The formula that the source prints does not give what it prints.
    Formula,
    /// A decimal point is lost or misplaced: a number is ten times too small or too large.
    TenfoldSlip,
    /// A printed ratio is not the printed numerator over the printed denominator.
    Fraction,
    /// Cut off or rounded to a neighbouring value.
    Rounding,
    /// One count for two different things.
    RepeatedCount,
    /// The regional totals that the towns' shares imply do not agree.
    ImpliedTotal,
    /// Town over region for one town, region over town for the others.
    Orientation,
    /// Two tables that describe one thing do not fit together.
    Identity,
    /// The sign differs from the one stated elsewhere.
    Sign,
    /// A growth rate divides by the final year, or has the wrong sign, or cannot be reproduced.
    Growth,
    /// The text says of a series what its table contradicts.
    Sentence,
    /// A series jumps as no other town's does.
    Break,
    /// A class's printed bounds overlap its neighbour's.
    Scale,
    /// One symbol for two things.
    Symbol,
    /// The definition of another thing.
    Definition,
}

impl Kind {
    /// As tables write it.
    pub fn id(self) -> &'static str {
        match self {
            Self::Votes => "votes",
            Self::Recommendation => "recommendation",
            Self::Class => "class",
            Self::StatedTwice => "stated twice",
            Self::Composite => "composite",
            Self::Formula => "formula",
            Self::TenfoldSlip => "tenfold slip",
            Self::Fraction => "fraction",
            Self::Rounding => "rounding",
            Self::RepeatedCount => "repeated count",
            Self::ImpliedTotal => "implied total",
            Self::Orientation => "orientation",
            Self::Identity => "identity",
            Self::Sign => "sign",
            Self::Growth => "growth",
            Self::Sentence => "sentence",
            Self::Break => "break in series",
            Self::Scale => "scale",
            Self::Symbol => "symbol",
            Self::Definition => "definition",
        }
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.id())
    }
}

/// What replacing the stated side by the other one does to a town's assessment.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Effect {
    /// Classes that change.
    pub classes: Vec<ClassChange>,
    /// Votes before and after, where they differ.
    pub votes: Option<(Vec<u32>, Vec<u32>)>,
    /// Ids of the leading scenarios before and after, where they differ.
    pub lead: Option<(Vec<String>, Vec<String>)>,
}

/// A class that changes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClassChange {
    /// Symbol of the composite.
    pub composite: String,
    /// Class by the stated side.
    pub from: String,
    /// Class by the other side.
    pub to: String,
}

impl Effect {
    /// True when neither class nor vote nor lead changes.
    pub fn is_none(&self) -> bool {
        *self == Self::default()
    }
}
