//! The audit: every place where the source disagrees with itself or with its own rules.
//!
//! Takes a case; gives [`Finding`]s. What the source printed is data (inputs, panel.csv, printed.csv); the
//! other side of every finding is computed from the rest of that data. Each rule is a short function:
//! composites and classes ([`composite`]), votes ([`choice`]), inputs that stand twice ([`input`]), growth
//! columns and breaks ([`series`]), what two tables imply about a third thing ([`implied`]), scales,
//! symbols and definitions ([`wording`]).

mod choice;
mod composite;
mod implied;
mod input;
mod number;
mod phrase;
mod scales;
mod series;
mod wording;

pub use scales::{OnScale, on_scales};

use std::fmt;

pub use phrase::Phrase;

use super::variant::class_named;
use super::{Evaluator, Reading, Score, Variant, variant};
use crate::case::{Case, Input, PrintedValue, class_of};

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

/// Town name of rows that concern all towns.
const REGION: &str = "region";

/// The case with what several rules need.
struct Auditor<'c> {
    case: &'c Case,
    evaluator: Evaluator,
    /// Score of each town from printed inputs.
    scores: Vec<Score>,
}

impl<'c> Auditor<'c> {
    fn new(case: &'c Case) -> Self {
        let evaluator = Evaluator::new(&case.method, &Reading::default());
        let score = |town| variant::score(case, &evaluator, town, Variant::PrintedInputs);
        let scores = case.towns.iter().map(score).collect();
        Self { case, evaluator, scores }
    }

    fn town(&self, id: &str) -> Option<usize> {
        self.case.towns.iter().position(|town| town.id == id)
    }

    fn sub_indicator(&self, symbol: &str) -> Option<usize> {
        self.case.method.sub_indicators.iter().position(|s| s.symbol == symbol)
    }

    fn composite(&self, symbol: &str) -> Option<usize> {
        self.case.method.composites.iter().position(|c| c.symbol == symbol)
    }

    /// Rows of printed.csv about one item of one town.
    fn printed(&self, town: &str, item: &str) -> impl Iterator<Item = &'c PrintedValue> {
        let rows = self.case.printed.iter();
        rows.filter(move |row| row.town == town && row.item == item)
    }

    /// Rows of printed.csv whose item starts with `prefix`, with the rest of the item.
    fn printed_with(&self, prefix: &'static str) -> impl Iterator<Item = (&'c PrintedValue, &'c str)> {
        self.case.printed.iter().filter_map(move |row| Some((row, row.item.strip_prefix(prefix)?)))
    }

    /// The printed value of an input with its table.
    fn input(&self, town: usize, sub_indicator: usize) -> Option<(f64, &'c str)> {
        match &self.case.towns[town].inputs[sub_indicator] {
            Input::Printed { value, source, .. } => Some((*value, source)),
            Input::Missing { .. } => None,
        }
    }

    /// Name of a class of a composite.
    fn class_name(&self, composite: usize, class: usize) -> String {
        let method = &self.case.method;
        let level = method.composites[composite].scale.as_ref().and_then(|scale| scale.get(class));
        level.map_or_else(String::new, |class| method.levels[class.level].id.clone())
    }

    fn class_named(&self, composite: usize, name: &str) -> Option<usize> {
        class_named(self.case, &self.case.method.composites[composite], name)
    }

    /// Class of a value of a composite.
    fn class_of(&self, composite: usize, value: f64) -> Option<usize> {
        class_of(self.case.method.composites[composite].scale.as_deref()?, value)
    }

    /// The town's score when one input has another value.
    fn score_with_input(&self, town: usize, sub_indicator: usize, value: f64) -> Score {
        let mut inputs = self.scores[town].sub_indicators.clone();
        inputs[sub_indicator] = value;
        Score::of(self.case, &self.evaluator, inputs)
    }

    /// The town's score when one composite has another value.
    fn score_with_composite(&self, town: usize, composite: usize, value: f64) -> Score {
        let inputs = self.scores[town].sub_indicators.clone();
        let composites = self.evaluator.composites_with(&inputs, &[(composite, value)]);
        let classes = composites.iter().enumerate().map(|(i, x)| self.class_of(i, *x)).collect();
        Score::from_classes(self.case, inputs, composites, classes)
    }

    /// The town's score when one composite is in another class.
    fn score_with_class(&self, town: usize, composite: usize, class: usize) -> Score {
        let Score { sub_indicators, composites, mut classes, .. } = self.scores[town].clone();
        classes[composite] = Some(class);
        Score::from_classes(self.case, sub_indicators, composites, classes)
    }

    fn effect(&self, stated: &Score, other: &Score) -> Effect {
        let classes = stated.classes.iter().zip(&other.classes).enumerate();
        let changes = classes.filter_map(|(i, (a, b))| {
            let (from, to) = ((*a)?, (*b)?);
            (from != to).then(|| ClassChange {
                composite: self.case.method.composites[i].symbol.clone(),
                from: self.class_name(i, from),
                to: self.class_name(i, to),
            })
        });
        Effect { classes: changes.collect(), ..self.effect_of_votes(&stated.votes, &other.votes) }
    }

    fn effect_of_votes(&self, stated: &[u32], other: &[u32]) -> Effect {
        let leaders = |votes: &[u32]| self.scenario_ids(&super::lead(votes).leaders);
        let lead = (leaders(stated), leaders(other));
        Effect {
            classes: Vec::new(),
            votes: (stated != other).then(|| (stated.to_vec(), other.to_vec())),
            lead: (lead.0 != lead.1).then_some(lead),
        }
    }

    fn effect_of_input(&self, town: usize, sub_indicator: usize, stated: f64, other: f64) -> Effect {
        let score = |value| self.score_with_input(town, sub_indicator, value);
        self.effect(&score(stated), &score(other))
    }

    fn effect_of_composite(&self, town: usize, composite: usize, stated: f64, other: f64) -> Effect {
        let score = |value| self.score_with_composite(town, composite, value);
        self.effect(&score(stated), &score(other))
    }

    fn effect_of_class(&self, town: usize, composite: usize, stated: usize, other: usize) -> Effect {
        let score = |class| self.score_with_class(town, composite, class);
        self.effect(&score(stated), &score(other))
    }

    fn scenario_ids(&self, indices: &[usize]) -> Vec<String> {
        indices.iter().map(|s| self.case.scenarios[*s].id.clone()).collect()
    }
}
