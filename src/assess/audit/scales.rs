//! Each index of each town on its scale: where the source's own numbers put it.

use super::super::{Evaluator, Reading, Score, Variant, variant};
use super::number::Stated;
use crate::case::{Case, Composite, Town, class_of};

/// One index of one town, by each of the source's numbers for it.
#[derive(Debug, Clone, PartialEq)]
pub struct OnScale {
    /// Place of the town in the case.
    pub town: usize,
    /// Place of the index among the method's composites that have a scale.
    pub composite: usize,
    /// Values that the source printed, with their table, in the order of printed.csv.
    pub printed: Vec<(f64, String)>,
    /// Classes that the source printed (places in the scale, none for a name that the scale lacks), with their
    /// table.
    pub printed_classes: Vec<(Option<usize>, String)>,
    /// By the method's formula from the printed inputs.
    pub by_formula: f64,
    /// By the method's formula from the inputs computed again from their printed fractions.
    pub by_fractions: f64,
    /// The classes of these values and the printed ones, each once, from the lowest up.
    pub classes: Vec<usize>,
}

impl OnScale {
    /// True when the source's own numbers do not agree on the class.
    pub fn crosses(&self) -> bool {
        self.classes.len() > 1
    }
}

/// Each index of each town whose inputs are all printed: towns in the order of the case, indices in that of
/// the method.
///
/// # Examples
/// ```
/// use boljam::assess::on_scales;
/// use boljam::case::{Case, Source};
/// let case = Case::load(&Source::embedded(), &[])?;
/// let crossing = on_scales(&case).iter().filter(|index| index.crosses()).count();
/// assert_eq!(crossing, 5);
/// # Ok::<(), boljam::case::Faults>(())
/// ```
pub fn on_scales(case: &Case) -> Vec<OnScale> {
    let evaluator = Evaluator::new(&case.method, &Reading::default());
    let complete = case.towns.iter().enumerate().filter(|(_, town)| town.is_complete());
    let of_town = |(t, town): (usize, &Town)| {
        let score = |variant| variant::score(case, &evaluator, town, variant);
        let (formula, fractions) = (score(Variant::PrintedInputs), score(Variant::RawFractions));
        let scaled = case.method.scaled().enumerate();
        scaled
            .map(|(k, (c, composite, _))| on_scale(case, (t, k), (c, composite), &formula, &fractions))
            .collect::<Vec<_>>()
    };
    complete.flat_map(of_town).collect()
}

fn on_scale(
    case: &Case,
    (t, k): (usize, usize),
    (c, composite): (usize, &Composite),
    formula: &Score,
    fractions: &Score,
) -> OnScale {
    let town = &case.towns[t];
    let rows = |item: String| case.printed.iter().filter(move |r| r.town == town.id && r.item == item);
    let printed: Vec<(f64, String)> = rows(composite.symbol.clone())
        .filter_map(|row| Some((Stated::parse(&row.value)?.value, row.source.clone())))
        .collect();
    let printed_classes: Vec<(Option<usize>, String)> = rows(format!("class.{}", composite.symbol))
        .map(|row| (variant::class_named(case, composite, &row.value), row.source.clone()))
        .collect();
    let class = |value: f64| composite.scale.as_deref().and_then(|scale| class_of(scale, value));
    let values = printed.iter().map(|p| p.0).chain([formula.composites[c], fractions.composites[c]]);
    let mut classes: Vec<usize> =
        values.filter_map(class).chain(printed_classes.iter().filter_map(|p| p.0)).collect();
    classes.sort_unstable();
    classes.dedup();
    OnScale {
        town: t,
        composite: k,
        by_formula: formula.composites[c],
        by_fractions: fractions.composites[c],
        printed,
        printed_classes,
        classes,
    }
}
