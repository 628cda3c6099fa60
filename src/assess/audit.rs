//! The audit: every place where the source disagrees with itself or with its own rules, computed from what
//! it printed.

mod composites;
mod series;
mod statements;

use super::reading::Reading;
use super::{Tdm, TownAssessment, Variant, assess, verdict};
use crate::case::{Case, Town, class_of};

/// What kind of disagreement a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// A composite differs from its own formula.
    Composite,
    /// A value follows another formula than the printed one.
    Formula,
    /// A class differs between tables, or from the scale.
    Class,
    /// Votes differ from what the classes or inputs give.
    Votes,
    /// A share differs from its own numerator and denominator.
    Fraction,
    /// The same thing is stated with two values.
    StatedTwice,
    /// A value differs from what another table implies.
    CrossTable,
    /// Towns imply different totals of one region.
    ImpliedTotal,
    /// Values of one column are turned different ways.
    Orientation,
    /// A growth column does not follow from its series.
    Growth,
    /// A series jumps where the others do not.
    SeriesBreak,
    /// A count cannot be, given another.
    Identity,
    /// A scale is printed with other bounds.
    Scale,
    /// One symbol stands for two things.
    Symbol,
    /// A definition is that of something else.
    Definition,
}

impl Kind {
    /// Its name in tables.
    pub fn id(self) -> &'static str {
        match self {
            Self::Composite => "composite",
            Self::Formula => "formula",
            Self::Class => "class",
            Self::Votes => "votes",
            Self::Fraction => "fraction",
            Self::StatedTwice => "stated twice",
            Self::CrossTable => "cross-table",
            Self::ImpliedTotal => "implied total",
            Self::Orientation => "orientation",
            Self::Growth => "growth",
            Self::SeriesBreak => "series break",
            Self::Identity => "identity",
            Self::Scale => "scale",
            Self::Symbol => "symbol",
            Self::Definition => "definition",
        }
    }
}

/// One disagreement: what is stated, what it should agree with, and what hangs on it.
#[derive(Debug, Clone, PartialEq)]
pub struct Finding {
    /// What kind it is.
    pub kind: Kind,
    /// Town id, or `region`.
    pub town: String,
    /// What it is about.
    pub item: String,
    /// What the source states.
    pub stated: String,
    /// Where.
    pub stated_at: String,
    /// What that should agree with.
    pub other: String,
    /// Where that stands, or how it is computed.
    pub other_at: String,
    /// What changes if the other one is right.
    pub effect: Effect,
}

/// What a finding changes.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Effect {
    /// A class changes.
    pub class: bool,
    /// A vote changes.
    pub votes: bool,
    /// The set of leading scenarios changes.
    pub lead: bool,
    /// In words.
    pub text: String,
}

/// Everything the audit looks at.
struct Auditor<'a> {
    case: &'a Case,
    /// The assessment from printed inputs, towns in the case's order.
    towns: Vec<TownAssessment>,
    findings: Vec<Finding>,
}

/// Audits a case.
///
/// # Examples
/// ```
/// use boljam::assess::{Kind, audit};
/// use boljam::case::{Case, Source};
/// let findings = audit(&Case::load(&Source::embedded(), &[])?);
/// let slip = findings.iter().find(|f| f.kind == Kind::Fraction && f.town == "karazhal").unwrap();
/// assert_eq!((slip.stated.as_str(), slip.other.as_str()), ("0.5", "5.30"));
/// assert!(slip.effect.lead);
/// # Ok::<(), boljam::case::Faults>(())
/// ```
pub fn audit(case: &Case) -> Vec<Finding> {
    let towns = assess(case, Variant::PrintedInputs, Tdm::Root).towns;
    let mut auditor = Auditor { case, towns, findings: Vec::new() };
    auditor.composites();
    auditor.fractions();
    auditor.classes();
    auditor.votes();
    auditor.stated_twice();
    auditor.cross_tables();
    auditor.orientation();
    auditor.growth();
    auditor.breaks();
    auditor.identities();
    auditor.definitions();
    auditor.findings.sort_by_key(|f| f.kind);
    auditor.findings
}

impl Auditor<'_> {
    /// What changes in a town if one input is another.
    fn effect_of_input(&self, town: usize, sub_indicator: usize, value: f64) -> Effect {
        let reading = Reading { case: self.case, variant: Variant::PrintedInputs, tdm: Tdm::Root };
        let before = &self.towns[town];
        let mut inputs = before.sub_indicators.clone();
        inputs[sub_indicator] = value;
        let composites = reading.composites(&inputs);
        let classes = self.case.method.composites.iter().zip(&composites);
        let classes = classes.map(|(c, v)| c.scale.as_deref().map(|s| class_of(s, *v))).collect();
        self.effect(town, &composites, classes)
    }

    /// What changes in a town if its composites and classes are others.
    fn effect(&self, town: usize, composites: &[f64], classes: Vec<Option<usize>>) -> Effect {
        let method = &self.case.method;
        let before = &self.towns[town];
        let after = verdict(self.case, &classes);
        let mut parts = Vec::new();
        for (k, composite) in method.composites.iter().enumerate() {
            let (Some(old), Some(new)) = (before.classes[k], classes[k]) else { continue };
            if old != new {
                parts.push(format!(
                    "{} {:.2} -> {:.2}: {} -> {}",
                    composite.symbol,
                    before.composites[k],
                    composites[k],
                    self.class_name(k, old),
                    self.class_name(k, new)
                ));
            }
        }
        let mut effect = Effect { class: !parts.is_empty(), ..Effect::default() };
        if after.votes != before.verdict.votes {
            effect.votes = true;
            parts.push(format!("votes {} -> {}", slashes(&before.verdict.votes), slashes(&after.votes)));
        }
        if after.leaders != before.verdict.leaders {
            effect.lead = true;
            parts.push(format!(
                "lead {} -> {}",
                self.scenarios(&before.verdict.leaders),
                self.scenarios(&after.leaders)
            ));
        }
        effect.text =
            if parts.is_empty() { "no class, vote or lead changes".to_owned() } else { parts.join("; ") };
        effect
    }

    fn class_name(&self, composite: usize, class: usize) -> &str {
        let scale = self.case.method.composites[composite].scale.as_deref().unwrap_or_default();
        scale.get(class).map_or("", |c| self.case.method.levels[c.level].id.as_str())
    }

    fn scenarios(&self, leaders: &[usize]) -> String {
        leaders.iter().map(|s| self.case.scenarios[*s].id.as_str()).collect::<Vec<_>>().join(" + ")
    }

    /// Place of a sub-indicator.
    fn symbol(&self, symbol: &str) -> Option<usize> {
        self.case.method.sub_indicators.iter().position(|s| s.symbol == symbol)
    }

    /// Towns whose inputs the source prints.
    fn complete(&self) -> impl Iterator<Item = (usize, &Town)> {
        self.case.towns.iter().enumerate().filter(|(_, t)| t.is_complete())
    }
}

/// `0/2/4/5`.
fn slashes(votes: &[u32]) -> String {
    votes.iter().map(u32::to_string).collect::<Vec<_>>().join("/")
}

/// Half a unit of the last printed digit: what rounding alone explains.
fn rounding(text: &str) -> f64 {
    let decimals = text.split_once('.').map_or(0, |(_, d)| d.len());
    0.5 * 10.0_f64.powi(-(decimals as i32)) * (1.0 + 1e-9)
}
