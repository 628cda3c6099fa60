//! What may be otherwise than it stands.

use crate::assess::InputLaw;

/// Kinds of what may be otherwise.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Group {
    /// Inputs: printed ones within their rounding, missing ones by their laws.
    Inputs,
    /// Bounds of classes within their rounding.
    Bounds,
    /// Formulas where the source gives several, and shares computed again from their fractions.
    Formulas,
    /// Weights, any with the same chance.
    Weights,
    /// One entry of the selection matrix says the opposite, each with the same chance.
    Votes,
}

impl Group {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Inputs, Self::Bounds, Self::Formulas, Self::Weights, Self::Votes];

    /// As tables write it.
    pub fn id(self) -> &'static str {
        match self {
            Self::Inputs => "inputs",
            Self::Bounds => "bounds",
            Self::Formulas => "formulas",
            Self::Weights => "weights",
            Self::Votes => "votes",
        }
    }
}

/// Something that may be otherwise.
#[derive(Debug, Clone, PartialEq)]
pub struct Factor {
    /// What kind it is of.
    pub group: Group,
    /// Its name: a sub-indicator (`TDm1`), a bound (`TDea > 20`), a composite whose formula or weight it is.
    pub name: String,
    pub(super) law: FactorLaw,
}

/// What a number from 0 to 1 makes of a factor.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum FactorLaw {
    /// A printed input: uniform within its rounding, and within its range.
    Rounded { input: usize, value: f64, half: f64, range: (f64, f64) },
    /// A missing input.
    Missing { input: usize, law: InputLaw },
    /// A bound: uniform within its rounding.
    Bound { composite: usize, bound: usize, value: f64, half: f64 },
    /// Which formula of a composite.
    Reading { composite: usize, of: usize },
    /// Whether shares are computed again from their fractions.
    Fractions,
    /// An exponential variable; together and over their sum they are uniform on the simplex.
    Weight { place: usize },
    /// Which entry of the matrix says the opposite.
    Entry,
}
