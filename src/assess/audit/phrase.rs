//! What a finding says, in no language: ids and values that the report puts into words.

use crate::assess::Variant;

/// One side of a finding, where it stands, or a note on it. Numbers are written out as the source or
/// the audit writes them; towns, classes, scenarios, drivers and symbols are ids.
#[derive(Debug, Clone, PartialEq)]
pub enum Phrase {
    /// A number, a fraction, bounds, votes, a formula: alike in every language.
    Plain(String),
    /// A growth rate in percent.
    Percent(String),
    /// A place of the source (`Table 22`), or several.
    Cited(Vec<String>),
    /// A value with the place where it stands.
    At(String, String),
    /// A class.
    Class(String),
    /// Scenarios.
    Scenarios(Vec<String>),
    /// Scenarios with their votes.
    VotesOf(Vec<(String, u32)>),
    /// A sign: `positive`, `negative`, `zero`.
    Sign(String),
    /// What a series is said to have done: `fell`, `rose`, `halved`, `doubled`.
    Change(String),
    /// By how many percent it has changed.
    ChangedBy(String),
    /// The name that the source gives something, as data have it.
    Named(String),
    /// Values above a bound.
    Above(String),
    /// A sub-indicator, with its name.
    SubIndicator(String),
    /// The definition of a sub-indicator.
    DefinitionOf(String),
    /// A variant of the assessment.
    Variant(Variant),
    /// The formula printed at a place of the source: formula, place.
    PrintedFormula(String, String),
    /// The scale at a value: computed by the formula, or printed at a place.
    OnScale(Vec<(String, Option<String>)>),
    /// A town's own value, where it stands, the regional total, and the town whose values imply that.
    Regional(String, Box<Phrase>, String, String),
    /// The base level of a driver.
    BaseLevel(String),
    /// First value and year, last value and year, and where they stand.
    FromTo(String, i32, String, i32, String),
    /// The median of the towns in a year.
    MedianOfTowns,
    /// The classes beside a class.
    ClassesBeside,
    /// The row that something stands in.
    OwnRow,
    /// By which rules votes were counted.
    CountedBy(Variant),
    /// The recommendation names the first scenario and passes over the second, which has more votes.
    PassesOver(String, String),
    /// A composite agrees with another reading: its name, the value.
    AgreesWith(String, String),
    /// Digits were cut off.
    CutOff,
    /// Rounded to a neighbouring value.
    RoundedAway,
    /// One of the two.
    CutOrRounded,
    /// The scale has no such class.
    NoSuchClass,
    /// Printed ten times too small.
    TenTimesTooSmall,
    /// Printed ten times too large.
    TenTimesTooLarge,
    /// One count for two things.
    OneCount,
    /// Regional values that the towns imply: town, value.
    Implied(Vec<(String, String)>),
    /// Read the other way round, the regional value would be this.
    TurnedRound(String),
    /// What a share would have to be: symbol, value.
    WouldHaveToBe(String, String),
    /// The same, and more than the most that is possible: symbol, value, most.
    Impossible(String, String, String),
    /// The effect is that of the number with the other sign.
    OtherSign,
    /// The sign is wrong.
    WrongSign,
    /// A growth rate divides by the final year, which gives this.
    DividesByFinal(String),
    /// A growth rate takes this for the last value, which lost its decimal comma.
    LostComma(String),
    /// The same, and divides by it.
    LostCommaDivides(String),
    /// Cannot be reproduced.
    NotReproduced,
    /// A break in a series rather than growth.
    BreakNotGrowth,
    /// Printed bounds overlap another class.
    BoundsOverlap,
    /// One symbol for two things.
    OneSymbol,
}

impl Phrase {
    /// A place of the source.
    pub(super) fn cited(source: &str) -> Self {
        Self::Cited(vec![source.to_owned()])
    }

    /// Something alike in every language.
    pub(super) fn plain(what: &impl ToString) -> Self {
        Self::Plain(what.to_string())
    }
}
