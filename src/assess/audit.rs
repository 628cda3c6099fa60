//! The audit: every place where the source disagrees with itself or with its own rules.
//!
//! Takes a case; gives [`Finding`]s. What the source printed is data (inputs, panel.csv, printed.csv); the
//! other side of every finding is computed from the rest of that data. Each rule is a short function:
//! composites and classes ([`composite`]), votes ([`choice`]), inputs that stand twice ([`input`]), growth
//! columns, sentences and breaks ([`series`]), what two tables imply about a third thing ([`implied`]), scales,
//! symbols and definitions ([`wording`]).

mod auditor;
mod choice;
mod composite;
mod finding;
mod implied;
mod input;
mod number;
mod phrase;
mod scales;
mod series;
mod wording;

pub use finding::{ClassChange, Effect, Finding, Kind};
pub use phrase::Phrase;
pub use scales::{OnScale, on_scales};

use crate::case::Case;
use auditor::Auditor;

/// Half a unit of the last decimal of a number as it is written at its shortest: what rounding may have taken.
///
/// # Examples
/// ```
/// use boljam::assess::rounding;
/// assert_eq!([rounding(82.0), rounding(27.3)], [0.5, 0.05]);
/// ```
pub fn rounding(value: f64) -> f64 {
    number::Stated::of(value).half
}

/// Lists every place where the source disagrees with itself or with its own rules.
///
/// The effects are those on the assessment from printed inputs with the method's first formulas.
///
/// # Examples
/// ```
/// use boljam::assess::{Kind, Phrase, audit};
/// use boljam::case::{Case, Source};
/// let findings = audit(&Case::load(&Source::embedded(), &[])?);
/// let slip = findings.iter().find(|f| f.kind == Kind::TenfoldSlip && f.town == "karazhal").unwrap();
/// assert_eq!((&slip.stated, &slip.other), (&Phrase::Plain("0.5".into()), &Phrase::Plain("5.3".into())));
/// assert!(slip.effect.lead.is_some());
/// # Ok::<(), boljam::case::Faults>(())
/// ```
pub fn audit(case: &Case) -> Vec<Finding> {
    let auditor = Auditor::new(case);
    let rules = [
        choice::votes,
        choice::recommendation,
        composite::classes,
        composite::values,
        composite::formulas,
        input::fractions,
        input::repeated_counts,
        input::stated_twice,
        input::signs,
        implied::totals,
        implied::histories,
        implied::persons,
        series::growth,
        series::changes,
        series::breaks,
        wording::scales,
        wording::symbols,
        wording::definitions,
    ];
    let mut findings: Vec<Finding> = rules.iter().flat_map(|rule| rule(&auditor)).collect();
    // Stable: within a kind the order stays that of rules, towns and items.
    findings.sort_by_key(|finding| finding.kind);
    findings
}
