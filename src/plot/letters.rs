//! Letters of a case that the embedded font lacks.

use std::collections::BTreeSet;

use super::font::has_letters;
use crate::case::{Case, Name};

/// The letters of all names that figures show which the font lacks, each once, in order.
///
/// # Examples
/// ```
/// use boljam::case::{Case, Source};
/// let mut case = Case::load(&Source::embedded(), &[])?;
/// assert!(boljam::plot::missing_letters(&case).is_empty());
/// case.towns[0].name.en = "Ağrı ₽₂Δ 東京".to_owned();
/// assert_eq!(boljam::plot::missing_letters(&case), ['京', '東']);
/// # Ok::<(), boljam::case::Faults>(())
/// ```
pub fn missing_letters(case: &Case) -> Vec<char> {
    let method = &case.method;
    let towns = case.towns.iter().flat_map(|t| [&t.name, &t.enterprise, &t.specialisation]);
    let names = towns
        .chain([&case.region])
        .chain(case.scenarios.iter().flat_map(|s| [&s.name, &s.summary]))
        .chain(case.drivers.iter().map(|d| &d.label))
        .chain(case.events.iter().map(|e| &e.label))
        .chain(case.commodities.iter().map(|c| &c.name))
        .chain(case.stresses.iter().map(|s| &s.name))
        .chain(case.chronicle.iter().map(|e| &e.label))
        .chain(case.names.values())
        .chain(method.levels.iter().map(|l| &l.name))
        .chain(method.sub_indicators.iter().map(|s| &s.label))
        .chain(method.composites.iter().map(|c| &c.label))
        .chain(method.persons.iter().map(|p| &p.label))
        .chain(method.first_passages.iter().map(|f| &f.label));
    let texts = names.flat_map(|Name { en, kk, ru }| [en, kk, ru]);
    let units = case.drivers.iter().map(|d| &d.unit).chain(case.commodities.iter().map(|c| &c.unit));
    let units = units.chain(method.sub_indicators.iter().map(|s| &s.unit));
    let letters: BTreeSet<char> = texts.chain(units).flat_map(|text| text.chars()).collect();
    letters.into_iter().filter(|letter| !has_letters(letter.encode_utf8(&mut [0; 4]))).collect()
}
