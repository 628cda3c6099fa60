//! The assessment method as data: sub-indicators, composites, scales and the selection matrix.

use super::{Name, Town};
use crate::formula::{Formula, exceeds};

/// Which direction of a quantity is the better one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Better {
    /// More is better.
    Higher,
    /// Less is better.
    Lower,
    /// Neither is.
    Neither,
}

/// The method of a case (method.toml).
#[derive(Debug, Clone)]
pub struct Method {
    /// All class names from worst to best as the file orders them ("very low" to "high").
    pub levels: Vec<ClassLevel>,
    /// The measured inputs of the method, in the file's order.
    pub sub_indicators: Vec<SubIndicator>,
    /// The indices built from them, in the file's order; later ones may use earlier ones.
    pub composites: Vec<Composite>,
    /// Planned mono-profile degree, 0..1, a formula over sub-indicators; it scales exposures.
    pub mono_degree: Formula,
    /// Yearly growth of the population, per thousand, a formula over drivers
    /// (method.toml: `population_growth = "natural_increase + net_migration"`).
    pub population_growth: Formula,
    /// Quantities counted in persons, in the file's order. `Town::levels["population"]` is the base.
    pub persons: Vec<PersonQuantity>,
    /// Outcomes whose first year counts, in the file's order.
    pub first_passages: Vec<FirstPassage>,
    /// The share whose change is split into its two causes.
    pub share_split: ShareSplit,
    /// What is told first.
    pub headline: Headline,
    /// What a monotown is, where the case says so.
    pub monotown: Option<Monotown>,
}

/// The definition of a monotown. A source that can be read in two ways has two readings, of which one is used.
#[derive(Debug, Clone)]
pub struct Monotown {
    /// The readings, in the file's order.
    pub readings: Vec<MonotownReading>,
    /// Index of the one that is used.
    pub used: usize,
}

/// One reading of the definition.
#[derive(Debug, Clone)]
pub struct MonotownReading {
    /// Identifier (`either`).
    pub id: String,
    /// What it says.
    pub name: Name,
    /// A formula with comparisons (1 = true) over sub-indicators.
    pub condition: Formula,
}

/// What headlines, summaries and the first pictures tell of a town: ids of quantities, each of which a case
/// may leave out.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Headline {
    /// Symbol of a composite with a scale (`TDea`).
    pub index: Option<String>,
    /// Id of the quantity that people read as a rate (`unemployment`): a driver or a tracked sub-indicator.
    pub rate: Option<String>,
    /// Id of a quantity counted in persons (`people_at_enterprise`).
    pub people: Option<String>,
}

/// A class name that scales use.
#[derive(Debug, Clone)]
pub struct ClassLevel {
    /// As the files write it ("below average").
    pub id: String,
    /// As people read it.
    pub name: Name,
}

/// A sub-indicator of the method.
#[derive(Debug, Clone)]
pub struct SubIndicator {
    /// The source's symbol (`TDm1`).
    pub symbol: String,
    /// What it is.
    pub label: Name,
    /// Its unit.
    pub unit: String,
    /// The better direction.
    pub better: Better,
    /// Where its value comes from as time goes on.
    pub kind: SubIndicatorKind,
    /// Smallest and largest value that makes sense.
    pub range: (f64, f64),
    /// True when its whole distribution is kept, not only what the composites make of it.
    pub tracked: bool,
}

/// How a sub-indicator moves with time.
#[derive(Debug, Clone)]
pub enum SubIndicatorKind {
    /// Computed each year from drivers (`wage`), region indices (`region.wage`) and base-year values
    /// (`base.TDa1`, `base.unemployment`).
    Formula(Formula),
    /// 0 or 100; only events move it.
    Switch,
}

/// An index built from sub-indicators and earlier composites.
#[derive(Debug, Clone)]
pub struct Composite {
    /// The source's symbol (`TDea`).
    pub symbol: String,
    /// What it is.
    pub label: Name,
    /// The better direction.
    pub better: Better,
    /// How it is computed.
    pub formula: Formula,
    /// Named other readings of the formula (`complement`).
    pub alternatives: Vec<(String, Formula)>,
    /// Its classes; an intermediate value (`TDe`, `TDa`) has none and is not voted on.
    pub scale: Option<Vec<Class>>,
}

/// One class of a scale.
#[derive(Debug, Clone, PartialEq)]
pub struct Class {
    /// Index into [`Method::levels`].
    pub level: usize,
    /// Upper bound, which belongs to the class; a value above the last bound is in the last class.
    pub upper: f64,
    /// One flag a scenario of the case: does this class speak for it?
    pub votes: Vec<bool>,
}

/// A number of people, computed each year. Formulas may use drivers, sub-indicators, `population`.
#[derive(Debug, Clone)]
pub struct PersonQuantity {
    /// Identifier (`unemployed`).
    pub id: String,
    /// What it is.
    pub label: Name,
    /// The better direction.
    pub better: Better,
    /// How it is computed.
    pub formula: Formula,
}

/// An outcome whose first year is of interest.
#[derive(Debug, Clone)]
pub struct FirstPassage {
    /// Identifier (`leaves_monotown`).
    pub id: String,
    /// What it is.
    pub label: Name,
    /// A formula with comparisons (1 = true) over drivers, sub-indicators, `base.*`.
    pub condition: Formula,
    /// Number of years in a row that the condition must hold; the year of the outcome is the last.
    pub lasting: usize,
    /// Index of an event after which the outcome can no longer happen.
    pub unless_event: Option<usize>,
    /// True for the conditions of the last resort, by which towns are ranked; of one outcome at most.
    pub last_resort: bool,
}

/// The share `100 a / (a + b)` whose logit change is that of ln a less that of ln b.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ShareSplit {
    /// Index of the sub-indicator that is the share (`TDm1`).
    pub share: usize,
    /// Index of the log driver a (`enterprise_output`).
    pub part: usize,
    /// Index of the log driver b (`other_output`).
    pub rest: usize,
}

impl Method {
    /// Does a town with these inputs, at their best, meet a reading of the definition?
    pub fn is_monotown(&self, reading: &MonotownReading, town: &Town) -> bool {
        let value = |name: &str| {
            let place = self.sub_indicators.iter().position(|s| s.symbol == name);
            place.map_or(f64::NAN, |i| town.inputs[i].best())
        };
        reading.condition.eval(&value) == 1.0
    }

    /// Composites that have a scale, with their index in [`Method::composites`].
    pub fn scaled(&self) -> impl Iterator<Item = (usize, &Composite, &[Class])> {
        self.composites.iter().enumerate().filter_map(|(i, c)| Some((i, c, c.scale.as_deref()?)))
    }
}

/// Index of the class that a value falls into: the number of upper bounds, but the last, that it exceeds by the
/// rule of [`crate::formula::exceeds`]. None for a value that is undefined: it has no class.
pub fn class_of(scale: &[Class], value: f64) -> Option<usize> {
    let exceeded = scale.iter().rev().skip(1).filter(|class| exceeds(value, class.upper)).count();
    value.is_finite().then_some(exceeded)
}
