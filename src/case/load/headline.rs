//! `[headline]` of method.toml: what is told first.

use super::super::fault::Faults;
use super::super::toml_reader::Node;
use super::super::{Composite, Driver, Headline, PersonQuantity, SubIndicator, SubIndicatorKind};

/// The three keys as they stand; the table and each key may be left out.
pub(super) fn read(top: &Node<'_>, faults: &mut Faults) -> Headline {
    if !top.has("headline") {
        return Headline::default();
    }
    let Some(node) = top.node("headline", faults) else { return Headline::default() };
    let mut key = |key: &'static str| node.has(key).then(|| node.text(key, faults));
    let headline = Headline { index: key("index"), rate: key("rate"), people: key("people") };
    node.finish(faults);
    headline
}

/// Notes every id that is no quantity of the kind that its key asks for.
pub(super) fn check(
    file: &str,
    headline: &Headline,
    (composites, sub_indicators): (&[Composite], &[SubIndicator]),
    persons: &[PersonQuantity],
    drivers: &[Driver],
    faults: &mut Faults,
) {
    let scaled = composites.iter().filter(|c| c.scale.is_some()).map(|c| c.symbol.as_str()).collect();
    let tracked = |s: &&SubIndicator| s.tracked && matches!(s.kind, SubIndicatorKind::Formula(_));
    let tracked = sub_indicators.iter().filter(tracked).map(|s| s.symbol.as_str());
    let rates = drivers.iter().map(|d| d.id.as_str()).chain(tracked).collect();
    let people = persons.iter().map(|p| p.id.as_str()).chain(["population"]).collect();
    let keys: [(&str, &Option<String>, Vec<&str>); 3] = [
        ("index", &headline.index, scaled),
        ("rate", &headline.rate, rates),
        ("people", &headline.people, people),
    ];
    for (key, id, known) in keys {
        if let Some(id) = id
            && !known.contains(&id.as_str())
        {
            let known = format!("known: {}", known.join(", "));
            faults.refuse(file, format!("headline.{key}"), format!("'{id}'"), &known);
        }
    }
}
