//! Which numbers of the source are taken, where it contradicts itself.

use crate::case::{Case, Composite, Input, Town};
use crate::formula::Formula;

/// Which numbers an assessment starts from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Variant {
    /// The sub-indicators as printed (default, and the basis of simulations).
    PrintedInputs,
    /// Sub-indicators recomputed from their fractions, where the source prints those.
    RawFractions,
    /// The classes as printed in the source's summary (Table 26).
    PrintedClasses,
}

/// Which formula of the composites is used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tdm {
    /// The formula that the printed classes agree with: sqrt(TDm1 TDm2) (default).
    Root,
    /// The printed formula: 100 - sqrt(TDm1 TDm2); the alternative named `complement` of any composite.
    Complement,
}

impl Variant {
    /// All variants.
    pub const ALL: [Self; 3] = [Self::PrintedInputs, Self::RawFractions, Self::PrintedClasses];

    /// Its name on the command line and in tables.
    pub fn id(self) -> &'static str {
        match self {
            Self::PrintedInputs => "printed-inputs",
            Self::RawFractions => "raw-fractions",
            Self::PrintedClasses => "printed-classes",
        }
    }
}

impl Tdm {
    /// Its name on the command line and in tables.
    pub fn id(self) -> &'static str {
        match self {
            Self::Root => "root",
            Self::Complement => "complement",
        }
    }
}

/// A case and how it is read.
pub(super) struct Reading<'a> {
    pub(super) case: &'a Case,
    pub(super) variant: Variant,
    pub(super) tdm: Tdm,
}

impl Reading<'_> {
    /// The base-year value of an input.
    pub(super) fn value(&self, input: &Input) -> f64 {
        match input {
            Input::Printed { fraction: Some((a, b)), .. } if self.variant == Variant::RawFractions => {
                100.0 * a / b
            }
            other => other.best(),
        }
    }

    fn formula<'c>(&self, composite: &'c Composite) -> &'c Formula {
        let named = composite.alternatives.iter().find(|a| a.0 == self.tdm.id());
        named.map_or(&composite.formula, |a| &a.1)
    }

    /// Value of each composite, later ones from earlier ones.
    pub(super) fn composites(&self, sub_indicators: &[f64]) -> Vec<f64> {
        let method = &self.case.method;
        let mut values: Vec<f64> = Vec::with_capacity(method.composites.len());
        for composite in &method.composites {
            let value_of = |name: &str| match method.sub_indicators.iter().position(|s| s.symbol == name) {
                Some(i) => sub_indicators[i],
                None => {
                    method.composites.iter().position(|c| c.symbol == name).map_or(f64::NAN, |c| values[c])
                }
            };
            let value = self.formula(composite).eval(&value_of);
            values.push(value);
        }
        values
    }

    /// The class printed for a composite, if classes are taken as printed: the last one that the source
    /// prints, which is that of its summary (Table 26).
    pub(super) fn printed_class(&self, town: &Town, composite: &Composite) -> Option<usize> {
        if self.variant != Variant::PrintedClasses {
            return None;
        }
        printed_classes(self.case, town, composite).into_iter().next_back().map(|(class, _)| class)
    }
}

/// Every printed class of a composite: (index into its scale, where it is printed), as the file orders them.
pub(super) fn printed_classes<'a>(
    case: &'a Case,
    town: &Town,
    composite: &Composite,
) -> Vec<(usize, &'a str)> {
    let item = format!("class.{}", composite.symbol);
    let scale = composite.scale.as_deref().unwrap_or_default();
    let class = |id: &str| scale.iter().position(|c| case.method.levels[c.level].id == id);
    let printed = case.printed.iter().filter(|p| p.town == town.id && p.item == item);
    printed.filter_map(|p| Some((class(&p.value)?, p.source.as_str()))).collect()
}
