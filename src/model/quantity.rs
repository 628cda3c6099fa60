//! The quantities whose distributions are kept.

use crate::case::{Better, Case, Name, SubIndicatorKind};

/// What kind of thing a quantity is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum QuantityKind {
    /// An index with classes, by its place among the composites that have a scale.
    Composite(usize),
    /// A driver, by its index in the case.
    Driver(usize),
    /// A sub-indicator, by its index in the method.
    SubIndicator(usize),
    /// The town's population.
    Population,
    /// A count of persons, by its index in the method.
    Persons(usize),
}

/// A quantity whose distribution is kept.
#[derive(Debug, Clone, PartialEq)]
pub struct Quantity {
    /// Identifier (`TDea`, `unemployment`, `unemployed`).
    pub id: String,
    /// What it is.
    pub label: Name,
    /// Its unit, as files write it.
    pub unit: String,
    /// Its unit as people read it, where the case names it.
    pub unit_name: Option<Name>,
    /// The better direction.
    pub better: Better,
    /// What kind of thing it is.
    pub kind: QuantityKind,
    /// True when its paired differences to the reference scenario are kept.
    pub paired: bool,
    /// True for what people look at first besides the composites: the two drivers of the mono-profile share,
    /// drivers with an observed history, counts of persons.
    pub main: bool,
}

/// The quantities of a case: scaled composites, drivers, tracked sub-indicators, population, persons.
///
/// Paired are the composites, every count of persons, and the drivers that the case names as paired.
pub fn quantities(case: &Case) -> Vec<Quantity> {
    let method = &case.method;
    let composites = method.scaled().enumerate().map(|(k, (_, c, _))| Quantity {
        id: c.symbol.clone(),
        label: c.label.clone(),
        unit: "index".to_owned(),
        unit_name: None,
        better: c.better,
        kind: QuantityKind::Composite(k),
        paired: true,
        main: false,
    });
    let split = method.share_split;
    let drivers = case.drivers.iter().enumerate().map(|(i, d)| Quantity {
        id: d.id.clone(),
        label: d.label.clone(),
        unit: d.unit.clone(),
        unit_name: case.names.get(&d.unit).cloned(),
        better: d.better,
        kind: QuantityKind::Driver(i),
        paired: d.paired,
        main: i == split.part || i == split.rest || d.history.is_some(),
    });
    let tracked = method.sub_indicators.iter().enumerate();
    let tracked = tracked.filter(|(_, s)| s.tracked && matches!(s.kind, SubIndicatorKind::Formula(_)));
    let sub_indicators = tracked.map(|(i, s)| Quantity {
        id: s.symbol.clone(),
        label: s.label.clone(),
        unit: s.unit.clone(),
        unit_name: case.names.get(&s.unit).cloned(),
        better: s.better,
        kind: QuantityKind::SubIndicator(i),
        paired: false,
        main: false,
    });
    let population = Quantity {
        id: "population".to_owned(),
        label: Name {
            en: "population".to_owned(), kk: "халық саны".to_owned(), ru: "население".to_owned()
        },
        unit: "persons".to_owned(),
        unit_name: None,
        better: Better::Higher,
        kind: QuantityKind::Population,
        paired: true,
        main: true,
    };
    let persons = method.persons.iter().enumerate().map(|(i, p)| Quantity {
        id: p.id.clone(),
        label: p.label.clone(),
        unit: "persons".to_owned(),
        unit_name: None,
        better: p.better,
        kind: QuantityKind::Persons(i),
        paired: true,
        main: true,
    });
    composites.chain(drivers).chain(sub_indicators).chain([population]).chain(persons).collect()
}
