//! The assessment: sub-indicators -> composites -> classes -> votes -> leading scenarios.
//!
//! Takes a checked [`Case`] and a reading of it; gives an [`Assessment`] of every town in the base year, and
//! [`audit`]: every place where the source disagrees with itself.

mod audit;
mod missing;
mod reading;
mod vote;

pub use audit::{Finding, Kind, audit};
pub use missing::{ClassShare, Uncertain};
pub use reading::{Tdm, Variant};
pub use vote::{Verdict, lead_parts, verdict};

use crate::case::{Case, Input, Town, class_of};
use reading::Reading;

/// What the method says about every town, with one reading of the source.
#[derive(Debug, Clone, PartialEq)]
pub struct Assessment {
    /// Which numbers it starts from.
    pub variant: Variant,
    /// Which formula of the mono-profile degree it uses.
    pub tdm: Tdm,
    /// One entry a town, in the case's order.
    pub towns: Vec<TownAssessment>,
}

/// One town.
#[derive(Debug, Clone, PartialEq)]
pub struct TownAssessment {
    /// Index of the town in the case.
    pub town: usize,
    /// Value of each sub-indicator; the mode of one that the source does not print.
    pub sub_indicators: Vec<f64>,
    /// Value of each composite of the method, intermediate ones included.
    pub composites: Vec<f64>,
    /// Class of each composite: an index into its scale; none for one without a scale.
    pub classes: Vec<Option<usize>>,
    /// Votes and leaders.
    pub verdict: Verdict,
    /// The distribution behind it, for a town with missing inputs.
    pub uncertain: Option<Uncertain>,
}

/// Number of draws for towns with missing inputs (default: 10000).
pub const DRAWS: u64 = 10_000;

/// Assesses every town in the base year.
///
/// # Examples
/// ```
/// use boljam::assess::{Tdm, Variant, assess};
/// use boljam::case::{Case, Source};
/// let case = Case::load(&Source::embedded(), &[])?;
/// let assessment = assess(&case, Variant::PrintedInputs, Tdm::Root);
/// let karazhal = &assessment.towns[case.town("karazhal").unwrap()];
/// assert_eq!(karazhal.verdict.votes, [1, 4, 1, 2]);
/// # Ok::<(), boljam::case::Faults>(())
/// ```
pub fn assess(case: &Case, variant: Variant, tdm: Tdm) -> Assessment {
    let reading = Reading { case, variant, tdm };
    let towns = case.towns.iter().enumerate().map(|(index, town)| assess_town(&reading, index, town));
    Assessment { variant, tdm, towns: towns.collect() }
}

fn assess_town(reading: &Reading<'_>, index: usize, town: &Town) -> TownAssessment {
    let case = reading.case;
    let sub_indicators: Vec<f64> = town.inputs.iter().map(|input| reading.value(input)).collect();
    let composites = reading.composites(&sub_indicators);
    let classes: Vec<Option<usize>> = case
        .method
        .composites
        .iter()
        .zip(&composites)
        .map(|(c, value)| {
            let scale = c.scale.as_deref()?;
            Some(reading.printed_class(town, c).unwrap_or_else(|| class_of(scale, *value)))
        })
        .collect();
    let uncertain = town.inputs.iter().any(Input::is_uncertain);
    TownAssessment {
        town: index,
        verdict: verdict(case, &classes),
        uncertain: uncertain.then(|| missing::draw(reading, town, DRAWS)),
        sub_indicators,
        composites,
        classes,
    }
}
