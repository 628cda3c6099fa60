//! Which of the source's own numbers an assessment rests on.

use std::fmt;
use std::str::FromStr;

use super::{Evaluator, Score};
use crate::case::{Case, Composite, Input, Town};

/// Where the source gives several numbers for one thing: which to use.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Variant {
    /// The printed values of the sub-indicators (default; also the basis of a run).
    #[default]
    PrintedInputs,
    /// Values computed again from the fraction, where the source prints one.
    RawFractions,
    /// Composites and classes as the source printed them. Where it prints a class twice the later row of
    /// printed.csv holds: the table in which the source counts its votes (Table 26).
    PrintedClasses,
}

/// A name that is no variant.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("unknown variant '{0}' (known: printed-inputs, raw-fractions, printed-classes)")]
pub struct UnknownVariant(String);

impl Variant {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::PrintedInputs, Self::RawFractions, Self::PrintedClasses];

    /// As options and tables write it.
    pub fn id(self) -> &'static str {
        match self {
            Self::PrintedInputs => "printed-inputs",
            Self::RawFractions => "raw-fractions",
            Self::PrintedClasses => "printed-classes",
        }
    }
}

impl fmt::Display for Variant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.id())
    }
}

impl FromStr for Variant {
    type Err = UnknownVariant;

    fn from_str(text: &str) -> Result<Self, UnknownVariant> {
        let found = Self::ALL.into_iter().find(|variant| variant.id() == text);
        found.ok_or_else(|| UnknownVariant(text.to_owned()))
    }
}

/// The value of a fraction, percent: 100 numerator / denominator.
pub(super) fn percentage((numerator, denominator): (f64, f64)) -> f64 {
    100.0 * numerator / denominator
}

/// The score of a town in a variant, missing inputs at their mode.
pub(super) fn score(case: &Case, evaluator: &Evaluator, town: &Town, variant: Variant) -> Score {
    let value = |input: &Input| match input {
        Input::Printed { fraction: Some(fraction), .. } if variant == Variant::RawFractions => {
            percentage(*fraction)
        }
        _ => input.best(),
    };
    let computed = Score::of(case, evaluator, town.inputs.iter().map(value).collect());
    if variant != Variant::PrintedClasses {
        return computed;
    }
    let Score { sub_indicators, mut composites, mut classes, .. } = computed;
    for (i, composite) in case.method.composites.iter().enumerate() {
        if let Some(value) = printed(case, town, &composite.symbol).and_then(|text| text.parse().ok()) {
            composites[i] = value;
        }
        let class = printed(case, town, &format!("class.{}", composite.symbol));
        if let Some(class) = class.and_then(|text| class_named(case, composite, text)) {
            classes[i] = Some(class);
        }
    }
    Score::from_classes(case, sub_indicators, composites, classes)
}

/// What the source printed for an item; the later row where there are several.
fn printed<'c>(case: &'c Case, town: &Town, item: &str) -> Option<&'c str> {
    let row = case.printed.iter().rev().find(|row| row.town == town.id && row.item == item);
    row.map(|row| row.value.as_str())
}

/// Index in a composite's scale of the class with a name ("below average").
pub(super) fn class_named(case: &Case, composite: &Composite, name: &str) -> Option<usize> {
    let level = case.method.levels.iter().position(|level| level.id == name)?;
    composite.scale.as_ref()?.iter().position(|class| class.level == level)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_read_back() {
        for variant in Variant::ALL {
            assert_eq!(variant.id().parse(), Ok(variant));
        }
        assert_eq!(
            "raw".parse::<Variant>().unwrap_err().to_string(),
            "unknown variant 'raw' (known: printed-inputs, raw-fractions, printed-classes)"
        );
    }
}
